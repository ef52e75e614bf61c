/* SPDX-License-Identifier: Apache-2.0 */
/* test_bind.c - tasks as a binding uses them: words in, an Arrow table or a named error out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bind/bind.h"

#include <unistd.h>

typedef struct world {
    quipu_nomen *nomen;
    quipu_cube *cube;
    char folder[64], input[512], path[128];
} world;

typedef struct word {
    const char *name, *value;
} word;

static quipu_task *put(const world *w, const char *verb, const word *words, size_t n) {
    quipu_task *task;
    assert_int_equal(quipu_task_open(w->nomen, verb, &task, NULL), QUIPU_OK);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(quipu_task_add(task, words[i].name, words[i].value, NULL), QUIPU_OK);
    if (w->cube != NULL && (task->measure != NULL || strcmp(verb, "cube") == 0))
        quipu_task_of_cube(task, w->cube);
    return task;
}

/* The answer, or NULL with what was wrong. */
static quipu_arrow *ask(const world *w, const char *verb, const word *words, size_t n,
                        quipu_error *err) {
    quipu_arrow *out;
    quipu_task *task = put(w, verb, words, n);
    assert_int_equal(quipu_task_start(task, err), QUIPU_OK);
    while (!quipu_task_wait(task, 20))
        continue;
    quipu_status status = quipu_task_result(task, &out, err);
    assert_int_equal(status == QUIPU_OK, out != NULL);
    if (status != QUIPU_OK)
        assert_int_equal(err->status, status);
    else
        assert_int_equal(quipu_task_result(task, &(quipu_arrow *){NULL}, NULL), QUIPU_E_ARG);
    quipu_task_close(task);
    return out;
}
#define ASK(w, verb, err, ...)                                                                 \
    ask(w, verb, (const word[]){__VA_ARGS__},                                                  \
        sizeof((const word[]){__VA_ARGS__}) / sizeof(word), err)

static const char *source(const quipu_arrow *arrow, const char *key) {
    const quipu_table *t = quipu_arrow_table(arrow);
    for (size_t i = 0; i < t->n_source; i++)
        if (strcmp(t->source[i].key, key) == 0)
            return t->source[i].text;
    return NULL;
}

