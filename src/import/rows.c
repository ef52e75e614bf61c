/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c - read the lines of a chunk into cells, by the roles of the columns.
 *
 * Two ways through a line.  The quick one (quick.c) takes BACI's plain tables and gives up at
 * the first surprise; the careful one then reads the same line again, field by field, and
 * knows what to say.  So the quick way never needs a message, and both give the same cells.
 */
#include "import.h"

/* ---- rejecting ---- */

/* How much of a line of a database may be shown: the firm stands last in it, and its id is told
 * to nobody. */
static size_t shown_of_line(const qi_schema *schema, const char *text, size_t length) {
    int column = 0, firm = schema->column[QI_FIRM];
    bool quoted = false;
    for (size_t i = 0; i < length && firm >= 0; i++) {
        quoted ^= text[i] == '"';
        if (text[i] == schema->delimiter && !quoted && ++column == firm)
            length = i;
    }
    return length < 200 ? length : 200;
}

quipu_status qi_reject_line(qi_chunk *chunk, uint32_t line, const char *text, size_t length,
                            uint32_t column, quipu_error *err, const char *format, ...) {
    char reason[512];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    if (chunk->import->options.rejects_path == NULL && chunk->schema->column[QI_ROWS] >= 0)
        return qi_fail(err, QUIPU_E_DATA, "%.400s. Rows of the database: %.*s", reason,
                       (int)shown_of_line(chunk->schema, text, length), text);
    if (chunk->import->options.rejects_path == NULL) /* the caller adds file and first line */
        return qi_fail_at(err, QUIPU_E_DATA, "", line + 1, column, "%s", reason);
    qi_ledger_note(&chunk->ledger, QI_R_MALFORMED, chunk->rows, 0, "%s", reason);
    qi_reject reject = {.line = line,
                        .column = column,
                        .text = strndup(text, length < 4096 ? length : 4096),
                        .reason = strdup(reason)};
    if (reject.text == NULL || reject.reason == NULL || !QI_PUSH(&chunk->rejects, reject)) {
        free(reject.text);
        free(reject.reason);
        return qi_fail_memory(err, length);
    }
    return QUIPU_OK;
}

/* ---- countries ---- */

static bool all_digits(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return length > 0;
}

unsigned qi_country_number(const qi_import *import, const char *text, size_t length) {
    while (length > 0 && text[0] == ' ')
        text++, length--;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (all_digits(text, length) && length <= 3) {
        unsigned number = 0;
        for (size_t i = 0; i < length; i++)
            number = number * 10 + (unsigned)(text[i] - '0');
        return import->number[number];
    }
    const quipu_country *country = NULL;
    if (length == 3)
        country = quipu_country_by_iso3(import->nomen, text, length);
    if (country == NULL && length > 0 && length < 200) {
        char name[200];
        memcpy(name, text, length);
        name[length] = 0;
        if (quipu_country_find(import->nomen, name, &country, NULL) != QUIPU_OK)
            country = NULL;
    }
    return country != NULL ? country->number : QI_UNKNOWN_NUMBER;
}

static quipu_country_kind kind_of(const qi_import *import, unsigned number) {
    return number < 1000 ? (quipu_country_kind)import->kind[number] : QUIPU_COUNTRY;
}

/* ---- cells ---- */

