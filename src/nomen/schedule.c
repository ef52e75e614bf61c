/* SPDX-License-Identifier: Apache-2.0 */
/* schedule.c - a tariff schedule: lines with a base rate and a staging category, and the table
 * that says what each category does.  The format is described in docs/agreements.md. */
#include "nomen/user_rows.h"
#include "quipu/agreement.h"

enum { MOST_STAGES = 100, LONGEST_PATH = 100, HIGHEST_RATE = 5000 };
#define RATE_SCALE 4 /* ten-thousandths of a per cent */
#define NO_COLUMN  SIZE_MAX

typedef struct reader {
    const quipu_nomen *nomen;
    quipu_schedule *out;
    qi_arena *arena;
    qi_user_file file;
    qi_user_row row;
    qi_names categories;
    const quipu_nomenclature *revision;
    int64_t total; /* of the values so far */
} reader;

/* ---- heads: "#quipu schedule 1", "#key value", the names of the columns ---- */

static bool is_key(const char *line, const char *key, const char **value) {
    size_t n = strlen(key);
    if (line[0] != '#' || strncmp(line + 1, key, n) != 0 ||
        (line[n + 1] != ' ' && line[n + 1] != '\0'))
        return false;
    *value = line + n + 1 + strspn(line + n + 1, " ");
    return true;
}

static quipu_status keep_text(reader *r, const char *text, const char **out, quipu_error *err) {
    char *copy = qi_arena_dup(r->arena, text);
    if (copy == NULL)
        return qi_fail_memory(err, strlen(text));
    qi_text_clean(copy, strlen(copy));
    *out = copy;
    return QUIPU_OK;
}

static quipu_status read_key(reader *r, quipu_error *err) {
    const char *line = r->row.field[0], *value;
    quipu_schedule *s = r->out;
    char shown[QI_USER_SHOWN];
    if (is_key(line, "title", &value))
        return keep_text(r, value, &s->title, err);
    if (is_key(line, "source", &value))
        return keep_text(r, value, &s->source, err);
    if (is_key(line, "importer", &value))
        return keep_text(r, value, &s->importer, err);
    if (is_key(line, "exporter", &value))
        return keep_text(r, value, &s->exporter, err);
    if (is_key(line, "from", &value)) {
        if (quipu_date_parse(value, strlen(value), &s->from))
            return QUIPU_OK;
        return qi_user_complain(&r->file, value, err,
                                "found \"%s\" where the date of entry into force is expected: "
                                "#from 2010-03-01",
                                qi_user_shown(value, strlen(value), shown));
    }
    if (is_key(line, "revision", &value)) {
        if (quipu_nomenclature_find(r->nomen, value, &r->revision, NULL) != QUIPU_OK ||
            r->revision->name[0] != 'H')
            return qi_user_complain(&r->file, value, err,
                                    "found \"%s\" where a revision of the HS is expected: "
                                    "#revision H3 (H0 to H6, or a year: 2007)",
                                    qi_user_shown(value, strlen(value), shown));
        s->revision = r->revision->name;
    }
    return QUIPU_OK; /* any other line with # is a remark */
}

/* Skips to the row of column names; the first line must say what the file is. */
static quipu_status read_head(reader *r, const char *kind, quipu_error *err) {
    const char *version;
    bool more, first = true;
    for (;; first = false) {
        QI_TRY(qi_user_file_next(&r->file, &r->row, &more, err));
        if (!more)
            return qi_fail_at(err, QUIPU_E_FORMAT, r->file.path, 0, 0,
                              "%s: a first line \"#quipu %s 1\" is expected, the names of the "
                              "columns, and rows",
                              first ? "the file is empty" : "the file has no table", kind);
        if (first && (!is_key(r->row.field[0], "quipu", &version) ||
                      strncmp(version, kind, strlen(kind)) != 0 ||
                      strcmp(version + strlen(kind), " 1") != 0))
            return qi_user_complain(
                &r->file, r->row.field[0], err,
                "the first line is not \"#quipu %s 1\", which says what the "
                "file is: docs/agreements.md",
                kind);
        if (r->row.field[0][0] != '#')
            return QUIPU_OK;
        if (!first)
            QI_TRY(read_key(r, err));
    }
}

