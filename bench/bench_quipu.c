/* SPDX-License-Identifier: Apache-2.0 */
/* bench_quipu.c - quipu's side of the benchmark: the peer's questions, inside one process.
 *
 *   bench_quipu [-1] [-n RUNS] [-t THREADS] CUBE [CASE...]
 *
 * Questions go through quipu_measure_run, as from the command line, up to a table that is
 * made but not printed; `rca` fills the whole panel of indexes into a buffer and then counts
 * and adds it up, as the peer does.  One JSON line a case:
 *
 *   seconds, best   of the repeated runs, cube open, classes in the cache
 *   first           of the first run after opening: checksums, page faults, class tables
 *   rollup          sums alone, without the table (through quipu_view_open, quipu_rollup)
 *   read, written   bytes of figures that went through the question; checked: bytes of the
 *                   file whose checksums the first run had to verify (blocks of 64 KiB)
 *   checksum        comparable with the peer's: classes nobody trades have a row with us and
 *                   none there, so rows are counted where there is a value
 *
 * With -1 each case runs once and `seconds` is from opening the cube on.
 */
#define _DEFAULT_SOURCE
#include "base/base.h"
#include "cube/cube.h"
#include "measures/rca.h"
#include "quipu/catalog.h"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PERU  "604"
#define CHINA "156"

enum { MOST_ARGUMENTS = 5, MOST_RUNS = 2000 };
#define WORTH_A_MEDIAN 0.3 /* seconds: short questions are asked more often */

/* ---- questions ---- */

typedef enum when { LAST_YEAR, ALL_YEARS } when;

typedef struct question {
    const char *name;
    const char *measure; /* NULL: not through the catalogue */
    const char *reporter, *partner, *flow, *by;
    when when;
    uint32_t dims; /* of the roll-up under it */
    const char *classes;
} question;

#define TIME QUIPU_DIM_PERIOD
static const question questions[] = {
    {.name = "startup"},
    {"partner_shares", "share", PERU, NULL, "export", "partner", LAST_YEAR,
     TIME | QUIPU_DIM_PARTNER, NULL},
    {"partner_shares_importer", "share", PERU, NULL, "import", "partner", LAST_YEAR,
     TIME | QUIPU_DIM_PARTNER, NULL},
    {"top10_pair", "top", PERU, CHINA, "export", "product", LAST_YEAR, TIME | QUIPU_DIM_PRODUCT,
     NULL},
    {"top10_pair_importer", "top", PERU, CHINA, "import", "product", LAST_YEAR,
     TIME | QUIPU_DIM_PRODUCT, NULL},
    {"structure", "structure", PERU, NULL, "export", "section", ALL_YEARS,
     TIME | QUIPU_DIM_PRODUCT, "section"},
    {"structure_importer", "structure", PERU, NULL, "import", "section", ALL_YEARS,
     TIME | QUIPU_DIM_PRODUCT, "section"},
    {.name = "rca"},
    {"rca_table", "rca", NULL, NULL, "export", "reporter,product", ALL_YEARS,
     TIME | QUIPU_DIM_REPORTER | QUIPU_DIM_PRODUCT, NULL},
    {"growth_by_class", "growth", NULL, NULL, "export", "reporter,section", ALL_YEARS,
     TIME | QUIPU_DIM_REPORTER | QUIPU_DIM_PRODUCT, "section"},
};

/* What a question came to, for comparison with the peer. */
typedef struct answer {
    uint64_t rows;
    bool has_money, has_real;
    quipu_money money;
    double real;
    uint64_t at_least_1;
    char top[16];
} answer;

typedef struct bench {
    const char *path;
    unsigned threads;
    int runs;
    bool once;
    quipu_cube *cube;
    quipu_nomen *nomen;
    quipu_cache *cache;
    double *panel;
    size_t panel_bytes;
    char last[16], all[32]; /* years */
} bench;

