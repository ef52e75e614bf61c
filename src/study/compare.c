/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c - see compare.h. */
#include "study/compare.h"

#include "study/layout.h"

#include <math.h>

#define LARGEST_TABLE (16u << 20)

const char *qi_verdict_name(qi_verdict verdict) {
    static const char *const NAMES[] = {"equal", "near", "differs", "no figure"};
    return NAMES[verdict];
}

/* ---- printed tables ---- */

/* "PG|NRBM": either. */
static bool is_one_of(const char *text, const char *list) {
    size_t length = strlen(text);
    for (const char *at = list; at != NULL; at = strchr(at, '|')) {
        at += *at == '|' ? 1 : 0;
        if (strncmp(at, text, length) == 0 && (at[length] == '\0' || at[length] == '|'))
            return true;
    }
    return false;
}

/* Rows that do not count leave the grid; what is left keeps its lines. */
static quipu_status keep_only(const qi_study *study, const qi_reference *reference,
                              qi_arena *arena, qi_grid *grid, quipu_error *err) {
    const qi_entries *only = &reference->only;
    size_t n = grid->n_columns, kept = 0;
    const char **cells = qi_arena_alloc(arena, (grid->n_rows * n + 1) * sizeof *cells);
    uint32_t *places = qi_arena_alloc(arena, (grid->n_rows * n + 1) * sizeof *places);
    uint64_t *lines = qi_arena_alloc(arena, (grid->n_rows + 1) * sizeof *lines);
    if (cells == NULL || places == NULL || lines == NULL)
        return qi_fail_memory(err, grid->n_rows * n);
    for (size_t row = 0; row < grid->n_rows; row++) {
        bool fits = true;
        for (size_t i = 0; i < only->n && fits; i++) {
            size_t column;
            QI_TRY(qi_grid_need(grid, only->items[i].key.text, &column, err));
            fits = is_one_of(qi_grid_text(grid, row, column), only->items[i].value.text);
        }
        if (!fits)
            continue;
        memcpy(cells + kept * n, grid->cell + row * n, n * sizeof *cells);
        memcpy(places + kept * n, grid->place + row * n, n * sizeof *places);
        lines[kept++] = grid->line[row];
    }
    if (kept == 0 && only->n > 0)
        return qi_study_fail(study, only->items[0].value, err, "no row of %s has these values",
                             grid->file);
    grid->cell = cells;
    grid->place = places;
    grid->line = lines;
    grid->n_rows = kept;
    return QUIPU_OK;
}

quipu_status qi_printed_read(const qi_study *study, const qi_reference *reference,
                             qi_arena *arena, qi_printed *out, quipu_error *err) {
    const char *path = qi_study_path(study, arena, reference->file.text);
    *out = (qi_printed){.n_match = reference->match.n};
    if (path == NULL)
        return qi_fail_memory(err, 0);
    if (qi_grid_read(path, LARGEST_TABLE, arena, &out->grid, err) != QUIPU_OK)
        return qi_study_blame(study, reference->file, err);
    QI_TRY(qi_grid_need(&out->grid, reference->printed.text, &out->figure, err));
    out->match = qi_arena_alloc(arena, (out->n_match + 1) * sizeof *out->match);
    if (out->match == NULL)
        return qi_fail_memory(err, 0);
    for (size_t i = 0; i < out->n_match; i++)
        QI_TRY(
            qi_grid_need(&out->grid, reference->match.items[i].key.text, &out->match[i], err));
    return keep_only(study, reference, arena, &out->grid, err);
}

static quipu_status read_number(const qi_grid *grid, size_t row, size_t column, double *out,
                                int *decimals, quipu_error *err) {
    const char *text = qi_grid_text(grid, row, column), *point = strchr(text, '.');
    *decimals = point == NULL ? 0 : (int)strspn(point + 1, "0123456789");
    if (!qi_parse_double(text, strlen(text), out) || !isfinite(*out))
        return qi_grid_fail(grid, row, column, err,
                            "\"%.40s\" is no number; a printed figure is digits with a point "
                            "and no commas",
                            text);
    return QUIPU_OK;
}

static const char *name_for(const qi_reference *reference, const qi_printed *printed,
                            size_t column) {
    for (size_t i = 0; i < printed->n_match; i++)
        if (printed->match[i] == column)
            return reference->match.items[i].value.text;
    if (column == printed->figure && reference->figure.text != NULL)
        return reference->figure.text;
    return printed->grid.header[column];
}