/* Which column is where; the first `needed` names must be there. */
static quipu_status read_columns(const reader *r, const char *const *names, size_t n,
                                 size_t needed, size_t *place, quipu_error *err) {
    char shown[QI_USER_SHOWN], list[256] = "";
    for (size_t i = 0, used = 0; i < n; i++) {
        place[i] = NO_COLUMN;
        int wrote =
            snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", names[i]);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    for (size_t c = 0; c < r->row.n; c++) {
        bool known = false;
        for (size_t i = 0; i < n; i++) {
            if (strcmp(r->row.field[c], names[i]) != 0)
                continue;
            if (place[i] != NO_COLUMN)
                return qi_user_complain(&r->file, r->row.place[c], err,
                                        "two columns are called \"%s\": leave one out",
                                        names[i]);
            place[i] = c;
            known = true;
        }
        if (!known)
            return qi_user_complain(&r->file, r->row.place[c], err,
                                    "there is no column \"%s\" in such a table, only %s",
                                    qi_user_shown(r->row.field[c], r->row.length[c], shown),
                                    list);
    }
    for (size_t i = 0; i < needed; i++)
        if (place[i] == NO_COLUMN)
            return qi_user_complain(&r->file, r->row.end, err,
                                    "the table has no column \"%s\", which it needs", names[i]);
    return QUIPU_OK;
}

/* The next row of the table with the right number of fields. */
static quipu_status next_row(reader *r, size_t n_columns, bool *more, quipu_error *err) {
    do
        QI_TRY(qi_user_file_next(&r->file, &r->row, more, err));
    while (*more && r->row.field[0][0] == '#');
    if (*more && r->row.n != n_columns)
        return qi_user_complain(&r->file, r->row.end, err,
                                "found %zu fields where the header has %zu: a separator within "
                                "a field needs quotes around it",
                                r->row.n, n_columns);
    return QUIPU_OK;
}

static const char *cell(const reader *r, size_t column) {
    return column != NO_COLUMN ? r->row.field[column] : "";
}

static char *place_of(const reader *r, size_t column) {
    return column != NO_COLUMN ? r->row.place[column] : r->row.end;
}

/* ---- categories ---- */

enum { C_CATEGORY, C_YEARS, C_FIRST, C_PATH, C_LABEL, C_COLUMNS };

static quipu_status small_number(const reader *r, size_t column, const char *what,
                                 int64_t least, int64_t most, int64_t *out, quipu_error *err) {
    const char *text = cell(r, column);
    char shown[QI_USER_SHOWN];
    if (qi_parse_int(text, strlen(text), out) && *out >= least && *out <= most)
        return QUIPU_OK;
    return qi_user_complain(
        &r->file, place_of(r, column), err,
        "found \"%s\" where %s is expected: a whole number from %d to %d%s",
        qi_user_shown(text, strlen(text), shown), what, (int)least, (int)most,
        column == NO_COLUMN || least > 0 ? "" : ", or never for goods that are excluded");
}

/* N equal cuts from stage `first` on. */
static quipu_status equal_cuts(reader *r, quipu_schedule_category *c, int64_t years,
                               int64_t first, quipu_error *err) {
    int64_t cuts = years > 0 ? years : 1;
    c->whole = cuts;
    c->n_stages = (size_t)(first + cuts);
    int64_t *left = qi_arena_alloc(r->arena, c->n_stages * sizeof *left);
    if (left == NULL)
        return qi_fail_memory(err, c->n_stages * sizeof *left);
    for (int64_t s = 0; s < (int64_t)c->n_stages; s++)
        left[s] = s < first ? cuts : cuts - (s - first + 1);
    c->left = left;
    return QUIPU_OK;
}

