/* SPDX-License-Identifier: Apache-2.0 */
/* bias.c - the bias of three-way PPML and errors that allow for it (Weidner & Zylkin 2021,
 * section 3 and appendix).
 *
 * For a pair with fitted values lambda over the years, theta their shares and L their sum:
 *   S = y - lambda                 the score of the years, given the pair
 *   H = L (diag theta - theta theta')
 *   x~                             regressors freed of all effects
 * The bias through the exporter-years of exporter i is, of each regressor,
 *   - tr( H_i^+ sum_j H x~ S' ) + 1/2 tr( H_i^+ G_i H_i^+ sum_j S S' ),
 *   H_i = sum_j H,  G_i = - sum_j (diag x~ H + H diag x~),
 * and likewise through the importer-years.  The variance of a pair's score is estimated by
 * (I - H (x~ V_x x~' + d V_d d'))^-1 S S', as estimation has made S smaller.
 */
#include "gravity/estimate.h"

typedef struct pairs {
    const qi_bias_sets *sets;
    size_t n, t, k;
    uint32_t *exporter, *importer;
    uint8_t *there;         /* n x t: has a row */
    double *lambda, *score; /* n x t */
    double *x;              /* n x t x k */
    double *h;              /* t x t, of the pair at hand */
} pairs;

/* ---- pairs by years ---- */

static quipu_status number_pairs(pairs *p, const qi_sample *s, uint32_t *number,
                                 qi_arena *arena, quipu_error *err) {
    const qi_bias_sets *sets = p->sets;
    for (size_t i = 0; i < s->n; i++) {
        size_t cell =
            (size_t)sets->exporter[s->row[i]] * sets->n_importers + sets->importer[s->row[i]];
        if (number[cell] == 0)
            number[cell] = (uint32_t)++p->n;
    }
    size_t cells = p->n * p->t;
    p->exporter = qi_arena_alloc(arena, p->n * sizeof *p->exporter);
    p->importer = qi_arena_alloc(arena, p->n * sizeof *p->importer);
    p->there = qi_arena_alloc(arena, cells);
    p->lambda = qi_arena_alloc(arena, cells * sizeof *p->lambda);
    p->score = qi_arena_alloc(arena, cells * sizeof *p->score);
    p->x = qi_arena_alloc(arena, cells * p->k * sizeof *p->x);
    p->h = qi_arena_alloc(arena, p->t * p->t * sizeof *p->h);
    if (p->exporter == NULL || p->importer == NULL || p->there == NULL || p->lambda == NULL ||
        p->score == NULL || p->x == NULL || p->h == NULL)
        return qi_fail_memory(err, cells * p->k * sizeof *p->x);
    return QUIPU_OK;
}

/* The sample's columns are stripped; its absorber's weights are the fitted values. */
static quipu_status fill_pairs(pairs *p, const qi_sample *s, const double *fitted,
                               qi_arena *arena, quipu_error *err) {
    const qi_bias_sets *sets = p->sets;
    size_t n_cells = (size_t)sets->n_exporters * sets->n_importers;
    uint32_t *number = calloc(n_cells + 1, sizeof *number);
    if (number == NULL)
        return qi_fail_memory(err, n_cells * sizeof *number);
    quipu_status status;
    QI_GO(number_pairs(p, s, number, arena, err));
    for (size_t i = 0; i < s->n; i++) {
        uint32_t row = s->row[i], from = sets->exporter[row], to = sets->importer[row];
        size_t pair = number[(size_t)from * sets->n_importers + to] - 1;
        size_t cell = pair * p->t + sets->year[row];
        if (p->there[cell]) {
            status = qi_fail(err, QUIPU_E_DATA,
                             "row %zu of the panel is the second of its exporter, importer and "
                             "year: the correction of bias needs one row each",
                             (size_t)row + 1);
            goto done;
        }
        p->there[cell] = 1;
        p->exporter[pair] = from;
        p->importer[pair] = to;
        p->lambda[cell] = fitted[row];
        p->score[cell] = s->y[i] - fitted[row];
        memcpy(p->x + cell * p->k, s->x + i * s->ld, p->k * sizeof *p->x);
    }
done:
    free(number);
    return status;
}

