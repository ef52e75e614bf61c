/* SPDX-License-Identifier: Apache-2.0 */
/* world.h - seeded small worlds for tests: a plain list of cells, and the cube of that list.
 *
 * Every cell is drawn from a hash of (seed, period, flow, reporter, partner, product), so a
 * world with more periods or other columns keeps the cells it had.  The list is the truth that
 * tests add up the slow way; the cube is written with the writer that import uses.
 *
 *     qt_world_spec spec = {.seed = 7, .n_countries = 6, .n_products = 40, .n_periods = 3};
 *     quipu_status status = qt_world_write(path, &spec, &err);
 *
 *     qt_world world;                      the same world as a list
 *     bool made = qt_world_make(&spec, &world);
 *     int64_t value = qt_world_sum(&world, 2001, QUIPU_IMPORT, QT_ANY, QT_ANY, QT_ANY);
 *     qt_world_free(&world);
 *
 * Header-only, because each test program is one source file.  Include it after cmocka.h or
 * without cmocka; it asserts nothing.
 */
#ifndef QT_WORLD_H
#define QT_WORLD_H

#include "base/base.h"
#include "cube/writer.h"

#include <unistd.h>

/* Zero stands for the default named beside a member. */
typedef struct qt_world_spec {
    uint64_t seed;
    size_t n_countries; /* 6; the first are Peru, China, Japan, Korea, the USA, India, ... */
    size_t n_products;  /* 40 */
    size_t n_periods;   /* 3 */
    int first_year;     /* 2000 */
    bool monthly;       /* periods are months from January of first_year */
    uint32_t flows;     /* bits 1 << QUIPU_EXPORT ...; exports and imports */
    double pairs;       /* share of pairs that trade: 0.7 */
    double density;     /* share of products such a pair trades: 0.4 */
    uint32_t columns;   /* QUIPU_HAS_...; none */
    bool with_weight;   /* the same as QUIPU_HAS_WEIGHT in columns */
    double absent;    /* share of weights and quantities that are missing: 0.1; below 0: none */
    double valueless; /* share of leaves with no value: none */
    double zeros;     /* share of leaves with a value of zero: none */
    bool cents;       /* values to a tenth of a cent; whole dollars */
    size_t n_tariffs; /* 0 */
    uint32_t n_firms; /* 0: the cube knows no firms */
    /* Names to use instead; borrowed, must outlive the world, in the order a cube wants. */
    const quipu_cube_country *countries;
    const char *const *products;
    const char *nomenclature; /* "H0" */
} qt_world_spec;

/* Countries and products by position in the cube. */
typedef struct qt_cell {
    quipu_period period;
    quipu_flow flow;
    uint16_t reporter, partner;
    uint32_t product;
    quipu_money value; /* QUIPU_MONEY_MISSING */
    quipu_quantity weight, quantity;
    uint8_t unit, flags;
} qt_cell;

/* A part of a cell, or all of it. */
typedef struct qt_firm_row {
    quipu_period period;
    quipu_flow flow;
    uint32_t firm;
    uint16_t reporter, partner;
    uint32_t product;
    quipu_money value;
} qt_firm_row;

typedef struct qt_world {
    qt_world_spec spec; /* with the defaults filled in */
    qi_arena arena;
    quipu_cube_country *countries;
    const char **products;
    quipu_period *periods;
    /* Sorted by (period, flow, reporter, partner, product). */
    QI_LIST(qt_cell) cells;
    QI_LIST(quipu_tariff) tariffs;
    /* Sorted by (period, flow, firm, reporter, partner, product). */
    QI_LIST(qt_firm_row) firm_rows;
} qt_world;

/* ---- randomness ---- */

