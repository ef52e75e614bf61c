/* SPDX-License-Identifier: Apache-2.0 */
/* Panels out of cubes and tables laid beside them: which rows there are, and what is in them. */
#include "measures/gravity.h"
#include "measures/test_tables.h"
#include "nomen/test_open.h"

static char side_path[64];

static void write_side(const char *text) {
    snprintf(side_path, sizeof side_path, "/tmp/test-gravity-%d.csv", (int)getpid());
    FILE *file = fopen(side_path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Peru, Chile and China; Chile reported nothing in 2001. */
static world small(void) {
    static const quipu_period years[] = {2000, 2001};
    static const quipu_flow flows[] = {QUIPU_EXPORT};
    world w = world_empty(years, 2, flows, 1);
    world_set(&w, 2000, QUIPU_EXPORT, "PER", "CHL", "260300", 1000000);
    world_set(&w, 2000, QUIPU_EXPORT, "PER", "CHN", "260300", 2000000);
    world_set(&w, 2000, QUIPU_EXPORT, "PER", "UNS", "260300", 5000000);
    world_set(&w, 2000, QUIPU_EXPORT, "CHL", "PER", "610910", 3000000);
    world_set(&w, 2000, QUIPU_EXPORT, "CHN", "PER", "610910", 4000000);
    world_set(&w, 2001, QUIPU_EXPORT, "PER", "CHL", "260300", 1500000);
    world_set(&w, 2001, QUIPU_EXPORT, "CHN", "PER", "852520", 4500000);
    world_open(&w);
    return w;
}

typedef struct asked {
    qi_gravity g;
    quipu_argument arguments[8];
    quipu_request request;
} asked;

static quipu_status try_panel(asked *a, const quipu_cube *cube, const char *formula,
                              const char *name, const char *value, quipu_error *err) {
    size_t n = 0;
    a->arguments[n++] = (quipu_argument){"formula", formula};
    if (name != NULL)
        a->arguments[n++] = (quipu_argument){name, value};
    a->request = (quipu_request){.cube = cube,
                                 .nomen = nomen,
                                 .arguments = a->arguments,
                                 .n_arguments = n,
                                 .threads = 1};
    quipu_status status = qi_gravity_open(&a->g, &qi_measure_gravity, &a->request, err);
    return status == QUIPU_OK ? qi_gravity_panel(&a->g, err) : status;
}

static void open_panel(asked *a, const quipu_cube *cube, const char *formula, const char *name,
                       const char *value) {
    quipu_error err = {0};
    if (try_panel(a, cube, formula, name, value, &err) != QUIPU_OK)
        fail_msg("%s: %s", formula, err.text);
}

static const char *label(const qi_panel *p, qi_role role, size_t row) {
    const qi_panel_column *c = &p->columns.items[p->role[role]];
    return c->labels[c->label[row]];
}

/* SIZE_MAX: there is no such row. */
static size_t row_of(const qi_panel *p, const char *exporter, const char *importer, int year,
                     const char *sector) {
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(label(p, QI_EXPORTER, i), exporter) == 0 &&
            strcmp(label(p, QI_IMPORTER, i), importer) == 0 &&
            p->columns.items[p->role[QI_YEAR]].number[i] == year &&
            (sector == NULL || strcmp(label(p, QI_SECTOR, i), sector) == 0))
            return i;
    return SIZE_MAX;
}

static double number(const qi_panel *p, const char *column, size_t row) {
    assert_int_not_equal(row, SIZE_MAX);
    return p->columns.items[qi_panel_find(p, column)].number[row];
}

static void close_to(double a, double b) {
    if (!(fabs(a - b) <= 1e-12 * fmax(1.0, fabs(b))))
        fail_msg("%.17g is not %.17g", a, b);
}

static void zeros_and_missing(void **state) {
    QI_UNUSED(state);
    world w = small();
    asked a;
    open_panel(&a, w.cube, "trade ~ border", NULL, NULL);
    const qi_panel *p = &a.g.panel;
    assert_int_equal(p->n, 6 + 4); /* not CHL in 2001; never an area */
    close_to(number(p, "trade", row_of(p, "PER", "CHN", 2000, NULL)), 2);
    close_to(number(p, "trade", row_of(p, "CHL", "CHN", 2000, NULL)), 0);
    close_to(number(p, "trade", row_of(p, "PER", "CHN", 2001, NULL)), 0);
    close_to(number(p, "trade", row_of(p, "CHN", "CHL", 2001, NULL)), 0);
    assert_int_equal(row_of(p, "CHL", "PER", 2001, NULL), SIZE_MAX);
    assert_int_equal(row_of(p, "PER", "PER", 2000, NULL), SIZE_MAX);
    assert_int_equal(row_of(p, "PER", "UNS", 2000, NULL), SIZE_MAX);
    qi_gravity_close(&a.g);
    /* A country that was asked for buys nothing of anybody, and has rows as importer. */
    open_panel(&a, w.cube, "trade ~ border", "countries", "Peru,China,Japan");
    p = &a.g.panel;
    assert_int_equal(p->n, 2 * 2 * 2);
    close_to(number(p, "trade", row_of(p, "PER", "JPN", 2001, NULL)), 0);
    qi_gravity_close(&a.g);
    world_close(&w);
}

static void classes_as_sectors(void **state) {
    QI_UNUSED(state);
    world w = small();
    asked a;
    open_panel(&a, w.cube, "trade ~ border | sector", "by", "chapter");
    const qi_panel *p = &a.g.panel;
    assert_int_equal(p->n, 10 * 3); /* chapters 26, 61 and 85 were traded */
    close_to(number(p, "trade", row_of(p, "PER", "CHL", 2001, "26")), 1.5);
    close_to(number(p, "trade", row_of(p, "PER", "CHL", 2001, "61")), 0);
    close_to(number(p, "trade", row_of(p, "CHN", "PER", 2001, "85")), 4.5);
    qi_gravity_close(&a.g);
    world_close(&w);
}

static void domestic_trade(void **state) {
    QI_UNUSED(state);
    world w = small();
    asked a;
    write_side("country,year,domestic\nPeru,2000,50\nCN,2001,70\nFRA,2000,9\n");
    open_panel(&a, w.cube, "trade ~ border", "domestic", side_path);
    const qi_panel *p = &a.g.panel;
    assert_int_equal(p->n, 10 + 2);
    close_to(number(p, "trade", row_of(p, "PER", "PER", 2000, NULL)), 50);
    close_to(number(p, "trade", row_of(p, "CHN", "CHN", 2001, NULL)), 70);
    close_to(number(p, "border", row_of(p, "CHN", "CHN", 2001, NULL)), 0);
    qi_gravity_close(&a.g);
    world_close(&w);
}

/* By pair, by country on either side, by importer and year. */
static void tables_beside(void **state) {
    QI_UNUSED(state);
    world w = small();
    asked a;
    write_side("country1,country2,near\nPER,CHL,7\nchina,604,8\nCHL,PER,6\n");
    open_panel(&a, w.cube, "trade ~ near", "with", side_path);
    const qi_panel *p = &a.g.panel;
    close_to(number(p, "near", row_of(p, "PER", "CHL", 2001, NULL)), 7);
    close_to(number(p, "near", row_of(p, "CHL", "PER", 2000, NULL)), 6);
    close_to(number(p, "near", row_of(p, "PER", "CHN", 2000, NULL)), 8);
    close_to(number(p, "near", row_of(p, "CHN", "PER", 2000, NULL)), 8);
    assert_true(isnan(number(p, "near", row_of(p, "CHN", "CHL", 2000, NULL))));
    assert_non_null(
        strstr(a.g.notes.notes[a.g.notes.n_notes - 1], "near is missing in 3 of 10"));
    qi_gravity_close(&a.g);
    write_side("country,year,gdp\nPER,2000,1\nCHL,2000,2\nCHN,2000,3\nCHN,2001,4\n");
    open_panel(&a, w.cube, "trade ~ gdp_exp + gdp_imp", "with", side_path);
    p = &a.g.panel;
    close_to(number(p, "gdp_exp", row_of(p, "CHN", "PER", 2001, NULL)), 4);
    close_to(number(p, "gdp_imp", row_of(p, "CHN", "PER", 2000, NULL)), 1);
    qi_gravity_close(&a.g);
    write_side("importer,year,tariff\nCHL,2001,5\n");
    open_panel(&a, w.cube, "trade ~ tariff", "with", side_path);
    p = &a.g.panel;
    close_to(number(p, "tariff", row_of(p, "PER", "CHL", 2001, NULL)), 5);
    qi_gravity_close(&a.g);
    quipu_error err = {0};
    write_side("importer,year,tariff\nCHL,2001,5\nCHL,2001,6\n");
    assert_int_equal(try_panel(&a, w.cube, "trade ~ tariff", "with", side_path, &err),
                     QUIPU_E_DATA);
    assert_int_equal(err.line, 3);
    qi_gravity_close(&a.g);
    world_close(&w);
}

static void what_is_known(void **state) {
    QI_UNUSED(state);
    world w = small();
    asked a;
    open_panel(&a, w.cube, "trade ~ ln_dist + dist + cntg + lang + clny + rta | pair", NULL,
               NULL);
    const qi_panel *p = &a.g.panel;
    size_t chile = row_of(p, "PER", "CHL", 2000, NULL),
           china = row_of(p, "PER", "CHN", 2000, NULL);
    close_to(number(p, "ln_dist", chile), log(number(p, "dist", chile)));
    close_to(number(p, "cntg", chile), 1);
    close_to(number(p, "cntg", china), 0);
    close_to(number(p, "lang", chile), 1);
    close_to(number(p, "clny", chile), 0);
    close_to(number(p, "rta", china), 0);
    qi_gravity_close(&a.g);
    write_side("country1,country2,from,to\nPER,China,2001-06-01,\nCHL,PER,1999,2000-06-30\n");
    open_panel(&a, w.cube, "trade ~ rta", "agreements", side_path);
    p = &a.g.panel;
    close_to(number(p, "rta", row_of(p, "PER", "CHN", 2000, NULL)), 0);
    close_to(number(p, "rta", row_of(p, "CHN", "PER", 2001, NULL)), 1);
    close_to(number(p, "rta", row_of(p, "CHL", "PER", 2000, NULL)), 0); /* ended before */
    qi_gravity_close(&a.g);
    world_close(&w);
}

static void names_nobody_knows(void **state) {
    QI_UNUSED(state);
    world w = small();
    asked a;
    quipu_error err = {0};
    assert_int_equal(try_panel(&a, w.cube, "trade ~ ln_dsit", NULL, NULL, &err), QUIPU_E_ARG);
    assert_non_null(strstr(err.text, "formula, column 9: there is no variable \"ln_dsit\"; did "
                                     "you mean ln_dist"));
    qi_gravity_close(&a.g);
    memset(&err, 0, sizeof err);
    assert_int_equal(try_panel(&a, w.cube, "trade ~ rta", "countries", "Peru", &err),
                     QUIPU_E_DATA);
    assert_non_null(strstr(err.text, "two countries at least"));
    qi_gravity_close(&a.g);
    world_close(&w);
}

static bool at_once(void *user, uint64_t done, uint64_t total) {
    QI_UNUSED(user);
    QI_UNUSED(done);
    QI_UNUSED(total);
    return true;
}

static void it_can_be_stopped(void **state) {
    QI_UNUSED(state);
    world w = small();
    const quipu_argument formula = {"formula", "trade ~ ln_dist | exp"};
    quipu_request request = {.cube = w.cube,
                             .nomen = nomen,
                             .arguments = &formula,
                             .n_arguments = 1,
                             .threads = 1,
                             .stop = at_once};
    quipu_table table;
    quipu_error err = {0};
    assert_int_equal(quipu_measure_run(&qi_measure_gravity, &request, &table, &err),
                     QUIPU_E_STOPPED);
    world_close(&w);
}

static int remove_side(void **state) {
    remove(side_path);
    return close_nomen(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeros_and_missing), cmocka_unit_test(classes_as_sectors),
        cmocka_unit_test(domestic_trade),    cmocka_unit_test(tables_beside),
        cmocka_unit_test(what_is_known),     cmocka_unit_test(names_nobody_knows),
        cmocka_unit_test(it_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, open_nomen, remove_side);
}
