/* SPDX-License-Identifier: Apache-2.0 */
/* statfile.c - the data of a Stata or SPSS file as rows of text.
 *
 * Read twice: Stata keeps value labels behind the data, and they must be known before the first
 * row.  A variable with value labels becomes two columns, NAME with the values and NAME.label
 * with their labels: which of them is meant is for the reader of the table to say.
 */
#include "foreign.h"
#include "readstat.h"

enum { MOST_VARIABLES = 4096, LONGEST_DATE = 16 };

typedef enum time_kind { NO_TIME, STATA_DAY, STATA_MONTH, SPSS_DAY, SPSS_MONTH } time_kind;

typedef struct label {
    double number;
    char *text; /* of a text; NULL: `number` is labelled */
    char *label;
} label;

typedef struct label_set {
    char *name;
    QI_LIST(label) labels;
} label_set;

typedef struct variable {
    char *name;
    time_kind time;
    char *set_name; /* NULL: without labels */
    label_set *set;
} variable;

typedef struct scan {
    qi_foreign kind;
    qi_readstat_calls x;
    qi_text_rows *rows;
    qi_arena arena;
    QI_LIST(variable) variables;
    QI_LIST(label_set) sets;
    quipu_error *err;
    quipu_status status; /* why a handler stopped the reading */
} scan;

static int stop(scan *s, quipu_status status) {
    s->status = status;
    return READSTAT_HANDLER_ABORT;
}

static int no_memory(scan *s) {
    return stop(s, qi_fail_memory(s->err, 0));
}

/* ---- first reading: names and labels ---- */

static time_kind kind_of_format(qi_foreign kind, const char *format) {
    if (format == NULL)
        return NO_TIME;
    if (kind == QI_FOREIGN_DTA)
        return strncmp(format, "%td", 3) == 0 || strncmp(format, "%d", 2) == 0 ? STATA_DAY
               : strncmp(format, "%tm", 3) == 0                                ? STATA_MONTH
                                                                               : NO_TIME;
    static const char *const DAYS[] = {"DATE", "ADATE", "EDATE", "SDATE", "JDATE"};
    if (strncmp(format, "MOYR", 4) == 0)
        return SPSS_MONTH;
    for (size_t i = 0; i < QI_COUNT(DAYS); i++)
        if (strncmp(format, DAYS[i], strlen(DAYS[i])) == 0)
            return SPSS_DAY;
    return NO_TIME;
}

static int on_variable(int index, readstat_variable_t *v, const char *labels, void *user) {
    scan *s = user;
    QI_UNUSED(index);
    variable new = {.name = qi_arena_dup(&s->arena, s->x.readstat_variable_get_name(v)),
                    .time = kind_of_format(s->kind, s->x.readstat_variable_get_format(v))};
    if (labels != NULL && labels[0] != '\0') {
        new.set_name = qi_arena_dup(&s->arena, labels);
        if (new.set_name == NULL)
            return no_memory(s);
    }
    if (s->variables.n == MOST_VARIABLES)
        return stop(s, qi_fail_at(s->err, QUIPU_E_LIMIT, s->rows->path, 0, 0,
                                  "more than %d variables: keep those that are needed",
                                  MOST_VARIABLES));
    if (new.name == NULL || !QI_PUSH(&s->variables, new))
        return no_memory(s);
    return READSTAT_HANDLER_OK;
}

static label_set *find_set(scan *s, const char *name) {
    for (size_t i = 0; i < s->sets.n; i++)
        if (strcmp(s->sets.items[i].name, name) == 0)
            return &s->sets.items[i];
    return NULL;
}

static int on_label(const char *name, readstat_value_t value, const char *text, void *user) {
    scan *s = user;
    label_set *set = find_set(s, name);
    label new = {.label = qi_arena_dup(&s->arena, text != NULL ? text : "")};
    if (set == NULL) {
        label_set made = {.name = qi_arena_dup(&s->arena, name)};
        if (made.name == NULL || !QI_PUSH(&s->sets, made))
            return no_memory(s);
        set = &s->sets.items[s->sets.n - 1];
    }
    if (s->x.readstat_value_type(value) == READSTAT_TYPE_STRING) {
        const char *key = s->x.readstat_string_value(value);
        new.text = qi_arena_dup(&s->arena, key != NULL ? key : "");
        if (new.text == NULL)
            return no_memory(s);
    } else {
        new.number = s->x.readstat_double_value(value);
    }
    if (new.label == NULL || !QI_PUSH(&set->labels, new))
        return no_memory(s);
    return READSTAT_HANDLER_OK;
}

