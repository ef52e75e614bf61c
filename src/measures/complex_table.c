/* SPDX-License-Identifier: Apache-2.0 */
/* complex_table.c - a table of the user's with a figure by country and year: income, people. */
#include "io/grid.h"
#include "measures/complex.h"

#define LARGEST_FILE ((size_t)64 << 20)

static int row_order(const void *a, const void *b) {
    const struct qi_by_year_row *x = a, *y = b;
    if (x->country != y->country)
        return x->country < y->country ? -1 : 1;
    return x->year < y->year ? -1 : x->year > y->year;
}

static quipu_status read_row(const quipu_nomen *nomen, const qi_grid *grid, size_t row,
                             const size_t columns[3], struct qi_by_year_row *out,
                             quipu_error *err) {
    const char *who = qi_grid_text(grid, row, columns[0]);
    const char *text = qi_grid_text(grid, row, columns[2]);
    const quipu_country *country;
    quipu_error why = {0};
    int64_t year = 0;
    if (quipu_country_find(nomen, who, &country, &why) != QUIPU_OK)
        return qi_grid_fail(grid, row, columns[0], err, "%s", why.text);
    if (columns[1] != SIZE_MAX) {
        const char *when = qi_grid_text(grid, row, columns[1]);
        if (!qi_parse_int(when, strlen(when), &year) || year < 1900 || year > 2100)
            return qi_grid_fail(grid, row, columns[1], err,
                                "\"%.40s\" is no year: expected one as 1997", when);
    }
    *out = (struct qi_by_year_row){country->id, (quipu_period)year, NAN};
    if (text[0] == '\0')
        return QUIPU_OK;
    if (!qi_parse_double(text, strlen(text), &out->value) || !isfinite(out->value) ||
        out->value <= 0)
        return qi_grid_fail(grid, row, columns[2], err,
                            "\"%.40s\" where a number above zero is expected, as 12345.6; "
                            "leave the field empty where it is not known",
                            text);
    return QUIPU_OK;
}

quipu_status qi_by_year_read(const quipu_nomen *nomen, const char *path, const char *column,
                             qi_arena *arena, qi_by_year *out, quipu_error *err) {
    qi_grid grid;
    size_t columns[3] = {0, SIZE_MAX, 0};
    *out = (qi_by_year){.path = path};
    QI_TRY(qi_grid_read(path, LARGEST_FILE, arena, &grid, err));
    QI_TRY(qi_grid_need(&grid, "country", &columns[0], err));
    QI_TRY(qi_grid_need(&grid, column, &columns[2], err));
    ptrdiff_t year = qi_grid_find(&grid, "year");
    if (year >= 0)
        columns[1] = (size_t)year;
    out->n = grid.n_rows;
    out->rows = qi_arena_alloc(arena, (grid.n_rows + 1) * sizeof *out->rows);
    if (out->rows == NULL)
        return qi_fail_memory(err, grid.n_rows * sizeof *out->rows);
    for (size_t row = 0; row < grid.n_rows; row++) {
        QI_TRY(read_row(nomen, &grid, row, columns, &out->rows[row], err));
        struct {
            uint64_t before;
            uint64_t where;
            double value;
        } print = {out->fingerprint,
                   (uint64_t)out->rows[row].country << 32 | (uint64_t)out->rows[row].year,
                   out->rows[row].value};
        out->fingerprint = qi_hash64(&print, sizeof print);
    }
    if (out->n > 1)
        qsort(out->rows, out->n, sizeof *out->rows, row_order);
    for (size_t row = 1; row < out->n; row++)
        if (row_order(&out->rows[row - 1], &out->rows[row]) == 0) {
            const quipu_country *all;
            size_t n;
            QI_TRY(quipu_countries(nomen, &all, &n, err));
            return qi_fail_at(err, QUIPU_E_FORMAT, path, 0, 0,
                              "two rows for %s in the same year: keep one",
                              all[out->rows[row].country].name);
        }
    return QUIPU_OK;
}

double qi_by_year_find(const qi_by_year *table, unsigned country, quipu_period year) {
    size_t low = 0, high = table->n;
    struct qi_by_year_row wanted = {(uint16_t)country, year, 0};
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = row_order(&table->rows[middle], &wanted);
        if (order == 0)
            return table->rows[middle].value;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return year != 0 ? qi_by_year_find(table, country, 0) : (double)NAN;
}

quipu_status qi_by_year_cite(const qi_by_year *table, const char *key, quipu_table *out,
                             quipu_error *err) {
    const char *slash = strrchr(table->path, '/');
    char text[320];
    snprintf(text, sizeof text, "%.200s (%zu rows, XXH3 of the figures %016llx)",
             slash != NULL ? slash + 1 : table->path, table->n,
             (unsigned long long)table->fingerprint);
    return quipu_table_add_source(out, key, text, err);
}
