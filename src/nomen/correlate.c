/* SPDX-License-Identifier: Apache-2.0 */
/* correlate.c - which codes of one HS revision any part of a code of another can be.
 *
 * Only neighbouring revisions are stored (data/hs_correlations.csv); going further is walking
 * the steps, which gives exactly the published correlations with HS 1988/92.  The file leaves
 * out the codes that go over unchanged and alone: a code that both revisions have and that no
 * row names stands for itself.
 */
#include "nomen/nomen.h"

typedef struct link_row {
    const char *code;
    const char *before; /* joined with blanks */
    unsigned revision;
} link_row;
typedef struct link_rows {
    link_row *items;
    size_t n;
} link_rows;

static quipu_status load_rows(quipu_nomen *nomen, unsigned which, void **out,
                              quipu_error *err) {
    QI_UNUSED(which);
    qi_rows rows;
    QI_TRY(qi_rows_open(&rows, &nomen->arena, QI_NOMEN_CORRELATIONS, err));
    size_t most = qi_rows_left(&rows);
    link_rows *made = qi_arena_alloc(&nomen->arena, sizeof *made);
    if (made == NULL)
        return qi_fail_memory(err, sizeof *made);
    made->items = qi_arena_alloc(&nomen->arena, most * sizeof *made->items);
    if (made->items == NULL)
        return qi_fail_memory(err, most * sizeof *made->items);
    char *field[3];
    bool more;
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, 3, &more, err));
        if (!more)
            break;
        long revision;
        if (!qi_nomen_small(field[0], QI_N_HS - 1, &revision) || revision == 0)
            return qi_fail_at(err, QUIPU_E_FORMAT, rows.file, rows.line, 0,
                              "a revision that is none of 1 to 6");
        made->items[made->n++] = (link_row){field[1], field[2], (unsigned)revision};
    }
    *out = made;
    return QUIPU_OK;
}

