/* SPDX-License-Identifier: Apache-2.0 */
/* session.c - a database in memory whose tables are cubes and what we know of countries and
 * products. */
#include "sql/watch.h"

#include <strings.h>

/* ---- opening ---- */

static const char *const common_views =
    "CREATE VIEW countries AS FROM quipu_list('countries', '');"
    "CREATE VIEW groups AS FROM quipu_list('groups', '');"
    "CREATE VIEW members AS FROM quipu_list('members', '');"
    "CREATE VIEW nomenclatures AS FROM quipu_list('nomenclatures', '');"
    "CREATE VIEW agreements AS FROM quipu_list('agreements', '');"
    "CREATE VIEW schemes AS FROM quipu_schemes();";

static quipu_status run_all(quipu_sql *sql, const char *text, qi_duck_result *last, bool sieved,
                            quipu_error *err);

quipu_status quipu_sql_open(const quipu_nomen *nomen, const quipu_sql_options *options,
                            quipu_sql **out, quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    quipu_sql *sql = calloc(1, sizeof *sql);
    if (sql == NULL)
        return qi_fail_memory(err, sizeof *sql);
    quipu_status status;
    sql->nomen = nomen;
    sql->plain = true;
    if (options != NULL)
        sql->options = *options;
    QI_GO(quipu_cache_open(&sql->cache, err));
    QI_GO(qi_duckdb_open(sql->options.duckdb, sql->options.threads, &sql->db, err));
    QI_GO(qi_sql_add_scans(sql, err));
    QI_GO(qi_sql_add_measures(sql, err));
    QI_GO(qi_sql_add_lists(sql, err));
    qi_duck_result last = {{0}};
    QI_GO(run_all(sql, common_views, &last, false, err));
    D.destroy_result(&last);
    *out = sql;
done:
    if (status != QUIPU_OK)
        quipu_sql_close(sql);
    return status;
}

static void free_cube(qi_sql_cube *cube) {
    if (cube == NULL)
        return;
    free(cube->name);
    free(cube->country);
    free(cube->product);
    free(cube);
}

void quipu_sql_close(quipu_sql *sql) {
    if (sql == NULL)
        return;
    qi_sieve_clear(sql);
    qi_duckdb_close(sql->db);
    for (size_t i = 0; i < sql->n_cubes; i++)
        free_cube(sql->cubes[i]);
    quipu_cache_close(sql->cache);
    free(sql->notes.items);
    qi_arena_free(&sql->arena);
    free(sql);
}

/* ---- cubes ---- */

/* Letters where they mean this country to everybody, else its number: importing what was
 * written gives the same country again. */
static qi_duck_text country_code(const quipu_nomen *nomen, const quipu_cube_country *c) {
    char number[16];
    const quipu_country *known = quipu_country_by_iso3(nomen, c->iso3, strlen(c->iso3));
    if (known != NULL && known->number == c->number)
        return qi_duck_short_text(c->iso3);
    snprintf(number, sizeof number, "%03u", c->number);
    return qi_duck_short_text(number);
}

static quipu_status read_codes(quipu_sql *sql, qi_sql_cube *cube, quipu_error *err) {
    size_t n_countries, n_products = quipu_cube_n_products(cube->cube);
    const quipu_cube_country *countries = quipu_cube_countries(cube->cube, &n_countries);
    cube->country = calloc(n_countries + 1, sizeof *cube->country);
    cube->product = calloc(n_products + 1, sizeof *cube->product);
    if (cube->country == NULL || cube->product == NULL)
        return qi_fail_memory(err, n_products * sizeof *cube->product);
    for (size_t i = 0; i < n_countries; i++)
        cube->country[i] = country_code(sql->nomen, &countries[i]);
    for (size_t i = 0; i < n_products; i++)
        cube->product[i] = qi_duck_short_text(quipu_cube_product(cube->cube, i));
    return QUIPU_OK;
}

