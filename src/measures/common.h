/* SPDX-License-Identifier: Apache-2.0 */
/* common.h (private) - what measures are made of.
 *
 * A measure is short because each of its steps is here:
 *
 *   qi_ask     the request understood: whose trade, along which axes, in which periods
 *   qi_frame   exact sums along those axes, dense over the periods, and for each whether it
 *              is known (a zero that was reported) or missing
 *   qi_whole   the denominator a share is taken of, with its name
 *   qi_lines   the rows of a frame in the order asked for, with rest and total
 *   qi_sheet   the table being written: dimension columns, then the measure's figures
 *
 * The axes of an ask, in order of the columns they become:
 *   listed     two or more countries or groups listed for reporter or partner: a row for each
 *   by         what --by asked for: reporter, partner, product or a class scheme, flow
 *   over       what the measure works along, as products of a concentration: no columns
 */
#ifndef QI_MEASURES_COMMON_H
#define QI_MEASURES_COMMON_H

#include "base/base.h"
#include "measures/list.h"
#include "query/query.h"
#include "quipu/catalog.h"

#include <math.h>

#define X(name) extern const quipu_measure qi_measure_##name;
QI_MEASURE_LIST(X)
#undef X

/* ---- axes (axes.c) ---- */

typedef enum qi_axis_kind {
    QI_AXIS_REPORTER,
    QI_AXIS_PARTNER,
    QI_AXIS_PRODUCT,
    QI_AXIS_CLASS,
    QI_AXIS_FLOW
} qi_axis_kind;

typedef struct qi_axis {
    qi_axis_kind kind;
    bool listed;   /* the items of a list, not single countries */
    bool complete; /* every label has a row, traded or not */
    size_t n;
    const char *const *code; /* rising, or as listed */
    const char *const *name;
    const uint32_t *rank;     /* countries: position in the cube to label */
    const uint32_t *position; /* and back */
    unsigned shift, bits;     /* place of the label in a key */
} qi_axis;

enum { QI_MAX_AXES = 5 };
#define QI_NO_ROW SIZE_MAX

/* ---- the request understood (ask.c) ---- */

typedef struct qi_ask {
    const quipu_measure *measure;
    const quipu_request *request;
    const quipu_cube *cube;
    const quipu_nomen *nomen;
    qi_arena arena;
    quipu_table notes;         /* gathered here until the table exists */
    quipu_selection selection; /* as typed; flow is flows[0] */
    qi_choice *reporters, *partners;
    size_t n_reporters, n_partners;
    quipu_flow flows[QUIPU_N_FLOWS];
    size_t n_flows;
    bool planes; /* the flows stand side by side: figures, not an axis */
    qi_axis axes[QI_MAX_AXES];
    size_t n_axes;
    size_t n_shown; /* the first of them have columns; those after are worked along */
    const uint32_t *main_class;   /* of each product, where classes are not divided; or NULL */
    const char *scheme;           /* of the class axis; NULL = none */
    const quipu_mapping *classes; /* its own, or the cache's; NULL = none */
    quipu_mapping own_classes;
    quipu_view *views; /* the whole selection, for each flow */
    size_t n_periods;
    const quipu_period *periods;
    bool sum_periods; /* one figure for all of them */
    unsigned threads;
} qi_ask;

/* What a measure wants otherwise than typed.  NULL = as typed. */
typedef struct qi_wish {
    const char *by;      /* when the user gave none */
    const char *over;    /* axes after those, without columns: "product" */
    const char *years;   /* instead of what the user typed */
    const char *partner; /* instead of what the user typed */
    const char *reporter;
    const char *basis;
    const char *flows; /* side by side, as planes of a frame: "export import" */
    const char *under; /* axes below those printed: "partner,product"; then a product stands in
                        * the class that holds most of it, as what is counted is not divided */
    const quipu_mapping *classes; /* the measure's own, for by = "class" */
} qi_wish;
quipu_status qi_ask_open(qi_ask *ask, const quipu_measure *measure,
                         const quipu_request *request, const qi_wish *wish, quipu_error *err);
void qi_ask_close(qi_ask *ask);

