/* SPDX-License-Identifier: Apache-2.0 */
/* sheet.c - the table of a result: a code and a name for each axis, the time, the figures. */
#include "measures/common.h"

const quipu_column_spec qi_column_value = {"value",      "Value", QUIPU_MONEY,
                                           QUIPU_FIGURE, "US$",   0};
const quipu_column_spec qi_column_share = {"share",      "Share",    QUIPU_SHARE,
                                           QUIPU_FIGURE, "fraction", 1};

enum { MOST_COLUMNS = 24 };

static const struct {
    const char *code, *name, *label;
} axis_columns[] = {
    {"reporter", "reporter_name", "Reporter"},
    {"partner", "partner_name", "Partner"},
    {"product", "product_name", "Product"},
    {"class", "class_name", "Class"},
    {"flow", NULL, "Flow"},
};

static bool is_monthly(const qi_ask *ask) {
    return ask->n_periods > 0 && ask->periods[ask->n_periods - 1] > 9999;
}

static size_t dimension(quipu_column_spec *specs, size_t n, const char *name, const char *label,
                        quipu_type type) {
    specs[n] = (quipu_column_spec){name, label, type, QUIPU_DIMENSION, "", 0};
    return n + 1;
}

static size_t time_columns(const qi_sheet *s, quipu_column_spec *specs, size_t n) {
    bool months = is_monthly(s->ask);
    if (s->time == QI_TIME_STRETCH) {
        n = dimension(specs, n, "from", "From", QUIPU_INTEGER);
        return dimension(specs, n, "to", "To", QUIPU_INTEGER);
    }
    if (s->time == QI_TIME_NONE)
        return n;
    if (s->ask->sum_periods)
        return dimension(specs, n, "years", months ? "Months" : "Years", QUIPU_TEXT);
    return dimension(specs, n, months ? "month" : "year", months ? "Month" : "Year",
                     QUIPU_INTEGER);
}

/* ---- labels ---- */

/* Names of products are looked up for the rows printed only: a nomenclature has thousands. */
static quipu_status ready_names(qi_sheet *sheet, quipu_error *err) {
    const qi_ask *ask = sheet->ask;
    const char *text = quipu_cube_meta(ask->cube, "nomenclature");
    size_t n = quipu_cube_n_products(ask->cube);
    if (qi_ask_axis(ask, QI_AXIS_PRODUCT) < 0 || text == NULL ||
        quipu_nomenclature_find(ask->nomen, text, &sheet->nomenclature, NULL) != QUIPU_OK) {
        sheet->nomenclature = NULL;
        return QUIPU_OK;
    }
    sheet->product_name = qi_arena_alloc(sheet->arena, (n + 1) * sizeof *sheet->product_name);
    return sheet->product_name != NULL ? QUIPU_OK : qi_fail_memory(err, n * sizeof(char *));
}

static const char *product_name(const qi_sheet *sheet, size_t product, const char *code) {
    if (sheet->nomenclature == NULL)
        return NULL;
    const char **name = &sheet->product_name[product];
    if (*name == NULL) {
        const quipu_product *found =
            quipu_product_find(sheet->ask->nomen, sheet->nomenclature, code, strlen(code));
        *name = found != NULL ? found->name : "";
    }
    return (*name)[0] != '\0' ? *name : NULL;
}

quipu_status qi_sheet_open(qi_sheet *sheet, qi_ask *ask, qi_sheet_time time,
                           const quipu_column_spec *figures, size_t n_figures, size_t n_rows,
                           quipu_table *table, quipu_error *err) {
    quipu_column_spec specs[MOST_COLUMNS];
    size_t n = 0;
    *sheet = (qi_sheet){.table = table, .ask = ask, .time = time, .arena = &ask->arena};
    QI_TRY(ready_names(sheet, err));
    for (size_t a = 0; a < ask->n_shown; a++) {
        const qi_axis *axis = &ask->axes[a];
        const char *name = axis_columns[axis->kind].name;
        const char *label = axis_columns[axis->kind].label;
        sheet->axis_column[a] = n;
        n = dimension(specs, n, axis_columns[axis->kind].code, name != NULL ? "Code" : label,
                      QUIPU_TEXT);
        if (name != NULL)
            n = dimension(specs, n, name, label, QUIPU_TEXT);
    }
    sheet->time_column = n;
    n = time_columns(sheet, specs, n);
    sheet->figure = n;
    if (n + n_figures > MOST_COLUMNS)
        return qi_fail(err, QUIPU_E_BUG, "a table of more than %d columns", MOST_COLUMNS);
    for (size_t i = 0; i < n_figures; i++)
        specs[n++] = figures[i];
    QI_TRY(quipu_table_init(table, ask->measure->name, specs, n, err));
    return quipu_table_add_rows(table, n_rows, NULL, err);
}

