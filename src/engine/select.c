/* SPDX-License-Identifier: Apache-2.0 */
/* select.c - the statements that add a table up where it lies.
 *
 * Sums are of decimals, never of doubles, so that they are exact and the order in which an
 * engine adds does not show.  Files round each value to a thousandth, half to even, before
 * adding; so do these statements, where a column may have more decimals than that.
 */
#include "engine.h"

static bool mapped(const qi_mapped *m, qi_engine_role role) {
    return m->field[role].column != NULL;
}

/* `pattern` filled with what `with` holds, which is then given up. */
static bool wrap(qi_buffer *out, const char *pattern, qi_buffer *with) {
    bool ok = qi_buffer_add(with, "", 1) && qi_sql_fill(out, pattern, with->bytes);
    qi_buffer_free(with);
    return ok;
}

bool qi_select_key(const qi_mapped *m, qi_engine_role role, qi_buffer *out) {
    const qi_engine_field *f = &m->field[role];
    qi_buffer name = {0};
    if (!qi_sql_identifier(&name, m->dialect, f->column)) {
        qi_buffer_free(&name);
        return false;
    }
    return wrap(out,
                f->part == QI_DATE_YEAR    ? m->dialect->year
                : f->part == QI_DATE_MONTH ? m->dialect->month
                                           : "%s",
                &name);
}

/* The amount in dollars or kilograms, exact, with the decimals the column has. */
static bool exact(const qi_mapped *m, qi_engine_role role, qi_buffer *out) {
    qi_buffer name = {0};
    if (!qi_sql_identifier(&name, m->dialect, m->field[role].column)) {
        qi_buffer_free(&name);
        return false;
    }
    if (m->field[role].power == 0)
        return wrap(out, m->dialect->decimal, &name);
    bool ok = qi_buffer_text(out, "(") && wrap(out, m->dialect->decimal, &name);
    ok = ok && qi_buffer_text(out, " * 1");
    for (int i = 0; i < m->field[role].power && ok; i++)
        ok = qi_buffer_text(out, "0");
    return ok && qi_buffer_text(out, ")");
}

/* Of a column without a stated scale drivers say 6. */
static bool may_round(const qi_mapped *m, qi_engine_role role) {
    const qi_engine_field *f = &m->field[role];
    return f->decimals < 0 || f->decimals >= 6 || f->decimals - f->power > 3;
}

bool qi_select_amount(const qi_mapped *m, qi_engine_role role, qi_buffer *out) {
    qi_buffer all = {0};
    bool ok = exact(m, role, &all);
    if (ok && !may_round(m, role))
        ok = qi_buffer_add(out, all.bytes, all.length);
    else if (
        ok) /* a tie goes to the even neighbour: one less than away from zero, or the same */
        ok = qi_buffer_add(&all, "", 1) && qi_buffer_text(out, "(") &&
             qi_sql_fill(out, m->dialect->rounded, all.bytes) &&
             qi_buffer_printf(
                 out, " - CASE WHEN mod(%s * 1000, 2) = 0.5 THEN 0.001 ELSE 0 END)", all.bytes);
    qi_buffer_free(&all);
    return ok;
}

/* ---- the class of a row ---- */

static bool digit(const qi_mapped *m, qi_engine_role role, qi_buffer *out) {
    qi_buffer all = {0}, kept = {0};
    bool ok = exact(m, role, &all) && qi_select_amount(m, role, &kept) &&
              qi_buffer_add(&all, "", 1) && qi_buffer_add(&kept, "", 1) &&
              qi_buffer_printf(out,
                               "CASE WHEN %s IS NULL THEN 0 WHEN %s < 0 THEN 1 WHEN %s = 0 "
                               "THEN 2 ELSE 3 END",
                               all.bytes, all.bytes, kept.bytes);
    if (ok && role == QI_E_VALUE && may_round(m, role))
        ok = qi_buffer_printf(out, " + CASE WHEN %s <> %s THEN 4 ELSE 0 END", all.bytes,
                              kept.bytes);
    qi_buffer_free(&all);
    qi_buffer_free(&kept);
    return ok;
}

