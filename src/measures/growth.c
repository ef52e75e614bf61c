/* SPDX-License-Identifier: Apache-2.0 */
/* growth.c - rates of growth between two years, by five methods. */
#include "measures/common.h"

static const quipu_param params[] = {
    {"method", QUIPU_PARAM_CHOICE, "compound mean log trend trend-rate midpoint", "compound",
     "compound rate; mean of yearly rates; log-mean; slope of the log trend, as it is or as a "
     "rate; midpoint growth over the whole stretch"},
    {"zero-base", QUIPU_PARAM_CHOICE, "missing epsilon midpoint", "missing",
     "when the base is zero: no rate; replace it by --epsilon; midpoint growth instead"},
    {"epsilon", QUIPU_PARAM_REAL, NULL, "1", "US$ that stand for a zero base"},
};

static const quipu_column_spec columns[] = {
    {"value_from", "First value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"value_to", "Last value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"growth", "Growth a year", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"ratio", "Last over first", QUIPU_REAL, QUIPU_FIGURE, "times", 2},
    {"accumulated", "Accumulated growth", QUIPU_REAL, QUIPU_FIGURE, "times", 2},
};

typedef enum method { COMPOUND, MEAN, LOG, TREND, TREND_RATE, MIDPOINT } method;
typedef enum zero_base { ZERO_MISSING, ZERO_EPSILON, ZERO_MIDPOINT } zero_base;

typedef struct rule {
    method method;
    zero_base zero;
    double epsilon; /* in thousandths of a dollar, as values are */
} rule;

/* 2 (b - a) / (a + b): from -2 to 2, defined unless both are zero (Davis, Haltiwanger and
 * Schuh 1996). */
static double midpoint(double a, double b) {
    return a + b > 0 ? 2 * (b - a) / (a + b) : NAN;
}

/* The value as a base: a zero may be replaced, or leaves no rate. */
static double base(const rule *r, double value) {
    return value > 0 ? value : r->zero == ZERO_EPSILON ? r->epsilon : NAN;
}

static double yearly_mean(const rule *r, const qi_line *line, const qi_stretch *s) {
    double sum = 0;
    for (size_t p = s->from; p < s->to; p++) {
        double a = (double)line->value[p], b = (double)line->value[p + 1];
        if (!line->known[p] || !line->known[p + 1] || (a <= 0 && b <= 0))
            return NAN;
        sum += a <= 0 && r->zero == ZERO_MIDPOINT ? midpoint(a, b) : b / base(r, a) - 1;
    }
    return sum / s->steps;
}

/* Least squares of ln V on time, over the years that have figures. */
static double trend(const rule *r, const qi_line *line, const qi_stretch *s) {
    double n = 0, mean_t = 0, mean_y = 0, above = 0, below = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t p = s->from; p <= s->to; p++) {
            if (!line->known[p])
                continue;
            double t = (double)(p - s->from), y = log(base(r, (double)line->value[p]));
            if (pass == 0) {
                n += 1;
                mean_t += t;
                mean_y += y;
            } else {
                above += (t - mean_t) * (y - mean_y);
                below += (t - mean_t) * (t - mean_t);
            }
        }
        if (pass == 0) {
            mean_t /= n;
            mean_y /= n;
        }
    }
    return below > 0 ? above / below : NAN;
}

static double rate(const rule *r, const qi_line *line, const qi_stretch *s) {
    double a = (double)line->value[s->from], b = (double)line->value[s->to];
    double n = s->steps;
    if (a <= 0 && b <= 0)
        return NAN; /* from nothing to nothing is no growth of zero */
    if (r->method == MIDPOINT || (a <= 0 && r->zero == ZERO_MIDPOINT && r->method != MEAN))
        return midpoint(a, b);
    switch (r->method) {
    case MEAN: return yearly_mean(r, line, s);
    case LOG: return (log(base(r, b)) - log(base(r, a))) / n;
    case TREND: return trend(r, line, s);
    case TREND_RATE: return exp(trend(r, line, s)) - 1;
    default: return pow(b / base(r, a), 1 / n) - 1;
    }
}

static void figures(qi_sheet *sheet, size_t row, const rule *r, const qi_line *line,
                    const qi_stretch *s) {
    bool has_from = line->known[s->from], has_to = line->known[s->to];
    quipu_money a = line->value[s->from], b = line->value[s->to];
    if (has_from)
        qi_sheet_integer(sheet, row, 0, a);
    if (has_to)
        qi_sheet_integer(sheet, row, 1, b);
    if (!has_from || !has_to)
        return;
    qi_sheet_real(sheet, row, 2, rate(r, line, s)); /* what is not a number stays missing */
    if (a > 0) {
        qi_sheet_real(sheet, row, 3, (double)b / (double)a);
        qi_sheet_real(sheet, row, 4, (double)b / (double)a - 1);
    }
}

