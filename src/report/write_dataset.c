/* SPDX-License-Identifier: Apache-2.0 */
/* write_dataset.c - one table as a file of Stata (.dta, version 118) or SPSS (.sav).
 *
 * Figures are doubles (Stata's long where a column of counts fits), missing is the system's
 * missing.  libreadstat writes the time of the clock into the head; the head is kept back and
 * the time put right, so that the same table is the same bytes.
 */
#include "report/dataset.h"

#include "report/date.h"

enum {
    HEAD = 1024,          /* holds the time in both formats */
    STATA_FIXED = 2045,   /* longer texts are strL */
    SPSS_LONGEST = 32767, /* bytes of a text */
    SPSS_NOTE = 80,       /* bytes of a line */
    SPSS_LABELLED = 8,    /* bytes of a text that can have labels in the old record */
};

typedef struct dataset {
    qi_writer *w;
    qi_readstat_calls x;
    bool stata;
    readstat_writer_t *file;
    qi_arena arena;
    qi_variable_name *names;
    readstat_variable_t **variables;
    readstat_type_t *types;
    readstat_string_ref_t ***refs; /* of columns of long texts, by row */
    qi_date created;
    char head[HEAD];
    size_t head_length;
    bool head_done;
    qi_buffer text;
} dataset;

/* ---- bytes ---- */

static void put_time(dataset *d) {
    /* SPSS: behind 92 bytes of fixed length; Stata: behind its tag. */
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const char *day = d->created.day, *second = d->created.second;
    int month = (day[5] - '0') * 10 + (day[6] - '0');
    char text[32];
    if (d->stata) {
        static const char TAG[] = "<timestamp>";
        for (size_t i = 0; i + sizeof TAG + 17 < d->head_length; i++) {
            if (memcmp(d->head + i, TAG, sizeof TAG - 1) != 0)
                continue;
            snprintf(text, sizeof text, "%.2s %s %.4s %.5s", day + 8, MONTHS[month - 1], day,
                     second + 11);
            memcpy(d->head + i + sizeof TAG, text, 17); /* behind the byte of its length */
            return;
        }
    } else if (d->head_length >= 109) {
        snprintf(text, sizeof text, "%.2s %s %.2s%.8s", day + 8, MONTHS[month - 1], day + 2,
                 second + 11);
        memcpy(d->head + 92, text, 17);
    }
}

static void flush_head(dataset *d) {
    if (d->head_done)
        return;
    put_time(d);
    qi_put(d->w, d->head, d->head_length);
    d->head_done = true;
}

static ssize_t take(const void *bytes, size_t length, void *user) {
    dataset *d = user;
    const char *from = bytes;
    size_t rest = length;
    if (length > 0 && !d->head_done) {
        size_t n = rest < HEAD - d->head_length ? rest : HEAD - d->head_length;
        memcpy(d->head + d->head_length, from, n);
        d->head_length += n;
        from += n;
        rest -= n;
        if (d->head_length == HEAD)
            flush_head(d);
    }
    if (rest > 0)
        qi_put(d->w, from, rest);
    return d->w->refused ? -1 : (ssize_t)length;
}

static quipu_status failed(const dataset *d, readstat_error_t error, quipu_error *err) {
    if (error == READSTAT_OK)
        return QUIPU_OK;
    if (error == READSTAT_ERROR_MALLOC)
        return qi_fail_memory(err, 0);
    const char *text = d->x.readstat_error_message(error);
    return qi_fail(err, QUIPU_E_LIMIT, "the %s file cannot be written: %s",
                   d->stata ? "Stata" : "SPSS", text != NULL ? text : "unknown reason");
}

/* ---- variables ---- */

static const quipu_column *column_of(const dataset *d, size_t i) {
    return &d->w->table->columns[i];
}

/* The cell's text as UTF-8 in the scratch buffer; NULL = no memory. */
static const char *cell_text(dataset *d, size_t column, size_t row) {
    const char *text =
        qi_cell_present(d->w, column, row) ? column_of(d, column)->data.text[row] : "";
    return qi_cut_text(text, SIZE_MAX, SIZE_MAX, &d->text) ? d->text.bytes : NULL;
}