static void hessian(pairs *p, size_t pair) {
    const double *lambda = p->lambda + pair * p->t;
    double sum = 0;
    for (size_t a = 0; a < p->t; a++)
        sum += lambda[a];
    for (size_t a = 0; a < p->t; a++)
        for (size_t b = 0; b < p->t; b++)
            p->h[a * p->t + b] = (a == b ? lambda[a] : 0.0) - lambda[a] * lambda[b] / sum;
}

/* ---- the bias through one side ---- */

/* out = pseudo-inverse of a symmetric matrix; `room` 2 t t. */
static void pseudo_inverse(const double *matrix, size_t t, double *room, double *out) {
    double *a = room, *v = room + t * t, most = 0;
    memcpy(a, matrix, t * t * sizeof *a);
    qi_eigen(a, v, t);
    for (size_t l = 0; l < t; l++)
        most = fabs(a[l * t + l]) > most ? fabs(a[l * t + l]) : most;
    memset(out, 0, t * t * sizeof *out);
    for (size_t l = 0; l < t; l++) {
        if (a[l * t + l] <= 1e-12 * most)
            continue;
        for (size_t i = 0; i < t; i++)
            for (size_t j = 0; j < t; j++)
                out[i * t + j] += v[i * t + l] * v[j * t + l] / a[l * t + l];
    }
}

/* Sums over the pairs of one country. */
typedef struct side {
    double *h, *ss, *hx, *g; /* t x t; hx and g for each regressor */
    double *inverse, *room, *half;
} side;

static void add_pair(const pairs *p, size_t pair, side *s) {
    const size_t t = p->t, k = p->k;
    const double *score = p->score + pair * t, *x = p->x + pair * t * k;
    for (size_t a = 0; a < t; a++)
        for (size_t b = 0; b < t; b++) {
            s->h[a * t + b] += p->h[a * t + b];
            s->ss[a * t + b] += score[a] * score[b];
            for (size_t j = 0; j < k; j++) {
                double hx = 0;
                for (size_t c = 0; c < t; c++)
                    hx += p->h[b * t + c] * x[c * k + j];
                s->hx[(j * t + a) * t + b] += score[a] * hx;
                s->g[(j * t + a) * t + b] -= p->h[a * t + b] * (x[a * k + j] + x[b * k + j]);
            }
        }
}

static void multiply(const double *a, const double *b, size_t n, double *out) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t l = 0; l < n; l++)
                sum += a[i * n + l] * b[l * n + j];
            out[i * n + j] = sum;
        }
}

static double trace_of_product(const double *a, const double *b, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            sum += a[i * n + j] * b[j * n + i];
    return sum;
}

/* Adds what the years of each country on one side contribute, by regressor. */
static quipu_status through(pairs *p, const uint32_t *country, uint32_t n_countries,
                            double *sum, size_t *n_used, quipu_error *err) {
    const size_t t = p->t, k = p->k, tt = t * t;
    size_t one = (2 + 2 * k) * tt;
    double *all = calloc((size_t)n_countries * one + 6 * tt, sizeof *all);
    bool *used = calloc(n_countries + 1, sizeof *used);
    if (all == NULL || used == NULL) {
        free(all);
        free(used);
        return qi_fail_memory(err, (size_t)n_countries * one * sizeof *all);
    }
    double *rest = all + (size_t)n_countries * one;
    side s = {.inverse = rest, .room = rest + tt, .half = rest + 3 * tt};
    *n_used = 0;
    for (int second = 0; second < 2; second++)
        for (size_t i = 0; i < (second ? n_countries : p->n); i++) {
            uint32_t c = second ? (uint32_t)i : country[i];
            s.h = all + c * one;
            s.ss = s.h + tt;
            s.hx = s.ss + tt;
            s.g = s.hx + k * tt;
            if (!second) {
                hessian(p, i);
                add_pair(p, i, &s);
                used[c] = true;
                continue;
            }
            *n_used += used[c];
            pseudo_inverse(s.h, t, s.room, s.inverse);
            for (size_t j = 0; used[c] && j < k; j++) {
                multiply(s.inverse, s.g + j * tt, t, s.half);
                multiply(s.half, s.inverse, t, s.half + tt);
                sum[j] += trace_of_product(s.half + tt, s.ss, t) / 2 -
                          trace_of_product(s.hx + j * tt, s.inverse, t);
            }
        }
    free(all);
    free(used);
    return QUIPU_OK;
}