quipu_status qi_add_cell(qi_chunk *chunk, const qi_cell *given, quipu_error *err) {
    const qi_import *import = chunk->import;
    qi_cell cell = *given;
    unsigned reporter = QI_KEY_REPORTER(cell.key), partner = QI_KEY_PARTNER(cell.key);
    quipu_country_kind kind = kind_of(import, reporter), with = kind_of(import, partner);
    int64_t value = cell.value == QUIPU_MONEY_MISSING ? 0 : cell.value;
    if (kind == QUIPU_WORLD || kind == QUIPU_AGGREGATE || with == QUIPU_AGGREGATE) {
        qi_ledger_note(&chunk->ledger, QI_R_GROUP, chunk->rows, value, "%03u as a %s",
                       kind == QUIPU_COUNTRY || kind == QUIPU_FORMER || kind == QUIPU_AREA
                           ? partner
                           : reporter,
                       with == QUIPU_AGGREGATE ? "partner" : "reporter");
        return QUIPU_OK;
    }
    if (value > 0 && cell.weight == 0) {
        cell.weight = QUIPU_QUANTITY_MISSING;
        qi_ledger_count(&chunk->ledger, QI_R_ZERO_QUANTITY, chunk->rows, value);
    } else if (value > 0 && cell.quantity == 0) {
        qi_ledger_count(&chunk->ledger, QI_R_ZERO_QUANTITY, chunk->rows, value);
    }
    if (value > 0 && cell.quantity == 0)
        cell.quantity = QUIPU_QUANTITY_MISSING;
    if (cell.quantity == QUIPU_QUANTITY_MISSING)
        cell.unit = 1;
    if (cell.weight != QUIPU_QUANTITY_MISSING)
        chunk->columns |= QUIPU_HAS_WEIGHT;
    if (cell.quantity != QUIPU_QUANTITY_MISSING)
        chunk->columns |= QUIPU_HAS_QUANTITY;
    if (cell.flags != 0)
        chunk->columns |= QUIPU_HAS_FLAGS;
    if (chunk->rows > 1) { /* the engine has added up what files would hold row by row */
        chunk->ledger.accepted += chunk->rows - 1;
        qi_ledger_count(&chunk->ledger, QI_R_DECLARATIONS, chunk->rows - 1, 0);
    }
    if (import->options.keep_firms) {
        qi_firm_id firm = qi_firm_of_reporter(chunk->firm, reporter);
        qi_firm_cell of_firm = {{cell.key, firm.hash, cell.product, cell.value}, firm.check};
        if (!QI_PUSH(&chunk->firms, of_firm))
            return qi_fail_memory(err, sizeof of_firm);
        if (chunk->firm.hash == 0)
            qi_ledger_count(&chunk->ledger, QI_R_NO_FIRM, chunk->rows, value);
    }
    return QI_PUSH(&chunk->cells, cell) ? QUIPU_OK : qi_fail_memory(err, sizeof cell);
}

/* ---- the careful way ---- */

typedef struct row {
    qi_chunk *chunk;
    const qi_schema *schema;
    uint32_t line;
    const char *text;
    size_t length;
    const qi_field *field;
    quipu_error *err;
    bool done; /* the row has found its place: set aside or rejected */
} row;

static const qi_field *get(const row *r, qi_role role) {
    int column = r->schema->column[role];
    return column < 0 ? NULL : &r->field[column];
}

static bool is_missing(const qi_field *f) {
    size_t n = f->length, i = 0;
    while (i < n && f->text[i] == ' ')
        i++;
    n -= i;
    const char *t = f->text + i;
    return n == 0 || (n == 2 && memcmp(t, "NA", 2) == 0) ||
           (n == 4 && (memcmp(t, "NULL", 4) == 0 || memcmp(t, "null", 4) == 0)) ||
           (n == 1 && *t == '-') || (n == 3 && memcmp(t, "N/A", 3) == 0);
}

static bool field_is(const qi_field *f, const char *text) {
    return f->length == strlen(text) && memcmp(f->text, text, f->length) == 0;
}

static quipu_status reject(row *r, const qi_field *f, const char *format, ...)
    QUIPU_PRINTF(3, 4);
static quipu_status reject(row *r, const qi_field *f, const char *format, ...) {
    char reason[400];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    r->done = true;
    return qi_reject_line(r->chunk, r->line, r->text, r->length, f != NULL ? f->column : 1,
                          r->err, "%s", reason);
}

/* The field for a message, cut to a readable length. */
static int shown(const qi_field *f) {
    return f->length < 60 ? (int)f->length : 60;
}

/* What a row that is set aside unread is worth; 0 when its value cannot be read. */
static int64_t worth(const row *r) {
    const qi_field *f = get(r, QI_VALUE);
    int64_t value;
    double rounding;
    if (f == NULL || is_missing(f))
        return 0;
    qi_number_result result =
        qi_parse_scaled(f->text, f->length, r->schema->value_scale, false, &value, &rounding);
    return result == QI_NUMBER_OK || result == QI_NUMBER_ROUNDED ? value : 0;
}

