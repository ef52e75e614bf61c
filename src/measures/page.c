/* SPDX-License-Identifier: Apache-2.0 */
/* page.c - the reference page of a measure, written from its description. */
#include "measures/common.h"

/* A cell of a markdown table: a bar would end it. */
static bool add_cell(qi_buffer *out, const char *text) {
    bool ok = true;
    for (const char *c = text; *c != '\0' && ok; c++)
        ok = *c == '|' ? qi_buffer_text(out, "\\|") : qi_buffer_add(out, c, 1);
    return ok;
}

static bool add_part(qi_buffer *out, const char *title, const char *text) {
    if (text == NULL || text[0] == '\0')
        return true;
    return qi_buffer_printf(out, "\n## %s\n\n%s\n", title, text);
}

static bool add_params(qi_buffer *out, const char *title, const quipu_param *params, size_t n,
                       const char *without) {
    bool ok = true, first = true;
    for (size_t i = 0; i < n && ok; i++) {
        const quipu_param *p = &params[i];
        if (qi_has_word(without, p->name))
            continue;
        if (first)
            ok = qi_buffer_printf(out,
                                  "\n## %s\n\n| option | values | default | |\n"
                                  "|---|---|---|---|\n",
                                  title);
        first = false;
        static const char *const types[] = {"text",   "",       "whole number",
                                            "number", "switch", "file"};
        ok = ok && qi_buffer_printf(out, "| `--%s` | ", p->name) &&
             add_cell(out, p->choices != NULL ? p->choices : types[p->type]) &&
             qi_buffer_printf(out, " | %s | ", p->fallback != NULL ? p->fallback : "") &&
             add_cell(out, p->help != NULL ? p->help : "") && qi_buffer_text(out, " |\n");
    }
    return ok;
}

static bool add_columns(qi_buffer *out, const quipu_measure *m) {
    static const char *const types[] = {"text",   "whole number", "money",
                                        "amount", "number",       "share"};
    bool ok = qi_buffer_text(out, "\n## Figures\n\n| column | what it is | type | unit |\n"
                                  "|---|---|---|---|\n");
    for (size_t i = 0; i < m->n_columns && ok; i++) {
        const quipu_column_spec *c = &m->columns[i];
        ok = qi_buffer_printf(out, "| `%s` | %s | %s | %s |\n", c->name,
                              c->label != NULL ? c->label : c->name, types[c->type], c->unit);
    }
    return ok;
}

quipu_status quipu_measure_page(const quipu_measure *m, char **out, quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    qi_buffer text = {0};
    size_t n;
    const quipu_param *common = quipu_common_params(&n);
    bool ok = qi_buffer_printf(&text, "# %s\n\n%s\n", m->name, m->summary);
    if (m->aliases != NULL)
        ok = ok && qi_buffer_printf(&text, "\nAlso called: %s.\n", m->aliases);
    bool of_cube = m->needs == QUIPU_NEEDS_CUBE;
    ok = ok && qi_buffer_text(&text, "\n    quipu ");
    for (const char *c = m->name; *c != '\0' && ok;
         c++) /* "invest-owners" is "invest owners" */
        ok = qi_buffer_add(&text, m->needs == QUIPU_NEEDS_REGISTER && *c == '-' ? " " : c, 1);
    ok = ok && qi_buffer_printf(&text, " %s%s%s\n",
                                of_cube                         ? "CUBE"
                                : m->needs == QUIPU_NEEDS_PANEL ? "CUBE|TABLE.csv"
                                                                : "REGISTER",
                                m->example != NULL && m->example[0] != '\0' ? " " : "",
                                m->example != NULL ? m->example : "");
    ok = ok && add_part(&text, "What it means", m->detail);
    ok = ok && add_part(&text, "Formula", m->formula);
    ok = ok && add_part(&text, "By hand", m->worked);
    ok = ok && add_columns(&text, m);
    ok = ok && add_params(&text, "Options of its own", m->params, m->n_params, NULL);
    if (of_cube)
        ok = ok && add_params(&text, "Options it shares with others", common, n, m->without);
    ok = ok && add_part(&text, "Reference", m->reference);
    if (!ok) {
        qi_buffer_free(&text);
        return qi_fail_memory(err, text.length);
    }
    *out = text.bytes;
    return QUIPU_OK;
}