/* ---- errors ---- */

/* The equations of exporter-years and importer-years with pairs eliminated, inverted; levels
 * that the others determine become 0.  The lower half is what was filled. */
static void invert(double *a, size_t n, double *scale) {
    for (size_t i = 0; i < n; i++)
        scale[i] = a[i * n + i];
    for (size_t c = 0; c < n; c++) { /* sweep operator (Goodnight 1979) */
        double pivot = a[c * n + c];
        if (!(pivot > 1e-9 * scale[c])) {
            for (size_t i = 0; i < n; i++)
                a[c * n + i] = a[i * n + c] = 0;
            continue;
        }
        for (size_t j = 0; j < n; j++)
            a[c * n + j] /= pivot;
        for (size_t i = 0; i < n; i++) {
            double f = a[i * n + c];
            if (i == c || f == 0.0)
                continue;
            for (size_t j = 0; j < n; j++)
                a[i * n + j] -= f * a[c * n + j];
            a[i * n + c] = -f / pivot;
        }
        a[c * n + c] = 1 / pivot;
    }
}

/* Places of exporter-year and importer-year of a pair in the equations. */
static void places(const pairs *p, size_t pair, size_t year, size_t at[2]) {
    at[0] = p->exporter[pair] * p->t + year;
    at[1] = (p->sets->n_exporters + p->importer[pair]) * p->t + year;
}

static void fill_equations(pairs *p, double *a, size_t n) {
    for (size_t pair = 0; pair < p->n; pair++) {
        hessian(p, pair);
        for (size_t y = 0; y < p->t; y++)
            for (size_t z = 0; z < p->t; z++) {
                size_t from[2], to[2];
                places(p, pair, y, from);
                places(p, pair, z, to);
                for (int i = 0; i < 2; i++)
                    for (int j = 0; j < 2; j++)
                        a[from[i] * n + to[j]] += p->h[y * p->t + z];
            }
    }
}

/* Solves m v = right (t x t) in place by elimination with the largest pivot. */
static void solve_small(double *m, double *right, size_t t) {
    for (size_t c = 0; c < t; c++) {
        size_t best = c;
        for (size_t r = c + 1; r < t; r++)
            best = fabs(m[r * t + c]) > fabs(m[best * t + c]) ? r : best;
        for (size_t j = 0; j < t && best != c; j++) {
            double swap = m[c * t + j];
            m[c * t + j] = m[best * t + j];
            m[best * t + j] = swap;
        }
        double swap = right[c];
        right[c] = right[best];
        right[best] = swap;
        for (size_t r = c + 1; r < t; r++) {
            double f = m[r * t + c] / m[c * t + c];
            for (size_t j = c; j < t; j++)
                m[r * t + j] -= f * m[c * t + j];
            right[r] -= f * right[c];
        }
    }
    for (size_t c = t; c-- > 0;) {
        for (size_t j = c + 1; j < t; j++)
            right[c] -= m[c * t + j] * right[j];
        right[c] /= m[c * t + c];
    }
}

