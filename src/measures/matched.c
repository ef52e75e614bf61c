/* SPDX-License-Identifier: Apache-2.0 */
/* matched.c - what becomes of one item between two periods, and sums of many. */
#include "measures/matched.h"

/* ---- is it matched? ---- */

typedef struct amounts {
    quipu_quantity first, second;
} amounts;

static bool is_guess(quipu_flag flag) {
    return flag == QUIPU_ESTIMATED || flag == QUIPU_CONVERTED;
}

/* A conversion of codes marks the whole row (the value's flag) where it divided it. */
static bool is_divided(const qi_match_side *s) {
    return QUIPU_FLAG_VALUE(s->flags) == QUIPU_CONVERTED;
}

static bool quantity_trusted(const qi_match_rule *rule, const qi_match_side *s) {
    return rule->estimated || !(is_guess(QUIPU_FLAG_QUANTITY(s->flags)) || is_divided(s));
}

static bool weight_trusted(const qi_match_rule *rule, const qi_match_side *s) {
    return rule->estimated || !(is_guess(QUIPU_FLAG_WEIGHT(s->flags)) || is_divided(s));
}

static qi_match_kind by_quantity(const qi_match_rule *rule, const qi_match_side *a,
                                 const qi_match_side *b, amounts *out) {
    if (a->quantity <= 0 || b->quantity <= 0)
        return QI_MATCH_NO_QUANTITY;
    if (a->unit != b->unit)
        return QI_MATCH_UNIT;
    if (!quantity_trusted(rule, a) || !quantity_trusted(rule, b))
        return QI_MATCH_ESTIMATED;
    *out = (amounts){a->quantity, b->quantity};
    return QI_MATCHED;
}

static qi_match_kind by_weight(const qi_match_rule *rule, const qi_match_side *a,
                               const qi_match_side *b, amounts *out) {
    if (a->weight <= 0 || b->weight <= 0)
        return QI_MATCH_NO_QUANTITY;
    if (!weight_trusted(rule, a) || !weight_trusted(rule, b))
        return QI_MATCH_ESTIMATED;
    *out = (amounts){a->weight, b->weight};
    return QI_MATCHED;
}

bool qi_match_amount(const qi_match_rule *rule, const qi_match_side *side, uint8_t *unit,
                     quipu_quantity *amount) {
    if (side->value <= 0)
        return false;
    if (rule->quantity && side->quantity > 0 && quantity_trusted(rule, side)) {
        *unit = side->unit;
        *amount = side->quantity;
        return true;
    }
    *unit = QI_MATCH_BY_WEIGHT;
    *amount = side->weight;
    return rule->weight && side->weight > 0 && weight_trusted(rule, side);
}

static bool within(const qi_match_rule *rule, quipu_money v0, quipu_money v1, amounts q) {
    long double up = (long double)v1 * (long double)q.first;
    long double down = (long double)v0 * (long double)q.second;
    return up <= (long double)rule->limit * down && down <= (long double)rule->limit * up;
}

static qi_match_kind judge(const qi_match_rule *rule, const qi_match_side *a,
                           const qi_match_side *b, bool silent, amounts *out) {
    if (silent)
        return QI_MATCH_SILENT;
    if (a->value == QUIPU_MONEY_MISSING || b->value == QUIPU_MONEY_MISSING)
        return QI_MATCH_NO_QUANTITY;
    if (a->value == 0 || b->value == 0)
        return a->value == 0 ? QI_MATCH_NEW : QI_MATCH_LOST;
    qi_match_kind kind = QI_MATCH_NO_QUANTITY;
    if (rule->quantity)
        kind = by_quantity(rule, a, b, out);
    if (rule->weight && kind != QI_MATCHED) {
        qi_match_kind other = by_weight(rule, a, b, out);
        if (other != QI_MATCH_NO_QUANTITY || !rule->quantity)
            kind = other;
    }
    if (kind == QI_MATCHED && !within(rule, a->value, b->value, *out))
        kind = QI_MATCH_RATIO;
    return kind;
}

/* ---- the parts of a change ---- */

/* value * up / down: what one period's value would be with the other's quantity. */
typedef struct revalued {
    qi_wide whole;
    int64_t rest, of; /* and rest / of */
} revalued;

static revalued revalue(quipu_money value, quipu_quantity up, quipu_quantity down) {
    qi_wide product = (qi_wide)value * up;
    if (product <= INT64_MAX) { /* mostly, and much quicker */
        int64_t small = (int64_t)product;
        return (revalued){small / down, small % down, down};
    }
    qi_wide whole = product / down;
    return (revalued){whole, (int64_t)(product - whole * down), down};
}

