/* SPDX-License-Identifier: Apache-2.0 */
/* top.c - the largest, ranked anew in every year. */
#include "measures/common.h"

enum { DEFAULT_LIMIT = 10 };

static const quipu_column_spec columns[] = {
    {"rank", "Rank", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"cumulative", "Cumulative share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

typedef struct ranking {
    qi_ask *ask;
    const qi_frame *frame;
    const qi_whole *whole;
    bool total;
    size_t limit;
    bool rest;
    qi_sheet *sheet;
    size_t row;
} ranking;

typedef struct entry {
    size_t row;
    quipu_money value;
} entry;

static int larger_first(const void *a, const void *b) {
    const entry *x = a, *y = b;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* Entry `i` moves down until both below it come before it in order. */
static void sink(entry *heap, size_t n, size_t i) {
    for (size_t below = 2 * i + 1; below < n; below = 2 * i + 1) {
        if (below + 1 < n && larger_first(&heap[below], &heap[below + 1]) < 0)
            below++;
        if (larger_first(&heap[i], &heap[below]) > 0)
            return;
        entry other = heap[i];
        heap[i] = heap[below];
        heap[below] = other;
        i = below;
    }
}

/* The first `limit` of the list in order, at its beginning; returns how many they are.  With
 * thousands of products sorting all of them would take longer than everything else: those kept
 * so far are a heap with the last of them on top. */
static size_t put_first(entry *list, size_t n, size_t limit) {
    size_t kept = n < limit ? n : limit;
    if (kept < n) {
        for (size_t i = kept; i-- > 0;)
            sink(list, kept, i);
        for (size_t i = kept; i < n; i++)
            if (larger_first(&list[i], &list[0]) < 0) {
                list[0] = list[i];
                sink(list, kept, 0);
            }
    }
    if (kept > 1)
        qsort(list, kept, sizeof *list, larger_first);
    return kept;
}

/* `sum` is the running value down to this row; 0 = no rank and no running share. */
static quipu_status write(ranking *r, qi_line_kind kind, uint64_t key, size_t period,
                          size_t rank, quipu_money value, quipu_money sum, quipu_error *err) {
    qi_line line = {.kind = kind, .key = key};
    quipu_money all;
    size_t row;
    QI_TRY(quipu_table_add_rows(r->sheet->table, 1, &row, err));
    QI_TRY(qi_sheet_line(r->sheet, row, &line, err));
    qi_sheet_period(r->sheet, row, period);
    qi_sheet_integer(r->sheet, row, 1, value);
    if (rank > 0)
        qi_sheet_integer(r->sheet, row, 0, (int64_t)rank);
    if (!qi_whole_value(r->whole, key, period, &all))
        return QUIPU_OK;
    qi_sheet_real(r->sheet, row, 2, (double)value / (double)all);
    if (rank > 0)
        qi_sheet_real(r->sheet, row, 3, (double)sum / (double)all);
    return QUIPU_OK;
}

static quipu_status rank_group(ranking *r, entry *list, size_t from, size_t to, size_t period,
                               quipu_error *err) {
    size_t n = 0;
    quipu_money all = 0, sum = 0;
    for (size_t row = from; row < to; row++) {
        size_t at = qi_frame_at(r->frame, 0, row, period);
        if (!r->frame->known[at] || r->frame->value[at] == 0)
            continue;
        list[n++] = (entry){row, r->frame->value[at]};
        if (!qi_add_money(&all, r->frame->value[at]))
            return qi_fail(err, QUIPU_E_DATA, "the total is beyond 9.2e15 US$");
    }
    size_t kept = put_first(list, n, r->limit);
    for (size_t i = 0; i < kept; i++) {
        sum += list[i].value;
        QI_TRY(write(r, QI_LINE_ROW, r->frame->key[list[i].row], period, i + 1, list[i].value,
                     sum, err));
    }
    uint64_t key = r->frame->key[from];
    if (r->rest && n > r->limit)
        QI_TRY(write(r, QI_LINE_REST, key, period, 0, all - sum, 0, err));
    if (r->total && n > 0)
        QI_TRY(write(r, QI_LINE_TOTAL, key, period, 0, all, 0, err));
    return QUIPU_OK;
}

static quipu_status rank_all(ranking *r, quipu_error *err) {
    const qi_frame *f = r->frame;
    uint64_t mask = 0;
    if (r->ask->n_axes > 0)
        mask = qi_axis_mask(&r->ask->axes[r->ask->n_axes - 1]);
    entry *list = malloc((f->n_rows + 1) * sizeof *list);
    if (list == NULL)
        return qi_fail_memory(err, f->n_rows * sizeof *list);
    quipu_status status = QUIPU_OK;
    for (size_t from = 0, to; from < f->n_rows && status == QUIPU_OK; from = to) {
        to = from;
        while (to < f->n_rows && (f->key[to] & ~mask) == (f->key[from] & ~mask))
            to++;
        for (size_t p = 0; p < f->n_periods && status == QUIPU_OK; p++)
            status = rank_group(r, list, from, to, p, err);
    }
    free(list);
    return status;
}

static quipu_status fill(qi_ask *ask, const qi_frame *frame, const qi_whole *whole,
                         quipu_table *out, quipu_error *err) {
    qi_sheet sheet;
    int64_t limit = qi_integer(ask->measure, ask->request, "limit", DEFAULT_LIMIT);
    ranking r = {.ask = ask,
                 .frame = frame,
                 .whole = whole,
                 .sheet = &sheet,
                 .limit = limit > 0 ? (size_t)limit : SIZE_MAX,
                 .rest = qi_switch(ask->measure, ask->request, "rest"),
                 .total = qi_switch(ask->measure, ask->request, "total")};
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, QI_COUNT(columns), 0, out, err));
    QI_TRY(rank_all(&r, err));
    QI_TRY(quipu_table_set_title(out, err, "Largest in the %s%s; denominator: %s",
                                 qi_words_trade(ask), qi_words_by(ask), whole->name));
    QI_TRY(qi_ask_note(ask, err, "Shares are of %s.", whole->name));
    return qi_sheet_close(&sheet, ask, frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_ask ask;
    qi_frame frame = {0};
    qi_whole whole = {0};
    qi_wish wish = {.by = "product"};
    qi_whole_wish(&qi_measure_top, request, wish.by, &wish);
    QI_TRY(qi_ask_open(&ask, &qi_measure_top, request, &wish, err));
    quipu_status status;
    QI_GO(qi_frame_make(&ask, NULL, &frame, err));
    QI_GO(
        qi_whole_make(&ask, qi_argument(&qi_measure_top, request, "of"), &frame, &whole, err));
    QI_GO(fill(&ask, &frame, &whole, out, err));
done:
    qi_whole_free(&whole);
    qi_frame_free(&frame);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_top = {
    .name = "top",
    .aliases = "rank",
    .without = "sort wide",
    .summary = "Which are the largest products, partners or classes?",
    .detail =
        "The first --limit (10, 0 for all) of the last dimension of --by, by default products, "
        "ranked anew in every year and within each combination of the other dimensions, with "
        "their share and the running share. Equal values stand in order of code. --rest adds "
        "one row for all that the limit leaves out, --total their sum.\n\n"
        "The whole of the shares is chosen as in the measure share.",
    .formula =
        "rank of X_kt among all k with X_kt > 0, ties by code; cumulative share = sum of "
        "the first r shares",
    .reference = "",
    .worked =
        "Sales of 5 copper, 3 gold, 1 fish, 1 wool: ranks 1 copper 50 %, 2 gold 30 % (80), "
        "3 and 4 the last two in order of code, 10 % each (90, 100).",
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "value",
    .example = "--reporter Peru --partner China --years 2011 --limit 5",
    .run = run,
};
