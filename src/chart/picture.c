/* SPDX-License-Identifier: Apache-2.0 */
/* picture.c - from an option to SVG, and from SVG to PDF and PNG. */
#include "chart/loaded.h"

#include <jansson.h>
#include <pthread.h>

/* What of the option the file says about itself. */
typedef struct about {
    const char *kind, *title, *description, *id;
    int width, height;
} about;

enum { MOST_SIDE = 8000 }; /* CSS pixels */

static quipu_status read_about(const json_t *root, about *out, quipu_error *err) {
    const json_t *q = json_object_get(root, "quipu");
    *out = (about){.kind = json_string_value(json_object_get(q, "kind")),
                   .title = json_string_value(json_object_get(q, "title")),
                   .description = json_string_value(json_object_get(q, "desc")),
                   .id = json_string_value(json_object_get(q, "id")),
                   .width = 760,
                   .height = 440};
    const json_t *width = json_object_get(q, "width"), *height = json_object_get(q, "height");
    if (json_is_number(width))
        out->width = (int)fmin(fmax(json_number_value(width), 0), MOST_SIDE + 1);
    if (json_is_number(height))
        out->height = (int)fmin(fmax(json_number_value(height), 0), MOST_SIDE + 1);
    if (out->width < 1 || out->height < 1 || out->width > MOST_SIDE || out->height > MOST_SIDE)
        return qi_fail(err, QUIPU_E_LIMIT, "a figure's sides are from 1 to %d pixels",
                       (int)MOST_SIDE);
    return QUIPU_OK;
}

static bool is_xml(int32_t point) {
    return point == '\t' || point == '\n' || point == '\r' ||
           (point >= 0x20 && point < 0xD800) ||
           (point >= 0xE000 && point != 0xFFFE && point != 0xFFFF);
}

static bool add_escaped(qi_buffer *out, const char *text) {
    size_t length = strlen(text);
    bool ok = true;
    for (size_t at = 0; at < length && ok;) {
        size_t from = at;
        int32_t point = qi_utf8_next(text, length, &at);
        if (!is_xml(point))
            ok = qi_buffer_text(out, " ");
        else if (point == '&' || point == '<' || point == '>')
            ok = qi_buffer_printf(out, "&#%d;", (int)point);
        else
            ok = qi_buffer_add(out, text + from, at - from);
    }
    return ok;
}

static bool add_element(qi_buffer *out, const char *open, const char *text, const char *close) {
    return text == NULL || text[0] == '\0' ||
           (qi_buffer_text(out, open) && add_escaped(out, text) && qi_buffer_text(out, close));
}

/* ---- what ECharts drew, made fit to keep ---- */

/* Hover styles and the marks of live charts mean nothing on paper, and their names count on
 * from picture to picture.  Quotes within texts are written as entities, so that none of
 * these can stand in a text. */
static const char *const LEFT_OUT[] = {" class=\"q-cls-", " ecmeta_", " pointer-events=\""};

/* The end of an attribute that is left out; `at` itself when it is none. */
static const char *after_attribute(const char *at) {
    for (size_t i = 0; i < QI_COUNT(LEFT_OUT); i++) {
        if (strncmp(at, LEFT_OUT[i], strlen(LEFT_OUT[i])) != 0)
            continue;
        const char *quote = strchr(at, '"');
        const char *end = quote == NULL ? NULL : strchr(quote + 1, '"');
        return end == NULL ? at : end + 1;
    }
    return at;
}

static quipu_status tidy(const qi_buffer *svg, qi_buffer *out, quipu_error *err) {
    static const char style[] = "<style", style_end[] = "</style>";
    static const char middle[] = " dominant-baseline=\"central\"";
    const char *at = svg->bytes;
    bool ok = at != NULL;
    while (ok && *at != '\0') {
        size_t plain = strcspn(at, " <");
        ok = qi_buffer_add(out, at, plain);
        at += plain;
        const char *end = after_attribute(at);
        if (end != at) {
            at = end;
        } else if (strncmp(at, style, sizeof style - 1) == 0 && strstr(at, style_end) != NULL) {
            at = strstr(at, style_end) + sizeof style_end - 1;
        } else if (strncmp(at, middle, sizeof middle - 1) == 0) {
            /* Not every reader of SVG knows that one; for our letters it is the same. */
            ok = ok && qi_buffer_text(out, " dy=\".35em\"");
            at += sizeof middle - 1;
        } else if (*at != '\0') {
            ok = ok && qi_buffer_add(out, at++, 1);
        }
    }
    return ok ? QUIPU_OK : qi_fail_memory(err, svg->length);
}

