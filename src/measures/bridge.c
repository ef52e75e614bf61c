/* SPDX-License-Identifier: Apache-2.0 */
/* bridge.c - from our figure to a published one, in named steps that add up. */
#include "measures/common.h"

static const quipu_param params[] = {
    {"published", QUIPU_PARAM_REAL, NULL, NULL, "the figure to arrive at, in --unit"},
    {"unit", QUIPU_PARAM_CHOICE, "usd thousand million billion", "usd", "US$ of --published"},
    {"published-by", QUIPU_PARAM_TEXT, NULL, NULL, "who published it, for the table"},
    {"against", QUIPU_PARAM_FILE, NULL, NULL,
     "another cube: the same selection in another release, source or nomenclature"},
    {"to-basis", QUIPU_PARAM_CHOICE, "reporter mirror", NULL, "whose books"},
    {"to-partner", QUIPU_PARAM_TEXT, NULL, NULL, "another set of partners"},
    {"to-product", QUIPU_PARAM_TEXT, NULL, NULL, "another set of products"},
    {"less-product", QUIPU_PARAM_TEXT, NULL, NULL, "products left out there, such as 7108"},
    {"plus-flow", QUIPU_PARAM_CHOICE, "export import re-export re-import", NULL,
     "a flow counted there too"},
    {"to-valuation", QUIPU_PARAM_CHOICE, "cif fob", NULL,
     "from FOB to CIF, or from CIF to FOB, by --cif"},
    {"cif", QUIPU_PARAM_REAL, NULL, "0.08", "freight and insurance as a part of the FOB value"},
    {"given", QUIPU_PARAM_TEXT, NULL, NULL,
     "amounts known from elsewhere, in --unit: gold=7000,bunkers=-120"},
};

enum { STEP, WHAT, CHANGE, VALUE, PART, N_COLUMNS };

