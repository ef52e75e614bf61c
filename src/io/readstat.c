/* SPDX-License-Identifier: Apache-2.0 */
/* readstat.c - libreadstat's functions, found when they are needed. */
#include "readstat.h"

#include <dlfcn.h>

quipu_status qi_readstat_load(qi_readstat_calls *calls, quipu_error *err) {
    calls->library = dlopen("libreadstat.so.1", RTLD_NOW | RTLD_LOCAL);
    bool ok = calls->library != NULL;
#define X(name) ok = ok && qi_library_find(calls->library, #name, &calls->name);
    QI_READSTAT_CALLS(X)
#undef X
    if (ok)
        return QUIPU_OK;
    qi_readstat_unload(calls);
    return qi_fail(err, QUIPU_E_IO,
                   "Stata and SPSS files need libreadstat, which cannot be loaded: install "
                   "libreadstat1, or use csv");
}

void qi_readstat_unload(qi_readstat_calls *calls) {
    if (calls->library != NULL)
        dlclose(calls->library);
    memset(calls, 0, sizeof *calls);
}
