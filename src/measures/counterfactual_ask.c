/* SPDX-License-Identifier: Apache-2.0 */
/* counterfactual_ask.c - a counterfactual understood before anything is read. */
#include "measures/counterfactual.h"

#include <math.h>

const char *qi_counterfactual_word(const qi_counterfactual *c, const char *name) {
    return qi_argument(c->measure, &c->request, name);
}

/* Where an item of a list ends: at a comma outside brackets. */
static size_t item_length(const char *text) {
    size_t n = 0;
    for (int depth = 0; text[n] != '\0' && (text[n] != ',' || depth > 0); n++)
        depth += (text[n] == '(') - (text[n] == ')');
    return n;
}

static const char *trimmed(qi_arena *arena, const char *text, size_t n) {
    while (n > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        n--;
    }
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    return qi_arena_text(arena, text, n);
}

static quipu_status add_value(qi_counterfactual *c, const char *option, const char *text,
                              size_t n, qi_named_value *list, size_t *count, quipu_error *err) {
    const char *end = memchr(text, '=', n);
    double value = 0;
    if (end == NULL || end == text)
        return qi_fail(err, QUIPU_E_ARG, "%s \"%.*s\": expected a name and a number, rta=0",
                       option, (int)n, text);
    const char *name = trimmed(&c->arena, text, (size_t)(end - text));
    const char *number = trimmed(&c->arena, end + 1, n - (size_t)(end + 1 - text));
    if (name == NULL || number == NULL)
        return qi_fail_memory(err, n);
    if (!qi_parse_double(number, strlen(number), &value) || !isfinite(value))
        return qi_fail(err, QUIPU_E_ARG, "%s \"%.*s\": %s is not a number", option, (int)n,
                       text, number);
    if (*count == QI_MOST_CHANGED)
        return qi_fail(err, QUIPU_E_ARG, "%s: at most %d", option, QI_MOST_CHANGED);
    for (size_t i = 0; i < *count; i++)
        if (strcmp(list[i].name, name) == 0)
            return qi_fail(err, QUIPU_E_ARG, "%s: %s is there twice", option, name);
    list[(*count)++] = (qi_named_value){name, value};
    return QUIPU_OK;
}

/* "rta=0, border=1", perhaps given several times. */
static quipu_status read_values(qi_counterfactual *c, const char *option, qi_named_value **out,
                                size_t *count, quipu_error *err) {
    *out = qi_arena_alloc(&c->arena, QI_MOST_CHANGED * sizeof **out);
    if (*out == NULL)
        return qi_fail_memory(err, QI_MOST_CHANGED * sizeof **out);
    for (size_t i = 0; i < c->request.n_arguments; i++) {
        const quipu_argument *a = &c->request.arguments[i];
        if (strcmp(a->name, option) != 0 || a->value == NULL)
            continue;
        for (const char *at = a->value; *at != '\0';) {
            size_t n = item_length(at);
            QI_TRY(add_value(c, option, at, n, *out, count, err));
            at += n + (at[n] == ',');
        }
    }
    return QUIPU_OK;
}

/* Coefficients that are given are the terms of a formula that nobody estimates. */
static quipu_status write_formula(qi_counterfactual *c, quipu_error *err) {
    const quipu_request *r = &c->request;
    const char *trade = qi_counterfactual_word(c, "trade");
    const char *text = qi_arena_printf(&c->arena, "%s ~ ", trade);
    for (size_t i = 0; i < c->n_given && text != NULL; i++)
        text = qi_arena_printf(&c->arena, "%s%s%s", text, i > 0 ? " + " : "", c->given[i].name);
    if (c->n_given == 0 && text != NULL) /* costs out of a table: any variable does */
        text = qi_arena_printf(&c->arena, "%sborder", text);
    quipu_argument *more = qi_arena_alloc(&c->arena, (r->n_arguments + 1) * sizeof *more);
    if (text == NULL || more == NULL)
        return qi_fail_memory(err, (r->n_arguments + 1) * sizeof *more);
    if (r->n_arguments > 0)
        memcpy(more, r->arguments, r->n_arguments * sizeof *more);
    more[r->n_arguments] = (quipu_argument){"formula", text};
    c->request.arguments = more;
    c->request.n_arguments++;
    return QUIPU_OK;
}

static quipu_status read_elasticity(qi_counterfactual *c, quipu_error *err) {
    const quipu_measure *m = c->measure;
    const char *sigma = qi_counterfactual_word(c, "sigma"),
               *theta = qi_counterfactual_word(c, "theta");
    if (sigma != NULL && theta != NULL)
        return qi_fail(err, QUIPU_E_ARG, "sigma and theta = sigma - 1 are one thing: give one");
    c->world.theta = theta != NULL ? qi_real(m, &c->request, "theta", NAN)
                                   : qi_real(m, &c->request, "sigma", 7) - 1;
    if (!(c->world.theta > 0) || !(c->world.theta < 100))
        return qi_fail(err, QUIPU_E_ARG,
                       "%s: expected a number above %d, 100 at most (the elasticity of "
                       "substitution; theta is sigma - 1)",
                       theta != NULL ? "theta" : "sigma", theta != NULL ? 0 : 1);
    return QUIPU_OK;
}

