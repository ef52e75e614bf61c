/* SPDX-License-Identifier: Apache-2.0 */
/* test_import.c - the import as a whole: packed files, several files, standard input,
 * appending, and that nothing but the data and the options decides what the cube is. */
#include "import/test_trial.h"

#include <fcntl.h>
#include <sys/wait.h>

/* ---- worlds of random cells ---- */

typedef struct cell {
    uint16_t year, reporter, partner;
    uint32_t product;
    int64_t value, weight; /* thousandths; weight -1 = missing */
} cell;

typedef struct cells {
    cell *items;
    size_t n;
} cells;

static uint64_t draw(uint64_t *state) {
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static int by_place(const void *a, const void *b) {
    const cell *x = a, *y = b;
    if (x->year != y->year)
        return x->year < y->year ? -1 : 1;
    if (x->reporter != y->reporter)
        return x->reporter < y->reporter ? -1 : 1;
    if (x->partner != y->partner)
        return x->partner < y->partner ? -1 : 1;
    return x->product < y->product ? -1 : x->product > y->product;
}

/* About n cells, sorted, no two of the same place. */
static cells make_cells(uint64_t seed, size_t n) {
    static const uint16_t COUNTRIES[] = {32,  76,  124, 152, 156, 170, 251, 276, 360, 380,
                                         392, 410, 484, 490, 604, 699, 702, 710, 764, 842};
    cells all = {calloc(n, sizeof(cell)), 0};
    assert_non_null(all.items);
    uint64_t state = seed;
    for (size_t i = 0; i < n; i++) {
        cell *c = &all.items[i];
        c->year = (uint16_t)(2010 + draw(&state) % 3);
        c->reporter = COUNTRIES[draw(&state) % QI_COUNT(COUNTRIES)];
        do
            c->partner = COUNTRIES[draw(&state) % QI_COUNT(COUNTRIES)];
        while (c->partner == c->reporter);
        c->product = (uint32_t)(10000 + draw(&state) % 900 * 1001);
        unsigned digits = (unsigned)(draw(&state) % 12); /* small figures and large ones */
        int64_t most = 1;
        for (unsigned d = 0; d < digits; d++)
            most *= 10;
        c->value = (int64_t)(draw(&state) % (uint64_t)(10 * most));
        c->weight = draw(&state) % 7 == 0 ? -1 : 1 + (int64_t)(draw(&state) % 1000000);
    }
    qsort(all.items, n, sizeof(cell), by_place);
    for (size_t i = 0; i < n; i++)
        if (all.n == 0 || by_place(&all.items[all.n - 1], &all.items[i]) != 0)
            all.items[all.n++] = all.items[i];
    return all;
}

static void shuffle(cells *all, uint64_t seed) {
    uint64_t state = seed;
    for (size_t i = all->n; i > 1; i--) {
        size_t j = (size_t)(draw(&state) % i);
        cell swap = all->items[i - 1];
        all->items[i - 1] = all->items[j];
        all->items[j] = swap;
    }
}

/* As BACI has it, thousands of dollars and tons, written in one of several ways. */
static void put_row(qi_buffer *out, const cell *c, unsigned way) {
    char value[QI_NUMBER_TEXT], weight[QI_NUMBER_TEXT] = "";
    qi_format_scaled(value, c->value, 6);
    if (c->weight >= 0)
        qi_format_scaled(weight, c->weight, 6);
    else if (way % 2 == 0)
        memcpy(weight, "NA", 3);
    const char *quote = way % 5 == 1 ? "\"" : "";
    assert_true(qi_buffer_printf(out, "%d,%d,%d,%s%06u%s,%s,%s%s%s%s\n", c->year, c->reporter,
                                 c->partner, quote, c->product, quote, value, quote, weight,
                                 quote, way % 3 == 2 ? "\r" : ""));
}

static qi_buffer put_rows(const cell *first, size_t n, uint64_t ways) {
    qi_buffer out = {0};
    assert_true(qi_buffer_text(&out, "t,i,j,k,v,q\n"));
    for (size_t i = 0; i < n; i++)
        put_row(&out, &first[i], ways != 0 ? (unsigned)draw(&ways) : 0);
    return out;
}

static void expect_cells(const trial *t, const cells *sorted) {
    qi_buffer text = {0};
    assert_true(qi_buffer_text(&text, ""));
    quipu_cube *cube;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    size_t n;
    const quipu_cube_country *countries = quipu_cube_countries(cube, &n);
    for (size_t i = 0; i < sorted->n; i++) {
        const cell *c = &sorted->items[i];
        int from = quipu_cube_country_index(cube, c->reporter);
        int to = quipu_cube_country_index(cube, c->partner);
        assert_true(from >= 0 && to >= 0);
        assert_true(qi_buffer_printf(&text, "%d reconciled %s>%s %06u", c->year,
                                     countries[from].iso3, countries[to].iso3, c->product));
        trial_put_amount(&text, " ", c->value);
        if (c->weight >= 0)
            trial_put_amount(&text, " w", c->weight);
        assert_true(qi_buffer_text(&text, "\n"));
    }
    quipu_cube_close(cube);
    assert_int_equal(t->leaves.length, text.length);
    assert_string_equal(t->leaves.bytes, text.bytes);
    qi_buffer_free(&text);
}

/* Cells in any order, over several files, written in any way, come out as they were. */
static void what_goes_in_comes_out(void **state) {
    trial *t = *state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        uint64_t random = seed;
        cells all = make_cells(seed, 1 + (size_t)(draw(&random) % 2000));
        cells mixed = {malloc(all.n * sizeof(cell)), all.n};
        assert_non_null(mixed.items);
        memcpy(mixed.items, all.items, all.n * sizeof(cell));
        if (seed % 3 != 0)
            shuffle(&mixed, seed);
        size_t n_files = 1 + (size_t)(draw(&random) % 5), from = 0;
        for (size_t f = 0; f < n_files; f++) {
            char name[16];
            size_t rest = all.n - from;
            size_t n = f + 1 == n_files ? rest : (size_t)(draw(&random) % (rest + 1));
            qi_buffer text = put_rows(&mixed.items[from], n, seed % 4 == 0 ? 0 : seed);
            snprintf(name, sizeof name, "%zu.csv", f);
            trial_bytes(t, name, text.bytes, text.length);
            qi_buffer_free(&text);
            from += n;
        }
        t->options.threads = 1 + (unsigned)(draw(&random) % 3);
        t->options.memory = draw(&random) % 2 == 0 ? 1 : 0;
        trial_works(t);
        assert_int_equal(t->result.accepted, all.n);
        assert_int_equal(t->result.set_aside, 0);
        expect_cells(t, &all);
        free(all.items);
        free(mixed.items);
        trial_again(t);
    }
}

