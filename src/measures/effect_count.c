/* SPDX-License-Identifier: Apache-2.0 */
/* effect_count.c - values, products and new products of a group.
 *
 * A new product is a family: codes joined by the correlations of all revisions in use in the
 * years of the cube, so that a change of the nomenclature makes none.  The same counted by
 * codes is given beside it.
 */
#include "measures/effect.h"

int64_t qi_effect_value(const qi_effect *e, size_t group, uint32_t label, size_t period) {
    int64_t sum = 0;
    for (size_t k = 0; k < e->n_products; k++)
        if (e->label[k] == label &&
            !qi_add_money(&sum, e->value[qi_effect_at(e, group, k, period)]))
            return INT64_MAX;
    return sum;
}

/* Value of each unit (code or family) of the label in each period: [unit][period]. */
typedef struct units {
    int64_t *value;
    uint8_t *is; /* the unit has a product of the label */
    size_t n, n_periods;
} units;

static void free_units(units *u) {
    free(u->value);
    free(u->is);
}

static bool make_units(const qi_effect *e, size_t group, uint32_t label, bool by_code,
                       units *out) {
    size_t np = e->view.n_periods;
    *out = (units){.n = by_code ? e->n_products : e->n_families, .n_periods = np};
    out->value = calloc(out->n * np + 1, sizeof *out->value);
    out->is = calloc(out->n + 1, 1);
    if (out->value == NULL || out->is == NULL) {
        free_units(out);
        return false;
    }
    for (size_t k = 0; k < e->n_products; k++) {
        if (e->label[k] != label)
            continue;
        size_t u = by_code ? k : e->family[k];
        out->is[u] = 1;
        for (size_t p = 0; p < np; p++)
            if (!qi_add_money(&out->value[u * np + p], e->value[qi_effect_at(e, group, k, p)]))
                out->value[u * np + p] = INT64_MAX;
    }
    return true;
}

/* Every year asked about can be told new from old. */
static bool can_tell(const qi_effect *e, const uint8_t *known, const size_t *at, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!qi_fresh_can_tell(&e->fresh, known, e->view.n_periods, at[i]))
            return false;
    return n > 0;
}

static int64_t count_new(const qi_effect *e, size_t group, uint32_t label, bool by_code,
                         const size_t *at, size_t n) {
    const uint8_t *known = e->all_known + group * e->view.n_periods;
    units u;
    int64_t count = -1;
    if (e->has_products && can_tell(e, known, at, n) &&
        make_units(e, group, label, by_code, &u)) {
        count = 0;
        for (size_t unit = 0; unit < u.n; unit++) {
            bool fresh = false;
            for (size_t i = 0; i < n && u.is[unit] && !fresh; i++)
                fresh = qi_fresh_is_new(&e->fresh, known, u.value + unit * u.n_periods,
                                        u.n_periods, at[i]);
            count += fresh;
        }
        free_units(&u);
    }
    return count;
}

qi_new_count qi_effect_new(const qi_effect *e, size_t group, uint32_t label, const size_t *at,
                           size_t n) {
    return (qi_new_count){count_new(e, group, label, false, at, n),
                          count_new(e, group, label, true, at, n)};
}

int64_t qi_effect_traded(const qi_effect *e, size_t group, uint32_t label, size_t period) {
    units u;
    int64_t count = -1;
    if (e->has_products && make_units(e, group, label, false, &u)) {
        count = 0;
        for (size_t unit = 0; unit < u.n; unit++)
            count += u.value[unit * u.n_periods + period] > 0;
        free_units(&u);
    }
    return count;
}
