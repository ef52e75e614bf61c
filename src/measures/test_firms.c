/* SPDX-License-Identifier: Apache-2.0 */
/* test_firms.c - measures by firm against sums over the declarations themselves, on random ones;
 * what is not told must be too small, or keep something small from being told. */
#include "import/test_trial.h"
#include "measures/test_rank.h"
#include "measures/test_tables.h"

enum { FIRMS = 40, PARTNERS = 4, GOODS = 5, YEARS = 4, FIRST = 2008, LEAST = 3, MOST = 1200 };

static const char *const partner_iso[PARTNERS] = {"CHN", "JPN", "KOR", "USA"};
static const char *const good_code[GOODS] = {"260300", "260800", "030749", "610910", "710812"};
static const char *const good_section[GOODS] = {"V", "V", "I", "XI", "XIV"};
#define ANY (-1)

typedef struct declaration {
    int year, partner, good, firm; /* firm ANY: not stated */
    int64_t value;                 /* thousandths */
} declaration;

typedef struct declared {
    trial *t;
    quipu_cube *cube;
    declaration rows[MOST];
    size_t n;
} declared;

static uint64_t random_state;
static int below(int n) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int)((random_state >> 33) % (unsigned)n);
}

/* Few firms in the later goods and partners, so that some cells are small. */
static void declare(declared *d, void **state, uint64_t seed) {
    qi_buffer text = {0};
    random_state = seed;
    d->n = 0;
    assert_true(qi_buffer_text(&text, "year,p,hs,usd,ruc\n"));
    for (size_t i = 0; i < 300 + (size_t)below(MOST - 300); i++) {
        declaration r = {.year = below(YEARS), .firm = below(FIRMS)};
        r.partner = below(1 + below(PARTNERS));
        r.good = below(1 + below(GOODS));
        r.firm = below(50) == 0 ? ANY : r.firm / (1 + r.good + r.partner);
        r.value = below(20) == 0 ? 0 : 1 + (int64_t)below(1000) * below(1000);
        d->rows[d->n++] = r;
        assert_true(qi_buffer_printf(&text, "%d,%s,%s,%lld.%03d,", FIRST + r.year,
                                     partner_iso[r.partner], good_code[r.good],
                                     (long long)(r.value / 1000), (int)(r.value % 1000)));
        if (r.firm != ANY)
            assert_true(qi_buffer_printf(&text, "0%03d", r.firm));
        assert_true(qi_buffer_text(&text, "\n"));
    }
    assert_true(qi_buffer_add(&text, "", 1));
    d->t = *state;
    trial_again(d->t);
    trial_file(d->t, "declarations.csv", text.bytes);
    d->t->options.map = "period=year,flow:export,reporter:PER,partner=p,product=hs,value=usd,"
                        "firm=ruc,nomenclature:H3";
    d->t->options.duplicates = QUIPU_DUPLICATES_DECLARATIONS;
    d->t->options.keep_firms = true;
    trial_works(d->t);
    assert_int_equal(quipu_cube_open(d->t->cube, &d->cube, NULL), QUIPU_OK);
    qi_buffer_free(&text);
}

static void forget(declared *d) {
    quipu_cube_close(d->cube);
}

/* ---- sums of our own ---- */

typedef struct cell {
    uint64_t firms; /* bits */
    int n;
    int64_t value, named, of[FIRMS];
    uint32_t goods[FIRMS], partners[FIRMS]; /* bits */
    uint32_t pairs[FIRMS];
} cell;

static bool is_in(const declaration *r, int year, int partner, const char *section) {
    return r->value > 0 && r->year == year && (partner == ANY || r->partner == partner) &&
           (section == NULL || strcmp(good_section[r->good], section) == 0);
}

