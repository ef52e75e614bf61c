/* SPDX-License-Identifier: Apache-2.0 */
/* function.c - measures as table functions.
 *
 * Each answer is a table of ours, made when the statement is bound: only then its columns are
 * known.  Names and parameters come from the catalogue; a "-" in them is "_".
 */
#include "sql/sql.h"

enum { MOST_NAME = 64 };

typedef struct measure_function {
    quipu_sql *sql;
    const quipu_measure *measure;
} measure_function;

static void put_name(char out[MOST_NAME], const char *name) {
    snprintf(out, MOST_NAME, "%s", name);
    for (char *c = out; *c != '\0'; c++)
        *c = *c == '-' ? '_' : *c;
}

void qi_sql_parameter(qi_duck function, const char *name, int type) {
    qi_duck logical = D.create_logical_type(type);
    if (name != NULL)
        D.table_function_add_named_parameter(function, name, logical);
    else
        D.table_function_add_parameter(function, logical);
    D.destroy_logical_type(&logical);
}

quipu_status qi_sql_register(quipu_sql *sql, qi_duck *function, const char *name,
                             quipu_error *err) {
    bool ok = D.register_table_function(sql->db->connection, *function) == 0;
    D.destroy_table_function(function);
    return ok ? QUIPU_OK
              : qi_fail(err, QUIPU_E_BUG, "DuckDB does not take a table function named %s",
                        name);
}

static char *take_text(qi_duck value) {
    char *text = value != NULL && !D.is_null_value(value) ? D.get_varchar(value) : NULL;
    if (value != NULL)
        D.destroy_value(&value);
    return text;
}

char *qi_sql_named(qi_duck info, const char *name) {
    return take_text(D.bind_get_named_parameter(info, name));
}

char *qi_sql_placed(qi_duck info, uint64_t number) {
    return take_text(D.bind_get_parameter(info, number));
}

void qi_sql_give(qi_duck info, quipu_status status, quipu_table *table,
                 const quipu_error *err) {
    if (status == QUIPU_OK && table->n_columns > 0) {
        qi_duck_give_table(info, table);
        return;
    }
    quipu_table_free(table);
    D.bind_set_error(info, status != QUIPU_OK ? err->text : "the answer has no columns");
}

qi_sql_cube *qi_sql_find_cube(quipu_sql *sql, const char *name, quipu_error *err) {
    for (size_t i = 0; i < sql->n_cubes; i++)
        if (strcmp(sql->cubes[i]->name, name != NULL ? name : "") == 0)
            return sql->cubes[i];
    char all[256] = "";
    for (size_t i = 1; i < sql->n_cubes; i++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i > 1 ? ", " : "", sql->cubes[i]->name);
    }
    if (sql->n_cubes == 0)
        qi_fail(err, QUIPU_E_NOT_FOUND, "there is no cube in this session");
    else
        qi_fail(
            err, QUIPU_E_NOT_FOUND,
            "there is no cube \"%s\"; besides the first, which needs no name, there are: %s",
            name, sql->n_cubes > 1 ? all : "none (add one with --with)");
    return NULL;
}

/* ---- measures ---- */

typedef struct arguments {
    quipu_argument list[80];
    size_t n;
} arguments;

static void free_arguments(arguments *a) {
    for (size_t i = 0; i < a->n; i++)
        D.free((void *)(uintptr_t)a->list[i].value);
}

static void take_param(qi_duck info, const quipu_param *param, arguments *a) {
    char name[MOST_NAME];
    put_name(name, param->name);
    char *text = qi_sql_named(info, name);
    bool off = text != NULL && param->type == QUIPU_PARAM_SWITCH && strcmp(text, "true") != 0;
    if (text == NULL || off || a->n == QI_COUNT(a->list)) {
        D.free(text);
        return;
    }
    a->list[a->n++] = (quipu_argument){param->name, text};
}

