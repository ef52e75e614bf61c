/* SPDX-License-Identifier: Apache-2.0 */
/* axes.c - "--by partner,lall" and lists of countries as axes with labels.
 *
 * Labels stand in the order in which ties are broken: countries by code, products by code,
 * classes as their scheme prints them, lists as typed.
 */
#include "measures/cache.h"
#include "measures/common.h"
#include "measures/main_class.h"

static const char *const kind_names[] = {"reporter", "partner", "product", "class", "flow"};

int qi_ask_axis(const qi_ask *ask, qi_axis_kind kind) {
    for (size_t a = ask->n_axes; a > 0; a--)
        if (ask->axes[a - 1].kind == kind)
            return (int)(a - 1);
    return -1;
}

/* ---- labels ---- */

typedef struct country_label {
    const quipu_cube_country *country;
    uint32_t position;
} country_label;

static int code_order(const void *a, const void *b) {
    const country_label *x = a, *y = b;
    int order = strcmp(x->country->iso3, y->country->iso3);
    if (order != 0)
        return order;
    return x->position < y->position ? -1 : x->position > y->position;
}

static quipu_status label_countries(qi_ask *ask, qi_axis *axis, quipu_error *err) {
    size_t n;
    const quipu_cube_country *countries = quipu_cube_countries(ask->cube, &n);
    country_label *labels = qi_arena_alloc(&ask->arena, (n + 1) * sizeof *labels);
    const char **code = qi_arena_alloc(&ask->arena, (n + 1) * sizeof *code);
    const char **name = qi_arena_alloc(&ask->arena, (n + 1) * sizeof *name);
    uint32_t *rank = qi_arena_alloc(&ask->arena, (n + 1) * sizeof *rank);
    uint32_t *position = qi_arena_alloc(&ask->arena, (n + 1) * sizeof *position);
    if (!labels || !code || !name || !rank || !position)
        return qi_fail_memory(err, n * sizeof *labels);
    for (size_t i = 0; i < n; i++)
        labels[i] = (country_label){&countries[i], (uint32_t)i};
    if (n > 1)
        qsort(labels, n, sizeof *labels, code_order);
    for (size_t i = 0; i < n; i++) {
        code[i] = labels[i].country->iso3;
        name[i] = labels[i].country->name;
        position[i] = labels[i].position;
        rank[labels[i].position] = (uint32_t)i;
    }
    axis->n = n;
    axis->code = code;
    axis->name = name;
    axis->rank = rank;
    axis->position = position;
    return QUIPU_OK;
}

static quipu_status label_choices(qi_ask *ask, qi_axis *axis, const qi_choice *choices,
                                  size_t n, quipu_error *err) {
    const char **code = qi_arena_alloc(&ask->arena, n * sizeof *code);
    const char **name = qi_arena_alloc(&ask->arena, n * sizeof *name);
    if (code == NULL || name == NULL)
        return qi_fail_memory(err, n * sizeof *name);
    for (size_t i = 0; i < n; i++) {
        code[i] = choices[i].code;
        name[i] = choices[i].name;
    }
    axis->n = n;
    axis->code = code;
    axis->name = name;
    axis->listed = axis->complete = true;
    return QUIPU_OK;
}

static quipu_status label_flows(qi_ask *ask, qi_axis *axis, quipu_error *err) {
    const char **code = qi_arena_alloc(&ask->arena, QUIPU_N_FLOWS * sizeof *code);
    if (code == NULL)
        return qi_fail_memory(err, QUIPU_N_FLOWS * sizeof *code);
    for (size_t f = 0; f < ask->n_flows; f++)
        code[f] = quipu_flow_name(ask->flows[f]);
    axis->n = ask->n_flows;
    axis->code = axis->name = code;
    axis->complete = true;
    return QUIPU_OK;
}

enum { MOST_PRINTED_CLASSES = 1000 };

static quipu_status find_classes(qi_ask *ask, const char *scheme, quipu_error *err) {
    if (ask->classes != NULL) /* the measure's own */
        return QUIPU_OK;
    const char *from = quipu_cube_meta(ask->cube, "nomenclature");
    quipu_class_options options = {
        .gold_primary = qi_is(qi_argument(ask->measure, ask->request, "gold"), "primary"),
        .user_csv = qi_argument(ask->measure, ask->request, "classes")};
    if (ask->request->cache != NULL && options.user_csv == NULL) {
        qi_cache_key key = {ask->cube, ask->nomen, scheme, options.gold_primary};
        return qi_cache_classes(ask->request->cache, &key, &ask->classes, err);
    }
    QI_TRY(quipu_classify(ask->nomen, scheme, from != NULL ? from : "",
                          quipu_cube_product_codes(ask->cube), quipu_cube_n_products(ask->cube),
                          &options, &ask->own_classes, err));
    ask->classes = &ask->own_classes;
    return QUIPU_OK;
}

