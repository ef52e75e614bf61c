/* SPDX-License-Identifier: Apache-2.0 */
/* head.c - the head of a file: what it is by its first bytes, the lines that our own tables
 * begin with, the header line, and the profile that knows it. */
#include "answer.h"
#include "profile.h"

#include <strings.h>

/* "BACI_HS92_Y2011_V202501.csv" tells nomenclature and release. */
static void read_file_name(const qi_import *import, const char *member, qi_schema *schema) {
    const char *slash = strrchr(member, '/');
    const char *name = slash != NULL ? slash + 1 : member;
    const char *hs = strstr(name, "_HS"), *version = strstr(name, "_V");
    if (hs != NULL && strlen(hs) >= 5 && schema->nomenclature[0] == 0) {
        char label[8];
        snprintf(label, sizeof label, "HS%.2s", hs + 3);
        const quipu_nomenclature *known;
        if (quipu_nomenclature_find(import->nomen, label, &known, NULL) == QUIPU_OK)
            snprintf(schema->nomenclature, sizeof schema->nomenclature, "%s", known->name);
    }
    size_t digits = version != NULL ? strspn(version + 2, "0123456789") : 0;
    if (digits >= 6 && digits <= 8)
        snprintf(schema->release, sizeof schema->release, "V%.*s", (int)digits, version + 2);
}

static quipu_status refuse(quipu_error *err, const char *member, uint64_t line,
                           const char *text) {
    return qi_fail_at(err, QUIPU_E_FORMAT, member, line, 1, "%s", text);
}

/* What people take for a table of trade, by its first bytes. */
static const struct {
    const char *magic;
    size_t length;
    const char *text;
} FOREIGN[] = {
    {"\xFF\xFE", 2,
     "the file is UTF-16 (probably \"Unicode text\" from Excel): save it as CSV "
     "UTF-8, or convert it with iconv -f UTF-16 -t UTF-8"},
    {"\xFE\xFF", 2,
     "the file is UTF-16 (big-endian): save it as CSV UTF-8, or convert it with "
     "iconv -f UTF-16 -t UTF-8"},
    {"QUIPU\x1a", 6, "this is a cube already; its rows as text: quipu dump CUBE"},
    {"PAR1", 4, "a Parquet file inside another: unpack it first"},
    {"\xD0\xCF\x11\xE0", 4, "an old Excel workbook (.xls): save the sheet as CSV UTF-8"},
    {"%PDF", 4, "a PDF document, not a table: look for the CSV file of the same data"},
    {"<!DOCTYPE", 9,
     "a web page, not a table: probably what the office answered instead of the "
     "data; fetch the file again"},
    {"<html", 5,
     "a web page, not a table: probably what the office answered instead of the "
     "data; fetch the file again"},
    {"<?xml", 5, "an XML file, not a table: export it as CSV first"},
};

static quipu_status check_text(const char *member, const char *head, size_t length,
                               quipu_error *err) {
    if (length == 0)
        return refuse(err, member, 0, "the file is empty");
    for (size_t i = 0; i < QI_COUNT(FOREIGN); i++)
        if (length >= FOREIGN[i].length &&
            strncasecmp(head, FOREIGN[i].magic, FOREIGN[i].length) == 0)
            return refuse(err, member, 1, FOREIGN[i].text);
    size_t n = length < 4096 ? length : 4096;
    if (memchr(head, 0, n) != NULL)
        return refuse(
            err, member, 1,
            "the file is binary, or UTF-16, and not a table of text: expected CSV in UTF-8 "
            "(also in gz or zip)");
    const char *cr = memchr(head, '\r', length), *newline = memchr(head, '\n', length);
    if (cr != NULL && cr + 1 != newline && (newline == NULL || cr < newline))
        return refuse(err, member, 1,
                      "lines end in a carriage return alone, as on old Macs: convert them with "
                      "tr '\\r' '\\n'");
    return QUIPU_OK;
}

