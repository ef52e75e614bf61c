/* SPDX-License-Identifier: Apache-2.0 */
/* plan_cells.c - lists of constants (countries, flows, members, classes) and the cells. */
#include "measures/plan.h"

void qi_plan_put(qi_plan *p, const char *format, ...) {
    char *text;
    va_list args;
    va_start(args, format);
    text = qi_arena_vprintf(&p->arena, format, args);
    va_end(args);
    p->memory = p->memory && text != NULL && qi_buffer_text(&p->out, text);
}

void qi_plan_text(qi_plan *p, const char *text) {
    p->memory = p->memory && qi_sql_string(&p->out, p->mapped.dialect, text, strlen(text));
}

const char *qi_plan_fill(qi_plan *p, const char *pattern, const char *expression) {
    qi_buffer text = {0};
    bool ok = qi_sql_fill(&text, pattern, expression) && qi_buffer_add(&text, "", 1);
    const char *kept = ok ? qi_arena_dup(&p->arena, text.bytes) : NULL;
    qi_buffer_free(&text);
    p->memory = p->memory && kept != NULL;
    return kept != NULL ? kept : "";
}

void qi_plan_begin(qi_plan *p, const char *name) {
    qi_plan_put(p, "%s%s AS (", p->begun ? "),\n" : "WITH ", name);
    p->begun = true;
}

/* ---- rows of constants ---- */

typedef struct constants {
    qi_plan *plan;
    size_t rows;
} constants;

/* `columns`: "written code"; numbers have a # before their names. */
static constants begin_rows(qi_plan *p, const char *name, const char *const *columns,
                            size_t n) {
    bool function = p->mapped.dialect->values_function;
    qi_plan_put(p, "%s%s", p->begun ? "),\n" : "WITH ", name);
    p->begun = true;
    qi_plan_put(p, function ? " AS (SELECT * FROM values('" : " (");
    for (size_t i = 0; i < n; i++) {
        bool number = columns[i][0] == '#';
        qi_plan_put(p, "%s%s%s", i > 0 ? ", " : "", columns[i] + number,
                    !function ? ""
                    : number  ? " Int64"
                              : " String");
    }
    qi_plan_put(p, function ? "', " : ") AS (VALUES ");
    return (constants){p, 0};
}

static void begin_row(constants *c) {
    qi_plan_put(c->plan, "%s(", c->rows == 0 ? "" : c->rows % 8 == 0 ? ",\n    " : ", ");
    c->rows++;
}

static void end_rows(constants *c) {
    if (c->plan->mapped.dialect->values_function)
        qi_plan_put(c->plan, ")");
}

static quipu_status put_countries(qi_plan *p, quipu_error *err) {
    const quipu_country *all;
    size_t n;
    QI_TRY(quipu_countries(p->request->nomen, &all, &n, err));
    constants rows = begin_rows(p, "country", (const char *const[]){"written", "code"}, 2);
    for (size_t i = 0; i < n; i++) {
        if (all[i].kind == QUIPU_WORLD || all[i].kind == QUIPU_AGGREGATE)
            continue;
        begin_row(&rows);
        if (p->numbers)
            qi_plan_put(p, "'%u', ", all[i].number);
        else
            qi_plan_put(p, "'%s', ", all[i].iso3);
        qi_plan_put(p, "'%s')", all[i].iso3);
    }
    end_rows(&rows);
    return QUIPU_OK;
}

static void put_flows(qi_plan *p) {
    static const char *const WORDS[] = {
        "export",    "exports",    "x",          "dx",         "import",     "imports",
        "m",         "re-export",  "re-exports", "rx",         "reexport",   "reexports",
        "re export", "re exports", "re-import",  "re-imports", "rm",         "reimport",
        "reimports", "re import",  "re imports", "reconciled", "reconcileds"};
    constants rows = begin_rows(p, "flow_word", (const char *const[]){"written", "flow"}, 2);
    for (size_t i = 0; i < QI_COUNT(WORDS); i++) {
        quipu_flow flow;
        if (!quipu_flow_parse(WORDS[i], strlen(WORDS[i]), &flow))
            continue;
        begin_row(&rows);
        qi_plan_put(p, "'%s', '%s')", WORDS[i], quipu_flow_name(flow));
    }
    end_rows(&rows);
}