static cell cell_of(const declared *d, int year, int partner, const char *section) {
    cell c = {0};
    for (size_t i = 0; i < d->n; i++) {
        const declaration *r = &d->rows[i];
        if (!is_in(r, year, partner, section))
            continue;
        c.value += r->value;
        if (r->firm == ANY)
            continue;
        c.named += r->value;
        c.firms |= (uint64_t)1 << r->firm;
        c.of[r->firm] += r->value;
        c.goods[r->firm] |= 1u << r->good;
        c.partners[r->firm] |= 1u << r->partner;
        c.pairs[r->firm] |= 1u << (r->good * PARTNERS + r->partner);
    }
    c.n = __builtin_popcountll(c.firms);
    return c;
}

static double mean_bits(const uint32_t *bits, int n) {
    int sum = 0;
    for (int f = 0; f < FIRMS; f++)
        sum += __builtin_popcount(bits[f]);
    return (double)sum / n;
}

/* ---- rows ---- */

static const char *text_of(const quipu_table *t, const char *column, size_t row) {
    size_t c = column_of(t, column);
    return quipu_table_present(t, c, row) ? t->columns[c].data.text[row] : "";
}

static bool is_told(const quipu_table *t, const char *column, size_t row) {
    return quipu_table_present(t, column_of(t, column), row);
}

static int64_t integer_of(const quipu_table *t, const char *column, size_t row) {
    assert_true(is_told(t, column, row));
    return t->columns[column_of(t, column)].data.integer[row];
}

static double real_of(const quipu_table *t, const char *column, size_t row) {
    assert_true(is_told(t, column, row));
    return t->columns[column_of(t, column)].data.real[row];
}

static int partner_of(const quipu_table *t, size_t row) {
    for (int p = 0; p < PARTNERS; p++)
        if (strcmp(text_of(t, "partner", row), partner_iso[p]) == 0)
            return p;
    assert_string_equal(text_of(t, "partner", row), "total");
    return ANY;
}

static bool is_flagged(const quipu_table *t, size_t row) {
    return strcmp(text_of(t, "confidential", row), "c") == 0;
}

/* ---- firms ---- */

static void assert_counts(const quipu_table *t, size_t row, const cell *c) {
    assert_int_equal(integer_of(t, "firms", row), c->n);
    assert_int_equal(integer_of(t, "value", row), c->value);
    if (c->n == 0)
        return;
    assert_true(c->n >= LEAST);
    assert_true(llabs(integer_of(t, "value_per_firm", row) * c->n - c->named) <= c->n / 2);
    assert_near(real_of(t, "without_firm", row),
                (double)(c->value - c->named) / (double)c->value);
    assert_near(real_of(t, "products_per_firm", row), mean_bits(c->goods, c->n));
    assert_near(real_of(t, "partners_per_firm", row), mean_bits(c->partners, c->n));
    assert_near(real_of(t, "pairs_per_firm", row), mean_bits(c->pairs, c->n));
}

static void firms_are_those_of_the_declarations(void **state) {
    static declared d;
    size_t told = 0, hidden = 0, spared = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        declare(&d, state, seed);
        quipu_table t =
            run_measure(d.cube, trial_nomen, "firms", "by=partner,section total=yes");
        for (size_t row = 0; row < t.n_rows; row++) {
            const char *section = text_of(&t, "class", row);
            cell c = cell_of(&d, (int)integer_of(&t, "year", row) - FIRST, partner_of(&t, row),
                             strcmp(section, "total") == 0 ? NULL : section);
            told += !is_flagged(&t, row);
            hidden += is_flagged(&t, row);
            spared += is_flagged(&t, row) && c.n >= LEAST;
            if (!is_flagged(&t, row))
                assert_counts(&t, row, &c);
            else
                assert_false(is_told(&t, "firms", row) || is_told(&t, "value", row));
        }
        quipu_table_free(&t);
        forget(&d);
    }
    assert_true(told > 100 && hidden > 100 && spared > 20);
}

/* ---- entry and exit ---- */

static double part(int64_t a, int64_t b) {
    return (double)a / (double)b;
}

static int64_t value_of(const cell *c, uint64_t firms) {
    int64_t sum = 0;
    for (int f = 0; f < FIRMS; f++)
        if (firms >> f & 1u)
            sum += c->of[f];
    return sum;
}

