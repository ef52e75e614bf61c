/* SPDX-License-Identifier: Apache-2.0 */
/* engine_rows.c - the groups of a table in a database as lines of text, read like a file.
 *
 * All guards are those of files: a group is a line, and says of how many rows it is the sum.
 * At the end an independent sum, taken in the same snapshot, must be the sum of all groups.
 */
#include "engine_rows.h"

#include <strings.h>

static const char PREFIX[] = "odbc:";

bool qi_is_engine(const char *input) {
    return strncmp(input, PREFIX, sizeof PREFIX - 1) == 0;
}

/* ---- opening ---- */

/* The column as the database spells it, and how many decimals it has. */
static quipu_status find_column(qi_engine_rows *r, qi_engine_role role, quipu_error *err) {
    qi_engine_field *f = &r->mapped.field[role];
    const qi_engine_column *columns, *found = NULL;
    size_t n = qi_engine_columns(r->engine, &columns);
    if (f->column == NULL)
        return QUIPU_OK;
    for (size_t i = 0; i < n; i++)
        if (strcmp(columns[i].name, f->column) == 0)
            found = &columns[i];
    for (size_t i = 0; i < n && found == NULL; i++)
        if (strcasecmp(columns[i].name, f->column) == 0)
            found = &columns[i];
    if (found == NULL)
        return qi_fail(err, QUIPU_E_ARG, "--map: the table %s has no column \"%s\"",
                       r->mapped.table, f->column);
    f->column = qi_arena_dup(&r->arena, found->name);
    f->decimals = found->decimals;
    if (f->column == NULL)
        return qi_fail_memory(err, sizeof found->name);
    if (role >= QI_E_VALUE && role <= QI_E_QUANTITY && f->decimals < 0)
        return qi_fail(err, QUIPU_E_ARG,
                       "the column %s is no exact number: sums of floating point depend on the "
                       "order of the rows. Cast it in a view: CAST(%s AS decimal(18, 3))",
                       f->column, f->column);
    return QUIPU_OK;
}

static quipu_status check_where(const qi_mapped *m, quipu_error *err) {
    qi_buffer text = {0};
    quipu_status status = QUIPU_OK;
    if (m->where != NULL)
        status = qi_where_write(m->dialect, m->where, &text, err);
    qi_buffer_free(&text);
    return status;
}

quipu_status qi_engine_rows_send(qi_engine_rows *r,
                                 bool (*write)(const qi_mapped *, qi_buffer *),
                                 const char *before, quipu_error *err) {
    qi_buffer sql = {0};
    bool ok = qi_buffer_text(&sql, before) && write(&r->mapped, &sql);
    quipu_status status =
        ok ? qi_engine_select(r->engine, sql.bytes, err) : qi_fail_memory(err, sql.length);
    qi_buffer_free(&sql);
    return status;
}

quipu_status qi_engine_rows_options(qi_engine_rows *r, quipu_error *err) {
    const quipu_import_options *o = r->options;
    r->mapped = (qi_mapped){.table = o->table, .where = o->where};
    QI_TRY(qi_mapped_read(o->map, &r->arena, &r->mapped, err));
    const char *dialect = o->dialect != NULL ? o->dialect : "postgresql";
    if ((r->mapped.dialect = qi_dialect_find(dialect)) == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "no dialect \"%s\": there are postgresql, clickhouse, spark, duckdb",
                       o->dialect);
    bool named = r->mapped.field[QI_E_FIRM].column != NULL;
    if (o->firms_path != NULL && !named)
        return qi_fail(err, QUIPU_E_ARG, "a table of firms needs firm=COLUMN in --map");
    if (o->keep_firms && !named)
        return qi_fail(err, QUIPU_E_ARG, "--keep-firms needs firm=COLUMN in --map");
    if (named && !o->keep_firms && o->firms_path == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "--map names the firm: keep firms in the cube with --keep-firms, count "
                       "those of each cell with --firms FILE, or leave firm= out");
    r->mapped.by_firm = o->keep_firms;
    return check_where(&r->mapped, err);
}

quipu_status qi_engine_rows_connect(const char *input, qi_engine_rows *r, quipu_error *err) {
    const quipu_import_options *o = r->options;
    QI_TRY(qi_engine_rows_options(r, err));
    qi_engine_options options = {.connection = input + sizeof PREFIX - 1,
                                 .dialect = o->dialect != NULL ? r->mapped.dialect : NULL,
                                 .stop = o->progress,
                                 .stop_user = o->progress_user};
    QI_TRY(qi_engine_open(&options, &r->engine, err));
    r->mapped.dialect = qi_engine_dialect(r->engine);
    snprintf(r->dbms, sizeof r->dbms, "%s", qi_engine_dbms(r->engine));
    QI_TRY(qi_engine_rows_send(r, qi_select_nothing, "", err));
    for (qi_engine_role role = 0; role < QI_E_N_ROLES; role++)
        QI_TRY(find_column(r, role, err));
    return QUIPU_OK;
}