static quipu_status notes(qi_ask *ask, const rule *r, quipu_error *err) {
    static const char *const methods[] = {
        "Compound rate: (last/first)^(1/n) - 1 over n intervals.",
        "Mean of the rates of single years.",
        "Log-mean: (ln last - ln first)/n over n intervals.",
        "Slope of the least-squares trend of the logarithm.",
        "Least-squares trend of the logarithm, as a rate: e^b - 1.",
        "Midpoint growth over the whole stretch: 2 (last - first)/(last + first).",
    };
    QI_TRY(qi_ask_note(ask, err, "%s", methods[r->method]));
    if (r->zero == ZERO_EPSILON) {
        char text[QI_NUMBER_TEXT];
        qi_format_double(text, r->epsilon / QUIPU_MONEY_PER_USD);
        return qi_ask_note(ask, err, "A zero base counts as %s US$.", text);
    }
    if (r->zero == ZERO_MIDPOINT)
        return qi_ask_note(ask, err,
                           "Where the base is zero the midpoint growth over the whole "
                           "stretch stands instead.");
    return QUIPU_OK;
}

static quipu_status write(qi_ask *ask, const rule *r, const qi_stretches *stretches,
                          const qi_frame *frame, const qi_lines *lines, quipu_table *out,
                          quipu_error *err) {
    qi_sheet sheet;
    size_t row = 0;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_STRETCH, columns, QI_COUNT(columns),
                         lines->n * stretches->n, out, err));
    for (size_t i = 0; i < lines->n; i++)
        for (size_t s = 0; s < stretches->n; s++, row++) {
            QI_TRY(qi_sheet_line(&sheet, row, &lines->items[i], err));
            qi_sheet_stretch(&sheet, row, &stretches->items[s]);
            figures(&sheet, row, r, &lines->items[i], &stretches->items[s]);
        }
    QI_TRY(notes(ask, r, err));
    QI_TRY(quipu_table_set_title(out, err, "Growth of the %s%s", qi_words_trade(ask),
                                 qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_growth;
    qi_arena arena = {0};
    qi_ask ask = {0};
    qi_frame frame = {0};
    qi_lines lines = {0};
    qi_stretches stretches;
    rule r = {(method)qi_choice_of(me, request, "method"),
              (zero_base)qi_choice_of(me, request, "zero-base"),
              qi_real(me, request, "epsilon", 1) * QUIPU_MONEY_PER_USD};
    quipu_status status;
    if (!(r.epsilon > 0))
        return qi_fail(err, QUIPU_E_ARG, "epsilon must be above zero");
    QI_GO(qi_stretches_read(me, request, &arena, &stretches, err));
    qi_wish wish = {.years = stretches.years};
    QI_GO(qi_ask_open(&ask, me, request, &wish, err));
    QI_GO(qi_stretches_place(&ask, &stretches, err));
    QI_GO(qi_frame_make(&ask, NULL, &frame, err));
    QI_GO(qi_lines_make(&ask, &frame, 0, &lines, err));
    QI_GO(write(&ask, &r, &stretches, &frame, &lines, out, err));
done:
    qi_lines_free(&lines);
    qi_frame_free(&frame);
    qi_ask_close(&ask);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_growth = {
    .name = "growth",
    .summary = "How fast did the trade grow?",
    .without = "of periods wide",
    .detail =
        "Between the first and the last of --years: 1995-2011 is one stretch of 16 intervals, "
        "1995,2000,2005,2010 are three stretches end to end. The ratio says how many times the "
        "last value is the first; accumulated growth is that less one; both are given because "
        "texts mean either by \"grew 18 times\".\n\n"
        "A base of zero has no rate: it is missing, unless --zero-base epsilon puts one dollar "
        "(--epsilon) in its place, which gives rates of hundreds of per cent, or midpoint "
        "takes the growth over the whole stretch, from -200 to 200 per cent. From zero to zero "
        "is missing in any case. A missing end leaves the rate missing; the trend uses the "
        "years that have figures, and a zero among them leaves it missing unless replaced.",
    .formula =
        "compound: (V_n/V_0)^(1/n) - 1; mean: (1/n) sum of (V_t/V_t-1 - 1); log: "
        "(ln V_n - ln V_0)/n; trend: b of ln V_t = a + b t by least squares; trend-rate: "
        "e^b - 1; midpoint: 2 (V_n - V_0)/(V_n + V_0)",
    .reference =
        "Midpoint growth: S. J. Davis, J. Haltiwanger, S. Schuh (1996), Job Creation "
        "and Destruction. Trend as slope: UNCTAD Handbook of Statistics; as rate: World "
        "Bank.",
    .worked =
        "From 100 to 144 in two years: compound 20 % a year, ratio 1.44 times, accumulated "
        "growth 0.44 times. If the year between had 120, the mean is 20 % too; with 160 it "
        "is (60 - 10)/2 = 25 %.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "growth",
    .example = "--reporter Peru --partner China --years 1995-2011",
    .run = run,
};
