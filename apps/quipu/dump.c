/* SPDX-License-Identifier: Apache-2.0 */
/* dump.c - a cube as canonical text, row by row as it lies in the file.
 *
 * Cubes may have a hundred million rows: numbers are written by hand into one buffer, what
 * the rows of a pair have in common is formatted once, and nothing is kept.
 */
#include "app.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER = 1 << 18, LONGEST_ROW = 512 };

typedef struct dump {
    const quipu_cube *cube;
    FILE *file;
    char *bytes;
    size_t used;
    bool failed;
} dump;

static void flush(dump *d) {
    if (d->used > 0 && fwrite(d->bytes, 1, d->used, d->file) != d->used)
        d->failed = true;
    d->used = 0;
}

static void room(dump *d) {
    if (d->used > BUFFER - LONGEST_ROW)
        flush(d);
}

static void put(dump *d, const char *text, size_t length) {
    if (length > LONGEST_ROW) { /* only metadata is ever so long */
        flush(d);
        if (fwrite(text, 1, length, d->file) != length)
            d->failed = true;
        return;
    }
    room(d);
    memcpy(d->bytes + d->used, text, length);
    d->used += length;
}

static void put_text(dump *d, const char *text) {
    put(d, text, strlen(text));
}

/* The rest presume room(), taken once a row. */

static void put_char(dump *d, char c) {
    d->bytes[d->used++] = c;
}

static void put_number(dump *d, uint64_t value) {
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    memcpy(d->bytes + d->used, digits + at, sizeof digits - at);
    d->used += sizeof digits - at;
}

/* value / 10^places, without trailing zeros. */
static void put_scaled(dump *d, int64_t value, int places) {
    uint64_t scale = 1, magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    for (int i = 0; i < places; i++)
        scale *= 10;
    if (value < 0)
        put_char(d, '-');
    put_number(d, magnitude / scale);
    uint64_t fraction = magnitude % scale;
    if (fraction == 0)
        return;
    put_char(d, '.');
    while (fraction > 0) {
        scale /= 10;
        put_char(d, (char)('0' + fraction / scale));
        fraction %= scale;
    }
}

static void put_thousandths(dump *d, int64_t value) {
    if (value >= 0) /* -1: missing */
        put_scaled(d, value, 3);
}

static void put_country(dump *d, unsigned number) {
    if (number > 9999) /* numbers beyond three digits are kept unknown ones */
        put_char(d, (char)('0' + number / 10000 % 10));
    if (number > 999)
        put_char(d, (char)('0' + number / 1000 % 10));
    put_char(d, (char)('0' + number / 100 % 10));
    put_char(d, (char)('0' + number / 10 % 10));
    put_char(d, (char)('0' + number % 10));
}

/* ---- trade ---- */

static void put_rows(dump *d, const quipu_leaves *leaves, const char *begin, size_t length) {
    for (size_t i = 0; i < leaves->n; i++) {
        room(d);
        memcpy(d->bytes + d->used, begin, length);
        d->used += length;
        const char *code = quipu_cube_product(d->cube, leaves->product[i]);
        size_t n = strlen(code);
        memcpy(d->bytes + d->used, code, n);
        d->used += n;
        put_char(d, ',');
        put_thousandths(d, leaves->value[i]);
        put_char(d, ',');
        put_thousandths(d, leaves->weight[i]);
        put_char(d, ',');
        put_thousandths(d, leaves->quantity[i]);
        put_char(d, ',');
        if (leaves->unit[i] > 1) /* 1: no quantity */
            put_number(d, leaves->unit[i]);
        put_char(d, ',');
        if (leaves->flags[i] != 0)
            put_number(d, leaves->flags[i]);
        put_char(d, '\n');
    }
}

static quipu_status dump_slab(dump *d, size_t number, const quipu_slab *slab,
                              quipu_leaves *leaves, quipu_error *err) {
    size_t n_countries;
    const quipu_cube_country *countries = quipu_cube_countries(d->cube, &n_countries);
    quipu_pairs pairs;
    quipu_status status = quipu_cube_pairs(d->cube, number, &pairs, err);
    for (size_t p = 0; status == QUIPU_OK && p < pairs.n_pairs && !d->failed; p++) {
        char begin[64];
        status = quipu_cube_leaves(d->cube, number, p,
                                   QUIPU_READ_VALUE | QUIPU_READ_WEIGHT | QUIPU_READ_QUANTITY |
                                       QUIPU_READ_FLAGS,
                                   leaves, err);
        if (status != QUIPU_OK)
            break;
        int length = snprintf(begin, sizeof begin, "%d,%s,%03u,%03u,", slab->period,
                              quipu_flow_name(slab->flow), countries[pairs.reporter[p]].number,
                              countries[pairs.partner[p]].number);
        put_rows(d, leaves, begin, (size_t)length);
    }
    return status;
}

static quipu_status dump_trade(dump *d, quipu_error *err) {
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(d->cube, &n);
    quipu_leaves leaves = {0};
    quipu_status status = QUIPU_OK;
    put_text(d, "period,flow,reporter,partner,product,value,weight_kg,quantity,unit,flags\n");
    for (size_t i = 0; status == QUIPU_OK && i < n && !d->failed; i++)
        status = dump_slab(d, i, &slabs[i], &leaves, err);
    quipu_leaves_free(&leaves);
    return status;
}

/* ---- tariffs ---- */

static void put_rate(dump *d, int32_t rate) {
    put_char(d, ',');
    if (rate != QUIPU_RATE_MISSING)
        put_scaled(d, rate, 4);
}