/* `#key value` lines of our own tables. */
static quipu_status read_key(const qi_import *import, const char *member, uint64_t number,
                             const char *line, size_t length, qi_arena *arena,
                             qi_schema *schema, quipu_error *err) {
    size_t key_length = 0;
    while (key_length < length && line[key_length] != ' ')
        key_length++;
    if (key_length == 0) /* "# a remark" */
        return QUIPU_OK;
    char *key = qi_arena_text(arena, line, key_length);
    size_t from = key_length < length ? key_length + 1 : length;
    char *text = qi_arena_text(arena, line + from, length - from);
    if (key == NULL || text == NULL)
        return qi_fail_memory(err, length);
    if (strcmp(key, "report") == 0) {
        if (!qi_buffer_text(&schema->restored_report, text) ||
            !qi_buffer_text(&schema->restored_report, "\n"))
            return qi_fail_memory(err, length);
        return QUIPU_OK;
    }
    if (qi_is_of_firms(key)) /* a dump has no rows by firm */
        return QUIPU_OK;
    if (strcmp(key, "unit") == 0) {
        schema->value_scale = strcmp(text, "USD") == 0           ? 3
                              : strcmp(text, "1000 USD") == 0    ? 6
                              : strcmp(text, "million USD") == 0 ? 9
                                                                 : -1;
        if (schema->value_scale < 0)
            return qi_fail_at(err, QUIPU_E_FORMAT, member, number, 1,
                              "unit \"%s\": expected USD, 1000 USD or million USD", text);
        return QUIPU_OK;
    }
    if (strcmp(key, "nomenclature") == 0) {
        const quipu_nomenclature *known;
        bool found = quipu_nomenclature_find(import->nomen, text, &known, NULL) == QUIPU_OK;
        if (!found && strlen(text) >= sizeof schema->nomenclature)
            return qi_fail_at(
                err, QUIPU_E_FORMAT, member, number, 1,
                "nomenclature \"%.60s\": expected one of quipu list nomenclatures, "
                "TOTAL, or a name of your own of at most 7 characters",
                text);
        snprintf(schema->nomenclature, sizeof schema->nomenclature, "%.7s",
                 found ? known->name : text);
    }
    quipu_pair_text pair = {key, text};
    return QI_PUSH(&schema->restored, pair) ? QUIPU_OK : qi_fail_memory(err, sizeof pair);
}

static char find_delimiter(const char *line, size_t length) {
    static const char CANDIDATES[] = ",;\t|";
    char best = ',';
    size_t most = 0;
    for (const char *c = CANDIDATES; *c != 0; c++) {
        size_t n = 0;
        bool inside = false;
        for (size_t i = 0; i < length; i++) {
            inside ^= line[i] == '"';
            n += !inside && line[i] == *c;
        }
        if (n > most) {
            most = n;
            best = *c;
        }
    }
    return best;
}

/* The header line: the first that is not of our own head. */
typedef struct header {
    const char *member, *text;
    uint64_t line;
    size_t length, n;
    char *fields[QI_MAX_FIELDS]; /* folded, in the arena */
    qi_field raw[QI_MAX_FIELDS];
} header;

static quipu_status cut_header(header *h, char delimiter, bool in_cells, qi_arena *arena,
                               quipu_error *err) {
    const char *problem;
    uint32_t where;
    char *scratch = qi_arena_alloc(arena, h->length + 1);
    if (scratch == NULL)
        return qi_fail_memory(err, h->length);
    h->n = qi_split_line(h->text, h->length, delimiter, h->raw, QI_MAX_FIELDS, scratch,
                         &problem, &where);
    if (h->n == 0)
        return qi_fail_at(err, QUIPU_E_FORMAT, h->member, h->line, where, "%s", problem);
    for (size_t i = 0; i < h->n; i++) {
        qi_field *raw = &h->raw[i];
        if (in_cells)
            raw->column = (uint32_t)i + 1;
        h->fields[i] = qi_arena_alloc(arena, raw->length + 1);
        if (h->fields[i] == NULL)
            return qi_fail_memory(err, raw->length);
        qi_fold_header(raw->text, raw->length, h->fields[i], raw->length + 1);
    }
    while (h->n > 1 && h->fields[h->n - 1][0] == 0)
        h->n--;
    return QUIPU_OK;
}

