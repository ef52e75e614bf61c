/* SPDX-License-Identifier: Apache-2.0 */
/* test_complexity.c - economic complexity: examples by hand, laws, and worlds that have no
 * answer.  Agreement with numpy is tests/complexity/run. */
#include "measures/complex.h"
#include "measures/test_tables.h"
#include "nomen/test_open.h"

static const quipu_period one_year[] = {1997};
static const quipu_flow exports[] = {QUIPU_EXPORT};

/* "110 011 001": a row for each country. */
static qi_presence presence_of(const char *rows) {
    uint8_t cells[4096];
    size_t n = 0, countries = 1, products = strcspn(rows, " ");
    for (const char *at = rows; *at != '\0'; at++)
        if (*at == ' ')
            countries++;
        else
            cells[n++] = (uint8_t)(*at - '0');
    assert_int_equal(n, countries * products);
    qi_presence m;
    assert_int_equal(qi_presence_of(cells, countries, products, &m, NULL), QUIPU_OK);
    return m;
}

static qi_presence random_presence(uint64_t seed, size_t countries, size_t products) {
    uint8_t *cells = calloc(countries * products + 1, 1);
    qi_presence m;
    assert_non_null(cells);
    for (size_t c = 0; c < countries; c++)
        for (size_t p = 0; p < products; p++) {
            double reach = (double)c / (double)countries - (double)p / (double)products;
            double dice = (double)(world_random(&seed) >> 11) * 0x1p-53;
            cells[c * products + p] = dice < 0.35 + 0.5 * reach;
        }
    assert_int_equal(qi_presence_of(cells, countries, products, &m, NULL), QUIPU_OK);
    free(cells);
    return m;
}

static const qi_score_options by_default = {.iterations = 20};