static quipu_status widest(dataset *d, size_t column, size_t *out, quipu_error *err) {
    *out = 1;
    for (size_t row = 0; row < d->w->table->n_rows; row++) {
        if (cell_text(d, column, row) == NULL)
            return qi_fail_memory(err, 0);
        if (d->text.length > *out)
            *out = d->text.length;
    }
    if (!d->stata && *out > SPSS_LONGEST)
        return qi_fail(err, QUIPU_E_LIMIT,
                       "column %s has a text of %zu bytes; SPSS takes %d: write csv",
                       column_of(d, column)->spec.name, *out, SPSS_LONGEST);
    return QUIPU_OK;
}

/* Stata's long has room for its missing values above the largest figure. */
static bool fits_long(const dataset *d, size_t column) {
    const quipu_column *c = column_of(d, column);
    for (size_t row = 0; row < d->w->table->n_rows; row++) {
        int64_t v = c->data.integer[row];
        if (qi_cell_present(d->w, column, row) && (v < -2147483647 || v > 2147483620))
            return false;
    }
    return true;
}

static void choose_format(const dataset *d, size_t column, size_t width, char out[24]) {
    const quipu_column_spec *spec = &column_of(d, column)->spec;
    int decimals = spec->decimals >= 0 && spec->decimals < 10 ? spec->decimals : 3;
    switch (spec->type) {
    case QUIPU_TEXT:
        snprintf(out, 24, d->stata ? "%%-%zus" : "A%zu",
                 d->stata && width > 40 ? (size_t)40 : width);
        return;
    case QUIPU_INTEGER: snprintf(out, 24, d->stata ? "%%12.0g" : "F12.0"); return;
    case QUIPU_MONEY: decimals = 2; break;
    case QUIPU_SHARE: decimals = 4; break;
    case QUIPU_AMOUNT:
    case QUIPU_REAL: break;
    }
    snprintf(out, 24, d->stata ? "%%20.%df" : "F20.%d", decimals);
}

typedef struct named {
    const char *code, *name;
} named;

static int by_code(const void *a, const void *b) {
    const named *x = a, *y = b;
    int order = strcmp(x->code, y->code);
    return order != 0 ? order : strcmp(x->name, y->name);
}

/* SPSS labels texts: a code gets its name from the column `code_name`, where it has one. */
static quipu_status label_codes(dataset *d, size_t column, size_t width, quipu_error *err) {
    const quipu_table *table = d->w->table;
    const quipu_column *c = column_of(d, column);
    qi_buffer name = {0};
    if (!qi_buffer_printf(&name, "%s_name", c->spec.name))
        return qi_fail_memory(err, 0);
    ptrdiff_t with = quipu_table_find(table, name.bytes);
    qi_buffer_free(&name);
    if (d->stata || width > SPSS_LABELLED || with < 0 || table->n_rows == 0 ||
        column_of(d, (size_t)with)->spec.type != QUIPU_TEXT)
        return QUIPU_OK;
    named *pairs = calloc(table->n_rows, sizeof *pairs);
    size_t n = 0;
    if (pairs == NULL)
        return qi_fail_memory(err, table->n_rows * sizeof *pairs);
    for (size_t row = 0; row < table->n_rows; row++)
        if (qi_cell_present(d->w, column, row) && qi_cell_present(d->w, (size_t)with, row))
            pairs[n++] = (named){c->data.text[row], column_of(d, (size_t)with)->data.text[row]};
    qsort(pairs, n, sizeof *pairs, by_code);
    readstat_label_set_t *set = NULL;
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        if (i > 0 && strcmp(pairs[i].code, pairs[i - 1].code) == 0)
            continue;
        if (pairs[i].code[0] == '\0' || !qi_utf8_valid(pairs[i].code, strlen(pairs[i].code)))
            continue;
        if (set == NULL)
            set = d->x.readstat_add_label_set(d->file, READSTAT_TYPE_STRING, d->names[column]);
        ok = set != NULL && qi_cut_text(pairs[i].name, 120, 120, &d->text);
        if (ok)
            d->x.readstat_label_string_value(set, pairs[i].code, d->text.bytes);
    }
    free(pairs);
    if (set != NULL)
        d->x.readstat_variable_set_label_set(d->variables[column], set);
    return ok ? QUIPU_OK : qi_fail_memory(err, 0);
}

