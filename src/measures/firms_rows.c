/* SPDX-License-Identifier: Apache-2.0 */
/* firms_rows.c - the rows of a table by firm: which there are, in what order, and how they are
 * written.  Confidential rows stand behind the others of their group in order of code, so that
 * their place tells nothing. */
#include "measures/firms.h"

static int by_key(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

typedef QI_LIST(uint64_t) key_list;

static void sort_keys(key_list *keys) {
    size_t n = 0;
    if (keys->n > 1)
        qsort(keys->items, keys->n, sizeof *keys->items, by_key);
    for (size_t i = 0; i < keys->n; i++)
        if (n == 0 || keys->items[n - 1] != keys->items[i])
            keys->items[n++] = keys->items[i];
    keys->n = n;
}

/* Labels of complete axes have a row, traded or not. */
static bool complete_keys(const qi_firm_ask *f, key_list *keys) {
    bool all = true;
    for (size_t a = 0; a < f->shape.n_axes; a++)
        all &= f->ask.axes[a].complete;
    if (keys->n == 0 && all && !QI_PUSH(keys, 0))
        return false;
    for (size_t a = 0; a < f->shape.n_axes; a++) {
        size_t n = keys->n;
        for (size_t i = 0; i < n && f->ask.axes[a].complete; i++) {
            uint64_t own = qi_protect_label(&f->shape, a, keys->items[i]);
            for (uint64_t label = 0; label < f->shape.labels[a]; label++) {
                uint64_t key = keys->items[i] + (label - own) * f->shape.stride[a];
                if (label != own && !QI_PUSH(keys, key))
                    return false;
            }
        }
        sort_keys(keys);
    }
    return true;
}

/* ---- order ---- */

typedef struct candidate {
    qi_firm_line line;
    bool last; /* what has no class */
} candidate;

static int size_order(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->last != y->last)
        return x->last ? 1 : -1;
    if (x->line.size != y->line.size)
        return x->line.size > y->line.size ? -1 : 1;
    return x->line.key < y->line.key ? -1 : x->line.key > y->line.key;
}

typedef struct order {
    qi_firm_ask *f;
    size_t last; /* axis */
    bool by_value, total;
    size_t limit;
} order;

static order make_order(qi_firm_ask *f) {
    const char *sort = qi_argument(f->measure, f->request, "sort");
    int64_t limit = qi_integer(f->measure, f->request, "limit", INT64_MAX);
    order o = {.f = f, .limit = limit < 0 ? SIZE_MAX : (size_t)limit};
    if (f->shape.n_axes == 0)
        return o;
    o.last = f->shape.n_axes - 1;
    o.by_value =
        qi_is(sort, "value") || (!qi_is(sort, "code") && !f->ask.axes[o.last].complete);
    o.total = qi_switch(f->measure, f->request, "total");
    return o;
}

/* One group: all labels of the last axis. */
static void put_group(const order *o, candidate *list, size_t n, qi_firm_lines *out) {
    const qi_protected *s = &o->f->shape;
    if (o->by_value)
        qsort(list, n, sizeof *list, size_order);
    for (size_t i = 0; i < n && i < o->limit; i++)
        out->items[out->n++] = list[i].line;
    if (o->total) {
        size_t label = qi_protect_label(s, o->last, list[0].line.key);
        uint64_t key = list[0].line.key + (s->labels[o->last] - label) * s->stride[o->last];
        out->items[out->n++] = (qi_firm_line){key, -1};
    }
}

static quipu_status put_lines(const order *o, const key_list *keys,
                              quipu_money (*size)(void *user, uint64_t key), void *user,
                              qi_firm_lines *out, quipu_error *err) {
    const qi_firm_ask *f = o->f;
    candidate *list = malloc((keys->n + 1) * sizeof *list);
    out->items = malloc((2 * keys->n + 1) * sizeof *out->items);
    if (list == NULL || out->items == NULL) {
        free(list);
        return qi_fail_memory(err, keys->n * sizeof *list);
    }
    bool classes = f->shape.n_axes > 0 && f->ask.axes[o->last].kind == QI_AXIS_CLASS;
    size_t radix =
        f->shape.n_axes > 0 ? f->shape.labels[o->last] + 1 : 1; /* the last stride is 1 */
    for (size_t from = 0, to; from < keys->n; from = to) {
        for (to = from; to < keys->n && keys->items[to] / radix == keys->items[from] / radix;
             to++) {
            uint64_t key = keys->items[to];
            list[to - from].line = (qi_firm_line){key, size(user, key)};
            list[to - from].last = classes && key % radix == radix - 2;
        }
        put_group(o, list, to - from, out);
    }
    free(list);
    return QUIPU_OK;
}

