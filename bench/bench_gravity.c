/* SPDX-License-Identifier: Apache-2.0 */
/* bench_gravity.c - estimation of gravity on invented panels.
 *
 *   bench_gravity [-t THREADS] [-n RUNS] [-o FILE.csv] CASE
 *   bench_gravity -l          the cases
 *
 * One JSON line: rows, rows used, steps, seconds of the estimation and of the processor (best of
 * the runs), peak memory of the whole process, coefficients.  With -o the panel is written for a peer and
 * nothing is timed.  The same case is the same panel everywhere: numbers come from a counter
 * and a mixer, not from the C library.
 */
#define _DEFAULT_SOURCE
#include "gravity/gravity.h"

#include <math.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* ---- cases ---- */

typedef struct bench_case {
    const char *name;
    uint32_t exporters, importers, sectors, years;
    double zeros;     /* the higher the more */
    unsigned reach;   /* how many neighbours a country trades with; 0 = all */
    unsigned effects; /* 2 or 3 */
    bool pair_of_all; /* pairs without sector */
    bool borders;     /* border-year dummies */
    qi_estimator estimator;
} bench_case;

static const bench_case cases[] = {
    {"A1M-two", 181, 185, 1, 30, 2.4, 0, 2, false, false, QI_PPML},
    {"A1M-three", 181, 185, 1, 30, 2.4, 0, 3, false, false, QI_PPML},
    {"A1M-three-ols", 181, 185, 1, 30, 2.4, 0, 3, false, false, QI_OLS},
    {"A1M-three-borders", 181, 185, 1, 30, 2.4, 0, 3, false, true, QI_PPML},
    {"S5M-two", 100, 100, 20, 25, 3.9, 0, 2, false, false, QI_PPML},
    {"S5M-three", 100, 100, 20, 25, 3.9, 0, 3, false, false, QI_PPML},
    {"S5M-pairs", 100, 100, 20, 25, 3.9, 0, 3, true, false, QI_PPML},
    {"S5M-three-ols", 100, 100, 20, 25, 3.9, 0, 3, false, false, QI_OLS},
    {"S12M-two", 100, 100, 40, 30, 5.4, 0, 2, false, false, QI_PPML},
    {"S12M-three", 100, 100, 40, 30, 5.4, 0, 3, false, false, QI_PPML},
    {"S12M-pairs", 100, 100, 40, 30, 5.4, 0, 3, true, false, QI_PPML},
    {"ring-three", 2000, 2000, 1, 30, 0.3, 3, 3, false, false, QI_PPML},
    {"ring-two", 2000, 2000, 1, 30, 0.3, 3, 2, false, false, QI_PPML},
};

/* ---- numbers ---- */

