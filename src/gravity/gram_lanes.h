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

WIDE static void NAME(gram)(const gram_job *job, const qi_block *block, double *sums,
                            double *room) {
    const qi_absorber *a = job->a;
    const qi_sample *s = a->s;
    const size_t ld = s->ld, k = s->k;
    double *left = room, *mean = left + ld, *zero = mean + ld;
    for (size_t g = block->first; g < block->end; g++) {
        memset(mean, 0, ld * sizeof *mean);
        for (size_t i = s->start[g]; a->inverse[g] > 0.0 && i < s->start[g + 1]; i++) {
            NAME(take_off)(a, i, zero, left);
            for (size_t c = 0; c < ld; c += LANES)
                *(V *)(mean + c) += a->weight[i] * *(const V *)(left + c);
        }
        for (size_t c = 0; c < ld; c += LANES)
            *(V *)(mean + c) *= a->inverse[g];
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
            NAME(take_off)(a, i, mean, left);
            if (job->strip) {
                memcpy(s->x + i * ld, left, ld * sizeof *left);
                continue;
            }
            for (size_t j = 0; j < k; j++) {
                double w = a->weight[i] * left[j];
                for (size_t c = j / LANES * LANES; c < ld; c += LANES)
                    *(V *)(sums + j * ld + c) += w * *(const V *)(left + c);
            }
        }
    }
}

#undef NAME
#undef NAME1
#undef NAME2