static void same_bytes(const char *path, const qi_buffer *expected) {
    qi_buffer now = trial_read(path);
    assert_int_equal(now.length, expected->length);
    assert_memory_equal(now.bytes, expected->bytes, expected->length);
    qi_buffer_free(&now);
}

/* A file of several blocks of reading, sorted and not. */
static void threads_and_memory_change_nothing(void **state) {
    trial *t = *state;
    cells all = make_cells(77, 90000);
    for (int mixed = 0; mixed < 2; mixed++) {
        if (mixed)
            shuffle(&all, 5);
        qi_buffer text = put_rows(all.items, all.n, 0);
        assert_true(text.length > 3 << 19);
        trial_bytes(t, "a.csv", text.bytes, text.length);
        qi_buffer_free(&text);
        t->options.threads = 1;
        trial_works(t);
        qi_buffer expected = trial_read(t->cube);
        static const struct {
            unsigned threads;
            uint64_t memory;
        } WAYS[] = {{1, 0}, {2, 0}, {7, 0}, {0, 0}, {1, 1}, {2, 1}, {7, 300000}, {300, 1}};
        for (size_t i = 0; i < QI_COUNT(WAYS); i++) {
            t->options.threads = WAYS[i].threads;
            t->options.memory = WAYS[i].memory;
            trial_works(t);
            same_bytes(t->cube, &expected);
        }
        qi_buffer_free(&expected);
        trial_again(t);
    }
    free(all.items);
}

