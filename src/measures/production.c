/* SPDX-License-Identifier: Apache-2.0 */
/* production.c - read a table of sector output: head, header, rows. */
#include "measures/production.h"

#include "io/io.h"

enum { LARGEST_FILE = 64 << 20, MOST_FIELDS = 16 };

typedef struct field {
    char *text; /* unquoted, ends in 0 */
    size_t length;
    uint32_t column;
} field;

typedef enum role { COUNTRY, YEAR, SECTOR, OUTPUT, RATE, N_ROLES } role;
static const char *const role_names[N_ROLES] = {"country", "year", "sector", "output", "rate"};

typedef struct scanner {
    const quipu_nomen *nomen;
    const char *path;
    qi_arena *arena;
    char *at, *end;
    uint64_t line;
    bool in_cells; /* places are told by the number of the field */
    int scale;     /* power of ten of the unit */
    bool dollars;
    char currency[16];
    int column[N_ROLES]; /* -1 = not there */
    size_t n_columns;
    QI_LIST(qi_production_row) rows;
    qi_production *out;
} scanner;

/* ---- lines and fields ---- */

static char *next_line(scanner *s, size_t *length) {
    if (s->at >= s->end)
        return NULL;
    char *line = s->at, *feed = memchr(line, '\n', (size_t)(s->end - line));
    char *stop = feed != NULL ? feed : s->end;
    s->at = feed != NULL ? feed + 1 : s->end;
    s->line++;
    if (stop > line && stop[-1] == '\r')
        stop--;
    *stop = '\0'; /* the buffer has one byte more */
    *length = (size_t)(stop - line);
    return line;
}

static quipu_status unquote(const scanner *s, char *line, char **at, field *out,
                            quipu_error *err) {
    char *from = *at + 1, *to = *at;
    for (;; from++) {
        if (*from == '\0')
            return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line, (uint32_t)(*at - line) + 1,
                              "a quoted field has no end");
        if (*from == '"' && *++from != '"')
            break;
        *to++ = *from;
    }
    if (*from != ',' && *from != '\0')
        return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line, (uint32_t)(from - line) + 1,
                          "text after the closing quote of a field");
    out->text = *at;
    out->length = (size_t)(to - *at);
    bool last = *from == '\0';
    *to = '\0';
    *at = last ? NULL : from + 1;
    return QUIPU_OK;
}

static quipu_status cut_fields(const scanner *s, char *line, field fields[MOST_FIELDS],
                               size_t *count, quipu_error *err) {
    size_t n = 0;
    for (char *at = line; at != NULL;) {
        if (n == MOST_FIELDS)
            return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line, (uint32_t)(at - line) + 1,
                              "more than %d fields", MOST_FIELDS);
        field *f = &fields[n++];
        f->column = s->in_cells ? (uint32_t)n : (uint32_t)(at - line) + 1;
        if (*at == '"') {
            QI_TRY(unquote(s, line, &at, f, err));
            continue;
        }
        f->length = strcspn(at, ",");
        f->text = at;
        bool last = at[f->length] == '\0';
        char *next = at + f->length + 1;
        at[f->length] = '\0';
        at = last ? NULL : next;
    }
    *count = n;
    return QUIPU_OK;
}

/* ---- the head ---- */

/* "1000 USD", "million PEN", "USD" */
static quipu_status read_unit(scanner *s, const char *text, quipu_error *err) {
    static const struct {
        const char *word;
        int scale;
    } factors[] = {{"1", 0},       {"1000", 3},       {"thousand", 3}, {"1000000", 6},
                   {"million", 6}, {"1000000000", 9}, {"billion", 9}};
    size_t length = strcspn(text, " ");
    s->scale = 0;
    if (text[length] == ' ') {
        size_t i = 0;
        while (i < QI_COUNT(factors) && (strlen(factors[i].word) != length ||
                                         strncmp(factors[i].word, text, length) != 0))
            i++;
        if (i == QI_COUNT(factors))
            return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line, 7,
                              "unit \"%s\": expected 1000, million or billion before the "
                              "currency, as in #unit 1000 USD",
                              text);
        s->scale = factors[i].scale;
        text += length + 1;
    }
    length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if (text[i] < 'A' || text[i] > 'Z')
            length = 0;
    if (length != 3)
        return qi_fail_at(
            err, QUIPU_E_FORMAT, s->path, s->line, 7,
            "unit \"%s\": expected a currency of three capitals, as in #unit 1000 "
            "USD",
            text);
    memcpy(s->currency, text, 4);
    s->dollars = strcmp(text, "USD") == 0;
    return QUIPU_OK;
}