/* What ECharts drew, with what it is and where it is from put in after the first tag. */
static quipu_status dress(const qi_buffer *svg, const about *what, qi_buffer *out,
                          quipu_error *err) {
    static const char begin[] = "<svg ";
    const char *end = svg->length > 5 ? memchr(svg->bytes, '>', svg->length) : NULL;
    if (end == NULL || strncmp(svg->bytes, begin, sizeof begin - 1) != 0)
        return qi_fail(err, QUIPU_E_BUG, "the drawing is no SVG");
    size_t head = (size_t)(end - svg->bytes) + 1;
    bool ok =
        qi_buffer_text(out, "<svg role=\"img\" ") &&
        qi_buffer_add(out, svg->bytes + sizeof begin - 1, head - sizeof begin + 1) &&
        add_element(out, "\n<title>", what->title, "</title>") &&
        add_element(out, "\n<desc>", what->description, "</desc>") &&
        add_element(out,
                    "\n<metadata><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-"
                    "ns#\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><rdf:Description "
                    "rdf:about=\"\"><dc:identifier>",
                    what->id,
                    "</dc:identifier><dc:creator>quipu " QUIPU_VERSION
                    "</dc:creator></rdf:Description></rdf:RDF></metadata>");
    for (size_t at = head; at < svg->length && ok;) {
        size_t from = at;
        int32_t point = qi_utf8_next(svg->bytes, svg->length, &at);
        ok = is_xml(point) ? qi_buffer_add(out, svg->bytes + from, at - from)
                           : qi_buffer_text(out, " ");
    }
    return ok && qi_buffer_text(out, "\n") ? QUIPU_OK : qi_fail_memory(err, svg->length);
}

/* ---- PDF and PNG ---- */

typedef struct target {
    quipu_sink sink;
    void *user;
} target;

static cairo_status_t put(void *closure, const unsigned char *bytes, unsigned length) {
    const target *t = closure;
    return t->sink(t->user, (const char *)bytes, length) ? CAIRO_STATUS_SUCCESS
                                                         : CAIRO_STATUS_WRITE_ERROR;
}

static quipu_status check(const qi_cairo_calls *c, cairo_status_t status, quipu_error *err) {
    if (status == CAIRO_STATUS_SUCCESS)
        return QUIPU_OK;
    if (status == CAIRO_STATUS_NO_MEMORY)
        return qi_fail_memory(err, 0);
    return qi_fail(err, QUIPU_E_IO, "the picture cannot be written: %s",
                   c->cairo_status_to_string(status));
}

static quipu_status paint(const qi_cairo_calls *c, RsvgHandle *handle, cairo_surface_t *surface,
                          double width, double height, double scale, quipu_error *err) {
    cairo_t *cairo = c->cairo_create(surface);
    RsvgRectangle sheet = {0, 0, width, height};
    GError *problem = NULL;
    quipu_status status = QUIPU_OK;
    c->cairo_scale(cairo, scale, scale);
    if (!c->rsvg_handle_render_document(handle, cairo, &sheet, &problem))
        status = qi_fail(err, QUIPU_E_DATA, "the figure cannot be painted: %.300s",
                         problem != NULL ? problem->message : "?");
    if (problem != NULL)
        c->g_error_free(problem);
    c->cairo_show_page(cairo);
    if (status == QUIPU_OK)
        status = check(c, c->cairo_status(cairo), err);
    c->cairo_destroy(cairo);
    return status;
}

static void describe(const qi_cairo_calls *c, cairo_surface_t *pdf, const about *what) {
    /* A fixed date: the file is the same whenever it is made. */
    c->cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE,
                                      "2000-01-01T00:00:00Z");
    c->cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATOR, "quipu " QUIPU_VERSION);
    if (what->title != NULL)
        c->cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_TITLE, what->title);
    if (what->id != NULL)
        c->cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_SUBJECT, what->id);
}

