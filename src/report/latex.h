/* SPDX-License-Identifier: Apache-2.0 */
/* latex.h (private to report) - how wide a table will be on paper, and what is done about it.
 *
 * Only TeX knows the widths of its letters, so they are estimated, in em of the font of the
 * table; figures, whose digits are half an em each, come out exact.
 */
#ifndef QI_REPORT_LATEX_H
#define QI_REPORT_LATEX_H

#include "report/writer.h"

typedef struct qi_latex_column {
    double body;  /* the widest cell, em */
    double head;  /* the header on one line */
    double word;  /* the longest word of cells and header: what cannot be broken */
    bool wraps;   /* a paragraph column */
    double share; /* of the room left for paragraph columns, thousandths */
    double room;  /* which is about as many em */
} qi_latex_column;

#define QI_LATEX_ONE_LINE 1e6

typedef struct qi_latex_plan {
    qi_latex_column *columns;
    const char *size; /* "", "\\small", ... */
    double fixed;     /* em taken by columns that do not wrap */
    double head_room; /* headers longer than this are broken where their column is */
    int gap;          /* points on each side of a column */
    size_t lines;     /* about as many, with names broken */
    bool landscape;   /* a page turned on its side */
} qi_latex_plan;

/* False = no memory.  Freed with free(plan->columns). */
bool qi_latex_plan_make(const qi_writer *w, qi_latex_plan *plan);
double qi_latex_column_width(const qi_latex_column *column, double head_room);
double qi_latex_width(const char *text); /* em */

#endif