static void put_count(dump *d, int32_t count) {
    put_char(d, ',');
    if (count >= 0)
        put_number(d, (uint64_t)count);
}

static quipu_status dump_tariffs(dump *d, quipu_error *err) {
    static const char *const duties[] = {"AHS", "MFN", "PRF", "BND"};
    size_t n, n_countries;
    const quipu_tariff *tariffs;
    const quipu_cube_country *countries = quipu_cube_countries(d->cube, &n_countries);
    quipu_status status = quipu_cube_tariffs(d->cube, &tariffs, &n, err);
    if (status != QUIPU_OK || n == 0)
        return status;
    put_text(d, "#table tariffs\n"
                "tariff_year,trade_year,reporter,partner,product,duty,simple_average,"
                "weighted_average,standard_deviation,minimum,maximum,lines,domestic_peaks,"
                "international_peaks,binding_coverage,value\n");
    for (size_t i = 0; i < n && !d->failed; i++) {
        const quipu_tariff *t = &tariffs[i];
        room(d);
        put_number(d, (uint64_t)t->tariff_period);
        put_char(d, ',');
        if (t->trade_period != 0)
            put_number(d, (uint64_t)t->trade_period);
        put_char(d, ',');
        put_country(d, countries[t->reporter].number);
        put_char(d, ',');
        put_country(d, countries[t->partner].number);
        put_char(d, ',');
        const char *code = quipu_cube_product(d->cube, t->product);
        memcpy(d->bytes + d->used, code, strlen(code));
        d->used += strlen(code);
        put_char(d, ',');
        memcpy(d->bytes + d->used, duties[t->duty & 3], 3);
        d->used += 3;
        put_rate(d, t->simple_average);
        put_rate(d, t->weighted_average);
        put_rate(d, t->standard_deviation);
        put_rate(d, t->minimum);
        put_rate(d, t->maximum);
        put_count(d, t->lines);
        put_count(d, t->domestic_peaks);
        put_count(d, t->international_peaks);
        put_rate(d, t->binding_coverage);
        put_char(d, ',');
        put_thousandths(d, t->value);
        put_char(d, '\n');
    }
    return QUIPU_OK;
}

static quipu_status dump_head(dump *d, quipu_error *err) {
    char *head;
    quipu_status status = quipu_cube_head(d->cube, &head, err);
    if (status == QUIPU_OK)
        put_text(d, head);
    free(head);
    return status;
}

static int run(dump *d, app_output *out) {
    quipu_error err = {0};
    d->file = out->file;
    if (dump_head(d, &err) != QUIPU_OK || dump_trade(d, &err) != QUIPU_OK ||
        dump_tariffs(d, &err) != QUIPU_OK)
        return app_fail(&err);
    flush(d);
    if (d->failed) {
        app_say("cannot write %s: %s", out->path == NULL ? "to standard output" : out->path,
                strerror(errno));
        return APP_SYSTEM;
    }
    return APP_FINE;
}

static int as_text(const app_args *args, const quipu_cube *cube) {
    app_output out = {0};
    dump d = {.cube = cube, .bytes = malloc(BUFFER)};
    if (d.bytes == NULL)
        return app_fail_memory();
    int status = app_output_open_file(app_get(args, "output"), &out);
    if (status == APP_FINE)
        status = run(&d, &out);
    int closing = app_output_close(&out, status == APP_FINE);
    free(d.bytes);
    return status != APP_FINE ? status : closing;
}

/* ---- Parquet ---- */

/* x.parquet: x.tariffs.parquet */
static char *beside(const char *path) {
    size_t length = strlen(path), end = strlen(".parquet");
    size_t stem =
        length > end && strcmp(path + length - end, ".parquet") == 0 ? length - end : length;
    char *out = malloc(stem + sizeof ".tariffs.parquet");
    if (out != NULL)
        sprintf(out, "%.*s.tariffs.parquet", (int)stem, path);
    return out;
}

static int as_parquet(const quipu_cube *cube, const char *path) {
    quipu_nomen *nomen;
    quipu_error err = {0};
    quipu_sql_options options = {.duckdb = app_duckdb()};
    const quipu_tariff *tariffs;
    size_t n_tariffs;
    if (path == NULL || strcmp(path, "-") == 0) {
        app_say("dump: Parquet is written to a file: add -o FILE.parquet");
        return APP_USE;
    }
    char *other = beside(path);
    if (other == NULL)
        return app_fail_memory();
    int status = APP_FINE;
    if (quipu_nomen_open(&nomen, &err) != QUIPU_OK ||
        quipu_cube_tariffs(cube, &tariffs, &n_tariffs, &err) != QUIPU_OK ||
        quipu_cube_write_parquet(cube, nomen, path, other, &options, &err) != QUIPU_OK)
        status = app_fail(&err);
    else if (n_tariffs > 0)
        app_say("the tariffs are in %s: import both together", other);
    quipu_nomen_close(nomen);
    free(other);
    return status;
}

int app_run_dump(const app_args *args) {
    quipu_cube *cube;
    quipu_error err = {0};
    const char *format = app_get(args, "format"), *path = app_get(args, "output");
    size_t length = path != NULL ? strlen(path) : 0;
    bool parquet = length > 8 && strcmp(path + length - 8, ".parquet") == 0;
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    if (format != NULL)
        parquet = strcmp(format, "parquet") == 0;
    if (quipu_cube_open(args->words[0], &cube, &err) != QUIPU_OK)
        return app_fail(&err);
    int status = parquet ? as_parquet(cube, path) : as_text(args, cube);
    quipu_cube_close(cube);
    return status;
}