static quipu_status read_period(row *r, qi_role role, quipu_period *out) {
    const qi_field *f = get(r, role);
    if (f != NULL && is_missing(f) && role == QI_PERIOD && get(r, QI_FALLBACK_PERIOD) != NULL)
        f = get(r, QI_FALLBACK_PERIOD);
    int64_t period;
    if (f == NULL || !qi_parse_int(f->text, f->length, &period))
        return reject(r, f, "found \"%.*s\" where a year (2011) or month (201112) is expected",
                      f != NULL ? shown(f) : 0, f != NULL ? f->text : "");
    bool year = period >= 1900 && period <= 2100;
    bool month =
        period >= 190001 && period <= 210012 && period % 100 >= 1 && period % 100 <= 12;
    if (!year && !month)
        return reject(r, f,
                      "the period %lld is neither a year from 1900 to 2100 nor a month such "
                      "as 201112",
                      (long long)period);
    *out = (quipu_period)period;
    return QUIPU_OK;
}

static quipu_status read_country(row *r, qi_role role, unsigned fixed, unsigned *out) {
    const qi_field *f = get(r, role);
    *out = fixed;
    if (f == NULL)
        return QUIPU_OK;
    *out = qi_country_number(r->chunk->import, f->text, f->length);
    if (*out != QI_UNKNOWN_NUMBER)
        return QUIPU_OK;
    const char *who = role == QI_REPORTER ? "reporter" : "partner";
    if (is_missing(f)) { /* WITS leaves the code of its own groups empty */
        const qi_field *name = get(r, QI_REPORTER_NAME);
        if (role == QI_REPORTER && name != NULL && name->length > 0) {
            qi_ledger_note(&r->chunk->ledger, QI_R_GROUP, r->chunk->rows, worth(r),
                           "\"%.*s\" as a reporter", shown(name), name->text);
            r->done = true;
            return QUIPU_OK;
        }
        return reject(r, f, "no %s", who);
    }
    int64_t number;
    bool ours = strcmp(r->schema->profile->name, "quipu") == 0; /* was kept once already */
    if ((ours || r->chunk->import->options.keep_unknown) &&
        qi_parse_int(f->text, f->length, &number) && number > 0 && number < 60000) {
        qi_ledger_note(&r->chunk->ledger, QI_R_UNKNOWN_COUNTRY, r->chunk->rows, worth(r),
                       "%s %.*s", who, shown(f), f->text);
        *out = (unsigned)number;
        return QUIPU_OK;
    }
    return reject(r, f,
                  "unknown %s \"%.*s\": expected a Comtrade number, ISO code or name "
                  "(quipu list countries). Keep such rows with --keep-unknown (numbers "
                  "only), or collect them with --rejects FILE",
                  who, shown(f), f->text);
}

/* An amount; missing stays as it is. */
static quipu_status read_amount(row *r, qi_role role, int scale, int64_t *out,
                                const char *what) {
    const qi_field *f = get(r, role);
    if (f == NULL || is_missing(f))
        return QUIPU_OK;
    double rounding = 0;
    int64_t value;
    switch (qi_parse_scaled(f->text, f->length, scale, false, &value, &rounding)) {
    case QI_NUMBER_ROUNDED:
        if (role == QI_VALUE && r->chunk->ledger.least) { /* an engine shows no row of them */
            qi_ledger_count(&r->chunk->ledger, QI_R_ROUNDED, 1, value);
        } else if (role == QI_VALUE) {
            qi_ledger_note(&r->chunk->ledger, QI_R_ROUNDED, 1, value, "%.*s", shown(f),
                           f->text);
            r->chunk->ledger.rounding += rounding / QUIPU_MONEY_PER_USD;
        }
        *out = value;
        return QUIPU_OK;
    case QI_NUMBER_OK:
        *out = value;
        f = get(r, QI_ROUNDED); /* by the engine */
        if (role == QI_VALUE && f != NULL && field_is(f, "1"))
            qi_ledger_count(&r->chunk->ledger, QI_R_ROUNDED, r->chunk->rows, value);
        return QUIPU_OK;
    case QI_NUMBER_NEGATIVE:
        return reject(r, f,
                      "the %s %.*s is negative: trade is never below zero; corrections "
                      "must be netted before import",
                      what, shown(f), f->text);
    case QI_NUMBER_RANGE:
        return reject(r, f, "the %s %.*s does not fit (the limit is 9.2e15)", what, shown(f),
                      f->text);
    default:
        return reject(r, f,
                      "found \"%.*s\" where a %s is expected: digits with a decimal point, "
                      "no thousands separators",
                      shown(f), f->text, what);
    }
}

