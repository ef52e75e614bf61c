/* SPDX-License-Identifier: Apache-2.0 */
/* bench_equilibrium.c - how long a general equilibrium takes.
 *
 *   bench_equilibrium [COUNTRIES [OPENNESS]]
 *
 * An invented world; costs of all international flows change by up to a half.  One line a model:
 * the best of the runs, steps, and how well the equations hold.
 */
#define _DEFAULT_SOURCE
#include "gravity/equilibrium.h"

#include <math.h>
#include <time.h>

enum { RUNS = 50 };

static double uniform(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 11) + 0.5) * 0x1p-53;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void fill(qi_world *w, double *trade, double *change, const char **name, double open) {
    uint64_t seed = 1;
    for (size_t i = 0; i < w->n; i++) {
        double size = exp(4 * uniform(&seed));
        name[i] = "a country";
        for (size_t j = 0; j < w->n; j++) {
            double abroad = size * open / (double)w->n * exp(2 * uniform(&seed));
            trade[i * w->n + j] = i == j ? size : abroad;
            change[i * w->n + j] = i == j ? 1 : exp(uniform(&seed) - 0.4);
        }
    }
    w->trade = trade;
    w->change = change;
    w->name = name;
}

static void measure(const qi_world *w, const char *label) {
    double best = INFINITY;
    quipu_error err = {0};
    for (int run = 0; run < RUNS; run++) {
        qi_equilibrium e;
        double start = now();
        if (qi_equilibrium_solve(w, &e, &err) != QUIPU_OK) {
            fprintf(stderr, "bench_equilibrium: %s\n", err.text);
            exit(1);
        }
        best = fmin(best, now() - start);
        if (run + 1 == RUNS)
            printf(
                "%zu countries, %-22s %8.3f ms, %u steps, %u of Newton, residuals %.1e %.1e\n",
                w->n, label, 1e3 * best, e.steps, e.newton_steps, e.output_residual,
                e.expenditure_residual);
        qi_equilibrium_free(&e);
    }
}

int main(int argc, char **argv) {
    qi_world w = {.n = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 44,
                  .theta = 4,
                  .reference = QI_NO_REFERENCE};
    double open = argc > 2 ? strtod(argv[2], NULL) : 0.3;
    double *trade = calloc(w.n * w.n + 1, sizeof *trade);
    double *change = calloc(w.n * w.n + 1, sizeof *change);
    const char **name = calloc(w.n + 1, sizeof *name);
    if (trade == NULL || change == NULL || name == NULL)
        return 1;
    fill(&w, trade, change, name, open);
    w.model = QI_GE_CONDITIONAL;
    measure(&w, "conditional");
    w.model = QI_GE_FULL;
    measure(&w, "full");
    w.deficits = QI_DEFICITS_ADDITIVE;
    measure(&w, "hat, additive deficits");
    free(trade);
    free(change);
    free(name);
    return 0;
}
