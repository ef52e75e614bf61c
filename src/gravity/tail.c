/* SPDX-License-Identifier: Apache-2.0 */
/* tail.c - how likely a statistic is to be so large: normal, t, chi-squared.
 *
 * Incomplete gamma and beta by their series and continued fractions (Abramowitz & Stegun
 * 6.5.29, 6.5.31, 26.5.8), modified Lentz; to about 14 digits where the answer is not tiny.
 */
#include "gravity/gravity.h"

#include <math.h>

enum { MOST_STEPS = 2000 };
static const double SMALL = 1e-300, CLOSE = 1e-15;

double qi_tail_normal(double z) {
    return erfc(fabs(z) * 0.70710678118654752440);
}

/* P(a, x) for x < a + 1. */
static double gamma_series(double a, double x) {
    double term = 1.0 / a, sum = term;
    for (int i = 1; i < MOST_STEPS && term > sum * CLOSE; i++) {
        term *= x / (a + i);
        sum += term;
    }
    return sum * exp(a * log(x) - x - lgamma(a));
}

/* Q(a, x) for x >= a + 1. */
static double gamma_fraction(double a, double x) {
    double b = x + 1.0 - a, c = 1.0 / SMALL, d = 1.0 / b, h = d;
    for (int i = 1; i < MOST_STEPS; i++) {
        double n = -i * (i - a);
        b += 2.0;
        d = n * d + b;
        c = b + n / c;
        d = 1.0 / (fabs(d) < SMALL ? SMALL : d);
        c = fabs(c) < SMALL ? SMALL : c;
        h *= d * c;
        if (fabs(d * c - 1.0) < CLOSE)
            break;
    }
    return h * exp(a * log(x) - x - lgamma(a));
}

double qi_tail_chi2(double x, double df) {
    double a = df / 2.0;
    x /= 2.0;
    if (!(x > 0.0))
        return x == x ? 1.0 : x;
    return x < a + 1.0 ? 1.0 - gamma_series(a, x) : gamma_fraction(a, x);
}

static double beta_fraction(double a, double b, double x) {
    double c = 1.0, d = 1.0 - (a + b) * x / (a + 1.0), h;
    d = 1.0 / (fabs(d) < SMALL ? SMALL : d);
    h = d;
    for (int i = 1; i < MOST_STEPS; i++) {
        double step = 1.0;
        for (int odd = 0; odd < 2; odd++) {
            double n = odd ? -(a + i) * (a + b + i) * x / ((a + 2 * i) * (a + 2 * i + 1))
                           : i * (b - i) * x / ((a + 2 * i - 1) * (a + 2 * i));
            d = 1.0 + n * d;
            c = 1.0 + n / c;
            d = 1.0 / (fabs(d) < SMALL ? SMALL : d);
            c = fabs(c) < SMALL ? SMALL : c;
            step = d * c;
            h *= step;
        }
        if (fabs(step - 1.0) < CLOSE)
            break;
    }
    return h;
}

/* Regularised incomplete beta. */
static double beta(double a, double b, double x) {
    if (!(x > 0.0))
        return 0.0;
    if (x >= 1.0)
        return 1.0;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1.0) / (a + b + 2.0) ? front * beta_fraction(a, b, x) / a
                                         : 1.0 - front * beta_fraction(b, a, 1.0 - x) / b;
}

double qi_tail_t(double t, double df) {
    if (!isfinite(df))
        return qi_tail_normal(t);
    return t == t ? beta(df / 2.0, 0.5, df / (df + t * t)) : t;
}

double qi_tail_f(double f, double df1, double df2) {
    if (!isfinite(df2))
        return qi_tail_chi2(f * df1, df1);
    return f > 0.0 ? beta(df2 / 2.0, df1 / 2.0, df2 / (df2 + df1 * f)) : 1.0;
}

/* Where the tail is `p`: by halving, as it falls with t. */
double qi_tail_t_point(double p, double df) {
    double low = 0.0, high = 1.0;
    while (qi_tail_t(high, df) > p && high < 1e10)
        high *= 2.0;
    for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
        double middle = 0.5 * (low + high);
        *(qi_tail_t(middle, df) > p ? &low : &high) = middle;
    }
    return 0.5 * (low + high);
}
