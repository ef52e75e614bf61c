/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx.c - libxlsxwriter's functions, found when they are needed. */
#include "report/xlsx.h"

#include <dlfcn.h>

quipu_status qi_xlsx_load(qi_xlsx_calls *calls, quipu_error *err) {
    calls->library = dlopen("libxlsxwriter.so.4", RTLD_NOW | RTLD_LOCAL);
    bool ok = calls->library != NULL;
#define X(name) ok = ok && qi_library_find(calls->library, #name, &calls->name);
    QI_XLSX_CALLS(X)
#undef X
    if (ok)
        return QUIPU_OK;
    qi_xlsx_unload(calls);
    return qi_fail(err, QUIPU_E_IO,
                   "workbooks need libxlsxwriter, which cannot be loaded: install "
                   "libxlsxwriter4, or write csv");
}

void qi_xlsx_unload(qi_xlsx_calls *calls) {
    if (calls->library != NULL)
        dlclose(calls->library);
    memset(calls, 0, sizeof *calls);
}
