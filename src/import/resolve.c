/* SPDX-License-Identifier: Apache-2.0 */
/* resolve.c - settle what the cells of one pair say: which are leaves, which are the same
 * figure again, which are totals of others.  Nothing is dropped without a line in the ledger.
 *
 * Order of the questions: first the cells of one product (a breakdown beside its total, a
 * duplicate), then products against each other (a code that begins others is their total).
 */
#include "import.h"

static int by_place(const void *a, const void *b) {
    const qi_pair_cell *x = a, *y = b;
    if (x->product != y->product)
        return x->product < y->product ? -1 : 1;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    if (x->run != y->run)
        return x->run < y->run ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static int64_t worth(const qi_pair_cell *cell) {
    return cell->value == QUIPU_MONEY_MISSING ? 0 : cell->value;
}

static void describe(const qi_merge *merge, uint64_t key, uint32_t product, char out[64]) {
    char code[16];
    qi_code_unpack(merge->codes[product], code);
    snprintf(out, 64, "%d %s %03u-%03u %s", QI_KEY_PERIOD(key),
             quipu_flow_name((quipu_flow)QI_KEY_FLOW(key)), QI_KEY_REPORTER(key),
             QI_KEY_PARTNER(key), code);
}

static quipu_status conflict(const qi_merge *merge, uint64_t key, const qi_pair_cell *a,
                             const qi_pair_cell *b, quipu_error *err) {
    char cell[64], x[QI_NUMBER_TEXT], y[QI_NUMBER_TEXT];
    describe(merge, key, a->product, cell);
    qi_format_scaled(x, worth(a), 3);
    qi_format_scaled(y, worth(b), 3);
    const qi_run *first = &merge->runs[a->run], *second = &merge->runs[b->run];
    return qi_fail_at(
        err, QUIPU_E_DATA, merge->member_names[second->member], second->first_line + b->line, 1,
        "%s has the value %s here, but %s in %s line %llu. Choose with --duplicates "
        "first, last or sum",
        cell, y, x, merge->member_names[first->member],
        (unsigned long long)(first->first_line + a->line));
}

static quipu_status too_much(const qi_merge *merge, uint64_t key, uint32_t product,
                             quipu_error *err) {
    char cell[64];
    describe(merge, key, product, cell);
    return qi_fail(err, QUIPU_E_DATA, "%s: the sum is beyond 9.2e15", cell);
}

/* Add `from` into `into`; what cannot be added becomes unknown. */
static bool add_cell(qi_pair_cell *into, const qi_pair_cell *from) {
    bool fits = true;
    if (from->value != QUIPU_MONEY_MISSING) {
        if (into->value == QUIPU_MONEY_MISSING)
            into->value = 0;
        fits &= qi_add_money(&into->value, from->value);
    }
    if (into->weight == QUIPU_QUANTITY_MISSING || from->weight == QUIPU_QUANTITY_MISSING)
        into->weight = QUIPU_QUANTITY_MISSING;
    else
        fits &= qi_add_money(&into->weight, from->weight);
    if (into->quantity == QUIPU_QUANTITY_MISSING || from->quantity == QUIPU_QUANTITY_MISSING ||
        into->unit != from->unit) {
        into->quantity = QUIPU_QUANTITY_MISSING;
        into->unit = 1;
    } else {
        fits &= qi_add_money(&into->quantity, from->quantity);
    }
    into->flags |= from->flags;
    return fits;
}

/* One part of a breakdown, rather than a figure of its own or a TRAINS row from afar. */
static bool is_part(const qi_pair_cell *cell) {
    return cell->part != 0 && cell->part < QI_FAR;
}

/* The cells [from, to) of one product; leaves exactly one that is not dropped.  Sorted by part:
 * the total first, if it is there; else the parts by one of the ways to break it down, which
 * together are the figure, and then those by other ways, which would count it again. */
static quipu_status settle_product(const qi_merge *merge, uint64_t key, qi_pair_cell *cells,
                                   size_t n, qi_ledger *ledger, quipu_error *err) {
    qi_pair_cell *keep = &cells[0];
    char cell[64] = "";
    bool sum = is_part(keep);
    size_t summed = 1;
    describe(merge, key, keep->product, cell);
    for (size_t i = 1; i < n; i++) {
        qi_pair_cell *other = &cells[i];
        other->drop = 1;
        if (other->part >= QI_FAR) { /* sorted: the nearest tariff year came first */
            qi_ledger_note(ledger, QI_R_TARIFF_YEAR, 1, worth(other), "%s", cell);
            continue;
        }
        if (other->part != keep->part) {
            qi_ledger_note(ledger, QI_R_BREAKDOWN, 1, worth(other), "%s", cell);
            continue;
        }
        quipu_duplicates rule = merge->import->options.duplicates;
        bool each = !sum && rule == QUIPU_DUPLICATES_DECLARATIONS;
        bool same = other->value == keep->value && other->weight == keep->weight &&
                    other->quantity == keep->quantity;
        if (!sum && !each && same) {
            qi_ledger_note(ledger, QI_R_DUPLICATE, 1, worth(other), "%s", cell);
            continue;
        }
        if (!sum && rule == QUIPU_DUPLICATES_ERROR)
            return conflict(merge, key, keep, other, err);
        if (sum || each || rule == QUIPU_DUPLICATES_SUM) {
            int64_t value = worth(other);
            if (!add_cell(keep, other))
                return too_much(merge, key, keep->product, err);
            other->drop = 2; /* accepted: its value is in the leaf */
            if (sum)
                summed++;
            else if (each)
                qi_ledger_count(ledger, QI_R_DECLARATIONS, 1, 0);
            else
                qi_ledger_note(ledger, QI_R_DUPLICATE_SUM, 1, value, "%s", cell);
            continue;
        }
        const qi_pair_cell *loser = rule == QUIPU_DUPLICATES_FIRST ? other : keep;
        qi_ledger_note(ledger, QI_R_DUPLICATE_CHOICE, 1, worth(loser), "%s", cell);
        if (rule == QUIPU_DUPLICATES_LAST) {
            qi_pair_cell last = *other;
            *keep = last;
            keep->drop = 0;
        }
    }
    if (sum)
        qi_ledger_note(ledger, QI_R_SUMMED, summed, worth(keep), "%s", cell);
    return QUIPU_OK;
}

void qi_check_total(qi_ledger *ledger, uint64_t key, const char *product, int64_t published,
                    int64_t sum, size_t n_parts) {
    /* Offices round each figure, to a whole dollar at the coarsest: half a dollar a part. */
    int64_t tolerance = QUIPU_MONEY_PER_USD + (int64_t)n_parts * (QUIPU_MONEY_PER_USD / 2);
    int64_t rest = published - sum;
    if (rest <= tolerance && rest >= -tolerance) {
        qi_ledger_count(ledger, QI_R_TOTAL_AGREES, 1, published);
        return;
    }
    char a[QI_NUMBER_TEXT], b[QI_NUMBER_TEXT];
    qi_format_scaled_rounded(a, published, 3, 0);
    qi_format_scaled_rounded(b, sum, 3, 0);
    qi_ledger_note(ledger, rest > 0 ? QI_R_RESIDUAL : QI_R_EXCESS, 1, rest > 0 ? rest : -rest,
                   "%d %s %03u-%03u %s: total %s, parts %s", QI_KEY_PERIOD(key),
                   quipu_flow_name((quipu_flow)QI_KEY_FLOW(key)), QI_KEY_REPORTER(key),
                   QI_KEY_PARTNER(key), product, a, b);
}

/* A sum that does not fit any more is only compared with a total, never kept. */
static void add_up(int64_t *sum, int64_t value) {
    if (!qi_add_money(sum, value))
        *sum = INT64_MAX;
}

/* Rows by firm of a total must be left out as well. */
static bool remember_totals(const qi_merge *merge, uint64_t key, qi_pair_cells *cells) {
    for (size_t i = 0; i < cells->n; i++) {
        qi_dropped total = {key, merge->codes[cells->items[i].product]};
        if (cells->items[i].drop == 3 && !QI_PUSH(&cells->dropped, total))
            return false;
    }
    return true;
}

/* Codes that begin other codes of the pair, and TOTAL beside anything, are totals. */
static void settle_levels(const qi_merge *merge, uint64_t key, qi_pair_cells *cells,
                          qi_ledger *ledger) {
    qi_pair_cell *c = cells->items;
    size_t live = 0;
    for (size_t i = 0; i < cells->n; i++)
        if (c[i].drop == 0)
            c[live++] = c[i];
    cells->n = live;
    /* From the back, so that what is inside a total is already known as leaf or total. */
    for (size_t i = live; i-- > 0;) {
        bool everything = c[i].product == merge->total;
        uint32_t stop = everything ? UINT32_MAX : merge->subtree[c[i].product];
        size_t from = everything ? 0 : i + 1;
        int64_t sum = 0;
        size_t parts = 0;
        for (size_t j = from; j < live && c[j].product < stop; j++)
            if (j != i && c[j].drop != 3) {
                add_up(&sum, worth(&c[j]));
                parts++;
            }
        if (parts == 0)
            continue;
        c[i].drop = 3;
        /* TOTAL sorts behind the digits, so it is met first: its parts are not settled yet. */
        char code[16];
        qi_code_unpack(merge->codes[c[i].product], code);
        qi_ledger_note(ledger, QI_R_PRODUCT_TOTAL, 1, worth(&c[i]), "%s", code);
        if (!everything)
            qi_check_total(ledger, key, code, worth(&c[i]), sum, parts);
    }
    for (size_t i = 0; i < live; i++) {
        if (c[i].product != merge->total || c[i].drop != 3)
            continue;
        int64_t sum = 0;
        size_t parts = 0;
        for (size_t j = 0; j < live; j++)
            if (c[j].drop == 0) {
                add_up(&sum, worth(&c[j]));
                parts++;
            }
        qi_check_total(ledger, key, "TOTAL", worth(&c[i]), sum, parts);
    }
}

static void sort_cells(qi_pair_cells *cells) {
    const qi_pair_cell *c = cells->items;
    bool sorted = true;
    for (size_t i = 1; i < cells->n && sorted; i++)
        sorted = by_place(&c[i - 1], &c[i]) <= 0;
    if (!sorted)
        qsort(cells->items, cells->n, sizeof *c, by_place);
}

quipu_status qi_add_declarations(qi_pair_cells *cells, const qi_merge *merge, uint64_t key,
                                 quipu_error *err) {
    qi_pair_cell *c = cells->items;
    size_t kept = 0;
    sort_cells(cells);
    for (size_t i = 0; i < cells->n; i++) {
        qi_pair_cell *last = kept > 0 ? &c[kept - 1] : NULL;
        if (last == NULL || last->product != c[i].product || last->part != 0 || c[i].part != 0)
            c[kept++] = c[i];
        else if (!add_cell(last, &c[i]))
            return too_much(merge, key, last->product, err);
    }
    cells->summed += cells->n - kept;
    cells->n = kept;
    return QUIPU_OK;
}

quipu_status qi_resolve_pair(const qi_merge *merge, uint64_t key, qi_pair_cells *cells,
                             qi_ledger *ledger, quipu_error *err) {
    qi_pair_cell *c = cells->items;
    sort_cells(cells);
    uint64_t summed = cells->summed;
    if (summed > 0)
        qi_ledger_count(ledger, QI_R_DECLARATIONS, summed, 0);
    for (size_t i = 0; i < cells->n;) {
        size_t end = i + 1;
        while (end < cells->n && c[end].product == c[i].product)
            end++;
        if (end - i > 1 || is_part(&c[i])) {
            QI_TRY(settle_product(merge, key, c + i, end - i, ledger, err));
            for (size_t j = i + 1; j < end; j++)
                summed += c[j].drop == 2;
        }
        i = end;
    }
    if (merge->nested) {
        settle_levels(merge, key, cells, ledger);
        if (merge->import->options.keep_firms && !remember_totals(merge, key, cells))
            return qi_fail_memory(err, cells->dropped.n * sizeof(qi_dropped));
    }
    size_t kept = 0;
    for (size_t i = 0; i < cells->n; i++)
        if (c[i].drop == 0)
            c[kept++] = c[i];
    cells->n = kept;
    ledger->accepted += kept + summed;
    return QUIPU_OK;
}