/* "1:90 2:80 2015:50": per cent of the start rate that are left from a stage or year on. */
static quipu_status read_path(reader *r, quipu_schedule_category *c, size_t column,
                              quipu_error *err) {
    const char *at = cell(r, column);
    int64_t *left = qi_arena_alloc(r->arena, (MOST_STAGES + 1) * sizeof *left);
    char shown[QI_USER_SHOWN];
    int64_t now = 10000, done = 0;
    if (left == NULL)
        return qi_fail_memory(err, MOST_STAGES * sizeof *left);
    for (at += strspn(at, " "); *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        const char *colon = memchr(at, ':', length);
        int64_t stage, percent;
        if (colon == NULL || !qi_parse_int(at, (size_t)(colon - at), &stage) ||
            qi_parse_scaled(colon + 1, (size_t)(at + length - colon - 1), 2, false, &percent,
                            NULL) != QI_NUMBER_OK ||
            percent > 10000)
            return qi_user_complain(&r->file, at, err,
                                    "found \"%s\" in a path where STAGE:PERCENT is expected, "
                                    "with 0 to 100 per cent of the start rate left: 1:80 2:60 "
                                    "5:0",
                                    qi_user_shown(at, length, shown));
        if (stage >= 1800)
            stage -= r->out->from / 10000 - 1;
        if (stage < 1 || stage > MOST_STAGES)
            return qi_user_complain(
                &r->file, at, err,
                "the stage of \"%s\" is out of the 1 to %d from the year of "
                "entry into force (%d) on",
                qi_user_shown(at, length, shown), MOST_STAGES, (int)(r->out->from / 10000));
        if (stage <= done)
            return qi_user_complain(&r->file, at, err,
                                    "the stages of a path must rise: \"%s\" comes after stage "
                                    "%d",
                                    qi_user_shown(at, length, shown), (int)done);
        for (; done < stage; done++)
            left[done] = now;
        now = percent;
        at += length;
    }
    left[done] = now;
    c->left = left;
    c->whole = 10000;
    c->n_stages = (size_t)done + 1;
    return QUIPU_OK;
}

static quipu_status read_staging(reader *r, quipu_schedule_category *c, const size_t *place,
                                 quipu_error *err) {
    const char *years_text = cell(r, place[C_YEARS]), *path = cell(r, place[C_PATH]);
    int64_t years, first = 1;
    if (path[0] != '\0' && years_text[0] != '\0')
        return qi_user_complain(&r->file, place_of(r, place[C_PATH]), err,
                                "the category has both years and a path: keep one");
    if (path[0] != '\0')
        return read_path(r, c, place[C_PATH], err);
    if (strcmp(years_text, "never") == 0) {
        c->excluded = true;
        QI_TRY(equal_cuts(r, c, 1, 1, err));
        c->n_stages = 1; /* what is left in stage 0 goes on */
        return QUIPU_OK;
    }
    if (years_text[0] == '\0')
        return qi_user_complain(&r->file, place_of(r, place[C_YEARS]), err,
                                "the category has neither years nor a path: years to zero, "
                                "never, or a path such as 1:80 2:60 5:0");
    QI_TRY(small_number(r, place[C_YEARS], "a number of years to zero", 0, 50, &years, err));
    if (cell(r, place[C_FIRST])[0] != '\0')
        QI_TRY(
            small_number(r, place[C_FIRST], "the stage of the first cut", 1, 50, &first, err));
    return equal_cuts(r, c, years, first, err);
}