/* Upper case, blanks off; `digits` is what the file says of the code's length, 0 = nothing. */
static quipu_status read_product(row *r, const char *nomenclature, uint64_t *out) {
    const qi_field *f = get(r, QI_PRODUCT);
    char code[32] = "TOTAL";
    size_t n = 5;
    if (f != NULL) {
        const char *text = f->text;
        size_t length = f->length;
        while (length > 0 && *text == ' ')
            text++, length--;
        while (length > 0 && text[length - 1] == ' ')
            length--;
        if (length == 0 || length > 12)
            return reject(r, f,
                          "found \"%.*s\" where a product code of 1 to 12 characters is "
                          "expected",
                          shown(f), f->text);
        n = length;
        for (size_t i = 0; i < n; i++)
            code[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i]);
        code[n] = 0;
    }
    bool digits = all_digits(code, n);
    size_t width = (size_t)r->schema->fixed_width;
    const qi_field *level = get(r, QI_LEVEL);
    int64_t stated;
    if (level != NULL && qi_parse_int(level->text, level->length, &stated) && stated > 0 &&
        stated <= 12)
        width = (size_t)stated;
    bool hs = nomenclature[0] == 'H' && nomenclature[1] >= '0' && nomenclature[1] <= '9';
    if (digits && width == 0 && n % 2 == 1 && n < 6 && (hs || nomenclature[0] == 0) &&
        (r->chunk->import->options.pad_codes || hs)) {
        if (!r->chunk->import->options.pad_codes)
            return reject(r, f,
                          "product code \"%s\" has %zu digits, HS codes have 2, 4 or 6: a "
                          "leading zero was probably lost in a spreadsheet; restore it with "
                          "--pad-codes",
                          code, n);
        width = n + 1;
    }
    if (digits && width > n && width - n == 1) {
        memmove(code + 1, code, n + 1);
        code[0] = '0';
        qi_ledger_note(&r->chunk->ledger, QI_R_PADDED, r->chunk->rows, worth(r), "%s -> %s",
                       code + 1, code);
        n = width;
    } else if (r->schema->fixed_width != 0 && n != (size_t)r->schema->fixed_width) {
        return reject(r, f,
                      "product code \"%s\" has %zu characters; this kind of file has codes "
                      "of %d",
                      code, n, r->schema->fixed_width);
    }
    *out = qi_code_pack(code, n);
    if (*out == 0)
        return reject(r, f,
                      "product code \"%.*s\" has a character that is not a digit, letter, "
                      "dot, dash or underscore",
                      shown(f), f->text);
    return QUIPU_OK;
}

/* Which of customs procedure (1), transport (2) and second partner (4) are not "all": such a
 * row is a part, and only parts of the same kind add up. */
static uint8_t breakdown(const row *r) {
    unsigned mask = 0;
    const qi_field *f = get(r, QI_CUSTOMS);
    if (f != NULL && !is_missing(f) && !field_is(f, "C00") && !field_is(f, "0"))
        mask |= 1;
    f = get(r, QI_TRANSPORT);
    if (f != NULL && !is_missing(f) && !field_is(f, "0"))
        mask |= 2;
    f = get(r, QI_SECOND);
    if (f != NULL && !is_missing(f) && !field_is(f, "0") && !field_is(f, "World"))
        mask |= 4;
    return (uint8_t)mask;
}

