/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_etable.c - several models side by side, as journals print them: coefficients with
 * stars, standard errors in brackets beneath, then effects, clusters and statistics.
 *
 * It is the long table turned; the cells are text, so that every writer prints them as they
 * are.  A coefficient that a model does not have is an empty cell.
 */
#include "measures/gravity.h"

typedef struct line {
    const char *part, *term;
    const char **cell, **below; /* of each model; NULL = empty */
} line;

typedef struct etable {
    const quipu_table *from;
    size_t n_models;
    qi_arena arena;
    QI_LIST(line) lines;
} etable;

/* Parts in the order of the table, and what stands before their terms. */
static const struct {
    const char *part, *before;
} parts[] = {{"explained", ""}, {"estimator", ""},         {"coefficient", ""}, {"test", ""},
             {"effect", ""},    {"cluster", "Clusters, "}, {"statistic", ""}};

/* Statistics that are printed, and under which words. */
static const struct {
    const char *term, *label;
} statistics[] = {{"observations", "Observations"},
                  {"pseudo R2", "Pseudo R2"},
                  {"R2", "R2"},
                  {"within R2", "Within R2"},
                  {"log likelihood", "Log likelihood"}};

static const char *label_of(const char *part, const char *term) {
    if (strcmp(part, "explained") == 0)
        return "Dependent variable";
    if (strcmp(part, "estimator") == 0)
        return "Estimator";
    if (strcmp(part, "statistic") != 0)
        return term;
    for (size_t i = 0; i < QI_COUNT(statistics); i++)
        if (strcmp(statistics[i].term, term) == 0)
            return statistics[i].label;
    return NULL;
}

static bool is_part(const char *part) {
    for (size_t i = 0; i < QI_COUNT(parts); i++)
        if (strcmp(parts[i].part, part) == 0)
            return true;
    return false;
}

static const char *text_at(const etable *e, size_t column, size_t row) {
    return e->from->columns[column].data.text[row];
}

static bool has(const etable *e, size_t column, size_t row) {
    return quipu_table_present(e->from, column, row);
}

static double real_at(const etable *e, size_t column, size_t row) {
    return e->from->columns[column].data.real[row];
}

static const char *rounded(etable *e, double value, int decimals) {
    char text[64];
    qi_format_double_rounded(text, sizeof text, value, decimals);
    return qi_arena_dup(&e->arena, text);
}

static const char *stars_of(double p) {
    return p < 0.01 ? "***" : p < 0.05 ? "**" : p < 0.1 ? "*" : "";
}

/* What stands in the cell of a row of the long table, and beneath. */
static quipu_status cells_of(etable *e, size_t row, const char **cell, const char **below,
                             quipu_error *err) {
    const char *part = text_at(e, QI_GRAVITY_PART, row);
    *below = NULL;
    if (strcmp(part, "explained") == 0 || strcmp(part, "estimator") == 0) {
        *cell = text_at(e, QI_GRAVITY_TERM, row);
    } else if (strcmp(part, "effect") == 0) {
        *cell = "Yes";
    } else if (has(e, QI_GRAVITY_COEFFICIENT, row)) {
        bool error = has(e, QI_GRAVITY_ERROR, row);
        double p = has(e, QI_GRAVITY_P, row) ? real_at(e, QI_GRAVITY_P, row) : 1.0;
        const char *b = rounded(e, real_at(e, QI_GRAVITY_COEFFICIENT, row), 4);
        const char *s = error ? rounded(e, real_at(e, QI_GRAVITY_ERROR, row), 4) : "-";
        *cell = b != NULL ? qi_arena_printf(&e->arena, "%s%s", b, stars_of(p)) : NULL;
        *below = s != NULL ? qi_arena_printf(&e->arena, "(%s)", s) : NULL;
        if (*below == NULL)
            return qi_fail_memory(err, 32);
    } else if (has(e, QI_GRAVITY_VALUE, row)) {
        double value = real_at(e, QI_GRAVITY_VALUE, row);
        *cell = rounded(e, value, fabs(value) < 1000.0 ? 4 : 1);
    } else {
        int64_t count = has(e, QI_GRAVITY_COUNT, row)
                            ? e->from->columns[QI_GRAVITY_COUNT].data.integer[row]
                            : 0;
        *cell = qi_arena_printf(&e->arena, "%lld", (long long)count);
    }
    return *cell != NULL ? QUIPU_OK : qi_fail_memory(err, 32);
}

