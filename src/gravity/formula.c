/* SPDX-License-Identifier: Apache-2.0 */
/* formula.c - the text of a formula to a tree.
 *
 *   formula := value '~' terms [ '|' joined { '+' joined } ]
 *   terms   := term { '+' term }        term := factor { ':' factor }
 *   factor  := NAME | log(f) | log1p(f) | sqrt(f) | exp(f) | lag(f,k) | lead(f,k)
 *            | i(NAME [, f] [, ref=LEVEL])
 *   joined  := NAME { '^' NAME }
 */
#include "gravity/formula.h"

enum { MOST_DEEP = 16, MOST_TEXT = 8192 };

typedef struct parser {
    qi_arena *arena;
    quipu_error *err;
    const char *what; /* "formula", "cluster" */
    const char *text, *at;
    unsigned deep;
} parser;

quipu_status qi_formula_fail(uint32_t column, quipu_error *err, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return qi_fail(err, QUIPU_E_ARG, "formula, column %u: %s", column, text);
}

static uint32_t here(const parser *p) {
    return (uint32_t)(p->at - p->text) + 1;
}

static quipu_status fail(const parser *p, const char *format, ...) QUIPU_PRINTF(2, 3);
static quipu_status fail(const parser *p, const char *format, ...) {
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return qi_fail(p->err, QUIPU_E_ARG, "%s, column %u: %s", p->what, here(p), text);
}

static void skip_blanks(parser *p) {
    while (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r')
        p->at++;
}

static bool take(parser *p, char c) {
    skip_blanks(p);
    if (*p->at != c)
        return false;
    p->at++;
    return true;
}

/* What stands there, for messages. */
static const char *found(const parser *p, char out[32]) {
    size_t n = strcspn(p->at, " \t\n");
    if (*p->at == '\0')
        return "the end";
    snprintf(out, 32, "\"%.*s\"", (int)(n < 24 ? n : 24), p->at);
    qi_text_clean(out, strlen(out));
    return out;
}

static quipu_status expect(parser *p, char c, const char *where) {
    char text[32];
    if (take(p, c))
        return QUIPU_OK;
    return fail(p, "a %c is expected %s, and there is %s", c, where, found(p, text));
}

static bool is_name(unsigned char c, bool first) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80 ||
           (!first && ((c >= '0' && c <= '9') || c == '.'));
}

/* Also `any text` between backquotes. */
static quipu_status take_name(parser *p, const char **out) {
    char text[32];
    skip_blanks(p);
    const char *from = p->at, *to = p->at;
    if (*from == '`') {
        to = strchr(++from, '`');
        if (to == NULL || to == from)
            return fail(p, "the backquote that opens here is not closed");
        p->at = to + 1;
    } else {
        while (is_name((unsigned char)*to, to == from))
            to++;
        if (to == from)
            return fail(p, "a name is expected, and there is %s", found(p, text));
        p->at = to;
    }
    *out = qi_arena_text(p->arena, from, (size_t)(to - from));
    return *out != NULL ? QUIPU_OK : qi_fail_memory(p->err, (size_t)(to - from));
}

static quipu_status take_whole(parser *p, long *out) {
    char text[32];
    skip_blanks(p);
    const char *from = p->at;
    int64_t value;
    size_t n = strspn(from, "0123456789");
    if (n == 0 || !qi_parse_int(from, n, &value) || value < 1 || value > 1000)
        return fail(p, "a number of periods from 1 to 1000 is expected, and there is %s",
                    found(p, text));
    p->at += n;
    *out = (long)value;
    return QUIPU_OK;
}

static quipu_status new_node(parser *p, qi_node_op op, uint32_t column, qi_node **out) {
    *out = qi_arena_alloc(p->arena, sizeof **out);
    if (*out == NULL)
        return qi_fail_memory(p->err, sizeof **out);
    (*out)->op = op;
    (*out)->column = column;
    return QUIPU_OK;
}

static quipu_status named(parser *p, qi_node *node, const char *text) {
    node->text = text;
    return text != NULL ? QUIPU_OK : qi_fail_memory(p->err, 64);
}

static quipu_status take_factor(parser *p, qi_node **out);

/* i(NAME [, factor] [, ref=LEVEL]), behind the opening bracket. */
static quipu_status take_levels(parser *p, qi_node *node) {
    QI_TRY(take_name(p, &node->name));
    while (take(p, ',')) {
        skip_blanks(p);
        if (strncmp(p->at, "ref", 3) == 0 && !is_name((unsigned char)p->at[3], false)) {
            p->at += 3;
            QI_TRY(expect(p, '=', "after ref"));
            skip_blanks(p);
            const char *from = p->at;
            size_t n = strcspn(from, ",) \t");
            if (n == 0)
                return fail(p, "ref=LEVEL: the level left out is missing");
            node->ref = qi_arena_text(p->arena, from, n);
            p->at += n;
            if (node->ref == NULL)
                return qi_fail_memory(p->err, n);
        } else if (node->a == NULL) {
            QI_TRY(take_factor(p, &node->a));
        } else {
            return fail(p, "i() takes a name, a variable to multiply by, and ref=LEVEL");
        }
    }
    QI_TRY(expect(p, ')', "that closes i("));
    return named(p, node,
                 node->a != NULL
                     ? qi_arena_printf(p->arena, "i(%s,%s)", node->name, node->a->text)
                     : qi_arena_printf(p->arena, "i(%s)", node->name));
}

