/* SPDX-License-Identifier: Apache-2.0 */
/* similarity.c - do two countries sell the same things? */
#include "measures/rca.h"
#include "measures/world_rows.h"

static const quipu_param params[] = {
    {"with", QUIPU_PARAM_TEXT, NULL, NULL,
     "the countries compared with, as for --reporter; every reporter when not given"},
    {"over", QUIPU_PARAM_TEXT, NULL, "product", "compare products, partners or classes"},
    {"specialisation", QUIPU_PARAM_SWITCH, NULL, NULL,
     "correlate specialisation in exports and imports too (needs both)"},
};

enum { CODE, NAME, YEAR, SIMILARITY, KRUGMAN, CORRELATION, SPECIALISATION, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"with", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"with_name", "Compared with", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"similarity", "Similarity (0-100)", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"krugman", "Krugman index", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"correlation", "Correlation of ln RCA", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"specialisation", "Correlation of specialisation", QUIPU_REAL, QUIPU_FIGURE, "", 3},
};

/* What one side of the comparison says: lists of reporters with their goods. */
typedef struct side {
    qi_ask ask;
    qi_frame parts, sums;
    qi_world_rows rows; /* when ready, for `parts` */
    qi_lines lines;
    qi_vector *vector;  /* of each line, in the period being worked on */
    double *log_rca;    /* [line][label], less its mean; and */
    double *log_length; /* the root of the sum of squares; 0 = none */
    double *balance;    /* [line][label]: specialisation; 2 = not traded */
} side;

typedef struct work {
    side own, other;
    size_t n_labels;
    bool specialisation;
    qi_frame world; /* of own.ask */
    double *world_share;
    size_t n_world; /* labels the world trades */
} work;

#define NOT_TRADED 2.0
#define LOG_OFFSET 0.1 /* Bahar et al.: ln(RCA + 0.1) */

/* ---- vectors ---- */

static void take_logs(const work *w, side *s, size_t line) {
    const qi_vector *v = &s->vector[line];
    double *out = s->log_rca + line * w->n_labels, none = log(LOG_OFFSET), mean = 0, sum = 0;
    s->log_length[line] = 0;
    if (v->sum <= 0 || w->n_world < 2)
        return;
    for (size_t k = 0; k < w->n_labels; k++)
        out[k] = w->world_share[k] > 0 ? none : 0;
    for (size_t i = 0; i < v->n; i++) {
        double share = w->world_share[v->label[i]];
        if (share > 0)
            out[v->label[i]] = log((double)v->value[i] / (double)v->sum / share + LOG_OFFSET);
    }
    for (size_t k = 0; k < w->n_labels; k++)
        mean += out[k];
    mean /= (double)w->n_world;
    for (size_t k = 0; k < w->n_labels; k++) {
        out[k] = w->world_share[k] > 0 ? out[k] - mean : 0;
        sum += out[k] * out[k];
    }
    s->log_length[line] = sqrt(sum);
}

static void take_balance(const work *w, side *s, size_t line, size_t period) {
    const qi_frame *f = &s->parts;
    qi_rows rows = qi_frame_group(f, s->lines.items[line].key);
    double *out = s->balance + line * w->n_labels;
    for (size_t k = 0; k < w->n_labels; k++)
        out[k] = NOT_TRADED;
    for (size_t row = rows.from; row < rows.to; row++) {
        double x = (double)f->value[qi_frame_at(f, 0, row, period)];
        double m = (double)f->value[qi_frame_at(f, 1, row, period)];
        if (x + m > 0)
            out[f->key[row] & qi_over_mask(&s->ask)] = (x - m) / (x + m);
    }
}

static quipu_status read_side(const work *w, side *s, size_t period, quipu_error *err) {
    for (size_t i = 0; i < s->lines.n; i++) {
        const qi_line *line = &s->lines.items[i];
        if (s->rows.ready)
            QI_TRY(qi_world_rows_read(&s->rows, line->key, period, &s->vector[i], err));
        else
            QI_TRY(qi_vector_read(&s->parts, 0, qi_frame_group(&s->parts, line->key), period,
                                  &s->vector[i], err));
        take_logs(w, s, i);
        if (w->specialisation)
            take_balance(w, s, i, period);
    }
    return QUIPU_OK;
}

static quipu_status read_world(work *w, size_t period, quipu_error *err) {
    qi_vector world = {0};
    qi_rows all = {0, w->world.n_rows};
    quipu_status status = qi_vector_read(&w->world, 0, all, period, &world, err);
    memset(w->world_share, 0, w->n_labels * sizeof *w->world_share);
    for (size_t i = 0; i < world.n; i++)
        w->world_share[world.label[i]] = (double)world.value[i] / (double)world.sum;
    w->n_world = world.n;
    qi_vector_free(&world);
    return status;
}

