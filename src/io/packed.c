/* SPDX-License-Identifier: Apache-2.0 */
/* packed.c - see packed.h. */
#include "packed.h"

#include <dlfcn.h>

quipu_status qi_archive_load(qi_archive_calls *calls, quipu_error *err) {
    calls->library = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
    bool ok = calls->library != NULL;
#define X(name) ok = ok && qi_library_find(calls->library, #name, &calls->name);
    QI_ARCHIVE_CALLS(X)
#undef X
    if (ok)
        return QUIPU_OK;
    qi_archive_unload(calls);
    return qi_fail(
        err, QUIPU_E_IO,
        "packed files (gz, zip, tar) need libarchive, which cannot be loaded: install "
        "libarchive13, or unpack the file first");
}

void qi_archive_unload(qi_archive_calls *calls) {
    if (calls->library != NULL)
        dlclose(calls->library);
    memset(calls, 0, sizeof *calls);
}