/* ---- members of what was chosen ---- */

static bool is_out(const qi_plan *p, const qi_choice *choice, const quipu_country *country) {
    for (size_t w = 0; w < choice->n_words; w++) {
        const qi_word *word = &choice->words[w];
        const quipu_member *members;
        size_t n = 0;
        if (!word->without)
            continue;
        if (word->country == country)
            return true;
        if (word->group == NULL ||
            quipu_group_members(p->request->nomen, word->group, &members, &n, NULL) != QUIPU_OK)
            continue;
        for (size_t i = 0; i < n; i++)
            if (members[i].country == country->id)
                return true;
    }
    return false;
}

typedef QI_LIST(quipu_member) member_list;

/* A country of several words counts once. */
static quipu_status add_member(qi_plan *p, member_list *list, quipu_member m,
                               quipu_error *err) {
    for (size_t i = 0; i < list->n; i++) {
        const quipu_member *old = &list->items[i];
        if (old->country != m.country || (old->to != 0 && m.from > old->to) ||
            (m.to != 0 && old->from > m.to))
            continue;
        if (old->from == 0 && old->to == 0)
            return QUIPU_OK;
        return qi_fail(err, QUIPU_E_ARG,
                       "sql-plan %s: a country is in two of the groups joined, at times that "
                       "overlap: name them one by one",
                       p->measure->name);
    }
    return QI_PUSH(list, m) ? QUIPU_OK : qi_fail_memory(err, sizeof m);
}

static quipu_status list_members(qi_plan *p, const qi_choice *choice, member_list *list,
                                 quipu_error *err) {
    for (size_t w = 0; w < choice->n_words; w++) {
        const qi_word *word = &choice->words[w];
        const quipu_member *members;
        size_t n = 0;
        if (word->without)
            continue;
        if (word->country != NULL)
            QI_TRY(add_member(p, list, (quipu_member){.country = word->country->id}, err));
        if (word->group != NULL)
            QI_TRY(quipu_group_members(p->request->nomen, word->group, &members, &n, err));
        for (size_t i = 0; i < n; i++)
            QI_TRY(add_member(p, list, members[i], err));
    }
    return QUIPU_OK;
}

static quipu_status put_members(qi_plan *p, const qi_plan_who *who, quipu_error *err) {
    const quipu_country *all;
    size_t n_all;
    if (who->n == 0)
        return QUIPU_OK;
    QI_TRY(quipu_countries(p->request->nomen, &all, &n_all, err));
    constants rows =
        begin_rows(p, who->name, (const char *const[]){"item", "code", "#since", "#until"}, 4);
    for (size_t i = 0; i < who->n; i++) {
        member_list list = {0};
        quipu_status status = list_members(p, &who->choices[i], &list, err);
        for (size_t m = 0; m < list.n && status == QUIPU_OK; m++) {
            const quipu_member *member = &list.items[m];
            const quipu_country *country = &all[member->country];
            if (is_out(p, &who->choices[i], country))
                continue;
            begin_row(&rows);
            qi_plan_text(p, who->choices[i].code);
            qi_plan_put(p, ", '%s', %d, %d)", country->iso3,
                        member->from != 0 ? member->from : 1900,
                        member->to != 0 ? member->to : 2100);
        }
        free(list.items);
        QI_TRY(status);
    }
    end_rows(&rows);
    return rows.rows > 0 ? QUIPU_OK : qi_fail(err, QUIPU_E_ARG, "a group without members");
}

/* ---- cells ---- */

static const char *key_of(qi_plan *p, qi_engine_role role) {
    qi_buffer text = {0};
    bool ok = qi_select_key(&p->mapped, role, &text) && qi_buffer_add(&text, "", 1);
    const char *kept = ok ? qi_arena_dup(&p->arena, text.bytes) : NULL;
    qi_buffer_free(&text);
    p->memory = p->memory && kept != NULL;
    return kept != NULL ? kept : "";
}