static qi_scores scores_of(const qi_presence *m, const qi_score_options *options) {
    qi_scores s;
    quipu_error err = {0};
    if (qi_scores_make(m, options, &s, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    return s;
}

static void expect_trouble(const char *rows, const char *words) {
    qi_presence m = presence_of(rows);
    qi_scores s;
    quipu_error err = {0};
    if (qi_scores_make(&m, &by_default, &s, &err) != QUIPU_E_DATA)
        fail_msg("%s: %.17g %.17g", rows, s.eigenvalue, s.next);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s: %s", rows, err.text);
    assert_null(s.eci);
    qi_presence_free(&m);
}

static void near(double found, double expected) {
    if (!(fabs(found - expected) <= 1e-11 * fmax(1, fabs(expected))))
        fail_msg("found %.17g, expected %.17g", found, expected);
}

/* ---- by hand ---- */

/* A has products 1, 2, 3; B 2, 3; C 3: see the reference page. */
static void test_staircase(void **state) {
    QI_UNUSED(state);
    qi_presence m = presence_of("111 011 001");
    qi_scores s = scores_of(&m, &by_default);
    qi_density d;
    double row[3], root = sqrt(6);
    near(s.eigenvalue, 0.25);
    near(s.next, 1.0 / 9);
    near(s.eci[0], 3 / root);
    near(s.eci[1], 0);
    near(s.eci[2], -3 / root);
    near(s.pci[0], 9 / root);
    near(s.pci[1], 3 / root);
    near(s.pci[2], -3 / root);
    qi_proximity_row(&m, 0, row);
    assert_near(row[0], 1);
    assert_near(row[1], 0.5);
    assert_near(row[2], 1.0 / 3);
    assert_int_equal(qi_density_make(&m, &(qi_density_options){.scores = &s}, &d, NULL),
                     QUIPU_OK);
    near(d.density[0], 1); /* A has all */
    near(d.density[3], 5.0 / 11);
    near(d.density[6], 2.0 / 11);
    /* B lacks product 1 only: its gain is what 1 itself is worth over its row sum 11/6. */
    near(d.gain[3], 8.0 * 6 / 11 / root);
    near(d.gain[4], 0);
    near(qi_mean(d.coi, 3), 0);
    near(qi_spread(d.coi, 3, 0), 1);
    qi_density_free(&d);
    qi_scores_free(&s);
    qi_presence_free(&m);
}

static void test_reflections_by_hand(void **state) {
    QI_UNUSED(state);
    qi_presence m = presence_of("111 011 001");
    double c[3], p[3], rc[3], rp[3];
    assert_int_equal(qi_reflections(&m, 1, c, p, NULL), QUIPU_OK);
    assert_near(c[0], 2);
    assert_near(c[1], 2.5);
    assert_near(c[2], 3);
    assert_near(p[0], 3);
    assert_near(p[1], 2.5);
    assert_near(p[2], 2);
    assert_int_equal(qi_reflections(&m, 4, c, p, NULL), QUIPU_OK);
    qi_reflected(&m, 4, rc, rp);
    for (size_t i = 0; i < 3; i++)
        near(rc[i], c[i] - qi_mean(c, 3));
    qi_presence_free(&m);
}

static void test_fitness_by_hand(void **state) {
    QI_UNUSED(state);
    qi_presence m = presence_of("111 011 001");
    double f[3], q[3];
    unsigned steps;
    assert_int_equal(qi_fitness(&m, f, q, &steps, NULL), QUIPU_OK);
    assert_true(steps >= 100);
    assert_true(f[0] > f[1] && f[1] > f[2] && q[0] > q[1] && q[1] > q[2]);
    near(qi_mean(f, 3), 1);
    near(qi_mean(q, 3), 1);
    qi_score_options o = {
        .convention = QI_ECONOMICCOMPLEXITY, .method = QI_FITNESS, .iterations = 4};
    qi_scores s = scores_of(&m, &o); /* F after two steps, from Q = 1, 1/2, 1/3 after one */
    double f2[3] = {1 + 0.5 + 1.0 / 3, 0.5 + 1.0 / 3, 1.0 / 3};
    double mean = qi_mean(f2, 3), spread = qi_spread(f2, 3, 1);
    for (size_t i = 0; i < 3; i++)
        near(s.eci[i], (f2[i] - mean) / spread);
    qi_scores_free(&s);
    qi_presence_free(&m);
}

/* ---- laws ---- */

static void test_eci_is_mean_pci(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= 12; seed++) {
        qi_presence m = random_presence(seed, 5 + seed * 11, 20 + seed * 13);
        qi_score_options o = by_default;
        o.largest = true;
        qi_scores s = scores_of(&m, &o);
        for (size_t c = 0; c < m.n_countries; c++) {
            double sum = 0;
            for (uint32_t i = m.of_country[c]; i < m.of_country[c + 1]; i++)
                sum += s.pci[m.product[i]];
            if (m.diversity[c] > 0)
                near(s.eci[c], sum / m.diversity[c]);
            else
                assert_true(isnan(s.eci[c]));
        }
        qi_scores_free(&s);
        qi_presence_free(&m);
    }
}

/* The vector is one: S v = lambda v, orthogonal to the first. */
static void test_eigenpair(void **state) {
    QI_UNUSED(state);
    enum { N = 61 };
    static double a[N * N];
    double known[N], v[N], value;
    uint64_t seed = 4;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j <= i; j++)
            a[i * N + j] = a[j * N + i] = (double)(world_random(&seed) >> 11) * 0x1p-53 - 0.5;
    assert_int_equal(qi_top_eigenpair(a, N, NULL, 0, 1e-15, &value, v, NULL), QUIPU_OK);
    for (size_t i = 0; i < N; i++) {
        double sum = 0;
        for (size_t j = 0; j < N; j++)
            sum += a[i * N + j] * v[j];
        near(sum, value * v[i]);
        known[i] = v[i];
    }
    double first = value, both = 0;
    assert_int_equal(qi_top_eigenpair(a, N, known, 1, 1e-15, &value, v, NULL), QUIPU_OK);
    assert_true(value < first);
    for (size_t i = 0; i < N; i++)
        both += v[i] * known[i];
    near(both, 0);
    /* A matrix of ones has one eigenvalue; what is left is zero. */
    for (size_t i = 0; i < N * N; i++)
        a[i] = 1;
    assert_int_equal(qi_top_eigenpair(a, N, NULL, 0, 1e-15, &value, v, NULL), QUIPU_OK);
    near(value, N);
    assert_int_equal(qi_top_eigenpair(a, N, v, 1, 1e-15, &value, known, NULL), QUIPU_OK);
    near(value, 0);
}

