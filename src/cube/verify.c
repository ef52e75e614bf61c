/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c - look at every byte of a cube and list what is wrong.
 *
 *   1. Bytes: header, checksums of all blocks, directory, gaps between sections.
 *   2. Tables: countries, products, slabs, tariffs (the functions that opening runs).
 *   3. Slabs: indexes, every leaf, and that all totals are the sums of their leaves.
 *
 * What lies in a damaged block is listed once, with the block, and then passed over: bytes
 * known to be wrong prove nothing about the rest.  Room: two rows of products and a byte for
 * each pair; the partners' side is added up by decoding the leaves a second time, in its
 * order.  Costs about twice the time it takes to decode all leaves.
 */
#include "cube.h"
#include "writer.h"

typedef struct verifier {
    quipu_cube *cube;
    qi_check check;
    unsigned char *overlaps; /* for each slab: a section of it lies over another one */
    /* The row of a matrix being added up; `touched` lists the products that are in it. */
    int64_t *sum;
    uint8_t *in_sum;
    uint32_t *touched;
    size_t n_touched;
    int64_t *by_product; /* the slab's sums */
    quipu_leaves leaves;
} verifier;

/* What is known of the slab at hand. */
typedef struct slab_state {
    uint32_t slab;
    quipu_pairs pairs;
    bool reporters_fit, partners_fit;
    quipu_matrix matrix[2]; /* by quipu_side */
    bool matrix_fits[2];
    const uint64_t *offset; /* of the runs; NULL: they cannot be found */
    uint64_t leaves_at, leaf_bytes;
    uint8_t *lost; /* for each pair: its leaves cannot be read */
    size_t n_lost;
} slab_state;

static uint64_t byte_of(const verifier *v, const void *item) {
    return (uint64_t)((const unsigned char *)item - v->cube->map);
}

typedef struct usd {
    char text[QI_NUMBER_TEXT];
} usd;

static usd in_usd(quipu_money value) {
    usd out;
    qi_format_scaled(out.text, value, 3);
    return out;
}

/* ---- bytes ---- */

/* The blocks that are sound are marked; the others are listed when slabs have their names. */
static void mark_blocks(verifier *v) {
    quipu_cube *cube = v->cube;
    for (uint64_t b = 0; b < cube->header->n_blocks; b++)
        if (qi_block_is_sound(cube, b))
            atomic_fetch_or_explicit(&cube->sound[b / 64], UINT64_C(1) << (b % 64),
                                     memory_order_relaxed);
}

/* One row for a block, under the first section in it; the others are named beside. */
static quipu_status list_block(verifier *v, uint64_t from, uint64_t to) {
    char others[256] = "", slab[32];
    const qi_section *first = NULL;
    size_t n = 0, used = 0;
    for (size_t i = 0; i < v->cube->n_sections; i++) {
        const qi_section *s = &v->cube->sections[i];
        if (s->length == 0 || s->offset >= to || s->offset + s->length <= from)
            continue;
        bool foreign = first != NULL && s->slab != first->slab && s->slab != QI_NO_SLAB;
        if (n++ == 0)
            first = s;
        else if (n <= 4)
            used += (size_t)snprintf(others + used, sizeof others - used, "%s %s%s%s",
                                     n == 2 ? "; also in them:" : ",", qi_kind_name(s->kind),
                                     foreign ? " of " : "",
                                     foreign ? qi_slab_name(v->cube, s->slab, slab) : "");
    }
    if (n > 4)
        snprintf(others + used, sizeof others - used, " and %zu more", n - 4);
    return qi_problem(&v->check, first != NULL ? first->kind : QI_IN_PADDING,
                      first != NULL ? first->slab : QI_NO_SLAB, from,
                      "the checksum of bytes %llu to %llu is wrong%s", (unsigned long long)from,
                      (unsigned long long)to, others);
}

static quipu_status list_damaged(verifier *v) {
    for (uint64_t b = 0; b < v->cube->header->n_blocks; b++) {
        uint64_t from = QI_HEADER_BYTES + b * QI_BLOCK_BYTES;
        if (!qi_is_sound(v->cube, from, 1))
            QI_TRY(list_block(v, from, qi_block_end(v->cube, b)));
    }
    return QUIPU_OK;
}