static quipu_status unknown_header(const header *h, const char *wanted, quipu_error *err) {
    int shown = h->length < 100 ? (int)h->length : 100;
    if (wanted != NULL)
        return qi_fail_at(err, QUIPU_E_FORMAT, h->member, h->line, 1,
                          "the header \"%.*s\" is not that of profile %s (quipu list profiles)",
                          shown, h->text, wanted);
    return qi_fail_at(
        err, QUIPU_E_FORMAT, h->member, h->line, 1,
        "no profile knows the header \"%.*s\". Known kinds: quipu list profiles; any "
        "other table can be read with --map, for example --map "
        "period=year,reporter=iso_o,partner=iso_d,product=hs6,value=trade*1000",
        shown, h->text);
}

/* A column that has a role and a namesake could be either. */
static quipu_status check_namesakes(const header *h, const qi_schema *schema,
                                    quipu_error *err) {
    for (size_t i = 0; i < h->n; i++)
        for (size_t j = i + 1; j < h->n; j++)
            if ((schema->role[i] != QI_IGNORE || schema->role[j] != QI_IGNORE) &&
                strcmp(h->fields[i], h->fields[j]) == 0)
                return qi_fail_at(
                    err, QUIPU_E_FORMAT, h->member, h->line, h->raw[j].column,
                    "two columns are called \"%.60s\": rename the one that is not "
                    "meant",
                    h->fields[i]);
    return QUIPU_OK;
}

/* The columns of a wide table that are not about who and what are periods, in order. */
static quipu_status read_periods(const header *h, qi_schema *schema, quipu_error *err) {
    quipu_period last = 0;
    for (size_t i = 0; i < h->n; i++) {
        int64_t p;
        if (schema->role[i] != QI_IGNORE)
            continue;
        bool number = qi_parse_int(h->fields[i], strlen(h->fields[i]), &p);
        bool year = number && p >= 1900 && p <= 2100;
        bool month = number && p >= 190001 && p <= 210012 && p % 100 >= 1 && p % 100 <= 12;
        if (!year && !month)
            return qi_fail_at(err, QUIPU_E_FORMAT, h->member, h->line, h->raw[i].column,
                              "the column \"%.60s\" is neither a year from 1900 to 2100 nor a "
                              "month such as 201112, nor flow, reporter, partner or product",
                              h->fields[i]);
        if (p <= last)
            return qi_fail_at(err, QUIPU_E_FORMAT, h->member, h->line, h->raw[i].column,
                              "the period %lld stands after %d: periods must rise",
                              (long long)p, last);
        last = schema->wide_period[i] = (quipu_period)p;
    }
    if (last == 0)
        return qi_fail_at(
            err, QUIPU_E_FORMAT, h->member, h->line, (uint32_t)h->length + 1,
            "no column is a period: expected flow,reporter,partner,2010,2011,...");
    return QUIPU_OK;
}

static bool fits(const qi_profile *profile, const header *h, qi_schema *schema) {
    qi_schema trial = *schema;
    if (profile->recognise == NULL ||
        !profile->recognise((const char *const *)h->fields, h->n, &trial))
        return false;
    *schema = trial;
    schema->profile = profile;
    return true;
}

/* Which profile the header belongs to; `own` is the one the file itself names. */
static quipu_status choose(const qi_import *import, const header *h, const char *own,
                           const char *wanted, qi_schema *schema, quipu_error *err) {
    if (own == NULL && wanted != NULL && strcmp(wanted, "map") == 0) {
        if (import->options.map == NULL)
            return qi_fail(err, QUIPU_E_ARG, "profile map needs --map");
        QI_TRY(qi_apply_map(import, h->fields, h->n, schema, err));
        schema->profile = qi_profile_find("map");
    } else {
        const char *name = own != NULL ? own : wanted;
        size_t n;
        const qi_profile *profiles = qi_profiles(&n);
        for (size_t i = 0; i < n && schema->profile == NULL; i++) {
            bool headed = strcmp(profiles[i].name, "wide") == 0 ||
                          strcmp(profiles[i].name, "engine") == 0 ||
                          strcmp(profiles[i].name, "tariffs") == 0;
            if (name != NULL ? strcmp(profiles[i].name, name) == 0 : !headed)
                fits(&profiles[i], h, schema);
        }
        if (schema->profile == NULL)
            return unknown_header(h, name, err);
    }
    QI_TRY(check_namesakes(h, schema, err));
    if (strcmp(schema->profile->name, "wide") == 0)
        QI_TRY(read_periods(h, schema, err));
    read_file_name(import, h->member, schema);
    return QUIPU_OK;
}

