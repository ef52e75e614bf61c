/* SPDX-License-Identifier: Apache-2.0 */
/* glue.h - the library as R calls it. */
#ifndef QUIPU_R_GLUE_H
#define QUIPU_R_GLUE_H

#define R_NO_REMAP
#include <R.h>
#include <Rinternals.h>

#include <quipu.h>

/* A table as a named list of columns with attributes, money as `money` says: "numeric",
 * "character" or "integer64" (frame.c). */
SEXP frame_of(const quipu_table *table, const char *money);

SEXP list_of_error(const quipu_error *err);

#endif