static void assert_split(const quipu_table *t, size_t row, const cell *was, const cell *is,
                         const cell *anything_before) {
    uint64_t entered = is->firms & ~was->firms, born = entered & ~anything_before->firms;
    int n = __builtin_popcountll(entered);
    assert_true(n == 0 || n >= LEAST);
    assert_true(is->n - n == 0 || is->n - n >= LEAST);
    assert_int_equal(integer_of(t, "entered", row), n);
    if (is_told(t, "born", row)) {
        assert_int_equal(integer_of(t, "born", row), __builtin_popcountll(born));
        assert_true(born == 0 || __builtin_popcountll(born) >= LEAST);
    }
    if (is_told(t, "left", row))
        assert_int_equal(integer_of(t, "left", row),
                         __builtin_popcountll(was->firms & ~is->firms));
    if (is_told(t, "entrants_share", row))
        assert_near(real_of(t, "entrants_share", row), part(value_of(is, entered), is->value));
}

static void entry_and_exit_are_those_of_the_declarations(void **state) {
    static declared d;
    size_t split = 0, rates = 0, lasted = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        declare(&d, state, seed);
        quipu_table t =
            run_measure(d.cube, trial_nomen, "firm-dynamics", "by=partner total=yes");
        for (size_t row = 0; row < t.n_rows; row++) {
            int year = (int)integer_of(&t, "year", row) - FIRST, partner = partner_of(&t, row);
            cell was = cell_of(&d, year - 1, partner, NULL),
                 is = cell_of(&d, year, partner, NULL),
                 next = cell_of(&d, year + 1, partner, NULL),
                 all = cell_of(&d, year - 1, ANY, NULL);
            if (is_told(&t, "firms", row)) {
                assert_int_equal(integer_of(&t, "firms", row), is.n);
                assert_int_equal(integer_of(&t, "value", row), is.value);
            }
            assert_true(year > 0 || !is_told(&t, "entered", row));
            if (!is_told(&t, "entered", row))
                continue;
            split++;
            assert_split(&t, row, &was, &is, &all);
            uint64_t entered = is.firms & ~was.firms;
            assert_near(real_of(&t, "entry_rate", row),
                        part(__builtin_popcountll(entered), is.n));
            if (is_told(&t, "exit_rate", row)) {
                rates++;
                assert_near(real_of(&t, "exit_rate", row),
                            part(__builtin_popcountll(was.firms & ~is.firms), was.n));
            }
            if (is_told(&t, "survival", row)) {
                lasted++;
                assert_near(real_of(&t, "survival", row),
                            part(__builtin_popcountll(entered & next.firms),
                                 __builtin_popcountll(entered)));
            }
        }
        quipu_table_free(&t);
        forget(&d);
    }
    assert_true(split > 40 && rates > 30 && lasted > 5);
}

static void new_firms_are_those_of_the_declarations(void **state) {
    static declared d;
    size_t split = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        declare(&d, state, seed);
        quipu_table t =
            run_measure(d.cube, trial_nomen, "new-firms", "by=partner total=yes since=2010");
        for (size_t row = 0; row < t.n_rows; row++) {
            int partner = partner_of(&t, row);
            cell was = cell_of(&d, 1, partner, NULL), is = cell_of(&d, 2, partner, NULL),
                 all = cell_of(&d, 1, ANY, NULL);
            if (is_told(&t, "firms_before", row))
                assert_int_equal(integer_of(&t, "firms_before", row), was.n);
            if (is_told(&t, "value_after", row))
                assert_int_equal(integer_of(&t, "value_after", row), is.value);
            if (is_told(&t, "growth", row))
                assert_near(real_of(&t, "growth", row), part(is.n, was.n) - 1);
            if (!is_told(&t, "entered", row))
                continue;
            split++;
            assert_split(&t, row, &was, &is, &all);
        }
        quipu_table_free(&t);
        forget(&d);
    }
    assert_true(split > 15);
}

/* ---- concentration ---- */

static int larger_first(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x > y ? -1 : x < y;
}

