/* SPDX-License-Identifier: Apache-2.0 */
/* bench_monte_carlo.c - are gravity estimates right on average, and do 95 % intervals cover?
 * Usage: bench-bench_monte_carlo [ROUNDS [COUNTRIES [YEARS [UNEVEN]]]]
 *
 * Worlds are invented: exporter-year, importer-year and pair effects, an agreement that begins at
 * some time between pairs that trade much (so that leaving pairs out would mislead), coefficient
 * 0.5.  Trade is its mean times an error of mean one that is correlated within a pair over time,
 * with a variance that falls with trade and zeros among the small.  Each world is estimated by PPML
 * three ways, errors clustered by pair. */
#include "gravity/gravity.h"

#include <math.h>
#include <stdio.h>

enum { WAYS = 3 };
static const double TRUE_B = 0.5;

typedef struct world {
    size_t n_countries, n_years, n;
    double uneven; /* spread of the effects: 1 makes the largest flows thousands of the least */
    double *y, *rta;
    uint32_t *exporter, *importer, *year, *exporter_year, *importer_year, *pair;
} world;

typedef struct tally {
    double sum, squares, errors;
    size_t covered, rounds;
} tally;

/* splitmix64: a number for each place, whatever was drawn before. */
static double uniform(uint64_t seed, uint64_t a, uint64_t b) {
    uint64_t x = seed * 0x9E3779B97F4A7C15u + a * 0xBF58476D1CE4E5B9u + b * 0x94D049BB133111EBu;
    for (int i = 0; i < 2; i++) {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
        x ^= x >> 31;
    }
    return ((double)(x >> 11) + 0.5) * 0x1p-53;
}

static double normal(uint64_t seed, uint64_t a, uint64_t b) {
    return sqrt(-2.0 * log(uniform(seed, a, 2 * b))) *
           cos(6.283185307179586 * uniform(seed, a, 2 * b + 1));
}

static void invent(world *w, uint64_t seed) {
    size_t row = 0, c = w->n_countries;
    for (size_t e = 0; e < c; e++)
        for (size_t m = 0; m < c; m++) {
            if (e == m)
                continue;
            size_t both = e < m ? e * c + m : m * c + e;
            double tie = w->uneven * normal(seed, both, 1), shock = 0.0;
            size_t begins = (size_t)(uniform(seed, both, 3) * (double)w->n_years) + 1;
            bool joins = tie / w->uneven + normal(seed, both, 5) > 0.3;
            for (size_t t = 0; t < w->n_years; t++, row++) {
                double fresh = normal(seed, 1000003 * (row + 1), 7);
                shock = t == 0 ? fresh : 0.5 * shock + sqrt(0.75) * fresh;
                w->rta[row] = joins && t >= begins ? 1.0 : 0.0;
                double mu = exp(normal(seed, e * 997 + t, 11) * 0.7 * w->uneven +
                                normal(seed, m * 991 + t, 13) * 0.7 * w->uneven + tie +
                                TRUE_B * w->rta[row]);
                double s = 0.4 + 0.4 / (1.0 + mu);
                double gone = 0.3 / (1.0 + 4.0 * mu); /* zeros, most of them small */
                w->y[row] = uniform(seed, row + 1, 17) < gone
                                ? 0.0
                                : mu * exp(s * shock - 0.5 * s * s) / (1.0 - gone);
                w->exporter[row] = (uint32_t)e;
                w->importer[row] = (uint32_t)m;
                w->year[row] = (uint32_t)t;
                w->exporter_year[row] = (uint32_t)(e * w->n_years + t);
                w->importer_year[row] = (uint32_t)(m * w->n_years + t);
                w->pair[row] = (uint32_t)(e * c + m);
            }
        }
}

static void count(tally *t, double b, double error) {
    t->rounds++;
    t->sum += b;
    t->squares += b * b;
    t->errors += error;
    t->covered += fabs(b - TRUE_B) <= 1.959963984540054 * error;
}

