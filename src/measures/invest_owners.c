/* SPDX-License-Identifier: Apache-2.0 */
/* invest_owners.c - who owns a project or a company in the end. */
#include "measures/invest.h"

static const quipu_param params[] = {
    {"of", QUIPU_PARAM_TEXT, NULL, NULL,
     "a project or company, by id or name; every project when not given"},
    {"holders", QUIPU_PARAM_CHOICE, "ultimate all", "ultimate",
     "those whom nobody holds, or the companies between as well"},
    {"integrated", QUIPU_PARAM_CHOICE, "corrected plain", "corrected",
     "shares of companies in circles: without or with the ways that come through them again"},
    QI_PARAM_THETA,
    QI_PARAM_UNKNOWN,
    QI_PARAM_AT,
};

static const quipu_column_spec columns[] = {
    {"held", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"held_name", "Held", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"owner", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"owner_name", "Owner", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"country", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"country_name", "Country", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"role", "Role", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"state_owned", "State-owned", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"direct", "Direct share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"share", "Look-through share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"control", "Control", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"low", "At least", QUIPU_SHARE, QUIPU_FIGURE, "fraction",
     2}, /* where stakes are unknown */
    {"high", "At most", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
};
enum {
    HELD,
    HELD_NAME,
    OWNER,
    OWNER_NAME,
    COUNTRY,
    COUNTRY_NAME,
    ROLE,
    STATE,
    DIRECT,
    SHARE,
    CONTROL,
    LOW,
    HIGH
};

/* One target's answer on its way into the table. */
typedef struct answer {
    qi_invested *asked;
    qi_graph *graph;
    uint32_t target; /* local */
    double *share;   /* of ultimate owners */
    double *through; /* integrated, of all */
    double *room;    /* for bounds */
    uint8_t *mark;
    qi_controlled *control;
    double undisclosed;
    bool all;
} answer;

typedef struct owner_line {
    uint32_t node; /* local */
    double share;
    const char *id;
} owner_line;

static int largest_first(const void *left, const void *right) {
    const owner_line *a = left, *b = right;
    if (a->share != b->share)
        return a->share > b->share ? -1 : 1;
    return strcmp(a->id, b->id);
}

static bool bounded(const qi_graph *g) {
    return g->n_unknown + g->n_ranged > 0;
}

static quipu_status put_bounds(answer *a, size_t row, uint32_t node, bool *unknown,
                               quipu_error *err) {
    const qi_graph *g = a->graph;
    quipu_table *out = a->asked->out;
    if (!bounded(g))
        return QUIPU_OK;
    memset(a->mark, 0, g->n);
    a->mark[node] = 1;
    QI_TRY(qi_share_floor(g, a->mark, a->room, err));
    quipu_table_set_real(out, LOW, row, a->room[a->target]);
    QI_TRY(qi_share_bound(g, a->mark, false, a->room, err));
    quipu_table_set_real(out, HIGH, row, a->room[a->target]);
    *unknown = a->room[a->target] > 0.0;
    return QUIPU_OK;
}

static quipu_status put_control(answer *a, size_t row, uint32_t node, quipu_error *err) {
    const qi_controlled *c = &a->control[a->target];
    const char *word = NULL;
    if (c->kind == QI_CONTROL_ONE && c->by == node)
        word = "controls";
    for (uint32_t e = a->graph->start[a->target];
         c->kind == QI_CONTROL_JOINT && e < a->graph->start[a->target + 1]; e++) {
        const qi_edge *edge = &a->graph->edges[e];
        const qi_stake *s = &a->asked->reg->stakes.items[edge->stake];
        if (edge->owner == node && strcmp(s->consortium, c->consortium) == 0)
            word = "joint";
    }
    return word == NULL ? QUIPU_OK
                        : quipu_table_set_text(a->asked->out, CONTROL, row, word, err);
}

static quipu_status put_held(answer *a, size_t row, quipu_error *err) {
    const quipu_register *reg = a->asked->reg;
    uint32_t node = a->graph->node[a->target];
    QI_TRY(quipu_table_set_text(a->asked->out, HELD, row, qi_node_id(reg, node), err));
    return quipu_table_set_text(a->asked->out, HELD_NAME, row, qi_node_name(reg, node), err);
}

static quipu_status put_owner(answer *a, const owner_line *line, quipu_error *err) {
    static const char *const yes[] = {"unknown", "no", "yes"};
    const quipu_register *reg = a->asked->reg;
    const qi_graph *g = a->graph;
    quipu_table *out = a->asked->out;
    uint32_t node = g->node[line->node];
    const quipu_country *country = qi_node_country(reg, node);
    const qi_entity *entity = qi_node_entity(reg, node);
    bool ultimate = g->ultimate[line->node];
    size_t row;
    QI_TRY(quipu_table_add_rows(out, 1, &row, err));
    QI_TRY(put_held(a, row, err));
    QI_TRY(quipu_table_set_text(out, OWNER, row, qi_node_id(reg, node), err));
    QI_TRY(quipu_table_set_text(out, OWNER_NAME, row, qi_node_name(reg, node), err));
    QI_TRY(quipu_table_set_text(out, COUNTRY, row, qi_country_code(country), err));
    QI_TRY(quipu_table_set_text(out, COUNTRY_NAME, row, qi_country_name(country), err));
    QI_TRY(quipu_table_set_text(out, ROLE, row,
                                ultimate                            ? "ultimate"
                                : entity != NULL && entity->conduit ? "conduit"
                                                                    : "between",
                                err));
    if (entity != NULL)
        QI_TRY(quipu_table_set_text(out, STATE, row, yes[entity->state_owned], err));
    for (uint32_t e = g->start[a->target]; e < g->start[a->target + 1]; e++) {
        const qi_edge *edge = &g->edges[e];
        if (edge->owner != line->node)
            continue;
        if (reg->stakes.items[edge->stake].stated || edge->point > 0)
            quipu_table_set_real(out, DIRECT, row, (double)edge->point / (double)QI_WHOLE);
    }
    bool unknown = false; /* it may be more than nothing: then it is missing, not zero */
    QI_TRY(put_bounds(a, row, line->node, &unknown, err));
    if (line->share > 0.0 || !unknown)
        quipu_table_set_real(out, SHARE, row, line->share);
    return put_control(a, row, line->node, err);
}

static quipu_status put_undisclosed(answer *a, quipu_error *err) {
    const qi_graph *g = a->graph;
    quipu_table *out = a->asked->out;
    double most = a->undisclosed, least = a->undisclosed;
    size_t row;
    if (bounded(g)) {
        double named = 0.0;
        for (size_t j = 0; j < g->n; j++)
            a->mark[j] = g->ultimate[j];
        QI_TRY(qi_share_floor(g, a->mark, a->room, err));
        named = a->room[a->target];
        memset(a->mark, 0, g->n);
        QI_TRY(qi_share_bound(g, a->mark, true, a->room, err));
        least = a->room[a->target];
        most = 1.0 - named;
    }
    if (a->undisclosed < 1e-12 && most < 1e-12)
        return QUIPU_OK;
    QI_TRY(quipu_table_add_rows(out, 1, &row, err));
    QI_TRY(put_held(a, row, err));
    QI_TRY(quipu_table_set_text(out, OWNER, row, "undisclosed", err));
    QI_TRY(quipu_table_set_text(out, OWNER_NAME, row, "Undisclosed holders", err));
    QI_TRY(quipu_table_set_text(out, ROLE, row, "undisclosed", err));
    if (g->undisclosed[a->target] > 0)
        quipu_table_set_real(out, DIRECT, row,
                             (double)g->undisclosed[a->target] / (double)QI_WHOLE);
    quipu_table_set_real(out, SHARE, row, a->undisclosed);
    if (bounded(g)) {
        quipu_table_set_real(out, LOW, row, least);
        quipu_table_set_real(out, HIGH, row, most);
    }
    return QUIPU_OK;
}

static quipu_status write_answer(answer *a, quipu_error *err) {
    const qi_graph *g = a->graph;
    quipu_status status = QUIPU_OK;
    owner_line *lines = calloc(g->n + 1, sizeof *lines);
    size_t n = 0;
    if (lines == NULL)
        return qi_fail_memory(err, g->n * sizeof *lines);
    for (uint32_t j = 0; j < g->n; j++) {
        bool shown = j != a->target && (g->ultimate[j] || a->all);
        /* Someone of whom nothing is known but that he holds something is a row too. */
        if (shown)
            lines[n++] = (owner_line){j, a->all ? a->through[j] : a->share[j],
                                      qi_node_id(a->asked->reg, g->node[j])};
    }
    qsort(lines, n, sizeof *lines, largest_first);
    for (size_t i = 0; i < n && status == QUIPU_OK; i++)
        status = put_owner(a, &lines[i], err);
    if (status == QUIPU_OK)
        status = put_undisclosed(a, err);
    for (uint32_t e = 0; e < g->start[g->n]; e++)
        qi_invested_cite(a->asked, a->asked->reg->stakes.items[g->edges[e].stake].source);
    free(lines);
    return status;
}

static quipu_status note_control(answer *a, quipu_error *err) {
    const qi_controlled *c = &a->control[a->target];
    const quipu_register *reg = a->asked->reg;
    const char *held = qi_node_name(reg, a->graph->node[a->target]);
    if (c->kind == QI_CONTROL_JOINT)
        return quipu_table_add_note(a->asked->out, err, "%s is under the joint control of %s.",
                                    held, c->consortium);
    if (c->kind == QI_CONTROL_CIRCLE)
        return quipu_table_add_note(a->asked->out, err,
                                    "The votes in %s lie in a circle of companies that "
                                    "control each other.",
                                    held);
    return QUIPU_OK;
}

static quipu_status one_target(qi_invested *asked, uint32_t node, bool alone, size_t *unknown,
                               size_t *ranged, quipu_error *err) {
    qi_graph g;
    qi_arena room = {0};
    answer a = {.asked = asked, .graph = &g};
    quipu_status status;
    QI_TRY(
        qi_graph_open(asked->reg, asked->date, &node, 1, asked->unknown, NULL, NULL, &g, err));
    a.target = g.local[node];
    a.all = qi_choice_of(asked->measure, asked->request, "holders") == 1;
    a.share = qi_arena_alloc(&room, (g.n + 1) * sizeof *a.share);
    a.through = qi_arena_alloc(&room, (g.n + 1) * sizeof *a.through);
    a.room = qi_arena_alloc(&room, (g.n + 1) * sizeof *a.room);
    a.mark = qi_arena_alloc(&room, g.n + 1);
    a.control = qi_arena_alloc(&room, (g.n + 1) * sizeof *a.control);
    if (a.share == NULL || a.through == NULL || a.room == NULL || a.mark == NULL ||
        a.control == NULL) {
        status = qi_fail_memory(err, g.n * 40);
        goto done;
    }
    QI_GO(qi_ultimate_shares(&g, a.target, a.share, &a.undisclosed, err));
    if (a.all)
        QI_GO(qi_integrated_shares(
            &g, a.target, qi_choice_of(asked->measure, asked->request, "integrated") == 0,
            a.through, err));
    QI_GO(qi_control(&g, asked->theta, a.control, err));
    if (alone && g.ultimate[a.target])
        QI_GO(quipu_table_add_note(asked->out, err, "The register names nobody who holds %s.",
                                   qi_node_name(asked->reg, node)));
    QI_GO(write_answer(&a, err));
    if (alone)
        QI_GO(note_control(&a, err));
    *unknown += g.n_unknown;
    *ranged += g.n_ranged;
done:
    qi_arena_free(&room);
    qi_graph_close(&g);
    return status;
}

/* Bounds have columns only where some stake behind the target has bounds. */
static quipu_status start(qi_invested *asked, uint32_t node, quipu_error *err) {
    const quipu_register *reg = asked->reg;
    qi_picked every = {.kind = -1};
    uint32_t *targets = &node;
    size_t n = 1;
    qi_graph g;
    if (node == QI_NONE)
        QI_TRY(qi_picked_targets(asked, &every, &targets, &n, err));
    QI_TRY(qi_graph_open(reg, asked->date, targets, n, asked->unknown, NULL, NULL, &g, err));
    size_t n_columns = bounded(&g) ? QI_COUNT(columns) : LOW;
    qi_graph_close(&g);
    return quipu_table_init(asked->out, asked->measure->name, columns, n_columns, err);
}

static quipu_status write(qi_invested *asked, quipu_error *err) {
    const quipu_register *reg = asked->reg;
    const char *of = qi_invested_word(asked, "of");
    uint32_t node = QI_NONE;
    qi_graph totals = {0};
    if (of != NULL)
        QI_TRY(qi_node_find(reg, of, &node, err));
    QI_TRY(start(asked, node, err));
    if (of != NULL) {
        QI_TRY(one_target(asked, node, true, &totals.n_unknown, &totals.n_ranged, err));
        QI_TRY(quipu_table_set_title(asked->out, err, "Owners of %s, through any chain",
                                     qi_node_name(reg, node)));
    } else {
        for (size_t i = 0; i < reg->projects.n; i++)
            QI_TRY(one_target(asked, (uint32_t)(reg->entities.n + i), false, &totals.n_unknown,
                              &totals.n_ranged, err));
        QI_TRY(quipu_table_set_title(asked->out, err,
                                     "Owners of all projects, through any chain"));
    }
    bool all = qi_choice_of(asked->measure, asked->request, "holders") == 1;
    QI_TRY(quipu_table_add_note(
        asked->out, err, "%s",
        all ? "The shares of ultimate owners and of undisclosed holders add up to 100 %; those "
              "of the companies between are counted again in them."
            : "The look-through shares in a project add up to 100 %."));
    return qi_invested_finish(asked, &totals, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_invested asked;
    quipu_status status =
        qi_invested_open(&asked, &qi_measure_invest_owners, request, out, err);
    if (status == QUIPU_OK)
        status = write(&asked, err);
    qi_invested_close(&asked);
    return status;
}

const quipu_measure qi_measure_invest_owners = {
    .name = "invest-owners",
    .needs = QUIPU_NEEDS_REGISTER,
    .summary = "Who owns a project or a company in the end?",
    .detail =
        "The share that each ultimate owner has through any chain of companies, and through "
        "companies that hold each other. An ultimate owner is one whom nobody in the register "
        "holds. What no named holder accounts for is a row of its own, the undisclosed "
        "holders, so that the shares always add up to 100 %.\n\n"
        "Where a stake is not stated, or only its bounds are, two more columns say between "
        "which shares the truth must lie, undisclosed holders being taken as others than "
        "those named. The control column names who has more than theta of the votes, alone or "
        "together with what he controls; joint: several holders who act together.\n\n"
        "A group of companies that nobody outside holds and that owns itself entirely is an "
        "error.",
    .formula =
        "U = B (I - A)^-1; A: shares of companies in companies, B: shares of ultimate owners; "
        "companies between: Y = diag(N)^-1 (N - I), N = (I - A)^-1; control: the least set S "
        "with i in S and j in S when the members of S together have more than theta of the "
        "votes in j",
    .reference =
        "F. Brioschi, L. Buzzacchi & M. Colombo (1989), Risk capital financing and the "
        "separation of ownership and control in business groups, Journal of Banking and "
        "Finance "
        "13; S. Baldone, F. Brioschi & S. Paleari (1998), Ownership measures among firms "
        "connected by cross-shareholdings; S. Ceri, G. Gottlob & L. Tanca (1990), Logic "
        "programming and databases, on company control.",
    .worked =
        "Block 8 is held by Pluspetrol Norte with 60 %, which is held by CNPC with 45 % and "
        "Pluspetrol Resources with 55 %. CNPC has 0.60 x 0.45 = 27 % of Block 8, Pluspetrol "
        "Resources 0.60 x 0.55 = 33 %. The other holders named have 8.3 + 11.6 + 20 = 39.9 %; "
        "0.1 % is undisclosed.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "share",
    .example = "--of block-8",
    .run = run,
};
