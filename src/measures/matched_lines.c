/* SPDX-License-Identifier: Apache-2.0 */
/* matched_lines.c - options and notes of the measures of price and volume, and the sums
 * behind each line they print. */
#include "measures/matched.h"

enum { LARGEST_RATIO = 1000000 };

static bool has_quantities(const qi_ask *ask) {
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(ask->cube, &n);
    for (size_t f = 0; f < ask->n_flows; f++)
        for (size_t p = 0; p < ask->n_periods; p++) {
            int slab = ask->views[f].slab[p];
            if (slab >= 0 && (slabs[slab].columns & QUIPU_HAS_QUANTITY))
                return true;
        }
    return false;
}

quipu_status qi_match_rule_read(qi_ask *ask, qi_match_rule *out, quipu_error *err) {
    enum { AUTO, UNITS, WEIGHT, EITHER };
    static const char *const words[] = {"the quantity", "the net weight",
                                        "the quantity, or else the net weight"};
    size_t choice = qi_choice_of(ask->measure, ask->request, "quantity");
    if (choice == AUTO)
        choice = has_quantities(ask) ? UNITS : WEIGHT;
    *out = (qi_match_rule){.quantity = choice != WEIGHT,
                           .weight = choice != UNITS,
                           .estimated = qi_switch(ask->measure, ask->request, "estimated"),
                           .limit = qi_real(ask->measure, ask->request, "ratio", 5)};
    if (!(out->limit >= 1) || out->limit > LARGEST_RATIO)
        return qi_fail(err, QUIPU_E_ARG, "ratio: a factor from 1 to %d", LARGEST_RATIO);
    char limit[QI_NUMBER_TEXT];
    qi_format_double(limit, out->limit);
    return qi_ask_note(ask, err,
                       "Unit values are value over %s, of the same reporter, partner and "
                       "product; matched when within a factor of %s%s.",
                       words[choice - 1], limit,
                       out->estimated ? "" : " and not from estimated quantities");
}

quipu_status qi_match_note(qi_ask *ask, const qi_matched *matched, quipu_error *err) {
    static const char *const reasons[QI_N_MATCH_KINDS] = {
        "matched",
        "new",
        "lost",
        "without a quantity",
        "with an estimated quantity",
        "in different units",
        "unit values too far apart",
        "in years not reported or outside the selection"};
    double all = 0;
    for (size_t k = 0; k < QI_N_MATCH_KINDS; k++)
        all += matched->kinds[k];
    if (!(all > 0))
        return QUIPU_OK;
    qi_buffer text = {0};
    bool fine = true;
    for (size_t k = 0; k < QI_N_MATCH_KINDS; k++) {
        char share[32];
        qi_format_double_rounded(share, sizeof share, 100 * matched->kinds[k] / all, 1);
        if (matched->kinds[k] > 0)
            fine = fine && qi_buffer_printf(&text, "%s%s %% %s", text.length > 0 ? ", " : "",
                                            share, reasons[k]);
    }
    quipu_status status = fine ? qi_ask_note(ask, err, "Of the value compared: %s.", text.bytes)
                               : qi_fail_memory(err, 256);
    qi_buffer_free(&text);
    return status;
}

/* ---- lines ---- */

quipu_status qi_match_lines_make(qi_ask *ask, const qi_match_rule *rule, const qi_link *links,
                                 size_t n_links, const qi_lines *lines, qi_match_lines *out,
                                 quipu_error *err) {
    *out = (qi_match_lines){.lines = lines};
    bool total = false;
    for (size_t i = 0; i < lines->n; i++)
        total |= lines->items[i].kind == QI_LINE_TOTAL;
    quipu_status status = qi_matched_make(ask, 0, rule, links, n_links, &out->rows, err);
    if (status == QUIPU_OK && total)
        status = qi_matched_make(ask, 1u << (ask->n_axes - 1), rule, links, n_links,
                                 &out->total, err);
    if (status != QUIPU_OK)
        qi_match_lines_free(out);
    return status;
}

void qi_match_lines_free(qi_match_lines *match) {
    qi_matched_free(&match->rows);
    qi_matched_free(&match->total);
}

/* All rows of the group less those that have a line of their own. */
static bool rest_of(const qi_ask *ask, const qi_match_lines *match, const qi_line *rest,
                    size_t link, qi_match_sums *out) {
    uint64_t mask = qi_axis_mask(&ask->axes[ask->n_axes - 1]), group = rest->key & ~mask;
    bool fits = true;
    for (size_t i = 0; i < match->rows.n; i++) {
        const qi_match_row *row = &match->rows.rows[i];
        if (row->link == link && (row->key & ~mask) == group)
            fits = fits && qi_match_merge(out, &row->sums);
    }
    for (size_t i = 0; i < match->lines->n; i++) {
        const qi_line *line = &match->lines->items[i];
        if (line->kind != QI_LINE_ROW || (line->key & ~mask) != group)
            continue;
        qi_match_sums shown = qi_matched_find(&match->rows, link, line->key);
        fits = fits && qi_match_subtract(out, &shown);
    }
    return fits;
}

quipu_status qi_match_line(const qi_ask *ask, const qi_match_lines *match, size_t line,
                           size_t link, qi_match_sums *out, quipu_error *err) {
    const qi_line *at = &match->lines->items[line];
    *out = (qi_match_sums){0};
    if (at->kind == QI_LINE_ROW)
        *out = qi_matched_find(&match->rows, link, at->key);
    else if (at->kind == QI_LINE_TOTAL)
        *out = qi_matched_find(&match->total, link, at->key);
    else if (!rest_of(ask, match, at, link, out))
        return qi_fail(err, QUIPU_E_DATA, "the rest is beyond 9.2e15 US$");
    return QUIPU_OK;
}