static void the_largest_are_those_of_the_declarations(void **state) {
    static declared d;
    size_t fives = 0, indices = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        declare(&d, state, seed);
        quipu_table t = run_measure(d.cube, trial_nomen, "firm-concentration", "by=partner");
        for (size_t row = 0; row < t.n_rows; row++) {
            cell c = cell_of(&d, (int)integer_of(&t, "year", row) - FIRST, partner_of(&t, row),
                             NULL);
            int64_t five = 0, half = 0, sum = 0;
            double hhi = 0;
            qsort(c.of, FIRMS, sizeof *c.of, larger_first);
            for (int f = 0; f < FIRMS; f++) {
                five += f < 5 ? c.of[f] : 0;
                half += sum * 2 < c.named;
                sum += c.of[f];
                hhi += c.n > 0 ? part(c.of[f], c.named) * part(c.of[f], c.named) : 0;
            }
            if (is_told(&t, "top_5", row)) {
                fives++;
                assert_true(c.n >= 5 + LEAST);
                assert_near(real_of(&t, "top_5", row), part(five, c.named));
            }
            if (is_told(&t, "hhi", row)) {
                indices++;
                assert_true(c.n >= LEAST + 6);
                assert_near(real_of(&t, "hhi", row), hhi);
            }
            if (is_told(&t, "firms_of_half", row))
                assert_int_equal(integer_of(&t, "firms_of_half", row), half);
        }
        quipu_table_free(&t);
        forget(&d);
    }
    assert_true(fives > 20 && indices > 20);
}

/* ---- what can be told from the printed values ---- */

/* What firm f (the last: nobody) traded with partner p is number f * PARTNERS + p; a printed value
 * is a sum of them. */
enum { PARTS = (FIRMS + 1) * PARTNERS, MOST_PRINTED = 2 * (PARTNERS + 1) };

static void print_sum(int64_t *row, const declared *d, int year, int partner, uint64_t firms,
                      bool nobody) {
    for (size_t i = 0; i < d->n; i++) {
        const declaration *r = &d->rows[i];
        if (is_in(r, year, partner, NULL) &&
            (r->firm == ANY ? nobody : (firms >> r->firm & 1u) != 0))
            row[(r->firm == ANY ? FIRMS : r->firm) * PARTNERS + r->partner] = 1;
    }
}

/* Two firms are too few: leaving their parts away must not take a row of what is printed away. */
static void assert_tells_of_no_two(const int64_t *printed, size_t n) {
    int64_t rows[MOST_PRINTED * PARTS];
    memcpy(rows, printed, n * PARTS * sizeof *rows);
    size_t all = rank_of(rows, n, PARTS, PARTS);
    for (int a = 0; a < FIRMS; a++)
        for (int b = a + 1; b < FIRMS; b++) {
            memcpy(rows, printed, n * PARTS * sizeof *rows);
            for (size_t i = 0; i < n; i++)
                for (size_t p = 0; p < PARTNERS; p++)
                    rows[i * PARTS + (size_t)a * PARTNERS + p] =
                        rows[i * PARTS + (size_t)b * PARTNERS + p] = 0;
            if (rank_of(rows, n, PARTS, PARTS) < all)
                fail_msg("what is printed tells of firms %d and %d", a, b);
        }
}

static void printed_values_tell_of_no_two_firms(void **state) {
    static declared d;
    for (uint64_t seed = 21; seed <= 26; seed++) {
        declare(&d, state, seed);
        quipu_table t =
            run_measure(d.cube, trial_nomen, "firm-dynamics", "by=partner total=yes");
        for (int year = 1; year < YEARS; year++) {
            int64_t printed[MOST_PRINTED * PARTS] = {0};
            size_t n = 0;
            for (size_t row = 0; row < t.n_rows; row++) {
                if (integer_of(&t, "year", row) != FIRST + year)
                    continue;
                int partner = partner_of(&t, row);
                uint64_t before = cell_of(&d, year - 1, partner, NULL).firms;
                if (is_told(&t, "value", row))
                    print_sum(printed + n++ * PARTS, &d, year, partner, UINT64_MAX, true);
                if (is_told(&t, "entrants_share", row))
                    print_sum(printed + n++ * PARTS, &d, year, partner, ~before, false);
            }
            assert_tells_of_no_two(printed, n);
        }
        quipu_table_free(&t);
        forget(&d);
    }
}

