/* SPDX-License-Identifier: Apache-2.0 */
/* invest_graph.c - the stakes as edges, for figures of ownership. */
#include "measures/invest.h"

static const quipu_param params[] = {
    {"of", QUIPU_PARAM_TEXT, NULL, NULL,
     "what stands behind this project or company; the whole register when not given"},
    QI_PARAM_UNKNOWN,
    QI_PARAM_AT,
};

static const quipu_column_spec columns[] = {
    {"source", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"source_name", "Holder", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"source_country", "Country", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"source_kind", "Kind", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"target", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"target_name", "Held", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"target_kind", "Kind", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"low", "At least", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"high", "At most", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"votes", "Votes", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
};
enum {
    SOURCE,
    SOURCE_NAME,
    SOURCE_COUNTRY,
    SOURCE_KIND,
    TARGET,
    TARGET_NAME,
    TARGET_KIND,
    SHARE,
    LOW,
    HIGH,
    VOTES
};

static double fraction(int64_t share) {
    return (double)share / (double)QI_WHOLE;
}

static const char *kind_of(const quipu_register *reg, uint32_t node) {
    const qi_entity *e = qi_node_entity(reg, node);
    return e == NULL ? "project" : e->conduit ? "conduit" : qi_entity_kinds[e->kind];
}

static quipu_status put_target(qi_invested *asked, size_t row, uint32_t node,
                               quipu_error *err) {
    const quipu_register *reg = asked->reg;
    QI_TRY(quipu_table_set_text(asked->out, TARGET, row, qi_node_id(reg, node), err));
    QI_TRY(quipu_table_set_text(asked->out, TARGET_NAME, row, qi_node_name(reg, node), err));
    return quipu_table_set_text(asked->out, TARGET_KIND, row, kind_of(reg, node), err);
}

static quipu_status put_edge(qi_invested *asked, const qi_graph *g, const qi_edge *e,
                             uint32_t held, quipu_error *err) {
    const quipu_register *reg = asked->reg;
    quipu_table *out = asked->out;
    uint32_t owner = g->node[e->owner];
    size_t row;
    QI_TRY(quipu_table_add_rows(out, 1, &row, err));
    QI_TRY(quipu_table_set_text(out, SOURCE, row, qi_node_id(reg, owner), err));
    QI_TRY(quipu_table_set_text(out, SOURCE_NAME, row, qi_node_name(reg, owner), err));
    QI_TRY(quipu_table_set_text(out, SOURCE_COUNTRY, row,
                                qi_country_code(qi_node_country(reg, owner)), err));
    QI_TRY(quipu_table_set_text(out, SOURCE_KIND, row, kind_of(reg, owner), err));
    QI_TRY(put_target(asked, row, held, err));
    const qi_stake *s = &reg->stakes.items[e->stake];
    if (s->stated || e->point > 0)
        quipu_table_set_real(out, SHARE, row, fraction(e->point));
    quipu_table_set_real(out, LOW, row, fraction(e->low));
    quipu_table_set_real(out, HIGH, row, fraction(e->high));
    if (s->votes != QI_NO_VOTES)
        quipu_table_set_real(out, VOTES, row, fraction(s->votes));
    qi_invested_cite(asked, s->source);
    return QUIPU_OK;
}

static quipu_status put_rest(qi_invested *asked, const qi_graph *g, size_t j,
                             quipu_error *err) {
    size_t row;
    if (g->undisclosed[j] == 0)
        return QUIPU_OK;
    QI_TRY(quipu_table_add_rows(asked->out, 1, &row, err));
    QI_TRY(quipu_table_set_text(asked->out, SOURCE, row, "undisclosed", err));
    QI_TRY(quipu_table_set_text(asked->out, SOURCE_NAME, row, "Undisclosed holders", err));
    QI_TRY(quipu_table_set_text(asked->out, SOURCE_COUNTRY, row, "undisclosed", err));
    QI_TRY(quipu_table_set_text(asked->out, SOURCE_KIND, row, "undisclosed", err));
    QI_TRY(put_target(asked, row, g->node[j], err));
    quipu_table_set_real(asked->out, SHARE, row, fraction(g->undisclosed[j]));
    return QUIPU_OK;
}

static quipu_status write(qi_invested *asked, uint32_t target, quipu_error *err) {
    const quipu_register *reg = asked->reg;
    qi_graph g;
    quipu_status status;
    QI_TRY(qi_graph_open(reg, asked->date, target != QI_NONE ? &target : NULL, 1,
                         asked->unknown, NULL, NULL, &g, err));
    QI_GO(quipu_table_init(asked->out, asked->measure->name, columns, QI_COUNT(columns), err));
    for (uint32_t node = 0; node < qi_n_nodes(reg); node++) { /* in the order of the register */
        uint32_t j = g.local[node];
        if (j == QI_NONE)
            continue;
        for (uint32_t e = g.start[j]; e < g.start[j + 1]; e++)
            QI_GO(put_edge(asked, &g, &g.edges[e], node, err));
        QI_GO(put_rest(asked, &g, j, err));
    }
    if (target != QI_NONE)
        QI_GO(quipu_table_set_title(asked->out, err, "Stakes behind %s",
                                    qi_node_name(reg, target)));
    else
        QI_GO(quipu_table_set_title(asked->out, err, "Stakes of the register"));
    QI_GO(qi_invested_finish(asked, &g, err));
done:
    qi_graph_close(&g);
    return status;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_invested asked;
    uint32_t target = QI_NONE;
    quipu_status status;
    QI_GO(qi_invested_open(&asked, &qi_measure_invest_graph, request, out, err));
    const char *of = qi_invested_word(&asked, "of");
    if (of != NULL)
        QI_GO(qi_node_find(asked.reg, of, &target, err));
    status = write(&asked, target, err);
done:
    qi_invested_close(&asked);
    return status;
}

const quipu_measure qi_measure_invest_graph = {
    .name = "invest-graph",
    .needs = QUIPU_NEEDS_REGISTER,
    .summary = "Which stakes lead to a project?",
    .detail =
        "The stakes as edges from holder to held, with what nobody is named for as an edge "
        "from "
        "undisclosed holders: what a figure of ownership draws. A stake that is not stated has "
        "no share, only bounds.",
    .formula = "a_ij, the direct share of i in j; undisclosed: 1 - sum over i of a_ij",
    .reference = "",
    .worked = "A company held with 60 % and 39 % has an edge of 1 % from undisclosed holders.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "share",
    .example = "--of block-8",
    .run = run,
};
