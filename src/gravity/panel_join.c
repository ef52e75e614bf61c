/* SPDX-License-Identifier: Apache-2.0 */
/* panel_join.c - blocks of a table joined in order to the columns of a panel. */
#include "gravity/panel_block.h"

quipu_status qi_panel_join_open(qi_panel_join *j, const char *const *names, quipu_error *err) {
    const qi_panel_shape *s = j->shape;
    j->column = calloc(s->n_names, sizeof *j->column);
    j->dictionary = calloc(s->n_names, sizeof *j->dictionary);
    if (j->column == NULL || j->dictionary == NULL)
        return qi_fail_memory(err, s->n_names * sizeof *j->dictionary);
    for (size_t c = 0; c < s->n_names; c++) {
        j->dictionary[c].arena = &j->panel->arena;
        if (s->want[c] != 0)
            QI_TRY(qi_panel_add(j->panel, names[c], &j->column[c], err));
    }
    return QUIPU_OK;
}

void qi_panel_join_close(qi_panel_join *j) {
    for (size_t c = 0; j->dictionary != NULL && c < j->shape->n_names; c++)
        qi_dictionary_free(&j->dictionary[c]);
    free(j->dictionary);
    free(j->column);
}

static bool grow(void **array, size_t capacity, size_t size) {
    void *more = realloc(*array, capacity * size);
    *array = more != NULL ? more : *array;
    return more != NULL;
}

/* Half as much again: what is not filled is never touched, so it costs no memory. */
static quipu_status make_room(qi_panel_join *j, size_t n, quipu_error *err) {
    size_t capacity = j->capacity;
    if (n <= capacity)
        return QUIPU_OK;
    capacity = n + n / 2 + 1024;
    for (size_t c = 0; c < j->shape->n_names; c++) {
        qi_panel_column *to = &j->panel->columns.items[j->column[c]];
        uint8_t want = j->shape->want[c];
        bool fine = true;
        if ((want & QI_WANT_NUMBER) != 0)
            fine = grow((void **)&to->number, capacity, sizeof *to->number);
        if (fine && (want & QI_WANT_LABEL) != 0)
            fine = grow((void **)&to->label, capacity, sizeof *to->label);
        if (!fine)
            return qi_fail_memory(err, capacity * sizeof(double));
    }
    j->capacity = capacity;
    return QUIPU_OK;
}

static quipu_status join_labels(qi_panel_join *j, const qi_panel_block *b, size_t c,
                                quipu_error *err) {
    const qi_block_column *from = &b->columns[c];
    qi_panel_column *to = &j->panel->columns.items[j->column[c]];
    size_t m = from->dictionary.texts.n;
    uint32_t *place = malloc((m + 1) * sizeof *place);
    if (place == NULL)
        return qi_fail_memory(err, m * sizeof *place);
    for (size_t k = 0; k < m; k++) {
        place[k] = qi_dictionary_place(&j->dictionary[c], from->dictionary.texts.items[k],
                                       from->dictionary.lengths.items[k]);
        if (place[k] == QI_NO_LABEL) {
            free(place);
            return qi_fail_memory(err, m * sizeof *place);
        }
    }
    uint32_t *out = to->label + j->panel->n;
    for (size_t i = 0; i < b->n; i++)
        out[i] =
            from->label.items[i] == QI_NO_LABEL ? QI_NO_LABEL : place[from->label.items[i]];
    free(place);
    return QUIPU_OK;
}

static quipu_status join_lines(qi_panel_join *j, const qi_panel_block *b, uint64_t line,
                               quipu_error *err) {
    qi_panel *p = j->panel;
    for (size_t k = 0; k < b->jumps.n; k++) {
        qi_panel_jump here = {p->n + b->jumps.items[k].row, line + b->jumps.items[k].line};
        const qi_panel_jump *last = p->jumps.n > 0 ? &p->jumps.items[p->jumps.n - 1] : NULL;
        if (last != NULL && here.line - last->line == here.row - last->row)
            continue;
        if (!QI_PUSH(&p->jumps, here))
            return qi_fail_memory(err, sizeof here);
    }
    return QUIPU_OK;
}

quipu_status qi_panel_join_block(qi_panel_join *j, qi_panel_block *b, uint64_t *line,
                                 quipu_error *err) {
    const qi_panel_shape *s = j->shape;
    if (b->trouble.line != 0)
        return qi_fail_at(err, QUIPU_E_DATA, j->panel->file, *line + b->trouble.line,
                          b->trouble.column, "%s", b->trouble.text);
    QI_TRY(make_room(j, j->panel->n + b->n, err));
    for (size_t c = 0; c < s->n_names; c++) {
        const qi_block_column *from = &b->columns[c];
        if (b->n > 0 && (s->want[c] & QI_WANT_NUMBER) != 0)
            memcpy(j->panel->columns.items[j->column[c]].number + j->panel->n,
                   from->number.items, b->n * sizeof(double));
        if (b->n > 0 && (s->want[c] & QI_WANT_LABEL) != 0)
            QI_TRY(join_labels(j, b, c, err));
    }
    QI_TRY(join_lines(j, b, *line, err));
    *line += b->n_lines;
    j->panel->n += b->n;
    return QUIPU_OK;
}

quipu_status qi_panel_join_end(qi_panel_join *j, quipu_error *err) {
    QI_TRY(make_room(j, 1, err)); /* an empty table has arrays too */
    for (size_t c = 0; c < j->shape->n_names; c++) {
        const qi_dictionary *d = &j->dictionary[c];
        if ((j->shape->want[c] & QI_WANT_LABEL) == 0)
            continue;
        qi_panel_column *to = &j->panel->columns.items[j->column[c]];
        to->labels = qi_arena_alloc(&j->panel->arena, (d->texts.n + 1) * sizeof *to->labels);
        if (to->labels == NULL)
            return qi_fail_memory(err, d->texts.n * sizeof *to->labels);
        for (size_t k = 0; k < d->texts.n; k++)
            to->labels[k] = d->texts.items[k];
        to->n_labels = d->texts.n;
    }
    return QUIPU_OK;
}
