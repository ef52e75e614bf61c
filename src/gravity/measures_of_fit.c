/* SPDX-License-Identifier: Apache-2.0 */
/* measures_of_fit.c - deviance, likelihoods, R2. */
#include "gravity/estimate.h"

static double weight_of(const qi_sample *s, size_t i) {
    return s->weight != NULL ? s->weight[i] : 1.0;
}

#define LOG_2_PI 1.83787706640934548356

/* log of the gamma function for x >= 1: Stirling's series beyond 12, below by going up.  The C
 * library's writes to a global. */
static double log_gamma(double x) {
    double factor = 1;
    while (x < 12) {
        factor *= x;
        x += 1;
    }
    double r = 1 / (x * x);
    double series = (1.0 / 12 + r * (-1.0 / 360 +
                                     r * (1.0 / 1260 + r * (-1.0 / 1680 + r * (1.0 / 1188))))) /
                    x;
    return (x - 0.5) * log(x) - x + 0.91893853320467274178 + series - log(factor);
}

/* log-likelihoods as of Poisson counts, between whole numbers by the gamma function. */
static void of_ppml(const qi_state *t, qi_fit *fit) {
    const qi_sample *s = t->s;
    double weights = 0, y = 0;
    for (size_t i = 0; i < s->n; i++) {
        weights += weight_of(s, i);
        y += weight_of(s, i) * s->y[i];
    }
    double mean = y / weights, mean_log = log(mean);
    for (size_t i = 0; i < s->n; i++) {
        double w = weight_of(s, i), yi = s->y[i], mu = t->mu[i], constant = log_gamma(yi + 1);
        fit->deviance += 2 * w * ((yi > 0.0 ? yi * (log(yi) - t->eta[i]) : 0.0) - (yi - mu));
        fit->log_likelihood += w * (yi * t->eta[i] - mu - constant);
        fit->null_log_likelihood += w * (yi * mean_log - mean - constant);
    }
    fit->pseudo_r2 = 1 - fit->log_likelihood / fit->null_log_likelihood;
    fit->within_r2 = fit->rmse = NAN;
}

/* The columns of the sample are stripped: its last is what the effects leave of y. */
static void of_ols(const qi_state *t, qi_fit *fit) {
    const qi_sample *s = t->s;
    double weights = 0, mean = 0, residual = 0, total = 0, within = 0, n = (double)s->n;
    for (size_t i = 0; i < s->n; i++) {
        weights += weight_of(s, i);
        mean += weight_of(s, i) * s->y[i];
    }
    mean /= weights;
    for (size_t i = 0; i < s->n; i++) {
        double w = weight_of(s, i), d = s->y[i] - t->mu[i], about = s->y[i] - mean;
        double left = s->x[i * s->ld + s->k];
        residual += w * d * d;
        total += w * about * about;
        within += w * left * left;
    }
    fit->deviance = residual;
    fit->log_likelihood = -0.5 * n * (LOG_2_PI + log(residual / n) + 1);
    fit->null_log_likelihood = -0.5 * n * (LOG_2_PI + log(total / n) + 1);
    fit->pseudo_r2 = 1 - residual / total;
    fit->within_r2 = s->n_sets > 0 ? 1 - residual / within : fit->pseudo_r2;
    fit->rmse = sqrt(residual / n);
}

void qi_measures_of_fit(const qi_state *t, qi_fit *fit) {
    if (t->s->model->estimator == QI_PPML)
        of_ppml(t, fit);
    else
        of_ols(t, fit);
}
