/* SPDX-License-Identifier: Apache-2.0 */
/* bench_complexity.c - quipu's side of the benchmark of complexity, inside one process.
 *
 *   bench_complexity [-n RUNS] [-t THREADS] [-d FOLDER] CUBE
 *
 * One JSON line a case: median and best of the runs, and a checksum the peer has, too.  The
 * cube has been read before the clock starts (pages, checksums), room for the figures is there.
 * With -d the exports of each year go to FOLDER/YEAR.f64 (countries x products, US$) for the
 * peer, and nothing is timed.
 *
 *   rca        Balassa indexes of all years into one buffer
 *   scores     from the cube: world, presence, ECI and PCI of all years
 *   proximity  of the last year, all pairs, from presence into a matrix of doubles
 *   common     the same up to the numbers of common countries: what counting alone costs
 *   density    density, COI and COG of the last year, from presence and scores
 *   complexity, product-complexity, density-one: measures of one country, all years, as a
 *              table, from the request on
 */
#define _DEFAULT_SOURCE
#include "measures/complex.h"
#include "measures/rca.h"

#include <time.h>
#include <unistd.h>

enum { MOST_RUNS = 200 };

typedef struct bench {
    quipu_cube *cube;
    quipu_nomen *nomen;
    unsigned threads;
    int runs;
    size_t n_slabs, n_countries, n_products;
    double *room;
    size_t room_size;
    qi_study study;      /* of all years, scored */
    const qi_year *last; /* year of it */
} bench;