static quipu_status read_model(qi_counterfactual *c, quipu_error *err) {
    const char *model = qi_counterfactual_word(c, "model"),
               *deficits = qi_counterfactual_word(c, "deficits");
    bool published = qi_is(qi_counterfactual_word(c, "solution"), "published");
    c->hat = qi_is(model, "hat");
    c->world.model = qi_is(model, "conditional") ? QI_GE_CONDITIONAL
                     : published                 ? QI_GE_PUBLISHED
                                                 : QI_GE_FULL;
    bool additive = qi_is(deficits, "additive") || (c->hat && qi_is(deficits, "auto"));
    c->world.deficits = additive ? QI_DEFICITS_ADDITIVE : QI_DEFICITS_MULTIPLICATIVE;
    c->world.reference = QI_NO_REFERENCE;
    if (published && !qi_is(model, "full"))
        return qi_fail(err, QUIPU_E_ARG, "solution published is one of the model full");
    if (published && additive)
        return qi_fail(err, QUIPU_E_ARG, "solution published has multiplicative deficits");
    if (published && qi_counterfactual_word(c, "reference") == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "solution published needs a reference country: --reference DEU");
    return read_elasticity(c, err);
}

static quipu_status check_together(const qi_counterfactual *c, quipu_error *err) {
    if (c->n_new == 0 && qi_counterfactual_word(c, "costs") == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "what changes? --change rta=0 for a variable, or --costs FILE.csv");
    if (c->n_new > 0 && c->n_given == 0 && !c->estimated)
        return qi_fail(err, QUIPU_E_ARG,
                       "by what does %s act on trade? --coefficient %s=0.5, or --formula to "
                       "estimate it",
                       c->new[0].name, c->new[0].name);
    if (c->n_given > 0 && c->estimated)
        return qi_fail(err, QUIPU_E_ARG,
                       "a coefficient is given (--coefficient) or estimated (--formula), not "
                       "both");
    if (!c->estimated && qi_is(qi_counterfactual_word(c, "baseline"), "fitted"))
        return qi_fail(err, QUIPU_E_ARG, "baseline fitted needs a --formula to fit trade by");
    if (c->draws > 0 && qi_is(qi_counterfactual_word(c, "rows"), "pair"))
        return qi_fail(err, QUIPU_E_ARG, "draws: intervals are by country, not by pair");
    if (!c->estimated && c->draws > 0)
        return qi_fail(err, QUIPU_E_ARG,
                       "draws: intervals come from an estimate; give a --formula");
    return QUIPU_OK;
}

static quipu_status read_draws(qi_counterfactual *c, quipu_error *err) {
    enum { MOST_DRAWS = 100000 };
    int64_t draws = qi_integer(c->measure, &c->request, "draws", 0);
    double level = qi_real(c->measure, &c->request, "level", 0.95);
    if (draws != 0 && (draws < 20 || draws > MOST_DRAWS))
        return qi_fail(err, QUIPU_E_ARG, "draws: 20 to %d, or 0 for none", MOST_DRAWS);
    if (!(level > 0 && level < 1))
        return qi_fail(err, QUIPU_E_ARG, "level: between 0 and 1, as 0.95");
    c->draws = (unsigned)draws;
    c->level = level;
    c->resampled = !qi_is(qi_counterfactual_word(c, "method"), "covariance");
    c->seed = (uint64_t)qi_integer(c->measure, &c->request, "seed", 1);
    return QUIPU_OK;
}

/* The panel must have what the second regression reads. */
static quipu_status use_fill(qi_counterfactual *c, quipu_error *err) {
    const char *fill = qi_counterfactual_word(c, "fill");
    qi_formula probe;
    if (fill == NULL)
        return QUIPU_OK;
    if (!c->estimated || qi_is(qi_counterfactual_word(c, "baseline"), "observed"))
        return qi_fail(
            err, QUIPU_E_ARG,
            "fill is of a fitted baseline: it needs a --formula with effects of pairs");
    const char *text = qi_arena_printf(&c->arena, "%s ~ %s", c->g.formulas[0].y->text, fill);
    if (text == NULL)
        return qi_fail_memory(err, strlen(fill));
    QI_TRY(qi_formula_parse(text, &c->arena, &probe, err));
    return qi_formula_uses(&probe, &c->g.uses, err);
}

static quipu_status check_used(const qi_counterfactual *c, const char *name, quipu_error *err) {
    for (size_t i = 0; i < c->g.uses.n; i++)
        if (c->g.uses.items[i].number && strcmp(c->g.uses.items[i].name, name) == 0)
            return QUIPU_OK;
    return qi_fail(
        err, QUIPU_E_ARG,
        "change %s: no term of \"%s\" has that variable, so that nothing would change", name,
        c->g.formulas[0].text);
}

quipu_status qi_counterfactual_ask(qi_counterfactual *c, const quipu_measure *measure,
                                   const quipu_request *request, quipu_error *err) {
    *c = (qi_counterfactual){.measure = measure, .request = *request};
    c->estimated = qi_counterfactual_word(c, "formula") != NULL;
    QI_TRY(read_values(c, "change", &c->new, &c->n_new, err));
    QI_TRY(read_values(c, "coefficient", &c->given, &c->n_given, err));
    QI_TRY(read_draws(c, err));
    QI_TRY(read_model(c, err));
    QI_TRY(check_together(c, err));
    if (!c->estimated)
        QI_TRY(write_formula(c, err));
    qi_arena arena = c->g.arena; /* opening starts anew */
    quipu_status status = qi_gravity_open(&c->g, measure, &c->request, err);
    if (c->g.arena.head == NULL)
        c->g.arena = arena;
    QI_TRY(status);
    for (size_t i = 0; i < c->n_new; i++)
        QI_TRY(check_used(c, c->new[i].name, err));
    QI_TRY(use_fill(c, err));
    if (c->n_given > 0 && c->g.formulas[0].n_x != c->n_given)
        return qi_fail(err, QUIPU_E_ARG,
                       "coefficient: one term for each number, as in rta=0.56");
    if (c->g.n_formulas != 1)
        return qi_fail(err, QUIPU_E_ARG, "counterfactual takes one formula, not %zu",
                       c->g.n_formulas);
    return QUIPU_OK;
}
