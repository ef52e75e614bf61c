/* SPDX-License-Identifier: Apache-2.0 */
/* query.h (private) - the parts of a selection, for src/query and src/measures.
 *
 * A selection is taken apart into spans of periods, choices of countries and ranges of
 * products; a view is these put against the slabs of one cube.
 */
#ifndef QI_QUERY_H
#define QI_QUERY_H

#include "base/base.h"
#include "quipu/query.h"

/* ---- the nearest of some names, for "did you mean" (suggest.c) ---- */

enum { QI_SUGGEST_MAX = 3, QI_SUGGEST_TEXT = 256 };
typedef struct qi_suggest {
    char wanted[64]; /* folded */
    size_t n;
    const char *best[QI_SUGGEST_MAX]; /* borrowed from the caller */
    unsigned distance[QI_SUGGEST_MAX];
} qi_suggest;
void qi_suggest_start(qi_suggest *suggest, const char *wanted);
void qi_suggest_try(qi_suggest *suggest, const char *candidate);
/* "; did you mean A, B or C?", or "" when nothing is near. */
const char *qi_suggest_text(const qi_suggest *suggest, char out[QI_SUGGEST_TEXT]);

/* ---- periods (periods.c) ---- */

/* One listed year, month or range of them. */
typedef struct qi_span {
    quipu_period first, last;
} qi_span;
quipu_period qi_period_next(quipu_period period);
int qi_period_year(quipu_period period);
/* Steps from `a` to `b`: years, or months where the periods are months. */
int qi_period_distance(quipu_period a, quipu_period b);
/* Spans as listed.  NULL or "" = none; without a cube (NULL) they are years.  E_ARG says which word is wrong. */
quipu_status qi_spans_parse(const quipu_cube *cube, const char *text, qi_arena *arena,
                            qi_span **out, size_t *count, quipu_error *err);
/* The periods of all spans, rising, each once. */
quipu_status qi_spans_expand(const qi_span *spans, size_t n_spans, qi_arena *arena,
                             quipu_period **out, size_t *count, quipu_error *err);
/* "1990-1994, 2013" */
void qi_periods_text(const quipu_period *periods, size_t n, char *out, size_t size);

/* ---- countries (country_set.c) ---- */

typedef struct qi_word {
    const quipu_country *country; /* or */
    const quipu_group *group;     /* or neither: the world */
    bool without;                 /* after "except" */
} qi_word;

/* One item of a list: a country, a group, the world, or several joined by "+" and narrowed by
 * "except". */
typedef struct qi_choice {
    const char *text; /* as typed, for a selection of its own */
    const char *code; /* "PER", "asia", "WLD", "CHN+JPN" */
    const char *name; /* "Peru", "Asia", "World", "China + Japan" */
    qi_word *words;
    size_t n_words;
} qi_choice;
/* NULL or "" gives no choice: everyone.  Names with a comma are found whole. */
quipu_status qi_choices_parse(const quipu_nomen *nomen, const char *text, qi_arena *arena,
                              qi_choice **out, size_t *count, quipu_error *err);

/* Choices put against a cube and its periods.  `absent` gets the names of members that the
 * cube does not know ("" when none), at most a line of them. */
quipu_status qi_country_set_make(const quipu_cube *cube, const quipu_nomen *nomen,
                                 const char *text, const quipu_period *periods,
                                 size_t n_periods, qi_arena *arena, quipu_country_set *out,
                                 bool *dated, const char **absent, quipu_error *err);
bool qi_country_set_empty(const quipu_country_set *set);

/* ---- products (product_set.c) ---- */

typedef struct qi_range {
    uint32_t first, end; /* positions, end excluded */
} qi_range;
typedef struct qi_product_set {
    uint8_t *mask; /* NULL = all */
    const char *label;
    qi_range *ranges; /* of the mask, rising */
    size_t n_ranges;
    size_t n_partial; /* products that fall only in part into a chosen class */
} qi_product_set;
quipu_status qi_product_set_make(const quipu_cube *cube, const quipu_nomen *nomen,
                                 const char *text, qi_arena *arena, qi_product_set *out,
                                 quipu_error *err);

/* ---- views (select.c) ---- */

typedef struct qi_view_impl {
    qi_arena arena;
    quipu_pairs *pairs; /* of each period; zeroed where there is no slab */
    uint64_t *reported; /* [period][country / 64]: our axis has rows in some flow */
    size_t n_words;
    size_t n_countries;
    qi_product_set products;
} qi_view_impl;

static inline const qi_view_impl *qi_view_inside(const quipu_view *view) {
    return view->impl;
}
/* The matrix and margin of our own axis. */
static inline quipu_side qi_view_side(const quipu_view *view, bool ours) {
    return view->swapped == ours ? QUIPU_BY_PARTNER : QUIPU_BY_REPORTER;
}
/* As quipu_view_open; `lenient`: periods and countries of which the cube has none give a view
 * without figures instead of an error, as part of a longer list. */
quipu_status qi_view_open(const quipu_cube *cube, const quipu_nomen *nomen,
                          const quipu_selection *selection, bool lenient, quipu_table *notes,
                          quipu_view *out, quipu_error *err);

#endif