quipu_status qi_firm_lines_make(qi_firm_ask *f, const uint64_t *keys, size_t n,
                                quipu_money (*size)(void *user, uint64_t key), void *user,
                                qi_firm_lines *out, quipu_error *err) {
    key_list inner = {0};
    order o = make_order(f);
    bool ok = true;
    *out = (qi_firm_lines){0};
    for (size_t i = 0; i < n && ok; i++)
        if (qi_protect_is_inner(&f->shape, keys[i]))
            ok = QI_PUSH(&inner, keys[i]);
    sort_keys(&inner);
    ok = ok && complete_keys(f, &inner);
    quipu_status status = ok ? put_lines(&o, &inner, size, user, out, err)
                             : qi_fail_memory(err, n * sizeof *keys);
    free(inner.items);
    if (status != QUIPU_OK)
        qi_firm_lines_free(out);
    return status;
}

void qi_firm_lines_free(qi_firm_lines *lines) {
    free(lines->items);
    *lines = (qi_firm_lines){0};
}

/* ---- writing ---- */

quipu_status qi_firm_sheet_line(qi_sheet *sheet, const qi_firm_ask *f, size_t row, uint64_t key,
                                quipu_error *err) {
    qi_line line = {.kind = QI_LINE_ROW};
    for (size_t a = 0; a < f->shape.n_axes; a++) {
        size_t label = qi_protect_label(&f->shape, a, key);
        if (label == f->shape.labels[a])
            line.kind = QI_LINE_TOTAL;
        else
            line.key |= (uint64_t)label << f->ask.axes[a].shift;
    }
    return qi_sheet_line(sheet, row, &line, err);
}

quipu_status qi_firms_notes(qi_firm_ask *f, size_t n_rows, size_t n_hidden, quipu_error *err) {
    QI_TRY(qi_ask_note(&f->ask, err,
                       "Firms are those that declared a value above zero; a firm counts once "
                       "in each row, so that rows do not add up to the total."));
    if (f->least <= 1)
        return QUIPU_OK;
    return qi_ask_note(
        &f->ask, err,
        "Confidential (c): cells of fewer than %zu firms, and as many others as "
        "keep anybody from working these out from the rest and any total: %zu of "
        "%zu rows. The rule holds within one table; two tables beside each other "
        "may tell more.",
        f->least, n_hidden, n_rows);
}

/* ---- a table of lines and years ---- */

static quipu_status protect(qi_firm_ask *f, qi_firm_years *y, quipu_error *err) {
    y->hidden = calloc(y->n + 1, sizeof *y->hidden);
    if (y->hidden == NULL)
        return qi_fail_memory(err, y->n * sizeof *y->hidden);
    for (size_t p = 0; p < y->n; p++)
        QI_TRY(qi_by_firm_protect(&f->shape, &y->cells[p], &y->hidden[p], err));
    return QUIPU_OK;
}

static quipu_money size_of(void *user, uint64_t key) {
    const qi_firm_years *y = user;
    size_t cell = qi_by_firm_find(&y->cells[y->last], key);
    return cell == SIZE_MAX || y->hidden[y->last][cell] ? -1 : y->cells[y->last].value[cell];
}

static quipu_status write_rows(qi_firm_ask *f, const qi_firm_years *y,
                               const qi_firm_lines *lines, const qi_firm_figures *figures,
                               quipu_table *out, quipu_error *err) {
    qi_sheet sheet;
    size_t row = 0, n_rows = lines->n * y->n, n_hidden = 0;
    QI_TRY(qi_sheet_open(&sheet, &f->ask, QI_TIME_PERIOD, figures->columns, figures->n, n_rows,
                         out, err));
    for (size_t l = 0; l < lines->n; l++)
        for (size_t p = 0; p < y->n; p++, row++) {
            size_t cell = qi_by_firm_find(&y->cells[p], lines->items[l].key);
            bool hidden = cell != SIZE_MAX && y->hidden[p][cell];
            QI_TRY(qi_firm_sheet_line(&sheet, f, row, lines->items[l].key, err));
            qi_sheet_period(&sheet, row, p);
            n_hidden += hidden;
            if (hidden)
                QI_TRY(quipu_table_set_text(out, sheet.figure + figures->n - 1, row, "c", err));
            else if (qi_any_reported(&f->ask.views[0], p))
                figures->write(figures->user, &sheet, row, &y->cells[p], cell);
        }
    QI_TRY(quipu_table_set_title(out, err, "%s%s%s", figures->title, qi_words_trade(&f->ask),
                                 qi_words_by(&f->ask)));
    QI_TRY(qi_firms_notes(f, n_rows, n_hidden, err));
    return qi_sheet_close(&sheet, &f->ask, NULL, err);
}

quipu_status qi_firms_table(qi_firm_ask *f, const qi_firm_figures *figures, quipu_table *out,
                            quipu_error *err) {
    qi_firm_years years = {0};
    qi_firm_lines lines = {0};
    quipu_status status;
    QI_GO(qi_firm_years_gather(f, figures->detail, &years, err));
    QI_GO(protect(f, &years, err));
    QI_GO(qi_firm_lines_make(f, years.keys.items, years.keys.n, size_of, &years, &lines, err));
    QI_GO(write_rows(f, &years, &lines, figures, out, err));
done:
    qi_firm_lines_free(&lines);
    qi_firm_years_free(&years);
    return status;
}
