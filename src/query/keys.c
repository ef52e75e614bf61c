/* SPDX-License-Identifier: Apache-2.0 */
/* keys.c - the items of one key added up by product, divided among classes, and listed. */
#include "query/vectors.h"

/* ---- a worker's buffers ---- */

void qi_worker_free(qi_worker *w) {
    qi_reader_free(&w->reader);
    free(w->sum);
    free(w->weight);
    free(w->rows);
    free(w->class_sum);
    free(w->class_weight);
    free(w->class_rows);
    free(w->part);
    free(w->count);
    qi_cells_clear(&w->run);
}

quipu_status qi_worker_ready(const qi_job *j, qi_worker *w, quipu_error *err) {
    if (w->sum != NULL)
        return QUIPU_OK;
    size_t n = j->r->n_products + 1, m = j->classes != NULL ? j->classes->n_targets + 1 : 1;
    bool rich = j->r->rich;
    w->run.rich = rich;
    w->class_sum = calloc(m, sizeof *w->class_sum);
    w->part = calloc(j->most_parts + 1, sizeof *w->part);
    w->count = calloc((n > m ? n : m) + 1, sizeof *w->count);
    bool ok = w->class_sum != NULL && w->part != NULL && w->count != NULL;
    if (rich) {
        w->weight = calloc(n, sizeof *w->weight);
        w->rows = calloc(n, sizeof *w->rows);
        w->class_weight = calloc(m, sizeof *w->class_weight);
        w->class_rows = calloc(m, sizeof *w->class_rows);
        ok = ok && w->weight && w->rows && w->class_weight && w->class_rows;
    }
    w->sum = calloc(n, sizeof *w->sum);
    w->low = SIZE_MAX;
    return ok && w->sum != NULL ? QUIPU_OK : qi_fail_memory(err, n * 24);
}

/* ---- adding up ---- */

static bool add_rich(qi_worker *w, const qi_vector *v) {
    bool fits = true;
    for (size_t i = 0; i < v->n; i++) {
        size_t k = qi_product_of(v, i);
        fits &= qi_add_money(&w->sum[k], v->value[i]);
        if (v->weight != NULL)
            fits &= qi_add_weight(&w->weight[k], v->weight[i]);
        w->rows[k] += v->rows != NULL ? v->rows[i] : 1;
    }
    return fits;
}

static bool add_plain(qi_worker *w, const qi_vector *v) {
    bool fits = true;
    if (v->product == NULL)
        for (size_t k = 0; k < v->n; k++)
            fits &= qi_add_money(&w->sum[k], v->value[k]);
    else
        for (size_t i = 0; i < v->n; i++)
            fits &= qi_add_money(&w->sum[v->product[i]], v->value[i]);
    return fits;
}

static void touch(qi_worker *w, const qi_vector *v) {
    size_t first = qi_product_of(v, 0), last = qi_product_of(v, v->n - 1);
    w->low = first < w->low ? first : w->low;
    w->high = last + 1 > w->high ? last + 1 : w->high;
}

/* Products of one class go there straight; the others wait for their total.  Neighbours are
 * mostly of one class: while it stays the same its sum stays in a register. */
static bool add_to_classes(const qi_job *j, qi_worker *w, const qi_vector *v) {
    bool fits = true;
    int32_t class = QI_MANY_CLASSES;
    quipu_money sum = 0;
    for (size_t i = 0; i < v->n; i++) {
        size_t k = qi_product_of(v, i);
        int32_t next = j->only[k];
        if (next != class) {
            if (class >= 0)
                fits &= qi_add_money(&w->class_sum[class], sum);
            class = next;
            sum = 0;
        }
        fits &= qi_add_money(class >= 0 ? &sum : &w->sum[k], v->value[i]);
    }
    if (class >= 0)
        fits &= qi_add_money(&w->class_sum[class], sum);
    return fits;
}

static quipu_status add_item(const qi_job *j, qi_worker *w, const qi_item *item, bool reduced,
                             quipu_error *err) {
    qi_vector v;
    if (reduced) {
        const qi_cell_list *cells = &j->r->reduced[item->position];
        v = (qi_vector){cells->n, cells->product, cells->value, cells->weight, cells->rows};
    } else {
        QI_TRY(qi_read_item(j->r, item, &w->reader, &v, err));
    }
    if (v.n == 0)
        return QUIPU_OK;
    bool fits;
    if (j->classes != NULL && !j->by_product && !j->r->rich) {
        fits = add_to_classes(j, w, &v);
    } else {
        touch(w, &v);
        fits = j->r->rich ? add_rich(w, &v) : add_plain(w, &v);
    }
    return fits ? QUIPU_OK : qi_too_large(err);
}

/* ---- dividing ---- */

