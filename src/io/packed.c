/* SPDX-License-Identifier: Apache-2.0 */
/* packed.c - see packed.h. */
#include "packed.h"

#include <dlfcn.h>

/* A function's address out of a data pointer, as POSIX allows and ISO C does not say. */
static bool find(void *library, const char *name, void *into) {
    void *address = dlsym(library, name);
    memcpy(into, &address, sizeof address);
    return address != NULL;
}

quipu_status qi_archive_load(qi_archive_calls *calls, quipu_error *err) {
    calls->library = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
    bool ok = calls->library != NULL;
#define X(name) ok = ok && find(calls->library, #name, &calls->name);
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
