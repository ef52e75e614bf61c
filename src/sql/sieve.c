/* SPDX-License-Identifier: Apache-2.0 */
/* sieve.c - which countries and products a statement can use at all.
 *
 * DuckDB's C API tells a table function which columns are wanted, but not which rows.  So the
 * statement is read here as well, in the form DuckDB's own parser gives it: where every
 * mention of `trade` stands under a WHERE that keeps only some reporters, partners or products,
 * the scan leaves the others out.  DuckDB still applies the whole WHERE.  What is read here
 * may therefore be less than what is meant, never more: whatever is not understood keeps all
 * rows.
 */
#include "sql/sql.h"

#include <strings.h>

/* Positions of countries or products that a condition keeps, for the three columns. */
typedef struct keep {
    uint8_t *of[3]; /* reporter, partner, product; NULL = all */
} keep;

typedef struct reading {
    quipu_sql *sql;
    size_t cube; /* the one looked at now */
    size_t mentions, understood;
    bool lost; /* something that could hide a mention */
    keep all;  /* of all mentions together */
    bool first;
} reading;

/* ---- JSON ---- */

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static bool is(const json_t *object, const char *key, const char *text) {
    return strcmp(text_of(object, key), text) == 0;
}

static bool empty(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return value == NULL || json_is_null(value) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

/* ---- sets ---- */

static void drop(keep *k) {
    for (size_t i = 0; i < 3; i++)
        free(k->of[i]);
    *k = (keep){{NULL, NULL, NULL}};
}

static size_t size_of(const reading *r, size_t column) {
    size_t n;
    const qi_sql_cube *cube = r->sql->cubes[r->cube];
    if (column == 2)
        return quipu_cube_n_products(cube->cube);
    quipu_cube_countries(cube->cube, &n);
    return n;
}

/* a AND b: either may be missing. */
static void both(const reading *r, keep *a, keep *b) {
    for (size_t c = 0; c < 3; c++) {
        if (a->of[c] == NULL) {
            a->of[c] = b->of[c];
            b->of[c] = NULL;
        } else if (b->of[c] != NULL) {
            for (size_t i = 0, n = size_of(r, c); i < n; i++)
                a->of[c][i] &= b->of[c][i];
        }
    }
    drop(b);
}

/* a OR b: only what both say something about is known. */
static void either(const reading *r, keep *a, keep *b) {
    for (size_t c = 0; c < 3; c++) {
        if (a->of[c] != NULL && b->of[c] != NULL) {
            for (size_t i = 0, n = size_of(r, c); i < n; i++)
                a->of[c][i] |= b->of[c][i];
        } else {
            free(a->of[c]);
            a->of[c] = NULL;
        }
    }
    drop(b);
}

/* Add the codes equal to `text`, or beginning with it. */
static void add_codes(const reading *r, size_t column, uint8_t *set, const char *text,
                      size_t length, bool beginning) {
    const qi_sql_cube *cube = r->sql->cubes[r->cube];
    const qi_duck_text *codes = column == 2 ? cube->product : cube->country;
    for (size_t i = 0, n = size_of(r, column); i < n; i++)
        if ((beginning ? codes[i].length >= length : codes[i].length == length) &&
            memcmp(codes[i].bytes, text, length) == 0)
            set[i] = 1;
}

/* ---- conditions ---- */

/* Which column of the mention called `alias` is meant; 3 = none of ours.  A bare name is only
 * understood where nothing else stands in the FROM. */
static size_t column_of(const json_t *e, const char *alias, bool alone) {
    static const char *const names[] = {"reporter", "partner", "product"};
    const json_t *path = json_object_get(e, "column_names");
    size_t n = json_array_size(path);
    if (!is(e, "class", "COLUMN_REF") || n < 1 || n > 2 || (n == 1 && !alone))
        return 3;
    if (n == 2 && strcasecmp(json_string_value(json_array_get(path, 0)), alias) != 0)
        return 3;
    for (size_t i = 0; i < 3; i++)
        if (strcasecmp(json_string_value(json_array_get(path, n - 1)), names[i]) == 0)
            return i;
    return 3;
}

static const char *constant_of(const json_t *e) {
    const json_t *value = json_object_get(e, "value");
    if (!is(e, "type", "VALUE_CONSTANT") ||
        !is(json_object_get(value, "type"), "id", "VARCHAR") ||
        json_is_true(json_object_get(value, "is_null")))
        return NULL;
    return json_string_value(json_object_get(value, "value"));
}

static keep compare(const reading *r, const json_t *column, const json_t *const *values,
                    size_t n, const char *alias, bool alone, bool like) {
    keep k = {{NULL, NULL, NULL}};
    size_t c = column_of(column, alias, alone);
    uint8_t *set = c < 3 ? calloc(size_of(r, c) + 1, 1) : NULL;
    bool known = set != NULL;
    for (size_t i = 0; i < n && known; i++) {
        const char *text = constant_of(values[i]);
        known = text != NULL;
        if (known)
            add_codes(r, c, set, text, like ? strcspn(text, "%_") : strlen(text), like);
    }
    if (known)
        k.of[c] = set;
    else
        free(set);
    return k;
}

static keep condition(const reading *r, const json_t *e, const char *alias, bool alone);

static keep joined(const reading *r, const json_t *e, const char *alias, bool alone) {
    const json_t *children = json_object_get(e, "children");
    bool and = is(e, "type", "CONJUNCTION_AND");
    keep k = condition(r, json_array_get(children, 0), alias, alone);
    for (size_t i = 1; i < json_array_size(children); i++) {
        keep more = condition(r, json_array_get(children, i), alias, alone);
        if (and)
            both(r, &k, &more);
        else
            either(r, &k, &more);
    }
    return k;
}

static keep condition(const reading *r, const json_t *e, const char *alias, bool alone) {
    const json_t *children = json_object_get(e, "children");
    const json_t *left = json_object_get(e, "left"), *right = json_object_get(e, "right");
    const json_t *values[64];
    size_t n = json_array_size(children);
    if (is(e, "type", "CONJUNCTION_AND") || is(e, "type", "CONJUNCTION_OR"))
        return joined(r, e, alias, alone);
    if (is(e, "type", "COMPARE_EQUAL")) {
        bool turned = constant_of(left) != NULL;
        values[0] = turned ? left : right;
        return compare(r, turned ? right : left, values, 1, alias, alone, false);
    }
    if (is(e, "type", "COMPARE_IN") && n > 1 && n <= QI_COUNT(values)) {
        for (size_t i = 1; i < n; i++)
            values[i - 1] = json_array_get(children, i);
        return compare(r, json_array_get(children, 0), values, n - 1, alias, alone, false);
    }
    if (is(e, "type", "FUNCTION") && is(e, "function_name", "~~") && n == 2) {
        values[0] = json_array_get(children, 1);
        return compare(r, json_array_get(children, 0), values, 1, alias, alone, true);
    }
    return (keep){{NULL, NULL, NULL}};
}

/* ---- mentions ---- */

static bool is_mention(const reading *r, const json_t *e) {
    const char *schema = text_of(e, "schema_name"), *name = r->sql->cubes[r->cube]->name;
    if (!is(e, "type", "BASE_TABLE") || strcasecmp(text_of(e, "table_name"), "trade") != 0)
        return false;
    if (name[0] == '\0')
        return schema[0] == '\0' || strcasecmp(schema, "main") == 0;
    return strcasecmp(schema, name) == 0;
}

/* What a mention is called in its statement. */
static const char *called(const json_t *e) {
    const char *alias = text_of(e, "alias");
    return alias[0] != '\0' ? alias : text_of(e, "table_name");
}

/* Joins that leave a row of each side as it is: leaving out rows the WHERE refuses changes
 * nothing. */
static bool is_plain_join(const json_t *from) {
    static const char *const types[] = {"INNER", "LEFT", "RIGHT", "OUTER"};
    static const char *const kinds[] = {"REGULAR", "CROSS", "NATURAL"};
    bool type = false, kind = false;
    for (size_t i = 0; i < QI_COUNT(types); i++)
        type = type || is(from, "join_type", types[i]);
    for (size_t i = 0; i < QI_COUNT(kinds); i++)
        kind = kind || is(from, "ref_type", kinds[i]);
    return type && kind;
}

static void take_mention(reading *r, const json_t *table, const json_t *where, bool alone) {
    if (!empty(table, "sample") || !empty(table, "column_name_alias") ||
        !empty(table, "at_clause"))
        return;
    keep k = condition(r, where, called(table), alone);
    r->understood++;
    if (r->first)
        r->all = k;
    else
        either(r, &r->all, &k);
    r->first = false;
}

static void look_at_from(reading *r, const json_t *from, const json_t *where, bool alone) {
    if (is_mention(r, from)) {
        take_mention(r, from, where, alone);
    } else if (is(from, "type", "JOIN") && is_plain_join(from)) {
        look_at_from(r, json_object_get(from, "left"), where, false);
        look_at_from(r, json_object_get(from, "right"), where, false);
    }
}

/* Things that hold statements, or names of tables, as texts. */
static bool hides(const json_t *e) {
    static const char *const functions[] = {"query", "query_table", "quipu_slab"};
    for (size_t i = 0; i < QI_COUNT(functions); i++)
        if (strcasecmp(text_of(e, "function_name"), functions[i]) == 0)
            return true;
    return is(e, "type", "SHOW_REF");
}

static void walk(reading *r, json_t *e) {
    const char *key;
    json_t *child;
    size_t i;
    if (json_is_array(e)) {
        json_array_foreach(e, i, child) walk(r, child);
        return;
    }
    if (!json_is_object(e))
        return;
    r->lost = r->lost || hides(e);
    r->mentions += is_mention(r, e);
    /* A name given by WITH could be a `trade` of its own. */
    r->lost = r->lost || strcasecmp(text_of(e, "key"), "trade") == 0;
    if (is(e, "type", "SELECT_NODE") && empty(e, "sample"))
        look_at_from(r, json_object_get(e, "from_table"), json_object_get(e, "where_clause"),
                     true);
    json_object_foreach(e, key, child) walk(r, child);
}

/* ---- the whole ---- */

/* EXPLAIN shows what the statement behind it would do. */
static const char *behind_explain(const char *text) {
    static const char *const words[] = {"EXPLAIN", "ANALYZE"};
    for (size_t i = 0; i < QI_COUNT(words); i++) {
        const char *at = text + strspn(text, " \t\r\n");
        size_t length = strlen(words[i]);
        if (strncasecmp(at, words[i], length) != 0 || strchr(" \t\r\n", at[length]) == NULL)
            break;
        text = at + length;
    }
    return text;
}

void qi_sieve_begin(quipu_sql *sql, const char *text, qi_sieves *sieves) {
    qi_buffer query = {0}, said = {0};
    bool ok = sql->plain && qi_buffer_text(&query, "SELECT json_serialize_sql(") &&
              qi_duckdb_quote(&query, behind_explain(text)) && qi_buffer_text(&query, ")") &&
              qi_duckdb_text(sql->db, query.bytes, &said, NULL) == QUIPU_OK && said.length > 0;
    /* Some places are 2^64 - 1, which only a double holds. */
    json_t *report =
        ok ? json_loadb(said.bytes, said.length, JSON_DECODE_INT_AS_REAL, NULL) : NULL;
    sieves->statements = json_incref(json_object_get(report, "statements"));
    /* Anything but SELECT may give names another meaning, from here on. */
    sql->plain = sql->plain && sieves->statements != NULL;
    json_decref(report);
    qi_buffer_free(&query);
    qi_buffer_free(&said);
}

void qi_sieve_statement(quipu_sql *sql, const qi_sieves *sieves, size_t number) {
    json_t *statement = json_array_get(sieves->statements, number);
    qi_sieve_clear(sql);
    for (size_t c = 0; c < sql->n_cubes && statement != NULL; c++) {
        reading r = {.sql = sql, .cube = c, .first = true};
        walk(&r, statement);
        if (r.lost || r.understood != r.mentions)
            drop(&r.all);
        sql->sieve[c] = (qi_sieve){r.all.of[0], r.all.of[1], r.all.of[2]};
    }
}

void qi_sieve_clear(quipu_sql *sql) {
    for (size_t c = 0; c < sql->n_cubes; c++) {
        free(sql->sieve[c].reporter);
        free(sql->sieve[c].partner);
        free(sql->sieve[c].product);
        sql->sieve[c] = (qi_sieve){NULL, NULL, NULL};
    }
}

void qi_sieve_end(qi_sieves *sieves) {
    json_decref(sieves->statements);
    sieves->statements = NULL;
}