static quipu_status read_head(scanner *s, char *line, quipu_error *err) {
    char *key = line + 1, *value = key + strcspn(key, " ");
    if (*value != '\0')
        *value++ = '\0';
    value += strspn(value, " ");
    if (strcmp(key, "unit") == 0)
        return read_unit(s, value, err);
    const char **to = strcmp(key, "source") == 0         ? &s->out->source
                      : strcmp(key, "release") == 0      ? &s->out->release
                      : strcmp(key, "nomenclature") == 0 ? &s->out->nomenclature
                                                         : NULL;
    if (to == NULL)
        return QUIPU_OK; /* a title, a remark */
    if (to == &s->out->nomenclature)
        s->out->nomenclature_line = s->line;
    *to = qi_arena_dup(s->arena, value);
    return *to != NULL ? QUIPU_OK : qi_fail_memory(err, strlen(value));
}

static quipu_status read_header(scanner *s, char *line, quipu_error *err) {
    field fields[MOST_FIELDS];
    QI_TRY(cut_fields(s, line, fields, &s->n_columns, err));
    for (size_t r = 0; r < N_ROLES; r++)
        s->column[r] = -1;
    for (size_t i = 0; i < s->n_columns; i++) {
        size_t r = 0;
        while (r < N_ROLES && strcmp(role_names[r], fields[i].text) != 0)
            r++;
        if (r < N_ROLES && s->column[r] >= 0)
            return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line, fields[i].column,
                              "two columns are called \"%s\"", fields[i].text);
        if (r < N_ROLES) {
            s->column[r] = (int)i;
            continue;
        }
        qi_suggest near;
        char text[QI_SUGGEST_TEXT];
        qi_suggest_start(&near, fields[i].text);
        for (r = 0; r < N_ROLES; r++)
            qi_suggest_try(&near, role_names[r]);
        return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line, fields[i].column,
                          "a column \"%.40s\": expected country, year, sector, output and "
                          "perhaps rate%s",
                          fields[i].text, qi_suggest_text(&near, text));
    }
    for (size_t r = 0; r <= OUTPUT; r++)
        if (s->column[r] < 0)
            return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line, 1,
                              "the header has no column \"%s\": expected "
                              "country,year,sector,output",
                              role_names[r]);
    if (!s->dollars && s->column[RATE] < 0)
        return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line, 1,
                          "the unit is %s: add a column \"rate\", %s for one US$, or give the "
                          "output in USD",
                          s->currency, s->currency);
    return QUIPU_OK;
}

/* ---- rows ---- */

static quipu_status complain(const scanner *s, const field *f, quipu_error *err,
                             const char *expected) {
    return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line, f->column,
                      "found \"%.40s\" where %s", f->text, expected);
}

static quipu_status read_country(const scanner *s, const field *f, uint16_t *out,
                                 quipu_error *err) {
    const quipu_country *country;
    quipu_error why = {0};
    if (quipu_country_find(s->nomen, f->text, &country, &why) != QUIPU_OK)
        return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line, f->column, "%s", why.text);
    *out = country->id;
    return QUIPU_OK;
}

__extension__ typedef __int128 wide;

/* Money in dollars from money in a currency; rates have six decimals. */
static bool to_dollars(int64_t money, int64_t rate, quipu_money *out) {
    wide twice = (wide)money * 2000000 + rate, dollars = twice / ((wide)rate * 2);
    if (dollars > INT64_MAX)
        return false;
    *out = (quipu_money)dollars;
    return true;
}

static quipu_status read_output(const scanner *s, const field *fields, qi_production_row *row,
                                quipu_error *err) {
    const field *f = &fields[s->column[OUTPUT]];
    double rounding;
    int64_t rate;
    if (f->length == 0)
        return QUIPU_OK; /* nobody knows it */
    switch (qi_parse_scaled(f->text, f->length, s->scale + 3, true, &row->output, &rounding)) {
    case QI_NUMBER_OK:
    case QI_NUMBER_ROUNDED: break;
    case QI_NUMBER_RANGE: return complain(s, f, err, "an output below 9.2e15 US$ is expected");
    default:
        return complain(s, f, err,
                        "an output is expected: digits with a decimal point, as 1234.5");
    }
    if (row->output < 0)
        return complain(s, f, err, "an output is expected: it cannot be negative");
    row->known = true;
    if (s->dollars)
        return QUIPU_OK;
    f = &fields[s->column[RATE]];
    if (qi_parse_scaled(f->text, f->length, 6, true, &rate, &rounding) > QI_NUMBER_ROUNDED ||
        rate <= 0)
        return complain(s, f, err, "an exchange rate above zero is expected");
    if (!to_dollars(row->output, rate, &row->output))
        return complain(s, f, err, "a rate is expected that leaves less than 9.2e15 US$");
    return QUIPU_OK;
}

