/* SPDX-License-Identifier: Apache-2.0 */
/* facts.c - sentences of a text, each with the question that answers it.
 *
 * The table: id, fact, printed, unit and, where we can answer, ask and pick; within (how far
 * apart still counts as the printed figure), cause and why.
 */
#include "study/compare.h"

#include <math.h>

enum { ID, FACT, PRINTED, UNIT, WITHIN, ASK, PICK, CAUSE, WHY, N_COLUMNS };
static const char *const COLUMNS[] = {"id",  "fact", "printed", "unit", "within",
                                      "ask", "pick", "cause",   "why"};

typedef struct facts {
    const qi_asker *asker;
    qi_grid grid;
    ptrdiff_t column[N_COLUMNS];
    qi_arena *arena;
    quipu_error *err;
} facts;

static const char *text_of(const facts *f, size_t row, int column) {
    return f->column[column] < 0 ? "" : qi_grid_text(&f->grid, row, (size_t)f->column[column]);
}

static qi_words words_at(const facts *f, size_t row, int column) {
    size_t at = row * f->grid.n_columns + (size_t)f->column[column];
    return (qi_words){text_of(f, row, column), (uint32_t)f->grid.line[row], f->grid.place[at]};
}

static quipu_status number_of(const facts *f, size_t row, int column, double *out) {
    const char *text = text_of(f, row, column);
    if (qi_parse_double(text, strlen(text), out) && isfinite(*out))
        return QUIPU_OK;
    return qi_grid_fail(&f->grid, row, (size_t)f->column[column], f->err,
                        "\"%.40s\" is no number", text);
}

/* An error in a question of this table is in this table, not in the study file. */
static quipu_status blame(const facts *f, size_t row, int column) {
    quipu_error first = *f->err;
    qi_error_clear(f->err);
    return qi_grid_fail(&f->grid, row, (size_t)f->column[column], f->err, "%s", first.text);
}

static quipu_status answer(const facts *f, size_t row, qi_compared *item) {
    qi_answer got;
    qi_figure figure;
    quipu_status status = qi_ask_one(f->asker, words_at(f, row, ASK), f->arena, &got, f->err);
    item->command = got.command;
    if (status != QUIPU_OK)
        return blame(f, row, ASK);
    if (got.missing != NULL) {
        item->why = qi_arena_printf(f->arena, "needs the input \"%s\", which is not here",
                                    got.missing->spec->name.text);
    } else {
        status = qi_pick(f->asker->study, &got.table, words_at(f, row, ASK),
                         text_of(f, row, PICK), got.measure->figure, &figure, f->err);
        if (status != QUIPU_OK)
            status = blame(f, row, f->column[PICK] >= 0 ? PICK : ASK);
        else if (figure.present) {
            item->has_ours = true;
            item->ours = qi_figure_in(&figure, item->unit);
        }
    }
    qi_answer_free(&got);
    return status;
}

static quipu_status read_fact(const facts *f, const qi_block *block, size_t row,
                              qi_comparison *out) {
    double within = -1;
    qi_compared item = {.block = block->id.text,
                        .fact = text_of(f, row, ID),
                        .item = text_of(f, row, FACT),
                        .unit = text_of(f, row, UNIT),
                        .cause = text_of(f, row, CAUSE),
                        .why = text_of(f, row, WHY)};
    const char *printed = text_of(f, row, PRINTED), *point = strchr(printed, '.');
    if (item.unit[0] != '\0' && !qi_unit_known(item.unit))
        return qi_grid_fail(&f->grid, row, (size_t)f->column[UNIT], f->err,
                            "\"%.40s\" is no unit: take percent, thousand, million, billion, "
                            "times, US$, or leave it empty",
                            item.unit);
    if (printed[0] != '\0') {
        item.has_printed = true;
        item.decimals = point == NULL ? 0 : (int)strlen(point + 1);
        QI_TRY(number_of(f, row, PRINTED, &item.printed));
    }
    if (text_of(f, row, WITHIN)[0] != '\0')
        QI_TRY(number_of(f, row, WITHIN, &within));
    if (text_of(f, row, ASK)[0] != '\0')
        QI_TRY(answer(f, row, &item));
    qi_compare_settle(&item, within);
    return QI_PUSH(out, item) ? QUIPU_OK : qi_fail_memory(f->err, sizeof item);
}

quipu_status qi_compare_facts(const qi_asker *asker, const qi_block *block, qi_arena *arena,
                              qi_comparison *out, quipu_error *err) {
    facts f = {.asker = asker, .arena = arena, .err = err};
    const char *path = qi_study_path(asker->study, arena, block->file.text);
    if (path == NULL)
        return qi_fail_memory(err, 0);
    if (qi_grid_read(path, 16u << 20, arena, &f.grid, err) != QUIPU_OK)
        return qi_study_blame(asker->study, block->file, err);
    for (int i = 0; i < N_COLUMNS; i++) {
        size_t at;
        f.column[i] = qi_grid_find(&f.grid, COLUMNS[i]);
        if (f.column[i] < 0 && i <= PRINTED)
            return qi_grid_need(&f.grid, COLUMNS[i], &at, err);
    }
    for (size_t row = 0; row < f.grid.n_rows; row++)
        QI_TRY(read_fact(&f, block, row, out));
    return QUIPU_OK;
}