static void stop(const quipu_error *err) {
    fprintf(stderr, "bench_quipu: %s%s%s\n", err->file, err->file[0] != '\0' ? ": " : "",
            err->text);
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- through the catalogue ---- */

static void add(quipu_argument *list, size_t *n, const char *name, const char *value) {
    if (value != NULL)
        list[(*n)++] = (quipu_argument){name, value};
}

static const char *years_of(const bench *b, const question *q) {
    return q->when == LAST_YEAR ? b->last : b->all;
}

static void ask(const bench *b, const question *q, quipu_table *out) {
    quipu_argument arguments[MOST_ARGUMENTS];
    quipu_request request = {.cube = b->cube,
                             .nomen = b->nomen,
                             .arguments = arguments,
                             .threads = b->threads,
                             .cache = b->cache};
    quipu_error err = {0};
    add(arguments, &request.n_arguments, "reporter", q->reporter);
    add(arguments, &request.n_arguments, "partner", q->partner);
    add(arguments, &request.n_arguments, "flow", q->flow);
    add(arguments, &request.n_arguments, "by", q->by);
    add(arguments, &request.n_arguments, "years", years_of(b, q));
    if (quipu_measure_run(quipu_measure_find(q->measure), &request, out, &err) != QUIPU_OK)
        stop(&err);
}

/* The number of a country by the letters a table gives. */
static unsigned number_of(const bench *b, const char *iso3) {
    size_t n;
    const quipu_cube_country *countries = quipu_cube_countries(b->cube, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(countries[i].iso3, iso3) == 0)
            return countries[i].number;
    return 0;
}

static int64_t integer_at(const quipu_table *t, const char *column, size_t row) {
    ptrdiff_t c = quipu_table_find(t, column);
    return c >= 0 && quipu_table_present(t, (size_t)c, row) ? t->columns[c].data.integer[row]
                                                            : 0;
}

static answer sum_values(const bench *b, const quipu_table *t, const char *top) {
    answer a = {.has_money = true};
    for (size_t row = 0; row < t->n_rows; row++) {
        int64_t value = integer_at(t, "value", row);
        a.rows += value != 0;
        a.money += value;
    }
    if (top != NULL && t->n_rows > 0) {
        const char *code = t->columns[quipu_table_find(t, top)].data.text[0];
        if (strcmp(top, "partner") == 0)
            snprintf(a.top, sizeof a.top, "%u", number_of(b, code));
        else
            snprintf(a.top, sizeof a.top, "%s", code);
    }
    return a;
}

static answer sum_growth(const quipu_table *t) {
    answer a = {.has_real = true};
    ptrdiff_t growth = quipu_table_find(t, "growth");
    for (size_t row = 0; row < t->n_rows; row++) {
        int64_t from = integer_at(t, "value_from", row), to = integer_at(t, "value_to", row);
        a.rows += from != 0 || to != 0;
        /* The peer has no rate where a class died out; ours is -100 %. */
        if (from > 0 && to > 0)
            a.real += t->columns[growth].data.real[row];
    }
    return a;
}

static answer sum_indexes(const quipu_table *t) {
    answer a = {.has_real = true};
    ptrdiff_t rca = quipu_table_find(t, "rca");
    const double *values = t->columns[rca].data.real;
    for (size_t row = 0; row < t->n_rows; row++) {
        if (!quipu_table_present(t, (size_t)rca, row) || values[row] <= 0)
            continue;
        a.rows++;
        a.real += values[row];
        a.at_least_1 += values[row] >= 1;
    }
    return a;
}

static answer check(const bench *b, const question *q, const quipu_table *t) {
    if (strcmp(q->measure, "growth") == 0)
        return sum_growth(t);
    if (strcmp(q->measure, "rca") == 0)
        return sum_indexes(t);
    return sum_values(b, t, strcmp(q->measure, "structure") == 0 ? NULL : q->by);
}

/* ---- the panel ---- */

enum { PIECE = 1 << 16, LANES = 8 };

typedef struct counting {
    const double *values;
    size_t n;
    answer *parts;
} counting;

/* Lanes: so many sums side by side, in a fixed order, that the additions need not wait. */
static quipu_status count_piece(void *user, size_t task, unsigned worker, quipu_error *err) {
    counting *c = user;
    const double *at = c->values + task * PIECE;
    size_t n = c->n - task * PIECE < PIECE ? c->n - task * PIECE : PIECE;
    double sum[LANES] = {0};
    int64_t rows[LANES] = {0}, high[LANES] = {0};
    QI_UNUSED(worker);
    QI_UNUSED(err);
    for (size_t i = 0; i < n / LANES * LANES; i += LANES)
        for (size_t l = 0; l < LANES; l++) {
            double v = at[i + l];
            sum[l] += v > 0 ? v : 0;
            rows[l] += v > 0;
            high[l] += v >= 1;
        }
    for (size_t i = n / LANES * LANES; i < n; i++) {
        sum[0] += at[i] > 0 ? at[i] : 0;
        rows[0] += at[i] > 0;
        high[0] += at[i] >= 1;
    }
    for (size_t l = 0; l < LANES; l++) {
        c->parts[task].rows += (uint64_t)rows[l];
        c->parts[task].at_least_1 += (uint64_t)high[l];
        c->parts[task].real += sum[l];
    }
    return QUIPU_OK;
}

static answer count_panel(const bench *b) {
    counting c = {.values = b->panel, .n = b->panel_bytes / sizeof *b->panel};
    size_t tasks = (c.n + PIECE - 1) / PIECE;
    answer a = {.has_real = true};
    quipu_error err = {0};
    c.parts = calloc(tasks + 1, sizeof *c.parts);
    if (c.parts == NULL)
        exit(1);
    if (qi_run_tasks(b->threads, tasks, count_piece, &c, &err) != QUIPU_OK)
        stop(&err);
    for (size_t t = 0; t < tasks; t++) {
        a.rows += c.parts[t].rows;
        a.real += c.parts[t].real;
        a.at_least_1 += c.parts[t].at_least_1;
    }
    free(c.parts);
    return a;
}

static void fill_panel(bench *b) {
    size_t n, countries, products = quipu_cube_n_products(b->cube);
    qi_rca_options options = {.side = QUIPU_BY_REPORTER, .threads = b->threads};
    quipu_error err = {0};
    quipu_cube_slabs(b->cube, &n);
    quipu_cube_countries(b->cube, &countries);
    if (b->panel == NULL) {
        b->panel_bytes = n * countries * products * sizeof *b->panel;
        b->panel = qi_big_alloc(b->panel_bytes);
        if (b->panel == NULL)
            exit(1);
    }
    for (size_t s = 0; s < n; s++)
        if (qi_rca_panel(b->cube, s, &options, b->panel + s * countries * products, &err) !=
            QUIPU_OK)
            stop(&err);
}

/* What the panel reads: a matrix and three margins a year. */
static uint64_t panel_reads(const bench *b) {
    size_t n;
    uint64_t bytes = 0;
    quipu_error err = {0};
    quipu_cube_slabs(b->cube, &n);
    for (size_t s = 0; s < n; s++) {
        quipu_matrix m;
        if (quipu_cube_matrix(b->cube, s, QUIPU_BY_REPORTER, &m, &err) != QUIPU_OK)
            stop(&err);
        bytes += (m.n_countries + m.n_products) * sizeof(quipu_money);
        bytes += m.dense != NULL
                     ? m.n_countries * m.n_products * sizeof *m.dense
                     : (m.n_countries + 1) * sizeof *m.start +
                           m.start[m.n_countries] * (sizeof *m.product + sizeof *m.value);
    }
    return bytes;
}

/* ---- one run of a question ---- */

static void open_cube(bench *b) {
    quipu_error err = {0};
    size_t n;
    if (quipu_cube_open(b->path, &b->cube, &err) != QUIPU_OK)
        stop(&err);
    const quipu_slab *slabs = quipu_cube_slabs(b->cube, &n);
    if (n == 0)
        exit(1);
    snprintf(b->last, sizeof b->last, "%d", slabs[n - 1].period);
    snprintf(b->all, sizeof b->all, "%d-%d", slabs[0].period, slabs[n - 1].period);
}

static answer run(bench *b, const question *q, double *seconds) {
    answer a = {0};
    double start = now();
    if (strcmp(q->name, "startup") == 0) {
        quipu_cube_close(b->cube);
        open_cube(b);
        a.rows = 1;
    } else if (q->measure == NULL) {
        fill_panel(b);
        a = count_panel(b); /* counting is part of the question */
    } else {
        quipu_table table = {0};
        ask(b, q, &table);
        *seconds = now() - start;
        a = check(b, q, &table);
        quipu_table_free(&table);
        return a;
    }
    *seconds = now() - start;
    return a;
}

/* ---- repeated runs ---- */

typedef struct times {
    int n;
    double seconds[MOST_RUNS];
} times;

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool wants_more(const bench *b, const times *t, double start) {
    return t->n < MOST_RUNS && (t->n < b->runs || now() - start < WORTH_A_MEDIAN);
}

static double median(times *t) {
    qsort(t->seconds, (size_t)t->n, sizeof t->seconds[0], by_size);
    return t->seconds[t->n / 2];
}

/* The sums of a question without its table; *read gets the bytes they took. */
static double time_rollup(const bench *b, const question *q, uint64_t *read,
                          const char **path) {
    static times t;
    quipu_selection selection = {.reporter = q->reporter,
                                 .partner = q->partner,
                                 .flow = q->flow,
                                 .years = years_of(b, q)};
    quipu_mapping classes = {0};
    quipu_error err = {0};
    quipu_rollup_options options = {.dims = q->dims, .threads = b->threads};
    if (q->classes != NULL) {
        if (quipu_classify(b->nomen, q->classes, quipu_cube_meta(b->cube, "nomenclature"),
                           quipu_cube_product_codes(b->cube), quipu_cube_n_products(b->cube),
                           NULL, &classes, &err) != QUIPU_OK)
            stop(&err);
        options.classes = &classes;
    }
    t.n = 0;
    for (double start = now(); wants_more(b, &t, start);) {
        quipu_view view;
        quipu_cells cells;
        double from = now();
        if (quipu_view_open(b->cube, b->nomen, &selection, NULL, &view, &err) != QUIPU_OK ||
            quipu_rollup(&view, &options, &cells, &err) != QUIPU_OK)
            stop(&err);
        t.seconds[t.n++] = now() - from;
        *read = cells.bytes_touched;
        *path = cells.path;
        quipu_cells_free(&cells);
        quipu_view_close(&view);
    }
    quipu_mapping_free(&classes);
    return median(&t);
}

static double time_fill(bench *b) {
    static times t;
    t.n = 0;
    for (double start = now(); wants_more(b, &t, start);) {
        double from = now();
        fill_panel(b);
        t.seconds[t.n++] = now() - from;
    }
    return median(&t);
}

/* Bytes of the file whose checksums this cube has verified since it was opened. */
static uint64_t checked(const quipu_cube *cube) {
    uint64_t n = 0;
    for (uint64_t w = 0; w < cube->header->n_blocks / 64 + 1; w++)
        n += (uint64_t)__builtin_popcountll(
            atomic_load_explicit(&cube->sound[w], memory_order_relaxed));
    return n * QI_BLOCK_BYTES;
}

/* ---- output ---- */

static void print_checksum(const answer *a) {
    printf("\"checksum\":{\"rows\":%llu", (unsigned long long)a->rows);
    /* In the peer's unit, thousands of dollars with three places. */
    if (a->has_money)
        printf(",\"sum\":\"%lld.%03lld\"", (long long)(a->money / 1000000),
               (long long)(a->money / 1000 % 1000));
    if (a->has_real)
        printf(",\"sum\":%.9g", a->real);
    if (a->at_least_1 > 0)
        printf(",\"at_least_1\":%llu", (unsigned long long)a->at_least_1);
    if (a->top[0] != '\0')
        printf(",\"top\":\"%s\"", a->top);
    printf("}");
}

static void measure(bench *b, const question *q) {
    static times t;
    double first, second = 0, best;
    uint64_t before = checked(b->cube), read = 0, seen;
    const char *path = "";
    struct rusage usage;
    answer a = run(b, q, &first);
    seen = checked(b->cube) - before;
    t.n = 0;
    for (double start = now(); !b->once && wants_more(b, &t, start);)
        a = run(b, q, &t.seconds[t.n++]);
    if (b->once)
        t.seconds[t.n++] = first;
    double typical = median(&t);
    best = t.seconds[0];
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"engine\":\"quipu\",\"case\":\"%s\",\"mode\":\"%s\",\"runs\":%d,\"seconds\":%.7f,"
           "\"best\":%.7f,\"first\":%.7f,",
           q->name, b->once ? "once" : "warm", t.n, typical, best, first);
    if (!b->once && q->measure != NULL) {
        second = time_rollup(b, q, &read, &path);
        printf("\"rollup\":%.7f,\"path\":\"%s\",\"read\":%llu,\"written\":0,", second, path,
               (unsigned long long)read);
    } else if (!b->once && strcmp(q->name, "rca") == 0) {
        second = time_fill(b);
        printf("\"fill\":%.7f,\"path\":\"matrix\",\"read\":%llu,\"written\":%llu,", second,
               (unsigned long long)panel_reads(b), (unsigned long long)b->panel_bytes);
    }
    printf("\"checked\":%llu,\"rss_mb\":%ld,", (unsigned long long)seen,
           usage.ru_maxrss / 1024);
    print_checksum(&a);
    puts("}");
    fflush(stdout);
}