static void sorted_or_not_the_data_are_the_same(void **state) {
    trial *t = *state;
    cells all = make_cells(78, 60000);
    qi_buffer text = put_rows(all.items, all.n, 0);
    trial_bytes(t, "a.csv", text.bytes, text.length);
    qi_buffer_free(&text);
    trial_works(t);
    expect_cells(t, &all);
    qi_buffer sorted = {0};
    assert_true(qi_buffer_add(&sorted, t->leaves.bytes, t->leaves.length));
    trial_again(t);
    shuffle(&all, 9);
    text = put_rows(all.items, all.n, 0);
    trial_bytes(t, "a.csv", text.bytes, text.length);
    qi_buffer_free(&text);
    trial_works(t);
    assert_string_equal(t->leaves.bytes, sorted.bytes);
    qi_buffer_free(&sorted);
    free(all.items);
}

/* Duplicates, totals, groups and rejects far apart: the ledger does not depend on threads. */
static void ledgers_do_not_depend_on_threads(void **state) {
    trial *t = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/no.csv", t->folder);
    cells all = make_cells(79, 50000);
    qi_buffer text = put_rows(all.items, all.n, 0);
    uint64_t random = 4;
    for (int i = 0; i < 3000; i++) {
        const cell *c = &all.items[draw(&random) % all.n];
        switch (draw(&random) % 5) {
        case 0: put_row(&text, c, 0); break;
        case 1:
            assert_true(qi_buffer_printf(&text, "%d,%d,0,%06u,%d,\n", c->year, c->reporter,
                                         c->product, i));
            break;
        case 2:
            assert_true(qi_buffer_printf(&text, "%d,%d,97,%06u,%d,\n", c->year, c->reporter,
                                         c->product, i));
            break;
        case 3:
            assert_true(qi_buffer_printf(&text, "%d,%d,%d,%06u,%d,9\n", c->year, c->reporter,
                                         c->partner, c->product, i));
            break;
        default: assert_true(qi_buffer_printf(&text, "%d,%d,x%d\n", c->year, c->reporter, i));
        }
    }
    trial_bytes(t, "a.csv", text.bytes, text.length);
    qi_buffer_free(&text);
    t->options.duplicates = QUIPU_DUPLICATES_LAST;
    t->options.rejects_path = path;
    t->options.threads = 1;
    trial_works(t);
    qi_buffer cube = trial_read(t->cube), rejects = trial_read(path);
    char ledger[1000];
    assert_true(t->ledger.length < sizeof ledger);
    memcpy(ledger, t->ledger.bytes, t->ledger.length + 1);
    for (unsigned threads = 2; threads < 9; threads += 3) {
        unlink(path);
        t->options.threads = threads;
        trial_works(t);
        same_bytes(t->cube, &cube);
        same_bytes(path, &rejects);
        assert_ledger(t, ledger);
    }
    /* Without rejects the first bad row of the file is named, whoever read it. */
    unlink(path);
    t->options.rejects_path = NULL;
    for (unsigned threads = 1; threads < 9; threads += 3) {
        t->options.threads = threads;
        trial_run(t);
        assert_int_equal(t->status, QUIPU_E_DATA);
        uint64_t first_line =
            (uint64_t)strtoull(strstr(rejects.bytes, "a.csv\",") + 7, NULL, 10);
        assert_int_equal(t->err.line, first_line);
    }
    qi_buffer_free(&cube);
    qi_buffer_free(&rejects);
    free(all.items);
}

/* Line numbers are those of the file, however many blocks it is read in. */
static void lines_are_counted_through_the_whole_file(void **state) {
    trial *t = *state;
    cells all = make_cells(80, 70000);
    qi_buffer text = put_rows(all.items, all.n, 0);
    assert_true(qi_buffer_text(&text, "2011,604,156,260300,oops,1\n"));
    trial_bytes(t, "a.csv", text.bytes, text.length);
    qi_buffer_free(&text);
    trial_fails(t, QUIPU_E_DATA, all.n + 2, 21, "found \"oops\"");
    free(all.items);
}

/* ---- packed files, several files, standard input ---- */

static const char SMALL[] = "t,i,j,k,v,q\n2021,604,156,260300,1,1\n";