static bool leaf_position(const qi_leaves *leaves, const char *code, size_t length,
                          uint32_t *out) {
    size_t low = 0, high = leaves->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (qi_code_compare(leaves->codes[middle], code, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *out = (uint32_t)low;
    return low < leaves->n && qi_code_compare(leaves->codes[low], code, length) == 0;
}

/* The links of one step, as pairs of positions. */
typedef struct link {
    uint32_t after, before;
} link;
typedef QI_LIST(link) links;

static quipu_status collect(const link_rows *rows, unsigned revision, const qi_leaves *after,
                            const qi_leaves *before, bool *named, links *found,
                            quipu_error *err) {
    for (size_t i = 0; i < rows->n; i++) {
        const link_row *row = &rows->items[i];
        if (row->revision != revision)
            continue;
        link made;
        if (!leaf_position(after, row->code, strlen(row->code), &made.after))
            return qi_fail(err, QUIPU_E_FORMAT, "data/hs_correlations.csv: no code %s in H%u",
                           row->code, revision);
        named[made.after] = true;
        for (const char *at = row->before; *at != '\0';) {
            size_t length = strcspn(at, " ");
            if (!leaf_position(before, at, length, &made.before))
                return qi_fail(err, QUIPU_E_FORMAT,
                               "data/hs_correlations.csv: no code %.*s in H%u", (int)length, at,
                               revision - 1);
            if (!QI_PUSH(found, made))
                return qi_fail_memory(err, sizeof made);
            at += length + (at[length] == ' ');
        }
    }
    for (uint32_t i = 0; i < after->n; i++) {
        link made = {.after = i};
        if (!named[i] &&
            leaf_position(before, after->codes[i], strlen(after->codes[i]), &made.before) &&
            !QI_PUSH(found, made))
            return qi_fail_memory(err, sizeof made);
    }
    return QUIPU_OK;
}

/* Sorts the links into lists by their source, by counting. */
static quipu_status arrange(qi_arena *arena, const link *items, size_t n, bool down,
                            size_t n_from, qi_step *out, quipu_error *err) {
    out->offset = qi_arena_alloc(arena, (n_from + 1) * sizeof *out->offset);
    out->next = qi_arena_alloc(arena, n * sizeof *out->next);
    if (out->offset == NULL || out->next == NULL)
        return qi_fail_memory(err, n * sizeof *out->next);
    for (size_t i = 0; i < n; i++)
        out->offset[(down ? items[i].after : items[i].before) + 1]++;
    for (size_t i = 0; i < n_from; i++)
        out->offset[i + 1] += out->offset[i];
    for (size_t i = 0; i < n; i++) {
        uint32_t from = down ? items[i].after : items[i].before;
        out->next[out->offset[from]++] = down ? items[i].before : items[i].after;
    }
    for (size_t i = n_from; i > 0; i--)
        out->offset[i] = out->offset[i - 1];
    out->offset[0] = 0;
    return QUIPU_OK;
}

static quipu_status load_steps(quipu_nomen *nomen, unsigned revision, void **out,
                               quipu_error *err) {
    const link_rows *rows;
    const qi_leaves *after, *before;
    QI_TRY(qi_nomen_get(nomen, QI_SLOT_CORRELATIONS, load_rows, 0, &rows, err));
    QI_TRY(qi_nomen_leaves(nomen, (qi_revision)revision, &after, err));
    QI_TRY(qi_nomen_leaves(nomen, (qi_revision)(revision - 1), &before, err));
    qi_steps *made = qi_arena_alloc(&nomen->arena, sizeof *made);
    bool *named = calloc(after->n + 1, sizeof *named);
    links found = {0};
    quipu_status status = QUIPU_OK;
    if (made == NULL || named == NULL) {
        status = qi_fail_memory(err, after->n);
        goto done;
    }
    QI_GO(collect(rows, revision, after, before, named, &found, err));
    QI_GO(arrange(&nomen->arena, found.items, found.n, true, after->n, &made->down, err));
    QI_GO(arrange(&nomen->arena, found.items, found.n, false, before->n, &made->up, err));
    *out = made;
done:
    free(found.items);
    free(named);
    return status;
}

quipu_status qi_nomen_steps(const quipu_nomen *nomen, unsigned revision, const qi_steps **out,
                            quipu_error *err) {
    return qi_nomen_get(nomen, QI_SLOT_STEPS + revision, load_steps, revision, out, err);
}

/* ---- walking ---- */

quipu_status qi_reach_open(qi_reach *reach, const quipu_nomen *nomen, qi_revision from,
                           qi_revision to, quipu_error *err) {
    *reach = (qi_reach){.from = from, .to = to};
    unsigned low = (unsigned)(from < to ? from : to), high = (unsigned)(from < to ? to : from);
    for (unsigned r = low; r <= high; r++) {
        const qi_leaves *leaves;
        QI_TRY(qi_nomen_leaves(nomen, (qi_revision)r, &leaves, err));
        reach->seen[r] = calloc(leaves->n + 1, sizeof *reach->seen[r]);
        if (reach->seen[r] == NULL)
            return qi_fail_memory(err, leaves->n * sizeof *reach->seen[r]);
        if (r > low)
            QI_TRY(qi_nomen_steps(nomen, r, &reach->steps[r], err));
    }
    return QUIPU_OK;
}

quipu_status qi_reach_from(qi_reach *reach, uint32_t leaf, quipu_error *err) {
    reach->stamp++;
    reach->now.n = 0;
    if (!QI_PUSH(&reach->now, leaf))
        return qi_fail_memory(err, sizeof leaf);
    bool down = reach->from > reach->to;
    for (unsigned r = (unsigned)reach->from; r != (unsigned)reach->to; r += down ? -1u : 1u) {
        const qi_step *step = down ? &reach->steps[r]->down : &reach->steps[r + 1]->up;
        uint32_t *seen = reach->seen[down ? r - 1 : r + 1];
        reach->then.n = 0;
        for (size_t i = 0; i < reach->now.n; i++) {
            uint32_t at = reach->now.items[i];
            for (uint32_t k = step->offset[at]; k < step->offset[at + 1]; k++) {
                uint32_t next = step->next[k];
                if (seen[next] == reach->stamp)
                    continue;
                seen[next] = reach->stamp;
                if (!QI_PUSH(&reach->then, next))
                    return qi_fail_memory(err, sizeof next);
            }
        }
        qi_positions spare = reach->now;
        reach->now = reach->then;
        reach->then = spare;
    }
    return QUIPU_OK;
}

void qi_reach_close(qi_reach *reach) {
    for (size_t i = 0; i < QI_N_HS; i++)
        free(reach->seen[i]);
    free(reach->now.items);
    free(reach->then.items);
    *reach = (qi_reach){0};
}
