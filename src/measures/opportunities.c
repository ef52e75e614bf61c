/* SPDX-License-Identifier: Apache-2.0 */
/* opportunities.c - what could be sold to a partner: near to what a country can do, and wanted.
 *
 *   supply    advantage, density and complexity of each product, from all the cube's exporters
 *   demand    what the partner buys of it, how fast that grows, from whom, at which tariff
 *   score     each column turned into ranks from 0 to 1, averaged with weights that are printed
 */
#include "measures/opportunity.h"
#include "measures/rca.h"

enum { DEFAULT_LIMIT = 20, DEFAULT_SPAN = 5, NAME_BYTES = 56 };

static const quipu_param params[] = {
    {"only", QUIPU_PARAM_CHOICE, "all absent present", "all",
     "products the country has without or with advantage"},
    {"min-demand", QUIPU_PARAM_REAL, NULL, "1000000",
     "US$ a year the partner must buy of a product at least"},
    {"weights", QUIPU_PARAM_TEXT, NULL, NULL,
     "of the columns in the score, as density=3,growth=0; what is not named keeps its own"},
    QI_PARAMS_SCORE,
    QI_PARAMS_WORLD,
};

enum {
    RANK,
    PRODUCT,
    NAME,
    SCORE,
    VALUE,
    RCA,
    DENSITY,
    PCI,
    DEMAND,
    GROWTH,
    FIT,
    SOLD,
    HELD,
    POTENTIAL,
    LEADER,
    LEADER_SHARE,
    TARIFF,
    MFN,
    N_COLUMNS
};

