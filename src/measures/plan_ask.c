/* SPDX-License-Identifier: Apache-2.0 */
/* plan_ask.c - what is asked of an engine, from the arguments of a measure. */
#include "measures/plan.h"

/* What would need the cube, or is for the eye. */
static const char *const LEFT_OUT[] = {"basis", "classes", "gold", "periods",
                                       "sort",  "total",   "rest", "wide"};

static quipu_status check(qi_plan *p, quipu_error *err) {
    QI_TRY(qi_check_arguments(p->measure, p->request, err));
    for (size_t i = 0; i < p->request->n_arguments; i++) {
        const quipu_argument *a = &p->request->arguments[i];
        for (size_t k = 0; k < QI_COUNT(LEFT_OUT); k++)
            if (strcmp(a->name, LEFT_OUT[k]) == 0)
                return qi_fail(err, QUIPU_E_ARG,
                               "sql-plan %s: --%s does not go into the statement; import the "
                               "cube for it",
                               p->measure->name, a->name);
    }
    bool top = strcmp(p->measure->name, "top") == 0;
    if (!top && qi_argument(p->measure, p->request, "limit") != NULL)
        return qi_fail(err, QUIPU_E_ARG, "sql-plan: --limit is for top; else add LIMIT to it");
    return QUIPU_OK;
}

static quipu_status read_who(qi_plan *p, const char *argument, const char *name,
                             qi_plan_who *out, quipu_error *err) {
    qi_choice *choices;
    QI_TRY(qi_choices_parse(p->request->nomen, argument, &p->arena, &choices, &out->n, err));
    out->choices = choices;
    out->name = name;
    for (size_t i = 0; i < out->n; i++)
        for (size_t w = 0; w < choices[i].n_words; w++) {
            const qi_word *word = &choices[i].words[w];
            if (word->country == NULL && word->group == NULL) {
                if (out->n > 1 || choices[i].n_words > 1)
                    return qi_fail(err, QUIPU_E_ARG,
                                   "sql-plan: the world stands alone, not in a list");
                out->n = 0; /* everyone */
                return QUIPU_OK;
            }
            out->dated |= word->group != NULL && word->group->dated;
        }
    return QUIPU_OK;
}

static quipu_status read_axes(qi_plan *p, const char *by, quipu_error *err) {
    static const char *const NAMES[] = {"reporter", "partner", "product"};
    const quipu_scheme *schemes;
    size_t n_schemes, n = 0;
    QI_TRY(quipu_schemes(p->request->nomen, &schemes, &n_schemes, err));
    for (by += strspn(by, " ,"); *by != 0; by += strspn(by, " ,")) {
        size_t length = strcspn(by, " ,");
        char *word = qi_arena_text(&p->arena, by, length);
        if (word == NULL)
            return qi_fail_memory(err, length);
        by += length;
        int axis = -1;
        for (int a = 0; a < QI_P_N_AXES; a++)
            if (strcmp(word, NAMES[a]) == 0)
                axis = a;
        for (size_t s = 0; s < n_schemes && axis < 0; s++)
            if (strcmp(word, schemes[s].name) == 0) {
                axis = QI_P_PRODUCT;
                p->scheme = schemes[s].name;
            }
        if (strcmp(word, "year") == 0 || strcmp(word, "month") == 0)
            continue;
        if (axis < 0 || p->axis[axis])
            return qi_fail(err, QUIPU_E_ARG,
                           "sql-plan: --by \"%s\": take reporter, partner, product or a scheme "
                           "of classes, each once",
                           word);
        p->axis[axis] = true;
        p->shared = (qi_plan_axis)axis;
        if (++n > 2)
            return qi_fail(err, QUIPU_E_ARG, "by: at most two dimensions besides the year");
    }
    return QUIPU_OK;
}

/* The default of --by, as the measures have it. */
static const char *default_by(const qi_plan *p) {
    const char *name = p->measure->name;
    bool reporter = p->reporter.n > 0, partner = p->partner.n > 0, product = p->product != NULL;
    return strcmp(name, "share") == 0       ? partner || product ? "" : "partner"
           : strcmp(name, "structure") == 0 ? "technology"
           : strcmp(name, "top") == 0       ? "product"
           : strcmp(name, "rca") == 0       ? reporter ? "product" : "reporter,product"
                                            : "";
}