/* Sums without the matrix are the sums over the matrix. */
static void test_sums_over_proximity(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= 6; seed++) {
        size_t nc = seed * 23, np = 10 + seed * 31;
        qi_presence m = random_presence(seed + 40, nc, np);
        double *phi = malloc(np * np * sizeof *phi), *w = malloc(np * sizeof *w);
        double *sums = malloc((nc + 1) * np * sizeof *sums);
        assert_true(phi != NULL && w != NULL && sums != NULL);
        for (size_t p = 0; p < np; p++)
            w[p] = (double)p / 7 - 3;
        assert_int_equal(qi_proximity(&m, 2, phi, NULL), QUIPU_OK);
        for (int diagonal = 0; diagonal < 2; diagonal++) {
            assert_int_equal(
                qi_space_sums(&m, &(qi_sums_options){w, !diagonal, NULL, 3}, sums, NULL),
                QUIPU_OK);
            for (size_t c = 0; c <= nc; c++)
                for (size_t p = 0; p < np; p++) {
                    double sum = 0;
                    for (size_t q = 0; q < np; q++)
                        if ((c == nc || qi_present(&m, c, q)) && (diagonal || p != q))
                            sum += w[q] * phi[q * np + p];
                    near(sums[c * np + p], sum);
                }
        }
        for (size_t p = 0; p < np; p++) {
            qi_proximity_row(&m, p, sums);
            assert_memory_equal(sums, phi + p * np, np * sizeof *phi);
            for (size_t q = 0; q < np; q++)
                assert_true(phi[p * np + q] == phi[q * np + p] && phi[p * np + q] <= 1);
        }
        free(phi);
        free(w);
        free(sums);
        qi_presence_free(&m);
    }
}

static void test_threads(void **state) {
    QI_UNUSED(state);
    qi_presence m = random_presence(5, 101, 333);
    qi_scores s = scores_of(&m, &by_default);
    qi_density one, more;
    size_t bytes = 101 * 333 * sizeof(double);
    assert_int_equal(
        qi_density_make(&m, &(qi_density_options){.scores = &s, .threads = 1}, &one, NULL),
        QUIPU_OK);
    for (unsigned threads = 2; threads <= 7; threads += 5) {
        assert_int_equal(
            qi_density_make(&m, &(qi_density_options){.scores = &s, .threads = threads}, &more,
                            NULL),
            QUIPU_OK);
        assert_memory_equal(one.density, more.density, bytes);
        assert_memory_equal(one.gain, more.gain, bytes);
        assert_memory_equal(one.coi, more.coi, 101 * sizeof(double));
        qi_density_free(&more);
    }
    /* Some countries only: their rows, and no COI. */
    uint8_t wanted[101] = {0};
    wanted[40] = 1;
    assert_int_equal(
        qi_density_make(&m, &(qi_density_options){.scores = &s, .wanted = wanted}, &more, NULL),
        QUIPU_OK);
    assert_memory_equal(one.density + 40 * 333, more.density + 40 * 333, bytes / 101);
    assert_memory_equal(one.gain + 40 * 333, more.gain + 40 * 333, bytes / 101);
    assert_null(more.coi);
    qi_density_free(&more);
    qi_density_free(&one);
    qi_scores_free(&s);
    qi_presence_free(&m);
}