static quipu_status find_line(etable *e, const char *part, const char *term, line **out,
                              quipu_error *err) {
    for (size_t i = 0; i < e->lines.n; i++) {
        *out = &e->lines.items[i];
        bool one = strcmp(part, "explained") == 0 || strcmp(part, "estimator") == 0;
        if (strcmp((*out)->part, part) == 0 && (one || strcmp((*out)->term, term) == 0))
            return QUIPU_OK;
    }
    line made = {part, term, qi_arena_alloc(&e->arena, e->n_models * sizeof(char *)),
                 qi_arena_alloc(&e->arena, e->n_models * sizeof(char *))};
    if (made.cell == NULL || made.below == NULL || !QI_PUSH(&e->lines, made))
        return qi_fail_memory(err, sizeof made);
    *out = &e->lines.items[e->lines.n - 1];
    return QUIPU_OK;
}

static quipu_status gather(etable *e, quipu_error *err) {
    for (size_t row = 0; row < e->from->n_rows; row++) {
        const char *part = text_at(e, QI_GRAVITY_PART, row);
        const char *term = text_at(e, QI_GRAVITY_TERM, row);
        size_t model = (size_t)e->from->columns[QI_GRAVITY_MODEL].data.integer[row] - 1;
        line *at = NULL;
        if (!is_part(part) || label_of(part, term) == NULL)
            continue;
        QI_TRY(find_line(e, part, term, &at, err));
        QI_TRY(cells_of(e, row, &at->cell[model], &at->below[model], err));
    }
    return QUIPU_OK;
}

/* ---- the table ---- */

static quipu_status make_columns(const etable *e, quipu_table *out, quipu_error *err) {
    quipu_column_spec *specs = calloc(e->n_models + 1, sizeof *specs);
    char(*names)[2][32] = calloc(e->n_models, sizeof *names);
    quipu_status status = QUIPU_OK;
    if (specs == NULL || names == NULL) {
        status = qi_fail_memory(err, e->n_models * sizeof *specs);
        goto done;
    }
    specs[0] = (quipu_column_spec){"term", "Term", QUIPU_TEXT, QUIPU_DIMENSION, "", 0};
    for (size_t m = 0; m < e->n_models; m++) {
        snprintf(names[m][0], sizeof names[m][0], "model_%zu", m + 1);
        snprintf(names[m][1], sizeof names[m][1], "(%zu)", m + 1);
        specs[m + 1] =
            (quipu_column_spec){names[m][0], names[m][1], QUIPU_TEXT, QUIPU_FIGURE, "", 0};
    }
    status = quipu_table_init(out, e->from->measure, specs, e->n_models + 1, err);
done:
    free(specs);
    free(names);
    return status;
}

static quipu_status put_row(const etable *e, quipu_table *out, const char *label,
                            const char *const *cells, quipu_error *err) {
    size_t row;
    QI_TRY(quipu_table_add_rows(out, 1, &row, err));
    QI_TRY(quipu_table_set_text(out, 0, row, label, err));
    for (size_t m = 0; m < e->n_models; m++)
        QI_TRY(quipu_table_set_text(out, m + 1, row, cells[m] != NULL ? cells[m] : "", err));
    return QUIPU_OK;
}

static quipu_status put_part(etable *e, size_t p, quipu_table *out, quipu_error *err) {
    for (size_t i = 0; i < e->lines.n; i++) {
        line *l = &e->lines.items[i];
        bool effect = strcmp(l->part, "effect") == 0, below = false;
        if (strcmp(l->part, parts[p].part) != 0)
            continue;
        const char *label =
            qi_arena_printf(&e->arena, "%s%s", parts[p].before, label_of(l->part, l->term));
        if (label == NULL)
            return qi_fail_memory(err, 64);
        for (size_t m = 0; m < e->n_models; m++) {
            below = below || l->below[m] != NULL;
            l->cell[m] = effect && l->cell[m] == NULL ? "No" : l->cell[m];
        }
        QI_TRY(put_row(e, out, label, l->cell, err));
        if (below)
            QI_TRY(put_row(e, out, "", l->below, err));
    }
    return QUIPU_OK;
}

quipu_status qi_gravity_etable(const quipu_table *from, size_t n_models, quipu_table *out,
                               quipu_error *err) {
    etable e = {.from = from, .n_models = n_models};
    quipu_status status;
    QI_GO(gather(&e, err));
    QI_GO(make_columns(&e, out, err));
    for (size_t p = 0; p < QI_COUNT(parts); p++)
        QI_GO(put_part(&e, p, out, err));
    for (size_t i = 0; i < from->n_notes; i++)
        QI_GO(quipu_table_add_note(out, err, "%s", from->notes[i]));
    status = quipu_table_add_note(out, err,
                                  "Standard errors in brackets; *** p < 0.01, ** p < "
                                  "0.05, * p < 0.1.");
done:
    free(e.lines.items);
    qi_arena_free(&e.arena);
    return status;
}