quipu_status qi_printed_table(const qi_study *study, const qi_reference *reference,
                              const qi_printed *printed, qi_arena *arena, quipu_table *out,
                              quipu_error *err) {
    const qi_grid *grid = &printed->grid;
    const char *unit = qi_or(reference->unit, "");
    quipu_column_spec *specs = qi_arena_alloc(arena, grid->n_columns * sizeof *specs);
    size_t first;
    int most = 0, decimals;
    double value;
    (void)study;
    if (specs == NULL)
        return qi_fail_memory(err, 0);
    for (size_t row = 0; row < grid->n_rows; row++) {
        if (qi_grid_text(grid, row, printed->figure)[0] == '\0')
            continue;
        QI_TRY(read_number(grid, row, printed->figure, &value, &decimals, err));
        most = decimals > most ? decimals : most;
    }
    for (size_t c = 0; c < grid->n_columns; c++)
        specs[c] =
            (quipu_column_spec){.name = name_for(reference, printed, c),
                                .label = grid->header[c],
                                .type = c == printed->figure ? QUIPU_REAL : QUIPU_TEXT,
                                .role = c == printed->figure ? QUIPU_FIGURE : QUIPU_DIMENSION,
                                .unit = c != printed->figure           ? ""
                                        : strcmp(unit, "percent") == 0 ? "%"
                                                                       : unit,
                                .decimals = c == printed->figure ? most : 0};
    QI_TRY(quipu_table_init(out, "printed", specs, grid->n_columns, err));
    QI_TRY(quipu_table_add_rows(out, grid->n_rows, &first, err));
    for (size_t row = 0; row < grid->n_rows; row++)
        for (size_t c = 0; c < grid->n_columns; c++) {
            const char *text = qi_grid_text(grid, row, c);
            if (text[0] == '\0')
                continue;
            if (c != printed->figure) {
                QI_TRY(quipu_table_set_text(out, c, row, text, err));
                continue;
            }
            QI_TRY(read_number(grid, row, c, &value, &decimals, err));
            quipu_table_set_real(out, c, row, value);
        }
    return QUIPU_OK;
}

/* ---- verdicts ---- */

void qi_compare_settle(qi_compared *item, double within) {
    double unit = pow(10, -item->decimals), far;
    item->cause = item->cause != NULL ? item->cause : "";
    item->why = item->why != NULL ? item->why : "";
    if (!item->has_ours || !item->has_printed) {
        item->verdict = QI_NO_FIGURE;
        return;
    }
    far = fabs(item->ours - item->printed);
    if (within < 0)
        within = unit / 2;
    /* What lies exactly between two figures may be rounded either way. */
    if (far <= within * (1 + 1e-9)) {
        item->verdict = QI_EQUAL;
        item->cause = item->why = "";
        return;
    }
    bool last_digit = far <= unit * 1.5;
    item->verdict = last_digit || far <= 0.02 * fabs(item->printed) ? QI_NEAR : QI_DIFFERS;
    if (item->cause[0] == '\0')
        item->cause = last_digit ? "rounding" : "unknown";
}

/* ---- cells ---- */

static bool same_text(const char *a, const char *b) {
    char x[160], y[160];
    if (strcmp(a, b) == 0)
        return true;
    qi_fold(a, strlen(a), x, sizeof x);
    qi_fold(b, strlen(b), y, sizeof y);
    return x[0] != '\0' && strcmp(x, y) == 0;
}

/* The code or the name beside it; a country also under any of its names. */
static bool is_cell(const qi_asker *asker, const quipu_table *table, size_t column, size_t row,
                    const char *wanted, qi_arena *arena) {
    const quipu_country *country = NULL;
    char name[80];
    const char *text = qi_cell_key(table, column, row, arena);
    if (text != NULL && same_text(text, wanted))
        return true;
    snprintf(name, sizeof name, "%.60s_name", table->columns[column].spec.name);
    ptrdiff_t beside = quipu_table_find(table, name);
    if (beside >= 0) {
        const char *other = qi_cell_key(table, (size_t)beside, row, arena);
        if (other != NULL && same_text(other, wanted))
            return true;
    }
    return text != NULL && strlen(text) == 3 &&
           quipu_country_find(asker->nomen, wanted, &country, NULL) == QUIPU_OK &&
           strcmp(country->iso3, text) == 0;
}