static quipu_status read_categories(reader *r, const char *path, quipu_error *err) {
    static const char *const names[C_COLUMNS] = {"category", "years", "first_cut", "path",
                                                 "label"};
    size_t place[C_COLUMNS];
    bool more;
    uint32_t twice;
    char shown[QI_USER_SHOWN];
    quipu_schedule *s = r->out;
    QI_TRY(qi_user_file_open(&r->file, r->arena, path, err));
    size_t most = qi_user_lines(&r->file);
    quipu_schedule_category *list = qi_arena_alloc(r->arena, most * sizeof *list);
    if (list == NULL)
        return qi_fail_memory(err, most * sizeof *list);
    s->categories = list;
    QI_TRY(qi_names_init(&r->categories, r->arena, most, false, err));
    QI_TRY(read_head(r, "categories", err));
    size_t n_columns = r->row.n;
    QI_TRY(read_columns(r, names, C_COLUMNS, 1, place, err));
    for (;;) {
        QI_TRY(next_row(r, n_columns, &more, err));
        if (!more)
            break;
        quipu_schedule_category *c = &list[s->n_categories];
        const char *code = cell(r, place[C_CATEGORY]);
        if (code[0] == '\0')
            return qi_user_complain(&r->file, place_of(r, place[C_CATEGORY]), err,
                                    "the category has no name");
        if (qi_names_find(&r->categories, code, strlen(code), &twice))
            return qi_user_complain(&r->file, place_of(r, place[C_CATEGORY]), err,
                                    "category \"%s\" is there twice (case and signs do not "
                                    "count)",
                                    qi_user_shown(code, strlen(code), shown));
        QI_TRY(keep_text(r, code, &c->code, err));
        QI_TRY(keep_text(r, cell(r, place[C_LABEL]), &c->label, err));
        if (c->label[0] == '\0')
            c->label = c->code;
        QI_TRY(qi_names_add(&r->categories, code, strlen(code), c->code,
                            (uint32_t)s->n_categories, err));
        if (r->categories.n != s->n_categories + 1)
            return qi_user_complain(&r->file, place_of(r, place[C_CATEGORY]), err,
                                    "a category needs a letter or digit in its name");
        QI_TRY(read_staging(r, c, place, err));
        s->n_stages = c->n_stages > s->n_stages ? c->n_stages : s->n_stages;
        s->n_categories++;
    }
    if (s->n_categories == 0)
        return qi_fail_at(err, QUIPU_E_DATA, path, 0, 0, "the table has no categories");
    return QUIPU_OK;
}

/* ---- lines ---- */

enum { L_LINE, L_BASE, L_CATEGORY, L_START, L_SPECIFIC, L_VALUE, L_NAME, L_COLUMNS };

/* Digits of a tariff line; dots and blanks between them are left out. */
static quipu_status read_code(reader *r, size_t column, const char **out, quipu_error *err) {
    const char *text = cell(r, column);
    char code[16], six[7], shown[QI_USER_SHOWN];
    size_t n = 0;
    qi_user_shown(text, strlen(text), shown);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '.' || *c == ' ')
            continue;
        if (*c < '0' || *c > '9' || n == 12)
            return qi_user_complain(&r->file, place_of(r, column), err,
                                    "found \"%s\" where a tariff line of 6 to 12 digits is "
                                    "expected",
                                    shown);
        code[n++] = *c;
    }
    if (n < 6)
        return qi_user_complain(
            &r->file, place_of(r, column), err,
            "found \"%s\" where a tariff line of 6 to 12 digits is expected", shown);
    snprintf(six, sizeof six, "%.6s", code);
    if (quipu_product_find(r->nomen, r->revision, six, 6) == NULL) {
        char padded[7];
        snprintf(padded, sizeof padded, "0%.5s", code);
        bool eaten = n % 2 == 1 && quipu_product_find(r->nomen, r->revision, padded, 6) != NULL;
        return qi_user_complain(
            &r->file, place_of(r, column), err, "line \"%s\": %s (%s) has no code %s%s%s",
            shown, r->revision->name, r->revision->label, six,
            eaten ? "; a leading zero is lost: " : "; is the revision right?",
            eaten ? padded : "");
    }
    *out = qi_arena_text(r->arena, code, n);
    return *out != NULL ? QUIPU_OK : qi_fail_memory(err, n);
}