/* "trade": a scan of each slab, whose period and flow are constants. */
static bool put_trade_view(qi_buffer *text, size_t number, const quipu_cube *cube,
                           const char *schema) {
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n);
    bool ok = qi_buffer_printf(text, "CREATE VIEW %s.trade AS ", schema);
    for (size_t i = 0; i < n && ok; i++) {
        int period = slabs[i].period;
        ok = qi_buffer_printf(
            text,
            "%sSELECT %d::INTEGER AS period, %d::INTEGER AS year, '%s' AS flow, reporter, "
            "partner, product, value, weight_kg, quantity, unit, flags FROM quipu_slab(%zu, "
            "%zu)",
            i > 0 ? " UNION ALL " : "", period, period > 9999 ? period / 100 : period,
            quipu_flow_name(slabs[i].flow), number, i);
    }
    if (n == 0)
        ok = ok && qi_buffer_text(text, "SELECT " QI_TRADE_COLUMNS " FROM trade() WHERE false");
    return ok && qi_buffer_text(text, ";");
}

static quipu_status add_views(quipu_sql *sql, size_t number, quipu_error *err) {
    const qi_sql_cube *cube = sql->cubes[number];
    const char *schema = number == 0 ? "main" : cube->name;
    const char *said = quipu_cube_meta(cube->cube, "nomenclature");
    const quipu_nomenclature *list = NULL;
    qi_buffer text = {0};
    qi_duck_result last = {{0}};
    bool known =
        said != NULL && quipu_nomenclature_find(sql->nomen, said, &list, NULL) == QUIPU_OK;
    bool ok = number == 0 || qi_buffer_printf(&text, "CREATE SCHEMA %s;", schema);
    ok = ok && put_trade_view(&text, number, cube->cube, schema) &&
         qi_buffer_printf(&text,
                          "CREATE VIEW %s.classes AS FROM quipu_classes('%s');"
                          "CREATE VIEW %s.tariffs AS FROM quipu_tariffs('%s');"
                          "CREATE VIEW %s.products AS FROM quipu_list('products', '%s')%s;",
                          schema, cube->name, schema, cube->name, schema,
                          known ? list->name : "H0", known ? "" : " WHERE false");
    quipu_status status =
        ok ? run_all(sql, text.bytes, &last, false, err) : qi_fail_memory(err, text.length);
    if (status == QUIPU_OK)
        D.destroy_result(&last);
    qi_buffer_free(&text);
    return status;
}

static bool is_name(const char *name) {
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return n > 0 && name[n] == '\0' && !(name[0] >= '0' && name[0] <= '9') && n < 60;
}

quipu_status quipu_sql_add(quipu_sql *sql, const char *name, const quipu_cube *cube,
                           quipu_error *err) {
    qi_error_clear(err);
    bool first = sql->n_cubes == 0;
    if (sql->n_cubes == QI_COUNT(sql->cubes))
        return qi_fail(err, QUIPU_E_LIMIT, "a session takes %zu cubes", QI_COUNT(sql->cubes));
    if (!first && (name == NULL || !is_name(name)))
        return qi_fail(err, QUIPU_E_ARG,
                       "a cube of a session needs a name of letters, digits and \"_\", not "
                       "\"%s\"",
                       name != NULL ? name : "");
    for (size_t i = 0; i < sql->n_cubes; i++)
        if (!first && strcasecmp(sql->cubes[i]->name, name) == 0)
            return qi_fail(err, QUIPU_E_ARG, "there is a cube \"%s\" already", name);
    qi_sql_cube *c = calloc(1, sizeof *c);
    if (c == NULL)
        return qi_fail_memory(err, sizeof *c);
    c->cube = cube;
    c->name = strdup(first ? "" : name);
    quipu_status status = c->name != NULL ? read_codes(sql, c, err) : qi_fail_memory(err, 64);
    if (status != QUIPU_OK) {
        free_cube(c);
        return status;
    }
    sql->cubes[sql->n_cubes++] = c;
    return add_views(sql, sql->n_cubes - 1, err);
}

/* ---- running ---- */

