/* SPDX-License-Identifier: Apache-2.0 */
/* equilibrium_check.c - worlds that have no equilibrium, or none that means anything. */
#include "gravity/equilibrium.h"

#include <math.h>

static quipu_status check_numbers(const qi_world *w, quipu_error *err) {
    size_t n = w->n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double x = w->trade[i * n + j];
            if (!(x >= 0) || !isfinite(x))
                return qi_fail(err, QUIPU_E_DATA,
                               "trade from %s to %s is %g; expected a number of 0 or more",
                               w->name[i], w->name[j], x);
            double c = w->change == NULL ? 1 : w->change[i * n + j];
            if (!(c > 0) || !isfinite(c))
                return qi_fail(
                    err, QUIPU_E_DATA,
                    "trade costs from %s to %s change by a factor of %g (to the power "
                    "-theta); expected a finite number above 0",
                    w->name[i], w->name[j], c);
        }
    return QUIPU_OK;
}

static quipu_status check_country(const qi_world *w, size_t i, quipu_error *err) {
    double exports = 0, imports = 0;
    size_t n = w->n;
    for (size_t j = 0; j < n; j++)
        if (j != i) {
            exports += w->trade[i * n + j];
            imports += w->trade[j * n + i];
        }
    if (!(w->trade[i * n + i] > 0))
        return qi_fail(err, QUIPU_E_DATA,
                       "%s has no domestic trade: general equilibrium needs what every country "
                       "sells to itself (output less exports) as a row with %s on both sides; "
                       "add it, or leave %s out",
                       w->name[i], w->name[i], w->name[i]);
    if (!(exports > 0) || !(imports > 0))
        return qi_fail(err, QUIPU_E_DATA,
                       "%s has no %s: nothing ties its prices to those of the others; leave it "
                       "out",
                       w->name[i], exports > 0 ? "imports" : "exports");
    return QUIPU_OK;
}

static size_t root_of(size_t *parent, size_t i) {
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

/* A list of at most a few names: "PER, CHN and 3 more". */
static void names_of_part(const qi_world *w, size_t *parent, size_t root, char *out,
                          size_t size) {
    enum { MOST = 5 };
    size_t at = 0, n_members = 0;
    for (size_t i = 0; i < w->n; i++)
        if (root_of(parent, i) == root && n_members++ < MOST && at < size) {
            int more = snprintf(out + at, size - at, "%s%s", at > 0 ? ", " : "", w->name[i]);
            at += more > 0 ? (size_t)more : 0;
        }
    if (n_members > MOST && at < size)
        snprintf(out + at, size - at, " and %zu more", n_members - MOST);
}

static quipu_status check_connected(const qi_world *w, quipu_error *err) {
    size_t n = w->n, bytes = 0, *parent = NULL, *size = NULL;
    if (qi_mul_size(n, 2 * sizeof *parent, &bytes))
        parent = malloc(bytes);
    if (parent == NULL)
        return qi_fail_memory(err, bytes);
    size = parent + n;
    for (size_t i = 0; i < n; i++) {
        parent[i] = i;
        size[i] = 0;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (w->trade[i * n + j] > 0)
                parent[root_of(parent, i)] = root_of(parent, j);
    size_t parts = 0, smallest = 0;
    for (size_t i = 0; i < n; i++)
        size[root_of(parent, i)]++;
    for (size_t i = 0; i < n; i++)
        if (size[i] > 0 && (parts++ == 0 || size[i] < size[smallest]))
            smallest = i;
    quipu_status status = QUIPU_OK;
    if (parts > 1) {
        char names[256] = "";
        names_of_part(w, parent, smallest, names, sizeof names);
        status =
            qi_fail(err, QUIPU_E_DATA,
                    "the world falls into %zu parts that do not trade with each other, and "
                    "prices in one say nothing of those in another; one part: %s. Leave it "
                    "out",
                    parts, names);
    }
    free(parent);
    return status;
}

quipu_status qi_world_check(const qi_world *w, quipu_error *err) {
    enum { MOST_COUNTRIES = 4000 };
    if (w->n < 2)
        return qi_fail(err, QUIPU_E_DATA,
                       "an equilibrium needs two countries at least, not %zu", w->n);
    if (w->n > MOST_COUNTRIES)
        return qi_fail(err, QUIPU_E_LIMIT, "%zu countries; at most %d are solved for", w->n,
                       MOST_COUNTRIES);
    if (!(w->theta > 0) || !isfinite(w->theta))
        return qi_fail(err, QUIPU_E_ARG, "theta = sigma - 1 is %g; expected a number above 0",
                       w->theta);
    if (w->reference != QI_NO_REFERENCE && w->reference >= w->n)
        return qi_fail(err, QUIPU_E_ARG, "the reference country is none of the %zu", w->n);
    QI_TRY(check_numbers(w, err));
    for (size_t i = 0; i < w->n; i++)
        QI_TRY(check_country(w, i, err));
    return check_connected(w, err);
}
