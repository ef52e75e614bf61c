/* SPDX-License-Identifier: Apache-2.0 */
/* skyline_lanes.h - solutions with the factors of a part, for one width of panel.  Taken in by
 * skyline.c once for each width, with LANES and V as for sweep_lanes.h. */

#define NAME2(name, lanes) name##_##lanes
#define NAME1(name, lanes) NAME2(name, lanes)
#define NAME(name)         NAME1(name, LANES)

WIDE static void NAME(solve)(const qi_skyline *k, const qi_part *part, const double *right,
                             double *out) {
    const uint32_t *order = k->order + part->first;
    const double *inverse = k->inverse + part->first;
    V *x = (V *)(k->room + (size_t)part->first * LANES);
    for (uint32_t i = 0; i < part->n; i++) {
        const double *row = k->value + k->row[order[i]];
        V sum = {0}, more = {0};
        if (order[i] < k->n_own)
            sum = *(const V *)(right + (size_t)order[i] * LANES);
        uint32_t j = k->start[order[i]];
        for (; j + 2 <= i; j += 2) {
            sum -= row[j] * x[j];
            more -= row[j + 1] * x[j + 1];
        }
        if (j < i)
            sum -= row[j] * x[j];
        x[i] = (sum + more) * inverse[i];
    }
    for (uint32_t i = part->n; i-- > 0;) {
        const double *row = k->value + k->row[order[i]];
        V found = x[i] * inverse[i];
        for (uint32_t j = k->start[order[i]]; j < i; j++)
            x[j] -= row[j] * found;
        if (order[i] < k->n_own && inverse[i] > 0.0)
            *(V *)(out + (size_t)order[i] * LANES) = found;
    }
}

#undef NAME
#undef NAME1
#undef NAME2
