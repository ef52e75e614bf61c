/* SPDX-License-Identifier: Apache-2.0 */
/* breadth.c - the size of a classification: how many lines there are, traded or not.
 *
 *   products   the codes of the nomenclature that have as many digits as those of the cube,
 *              and those of the cube that the nomenclature lacks; where products are selected,
 *              the selected ones of the cube
 *   partners   the countries of the cube that are selected, less a lone reporter
 *   classes    those of the scheme; what has no class is one more where it is traded
 */
#include "measures/main_class.h"
#include "measures/vectors.h"

/* ---- products ---- */

typedef struct code_list {
    const char **items;
    size_t n;
} code_list;

static int text_order(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void keep_each_once(code_list *list) {
    size_t n = 0;
    qsort(list->items, list->n, sizeof *list->items, text_order);
    for (size_t i = 0; i < list->n; i++)
        if (n == 0 || strcmp(list->items[n - 1], list->items[i]) != 0)
            list->items[n++] = list->items[i];
    list->n = n;
}

static const quipu_nomenclature *named(const qi_ask *ask) {
    const char *text = quipu_cube_meta(ask->cube, "nomenclature");
    const quipu_nomenclature *found = NULL;
    if (text == NULL || quipu_nomenclature_find(ask->nomen, text, &found, NULL) != QUIPU_OK)
        return NULL;
    return found;
}

static quipu_status list_codes(qi_ask *ask, code_list *out, qi_breadth *about,
                               quipu_error *err) {
    const uint8_t *selected = ask->views[0].products;
    const char *const *own = quipu_cube_product_codes(ask->cube);
    size_t n_own = quipu_cube_n_products(ask->cube), n_listed = 0, digits = 0;
    const quipu_nomenclature *nomenclature = selected == NULL ? named(ask) : NULL;
    const quipu_product *listed = NULL;
    if (nomenclature != NULL)
        QI_TRY(quipu_products(ask->nomen, nomenclature, &listed, &n_listed, err));
    out->items = qi_arena_alloc(&ask->arena, (n_own + n_listed + 1) * sizeof *out->items);
    if (out->items == NULL)
        return qi_fail_memory(err, (n_own + n_listed) * sizeof *out->items);
    for (size_t k = 0; k < n_own; k++) {
        if (selected != NULL && !selected[k])
            continue;
        out->items[out->n++] = own[k];
        digits = strlen(own[k]) > digits ? strlen(own[k]) : digits;
    }
    for (size_t i = 0; i < n_listed; i++)
        if (strlen(listed[i].code) == digits)
            out->items[out->n++] = listed[i].code;
    keep_each_once(out);
    about->of = selected != NULL ? "selected products" : "products of the cube";
    if (nomenclature != NULL)
        about->of = qi_arena_printf(&ask->arena, "lines of %s of %zu digits",
                                    nomenclature->label, digits);
    about->n = out->n;
    return about->of != NULL ? QUIPU_OK : qi_fail_memory(err, 64);
}

static quipu_status count_groups(qi_ask *ask, const char *scheme, const code_list *codes,
                                 qi_breadth *out, quipu_error *err) {
    const char *from = quipu_cube_meta(ask->cube, "nomenclature");
    qi_main_classes all, own;
    from = from != NULL ? from : "";
    QI_TRY(qi_main_classes_make(ask->measure, ask->request, scheme, from, codes->items,
                                codes->n, &ask->arena, &all, err));
    QI_TRY(qi_main_classes_make(ask->measure, ask->request, scheme, from,
                                quipu_cube_product_codes(ask->cube),
                                quipu_cube_n_products(ask->cube), &ask->arena, &own, err));
    if (all.n != own.n)
        return qi_fail(err, QUIPU_E_BUG, "a scheme of two sizes");
    out->n_groups = all.n;
    out->main = own.of;
    out->group_n = qi_arena_alloc(&ask->arena, (all.n + 1) * sizeof *out->group_n);
    if (out->group_n == NULL)
        return qi_fail_memory(err, all.n * sizeof *out->group_n);
    for (size_t i = 0; i < codes->n; i++)
        out->group_n[all.of[i]]++;
    return QUIPU_OK;
}

/* ---- partners ---- */

static bool is_lone_reporter(const qi_ask *ask, size_t country, size_t n_countries) {
    const quipu_country_set *set = &ask->views[0].reporters;
    size_t n = 0;
    for (size_t c = 0; c < n_countries && !set->all; c++)
        n += quipu_country_set_has(set, 0, c);
    return n == 1 && quipu_country_set_has(set, 0, country);
}

static void count_partners(const qi_ask *ask, qi_breadth *out) {
    size_t n;
    const quipu_country_set *set = &ask->views[0].partners;
    quipu_cube_countries(ask->cube, &n);
    for (size_t c = 0; c < n && ask->n_periods > 0; c++)
        out->n +=
            quipu_country_set_has(set, ask->n_periods - 1, c) && !is_lone_reporter(ask, c, n);
    out->of = "partners of the cube";
    if (qi_ask_axis(ask, QI_AXIS_REPORTER) >= 0 && set->all && out->n > 0) {
        out->n--; /* nobody trades with itself */
        out->of = "partners of the cube, less the country itself";
    }
}

quipu_status qi_breadth_make(qi_ask *ask, const char *groups, qi_breadth *out,
                             quipu_error *err) {
    const qi_axis *axis = &ask->axes[ask->n_shown];
    *out = (qi_breadth){0};
    if (axis->kind == QI_AXIS_PRODUCT) {
        code_list codes = {0};
        QI_TRY(list_codes(ask, &codes, out, err));
        return groups != NULL ? count_groups(ask, groups, &codes, out, err) : QUIPU_OK;
    }
    if (groups != NULL)
        return qi_fail(err, QUIPU_E_ARG, "groups are of products: --over product");
    if (axis->kind == QI_AXIS_PARTNER) {
        count_partners(ask, out);
        return QUIPU_OK;
    }
    out->n = axis->n > 0 ? axis->n - 1 : 0;
    out->of = "classes of the scheme";
    return QUIPU_OK;
}

quipu_status qi_breadth_note(qi_ask *ask, const qi_breadth *breadth, bool active_only,
                             quipu_error *err) {
    if (active_only)
        return qi_ask_note(ask, err, "n: the lines traded.");
    return qi_ask_note(ask, err, "n: %zu %s.", breadth->n, breadth->of);
}