/* Arguments by name: what was typed, else the fallback of the description, else NULL. */
const char *qi_argument(const quipu_measure *measure, const quipu_request *request,
                        const char *name);
bool qi_switch(const quipu_measure *measure, const quipu_request *request, const char *name);
int64_t qi_integer(const quipu_measure *measure, const quipu_request *request, const char *name,
                   int64_t otherwise);
double qi_real(const quipu_measure *measure, const quipu_request *request, const char *name,
               double otherwise);
/* Position of the value among the choices of the parameter. */
size_t qi_choice_of(const quipu_measure *measure, const quipu_request *request,
                    const char *name);
bool qi_is(const char *text, const char *word); /* NULL is no word */
/* Position in the cube of a list that is one single country; -1: it is not, or not there. */
int qi_one_country(const quipu_cube *cube, const qi_choice *choices, size_t n);
/* Has any of the view's reporters rows in this period? */
bool qi_any_reported(const quipu_view *view, size_t period);
/* "%s" of a note: a number as people write it. */
const char *qi_ask_number(qi_ask *ask, double value);
/* Threads, limits and the way to stop, as the request has them. */
quipu_rollup_options qi_rollup_options(const quipu_request *request);
/* For loops over leaves outside a roll-up: E_STOPPED when the caller wants no more. */
quipu_status qi_ask_stop(const quipu_request *request, quipu_error *err);

/* The periods as text, to wish for them elsewhere; NULL: no memory. */
const char *qi_ask_years(qi_ask *ask);
/* Position of the last axis of this kind, or -1. */
int qi_ask_axis(const qi_ask *ask, qi_axis_kind kind);
quipu_status qi_ask_note(qi_ask *ask, quipu_error *err, const char *format, ...)
    QUIPU_PRINTF(3, 4);

/* axes.c: used by qi_ask_open */
quipu_status qi_axes_make(qi_ask *ask, const char *by, const qi_wish *wish, quipu_error *err);

/* ---- frames (frame.c) ---- */

/* How a frame differs from what was asked. */
typedef struct qi_cut {
    uint32_t drop;                            /* bit a: axis a is summed away */
    const char *reporter, *partner, *product; /* instead; NULL = as asked, "all" = everything */
    bool weight;
    /* The partners' own trade: they stand as reporters, our reporters as their partners, and
     * exports are imports.  Axes and keys stay: imports of each partner by product have the
     * keys of our exports to it.  `reporter` and `partner` above are in our terms. */
    bool turned;
    bool other_flow; /* the same countries, imports for exports */
} qi_cut;

/* Cell (plane, row, period) is at [(plane * n_rows + row) * n_periods + period].  A plane is
 * a flow of the ask, unless flow is an axis. */
typedef struct qi_frame {
    const qi_ask *ask;
    uint32_t dropped;
    size_t n_rows, n_periods, n_planes;
    uint64_t *key; /* rising, each once */
    quipu_money *value;
    uint8_t *known;         /* 0 = missing */
    quipu_quantity *weight; /* NULL unless asked for */
    quipu_money split;      /* value divided among classes */
    quipu_money total;      /* value in all cells, or INT64_MAX */
} qi_frame;
quipu_status qi_frame_make(qi_ask *ask, const qi_cut *cut, qi_frame *out, quipu_error *err);
void qi_frame_free(qi_frame *frame);
/* The view of the first flow that such a frame would be read from. */
quipu_status qi_cut_view(qi_ask *ask, const qi_cut *cut, quipu_view *out, quipu_error *err);