static const quipu_column_spec columns[N_COLUMNS] = {
    {"step", "Step", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"what", "What changes", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"change", "Change", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"value", "Figure", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"part", "Part of the difference", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

typedef struct step {
    const char *name, *what;
    quipu_money value; /* after it */
} step;

typedef struct work {
    qi_ask *ask;
    const quipu_cube *cube; /* of the step reached */
    quipu_cube *other;      /* --against; owned */
    quipu_selection s;      /* of the step reached */
    double unit;
    QI_LIST(step) steps;
} work;

static const char *argument(const work *w, const char *name) {
    return qi_argument(w->ask->measure, w->ask->request, name);
}

static quipu_status overflow(quipu_error *err) {
    return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
}

/* ---- one figure ---- */

/* A bridge over a year that one side lacks would call its whole trade a difference. */
static quipu_status check_told(const quipu_view *view, const char *step_name,
                               quipu_error *err) {
    for (size_t p = 0; p < view->n_periods; p++)
        if (!qi_any_reported(view, p))
            return qi_fail(err, QUIPU_E_NOT_FOUND,
                           "bridge, step %s: nothing was reported for %s in %d", step_name,
                           view->reporters.label, (int)view->periods[p]);
    return QUIPU_OK;
}

static quipu_status total_of(const work *w, const quipu_selection *s, const char *step_name,
                             quipu_money *out, quipu_error *err) {
    quipu_view view;
    quipu_cells cells = {0};
    quipu_rollup_options options = qi_rollup_options(w->ask->request);
    *out = 0;
    QI_TRY(qi_view_open(w->cube, w->ask->nomen, s, true, NULL, &view, err));
    quipu_status status = check_told(&view, step_name, err);
    if (status == QUIPU_OK)
        status = quipu_rollup(&view, &options, &cells, err);
    for (size_t i = 0; i < cells.n && status == QUIPU_OK; i++)
        if (!qi_add_money(out, cells.value[i]))
            status = overflow(err);
    quipu_cells_free(&cells);
    quipu_view_close(&view);
    return status;
}

/* ---- steps ---- */

static quipu_money reached(const work *w) {
    return w->steps.n > 0 ? w->steps.items[w->steps.n - 1].value : 0;
}

static quipu_status push(work *w, const char *name, const char *what, quipu_money value,
                         quipu_error *err) {
    step one = {name, what, value};
    return what != NULL && QI_PUSH(&w->steps, one) ? QUIPU_OK : qi_fail_memory(err, sizeof one);
}

static const char *or_all(const char *text) {
    return text != NULL && text[0] != '\0' ? text : "all";
}

/* The selection has changed: what it adds up to now. */
static quipu_status push_selection(work *w, const char *name, const char *what,
                                   quipu_error *err) {
    quipu_money value;
    QI_TRY(total_of(w, &w->s, name, &value, err));
    return push(w, name, what, value, err);
}

/* What the two cubes say of themselves, where that differs. */
static const char *differences(work *w) {
    static const char *const keys[] = {"source", "release", "nomenclature", "valuation"};
    qi_buffer text = {0};
    for (size_t i = 0; i < QI_COUNT(keys); i++) {
        const char *a = quipu_cube_meta(w->ask->cube, keys[i]);
        const char *b = quipu_cube_meta(w->other, keys[i]);
        a = a != NULL ? a : "not said";
        b = b != NULL ? b : "not said";
        if (strcmp(a, b) != 0)
            qi_buffer_printf(&text, "%s%s: %s -> %s", text.length > 0 ? "; " : "", keys[i], a,
                             b);
    }
    const char *copy = qi_arena_dup(
        &w->ask->arena, text.length > 0 ? text.bytes : "the same source and release");
    qi_buffer_free(&text);
    return copy;
}

static quipu_status other_cube(work *w, quipu_error *err) {
    const char *path = argument(w, "against");
    if (path == NULL)
        return QUIPU_OK;
    QI_TRY(quipu_cube_open(path, &w->other, err));
    w->cube = w->other;
    return push_selection(w, "cube", differences(w), err);
}

/* One option that changes one part of the selection. */
static quipu_status change(work *w, const char *option, const char *name, const char **field,
                           quipu_error *err) {
    const char *to = argument(w, option);
    if (to == NULL)
        return QUIPU_OK;
    const char *what = qi_arena_printf(&w->ask->arena, "%s -> %s", or_all(*field), to);
    *field = to;
    return push_selection(w, name, what, err);
}

static quipu_status less_products(work *w, quipu_error *err) {
    const char *less = argument(w, "less-product");
    quipu_selection s = w->s;
    quipu_money value;
    if (less == NULL)
        return QUIPU_OK;
    s.product = less;
    QI_TRY(total_of(w, &s, "excluded", &value, err));
    return push(w, "excluded", qi_arena_printf(&w->ask->arena, "less products %s", less),
                reached(w) - value, err);
}

static quipu_status plus_flow(work *w, quipu_error *err) {
    const char *flow = argument(w, "plus-flow");
    quipu_selection s = w->s;
    quipu_money value, sum = reached(w);
    if (flow == NULL)
        return QUIPU_OK;
    s.flow = flow;
    QI_TRY(total_of(w, &s, "flow", &value, err));
    if (!qi_add_money(&sum, value))
        return overflow(err);
    return push(w, "flow", qi_arena_printf(&w->ask->arena, "plus %ss", flow), sum, err);
}

static quipu_status valuation(work *w, quipu_error *err) {
    const char *to = argument(w, "to-valuation");
    double cif = qi_real(w->ask->measure, w->ask->request, "cif", 0.08);
    if (to == NULL)
        return QUIPU_OK;
    if (!(cif >= 0 && cif <= 1))
        return qi_fail(err, QUIPU_E_ARG, "cif: a fraction from 0 to 1, such as 0.08");
    bool up = qi_is(to, "cif");
    double value = (double)reached(w) * (up ? 1 + cif : 1 / (1 + cif));
    if (fabs(value) > 9e18)
        return overflow(err);
    const char *what =
        qi_arena_printf(&w->ask->arena, "%s, freight and insurance %s %% of the FOB value",
                        up ? "FOB -> CIF" : "CIF -> FOB", qi_ask_number(w->ask, 100 * cif));
    return push(w, "valuation", what, (quipu_money)llround(value), err);
}

static bool scaled(const work *w, double amount, quipu_money *out) {
    double value = amount * w->unit * QUIPU_MONEY_PER_USD;
    if (!(fabs(value) < 9e18))
        return false;
    *out = (quipu_money)llround(value);
    return true;
}

static quipu_status given(work *w, quipu_error *err) {
    const char *text = argument(w, "given");
    for (const char *at = text != NULL ? text : ""; *at != '\0'; at += strspn(at, ",")) {
        size_t length = strcspn(at, ","), name = strcspn(at, "=,");
        double amount;
        quipu_money value, sum = reached(w);
        if (name == 0 || name >= length ||
            !qi_parse_double(at + name + 1, length - name - 1, &amount) ||
            !scaled(w, amount, &value))
            return qi_fail(err, QUIPU_E_ARG,
                           "given \"%s\": names and amounts, as gold=7000,"
                           "bunkers=-120",
                           text);
        if (!qi_add_money(&sum, value))
            return overflow(err);
        QI_TRY(push(w, "given", qi_arena_text(&w->ask->arena, at, name), sum, err));
        at += length;
    }
    return QUIPU_OK;
}

static quipu_status take_steps(work *w, quipu_error *err) {
    w->cube = w->ask->cube;
    w->s = w->ask->selection;
    QI_TRY(push_selection(w, "ours", qi_words_trade(w->ask), err));
    QI_TRY(other_cube(w, err));
    QI_TRY(change(w, "to-basis", "basis", &w->s.basis, err));
    QI_TRY(change(w, "to-partner", "partners", &w->s.partner, err));
    QI_TRY(change(w, "to-product", "products", &w->s.product, err));
    QI_TRY(less_products(w, err));
    QI_TRY(plus_flow(w, err));
    QI_TRY(valuation(w, err));
    QI_TRY(given(w, err));
    const char *published = argument(w, "published");
    const char *by = argument(w, "published-by");
    quipu_money value;
    double amount;
    if (published == NULL)
        return QUIPU_OK;
    if (!qi_parse_double(published, strlen(published), &amount) || !scaled(w, amount, &value))
        return qi_fail(err, QUIPU_E_ARG, "published \"%s\": an amount in --unit", published);
    return push(w, "residual", by != NULL ? by : "what no step explains", value, err);
}

/* ---- the table ---- */

static quipu_status write_row(quipu_table *out, const char *name, const char *what,
                              quipu_error *err, size_t *row) {
    QI_TRY(quipu_table_add_rows(out, 1, row, err));
    QI_TRY(quipu_table_set_text(out, STEP, *row, name, err));
    return quipu_table_set_text(out, WHAT, *row, what, err);
}

static quipu_status write_rows(const work *w, quipu_table *out, quipu_error *err) {
    quipu_money from = w->steps.items[0].value;
    double all = (double)reached(w) - (double)from;
    for (size_t i = 0; i < w->steps.n; i++) {
        const step *one = &w->steps.items[i];
        size_t row;
        bool residual = qi_is(one->name, "residual");
        QI_TRY(write_row(out, one->name, residual ? "what no step explains" : one->what, err,
                         &row));
        quipu_table_set_integer(out, VALUE, row, one->value);
        if (i == 0)
            continue;
        quipu_money by;
        if (__builtin_sub_overflow(one->value, w->steps.items[i - 1].value, &by))
            return overflow(err);
        quipu_table_set_integer(out, CHANGE, row, by);
        if (all > 0 || all < 0)
            quipu_table_set_real(out, PART, row, (double)by / all);
    }
    size_t row;
    const step *last = &w->steps.items[w->steps.n - 1];
    bool published = qi_is(last->name, "residual");
    QI_TRY(write_row(out, published ? "published" : "reached",
                     published ? last->what : "after all steps", err, &row));
    quipu_table_set_integer(out, VALUE, row, last->value);
    quipu_money by;
    if (__builtin_sub_overflow(last->value, from, &by))
        return overflow(err);
    quipu_table_set_integer(out, CHANGE, row, by);
    return QUIPU_OK;
}

static quipu_status write(work *w, quipu_table *out, quipu_error *err) {
    qi_ask *ask = w->ask;
    QI_TRY(quipu_table_init(out, ask->measure->name, columns, N_COLUMNS, err));
    QI_TRY(write_rows(w, out, err));
    QI_TRY(quipu_table_set_title(out, err, "From our figure to the published one: %s, %s",
                                 qi_words_trade(ask), qi_words_years(ask)));
    QI_TRY(quipu_table_add_note(out, err,
                                "Steps are taken one after the other, in this order, each from "
                                "where the one before it arrived; in another order they would "
                                "share the difference otherwise. They add up exactly; the last "
                                "row's change is their sum."));
    if (argument(w, "published") != NULL)
        QI_TRY(quipu_table_add_note(out, err,
                                    "Residual: published less what the steps arrive "
                                    "at. Part: of published less ours."));
    for (size_t i = 0; i < ask->notes.n_notes; i++)
        QI_TRY(quipu_table_add_note(out, err, "%s", ask->notes.notes[i]));
    if (w->other == NULL)
        return QUIPU_OK;
    return quipu_table_add_note(out, err, "The other cube: %s.",
                                quipu_cube_fingerprint(w->other));
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    static const double units[] = {1, 1e3, 1e6, 1e9};
    const quipu_measure *me = &qi_measure_bridge;
    qi_ask ask;
    work w = {.ask = &ask, .unit = units[qi_choice_of(me, request, "unit")]};
    QI_TRY(qi_ask_open(&ask, me, request, NULL, err));
    quipu_status status;
    if (ask.n_flows != 1)
        QI_GO(qi_fail(err, QUIPU_E_ARG, "flow: a bridge is of one flow"));
    if (qi_argument(me, request, "years") == NULL && ask.n_periods > 1)
        QI_GO(qi_fail(err, QUIPU_E_ARG, "bridge wants --years: those of the published figure"));
    QI_GO(take_steps(&w, err));
    QI_GO(write(&w, out, err));
done:
    free(w.steps.items);
    quipu_cube_close(w.other);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_bridge = {
    .name = "bridge",
    .without = "of by classes gold periods limit sort total rest wide",
    .summary = "Why is our figure not the published one?",
    .detail =
        "Starts from the figure of the selection and goes to a published one in named steps: "
        "another release or source (--against CUBE), the partners' books (--to-basis), other "
        "partners or products (--to-partner, --to-product), products left out there, such as "
        "gold "
        "(--less-product), a flow counted there (--plus-flow), FOB or CIF (--to-valuation), "
        "and "
        "amounts known from elsewhere (--given). Only what the cubes can answer is computed; a "
        "given amount is called given; what is left is the residual, and is printed also when "
        "it "
        "is nearly everything.\n\n"
        "Each step changes one thing and keeps what the steps before it changed. Without "
        "--published the steps alone are shown. A step for which a year was not reported is an "
        "error, not a difference. Years are added up.",
    .formula = "published = V_0 + sum_s (V_s - V_s-1) + residual; V_s is the figure after "
               "changing the "
               "s-th thing, all before it changed; part_s = (V_s - V_s-1) / (published - V_0)",
    .reference = "",
    .worked =
        "Ours 100; the new release has 104, with one more partner 110, without gold 98; "
        "published are 97. Steps + 4, + 6, - 12, residual - 1: 100 + 4 + 6 - 12 - 1 = 97.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_COLUMNS,
    .figure = "change",
    .example =
        "--reporter Peru --years 2011 --to-basis mirror --published 46319 --unit million",
    .run = run,
};
