/* SPDX-License-Identifier: Apache-2.0 */
/* compare.h (private) - printed figures beside ours.
 *
 * equal     ours rounds to the printed figure
 * near      within one unit of its last digit, or within 2 % of it
 * differs   neither; a cause is given, or "unknown"
 * no figure we have none: an input is not there, or the answer has no such cell
 */
#ifndef QI_STUDY_COMPARE_H
#define QI_STUDY_COMPARE_H

#include "io/grid.h"
#include "study/ask.h"
#include "study/pick.h"

typedef enum qi_verdict { QI_EQUAL, QI_NEAR, QI_DIFFERS, QI_NO_FIGURE } qi_verdict;

typedef struct qi_compared {
    const char *block; /* id */
    const char *item;  /* "China, 2008, PG"; of a fact its sentence */
    const char *fact;  /* id of the fact; NULL */
    double printed, ours;
    bool has_ours, has_printed;
    int decimals;     /* of the printed figure */
    const char *unit; /* "percent" */
    qi_verdict verdict;
    const char *cause, *why; /* "" when none is needed */
    const char *command;
} qi_compared;

typedef struct qi_comparison {
    qi_compared *items;
    size_t n, capacity;
} qi_comparison;

/* A reference table of the study, read. */
typedef struct qi_printed {
    qi_grid grid;
    size_t figure; /* column with the printed figure */
    size_t n_match;
    size_t *match; /* column of each entry of reference->match */
} qi_printed;
quipu_status qi_printed_read(const qi_study *study, const qi_reference *reference,
                             qi_arena *arena, qi_printed *out, quipu_error *err);
/* The printed figures as a table, under our column names where they match. */
quipu_status qi_printed_table(const qi_study *study, const qi_reference *reference,
                              const qi_printed *printed, qi_arena *arena, quipu_table *out,
                              quipu_error *err);

/* Compares an answer, cell by cell; `answer` NULL: no figure for any.  `choice` gives causes of
 * its own and may be NULL. */
quipu_status qi_compare(const qi_asker *asker, const qi_block *block,
                        const qi_choice_spec *choice, const qi_printed *printed,
                        const qi_answer *answer, qi_arena *arena, qi_comparison *out,
                        quipu_error *err);
/* The facts of a file, each answered and compared. */
quipu_status qi_compare_facts(const qi_asker *asker, const qi_block *block, qi_arena *arena,
                              qi_comparison *out, quipu_error *err);

/* How far apart the two are; verdict and, when it differs little, the cause. */
void qi_compare_settle(qi_compared *item, double within);
const char *qi_verdict_name(qi_verdict verdict);
/* "25.2" or "-": in the digits of the printed figure. */
const char *qi_compared_text(const qi_compared *item, bool ours, qi_arena *arena);
/* All of it as a table: block, item, printed, ours, difference, verdict, cause, command. */
quipu_status qi_comparison_table(const qi_comparison *comparison, size_t first, size_t n,
                                 const char *title, quipu_table *out, quipu_error *err);

#endif
