/* SPDX-License-Identifier: Apache-2.0 */
/* skyline_lanes.h - solutions with the factors of a part, for one number of columns.  Taken in by
 * skyline.c once for each, with LANES.  Inside, each column stands by itself: a row of the
 * factors is met eight entries at a time and serves all columns. */

#define NAME2(name, lanes) name##_##lanes
#define NAME1(name, lanes) NAME2(name, lanes)
#define NAME(name)         NAME1(name, LANES)

WIDE static void NAME(solve)(const qi_skyline *k, const qi_part *part, const double *right,
                             double *out) {
    const uint32_t *order = k->order + part->first;
    const double *inverse = k->inverse + part->first;
    const size_t n = part->n;
    double *x = k->room + (size_t)part->first * LANES;
    for (size_t i = 0; i < n; i++) {
        const double *row = k->value + k->row[order[i]];
        eight sum[LANES] = {{0}};
        size_t j = k->start[order[i]];
        for (; j + 8 <= i; j += 8) {
            eight l = *(const eight *)(row + j);
            for (size_t c = 0; c < LANES; c++)
                sum[c] += l * *(const eight *)(x + c * n + j);
        }
        for (size_t c = 0; c < LANES; c++) {
            eight s = sum[c];
            double all = ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
            for (size_t rest = j; rest < i; rest++)
                all += row[rest] * x[c * n + rest];
            double r = order[i] < k->n_own ? right[(size_t)order[i] * LANES + c] : 0.0;
            x[c * n + i] = (r - all) * inverse[i];
        }
    }
    for (size_t i = n; i-- > 0;) {
        const double *row = k->value + k->row[order[i]];
        double found[LANES];
        size_t j = k->start[order[i]];
        for (size_t c = 0; c < LANES; c++)
            found[c] = x[c * n + i] * inverse[i];
        for (; j + 8 <= i; j += 8) {
            eight l = *(const eight *)(row + j);
            for (size_t c = 0; c < LANES; c++)
                *(eight *)(x + c * n + j) -= l * found[c];
        }
        for (; j < i; j++)
            for (size_t c = 0; c < LANES; c++)
                x[c * n + j] -= row[j] * found[c];
        if (order[i] < k->n_own && (inverse[i] > 0.0 || k->pinned[order[i]]))
            for (size_t c = 0; c < LANES; c++)
                out[(size_t)order[i] * LANES + c] = found[c];
    }
}

#undef NAME
#undef NAME1
#undef NAME2