static quipu_status keep_long_texts(dataset *d, size_t column, quipu_error *err) {
    size_t n = d->w->table->n_rows;
    d->refs[column] = qi_arena_alloc(&d->arena, n * sizeof **d->refs);
    if (d->refs[column] == NULL)
        return qi_fail_memory(err, n * sizeof **d->refs);
    for (size_t row = 0; row < n; row++) {
        const char *text = cell_text(d, column, row);
        if (text != NULL)
            d->refs[column][row] = d->x.readstat_add_string_ref(d->file, text);
        if (d->refs[column][row] == NULL)
            return qi_fail_memory(err, 0);
    }
    return QUIPU_OK;
}

static quipu_status add_variable(dataset *d, size_t i, quipu_error *err) {
    const quipu_column_spec *spec = &column_of(d, i)->spec;
    size_t width = 0;
    char format[24];
    readstat_type_t type = READSTAT_TYPE_DOUBLE;
    if (spec->type == QUIPU_TEXT) {
        QI_TRY(widest(d, i, &width, err));
        type =
            d->stata && width > STATA_FIXED ? READSTAT_TYPE_STRING_REF : READSTAT_TYPE_STRING;
    } else if (d->stata && spec->type == QUIPU_INTEGER && fits_long(d, i)) {
        type = READSTAT_TYPE_INT32;
    }
    readstat_variable_t *v = d->x.readstat_add_variable(
        d->file, d->names[i], type, type == READSTAT_TYPE_STRING ? width : 0);
    if (v == NULL || !qi_variable_label(spec, d->stata ? 80 : 250, 250, &d->text))
        return qi_fail_memory(err, 0);
    d->variables[i] = v;
    d->types[i] = type;
    d->x.readstat_variable_set_label(v, d->text.bytes);
    choose_format(d, i, width, format);
    d->x.readstat_variable_set_format(v, format);
    d->x.readstat_variable_set_measure(
        v, spec->role == QUIPU_DIMENSION ? READSTAT_MEASURE_NOMINAL : READSTAT_MEASURE_SCALE);
    if (type == READSTAT_TYPE_STRING_REF)
        return keep_long_texts(d, i, err);
    return type == READSTAT_TYPE_STRING ? label_codes(d, i, width, err) : QUIPU_OK;
}

/* ---- remarks ---- */

/* SPSS takes lines of 80 bytes: broken at a blank where there is one. */
static bool put_remark(void *user, const char *text) {
    dataset *d = user;
    qi_buffer clean = {0};
    bool ok = qi_cut_text(text, SIZE_MAX, SIZE_MAX, &clean);
    if (ok && d->stata)
        d->x.readstat_add_note(d->file, clean.bytes);
    for (char *at = clean.bytes; ok && !d->stata && *at != '\0';) {
        size_t n = strlen(at);
        if (n > SPSS_NOTE) {
            for (n = SPSS_NOTE; n > 0 && at[n] != ' ';)
                n--;
            if (n == 0)
                for (n = SPSS_NOTE; ((unsigned char)at[n] & 0xC0) == 0x80;)
                    n--;
        }
        char after = at[n];
        at[n] = '\0';
        d->x.readstat_add_note(d->file, at);
        at[n] = after;
        at += n;
        at += *at == ' ';
    }
    qi_buffer_free(&clean);
    return ok;
}

/* ---- rows ---- */

