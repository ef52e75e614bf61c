/* SPDX-License-Identifier: Apache-2.0 */
/* complementarity.c - does what one country sells fit what another buys? */
#include "measures/world_rows.h"

static const quipu_param params[] = {
    {"over", QUIPU_PARAM_TEXT, NULL, "product", "compare products, or classes of a scheme"},
    {"demand", QUIPU_PARAM_CHOICE, "imports exports", "imports",
     "what the partner buys: as it reports its imports, or as all reporters export to it"},
};

enum { VALUE, MICHAELY, DRYSDALE, INTENSITY, BIAS, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"complementarity", "Complementarity (0-100)", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"drysdale", "Drysdale", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"intensity", "Intensity", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"bias", "Bias", QUIPU_REAL, QUIPU_FIGURE, "", 2},
};

/* Rows mostly share a reporter and always the world: those vectors are read once. */
typedef struct kept {
    bool full;
    qi_rows of;
    qi_vector vector;
} kept;

typedef struct work {
    qi_ask *ask;
    bool by_exports;
    qi_frame pairs;          /* every reporter with every partner, whether they trade or not */
    qi_frame supply, ours;   /* exports of the reporters by product, and in all */
    qi_frame demand, theirs; /* imports of the partners by product, and in all */
    qi_world_rows rows;      /* or, when it is ready, this for `demand` */
    qi_frame world;          /* imports of all by product */
    kept *supplied, *wanted; /* of each period: the vector read last, and of whom */
    qi_vector m;
} work;

/* ---- the indexes ---- */

static double drysdale(const qi_vector *x, const qi_vector *m, const qi_vector *world) {
    double sum = 0;
    size_t i = 0, w = 0;
    for (size_t j = 0; j < m->n; j++) {
        uint64_t label = m->label[j];
        while (i < x->n && x->label[i] < label)
            i++;
        while (w < world->n && world->label[w] < label)
            w++;
        if (i < x->n && x->label[i] == label && w < world->n && world->label[w] == label)
            sum += (double)x->value[i] * ((double)m->value[j] / (double)world->value[w]);
    }
    return sum / (double)x->sum * ((double)world->sum / (double)m->sum);
}

static bool known_at(const qi_frame *f, uint64_t key, size_t period) {
    size_t row = qi_frame_find(f, key);
    return row != QI_NO_ROW && f->known[qi_frame_at(f, 0, row, period)];
}

static quipu_status read_kept(const qi_frame *f, uint64_t key, size_t period, kept *out,
                              quipu_error *err) {
    qi_rows rows = qi_frame_group(f, key);
    if (out->full && rows.from == out->of.from && rows.to == out->of.to)
        return QUIPU_OK;
    out->full = true;
    out->of = rows;
    return qi_vector_read(f, 0, rows, period, &out->vector, err);
}

static quipu_status read_demand(work *w, uint64_t key, size_t period, quipu_error *err) {
    if (w->rows.ready)
        return qi_world_rows_read(&w->rows, key, period, &w->m, err);
    return qi_vector_read(&w->demand, 0, qi_frame_group(&w->demand, key), period, &w->m, err);
}

static quipu_status figures(void *user, qi_sheet *sheet, size_t row, const qi_line *line,
                            size_t period, quipu_error *err) {
    work *w = user;
    if (line->known[period])
        qi_sheet_integer(sheet, row, VALUE, line->value[period]);
    if (!known_at(&w->ours, line->key, period) || !known_at(&w->theirs, line->key, period))
        return QUIPU_OK;
    const qi_vector *x = &w->supplied[period].vector, *all = &w->wanted[period].vector;
    QI_TRY(read_kept(&w->supply, line->key, period, &w->supplied[period], err));
    QI_TRY(read_kept(&w->world, line->key, period, &w->wanted[period], err));
    QI_TRY(read_demand(w, line->key, period, err));
    if (x->sum <= 0 || w->m.sum <= 0 || all->sum <= 0)
        return QUIPU_OK;
    double fit = drysdale(x, &w->m, all);
    qi_sheet_real(sheet, row, MICHAELY, 100 * qi_vector_overlap(x, &w->m));
    qi_sheet_real(sheet, row, DRYSDALE, fit);
    if (!line->known[period])
        return QUIPU_OK;
    double intensity =
        (double)line->value[period] / (double)x->sum * ((double)all->sum / (double)w->m.sum);
    qi_sheet_real(sheet, row, INTENSITY, intensity);
    qi_sheet_real(sheet, row, BIAS, intensity / fit); /* missing where nothing fits */
    return QUIPU_OK;
}

/* ---- frames ---- */

