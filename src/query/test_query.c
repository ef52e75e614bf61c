/* SPDX-License-Identifier: Apache-2.0 */
/* test_query.c - words to sets, and roll-ups against the simplest way of adding up. */
#include "nomen/test_open.h"
#include "query/rollup.h"
#include "query/test_world.h"

static const quipu_period years[] = {1996, 1997, 1998, 2001};
static const quipu_flow both_flows[] = {QUIPU_EXPORT, QUIPU_IMPORT};
static const quipu_flow reconciled[] = {QUIPU_RECONCILED};

static world random_world(uint64_t seed, bool merged) {
    world w =
        world_empty(years, QI_COUNT(years), merged ? reconciled : both_flows, merged ? 1 : 2);
    world_fill(&w, seed);
    world_open(&w);
    return w;
}

static quipu_view open_view(const world *w, quipu_selection s) {
    quipu_view view;
    quipu_error err = {0};
    if (quipu_view_open(w->cube, nomen, &s, NULL, &view, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    return view;
}

static void assert_refused(const world *w, quipu_selection s, quipu_status status,
                           const char *says) {
    quipu_view view;
    quipu_error err = {0};
    assert_int_equal(quipu_view_open(w->cube, nomen, &s, NULL, &view, &err), status);
    assert_null(view.impl);
    if (strstr(err.text, says) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, says);
}

/* ---- countries ---- */

static void assert_set(const quipu_country_set *set, size_t period, const char *expected) {
    char text[256] = "";
    for (size_t c = 0; c < WORLD_COUNTRIES; c++)
        if (quipu_country_set_has(set, period, c)) {
            strcat(text, text[0] != '\0' ? " " : "");
            strcat(text, world_countries[c].iso3);
        }
    assert_string_equal(text, expected);
}

static void test_countries(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *typed, *members, *label;
    } cases[] = {
        {"Peru", "PER", "Peru"},
        {"pe", "PER", "Peru"},
        {"604", "PER", "Peru"},
        {" perú , CHL ", "CHL PER", "Peru and Chile"},
        {"China+Japan", "CHN JPN", "China + Japan"},
        {"East Asia", "CHN JPN KOR S19", "East Asia"},
        {"East Asia except Japan+China", "KOR S19", "East Asia except Japan + China"},
        {"ASEAN+3;Peru", "CHN IDN JPN KOR MYS PER", NULL},
        {"Korea, Republic of, Chile", "CHL KOR", NULL},
        {"Areas, n.e.s.", "UNS", NULL},
    };
    world w = random_world(1, false);
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        quipu_view view =
            open_view(&w, (quipu_selection){.partner = cases[i].typed, .years = "2001"});
        assert_set(&view.partners, 0, cases[i].members);
        if (cases[i].label != NULL)
            assert_string_equal(view.partners.label, cases[i].label);
        quipu_view_close(&view);
    }
    static const char *const everyone[] = {"World", "all", "WLD", "Peru,World", "", NULL};
    for (size_t i = 0; i < QI_COUNT(everyone); i++) {
        quipu_view view = open_view(&w, (quipu_selection){.partner = everyone[i]});
        assert_true(view.partners.all);
        quipu_view_close(&view);
    }
    assert_refused(&w, (quipu_selection){.reporter = "Prue"}, QUIPU_E_NOT_FOUND, "Peru");
    assert_refused(&w, (quipu_selection){.reporter = "Peru,Chilee"}, QUIPU_E_NOT_FOUND,
                   "Chile");
    assert_refused(&w, (quipu_selection){.reporter = "Nauru"}, QUIPU_E_NOT_FOUND, "no figures");
    world_close(&w);
}

static void test_dated_group(void **state) {
    QI_UNUSED(state);
    static const quipu_period ends[] = {1993, 1995};
    world w = world_empty(ends, 2, both_flows, 1);
    world_fill(&w, 7);
    world_open(&w);
    quipu_table notes;
    quipu_view view;
    assert_int_equal(quipu_table_init(&notes, "x", NULL, 0, NULL), QUIPU_OK);
    quipu_selection s = {.reporter = "NAFTA"};
    assert_int_equal(quipu_view_open(w.cube, nomen, &s, &notes, &view, NULL), QUIPU_OK);
    assert_set(&view.reporters, 0, ""); /* in force since 1994 */
    assert_set(&view.reporters, 1, "MEX USA");
    assert_true(notes.n_notes >= 2);
    assert_non_null(strstr(notes.notes[0], "as of each year"));
    assert_non_null(strstr(notes.notes[1], "Canada")); /* not in this cube */
    quipu_view_close(&view);
    quipu_table_free(&notes);
    world_close(&w);
}