static quipu_status read_flow(row *r, quipu_flow *out) {
    const qi_field *f = get(r, QI_FLOW);
    *out = r->schema->flow;
    if (f == NULL)
        return QUIPU_OK;
    /* Comtrade's sub-flows are parts of another one; DX (domestic exports) would else be read
     * as exports. */
    static const char *const PART[] = {"DX", "FM", "MIP", "MOP", "XIP", "XOP"};
    for (size_t i = 0; i < QI_COUNT(PART); i++)
        if (field_is(f, PART[i])) {
            qi_ledger_note(&r->chunk->ledger, QI_R_BREAKDOWN, r->chunk->rows, worth(r),
                           "flow %s, part of another flow", PART[i]);
            r->done = true;
            return QUIPU_OK;
        }
    if (quipu_flow_parse(f->text, f->length, out))
        return QUIPU_OK;
    return reject(r, f,
                  "found \"%.*s\" where a flow is expected: export, import, re-export, "
                  "re-import (or X, M, RX, RM)",
                  shown(f), f->text);
}

/* Comtrade's Flag and our own flags column. */
static quipu_status read_flags(row *r, uint8_t *out) {
    unsigned flags = 0;
    int64_t number = 0;
    const qi_field *f = get(r, QI_FLAGS);
    *out = 0;
    if (f != NULL && !is_missing(f)) {
        if (!qi_parse_int(f->text, f->length, &number) || number < 0 || number > 63)
            return reject(r, f, "found \"%.*s\" where flags from 0 to 63 are expected",
                          shown(f), f->text);
        *out = (uint8_t)number;
        return QUIPU_OK;
    }
    f = get(r, QI_ESTIMATED);
    if (f != NULL && qi_parse_int(f->text, f->length, &number)) {
        if (number & 2)
            flags |= QUIPU_ESTIMATED << 2;
        if (number & 4)
            flags |= QUIPU_ESTIMATED << 4;
    }
    f = get(r, QI_QUANTITY_ESTIMATED);
    if (f != NULL && (field_is(f, "True") || field_is(f, "true") || field_is(f, "1")))
        flags |= QUIPU_ESTIMATED << 2;
    f = get(r, QI_WEIGHT_ESTIMATED);
    if (f != NULL && (field_is(f, "True") || field_is(f, "true") || field_is(f, "1")))
        flags |= QUIPU_ESTIMATED << 4;
    *out = (uint8_t)flags;
    return QUIPU_OK;
}

/* The unit of the quantity.  Comtrade's 1 and -1 say that what stands in the column is none; a
 * unit that is not given leaves the quantity as it is. */
static quipu_status read_unit(row *r, qi_cell *cell) {
    const qi_field *f = get(r, QI_UNIT);
    int64_t unit;
    if (f == NULL || is_missing(f))
        return QUIPU_OK;
    if (!qi_parse_int(f->text, f->length, &unit) || unit < -1 || unit > 255)
        return reject(r, f, "found \"%.*s\" where a UN quantity unit from 1 to 255 is expected",
                      shown(f), f->text);
    if (unit <= 1)
        cell->quantity = QUIPU_QUANTITY_MISSING;
    else
        cell->unit = (uint8_t)unit;
    return QUIPU_OK;
}

/* The revision a row says it is in; remembers the first line of each. */
static quipu_status read_nomenclature(row *r, const char **out) {
    qi_chunk *chunk = r->chunk;
    *out = r->schema->nomenclature;
    const qi_field *f = get(r, QI_NOMENCLATURE);
    if (f == NULL || is_missing(f) || f->length > 12)
        return QUIPU_OK;
    for (size_t i = 0; i < chunk->n_nomenclatures; i++)
        if (chunk->nomenclature_length[i] == f->length &&
            memcmp(chunk->nomenclature_text[i], f->text, f->length) == 0) {
            *out = chunk->nomenclature[i];
            goto found;
        }
    if (chunk->n_nomenclatures == QI_COUNT(chunk->nomenclature))
        return reject(r, f, "more than %zu nomenclatures in one file",
                      QI_COUNT(chunk->nomenclature));
    char text[16];
    memcpy(text, f->text, f->length);
    text[f->length] = 0;
    const quipu_nomenclature *known = NULL;
    quipu_status status = quipu_nomenclature_find(chunk->import->nomen, text, &known, NULL);
    size_t i = chunk->n_nomenclatures++;
    snprintf(chunk->nomenclature[i], sizeof chunk->nomenclature[i], "%.7s",
             status == QUIPU_OK ? known->name : text);
    memcpy(chunk->nomenclature_text[i], text, f->length);
    chunk->nomenclature_length[i] = f->length;
    chunk->nomenclature_line[i] = r->line;
    *out = chunk->nomenclature[i];
found:
    if (chunk->import->options.nomenclature != NULL &&
        strcmp(*out, chunk->import->options.nomenclature) != 0) {
        qi_ledger_note(&chunk->ledger, QI_R_OTHER_NOMENCLATURE, chunk->rows, worth(r), "%s",
                       *out);
        r->done = true;
    }
    return QUIPU_OK;
}