/* A country with itself is no pair. */
static bool is_itself(const qi_ask *ask, uint64_t key) {
    int r = qi_ask_axis(ask, QI_AXIS_REPORTER), j = qi_ask_axis(ask, QI_AXIS_PARTNER);
    if (j < 0 || ask->axes[j].listed)
        return false;
    if (r < 0) {
        const quipu_country_set *set = &ask->views[0].reporters;
        size_t n;
        quipu_cube_countries(ask->cube, &n);
        size_t partner = ask->axes[j].position[qi_key_label(&ask->axes[j], key)], members = 0;
        for (size_t c = 0; c < n && !set->all && ask->n_periods > 0; c++)
            members += quipu_country_set_has(set, 0, c);
        return members == 1 && quipu_country_set_has(set, 0, partner);
    }
    return !ask->axes[r].listed &&
           qi_key_label(&ask->axes[r], key) == qi_key_label(&ask->axes[j], key);
}

static quipu_status make_pairs(work *w, const qi_frame *trade, quipu_error *err) {
    qi_frame *out = &w->pairs;
    size_t n, cells;
    *out = (qi_frame){
        .ask = w->ask, .dropped = trade->dropped, .n_periods = trade->n_periods, .n_planes = 1};
    if (!qi_mul_size(w->ours.n_rows, w->theirs.n_rows, &n) ||
        !qi_mul_size(n, trade->n_periods, &cells))
        return qi_fail_memory(err, SIZE_MAX);
    out->key = calloc(n + 1, sizeof *out->key);
    out->value = calloc(cells + 1, sizeof *out->value);
    out->known = calloc(cells + 1, 1);
    if (out->key == NULL || out->value == NULL || out->known == NULL)
        return qi_fail_memory(err, cells * sizeof *out->value);
    for (size_t i = 0; i < w->ours.n_rows; i++)
        for (size_t j = 0; j < w->theirs.n_rows; j++) {
            uint64_t key = w->ours.key[i] | w->theirs.key[j];
            if (!is_itself(w->ask, key))
                out->key[out->n_rows++] = key;
        }
    qi_sort_keys(out->key, out->n_rows);
    for (size_t row = 0; row < out->n_rows; row++) {
        size_t from = qi_frame_find(trade, out->key[row]);
        for (size_t p = 0; p < out->n_periods; p++) {
            size_t to = qi_frame_at(out, 0, row, p);
            out->known[to] = known_at(&w->ours, out->key[row], p); /* zero, if not found */
            if (from != QI_NO_ROW)
                out->value[to] = trade->value[qi_frame_at(trade, 0, from, p)];
        }
    }
    return QUIPU_OK;
}

static quipu_status make_room(work *w, quipu_error *err) {
    size_t n = w->ask->n_periods + 1;
    w->supplied = qi_arena_alloc(&w->ask->arena, n * sizeof *w->supplied);
    w->wanted = qi_arena_alloc(&w->ask->arena, n * sizeof *w->wanted);
    bool fine = w->supplied != NULL && w->wanted != NULL;
    return fine ? QUIPU_OK : qi_fail_memory(err, n * sizeof(kept));
}

static quipu_status make_frames(work *w, quipu_error *err) {
    qi_ask *ask = w->ask;
    int r = qi_ask_axis(ask, QI_AXIS_REPORTER), j = qi_ask_axis(ask, QI_AXIS_PARTNER);
    uint32_t reporter = r >= 0 ? 1u << r : 0, partner = j >= 0 ? 1u << j : 0;
    uint32_t over = qi_over_drop(ask);
    bool turned = !w->by_exports;
    qi_cut trade_cut = {.drop = over};
    qi_cut supply = {.drop = partner, .partner = "all"}, ours = supply;
    qi_cut demand = {.drop = reporter, .reporter = "all", .turned = turned}, theirs = demand;
    qi_cut world = {
        .drop = reporter | partner, .reporter = "all", .partner = "all", .turned = turned};
    qi_frame trade = {0};
    ours.drop |= over;
    theirs.drop |= over;
    quipu_status status;
    QI_GO(qi_frame_make(ask, &trade_cut, &trade, err));
    QI_GO(qi_frame_make(ask, &supply, &w->supply, err));
    QI_GO(qi_frame_make(ask, &ours, &w->ours, err));
    QI_GO(qi_world_rows_open(ask, &demand, QI_AXIS_PARTNER, &w->rows, err));
    if (!w->rows.ready)
        QI_GO(qi_frame_make(ask, &demand, &w->demand, err));
    QI_GO(qi_frame_make(ask, &theirs, &w->theirs, err));
    QI_GO(qi_frame_make(ask, &world, &w->world, err));
    QI_GO(make_pairs(w, &trade, err));
done:
    qi_frame_free(&trade);
    return status;
}