static void stop(const quipu_error *err) {
    fprintf(stderr, "bench_complexity: %s\n", err->text);
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double *room_for(bench *b, size_t n) {
    if (n > b->room_size) {
        free(b->room);
        b->room = malloc(n * sizeof *b->room);
        b->room_size = n;
        if (b->room == NULL)
            exit(1);
        memset(b->room, 1, n * sizeof *b->room);
    }
    return b->room;
}

/* ---- cases: each returns its checksum; `seconds` of what counts ---- */

static double do_rca(bench *b, double *seconds) {
    quipu_error err = {0};
    qi_rca_options options = {.side = QUIPU_BY_REPORTER, .threads = b->threads};
    size_t cells = b->n_countries * b->n_products;
    double *panel = room_for(b, b->n_slabs * cells), sum = 0;
    double start = now();
    for (size_t s = 0; s < b->n_slabs; s++)
        if (qi_rca_panel(b->cube, s, &options, panel + s * cells, &err) != QUIPU_OK)
            stop(&err);
    *seconds = now() - start;
    for (size_t i = 0; i < b->n_slabs * cells; i++)
        sum += panel[i] >= 1;
    return sum;
}

static quipu_request request_of(const bench *b, const quipu_argument *arguments, size_t n) {
    return (quipu_request){.cube = b->cube,
                           .nomen = b->nomen,
                           .arguments = arguments,
                           .n_arguments = n,
                           .threads = b->threads};
}

static double do_scores(bench *b, double *seconds) {
    quipu_error err = {0};
    quipu_request request = request_of(b, NULL, 0);
    qi_study s;
    double sum = 0, start = now();
    if (qi_study_open(&s, quipu_measure_find("complexity"), &request,
                      QI_STUDY_PRESENCE | QI_STUDY_SCORES, &err) != QUIPU_OK)
        stop(&err);
    *seconds = now() - start;
    for (size_t t = 0; t < s.n_years; t++)
        for (size_t p = 0; p < s.years[t].world.n_products; p++)
            sum += fabs(s.years[t].scores.pci[p]);
    qi_study_close(&s);
    return sum;
}

static double do_proximity(bench *b, double *seconds) {
    const qi_presence *m = &b->last->presence;
    size_t cells = m->n_products * m->n_products;
    double *phi = room_for(b, cells), sum = 0, start = now();
    if (qi_proximity(m, b->threads, phi, NULL) != QUIPU_OK)
        exit(1);
    *seconds = now() - start;
    for (size_t i = 0; i < cells; i++)
        sum += phi[i];
    return sum;
}

static double do_row(bench *b, double *seconds) {
    const qi_presence *m = &b->last->presence;
    double *row = room_for(b, m->n_products), sum = 0, start = now();
    for (size_t p = 0; p < m->n_products; p++) {
        qi_proximity_row(m, p, row);
        sum += row[p / 2];
    }
    *seconds = now() - start;
    return sum;
}

static double do_density(bench *b, double *seconds) {
    quipu_error err = {0};
    qi_density d;
    qi_density_options options = {.scores = &b->last->scores, .threads = b->threads};
    double sum = 0, start = now();
    if (qi_density_make(&b->last->presence, &options, &d, &err) != QUIPU_OK)
        stop(&err);
    *seconds = now() - start;
    for (size_t i = 0; i < b->last->presence.n_countries * b->last->presence.n_products; i++)
        sum += d.density[i] + fabs(d.gain[i]);
    qi_density_free(&d);
    return sum;
}

static double do_measure(bench *b, const char *name, double *seconds) {
    quipu_error err = {0};
    quipu_argument peru[] = {{"reporter", "604"}};
    const quipu_measure *measure = quipu_measure_find(name);
    bool takes = strcmp(name, "product-complexity") != 0 && strcmp(name, "proximity") != 0;
    quipu_request request = request_of(b, peru, takes ? 1 : 0);
    quipu_table table;
    double start = now();
    if (quipu_measure_run(measure, &request, &table, &err) != QUIPU_OK)
        stop(&err);
    *seconds = now() - start;
    double rows = (double)table.n_rows;
    quipu_table_free(&table);
    return rows;
}

static double do_complexity(bench *b, double *seconds) {
    return do_measure(b, "complexity", seconds);
}
static double do_product_complexity(bench *b, double *seconds) {
    return do_measure(b, "product-complexity", seconds);
}
static double do_density_one(bench *b, double *seconds) {
    return do_measure(b, "density", seconds);
}
static double do_space(bench *b, double *seconds) {
    return do_measure(b, "product-space", seconds);
}

static int rising(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void measure(bench *b, const char *name, double (*run)(bench *, double *), int runs) {
    double times[MOST_RUNS], sum = 0;
    run(b, &times[0]);
    for (int i = 0; i < runs; i++)
        sum = run(b, &times[i]);
    qsort(times, (size_t)runs, sizeof *times, rising);
    printf("{\"case\": \"%s\", \"seconds\": %.6f, \"best\": %.6f, \"runs\": %d, "
           "\"checksum\": %.12g}\n",
           name, times[runs / 2], times[0], runs, sum);
    fflush(stdout);
}

/* ---- for the peer ---- */

static void dump(const bench *b, const char *folder) {
    for (size_t t = 0; t < b->study.n_years; t++) {
        const qi_world *w = &b->study.years[t].world;
        quipu_money *room = malloc((w->n_products + 1) * sizeof *room);
        const quipu_money *row = room;
        char path[512];
        snprintf(path, sizeof path, "%s/%d.f64", folder, (int)b->study.years[t].period);
        FILE *file = room != NULL ? fopen(path, "wb") : NULL;
        for (size_t i = 0; file != NULL && i < w->n_countries * w->n_products; i++) {
            if (i % w->n_products == 0)
                row = qi_world_row(w, i / w->n_products, room);
            double usd = (double)row[i % w->n_products] / QUIPU_MONEY_PER_USD;
            if (fwrite(&usd, sizeof usd, 1, file) != 1)
                exit(1);
        }
        free(room);
        if (file == NULL || fclose(file) != 0)
            exit(1);
        printf("{\"file\": \"%s\", \"countries\": %zu, \"products\": %zu, \"ones\": %zu}\n",
               path, w->n_countries, w->n_products, b->study.years[t].presence.n);
    }
}

int main(int argc, char **argv) {
    bench b = {.runs = 15};
    quipu_error err = {0};
    const char *folder = NULL;
    for (int option; (option = getopt(argc, argv, "n:t:d:")) != -1;) {
        if (option == 'n')
            b.runs = atoi(optarg);
        else if (option == 't')
            b.threads = (unsigned)atoi(optarg);
        else if (option == 'd')
            folder = optarg;
        else
            return 2;
    }
    if (optind + 1 != argc || b.runs < 1 || b.runs > MOST_RUNS)
        return 2;
    if (quipu_cube_open(argv[optind], &b.cube, &err) != QUIPU_OK ||
        quipu_nomen_open(&b.nomen, &err) != QUIPU_OK)
        stop(&err);
    quipu_cube_slabs(b.cube, &b.n_slabs);
    quipu_cube_countries(b.cube, &b.n_countries);
    b.n_products = quipu_cube_n_products(b.cube);
    quipu_request request = request_of(&b, NULL, 0);
    if (qi_study_open(&b.study, quipu_measure_find("complexity"), &request,
                      QI_STUDY_PRESENCE | QI_STUDY_SCORES, &err) != QUIPU_OK)
        stop(&err);
    b.last = &b.study.years[b.study.n_years - 1];
    if (folder != NULL) {
        dump(&b, folder);
    } else {
        measure(&b, "rca", do_rca, b.runs);
        measure(&b, "scores", do_scores, b.runs);
        measure(&b, "proximity", do_proximity, b.runs);
        measure(&b, "proximity-rows", do_row, b.runs);
        measure(&b, "density", do_density, b.runs);
        measure(&b, "complexity", do_complexity, (b.runs + 2) / 3);
        measure(&b, "product-complexity", do_product_complexity, (b.runs + 2) / 3);
        measure(&b, "density-one", do_density_one, (b.runs + 2) / 3);
        measure(&b, "product-space", do_space, 1);
    }
    qi_study_close(&b.study);
    quipu_nomen_close(b.nomen);
    quipu_cube_close(b.cube);
    free(b.room);
    return 0;
}
