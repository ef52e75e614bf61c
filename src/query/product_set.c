/* SPDX-License-Identifier: Apache-2.0 */
/* product_set.c - "2603,74", "2601-2617", "lall:LT1,LT2", "section:V" as a mask of products.
 *
 * After "scheme:" the classes may go on over commas as long as the words are classes of that
 * scheme.  A product divided among classes counts, whole, where most of it belongs, so that
 * selections of all classes still add up to the total.
 */
#include "query/query.h"

#include <ctype.h>

enum { MAX_WORD = 96 };

typedef struct maker {
    const quipu_cube *cube;
    const quipu_nomen *nomen;
    const char *nomenclature;
    size_t n_products;
    uint8_t *mask;
    char scheme[MAX_WORD]; /* of `classes`; "" = none yet */
    quipu_mapping classes;
    qi_buffer label;
    size_t n_partial;
} maker;

/* ---- codes ---- */

static bool is_digits(const char *text) {
    size_t n = strspn(text, "0123456789");
    return n > 0 && text[n] == '\0';
}

/* "1" would silently mean chapters 10 to 19 to someone who wrote chapter 1. */
static quipu_status check_level(const maker *m, const char *code, quipu_error *err) {
    if (m->nomenclature == NULL || m->nomenclature[0] != 'H' || strlen(code) % 2 == 0)
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_ARG,
                   "product \"%s\": HS codes have 2, 4 or 6 digits; write 01 for chapter 1",
                   code);
}

static quipu_status no_code(const maker *m, const char *code, quipu_error *err) {
    size_t length = strlen(code);
    if (!is_digits(code))
        return qi_fail(err, QUIPU_E_NOT_FOUND,
                       "product \"%s\": give a code or its beginning (2603, 74), a range "
                       "(72-83) or a class (lall:LT1)",
                       code);
    if (m->n_products == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND, "the cube has no products");
    size_t deepest = 0;
    for (size_t k = 0; k < m->n_products; k++) {
        size_t digits = strlen(quipu_cube_product(m->cube, k));
        deepest = digits > deepest ? digits : deepest;
    }
    if (length > deepest)
        return qi_fail(err, QUIPU_E_NOT_FOUND,
                       "product \"%s\": the cube's codes have %zu digits", code, deepest);
    size_t at = quipu_cube_product_lower(m->cube, code);
    const char *before = quipu_cube_product(m->cube, at > 0 ? at - 1 : 0);
    const char *after = quipu_cube_product(m->cube, at < m->n_products ? at : at - 1);
    return qi_fail(err, QUIPU_E_NOT_FOUND,
                   "the cube has no product code beginning with \"%s\"; nearest are %s and %s",
                   code, before, after);
}

/* The products from prefix `first` to prefix `last`, both included. */
static quipu_status add_codes(maker *m, const char *first, const char *last, quipu_error *err) {
    QI_TRY(check_level(m, first, err));
    QI_TRY(check_level(m, last, err));
    if (strcmp(first, last) > 0)
        return qi_fail(err, QUIPU_E_ARG, "products \"%s-%s\" end before they begin", first,
                       last);
    size_t length = strlen(last), n = 0;
    for (size_t k = quipu_cube_product_lower(m->cube, first); k < m->n_products; k++, n++) {
        if (strncmp(quipu_cube_product(m->cube, k), last, length) > 0)
            break;
        m->mask[k] = 1;
    }
    return n > 0 ? QUIPU_OK : no_code(m, first, err);
}

/* ---- classes ---- */

static bool same_folded(const char *a, const char *b) {
    char x[MAX_WORD], y[MAX_WORD];
    qi_fold(a, strlen(a), x, sizeof x);
    qi_fold(b, strlen(b), y, sizeof y);
    return x[0] != '\0' && strcmp(x, y) == 0;
}

static bool target_is(const quipu_target *target, const char *word) {
    return same_folded(target->code, word) || same_folded(target->label, word) ||
           (target->parent[0] != '\0' && same_folded(target->parent, word));
}

static bool has_class(const quipu_mapping *classes, const char *word) {
    for (size_t t = 0; t < classes->n_targets; t++)
        if (target_is(&classes->targets[t], word))
            return true;
    return false;
}

static void add_class(maker *m, const char *word) {
    const quipu_mapping *c = &m->classes;
    for (size_t k = 0; k < m->n_products; k++) {
        uint32_t most = c->offset[k];
        for (uint32_t i = most + 1; i < c->offset[k + 1]; i++)
            if (c->weight[i] > c->weight[most])
                most = i;
        if (!target_is(&c->targets[c->target[most]], word))
            continue;
        m->n_partial += c->offset[k + 1] - c->offset[k] > 1;
        m->mask[k] = 1;
    }
}

static quipu_status open_scheme(maker *m, const char *scheme, quipu_error *err) {
    if (strcmp(m->scheme, scheme) == 0)
        return QUIPU_OK;
    quipu_mapping_free(&m->classes);
    memset(&m->classes, 0, sizeof m->classes);
    m->scheme[0] = '\0';
    QI_TRY(quipu_classify(m->nomen, scheme, m->nomenclature ? m->nomenclature : "",
                          quipu_cube_product_codes(m->cube), m->n_products, NULL, &m->classes,
                          err));
    snprintf(m->scheme, sizeof m->scheme, "%s", scheme);
    return QUIPU_OK;
}

