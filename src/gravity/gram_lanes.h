/* SPDX-License-Identifier: Apache-2.0 */
/* gram_lanes.h - what is left of all columns, row by row, for one width of panel.  Taken in by
 * gram.c once for each width, with LANES and V as for sweep_lanes.h. */

#define NAME2(name, lanes) name##_##lanes
#define NAME1(name, lanes) NAME2(name, lanes)
#define NAME(name)         NAME1(name, LANES)

/* left = row i of x less gamma of its levels and less mean. */
static inline __attribute__((always_inline)) void
NAME(take_off)(const qi_absorber *a, size_t i, const double *mean, double *left) {
    const qi_sample *s = a->s;
    for (size_t c = 0; c < s->ld; c += LANES) {
        V v = *(const V *)(s->x + i * s->ld + c) - *(const V *)(mean + c);
        for (size_t r = 0; r < s->n_rest; r++)
            v -= *(const V *)(a->gamma + (size_t)s->id[r][i] * s->ld + c);
        *(V *)(left + c) = v;
    }
}

/* A few rows together: their sums are fetched and put back once. */
static inline __attribute__((always_inline)) void NAME(add_rows)(const double *left,
                                                                 const double *weight, size_t n,
                                                                 const qi_sample *s,
                                                                 double *sums) {
    const size_t ld = s->ld;
    for (size_t j = 0; j < s->k; j++) {
        double w[TOGETHER];
        for (size_t r = 0; r < n; r++)
            w[r] = weight[r] * left[r * ld + j];
        for (size_t c = j / LANES * LANES; c < ld; c += LANES) {
            V sum = *(const V *)(sums + j * ld + c);
            if (n == TOGETHER)
                for (size_t r = 0; r < TOGETHER; r++)
                    sum += w[r] * *(const V *)(left + r * ld + c);
            else
                for (size_t r = 0; r < n; r++)
                    sum += w[r] * *(const V *)(left + r * ld + c);
            *(V *)(sums + j * ld + c) = sum;
        }
    }
}

WIDE static void NAME(gram)(const gram_job *job, const qi_block *block, double *sums,
                            double *room) {
    const qi_absorber *a = job->a;
    const qi_sample *s = a->s;
    const size_t ld = s->ld;
    double *mean = room, *zero = mean + ld,
           *left = zero + ld; /* TOGETHER rows of what is left */
    for (size_t g = block->first; g < block->end; g++) {
        memset(mean, 0, ld * sizeof *mean);
        for (size_t i = s->start[g]; a->inverse[g] > 0.0 && i < s->start[g + 1]; i++) {
            NAME(take_off)(a, i, zero, left);
            for (size_t c = 0; c < ld; c += LANES)
                *(V *)(mean + c) += a->weight[i] * *(const V *)(left + c);
        }
        for (size_t c = 0; c < ld; c += LANES)
            *(V *)(mean + c) *= a->inverse[g];
        for (size_t i = s->start[g]; i < s->start[g + 1]; i += TOGETHER) {
            size_t n = s->start[g + 1] - i < TOGETHER ? s->start[g + 1] - i : TOGETHER;
            for (size_t r = 0; r < n; r++)
                NAME(take_off)(a, i + r, mean, left + r * ld);
            if (job->strip)
                memcpy(s->x + i * ld, left, n * ld * sizeof *left);
            else
                NAME(add_rows)(left, a->weight + i, n, s, sums);
        }
    }
}

#undef NAME
#undef NAME1
#undef NAME2