static void gzip_is_unpacked(void **state) {
    trial *t = *state;
    cells all = make_cells(81, 40000);
    qi_buffer text = put_rows(all.items, all.n, 0);
    qi_buffer gz = trial_gzip(text.bytes, text.length);
    trial_bytes(t, "a.csv.gz", gz.bytes, gz.length);
    trial_works(t);
    expect_cells(t, &all);
    assert_int_equal(t->result.bytes_in, gz.length);
    trial_again(t); /* two packed files one behind the other are one */
    qi_buffer more = trial_gzip("2021,4,8,260300,1,1\n", 20);
    assert_true(qi_buffer_add(&gz, more.bytes, more.length));
    trial_bytes(t, "a.csv.gz", gz.bytes, gz.length);
    trial_works(t);
    assert_int_equal(t->result.accepted, all.n + 1);
    qi_buffer_free(&more);
    qi_buffer_free(&gz);
    qi_buffer_free(&text);
    free(all.items);
}

static void packed_files_that_are_cut_or_damaged(void **state) {
    trial *t = *state;
    cells all = make_cells(82, 30000);
    qi_buffer text = put_rows(all.items, all.n, 0);
    qi_buffer gz = trial_gzip(text.bytes, text.length);
    const size_t cuts[] = {11, 20, gz.length / 2, gz.length - 9, gz.length - 1};
    for (size_t i = 0; i < QI_COUNT(cuts); i++) {
        trial_bytes(t, "a.csv.gz", gz.bytes, cuts[i]);
        trial_run(t);
        assert_int_equal(t->status, QUIPU_E_FORMAT);
        assert_non_null(strstr(t->err.file, "a.csv.gz"));
        trial_again(t);
    }
    gz.bytes[gz.length / 2] ^= 1; /* stored: still numbers, but the sum is wrong */
    trial_bytes(t, "a.csv.gz", gz.bytes, gz.length);
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_FORMAT);
    trial_again(t);
    const char *name = "a.csv";
    qi_buffer zip = trial_zip(&name, (const char *const *)&text.bytes, 1);
    trial_bytes(t, "a.zip", zip.bytes, zip.length / 2);
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_FORMAT);
    trial_again(t);
    zip.bytes[zip.length / 2] ^= 1;
    trial_bytes(t, "a.zip", zip.bytes, zip.length);
    trial_run(t);
    assert_int_not_equal(t->status, QUIPU_OK);
    qi_buffer_free(&zip);
    qi_buffer_free(&gz);
    qi_buffer_free(&text);
    free(all.items);
}

static void members_that_point_outside_are_refused(void **state) {
    trial *t = *state;
    static const char *const NAMES[] = {"../a.csv",  "/etc/a.csv", "x/../../a.csv",
                                        "..\\a.csv", "C:\\a.csv",  "x/.."};
    for (size_t i = 0; i < QI_COUNT(NAMES); i++) {
        const char *text = SMALL;
        qi_buffer zip = trial_zip(&NAMES[i], &text, 1);
        trial_bytes(t, "a.zip", zip.bytes, zip.length);
        qi_buffer_free(&zip);
        trial_run(t);
        assert_int_equal(t->status, QUIPU_E_FORMAT);
        assert_non_null(strstr(t->err.text, "points outside"));
        trial_again(t);
    }
}

static void standard_input_is_a_file(void **state) {
    trial *t = *state;
    const char *path = trial_file(t, "a.csv", SMALL);
    int saved = dup(STDIN_FILENO), file = open(path, O_RDONLY);
    assert_true(file >= 0 && dup2(file, STDIN_FILENO) == STDIN_FILENO);
    t->inputs[0] = "-";
    trial_works(t);
    assert_leaves(t, "2021 reconciled PER>CHN 260300 1000 w1000\n");
    lseek(STDIN_FILENO, 0, SEEK_SET);
    assert_int_equal(ftruncate(open(path, O_WRONLY), 0), 0);
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_FORMAT);
    assert_string_equal(t->err.file, "standard input");
    if (saved >= 0)
        dup2(saved, STDIN_FILENO);
    close(saved);
    close(file);
}

