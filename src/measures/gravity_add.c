/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_add.c - variables the panel does not have itself: what follows from its own columns,
 * tables of the user's, and what the program knows of countries. */
#include "measures/gravity.h"

bool qi_gravity_can_add(const qi_gravity *g, const char *name) {
    QI_UNUSED(g);
    QI_UNUSED(name);
    return false;
}

static quipu_status from_dist(qi_panel *p, quipu_error *err) {
    ptrdiff_t c = qi_panel_find(p, "dist");
    size_t at;
    QI_TRY(qi_panel_add(p, "ln_dist", &at, err));
    QI_TRY(qi_panel_numbers(p, at, err));
    for (size_t i = 0; i < p->n; i++)
        p->columns.items[at].number[i] = log(p->columns.items[c].number[i]);
    return QUIPU_OK;
}

quipu_status qi_gravity_add_all(qi_gravity *g, quipu_error *err) {
    qi_panel *p = &g->panel;
    for (size_t i = 0; i < g->uses.n; i++) {
        const qi_use *use = &g->uses.items[i];
        bool made = qi_formula_column(p, use->name) >= 0;
        if (!made)
            QI_TRY(qi_panel_derive(p, use->name, &made, err));
        if (!made && strcmp(use->name, "ln_dist") == 0 && qi_panel_find(p, "dist") >= 0)
            QI_TRY(from_dist(p, err));
    }
    return QUIPU_OK;
}
