/* SPDX-License-Identifier: Apache-2.0 */
/* firms.h (private) - what the measures by firm share: the rows of a cube by firm, gathered into
 * the cells of a table and all its margins, and the rule of confidentiality over them.
 *
 *   cube ──blocks──> facts (cell, firm, value) ──> cells with their firms ──protect──> printed
 *
 * A firm trades in a cell when its value there is above zero.  What declarations without a firm
 * are worth is in the cell's value, but is nobody's.
 */
#ifndef QI_MEASURES_FIRMS_H
#define QI_MEASURES_FIRMS_H

#include "measures/common.h"
#include "measures/protect.h"

#define QI_PARAM_MIN_FIRMS                                                                     \
    {                                                                                          \
        "min-firms", QUIPU_PARAM_INTEGER, NULL, NULL,                                          \
            "a cell of fewer firms is confidential; no less than the cube asks for (3, "       \
            "unless "                                                                          \
            "it was imported with another number)"                                             \
    }
#define QI_FIRMS_WITHOUT "of basis periods rest wide"

/* The flag of a row that is not told. */
#define QI_COLUMN_CONFIDENTIAL                                                                 \
    { "confidential", "Flag", QUIPU_TEXT, QUIPU_FIGURE, "", 0 }

typedef struct qi_firm_ask {
    qi_ask ask;
    const quipu_measure *measure;
    const quipu_request *request;
    size_t least;
    qi_protected shape; /* axes shown; no cells */
    size_t n_countries, n_products;
    int32_t *reporter, *partner; /* [period][country]: label; -1 = not selected */
    int32_t *product;            /* label; -1 = not selected */
    uint64_t *reporters;         /* bits: selected in some period */
    int reporter_axis, partner_axis, product_axis; /* of the shape, or -1 */
} qi_firm_ask;

/* Opens the ask; `years` as in a wish.  E_NOT_FOUND: the cube does not know its firms. */
quipu_status qi_firm_ask_open(qi_firm_ask *f, const quipu_measure *measure,
                              const quipu_request *request, const char *years,
                              quipu_error *err);
void qi_firm_ask_close(qi_firm_ask *f);

/* What one firm traded in one cell. */
typedef struct qi_firm_fact {
    uint64_t key; /* of the cell, or of a margin */
    quipu_money value;
    uint32_t firm, goods, partners, pairs;
} qi_firm_fact;

/* The cells of some periods together, margins too, and who trades in them. */
typedef struct qi_by_firm {
    size_t n;
    uint64_t *key;       /* rising, of the shape */
    quipu_money *value;  /* all of it */
    quipu_money *nobody; /* the part of unknown firms */
    size_t *start;       /* n + 1 */
    uint32_t *firm;      /* rising within a cell */
    quipu_money *of_firm;
    uint32_t *goods, *partners, *pairs; /* of each firm in the cell: see gather */
} qi_by_firm;
/* `periods` are positions among those of the ask.  With `detail`, of one period only, products,
 * partners and pairs of each firm are counted. */
quipu_status qi_by_firm_gather(qi_firm_ask *f, const size_t *periods, size_t n, bool detail,
                               qi_by_firm *out, quipu_error *err);
/* The facts, which may repeat a cell and firm, put together.  Free the cells after a failure,
 * too. */
quipu_status qi_by_firm_make(const qi_firm_fact *facts, size_t n, qi_by_firm *out,
                             quipu_error *err);
void qi_by_firm_free(qi_by_firm *cells);
static inline size_t qi_firm_count(const qi_by_firm *c, size_t cell) {
    return c->start[cell + 1] - c->start[cell];
}
/* Position of a key, or SIZE_MAX. */
size_t qi_by_firm_find(const qi_by_firm *cells, uint64_t key);

/* Which cells are not told; *hidden is the caller's to free. */
quipu_status qi_by_firm_protect(const qi_protected *shape, const qi_by_firm *cells,
                                uint8_t **hidden, quipu_error *err);