static int by_offset(const void *a, const void *b) {
    const qi_section *const *x = a, *const *y = b;
    if ((*x)->offset != (*y)->offset)
        return (*x)->offset < (*y)->offset ? -1 : 1;
    return (*x)->length < (*y)->length ? -1 : (*x)->length > (*y)->length;
}

/* Bytes that belong to no section: fewer than 64 in one place, and zero. */
static quipu_status check_gap(verifier *v, uint64_t from, uint64_t to) {
    if (to - from >= QI_ALIGN)
        QI_TRY(qi_problem(&v->check, QI_IN_PADDING, QI_NO_SLAB, from,
                          "%llu bytes belong to no section", (unsigned long long)(to - from)));
    for (uint64_t at = from; at < to; at++)
        if (v->cube->map[at] != 0 && qi_is_sound(v->cube, at, 1))
            return qi_problem(&v->check, QI_IN_PADDING, QI_NO_SLAB, at,
                              "a byte between sections is not zero");
    return QUIPU_OK;
}

static void mark_overlap(verifier *v, const qi_section *section) {
    if (section->slab < v->cube->n_slabs)
        v->overlaps[section->slab] = 1;
}

static quipu_status check_gaps_and_overlaps(verifier *v, const qi_section **order, size_t n) {
    uint64_t end = QI_HEADER_BYTES;
    const qi_section *owner = NULL; /* of the byte before `end` */
    for (size_t i = 0; i < n; i++) {
        const qi_section *s = order[i];
        if (s->offset >= end) {
            QI_TRY(check_gap(v, end, s->offset));
        } else {
            char slab[32];
            bool whole = owner->slab == QI_NO_SLAB;
            QI_TRY(qi_problem(&v->check, s->kind, s->slab, s->offset,
                              "the section overlaps \"%s\"%s%s", qi_kind_name(owner->kind),
                              whole ? "" : " of ",
                              whole ? "" : qi_slab_name(v->cube, owner->slab, slab)));
            mark_overlap(v, s);
            mark_overlap(v, owner);
        }
        if (s->offset + s->length > end) {
            end = s->offset + s->length;
            owner = s;
        }
    }
    return check_gap(v, end, v->cube->header->sums_offset);
}

static quipu_status check_kinds(verifier *v) {
    for (size_t i = 0; i < v->cube->n_sections; i++) {
        const qi_section *s = &v->cube->sections[i];
        bool whole = s->slab == QI_NO_SLAB;
        if (!qi_kind_is_known(s->kind))
            QI_TRY(qi_problem(&v->check, s->kind, s->slab, s->offset,
                              "a section of the unknown kind %u", s->kind));
        else if (whole != (s->kind < QI_LEAVES))
            QI_TRY(qi_problem(&v->check, s->kind, s->slab, s->offset,
                              whole ? "the section belongs to no slab"
                                    : "the section belongs to a slab"));
        if (!whole && v->cube->has_slabs && s->slab >= v->cube->n_slabs)
            QI_TRY(qi_problem(&v->check, s->kind, s->slab, s->offset,
                              "there are only %zu slabs", v->cube->n_slabs));
    }
    return QUIPU_OK;
}

static quipu_status check_layout(verifier *v) {
    quipu_cube *cube = v->cube;
    for (size_t at = sizeof(qi_header); at < QI_HEADER_BYTES; at++)
        if (cube->map[at] != 0) {
            QI_TRY(qi_problem(&v->check, QI_IN_HEADER, QI_NO_SLAB, at,
                              "a byte after the header is not zero"));
            break;
        }
    QI_TRY(check_kinds(v));
    const qi_section **order = malloc((cube->n_sections + 1) * sizeof *order);
    if (order == NULL)
        return qi_fail_memory(v->check.err, cube->n_sections * sizeof *order);
    size_t n = 0;
    for (size_t i = 0; i < cube->n_sections; i++)
        if (cube->sections[i].length > 0)
            order[n++] = &cube->sections[i];
    qsort(order, n, sizeof *order, by_offset);
    quipu_status status = check_gaps_and_overlaps(v, order, n);
    free(order);
    return status;
}