quipu_status qi_engine_rows_open(const char *input, const quipu_import_options *options,
                                 qi_engine_rows **out, quipu_error *err) {
    qi_engine_rows *r = calloc(1, sizeof *r);
    quipu_status status;
    *out = NULL;
    if (r == NULL)
        return qi_fail_memory(err, sizeof *r);
    r->options = options;
    QI_GO(qi_engine_rows_connect(input, r, err));
    for (qi_engine_role role = 0; role < QI_E_VALUE; role++)
        r->n_keys += r->mapped.field[role].column != NULL;
    r->n_keys += r->mapped.by_firm;
    QI_GO(qi_engine_rows_send(r, qi_select_groups, "", err));
    if (!qi_buffer_text(&r->text, "#quipu engine 1\nperiod,flow,reporter,partner,product,unit,"
                                  "nomenclature,value,weight,quantity,rows,rounded") ||
        !qi_buffer_text(&r->text, r->mapped.by_firm ? ",firm\n" : "\n"))
        status = qi_fail_memory(err, 128);
done:
    if (status == QUIPU_OK)
        *out = r;
    else
        qi_engine_rows_close(r);
    return status;
}

void qi_engine_rows_close(qi_engine_rows *r) {
    if (r == NULL)
        return;
    qi_engine_close(r->engine);
    if (r->has_firms)
        qi_out_abandon(&r->firms);
    qi_buffer_free(&r->text);
    qi_arena_free(&r->arena);
    free(r);
}

/* ---- lines ---- */

static quipu_status add_up(qi_engine_rows *r, const char *rows, const char *value,
                           quipu_error *err) {
    int64_t n, amount = 0;
    double rounding;
    bool fine = rows != NULL && qi_parse_int(rows, strlen(rows), &n) && n > 0;
    if (fine && value != NULL)
        fine =
            qi_parse_scaled(value, strlen(value), 3, true, &amount, &rounding) == QI_NUMBER_OK;
    if (!fine)
        return qi_fail(err, QUIPU_E_DATA,
                       "the database answers with %.40s rows worth %.60s in one cell, which "
                       "does not fit (the limit is 9.2e15, three decimals)",
                       rows != NULL ? rows : "no", value != NULL ? value : "nothing");
    r->rows += (uint64_t)n;
    if (__builtin_add_overflow(r->value, amount, &r->value))
        return qi_fail(err, QUIPU_E_DATA, "the total is beyond 9.2e15 US$");
    return QUIPU_OK;
}

static quipu_status put_group(qi_engine_rows *r, const char *const *fields, quipu_error *err) {
    const qi_engine_field *f = r->mapped.field;
    const char *class_text = fields[r->n_keys], *rows = fields[r->n_keys + 1];
    size_t key = 0, sum = r->n_keys + 2, before = r->text.length;
    int64_t class = 0;
    bool ok = true;
    QI_TRY(add_up(r, rows, fields[sum], err));
    for (qi_engine_role role = 0; role < QI_E_FIRM && ok; role++) {
        const char *text = f[role].constant;
        if (f[role].column != NULL)
            text = role < QI_E_VALUE ? fields[key++] : fields[sum++];
        if (text == NULL && role == QI_E_FLOW && f[role].column == NULL)
            text = "export";
        if (text == NULL && role == QI_E_PRODUCT && f[role].column == NULL)
            text = "TOTAL";
        ok = qi_engine_put_field(&r->text, text) && qi_buffer_text(&r->text, ",");
    }
    if (class_text != NULL)
        qi_parse_int(class_text, strlen(class_text), &class);
    ok = ok && qi_buffer_printf(&r->text, "%s,%d", rows, (class % 8 & QI_CLASS_ROUNDED) != 0);
    if (r->mapped.by_firm)
        ok = ok && qi_buffer_text(&r->text, ",") &&
             qi_engine_put_field(&r->text, fields[r->n_keys - 1]);
    ok = ok && qi_buffer_text(&r->text, "\n");
    r->groups++;
    r->bytes_text += r->text.length - before;
    return ok ? QUIPU_OK : qi_fail_memory(err, r->text.length);
}

quipu_status qi_engine_rows_read(qi_engine_rows *r, char *bytes, size_t size, size_t *got,
                                 quipu_error *err) {
    *got = 0;
    while (r->text.length - r->taken < size && !r->ended) {
        const char *const *fields;
        if (r->taken > 0) { /* what is left moves to the front */
            memmove(r->text.bytes, r->text.bytes + r->taken, r->text.length - r->taken);
            r->text.length -= r->taken;
            r->taken = 0;
        }
        QI_TRY(qi_engine_next(r->engine, &fields, err));
        if (fields != NULL) {
            QI_TRY(put_group(r, fields, err));
            continue;
        }
        r->ended = true;
        QI_TRY(qi_engine_rows_end(r, err));
        r->network_measured = qi_engine_network(r->engine, &r->bytes_network);
    }
    size_t n = r->text.length - r->taken < size ? r->text.length - r->taken : size;
    memcpy(bytes, r->text.bytes + r->taken, n);
    r->taken += n;
    *got = n;
    return QUIPU_OK;
}

const char *qi_engine_rows_name(qi_engine_rows *r) {
    return qi_arena_printf(&r->arena, "%s odbc:%s %llu rows", r->mapped.table, r->dbms,
                           (unsigned long long)r->rows);
}

void qi_engine_rows_account(const qi_engine_rows *r, quipu_import_result *result) {
    if (r == NULL)
        return;
    result->groups = r->groups;
    result->network_measured = r->network_measured;
    result->bytes_network = r->network_measured ? r->bytes_network : r->bytes_text;
    snprintf(result->engine, sizeof result->engine, "%s", r->dbms);
}

quipu_status qi_engine_rows_commit(qi_engine_rows *r, quipu_error *err) {
    if (r == NULL || !r->has_firms)
        return QUIPU_OK;
    r->has_firms = false;
    return qi_out_commit(&r->firms, err);
}