static int make_world(void **state) {
    world *w = calloc(1, sizeof *w);
    const char *tree = getenv("QUIPU_SOURCE");
    quipu_error err = {0};
    *state = w;
    snprintf(w->folder, sizeof w->folder, "/tmp/quipu-bind-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->path, sizeof w->path, "%s/peru.quipu", w->folder);
    snprintf(w->input, sizeof w->input, "%s/data/examples/peru-partners.csv",
             tree != NULL ? tree : ".");
    assert_int_equal(quipu_nomen_open(&w->nomen, NULL), QUIPU_OK);
    quipu_arrow *ledger =
        ASK(w, "import", &err, {"input", w->input}, {"output", w->path}, {"release", "test"});
    assert_string_equal(err.text, "");
    assert_non_null(ledger);
    assert_string_equal(source(ledger, "rejected"), "0");
    assert_true(atoi(source(ledger, "accepted")) > 1000);
    quipu_arrow_close(ledger);
    assert_int_equal(quipu_cube_open(w->path, &w->cube, NULL), QUIPU_OK);
    return 0;
}

static int free_world(void **state) {
    world *w = *state;
    quipu_cube_close(w->cube);
    quipu_nomen_close(w->nomen);
    assert_int_equal(unlink(w->path), 0);
    assert_int_equal(rmdir(w->folder), 0);
    free(w);
    return 0;
}

static void answers_as_the_measure_does(void **state) {
    const world *w = *state;
    quipu_error err = {0};
    static const quipu_argument arguments[] = {{"reporter", "Peru"}, {"by", "partner"}};
    quipu_request request = {
        .cube = w->cube, .nomen = w->nomen, .arguments = arguments, .n_arguments = 2};
    quipu_table wanted;
    quipu_arrow *got = ASK(w, "share", &err, {"reporter", "Peru"}, {"by", "partner"});
    assert_non_null(got);
    assert_int_equal(quipu_measure_run(quipu_measure_find("share"), &request, &wanted, &err),
                     QUIPU_OK);
    const quipu_table *t = quipu_arrow_table(got);
    assert_string_equal(t->title, wanted.title);
    assert_int_equal(t->n_rows, wanted.n_rows);
    ptrdiff_t share = quipu_table_find(t, "share");
    assert_true(share >= 0);
    assert_memory_equal(t->columns[share].data.real, wanted.columns[share].data.real,
                        t->n_rows * sizeof(double));
    quipu_table_free(&wanted);
    quipu_arrow_close(got);
}

static void lists_the_catalogue(void **state) {
    const world *w = *state;
    quipu_error err = {0};
    size_t n;
    quipu_measures(&n);
    quipu_arrow *measures = ASK(w, "list", &err, {"what", "measures"});
    const quipu_table *t = quipu_arrow_table(measures);
    assert_int_equal(t->n_rows, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(quipu_table_present(t, 1, i) && quipu_table_present(t, 3, i));
        assert_null(qi_verb_find(t->columns[0].data.text[i]));
    }
    quipu_arrow_close(measures);
    static const char *const others[] = {"parameters", "columns",   "statuses",
                                         "profiles",   "countries", "nomenclatures"};
    for (size_t i = 0; i < QI_COUNT(others); i++) {
        quipu_arrow *list = ASK(w, "list", &err, {"what", others[i]});
        assert_non_null(list);
        assert_true(quipu_arrow_table(list)->n_rows > 5);
        quipu_arrow_close(list);
    }
    quipu_arrow *codes = ASK(w, "list", &err, {"what", "products"}, {"filter", "H0 copper"});
    assert_true(quipu_arrow_table(codes)->n_rows > 20);
    quipu_arrow_close(codes);
}

static void tells_what_a_cube_holds(void **state) {
    const world *w = *state;
    quipu_error err = {0};
    quipu_arrow *about = ASK(w, "cube", &err, {"what", "about"});
    const quipu_table *t = quipu_arrow_table(about);
    assert_string_equal(t->columns[1].data.text[0], quipu_cube_fingerprint(w->cube));
    quipu_arrow_close(about);
    quipu_arrow *countries = ASK(w, "cube", &err, {"what", "countries"});
    size_t n;
    quipu_cube_countries(w->cube, &n);
    assert_int_equal(quipu_arrow_table(countries)->n_rows, n);
    quipu_arrow_close(countries);
    quipu_arrow *products = ASK(w, "cube", &err, {"what", "products"});
    assert_int_equal(quipu_arrow_table(products)->n_rows, quipu_cube_n_products(w->cube));
    quipu_arrow_close(products);
    quipu_arrow *slabs = ASK(w, "cube", &err, {"what", "slabs"});
    quipu_cube_slabs(w->cube, &n);
    assert_int_equal(quipu_arrow_table(slabs)->n_rows, n);
    quipu_arrow_close(slabs);
    quipu_arrow *problems = ASK(w, "verify", &err, {"cube", w->path});
    assert_int_equal(quipu_arrow_table(problems)->n_rows, 0);
    quipu_arrow_close(problems);
}

static void errors_say_what_is_wrong(void **state) {
    const world *w = *state;
    quipu_error err = {0};
    quipu_task *task;
    assert_int_equal(quipu_task_open(w->nomen, "shaer", &task, &err), QUIPU_E_NOT_FOUND);
    assert_null(task);
    assert_non_null(strstr(err.text, "share"));
    assert_null(ASK(w, "share", &err, {"reporter", "Perru"}));
    assert_int_equal(err.status, QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "Peru"));
    assert_null(ASK(w, "list", &err, {"waht", "measures"}));
    assert_string_equal(err.text, "list has no option \"waht\"; did you mean what?");
    assert_null(ASK(w, "cube", &err, {"what", "contries"}));
    assert_int_equal(err.status, QUIPU_E_ARG);
    assert_null(ASK(w, "import", &err, {"output", "/tmp/no.quipu"}));
    assert_string_equal(err.text, "import needs input");
    assert_null(ASK(w, "import", &err, {"output", "/tmp/no.quipu"}, {"input", "x"},
                    {"memory", "much"}));
    assert_string_equal(err.text, "memory \"much\": not a number of bytes");
    assert_null(ASK(w, "import", &err, {"output", "/tmp/no.quipu"}, {"input", "/no/file.csv"}));
    assert_int_equal(err.status, QUIPU_E_IO);
    assert_null(ASK(w, "convert", &err, {"cube", w->path}, {"output", "/tmp/no.quipu"}));
    assert_string_equal(err.text, "convert needs to");
}

/* The words reach the reader of workbooks, and that of Parquet. */
static void names_a_place_in_a_file(void **state) {
    const world *w = *state;
    quipu_error err = {0};
    assert_null(ASK(w, "import", &err, {"input", w->input}, {"output", "/tmp/no.quipu"},
                    {"sheet", "Trade"}));
    assert_non_null(strstr(err.text, "--sheet and --range are for workbooks"));
    assert_null(ASK(w, "import", &err, {"input", "a.xlsx"}, {"output", "/tmp/no.quipu"},
                    {"range", "5A"}));
    assert_non_null(strstr(err.text, "--range 5A: expected two corners"));
    char file[96];
    snprintf(file, sizeof file, "%s/a.parquet", w->folder);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs("PAR1", out);
    assert_int_equal(fclose(out), 0);
    assert_null(ASK(w, "import", &err, {"input", file}, {"output", "/tmp/no.quipu"},
                    {"duckdb", "/nowhere/libduckdb.so"}));
    assert_non_null(strstr(err.text, "/nowhere/libduckdb.so"));
    assert_int_equal(unlink(file), 0);
}

