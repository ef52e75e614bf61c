/* SPDX-License-Identifier: Apache-2.0 */
/* wide.c - our own compact tables: a series a row, a column a period.  Each figure that is
 * there counts as one row read; an empty field is missing and is none. */
#include "import.h"

typedef struct series {
    quipu_flow flow;
    unsigned reporter, partner;
    uint64_t product;
} series;

static quipu_status read_series(qi_chunk *chunk, uint32_t line, const char *text, size_t length,
                                const qi_field *fields, series *out, bool *ok,
                                quipu_error *err) {
    const qi_schema *schema = chunk->schema;
    const qi_field *flow = &fields[schema->column[QI_FLOW]];
    const qi_field *who[2] = {&fields[schema->column[QI_REPORTER]],
                              &fields[schema->column[QI_PARTNER]]};
    unsigned number[2];
    *ok = false;
    if (!quipu_flow_parse(flow->text, flow->length, &out->flow))
        return qi_reject_line(chunk, line, text, length, flow->column, err,
                              "found \"%.*s\" where a flow is expected: export, import, "
                              "re-export, re-import or reconciled",
                              (int)flow->length, flow->text);
    for (int i = 0; i < 2; i++) {
        number[i] = qi_country_number(chunk->import, who[i]->text, who[i]->length);
        if (number[i] == QI_UNKNOWN_NUMBER)
            return qi_reject_line(chunk, line, text, length, who[i]->column, err,
                                  "unknown country \"%.*s\" (quipu list countries)",
                                  (int)who[i]->length, who[i]->text);
    }
    out->reporter = number[0];
    out->partner = number[1];
    out->product = qi_code_pack("TOTAL", 5);
    if (schema->column[QI_PRODUCT] >= 0) {
        const qi_field *product = &fields[schema->column[QI_PRODUCT]];
        out->product = qi_code_pack(product->text, product->length);
        if (out->product == 0)
            return qi_reject_line(chunk, line, text, length, product->column, err,
                                  "found \"%.*s\" where a product code of 1 to 12 capitals or "
                                  "digits is expected",
                                  (int)product->length, product->text);
    }
    *ok = true;
    return QUIPU_OK;
}

static quipu_status read_figures(qi_chunk *chunk, uint32_t line, const char *text,
                                 size_t length, const qi_field *fields, const series *s,
                                 quipu_error *err) {
    const qi_schema *schema = chunk->schema;
    for (size_t c = 0; c < schema->n_columns; c++) {
        const qi_field *f = &fields[c];
        if (schema->wide_period[c] == 0 || f->length == 0)
            continue;
        qi_cell cell = {.product = s->product,
                        .weight = QUIPU_QUANTITY_MISSING,
                        .quantity = QUIPU_QUANTITY_MISSING,
                        .unit = 1,
                        .line = line};
        double rounding = 0;
        chunk->ledger.read++;
        qi_number_result result = qi_parse_scaled(f->text, f->length, schema->value_scale,
                                                  false, &cell.value, &rounding);
        if (result == QI_NUMBER_ROUNDED) {
            qi_ledger_note(&chunk->ledger, QI_R_ROUNDED, 1, cell.value, "%.*s", (int)f->length,
                           f->text);
            chunk->ledger.rounding += rounding / QUIPU_MONEY_PER_USD;
        } else if (result != QI_NUMBER_OK) {
            QI_TRY(qi_reject_line(chunk, line, text, length, f->column, err,
                                  "found \"%.*s\" where a value is expected: digits with a "
                                  "decimal point, not negative, no thousands separators",
                                  (int)(f->length < 60 ? f->length : 60), f->text));
            continue;
        }
        cell.key = qi_cell_key(schema->wide_period[c], s->flow, s->reporter, s->partner);
        QI_TRY(qi_add_cell(chunk, &cell, err));
    }
    return QUIPU_OK;
}

static quipu_status reject_length(qi_chunk *chunk, uint32_t line, const char *text,
                                  size_t length, const qi_field *fields, size_t n,
                                  uint32_t column, const char *problem, quipu_error *err) {
    size_t wanted = chunk->schema->n_columns;
    if (n == 0)
        return qi_reject_line(chunk, line, text, length, column, err, "%s", problem);
    return qi_reject_line(chunk, line, text, length,
                          n < wanted ? (uint32_t)length + 1 : fields[wanted].column, err,
                          "found %zu fields where the header has %zu: each row has a field for "
                          "every column, empty where there is no figure",
                          n, wanted);
}

quipu_status qi_read_wide(qi_chunk *chunk, quipu_error *err) {
    const char *at = chunk->bytes, *end = chunk->bytes + chunk->length;
    char *scratch = malloc(chunk->length + 1);
    uint32_t line = 0;
    quipu_status status = QUIPU_OK;
    if (scratch == NULL)
        return qi_fail_memory(err, chunk->length);
    for (; at < end; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop != NULL ? stop : end) - at);
        const char *next = stop != NULL ? stop + 1 : end;
        if (length > 0 && at[length - 1] == '\r')
            length--;
        if (line >= chunk->skip_lines && length > 0) {
            qi_field fields[QI_MAX_FIELDS];
            const char *problem = NULL;
            uint32_t column = 1;
            series s;
            bool ok = false;
            size_t n = qi_split_line(at, length, chunk->schema->delimiter, fields,
                                     QI_MAX_FIELDS, scratch, &problem, &column);
            while (n > chunk->schema->n_columns && fields[n - 1].length == 0)
                n--; /* each row ends with a separator */
            if (n == chunk->schema->n_columns) {
                QI_GO(read_series(chunk, line, at, length, fields, &s, &ok, err));
            } else {
                QI_GO(reject_length(chunk, line, at, length, fields, n, column, problem, err));
            }
            if (ok)
                QI_GO(read_figures(chunk, line, at, length, fields, &s, err));
            else
                chunk->ledger.read++; /* the rejected row */
        }
        at = next;
    }
    chunk->n_lines = line;
done:
    free(scratch);
    return status;
}