/* meat (k x k) += x~' (I - H lever)^-1 S S' x~ of a pair; room for 2 t t + t. */
static void add_meat(pairs *p, size_t pair, const double *vx, const double *vd, size_t n,
                     double *room, double *meat) {
    const size_t t = p->t, k = p->k;
    const double *x = p->x + pair * t * k, *score = p->score + pair * t;
    double *lever = room, *m = room + t * t, *grown = m + t * t;
    hessian(p, pair);
    for (size_t y = 0; y < t; y++)
        for (size_t z = 0; z < t; z++) {
            size_t from[2], to[2];
            double sum = 0;
            places(p, pair, y, from);
            places(p, pair, z, to);
            for (int i = 0; i < 2; i++)
                for (int j = 0; j < 2; j++)
                    sum += vd[from[i] * n + to[j]];
            for (size_t i = 0; i < k; i++)
                for (size_t j = 0; j < k; j++)
                    sum += x[y * k + i] * vx[i * k + j] * x[z * k + j];
            lever[y * t + z] = sum;
        }
    multiply(p->h, lever, t, m);
    for (size_t y = 0; y < t; y++)
        for (size_t z = 0; z < t; z++)
            m[y * t + z] = (y == z) - m[y * t + z];
    memcpy(grown, score, t * sizeof *grown);
    solve_small(m, grown, t);
    for (size_t i = 0; i < k; i++) {
        double left = 0;
        for (size_t y = 0; y < t; y++)
            left += x[y * k + i] * grown[y];
        for (size_t j = 0; j < k; j++) {
            double right = 0;
            for (size_t y = 0; y < t; y++)
                right += x[y * k + j] * score[y];
            meat[i * k + j] += left * right / 2;
            meat[j * k + i] += left * right / 2;
        }
    }
}

static quipu_status put_errors(pairs *p, const double *vx, qi_bias *out, quipu_error *err) {
    const size_t k = p->k, t = p->t;
    size_t n = (p->sets->n_exporters + p->sets->n_importers) * t;
    double *vd = calloc(n * n + n, sizeof *vd);
    double *room = calloc(2 * t * t + t + 2 * k * k + 1, sizeof *room);
    if (vd == NULL || room == NULL) {
        free(vd);
        free(room);
        return qi_fail_memory(err, n * n * sizeof *vd);
    }
    double *meat = room + 2 * t * t + t, *half = meat + k * k;
    fill_equations(p, vd, n);
    invert(vd, n, vd + n * n);
    for (size_t pair = 0; pair < p->n; pair++)
        add_meat(p, pair, vx, vd, n, room, meat);
    multiply(vx, meat, k, half);
    multiply(half, vx, k, out->covariance);
    double factor = (double)p->n / ((double)p->n - 1);
    for (size_t i = 0; i < k * k; i++)
        out->covariance[i] *= factor;
    free(vd);
    free(room);
    return QUIPU_OK;
}

/* ---- the whole ---- */

/* Columns freed of all effects with the fitted values as weights; the inverse of their gram. */
static quipu_status free_columns(const qi_fit *fit, qi_sample *s, qi_absorber *a,
                                 qi_arena *arena, double *vx, quipu_error *err) {
    qi_step step;
    for (size_t i = 0; i < s->n; i++) {
        a->weight[i] = fit->fitted[s->row[i]];
        for (size_t j = 0; j < s->k; j++)
            if (fit->dropped[j] != QI_KEPT)
                s->x[i * s->ld + j] = 0;
    }
    QI_TRY(qi_absorb_weights(a, true, err));
    qi_precision fine = {1e-10, 0}, none = {1, 1};
    (void)qi_absorb(a, fine, none);
    QI_TRY(qi_step_open(a, arena, &step, err));
    memcpy(step.dropped, fit->dropped, s->k);
    QI_TRY(qi_sweep_gram(a, step.gram, step.cross, err));
    QI_TRY(qi_step_solve(a, &step, err));
    qi_step_inverse(&step, vx);
    return qi_sweep_strip(a, err);
}

