/* SPDX-License-Identifier: Apache-2.0 */
/* daemon.c - see daemon.h. */
#include "http/daemon.h"

#include <dlfcn.h>

quipu_status qi_mhd_load(qi_mhd_calls *calls, quipu_error *err) {
    calls->library = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL);
    bool ok = calls->library != NULL;
#define X(name) ok = ok && qi_library_find(calls->library, #name, &calls->name);
    QI_MHD_CALLS(X)
#undef X
    if (ok)
        return QUIPU_OK;
    qi_mhd_unload(calls);
    return qi_fail(err, QUIPU_E_IO,
                   "serving needs libmicrohttpd, which cannot be loaded: install "
                   "libmicrohttpd12");
}

void qi_mhd_unload(qi_mhd_calls *calls) {
    if (calls->library != NULL)
        dlclose(calls->library);
    memset(calls, 0, sizeof *calls);
}