/* Of whom a share is, when countries are named: they are then also whom is looked at. */
static quipu_status read_of(qi_plan *p, bool by, quipu_error *err) {
    const char *of = qi_argument(p->measure, p->request, "of");
    if (qi_is(of, "classified"))
        return qi_fail(err, QUIPU_E_ARG, "sql-plan: --of classified needs the cube");
    if (of == NULL || qi_is(of, "selection") || qi_is(of, "total"))
        return QUIPU_OK;
    QI_TRY(read_who(p, of, "member_of_whole", &p->of, err));
    if (p->of.n > 1)
        return qi_fail(err, QUIPU_E_ARG, "of \"%s\": one country or group is the denominator",
                       of);
    if (strcmp(p->measure->name, "rca") == 0)
        return QUIPU_OK;
    bool reporters = p->shared == QI_P_REPORTER;
    if (by && reporters && p->reporter.n == 0)
        p->reporter = p->of;
    else if (by && !reporters && p->partner.n == 0)
        p->partner = p->of;
    return QUIPU_OK;
}

static quipu_period after(quipu_period period) {
    return period > 9999 && period % 100 == 12 ? period + 89 : period + 1;
}

/* "1995-2011": from here to there; "1995,2000": each. */
static quipu_status read_periods(qi_plan *p, quipu_error *err) {
    const char *years = qi_argument(p->measure, p->request, "years"), *at = years;
    enum { MOST = 2000 };
    if (years == NULL)
        return QUIPU_OK;
    p->periods = qi_arena_alloc(&p->arena, MOST * sizeof *p->periods);
    if (p->periods == NULL)
        return qi_fail_memory(err, MOST * sizeof *p->periods);
    while (*at != 0) {
        char *end;
        long first = strtol(at, &end, 10), last = first;
        if (*end == '-')
            last = strtol(end + 1, &end, 10);
        bool good = end > at && (*end == 0 || *end == ',') && first >= 1900 && last >= first &&
                    last <= 210012 && (first > 9999) == (last > 9999);
        for (quipu_period t = (quipu_period)first; good && t <= last; t = after(t)) {
            good = p->n_periods < MOST;
            if (good)
                p->periods[p->n_periods++] = t;
        }
        if (!good)
            return qi_fail(err, QUIPU_E_ARG,
                           "sql-plan: --years as numbers, \"1995-2011\" or \"1995,2011\", not "
                           "\"%s\"",
                           years);
        p->is_range = p->is_range || last > first;
        at = end + (*end == ',');
    }
    return QUIPU_OK;
}

static quipu_status check_dates(const qi_plan *p, quipu_error *err) {
    if ((p->axis[QI_P_PARTNER] && !p->listed[QI_P_PARTNER] && p->partner.dated))
        return qi_fail(
            err, QUIPU_E_ARG,
            "sql-plan: members of that group came and went, so that its partners one "
            "by one need the cube");
    return QUIPU_OK;
}

quipu_status qi_plan_ask(qi_plan *p, quipu_error *err) {
    const quipu_measure *m = p->measure;
    QI_TRY(check(p, err));
    p->product = qi_argument(m, p->request, "product");
    p->flow = "export";
    const char *flow = qi_argument(m, p->request, "flow");
    quipu_flow known;
    if (flow != NULL && !quipu_flow_parse(flow, strlen(flow), &known))
        return qi_fail(err, QUIPU_E_ARG, "sql-plan: one flow, not \"%s\"", flow);
    if (flow != NULL)
        p->flow = quipu_flow_name(known);
    QI_TRY(read_who(p, qi_argument(m, p->request, "reporter"), "member_of_reporter",
                    &p->reporter, err));
    QI_TRY(read_who(p, qi_argument(m, p->request, "partner"), "member_of_partner", &p->partner,
                    err));
    const char *by = qi_argument(m, p->request, "by");
    by = by != NULL ? by : default_by(p);
    p->shared = p->partner.n > 0     ? QI_P_PARTNER
                : p->product != NULL ? QI_P_PRODUCT
                                     : QI_P_REPORTER;
    QI_TRY(read_axes(p, by, err));
    QI_TRY(read_of(p, by[0] != 0, err));
    for (int a = QI_P_REPORTER; a <= QI_P_PARTNER; a++) {
        const qi_plan_who *who = a == QI_P_REPORTER ? &p->reporter : &p->partner;
        if (who->n > 1 && p->axis[a])
            return qi_fail(err, QUIPU_E_ARG,
                           "sql-plan: a list of countries and --by the same: join them with +");
        p->listed[a] = who->n > 1;
        p->axis[a] |= p->listed[a];
    }
    QI_TRY(check_dates(p, err));
    return read_periods(p, err);
}