/* ---- periods ---- */

static void assert_periods(const world *w, const char *typed, const char *expected) {
    quipu_view view = open_view(w, (quipu_selection){.years = typed});
    char text[128];
    qi_periods_text(view.periods, view.n_periods, text, sizeof text);
    assert_string_equal(text, expected);
    quipu_view_close(&view);
}

static void test_years(void **state) {
    QI_UNUSED(state);
    world w = random_world(2, false);
    assert_periods(&w, NULL, "1996-1998, 2001");
    assert_periods(&w, "1997", "1997");
    assert_periods(&w, "2001, 1996-1998,1997", "1996-1998, 2001");
    assert_periods(&w, "1998-2001", "1998-2001");
    assert_periods(&w, "first-1997,latest", "1996-1997, 2001");
    quipu_view view = open_view(&w, (quipu_selection){.years = "1998-2001"});
    assert_true(view.slab[0] >= 0 && view.slab[1] == -1 && view.slab[3] >= 0);
    assert_false(quipu_view_reported(&view, 1, world_country("PER")));
    quipu_view_close(&view);
    assert_refused(&w, (quipu_selection){.years = "2015"}, QUIPU_E_NOT_FOUND,
                   "1996-1998, 2001");
    assert_refused(&w, (quipu_selection){.years = "19x7"}, QUIPU_E_ARG, "19x7");
    assert_refused(&w, (quipu_selection){.years = "2001-1996"}, QUIPU_E_ARG, "before");
    assert_refused(&w, (quipu_selection){.years = "201101"}, QUIPU_E_ARG, "not months");
    world_close(&w);
}

static void test_months(void **state) {
    QI_UNUSED(state);
    static const quipu_period months[] = {201011, 201012, 201101, 201102};
    world w = world_empty(months, 4, both_flows, 1);
    world_fill(&w, 3);
    world_open(&w);
    assert_periods(&w, "201012-201101", "201012-201101");
    quipu_view view = open_view(&w, (quipu_selection){.years = "2010"});
    assert_int_equal(view.n_periods, 12);
    assert_int_equal(view.periods[11], 201012);
    quipu_view_close(&view);
    assert_int_equal(qi_period_distance(201011, 201102), 3);
    world_close(&w);
}

/* ---- products ---- */

static void assert_products(const world *w, const char *typed, const char *first, size_t n) {
    quipu_view view = open_view(w, (quipu_selection){.product = typed});
    size_t found = 0;
    const char *code = NULL;
    for (size_t k = 0; k < WORLD_PRODUCTS; k++)
        if (view.products == NULL || view.products[k]) {
            code = found++ == 0 ? world_products[k] : code;
        }
    assert_int_equal(found, n);
    assert_string_equal(code, first);
    quipu_view_close(&view);
}

static void test_products(void **state) {
    QI_UNUSED(state);
    world w = random_world(4, false);
    assert_products(&w, NULL, "010111", WORLD_PRODUCTS);
    assert_products(&w, "all", "010111", WORLD_PRODUCTS);
    assert_products(&w, "2603", "260300", 1);
    assert_products(&w, "26", "260111", 3);
    assert_products(&w, "2603, 74", "260300", 3);
    assert_products(&w, "2603-2710", "260300", 5);
    assert_products(&w, "chapter:74,26", "260111", 5);
    assert_products(&w, "section:V", "260111", 6);
    assert_products(&w, "section:V,7403", "260111", 7);
    assert_refused(&w, (quipu_selection){.product = "1"}, QUIPU_E_ARG, "01");
    assert_refused(&w, (quipu_selection){.product = "2605"}, QUIPU_E_NOT_FOUND, "260700");
    assert_refused(&w, (quipu_selection){.product = "copper"}, QUIPU_E_NOT_FOUND, "code");
    assert_refused(&w, (quipu_selection){.product = "26030011"}, QUIPU_E_NOT_FOUND, "6 digits");
    assert_refused(&w, (quipu_selection){.product = "section:XCV"}, QUIPU_E_NOT_FOUND,
                   "no class");
    assert_refused(&w, (quipu_selection){.product = "lal:LT1"}, QUIPU_E_NOT_FOUND, "lall");
    world_close(&w);
}