static inline uint64_t qt_mix(uint64_t x) {
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* A stream of numbers from a seed: each call the next. */
static inline uint64_t qt_next(uint64_t *state) {
    *state += UINT64_C(0x9E3779B97F4A7C15);
    return qt_mix(*state);
}

static inline double qt_share(uint64_t random) {
    return (double)(random >> 11) / 9007199254740992.0;
}

/* Numbers of every size: the count of digits is drawn, then the digits. */
static inline int64_t qt_amount(uint64_t random, unsigned max_bits) {
    unsigned bits = 1 + (unsigned)(random % max_bits);
    return (int64_t)(qt_mix(random) >> (64 - bits));
}

/* ---- names ---- */

static inline quipu_cube_country qt_country(size_t position) {
    static const quipu_cube_country KNOWN[] = {
        {604, "PER", "Peru"},         {156, "CHN", "China"},
        {392, "JPN", "Japan"},        {410, "KOR", "Rep. of Korea"},
        {842, "USA", "USA"},          {699, "IND", "India"},
        {76, "BRA", "Brazil"},        {152, "CHL", "Chile"},
        {276, "DEU", "Germany"},      {702, "SGP", "Singapore"},
        {764, "THA", "Thailand"},     {704, "VNM", "Viet Nam"},
        {360, "IDN", "Indonesia"},    {458, "MYS", "Malaysia"},
        {608, "PHL", "Philippines"},  {344, "HKG", "China, Hong Kong SAR"},
        {170, "COL", "Colombia"},     {218, "ECU", "Ecuador"},
        {68, "BOL", "Bolivia"},       {32, "ARG", "Argentina"},
        {484, "MEX", "Mexico"},       {124, "CAN", "Canada"},
        {251, "FRA", "France"},       {380, "ITA", "Italy"},
        {724, "ESP", "Spain"},        {826, "GBR", "United Kingdom"},
        {36, "AUS", "Australia"},     {554, "NZL", "New Zealand"},
        {792, "TUR", "Turkey"},       {643, "RUS", "Russian Federation"},
        {710, "ZAF", "South Africa"}, {528, "NLD", "Netherlands"},
    };
    if (position < QI_COUNT(KNOWN))
        return KNOWN[position];
    quipu_cube_country made = {.number = (uint16_t)(1000 + position), .name = "Nowhere"};
    snprintf(made.iso3, sizeof made.iso3, "X%03u", (unsigned)(position % 1000));
    return made;
}

static inline int qt_by_number(const void *a, const void *b) {
    const quipu_cube_country *x = a, *y = b;
    return (int)x->number - (int)y->number;
}

static inline bool qt_make_names(qt_world *world) {
    const qt_world_spec *spec = &world->spec;
    world->countries =
        qi_arena_alloc(&world->arena, spec->n_countries * sizeof *world->countries);
    world->products = qi_arena_alloc(&world->arena, spec->n_products * sizeof *world->products);
    world->periods = qi_arena_alloc(&world->arena, spec->n_periods * sizeof *world->periods);
    if (world->countries == NULL || world->products == NULL || world->periods == NULL)
        return false;
    for (size_t c = 0; c < spec->n_countries; c++)
        world->countries[c] = spec->countries != NULL ? spec->countries[c] : qt_country(c);
    qsort(world->countries, spec->n_countries, sizeof *world->countries, qt_by_number);
    for (size_t k = 0; k < spec->n_products; k++) { /* spread over the chapters of the HS */
        unsigned long code = 10110ul + (unsigned long)k * (960000ul / spec->n_products);
        world->products[k] = spec->products != NULL
                                 ? spec->products[k]
                                 : qi_arena_printf(&world->arena, "%06lu", code);
        if (world->products[k] == NULL)
            return false;
    }
    for (size_t t = 0; t < spec->n_periods; t++) {
        int i = (int)t;
        world->periods[t] = spec->monthly ? (spec->first_year + i / 12) * 100 + i % 12 + 1
                                          : spec->first_year + i;
    }
    return true;
}

static inline qt_world_spec qt_with_defaults(const qt_world_spec *spec) {
    qt_world_spec s = *spec;
    s.n_countries = s.n_countries == 0 ? 6 : s.n_countries;
    s.n_products = s.n_products == 0 ? 40 : s.n_products;
    s.n_periods = s.n_periods == 0 ? 3 : s.n_periods;
    s.first_year = s.first_year == 0 ? 2000 : s.first_year;
    s.flows = s.flows == 0 ? 1u << QUIPU_EXPORT | 1u << QUIPU_IMPORT : s.flows;
    s.pairs = s.pairs <= 0 ? 0.7 : s.pairs;
    s.density = s.density <= 0 ? 0.4 : s.density;
    s.columns |= s.with_weight ? (uint32_t)QUIPU_HAS_WEIGHT : 0;
    s.absent = s.absent < 0 ? 0 : s.absent <= 0 ? 0.1 : s.absent;
    s.nomenclature = s.nomenclature == NULL ? "H0" : s.nomenclature;
    return s;
}

/* ---- cells ---- */

static inline void qt_world_free(qt_world *world) {
    free(world->cells.items);
    free(world->tariffs.items);
    free(world->firm_rows.items);
    qi_arena_free(&world->arena);
    memset(world, 0, sizeof *world);
}

static inline qt_cell qt_draw(const qt_world_spec *spec, uint64_t random) {
    qt_cell cell = {
        .weight = QUIPU_QUANTITY_MISSING, .quantity = QUIPU_QUANTITY_MISSING, .unit = 1};
    cell.value = qt_amount(qt_next(&random), 34);
    cell.value = spec->cents ? cell.value + 1 : (cell.value + 1) * 1000;
    if (qt_share(qt_next(&random)) < spec->zeros)
        cell.value = 0;
    if (qt_share(qt_next(&random)) < spec->valueless)
        cell.value = QUIPU_MONEY_MISSING;
    uint64_t weight = qt_next(&random), quantity = qt_next(&random), flags = qt_next(&random);
    if ((spec->columns & QUIPU_HAS_WEIGHT) && qt_share(qt_mix(weight)) >= spec->absent)
        cell.weight = qt_amount(weight, 40);
    if ((spec->columns & QUIPU_HAS_QUANTITY) && qt_share(qt_mix(quantity)) >= spec->absent) {
        cell.quantity = qt_amount(quantity, 30);
        cell.unit = (uint8_t)(2 + quantity % 12);
    }
    if (spec->columns & QUIPU_HAS_FLAGS)
        cell.flags = (uint8_t)(flags % 64);
    return cell;
}

static inline bool qt_make_pair(qt_world *world, quipu_period period, quipu_flow flow,
                                uint16_t reporter, uint16_t partner) {
    const qt_world_spec *spec = &world->spec;
    uint64_t seed = qt_mix(spec->seed ^ qt_mix(((uint64_t)period << 3 | (uint64_t)flow) << 32 |
                                               (uint64_t)reporter << 16 | partner));
    double likely = reporter == partner ? spec->pairs / 8 : spec->pairs;
    if (qt_share(qt_mix(seed)) >= likely)
        return true;
    for (uint32_t k = 0; k < spec->n_products; k++) {
        uint64_t random = qt_mix(seed + k + 1);
        if (qt_share(random) >= spec->density)
            continue;
        qt_cell cell = qt_draw(spec, random);
        cell.period = period;
        cell.flow = flow;
        cell.reporter = reporter;
        cell.partner = partner;
        cell.product = k;
        if (!QI_PUSH(&world->cells, cell))
            return false;
    }
    return true;
}

/* In order of (tariff period, reporter, partner, product), one duty each. */
static inline bool qt_make_tariffs(qt_world *world) {
    const qt_world_spec *spec = &world->spec;
    size_t per_period = (spec->n_tariffs + spec->n_periods - 1) / spec->n_periods;
    size_t n_places = spec->n_countries * spec->n_countries * spec->n_products;
    for (size_t t = 0; t < spec->n_periods && per_period > 0; t++) {
        size_t step = n_places / per_period > 0 ? n_places / per_period : 1;
        for (size_t i = 0; i * step < n_places && world->tariffs.n < spec->n_tariffs; i++) {
            size_t place = i * step;
            uint64_t random = qt_mix(spec->seed ^ qt_mix(place * 64 + t));
            int32_t rate = (int32_t)(random % 300000);
            quipu_tariff tariff = {
                .trade_period = random % 5 == 0 ? 0 : world->periods[t],
                .tariff_period = world->periods[t],
                .product = (uint32_t)(place % spec->n_products),
                .partner = (uint16_t)(place / spec->n_products % spec->n_countries),
                .reporter = (uint16_t)(place / spec->n_products / spec->n_countries),
                .duty = (int32_t)(random >> 32) & 3,
                .simple_average = rate,
                .weighted_average = random % 7 == 0 ? QUIPU_RATE_MISSING : rate / 2,
                .standard_deviation = QUIPU_RATE_MISSING,
                .minimum = 0,
                .maximum = rate * 2,
                .lines = (int32_t)(random % 9) - 1,
                .domestic_peaks = -1,
                .international_peaks = -1,
                .binding_coverage = QUIPU_RATE_MISSING,
                .value = random % 5 == 0 ? QUIPU_MONEY_MISSING : qt_amount(random, 40)};
            if (!QI_PUSH(&world->tariffs, tariff))
                return false;
        }
    }
    return true;
}

static inline int qt_by_firm(const void *a, const void *b) {
    const qt_firm_row *x = a, *y = b;
    int64_t order[] = {x->period - y->period,
                       (int64_t)x->flow - (int64_t)y->flow,
                       (int64_t)x->firm - (int64_t)y->firm,
                       x->reporter - y->reporter,
                       x->partner - y->partner,
                       (int64_t)x->product - (int64_t)y->product};
    for (size_t i = 0; i < QI_COUNT(order); i++)
        if (order[i] != 0)
            return order[i] < 0 ? -1 : 1;
    return 0;
}

/* Each cell is the trade of one to three firms, the unknown one among them. */
static inline bool qt_make_firms(qt_world *world) {
    const qt_world_spec *spec = &world->spec;
    for (size_t i = 0; i < world->cells.n && spec->n_firms > 0; i++) {
        const qt_cell *cell = &world->cells.items[i];
        uint64_t random = qt_mix(spec->seed ^ qt_mix(i));
        uint64_t first = qt_mix(random), n = cell->value > 0 ? 1 + random % 3 : 1;
        n = n > spec->n_firms ? 1 : n;
        for (uint64_t j = 0; j < n; j++) {
            quipu_money part = cell->value / (quipu_money)n;
            qt_firm_row row = {.period = cell->period,
                               .flow = cell->flow,
                               .firm = (uint32_t)((first + j) % (spec->n_firms + 1ull)),
                               .reporter = cell->reporter,
                               .partner = cell->partner,
                               .product = cell->product,
                               .value = j > 0   ? part
                                        : n > 1 ? cell->value - part * (quipu_money)(n - 1)
                                                : cell->value};
            if (!QI_PUSH(&world->firm_rows, row))
                return false;
        }
    }
    if (world->firm_rows.n > 1)
        qsort(world->firm_rows.items, world->firm_rows.n, sizeof(qt_firm_row), qt_by_firm);
    return true;
}

/* The world as a list.  False: no memory, and nothing to free. */
static inline bool qt_world_make(const qt_world_spec *spec, qt_world *world) {
    memset(world, 0, sizeof *world);
    world->spec = qt_with_defaults(spec);
    spec = &world->spec;
    bool fine = qt_make_names(world);
    for (size_t t = 0; t < spec->n_periods; t++)
        for (int flow = 0; flow < QUIPU_N_FLOWS; flow++)
            for (size_t r = 0; r < spec->n_countries && (spec->flows >> flow & 1); r++)
                for (size_t p = 0; p < spec->n_countries; p++)
                    fine = fine && qt_make_pair(world, world->periods[t], (quipu_flow)flow,
                                                (uint16_t)r, (uint16_t)p);
    fine = fine && qt_make_tariffs(world) && qt_make_firms(world);
    if (!fine)
        qt_world_free(world);
    return fine;
}

/* ---- the slow way to add up ---- */

/* What a cell must be to count: QT_ANY, or a period, flow or position.  Sums are of the values
 * that are there. */
#define QT_ANY (-1)

static inline bool qt_matches(const qt_cell *cell, int period, int flow, int reporter,
                              int partner, int product) {
    return (period == QT_ANY || period == cell->period) &&
           (flow == QT_ANY || flow == (int)cell->flow) &&
           (reporter == QT_ANY || reporter == cell->reporter) &&
           (partner == QT_ANY || partner == cell->partner) &&
           (product == QT_ANY || product == (int)cell->product);
}

static inline int64_t qt_world_sum(const qt_world *world, int period, int flow, int reporter,
                                   int partner, int product) {
    int64_t sum = 0;
    for (size_t i = 0; i < world->cells.n; i++) {
        const qt_cell *cell = &world->cells.items[i];
        if (qt_matches(cell, period, flow, reporter, partner, product) &&
            cell->value != QUIPU_MONEY_MISSING)
            sum += cell->value;
    }
    return sum;
}

static inline size_t qt_world_count(const qt_world *world, int period, int flow, int reporter,
                                    int partner, int product) {
    size_t n = 0;
    for (size_t i = 0; i < world->cells.n; i++)
        n += qt_matches(&world->cells.items[i], period, flow, reporter, partner, product);
    return n;
}

/* ---- to a cube ---- */

typedef struct qt_slab_job {
    const qt_world *world;
    const qt_cell *cells; /* of the slab */
    size_t n_cells, n_parts;
    qi_part *parts;
    int64_t **matrices; /* of each worker */
} qt_slab_job;

static inline quipu_status qt_fill_part(void *user, size_t task, unsigned worker,
                                        quipu_error *err) {
    qt_slab_job *job = user;
    const qt_world_spec *spec = &job->world->spec;
    size_t from = task * spec->n_countries / job->n_parts;
    size_t to = (task + 1) * spec->n_countries / job->n_parts;
    qi_part *part = &job->parts[task];
    quipu_leaves leaves = {0};
    quipu_status status =
        qi_part_init(part, spec->n_products, spec->columns, job->matrices[worker], err);
    if (status == QUIPU_OK && !qi_leaves_reserve(&leaves, spec->n_products))
        status = qi_fail_memory(err, spec->n_products);
    for (size_t i = 0; i < job->n_cells && status == QUIPU_OK;) {
        const qt_cell *first = &job->cells[i];
        leaves.n = 0;
        for (; i < job->n_cells && job->cells[i].reporter == first->reporter &&
               job->cells[i].partner == first->partner;
             i++) {
            const qt_cell *cell = &job->cells[i];
            leaves.product[leaves.n] = cell->product;
            leaves.value[leaves.n] = cell->value;
            leaves.weight[leaves.n] = cell->weight;
            leaves.quantity[leaves.n] = cell->quantity;
            leaves.unit[leaves.n] = cell->unit;
            leaves.flags[leaves.n++] = cell->flags;
        }
        if (first->reporter >= from && first->reporter < to)
            status = qi_part_add(part, first->reporter, first->partner, &leaves, err);
    }
    if (status == QUIPU_OK)
        status = qi_part_close(part, err);
    quipu_leaves_free(&leaves);
    return status;
}

static inline quipu_status qt_save_slab(const qt_world *world, const qt_cell *cells,
                                        size_t n_cells, size_t n_parts, unsigned threads,
                                        qi_cube_writer *writer, quipu_error *err) {
    quipu_status status;
    qt_slab_job job = {world, cells, n_cells, n_parts, NULL, NULL};
    size_t room = world->spec.n_countries * world->spec.n_products;
    job.parts = calloc(n_parts, sizeof *job.parts);
    job.matrices = calloc(threads, sizeof *job.matrices);
    if (job.parts == NULL || job.matrices == NULL) {
        status = qi_fail_memory(err, n_parts * sizeof *job.parts);
        goto done;
    }
    for (unsigned i = 0; i < threads; i++) {
        job.matrices[i] = calloc(room, sizeof(int64_t));
        if (job.matrices[i] == NULL) {
            status = qi_fail_memory(err, room * sizeof(int64_t));
            goto done;
        }
    }
    QI_GO(qi_writer_begin_slab(writer, cells->period, cells->flow, world->spec.columns, err));
    QI_GO(qi_run_tasks(threads, n_parts, qt_fill_part, &job, err));
    for (size_t i = 0; i < n_parts; i++)
        QI_GO(qi_writer_add_part(writer, &job.parts[i], err));
    QI_GO(qi_writer_end_slab(writer, job.matrices, threads, err));
done:
    for (size_t i = 0; job.parts != NULL && i < n_parts; i++)
        qi_part_free(&job.parts[i]);
    for (unsigned i = 0; job.matrices != NULL && i < threads; i++)
        free(job.matrices[i]);
    free(job.parts);
    free(job.matrices);
    return status;
}

/* The rows by firm of slab number `slab`, which has ended. */
static inline quipu_status qt_save_firms(const qt_world *world, const qt_cell *first,
                                         uint32_t slab, qi_cube_writer *writer,
                                         quipu_error *err) {
    QI_TRY(qi_writer_begin_firms(writer, slab, err));
    for (size_t i = 0; i < world->firm_rows.n; i++) {
        const qt_firm_row *row = &world->firm_rows.items[i];
        if (row->period == first->period && row->flow == first->flow)
            QI_TRY(qi_writer_add_firm(writer, row->firm, row->reporter, row->partner,
                                      row->product, row->value, err));
    }
    return qi_writer_end_firms(writer, err);
}

/* Write the list, however it came to be, as a cube; the file must not depend on `n_parts` and
 * `threads`. */
static inline quipu_status qt_world_save(const qt_world *world, const char *path,
                                         size_t n_parts, unsigned threads, quipu_error *err) {
    const qt_world_spec *spec = &world->spec;
    qi_cube_shape shape = {world->countries, spec->n_countries, world->products,
                           spec->n_products};
    qi_cube_writer *writer = NULL;
    char seed[32];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)spec->seed);
    quipu_pair_text meta[] = {{"source", "Invented"},
                              {"release", seed},
                              {"nomenclature", spec->nomenclature},
                              {"valuation", "FOB"},
                              {"frequency", spec->monthly ? "M" : "A"},
                              {"engine", "quipu " QUIPU_VERSION}};
    uint64_t bytes;
    uint32_t slab = 0;
    quipu_status status = qi_writer_open(path, &shape, &writer, err);
    for (size_t i = 0; i < world->cells.n && status == QUIPU_OK;) {
        const qt_cell *first = &world->cells.items[i];
        size_t n = 0;
        while (i < world->cells.n && world->cells.items[i].period == first->period &&
               world->cells.items[i].flow == first->flow) {
            i++;
            n++;
        }
        status = qt_save_slab(world, first, n, n_parts, threads, writer, err);
        if (status == QUIPU_OK && spec->n_firms > 0)
            status = qt_save_firms(world, first, slab, writer, err);
        slab++;
    }
    if (status == QUIPU_OK && spec->n_firms > 0)
        status = qi_writer_firms(writer, spec->n_firms, err);
    if (status == QUIPU_OK && world->tariffs.n > 0)
        status = qi_writer_tariffs(writer, world->tariffs.items, world->tariffs.n, err);
    if (status == QUIPU_OK)
        return qi_writer_commit(writer, meta, QI_COUNT(meta), "invented, nothing left out\n",
                                &bytes, err);
    qi_writer_abandon(writer);
    return status;
}

static inline quipu_status qt_world_write(const char *path, const qt_world_spec *spec,
                                          quipu_error *err) {
    qt_world world;
    qi_error_clear(err);
    if (!qt_world_make(spec, &world))
        return qi_fail_memory(err, 0);
    quipu_status status = qt_world_save(&world, path, 1, 1, err);
    qt_world_free(&world);
    return status;
}

/* ---- files ---- */

/* A path of this process in the temporary folder, in memory where there is one: tests write
 * thousands of files.  The caller unlinks what it makes there. */
static inline const char *qt_path(char *out, size_t size, const char *name) {
    const char *folder = getenv("TMPDIR");
    if (folder == NULL)
        folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(out, size, "%s/quipu-test-%ld-%s", folder, (long)getpid(), name);
    return out;
}

#endif