static bool class_of_row(const qi_mapped *m, qi_buffer *out) {
    bool ok = digit(m, QI_E_VALUE, out);
    if (mapped(m, QI_E_WEIGHT))
        ok = ok && qi_buffer_text(out, "\n    + 8 * ") && digit(m, QI_E_WEIGHT, out);
    if (mapped(m, QI_E_QUANTITY))
        ok = ok && qi_buffer_text(out, "\n    + 32 * ") && digit(m, QI_E_QUANTITY, out);
    return ok;
}

/* ---- statements ---- */

/* The mapped roles before `end`, joined with commas. */
static bool keys(const qi_mapped *m, qi_engine_role end, const char *before, qi_buffer *out,
                 size_t *n) {
    bool ok = true;
    for (qi_engine_role role = QI_E_PERIOD; role < end && ok; role++)
        if (mapped(m, role))
            ok = qi_buffer_text(out, (*n)++ > 0 ? ", " : before) && qi_select_key(m, role, out);
    return ok;
}

bool qi_select_from(const qi_mapped *m, qi_buffer *out) {
    bool ok = qi_buffer_text(out, "\nFROM ") && qi_sql_table(out, m->dialect, m->table);
    if (ok && m->where != NULL)
        ok = qi_buffer_text(out, "\nWHERE ") &&
             qi_where_write(m->dialect, m->where, out, NULL) == QUIPU_OK;
    return ok;
}

static bool sums(const qi_mapped *m, qi_buffer *out) {
    bool ok = true;
    for (qi_engine_role role = QI_E_VALUE; role <= QI_E_QUANTITY && ok; role++)
        if (mapped(m, role))
            ok = qi_buffer_text(out, ",\n    sum(") && qi_select_amount(m, role, out) &&
                 qi_buffer_text(out, ")");
    return ok;
}

/* What makes a group. */
static bool group_keys(const qi_mapped *m, const char *before, qi_buffer *out) {
    size_t n = 0;
    return keys(m, QI_E_VALUE, before, out, &n) &&
           (!m->by_firm ||
            (qi_buffer_text(out, n > 0 ? ", " : before) && qi_select_key(m, QI_E_FIRM, out))) &&
           qi_buffer_text(out, ",\n    ") && class_of_row(m, out);
}

bool qi_select_groups(const qi_mapped *m, qi_buffer *out) {
    return group_keys(m, "SELECT ", out) && qi_buffer_text(out, ",\n    count(*)") &&
           sums(m, out) && qi_select_from(m, out) && group_keys(m, "\nGROUP BY ", out) &&
           qi_buffer_add(out, "", 1);
}

bool qi_select_totals(const qi_mapped *m, qi_buffer *out) {
    size_t n = 0;
    return qi_buffer_text(out, "SELECT sum(part.n), sum(part.v)\nFROM (SELECT count(*) AS n, "
                               "sum(") &&
           qi_select_amount(m, QI_E_VALUE, out) && qi_buffer_text(out, ") AS v") &&
           qi_select_from(m, out) && keys(m, QI_E_PARTNER, "\nGROUP BY ", out, &n) &&
           qi_buffer_text(out, ") AS part") && qi_buffer_add(out, "", 1);
}

bool qi_select_firms(const qi_mapped *m, qi_buffer *out) {
    size_t n = 0, again = 0;
    return keys(m, QI_E_UNIT, "SELECT ", out, &n) && qi_buffer_text(out, ", count(DISTINCT ") &&
           qi_select_key(m, QI_E_FIRM, out) && qi_buffer_text(out, ")") &&
           qi_select_from(m, out) && keys(m, QI_E_UNIT, "\nGROUP BY ", out, &again) &&
           keys(m, QI_E_UNIT, "\nORDER BY ", out, (size_t[]){0}) && qi_buffer_add(out, "", 1);
}

bool qi_select_nothing(const qi_mapped *m, qi_buffer *out) {
    return qi_buffer_text(out, "SELECT *\nFROM ") && qi_sql_table(out, m->dialect, m->table) &&
           qi_buffer_text(out, "\nWHERE 1 = 0") && qi_buffer_add(out, "", 1);
}