/* Selecting each class in turn selects every product once. */
static void test_classes_partition(void **state) {
    QI_UNUSED(state);
    static const char *const classes[] = {"PG",  "NRBM",  "LTM",         "MTM",
                                          "HTM", "OTHER", "unclassified"};
    world w = random_world(5, false);
    size_t seen[WORLD_PRODUCTS] = {0};
    for (size_t i = 0; i < QI_COUNT(classes); i++) {
        char typed[64];
        quipu_view view;
        snprintf(typed, sizeof typed, "technology:%s", classes[i]);
        quipu_selection s = {.product = typed};
        assert_int_equal(quipu_view_open(w.cube, nomen, &s, NULL, &view, NULL), QUIPU_OK);
        for (size_t k = 0; k < WORLD_PRODUCTS; k++)
            seen[k] += view.products[k];
        quipu_view_close(&view);
    }
    for (size_t k = 0; k < WORLD_PRODUCTS; k++)
        assert_int_equal(seen[k], 1);
    world_close(&w);
}

/* ---- flows ---- */

static void test_flows(void **state) {
    QI_UNUSED(state);
    world w = random_world(6, false), merged = random_world(6, true);
    quipu_view view = open_view(&w, (quipu_selection){0});
    assert_int_equal(view.flow, QUIPU_EXPORT);
    assert_false(view.swapped);
    quipu_view_close(&view);
    view = open_view(&w, (quipu_selection){.flow = "imports", .basis = "mirror"});
    assert_true(view.swapped);
    assert_int_equal(view.slab[0], quipu_cube_find_slab(w.cube, 1996, QUIPU_EXPORT));
    quipu_view_close(&view);
    view = open_view(&merged, (quipu_selection){.flow = "M"});
    assert_true(view.swapped);
    assert_int_equal(view.flow, QUIPU_IMPORT);
    quipu_view_close(&view);
    assert_refused(&w, (quipu_selection){.flow = "re-export"}, QUIPU_E_NOT_FOUND,
                   "export, import");
    world imports = world_empty(years, 1, &both_flows[1], 1);
    world_fill(&imports, 6);
    world_open(&imports);
    view = open_view(&imports, (quipu_selection){.basis = "mirror"});
    assert_int_equal(view.flow, QUIPU_EXPORT); /* what others bought */
    quipu_view_close(&view);
    world_close(&imports);
    assert_refused(&w, (quipu_selection){.flow = "sales"}, QUIPU_E_ARG, "sales");
    assert_refused(&merged, (quipu_selection){.basis = "mirror"}, QUIPU_E_ARG, "reconciled");
    assert_refused(&w, (quipu_selection){.basis = "both"}, QUIPU_E_ARG, "mirror");
    world_close(&w);
    world_close(&merged);
}

/* ---- roll-ups ---- */

/* Six classes; every third product goes to two or three of them. */
typedef struct classes {
    quipu_mapping mapping;
    uint32_t offset[WORLD_PRODUCTS + 1], target[WORLD_PRODUCTS * 3], weight[WORLD_PRODUCTS * 3];
    quipu_target targets[6];
} classes;

static void make_classes(classes *c, uint64_t seed) {
    uint32_t n = 0;
    for (uint32_t k = 0; k < WORLD_PRODUCTS; k++) {
        uint32_t parts = k % 3 == 0 ? 2 + k % 2 : 1;
        c->offset[k] = n;
        for (uint32_t i = 0; i < parts; i++, n++) {
            c->target[n] = (uint32_t)((k + i * 2 + seed) % 6);
            c->weight[n] = (uint32_t)(1 + world_random(&seed) % 3);
        }
    }
    c->offset[WORLD_PRODUCTS] = n;
    c->mapping = (quipu_mapping){.n_sources = WORLD_PRODUCTS,
                                 .offset = c->offset,
                                 .target = c->target,
                                 .weight = c->weight,
                                 .n_targets = 6,
                                 .targets = c->targets};
}

typedef struct sum {
    int64_t value, weight;
    uint64_t rows;
} sum;

static const char *const who[] = {
    NULL, "Peru", "Asia", "CHN,JPN,KOR", "World except Asia", "NAFTA", "UNS", "Mercosur,Chile"};
static const char *const what[] = {NULL, "26", "2603", "section:V", "01-39,87,99"};
static const char *const when[] = {NULL, "1997", "1996-1998", "1998-2001"};

typedef struct question {
    quipu_selection selection;
    quipu_rollup_options options;
    uint64_t task_work; /* small: many tasks, large groups */
} question;

static void add_leaf(const world *w, size_t at, sum *into) {
    into->value += w->value[at] > 0 ? w->value[at] : 0;
    into->rows++;
    if (w->weight[at] == -1 || into->weight == -1)
        into->weight = -1;
    else
        into->weight += w->weight[at];
}