static bool cause_fits(const qi_cause *cause, const qi_printed *printed, size_t row) {
    for (size_t i = 0; i < cause->when.n; i++) {
        ptrdiff_t column = qi_grid_find(&printed->grid, cause->when.items[i].key.text);
        if (column < 0 || !same_text(qi_grid_text(&printed->grid, row, (size_t)column),
                                     cause->when.items[i].value.text))
            return false;
    }
    return true;
}

static bool find_cause(const qi_causes *causes, const qi_printed *printed, size_t row,
                       qi_compared *item) {
    for (size_t i = 0; i < causes->n; i++)
        if (cause_fits(&causes->items[i], printed, row)) {
            item->cause = qi_or(causes->items[i].cause, "unknown");
            item->why = qi_or(causes->items[i].text, "");
            return true;
        }
    return false;
}

/* A cause that names a column the printed table has not would never fit, silently. */
static quipu_status check_causes(const qi_study *study, const qi_causes *causes,
                                 const qi_printed *printed, quipu_error *err) {
    for (size_t i = 0; i < causes->n; i++)
        for (size_t k = 0; k < causes->items[i].when.n; k++)
            if (qi_grid_find(&printed->grid, causes->items[i].when.items[k].key.text) < 0)
                return qi_study_fail(study, causes->items[i].when.items[k].key, err,
                                     "the printed table has no column \"%.60s\"",
                                     causes->items[i].when.items[k].key.text);
    return QUIPU_OK;
}

static const char *item_name(const qi_printed *printed, size_t row, qi_arena *arena) {
    const char *name = "";
    for (size_t i = 0; i < printed->n_match && name != NULL; i++)
        name = qi_arena_printf(arena, "%s%s%s", name, i > 0 ? ", " : "",
                               qi_grid_text(&printed->grid, row, printed->match[i]));
    return name;
}

typedef struct columns {
    size_t *match; /* column of ours for each entry of the reference's match */
    size_t figure;
} columns;

static quipu_status find_columns(const qi_asker *asker, const qi_block *block,
                                 const qi_choice_spec *choice, const qi_answer *answer,
                                 qi_arena *arena, columns *out, quipu_error *err) {
    const qi_reference *reference = &block->reference;
    qi_words figure =
        choice != NULL && choice->figure.text != NULL ? choice->figure : reference->figure;
    if (figure.text == NULL)
        figure = (qi_words){answer->measure->figure, reference->line, reference->column};
    out->match = qi_arena_alloc(arena, (reference->match.n + 1) * sizeof *out->match);
    if (out->match == NULL)
        return qi_fail_memory(err, 0);
    for (size_t i = 0; i < reference->match.n; i++)
        QI_TRY(qi_column_find(asker->study, &answer->table, reference->match.items[i].value,
                              &out->match[i], err));
    return qi_column_find(asker->study, &answer->table, figure, &out->figure, err);
}

static bool find_row(const qi_asker *asker, const qi_printed *printed, const columns *ours,
                     const quipu_table *table, size_t row, qi_arena *arena, size_t *out) {
    for (*out = 0; *out < table->n_rows; (*out)++) {
        bool fits = true;
        for (size_t i = 0; i < printed->n_match && fits; i++)
            fits = is_cell(asker, table, ours->match[i], *out,
                           qi_grid_text(&printed->grid, row, printed->match[i]), arena);
        if (fits)
            return true;
    }
    return false;
}

static void take_figure(const quipu_table *table, size_t column, size_t row, const char *unit,
                        qi_compared *item) {
    const quipu_column *c = &table->columns[column];
    if (!quipu_table_present(table, column, row) || c->spec.type == QUIPU_TEXT)
        return;
    bool real = c->spec.type == QUIPU_REAL || c->spec.type == QUIPU_SHARE;
    double value = real ? c->data.real[row] : (double)c->data.integer[row];
    if (c->spec.type == QUIPU_MONEY || c->spec.type == QUIPU_AMOUNT)
        value /= 1000.0;
    qi_figure figure = {true, value, c->spec.type, c->spec.unit, c->spec.decimals};
    item->ours = qi_figure_in(&figure, unit);
    item->has_ours = true;
    if (item->unit[0] == '\0')
        item->unit = c->spec.type == QUIPU_SHARE   ? "percent"
                     : c->spec.type == QUIPU_MONEY ? "million"
                                                   : "";
}