static const struct {
    const char *name;
    qi_node_op op;
} functions[] = {{"log", QI_NODE_LOG},   {"ln", QI_NODE_LOG},  {"log1p", QI_NODE_LOG1P},
                 {"sqrt", QI_NODE_SQRT}, {"exp", QI_NODE_EXP}, {"lag", QI_NODE_LAG},
                 {"lead", QI_NODE_LAG},  {"i", QI_NODE_LEVELS}};

/* name( ... ), behind the bracket. */
static quipu_status take_call(parser *p, const char *name, qi_node *node) {
    size_t f = 0;
    while (f < QI_COUNT(functions) && strcmp(functions[f].name, name) != 0)
        f++;
    if (f == QI_COUNT(functions))
        return qi_fail(p->err, QUIPU_E_ARG,
                       "%s, column %u: there is no function %.40s(); there are log, log1p, "
                       "sqrt, exp, lag, lead and i",
                       p->what, node->column, name);
    node->op = functions[f].op;
    if (node->op == QI_NODE_LEVELS)
        return take_levels(p, node);
    QI_TRY(take_factor(p, &node->a));
    if (node->op == QI_NODE_LAG) {
        QI_TRY(expect(p, ',', "before the number of periods"));
        QI_TRY(take_whole(p, &node->shift));
        QI_TRY(
            named(p, node,
                  qi_arena_printf(p->arena, "%s(%s,%ld)", name, node->a->text, node->shift)));
        node->shift = name[1] == 'e' ? -node->shift : node->shift;
    } else {
        QI_TRY(named(p, node, qi_arena_printf(p->arena, "%s(%s)", name, node->a->text)));
    }
    return expect(p, ')', "that closes the function");
}

static quipu_status take_factor(parser *p, qi_node **out) {
    const char *name;
    skip_blanks(p);
    uint32_t column = here(p);
    if (++p->deep > MOST_DEEP)
        return fail(p, "functions within functions go no deeper than %d", MOST_DEEP);
    QI_TRY(take_name(p, &name));
    QI_TRY(new_node(p, QI_NODE_NAME, column, out));
    if (take(p, '(')) {
        QI_TRY(take_call(p, name, *out));
        if ((*out)->a != NULL && (*out)->a->op == QI_NODE_LEVELS)
            return qi_fail(p->err, QUIPU_E_ARG,
                           "%s, column %u: i() makes several variables and stands alone",
                           p->what, (*out)->a->column);
    } else {
        (*out)->name = (*out)->text = name;
    }
    p->deep--;
    return QUIPU_OK;
}

static quipu_status take_term(parser *p, qi_node **out) {
    QI_TRY(take_factor(p, out));
    for (;;) {
        skip_blanks(p);
        uint32_t column = here(p);
        if (*p->at == '*')
            return fail(p, "write a + b + a:b for a*b");
        if (!take(p, ':'))
            return QUIPU_OK;
        qi_node *left = *out, *right;
        QI_TRY(take_factor(p, &right));
        if (left->op == QI_NODE_LEVELS || right->op == QI_NODE_LEVELS)
            return qi_fail(p->err, QUIPU_E_ARG,
                           "%s, column %u: i(year, x) multiplies by x; i() takes no colon",
                           p->what, column);
        QI_TRY(new_node(p, QI_NODE_TIMES, left->column, out));
        (*out)->a = left;
        (*out)->b = right;
        QI_TRY(named(p, *out, qi_arena_printf(p->arena, "%s:%s", left->text, right->text)));
    }
}

static quipu_status take_joined(parser *p, qi_joined *out) {
    const char *text = NULL;
    *out = (qi_joined){0};
    do {
        if (out->n == QI_MOST_JOINED)
            return fail(p, "at most %d names are joined by ^", QI_MOST_JOINED);
        skip_blanks(p);
        out->column[out->n] = here(p);
        QI_TRY(take_name(p, &out->name[out->n]));
        text = text == NULL ? out->name[out->n]
                            : qi_arena_printf(p->arena, "%s^%s", text, out->name[out->n]);
        if (text == NULL)
            return qi_fail_memory(p->err, 64);
        out->n++;
    } while (take(p, '^'));
    out->text = text;
    return QUIPU_OK;
}