/* ---- tariffs ---- */

static quipu_status read_rate(row *r, qi_role role, int scale, int32_t missing, int32_t *out) {
    const qi_field *f = get(r, role);
    *out = missing;
    if (f == NULL || is_missing(f))
        return QUIPU_OK;
    int64_t value;
    double rounding;
    qi_number_result result =
        qi_parse_scaled(f->text, f->length, scale, false, &value, &rounding);
    if ((result != QI_NUMBER_OK && result != QI_NUMBER_ROUNDED) || value > INT32_MAX)
        return reject(r, f, "found \"%.*s\" where a rate in per cent or a count is expected",
                      shown(f), f->text);
    *out = (int32_t)value;
    return QUIPU_OK;
}

static quipu_status read_tariff(row *r, const qi_cell *cell, unsigned reporter,
                                unsigned partner, int *duty) {
    static const char *const DUTY[] = {"AHS", "MFN", "PRF", "BND"};
    const qi_field *f = get(r, QI_DUTY);
    *duty = -1;
    for (int d = 0; d < 4 && f != NULL; d++)
        if (field_is(f, DUTY[d]))
            *duty = d;
    if (*duty < 0)
        return reject(r, f, "found \"%.*s\" where a duty is expected: AHS, MFN, PRF or BND",
                      f != NULL ? shown(f) : 0, f != NULL ? f->text : "");
    qi_tariff_row t = {.product = cell->product, .reporter = reporter, .partner = partner};
    t.tariff.duty = *duty;
    t.tariff.value = cell->value;
    const qi_field *trade = get(r, QI_PERIOD);
    if (trade != NULL && !is_missing(trade))
        QI_TRY(read_period(r, QI_PERIOD, &t.tariff.trade_period));
    if (!r->done)
        QI_TRY(read_period(r, QI_TARIFF_PERIOD, &t.tariff.tariff_period));
    static const struct {
        qi_role role;
        int scale;
        int32_t missing;
        size_t offset;
    } RATE[] = {
        {QI_RATE_SIMPLE, 4, QUIPU_RATE_MISSING, offsetof(quipu_tariff, simple_average)},
        {QI_RATE_WEIGHTED, 4, QUIPU_RATE_MISSING, offsetof(quipu_tariff, weighted_average)},
        {QI_RATE_DEVIATION, 4, QUIPU_RATE_MISSING, offsetof(quipu_tariff, standard_deviation)},
        {QI_RATE_MINIMUM, 4, QUIPU_RATE_MISSING, offsetof(quipu_tariff, minimum)},
        {QI_RATE_MAXIMUM, 4, QUIPU_RATE_MISSING, offsetof(quipu_tariff, maximum)},
        {QI_RATE_LINES, 0, -1, offsetof(quipu_tariff, lines)},
        {QI_RATE_DOMESTIC_PEAKS, 0, -1, offsetof(quipu_tariff, domestic_peaks)},
        {QI_RATE_INTERNATIONAL_PEAKS, 0, -1, offsetof(quipu_tariff, international_peaks)},
        {QI_RATE_BINDING, 4, QUIPU_RATE_MISSING, offsetof(quipu_tariff, binding_coverage)},
    };
    for (size_t i = 0; i < QI_COUNT(RATE) && !r->done; i++) {
        int32_t rate;
        QI_TRY(read_rate(r, RATE[i].role, RATE[i].scale, RATE[i].missing, &rate));
        memcpy((char *)&t.tariff + RATE[i].offset, &rate, sizeof rate);
    }
    if (!r->done && !QI_PUSH(&r->chunk->tariffs, t))
        return qi_fail_memory(r->err, sizeof t);
    return QUIPU_OK;
}