static const quipu_column_spec columns[N_COLUMNS] = {
    {"rank", "Rank", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"product", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"product_name", "Product", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"score", "Score", QUIPU_REAL, QUIPU_FIGURE, "0 to 100", 1},
    {"value", "Exports to all", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"rca", "RCA", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"density", "Density", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"pci", "PCI", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"demand", "Partner buys", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"growth", "Growth a year", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"complementarity", "Fit", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"sold", "Sold to partner", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"held", "Share held", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"potential", "More at world share", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"leader", "Main rival", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"leader_share", "Its share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 0},
    {"tariff", "Tariff", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"mfn", "MFN tariff", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

/* What the score is made of.  A low tariff and a low share held are better. */
static const struct part {
    const char *name, *words;
    double weight;
    bool less_is_better;
} parts[] = {
    {"density", "density", 4, false},
    {"pci", "PCI", 1, false},
    {"demand", "size of demand", 2, false},
    {"growth", "growth of demand", 1, false},
    {"fit", "fit", 2, false},
    {"room", "share not yet held", 1, true},
    {"tariff", "low tariff", 1, true},
};
enum { N_PARTS = sizeof parts / sizeof parts[0] };

typedef struct candidate {
    size_t product; /* of the world */
    size_t good;
    double by[N_PARTS]; /* NAN = missing */
    double score;
} candidate;

typedef struct work {
    const quipu_request *request;
    qi_study study;
    const qi_year *year;
    size_t country;             /* of the world */
    const quipu_money *exports; /* of it, by product */
    qi_demand demand;
    quipu_period first, last;
    double weight[N_PARTS];
    bool used[N_PARTS]; /* some product has it */
    double match;       /* complementarity of the pair */
    candidate *list;
    size_t n;
} work;

static const quipu_measure *me(void) {
    return &qi_measure_opportunities;
}

/* ---- the request ---- */

static quipu_status read_weight(work *w, const char *text, const char *at, size_t length,
                                quipu_error *err) {
    size_t name = 0, part = 0;
    qi_suggest near;
    char word[32], suggestion[QI_SUGGEST_TEXT];
    while (name < length && at[name] != '=')
        name++;
    snprintf(word, sizeof word, "%.*s", (int)(name < 31 ? name : 31), at);
    while (part < N_PARTS && !qi_is(parts[part].name, word))
        part++;
    if (part == N_PARTS) {
        qi_suggest_start(&near, word);
        for (size_t i = 0; i < N_PARTS; i++)
            qi_suggest_try(&near, parts[i].name);
        return qi_fail(err, QUIPU_E_ARG,
                       "weights \"%s\": there is no \"%s\"; take density, pci, demand, growth, "
                       "fit, room or tariff%s",
                       text, word, qi_suggest_text(&near, suggestion));
    }
    if (name >= length ||
        !qi_parse_double(at + name + 1, length - name - 1, &w->weight[part]) ||
        !(w->weight[part] >= 0 && w->weight[part] <= 1e6))
        return qi_fail(err, QUIPU_E_ARG,
                       "weights \"%s\": %s wants a number from 0 on, as in %s=2", text, word,
                       word);
    return QUIPU_OK;
}

static quipu_status read_weights(work *w, quipu_error *err) {
    const char *text = qi_argument(me(), w->request, "weights");
    for (size_t i = 0; i < N_PARTS; i++)
        w->weight[i] = parts[i].weight;
    for (const char *at = text != NULL ? text : ""; *at != '\0'; at += strspn(at, ", ")) {
        size_t length = strcspn(at, ", ");
        QI_TRY(read_weight(w, text, at, length, err));
        at += length;
    }
    return QUIPU_OK;
}

static bool has_flow(const quipu_cube *cube, quipu_flow flow, quipu_period period) {
    return quipu_cube_find_slab(cube, period, flow) >= 0;
}

/* The last year typed, or of the cube; the first typed, or five years before as far as the
 * cube goes. */
static quipu_status read_years(work *w, qi_arena *arena, quipu_error *err) {
    size_t n, n_spans;
    qi_span *spans;
    const quipu_slab *slabs = quipu_cube_slabs(w->request->cube, &n);
    if (n == 0 || slabs[n - 1].period > 9999)
        return qi_fail(err, QUIPU_E_ARG, "opportunities wants years; the cube has %s",
                       n == 0 ? "no trade" : "months");
    QI_TRY(qi_spans_parse(w->request->cube, qi_argument(me(), w->request, "years"), arena,
                          &spans, &n_spans, err));
    w->first = w->last = slabs[n - 1].period;
    for (size_t i = n; i > 0 && n_spans == 0; i--)
        if (slabs[i - 1].period >= w->last - DEFAULT_SPAN)
            w->first = slabs[i - 1].period;
    for (size_t s = 0; s < n_spans; s++) {
        w->first = s == 0 || spans[s].first < w->first ? spans[s].first : w->first;
        w->last = s == 0 || spans[s].last > w->last ? spans[s].last : w->last;
    }
    return QUIPU_OK;
}

/* The question of supply: the same request, of one year, to all partners, and where the cube
 * has no exports, as the importers report them. */
static quipu_status open_supply(work *w, qi_arena *arena, quipu_error *err) {
    static const char *const left_out[] = {"partner", "years", "flow", "basis", "limit"};
    const quipu_request *r = w->request;
    quipu_request supply = *r;
    quipu_argument *list = qi_arena_alloc(arena, (r->n_arguments + 3) * sizeof *list);
    char year[16];
    snprintf(year, sizeof year, "%d", (int)w->last);
    if (list == NULL)
        return qi_fail_memory(err, r->n_arguments * sizeof *list);
    supply.arguments = list;
    supply.n_arguments = 0;
    for (size_t i = 0; i < r->n_arguments; i++) {
        bool kept = true;
        for (size_t o = 0; o < QI_COUNT(left_out); o++)
            kept &= !qi_is(r->arguments[i].name, left_out[o]);
        if (kept)
            list[supply.n_arguments++] = r->arguments[i];
    }
    const char *basis = qi_argument(me(), r, "basis");
    bool exports = has_flow(r->cube, QUIPU_EXPORT, w->last) ||
                   has_flow(r->cube, QUIPU_RECONCILED, w->last);
    list[supply.n_arguments++] = (quipu_argument){"years", qi_arena_dup(arena, year)};
    list[supply.n_arguments++] = (quipu_argument){"flow", "export"};
    list[supply.n_arguments++] = (quipu_argument){"basis", exports ? basis : "mirror"};
    return qi_study_open(
        &w->study, me(), &supply,
        QI_STUDY_PRESENCE | QI_STUDY_SCORES | QI_STUDY_DENSITY | QI_STUDY_FRAIL, err);
}

static quipu_status find_country(work *w, qi_arena *arena, quipu_error *err) {
    qi_ask *ask = &w->study.ask;
    int index = qi_one_country(ask->cube, ask->reporters, ask->n_reporters);
    if (index < 0)
        return qi_fail(err, QUIPU_E_ARG,
                       "opportunities wants --reporter: one country of the cube");
    const qi_world *world = &w->year->world;
    for (w->country = 0; w->country < world->n_countries; w->country++)
        if (world->country[w->country] == (uint32_t)index) {
            quipu_money *room = qi_arena_alloc(arena, (world->n_products + 1) * sizeof *room);
            if (room == NULL)
                return qi_fail_memory(err, world->n_products * sizeof *room);
            w->exports = qi_world_row(world, w->country, room);
            return QUIPU_OK;
        }
    return qi_fail(err, QUIPU_E_NOT_FOUND,
                   "%s is not among the exporters compared in %d: it has no exports by product "
                   "there, or a filter leaves it out",
                   ask->reporters[0].name, (int)w->last);
}

/* ---- candidates ---- */

static double growth_of(const work *w, size_t good) {
    double a = (double)w->demand.first[good], b = (double)w->demand.last[good];
    int years = w->last - w->first;
    return w->demand.has_first && years > 0 && a > 0 ? pow(b / a, 1.0 / years) - 1 : NAN;
}

static double fit_of(const work *w, size_t product, size_t good) {
    const qi_world *world = &w->year->world;
    double x = (double)w->exports[product] / (double)world->by_country[w->country];
    double m = (double)w->demand.last[good] / (double)w->demand.total;
    return x < m ? x : m;
}

static void describe(const work *w, candidate *c) {
    const qi_year *y = w->year;
    size_t at = w->country * y->world.n_products + c->product;
    double demand = (double)w->demand.last[c->good];
    c->by[0] = y->density.density[at];
    c->by[1] = y->scores.pci != NULL ? y->scores.pci[c->product] : (double)NAN;
    c->by[2] = demand;
    c->by[3] = growth_of(w, c->good);
    c->by[4] = fit_of(w, c->product, c->good);
    c->by[5] = (double)w->demand.held[c->good] / demand;
    c->by[6] = w->demand.applied[c->good];
}

static quipu_status list_candidates(work *w, quipu_error *err) {
    const qi_year *y = w->year;
    size_t only = qi_choice_of(me(), w->request, "only");
    double least = qi_real(me(), w->request, "min-demand", 0) * QUIPU_MONEY_PER_USD;
    w->list = calloc(y->world.n_products + 1, sizeof *w->list);
    if (w->list == NULL)
        return qi_fail_memory(err, y->world.n_products * sizeof *w->list);
    for (size_t p = 0; p < y->world.n_products; p++) {
        candidate c = {.product = p, .good = y->world.product[p]};
        bool present = qi_present(&y->presence, w->country, p);
        double demand = (double)w->demand.last[c.good];
        w->match += w->demand.total > 0 ? fit_of(w, p, c.good) : 0;
        if (!qi_study_shows_product(&w->study, y, p) || !(demand > 0) || demand < least ||
            (only == 1 && present) || (only == 2 && !present))
            continue;
        describe(w, &c);
        w->list[w->n++] = c;
    }
    return QUIPU_OK;
}

/* ---- the score ---- */

static int real_order(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Where a value stands among all, from 0 to 1; equal values in the middle of their places. */
static double place_of(const double *sorted, size_t n, double value) {
    size_t below = 0, upto, low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    below = upto = low;
    while (upto < n && sorted[upto] == value)
        upto++;
    return n > 1 ? ((double)below + (double)(upto - below - 1) / 2) / (double)(n - 1) : .5;
}

static quipu_status score(work *w, quipu_error *err) {
    double *sorted = malloc((w->n + 1) * sizeof *sorted);
    double *weights = calloc(w->n + 1, sizeof *weights);
    if (sorted == NULL || weights == NULL) {
        free(sorted);
        free(weights);
        return qi_fail_memory(err, w->n * sizeof *sorted);
    }
    for (size_t part = 0; part < N_PARTS; part++) {
        size_t n = 0;
        for (size_t i = 0; i < w->n; i++)
            if (!isnan(w->list[i].by[part]))
                sorted[n++] = w->list[i].by[part];
        w->used[part] = n > 0 && w->weight[part] > 0;
        if (!w->used[part])
            continue;
        qsort(sorted, n, sizeof *sorted, real_order);
        for (size_t i = 0; i < w->n; i++) {
            if (isnan(w->list[i].by[part]))
                continue;
            double place = place_of(sorted, n, w->list[i].by[part]);
            weights[i] += w->weight[part];
            w->list[i].score +=
                w->weight[part] * (parts[part].less_is_better ? 1 - place : place);
        }
    }
    for (size_t i = 0; i < w->n; i++)
        w->list[i].score = weights[i] > 0 ? 100 * w->list[i].score / weights[i] : (double)NAN;
    free(sorted);
    free(weights);
    return QUIPU_OK;
}

static int best_first(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    bool no_x = isnan(x->score), no_y = isnan(y->score);
    if (no_x != no_y)
        return no_x ? 1 : -1;
    if (!no_x && (x->score > y->score || x->score < y->score))
        return x->score > y->score ? -1 : 1;
    return x->product < y->product ? -1 : x->product > y->product;
}

/* ---- the table ---- */

/* What would be sold at the country's share of world exports, less what is. */
static quipu_money potential_of(const work *w, const candidate *c) {
    const qi_world *world = &w->year->world;
    double share = (double)w->exports[c->product] / (double)world->by_product[c->product];
    double more = share * (double)w->demand.last[c->good] - (double)w->demand.held[c->good];
    return more > 0 ? (quipu_money)llround(more) : 0;
}

static quipu_status put_rival(const work *w, const candidate *c, quipu_table *out, size_t row,
                              quipu_error *err) {
    size_t n;
    const quipu_cube_country *all = quipu_cube_countries(w->request->cube, &n);
    if (w->demand.leader[c->good] == QI_NO_SUPPLIER)
        return QUIPU_OK;
    quipu_table_set_real(out, LEADER_SHARE, row,
                         (double)w->demand.leader_value[c->good] /
                             (double)w->demand.last[c->good]);
    return quipu_table_set_text(out, LEADER, row, all[w->demand.leader[c->good]].name, err);
}

/* Long names end where a line of so many columns could still be read. */
static quipu_status put_name(const work *w, size_t product, quipu_table *out, size_t row,
                             quipu_error *err) {
    QI_TRY(qi_put_product(&w->study, out, PRODUCT, row, w->year, product, err));
    if (!quipu_table_present(out, NAME, row))
        return QUIPU_OK;
    const char *name = out->columns[NAME].data.text[row];
    size_t end = NAME_BYTES;
    char text[NAME_BYTES + 8];
    if (strlen(name) <= NAME_BYTES)
        return QUIPU_OK;
    while (end > 0 && name[end] != ' ')
        end--;
    while (end > 0 && strchr(" ,;(", name[end - 1]) != NULL)
        end--;
    snprintf(text, sizeof text, "%.*s ...", (int)end, name);
    return quipu_table_set_text(out, NAME, row, text, err);
}

static quipu_status write_row(work *w, const candidate *c, size_t rank, quipu_table *out,
                              quipu_error *err) {
    const qi_world *world = &w->year->world;
    quipu_money value = w->exports[c->product];
    size_t row;
    QI_TRY(quipu_table_add_rows(out, 1, &row, err));
    QI_TRY(put_name(w, c->product, out, row, err));
    quipu_table_set_integer(out, RANK, row, (int64_t)rank);
    quipu_table_set_real(out, SCORE, row, c->score);
    quipu_table_set_integer(out, VALUE, row, value);
    quipu_table_set_real(out, RCA, row,
                         qi_rca((double)value, (double)world->by_country[w->country],
                                (double)world->by_product[c->product], (double)world->total));
    quipu_table_set_real(out, DENSITY, row, c->by[0]);
    quipu_table_set_real(out, PCI, row, c->by[1]);
    quipu_table_set_integer(out, DEMAND, row, w->demand.last[c->good]);
    quipu_table_set_real(out, GROWTH, row, c->by[3]);
    quipu_table_set_real(out, FIT, row, c->by[4]);
    quipu_table_set_integer(out, SOLD, row, w->demand.held[c->good]);
    quipu_table_set_real(out, HELD, row, c->by[5]);
    quipu_table_set_integer(out, POTENTIAL, row, potential_of(w, c));
    if (w->demand.tariff_period != 0) {
        quipu_table_set_real(out, TARIFF, row, c->by[6]);
        quipu_table_set_real(out, MFN, row, w->demand.mfn[c->good]);
    }
    return put_rival(w, c, out, row, err);
}

static quipu_status note_score(work *w, quipu_table *out, quipu_error *err) {
    qi_buffer text = {0}, missing = {0};
    bool fine = true;
    for (size_t i = 0; i < N_PARTS && fine; i++) {
        const char *number = qi_ask_number(&w->study.ask, w->weight[i]);
        if (w->used[i])
            fine = qi_buffer_printf(&text, "%s%s %s", text.length > 0 ? ", " : "",
                                    parts[i].words, number);
        else if (w->weight[i] > 0)
            fine = qi_buffer_printf(&missing, "%s%s", missing.length > 0 ? ", " : "",
                                    parts[i].words);
    }
    quipu_status status =
        fine ? quipu_table_add_note(
                   out, err,
                   "Score: mean of the places of a product among the %zu listed, 0 = last and "
                   "100 = first in each, weighted: %s. What a product lacks is left out of its "
                   "mean.%s%s%s",
                   w->n, text.length > 0 ? text.bytes : "nothing",
                   missing.length > 0 ? " Not to be had from this cube: " : "",
                   missing.length > 0 ? missing.bytes : "", missing.length > 0 ? "." : "")
             : qi_fail_memory(err, 256);
    qi_buffer_free(&text);
    qi_buffer_free(&missing);
    return status;
}

static quipu_status note_supply(work *w, quipu_table *out, quipu_error *err) {
    const qi_world *world = &w->year->world;
    QI_TRY(quipu_table_add_note(
        out, err,
        "RCA, density and PCI: exports of %zu countries in %zu products in %d%s; present from "
        "an RCA of %s.",
        world->n_countries, world->n_products, (int)w->last,
        w->study.ask.views[0].swapped ? ", as the importers report them" : "",
        qi_ask_number(&w->study.ask, w->study.cutoff)));
    if (w->year->trouble[0] != '\0')
        return quipu_table_add_note(out, err, "No PCI: %s", w->year->trouble);
    return QUIPU_OK;
}

static quipu_status note_demand(work *w, const char *partner, quipu_table *out,
                                quipu_error *err) {
    char least[QI_NUMBER_TEXT], match[32];
    qi_format_double(least, qi_real(me(), w->request, "min-demand", 0) / 1e6);
    qi_format_double_rounded(match, sizeof match, 100 * w->match, 1);
    QI_TRY(quipu_table_add_note(
        out, err,
        "Partner buys: %s in %d, from everyone, %s; from %s million US$ on. Growth a year "
        "since %d. "
        "Share "
        "held is of what the partner buys; the main rival is the largest other supplier.",
        partner, (int)w->last,
        w->demand.mirrored ? "as its suppliers report it" : "as it reports it", least,
        (int)w->first));
    QI_TRY(quipu_table_add_note(
        out, err,
        "Fit: the smaller of the product's share in the country's exports and in the partner's "
        "imports; over all products it adds up to the complementarity of the two, %s of 100. "
        "More "
        "at world share: what the country's share of world exports of the product would be of "
        "the "
        "partner's purchases, less what is sold already.",
        match));
    if (w->demand.tariff_period != 0)
        return quipu_table_add_note(
            out, err,
            "Tariff: simple average applied to the country's goods, the "
            "latest the cube has up to %d.",
            (int)w->demand.tariff_period);
    return quipu_table_add_note(out, err, "The cube has no tariffs of this pair.");
}

static quipu_status write(work *w, const char *partner, quipu_table *out, quipu_error *err) {
    int64_t limit = qi_integer(me(), w->request, "limit", DEFAULT_LIMIT);
    size_t shown = limit > 0 && (size_t)limit < w->n ? (size_t)limit : w->n;
    if (w->n > 1)
        qsort(w->list, w->n, sizeof *w->list, best_first);
    size_t n_columns = w->demand.tariff_period != 0 ? N_COLUMNS : TARIFF;
    QI_TRY(quipu_table_init(out, me()->name, columns, n_columns, err));
    for (size_t i = 0; i < shown; i++)
        QI_TRY(write_row(w, &w->list[i], i + 1, out, err));
    QI_TRY(quipu_table_set_title(out, err, "What %s could sell to %s, %d",
                                 w->study.ask.reporters[0].name, partner, (int)w->last));
    QI_TRY(note_score(w, out, err));
    QI_TRY(note_demand(w, partner, out, err));
    return note_supply(w, out, err);
}

static quipu_status partner_name(work *w, qi_arena *arena, const char **out, quipu_error *err) {
    const char *text = qi_argument(me(), w->request, "partner");
    qi_choice *choices = NULL;
    size_t n;
    QI_TRY(qi_choices_parse(w->request->nomen, text, arena, &choices, &n, err));
    if (n != 1)
        return qi_fail(err, QUIPU_E_ARG,
                       "opportunities wants --partner: one country or group (joined with +)");
    *out = choices[0].name;
    return QUIPU_OK;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    work w = {.request = request};
    qi_arena arena = {0};
    const char *partner = NULL;
    quipu_status status;
    QI_GO(read_weights(&w, err));
    QI_GO(partner_name(&w, &arena, &partner, err));
    QI_GO(read_years(&w, &arena, err));
    if (quipu_cube_n_products(request->cube) < 2)
        QI_GO(qi_fail(err, QUIPU_E_NOT_FOUND,
                      "opportunities are of products; the cube holds totals only"));
    QI_GO(open_supply(&w, &arena, err));
    w.year = &w.study.years[0];
    QI_GO(find_country(&w, &arena, err));
    qi_demand_wish wish = {.cube = request->cube,
                           .nomen = request->nomen,
                           .partner = qi_argument(me(), request, "partner"),
                           .exporter = w.year->world.country[w.country],
                           .first = w.first,
                           .last = w.last,
                           .threads = request->threads};
    QI_GO(qi_demand_make(&wish, &w.study.goods, &w.demand, err));
    QI_GO(list_candidates(&w, err));
    QI_GO(score(&w, err));
    QI_GO(write(&w, partner, out, err));
done:
    free(w.list);
    qi_demand_free(&w.demand);
    qi_study_close(&w.study);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_opportunities = {
    .name = "opportunities",
    .aliases = "potential",
    .without = "flow by classes gold periods sort total rest wide",
    .summary = "What could a country sell to a partner that it does not, or not enough?",
    .detail =
        "One ranked list of products that the partner buys and that are near to what the "
        "country "
        "can do. Density says how near: which part of the related products, weighted by "
        "proximity, the country exports with advantage already. PCI says how demanding a "
        "product "
        "is. The partner's side is what it buys of the product from everyone, how fast that "
        "grows, how much of it the country holds, who holds most, and the tariff. What the "
        "country's share of world exports would be worth in this market gives a first size to "
        "what is missing.\n\n"
        "The score is a weighted mean of places among the products listed, not of the figures, "
        "so "
        "that no single large number decides; the weights are printed and --weights changes "
        "them "
        "(0 leaves a column out). It orders a list for a closer look, and forecasts nothing: "
        "quality, sanitary rules, transport and price are not in trade statistics.\n\n"
        "--only absent shows what the country does not export with advantage yet, --only "
        "present "
        "what it does. Years: the last of --years is looked at, growth is since the first; "
        "without it the last year of the cube and five years before. In a cube of imports "
        "only, "
        "exports are what importers report. Density and PCI compare with all exporters of the "
        "cube: with a few of them, or a few markets, they say little.",
    .formula =
        "score = 100 sum_c w_c place_c / sum_c w_c over the columns c a product has; place = "
        "(products below + half of the others equal) / (n - 1), from the other end for tariff "
        "and "
        "share held; fit_k = min(X_ik/X_i, M_jk/M_j); more = max(0, X_ik/X_wk M_jk - X_ijk); "
        "density and PCI: see density and product-complexity",
    .reference =
        "Density: C. A. Hidalgo, B. Klinger, A.-L. Barabasi, R. Hausmann (2007), The product "
        "space "
        "conditions the development of nations, Science 317; complementarity: M. Michaely "
        "(1996), "
        "Trade preferential agreements in Latin America, World Bank Policy Research Working "
        "Paper "
        "1583; the idea of demand times supply: Y. Decreux, J. Spies (2016), Export potential "
        "assessments, International Trade Centre.",
    .worked =
        "Of three products density is 0.2, 0.4 and 0.3, demand 50, 10 and 30. With --weights "
        "density=3,demand=1 and all others 0 the places are 0, 1, 0.5 and 1, 0, 0.5; the "
        "scores "
        "25, 75 and 50: the second comes first.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_COLUMNS,
    .figure = "score",
    .example = "--reporter Peru --partner Korea",
    .run = run,
};