static quipu_status read_row(scanner *s, char *line, quipu_error *err) {
    field fields[MOST_FIELDS];
    size_t n;
    int64_t year;
    QI_TRY(cut_fields(s, line, fields, &n, err));
    if (n != s->n_columns)
        return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line, fields[n - 1].column,
                          "%zu fields where the header has %zu", n, s->n_columns);
    const field *sector = &fields[s->column[SECTOR]], *when = &fields[s->column[YEAR]];
    qi_production_row row = {.line = s->line, .column = sector->column};
    QI_TRY(read_country(s, &fields[s->column[COUNTRY]], &row.country, err));
    if (!qi_parse_int(when->text, when->length, &year) || year < 1900 || year > 2100)
        return complain(s, when, err, "a year is expected, as 2007");
    row.year = (quipu_period)year;
    if (sector->length == 0)
        return complain(s, sector, err, "a sector is expected");
    row.sector = qi_arena_text(s->arena, sector->text, sector->length);
    if (row.sector == NULL)
        return qi_fail_memory(err, sector->length);
    QI_TRY(read_output(s, fields, &row, err));
    return QI_PUSH(&s->rows, row) ? QUIPU_OK : qi_fail_memory(err, sizeof row);
}

static quipu_status read_lines(scanner *s, quipu_error *err) {
    size_t length;
    char *line = next_line(s, &length);
    bool header = false;
    if (line == NULL || strcmp(line, "#quipu output 1") != 0)
        return qi_fail_at(err, QUIPU_E_FORMAT, s->path, 1, 1,
                          "a table of output begins with the line \"#quipu output 1\"");
    while ((line = next_line(s, &length)) != NULL) {
        if (!qi_utf8_valid(line, length) || memchr(line, '\0', length) != NULL)
            return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line, 1,
                              "the line is not UTF-8 text");
        if (length == 0)
            continue;
        if (!header && line[0] == '#')
            QI_TRY(read_head(s, line, err));
        else if (!header)
            QI_TRY(read_header(s, line, err));
        else
            QI_TRY(read_row(s, line, err));
        header = header || line[0] != '#';
    }
    if (s->rows.n == 0)
        return qi_fail_at(err, QUIPU_E_DATA, s->path, s->line, 1,
                          "the table of output has no rows");
    return QUIPU_OK;
}

typedef struct input {
    const char *path, *bytes;
    size_t length;
    bool in_cells;
} input;

static quipu_status parse(const quipu_nomen *nomen, const input *in, qi_arena *arena,
                          qi_production *out, quipu_error *err) {
    size_t length = in->length;
    char *copy = qi_arena_text(arena, in->bytes, length);
    *out = (qi_production){.path = in->path, .source = "", .release = "", .nomenclature = "I3"};
    if (copy == NULL)
        return qi_fail_memory(err, length);
    scanner s = {.nomen = nomen,
                 .path = in->path,
                 .in_cells = in->in_cells,
                 .arena = arena,
                 .at = copy,
                 .end = copy + length,
                 .dollars = true,
                 .currency = "USD",
                 .out = out};
    if (length >= 3 && memcmp(copy, "\xEF\xBB\xBF", 3) == 0)
        s.at += 3;
    quipu_status status;
    QI_GO(read_lines(&s, err));
    out->fingerprint = qi_hash64(in->bytes, length);
    out->n_rows = s.rows.n;
    out->rows = qi_arena_alloc(arena, s.rows.n * sizeof *out->rows);
    if (out->rows == NULL)
        status = qi_fail_memory(err, s.rows.n * sizeof *out->rows);
    else
        memcpy(out->rows, s.rows.items, s.rows.n * sizeof *out->rows);
done:
    free(s.rows.items);
    return status;
}

quipu_status qi_production_parse(const quipu_nomen *nomen, const char *path, const char *bytes,
                                 size_t length, qi_arena *arena, qi_production *out,
                                 quipu_error *err) {
    const input in = {path, bytes, length, false};
    return parse(nomen, &in, arena, out, err);
}

quipu_status qi_production_read(const quipu_nomen *nomen, const char *path, qi_arena *arena,
                                qi_production *out, quipu_error *err) {
    qi_buffer whole;
    input in = {.path = path};
    QI_TRY(qi_whole_table(path, LARGEST_FILE, &whole, &in.in_cells, err));
    in.bytes = whole.bytes;
    in.length = whole.length;
    quipu_status status = parse(nomen, &in, arena, out, err);
    qi_buffer_free(&whole);
    return status;
}