/* What a reader must know about a measure is printed under the answer of the statement. */
static quipu_status keep_notes(quipu_sql *sql, const quipu_measure *m, const quipu_table *t,
                               quipu_error *err) {
    for (size_t i = 0; i < t->n_notes; i++) {
        bool known = false;
        const char *note = qi_arena_printf(&sql->arena, "%s: %s", m->name, t->notes[i]);
        for (size_t k = 0; note != NULL && k < sql->notes.n; k++)
            known = known || strcmp(sql->notes.items[k], note) == 0;
        if (note == NULL || (!known && !QI_PUSH(&sql->notes, note)))
            return qi_fail_memory(err, 256);
    }
    return QUIPU_OK;
}

static quipu_status run_measure(const measure_function *f, qi_duck info, quipu_table *out,
                                quipu_error *err) {
    quipu_sql *sql = f->sql;
    arguments a = {.n = 0};
    const quipu_param *params[QUIPU_MOST_PARAMS];
    size_t n = quipu_measure_params(f->measure, params);
    quipu_register *invested = NULL;
    quipu_status status = QUIPU_OK;
    bool of_cube = f->measure->needs != QUIPU_NEEDS_REGISTER;
    quipu_request request = {.nomen = sql->nomen,
                             .threads = sql->options.threads,
                             .cache = sql->cache,
                             .stop = sql->options.stop,
                             .stop_user = sql->options.stop_user};
    char *from = qi_sql_named(info, of_cube ? "cube" : "register");
    for (size_t i = 0; i < n; i++)
        take_param(info, params[i], &a);
    request.arguments = a.list;
    request.n_arguments = a.n;
    if (of_cube) {
        qi_sql_cube *cube = qi_sql_find_cube(sql, from, err);
        request.cube = cube != NULL ? cube->cube : NULL;
        status = cube != NULL ? QUIPU_OK : QUIPU_E_NOT_FOUND;
    } else if (from == NULL) {
        status =
            qi_fail(err, QUIPU_E_ARG, "%s is asked of a register: add register := 'FOLDER'",
                    f->measure->name);
    } else {
        status = quipu_register_open(from, sql->nomen, NULL, &invested, err);
        request.invested = invested;
    }
    if (status == QUIPU_OK)
        status = quipu_measure_run(f->measure, &request, out, err);
    if (status == QUIPU_OK)
        status = keep_notes(sql, f->measure, out, err);
    quipu_register_close(invested);
    free_arguments(&a);
    D.free(from);
    return status;
}

static void bind_measure(qi_duck info) {
    const measure_function *f = D.bind_get_extra_info(info);
    quipu_table table = {0};
    quipu_error err = {0};
    qi_sql_give(info, run_measure(f, info, &table, &err), &table, &err);
}

static void add_param(qi_duck function, const quipu_param *param) {
    char name[MOST_NAME];
    put_name(name, param->name);
    qi_sql_parameter(function, name,
                     param->type == QUIPU_PARAM_SWITCH ? QI_DUCK_BOOLEAN : QI_DUCK_VARCHAR);
}

static quipu_status add_measure(quipu_sql *sql, const quipu_measure *m, quipu_error *err) {
    char name[MOST_NAME];
    measure_function *f = qi_arena_alloc(&sql->arena, sizeof *f);
    if (f == NULL)
        return qi_fail_memory(err, sizeof *f);
    *f = (measure_function){sql, m};
    put_name(name, m->name);
    qi_duck function = qi_duck_table_function(name, bind_measure, f);
    const quipu_param *params[QUIPU_MOST_PARAMS];
    size_t n = quipu_measure_params(m, params);
    for (size_t i = 0; i < n; i++)
        add_param(function, params[i]);
    bool of_cube = m->needs != QUIPU_NEEDS_REGISTER;
    qi_sql_parameter(function, of_cube ? "cube" : "register", QI_DUCK_VARCHAR);
    return qi_sql_register(sql, &function, name, err);
}

quipu_status qi_sql_add_measures(quipu_sql *sql, quipu_error *err) {
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    for (size_t i = 0; i < n; i++)
        QI_TRY(add_measure(sql, measures[i], err));
    return QUIPU_OK;
}