/* ---- leaves ---- */

static const char *name_pair(const verifier *v, const slab_state *st, size_t pair,
                             char out[64]) {
    const quipu_pairs *p = &st->pairs;
    size_t nc = p->n_countries;
    if (p->reporter != NULL && p->partner != NULL && p->reporter[pair] < nc &&
        p->partner[pair] < nc)
        snprintf(out, 64, "pair %zu (%s-%s)", pair, v->cube->countries[p->reporter[pair]].iso3,
                 v->cube->countries[p->partner[pair]].iso3);
    else
        snprintf(out, 64, "pair %zu", pair);
    return out;
}

/* Where the runs lie: one after another, from the first byte to the last. */
static quipu_status find_runs(verifier *v, slab_state *st) {
    const quipu_cube *cube = v->cube;
    const qi_section *leaves = qi_find_section(cube, QI_LEAVES, st->slab);
    const void *offsets;
    size_t n = st->pairs.n_pairs;
    QI_TRY(qi_section_array(cube, &v->check, QI_LEAF_OFFSET, st->slab, n + 1, 8, &offsets));
    if (leaves == NULL)
        return qi_problem(&v->check, QI_LEAVES, st->slab, QI_NO_BYTE, "the section is missing");
    if (leaves->length < QI_SLACK)
        return qi_problem(&v->check, QI_LEAVES, st->slab, leaves->offset,
                          "%llu bytes are less than the %u zeros at its end",
                          (unsigned long long)leaves->length, QI_SLACK);
    st->leaves_at = leaves->offset;
    st->leaf_bytes = leaves->length - QI_SLACK;
    for (uint64_t at = st->leaves_at + st->leaf_bytes; at < leaves->offset + leaves->length;
         at++)
        if (cube->map[at] != 0 && qi_is_sound(cube, at, 1)) {
            QI_TRY(qi_problem(&v->check, QI_LEAVES, st->slab, at,
                              "a byte after the last run is not zero"));
            break;
        }
    if (offsets == NULL)
        return QUIPU_OK;
    const uint64_t *offset = offsets;
    if (offset[0] != 0)
        QI_TRY(qi_problem(&v->check, QI_LEAF_OFFSET, st->slab, byte_of(v, offset),
                          "the first run begins at %llu, not 0",
                          (unsigned long long)offset[0]));
    if (offset[n] != st->leaf_bytes)
        QI_TRY(qi_problem(&v->check, QI_LEAF_OFFSET, st->slab, byte_of(v, &offset[n]),
                          "the last run ends at %llu, the leaves at %llu",
                          (unsigned long long)offset[n], (unsigned long long)st->leaf_bytes));
    st->offset = offset;
    return QUIPU_OK;
}

/* Decode a pair into v->leaves.  *fine is false when that cannot be done; why is listed. */
static quipu_status read_pair(verifier *v, slab_state *st, size_t pair, bool *fine) {
    char name[64];
    const quipu_pairs *p = &st->pairs;
    uint64_t from = st->offset[pair], to = st->offset[pair + 1];
    *fine = false;
    if (from > to || to > st->leaf_bytes)
        return qi_problem(&v->check, QI_LEAF_OFFSET, st->slab, byte_of(v, &st->offset[pair]),
                          "%s has its run from %llu to %llu of %llu",
                          name_pair(v, st, pair, name), (unsigned long long)from,
                          (unsigned long long)to, (unsigned long long)st->leaf_bytes);
    if (p->rows[pair] == 0 || p->rows[pair] > p->max_rows ||
        !qi_is_sound(v->cube, st->leaves_at + from, to - from))
        return QUIPU_OK; /* listed with the numbers of leaves, or with the block */
    const uint8_t *run = v->cube->map + st->leaves_at;
    const uint8_t *at = run + from, *end = run + to;
    uint32_t columns = v->cube->slabs[st->slab].columns;
    if (!qi_read_run(v->cube, st->slab, &at, end, p->rows[pair], columns, &v->leaves))
        return qi_problem(&v->check, QI_LEAVES, st->slab, st->leaves_at + from,
                          "the %u leaves of %s cannot be unpacked", p->rows[pair],
                          name_pair(v, st, pair, name));
    v->leaves.n = p->rows[pair];
    *fine = true;
    if (at < end)
        QI_TRY(qi_problem(&v->check, QI_LEAVES, st->slab, byte_of(v, at),
                          "%zu bytes are left over in the run of %s", (size_t)(end - at),
                          name_pair(v, st, pair, name)));
    for (size_t i = 0; i < v->leaves.n && (columns & QUIPU_HAS_FLAGS); i++)
        if (v->leaves.flags[i] > 63)
            return qi_problem(&v->check, QI_LEAVES, st->slab, st->leaves_at + from,
                              "%s has the unknown flag %u", name_pair(v, st, pair, name),
                              v->leaves.flags[i]);
    return QUIPU_OK;
}