static quipu_status read_rate(const reader *r, size_t column, const char *what, int32_t *out,
                              quipu_error *err) {
    const char *text = cell(r, column);
    char shown[QI_USER_SHOWN];
    int64_t rate;
    size_t length = strlen(text);
    if (length > 1 && text[length - 1] == '%')
        length--;
    qi_number_result result = qi_parse_scaled(text, length, RATE_SCALE, true, &rate, NULL);
    bool read = result == QI_NUMBER_OK || result == QI_NUMBER_ROUNDED;
    if (!read || rate < 0 || rate > (int64_t)HIGHEST_RATE * 10000)
        return qi_user_complain(
            &r->file, place_of(r, column), err,
            "found \"%s\" where %s is expected: per cent from 0 to %d, with "
            "a decimal point",
            qi_user_shown(text, strlen(text), shown), what, HIGHEST_RATE);
    *out = (int32_t)rate;
    return QUIPU_OK;
}

static quipu_status find_category(const reader *r, size_t column, uint32_t *out,
                                  quipu_error *err) {
    const char *text = cell(r, column);
    quipu_error inner = {0};
    char shown[QI_USER_SHOWN];
    if (text[0] == '\0')
        return qi_user_complain(&r->file, place_of(r, column), err,
                                "the line has no staging category");
    if (qi_names_find(&r->categories, text, strlen(text), out))
        return QUIPU_OK;
    qi_user_shown(text, strlen(text), shown);
    QI_UNUSED(qi_names_missing(&r->categories, "staging category", shown, &inner));
    return qi_user_complain(
        &r->file, place_of(r, column), err, "%s%s", inner.text,
        strchr(inner.text, '?') != NULL ? "" : ": add it to the table of categories");
}

static quipu_status read_line(reader *r, const size_t *place, quipu_schedule_line *line,
                              quipu_error *err) {
    char shown[QI_USER_SHOWN];
    *line = (quipu_schedule_line){.row = r->file.line, .value = -1};
    QI_TRY(read_code(r, place[L_LINE], &line->code, err));
    QI_TRY(find_category(r, place[L_CATEGORY], &line->category, err));
    QI_TRY(keep_text(r, cell(r, place[L_SPECIFIC]), &line->specific, err));
    QI_TRY(keep_text(r, cell(r, place[L_NAME]), &line->name, err));
    line->base = QUIPU_SCHEDULE_NO_RATE;
    if (cell(r, place[L_BASE])[0] != '\0')
        QI_TRY(read_rate(r, place[L_BASE], "a base rate", &line->base, err));
    else if (line->specific[0] == '\0')
        return qi_user_complain(&r->file, place_of(r, place[L_BASE]), err,
                                "the line has no base rate; only one with a specific duty "
                                "(column \"specific\") may be without");
    line->start = line->base;
    if (cell(r, place[L_START])[0] != '\0')
        QI_TRY(read_rate(r, place[L_START], "a start rate", &line->start, err));
    const char *value = cell(r, place[L_VALUE]);
    if (value[0] == '\0')
        return QUIPU_OK;
    qi_number_result result =
        qi_parse_scaled(value, strlen(value), 3, false, &line->value, NULL);
    if (result != QI_NUMBER_OK && result != QI_NUMBER_ROUNDED)
        return qi_user_complain(
            &r->file, place_of(r, place[L_VALUE]), err,
            "found \"%s\" where imports in US$ are expected: digits, with a "
            "decimal point, not negative",
            qi_user_shown(value, strlen(value), shown));
    if (!qi_add_money(&r->total, line->value))
        return qi_user_complain(&r->file, place_of(r, place[L_VALUE]), err,
                                "the imports add up to more than 9.2e15 US$: is the column in "
                                "US$?");
    r->out->has_values = true;
    return QUIPU_OK;
}

static int line_order(const void *a, const void *b) {
    const quipu_schedule_line *x = a, *y = b;
    int order = strcmp(x->code, y->code);
    return order != 0 ? order : x->row < y->row ? -1 : x->row > y->row;
}