static bool divide(const qi_job *j, qi_worker *w, size_t product) {
    const quipu_mapping *c = j->classes;
    uint32_t from = c->offset[product], n = c->offset[product + 1] - from;
    bool fits = qi_add_money(&w->split, w->sum[product]);
    quipu_split(w->sum[product], c->weight + from, n, w->part);
    for (uint32_t i = 0; i < n; i++)
        fits &= qi_add_money(&w->class_sum[c->target[from + i]], w->part[i]);
    if (j->r->rich) {
        bool known = w->weight[product] != QUIPU_QUANTITY_MISSING;
        if (known)
            quipu_split(w->weight[product], c->weight + from, n, w->part);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t class = c->target[from + i];
            fits &= qi_add_weight(&w->class_weight[class],
                                  known ? w->part[i] : QUIPU_QUANTITY_MISSING);
            w->class_rows[class] += w->rows[product];
        }
        w->weight[product] = 0;
        w->rows[product] = 0;
    }
    w->sum[product] = 0;
    return fits;
}

static bool move_whole(const qi_job *j, qi_worker *w, size_t k) {
    int32_t class = j->only[k];
    bool fits = qi_add_money(&w->class_sum[class], w->sum[k]) &&
                qi_add_weight(&w->class_weight[class], w->weight[k]);
    w->class_rows[class] += w->rows[k];
    w->sum[k] = 0;
    w->weight[k] = 0;
    w->rows[k] = 0;
    return fits;
}

static bool close_classes(const qi_job *j, qi_worker *w) {
    bool fits = true;
    if (j->r->rich) {
        for (size_t k = w->low; k < w->high; k++)
            if (w->rows[k] != 0 && j->only[k] >= 0)
                fits &= move_whole(j, w, k);
    }
    for (size_t d = 0; d < j->n_divided; d++) {
        size_t k = j->divided[d];
        if (w->sum[k] != 0 || (j->r->rich && w->rows[k] != 0))
            fits &= divide(j, w, k);
    }
    return fits;
}

/* ---- cells ---- */

/* Append what is in the sums [low, high) as cells of one key, and clear it. */
static bool emit(bool rich, quipu_money *sum, quipu_quantity *weight, uint64_t *rows,
                 size_t low, size_t high, qi_place to, uint32_t slot) {
    qi_cell_list *out = to.out;
    if (low >= high)
        return true;
    if (!qi_cells_reserve(out, high - low))
        return false;
    size_t n = out->n;
    for (size_t k = low; k < high; k++) {
        if (sum[k] == 0 && (!rich || rows[k] == 0))
            continue;
        out->reporter[n] = to.reporter;
        out->partner[n] = to.partner;
        out->product[n] = (uint32_t)k;
        out->period[n] = slot;
        out->value[n] = sum[k];
        if (rich) {
            out->weight[n] = weight[k];
            out->rows[n] = rows[k];
        }
        n++;
    }
    out->n = n;
    memset(sum + low, 0, (high - low) * sizeof *sum);
    if (rich) {
        memset(weight + low, 0, (high - low) * sizeof *weight);
        memset(rows + low, 0, (high - low) * sizeof *rows);
    }
    return true;
}

/* One item is the whole key and nothing has to be added: from the file to the cells. */
static quipu_status emit_item(const qi_job *j, qi_worker *w, const qi_item *item, qi_place to,
                              quipu_error *err) {
    qi_vector v;
    qi_cell_list *out = to.out;
    QI_TRY(qi_read_item(j->r, item, &w->reader, &v, err));
    if (!j->placed && !qi_cells_reserve(out, v.n))
        return qi_fail_memory(err, v.n * 24);
    uint32_t slot = qi_period_slot(j->r, item->period);
    size_t n = out->n;
    for (size_t i = 0; i < v.n; i++) {
        if (v.value[i] == 0)
            continue;
        out->reporter[n] = to.reporter;
        out->partner[n] = to.partner;
        out->product[n] = (uint32_t)qi_product_of(&v, i);
        out->period[n] = slot;
        out->value[n] = v.value[i];
        n++;
    }
    out->n = n;
    return QUIPU_OK;
}

quipu_status qi_close_key(const qi_job *j, qi_worker *w, const qi_item *first, size_t n,
                          bool reduced, qi_place to, quipu_error *err) {
    const qi_rollup *r = j->r;
    bool classes = j->classes != NULL && !j->by_product;
    if (n == 1 && !classes && !r->rich && !reduced)
        return emit_item(j, w, first, to, err);
    for (size_t i = 0; i < n; i++)
        QI_TRY(add_item(j, w, &first[i], reduced, err));
    uint32_t slot = qi_period_slot(r, first->period);
    bool room;
    if (classes) {
        if (!close_classes(j, w))
            return qi_too_large(err);
        room = emit(r->rich, w->class_sum, w->class_weight, w->class_rows, 0,
                    j->classes->n_targets, to, slot);
    } else {
        room = emit(r->rich, w->sum, w->weight, w->rows, w->low, w->high, to, slot);
    }
    w->low = SIZE_MAX;
    w->high = 0;
    return room ? QUIPU_OK : qi_fail_memory(err, r->n_products * 24);
}