static quipu_status correct(pairs *p, const double *vx, const qi_fit *fit, qi_bias *out,
                            quipu_error *err) {
    const size_t k = p->k;
    double *sums = calloc(2 * k + 1, sizeof *sums), *d = sums + k;
    size_t n_from = 0, n_to = 0;
    if (sums == NULL)
        return qi_fail_memory(err, 2 * k * sizeof *sums);
    quipu_status status;
    QI_GO(through(p, p->exporter, p->sets->n_exporters, sums, &n_from, err));
    QI_GO(through(p, p->importer, p->sets->n_importers, d, &n_to, err));
    for (size_t j = 0; j < k; j++) { /* of n countries each has n - 1 partners */
        double b = sums[j] * (double)n_from / ((double)n_from - 1);
        sums[j] = b + d[j] * (double)n_to / ((double)n_to - 1);
    }
    for (size_t i = 0; i < k; i++) {
        out->bias[i] = 0;
        for (size_t j = 0; j < k; j++)
            out->bias[i] += vx[i * k + j] * sums[j];
    }
    bool few = (p->sets->n_exporters + p->sets->n_importers) * p->t <= QI_BIAS_LEVELS;
    if (few)
        QI_GO(put_errors(p, vx, out, err));
    for (size_t i = 0; i < k; i++) {
        bool kept = fit->dropped[i] == QI_KEPT;
        for (size_t j = 0; j < k; j++)
            if (!few || !kept || fit->dropped[j] != QI_KEPT)
                out->covariance[i * k + j] = NAN;
        out->bias[i] = kept ? out->bias[i] : NAN;
        out->coefficient[i] = fit->coefficient[i] - out->bias[i];
        out->error[i] = sqrt(out->covariance[i * k + i]);
    }
done:
    free(sums);
    return status;
}

quipu_status qi_gravity_bias(const qi_model *model, const qi_fit *fit, const qi_bias_sets *sets,
                             qi_bias *out, quipu_error *err) {
    const size_t k = fit->k;
    *out = (qi_bias){.k = k};
    if (model->estimator != QI_PPML || model->n_effects != 3 || model->weight != NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "the correction of bias is for PPML without weights with three sets of "
                       "effects: exporter-year, importer-year and pair");
    qi_sample s = {0};
    qi_absorber a = {0};
    qi_arena arena = {0};
    pairs p = {.sets = sets, .t = sets->n_years, .k = k};
    double *vx = qi_arena_alloc(&arena, k * k * sizeof *vx);
    quipu_status status = QUIPU_OK;
    out->bias = qi_arena_alloc(&out->arena, k * sizeof *out->bias);
    out->coefficient = qi_arena_alloc(&out->arena, k * sizeof *out->coefficient);
    out->error = qi_arena_alloc(&out->arena, k * sizeof *out->error);
    out->covariance = qi_arena_alloc(&out->arena, k * k * sizeof *out->covariance);
    if (vx == NULL || out->bias == NULL || out->coefficient == NULL || out->error == NULL ||
        out->covariance == NULL) {
        status = qi_fail_memory(err, k * k * sizeof *vx);
        goto done;
    }
    QI_GO(qi_sample_make(model, fit, &s, err));
    QI_GO(qi_absorb_open(&s, model->threads > 0 ? model->threads : qi_cpu_count(), &a, err));
    QI_GO(free_columns(fit, &s, &a, &arena, vx, err));
    QI_GO(fill_pairs(&p, &s, fit->fitted, &arena, err));
    QI_GO(correct(&p, vx, fit, out, err));
done:
    qi_arena_free(&arena);
    qi_absorb_close(&a);
    qi_sample_free(&s);
    return status;
}

void qi_bias_free(qi_bias *bias) {
    qi_arena_free(&bias->arena);
    *bias = (qi_bias){0};
}
