/* SPDX-License-Identifier: Apache-2.0 */
/* loaded.h (private) - librsvg and cairo, loaded when the first PDF or PNG is asked for. */
#ifndef QI_CHART_LOADED_H
#define QI_CHART_LOADED_H

#include "chart/chart.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <librsvg/rsvg.h>

#define QI_CAIRO_CALLS(X)                                                                      \
    X(cairo_create)                                                                            \
    X(cairo_destroy)                                                                           \
    X(cairo_status)                                                                            \
    X(cairo_scale)                                                                             \
    X(cairo_show_page)                                                                         \
    X(cairo_image_surface_create)                                                              \
    X(cairo_pdf_surface_create_for_stream)                                                     \
    X(cairo_pdf_surface_set_metadata)                                                          \
    X(cairo_surface_destroy)                                                                   \
    X(cairo_surface_finish)                                                                    \
    X(cairo_surface_status)                                                                    \
    X(cairo_surface_write_to_png_stream)                                                       \
    X(cairo_status_to_string)
#define QI_RSVG_CALLS(X)                                                                       \
    X(rsvg_handle_new_from_data)                                                               \
    X(rsvg_handle_set_dpi)                                                                     \
    X(rsvg_handle_render_document)
#define QI_GLIB_CALLS(X)                                                                       \
    X(g_object_unref)                                                                          \
    X(g_error_free)

typedef struct qi_cairo_calls {
    void *rsvg, *cairo;
#define X(name) __typeof__(&name) name;
    QI_CAIRO_CALLS(X)
    QI_RSVG_CALLS(X)
    QI_GLIB_CALLS(X)
#undef X
} qi_cairo_calls;

/* E_IO: a library is not installed.  They stay loaded: glib cannot be unloaded. */
quipu_status qi_cairo_load(qi_cairo_calls *calls, quipu_error *err);

#endif