/* No line twice, and none that is a part of another. */
static quipu_status check_lines(const quipu_schedule *s, const char *path, quipu_error *err) {
    for (size_t i = 1; i < s->n_lines; i++) {
        const quipu_schedule_line *a = &s->lines[i - 1], *b = &s->lines[i];
        size_t n = strlen(a->code);
        uint64_t row = b->row > a->row ? b->row : a->row;
        if (strncmp(a->code, b->code, n) != 0)
            continue;
        if (b->code[n] == '\0')
            return qi_fail_at(err, QUIPU_E_DATA, path, row, 0,
                              "line %s is there twice, first in row %llu: keep one", b->code,
                              (unsigned long long)(b->row > a->row ? a->row : b->row));
        return qi_fail_at(
            err, QUIPU_E_DATA, path, row, 0,
            "line %s (row %llu) is a part of line %s (row %llu), which would count "
            "twice: keep the finer ones",
            b->code, (unsigned long long)b->row, a->code, (unsigned long long)a->row);
    }
    return QUIPU_OK;
}

static quipu_status read_lines(reader *r, const char *path, const char *categories,
                               quipu_error *err) {
    static const char *const names[L_COLUMNS] = {
        "line", "base_rate", "category", "start_rate", "specific", "value", "name"};
    size_t place[L_COLUMNS];
    quipu_schedule *s = r->out;
    bool more;
    QI_TRY(qi_user_file_open(&r->file, r->arena, path, err));
    size_t most = qi_user_lines(&r->file);
    QI_TRY(read_head(r, "schedule", err));
    if (s->revision[0] == '\0' || s->from == 0)
        return qi_user_complain(&r->file, r->row.field[0], err,
                                "the head does not say %s before the names of the columns",
                                s->revision[0] == '\0'
                                    ? "\"#revision H3\", the HS revision of the lines,"
                                    : "\"#from 2010-03-01\", the entry into force,");
    size_t n_columns = r->row.n;
    QI_TRY(read_columns(r, names, L_COLUMNS, 3, place, err));
    /* Paths may name calendar years, which the head of the schedule makes stages of. */
    qi_user_file file = r->file;
    qi_user_row head = r->row;
    QI_TRY(read_categories(r, categories, err));
    r->file = file;
    r->row = head;
    quipu_schedule_line *lines = qi_arena_alloc(r->arena, most * sizeof *lines);
    if (lines == NULL)
        return qi_fail_memory(err, most * sizeof *lines);
    s->lines = lines;
    for (;;) {
        QI_TRY(next_row(r, n_columns, &more, err));
        if (!more)
            break;
        QI_TRY(read_line(r, place, &lines[s->n_lines], err));
        s->n_lines++;
    }
    if (s->n_lines == 0)
        return qi_fail_at(err, QUIPU_E_DATA, path, 0, 0, "the schedule has no lines");
    qsort(lines, s->n_lines, sizeof *lines, line_order);
    return check_lines(s, path, err);
}

quipu_status quipu_schedule_read(const quipu_nomen *nomen, const char *lines_path,
                                 const char *categories_path, quipu_schedule *out,
                                 quipu_error *err) {
    qi_error_clear(err);
    *out = (quipu_schedule){
        .title = "", .source = "", .importer = "", .exporter = "", .revision = ""};
    qi_arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL)
        return qi_fail_memory(err, sizeof *arena);
    out->impl = arena;
    reader r = {.nomen = nomen, .out = out, .arena = arena};
    quipu_status status = read_lines(&r, lines_path, categories_path, err);
    if (status != QUIPU_OK)
        quipu_schedule_free(out);
    return status;
}

void quipu_schedule_free(quipu_schedule *schedule) {
    if (schedule->impl != NULL) {
        qi_arena_free(schedule->impl);
        free(schedule->impl);
    }
    *schedule = (quipu_schedule){0};
}