/* ---- groups of an engine ---- */

/* How many rows the line stands for. */
static quipu_status read_rows_of(row *r) {
    qi_chunk *chunk = r->chunk;
    const qi_field *f = get(r, QI_ROWS);
    int64_t rows;
    if (f == NULL)
        return QUIPU_OK;
    if (!qi_parse_int(f->text, f->length, &rows) || rows < 1)
        return reject(r, f, "found \"%.*s\" where a number of rows is expected", shown(f),
                      f->text);
    chunk->rows = (uint64_t)rows;
    chunk->ledger.read += chunk->rows - 1;
    return QUIPU_OK;
}

/* ---- firms ---- */

/* Blanks off, zeros kept.  The id itself is told to nobody: messages and examples are kept. */
static quipu_status read_firm(row *r) {
    const qi_field *f = get(r, QI_FIRM);
    r->chunk->firm = (qi_firm_id){0, 0};
    if (f == NULL)
        return QUIPU_OK;
    qi_field id = *f;
    while (id.length > 0 && *id.text == ' ')
        id.text++, id.length--;
    while (id.length > 0 && id.text[id.length - 1] == ' ')
        id.length--;
    if (id.length > QI_MOST_FIRM_BYTES)
        return reject(r, f, "the id of a firm has %zu bytes; expected at most %d", id.length,
                      QI_MOST_FIRM_BYTES);
    if (!is_missing(&id))
        r->chunk->firm = qi_firm_of(id.text, id.length);
    return QUIPU_OK;
}

/* ---- one careful row ---- */

static quipu_status read_row(row *r) {
    qi_chunk *chunk = r->chunk;
    const qi_schema *schema = r->schema;
    qi_cell cell = {.value = QUIPU_MONEY_MISSING,
                    .weight = QUIPU_QUANTITY_MISSING,
                    .quantity = QUIPU_QUANTITY_MISSING,
                    .unit = 1,
                    .line = r->line};
    const char *nomenclature;
    quipu_period period = 0;
    quipu_flow flow;
    unsigned reporter, partner;
#define STEP(call)                                                                             \
    do {                                                                                       \
        QI_TRY(call);                                                                          \
        if (r->done)                                                                           \
            return QUIPU_OK;                                                                   \
    } while (0)
    STEP(read_rows_of(r));
    STEP(read_nomenclature(r, &nomenclature));
    STEP(read_flow(r, &flow));
    STEP(read_country(r, QI_REPORTER, schema->reporter, &reporter));
    STEP(read_country(r, QI_PARTNER, schema->partner, &partner));
    STEP(read_product(r, nomenclature, &cell.product));
    STEP(read_amount(r, QI_VALUE, schema->value_scale, &cell.value, "value"));
    if (schema->tariffs) {
        int duty;
        STEP(read_tariff(r, &cell, reporter, partner, &duty));
        const qi_field *trade = get(r, QI_PERIOD);
        /* Each rate repeats the trade it is about: the applied one stands for it. */
        if (schema->flow == QUIPU_N_FLOWS || duty != QUIPU_DUTY_APPLIED || trade == NULL ||
            is_missing(trade) || cell.value == QUIPU_MONEY_MISSING) {
            chunk->ledger.tariffs++;
            return QUIPU_OK;
        }
    }
    STEP(read_period(r, QI_PERIOD, &period));
    STEP(read_amount(r, QI_WEIGHT, schema->weight_scale, &cell.weight, "weight"));
    STEP(read_amount(r, QI_QUANTITY, 3, &cell.quantity, "quantity"));
    STEP(read_unit(r, &cell));
    STEP(read_flags(r, &cell.flags));
    STEP(read_firm(r));
#undef STEP
    if (cell.value == QUIPU_MONEY_MISSING && cell.weight == QUIPU_QUANTITY_MISSING &&
        cell.quantity == QUIPU_QUANTITY_MISSING) {
        qi_ledger_count(&chunk->ledger, QI_R_NO_VALUE, chunk->rows, 0);
        return QUIPU_OK;
    }
    cell.part = breakdown(r);
    if (schema->tariffs && chunk->tariffs.n > 0) { /* this row's own tariff is the last one */
        int far = abs(chunk->tariffs.items[chunk->tariffs.n - 1].tariff.tariff_period - period);
        cell.part = (uint8_t)(far == 0 ? 0 : QI_FAR + (far < 200 ? (unsigned)far : 200u));
    }
    cell.key = qi_cell_key(period, flow, reporter, partner);
    return qi_add_cell(chunk, &cell, r->err);
}

