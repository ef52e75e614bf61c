/* SPDX-License-Identifier: Apache-2.0 */
/* formula_lag.c - the value of the same exporter, importer and sector in another year. */
#include "gravity/formula.h"

#include <math.h>

struct qi_lags {
    uint64_t *unit; /* of each row; UINT64_MAX = a label or the year is missing */
    const double *year;
    uint32_t *slots; /* row + 1 */
    size_t n_slots;
};

void qi_lags_free(qi_lags *lags) {
    if (lags == NULL)
        return;
    free(lags->unit);
    free(lags->slots);
    free(lags);
}

static size_t slot_of(const qi_lags *l, uint64_t unit, double year) {
    uint64_t key = unit * UINT64_C(0x9E3779B97F4A7C15) ^
                   (uint64_t)(int64_t)year * UINT64_C(0xC2B2AE3D27D4EB4F);
    return (size_t)(key ^ key >> 31) & (l->n_slots - 1);
}

/* Row of the unit in that year, or SIZE_MAX. */
static size_t find(const qi_lags *l, uint64_t unit, double year) {
    for (size_t at = slot_of(l, unit, year); l->slots[at] != 0;
         at = (at + 1) & (l->n_slots - 1)) {
        size_t row = l->slots[at] - 1;
        if (l->unit[row] == unit && l->year[row] == year)
            return row;
    }
    return SIZE_MAX;
}

/* The number of the unit of each row, from the roles there are. */
static quipu_status number_units(qi_panel *p, qi_lags *l, quipu_error *err) {
    static const qi_role roles[] = {QI_EXPORTER, QI_IMPORTER, QI_SECTOR};
    memset(l->unit, 0, p->n * sizeof *l->unit);
    for (size_t r = 0; r < QI_COUNT(roles); r++) {
        ptrdiff_t c = p->role[roles[r]];
        if (c < 0)
            continue;
        QI_TRY(qi_panel_labels(p, (size_t)c, err));
        const qi_panel_column *column = &p->columns.items[c];
        for (size_t i = 0; i < p->n; i++)
            if (column->label[i] == QI_NO_LABEL || l->unit[i] == UINT64_MAX)
                l->unit[i] = UINT64_MAX;
            else
                l->unit[i] = l->unit[i] * column->n_labels + column->label[i];
    }
    for (size_t i = 0; i < p->n; i++)
        if (l->year[i] != l->year[i])
            l->unit[i] = UINT64_MAX;
    return QUIPU_OK;
}

static quipu_status fill(const qi_panel *p, qi_lags *l, const qi_node *node, quipu_error *err) {
    for (size_t i = 0; i < p->n; i++) {
        if (l->unit[i] == UINT64_MAX)
            continue;
        size_t other = find(l, l->unit[i], l->year[i]);
        if (other != SIZE_MAX)
            return qi_fail_at(
                err, QUIPU_E_DATA, p->file, qi_panel_line(p, i), 0,
                "%.60s needs one row for each exporter, importer%s and year; line "
                "%llu has the same",
                node->text, p->role[QI_SECTOR] >= 0 ? ", sector" : "",
                (unsigned long long)qi_panel_line(p, other));
        size_t at = slot_of(l, l->unit[i], l->year[i]);
        while (l->slots[at] != 0)
            at = (at + 1) & (l->n_slots - 1);
        l->slots[at] = (uint32_t)i + 1;
    }
    return QUIPU_OK;
}

static quipu_status make(qi_panel *p, const qi_node *node, qi_lags **out, quipu_error *err) {
    ptrdiff_t year = p->role[QI_YEAR];
    if (year < 0 || p->columns.items[year].number == NULL ||
        (p->role[QI_EXPORTER] < 0 && p->role[QI_IMPORTER] < 0))
        return qi_formula_fail(node->column, err,
                               "%.60s needs columns of exporter, importer and year",
                               node->text);
    qi_lags *l = calloc(1, sizeof *l);
    if (l == NULL)
        return qi_fail_memory(err, sizeof *l);
    l->year = p->columns.items[year].number;
    l->n_slots = 64;
    while (l->n_slots < 2 * p->n)
        l->n_slots *= 2;
    l->unit = malloc((p->n + 1) * sizeof *l->unit);
    l->slots = calloc(l->n_slots, sizeof *l->slots);
    quipu_status status = l->unit != NULL && l->slots != NULL
                              ? number_units(p, l, err)
                              : qi_fail_memory(err, l->n_slots * sizeof *l->slots);
    if (status == QUIPU_OK)
        status = fill(p, l, node, err);
    if (status != QUIPU_OK)
        qi_lags_free(l);
    else
        *out = l;
    return status;
}

quipu_status qi_lags_shift(qi_panel *panel, const qi_node *node, qi_lags **lags,
                           const double *from, double *to, quipu_error *err) {
    if (*lags == NULL)
        QI_TRY(make(panel, node, lags, err));
    const qi_lags *l = *lags;
    for (size_t i = 0; i < panel->n; i++) {
        size_t row = l->unit[i] == UINT64_MAX
                         ? SIZE_MAX
                         : find(l, l->unit[i], l->year[i] - (double)node->shift);
        to[i] = row == SIZE_MAX ? NAN : from[row];
    }
    return QUIPU_OK;
}
