/* SPDX-License-Identifier: Apache-2.0 */
/* both_ways.c - see both_ways.h. */
#include "measures/both_ways.h"

const quipu_param qi_both_ways_params[QI_BOTH_WAYS_PARAMS] = {
    {"over", QUIPU_PARAM_TEXT, NULL, "product", "goods: products, or classes of a scheme"},
    {"bilateral", QUIPU_PARAM_SWITCH, NULL, NULL,
     "match the goods of each partner apart, then add up"},
};

static bool by_partner(const quipu_measure *measure, const quipu_request *request) {
    const char *by = qi_argument(measure, request, "by");
    return by != NULL && strstr(by, "partner") != NULL;
}

static quipu_status check_goods(qi_ask *ask, quipu_error *err) {
    qi_axis_kind kind = ask->axes[ask->n_axes - 1].kind;
    if (ask->n_axes > ask->n_shown && (kind == QI_AXIS_PRODUCT || kind == QI_AXIS_CLASS))
        return qi_note_totals_only(ask, err);
    return qi_fail(err, QUIPU_E_ARG, "over: product or a class scheme");
}

quipu_status qi_both_ways_open(qi_both_ways *both, const quipu_measure *measure,
                               const quipu_request *request, const qi_both_ways_how *how,
                               quipu_error *err) {
    static const qi_both_ways_how plain = {0};
    qi_arena arena = {0};
    how = how != NULL ? how : &plain;
    *both = (qi_both_ways){.bilateral = how->pairs || qi_switch(measure, request, "bilateral")};
    const char *goods = how->pairs ? "product" : qi_argument(measure, request, "over");
    qi_wish wish = {.flows = "export import", .over = goods, .years = how->years};
    if (both->bilateral && !by_partner(measure, request))
        wish.over = qi_arena_printf(&arena, "partner,%s", goods);
    if (qi_argument(measure, request, "by") == NULL &&
        qi_argument(measure, request, "reporter") == NULL)
        wish.by = "reporter";
    quipu_status status = wish.over != NULL
                              ? qi_ask_open(&both->ask, measure, request, &wish, err)
                              : qi_fail_memory(err, 64);
    qi_arena_free(&arena);
    if (status != QUIPU_OK)
        return status;
    qi_cut parts = {.weight = how->weight}, sums = {.drop = qi_over_drop(&both->ask)};
    QI_TRY(check_goods(&both->ask, err));
    QI_TRY(qi_frame_make(&both->ask, &parts, &both->parts, err));
    return qi_frame_make(&both->ask, &sums, &both->sums, err);
}

void qi_both_ways_close(qi_both_ways *both) {
    qi_frame_free(&both->parts);
    qi_frame_free(&both->sums);
    if (both->ask.measure != NULL)
        qi_ask_close(&both->ask);
}

bool qi_both_ways_totals(qi_sheet *sheet, size_t row, const qi_line *line, size_t period) {
    size_t other = period + line->plane_step;
    if (line->known[period])
        qi_sheet_integer(sheet, row, 0, line->value[period]);
    if (line->known[other])
        qi_sheet_integer(sheet, row, 1, line->value[other]);
    return line->known[period] && line->known[other];
}

quipu_status qi_both_ways_notes(qi_both_ways *both, quipu_error *err) {
    qi_ask *ask = &both->ask;
    const char *valuation = quipu_cube_meta(ask->cube, "valuation");
    const quipu_country_set *partners = &ask->views[0].partners;
    int axis = qi_ask_axis(ask, QI_AXIS_PARTNER);
    const char *matched = both->bilateral || axis >= 0 ? "with each partner apart"
                          : partners->all              ? "with all partners together"
                                                       : "with the partners together";
    QI_TRY(
        qi_ask_note(ask, err, "Goods are matched across %s, %s.", qi_words_over(ask), matched));
    if (valuation != NULL)
        return qi_ask_note(ask, err, "Valuation: %s.", valuation);
    return QUIPU_OK;
}
