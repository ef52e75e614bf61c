/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_table.c - a table of the user's as the panel of a question of gravity.
 *
 * Only columns that somebody reads are kept.  Who exports, who imports and when are found by
 * the names people give them, or said by option.
 */
#include "measures/gravity.h"

static const char *const role_option[QI_N_ROLES] = {"exporter", "importer", "year", "sector"};
/* Folded; "iso_o" is "iso o". */
static const char *const role_names[QI_N_ROLES] = {
    "exporter,exp,exporter iso3,iso o,iso3 o,isoexp,origin,orig,reporter,country exp",
    "importer,imp,importer iso3,iso d,iso3 d,isoimp,destination,dest,partner,country imp",
    "year,period,t",
    "sector,class,category,industry,product,isic,commodity",
};

static bool is_listed(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = list; *at != '\0';) {
        size_t n = strcspn(at, ",");
        if (n == length && memcmp(at, word, n) == 0)
            return true;
        at += n + (at[n] == ',');
    }
    return false;
}

static ptrdiff_t find_name(const char *const *names, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return (ptrdiff_t)i;
    return -1;
}

quipu_status qi_gravity_roles(const qi_gravity *g, const char *file, const char *const *names,
                              size_t n, ptrdiff_t role[QI_N_ROLES], quipu_error *err) {
    char folded[64];
    for (size_t r = 0; r < QI_N_ROLES; r++) {
        const char *wanted = file != NULL ? qi_gravity_word(g, role_option[r]) : NULL;
        role[r] = wanted != NULL ? find_name(names, n, wanted) : -1;
        if (wanted != NULL && role[r] < 0)
            return qi_fail_at(err, QUIPU_E_ARG, file, 1, 0,
                              "there is no column \"%.60s\" (--%s)", wanted, role_option[r]);
        for (size_t i = 0; wanted == NULL && i < n && role[r] < 0; i++) {
            qi_fold(names[i], strlen(names[i]), folded, sizeof folded);
            if (is_listed(role_names[r], folded))
                role[r] = (ptrdiff_t)i;
        }
    }
    return QUIPU_OK;
}

static bool is_derived(const char *name) {
    return strcmp(name, "pair") == 0 || strcmp(name, "border") == 0 ||
           strcmp(name, "domestic") == 0;
}

/* Marks what a name of a formula reads; false: the table has no such thing. */
static bool want_use(qi_panel_file *f, const char *const *names, size_t n, const qi_use *use,
                     const ptrdiff_t role[QI_N_ROLES]) {
    ptrdiff_t c = find_name(names, n, use->name);
    qi_role r = qi_role_of(use->name);
    if (c < 0 && r != QI_N_ROLES)
        c = role[r];
    if (c < 0 && strcmp(use->name, "ln_dist") == 0)
        c = find_name(names, n, "dist");
    if (c >= 0) {
        bool number = use->number || !use->label;
        qi_panel_want(f, (size_t)c, number, use->label && !number);
    }
    return c >= 0;
}

/* Years are numbers where somebody counts with them. */
static bool counts_years(const qi_gravity *g) {
    bool counts = qi_gravity_word(g, "years") != NULL ||
                  qi_integer(g->measure, g->request, "interval", 1) != 1 ||
                  qi_gravity_word(g, "with") != NULL ||
                  qi_gravity_word(g, "agreements") != NULL ||
                  qi_gravity_word(g, "event-study") != NULL;
    for (size_t i = 0; i < g->uses.n; i++)
        counts = counts || g->uses.items[i].lagged || strcmp(g->uses.items[i].name, "rta") == 0;
    return counts;
}

static quipu_status want_all(qi_gravity *g, qi_panel_file *f, ptrdiff_t role[QI_N_ROLES],
                             quipu_error *err) {
    const char *const *names;
    size_t n = qi_panel_file_columns(f, &names);
    bool sides = role[QI_EXPORTER] >= 0 && role[QI_IMPORTER] >= 0;
    for (size_t i = 0; i < g->uses.n; i++) {
        const qi_use *use = &g->uses.items[i];
        bool fine = want_use(f, names, n, use, role) || (sides && is_derived(use->name)) ||
                    (sides && qi_gravity_can_add(use->name)) || qi_gravity_word(g, "with");
        if (!fine)
            return qi_gravity_unknown(use, names, n, err);
    }
    for (size_t r = 0; r < QI_N_ROLES; r++) {
        bool number = r == QI_YEAR && counts_years(g);
        if (role[r] >= 0)
            qi_panel_want(f, (size_t)role[r], number, !number);
    }
    return QUIPU_OK;
}

/* What was read has fewer columns than the header. */
static void place_roles(qi_panel *panel, const char *const *names,
                        const ptrdiff_t role[QI_N_ROLES]) {
    for (size_t r = 0; r < QI_N_ROLES; r++)
        panel->role[r] = role[r] >= 0 ? qi_panel_find(panel, names[role[r]]) : -1;
}

quipu_status qi_gravity_from_table(qi_gravity *g, quipu_error *err) {
    const quipu_request *q = g->request;
    const qi_panel_read_options options = {q->threads, q->stop, q->stop_user};
    qi_panel_file *f = NULL;
    ptrdiff_t role[QI_N_ROLES];
    const char *const *names;
    quipu_status status;
    QI_GO(qi_panel_open(q->table, &f, err));
    size_t n = qi_panel_file_columns(f, &names);
    QI_GO(qi_gravity_roles(g, q->table, names, n, role, err));
    QI_GO(want_all(g, f, role, err));
    QI_GO(qi_panel_read(f, &options, &g->panel, err));
    place_roles(&g->panel, names, role);
done:
    qi_panel_close(f);
    return status;
}
