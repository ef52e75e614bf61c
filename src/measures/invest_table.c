/* SPDX-License-Identifier: Apache-2.0 */
/* invest_table.c - the projects as a study prints them: who, how much, since when, whence.
 *
 * With --country the companies named are those of that country nearest to the project on each
 * chain: looking behind a company of the country would name its parent as well and count the
 * stake twice.  So the graph is made with the companies of the country as its ends.
 */
#include "measures/invest.h"

static const quipu_param params[] = {
    {"country", QUIPU_PARAM_TEXT, NULL, NULL,
     "projects in which companies of this country have a part, and those companies only"},
    QI_PARAMS_PICK,
    QI_PARAM_KIND,
    QI_PARAM_UNKNOWN,
    QI_PARAM_AT,
};

static const quipu_column_spec columns[] = {
    {"project", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"project_name", "Project", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"sector", "Sector", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"companies", "Companies", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"share", "Their share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"amount", "Amount", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"kind", "Kind", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"years", "Years", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"covers", "Amount of", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"status", "Status", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"location", "Location", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"sources", "Sources", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
};
enum {
    PROJECT,
    NAME,
    SECTOR,
    COMPANIES,
    SHARE,
    AMOUNT,
    KIND,
    YEARS,
    COVERS,
    STATUS,
    LOCATION,
    SOURCES
};

typedef struct listing {
    qi_invested *asked;
    const quipu_country *country; /* NULL = everyone who holds directly */
    qi_picked picked;
    qi_graph graph;
    double *share, *high;
    uint8_t *mark;
    uint32_t *queue, *parent; /* of the search below: whom a holder was met through */
    uint8_t *cited;           /* sources of the row at hand */
    size_t unstated;
} listing;

static bool of_country(const quipu_register *reg, uint32_t node, const void *country) {
    return country != NULL && node < reg->entities.n && qi_node_country(reg, node) == country;
}

/* ---- the companies of a project ---- */

static bool stated(const listing *l, uint32_t owner, uint32_t held) {
    const qi_graph *g = &l->graph;
    for (uint32_t e = g->start[held]; e < g->start[held + 1]; e++)
        if (g->edges[e].owner == owner)
            return l->asked->reg->stakes.items[g->edges[e].stake].stated;
    return true;
}

/* " (27 %, through Pluspetrol Norte S.A.)" */
static bool add_holder(listing *l, uint32_t project, uint32_t holder, qi_buffer *text) {
    const quipu_register *reg = l->asked->reg;
    const qi_graph *g = &l->graph;
    qi_arena *a = &l->asked->arena;
    uint32_t first = l->parent[holder]; /* nearest to the holder on the shortest way */
    bool direct = first == project;
    memset(l->mark, 0, g->n);
    l->mark[holder] = 1;
    if (qi_share_floor(g, l->mark, l->share, NULL) != QUIPU_OK ||
        qi_share_bound(g, l->mark, false, l->high, NULL) != QUIPU_OK)
        return false;
    double low = l->share[project], high = l->high[project];
    const char *words = qi_share_words(a, low, high);
    /* What other holders leave over is no news about a stake nobody has stated. */
    if (low <= 0.0 && !stated(l, holder, first))
        words = "share not stated";
    return qi_buffer_printf(
        text, "%s%s (%s%s%s)", text->length > 0 ? ", " : "", qi_node_name(reg, g->node[holder]),
        words, direct ? "" : ", through ", direct ? "" : qi_node_name(reg, g->node[first]));
}

/* The holders listed of a project, nearest first, in l->queue behind *first. */
static size_t find_holders(listing *l, uint32_t project, uint32_t *found) {
    const qi_graph *g = &l->graph;
    size_t n_queue = 0, n = 0;
    memset(l->mark, 0, g->n);
    l->queue[n_queue++] = project;
    l->mark[project] = 1;
    for (size_t at = 0; at < n_queue; at++) {
        uint32_t j = l->queue[at];
        for (uint32_t e = g->start[j]; e < g->start[j + 1]; e++) {
            uint32_t owner = g->edges[e].owner;
            if (l->mark[owner])
                continue;
            l->mark[owner] = 1;
            l->parent[owner] = j;
            bool listed =
                l->country == NULL || of_country(l->asked->reg, g->node[owner], l->country);
            if (listed)
                found[n++] = owner;
            else
                l->queue[n_queue++] = owner;
        }
        if (l->country == NULL)
            break;
    }
    return n;
}

/* Sources of the stakes on the ways to a holder. */
static void cite_way(listing *l, uint32_t project, uint32_t holder) {
    const qi_graph *g = &l->graph;
    for (uint32_t at = holder; at != project;) {
        uint32_t held = l->parent[at];
        for (uint32_t e = g->start[held]; e < g->start[held + 1]; e++) {
            uint32_t source = l->asked->reg->stakes.items[g->edges[e].stake].source;
            if (g->edges[e].owner == at && source != QI_NONE)
                l->cited[source] = 1;
        }
        at = held;
    }
}

typedef struct project_words {
    const char *companies;
    double share;
    bool has_share;
    size_t n;
} project_words;

static quipu_status describe(listing *l, uint32_t project, uint32_t *found, project_words *out,
                             quipu_error *err) {
    qi_buffer text = {0};
    qi_graph *g = &l->graph;
    quipu_status status = QUIPU_OK;
    double undisclosed;
    *out = (project_words){.n = find_holders(l, project, found)};
    for (size_t i = 0; i < out->n; i++) {
        cite_way(l, project, found[i]);
        if (!add_holder(l, project, found[i], &text)) {
            status = qi_fail_memory(err, 256);
            goto done;
        }
    }
    QI_GO(qi_ultimate_shares(g, project, l->share, &undisclosed, err));
    for (size_t i = 0; i < out->n; i++)
        out->share += l->share[found[i]];
    if (l->country == NULL) /* those who hold directly, whoever is behind them */
        out->share = 1.0 - (double)g->undisclosed[project] / (double)QI_WHOLE;
    out->has_share = out->share > 0.0;
    l->unstated += out->n > 0 && !out->has_share;
    out->companies =
        qi_arena_text(&l->asked->arena, text.bytes != NULL ? text.bytes : "", text.length);
    if (out->companies == NULL)
        status = qi_fail_memory(err, text.length);
done:
    qi_buffer_free(&text);
    return status;
}

/* ---- rows ---- */

static const qi_status *last_status(const listing *l, uint32_t project) {
    const quipu_register *reg = l->asked->reg;
    const qi_status *last = NULL;
    for (size_t i = 0; i < reg->status.n; i++) {
        const qi_status *s = &reg->status.items[i];
        if (s->project == project && s->from <= l->asked->date &&
            (last == NULL || s->from >= last->from))
            last = s;
    }
    return last;
}

static const char *years_of(listing *l, const qi_investment *v) {
    qi_arena *a = &l->asked->arena;
    const char *text = v->from == 0 && v->to == 0 ? NULL
                       : v->from == 0             ? qi_arena_printf(a, "until %d", v->to)
                       : v->from == v->to         ? qi_arena_printf(a, "%d", v->from)
                                                  : qi_arena_printf(a, "%d-%d", v->from, v->to);
    return text;
}

/* Names of the companies an amount is of; NULL: of the whole project. */
static const char *covers(listing *l, const qi_investment *v) {
    const char *text = NULL;
    for (unsigned c = 0; c < v->n_companies; c++) {
        const char *name = qi_node_name(l->asked->reg, v->company[c]);
        text = text == NULL ? name : qi_arena_printf(&l->asked->arena, "%s, %s", text, name);
    }
    return text;
}

static quipu_status put_text(listing *l, size_t column, size_t row, const char *text,
                             quipu_error *err) {
    return text == NULL || text[0] == '\0'
               ? QUIPU_OK
               : quipu_table_set_text(l->asked->out, column, row, text, err);
}

static quipu_status put_sources(listing *l, size_t row, quipu_error *err) {
    const quipu_register *reg = l->asked->reg;
    const char *text = NULL;
    for (size_t i = 0; i < reg->sources.n; i++) {
        if (!l->cited[i])
            continue;
        qi_invested_cite(l->asked, (uint32_t)i);
        text = text == NULL ? reg->sources.items[i].id
                            : qi_arena_printf(&l->asked->arena, "%s, %s", text,
                                              reg->sources.items[i].id);
    }
    return put_text(l, SOURCES, row, text, err);
}

static quipu_status put_project(listing *l, size_t row, const qi_project *p, uint32_t node,
                                const project_words *words, quipu_error *err) {
    const qi_status *status = last_status(l, node);
    QI_TRY(put_text(l, PROJECT, row, p->id, err));
    QI_TRY(put_text(l, NAME, row, p->name, err));
    QI_TRY(put_text(l, SECTOR, row, p->sector, err));
    QI_TRY(put_text(l, COMPANIES, row, words->companies, err));
    if (words->has_share)
        quipu_table_set_real(l->asked->out, SHARE, row, words->share);
    QI_TRY(put_text(l, LOCATION, row, p->location, err));
    if (status == NULL)
        return QUIPU_OK;
    if (status->source != QI_NONE)
        l->cited[status->source] = 1;
    return put_text(l, STATUS, row, status->status, err);
}

static quipu_status put_amount(listing *l, size_t row, const qi_investment *v,
                               quipu_error *err) {
    if (v->stated)
        quipu_table_set_integer(l->asked->out, AMOUNT, row, v->amount);
    if (v->has_kind)
        QI_TRY(put_text(l, KIND, row, qi_amount_kinds[v->kind], err));
    QI_TRY(put_text(l, YEARS, row, years_of(l, v), err));
    if (v->source != QI_NONE)
        l->cited[v->source] = 1;
    const char *whose = covers(l, v);
    return v->stated || whose != NULL
               ? put_text(l, COVERS, row, whose != NULL ? whose : "the whole project", err)
               : QUIPU_OK;
}

/* Is the amount one to show: of the whole project, or of a company of the country? */
static bool shown(const listing *l, const qi_investment *v, uint32_t project, bool holds) {
    if (v->project != project ||
        (l->picked.kind >= 0 && (!v->has_kind || v->kind != l->picked.kind)))
        return false;
    for (unsigned c = 0; c < v->n_companies; c++)
        if (l->country == NULL || of_country(l->asked->reg, v->company[c], l->country))
            return true;
    return v->n_companies == 0 && holds;
}

/* Does the company stand anywhere behind the project? */
static bool is_behind(listing *l, uint32_t project, uint32_t company) {
    const qi_graph *g = &l->graph;
    size_t n = 0;
    memset(l->mark, 0, g->n);
    l->queue[n++] = project;
    l->mark[project] = 1;
    for (size_t at = 0; at < n; at++)
        for (uint32_t e = g->start[l->queue[at]]; e < g->start[l->queue[at] + 1]; e++) {
            uint32_t owner = g->edges[e].owner;
            if (owner == company)
                return true;
            if (!l->mark[owner])
                l->queue[n++] = owner;
            l->mark[owner] = 1;
        }
    return false;
}

/* A company that put money in, or took it out, without a stake in the register. */
static const char *with_outsiders(listing *l, const qi_investment *v,
                                  const project_words *words) {
    const quipu_register *reg = l->asked->reg;
    const char *text = words->companies;
    for (unsigned c = 0; c < v->n_companies; c++) {
        bool known = l->country != NULL && !of_country(reg, v->company[c], l->country);
        known =
            known || is_behind(l, l->graph.local[v->project], l->graph.local[v->company[c]]);
        if (!known && text != NULL)
            text =
                qi_arena_printf(&l->asked->arena, "%s%s%s (no stake in the register)", text,
                                text[0] != '\0' ? ", " : "", qi_node_name(reg, v->company[c]));
    }
    return text;
}

static quipu_status put_rows(listing *l, size_t project, uint32_t *found, quipu_error *err) {
    const quipu_register *reg = l->asked->reg;
    const qi_project *p = &reg->projects.items[project];
    uint32_t node = (uint32_t)(reg->entities.n + project);
    project_words words;
    size_t n = 0, row;
    memset(l->cited, 0, reg->sources.n + 1);
    QI_TRY(describe(l, l->graph.local[node], found, &words, err));
    uint8_t *stakes = qi_arena_alloc(&l->asked->arena, reg->sources.n + 1);
    if (stakes == NULL)
        return qi_fail_memory(err, reg->sources.n);
    memcpy(stakes, l->cited, reg->sources.n + 1);
    for (size_t i = 0; i <= reg->investments.n; i++) {
        bool last = i == reg->investments.n;
        const qi_investment *v = last ? NULL : &reg->investments.items[i];
        if (last ? n > 0 || words.n == 0 || l->picked.kind >= 0
                 : !shown(l, v, node, words.n > 0))
            continue;
        project_words here = words;
        if (v != NULL)
            here.companies = with_outsiders(l, v, &words);
        memcpy(l->cited, stakes, reg->sources.n + 1);
        QI_TRY(quipu_table_add_rows(l->asked->out, 1, &row, err));
        QI_TRY(put_project(l, row, p, node, &here, err));
        if (v != NULL)
            QI_TRY(put_amount(l, row, v, err));
        QI_TRY(put_sources(l, row, err));
        n++;
    }
    return QUIPU_OK;
}

static quipu_status write(listing *l, uint32_t *found, quipu_error *err) {
    const quipu_register *reg = l->asked->reg;
    quipu_table *out = l->asked->out;
    QI_TRY(quipu_table_init(out, l->asked->measure->name, columns, QI_COUNT(columns), err));
    for (size_t i = 0; i < reg->projects.n; i++)
        if (qi_picks_project(l->asked, &l->picked, i))
            QI_TRY(put_rows(l, i, found, err));
    QI_TRY(quipu_table_set_title(out, err, "Investment projects%s%s%s%s",
                                 l->country != NULL ? " with companies of " : "",
                                 l->country != NULL ? l->country->name : "",
                                 l->picked.sector != NULL ? ", sector " : "",
                                 l->picked.sector != NULL ? l->picked.sector : ""));
    QI_TRY(quipu_table_add_note(
        out, err,
        "Amounts are of the whole project or of the companies named, as the column says, and "
        "of "
        "the kind named: kinds do not add up, and an amount of the whole project is not what "
        "the companies listed paid."));
    if (l->unstated > 0)
        QI_TRY(quipu_table_add_note(out, err,
                                    "In %zu project%s the sources name companies without "
                                    "saying what share they hold.",
                                    l->unstated, l->unstated == 1 ? "" : "s"));
    return qi_invested_finish(l->asked, NULL, err);
}

static quipu_status make_room(listing *l, uint32_t **found, quipu_error *err) {
    qi_arena *a = &l->asked->arena;
    size_t n = l->graph.n + 1;
    l->share = qi_arena_alloc(a, n * sizeof *l->share);
    l->high = qi_arena_alloc(a, n * sizeof *l->high);
    l->mark = qi_arena_alloc(a, n);
    l->queue = qi_arena_alloc(a, n * sizeof *l->queue);
    l->parent = qi_arena_alloc(a, n * sizeof *l->parent);
    l->cited = qi_arena_alloc(a, l->asked->reg->sources.n + 1);
    *found = qi_arena_alloc(a, n * sizeof **found);
    bool fine = l->share != NULL && l->high != NULL && l->mark != NULL && l->queue != NULL &&
                l->parent != NULL && l->cited != NULL && *found != NULL;
    return fine ? QUIPU_OK : qi_fail_memory(err, n * 32);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_invested asked;
    listing l = {.asked = &asked};
    uint32_t *targets, *found;
    size_t n_targets;
    quipu_status status;
    QI_GO(qi_invested_open(&asked, &qi_measure_invest_table, request, out, err));
    QI_GO(qi_picked_read(&asked, &l.picked, err));
    QI_GO(qi_invested_country(&asked, "country", &l.country, err));
    QI_GO(qi_picked_targets(&asked, &l.picked, &targets, &n_targets, err));
    QI_GO(qi_graph_open(asked.reg, asked.date, targets, n_targets, asked.unknown,
                        l.country != NULL ? of_country : NULL, l.country, &l.graph, err));
    QI_GO(make_room(&l, &found, err));
    status = write(&l, found, err);
done:
    qi_graph_close(&l.graph);
    qi_invested_close(&asked);
    return status;
}

const quipu_measure qi_measure_invest_table = {
    .name = "invest-table",
    .needs = QUIPU_NEEDS_REGISTER,
    .aliases = "investments",
    .summary = "Which projects are there, whose are they, and what was put in?",
    .detail =
        "A row for each project and amount: who holds it with what share, the amount with its "
        "kind and years, the status last known, where it lies, and the sources, which are "
        "cited "
        "in full below the table. With --country the companies are those of that country "
        "nearest to the project on each chain, with the company they hold it through where "
        "there is one; their share is what these have together. A share that no source states "
        "is called so, never guessed.\n\n"
        "An amount is of the whole project unless the register names the companies it is of.",
    .formula = "share of the country's companies = sum of a_1 a_2 ... over the chains from the "
               "project up to the first company of the country",
    .reference = "The form is that of Tables 5 to 7 of C. Sanborn & V. Yong (2013), Peru's "
                 "economic boom "
                 "and the Asian connection.",
    .worked = "Block 8 is held by Pluspetrol Norte with 60 %, which is held by CNPC with 45 %: "
              "with --country China the company is CNPC, 27 %, through Pluspetrol Norte.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "amount",
    .example = "--country Japan",
    .run = run,
};
