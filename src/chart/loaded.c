/* SPDX-License-Identifier: Apache-2.0 */
/* loaded.c - see loaded.h. */
#include "chart/loaded.h"

#include <dlfcn.h>

quipu_status qi_cairo_load(qi_cairo_calls *calls, quipu_error *err) {
    int how = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE;
    calls->rsvg = dlopen("librsvg-2.so.2", how);
    calls->cairo = dlopen("libcairo.so.2", how);
    bool ok = calls->rsvg != NULL && calls->cairo != NULL;
#define X(name) ok = ok && qi_library_find(calls->cairo, #name, &calls->name);
    QI_CAIRO_CALLS(X)
#undef X
    /* glib is found by way of librsvg, which needs it. */
#define X(name) ok = ok && qi_library_find(calls->rsvg, #name, &calls->name);
    QI_RSVG_CALLS(X)
    QI_GLIB_CALLS(X)
#undef X
    if (ok)
        return QUIPU_OK;
    memset(calls, 0, sizeof *calls);
    return qi_fail(err, QUIPU_E_IO,
                   "PDF and PNG need librsvg and cairo, which cannot be loaded: install "
                   "librsvg2-2, or ask for SVG");
}
