/* SPDX-License-Identifier: Apache-2.0 */
/* invest_sector.c - what the investments are in. */
#include "measures/invest.h"

static const quipu_param params[] = {
    {"country", QUIPU_PARAM_TEXT, NULL, NULL,
     "also the part that is of this country, through any chain"},
    QI_PARAM_KIND,
    QI_PARAMS_PICK,
    QI_PARAM_UNKNOWN,
    QI_PARAM_AT,
};

static const quipu_column_spec columns[] = {
    {"sector", "Sector", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"kind", "Kind of amount", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"projects", "Projects", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"amount", "Amount", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Share of kind", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"state_owned", "Of state-owned", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"of_country", "Of the country", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
};
enum { SECTOR, KIND, PROJECTS, AMOUNT, SHARE, STATE, OF_COUNTRY };

typedef struct sector_cell {
    const char *sector;
    int64_t projects;
    quipu_money amount, state, country;
} sector_cell;

typedef struct sectors {
    qi_invested *asked;
    qi_graph graph;
    qi_picked picked;
    const quipu_country *country;
    QI_LIST(sector_cell) cells[QI_N_AMOUNT_KINDS + 1]; /* the last: without an amount */
    quipu_money sum[QI_N_AMOUNT_KINDS + 1];
} sectors;

static sector_cell *cell_of(sectors *s, unsigned kind, const char *sector) {
    for (size_t i = 0; i < s->cells[kind].n; i++)
        if (qi_same_word(s->cells[kind].items[i].sector, sector))
            return &s->cells[kind].items[i];
    sector_cell fresh = {.sector = sector};
    if (!QI_PUSH(&s->cells[kind], fresh))
        return NULL;
    return &s->cells[kind].items[s->cells[kind].n - 1];
}

static quipu_status add_parts(sectors *s, const qi_investment *v, sector_cell *c,
                              quipu_error *err) {
    const quipu_register *reg = s->asked->reg;
    qi_parts parts = {0};
    quipu_status status = qi_attribute(&s->graph, NULL, v, QI_RULE_ULTIMATE, &parts, err);
    for (size_t i = 0; i < parts.n && status == QUIPU_OK; i++) {
        const qi_part_of *p = &parts.items[i];
        const qi_entity *e = p->node != QI_NONE ? qi_node_entity(reg, p->node) : NULL;
        bool fine = e == NULL || e->state_owned != QI_YES || qi_add_money(&c->state, p->sum);
        if (e != NULL && s->country != NULL && e->country == s->country)
            fine = fine && qi_add_money(&c->country, p->sum);
        if (!fine)
            status = qi_fail(err, QUIPU_E_LIMIT, "the amounts add up to more than fits");
    }
    free(parts.items);
    return status;
}

static quipu_status add_amount(sectors *s, const qi_investment *v, quipu_error *err) {
    const quipu_register *reg = s->asked->reg;
    const qi_project *p = &reg->projects.items[v->project - reg->entities.n];
    unsigned kind = v->stated ? v->kind : QI_N_AMOUNT_KINDS;
    sector_cell *c = cell_of(s, kind, p->sector);
    if (c == NULL)
        return qi_fail_memory(err, sizeof *c);
    bool counted = false; /* a project has several amounts; they need not lie together */
    for (const qi_investment *w = reg->investments.items; w < v && !counted; w++)
        counted = w->project == v->project && w->stated == v->stated &&
                  (!v->stated || w->kind == v->kind);
    c->projects += !counted;
    qi_invested_cite(s->asked, v->source);
    if (!v->stated)
        return QUIPU_OK;
    if (!qi_add_money(&c->amount, v->amount) || !qi_add_money(&s->sum[kind], v->amount))
        return qi_fail(err, QUIPU_E_LIMIT, "the amounts add up to more than fits");
    return add_parts(s, v, c, err);
}

static int largest_first(const void *left, const void *right) {
    const sector_cell *a = left, *b = right;
    if (a->amount != b->amount)
        return a->amount > b->amount ? -1 : 1;
    return strcmp(a->sector, b->sector);
}

static quipu_status put_kind(sectors *s, unsigned kind, quipu_error *err) {
    quipu_table *out = s->asked->out;
    size_t n = s->cells[kind].n;
    if (n > 0)
        qsort(s->cells[kind].items, n, sizeof s->cells[kind].items[0], largest_first);
    for (size_t i = 0; i < n; i++) {
        const sector_cell *c = &s->cells[kind].items[i];
        bool stated = kind < QI_N_AMOUNT_KINDS;
        size_t row;
        QI_TRY(quipu_table_add_rows(out, 1, &row, err));
        QI_TRY(quipu_table_set_text(out, SECTOR, row, c->sector, err));
        QI_TRY(quipu_table_set_text(out, KIND, row,
                                    stated ? qi_amount_kinds[kind] : "not stated", err));
        quipu_table_set_integer(out, PROJECTS, row, c->projects);
        if (!stated)
            continue;
        quipu_table_set_integer(out, AMOUNT, row, c->amount);
        if (s->sum[kind] > 0)
            quipu_table_set_real(out, SHARE, row, (double)c->amount / (double)s->sum[kind]);
        quipu_table_set_integer(out, STATE, row, c->state);
        if (s->country != NULL)
            quipu_table_set_integer(out, OF_COUNTRY, row, c->country);
    }
    return QUIPU_OK;
}

static quipu_status write(sectors *s, quipu_error *err) {
    const quipu_register *reg = s->asked->reg;
    quipu_table *out = s->asked->out;
    quipu_column_spec specs[QI_COUNT(columns)];
    memcpy(specs, columns, sizeof columns);
    if (s->country != NULL)
        specs[OF_COUNTRY].label =
            qi_arena_printf(&s->asked->arena, "Of owners in %s", s->country->name);
    QI_TRY(quipu_table_init(out, s->asked->measure->name, specs,
                            s->country != NULL ? QI_COUNT(columns) : OF_COUNTRY, err));
    for (size_t i = 0; i < reg->investments.n; i++) {
        const qi_investment *v = &reg->investments.items[i];
        if (qi_picks_project(s->asked, &s->picked, v->project - reg->entities.n) &&
            (s->picked.kind < 0 || (v->has_kind && v->kind == s->picked.kind)))
            QI_TRY(add_amount(s, v, err));
    }
    for (unsigned kind = 0; kind <= QI_N_AMOUNT_KINDS; kind++)
        QI_TRY(put_kind(s, kind, err));
    QI_TRY(quipu_table_set_title(out, err, "Investments by sector"));
    QI_TRY(quipu_table_add_note(out, err,
                                "Amounts of different kinds are not added up; a project counts "
                                "once in each kind. Parts of owners are through any chain; "
                                "undisclosed holders are in none of them."));
    return qi_invested_finish(s->asked, &s->graph, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_invested asked;
    sectors s = {.asked = &asked};
    uint32_t *targets;
    size_t n_targets;
    quipu_status status;
    QI_GO(qi_invested_open(&asked, &qi_measure_invest_sector, request, out, err));
    QI_GO(qi_picked_read(&asked, &s.picked, err));
    QI_GO(qi_invested_country(&asked, "country", &s.country, err));
    QI_GO(qi_picked_targets(&asked, &s.picked, &targets, &n_targets, err));
    QI_GO(qi_graph_open(asked.reg, asked.date, targets, n_targets, asked.unknown, NULL, NULL,
                        &s.graph, err));
    status = write(&s, err);
done:
    for (unsigned kind = 0; kind <= QI_N_AMOUNT_KINDS; kind++)
        free(s.cells[kind].items);
    qi_graph_close(&s.graph);
    qi_invested_close(&asked);
    return status;
}

const quipu_measure qi_measure_invest_sector = {
    .name = "invest-sector",
    .needs = QUIPU_NEEDS_REGISTER,
    .summary = "What are the investments in?",
    .detail =
        "The amounts of the register by sector and kind, the number of projects they are in, "
        "and what part of them is of state-owned owners, through any chain. With --country "
        "also "
        "the part of owners of that country. Projects without an amount are counted in rows of "
        "their own; amounts of different kinds are never added up.",
    .formula =
        "I_s = sum of I_p over amounts p of projects in sector s; of state-owned owners: "
        "sum of U_op I_p over state-owned owners o",
    .reference = "",
    .worked = "Two mines with 100 and 50 planned, the first held half by a state: Mining, "
              "planned: 2 projects, 150, of state-owned 50.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "amount",
    .example = "--country China",
    .run = run,
};