/* The rest of a division in binary places; the double only rounds the last of them. */
static qi_wide fixed(revalued r) {
    qi_wide one = (qi_wide)1 << QI_MATCH_PLACES;
    return r.whole * one + (qi_wide)((double)r.rest / (double)r.of * (double)one);
}

/* Twice the part is N + f, where N is whole and f, between -1 and 1, is the difference of two
 * fractions; only its sign decides how half of an odd N is rounded. */
static qi_wide bennet(quipu_money v0, quipu_money v1, revalued new_price, revalued old_price) {
    qi_wide n = (qi_wide)v1 - v0 + new_price.whole - old_price.whole;
    if (n % 2 == 0)
        return n / 2;
    qi_wide below = (n - 1) / 2; /* n is odd: exact, also below zero */
    qi_wide a = (qi_wide)new_price.rest * old_price.of,
            b = (qi_wide)old_price.rest * new_price.of;
    if (a != b)
        return a > b ? below + 1 : below;
    return below % 2 == 0 ? below : below + 1;
}

qi_wide qi_bennet_price(quipu_money v0, quipu_quantity q0, quipu_money v1, quipu_quantity q1) {
    return bennet(v0, v1, revalue(v1, q0, q1), revalue(v0, q1, q0));
}

/* Near one another the logarithm of their ratio is taken from the difference, far apart from
 * the ratio: each is exact where the other is not. */
double qi_log_mean(double a, double b) {
    double part = (b - a) / a;
    return a == b ? a : (b - a) / (fabs(part) < .5 ? log1p(part) : log(b / a));
}

/* L(v0, v1) ln(p1/p0), where L is the logarithmic mean. */
static qi_wide log_price(quipu_money v0, quipu_money v1, double log_ratio) {
    return (qi_wide)rint(qi_log_mean((double)v0, (double)v1) * log_ratio);
}

static bool add_wide(qi_wide *sum, qi_wide value) {
    return !__builtin_add_overflow(*sum, value, sum);
}

static bool add_part(quipu_money *sum, qi_wide value) {
    if (value > INT64_MAX || value < -(qi_wide)INT64_MAX)
        return false;
    return qi_add_money(sum, (quipu_money)value);
}

static double log_price_ratio(quipu_money v0, quipu_money v1, amounts q) {
    return log((double)v1 / (double)q.second / ((double)v0 / (double)q.first));
}

static bool add_matched(const qi_match_rule *rule, quipu_money v0, quipu_money v1, amounts q,
                        qi_match_sums *s) {
    revalued new_price = revalue(v1, q.first, q.second);
    revalued old_price = revalue(v0, q.second, q.first);
    qi_wide price = rule->log ? log_price(v0, v1, log_price_ratio(v0, v1, q))
                              : bennet(v0, v1, new_price, old_price);
    s->items++;
    if (!qi_add_money(&s->matched[0], v0) || !qi_add_money(&s->matched[1], v1) ||
        !add_part(&s->price, price))
        return false;
    if (!rule->index)
        return true;
    double ratio = log_price_ratio(v0, v1, q) * (1 << QI_MATCH_LOG_PLACES);
    return add_wide(&s->at_new_price, fixed(new_price)) &&
           add_wide(&s->at_old_price, fixed(old_price)) &&
           add_wide(&s->log_old, (qi_wide)rint((double)v0 * ratio)) &&
           add_wide(&s->log_new, (qi_wide)rint((double)v1 * ratio));
}

qi_match_kind qi_match_relative(const qi_match_rule *rule, const qi_match_side *first,
                                const qi_match_side *second, double *log_ratio) {
    amounts q = {0, 0};
    qi_match_kind kind = judge(rule, first, second, false, &q);
    if (kind == QI_MATCHED)
        *log_ratio = log_price_ratio(first->value, second->value, q);
    return kind;
}

bool qi_match_add(const qi_match_rule *rule, const qi_match_side *first,
                  const qi_match_side *second, bool silent, qi_match_sums *sums,
                  qi_match_kind *kind) {
    amounts q = {0, 0};
    quipu_money v0 = first->value > 0 ? first->value : 0;
    quipu_money v1 = second->value > 0 ? second->value : 0;
    *kind = judge(rule, first, second, silent, &q);
    if (!qi_add_money(&sums->value[0], v0) || !qi_add_money(&sums->value[1], v1))
        return false;
    switch (*kind) {
    case QI_MATCHED: return add_matched(rule, v0, v1, q, sums);
    case QI_MATCH_NEW: return qi_add_money(&sums->fresh, v1);
    case QI_MATCH_LOST: return qi_add_money(&sums->lost, -v0);
    default: return qi_add_money(&sums->unmatched, v1 - v0);
    }
}

/* ---- sums of sums ---- */

enum { N_MONEY = 8, N_WIDE = 4 };