static quipu_status take_list(parser *p, qi_joined *out, size_t most, size_t *n) {
    char text[32];
    *n = 0;
    do {
        if (*n == most)
            return fail(p, "at most %zu sets", most);
        QI_TRY(take_joined(p, &out[(*n)++]));
    } while (take(p, '+'));
    skip_blanks(p);
    return *p->at == '\0'
               ? QUIPU_OK
               : fail(p, "a + or the end is expected, and there is %s", found(p, text));
}

quipu_status qi_joined_parse(const char *what, const char *text, qi_arena *arena,
                             qi_joined *out, size_t most, size_t *n, quipu_error *err) {
    parser p = {.arena = arena, .err = err, .what = what, .text = text, .at = text};
    return take_list(&p, out, most, n);
}

static quipu_status take_terms(parser *p, qi_formula *f) {
    f->x = qi_arena_alloc(p->arena, QI_MOST_TERMS * sizeof(qi_node *));
    if (f->x == NULL)
        return qi_fail_memory(p->err, QI_MOST_TERMS * sizeof(qi_node *));
    skip_blanks(p);
    if (p->at[0] == '1' && !is_name((unsigned char)p->at[1], false)) { /* nothing but effects */
        p->at++;
        return QUIPU_OK;
    }
    do {
        if (f->n_x == QI_MOST_TERMS)
            return fail(p, "at most %d terms", QI_MOST_TERMS);
        qi_node *term;
        QI_TRY(take_term(p, &term));
        for (size_t i = 0; i < f->n_x; i++)
            if (strcmp(f->x[i]->text, term->text) == 0)
                return qi_fail(p->err, QUIPU_E_ARG, "%s, column %u: %.60s is there twice",
                               p->what, term->column, term->text);
        f->x[f->n_x++] = term;
    } while (take(p, '+'));
    return QUIPU_OK;
}

quipu_status qi_formula_parse(const char *text, qi_arena *arena, qi_formula *out,
                              quipu_error *err) {
    char shown[32];
    parser p = {.arena = arena, .err = err, .what = "formula"};
    *out = (qi_formula){0};
    if (strlen(text) > MOST_TEXT)
        return qi_fail(err, QUIPU_E_ARG, "formula: more than %d characters", MOST_TEXT);
    out->text = p.text = p.at = qi_arena_dup(arena, text);
    if (out->text == NULL)
        return qi_fail_memory(err, strlen(text));
    QI_TRY(take_factor(&p, &out->y));
    if (out->y->op == QI_NODE_LEVELS)
        return fail(&p, "the dependent variable is one variable");
    QI_TRY(expect(&p, '~', "after the dependent variable"));
    QI_TRY(take_terms(&p, out));
    if (take(&p, '|'))
        return take_list(&p, out->effect, QI_MAX_EFFECTS, &out->n_effects);
    skip_blanks(&p);
    return *p.at == '\0'
               ? QUIPU_OK
               : fail(&p, "a +, a | or the end is expected, and there is %s", found(&p, shown));
}

/* ---- what it reads ---- */

quipu_status qi_uses_add(qi_uses *uses, const qi_use *use, quipu_error *err) {
    for (size_t i = 0; i < uses->n; i++) {
        qi_use *u = &uses->items[i];
        if (strcmp(u->name, use->name) != 0)
            continue;
        u->number |= use->number;
        u->label |= use->label;
        u->lagged |= use->lagged;
        return QUIPU_OK;
    }
    return QI_PUSH(uses, *use) ? QUIPU_OK : qi_fail_memory(err, sizeof *use);
}

static quipu_status node_uses(const qi_node *node, bool lagged, qi_uses *uses,
                              quipu_error *err) {
    if (node == NULL)
        return QUIPU_OK;
    lagged = lagged || node->op == QI_NODE_LAG;
    if (node->name != NULL) {
        bool label = node->op == QI_NODE_LEVELS;
        qi_use use = {node->name, "formula", node->column, !label, label, lagged};
        QI_TRY(qi_uses_add(uses, &use, err));
    }
    QI_TRY(node_uses(node->a, lagged, uses, err));
    return node_uses(node->b, lagged, uses, err);
}

quipu_status qi_uses_joined(const char *what, const qi_joined *joined, qi_uses *uses,
                            quipu_error *err) {
    for (size_t i = 0; i < joined->n; i++) {
        qi_use use = {joined->name[i], what, joined->column[i], false, true, false};
        QI_TRY(qi_uses_add(uses, &use, err));
    }
    return QUIPU_OK;
}

quipu_status qi_formula_uses(const qi_formula *f, qi_uses *uses, quipu_error *err) {
    QI_TRY(node_uses(f->y, false, uses, err));
    for (size_t i = 0; i < f->n_x; i++)
        QI_TRY(node_uses(f->x[i], false, uses, err));
    for (size_t i = 0; i < f->n_effects; i++)
        QI_TRY(qi_uses_joined("formula", &f->effect[i], uses, err));
    return QUIPU_OK;
}
