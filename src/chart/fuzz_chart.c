/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_chart.c - any table, any wish: an option is valid JSON without "<", and draws or is
 * refused with a reason; drawing twice gives the same bytes.
 *
 * Bytes: kind, columns (types and names), then rows of cells, each a byte that says what it
 * is and what follows of it.
 */
#include "chart/chart.h"

typedef struct reader {
    const uint8_t *at, *end;
} reader;

static uint8_t next(reader *r) {
    return r->at < r->end ? *r->at++ : 0;
}

static const char *const NAMES[] = {"partner", "partner_name", "year",  "value", "share",
                                    "owner",   "owned",        "month", "class", "size"};

static void set_cell(quipu_table *table, size_t column, size_t row, reader *r) {
    char text[9] = "";
    double real;
    int64_t integer = (int8_t)next(r);
    uint8_t how = next(r);
    if (how % 8 == 0)
        return;
    switch (table->columns[column].spec.type) {
    case QUIPU_TEXT:
        for (size_t i = 0; i < (how >> 5); i++)
            text[i] = (char)next(r);
        if (quipu_table_set_text(table, column, row, how % 8 == 1 ? "total" : text, NULL) !=
            QUIPU_OK)
            abort();
        break;
    case QUIPU_INTEGER:
    case QUIPU_MONEY:
    case QUIPU_AMOUNT:
        if (how % 8 == 1)
            integer += 2000;
        else if (how % 8 > 5)
            integer *= INT64_C(0x00FFFFFFFFFFFFFF);
        quipu_table_set_integer(table, column, row, integer);
        break;
    case QUIPU_REAL:
    case QUIPU_SHARE:
        real = (double)integer * pow(10, how % 8 > 5 ? (int8_t)next(r) * 2.4 : how % 8);
        quipu_table_set_real(table, column, row, real);
        break;
    }
}

static bool make(quipu_table *table, reader *r) {
    quipu_column_spec specs[6];
    size_t n = 1 + next(r) % 6, rows = next(r) % 40;
    bool used[QI_COUNT(NAMES)] = {false};
    for (size_t i = 0; i < n; i++) {
        uint8_t what = next(r);
        size_t name = what % QI_COUNT(NAMES);
        while (used[name])
            name = (name + 1) % QI_COUNT(NAMES);
        used[name] = true;
        specs[i] = (quipu_column_spec){NAMES[name],
                                       NULL,
                                       (quipu_type)(what / 10 % 6),
                                       what & 128 ? QUIPU_FIGURE : QUIPU_DIMENSION,
                                       "",
                                       -1};
        if (strstr(NAMES[name], "_name") != NULL)
            specs[i].type = QUIPU_TEXT;
    }
    if (quipu_table_init(table, "value", specs, n, NULL) != QUIPU_OK ||
        quipu_table_add_rows(table, rows, NULL, NULL) != QUIPU_OK)
        return false;
    for (size_t row = 0; row < rows; row++) {
        for (size_t c = 0; c < n; c++)
            set_cell(table, c, row, r);
    }
    return true;
}

static bool collect(void *user, const char *bytes, size_t length) {
    return qi_buffer_add(user, bytes, length);
}

static void broken(const char *why, const char *option) {
    fprintf(stderr, "%s\n%s\n", why, option);
    abort();
}

static void draw(const char *option) {
    static quipu_chart_engine *engine;
    qi_buffer out[2] = {{0}};
    quipu_status status = QUIPU_OK;
    if (engine == NULL && quipu_chart_engine_open(&engine, NULL) != QUIPU_OK)
        abort();
    for (int i = 0; i < 2 && status == QUIPU_OK; i++) {
        quipu_error err = {0};
        status = quipu_chart_draw(engine, option, QUIPU_SVG, collect, &out[i], &err);
        if (status == QUIPU_E_BUG || (status != QUIPU_OK && err.text[0] == '\0') ||
            (status == QUIPU_E_DATA && strstr(err.text, "too small or too large") == NULL))
            broken(err.text, option);
    }
    if (status == QUIPU_OK && (out[0].length != out[1].length ||
                               memcmp(out[0].bytes, out[1].bytes, out[0].length) != 0))
        broken("drawn twice, two pictures", option);
    qi_buffer_free(&out[0]);
    qi_buffer_free(&out[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static quipu_nomen *nomen;
    reader r = {data, data + size};
    size_t n_kinds;
    const quipu_chart_kind *kinds = quipu_chart_kinds(&n_kinds);
    quipu_table table = {0};
    quipu_error err = {0};
    char *option;
    if (size < 8 || (nomen == NULL && quipu_nomen_open(&nomen, NULL) != QUIPU_OK))
        return 0;
    size_t kind = next(&r) % (n_kinds + 1);
    uint8_t how = next(&r);
    quipu_chart chart = {.kind = kind < n_kinds ? kinds[kind].name : NULL,
                         .spanish = (how & 1) != 0,
                         .x = (how & 2) != 0 ? NAMES[how >> 4 & 7] : NULL,
                         .y = (how & 4) != 0 ? NAMES[3 + (how >> 6)] : NULL,
                         .width = (how & 8) != 0 ? 40 + how : 0};
    if (make(&table, &r)) {
        quipu_status status = quipu_chart_option(&table, nomen, &chart, &option, &err);
        if (status == QUIPU_E_BUG || (status != QUIPU_OK && err.text[0] == '\0'))
            abort();
        if (status == QUIPU_OK) {
            if (strchr(option, '<') != NULL)
                abort();
            draw(option);
            free(option);
        }
    }
    quipu_table_free(&table);
    return 0;
}