static quipu_status label_classes(qi_ask *ask, qi_axis *axis, const char *scheme,
                                  quipu_error *err) {
    ask->scheme = qi_arena_dup(&ask->arena, scheme);
    QI_TRY(find_classes(ask, scheme, err));
    size_t n = ask->classes->n_targets;
    const char **code = qi_arena_alloc(&ask->arena, (n + 1) * sizeof *code);
    const char **name = qi_arena_alloc(&ask->arena, (n + 1) * sizeof *name);
    if (ask->scheme == NULL || code == NULL || name == NULL)
        return qi_fail_memory(err, n * sizeof *code);
    for (size_t t = 0; t < n; t++) {
        code[t] = ask->classes->targets[t].code;
        name[t] = ask->classes->targets[t].label;
    }
    axis->n = n;
    axis->code = code;
    axis->name = name;
    axis->complete = n <= MOST_PRINTED_CLASSES;
    return QUIPU_OK;
}

/* With products looked into below the classes, each stands in one of them. */
static quipu_status one_class_each(qi_ask *ask, quipu_error *err) {
    size_t n = quipu_cube_n_products(ask->cube);
    uint32_t *of = qi_arena_alloc(&ask->arena, (n + 1) * sizeof *of);
    if (of == NULL)
        return qi_fail_memory(err, n * sizeof *of);
    for (size_t k = 0; k < n; k++)
        of[k] = qi_main_class(ask->classes, k);
    ask->main_class = of;
    ask->axes[qi_ask_axis(ask, QI_AXIS_CLASS)].complete = false;
    if (ask->classes->n_split > 0)
        return qi_ask_note(ask, err,
                           "%zu products belong to several classes and stand in the one that "
                           "holds most of each.",
                           ask->classes->n_split);
    return QUIPU_OK;
}

/* ---- the list of axes ---- */

static quipu_status unknown_axis(const qi_ask *ask, const char *word, quipu_error *err) {
    qi_suggest near;
    qi_suggest_start(&near, word);
    for (size_t i = 0; i < QI_COUNT(kind_names); i++)
        qi_suggest_try(&near, kind_names[i]);
    const quipu_scheme *schemes;
    size_t n;
    if (quipu_schemes(ask->nomen, &schemes, &n, NULL) == QUIPU_OK)
        for (size_t i = 0; i < n; i++)
            qi_suggest_try(&near, schemes[i].name);
    char text[QI_SUGGEST_TEXT];
    return qi_fail(err, QUIPU_E_ARG,
                   "by \"%s\": take reporter, partner, product, flow, year or a class scheme "
                   "(technology, section, ...)%s",
                   word, qi_suggest_text(&near, text));
}

static bool is_scheme(const qi_ask *ask, const char *word) {
    const quipu_scheme *schemes;
    size_t n;
    if (quipu_schemes(ask->nomen, &schemes, &n, NULL) != QUIPU_OK)
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(schemes[i].name, word) == 0)
            return true;
    return false;
}

static quipu_status find_kind(const qi_ask *ask, const char *word, qi_axis_kind *kind,
                              quipu_error *err) {
    for (size_t i = 0; i < QI_COUNT(kind_names); i++)
        if (strcmp(kind_names[i], word) == 0) {
            *kind = (qi_axis_kind)i;
            if (*kind != QI_AXIS_CLASS || ask->classes != NULL ||
                qi_argument(ask->measure, ask->request, "classes"))
                return QUIPU_OK;
            return qi_fail(err, QUIPU_E_ARG,
                           "by class needs a table of classes: --classes FILE, "
                           "or name a scheme such as technology or section");
        }
    *kind = QI_AXIS_CLASS;
    return is_scheme(ask, word) ? QUIPU_OK : unknown_axis(ask, word, err);
}

static quipu_status add_axis(qi_ask *ask, qi_axis_kind kind, bool listed, const char *scheme,
                             quipu_error *err) {
    if (ask->n_axes == QI_MAX_AXES)
        return qi_fail(err, QUIPU_E_ARG, "too many dimensions");
    qi_axis *axis = &ask->axes[ask->n_axes++];
    *axis = (qi_axis){.kind = kind};
    switch (kind) {
    case QI_AXIS_REPORTER:
        return listed ? label_choices(ask, axis, ask->reporters, ask->n_reporters, err)
                      : label_countries(ask, axis, err);
    case QI_AXIS_PARTNER:
        return listed ? label_choices(ask, axis, ask->partners, ask->n_partners, err)
                      : label_countries(ask, axis, err);
    case QI_AXIS_PRODUCT:
        axis->n = quipu_cube_n_products(ask->cube);
        axis->code = quipu_cube_product_codes(ask->cube);
        return QUIPU_OK;
    case QI_AXIS_CLASS: return label_classes(ask, axis, scheme, err);
    case QI_AXIS_FLOW: return label_flows(ask, axis, err);
    }
    return qi_fail(err, QUIPU_E_BUG, "an axis of no kind");
}