static void fields_of(qi_match_sums *s, quipu_money *money[N_MONEY], qi_wide *wide[N_WIDE]) {
    quipu_money *m[N_MONEY] = {&s->value[0], &s->value[1], &s->matched[0], &s->matched[1],
                               &s->price,    &s->fresh,    &s->lost,       &s->unmatched};
    qi_wide *w[N_WIDE] = {&s->at_new_price, &s->at_old_price, &s->log_old, &s->log_new};
    memcpy(money, m, sizeof m);
    memcpy(wide, w, sizeof w);
}

bool qi_match_merge(qi_match_sums *into, const qi_match_sums *from) {
    qi_match_sums other = *from;
    quipu_money *a[N_MONEY], *b[N_MONEY];
    qi_wide *wide_a[N_WIDE], *wide_b[N_WIDE];
    bool fits = true;
    fields_of(into, a, wide_a);
    fields_of(&other, b, wide_b);
    for (size_t i = 0; i < N_MONEY; i++)
        fits = fits && qi_add_money(a[i], *b[i]);
    for (size_t i = 0; i < N_WIDE; i++)
        fits = fits && add_wide(wide_a[i], *wide_b[i]);
    into->items += other.items;
    return fits;
}

bool qi_match_subtract(qi_match_sums *from, const qi_match_sums *what) {
    qi_match_sums other = *what;
    quipu_money *b[N_MONEY];
    qi_wide *wide_b[N_WIDE];
    fields_of(&other, b, wide_b);
    for (size_t i = 0; i < N_MONEY; i++)
        *b[i] = -*b[i]; /* money never is INT64_MIN: it was added up from zero */
    for (size_t i = 0; i < N_WIDE; i++)
        *wide_b[i] = -*wide_b[i];
    other.items = 0 - other.items;
    return qi_match_merge(from, &other);
}

/* value * part / whole, downwards as quipu_split does it, without leaving 128 bits. */
static qi_wide share_of(qi_wide value, uint64_t part, uint64_t whole) {
    qi_wide all = (qi_wide)whole, quotient = value / all, rest = value % all;
    if (rest < 0) {
        rest += all;
        quotient--;
    }
    return quotient * (qi_wide)part + rest * (qi_wide)part / all;
}

void qi_match_split(const qi_match_sums *sums, const uint32_t *weights, size_t n,
                    qi_match_sums *parts) {
    qi_match_sums whole = *sums;
    quipu_money *from[N_MONEY], *to[N_MONEY];
    qi_wide *wide_from[N_WIDE], *wide_to[N_WIDE];
    uint64_t total = 0, before = 0;
    fields_of(&whole, from, wide_from);
    for (size_t i = 0; i < n; i++)
        total += weights[i];
    for (size_t i = 0; i < n && total > 0; i++) {
        uint64_t upto = before + weights[i];
        fields_of(&parts[i], to, wide_to);
        parts[i].items = weights[i] > 0 ? sums->items : 0;
        for (size_t m = 0; m < N_MONEY; m++)
            *to[m] = (quipu_money)(share_of(*from[m], upto, total) -
                                   share_of(*from[m], before, total));
        for (size_t w = 0; w < N_WIDE; w++)
            *wide_to[w] =
                share_of(*wide_from[w], upto, total) - share_of(*wide_from[w], before, total);
        before = upto;
        if (sums->items ==
            0) { /* a thousandth of rounding is no volume where nothing matched */
            quipu_money *rest = sums->unmatched != 0 ? &parts[i].unmatched
                                : sums->fresh != 0   ? &parts[i].fresh
                                                     : &parts[i].lost;
            *rest += qi_match_volume(&parts[i]);
        }
    }
}

/* ---- indices ---- */

qi_match_index qi_match_indices(const qi_match_sums *s) {
    qi_match_index index = {NAN, NAN, NAN, NAN, NAN};
    double one = (double)((qi_wide)1 << QI_MATCH_PLACES), log_one = 1 << QI_MATCH_LOG_PLACES;
    double v0 = (double)s->matched[0], v1 = (double)s->matched[1];
    double at_new = (double)s->at_new_price / one, at_old = (double)s->at_old_price / one;
    if (s->items == 0 || !(v0 > 0) || !(v1 > 0) || !(at_new > 0) || !(at_old > 0))
        return index;
    index.laspeyres = at_new / v0;
    index.paasche = v1 / at_old;
    index.fisher = sqrt(index.laspeyres * index.paasche);
    index.tornqvist =
        exp(((double)s->log_old / log_one / v0 + (double)s->log_new / log_one / v1) / 2);
    index.volume = sqrt(at_old / v0 * (v1 / at_new));
    return index;
}

double qi_match_coverage(const qi_match_sums *s) {
    double all = (double)s->value[0] + (double)s->value[1];
    return all > 0 ? ((double)s->matched[0] + (double)s->matched[1]) / all : NAN;
}