/* Dense table [r][j][period][product or class], dimensions not asked for at 0. */
static size_t cell_at(size_t n_periods, size_t r, size_t j, size_t p, size_t k) {
    return ((r * WORLD_COUNTRIES + j) * n_periods + p) * WORLD_PRODUCTS + k;
}

static sum *simplest(const world *w, const quipu_view *view, uint32_t dims) {
    size_t n = view->n_periods;
    sum *table = calloc(cell_at(n, WORLD_COUNTRIES, 0, 0, 0) + 1, sizeof *table);
    for (size_t p = 0; p < n; p++) {
        for (size_t i = 0; view->slab[p] >= 0 && i < cell_at(1, WORLD_COUNTRIES, 0, 0, 0);
             i++) {
            size_t k = i % WORLD_PRODUCTS, j = i / WORLD_PRODUCTS % WORLD_COUNTRIES,
                   r = i / WORLD_PRODUCTS / WORLD_COUNTRIES;
            size_t at = world_at((size_t)view->slab[p], view->swapped ? j : r,
                                 view->swapped ? r : j, k);
            if (w->value[at] == WORLD_NO_ROW ||
                !quipu_country_set_has(&view->reporters, p, r) ||
                !quipu_country_set_has(&view->partners, p, j) ||
                (view->products != NULL && !view->products[k]))
                continue;
            add_leaf(w, at,
                     &table[cell_at(
                         n, dims & QUIPU_DIM_REPORTER ? r : 0, dims & QUIPU_DIM_PARTNER ? j : 0,
                         dims & QUIPU_DIM_PERIOD ? p : 0, dims & QUIPU_DIM_PRODUCT ? k : 0)]);
        }
    }
    return table;
}

static sum *classify_table(sum *products, const quipu_mapping *c, size_t n_periods) {
    size_t n = cell_at(n_periods, WORLD_COUNTRIES, 0, 0, 0);
    sum *table = calloc(n + 1, sizeof *table);
    for (size_t i = 0; i < n; i++) {
        size_t k = i % WORLD_PRODUCTS, base = i - k;
        uint32_t from = c->offset[k], parts = c->offset[k + 1] - from;
        int64_t value[3], weight[3];
        if (products[i].rows == 0)
            continue;
        quipu_split(products[i].value, c->weight + from, parts, value);
        quipu_split(products[i].weight < 0 ? 0 : products[i].weight, c->weight + from, parts,
                    weight);
        for (uint32_t t = 0; t < parts; t++) {
            sum *s = &table[base + c->target[from + t]];
            s->value += value[t];
            s->rows += products[i].rows;
            s->weight = s->weight < 0 || products[i].weight < 0 ? -1 : s->weight + weight[t];
        }
    }
    free(products);
    return table;
}

static void check_cells(const quipu_cells *cells, const sum *table, const question *q,
                        size_t n_periods) {
    size_t next = 0;
    bool rich = q->options.weight || q->options.rows;
    for (size_t r = 0; r < WORLD_COUNTRIES; r++)
        for (size_t j = 0; j < WORLD_COUNTRIES; j++)
            for (size_t k = 0; k < WORLD_PRODUCTS; k++)
                for (size_t p = 0; p < n_periods; p++) {
                    const sum *s = &table[cell_at(n_periods, r, j, p, k)];
                    if (s->value == 0 && (!rich || s->rows == 0))
                        continue;
                    assert_true(next < cells->n);
                    assert_int_equal(cells->reporter[next], r);
                    assert_int_equal(cells->partner[next], j);
                    assert_int_equal(cells->product[next], k);
                    assert_int_equal(cells->period[next], p);
                    assert_true(cells->value[next] == s->value);
                    if (q->options.weight)
                        assert_true(cells->weight[next] == s->weight);
                    if (q->options.rows)
                        assert_true(cells->rows[next] == s->rows);
                    next++;
                }
    assert_int_equal(next, cells->n);
}