/* Add v->leaves to the row, and to the slab's products; false: a sum does not fit. */
static bool add_leaves(verifier *v, int64_t *by_product, int64_t *total) {
    bool fits = true;
    for (size_t i = 0; i < v->leaves.n; i++) {
        uint32_t k = v->leaves.product[i];
        int64_t value = v->leaves.value[i];
        if (value == QUIPU_MONEY_MISSING)
            continue;
        if (!v->in_sum[k]) {
            v->in_sum[k] = 1;
            v->touched[v->n_touched++] = k;
        }
        fits &= qi_add_money(&v->sum[k], value);
        fits &= qi_add_money(total, value);
        if (by_product != NULL)
            fits &= qi_add_money(&by_product[k], value);
    }
    return fits;
}

static void clear_row(verifier *v) {
    for (size_t i = 0; i < v->n_touched; i++) {
        v->sum[v->touched[i]] = 0;
        v->in_sum[v->touched[i]] = 0;
    }
    v->n_touched = 0;
}

/* One pair: its leaves, their total, and their part in the sums. */
static quipu_status check_pair(verifier *v, slab_state *st, size_t pair) {
    bool fine;
    char name[64];
    int64_t total = 0;
    QI_TRY(read_pair(v, st, pair, &fine));
    bool fits = fine && add_leaves(v, v->by_product, &total);
    if (!fits) {
        st->lost[pair] = 1;
        st->n_lost++;
    }
    if (fine && !fits)
        return qi_problem(&v->check, QI_LEAVES, st->slab, st->leaves_at + st->offset[pair],
                          "a sum with %s in it is beyond 9.2e15 US$",
                          name_pair(v, st, pair, name));
    if (fits && st->pairs.total != NULL && st->pairs.total[pair] != total)
        return qi_problem(
            &v->check, QI_PAIR_TOTAL, st->slab, byte_of(v, &st->pairs.total[pair]),
            "%s: US$ %s is not the sum of its leaves, %s", name_pair(v, st, pair, name),
            in_usd(st->pairs.total[pair]).text, in_usd(total).text);
    return QUIPU_OK;
}

/* ---- sums ---- */

/* A row of a matrix against the sums of its leaves. */
static quipu_status check_row(verifier *v, slab_state *st, quipu_side side, size_t country) {
    const quipu_matrix *m = &st->matrix[side];
    const char *iso3 = v->cube->countries[country].iso3;
    uint32_t kind = side == QUIPU_BY_REPORTER ? QI_RMATRIX_DENSE : QI_PMATRIX_DENSE;
    size_t from = m->dense != NULL ? country * m->n_products : m->start[country];
    size_t to = m->dense != NULL ? from + m->n_products : m->start[country + 1];
    const quipu_money *value = m->dense != NULL ? m->dense : m->value;
    for (size_t i = from; i < to; i++) {
        size_t k = m->dense != NULL ? i - from : m->product[i];
        if (value[i] != v->sum[k])
            QI_TRY(qi_problem(
                &v->check, m->dense != NULL ? kind : kind + 3, st->slab, byte_of(v, &value[i]),
                "%s, product %zu (%s): US$ %s is not the sum of the leaves, %s", iso3, k,
                v->cube->codes[k], in_usd(value[i]).text, in_usd(v->sum[k]).text));
        else if (value[i] == 0 && m->dense == NULL)
            QI_TRY(qi_problem(&v->check, kind + 3, st->slab, byte_of(v, &value[i]),
                              "%s, product %zu (%s): a zero is stored", iso3, k,
                              v->cube->codes[k]));
        v->sum[k] = 0;
    }
    for (size_t i = 0; i < v->n_touched; i++) {
        uint32_t k = v->touched[i];
        if (v->sum[k] != 0)
            QI_TRY(qi_problem(&v->check, kind + 2, st->slab, QI_NO_BYTE,
                              "%s, product %u (%s) is missing: its leaves add up to US$ %s",
                              iso3, k, v->cube->codes[k], in_usd(v->sum[k]).text));
    }
    return QUIPU_OK;
}