/* The row of a key of another frame of the same ask; QI_NO_ROW when it has none. */
size_t qi_frame_find(const qi_frame *frame, uint64_t key);
/* The rows of a key along the axes worked over, to be cut away for this. */
typedef struct qi_rows {
    size_t from, to;
} qi_rows;
qi_rows qi_frame_group(const qi_frame *frame, uint64_t key);
static inline size_t qi_frame_at(const qi_frame *frame, size_t plane, size_t row,
                                 size_t period) {
    return (plane * frame->n_rows + row) * frame->n_periods + period;
}
static inline uint64_t qi_axis_mask(const qi_axis *axis) {
    return (((uint64_t)1 << axis->bits) - 1) << axis->shift;
}
/* Bits of the axes worked over; drop mask of the same. */
static inline uint64_t qi_over_mask(const qi_ask *ask) {
    if (ask->n_shown == ask->n_axes)
        return 0;
    const qi_axis *first = &ask->axes[ask->n_shown];
    return ((uint64_t)1 << (first->shift + first->bits)) - 1;
}
static inline uint32_t qi_over_drop(const qi_ask *ask) {
    return (1u << ask->n_axes) - (1u << ask->n_shown);
}
static inline size_t qi_key_label(const qi_axis *axis, uint64_t key) {
    return (size_t)((key & qi_axis_mask(axis)) >> axis->shift);
}

/* ---- the whole of a share (whole.c) ---- */

typedef struct qi_whole {
    qi_frame frame;
    const char *name;   /* "all partners", "Asia", "classified products" */
    bool classified;    /* less the rest class: use qi_whole_value */
    const qi_frame *of; /* the parts, for `classified` */
} qi_whole;
/* `of` as typed; NULL = all of the last axis.  `parts` must outlive the whole. */
quipu_status qi_whole_make(qi_ask *ask, const char *of, const qi_frame *parts, qi_whole *out,
                           quipu_error *err);
void qi_whole_free(qi_whole *whole);
/* False: missing or not positive. */
bool qi_whole_value(const qi_whole *whole, uint64_t key, size_t period, quipu_money *out);
/* Where `of` names countries and the shared axis is not narrowed, parts are looked for among
 * them: what to wish for. */
void qi_whole_wish(const quipu_measure *measure, const quipu_request *request, const char *by,
                   qi_wish *wish);

/* ---- lines (lines.c) ---- */

typedef enum qi_line_kind { QI_LINE_ROW, QI_LINE_REST, QI_LINE_TOTAL } qi_line_kind;

/* One row to print; value[period] of plane 0, plane p at value + p * plane_step. */
typedef struct qi_line {
    qi_line_kind kind;
    uint64_t key; /* of a total or rest: the last axis means nothing */
    const quipu_money *value;
    const uint8_t *known;
    const quipu_quantity *weight;
    size_t plane_step;
} qi_line;

typedef struct qi_lines {
    size_t n;
    qi_line *items;
    qi_arena arena;
    qi_frame total; /* the lines point into it */
} qi_lines;

enum {
    QI_LINES_NO_TOTAL = 1, /* parts do not add up: no total or rest rows */
    QI_LINES_NO_LIMIT = 2  /* the measure limits by itself */
};
quipu_status qi_lines_make(qi_ask *ask, const qi_frame *frame, unsigned how, qi_lines *out,
                           quipu_error *err);
void qi_lines_free(qi_lines *lines);

/* ---- spans of periods (spans.c): growth and its kin ---- */

/* "1995-2011" is one span; "1995,2000,2005" is two, end to end. */
typedef struct qi_stretch {
    quipu_period first, last;
    size_t from, to; /* positions in ask->periods */
    int steps;
} qi_stretch;
typedef struct qi_stretches {
    size_t n;
    qi_stretch *items;
    const char *years; /* to wish for: all periods between the ends */
    const char *ends;  /* the same for the ends alone */
} qi_stretches;
quipu_status qi_stretches_read(const quipu_measure *measure, const quipu_request *request,
                               qi_arena *arena, qi_stretches *out, quipu_error *err);
/* After the ask is open: find the ends among its periods. */
quipu_status qi_stretches_place(const qi_ask *ask, qi_stretches *stretches, quipu_error *err);

/* ---- a base year (base_year.c): index and its kin ---- */

typedef struct qi_base_year {
    size_t base; /* position in ask->periods */
    bool *shown; /* of each period: the base need not be among the years asked for */
    size_t n_shown;
} qi_base_year;
/* What was typed as --base, 0 = nothing; `years` is what to wish for, so that the base is in. */
quipu_status qi_base_read(const quipu_measure *measure, const quipu_request *request,
                          qi_arena *arena, const char **years, quipu_period *base,
                          quipu_error *err);