/* ---- the table ---- */

static quipu_status write(work *w, const qi_lines *lines, quipu_table *out, quipu_error *err) {
    qi_ask *ask = w->ask;
    qi_sheet sheet;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES,
                         qi_sheet_n_rows(ask, lines), out, err));
    QI_TRY(qi_sheet_rows(&sheet, lines, figures, w, err));
    QI_TRY(qi_ask_note(ask, err,
                       "Compared are shares of %s in all the reporter exports and in all the "
                       "partner imports, %s.",
                       qi_words_over(ask),
                       w->by_exports ? "as all reporters of the cube export to it"
                                     : "as it reports them"));
    QI_TRY(qi_ask_note(ask, err, "Intensity = Drysdale's complementarity x bias."));
    QI_TRY(quipu_table_set_title(out, err, "Complementarity of the %s%s, across %s",
                                 qi_words_trade(ask), qi_words_by(ask), qi_words_over(ask)));
    return qi_sheet_close(&sheet, ask, &w->supply, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_complementarity;
    qi_ask ask;
    qi_lines lines = {0};
    work w = {.ask = &ask, .by_exports = qi_choice_of(me, request, "demand") == 1};
    qi_wish wish = {.over = qi_argument(me, request, "over")};
    if (qi_argument(me, request, "partner") == NULL)
        wish.by = "partner";
    QI_TRY(qi_ask_open(&ask, me, request, &wish, err));
    quipu_status status;
    QI_GO(qi_over_check(&ask, wish.over, err));
    if (ask.axes[ask.n_shown].kind == QI_AXIS_PARTNER)
        QI_GO(qi_fail(err, QUIPU_E_ARG, "over: product or a class scheme"));
    QI_GO(make_room(&w, err));
    QI_GO(make_frames(&w, err));
    QI_GO(qi_lines_make(&ask, &w.pairs, QI_LINES_NO_TOTAL, &lines, err));
    QI_GO(write(&w, &lines, out, err));
done:
    for (size_t p = 0; w.supplied != NULL && w.wanted != NULL && p < ask.n_periods; p++) {
        qi_vector_free(&w.supplied[p].vector);
        qi_vector_free(&w.wanted[p].vector);
    }
    qi_vector_free(&w.m);
    qi_lines_free(&lines);
    qi_frame_free(&w.pairs);
    qi_frame_free(&w.supply);
    qi_frame_free(&w.ours);
    qi_frame_free(&w.demand);
    qi_frame_free(&w.theirs);
    qi_frame_free(&w.world);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_complementarity = {
    .name = "complementarity",
    .aliases = "tci",
    .summary = "Does what a country sells fit what a partner buys?",
    .without = "of flow total rest",
    .detail =
        "Michaely's index compares the shares of products in everything the reporter exports "
        "with their shares in everything the partner imports: 100 when they are the same, 0 "
        "when they have no product in common. Drysdale's index weighs each product by its "
        "scarcity in world imports: above 1 the reporter's exports are what the partner buys "
        "more of than the world does. Trade intensity is Drysdale's complementarity times a "
        "bias, which is what distance, language or policy add.\n\n"
        "Every partner has a row, also those the reporter does not sell to yet. In a cube "
        "without imports, --demand exports takes what all reporters sell to the partner. "
        "Michaely's index falls as the nomenclature becomes finer: compare figures of one "
        "nomenclature only. Missing where either of the two reported nothing.",
    .formula =
        "x_ik = X_ik / X_i; m_jk = M_jk / M_j; Michaely 100 (1 - sum_k |m_jk - x_ik| / 2); "
        "Drysdale C_ij = sum_k (X_ik / X_i)(M_w / M_wk)(M_jk / M_j); bias = [(X_ij / X_i) / "
        "(M_j / M_w)] / C_ij",
    .reference =
        "M. Michaely (1996), Trade preferential agreements in Latin America: an ex-ante "
        "assessment, World Bank Policy Research Working Paper 1583; P. Drysdale (1967), "
        "Japanese-Australian trade, thesis, Australian National University; P. Drysdale and R. "
        "Garnaut (1982), Hitotsubashi Journal of Economics 22(2).",
    .worked =
        "A exports copper 60 and fish 40; B imports copper 20 and cars 80; the world imports "
        "copper 300, fish 100, cars 600. Michaely: 100 (1 - (0.4 + 0.4 + 0.8)/2) = 20. "
        "Drysdale: 0.6 x (1000/300) x 0.2 = 0.4. Where A sells 6 to B, intensity is 0.06/0.1 = "
        "0.6 and bias 1.5.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "complementarity",
    .example = "--reporter Peru --partner China,Japan,Korea --years 2011",
    .run = run,
};
