/* SPDX-License-Identifier: Apache-2.0 */
/* profile.h (private) - what head.c, which reads the head of a file, needs of profile.c, which
 * knows the kinds of files. */
#ifndef QI_PROFILE_H
#define QI_PROFILE_H

#include "import.h"

/* Lower case, without blanks and quotes around it; returns the length. */
size_t qi_fold_header(const char *text, size_t length, char *out, size_t size);
/* No column has a role yet. */
void qi_clear_roles(qi_schema *schema, size_t n_columns);
/* --map gives them theirs. */
quipu_status qi_apply_map(const qi_import *import, char *const *fields, size_t n,
                          qi_schema *schema, quipu_error *err);
/* The columns of Comtrade's new tables, in our order, for rows whose values have names. */
void qi_comtrade_schema(qi_schema *schema);
int qi_comtrade_column(const char *name, size_t length); /* -1: none of them */

#endif
