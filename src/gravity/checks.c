/* SPDX-License-Identifier: Apache-2.0 */
/* checks.c - tests of what a fit supposes: the form of the mean (RESET), and how the variance
 * moves with it (overdispersion, Park). */
#include "gravity/gravity.h"

#include <math.h>

static double two_sided(double z) {
    return erfc(fabs(z) / sqrt(2.0));
}

static qi_check of_coefficient(double coefficient, double error, double expected) {
    double z = (coefficient - expected) / error;
    return (qi_check){coefficient, error, z, two_sided(z)};
}

quipu_status qi_gravity_reset(const qi_model *model, const qi_fit *fit, qi_check *out,
                              quipu_error *err) {
    qi_model more = *model;
    qi_fit again = {0};
    double *square = malloc((model->n + 1) * sizeof *square);
    const double **x = malloc((model->k + 1) * sizeof(*x));
    const char **name = malloc((model->k + 1) * sizeof *name);
    quipu_status status = QUIPU_OK;
    *out = (qi_check){NAN, NAN, NAN, NAN};
    if (square == NULL || x == NULL || name == NULL) {
        status = qi_fail_memory(err, model->n * sizeof *square);
        goto done;
    }
    for (size_t i = 0; i < model->n; i++)
        square[i] = fit->left_out[i] == QI_USED ? fit->eta[i] * fit->eta[i] : 0.0;
    for (size_t j = 0; j < model->k; j++) {
        x[j] = model->x[j];
        name[j] = model->x_name[j];
    }
    x[model->k] = square;
    name[model->k] = "square of the predictor";
    more.x = x;
    more.x_name = name;
    more.k = model->k + 1;
    more.want_effects = false;
    QI_GO(qi_gravity_fit(&more, &again, err));
    *out = of_coefficient(again.coefficient[model->k], again.error[model->k], 0);
done:
    qi_fit_free(&again);
    free(square);
    free(x);
    free(name);
    return status;
}

void qi_gravity_overdispersion(const qi_model *model, const qi_fit *fit, qi_dispersion *out) {
    double squares = 0, cross = 0, residual = 0, pearson = 0;
    for (int second = 0; second < 2; second++)
        for (size_t i = 0; i < model->n; i++) {
            if (fit->left_out[i] != QI_USED)
                continue;
            double mu = fit->fitted[i], d = model->y[i] - mu;
            double excess = (d * d - model->y[i]) / mu;
            if (second) {
                double e = mu * (excess - mu * cross / squares);
                residual += e * e;
                continue;
            }
            squares += mu * mu;
            cross += mu * excess;
            pearson += (model->weight != NULL ? model->weight[i] : 1.0) * d * d / mu;
        }
    out->pearson = pearson / fit->residual_df;
    out->excess = of_coefficient(cross / squares, sqrt(residual) / squares, 0);
}

quipu_status qi_gravity_park(const qi_model *model, const qi_fit *fit, qi_check *out,
                             quipu_error *err) {
    const char *name[] = {"log of fitted"};
    qi_fit line = {0};
    double *y = calloc(3 * model->n + 1, sizeof *y), *x = y + model->n, *weight = x + model->n;
    const double *columns[] = {x};
    *out = (qi_check){NAN, NAN, NAN, NAN};
    if (y == NULL)
        return qi_fail_memory(err, 3 * model->n * sizeof *y);
    for (size_t i = 0; i < model->n; i++) {
        double d = fit->left_out[i] == QI_USED ? model->y[i] - fit->fitted[i] : 0.0;
        if (d == 0.0 || !(fit->fitted[i] > 0.0))
            continue; /* no logarithm */
        y[i] = log(d * d);
        x[i] = log(fit->fitted[i]);
        weight[i] = 1;
    }
    qi_model m = {.estimator = QI_OLS,
                  .n = model->n,
                  .k = 1,
                  .y = y,
                  .weight = weight,
                  .x = columns,
                  .x_name = name,
                  .errors = QI_ERRORS_HETERO,
                  .threads = model->threads};
    quipu_status status = qi_gravity_fit(&m, &line, err);
    if (status == QUIPU_OK)
        *out = of_coefficient(line.coefficient[0], line.error[0], 1);
    qi_fit_free(&line);
    free(y);
    return status;
}
