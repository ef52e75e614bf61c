/* SPDX-License-Identifier: Apache-2.0 */
/* family.c - codes of several HS revisions joined into families by their correlations.
 *
 * Union-find over all leaves of the revisions: two codes are of one family when any chain of
 * correlations joins them.  Families of many revisions are coarse, and the waste codes of HS
 * 2022 (8549) alone join most machinery; that is what the correlations say.
 */
#include "nomen/nomen.h"

typedef struct forest {
    uint32_t *parent;
    uint32_t base[QI_N_HS + 1]; /* where the leaves of a revision begin */
} forest;

static uint32_t root_of(forest *f, uint32_t x) {
    while (f->parent[x] != x) {
        f->parent[x] = f->parent[f->parent[x]];
        x = f->parent[x];
    }
    return x;
}

/* The smaller number becomes the root, so that the outcome does not depend on the order. */
static void join(forest *f, uint32_t a, uint32_t b) {
    a = root_of(f, a);
    b = root_of(f, b);
    if (a < b)
        f->parent[b] = a;
    else
        f->parent[a] = b;
}

static quipu_status grow(forest *f, const quipu_nomen *nomen, unsigned first, unsigned last,
                         quipu_error *err) {
    uint32_t n = 0;
    for (unsigned r = first; r <= last; r++) {
        const qi_leaves *leaves;
        QI_TRY(qi_nomen_leaves(nomen, (qi_revision)r, &leaves, err));
        f->base[r] = n;
        n += (uint32_t)leaves->n;
    }
    f->parent = malloc((n + 1) * sizeof *f->parent);
    if (f->parent == NULL)
        return qi_fail_memory(err, n * sizeof *f->parent);
    for (uint32_t i = 0; i < n; i++)
        f->parent[i] = i;
    for (unsigned r = first + 1; r <= last; r++) {
        const qi_steps *steps;
        QI_TRY(qi_nomen_steps(nomen, r, &steps, err));
        uint32_t count = (r < last ? f->base[r + 1] : n) - f->base[r];
        for (uint32_t i = 0; i < count; i++) {
            for (uint32_t k = steps->down.offset[i]; k < steps->down.offset[i + 1]; k++)
                join(f, f->base[r] + i, f->base[r - 1] + steps->down.next[k]);
        }
    }
    return QUIPU_OK;
}

typedef struct asked {
    const char *code;
    size_t index;
    uint32_t root; /* UINT32_MAX: no leaf of the revision */
} asked;

static int by_code(const void *a, const void *b) {
    const asked *x = a, *y = b;
    int order = strcmp(x->code, y->code);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

/* Numbers families in the order of their smallest code. */
static quipu_status number(asked *order, size_t n, size_t n_roots, uint32_t *family,
                           size_t *n_families, quipu_error *err) {
    uint32_t *known = calloc(n_roots + 1, sizeof *known);
    if (known == NULL)
        return qi_fail_memory(err, n_roots * sizeof *known);
    qsort(order, n, sizeof *order, by_code);
    uint32_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (order[i].root == UINT32_MAX) {
            /* Unknown to the revision: a family by itself. */
            bool again = i > 0 && strcmp(order[i].code, order[i - 1].code) == 0;
            family[order[i].index] = again ? family[order[i - 1].index] : count++;
            continue;
        }
        if (known[order[i].root] == 0)
            known[order[i].root] = ++count;
        family[order[i].index] = known[order[i].root] - 1;
    }
    *n_families = count;
    free(known);
    return QUIPU_OK;
}

quipu_status quipu_families(const quipu_nomen *nomen, const char *first, const char *last,
                            const char *of, const char *const *codes, size_t n_codes,
                            uint32_t *family, size_t *n_families, quipu_error *err) {
    qi_error_clear(err);
    *n_families = 0;
    qi_revision low, high, own;
    QI_TRY(qi_nomen_revision_find(first, &low, err));
    QI_TRY(qi_nomen_revision_find(last, &high, err));
    QI_TRY(qi_nomen_revision_find(of, &own, err));
    if (!qi_is_hs(low) || !qi_is_hs(high) || low > high || own < low || own > high)
        return qi_fail(
            err, QUIPU_E_ARG,
            "families are of revisions of the HS, the first not after the last, and of "
            "codes of one of them; asked: %s to %s, codes of %s",
            first, last, of);
    forest f = {0};
    const qi_leaves *leaves;
    quipu_status status;
    asked *order = calloc(n_codes + 1, sizeof *order);
    if (order == NULL)
        return qi_fail_memory(err, n_codes * sizeof *order);
    QI_GO(grow(&f, nomen, (unsigned)low, (unsigned)high, err));
    QI_GO(qi_nomen_leaves(nomen, own, &leaves, err));
    /* A code of a higher level joins its leaves, for this question only. */
    for (size_t i = 0; i < n_codes; i++) {
        size_t from, to;
        qi_leaves_under(leaves, codes[i], &from, &to);
        order[i] = (asked){codes[i], i, from < to ? (uint32_t)from : UINT32_MAX};
        for (size_t k = from + 1; k < to; k++)
            join(&f, f.base[own] + (uint32_t)from, f.base[own] + (uint32_t)k);
    }
    size_t n_roots = 0;
    for (size_t i = 0; i < n_codes; i++) {
        if (order[i].root != UINT32_MAX)
            order[i].root = root_of(&f, f.base[own] + order[i].root);
        if (order[i].root != UINT32_MAX && order[i].root >= n_roots)
            n_roots = (size_t)order[i].root + 1;
    }
    QI_GO(number(order, n_codes, n_roots, family, n_families, err));
done:
    free(f.parent);
    free(order);
    return status;
}