static quipu_status compare_row(const qi_asker *asker, const qi_block *block,
                                const qi_choice_spec *choice, const qi_printed *printed,
                                const qi_answer *answer, const columns *ours, size_t row,
                                qi_arena *arena, qi_comparison *out, quipu_error *err) {
    const qi_reference *reference = &block->reference;
    size_t found;
    int64_t decimals;
    qi_compared item = {.block = block->id.text,
                        .item = item_name(printed, row, arena),
                        .unit = qi_or(reference->unit, ""),
                        .has_printed = true};
    if (item.item == NULL)
        return qi_fail_memory(err, 0);
    QI_TRY(
        read_number(&printed->grid, row, printed->figure, &item.printed, &item.decimals, err));
    if (reference->decimals.text != NULL &&
        qi_parse_int(reference->decimals.text, strlen(reference->decimals.text), &decimals))
        item.decimals = (int)decimals;
    if (answer != NULL) {
        item.command = answer->command;
        if (find_row(asker, printed, ours, &answer->table, row, arena, &found))
            take_figure(&answer->table, ours->figure, found, reference->unit.text, &item);
    }
    if (choice == NULL || !find_cause(&choice->causes, printed, row, &item))
        find_cause(&reference->causes, printed, row, &item);
    qi_compare_settle(&item, -1);
    return QI_PUSH(out, item) ? QUIPU_OK : qi_fail_memory(err, out->n * sizeof item);
}

quipu_status qi_compare(const qi_asker *asker, const qi_block *block,
                        const qi_choice_spec *choice, const qi_printed *printed,
                        const qi_answer *answer, qi_arena *arena, qi_comparison *out,
                        quipu_error *err) {
    columns ours = {0};
    QI_TRY(check_causes(asker->study, &block->reference.causes, printed, err));
    if (choice != NULL)
        QI_TRY(check_causes(asker->study, &choice->causes, printed, err));
    if (answer != NULL)
        QI_TRY(find_columns(asker, block, choice, answer, arena, &ours, err));
    for (size_t row = 0; row < printed->grid.n_rows; row++)
        if (qi_grid_text(&printed->grid, row, printed->figure)[0] != '\0')
            QI_TRY(compare_row(asker, block, choice, printed, answer, &ours, row, arena, out,
                               err));
    return QUIPU_OK;
}

/* ---- as text and table ---- */

const char *qi_compared_text(const qi_compared *item, bool ours, qi_arena *arena) {
    char text[64];
    if (ours ? !item->has_ours : !item->has_printed)
        return "-";
    qi_format_double_rounded(text, sizeof text, ours ? item->ours : item->printed,
                             item->decimals);
    return qi_arena_dup(arena, text);
}

quipu_status qi_comparison_table(const qi_comparison *comparison, size_t first, size_t n,
                                 const char *title, quipu_table *out, quipu_error *err) {
    static const quipu_column_spec specs[] = {
        {"block", "Where", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"item", "What", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"unit", "Unit", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"printed", "Printed", QUIPU_REAL, QUIPU_FIGURE, "", 1},
        {"ours", "Ours", QUIPU_REAL, QUIPU_FIGURE, "", 1},
        {"difference", "Difference", QUIPU_REAL, QUIPU_FIGURE, "", 1},
        {"verdict", "Verdict", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
        {"cause", "Cause", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
        {"why", "Explanation", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    };
    size_t row;
    QI_TRY(quipu_table_init(out, "study-check", specs, QI_COUNT(specs), err));
    QI_TRY(quipu_table_set_title(out, err, "%s", title));
    QI_TRY(quipu_table_add_rows(out, n, &row, err));
    for (size_t i = 0; i < n; i++) {
        const qi_compared *item = &comparison->items[first + i];
        const char *texts[] = {item->block,
                               item->item,
                               item->unit,
                               NULL,
                               NULL,
                               NULL,
                               qi_verdict_name(item->verdict),
                               item->cause,
                               item->why};
        for (size_t c = 0; c < QI_COUNT(texts); c++)
            if (texts[c] != NULL && texts[c][0] != '\0')
                QI_TRY(quipu_table_set_text(out, c, i, texts[c], err));
        if (item->has_printed)
            quipu_table_set_real(out, 3, i, item->printed);
        if (item->has_ours)
            quipu_table_set_real(out, 4, i, item->ours);
        if (item->has_ours && item->has_printed)
            quipu_table_set_real(out, 5, i, item->ours - item->printed);
    }
    return quipu_table_add_note(out, err,
                                "equal: ours rounds to the printed figure; near: within one "
                                "unit of its last digit or 2 %% of it.");
}