static void files_that_cannot_be_read(void **state) {
    trial *t = *state;
    t->inputs[t->n_inputs++] = "/nowhere/at/all.csv";
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_IO);
    assert_non_null(strstr(t->err.text, "No such file"));
    t->inputs[0] = t->folder;
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_ARG);
    assert_non_null(strstr(t->err.text, "folder"));
    t->n_inputs = 0;
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_ARG);
}

static void a_cube_that_cannot_be_written(void **state) {
    trial *t = *state;
    trial_file(t, "a.csv", SMALL);
    quipu_import_result result;
    quipu_error err = {0};
    assert_int_equal(
        quipu_import(t->nomen, t->inputs, 1, "/nowhere/at/all.quipu", NULL, &result, &err),
        QUIPU_E_IO);
    quipu_import_result_free(&result);
    assert_int_equal(quipu_import(t->nomen, t->inputs, 1, t->folder, NULL, &result, &err),
                     QUIPU_E_IO);
    quipu_import_result_free(&result);
    assert_int_equal(trial_count_files(t), 1);
}

static void nothing_is_written_over_what_is_read(void **state) {
    trial *t = *state;
    trial_file(t, "cube.quipu", SMALL); /* the very name the cube is to have */
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_ARG);
    assert_non_null(strstr(t->err.text, "to be read and to be written"));
    trial_again(t);
    t->options.rejects_path = trial_file(t, "a.csv", SMALL);
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_ARG);
    qi_buffer text = trial_read(t->path[0]);
    assert_string_equal(text.bytes, SMALL);
    qi_buffer_free(&text);
    t->options.rejects_path = t->cube;
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_ARG);
}

/* A name of our own is left alone while its process lives, and so is any other. */
static void leftovers_of_killed_imports_go(void **state) {
    trial *t = *state;
    char gone[160], alive[160], other[160];
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    snprintf(gone, sizeof gone, "%s.new-%ld", t->cube, (long)child);
    snprintf(alive, sizeof alive, "%s.new-%ld", t->cube, (long)getppid());
    snprintf(other, sizeof other, "%s.new-year", t->cube);
    trial_write(gone, "half", 4);
    trial_write(alive, "half", 4);
    trial_write(other, "mine", 4);
    trial_file(t, "a.csv", SMALL);
    quipu_error err = {0};
    assert_int_equal(
        quipu_import(t->nomen, t->inputs, 1, t->cube, &t->options, &t->result, &err), QUIPU_OK);
    assert_int_not_equal(access(gone, F_OK), 0);
    assert_int_equal(access(alive, F_OK), 0);
    assert_int_equal(access(other, F_OK), 0);
    trial_check_sound(t->cube);
}

static bool stop_at_once(void *user, uint64_t done, uint64_t total) {
    QI_UNUSED(user);
    QI_UNUSED(done);
    QI_UNUSED(total);
    return true;
}

static void can_be_stopped(void **state) {
    trial *t = *state;
    trial_file(t, "a.csv", SMALL);
    t->options.progress = stop_at_once;
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_STOPPED);
}

/* ---- what the cube says of its origin ---- */

static void options_name_the_source(void **state) {
    trial *t = *state;
    trial_file(t, "a.csv", SMALL);
    t->options.source = "my own";
    t->options.release = "third";
    t->options.valuation = "CIF";
    t->options.nomenclature = "HS2017";
    trial_works(t);
    quipu_cube *cube;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_string_equal(quipu_cube_meta(cube, "source"), "my own");
    assert_string_equal(quipu_cube_meta(cube, "release"), "third");
    assert_string_equal(quipu_cube_meta(cube, "valuation"), "CIF");
    assert_string_equal(quipu_cube_meta(cube, "nomenclature"), "H5");
    quipu_cube_close(cube);
}