static int by_key(const void *a, const void *b) {
    const label *x = a, *y = b;
    if (x->text != NULL && y->text != NULL)
        return strcmp(x->text, y->text);
    return x->number < y->number ? -1 : x->number > y->number;
}

/* ---- second reading: rows ---- */

static size_t time_text(time_kind kind, double value, char out[LONGEST_DATE]) {
    int64_t n;
    if (!(value > -1e13 && value < 1e13) || value != (double)(int64_t)value)
        return 0;
    n = (int64_t)value;
    switch (kind) {
    case NO_TIME: break;
    case STATA_DAY: return qi_days_text(n - 3653, out); /* since 1960-01-01 */
    case STATA_MONTH:
        if (n >= -11520 && n < 96480) /* since January 1960 */
            return (size_t)snprintf(out, LONGEST_DATE, "%04d%02d", (int)((n + 23520) / 12),
                                    (int)((n + 23520) % 12 + 1));
        break;
    case SPSS_DAY: return qi_days_text(n / 86400 - 141428, out); /* since 1582-10-14 */
    case SPSS_MONTH: return qi_days_month(n / 86400 - 141428, out);
    }
    return 0;
}

static const char *label_of(const scan *s, const variable *v, readstat_value_t value) {
    label key = {0};
    if (s->x.readstat_value_type(value) == READSTAT_TYPE_STRING)
        key.text = (char *)(uintptr_t)s->x.readstat_string_value(value);
    else
        key.number = s->x.readstat_double_value(value);
    if (v->set->labels.n == 0 || (key.text == NULL) != (v->set->labels.items[0].text == NULL))
        return "";
    const label *found =
        bsearch(&key, v->set->labels.items, v->set->labels.n, sizeof key, by_key);
    return found != NULL ? found->label : "";
}

static bool put_value(scan *s, const variable *v, readstat_value_t value, bool missing) {
    char text[LONGEST_DATE];
    if (missing)
        return qi_text_field(s->rows, "", 0);
    if (s->x.readstat_value_type(value) == READSTAT_TYPE_STRING) {
        const char *string = s->x.readstat_string_value(value);
        return qi_text_field(s->rows, string != NULL ? string : "",
                             string != NULL ? strlen(string) : 0);
    }
    double number = s->x.readstat_double_value(value);
    size_t length = v->time != NO_TIME ? time_text(v->time, number, text) : 0;
    if (length > 0)
        return qi_text_raw(s->rows, text, length);
    return qi_text_number(s->rows, number);
}

static int on_value(int row, readstat_variable_t *at, readstat_value_t value, void *user) {
    scan *s = user;
    size_t i = (size_t)s->x.readstat_variable_get_index(at);
    QI_UNUSED(row);
    if (i >= s->variables.n)
        return stop(s, qi_fail(s->err, QUIPU_E_BUG, "a variable came from nowhere"));
    const variable *v = &s->variables.items[i];
    bool missing = s->x.readstat_value_is_missing(value, at) != 0;
    bool ok = put_value(s, v, value, missing);
    if (ok && v->set != NULL) {
        const char *name = missing ? "" : label_of(s, v, value);
        ok = qi_text_field(s->rows, name, strlen(name));
    }
    if (!ok)
        return no_memory(s);
    if (i + 1 == s->variables.n && qi_text_end(s->rows, s->err) != QUIPU_OK)
        return stop(s, QUIPU_E_IO);
    return READSTAT_HANDLER_OK;
}