/* The cells of each period of the ask. */
typedef struct qi_firm_years {
    size_t n;
    qi_by_firm *cells;
    uint8_t **hidden;       /* of each period; NULL until protected */
    size_t last;            /* the last period with trade: rows are ordered by it */
    QI_LIST(uint64_t) keys; /* of all of them, with repeats */
} qi_firm_years;
quipu_status qi_firm_years_gather(qi_firm_ask *f, bool detail, qi_firm_years *out,
                                  quipu_error *err);
void qi_firm_years_free(qi_firm_years *years);

/* ---- from one time to another (firms_change.c) ---- */

/* Who came, stayed and left.  A cell is in it when there was trade at either time. */
typedef struct qi_firm_change {
    size_t n;
    uint64_t *key;                             /* rising, of the shape */
    uint32_t *before, *after, *entered, *left; /* numbers of firms */
    uint32_t *born;          /* entered, and traded nothing with anyone before */
    quipu_money *value;      /* after */
    quipu_money *of_entered; /* the part of those that entered */
    uint8_t *hidden;         /* neither value nor number after are told */
    uint8_t *split_hidden;   /* nor how many entered, stayed and left */
    uint8_t *part_hidden;    /* nor what those that entered are worth; of margins never told */
} qi_firm_change;
/* `traded`: bits of firms that traded anything before; NULL = not asked. */
quipu_status qi_firm_change_make(const qi_firm_ask *f, const qi_by_firm *before,
                                 const qi_by_firm *after, const uint64_t *traded,
                                 qi_firm_change *out, quipu_error *err);
void qi_firm_change_free(qi_firm_change *change);
size_t qi_firm_change_find(const qi_firm_change *change, uint64_t key);
/* Few, but not none: then neither the number nor what is left of a total is told. */
static inline bool qi_is_few(const qi_firm_ask *f, size_t n) {
    return n > 0 && n < f->least;
}
/* Sets bits for the firms that traded anything in a period, whatever was selected but the
 * reporters. */
quipu_status qi_firms_traded(const qi_firm_ask *f, size_t period, uint64_t *bits,
                             quipu_error *err);
size_t qi_firms_words(const qi_firm_ask *f); /* how many words of bits */

/* ---- rows (firms_rows.c) ---- */

/* One row to print.  The last axis may be its total. */
typedef struct qi_firm_line {
    uint64_t key;     /* of the shape */
    quipu_money size; /* that it is ordered by; -1: confidential or nothing */
} qi_firm_line;
typedef struct qi_firm_lines {
    size_t n;
    qi_firm_line *items;
} qi_firm_lines;
/* All inner keys of `keys` (any order, repeats are fine), those of complete axes, totals where
 * asked for; sorted and cut as --sort and --limit say.  `size` tells how large a key is in the
 * period that decides. */
quipu_status qi_firm_lines_make(qi_firm_ask *f, const uint64_t *keys, size_t n,
                                quipu_money (*size)(void *user, uint64_t key), void *user,
                                qi_firm_lines *out, quipu_error *err);
void qi_firm_lines_free(qi_firm_lines *lines);
/* Dimensions of a row. */
quipu_status qi_firm_sheet_line(qi_sheet *sheet, const qi_firm_ask *f, size_t row, uint64_t key,
                                quipu_error *err);
/* A whole table with a row for each line and year: what `figures` writes of a cell, a flag in the
 * last column where it is confidential.  `cell` is SIZE_MAX where nobody traded. */
typedef struct qi_firm_figures {
    const quipu_column_spec *columns;
    size_t n;
    const char *title; /* "Firms in the" */
    bool detail;       /* products, partners and pairs of each firm are wanted */
    void (*write)(void *user, qi_sheet *sheet, size_t row, const qi_by_firm *cells,
                  size_t cell);
    void *user;
} qi_firm_figures;
quipu_status qi_firms_table(qi_firm_ask *f, const qi_firm_figures *figures, quipu_table *out,
                            quipu_error *err);
/* Notes on the rule, with how many of the rows it left empty, and on declarations of nobody. */
quipu_status qi_firms_notes(qi_firm_ask *f, size_t n_rows, size_t n_hidden, quipu_error *err);

#endif