/* A key of the file's own never stands in for one that the import makes. */
static void keys_are_said_once(void **state) {
    trial *t = *state;
    trial_file(t, "w.csv",
               "#quipu wide 1\n# a remark\n#\n#engine mine\n#profile mine\n"
               "#input mine\n#frequency M\n#nomenclature I3\n#note first\n"
               "flow,reporter,partner,product,2011\nexport,PER,CHN,0111,1\n");
    trial_works(t);
    quipu_cube *cube;
    size_t n;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    const quipu_pair_text *meta = quipu_cube_meta_all(cube, &n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            assert_string_not_equal(meta[i].key, meta[j].key);
    assert_string_equal(quipu_cube_meta(cube, "engine"), "quipu " QUIPU_VERSION);
    assert_string_equal(quipu_cube_meta(cube, "profile"), "wide");
    assert_string_equal(quipu_cube_meta(cube, "frequency"), "A");
    assert_string_equal(quipu_cube_meta(cube, "note"), "first");
    quipu_cube_close(cube);
}

/* ---- appending ---- */

#define WIDE "#quipu wide 1\n#nomenclature I3\nflow,reporter,partner,product,"

static void append(trial *t, const char *name, const char *text) {
    t->n_inputs = 0;
    trial_file(t, name, text);
    t->options.append = true;
    trial_works(t);
}

static void append_adds_and_replaces(void **state) {
    trial *t = *state;
    trial_file(t, "a.csv",
               WIDE "2010,2011\nexport,PER,CHN,1310,1,2\nexport,PER,JPN,1310,3,4\n"
                    "import,PER,CHN,1310,5,6\nexport,CHL,CHN,2010,7,8\n");
    trial_works(t);
    append(t, "b.csv", WIDE "2011,2012\nexport,PER,KOR,1320,40,50\n");
    assert_leaves(t, "2010 export CHL>CHN 2010 7\n2010 export PER>CHN 1310 1\n"
                     "2010 export PER>JPN 1310 3\n2010 import PER>CHN 1310 5\n"
                     "2011 export CHL>CHN 2010 8\n2011 export PER>KOR 1320 40\n"
                     "2011 import PER>CHN 1310 6\n2012 export PER>KOR 1320 50\n");
    assert_ledger(t, "accepted 2 90\nREPLACED 2 6\n");
    assert_string_equal(trial_example(t, "REPLACED"), "2011 export 604");
    quipu_cube *cube;
    size_t n, inputs = 0;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    const quipu_pair_text *meta = quipu_cube_meta_all(cube, &n);
    for (size_t i = 0; i < n; i++)
        inputs += strcmp(meta[i].key, "input") == 0;
    assert_int_equal(inputs, 2);
    const char *report = quipu_cube_import_report(cube);
    assert_non_null(strstr(report, "read\t\t8\t"));
    assert_non_null(strstr(report, "read\t\t2\t"));
    quipu_cube_close(cube);
}

/* A product or country that nothing refers to any more does not stay in the lists. */
static void append_forgets_what_is_gone(void **state) {
    trial *t = *state;
    trial_file(t, "a.csv", WIDE "2010\nexport,PER,CHN,1310,1\n");
    trial_works(t);
    append(t, "b.csv", WIDE "2010\nexport,PER,JPN,2010,2\n");
    assert_leaves(t, "2010 export PER>JPN 2010 2\n");
    quipu_cube *cube;
    size_t n;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_int_equal(quipu_cube_n_products(cube), 1);
    quipu_cube_countries(cube, &n);
    assert_int_equal(n, 2);
    quipu_cube_close(cube);
}

static void append_in_steps_is_import_at_once(void **state) {
    trial *t = *state;
    cells all = make_cells(83, 20000);
    size_t a = 0, b = 0;
    while (all.items[a].year == 2010)
        a++;
    for (b = a; all.items[b].year == 2011;)
        b++;
    const size_t from[] = {0, a, b, all.n};
    for (size_t step = 0; step < 3; step++) {
        qi_buffer text = put_rows(&all.items[from[step]], from[step + 1] - from[step], 0);
        t->n_inputs = 0;
        trial_bytes(t, "a.csv", text.bytes, text.length);
        qi_buffer_free(&text);
        trial_works(t);
        t->options.append = true;
        t->options.memory = 1;
    }
    expect_cells(t, &all);
    free(all.items);
}

static void append_keeps_weights_quantities_and_flags(void **state) {
    trial *t = *state;
    trial_file(t, "a.csv",
               "#quipu 1\n#nomenclature H0\n"
               "period,flow,reporter,partner,product,value,weight_kg,quantity,unit,flags\n"
               "2010,export,604,156,260300,1,2,3,8,32\n"
               "2010,export,604,156,260400,,2,3,5,\n");
    trial_works(t);
    append(t, "b.csv",
           "#quipu 1\n#nomenclature H0\n"
           "period,flow,reporter,partner,product,value,weight_kg,quantity,unit,flags\n"
           "2010,export,152,156,260300,9,,,,\n");
    assert_leaves(t, "2010 export CHL>CHN 260300 9\n"
                     "2010 export PER>CHN 260300 1 w2 q3/8 f32\n"
                     "2010 export PER>CHN 260400 ? w2 q3/5\n");
}

static void append_refuses_what_does_not_fit(void **state) {
    trial *t = *state;
    trial_file(t, "a.csv", WIDE "2010\nexport,PER,CHN,1310,1\n");
    trial_works(t);
    t->options.append = true;
    t->n_inputs = 0;
    trial_file(t, "b.csv",
               "#quipu wide 1\n#nomenclature H0\nflow,reporter,partner,product,2011\n"
               "export,PER,CHN,260300,1\n");
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_DATA);
    assert_non_null(strstr(t->err.text, "the cube is in I3, the new data in H0"));
    t->n_inputs = 0;
    trial_file(t, "b.csv", WIDE "201101\nexport,PER,CHN,1310,1\n");
    trial_fails(t, QUIPU_E_DATA, 4, 1, "years and months");
    t->n_inputs = 0;
    trial_file(t, "b.csv", WIDE "2011\nexport,PER,CHN,1310,x\n");
    trial_fails(t, QUIPU_E_DATA, 4, 21, "found \"x\"");
    trial_again(t);
    trial_file(t, "b.csv", SMALL);
    t->options.append = true; /* to no cube */
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_IO);
    trial_again(t);
    trial_write(t->cube, "not a cube", 10);
    trial_file(t, "b.csv", SMALL);
    t->options.append = true;
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_FORMAT);
}