/* All pairs in order, and with them the rows of the reporters' matrix. */
static quipu_status check_leaves(verifier *v, slab_state *st) {
    const quipu_pairs *p = &st->pairs;
    bool rows = st->reporters_fit && st->matrix_fits[QUIPU_BY_REPORTER];
    size_t country = 0, lost_before = 0;
    for (size_t i = 0; i <= p->n_pairs; i++) {
        /* Also past the last pair, for the countries that end there or have none. */
        for (; rows && country < p->n_countries && i == p->reporter_start[country + 1];
             country++) {
            if (st->n_lost == lost_before)
                QI_TRY(check_row(v, st, QUIPU_BY_REPORTER, country));
            clear_row(v);
            lost_before = st->n_lost;
        }
        if (!rows)
            clear_row(v);
        if (i < p->n_pairs)
            QI_TRY(check_pair(v, st, i));
    }
    clear_row(v);
    return QUIPU_OK;
}

/* The rows of the partners' matrix: the leaves once more, in the other order. */
static quipu_status check_partner_rows(verifier *v, slab_state *st) {
    const quipu_pairs *p = &st->pairs;
    if (!st->partners_fit || !st->matrix_fits[QUIPU_BY_PARTNER])
        return QUIPU_OK;
    const uint8_t *run = v->cube->map + st->leaves_at;
    for (size_t c = 0; c < p->n_countries; c++) {
        bool fine = true;
        for (uint32_t j = p->partner_start[c]; j < p->partner_start[c + 1]; j++)
            fine = fine && !st->lost[p->by_partner[j]];
        if (!fine)
            continue;
        for (uint32_t j = p->partner_start[c]; j < p->partner_start[c + 1] && fine; j++) {
            uint32_t pair = p->by_partner[j];
            const uint8_t *at = run + st->offset[pair];
            int64_t total = 0;
            v->leaves.n = p->rows[pair];
            /* It worked a moment ago, and the slab's sums by product are larger still. */
            fine = qi_read_run(v->cube, st->slab, &at, run + st->offset[pair + 1], v->leaves.n,
                               0, &v->leaves) &&
                   add_leaves(v, NULL, &total);
        }
        if (fine)
            QI_TRY(check_row(v, st, QUIPU_BY_PARTNER, c));
        clear_row(v);
    }
    return QUIPU_OK;
}

/* Stated totals against sums; NULL: there is nothing to compare. */
static quipu_status check_totals(verifier *v, slab_state *st, uint32_t kind,
                                 const quipu_money *stated, const int64_t *sums, size_t n,
                                 const char *of) {
    for (size_t i = 0; stated != NULL && i < n; i++)
        if (stated[i] != sums[i])
            QI_TRY(qi_problem(&v->check, kind, st->slab, byte_of(v, &stated[i]),
                              "%s %zu (%s): US$ %s is not the sum of the %s, %s",
                              kind == QI_PRODUCT_TOTAL ? "product" : "country", i,
                              kind == QI_PRODUCT_TOTAL ? v->cube->codes[i]
                                                       : v->cube->countries[i].iso3,
                              in_usd(stated[i]).text, of, in_usd(sums[i]).text));
    return QUIPU_OK;
}

