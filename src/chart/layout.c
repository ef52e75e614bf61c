/* SPDX-License-Identifier: Apache-2.0 */
/* layout.c - places for the nodes of a network, by springs and repulsion.
 *
 * Fruchterman and Reingold (1991), Graph drawing by force-directed placement, from a circle
 * in the order of the nodes, with a fixed number of steps: the same network, the same places.
 */
#include "chart/chart.h"

typedef struct spring {
    size_t n, n_edges;
    const uint32_t *from, *to;
    double *x, *y, *dx, *dy;
} spring;

static void push_apart(spring *s, double k) {
    for (size_t i = 0; i < s->n; i++) {
        for (size_t j = i + 1; j < s->n; j++) {
            double x = s->x[i] - s->x[j], y = s->y[i] - s->y[j];
            double square = x * x + y * y + 1e-9, force = k * k / square;
            s->dx[i] += x * force;
            s->dy[i] += y * force;
            s->dx[j] -= x * force;
            s->dy[j] -= y * force;
        }
    }
}

static void pull_together(spring *s, double k) {
    for (size_t e = 0; e < s->n_edges; e++) {
        uint32_t a = s->from[e], b = s->to[e];
        double x = s->x[a] - s->x[b], y = s->y[a] - s->y[b];
        double force = sqrt(x * x + y * y) / k;
        s->dx[a] -= x * force;
        s->dy[a] -= y * force;
        s->dx[b] += x * force;
        s->dy[b] += y * force;
    }
}

static void move(spring *s, double most) {
    for (size_t i = 0; i < s->n; i++) {
        /* A little gravity keeps separate parts on the sheet. */
        double x = s->dx[i] - 0.3 * (s->x[i] - 0.5), y = s->dy[i] - 0.3 * (s->y[i] - 0.5);
        double length = sqrt(x * x + y * y) + 1e-12, step = fmin(length, most);
        s->x[i] += x / length * step;
        s->y[i] += y / length * step;
        s->dx[i] = s->dy[i] = 0;
    }
}

static void stretch(double *v, size_t n) {
    double low = v[0], high = v[0];
    for (size_t i = 1; i < n; i++) {
        low = fmin(low, v[i]);
        high = fmax(high, v[i]);
    }
    for (size_t i = 0; i < n; i++)
        v[i] = high - low > 1e-9 ? round(1e4 * (v[i] - low) / (high - low)) / 1e4 : 0.5;
}

quipu_status qi_chart_layout(size_t n, size_t n_edges, const uint32_t *from, const uint32_t *to,
                             double *x, double *y, quipu_error *err) {
    const int steps = n > 300 ? 60 : 300;
    double *room = calloc(2 * n + 1, sizeof *room);
    if (room == NULL)
        return qi_fail_memory(err, 2 * n * sizeof *room);
    spring s = {n, n_edges, from, to, x, y, room, room + n};
    for (size_t i = 0; i < n; i++) {
        double angle = 2 * 3.14159265358979323846 * (double)i / (double)n;
        x[i] = 0.5 + 0.45 * cos(angle);
        y[i] = 0.5 + 0.45 * sin(angle);
    }
    double k = 0.9 * sqrt(1.0 / (double)(n + 1));
    for (int step = 0; step < steps; step++) {
        push_apart(&s, k);
        pull_together(&s, k);
        move(&s, 0.1 * (1.0 - (double)step / steps) + 0.001);
    }
    if (n > 0) {
        stretch(x, n);
        stretch(y, n);
    }
    free(room);
    return QUIPU_OK;
}
