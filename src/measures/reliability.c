/* SPDX-License-Identifier: Apache-2.0 */
/* reliability.c - whose figures agree with those of its partners. */
#include "measures/mirror.h"

enum { MOST_STEPS = 10000 };

static const quipu_param params[] = {
    {"cif", QUIPU_PARAM_REAL, NULL, "0.08", QI_MIRROR_CIF_HELP},
    {"steps", QUIPU_PARAM_INTEGER, NULL, "25", "rounds of the fixed-point iteration"},
};

enum {
    EXPORT_SCORE,
    EXPORT_PAIRS,
    EXPORT_MEAN,
    IMPORT_SCORE,
    IMPORT_PAIRS,
    IMPORT_MEAN,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"export_score", "As exporter", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"export_pairs", "Partners", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"export_discrepancy", "Mean discrepancy", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"import_score", "As importer", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"import_pairs", "Partners", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"import_discrepancy", "Mean discrepancy", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

typedef struct entry {
    size_t country;
    double score; /* of both roles together, for the order */
} entry;

static int score_order(const void *a, const void *b) {
    const entry *x = a, *y = b;
    if (x->score > y->score || x->score < y->score)
        return x->score > y->score ? -1 : 1;
    return x->country < y->country ? -1 : x->country > y->country;
}

static double mean_of(const qi_reliability *r, size_t country, bool exporter) {
    double sum = 0;
    uint32_t n = exporter ? r->n_exporter[country] : r->n_importer[country];
    for (size_t i = 0; i < r->n_pairs; i++) {
        const qi_mirror_pair *p = &r->pairs[i];
        sum += (exporter ? p->exporter : p->importer) == country ? p->discrepancy : 0;
    }
    return n > 0 ? sum / n : NAN;
}

static void put(qi_sheet *sheet, size_t row, const qi_reliability *r, size_t c) {
    if (r->n_exporter[c] > 0) {
        qi_sheet_real(sheet, row, EXPORT_SCORE, r->exporter[c]);
        qi_sheet_real(sheet, row, EXPORT_MEAN, mean_of(r, c, true));
    }
    if (r->n_importer[c] > 0) {
        qi_sheet_real(sheet, row, IMPORT_SCORE, r->importer[c]);
        qi_sheet_real(sheet, row, IMPORT_MEAN, mean_of(r, c, false));
    }
    qi_sheet_integer(sheet, row, EXPORT_PAIRS, r->n_exporter[c]);
    qi_sheet_integer(sheet, row, IMPORT_PAIRS, r->n_importer[c]);
}

static size_t list_entries(const qi_ask *ask, const qi_reliability *r, size_t period,
                           entry *list) {
    size_t n = 0;
    for (size_t c = 0; c < r->n_countries; c++) {
        double x = r->exporter[c], m = r->importer[c];
        if (r->n_exporter[c] + r->n_importer[c] == 0 ||
            !quipu_country_set_has(&ask->views[0].reporters, period, c))
            continue;
        list[n++] = (entry){c, x > 0 && m > 0 ? sqrt(x * m) : x > 0 ? x : m};
    }
    if (!qi_is(qi_argument(ask->measure, ask->request, "sort"), "code") && n > 1)
        qsort(list, n, sizeof *list, score_order);
    return n;
}

static quipu_status write_period(qi_ask *ask, qi_sheet *sheet, size_t period, double cif,
                                 int steps, quipu_error *err) {
    qi_reliability r;
    const qi_axis *axis = &ask->axes[qi_ask_axis(ask, QI_AXIS_REPORTER)];
    int64_t limit = qi_integer(ask->measure, ask->request, "limit", INT64_MAX);
    QI_TRY(qi_reliability_make(ask->cube, ask->periods[period], cif, steps, &r, err));
    entry *list = malloc((r.n_countries + 1) * sizeof *list);
    quipu_status status = QUIPU_OK;
    if (list == NULL)
        QI_GO(qi_fail_memory(err, r.n_countries * sizeof *list));
    size_t n = list_entries(ask, &r, period, list);
    for (size_t i = 0; i < n && (int64_t)i < limit; i++) {
        size_t row;
        qi_line line = {.kind = QI_LINE_ROW,
                        .key = (uint64_t)axis->rank[list[i].country] << axis->shift};
        QI_GO(quipu_table_add_rows(sheet->table, 1, &row, err));
        QI_GO(qi_sheet_line(sheet, row, &line, err));
        qi_sheet_period(sheet, row, period);
        put(sheet, row, &r, list[i].country);
    }
    if (n > 0)
        QI_GO(qi_ask_note(ask, err, "%d: %zu pairs of countries in which both sides reported.",
                          (int)ask->periods[period], r.n_pairs));
done:
    free(list);
    qi_reliability_free(&r);
    return status;
}

static quipu_status write(qi_ask *ask, double cif, int steps, quipu_table *out,
                          quipu_error *err) {
    qi_sheet sheet;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES, 0, out, err));
    for (size_t p = 0; p < ask->n_periods; p++)
        QI_TRY(write_period(ask, &sheet, p, cif, steps, err));
    QI_TRY(quipu_table_set_title(out, err,
                                 "Reliability of reporters, from the discrepancies of "
                                 "their total trade by partner"));
    QI_TRY(
        qi_ask_note(ask, err,
                    "Scores: %d rounds; geometric mean 1, higher is better. Mean discrepancy: "
                    "of |X - M| / (X + M), with %s %% taken off imports for freight and "
                    "insurance, each partner counted once.",
                    steps, qi_ask_number(ask, 100 * cif)));
    if (out->n_rows == 0)
        QI_TRY(qi_ask_note(ask, err,
                           "In no year did both sides of any pair report: the cube "
                           "needs exports and imports of several countries."));
    return qi_sheet_close(&sheet, ask, NULL, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_reliability;
    int64_t steps = qi_integer(me, request, "steps", QI_RELIABILITY_STEPS);
    double cif;
    qi_ask ask;
    qi_wish wish = {.by = "reporter"};
    QI_TRY(qi_mirror_cif(me, request, &cif, err));
    if (steps < 1 || steps > MOST_STEPS)
        return qi_fail(err, QUIPU_E_ARG, "steps %lld: 1 to %d", (long long)steps, MOST_STEPS);
    QI_TRY(qi_ask_open(&ask, me, request, &wish, err));
    quipu_status status = write(&ask, cif, (int)steps, out, err);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_reliability = {
    .name = "reliability",
    .without = "of by partner product flow basis classes gold periods total rest wide",
    .summary = "Whose figures agree with those of its partners?",
    .detail =
        "Every pair of countries gives two figures of one flow, the exporter's and the "
        "importer's. When they disagree, who is to blame? A country that disagrees with "
        "everybody, also with those who agree with all others, is less reliable. The scores of "
        "exporters and importers are found together, by going to and fro between them.\n\n"
        "They are of total trade with each partner, and compare reporters of one year with one "
        "another: the geometric mean of each role is 1. A pair counts when both sides reported "
        "the year, with zero where one of them names no trade. Exact agreement is taken for a "
        "discrepancy of one millionth. The measure basis weighs both figures by these scores.",
    .formula = "p_e = n_e / sum_m d_em q_m and q_m = n_m / sum_e d_em p_e, in turn, from q = "
               "1; d = |X - "
               "M~| / (X + M~), M~ = M/(1 + cif); each divided by its geometric mean",
    .reference = "S. Bustos, M. A. Yildirim and others, Growth Lab at Harvard, cleaning of "
                 "bilateral trade "
                 "data for the Atlas of Economic Complexity; another way to the same end: G. "
                 "Gaulier, S. "
                 "Zignago (2010), BACI, CEPII Working Paper 2010-23.",
    .worked =
        "A, B and C; A and B agree to 0.1 in both directions, C is 0.5 apart from both, in "
        "both "
        "directions. Exporters A and B have p = 2/(0.1 q_B + 0.5 q_C), C has p = 2/(0.5 q_A + "
        "0.5 q_B). With q equal by the same equations: C has a fifth of the score of A and B.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "export_score",
    .example = "--years 2011 --limit 10",
    .run = run,
};