/* The first line of our own tables, or of the second table of a dump: the profile it names;
 * NULL when it is none of these. */
static quipu_status own_profile(const char *member, const char *line, size_t length,
                                const char **own, quipu_error *err) {
    static const struct {
        const char *line, *profile;
    } FIRST[] = {{"#quipu wide 1", "wide"},
                 {"#quipu tariffs 1", "tariffs"},
                 {"#quipu 1", "quipu"},
                 {"#quipu engine 1", "engine"},
                 {"#table tariffs", "tariffs"}};
    *own = NULL;
    while (length > 0 && line[length - 1] == ' ')
        length--;
    for (size_t i = 0; i < QI_COUNT(FIRST); i++)
        if (length == strlen(FIRST[i].line) && memcmp(line, FIRST[i].line, length) == 0)
            *own = FIRST[i].profile;
    if (*own == NULL && length >= 6 && memcmp(line, "#quipu", 6) == 0)
        return qi_fail_at(
            err, QUIPU_E_FORMAT, member, 1, 1,
            "the first line is \"%.*s\"; this program reads \"#quipu wide 1\", "
            "\"#quipu tariffs 1\" and \"#quipu 1\": was it made for another version?",
            (int)(length < 60 ? length : 60), line);
    return QUIPU_OK;
}

static bool is_json(const char *text, size_t length) {
    size_t i = 0;
    while (i < length && strchr(" \t\r\n", text[i]) != NULL && text[i] != 0)
        i++;
    return i < length && text[i] == '{';
}

quipu_status qi_recognise(const qi_import *import, const char *member, const char *head,
                          size_t length, qi_arena *arena, qi_schema *schema, size_t *skip_lines,
                          quipu_error *err) {
    const char *wanted = import->options.map != NULL ? "map" : import->options.profile;
    const char *own = NULL, *at = head, *end = head + length;
    *skip_lines = 0;
    bool in_cells = schema->in_cells;
    memset(schema, 0, sizeof *schema);
    schema->in_cells = in_cells;
    qi_clear_roles(schema, 0);
    schema->arena = arena;
    schema->value_scale = schema->weight_scale = 3;
    schema->reporter = schema->partner = QI_UNKNOWN_NUMBER;
    schema->delimiter = ',';
    if (wanted != NULL && qi_profile_find(wanted) == NULL)
        return qi_fail(err, QUIPU_E_ARG, "no profile \"%s\" (quipu list profiles)", wanted);
    QI_TRY(check_text(member, head, length, err));
    if (length >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    if (wanted != NULL ? strcmp(wanted, "comtrade-json") == 0
                       : qi_answer_is_one(at, (size_t)(end - at))) {
        schema->profile = qi_profile_find("comtrade-json");
        qi_comtrade_schema(schema);
        return QUIPU_OK;
    }
    if (wanted != NULL ? strcmp(wanted, "totals") == 0 : is_json(at, (size_t)(end - at))) {
        schema->profile = qi_profile_find("totals");
        schema->value_scale = 6;
        snprintf(schema->nomenclature, sizeof schema->nomenclature, "TOTAL");
        snprintf(schema->source, sizeof schema->source, "UN Comtrade through WITS");
        return QUIPU_OK;
    }
    header h = {.member = member};
    while (at < end) { /* lines of our own head, then the header */
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        h.text = at;
        h.length = (size_t)((stop != NULL ? stop : end) - at);
        h.line++;
        at = stop != NULL ? stop + 1 : end;
        if (h.length > 0 && h.text[h.length - 1] == '\r')
            h.length--;
        if (h.line == 1)
            QI_TRY(own_profile(member, h.text, h.length, &own, err));
        if (h.length == 0 || (own != NULL && h.line == 1))
            continue;
        if (own != NULL && h.text[0] == '#') {
            QI_TRY(
                read_key(import, member, h.line, h.text + 1, h.length - 1, arena, schema, err));
            continue;
        }
        if (!in_cells)
            schema->delimiter = find_delimiter(h.text, h.length);
        *skip_lines = (size_t)h.line;
        QI_TRY(cut_header(&h, schema->delimiter, schema->in_cells, arena, err));
        return choose(import, &h, own, wanted, schema, err);
    }
    return refuse(err, member, h.line + 1, "the file ends before its header line");
}
