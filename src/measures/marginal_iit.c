/* SPDX-License-Identifier: Apache-2.0 */
/* marginal_iit.c - was new trade in the same goods both ways, or did goods move apart? */
#include "measures/both_ways.h"

static const quipu_param params[] = {
    {"over", QUIPU_PARAM_TEXT, NULL, "product", "goods: products, or classes of a scheme"},
    {"bilateral", QUIPU_PARAM_SWITCH, NULL, NULL,
     "match the goods of each partner apart, then add up"},
    {"deflator", QUIPU_PARAM_REAL, NULL, "1",
     "prices of the last year, those of the first being 1: its values are divided by this"},
};

enum { EXPORTS, IMPORTS, A, B, C, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"exports", "Change of exports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"imports", "Change of imports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"a", "Marginal IIT (A)", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"b", "Direction (B)", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"c", "Unmatched change (C)", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
};

typedef struct work {
    qi_both_ways both;
    double deflator;
} work;

/* Rounded to a thousandth of a dollar, so that everything after it is exact. */
static qi_wide_sum change(const work *w, const qi_frame *f, size_t plane, size_t row,
                          const qi_stretch *s) {
    quipu_money first = f->value[qi_frame_at(f, plane, row, s->from)];
    quipu_money last = f->value[qi_frame_at(f, plane, row, s->to)];
    if (w->deflator < 1 || w->deflator > 1)
        last = (quipu_money)rint((double)last / w->deflator);
    return (qi_wide_sum)last - first;
}

static qi_wide_sum size_of(qi_wide_sum value) {
    return value < 0 ? -value : value;
}

static bool known(const qi_line *line, const qi_stretch *s) {
    return line->known[s->from] && line->known[s->to] &&
           line->known[s->from + line->plane_step] && line->known[s->to + line->plane_step];
}

static quipu_status figures(void *user, qi_sheet *sheet, size_t row, const qi_line *line,
                            const qi_stretch *s, quipu_error *err) {
    const work *w = user;
    const qi_frame *f = &w->both.parts;
    qi_rows rows = qi_frame_group(f, line->key);
    qi_wide_sum exports = 0, imports = 0, apart = 0, moved = 0;
    QI_UNUSED(err);
    if (!known(line, s))
        return QUIPU_OK;
    for (size_t r = rows.from; r < rows.to; r++) {
        qi_wide_sum x = change(w, f, 0, r, s), m = change(w, f, 1, r, s);
        exports += x;
        imports += m;
        apart += size_of(x - m);
        moved += size_of(x) + size_of(m);
    }
    qi_sheet_integer(sheet, row, EXPORTS, (int64_t)exports);
    qi_sheet_integer(sheet, row, IMPORTS, (int64_t)imports);
    if (apart <= INT64_MAX)
        qi_sheet_integer(sheet, row, C, (int64_t)apart);
    if (moved <= 0)
        return QUIPU_OK;
    qi_sheet_real(sheet, row, A, (double)(moved - apart) / (double)moved);
    qi_sheet_real(sheet, row, B, (double)(exports - imports) / (double)moved);
    return QUIPU_OK;
}

static quipu_status write(work *w, const qi_stretches *stretches, const qi_lines *lines,
                          quipu_table *out, quipu_error *err) {
    qi_ask *ask = &w->both.ask;
    qi_sheet sheet;
    char text[QI_NUMBER_TEXT];
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_STRETCH, columns, N_FIGURES,
                         lines->n * stretches->n, out, err));
    QI_TRY(qi_sheet_spans(&sheet, lines, stretches, figures, w, err));
    QI_TRY(qi_both_ways_notes(&w->both, err));
    qi_format_double(text, w->deflator);
    if (w->deflator < 1 || w->deflator > 1)
        QI_TRY(qi_ask_note(ask, err, "Values of the last year are divided by %s.", text));
    else
        QI_TRY(qi_ask_note(ask, err, "At current prices: see --deflator."));
    QI_TRY(quipu_table_set_title(out, err, "Marginal intra-industry part of the %s across %s%s",
                                 qi_words_trade(ask), qi_words_over(ask), qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, &w->both.parts, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_marginal_iit;
    qi_arena arena = {0};
    qi_lines lines = {0};
    qi_stretches stretches;
    work w = {.deflator = qi_real(me, request, "deflator", 1)};
    quipu_status status;
    if (!(w.deflator > 1e-6) || w.deflator > 1e6)
        return qi_fail(err, QUIPU_E_ARG, "deflator: a factor from 0.000001 to 1000000");
    QI_GO(qi_stretches_read(me, request, &arena, &stretches, err));
    qi_both_ways_how how = {.years = stretches.years};
    QI_GO(qi_both_ways_open(&w.both, me, request, &how, err));
    QI_GO(qi_stretches_place(&w.both.ask, &stretches, err));
    QI_GO(qi_lines_make(&w.both.ask, &w.both.sums, QI_LINES_NO_TOTAL, &lines, err));
    QI_GO(write(&w, &stretches, &lines, out, err));
done:
    qi_lines_free(&lines);
    qi_both_ways_close(&w.both);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_marginal_iit = {
    .name = "marginal-iit",
    .aliases = "miit bruelhart",
    .summary = "Did new trade go both ways within goods, or did goods move apart?",
    .without = "of flow total rest periods wide",
    .detail =
        "Br\u00fclhart's measures of the change between two years. A is the part of the "
        "changes of "
        "exports and imports that match each other within the same goods: 1 when both moved "
        "together, so that little has to be given up, 0 when one side alone moved. B says "
        "where "
        "to: above 0 exports gained, below 0 imports did. C is the unmatched change in money. "
        "Over many goods each is weighed by the size of its changes.\n\n"
        "A comparison of two Grubel-Lloyd indexes does not answer this: the index can rise "
        "when "
        "trade falls. Values are at current prices unless --deflator is given; inflation alone "
        "raises A. Missing where a year was not reported on one side, or nothing changed.",
    .formula =
        "A = 1 - sum |dX - dM| / sum (|dX| + |dM|); B = sum (dX - dM) / sum (|dX| + |dM|); "
        "C = sum |dX - dM|",
    .reference =
        "M. Br\u00fclhart (1994), Marginal intra-industry trade: measurement and relevance "
        "for the pattern of industrial adjustment, Weltwirtschaftliches Archiv 130(3).",
    .worked =
        "Cars: exports +6, imports +4; copper: exports 0, imports +2. A = 1 - (2 + 2)/12 = "
        "0.667; B = (2 - 2)/12 = 0; C = 4.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "a",
    .example = "--reporter Peru --by partner --years 2000-2011",
    .run = run,
};