typedef struct by_word {
    char text[64];
    qi_axis_kind kind;
} by_word;

/* Adds to the words, of which there are *count; at most two come from one text. */
static quipu_status read_by(const qi_ask *ask, const char *by, by_word *words, size_t *count,
                            quipu_error *err) {
    size_t n = *count;
    const char *at = by != NULL ? by : "";
    for (at += strspn(at, " ,"); *at != '\0'; at += strspn(at, " ,")) {
        size_t length = strcspn(at, " ,");
        by_word word;
        snprintf(word.text, sizeof word.text, "%.*s", (int)(length < 63 ? length : 63), at);
        at += length;
        /* Periods are apart anyway, unless --periods sum. */
        if (qi_is(word.text, "year") || qi_is(word.text, "years") ||
            qi_is(word.text, "month") || qi_is(word.text, "period"))
            continue;
        QI_TRY(find_kind(ask, word.text, &word.kind, err));
        bool goods = word.kind == QI_AXIS_PRODUCT || word.kind == QI_AXIS_CLASS;
        for (size_t i = 0; i < n; i++) {
            bool both =
                goods && (words[i].kind == QI_AXIS_PRODUCT || words[i].kind == QI_AXIS_CLASS);
            if (words[i].kind == word.kind || both)
                return qi_fail(err, QUIPU_E_ARG, "by \"%s\": %s and %s are one dimension", by,
                               words[i].text, word.text);
        }
        if (n == *count + 2)
            return qi_fail(err, QUIPU_E_ARG,
                           "by \"%s\": at most two dimensions besides the year", by);
        words[n++] = word;
    }
    *count = n;
    return QUIPU_OK;
}

static bool has_kind(const by_word *words, size_t n, qi_axis_kind kind) {
    for (size_t i = 0; i < n; i++)
        if (words[i].kind == kind)
            return true;
    return false;
}

static quipu_status pack_keys(qi_ask *ask, quipu_error *err) {
    unsigned used = 0;
    for (size_t a = ask->n_axes; a > 0; a--) {
        qi_axis *axis = &ask->axes[a - 1];
        axis->bits = 1;
        while (axis->n > (size_t)1 << axis->bits)
            axis->bits++;
        axis->shift = used;
        used += axis->bits;
    }
    return used <= 62 ? QUIPU_OK : qi_fail(err, QUIPU_E_LIMIT, "too many dimensions at once");
}

/* Axes after n_shown have no columns.  `over` must be other dimensions than `by`; `under` may
 * look into the same ones, and into the products of a class that is printed. */
quipu_status qi_axes_make(qi_ask *ask, const char *by, const qi_wish *wish, quipu_error *err) {
    by_word words[4], below[2];
    size_t n_by = 0, n, n_below = 0;
    QI_TRY(read_by(ask, by, words, &n_by, err));
    n = n_by;
    QI_TRY(read_by(ask, wish->over, words, &n, err));
    QI_TRY(read_by(ask, wish->under, below, &n_below, err));
    if (ask->n_reporters > 1 && !has_kind(words, n, QI_AXIS_REPORTER))
        QI_TRY(add_axis(ask, QI_AXIS_REPORTER, true, NULL, err));
    if (ask->n_partners > 1 && !has_kind(words, n, QI_AXIS_PARTNER))
        QI_TRY(add_axis(ask, QI_AXIS_PARTNER, true, NULL, err));
    if (ask->n_flows > 1 && !ask->planes && !has_kind(words, n, QI_AXIS_FLOW))
        QI_TRY(add_axis(ask, QI_AXIS_FLOW, true, NULL, err));
    for (size_t i = 0; i < n; i++)
        QI_TRY(add_axis(ask, words[i].kind, false, words[i].text, err));
    ask->n_shown = ask->n_axes - (n - n_by);
    for (size_t i = 0; i < n_below; i++)
        if (!has_kind(words, n, below[i].kind))
            QI_TRY(add_axis(ask, below[i].kind, false, below[i].text, err));
    if (has_kind(words, n, QI_AXIS_CLASS) && has_kind(below, n_below, QI_AXIS_PRODUCT))
        QI_TRY(one_class_each(ask, err));
    return pack_keys(ask, err);
}