static quipu_status estimate(const world *w, tally out[WAYS], quipu_error *err) {
    uint32_t levels = (uint32_t)(w->n_countries * w->n_years);
    uint32_t pairs = (uint32_t)(w->n_countries * w->n_countries);
    const double *x[] = {w->rta};
    const char *names[] = {"rta"};
    qi_model model = {.estimator = QI_PPML,
                      .n = w->n,
                      .k = 1,
                      .y = w->y,
                      .x = x,
                      .x_name = names,
                      .n_effects = 2,
                      .errors = QI_ERRORS_CLUSTER,
                      .n_clusters = 1,
                      .small = QI_SMALL_STATA,
                      .threads = 1};
    model.effect[0] = (qi_effect){"exp^year", w->exporter_year, levels};
    model.effect[1] = (qi_effect){"imp^year", w->importer_year, levels};
    model.effect[2] = (qi_effect){"exp^imp", w->pair, pairs};
    model.cluster[0] = (qi_cluster){"exp^imp", w->pair, pairs};
    for (size_t way = 0; way < 2; way++) {
        qi_fit fit = {0};
        model.n_effects = way == 0 ? 2 : 3;
        quipu_status status = qi_gravity_fit(&model, &fit, err);
        if (status == QUIPU_OK)
            count(&out[way], fit.coefficient[0], fit.error[0]);
        if (status == QUIPU_OK && way == 1) {
            const qi_bias_sets sets = {w->exporter,
                                       w->importer,
                                       w->year,
                                       (uint32_t)w->n_countries,
                                       (uint32_t)w->n_countries,
                                       (uint32_t)w->n_years};
            qi_bias bias = {0};
            status = qi_gravity_bias(&model, &fit, &sets, &bias, err);
            if (status == QUIPU_OK)
                count(&out[2], bias.coefficient[0], bias.error[0]);
            qi_bias_free(&bias);
        }
        qi_fit_free(&fit);
        QI_TRY(status);
    }
    return QUIPU_OK;
}

static void print(const char *name, const tally *t) {
    double n = (double)t->rounds, mean = t->sum / n;
    double sd = sqrt((t->squares - n * mean * mean) / (n - 1.0));
    double cover = (double)t->covered / n;
    printf("| %s | %.4f | %+.4f (%.4f) | %.4f | %.4f | %.1f %% (%.1f) |\n", name, mean,
           mean - TRUE_B, sd / sqrt(n), sd, t->errors / n, 100.0 * cover,
           100.0 * sqrt(cover * (1.0 - cover) / n));
}

int main(int argc, char **argv) {
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
    world w = {.n_countries = argc > 2 ? strtoul(argv[2], NULL, 10) : 30,
               .n_years = argc > 3 ? strtoul(argv[3], NULL, 10) : 6,
               .uneven = argc > 4 ? strtod(argv[4], NULL) : 1.0};
    tally tallies[WAYS] = {0};
    quipu_error err = {0};
    w.n = w.n_countries * (w.n_countries - 1) * w.n_years;
    double *numbers = calloc(2 * w.n, sizeof *numbers);
    uint32_t *ids = calloc(6 * w.n, sizeof *ids);
    if (numbers == NULL || ids == NULL)
        return 1;
    w.y = numbers;
    w.rta = numbers + w.n;
    w.exporter = ids;
    w.importer = ids + w.n;
    w.year = ids + 2 * w.n;
    w.exporter_year = ids + 3 * w.n;
    w.importer_year = ids + 4 * w.n;
    w.pair = ids + 5 * w.n;
    for (size_t r = 0; r < rounds; r++) {
        invent(&w, r + 1);
        if (estimate(&w, tallies, &err) != QUIPU_OK) {
            fprintf(stderr, "round %zu: %s\n", r, err.text);
            return 1;
        }
    }
    printf("%zu worlds of %zu countries and %zu years (%zu rows), true coefficient %.1f\n\n",
           rounds, w.n_countries, w.n_years, w.n, TRUE_B);
    printf("| | mean | bias (simulation error) | spread | mean of errors | covered |\n"
           "|---|---|---|---|---|---|\n");
    print("exporter-year and importer-year", &tallies[0]);
    print("and pair", &tallies[1]);
    print("and pair, `--bias-correct`", &tallies[2]);
    free(numbers);
    free(ids);
    return 0;
}
