/* SPDX-License-Identifier: Apache-2.0 */
/* mirror_pairs.c - all pairs of a period in both books, and the reliability of reporters.
 *
 * A pair's discrepancy has two authors.  Scores p and q are sought such that each exporter's
 * sum of p_e d_em q_m over its importers is the number of its pairs, and each importer's over
 * its exporters likewise: alternately solved for one and the other.
 */
#include "measures/mirror.h"

/* A pair that agrees to the dollar counts as this far apart, so that every score is finite. */
static const double LEAST = 1e-6;

typedef QI_LIST(qi_mirror_pair) pair_list;

static bool keeps_books(const quipu_pairs *pairs, size_t country) {
    return pairs->reporter_start[country + 1] > pairs->reporter_start[country];
}

static quipu_status add_pair(pair_list *list, size_t i, size_t j, quipu_money x, quipu_money m,
                             double cif, quipu_error *err) {
    qi_mirror_pair one = {(uint32_t)i, (uint32_t)j, x, m, 0};
    one.discrepancy = qi_discrepancy((double)x, (double)m / (1 + cif));
    if (isnan(one.discrepancy) || i == j)
        return QUIPU_OK;
    return QI_PUSH(list, one) ? QUIPU_OK : qi_fail_memory(err, sizeof one);
}

static quipu_status list_pairs(const quipu_pairs *exports, const quipu_pairs *imports,
                               double cif, pair_list *list, quipu_error *err) {
    for (size_t i = 0; i < exports->n_countries; i++)
        for (size_t j = 0; j < exports->n_countries && keeps_books(exports, i); j++) {
            if (!keeps_books(imports, j))
                continue;
            ptrdiff_t x = quipu_pairs_find(exports, (unsigned)i, (unsigned)j);
            ptrdiff_t m = quipu_pairs_find(imports, (unsigned)j, (unsigned)i);
            QI_TRY(add_pair(list, i, j, x >= 0 ? exports->total[x] : 0,
                            m >= 0 ? imports->total[m] : 0, cif, err));
        }
    return QUIPU_OK;
}

/* p_e = n_e / sum of d q, over the pairs of each. */
static void solve(const qi_reliability *r, bool exporters, double *out, const double *other) {
    const uint32_t *n = exporters ? r->n_exporter : r->n_importer;
    for (size_t c = 0; c < r->n_countries; c++)
        out[c] = 0;
    for (size_t i = 0; i < r->n_pairs; i++) {
        const qi_mirror_pair *p = &r->pairs[i];
        double d = p->discrepancy > LEAST ? p->discrepancy : LEAST;
        out[exporters ? p->exporter : p->importer] +=
            d * other[exporters ? p->importer : p->exporter];
    }
    for (size_t c = 0; c < r->n_countries; c++)
        out[c] = n[c] > 0 && out[c] > 0 ? n[c] / out[c] : 0;
}

/* The scores are free up to a factor that goes from one side to the other. */
static void normalise(double *score, size_t n) {
    double sum = 0, count = 0;
    for (size_t c = 0; c < n; c++)
        if (score[c] > 0) {
            sum += log(score[c]);
            count += 1;
        }
    double mean = count > 0 ? exp(sum / count) : 1;
    for (size_t c = 0; c < n; c++)
        score[c] /= mean;
}

static quipu_status score(qi_reliability *r, quipu_error *err) {
    size_t n = r->n_countries;
    r->exporter = calloc(n + 1, sizeof *r->exporter);
    r->importer = calloc(n + 1, sizeof *r->importer);
    r->n_exporter = calloc(n + 1, sizeof *r->n_exporter);
    r->n_importer = calloc(n + 1, sizeof *r->n_importer);
    if (!r->exporter || !r->importer || !r->n_exporter || !r->n_importer)
        return qi_fail_memory(err, n * sizeof *r->exporter);
    for (size_t i = 0; i < r->n_pairs; i++) {
        r->n_exporter[r->pairs[i].exporter]++;
        r->n_importer[r->pairs[i].importer]++;
    }
    for (size_t c = 0; c < n; c++)
        r->importer[c] = r->n_importer[c] > 0 ? 1 : 0;
    for (int step = 0; step < r->iterations; step++) {
        solve(r, true, r->exporter, r->importer);
        solve(r, false, r->importer, r->exporter);
    }
    normalise(r->exporter, n);
    normalise(r->importer, n);
    return QUIPU_OK;
}

quipu_status qi_reliability_make(const quipu_cube *cube, quipu_period period, double cif,
                                 int steps, qi_reliability *out, quipu_error *err) {
    int x = quipu_cube_find_slab(cube, period, QUIPU_EXPORT);
    int m = quipu_cube_find_slab(cube, period, QUIPU_IMPORT);
    pair_list list = {0};
    quipu_pairs exports, imports;
    quipu_status status = QUIPU_OK;
    *out = (qi_reliability){.iterations = steps};
    quipu_cube_countries(cube, &out->n_countries);
    if (x >= 0 && m >= 0) {
        QI_GO(quipu_cube_pairs(cube, (size_t)x, &exports, err));
        QI_GO(quipu_cube_pairs(cube, (size_t)m, &imports, err));
        QI_GO(list_pairs(&exports, &imports, cif, &list, err));
    }
    out->pairs = list.items;
    out->n_pairs = list.n;
    list.items = NULL;
    QI_GO(score(out, err));
done:
    free(list.items);
    if (status != QUIPU_OK)
        qi_reliability_free(out);
    return status;
}

void qi_reliability_free(qi_reliability *r) {
    free(r->pairs);
    free(r->exporter);
    free(r->importer);
    free(r->n_exporter);
    free(r->n_importer);
    *r = (qi_reliability){0};
}