/* After the ask is open.  Without a base the first period is it. */
quipu_status qi_base_place(qi_ask *ask, quipu_period base, qi_base_year *out, quipu_error *err);

/* ---- the table being written (sheet.c) ---- */

typedef enum qi_sheet_time { QI_TIME_PERIOD, QI_TIME_STRETCH, QI_TIME_NONE } qi_sheet_time;

typedef struct qi_sheet {
    quipu_table *table;
    const qi_ask *ask;
    size_t axis_column[QI_MAX_AXES]; /* code; the name is next to it */
    size_t time_column;
    size_t figure; /* the first figure column */
    qi_sheet_time time;
    const quipu_nomenclature *nomenclature; /* for names of products; NULL = none */
    const char **product_name;              /* looked up when first printed */
    qi_arena *arena;                        /* the ask's */
} qi_sheet;
/* Makes the table, with room for `n_rows`. */
quipu_status qi_sheet_open(qi_sheet *sheet, qi_ask *ask, qi_sheet_time time,
                           const quipu_column_spec *figures, size_t n_figures, size_t n_rows,
                           quipu_table *table, quipu_error *err);
/* Writes the dimensions of a line into `row`; time is set by the caller's wish below. */
quipu_status qi_sheet_line(qi_sheet *sheet, size_t row, const qi_line *line, quipu_error *err);
void qi_sheet_period(qi_sheet *sheet, size_t row, size_t period);
void qi_sheet_stretch(qi_sheet *sheet, size_t row, const qi_stretch *stretch);
void qi_sheet_real(qi_sheet *sheet, size_t row, size_t figure, double value);
void qi_sheet_integer(qi_sheet *sheet, size_t row, size_t figure, int64_t value);
/* A row for each line and period, with its dimensions; `write` fills in the figures. */
typedef quipu_status qi_row_writer(void *user, qi_sheet *sheet, size_t row, const qi_line *line,
                                   size_t period, quipu_error *err);
quipu_status qi_sheet_rows(qi_sheet *sheet, const qi_lines *lines, qi_row_writer *write,
                           void *user, quipu_error *err);
/* The same for spans of periods. */
typedef quipu_status qi_span_writer(void *user, qi_sheet *sheet, size_t row,
                                    const qi_line *line, const qi_stretch *stretch,
                                    quipu_error *err);
quipu_status qi_sheet_spans(qi_sheet *sheet, const qi_lines *lines,
                            const qi_stretches *stretches, qi_span_writer *write, void *user,
                            quipu_error *err);
/* How many rows qi_sheet_rows writes. */
static inline size_t qi_sheet_n_rows(const qi_ask *ask, const qi_lines *lines) {
    return lines->n * (ask->sum_periods ? 1 : ask->n_periods);
}
/* Moves the notes over and adds those every result carries. */
quipu_status qi_sheet_close(qi_sheet *sheet, qi_ask *ask, const qi_frame *frame,
                            quipu_error *err);

/* Figures several measures give. */
extern const quipu_column_spec qi_column_value;
extern const quipu_column_spec qi_column_share;

/* ---- words (words.c) ---- */

/* "exports of Peru to China", "imports of Chile from Asia, of product 2603 Copper ores" */
const char *qi_words_trade(qi_ask *ask);
/* ", by partner and technology class", "" */
const char *qi_words_by(qi_ask *ask);
const char *qi_words_years(qi_ask *ask);
const char *qi_axis_word(const qi_ask *ask, const qi_axis *axis);
/* "products", "partners and products": what the measure works over. */
const char *qi_words_over(qi_ask *ask);
/* The same text beginning with a capital. */
const char *qi_words_capital(qi_ask *ask, const char *text);

/* ---- after a run ---- */

/* pivot.c: periods become columns of figure `figure`. */
quipu_status qi_table_pivot(quipu_table *table, const char *figure, quipu_error *err);
/* catalog.c: arguments against the description. */
quipu_status qi_check_arguments(const quipu_measure *measure, const quipu_request *request,
                                quipu_error *err);

#endif