static void ask(const world *w, const question *q) {
    quipu_view view;
    quipu_cells cells;
    quipu_error err = {0};
    quipu_status status = quipu_view_open(w->cube, nomen, &q->selection, NULL, &view, &err);
    if (status == QUIPU_E_NOT_FOUND) /* NAFTA before 1994 */
        return;
    assert_int_equal(status, QUIPU_OK);
    sum *table = simplest(w, &view, q->options.dims);
    if (q->options.classes != NULL && (q->options.dims & QUIPU_DIM_PRODUCT))
        table = classify_table(table, q->options.classes, view.n_periods);
    if (qi_rollup_cut(&view, &q->options, q->task_work, &cells, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    check_cells(&cells, table, q, view.n_periods);
    quipu_cells_free(&cells);
    quipu_view_close(&view);
    free(table);
}

static const char *pick(const char *const *list, size_t n, uint64_t *state) {
    return list[world_random(state) % n];
}

/* Every path of the roll-up is met many times among these. */
static void test_rollups(void **state) {
    QI_UNUSED(state);
    uint64_t dice = 20;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        bool merged = seed % 2 == 0;
        world w = random_world(seed, merged);
        classes c;
        make_classes(&c, seed);
        for (int i = 0; i < 300; i++) {
            question q = {0};
            q.selection = (quipu_selection){
                .reporter = pick(who, QI_COUNT(who), &dice),
                .partner = pick(who, QI_COUNT(who), &dice),
                .product = pick(what, QI_COUNT(what), &dice),
                .years = pick(when, QI_COUNT(when), &dice),
                .flow = world_random(&dice) % 2 ? "import" : "export",
                .basis = !merged && world_random(&dice) % 2 ? "mirror" : NULL};
            q.options.dims = (uint32_t)(world_random(&dice) % 16);
            q.options.classes = world_random(&dice) % 2 ? &c.mapping : NULL;
            q.options.weight = world_random(&dice) % 4 == 0;
            q.options.rows = world_random(&dice) % 4 == 0;
            q.options.threads = 1 + (unsigned)(world_random(&dice) % 2);
            q.task_work = (uint64_t)1 << (world_random(&dice) % 20);
            ask(&w, &q);
        }
        world_close(&w);
    }
}

static void assert_path(const world *w, quipu_selection s, uint32_t dims, const char *path) {
    quipu_view view = open_view(w, s);
    quipu_cells cells;
    quipu_rollup_options options = {.dims = dims, .threads = 1};
    assert_int_equal(quipu_rollup(&view, &options, &cells, NULL), QUIPU_OK);
    assert_string_equal(cells.path, path);
    quipu_cells_free(&cells);
    quipu_view_close(&view);
}

/* Totals and denominators never read leaves. */
static void test_paths(void **state) {
    QI_UNUSED(state);
    world w = random_world(8, true);
    quipu_selection peru = {.reporter = "Peru"}, asia = {.reporter = "Peru", .partner = "Asia"},
                    bought = {.reporter = "Peru", .flow = "import"};
    assert_path(&w, peru, QUIPU_DIM_PERIOD, "margins");
    assert_path(&w, (quipu_selection){0}, QUIPU_DIM_PERIOD | QUIPU_DIM_PRODUCT, "margins");
    assert_path(&w, peru, QUIPU_DIM_PERIOD | QUIPU_DIM_PARTNER, "pairs");
    assert_path(&w, bought, QUIPU_DIM_PERIOD | QUIPU_DIM_PARTNER, "pairs");
    assert_path(&w, asia, QUIPU_DIM_PERIOD, "pairs");
    assert_path(&w, peru, QUIPU_DIM_PERIOD | QUIPU_DIM_PRODUCT, "matrix");
    assert_path(&w, bought, QUIPU_DIM_PERIOD | QUIPU_DIM_PRODUCT, "matrix");
    assert_path(&w, asia, QUIPU_DIM_PERIOD | QUIPU_DIM_PRODUCT, "leaves");
    world_close(&w);
}

static void test_too_large(void **state) {
    QI_UNUSED(state);
    static const quipu_flow exports[] = {QUIPU_EXPORT};
    world w = world_empty(years, 2, exports, 1);
    for (size_t y = 0; y < 2; y++)
        w.value[world_at(y, world_country("PER"), world_country("CHN"), 0)] = INT64_MAX / 2 + 1;
    world_open(&w);
    quipu_view view = open_view(&w, (quipu_selection){.reporter = "Peru"});
    for (uint32_t dims = 0; dims < 8; dims++) {
        quipu_rollup_options options = {.dims = dims, .threads = 1};
        quipu_cells cells;
        quipu_error err = {0};
        assert_int_equal(quipu_rollup(&view, &options, &cells, &err), QUIPU_E_DATA);
        assert_null(cells.value);
    }
    quipu_view_close(&view);
    world_close(&w);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_countries), cmocka_unit_test(test_dated_group),
        cmocka_unit_test(test_years),     cmocka_unit_test(test_months),
        cmocka_unit_test(test_products),  cmocka_unit_test(test_classes_partition),
        cmocka_unit_test(test_flows),     cmocka_unit_test(test_rollups),
        cmocka_unit_test(test_paths),     cmocka_unit_test(test_too_large),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