static bool is_wanted(const question *q, char **names, int n) {
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], q->name) == 0)
            return true;
    return n == 0;
}

/* Every case starts with a cube and tables of its own, so that `first` means it. */
static void run_case(bench *b, const question *q) {
    quipu_error err = {0};
    open_cube(b);
    if (quipu_nomen_open(&b->nomen, &err) != QUIPU_OK ||
        quipu_cache_open(&b->cache, &err) != QUIPU_OK)
        stop(&err);
    measure(b, q);
    quipu_cache_close(b->cache);
    quipu_nomen_close(b->nomen);
    quipu_cube_close(b->cube);
    qi_big_free(b->panel, b->panel_bytes);
    b->panel = NULL;
}

int main(int argc, char **argv) {
    bench b = {.runs = 25, .threads = qi_cpu_count()};
    int option;
    while ((option = getopt(argc, argv, "1n:t:")) != -1) {
        if (option == '1')
            b.once = true;
        else if (option == 'n')
            b.runs = atoi(optarg);
        else if (option == 't')
            b.threads = (unsigned)atoi(optarg);
        else
            return 2;
    }
    if (optind == argc || b.runs < 1 || b.threads < 1) {
        fputs("usage: bench_quipu [-1] [-n RUNS] [-t THREADS] CUBE [CASE...]\n", stderr);
        return 2;
    }
    b.path = argv[optind++];
    for (size_t i = 0; i < QI_COUNT(questions); i++)
        if (is_wanted(&questions[i], argv + optind, argc - optind))
            run_case(&b, &questions[i]);
    return 0;
}