/* The order in which countries and products come means nothing. */
static void test_renaming(void **state) {
    QI_UNUSED(state);
    enum { NC = 40, NP = 90 };
    qi_presence m = random_presence(6, NC, NP), n;
    uint8_t cells[NC * NP];
    for (size_t c = 0; c < NC; c++)
        for (size_t p = 0; p < NP; p++)
            cells[c * 7 % NC * NP + p * 11 % NP] = 0;
    for (size_t c = 0; c < NC; c++)
        for (size_t p = 0; p < NP; p++)
            cells[(c * 7 % NC) * NP + p * 11 % NP] = qi_present(&m, c, p);
    assert_int_equal(qi_presence_of(cells, NC, NP, &n, NULL), QUIPU_OK);
    qi_scores a = scores_of(&m, &by_default), b = scores_of(&n, &by_default);
    qi_density x, y;
    assert_int_equal(
        qi_density_make(&m, &(qi_density_options){.scores = &a, .threads = 2}, &x, NULL),
        QUIPU_OK);
    assert_int_equal(
        qi_density_make(&n, &(qi_density_options){.scores = &b, .threads = 2}, &y, NULL),
        QUIPU_OK);
    for (size_t c = 0; c < NC; c++) {
        near(b.eci[c * 7 % NC], a.eci[c]);
        near(y.coi[c * 7 % NC], x.coi[c]);
        for (size_t p = 0; p < NP; p++)
            near(y.gain[(c * 7 % NC) * NP + p * 11 % NP], x.gain[c * NP + p]);
    }
    qi_density_free(&x);
    qi_density_free(&y);
    qi_scores_free(&a);
    qi_scores_free(&b);
    qi_presence_free(&m);
    qi_presence_free(&n);
}

/* ---- worlds without an answer ---- */

static void test_no_answer(void **state) {
    QI_UNUSED(state);
    expect_trouble("1100 1100 0011 0011", "2 groups");
    expect_trouble("111 111 111", "same products");
    expect_trouble("111", "compares countries, and 1");
    expect_trouble("000 000", "compares countries, and 0");
    /* Four countries in a ring: the second and third eigenvectors are a pair. */
    expect_trouble("1100 0110 0011 1001", "not unique");
}

static void test_largest_group(void **state) {
    QI_UNUSED(state);
    qi_presence m = presence_of("11100 01100 00100 00011 00000");
    qi_score_options o = {.iterations = 20, .largest = true};
    qi_scores s = scores_of(&m, &o);
    assert_int_equal(s.n_groups, 2);
    assert_int_equal(s.n_apart, 1);
    near(s.eci[0], 3 / sqrt(6)); /* as if the others were not there */
    near(s.pci[2], -3 / sqrt(6));
    assert_true(isnan(s.eci[3]) && isnan(s.eci[4]) && isnan(s.pci[3]) && isnan(s.pci[4]));
    qi_density d;
    assert_int_equal(qi_density_make(&m, &(qi_density_options){.scores = &s}, &d, NULL),
                     QUIPU_OK);
    assert_true(isnan(d.gain[3]) && !isnan(d.density[3]));
    assert_true(isnan(d.coi[4]));
    qi_density_free(&d);
    qi_scores_free(&s);
    qi_presence_free(&m);
}

/* A product alone in its neighbourhood: no density where it does not count itself. */
static void test_nothing_near(void **state) {
    QI_UNUSED(state);
    qi_presence m = presence_of("10 01");
    qi_density_options o = {.convention = QI_DATAWHEEL};
    qi_density d;
    assert_int_equal(qi_density_make(&m, &o, &d, NULL), QUIPU_OK);
    assert_true(isnan(d.density[0]) && isnan(d.density[1]));
    assert_null(d.gain);
    qi_density_free(&d);
    o.convention = QI_PY_ECOMPLEXITY;
    assert_int_equal(qi_density_make(&m, &o, &d, NULL), QUIPU_OK);
    assert_near(d.density[0], 1);
    assert_near(d.density[1], 0);
    qi_density_free(&d);
    qi_presence_free(&m);
}

static void test_links(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= 4; seed++) {
        qi_presence m = random_presence(seed + 9, 30, 70);
        qi_link *links;
        size_t n, tree = 0, strong = 0, pairs = 0;
        double row[70];
        assert_int_equal(qi_space_links(&m, 0.6, &links, &n, NULL), QUIPU_OK);
        for (size_t i = 0; i < n; i++) {
            assert_true(links[i].from < links[i].to);
            tree += links[i].tree;
            strong += links[i].proximity >= 0.6;
            assert_true(links[i].tree || links[i].proximity >= 0.6);
        }
        for (size_t p = 0; p < 70; p++) {
            qi_proximity_row(&m, p, row);
            for (size_t q = p + 1; q < 70; q++)
                pairs += row[q] >= 0.6;
        }
        assert_int_equal(strong, pairs);
        size_t alone = 0;
        for (size_t p = 0; p < 70; p++)
            alone += m.ubiquity[p] == 0;
        assert_true(tree + 1 + alone <= 70 + alone && tree > 0);
        free(links);
        qi_presence_free(&m);
    }
    /* By hand: 1-2 share two of two, 2-3 one of two, 1-3 one of two: the tree takes 1-2 and,
     * of equals, 1-3. */
    qi_presence m = presence_of("110 111");
    qi_link *links;
    size_t n;
    assert_int_equal(qi_space_links(&m, 2, &links, &n, NULL), QUIPU_OK);
    assert_int_equal(n, 2);
    assert_true(links[0].from == 0 && links[0].to == 1 && links[0].proximity == 1);
    assert_true(links[1].from == 0 && links[1].to == 2 && links[1].proximity == 0.5);
    free(links);
    qi_presence_free(&m);
}