quipu_status qi_sheet_line(qi_sheet *sheet, size_t row, const qi_line *line, quipu_error *err) {
    const qi_ask *ask = sheet->ask;
    for (size_t a = 0; a < ask->n_shown; a++) {
        const qi_axis *axis = &ask->axes[a];
        size_t label = qi_key_label(axis, line->key), column = sheet->axis_column[a];
        const char *code = axis->code[label];
        bool whole = line->kind != QI_LINE_ROW && a + 1 == ask->n_shown;
        if (whole)
            code = line->kind == QI_LINE_TOTAL ? "total" : "rest";
        QI_TRY(quipu_table_set_text(sheet->table, column, row, code, err));
        if (axis_columns[axis->kind].name == NULL)
            continue;
        const char *name = whole ? (line->kind == QI_LINE_TOTAL ? "Total" : "All others")
                           : axis->name != NULL ? axis->name[label]
                                                : product_name(sheet, label, code);
        if (name != NULL)
            QI_TRY(quipu_table_set_text(sheet->table, column + 1, row, name, err));
    }
    if (sheet->time == QI_TIME_PERIOD && ask->sum_periods) {
        char years[64];
        qi_periods_text(ask->periods, ask->n_periods, years, sizeof years);
        QI_TRY(quipu_table_set_text(sheet->table, sheet->time_column, row, years, err));
    }
    return QUIPU_OK;
}

quipu_status qi_sheet_rows(qi_sheet *sheet, const qi_lines *lines, qi_row_writer *write,
                           void *user, quipu_error *err) {
    size_t row = 0, n = sheet->ask->sum_periods ? 1 : sheet->ask->n_periods;
    for (size_t i = 0; i < lines->n; i++)
        for (size_t p = 0; p < n; p++, row++) {
            QI_TRY(qi_sheet_line(sheet, row, &lines->items[i], err));
            qi_sheet_period(sheet, row, p);
            QI_TRY(write(user, sheet, row, &lines->items[i], p, err));
        }
    return QUIPU_OK;
}

quipu_status qi_sheet_spans(qi_sheet *sheet, const qi_lines *lines,
                            const qi_stretches *stretches, qi_span_writer *write, void *user,
                            quipu_error *err) {
    size_t row = 0;
    for (size_t i = 0; i < lines->n; i++)
        for (size_t s = 0; s < stretches->n; s++, row++) {
            QI_TRY(qi_sheet_line(sheet, row, &lines->items[i], err));
            qi_sheet_stretch(sheet, row, &stretches->items[s]);
            QI_TRY(write(user, sheet, row, &lines->items[i], &stretches->items[s], err));
        }
    return QUIPU_OK;
}

void qi_sheet_period(qi_sheet *sheet, size_t row, size_t period) {
    if (!sheet->ask->sum_periods)
        quipu_table_set_integer(sheet->table, sheet->time_column, row,
                                sheet->ask->periods[period]);
}

void qi_sheet_stretch(qi_sheet *sheet, size_t row, const qi_stretch *stretch) {
    quipu_table_set_integer(sheet->table, sheet->time_column, row, stretch->first);
    quipu_table_set_integer(sheet->table, sheet->time_column + 1, row, stretch->last);
}

void qi_sheet_real(qi_sheet *sheet, size_t row, size_t figure, double value) {
    quipu_table_set_real(sheet->table, sheet->figure + figure, row, value);
}

void qi_sheet_integer(qi_sheet *sheet, size_t row, size_t figure, int64_t value) {
    quipu_table_set_integer(sheet->table, sheet->figure + figure, row, value);
}

/* ---- notes every result carries ---- */

static quipu_status note_classes(qi_ask *ask, const qi_frame *frame, quipu_error *err) {
    const quipu_mapping *c = ask->classes;
    if (c == NULL)
        return QUIPU_OK;
    if (c->title != NULL && c->title[0] != '\0')
        QI_TRY(qi_ask_note(ask, err, "Classes: %s.", c->title));
    if (qi_is(qi_argument(ask->measure, ask->request, "gold"), "primary"))
        QI_TRY(qi_ask_note(ask, err, "Non-monetary gold counts as a primary product."));
    if (frame == NULL || frame->split <= 0 || frame->total <= 0)
        return QUIPU_OK;
    double share = 100.0 * (double)frame->split / (double)frame->total;
    char text[32];
    qi_format_double_rounded(text, sizeof text, share, 2);
    return qi_ask_note(ask, err, "%s %% of the value is of products divided among classes.",
                       text);
}

static quipu_status note_basis(qi_ask *ask, quipu_error *err) {
    const quipu_view *view = &ask->views[0];
    if (qi_is(ask->selection.basis, "mirror"))
        return qi_ask_note(ask, err, "As the partners reported it (mirror).");
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(ask->cube, &n);
    for (size_t p = 0; p < view->n_periods; p++)
        if (view->slab[p] >= 0 && slabs[view->slab[p]].flow == QUIPU_RECONCILED)
            return qi_ask_note(ask, err, "The source reconciled the reports of both sides.");
    return QUIPU_OK;
}

quipu_status qi_sheet_close(qi_sheet *sheet, qi_ask *ask, const qi_frame *frame,
                            quipu_error *err) {
    QI_TRY(note_basis(ask, err));
    QI_TRY(note_classes(ask, frame, err));
    for (size_t i = 0; i < ask->notes.n_notes; i++) {
        bool twice = false;
        for (size_t j = 0; j < i && !twice; j++)
            twice = strcmp(ask->notes.notes[i], ask->notes.notes[j]) == 0;
        if (!twice)
            QI_TRY(quipu_table_add_note(sheet->table, err, "%s", ask->notes.notes[i]));
    }
    return QUIPU_OK;
}
