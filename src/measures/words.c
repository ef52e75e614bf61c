/* SPDX-License-Identifier: Apache-2.0 */
/* words.c - titles: what is shown, in words. */
#include "measures/common.h"

static const char *format(qi_ask *ask, const char *text) {
    const char *copy = qi_arena_dup(&ask->arena, text);
    return copy != NULL ? copy : "";
}

const char *qi_axis_word(const qi_ask *ask, const qi_axis *axis) {
    static const char *const words[] = {"reporter", "partner", "product", "class", "flow"};
    if (axis->kind != QI_AXIS_CLASS)
        return words[axis->kind];
    const quipu_scheme *schemes;
    size_t n;
    if (quipu_schemes(ask->nomen, &schemes, &n, NULL) == QUIPU_OK)
        for (size_t i = 0; i < n; i++)
            if (strcmp(schemes[i].name, ask->scheme) == 0)
                return schemes[i].label;
    return words[QI_AXIS_CLASS];
}

static const char *side_word(const qi_ask *ask, qi_axis_kind kind,
                             const quipu_country_set *set) {
    int a = qi_ask_axis(ask, kind);
    if (a >= 0 && set->all)
        return NULL; /* the table says it */
    return set->label;
}

/* "exports of Peru to China" */
static void one_flow(const qi_ask *ask, qi_buffer *out) {
    static const char *const nouns[] = {"exports", "imports", "re-exports", "re-imports",
                                        "trade"};
    static const char *const towards[] = {" to ", " from ", " to ", " from ", " to "};
    const quipu_view *view = &ask->views[0];
    const char *reporter = side_word(ask, QI_AXIS_REPORTER, &view->reporters);
    const char *partner = side_word(ask, QI_AXIS_PARTNER, &view->partners);
    bool several = ask->n_flows > 1;
    bool everyone = view->reporters.all && reporter != NULL;
    if (everyone)
        qi_buffer_text(out, "world ");
    qi_buffer_text(out, several ? "trade" : nouns[view->flow]);
    if (reporter != NULL && !everyone)
        qi_buffer_printf(out, " of %s", reporter);
    if (partner != NULL && !view->partners.all)
        qi_buffer_printf(out, "%s%s", several ? " with " : towards[view->flow], partner);
}

const char *qi_words_trade(qi_ask *ask) {
    qi_buffer out = {0};
    one_flow(ask, &out);
    if (ask->views[0].products != NULL)
        qi_buffer_printf(&out, ", %s %s",
                         strchr(ask->views[0].product_label, ',') ? "products" : "product",
                         ask->views[0].product_label);
    const char *text = format(ask, out.bytes != NULL ? out.bytes : "trade");
    qi_buffer_free(&out);
    return text;
}

const char *qi_words_by(qi_ask *ask) {
    qi_buffer out = {0};
    size_t n = 0;
    for (size_t a = 0; a < ask->n_shown; a++)
        if (!ask->axes[a].listed)
            qi_buffer_printf(&out, "%s%s", n++ == 0 ? ", by " : " and ",
                             qi_axis_word(ask, &ask->axes[a]));
    const char *text = format(ask, out.bytes != NULL ? out.bytes : "");
    qi_buffer_free(&out);
    return text;
}

const char *qi_words_over(qi_ask *ask) {
    static const char *const plural[] = {"reporters", "partners", "products", "classes",
                                         "flows"};
    qi_buffer out = {0};
    for (size_t a = ask->n_shown; a < ask->n_axes; a++) {
        qi_buffer_text(&out, a > ask->n_shown ? " and " : "");
        if (ask->axes[a].kind == QI_AXIS_CLASS)
            qi_buffer_printf(&out, "%s classes", qi_axis_word(ask, &ask->axes[a]));
        else
            qi_buffer_text(&out, plural[ask->axes[a].kind]);
    }
    const char *text = format(ask, out.bytes != NULL ? out.bytes : "");
    qi_buffer_free(&out);
    return text;
}

const char *qi_words_years(qi_ask *ask) {
    char text[200];
    qi_periods_text(ask->periods, ask->n_periods, text, sizeof text);
    return format(ask, text);
}

const char *qi_words_capital(qi_ask *ask, const char *text) {
    char *copy = qi_arena_dup(&ask->arena, text);
    if (copy != NULL && copy[0] >= 'a' && copy[0] <= 'z')
        copy[0] = (char)(copy[0] - 'a' + 'A');
    return copy != NULL ? copy : "";
}