/* A text as the reader of files takes it: without blanks around it. */
static const char *word_of(qi_plan *p, qi_engine_role role, const char *letters) {
    return qi_arena_printf(&p->arena, "%s(trim(%s))", letters,
                           qi_plan_fill(p, p->mapped.dialect->text, key_of(p, role)));
}

static quipu_status constant_country(qi_plan *p, const char *text, const char *as,
                                     quipu_error *err) {
    const quipu_country *country;
    QI_TRY(quipu_country_find(p->request->nomen, text, &country, err));
    qi_plan_put(p, ", '%s' AS %s", country->iso3, as);
    return QUIPU_OK;
}

static quipu_status put_rows(qi_plan *p, quipu_error *err) {
    const qi_engine_field *f = p->mapped.field;
    qi_plan_put(p, "SELECT %s AS period", key_of(p, QI_E_PERIOD));
    if (f[QI_E_FLOW].column != NULL)
        qi_plan_put(p, ", %s AS flow", word_of(p, QI_E_FLOW, "lower"));
    for (int side = 0; side < 2; side++) {
        qi_engine_role role = side == 0 ? QI_E_REPORTER : QI_E_PARTNER;
        const char *as = side == 0 ? "reporter" : "partner";
        if (f[role].column != NULL)
            qi_plan_put(p, ", %s AS %s", word_of(p, role, "upper"), as);
        else
            QI_TRY(constant_country(p, f[role].constant, as, err));
    }
    if (f[QI_E_PRODUCT].column != NULL)
        qi_plan_put(p, ", %s AS product", word_of(p, QI_E_PRODUCT, "upper"));
    else
        qi_plan_put(p, ", 'TOTAL' AS product");
    qi_plan_put(p, ",\n    ");
    p->memory = p->memory && qi_select_amount(&p->mapped, QI_E_VALUE, &p->out);
    qi_plan_put(p, " AS v");
    p->memory = p->memory && qi_select_from(&p->mapped, &p->out);
    return QUIPU_OK;
}

quipu_status qi_plan_cells(qi_plan *p, quipu_error *err) {
    const qi_engine_field *f = p->mapped.field;
    bool flow = f[QI_E_FLOW].column != NULL, reporter = f[QI_E_REPORTER].column != NULL,
         partner = f[QI_E_PARTNER].column != NULL;
    const char *constant = f[QI_E_FLOW].constant;
    quipu_flow known = QUIPU_EXPORT;
    if (constant != NULL && !quipu_flow_parse(constant, strlen(constant), &known))
        return qi_fail(err, QUIPU_E_ARG, "--map: \"%s\" is no flow", constant);
    QI_TRY(put_countries(p, err));
    if (flow)
        put_flows(p);
    QI_TRY(put_members(p, &p->reporter, err));
    QI_TRY(put_members(p, &p->partner, err));
    if (p->of.n > 0 && p->of.choices != p->reporter.choices &&
        p->of.choices != p->partner.choices)
        QI_TRY(put_members(p, &p->of, err));
    qi_plan_begin(p, "cell");
    qi_plan_put(p,
                "SELECT t.period, %s%s%s AS flow, %s AS reporter, %s AS partner, t.product,"
                "\n    %s AS v\nFROM (",
                flow ? "" : "'", flow ? "f.flow" : quipu_flow_name(known), flow ? "" : "'",
                reporter ? "r.code" : "t.reporter", partner ? "p.code" : "t.partner",
                qi_plan_fill(p, p->mapped.dialect->bigint, "sum(t.v) * 1000"));
    QI_TRY(put_rows(p, err));
    qi_plan_put(p, ") AS t");
    if (flow)
        qi_plan_put(p, "\nJOIN flow_word AS f ON f.written = t.flow");
    if (reporter)
        qi_plan_put(p, "\nJOIN country AS r ON r.written = t.reporter");
    if (partner)
        qi_plan_put(p, "\nJOIN country AS p ON p.written = t.partner");
    qi_plan_put(p, "\nGROUP BY t.period%s, %s, %s, t.product", flow ? ", f.flow" : "",
                reporter ? "r.code" : "t.reporter", partner ? "p.code" : "t.partner");
    return QUIPU_OK;
}
