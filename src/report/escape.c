/* SPDX-License-Identifier: Apache-2.0 */
/* escape.c - text for the document around a table. */
#include "quipu/bundle.h"
#include "report/writer.h"

static const char *as_it_is(int32_t point) {
    (void)point;
    return NULL;
}

quipu_status quipu_escape_write(quipu_format format, const char *text, quipu_sink sink,
                                void *user, quipu_error *err) {
    qi_writer *w;
    qi_error_clear(err);
    QI_TRY(qi_writer_new(NULL, NULL, sink, user, &w, err));
    qi_put_escaped(w, text,
                   format == QUIPU_FORMAT_MARKDOWN ? qi_escape_markdown
                   : format == QUIPU_FORMAT_LATEX  ? qi_escape_latex
                   : format == QUIPU_FORMAT_HTML   ? qi_escape_html
                   : format == QUIPU_FORMAT_JSON   ? qi_escape_json
                                                   : as_it_is);
    return qi_writer_end(w, err);
}