/* The totals of countries and of the slab, from those of the pairs. */
static quipu_status check_margins(verifier *v, slab_state *st) {
    const quipu_pairs *p = &st->pairs;
    const qi_slab_record *record = &v->cube->records[st->slab];
    if (p->total == NULL || !st->reporters_fit)
        return QUIPU_OK;
    int64_t *sum = calloc(2 * p->n_countries + 1, sizeof *sum), total = 0;
    if (sum == NULL)
        return qi_fail_memory(v->check.err, p->n_countries * sizeof *sum);
    bool fits = true;
    for (size_t i = 0; i < p->n_pairs; i++) {
        fits &= qi_add_money(&total, p->total[i]);
        fits &= qi_add_money(&sum[p->reporter[i]], p->total[i]);
        fits &= qi_add_money(&sum[p->n_countries + p->partner[i]], p->total[i]);
    }
    quipu_status status;
    if (!fits)
        status = qi_problem(&v->check, QI_PAIR_TOTAL, st->slab, QI_NO_BYTE,
                            "their sum is beyond 9.2e15 US$");
    else if (total != record->total)
        status = qi_problem(&v->check, QI_SLABS, st->slab, byte_of(v, &record->total),
                            "the total US$ %s is not the sum of the pairs, %s",
                            in_usd(record->total).text, in_usd(total).text);
    else
        status = QUIPU_OK;
    if (status == QUIPU_OK && fits)
        status = check_totals(v, st, QI_REPORTER_TOTAL, p->by_reporter_total, sum,
                              p->n_countries, "pairs");
    if (status == QUIPU_OK && fits)
        status = check_totals(v, st, QI_PARTNER_TOTAL, p->by_partner_total,
                              sum + p->n_countries, p->n_countries, "pairs");
    free(sum);
    return status;
}

/* ---- a slab ---- */

static quipu_status check_matrices(verifier *v, slab_state *st) {
    for (int side = QUIPU_BY_REPORTER; side <= QUIPU_BY_PARTNER; side++) {
        uint32_t kind = side == QUIPU_BY_REPORTER ? QI_RMATRIX_DENSE : QI_PMATRIX_DENSE;
        const qi_section *dense = qi_find_section(v->cube, kind, st->slab);
        for (uint32_t part = 1; part <= 3 && dense != NULL; part++)
            if (qi_find_section(v->cube, kind + part, st->slab) != NULL)
                QI_TRY(qi_problem(&v->check, kind + part, st->slab, QI_NO_BYTE,
                                  "the matrix is there as a dense one, too"));
        QI_TRY(qi_borrow_matrix(v->cube, &v->check, st->slab, (quipu_side)side,
                                &st->matrix[side]));
        QI_TRY(qi_check_matrix(v->cube, &v->check, st->slab, (quipu_side)side,
                               &st->matrix[side], &st->matrix_fits[side]));
    }
    return QUIPU_OK;
}

static quipu_status check_slab(verifier *v, uint32_t slab) {
    slab_state st = {.slab = slab};
    quipu_status status = QUIPU_OK;
    QI_TRY(qi_borrow_pairs(v->cube, &v->check, slab, &st.pairs));
    QI_TRY(qi_check_reporters(v->cube, &v->check, slab, &st.pairs, &st.reporters_fit));
    QI_TRY(qi_check_partners(v->cube, &v->check, slab, &st.pairs, &st.partners_fit));
    QI_TRY(qi_check_rows(v->cube, &v->check, slab, &st.pairs));
    QI_TRY(check_matrices(v, &st));
    QI_TRY(check_margins(v, &st));
    bool totals = st.reporters_fit && st.pairs.total != NULL;
    QI_TRY(qi_check_firms(v->cube, &v->check, slab, totals ? &st.pairs : NULL));
    QI_TRY(find_runs(v, &st));
    if (st.offset == NULL || st.pairs.rows == NULL)
        return QUIPU_OK;
    st.lost = calloc(st.pairs.n_pairs + 1, 1);
    if (st.lost == NULL)
        return qi_fail_memory(v->check.err, st.pairs.n_pairs);
    memset(v->by_product, 0, v->cube->n_products * sizeof *v->by_product);
    QI_GO(check_leaves(v, &st));
    if (st.n_lost == 0)
        QI_GO(check_totals(v, &st, QI_PRODUCT_TOTAL, st.pairs.by_product_total, v->by_product,
                           v->cube->n_products, "leaves"));
    QI_GO(check_partner_rows(v, &st));
done:
    free(st.lost);
    return status;
}