/* ---- comparing ---- */

static double log_correlation(const work *w, size_t a, size_t b) {
    const double *x = w->own.log_rca + a * w->n_labels, *y = w->other.log_rca + b * w->n_labels;
    double sum = 0, lengths = w->own.log_length[a] * w->other.log_length[b];
    if (!(lengths > 0))
        return NAN;
    for (size_t k = 0; k < w->n_labels; k++)
        sum += x[k] * y[k];
    return fmax(-1, fmin(1, sum / lengths));
}

/* Of the goods that both trade. */
static double balance_correlation(const work *w, size_t a, size_t b) {
    const double *x = w->own.balance + a * w->n_labels, *y = w->other.balance + b * w->n_labels;
    double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0, n = 0;
    for (size_t k = 0; k < w->n_labels; k++)
        if (x[k] < NOT_TRADED && y[k] < NOT_TRADED) {
            mean_x += x[k];
            mean_y += y[k];
            n++;
        }
    for (size_t k = 0; k < w->n_labels; k++)
        if (x[k] < NOT_TRADED && y[k] < NOT_TRADED) {
            double dx = x[k] - mean_x / n, dy = y[k] - mean_y / n;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
    return xx > 0 && yy > 0 ? fmax(-1, fmin(1, xy / sqrt(xx * yy))) : NAN;
}

/* One comparison, in every period: missing is NaN. */
typedef struct cell {
    double overlap, correlation, balance;
} cell;

static bool known_at(const side *s, size_t line, size_t plane, size_t period) {
    const qi_line *l = &s->lines.items[line];
    return l->known[plane * l->plane_step + period] != 0;
}

static cell compare(const work *w, size_t a, size_t b, size_t period) {
    cell c = {NAN, NAN, NAN};
    if (!known_at(&w->own, a, 0, period) || !known_at(&w->other, b, 0, period))
        return c;
    c.overlap = qi_vector_overlap(&w->own.vector[a], &w->other.vector[b]);
    c.correlation = log_correlation(w, a, b);
    if (w->specialisation && known_at(&w->own, a, 1, period) &&
        known_at(&w->other, b, 1, period))
        c.balance = balance_correlation(w, a, b);
    return c;
}

/* ---- who is compared with whom ---- */

static quipu_status open_side(work *w, side *s, const quipu_request *request, qi_wish wish,
                              quipu_error *err) {
    const quipu_measure *me = &qi_measure_similarity;
    wish.over = qi_argument(me, request, "over");
    wish.flows = w->specialisation ? "export import" : NULL;
    QI_TRY(qi_ask_open(&s->ask, me, request, &wish, err));
    QI_TRY(qi_over_check(&s->ask, wish.over, err));
    qi_cut sums = {.drop = qi_over_drop(&s->ask)};
    QI_TRY(qi_world_rows_open(&s->ask, &(qi_cut){0}, QI_AXIS_REPORTER, &s->rows, err));
    if (!s->rows.ready)
        QI_TRY(qi_frame_make(&s->ask, NULL, &s->parts, err));
    QI_TRY(qi_frame_make(&s->ask, &sums, &s->sums, err));
    QI_TRY(qi_lines_make(&s->ask, &s->sums, QI_LINES_NO_TOTAL | QI_LINES_NO_LIMIT, &s->lines,
                         err));
    w->n_labels = s->ask.axes[s->ask.n_axes - 1].n;
    size_t cells;
    if (!qi_mul_size(s->lines.n + 1, w->n_labels + 1, &cells) || cells > SIZE_MAX / 16)
        return qi_fail_memory(err, SIZE_MAX);
    s->vector = calloc(s->lines.n + 1, sizeof *s->vector);
    s->log_rca = calloc(cells, sizeof *s->log_rca);
    s->log_length = calloc(s->lines.n + 1, sizeof *s->log_length);
    s->balance = calloc(w->specialisation ? cells : 1, sizeof *s->balance);
    bool fine = s->vector && s->log_rca && s->log_length && s->balance;
    return fine ? QUIPU_OK : qi_fail_memory(err, cells * sizeof(double));
}

static void close_side(side *s) {
    for (size_t i = 0; s->vector != NULL && i < s->lines.n; i++)
        qi_vector_free(&s->vector[i]);
    free(s->vector);
    free(s->log_rca);
    free(s->log_length);
    free(s->balance);
    qi_lines_free(&s->lines);
    qi_frame_free(&s->parts);
    qi_frame_free(&s->sums);
    if (s->ask.measure != NULL)
        qi_ask_close(&s->ask);
}

/* The reporter of a line, in the letters and words of the table. */
static void name_of(const side *s, size_t line, const char **code, const char **name) {
    int a = qi_ask_axis(&s->ask, QI_AXIS_REPORTER);
    if (a >= 0) {
        const qi_axis *axis = &s->ask.axes[a];
        size_t label = qi_key_label(axis, s->lines.items[line].key);
        *code = axis->code[label];
        *name = axis->name[label];
    } else {
        *code = s->ask.n_reporters > 0 ? s->ask.reporters[0].code : "WLD";
        *name = s->ask.n_reporters > 0 ? s->ask.reporters[0].name : "World";
    }
}

static bool is_same(const work *w, size_t a, size_t b) {
    const char *code_a, *code_b, *name;
    name_of(&w->own, a, &code_a, &name);
    name_of(&w->other, b, &code_b, &name);
    return strcmp(code_a, code_b) == 0;
}

/* ---- the table ---- */

typedef struct pair {
    size_t a, b;
    double rank; /* similarity in the last period that has any; -1 = none */
    size_t at;   /* of its cells */
} pair;

static int pair_order(const void *x, const void *y) {
    const pair *a = x, *b = y;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    if (a->rank > b->rank || a->rank < b->rank)
        return a->rank > b->rank ? -1 : 1;
    return a->b < b->b ? -1 : a->b > b->b;
}

static quipu_status write_pairs(const work *w, qi_sheet *sheet, const pair *pairs, size_t n,
                                const cell *cells, quipu_error *err) {
    const qi_ask *ask = &w->own.ask;
    int64_t limit = qi_integer(ask->measure, ask->request, "limit", INT64_MAX), written = 0;
    for (size_t i = 0; i < n; i++) {
        const char *code, *name;
        written = i > 0 && pairs[i - 1].a == pairs[i].a ? written + 1 : 0;
        name_of(&w->other, pairs[i].b, &code, &name);
        for (size_t p = 0; p < ask->n_periods && written < limit; p++) {
            const cell *c = &cells[pairs[i].at + p];
            size_t row;
            QI_TRY(quipu_table_add_rows(sheet->table, 1, &row, err));
            QI_TRY(qi_sheet_line(sheet, row, &w->own.lines.items[pairs[i].a], err));
            QI_TRY(quipu_table_set_text(sheet->table, sheet->figure + CODE, row, code, err));
            QI_TRY(quipu_table_set_text(sheet->table, sheet->figure + NAME, row, name, err));
            qi_sheet_integer(sheet, row, YEAR, ask->periods[p]);
            qi_sheet_real(sheet, row, SIMILARITY, 100 * c->overlap);
            qi_sheet_real(sheet, row, KRUGMAN, 2 * (1 - c->overlap));
            qi_sheet_real(sheet, row, CORRELATION, c->correlation);
            if (w->specialisation)
                qi_sheet_real(sheet, row, SPECIALISATION, c->balance);
        }
    }
    return QUIPU_OK;
}

/* Period by period, as the vectors of one fit into memory and those of all would not. */
static quipu_status compare_all(work *w, pair *pairs, size_t n, cell *cells, quipu_error *err) {
    for (size_t p = 0; p < w->own.ask.n_periods; p++) {
        QI_TRY(read_world(w, p, err));
        QI_TRY(read_side(w, &w->own, p, err));
        QI_TRY(read_side(w, &w->other, p, err));
        for (size_t i = 0; i < n; i++) {
            cell c = compare(w, pairs[i].a, pairs[i].b, p);
            cells[pairs[i].at + p] = c;
            if (!isnan(c.overlap))
                pairs[i].rank = c.overlap;
        }
    }
    if (n > 1)
        qsort(pairs, n, sizeof *pairs, pair_order);
    return QUIPU_OK;
}

static quipu_status fill(work *w, qi_sheet *sheet, quipu_error *err) {
    size_t most, n_cells, n = 0, n_periods = w->own.ask.n_periods;
    if (!qi_mul_size(w->own.lines.n, w->other.lines.n, &most) ||
        !qi_mul_size(most, n_periods, &n_cells))
        return qi_fail_memory(err, SIZE_MAX);
    pair *pairs = calloc(most + 1, sizeof *pairs);
    cell *cells = calloc(n_cells + 1, sizeof *cells);
    quipu_status status;
    if (pairs == NULL || cells == NULL) {
        status = qi_fail_memory(err, n_cells * sizeof *cells);
        goto done;
    }
    for (size_t a = 0; a < w->own.lines.n; a++)
        for (size_t b = 0; b < w->other.lines.n; b++)
            if (!is_same(w, a, b)) {
                pairs[n] = (pair){a, b, -1, n * n_periods};
                n++;
            }
    QI_GO(compare_all(w, pairs, n, cells, err));
    QI_GO(write_pairs(w, sheet, pairs, n, cells, err));
done:
    free(pairs);
    free(cells);
    return status;
}

static quipu_status notes(work *w, quipu_error *err) {
    qi_ask *ask = &w->own.ask;
    QI_TRY(qi_ask_note(ask, err,
                       "Similarity: the sum of the smaller of both shares of each of "
                       "the %s; Krugman's index is 2 (1 - similarity/100).",
                       qi_words_over(ask)));
    QI_TRY(qi_ask_note(ask, err,
                       "Correlation of ln(RCA + 0.1), where RCA compares with all "
                       "reporters of the cube."));
    if (w->specialisation)
        QI_TRY(qi_ask_note(ask, err,
                           "Correlation of specialisation: of (X - M)/(X + M), over "
                           "those both trade."));
    return QUIPU_OK;
}

static quipu_status write(work *w, quipu_table *out, quipu_error *err) {
    qi_ask *ask = &w->own.ask;
    qi_sheet sheet;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_NONE, columns,
                         w->specialisation ? N_FIGURES : N_FIGURES - 1, 0, out, err));
    QI_TRY(fill(w, &sheet, err));
    QI_TRY(notes(w, err));
    QI_TRY(quipu_table_set_title(out, err, "Similarity of the %s to those of others, across %s",
                                 qi_words_trade(ask), qi_words_over(ask)));
    return qi_sheet_close(&sheet, ask, &w->own.sums, err);
}