static quipu_status careful_line(qi_chunk *chunk, uint32_t line, const char *text,
                                 size_t length, char *scratch, quipu_error *err) {
    qi_field fields[QI_MAX_FIELDS];
    const char *problem = NULL;
    uint32_t column = 1;
    if (text[0] == '#') {
        qi_ledger_note(&chunk->ledger, QI_R_COMMENT, 1, 0, "%.*s",
                       (int)(length < 60 ? length : 60), text);
        return QUIPU_OK;
    }
    size_t n = qi_split_line(text, length, chunk->schema->delimiter, fields, QI_MAX_FIELDS,
                             scratch, &problem, &column);
    if (n == 0)
        return qi_reject_line(chunk, line, text, length, column, err, "%s", problem);
    for (size_t i = 0; i < n && chunk->schema->in_cells; i++)
        fields[i].column = (uint32_t)i + 1;
    while (n > chunk->schema->n_columns && fields[n - 1].length == 0)
        n--; /* some offices end each row with a separator */
    if (n != chunk->schema->n_columns) {
        return qi_reject_line(
            chunk, line, text, length,
            n < chunk->schema->n_columns ? (uint32_t)length + 1
                                         : fields[chunk->schema->n_columns].column,
            err,
            "found %zu fields where the header has %zu: a separator inside a "
            "field needs quotes around the field, a cut line must be completed",
            n, chunk->schema->n_columns);
    }
    return qi_read_fields(chunk, line, text, length, fields, err);
}

quipu_status qi_read_fields(qi_chunk *chunk, uint32_t line, const char *text, size_t length,
                            const qi_field *fields, quipu_error *err) {
    chunk->rows = 1;
    row r = {chunk, chunk->schema, line, text, length, fields, err, false};
    return read_row(&r);
}

quipu_status qi_read_rows(qi_chunk *chunk, quipu_error *err) {
    const char *at = chunk->bytes, *end = chunk->bytes + chunk->length;
    char *scratch = NULL;
    size_t scratch_size = 0;
    uint32_t line = 0, blank = 0; /* blank lines and the header are no rows */
    quipu_status status = QUIPU_OK;
    bool simple = chunk->schema->simple;
    qi_quick quick = {.n_columns = chunk->schema->n_columns};
    for (; at < end; line++) {
        if (simple && line >= chunk->skip_lines) {
            QI_GO(qi_quick_lines(chunk, &quick, &at, end, &line, err));
            if (at == end)
                break;
        }
        const char *next;
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        next = stop != NULL ? stop + 1 : end;
        size_t length = (size_t)((stop != NULL ? stop : end) - at);
        if (length > 0 && at[length - 1] == '\r')
            length--;
        if (line >= chunk->skip_lines && length > 0) {
            if (length + 1 > scratch_size) {
                free(scratch);
                scratch_size = length * 2 + 256;
                scratch = malloc(scratch_size);
                if (scratch == NULL) {
                    status = qi_fail_memory(err, scratch_size);
                    goto done;
                }
            }
            QI_GO(careful_line(chunk, line, at, length, scratch, err));
        } else {
            blank++;
        }
        at = next;
    }
    chunk->n_lines = line;
done:
    chunk->ledger.read += line - blank; /* also of what stopped half-way */
    free(scratch);
    return status;
}