static quipu_status check_slabs(verifier *v) {
    quipu_cube *cube = v->cube;
    size_t n = cube->n_products + 1, passed = 0;
    if (!cube->has_countries || !cube->has_products || !cube->has_slabs)
        return quipu_table_add_note(v->check.list, v->check.err,
                                    "without countries, products and slabs the rest could not "
                                    "be checked");
    v->sum = calloc(n, sizeof *v->sum);
    v->in_sum = calloc(n, 1);
    v->touched = calloc(n, sizeof *v->touched);
    v->by_product = calloc(n, sizeof *v->by_product);
    if (v->sum == NULL || v->in_sum == NULL || v->touched == NULL || v->by_product == NULL ||
        !qi_leaves_reserve(&v->leaves, n))
        return qi_fail_memory(v->check.err, n * 55);
    for (size_t s = 0; s < cube->n_slabs; s++) {
        if (v->overlaps[s] || qi_record_wrong(cube, &cube->records[s]) != NULL)
            passed++;
        else
            QI_TRY(check_slab(v, (uint32_t)s));
    }
    if (passed > 0)
        return quipu_table_add_note(v->check.list, v->check.err,
                                    "%zu slabs could not be looked into", passed);
    return QUIPU_OK;
}

static quipu_status check_tariffs(verifier *v) {
    const qi_section *section = qi_find_section(v->cube, QI_TARIFFS, QI_NO_SLAB);
    size_t n = section != NULL ? (size_t)section->length / sizeof(quipu_tariff) : 0;
    const void *tariffs;
    QI_TRY(qi_section_array(v->cube, &v->check, QI_TARIFFS, QI_NO_SLAB, n, sizeof(quipu_tariff),
                            &tariffs));
    return tariffs != NULL ? qi_check_tariffs(v->cube, &v->check, tariffs, n) : QUIPU_OK;
}

static quipu_status check_all(verifier *v) {
    quipu_cube *cube = v->cube;
    QI_TRY(qi_cube_map(cube, &v->check));
    if (cube->map == NULL)
        return QUIPU_OK;
    QI_TRY(qi_cube_header(cube, &v->check));
    if (cube->header == NULL)
        return QUIPU_OK;
    mark_blocks(v);
    QI_TRY(qi_cube_directory(cube, &v->check));
    QI_TRY(qi_cube_tables(cube, &v->check));
    v->overlaps = qi_arena_alloc(&cube->arena, cube->n_slabs + 1);
    if (v->overlaps == NULL)
        return qi_fail_memory(v->check.err, cube->n_slabs);
    QI_TRY(list_damaged(v));
    QI_TRY(check_layout(v));
    QI_TRY(check_tariffs(v));
    return check_slabs(v);
}

quipu_status quipu_cube_verify(const char *path, quipu_table *problems, quipu_error *err) {
    static const quipu_column_spec COLUMNS[] = {
        {"section", "Section", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"slab", "Slab", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"byte", "Byte", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
        {"problem", "Problem", QUIPU_TEXT, QUIPU_FIGURE, "", 0}};
    quipu_error own = {0};
    err = err != NULL ? err : &own;
    quipu_status status = quipu_table_init(problems, "verify", COLUMNS, QI_COUNT(COLUMNS), err);
    if (status != QUIPU_OK)
        return status;
    verifier v = {.cube = calloc(1, sizeof *v.cube)};
    if (v.cube != NULL)
        v.cube->path = qi_arena_dup(&v.cube->arena, path);
    if (v.cube == NULL || v.cube->path == NULL) {
        status = qi_fail_memory(err, sizeof *v.cube);
        goto done;
    }
    v.check = (qi_check){.path = path, .cube = v.cube, .err = err, .list = problems};
    QI_GO(quipu_table_set_title(problems, err, "Problems of %s", path));
    QI_GO(check_all(&v));
    QI_GO(qi_check_finish(&v.check));
done:
    free(v.sum);
    free(v.in_sum);
    free(v.touched);
    free(v.by_product);
    quipu_leaves_free(&v.leaves);
    quipu_cube_close(v.cube);
    if (status != QUIPU_OK)
        quipu_table_free(problems);
    return status;
}