/* ---- what is refused, what does not matter ---- */

static void assert_refused(const declared *d, const char *measure, const char *text,
                           const char *why) {
    quipu_table t;
    quipu_error err = {0};
    assert_true(try_measure(d->cube, trial_nomen, measure, text, 1, &t, &err) != QUIPU_OK);
    if (strstr(err.text, why) == NULL)
        fail_msg("%s %s: %s", measure, text, err.text);
}

static void what_would_tell_too_much_is_refused(void **state) {
    static declared d;
    declare(&d, state, 7);
    assert_refused(&d, "firms", "min-firms=2", "from 3");
    assert_refused(&d, "firms", "partner=China,Asia", "Asia except China");
    assert_refused(&d, "firms", "flow=import", "no import");
    assert_refused(&d, "new-firms", "partner=China,Japan", "--since");
    assert_refused(&d, "new-firms", "since=2008", "no figures of 2007");
    const quipu_argument by = {"by", "partner,product"};
    quipu_request request = {.cube = d.cube,
                             .nomen = trial_nomen,
                             .arguments = &by,
                             .n_arguments = 1,
                             .most_cells = 20};
    quipu_table t;
    quipu_error err = {0};
    assert_int_equal(quipu_measure_run(quipu_measure_find("firms"), &request, &t, &err),
                     QUIPU_E_LIMIT);
    assert_non_null(strstr(err.text, "more than 20 figures"));
    forget(&d);
}

static void assert_same_figure(const quipu_table *a, const quipu_table *b, size_t c,
                               size_t row) {
    assert_int_equal(quipu_table_present(a, c, row), quipu_table_present(b, c, row));
    if (!quipu_table_present(a, c, row))
        return;
    if (a->columns[c].spec.type == QUIPU_TEXT)
        assert_string_equal(a->columns[c].data.text[row], b->columns[c].data.text[row]);
    else /* whole numbers and others have 8 bytes */
        assert_memory_equal(&a->columns[c].data.integer[row], &b->columns[c].data.integer[row],
                            sizeof(int64_t));
}

static void threads_do_not_matter(void **state) {
    static declared d;
    static const char *const measures[] = {"firms", "firm-dynamics", "firm-concentration"};
    declare(&d, state, 3);
    for (size_t m = 0; m < QI_COUNT(measures); m++) {
        quipu_table one, four;
        quipu_error err = {0};
        const char *text = "by=partner,product min-firms=4";
        assert_int_equal(try_measure(d.cube, trial_nomen, measures[m], text, 1, &one, &err), 0);
        assert_int_equal(try_measure(d.cube, trial_nomen, measures[m], text, 4, &four, &err),
                         0);
        assert_int_equal(one.n_rows, four.n_rows);
        for (size_t c = 0; c < one.n_columns; c++)
            for (size_t row = 0; row < one.n_rows; row++)
                assert_same_figure(&one, &four, c, row);
        quipu_table_free(&one);
        quipu_table_free(&four);
    }
    forget(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(firms_are_those_of_the_declarations, trial_setup,
                                        trial_teardown),
        cmocka_unit_test_setup_teardown(entry_and_exit_are_those_of_the_declarations,
                                        trial_setup, trial_teardown),
        cmocka_unit_test_setup_teardown(new_firms_are_those_of_the_declarations, trial_setup,
                                        trial_teardown),
        cmocka_unit_test_setup_teardown(the_largest_are_those_of_the_declarations, trial_setup,
                                        trial_teardown),
        cmocka_unit_test_setup_teardown(printed_values_tell_of_no_two_firms, trial_setup,
                                        trial_teardown),
        cmocka_unit_test_setup_teardown(what_would_tell_too_much_is_refused, trial_setup,
                                        trial_teardown),
        cmocka_unit_test_setup_teardown(threads_do_not_matter, trial_setup, trial_teardown),
    };
    return cmocka_run_group_tests(tests, trial_open_nomen, trial_close_nomen);
}