/* ---- measures ---- */

static void sell(world *w, const char *who, const char *what, int64_t usd) {
    world_set(w, 1997, QUIPU_EXPORT, who, "USA", what, usd);
}

/* ARG sells 1, 2, 3; BRA 2, 3, 4; CHL 3, 4, 5; as much of each, so that all have an RCA of at
 * least 1.  The second eigenvector is (1, 0, -1): alike in diversity, the first gets the plus. */
static world chain(int64_t times) {
    static const char *const codes[] = {"010111", "030110", "260300", "270900", "870323"};
    static const char *const who[] = {"ARG", "BRA", "CHL"};
    world w = world_empty(one_year, 1, exports, 1);
    for (size_t c = 0; c < 3; c++)
        for (size_t p = c; p < c + 3; p++)
            sell(&w, who[c], codes[p], 10 * times);
    return w;
}

static void test_measure(void **state) {
    QI_UNUSED(state);
    world w = chain(1);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "complexity", "");
    assert_int_equal(t.n_rows, 3);
    double a = figure(&t, "eci", "reporter=ARG");
    near(a, sqrt(1.5));
    near(figure(&t, "eci", "reporter=BRA"), 0);
    assert_near(figure(&t, "value", "reporter=ARG"), 30);
    assert_near(figure(&t, "ubiquity", "reporter=BRA"), 7.0 / 3);
    assert_true(has_note(&t, "3 countries (0 left out as too small) in 5 products (0 left "
                             "out); 9 of the 15 cells"));
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "eci", "reporter=Argentina");
    assert_int_equal(t.n_rows, 1);
    assert_near(figure(&t, "eci", ""), a);
    quipu_table_free(&t);
    world_close(&w);
    w = chain(1000); /* the scale of all values changes nothing */
    world_open(&w);
    t = run_measure(w.cube, nomen, "complexity", "");
    assert_near(figure(&t, "eci", "reporter=ARG"), a);
    quipu_table_free(&t);
    world_close(&w);
}

static void test_filters(void **state) {
    QI_UNUSED(state);
    world w = chain(1);
    quipu_table t;
    quipu_error err = {0};
    sell(&w, "PER", "870323", 19);
    world_open(&w);
    t = run_measure(w.cube, nomen, "density", "min-exports=20");
    for (size_t row = 0; row < t.n_rows; row++)
        assert_true(strcmp(t.columns[0].data.text[row], "PER") != 0);
    assert_true(has_note(&t, "countries that export at least 20 US$"));
    assert_true(has_note(&t, "3 countries (1 left out as too small)"));
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "proximity", "min-product-trade=15 least=0");
    for (size_t row = 0; row < t.n_rows; row++)
        assert_true(strcmp(t.columns[0].data.text[row], "010111") != 0);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "proximity", "digits=2 least=0");
    assert_int_equal(strlen(t.columns[0].data.text[0]), 2);
    quipu_table_free(&t);
    assert_int_equal(try_measure(w.cube, nomen, "complexity", "iterations=7", 1, &t, &err),
                     QUIPU_E_ARG);
    assert_non_null(strstr(err.text, "an even number"));
    qi_error_clear(&err);
    assert_int_equal(try_measure(w.cube, nomen, "complexity", "min-population=1", 1, &t, &err),
                     QUIPU_E_ARG);
    qi_error_clear(&err);
    assert_int_equal(try_measure(w.cube, nomen, "complexity", "of=Japan", 1, &t, &err),
                     QUIPU_E_DATA); /* exports nothing */
    assert_non_null(strstr(err.text, "1997: ECI compares countries"));
    world_close(&w);
}

