/* SPDX-License-Identifier: Apache-2.0 */
/* klu.c - I - A factored by SuiteSparse KLU (Davis & Palamadai Natarajan 2010,
 * doi:10.1145/1824801.1824814).
 *
 * KLU first brings the matrix to block triangular form; blocks are the groups of companies that
 * hold each other, so only circles are factored and the rest is substitution.  The library is
 * loaded when the first circle is met: most questions never need it.
 */
#include "invest/invest.h"
#include "invest/sparse.h"

struct qi_solver {
    qi_klu_calls call;
    klu_common common;
    klu_symbolic *symbolic;
    klu_numeric *numeric;
    int n;
    int *start, *row;
    double *value;
    double *right, *rest; /* n each, for one step of refinement */
};

/* Columns of I - A: the diagonal first. */
static void fill(qi_solver *s, const uint32_t *start, const qi_edge *edges) {
    int at = 0;
    for (int j = 0; j < s->n; j++) {
        int diagonal = at++;
        s->start[j] = diagonal;
        s->row[diagonal] = j;
        s->value[diagonal] = 1.0;
        for (uint32_t e = start[j]; e < start[j + 1]; e++) {
            double share = (double)edges[e].point / (double)QI_WHOLE;
            if (edges[e].owner == (uint32_t)j) {
                s->value[diagonal] = (double)(QI_WHOLE - edges[e].point) / (double)QI_WHOLE;
            } else if (share != 0.0) {
                s->row[at] = (int)edges[e].owner;
                s->value[at++] = -share;
            }
        }
    }
    s->start[s->n] = at;
}

static quipu_status failed(const qi_solver *s, quipu_error *err) {
    if (s->common.status == KLU_OUT_OF_MEMORY || s->common.status == KLU_TOO_LARGE)
        return qi_fail(err, QUIPU_E_NOMEM,
                       "the circles of ownership are too large for the memory at hand");
    return qi_fail(err, QUIPU_E_DATA,
                   "the shares of the circles of ownership have no solution");
}

quipu_status qi_solver_open(size_t n, const uint32_t *start, const qi_edge *edges,
                            qi_solver **out, quipu_error *err) {
    size_t cells = n + start[n];
    *out = NULL;
    if (n >= INT32_MAX / 2 || cells >= INT32_MAX / 2)
        return qi_fail(err, QUIPU_E_LIMIT, "more than a billion stakes");
    qi_solver *s = calloc(1, sizeof *s);
    if (s == NULL)
        return qi_fail_memory(err, sizeof *s);
    quipu_status status = qi_klu_load(&s->call, err);
    if (status != QUIPU_OK)
        goto done;
    s->n = (int)n;
    s->start = calloc(n + 1, sizeof *s->start);
    s->row = calloc(cells + 1, sizeof *s->row);
    s->value = calloc(cells + 1, sizeof *s->value);
    s->right = calloc(n + 1, sizeof *s->right);
    s->rest = calloc(n + 1, sizeof *s->rest);
    if (s->start == NULL || s->row == NULL || s->value == NULL || s->right == NULL ||
        s->rest == NULL) {
        status = qi_fail_memory(err, cells * 12);
        goto done;
    }
    fill(s, start, edges);
    s->call.klu_defaults(&s->common);
    s->symbolic = s->call.klu_analyze(s->n, s->start, s->row, &s->common);
    if (s->symbolic != NULL)
        s->numeric = s->call.klu_factor(s->start, s->row, s->value, s->symbolic, &s->common);
    if (s->symbolic == NULL || s->numeric == NULL || s->common.status != KLU_OK)
        status = failed(s, err);
done:
    if (status != QUIPU_OK) {
        qi_solver_close(s);
        s = NULL;
    }
    *out = s;
    return status;
}

/* rest = right - M x */
static void residual(const qi_solver *s, bool transposed, const double *x) {
    for (int i = 0; i < s->n; i++)
        s->rest[i] = s->right[i];
    for (int j = 0; j < s->n; j++)
        for (int at = s->start[j]; at < s->start[j + 1]; at++) {
            if (transposed)
                s->rest[j] -= s->value[at] * x[s->row[at]];
            else
                s->rest[s->row[at]] -= s->value[at] * x[j];
        }
}

static bool solve(qi_solver *s, bool transposed, double *x) {
    return transposed ? s->call.klu_tsolve(s->symbolic, s->numeric, s->n, 1, x, &s->common) != 0
                      : s->call.klu_solve(s->symbolic, s->numeric, s->n, 1, x, &s->common) != 0;
}

quipu_status qi_solver_solve(qi_solver *s, bool transposed, double *x, quipu_error *err) {
    size_t n = (size_t)s->n;
    memcpy(s->right, x, n * sizeof *x);
    if (!solve(s, transposed, x))
        return failed(s, err);
    residual(s, transposed, x);
    if (!solve(s, transposed, s->rest))
        return failed(s, err);
    for (size_t i = 0; i < n; i++)
        x[i] += s->rest[i];
    return QUIPU_OK;
}

void qi_solver_close(qi_solver *s) {
    if (s == NULL)
        return;
    if (s->numeric != NULL)
        s->call.klu_free_numeric(&s->numeric, &s->common);
    if (s->symbolic != NULL)
        s->call.klu_free_symbolic(&s->symbolic, &s->common);
    free(s->start);
    free(s->row);
    free(s->value);
    free(s->right);
    free(s->rest);
    qi_klu_unload(&s->call);
    free(s);
}