static quipu_status no_class(const maker *m, const char *word, quipu_error *err) {
    qi_suggest near;
    qi_suggest_start(&near, word);
    for (size_t t = 0; t < m->classes.n_targets; t++) {
        qi_suggest_try(&near, m->classes.targets[t].code);
        qi_suggest_try(&near, m->classes.targets[t].label);
    }
    char text[QI_SUGGEST_TEXT];
    return qi_fail(err, QUIPU_E_NOT_FOUND, "%s has no class \"%s\"%s", m->scheme, word,
                   qi_suggest_text(&near, text));
}

/* ---- the list ---- */

static quipu_status add_word(maker *m, char *word, quipu_error *err) {
    char *colon = strchr(word, ':');
    if (colon != NULL) {
        *colon = '\0';
        QI_TRY(open_scheme(m, word, err));
        word = colon + 1;
        while (*word == ' ')
            word++;
        if (!has_class(&m->classes, word))
            return no_class(m, word, err);
    }
    if (m->scheme[0] != '\0' && has_class(&m->classes, word)) {
        add_class(m, word);
        return QUIPU_OK;
    }
    char *dash = strchr(word, '-');
    if (dash != NULL && dash > word && isdigit((unsigned char)dash[1])) {
        *dash = '\0';
        return add_codes(m, word, dash + 1, err);
    }
    return add_codes(m, word, word, err);
}

/* "2603 Copper ores and concentrates" where the nomenclature has a name for it. */
static bool add_label(maker *m, const char *word) {
    const char *name = NULL;
    const quipu_nomenclature *which;
    if (is_digits(word) && m->nomenclature != NULL &&
        quipu_nomenclature_find(m->nomen, m->nomenclature, &which, NULL) == QUIPU_OK) {
        const quipu_product *product = quipu_product_find(m->nomen, which, word, strlen(word));
        name = product != NULL ? product->name : NULL;
    }
    const char *joint = m->label.length > 0 ? ", " : "";
    if (name == NULL)
        return qi_buffer_printf(&m->label, "%s%s", joint, word);
    bool cut = strlen(name) > 60;
    return qi_buffer_printf(&m->label, "%s%s %.*s%s", joint, word, cut ? 57 : 60, name,
                            cut ? "..." : "");
}

static quipu_status add_list(maker *m, const char *text, quipu_error *err) {
    for (const char *at = text;;) {
        size_t length = strcspn(at, ",;");
        const char *from = at, *to = at + length;
        while (from < to && *from == ' ')
            from++;
        while (to > from && to[-1] == ' ')
            to--;
        if (to > from) {
            char word[MAX_WORD];
            if ((size_t)(to - from) >= sizeof word)
                return qi_fail(err, QUIPU_E_ARG, "product \"%.40s...\" is too long", from);
            snprintf(word, sizeof word, "%.*s", (int)(to - from), from);
            if (!add_label(m, word))
                return qi_fail_memory(err, m->label.length);
            QI_TRY(add_word(m, word, err));
        }
        if (at[length] == '\0')
            return QUIPU_OK;
        at += length + 1;
    }
}

static quipu_status make_ranges(const maker *m, qi_arena *arena, qi_product_set *out,
                                quipu_error *err) {
    size_t n = 0;
    for (size_t k = 0; k < m->n_products; k++)
        n += m->mask[k] && (k == 0 || !m->mask[k - 1]);
    out->ranges = qi_arena_alloc(arena, (n + 1) * sizeof *out->ranges);
    if (out->ranges == NULL)
        return qi_fail_memory(err, n * sizeof *out->ranges);
    for (size_t k = 0; k < m->n_products; k++) {
        if (!m->mask[k])
            continue;
        if (k == 0 || !m->mask[k - 1])
            out->ranges[out->n_ranges++].first = (uint32_t)k;
        out->ranges[out->n_ranges - 1].end = (uint32_t)k + 1;
    }
    return QUIPU_OK;
}

static bool says_all(const char *text) {
    char folded[16];
    if (text == NULL || strspn(text, " ") == strlen(text))
        return true;
    qi_fold(text, strlen(text), folded, sizeof folded);
    return strcmp(folded, "all") == 0 || strcmp(folded, "total") == 0;
}

quipu_status qi_product_set_make(const quipu_cube *cube, const quipu_nomen *nomen,
                                 const char *text, qi_arena *arena, qi_product_set *out,
                                 quipu_error *err) {
    *out = (qi_product_set){.label = "all products"};
    maker m = {.cube = cube, .nomen = nomen, .n_products = quipu_cube_n_products(cube)};
    m.nomenclature = quipu_cube_meta(cube, "nomenclature");
    if (says_all(text)) {
        out->ranges = qi_arena_alloc(arena, sizeof *out->ranges);
        if (out->ranges == NULL)
            return qi_fail_memory(err, sizeof *out->ranges);
        out->ranges[0] = (qi_range){0, (uint32_t)m.n_products};
        out->n_ranges = 1;
        return QUIPU_OK;
    }
    quipu_status status;
    m.mask = qi_arena_alloc(arena, m.n_products + 1);
    if (m.mask == NULL)
        return qi_fail_memory(err, m.n_products);
    QI_GO(add_list(&m, text, err));
    QI_GO(make_ranges(&m, arena, out, err));
    out->mask = m.mask;
    out->n_partial = m.n_partial;
    out->label = qi_arena_dup(arena, m.label.bytes != NULL ? m.label.bytes : "");
    if (out->label == NULL)
        status = qi_fail_memory(err, m.label.length);
done:
    qi_buffer_free(&m.label);
    quipu_mapping_free(&m.classes);
    return status;
}
