/* SPDX-License-Identifier: Apache-2.0 */
/* fresh.c - see fresh.h. */
#include "measures/fresh.h"

/* ---- families ---- */

/* The revision of the HS in use in a year or month. */
static int revision_of(quipu_period period) {
    static const int from[] = {1988, 1996, 2002, 2007, 2012, 2017, 2022};
    int year = period > 9999 ? period / 100 : period, revision = 0;
    for (int i = 0; i < (int)QI_COUNT(from); i++)
        if (year >= from[i])
            revision = i;
    return revision;
}

quipu_status qi_families_make(const quipu_nomen *nomen, const quipu_cube *cube,
                              quipu_period first, quipu_period last, uint32_t *family,
                              size_t *n_families, bool *is_hs, quipu_error *err) {
    const char *own = quipu_cube_meta(cube, "nomenclature");
    size_t n = quipu_cube_n_products(cube);
    *is_hs = own != NULL && own[0] == 'H' && own[1] >= '0' && own[1] <= '6' && own[2] == '\0';
    *n_families = n;
    for (size_t k = 0; k < n; k++)
        family[k] = (uint32_t)k;
    if (!*is_hs || n < 2)
        return QUIPU_OK;
    int a = own[1] - '0', b = a, ends[] = {revision_of(first), revision_of(last)};
    for (size_t i = 0; i < QI_COUNT(ends); i++) {
        a = ends[i] < a ? ends[i] : a;
        b = ends[i] > b ? ends[i] : b;
    }
    char from[3] = {'H', (char)('0' + a), '\0'}, to[3] = {'H', (char)('0' + b), '\0'};
    return quipu_families(nomen, from, to, own, quipu_cube_product_codes(cube), n, family,
                          n_families, err);
}

/* ---- new ---- */

bool qi_fresh_can_tell(const qi_fresh_rule *rule, const uint8_t *known, size_t n_periods,
                       size_t at) {
    int back = 0, ahead = 0;
    for (size_t p = 0; p < at; p++)
        back += known[p] != 0;
    for (size_t p = at + 1; p < n_periods; p++)
        ahead += known[p] != 0;
    return known[at] && back >= rule->lookback && ahead >= rule->persist;
}

bool qi_fresh_was_traded(const qi_fresh_rule *rule, const uint8_t *known, const int64_t *value,
                         size_t at) {
    int back = 0;
    for (size_t p = at; p > 0 && back < rule->lookback; p--) {
        if (!known[p - 1])
            continue;
        back++;
        if (value[p - 1] >= rule->threshold)
            return true;
    }
    return false;
}

bool qi_fresh_is_new(const qi_fresh_rule *rule, const uint8_t *known, const int64_t *value,
                     size_t n_periods, size_t at) {
    int held = 0, seen = 0;
    if (value[at] < rule->threshold || qi_fresh_was_traded(rule, known, value, at))
        return false;
    for (size_t p = at + 1; p < n_periods && seen < rule->lookback; p++)
        if (known[p]) {
            seen++;
            held += value[p] >= rule->threshold;
        }
    return held >= rule->persist;
}