static quipu_status run_one(quipu_sql *sql, qi_duck statements, size_t number, const char *text,
                            qi_duck_result *result, quipu_error *err) {
    qi_duck prepared = NULL, pending = NULL;
    quipu_status status = QUIPU_OK;
    if (D.prepare_extracted_statement(sql->db->connection, statements, number, &prepared) != 0)
        status = qi_duckdb_fail(err, D.prepare_error(prepared), text);
    else if (D.pending_prepared(prepared, &pending) != 0)
        status = qi_duckdb_fail(err, D.pending_error(pending), text);
    else if (D.execute_pending(pending, result) != 0) {
        status = qi_duckdb_fail(err, D.result_error(result), text);
        D.destroy_result(result);
    }
    D.destroy_pending(&pending);
    D.destroy_prepare(&prepared);
    return status;
}

static quipu_status run_all(quipu_sql *sql, const char *text, qi_duck_result *last, bool sieved,
                            quipu_error *err) {
    qi_duck statements = NULL;
    quipu_status status = QUIPU_OK;
    size_t n = D.extract_statements(sql->db->connection, text, &statements);
    const char *said = n == 0 ? D.extract_statements_error(statements) : NULL;
    if (said != NULL)
        status = qi_duckdb_fail(err, said, text);
    else if (n == 0)
        status = qi_fail(err, QUIPU_E_ARG,
                         "there is no statement: it stands behind the cube (quipu sql CUBE "
                         "\"SELECT ...\") or comes on standard input");
    qi_sieves sieves = {0};
    if (sieved && status == QUIPU_OK)
        qi_sieve_begin(sql, text, &sieves);
    for (size_t i = 0; i < n && status == QUIPU_OK; i++) {
        if (i > 0)
            D.destroy_result(last);
        memset(last, 0, sizeof *last);
        if (sieved)
            qi_sieve_statement(sql, &sieves, i);
        status = run_one(sql, statements, i, text, last, err);
        qi_sieve_clear(sql);
    }
    qi_sieve_end(&sieves);
    D.destroy_extracted(&statements);
    return status;
}

static quipu_status add_sources(quipu_sql *sql, quipu_table *out, quipu_error *err) {
    static const char *const keys[] = {"source", "release", "nomenclature", "valuation"};
    char text[128];
    for (size_t c = 0; c < sql->n_cubes; c++) {
        const qi_sql_cube *cube = sql->cubes[c];
        for (size_t i = 0; i < QI_COUNT(keys); i++) {
            const char *said = quipu_cube_meta(cube->cube, keys[i]);
            if (said == NULL || said[0] == '\0')
                continue;
            snprintf(text, sizeof text, "%s%s%s", cube->name, c > 0 ? "." : "", keys[i]);
            QI_TRY(quipu_table_add_source(out, text, said, err));
        }
        snprintf(text, sizeof text, "%s%scube", cube->name, c > 0 ? "." : "");
        QI_TRY(quipu_table_add_source(out, text, quipu_cube_fingerprint(cube->cube), err));
    }
    snprintf(text, sizeof text, "quipu " QUIPU_VERSION ", DuckDB %s", D.library_version());
    return quipu_table_add_source(out, "engine", text, err);
}

quipu_status quipu_sql_run(quipu_sql *sql, const char *text, quipu_table *out,
                           quipu_error *err) {
    qi_error_clear(err);
    memset(out, 0, sizeof *out);
    qi_duck_result result = {{0}};
    qi_sql_watch watch;
    sql->notes.n = 0;
    QI_TRY(qi_sql_watch_begin(sql, &watch, err));
    quipu_status status = run_all(sql, text, &result, true, err);
    bool stopped = qi_sql_watch_end(&watch);
    /* A measure may have been told before the watch was. */
    if (status != QUIPU_OK && (stopped || (sql->options.stop != NULL &&
                                           sql->options.stop(sql->options.stop_user, 0, 0)))) {
        qi_error_clear(err);
        return qi_fail(err, QUIPU_E_STOPPED, "stopped");
    }
    QI_TRY(status);
    status = qi_sql_result(&result, out, err);
    D.destroy_result(&result);
    for (size_t i = 0; i < sql->notes.n && status == QUIPU_OK; i++)
        status = quipu_table_add_note(out, err, "%s", sql->notes.items[i]);
    if (status == QUIPU_OK)
        status = add_sources(sql, out, err);
    if (status != QUIPU_OK)
        quipu_table_free(out);
    return status;
}