static void keeps_firms_of_declarations(void **state) {
    const world *w = *state;
    quipu_error err = {0};
    char file[96], path[96];
    snprintf(file, sizeof file, "%s/d.csv", w->folder);
    snprintf(path, sizeof path, "%s/d.quipu", w->folder);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs("y,r,p,v,ruc\n2011,PER,CHN,1,A\n2011,PER,CHN,2,B\n", out);
    assert_int_equal(fclose(out), 0);
    quipu_arrow *ledger =
        ASK(w, "import", &err, {"input", file}, {"output", path},
            {"map", "period=y,reporter=r,partner=p,value=v,firm=ruc"},
            {"duplicates", "declarations"}, {"keep-firms", "yes"}, {"input-name", "d"});
    assert_string_equal(err.text, "");
    assert_string_equal(source(ledger, "firms"), "2");
    quipu_arrow_close(ledger);
    assert_null(ASK(w, "import", &err, {"input", file}, {"output", path}, {"table", "t"},
                    {"where", "v > 1"}, {"dialect", "duckdb"}, {"firms", "f.csv"}));
    assert_non_null(strstr(err.text, "are for an input \"odbc:CONNECTION\""));
    assert_null(ASK(w, "import", &err, {"input", "odbc:none"}, {"output", path},
                    {"dialect", "duckdb"}, {"table", "t"}, {"keep-firms", "yes"},
                    {"map", "period=y,reporter=r,partner=p,value=v"}));
    assert_string_equal(err.text, "--keep-firms needs firm=COLUMN in --map");
    assert_int_equal(unlink(file), 0);
    assert_int_equal(unlink(path), 0);
}

static void stops_when_told(void **state) {
    const world *w = *state;
    quipu_error err = {0};
    quipu_arrow *out;
    const word words[] = {{"reporter", "Peru"}, {"by", "partner"}};
    quipu_task *task = put(w, "share", words, 2);
    assert_int_equal(quipu_task_result(task, &out, &err), QUIPU_E_ARG);
    quipu_task_stop(task);
    assert_int_equal(quipu_task_start(task, &err), QUIPU_OK);
    assert_int_equal(quipu_task_start(task, NULL), QUIPU_E_ARG);
    assert_int_equal(quipu_task_result(task, &out, &err), QUIPU_E_STOPPED);
    quipu_task_close(task);
    /* Closed while it runs, or before it does: nothing is left. */
    task = put(w, "share", words, 2);
    assert_int_equal(quipu_task_start(task, &err), QUIPU_OK);
    quipu_task_close(task);
    quipu_task_close(put(w, "share", words, 2));
    quipu_task_close(NULL);
}

static void writes_every_format(void **state) {
    const world *w = *state;
    quipu_error err = {0};
    char *bytes;
    size_t length;
    quipu_arrow *answer = ASK(w, "value", &err, {"reporter", "Peru"}, {"years", "2011"});
    assert_int_equal(quipu_arrow_write(answer, "csv", &bytes, &length, &err), QUIPU_OK);
    assert_int_equal(strlen(bytes), length);
    assert_memory_equal(bytes, "year,", 5);
    quipu_bytes_free(bytes);
    assert_int_equal(quipu_arrow_write(answer, "arrow", &bytes, &length, &err), QUIPU_OK);
    assert_true(length > 100);
    quipu_bytes_free(bytes);
    assert_int_equal(quipu_arrow_write(answer, "docx", &bytes, &length, &err),
                     QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "latex"));
    assert_null(bytes);
    quipu_arrow_close(answer);
    assert_string_equal(quipu_version(), QUIPU_VERSION);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_as_the_measure_does),
        cmocka_unit_test(lists_the_catalogue),
        cmocka_unit_test(tells_what_a_cube_holds),
        cmocka_unit_test(errors_say_what_is_wrong),
        cmocka_unit_test(names_a_place_in_a_file),
        cmocka_unit_test(keeps_firms_of_declarations),
        cmocka_unit_test(stops_when_told),
        cmocka_unit_test(writes_every_format),
    };
    return cmocka_run_group_tests(tests, make_world, free_world);
}