static quipu_status put_header(scan *s) {
    qi_buffer name = {0};
    bool ok = true;
    for (size_t i = 0; i < s->variables.n && ok; i++) {
        variable *v = &s->variables.items[i];
        v->set = v->set_name != NULL ? find_set(s, v->set_name) : NULL;
        if (v->set != NULL && v->set->labels.n > 1)
            qsort(v->set->labels.items, v->set->labels.n, sizeof(label), by_key);
        name.length = 0;
        ok = qi_text_field(s->rows, v->name, strlen(v->name)) &&
             (v->set == NULL || (qi_buffer_printf(&name, "%s.label", v->name) &&
                                 qi_text_field(s->rows, name.bytes, name.length)));
    }
    qi_buffer_free(&name);
    return ok ? qi_text_end(s->rows, s->err) : qi_fail_memory(s->err, 0);
}

/* ---- a file ---- */

static int pass_over(int index, readstat_variable_t *v, const char *labels, void *user) {
    QI_UNUSED(index);
    QI_UNUSED(v);
    QI_UNUSED(labels);
    QI_UNUSED(user);
    return READSTAT_HANDLER_OK;
}

static quipu_status read_once(scan *s, bool values) {
    readstat_parser_t *parser = s->x.readstat_parser_init();
    if (parser == NULL)
        return qi_fail_memory(s->err, 0);
    if (values) {
        s->x.readstat_set_value_handler(parser, on_value);
        s->x.readstat_set_variable_handler(parser, pass_over); /* else it has none for values */
    } else {
        s->x.readstat_set_variable_handler(parser, on_variable);
        s->x.readstat_set_value_label_handler(parser, on_label);
    }
    readstat_error_t error = s->kind == QI_FOREIGN_DTA
                                 ? s->x.readstat_parse_dta(parser, s->rows->path, s)
                                 : s->x.readstat_parse_sav(parser, s->rows->path, s);
    s->x.readstat_parser_free(parser);
    if (s->status != QUIPU_OK)
        return s->status;
    if (error == READSTAT_OK)
        return QUIPU_OK;
    if (error == READSTAT_ERROR_MALLOC)
        return qi_fail_memory(s->err, 0);
    const char *text = s->x.readstat_error_message(error);
    return qi_fail_at(s->err, QUIPU_E_FORMAT, s->rows->path, 0, 0,
                      "the %s file cannot be read (cut short or damaged?): %s",
                      s->kind == QI_FOREIGN_DTA ? "Stata" : "SPSS",
                      text != NULL ? text : "unknown reason");
}

/* Since version 117 a Stata file says where it ends; the library does not look. */
static quipu_status check_end(const scan *s) {
    static const char BEGIN[] = "<stata_dta>", END[] = "</stata_dta>";
    char head[sizeof BEGIN - 1], tail[sizeof END - 1];
    FILE *file = fopen(s->rows->path, "rbe");
    if (file == NULL)
        return qi_fail_errno(s->err, "open", s->rows->path);
    bool marked = fread(head, 1, sizeof head, file) == sizeof head &&
                  memcmp(head, BEGIN, sizeof head) == 0;
    bool whole = !marked || (fseek(file, -(long)sizeof tail, SEEK_END) == 0 &&
                             fread(tail, 1, sizeof tail, file) == sizeof tail &&
                             memcmp(tail, END, sizeof tail) == 0);
    fclose(file);
    return whole ? QUIPU_OK
                 : qi_fail_at(s->err, QUIPU_E_FORMAT, s->rows->path, 0, 0,
                              "the Stata file is cut short: it does not end as such files do");
}

quipu_status qi_statfile_text(qi_foreign kind, qi_text_rows *rows, quipu_error *err) {
    scan s = {.kind = kind, .rows = rows, .err = err};
    quipu_status status;
    QI_GO(qi_readstat_load(&s.x, err));
    QI_GO(check_end(&s));
    QI_GO(read_once(&s, false));
    if (s.variables.n == 0) {
        status = qi_fail_at(err, QUIPU_E_FORMAT, rows->path, 0, 0, "the file has no variables");
        goto done;
    }
    QI_GO(put_header(&s));
    QI_GO(read_once(&s, true));
done:
    for (size_t i = 0; i < s.sets.n; i++)
        free(s.sets.items[i].labels.items);
    free(s.sets.items);
    free(s.variables.items);
    qi_readstat_unload(&s.x);
    qi_arena_free(&s.arena);
    return status;
}