static quipu_status make_world(work *w, quipu_error *err) {
    qi_ask *ask = &w->own.ask;
    qi_cut world = {.reporter = "all"};
    for (size_t a = 0; a < ask->n_shown; a++)
        if (ask->axes[a].kind == QI_AXIS_REPORTER)
            world.drop |= 1u << a;
        else
            return qi_fail(err, QUIPU_E_ARG,
                           "similarity is of reporters: one partner, or "
                           "several joined with +");
    w->world_share = calloc(w->n_labels + 1, sizeof *w->world_share);
    if (w->world_share == NULL)
        return qi_fail_memory(err, w->n_labels * sizeof *w->world_share);
    return qi_frame_make(ask, &world, &w->world, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_similarity;
    const char *with = qi_argument(me, request, "with");
    work w = {.specialisation = qi_switch(me, request, "specialisation")};
    qi_wish own = {.by = qi_argument(me, request, "reporter") == NULL ? "reporter" : NULL};
    qi_wish other = {.reporter = with != NULL ? with : "all",
                     .by = with == NULL ? "reporter" : NULL};
    quipu_status status;
    QI_GO(open_side(&w, &w.own, request, own, err));
    QI_GO(open_side(&w, &w.other, request, other, err));
    QI_GO(make_world(&w, err));
    QI_GO(write(&w, out, err));
done:
    qi_frame_free(&w.world);
    free(w.world_share);
    close_side(&w.own);
    close_side(&w.other);
    return status;
}

const quipu_measure qi_measure_similarity = {
    .name = "similarity",
    .aliases = "finger-kreinin esi krugman",
    .summary = "Which countries sell the same things: who are the competitors?",
    .without = "of by total rest wide sort periods",
    .detail =
        "Compares the shares of products in the exports of a country with those of others. The "
        "similarity of Finger and Kreinin adds up the smaller of both shares: 100 when they "
        "export in the same proportions, 0 when they have nothing in common. Krugman's "
        "specialisation index is the sum of the absolute differences: 0 to 2, and the same "
        "thing. The correlation of ln(RCA + 0.1) weighs all products alike, so that small ones "
        "count. With --partner the comparison is in that market. --with World compares with "
        "everyone together. With --specialisation the correlation of (X - M)/(X + M), UNCTAD's "
        "trade correlation, is added: near 1 they compete, near -1 they complement each "
        "other.\n\n"
        "Most similar first, by the last year that has figures. A finer nomenclature gives "
        "lower similarity. Missing where one of the two reported nothing; a correlation is "
        "missing where one of the two does not vary.",
    .formula =
        "S_ab = 100 sum_k min(x_ak, x_bk); Krugman sum_k |x_ak - x_bk| = 2 (1 - S/100); corr_k("
        "ln(RCA_ak + 0.1), ln(RCA_bk + 0.1)); corr_k(TSI_ak, TSI_bk)",
    .reference =
        "J. M. Finger and M. E. Kreinin (1979), A measure of \"export similarity\" and its "
        "possible uses, Economic Journal 89; P. Krugman (1991), Geography and Trade, MIT "
        "Press; "
        "D. Bahar, R. Hausmann and C. Hidalgo (2014), Neighbors and the evolution of the "
        "comparative advantage of nations, Journal of International Economics 92(1); UNCTAD, "
        "Handbook of Statistics (trade correlation index).",
    .worked = "A sells copper 60 %, fish 40 %; B copper 50 %, cars 50 %: similarity 50, "
              "Krugman 0.1 + "
              "0.4 + 0.5 = 1.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "similarity",
    .example = "--reporter China --partner Peru --years 2011 --limit 5",
    .run = run,
};