/* Density stands where ECI does not. */
static void test_frail(void **state) {
    QI_UNUSED(state);
    world w = world_empty(one_year, 1, exports, 1);
    sell(&w, "ARG", "010111", 10);
    sell(&w, "BRA", "030110", 10);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "density", "");
    assert_int_equal(t.n_rows, 4);
    assert_near(figure(&t, "density", "reporter=ARG product=010111"), 1);
    assert_missing(figure(&t, "gain", "reporter=ARG product=030110"));
    assert_true(has_note(&t, "no ECI and PCI"));
    quipu_table_free(&t);
    quipu_error err = {0};
    assert_int_equal(try_measure(w.cube, nomen, "complexity", "", 1, &t, &err), QUIPU_E_DATA);
    assert_non_null(strstr(err.text, "--separate largest"));
    world_close(&w);
}

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* A (income 10) 90 and 70, B (income 40) 30 and 90: see the reference pages. */
static void test_incomes(void **state) {
    QI_UNUSED(state);
    world w = world_empty(one_year, 1, exports, 1);
    char path[] = "/tmp/quipu-income-XXXXXX", given[128];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_text(path, "country,year,gdp\nArgentina,1997,10\nBRA,1997,40\nCHL,1997,\n");
    snprintf(given, sizeof given, "income=%s", path);
    sell(&w, "ARG", "010111", 90);
    sell(&w, "ARG", "030110", 70);
    sell(&w, "BRA", "010111", 30);
    sell(&w, "BRA", "030110", 90);
    sell(&w, "CHL", "260300", 50);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "prody", given);
    double first = (0.5625 * 10 + 0.25 * 40) / 0.8125,
           second = (0.4375 * 10 + 0.75 * 40) / 1.1875;
    assert_near(figure(&t, "prody", "product=010111"), first);
    assert_near(figure(&t, "prody", "product=030110"), second);
    assert_missing(figure(&t, "prody", "product=260300"));
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "expy", given);
    assert_near(figure(&t, "expy", "reporter=ARG"), (90 * first + 70 * second) / 160);
    assert_missing(figure(&t, "expy", "reporter=CHL"));
    assert_near(figure(&t, "covered", "reporter=CHL"), 0);
    quipu_table_free(&t);
    quipu_error err = {0};
    assert_int_equal(try_measure(w.cube, nomen, "expy", "", 1, &t, &err), QUIPU_E_ARG);
    assert_non_null(strstr(err.text, "--income FILE"));
    static const char *const bad[] = {
        "country,year,gdp\nAtlantis,1997,10\n", "country,year,gdp\nPER,97x,10\n",
        "country,year,gdp\nPER,1997,-4\n", "country,year\nPER,1997\n",
        "country,year,gdp\nPER,1997,4\nPeru,1997,5\n"};
    for (size_t i = 0; i < QI_COUNT(bad); i++) {
        qi_error_clear(&err);
        write_text(path, bad[i]);
        quipu_status status = try_measure(w.cube, nomen, "prody", given, 1, &t, &err);
        assert_true(status == QUIPU_E_FORMAT || status == QUIPU_E_DATA);
        assert_string_equal(err.file, path);
    }
    unlink(path);
    world_close(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_staircase),       cmocka_unit_test(test_reflections_by_hand),
        cmocka_unit_test(test_fitness_by_hand), cmocka_unit_test(test_eci_is_mean_pci),
        cmocka_unit_test(test_eigenpair),       cmocka_unit_test(test_sums_over_proximity),
        cmocka_unit_test(test_threads),         cmocka_unit_test(test_renaming),
        cmocka_unit_test(test_no_answer),       cmocka_unit_test(test_largest_group),
        cmocka_unit_test(test_nothing_near),    cmocka_unit_test(test_links),
        cmocka_unit_test(test_measure),         cmocka_unit_test(test_filters),
        cmocka_unit_test(test_frail),           cmocka_unit_test(test_incomes),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
