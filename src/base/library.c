/* SPDX-License-Identifier: Apache-2.0 */
/* library.c - functions out of libraries that are loaded when they are needed. */
#include "base/base.h"

#include <dlfcn.h>

/* A function's address goes by way of a data pointer, as POSIX allows and ISO C does not say. */
bool qi_library_find(void *library, const char *name, void *into) {
    void *address = library != NULL ? dlsym(library, name) : NULL;
    memcpy(into, &address, sizeof address);
    return address != NULL;
}
