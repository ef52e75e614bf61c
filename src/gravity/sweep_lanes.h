/* SPDX-License-Identifier: Apache-2.0 */
/* sweep_lanes.h - passes over the rows of a block, for one width of panel.  Taken in by sweep.c
 * once for each width, with LANES (how many columns) and V (the type of so many numbers). */

#define NAME2(name, lanes) name##_##lanes
#define NAME1(name, lanes) NAME2(name, lanes)
#define NAME(name)         NAME1(name, LANES)

/* With x: what is left of x - D u, else of D u; weighted and added up by levels. */
static inline __attribute__((always_inline)) void NAME(rows)(const pass *p, const size_t n_rest,
                                                             const bool with_x) {
    const qi_sample *s = p->a->s;
    const qi_block *block = p->block;
    const double *weight = p->a->weight, *u = p->u;
    const size_t step = p->step, x_step = s->ld;
    V *room = (V *)p->room, squares = {0};
    double *out = p->out;
    for (size_t g = block->first; g < block->end; g++) {
        const uint32_t first = s->start[g], n = s->start[g + 1] - first;
        V sum = {0};
        for (uint32_t i = 0; i < n; i++) {
            V v = *(const V *)(u + s->id[0][first + i] * step);
            for (size_t r = 1; r < n_rest; r++)
                v += *(const V *)(u + s->id[r][first + i] * step);
            if (with_x)
                v = *(const V *)(p->x + (first + i) * x_step) - v;
            room[i] = v;
            sum += v * weight[first + i];
        }
        sum *= p->a->inverse[g];
        for (uint32_t i = 0; i < n; i++) {
            V left = room[i] - sum, v = left * weight[first + i];
            if (with_x)
                squares += v * left;
            for (size_t r = 0; r < n_rest; r++)
                *(V *)(out + (size_t)(s->id[r][first + i] + block->shift[r]) * LANES) += v;
        }
    }
    if (with_x)
        *(V *)p->squares = squares;
}

WIDE static void NAME(pass)(const pass *p) {
    const size_t n_rest = p->a->s->n_rest;
    if (p->x != NULL && n_rest == 1)
        NAME(rows)(p, 1, true);
    else if (p->x != NULL && n_rest == 2)
        NAME(rows)(p, 2, true);
    else if (p->x != NULL)
        NAME(rows)(p, n_rest, true);
    else if (n_rest == 1)
        NAME(rows)(p, 1, false);
    else if (n_rest == 2)
        NAME(rows)(p, 2, false);
    else
        NAME(rows)(p, n_rest, false);
}

#undef NAME
#undef NAME1
#undef NAME2