static readstat_error_t put_cell(dataset *d, size_t i, size_t row) {
    const quipu_column *c = column_of(d, i);
    const readstat_variable_t *v = d->variables[i];
    const char *text;
    if (d->types[i] == READSTAT_TYPE_STRING_REF)
        return d->x.readstat_insert_string_ref(d->file, v, d->refs[i][row]);
    if (d->types[i] == READSTAT_TYPE_STRING) {
        text = cell_text(d, i, row);
        return text != NULL ? d->x.readstat_insert_string_value(d->file, v, text)
                            : READSTAT_ERROR_MALLOC;
    }
    if (!qi_cell_present(d->w, i, row))
        return d->x.readstat_insert_missing_value(d->file, v);
    if (d->types[i] == READSTAT_TYPE_INT32)
        return d->x.readstat_insert_int32_value(d->file, v, (int32_t)c->data.integer[row]);
    double value = c->spec.type == QUIPU_REAL || c->spec.type == QUIPU_SHARE ? c->data.real[row]
                   : c->spec.type == QUIPU_INTEGER ? (double)c->data.integer[row]
                                                   : (double)c->data.integer[row] / 1000.0;
    return d->x.readstat_insert_double_value(d->file, v, value);
}

static quipu_status put_rows(dataset *d, quipu_error *err) {
    const quipu_table *table = d->w->table;
    for (size_t row = 0; row < table->n_rows; row++) {
        QI_TRY(failed(d, d->x.readstat_begin_row(d->file), err));
        for (size_t i = 0; i < table->n_columns; i++)
            QI_TRY(failed(d, put_cell(d, i, row), err));
        QI_TRY(failed(d, d->x.readstat_end_row(d->file), err));
    }
    return QUIPU_OK;
}

/* ---- the file ---- */

static quipu_status begin(dataset *d, quipu_error *err) {
    const quipu_table *table = d->w->table;
    size_t n = table->n_columns;
    const char *created = d->w->options->created;
    QI_TRY(qi_date_read(created != NULL ? created : "2000-01-01", "the file's date",
                        &d->created, err));
    QI_TRY(qi_readstat_load(&d->x, err));
    d->names = qi_arena_alloc(&d->arena, (n + 1) * sizeof *d->names);
    d->variables = qi_arena_alloc(&d->arena, (n + 1) * sizeof *d->variables);
    d->types = qi_arena_alloc(&d->arena, (n + 1) * sizeof *d->types);
    d->refs = qi_arena_alloc(&d->arena, (n + 1) * sizeof *d->refs);
    d->file = d->x.readstat_writer_init();
    if (d->names == NULL || d->variables == NULL || d->types == NULL || d->refs == NULL ||
        d->file == NULL)
        return qi_fail_memory(err, n * sizeof *d->names);
    qi_variable_names(table, d->names);
    d->x.readstat_set_data_writer(d->file, take);
    if (d->stata)
        d->x.readstat_writer_set_file_format_version(d->file, 118);
    if (!d->w->options->plain) {
        if (!qi_cut_text(table->title, 80, d->stata ? 240 : 64, &d->text))
            return qi_fail_memory(err, 0);
        d->x.readstat_writer_set_file_label(d->file, d->text.bytes);
    }
    for (size_t i = 0; i < n; i++)
        QI_TRY(add_variable(d, i, err));
    return qi_dataset_remarks(d->w, d->names, put_remark, d) ? QUIPU_OK
                                                             : qi_fail_memory(err, 0);
}

static quipu_status write_file(dataset *d, quipu_error *err) {
    long n = (long)d->w->table->n_rows;
    QI_TRY(begin(d, err));
    QI_TRY(failed(d,
                  d->stata ? d->x.readstat_begin_writing_dta(d->file, d, n)
                           : d->x.readstat_begin_writing_sav(d->file, d, n),
                  err));
    QI_TRY(put_rows(d, err));
    QI_TRY(failed(d, d->x.readstat_end_writing(d->file), err));
    flush_head(d);
    return QUIPU_OK;
}

static void write_dataset(qi_writer *w, bool stata) {
    dataset d = {.w = w, .stata = stata};
    if (write_file(&d, &w->failure) != QUIPU_OK && w->refused)
        w->failure = (quipu_error){0}; /* said in the words of all formats */
    if (d.file != NULL)
        d.x.readstat_writer_free(d.file);
    qi_readstat_unload(&d.x);
    qi_arena_free(&d.arena);
    qi_buffer_free(&d.text);
}

void qi_write_dta(qi_writer *w) {
    write_dataset(w, true);
}

void qi_write_sav(qi_writer *w) {
    write_dataset(w, false);
}
