/* SPDX-License-Identifier: Apache-2.0 */
/* rca_sums.c - see rca_sums.h. */
#include "measures/rca_sums.h"
#include "measures/rca.h"

/* ---- sums ---- */

static uint32_t axes_of(const qi_ask *ask, bool goods) {
    uint32_t mask = 0;
    for (size_t a = 0; a < ask->n_axes; a++) {
        qi_axis_kind kind = ask->axes[a].kind;
        bool is_goods = kind == QI_AXIS_PRODUCT || kind == QI_AXIS_CLASS;
        if (goods ? is_goods : kind == QI_AXIS_REPORTER)
            mask |= 1u << a;
    }
    return mask;
}

/* Sum over products of x_ik / x_wk, then times x_w / x_i over their number: in order of key. */
static void add_up_means(const qi_rca_sums *x, const qi_frame *ik, const qi_frame *wk,
                         size_t *count) {
    size_t n = ik->n_periods;
    for (size_t row = 0; row < ik->n_rows; row++) {
        size_t to = qi_frame_find(&x->i, ik->key[row]), of = qi_frame_find(wk, ik->key[row]);
        for (size_t p = 0; p < n && to != QI_NO_ROW && of != QI_NO_ROW; p++) {
            double world = (double)wk->value[qi_frame_at(wk, 0, of, p)];
            if (world > 0)
                x->mean[to * n + p] += (double)ik->value[qi_frame_at(ik, 0, row, p)] / world;
        }
    }
    for (size_t row = 0; row < wk->n_rows; row++) {
        size_t to = qi_frame_find(&x->w, wk->key[row]);
        for (size_t p = 0; p < n && to != QI_NO_ROW; p++)
            count[to * n + p] += wk->value[qi_frame_at(wk, 0, row, p)] > 0;
    }
    for (size_t row = 0; row < x->i.n_rows; row++) {
        size_t w = qi_frame_find(&x->w, x->i.key[row]);
        for (size_t p = 0; p < n && w != QI_NO_ROW; p++) {
            double i = (double)x->i.value[qi_frame_at(&x->i, 0, row, p)];
            double all = (double)x->w.value[qi_frame_at(&x->w, 0, w, p)];
            x->mean[row * n + p] *= all / i / (double)count[w * n + p];
        }
    }
}

/* The mean is over all products, whatever is selected. */
static quipu_status make_means(qi_ask *ask, const qi_cut *reference, qi_rca_sums *x,
                               quipu_error *err) {
    qi_frame ik = {0}, wk = {0};
    qi_cut own = {.product = "all"}, world = *reference;
    quipu_status status;
    world.product = "all";
    size_t *count = calloc(x->w.n_rows * x->w.n_periods + 1, sizeof *count);
    x->mean = calloc(x->i.n_rows * x->i.n_periods + 1, sizeof *x->mean);
    if (count == NULL || x->mean == NULL) {
        status = qi_fail_memory(err, x->i.n_rows * x->i.n_periods * sizeof(double));
        goto done;
    }
    QI_GO(qi_frame_make(ask, &own, &ik, err));
    QI_GO(qi_frame_make(ask, &world, &wk, err));
    add_up_means(x, &ik, &wk, count);
done:
    qi_frame_free(&ik);
    qi_frame_free(&wk);
    free(count);
    return status;
}

quipu_status qi_rca_sums_make(qi_ask *ask, bool market, bool mean, qi_rca_sums *x,
                              quipu_error *err) {
    const char *of = qi_argument(ask->measure, ask->request, "of");
    uint32_t goods = axes_of(ask, true), reporters = axes_of(ask, false);
    const char *world = of != NULL ? of : "all";
    qi_cut i = {.drop = goods, .product = "all"};
    qi_cut wk = {.drop = reporters, .reporter = world, .turned = market};
    qi_cut w = {
        .drop = goods | reporters, .reporter = world, .product = "all", .turned = market};
    *x = (qi_rca_sums){0};
    QI_TRY(qi_frame_make(ask, NULL, &x->ik, err));
    QI_TRY(qi_frame_make(ask, &i, &x->i, err));
    QI_TRY(qi_frame_make(ask, &wk, &x->wk, err));
    QI_TRY(qi_frame_make(ask, &w, &x->w, err));
    return mean ? make_means(ask, &wk, x, err) : QUIPU_OK;
}

void qi_rca_sums_free(qi_rca_sums *x) {
    qi_frame_free(&x->ik);
    qi_frame_free(&x->i);
    qi_frame_free(&x->wk);
    qi_frame_free(&x->w);
    free(x->mean);
    *x = (qi_rca_sums){0};
}

/* ---- at a place ---- */

qi_rca_place qi_rca_find(const qi_rca_sums *x, uint64_t key) {
    return (qi_rca_place){qi_frame_find(&x->i, key), qi_frame_find(&x->wk, key),
                          qi_frame_find(&x->w, key)};
}

static bool value_at(const qi_frame *frame, size_t plane, size_t row, size_t period,
                     double *out) {
    if (row == QI_NO_ROW)
        return false;
    size_t at = qi_frame_at(frame, plane, row, period);
    *out = (double)frame->value[at];
    return frame->known[at] && frame->value[at] > 0;
}

bool qi_rca_four_at(const qi_rca_sums *x, const qi_line *line, const qi_rca_place *at,
                    size_t plane, size_t period, qi_rca_four *out) {
    size_t own = plane * line->plane_step + period;
    if (!line->known[own] || !value_at(&x->i, plane, at->i, period, &out->i) ||
        !value_at(&x->wk, plane, at->wk, period, &out->wk) ||
        !value_at(&x->w, plane, at->w, period, &out->w))
        return false;
    out->ik = (double)line->value[own];
    return true;
}

double qi_rca_index(const qi_rca_sums *sums, const qi_rca_place *at, qi_rca_variant variant,
                    const qi_rca_four *x, size_t period) {
    double own = x->ik * x->w, world = x->i * x->wk; /* equal shares are exactly equal here */
    switch (variant) {
    case QI_RCA_SYMMETRIC: return (own - world) / (own + world);
    case QI_RCA_NORMALISED: return 1e4 * ((own - world) / x->w / x->w);
    case QI_RCA_ADDITIVE: return (own - world) / x->i / x->w;
    case QI_RCA_WEIGHTED:
        return qi_rca(x->ik, x->i, x->wk, x->w) /
               sums->mean[at->i * sums->i.n_periods + period];
    case QI_RCA_BALASSA:
    case QI_RCA_VOLLRATH: break;
    }
    return qi_rca(x->ik, x->i, x->wk, x->w);
}

double qi_rca_of_others(const qi_rca_four *x) {
    double rest_of_own = x->i - x->ik, others = x->wk - x->ik;
    double rest_of_others = x->w - x->i - others;
    if (!(rest_of_own > 0) || !(others > 0) || !(rest_of_others > 0))
        return NAN;
    return x->ik * rest_of_others / (rest_of_own * others);
}
