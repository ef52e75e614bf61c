/* SPDX-License-Identifier: Apache-2.0 */
/* sparse.c - see sparse.h. */
#include "invest/sparse.h"

#include <dlfcn.h>

quipu_status qi_klu_load(qi_klu_calls *calls, quipu_error *err) {
    calls->library = dlopen("libklu.so.1", RTLD_NOW | RTLD_LOCAL);
    bool ok = calls->library != NULL;
#define X(name) ok = ok && qi_library_find(calls->library, #name, &calls->name);
    QI_KLU_CALLS(X)
#undef X
    if (ok)
        return QUIPU_OK;
    qi_klu_unload(calls);
    return qi_fail(err, QUIPU_E_IO,
                   "companies that hold each other need SuiteSparse KLU, which cannot be "
                   "loaded: install libklu1");
}

void qi_klu_unload(qi_klu_calls *calls) {
    if (calls->library != NULL)
        dlclose(calls->library);
    memset(calls, 0, sizeof *calls);
}
