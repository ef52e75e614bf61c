/* SPDX-License-Identifier: Apache-2.0 */
/* test_spill.c - more cells than memory: the same cube, ledger and messages as from memory, and
 * an error when the disk is full or the file of spilled cells is not what it was. */
#define _GNU_SOURCE
#include "import/test_trial.h"

#include <signal.h>
#include <sys/resource.h>

/* What a file of Comtrade says, with breakdowns: a group of cells has every column there is. */
#define PLUS                                                                                   \
    "typeCode,period,reporterCode,flowCode,partnerCode,partner2Code,classificationCode,"       \
    "cmdCode,customsCode,motCode,qtyUnitCode,qty,netWgt,primaryValue\n"
#define MAP "period=y,flow:export,reporter=r,partner=p,product=k,value=v,nomenclature:H0"

enum { ROWS = 24000, CROWD = 300000 };

static uint64_t draw(uint64_t *state) {
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Rows in no order: World, chapters and breakdowns beside their parts or alone, rows again. */
static qi_buffer random_rows(uint64_t seed, unsigned first_year) {
    static const int COUNTRIES[] = {0, 32, 76, 152, 156, 170, 392, 410, 604, 842};
    static const char *const CODES[] = {"26", "2603",   "260300", "260800", "271019",
                                        "85", "851712", "870323", "TOTAL"};
    qi_buffer out = {0};
    assert_true(qi_buffer_text(&out, PLUS));
    for (size_t i = 0; i < ROWS; i++) {
        int reporter = COUNTRIES[1 + draw(&seed) % (QI_COUNT(COUNTRIES) - 1)];
        int partner = COUNTRIES[draw(&seed) % QI_COUNT(COUNTRIES)];
        bool part = draw(&seed) % 5 == 0, unit = draw(&seed) % 2 == 0;
        assert_true(qi_buffer_printf(
            &out, "C,%u,%d,%s,%d,0,H6,%s,C00,%d,%d,%s,%u,%u.%03u\n",
            first_year + (unsigned)(draw(&seed) % 3), reporter, draw(&seed) % 2 ? "X" : "M",
            partner, CODES[draw(&seed) % QI_COUNT(CODES)], part ? 2100 : 0, unit ? 8 : -1,
            unit ? "7.5" : "", (unsigned)(draw(&seed) % 100000),
            (unsigned)(draw(&seed) % 1000000), (unsigned)(draw(&seed) % 1000)));
    }
    return out;
}

static void random_file(trial *t, const char *name, uint64_t seed, unsigned first_year) {
    qi_buffer text = random_rows(seed, first_year);
    trial_bytes(t, name, text.bytes, text.length);
    qi_buffer_free(&text);
}

/* Every run by itself; several runs together; of one worker but not of all. */
static const uint64_t MEMORY[] = {1, 400000, 1000000};

/* The import as it is from memory and with one worker, then with less memory and with more. */
static void assert_memory_changes_nothing(trial *t) {
    t->options.threads = 1;
    t->options.memory = 0;
    trial_run(t);
    quipu_error error = t->err;
    bool works = t->status == QUIPU_OK;
    qi_buffer cube = works ? trial_read(t->cube) : (qi_buffer){0}, ledger = {0};
    if (works)
        trial_ledger(&t->result.ledger, &ledger);
    for (size_t m = 0; m < QI_COUNT(MEMORY); m++)
        for (unsigned threads = 1; threads <= 5; threads += 2) {
            t->options.memory = MEMORY[m];
            t->options.threads = threads;
            trial_run(t);
            assert_int_equal(t->status, error.status);
            assert_string_equal(t->err.text, error.text);
            assert_string_equal(t->err.file, error.file);
            assert_int_equal(t->err.line, error.line);
            if (!works)
                continue;
            qi_buffer now = trial_read(t->cube);
            assert_int_equal(now.length, cube.length);
            assert_memory_equal(now.bytes, cube.bytes, cube.length);
            qi_buffer_free(&now);
            trial_ledger(&t->result.ledger, &t->ledger);
            assert_string_equal(t->ledger.bytes, ledger.bytes);
        }
    qi_buffer_free(&cube);
    qi_buffer_free(&ledger);
}

static void every_rule_of_duplicates(void **state) {
    static const quipu_duplicates RULES[] = {QUIPU_DUPLICATES_FIRST, QUIPU_DUPLICATES_LAST,
                                             QUIPU_DUPLICATES_SUM,
                                             QUIPU_DUPLICATES_DECLARATIONS};
    trial *t = *state;
    for (size_t r = 0; r < QI_COUNT(RULES); r++) {
        random_file(t, "a.csv", r, 2019);
        random_file(t, "b.csv", r + 100, 2020);
        t->options.duplicates = RULES[r];
        assert_memory_changes_nothing(t);
        assert_int_equal(t->status, QUIPU_OK);
        trial_again(t);
    }
}

/* The two rows that differ are told by file and line, though they were spilled. */
static void a_conflict_says_both_lines(void **state) {
    trial *t = *state;
    random_file(t, "a.csv", 1, 2019);
    random_file(t, "b.csv", 2, 2019);
    assert_memory_changes_nothing(t);
    assert_int_equal(t->status, QUIPU_E_DATA);
    assert_non_null(strstr(t->err.text, "Choose with --duplicates"));
}

static void years_beside_months(void **state) {
    trial *t = *state;
    random_file(t, "a.csv", 3, 2019);
    random_file(t, "b.csv", 4, 202001);
    t->options.duplicates = QUIPU_DUPLICATES_SUM;
    assert_memory_changes_nothing(t);
    assert_int_equal(t->status, QUIPU_E_DATA);
    assert_non_null(strstr(t->err.text, "years and months"));
}

static void what_is_appended(void **state) {
    trial *t = *state;
    qi_buffer cube[2];
    char replaced[2][200];
    for (uint64_t memory = 0; memory < 2; memory++) {
        random_file(t, "a.csv", 5, 2019);
        t->options.duplicates = QUIPU_DUPLICATES_SUM;
        trial_works(t);
        t->n_inputs = 0;
        random_file(t, "b.csv", 6, 2021);
        t->options.append = true;
        t->options.memory = memory;
        trial_works(t);
        cube[memory] = trial_read(t->cube);
        snprintf(replaced[memory], sizeof replaced[0], "%s", trial_example(t, "REPLACED"));
        trial_again(t);
    }
    assert_string_not_equal(replaced[0], "");
    assert_string_equal(replaced[0], replaced[1]);
    assert_int_equal(cube[0].length, cube[1].length);
    assert_memory_equal(cube[0].bytes, cube[1].bytes, cube[0].length);
    qi_buffer_free(&cube[0]);
    qi_buffer_free(&cube[1]);
}

/* ---- one cell, many declarations ---- */

/* Far more rows than a pair has leaves, of two products in turn. */
static void put_crowd(trial *t, const char *first_value) {
    qi_buffer out = {0};
    assert_true(qi_buffer_text(&out, "y,r,p,k,v\n") &&
                qi_buffer_printf(&out, "2020,PER,CHN,260300,%s\n", first_value));
    for (unsigned i = 1; i < CROWD; i++)
        assert_true(qi_buffer_printf(&out, "2020,PER,CHN,%s,%u\n",
                                     i % 2 == 0 ? "260300" : "260800", i));
    trial_bytes(t, "d.csv", out.bytes, out.length);
    qi_buffer_free(&out);
    t->options.map = MAP;
    t->options.duplicates = QUIPU_DUPLICATES_DECLARATIONS;
}

static void a_crowd_of_declarations(void **state) {
    trial *t = *state;
    put_crowd(t, "0");
    assert_memory_changes_nothing(t);
    assert_int_equal(t->result.accepted, CROWD);
    /* The even numbers below 300 000, and the odd ones. */
    assert_string_equal(t->leaves.bytes, "2020 export PER>CHN 260300 22499850000\n"
                                         "2020 export PER>CHN 260800 22500000000\n");
    assert_non_null(strstr(t->ledger.bytes, "DECLARATIONS 299998 0\n"));
}

static void a_crowd_too_rich(void **state) {
    trial *t = *state;
    put_crowd(t, "9223372036854774");
    assert_memory_changes_nothing(t);
    assert_int_equal(t->status, QUIPU_E_DATA);
    assert_string_equal(t->err.text, "2020 export 604-156 260300: the sum is beyond 9.2e15");
}

/* ---- the disk ---- */

static void a_full_disk(void **state) {
    trial *t = *state;
    struct rlimit before, small;
    random_file(t, "a.csv", 7, 2019);
    t->options.memory = 1;
    t->options.duplicates = QUIPU_DUPLICATES_SUM;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 100000;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    for (unsigned threads = 1; threads <= 3; threads++) {
        t->options.threads = threads;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        trial_run(t);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(t->status, QUIPU_E_IO);
        assert_non_null(strstr(t->err.text, "write a temporary file beside"));
    }
    signal(SIGXFSZ, handler);
}

/* Empties the file of spilled cells, which has no name any more. */
static bool empty_spill(void *user, uint64_t done, uint64_t total) {
    const trial *t = user;
    QI_UNUSED(done);
    QI_UNUSED(total);
    for (int fd = 3; fd < 64; fd++) {
        char name[32], target[256] = "";
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(name, target, sizeof target - 1);
        if (n > 0 && strncmp(target, t->folder, strlen(t->folder)) == 0 &&
            strstr(target, "(deleted)") != NULL)
            assert_int_equal(ftruncate(fd, 0), 0);
    }
    return false;
}

static void spilled_cells_that_are_gone(void **state) {
    trial *t = *state;
    for (uint64_t f = 0; f < 4; f++) {
        char name[16];
        snprintf(name, sizeof name, "%d.csv", (int)f);
        random_file(t, name, 10 + f, 2019);
    }
    t->options.duplicates = QUIPU_DUPLICATES_SUM;
    t->options.memory = 1;
    t->options.threads = 1;
    t->options.progress = empty_spill;
    t->options.progress_user = t;
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_IO);
    assert_non_null(strstr(t->err.text, "temporary file beside"));
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        trial_test(every_rule_of_duplicates),
        trial_test(a_conflict_says_both_lines),
        trial_test(years_beside_months),
        trial_test(what_is_appended),
        trial_test(a_crowd_of_declarations),
        trial_test(a_crowd_too_rich),
        trial_test(a_full_disk),
        trial_test(spilled_cells_that_are_gone),
    };
    return cmocka_run_group_tests_name("import: spilled", tests, trial_open_nomen,
                                       trial_close_nomen);
}
