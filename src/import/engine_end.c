/* SPDX-License-Identifier: Apache-2.0 */
/* engine_end.c - what is asked of an engine besides the groups: an independent sum, the number
 * of firms, its plan. */
#include "engine_rows.h"

bool qi_engine_put_field(qi_buffer *out, const char *text) {
    if (text == NULL)
        return true;
    if (strpbrk(text, ",\"\n\r") == NULL)
        return qi_buffer_text(out, text);
    bool ok = qi_buffer_text(out, "\"");
    for (; *text != 0 && ok; text++) {
        char c = *text == '\n' || *text == '\r' ? ' ' : *text;
        ok = (c != '"' || qi_buffer_text(out, "\"")) && qi_buffer_add(out, &c, 1);
    }
    return ok && qi_buffer_text(out, "\"");
}

/* ---- totals, firms ---- */

static quipu_status check_totals(qi_engine_rows *r, quipu_error *err) {
    const char *const *fields;
    int64_t rows = 0, value = 0;
    double rounding;
    QI_TRY(qi_engine_rows_send(r, qi_select_totals, "", err));
    QI_TRY(qi_engine_next(r->engine, &fields, err));
    bool fine = fields != NULL;
    if (fine && fields[0] != NULL)
        fine = qi_parse_int(fields[0], strlen(fields[0]), &rows);
    if (fine && fields[1] != NULL)
        fine = qi_parse_scaled(fields[1], strlen(fields[1]), 3, true, &value, &rounding) ==
               QI_NUMBER_OK;
    if (fine && (uint64_t)rows == r->rows && value == r->value)
        return QUIPU_OK;
    char ours[QI_NUMBER_TEXT], theirs[QI_NUMBER_TEXT];
    qi_format_scaled(ours, r->value, 3);
    qi_format_scaled(theirs, value, 3);
    return qi_fail(err, QUIPU_E_DATA,
                   "the groups are of %llu rows worth %s, but an independent sum of the table "
                   "is of %lld rows worth %s: the table changed meanwhile, or the engine adds "
                   "up wrongly",
                   (unsigned long long)r->rows, ours, (long long)rows, theirs);
}

static quipu_status write_firms(qi_engine_rows *r, quipu_error *err) {
    static const char *const NAMES[] = {"period", "flow", "reporter", "partner", "product"};
    const char *const *fields;
    qi_buffer text = {0};
    quipu_status status;
    QI_TRY(qi_out_open(&r->firms, r->options->firms_path, err));
    r->has_firms = true;
    bool ok = true;
    for (qi_engine_role role = 0; role < QI_E_UNIT && ok; role++)
        if (r->mapped.field[role].column != NULL)
            ok = qi_buffer_printf(&text, "%s,", NAMES[role]);
    ok = ok && qi_buffer_text(&text, "firms\n");
    QI_GO(qi_engine_rows_send(r, qi_select_firms, "", err));
    for (;;) {
        QI_GO(qi_engine_next(r->engine, &fields, err));
        const qi_engine_column *columns;
        size_t n = qi_engine_columns(r->engine, &columns);
        for (size_t i = 0; i < n && fields != NULL && ok; i++)
            ok = qi_engine_put_field(&text, fields[i]) &&
                 qi_buffer_text(&text, i + 1 < n ? "," : "\n");
        if (!ok) {
            status = qi_fail_memory(err, text.length);
            goto done;
        }
        if (fields == NULL || text.length > 1 << 16) {
            QI_GO(qi_out_write(&r->firms, text.bytes, text.length, err));
            text.length = 0;
        }
        if (fields == NULL)
            break;
    }
done:
    qi_buffer_free(&text);
    return status;
}

quipu_status qi_engine_rows_end(qi_engine_rows *r, quipu_error *err) {
    QI_TRY(check_totals(r, err));
    return r->options->firms_path != NULL ? write_firms(r, err) : QUIPU_OK;
}

/* ---- the statement itself ---- */

static quipu_status read_plan(qi_engine_rows *r, qi_buffer *text, quipu_error *err) {
    const char *const *fields;
    QI_TRY(qi_engine_rows_send(r, qi_select_groups, r->mapped.dialect->explain, err));
    for (;;) {
        QI_TRY(qi_engine_next(r->engine, &fields, err));
        if (fields == NULL)
            return QUIPU_OK;
        const qi_engine_column *columns;
        size_t n = qi_engine_columns(r->engine, &columns);
        for (size_t i = 0; i < n; i++)
            if (fields[i] != NULL && !qi_buffer_printf(text, "%s\n", fields[i]))
                return qi_fail_memory(err, text->length);
    }
}

quipu_status quipu_import_statement(const char *input, const quipu_import_options *options,
                                    bool plan, char **out, quipu_error *err) {
    qi_engine_rows *r = calloc(1, sizeof *r);
    qi_buffer text = {0};
    quipu_status status;
    qi_error_clear(err);
    *out = NULL;
    if (r == NULL)
        return qi_fail_memory(err, sizeof *r);
    if (!qi_is_engine(input) || options->table == NULL) {
        status =
            qi_fail(err, QUIPU_E_ARG, "a plan is of an input odbc:CONNECTION and a --table");
        goto done;
    }
    r->options = options;
    /* Of a named dialect the statement is known without a database. */
    QI_GO(plan || options->dialect == NULL ? qi_engine_rows_connect(input, r, err)
                                           : qi_engine_rows_options(r, err));
    if (plan)
        QI_GO(read_plan(r, &text, err));
    else if (!qi_select_groups(&r->mapped, &text))
        status = qi_fail_memory(err, text.length);
    if (status == QUIPU_OK && !qi_buffer_add(&text, "", 1))
        status = qi_fail_memory(err, text.length);
    if (status == QUIPU_OK) {
        *out = text.bytes;
        text = (qi_buffer){0};
    }
done:
    qi_buffer_free(&text);
    qi_engine_rows_close(r);
    return status;
}
