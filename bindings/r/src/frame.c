/* SPDX-License-Identifier: Apache-2.0 */
/* frame.c - a table as R has it: a list of vectors, with what describes them as attributes. */
#include "glue.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static SEXP utf8(const char *text) {
    return Rf_mkCharCE(text, CE_UTF8);
}

static void describe(SEXP x, const char *name, const char *text) {
    if (text == NULL || text[0] == '\0')
        return;
    SEXP value = PROTECT(Rf_ScalarString(utf8(text)));
    Rf_setAttrib(x, Rf_install(name), value);
    UNPROTECT(1);
}

static SEXP texts_of(const quipu_table *t, size_t c) {
    SEXP x = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)t->n_rows));
    for (size_t row = 0; row < t->n_rows; row++)
        SET_STRING_ELT(x, (R_xlen_t)row,
                       quipu_table_present(t, c, row) ? utf8(t->columns[c].data.text[row])
                                                      : NA_STRING);
    UNPROTECT(1);
    return x;
}

static SEXP reals_of(const quipu_table *t, size_t c) {
    SEXP x = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)t->n_rows));
    for (size_t row = 0; row < t->n_rows; row++)
        REAL(x)[row] = quipu_table_present(t, c, row) ? t->columns[c].data.real[row] : NA_REAL;
    UNPROTECT(1);
    return x;
}

/* R's integers have 32 bits; a column with a larger number becomes numeric. */
static SEXP integers_of(const quipu_table *t, size_t c) {
    const int64_t *from = t->columns[c].data.integer;
    int fits = 1;
    for (size_t row = 0; row < t->n_rows; row++)
        fits = fits && from[row] > INT_MIN && from[row] <= INT_MAX;
    SEXP x = PROTECT(Rf_allocVector(fits ? INTSXP : REALSXP, (R_xlen_t)t->n_rows));
    for (size_t row = 0; row < t->n_rows; row++) {
        int there = quipu_table_present(t, c, row);
        if (fits)
            INTEGER(x)[row] = there ? (int)from[row] : NA_INTEGER;
        else
            REAL(x)[row] = there ? (double)from[row] : NA_REAL;
    }
    UNPROTECT(1);
    return x;
}

/* ---- thousandths: as the nearest double, as exact text, as bit64 has whole numbers ---- */

static void put_exact(int64_t v, char text[40]) {
    uint64_t size = v < 0 ? (uint64_t)0 - (uint64_t)v : (uint64_t)v;
    int n = snprintf(text, 40, "%s%llu.%03llu", v < 0 ? "-" : "",
                     (unsigned long long)(size / 1000), (unsigned long long)(size % 1000));
    while (text[n - 1] == '0')
        text[--n] = '\0';
    if (text[n - 1] == '.')
        text[--n] = '\0';
}

static SEXP exact_text(int64_t v) {
    char text[40];
    put_exact(v, text);
    return Rf_mkChar(text);
}

/* Dividing rounds once, and rightly, only what is a double itself; R keeps the point a point. */
static double nearest(int64_t v) {
    char text[40];
    if (v > -(INT64_C(1) << 53) && v < INT64_C(1) << 53)
        return (double)v / 1000.0;
    put_exact(v, text);
    return strtod(text, NULL);
}

static SEXP thousandths_of(const quipu_table *t, size_t c, const char *money) {
    const int64_t *from = t->columns[c].data.integer;
    int as_text = strcmp(money, "character") == 0, whole = strcmp(money, "integer64") == 0;
    SEXP x = PROTECT(Rf_allocVector(as_text ? STRSXP : REALSXP, (R_xlen_t)t->n_rows));
    for (size_t row = 0; row < t->n_rows; row++) {
        int there = quipu_table_present(t, c, row);
        int64_t v = there ? from[row] : INT64_MIN; /* bit64's missing */
        if (as_text)
            SET_STRING_ELT(x, (R_xlen_t)row, there ? exact_text(v) : NA_STRING);
        else if (whole)
            memcpy(&REAL(x)[row], &v, sizeof v);
        else
            REAL(x)[row] = there ? nearest(v) : NA_REAL;
    }
    if (whole) {
        SEXP class = PROTECT(Rf_mkString("integer64"));
        Rf_setAttrib(x, R_ClassSymbol, class);
        describe(x, "scale", "thousandths");
        UNPROTECT(1);
    }
    UNPROTECT(1);
    return x;
}

static SEXP column_of(const quipu_table *t, size_t c, const char *money) {
    switch (t->columns[c].spec.type) {
    case QUIPU_TEXT: return texts_of(t, c);
    case QUIPU_INTEGER: return integers_of(t, c);
    case QUIPU_MONEY:
    case QUIPU_AMOUNT: return thousandths_of(t, c, money);
    case QUIPU_REAL:
    case QUIPU_SHARE: return reals_of(t, c);
    }
    return R_NilValue;
}

static SEXP notes_of(const quipu_table *t) {
    SEXP notes = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)t->n_notes));
    for (size_t i = 0; i < t->n_notes; i++)
        SET_STRING_ELT(notes, (R_xlen_t)i, utf8(t->notes[i]));
    UNPROTECT(1);
    return notes;
}

static SEXP sources_of(const quipu_table *t) {
    SEXP sources = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)t->n_source));
    SEXP names = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)t->n_source));
    for (size_t i = 0; i < t->n_source; i++) {
        SET_STRING_ELT(sources, (R_xlen_t)i, utf8(t->source[i].text));
        SET_STRING_ELT(names, (R_xlen_t)i, utf8(t->source[i].key));
    }
    Rf_setAttrib(sources, R_NamesSymbol, names);
    UNPROTECT(2);
    return sources;
}

SEXP frame_of(const quipu_table *t, const char *money) {
    SEXP out = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)t->n_columns));
    SEXP names = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)t->n_columns));
    for (size_t c = 0; c < t->n_columns; c++) {
        SEXP x = PROTECT(column_of(t, c, money));
        describe(x, "label", t->columns[c].spec.label);
        describe(x, "unit", t->columns[c].spec.unit);
        SET_VECTOR_ELT(out, (R_xlen_t)c, x);
        SET_STRING_ELT(names, (R_xlen_t)c, utf8(t->columns[c].spec.name));
        UNPROTECT(1);
    }
    Rf_setAttrib(out, R_NamesSymbol, names);
    SEXP rows = PROTECT(Rf_allocVector(INTSXP, 2)); /* R's short way: NA, -n */
    INTEGER(rows)[0] = NA_INTEGER;
    INTEGER(rows)[1] = -(int)t->n_rows;
    Rf_setAttrib(out, R_RowNamesSymbol, rows);
    SEXP class = PROTECT(Rf_allocVector(STRSXP, 2));
    SET_STRING_ELT(class, 0, Rf_mkChar("quipu_table"));
    SET_STRING_ELT(class, 1, Rf_mkChar("data.frame"));
    Rf_setAttrib(out, R_ClassSymbol, class);
    describe(out, "measure", t->measure);
    describe(out, "title", t->title);
    Rf_setAttrib(out, Rf_install("notes"), PROTECT(notes_of(t)));
    Rf_setAttrib(out, Rf_install("sources"), PROTECT(sources_of(t)));
    UNPROTECT(6);
    return out;
}