static void append_checks_new_totals_only(void **state) {
    trial *t = *state;
    trial_file(t, "a.csv", WIDE "2010\nexport,PER,CHN,1310,1\nimport,CHN,CHN,1310,8\n");
    trial_works(t);
    append(t, "b.csv", WIDE "2010,2011\nexport,CHL,WLD,1310,5,5\nexport,CHL,CHN,1310,5,6\n");
    assert_leaves(t, "2010 export CHL>CHN 1310 5\n2010 export PER>CHN 1310 1\n"
                     "2010 import CHN>CHN 1310 8\n2011 export CHL>CHN 1310 6\n");
    /* CHN>CHN is old: it is no news that it trades with itself. */
    assert_ledger(t, "accepted 2 11\nWORLD 2 10\nTOTAL_AGREES 2 10\n");
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        trial_test(what_goes_in_comes_out),
        trial_test(threads_and_memory_change_nothing),
        trial_test(sorted_or_not_the_data_are_the_same),
        trial_test(ledgers_do_not_depend_on_threads),
        trial_test(lines_are_counted_through_the_whole_file),
        trial_test(gzip_is_unpacked),
        trial_test(packed_files_that_are_cut_or_damaged),
        trial_test(members_that_point_outside_are_refused),
        trial_test(standard_input_is_a_file),
        trial_test(files_that_cannot_be_read),
        trial_test(a_cube_that_cannot_be_written),
        trial_test(nothing_is_written_over_what_is_read),
        trial_test(leftovers_of_killed_imports_go),
        trial_test(can_be_stopped),
        trial_test(options_name_the_source),
        trial_test(keys_are_said_once),
        trial_test(append_adds_and_replaces),
        trial_test(append_forgets_what_is_gone),
        trial_test(append_in_steps_is_import_at_once),
        trial_test(append_keeps_weights_quantities_and_flags),
        trial_test(append_refuses_what_does_not_fit),
        trial_test(append_checks_new_totals_only),
    };
    return cmocka_run_group_tests_name("import: whole", tests, trial_open_nomen,
                                       trial_close_nomen);
}
