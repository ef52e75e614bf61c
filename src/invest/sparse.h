/* SPDX-License-Identifier: Apache-2.0 */
/* sparse.h (private) - SuiteSparse KLU, loaded when the first circle of companies is met.
 *
 * It brings three more libraries into a start of the program; most questions need none. */
#ifndef QI_INVEST_SPARSE_H
#define QI_INVEST_SPARSE_H

#include "base/base.h"

#include <suitesparse/klu.h>

#define QI_KLU_CALLS(X)                                                                        \
    X(klu_defaults)                                                                            \
    X(klu_analyze)                                                                             \
    X(klu_factor)                                                                              \
    X(klu_solve)                                                                               \
    X(klu_tsolve)                                                                              \
    X(klu_free_symbolic)                                                                       \
    X(klu_free_numeric)

typedef struct qi_klu_calls {
    void *library;
#define X(name) __typeof__(&name) name;
    QI_KLU_CALLS(X)
#undef X
} qi_klu_calls;

/* E_IO: the library is not installed. */
quipu_status qi_klu_load(qi_klu_calls *calls, quipu_error *err);
void qi_klu_unload(qi_klu_calls *calls); /* a zeroed one is fine */

#endif