static quipu_status paint_picture(const qi_cairo_calls *c, RsvgHandle *handle,
                                  const about *what, quipu_picture picture, target *t,
                                  quipu_error *err) {
    const double points = 0.75, pixels = 2; /* for each CSS pixel */
    double width = what->width, height = what->height;
    cairo_surface_t *surface =
        picture == QUIPU_PDF
            ? c->cairo_pdf_surface_create_for_stream(put, t, width * points, height * points)
            : c->cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(width * pixels),
                                            (int)(height * pixels));
    quipu_status status = check(c, c->cairo_surface_status(surface), err);
    if (status == QUIPU_OK && picture == QUIPU_PDF)
        describe(c, surface, what);
    if (status == QUIPU_OK)
        status = paint(c, handle, surface, width, height,
                       picture == QUIPU_PDF ? points : pixels, err);
    if (status == QUIPU_OK && picture == QUIPU_PNG)
        status = check(c, c->cairo_surface_write_to_png_stream(surface, put, t), err);
    c->cairo_surface_finish(surface);
    if (status == QUIPU_OK)
        status = check(c, c->cairo_surface_status(surface), err);
    c->cairo_surface_destroy(surface);
    return status;
}

/* glib and pango keep state for the process: one picture at a time. */
static pthread_mutex_t painting = PTHREAD_MUTEX_INITIALIZER;

static quipu_status to_cairo(const qi_buffer *svg, const about *what, quipu_picture picture,
                             target *t, quipu_error *err) {
    qi_cairo_calls calls = {0};
    GError *problem = NULL;
    QI_TRY(qi_cairo_load(&calls, err));
    pthread_mutex_lock(&painting);
    quipu_status status;
    RsvgHandle *handle =
        calls.rsvg_handle_new_from_data((const guint8 *)svg->bytes, svg->length, &problem);
    if (handle == NULL) {
        status = qi_fail(err, QUIPU_E_DATA, "the figure cannot be painted: %.300s",
                         problem != NULL ? problem->message : "?");
        if (problem != NULL)
            calls.g_error_free(problem);
    } else {
        calls.rsvg_handle_set_dpi(handle, 96);
        status = paint_picture(&calls, handle, what, picture, t, err);
        calls.g_object_unref(handle);
    }
    pthread_mutex_unlock(&painting);
    return status;
}

static bool wants_map(const json_t *root, const about *what) {
    size_t i;
    const json_t *series;
    json_array_foreach(json_object_get(root, "series"), i, series) {
        if (json_object_get(series, "map") != NULL)
            return true;
    }
    return what->kind != NULL && strcmp(what->kind, "map") == 0;
}

quipu_status quipu_chart_draw(quipu_chart_engine *engine, const char *option,
                              quipu_picture picture, quipu_sink sink, void *user,
                              quipu_error *err) {
    json_error_t at;
    qi_buffer drawn = {0}, tidied = {0}, svg = {0};
    about what;
    quipu_status status;
    qi_error_clear(err);
    json_t *root = json_loads(option, 0, &at);
    if (root == NULL || !json_is_object(root)) {
        json_decref(root);
        return qi_fail_at(err, QUIPU_E_FORMAT, "option", root == NULL ? (uint64_t)at.line : 0,
                          0, "a figure's option is a JSON object: %s",
                          root == NULL ? at.text : "this is JSON, but no object");
    }
    QI_GO(read_about(root, &what, err));
    QI_GO(qi_chart_svg(engine, option, strlen(option), wants_map(root, &what), &drawn, err));
    QI_GO(tidy(&drawn, &tidied, err));
    QI_GO(dress(&tidied, &what, &svg, err));
    if (picture == QUIPU_SVG) {
        if (!sink(user, svg.bytes, svg.length))
            status = qi_fail(err, QUIPU_E_IO, "the picture cannot be written");
    } else {
        status = to_cairo(&svg, &what, picture, &(target){sink, user}, err);
    }
done:
    json_decref(root);
    qi_buffer_free(&drawn);
    qi_buffer_free(&tidied);
    qi_buffer_free(&svg);
    return status;
}