static uint64_t mix(uint64_t x) {
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

/* The same for the same kind of thing with the same numbers; in 0..1. */
static double uniform(uint64_t kind, uint64_t a, uint64_t b, uint64_t c) {
    return (double)(mix(mix(mix(mix(kind) + a) + b) + c) >> 11) * 0x1p-53;
}

/* About normal: the sum of four. */
static double normal(uint64_t kind, uint64_t a, uint64_t b, uint64_t c) {
    double sum = 0;
    for (uint64_t i = 0; i < 4; i++)
        sum += uniform(kind * 4 + i, a, b, c);
    return (sum - 2) * sqrt(3);
}

enum { SIZE_OF, EXPORTER, IMPORTER, PAIR, CELL, AGREEMENT, NOISE, SECTOR };

/* ---- panels ---- */

typedef struct panel {
    size_t n, k;
    double *y, *agreement;
    uint32_t *exporter, *importer, *pair, *exporter_year, *importer_year, *year;
    bool *abroad;
    uint32_t n_pairs, n_exporter_years, n_importer_years;
    double **border;
} panel;

static void *need(size_t bytes) {
    void *room = malloc(bytes);
    if (room == NULL) {
        fprintf(stderr, "bench_gravity: no memory\n");
        exit(1);
    }
    return room;
}

static bool neighbours(const bench_case *c, uint32_t i, uint32_t j) {
    uint32_t apart = i > j ? i - j : j - i;
    return c->reach == 0 || apart <= c->reach;
}

static double trade_of(const bench_case *c, uint32_t i, uint32_t j, uint32_t s, uint32_t t,
                       bool agreement) {
    double size = 1.2 * normal(SIZE_OF, i, 0, 0) + 1.2 * normal(SIZE_OF, 1000 + j, 1, 0);
    double pair = 1.3 * normal(PAIR, i, j, 0) + normal(PAIR, i, j, 1 + s);
    double years = 0.4 * normal(EXPORTER, i, s, t) + 0.4 * normal(IMPORTER, j, s, t) +
                   0.03 * t + 0.8 * normal(SECTOR, i, s, 0);
    double eta = size + pair + years + (i == j ? 3 : 0) + (agreement ? 0.3 : 0);
    if (eta + normal(CELL, i * 5000 + j, s, t) < c->zeros - 1.2)
        return 0;
    return exp(4 + eta + 0.7 * normal(NOISE, i * 5000 + j, s, t));
}

static void fill(const bench_case *c, panel *p) {
    size_t at = 0;
    for (uint32_t i = 0; i < c->exporters; i++)
        for (uint32_t j = 0; j < c->importers; j++) {
            if (!neighbours(c, i, j))
                continue;
            double begins = 60 * uniform(AGREEMENT, i < j ? i : j, i < j ? j : i, 0);
            for (uint32_t s = 0; s < c->sectors; s++)
                for (uint32_t t = 0; t < c->years; t++, at++) {
                    bool agreement = i != j && t >= begins;
                    p->y[at] = trade_of(c, i, j, s, t, agreement);
                    p->agreement[at] = agreement;
                    if (p->exporter != NULL) {
                        p->exporter[at] = i;
                        p->importer[at] = j;
                    }
                    if (p->year != NULL) {
                        p->year[at] = t;
                        p->abroad[at] = i != j;
                    }
                    p->pair[at] = (i * c->importers + j) * (c->pair_of_all ? 1 : c->sectors) +
                                  (c->pair_of_all ? 0 : s);
                    p->exporter_year[at] = (i * c->sectors + s) * c->years + t;
                    p->importer_year[at] = (j * c->sectors + s) * c->years + t;
                }
        }
    p->n = at;
}

static void make_panel(const bench_case *c, bool names, panel *p) {
    size_t most = 0;
    for (uint32_t i = 0; i < c->exporters; i++)
        for (uint32_t j = 0; j < c->importers; j++)
            most += neighbours(c, i, j) ? (size_t)c->sectors * c->years : 0;
    p->y = need(most * sizeof *p->y);
    p->agreement = need(most * sizeof *p->agreement);
    if (names) {
        p->exporter = need(most * sizeof *p->exporter);
        p->importer = need(most * sizeof *p->importer);
    }
    if (names || c->borders) {
        p->year = need(most * sizeof *p->year);
        p->abroad = need(most * sizeof *p->abroad);
    }
    p->pair = need(most * sizeof *p->pair);
    p->exporter_year = need(most * sizeof *p->exporter_year);
    p->importer_year = need(most * sizeof *p->importer_year);
    fill(c, p);
    p->n_pairs = c->exporters * c->importers * (c->pair_of_all ? 1 : c->sectors);
    p->n_exporter_years = c->exporters * c->sectors * c->years;
    p->n_importer_years = c->importers * c->sectors * c->years;
    p->border = need(c->years * sizeof *p->border);
    for (uint32_t t = 1; c->borders && t < c->years; t++) {
        p->border[t] = need(most * sizeof *p->border[t]);
        for (size_t i = 0; i < p->n; i++)
            p->border[t][i] = p->year[i] == t && p->abroad[i];
    }
}

/* ---- the peer's file ---- */

static int write_panel(const panel *p, const char *path) {
    FILE *out = fopen(path, "w");
    if (out == NULL)
        return 1;
    fprintf(out, "exporter,importer,year,pair,exporter_year,importer_year,trade,agreement\n");
    for (size_t i = 0; i < p->n; i++)
        fprintf(out, "%u,%u,%u,%u,%u,%u,%.17g,%g\n", p->exporter[i], p->importer[i], p->year[i],
                p->pair[i], p->exporter_year[i], p->importer_year[i], p->y[i], p->agreement[i]);
    return fclose(out) != 0;
}

/* ---- estimation ---- */

static double now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int estimate(const bench_case *c, panel *p, unsigned threads, int runs) {
    const double *x[64] = {p->agreement};
    const char *name[64] = {"agreement"};
    char names[64][32];
    qi_model m = {.estimator = c->estimator,
                  .n = p->n,
                  .k = 1,
                  .y = p->y,
                  .x = x,
                  .x_name = name,
                  .threads = threads,
                  .errors = QI_ERRORS_CLUSTER,
                  .n_clusters = 1};
    for (uint32_t t = 1; c->borders && t < c->years; t++) {
        snprintf(names[t], sizeof names[t], "border_%u", t);
        x[m.k] = p->border[t];
        name[m.k++] = names[t];
    }
    m.effect[0] = (qi_effect){"exporter^year", p->exporter_year, p->n_exporter_years};
    m.effect[1] = (qi_effect){"importer^year", p->importer_year, p->n_importer_years};
    m.effect[2] = (qi_effect){"exporter^importer", p->pair, p->n_pairs};
    m.n_effects = c->effects;
    m.cluster[0] = (qi_cluster){"exporter^importer", p->pair, p->n_pairs};
    double *logs = NULL;
    if (c->estimator == QI_OLS) { /* positive trade only, by weight */
        double *weight = need(p->n * sizeof *weight);
        logs = need(p->n * sizeof *logs);
        for (size_t i = 0; i < p->n; i++) {
            weight[i] = p->y[i] > 0;
            logs[i] = p->y[i] > 0 ? log(p->y[i]) : 0;
        }
        m.y = logs;
        m.weight = weight;
    }
    double best = INFINITY, least_cpu = INFINITY;
    for (int run = 0; run < runs; run++) {
        qi_fit fit;
        quipu_error err = {0};
        double start = now(CLOCK_MONOTONIC), used = now(CLOCK_PROCESS_CPUTIME_ID);
        if (qi_gravity_fit(&m, &fit, &err) != QUIPU_OK) {
            fprintf(stderr, "bench_gravity: %s: %s\n", c->name, err.text);
            return 1;
        }
        double seconds = now(CLOCK_MONOTONIC) - start;
        double cpu = now(CLOCK_PROCESS_CPUTIME_ID) - used;
        best = seconds < best ? seconds : best;
        least_cpu = cpu < least_cpu ? cpu : least_cpu;
        if (run == runs - 1) {
            struct rusage usage;
            getrusage(RUSAGE_SELF, &usage);
            printf(
                "{\"case\":\"%s\",\"threads\":%u,\"rows\":%zu,\"used\":%zu,\"steps\":%u,"
                "\"inner\":%u,\"seconds\":%.3f,\"cpu\":%.3f,\"peak_mb\":%ld,\"gradient\":%.2g,"
                "\"agreement\":%.12g,\"error\":%.12g}\n",
                c->name, threads, fit.n, fit.n_used, fit.steps, fit.inner, best, least_cpu,
                usage.ru_maxrss / 1024, fit.gradient, fit.coefficient[0], fit.error[0]);
        }
        qi_fit_free(&fit);
    }
    return 0;
}

int main(int argc, char **argv) {
    unsigned threads = 1;
    int runs = 1, option;
    const char *path = NULL;
    while ((option = getopt(argc, argv, "t:n:o:l")) != -1)
        switch (option) {
        case 't': threads = (unsigned)atoi(optarg); break;
        case 'n': runs = atoi(optarg); break;
        case 'o': path = optarg; break;
        case 'l':
            for (size_t i = 0; i < QI_COUNT(cases); i++)
                puts(cases[i].name);
            return 0;
        default: return 2;
        }
    for (size_t i = 0; i < QI_COUNT(cases) && optind < argc; i++) {
        if (strcmp(cases[i].name, argv[optind]) != 0)
            continue;
        panel p = {0};
        make_panel(&cases[i], path != NULL, &p);
        return path != NULL ? write_panel(&p, path) : estimate(&cases[i], &p, threads, runs);
    }
    fprintf(stderr, "bench_gravity: no such case; -l lists them\n");
    return 2;
}
