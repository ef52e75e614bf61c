/* SPDX-License-Identifier: Apache-2.0 */
/* html.c - the study as one page that needs nothing else: style, pictures and scripts are in
 * it, and its content policy forbids every request.  Pictures are there as SVG for print and
 * readers without scripts; on a screen the same option is shown live. */
#include "study/document.h"

#include "quipu/bundle.h"

static qi_arena *arena_of(qi_document *doc) {
    return (qi_arena *)&doc->answers->arena;
}

/* ---- prose ---- */

static void put_run(qi_document *doc, const qi_run *run) {
    switch (run->kind) {
    case QI_RUN_TEXT: qi_doc_text(doc, run->text); break;
    case QI_RUN_STRONG: qi_doc_raw(doc, "<strong>"); break;
    case QI_RUN_STRONG_END: qi_doc_raw(doc, "</strong>"); break;
    case QI_RUN_EMPHASIS: qi_doc_raw(doc, "<em>"); break;
    case QI_RUN_EMPHASIS_END: qi_doc_raw(doc, "</em>"); break;
    case QI_RUN_CODE:
        qi_doc_raw(doc, "<code>");
        qi_doc_text(doc, run->text);
        qi_doc_raw(doc, "</code>");
        break;
    case QI_RUN_LINK:
        qi_doc_raw(doc, "<a href=\"");
        qi_doc_text(doc, run->extra);
        qi_doc_raw(doc, "\">");
        break;
    case QI_RUN_LINK_END: qi_doc_raw(doc, "</a>"); break;
    case QI_RUN_FIGURE:
        qi_doc_raw(doc, "<data class=\"figure\" title=\"");
        qi_doc_text(doc, run->extra);
        qi_doc_raw(doc, "\">");
        qi_doc_text(doc, run->text);
        qi_doc_raw(doc, "</data>");
        break;
    case QI_RUN_NOTE:
        qi_doc_printf(doc, "<sup><a href=\"#note-%zu\">%zu</a></sup>", run->number,
                      run->number);
        break;
    }
}

static void put_runs(qi_document *doc, const qi_paragraph *paragraph) {
    for (size_t i = 0; i < paragraph->n; i++)
        put_run(doc, &paragraph->runs[i]);
}

static void put_prose(qi_document *doc, const qi_prose *prose) {
    bool list = false;
    for (size_t i = 0; i < prose->n; i++) {
        const qi_paragraph *p = &prose->items[i];
        if (p->item != list)
            qi_doc_raw(doc, p->item ? "<ul>\n" : "</ul>\n");
        list = p->item;
        qi_doc_raw(doc, p->item ? "<li>" : "<p>");
        put_runs(doc, p);
        qi_doc_raw(doc, p->item ? "</li>\n" : "</p>\n");
    }
    if (list)
        qi_doc_raw(doc, "</ul>\n");
}

/* ---- tables ---- */

typedef struct cells {
    qi_writer *w;
    const qi_done *done;
} cells;

static const char *group_of(const cells *c, size_t column) {
    return c->done->headers.group != NULL ? c->done->headers.group[column] : NULL;
}

static bool has_groups(const cells *c) {
    for (size_t i = 0; i < c->w->table->n_columns; i++)
        if (group_of(c, i) != NULL)
            return true;
    return false;
}

static void put_column_label(qi_document *doc, const cells *c, size_t column) {
    qi_buffer label = {0};
    if (c->done->headers.label != NULL) {
        qi_doc_text(doc, c->done->headers.label[column]);
        return;
    }
    if (!qi_column_header(c->w, column, &label))
        doc->no_memory = true;
    else
        qi_doc_text(doc, label.bytes);
    qi_buffer_free(&label);
}

/* Groups of columns in a row of their own above the columns. */
static void put_header(qi_document *doc, const cells *c) {
    size_t n = c->w->table->n_columns;
    bool groups = has_groups(c);
    qi_doc_raw(doc, "<thead><tr>");
    for (size_t i = 0; i < n; i++) {
        const char *group = groups ? group_of(c, i) : NULL;
        const char *align = qi_column_is_text(c->w, i) ? "l" : "r";
        if (groups && group != NULL) {
            size_t span = 1;
            while (i + span < n && group_of(c, i + span) != NULL &&
                   strcmp(group_of(c, i + span), group) == 0)
                span++;
            qi_doc_printf(doc, "<th scope=\"colgroup\" colspan=\"%zu\" class=\"group\">", span);
            qi_doc_text(doc, group);
            qi_doc_raw(doc, "</th>");
            i += span - 1;
            continue;
        }
        qi_doc_printf(doc, "<th scope=\"col\"%s class=\"%s\">", groups ? " rowspan=\"2\"" : "",
                      align);
        put_column_label(doc, c, i);
        qi_doc_raw(doc, "</th>");
    }
    if (groups) {
        qi_doc_raw(doc, "</tr>\n<tr>");
        for (size_t i = 0; i < n; i++)
            if (group_of(c, i) != NULL) {
                qi_doc_raw(doc, "<th scope=\"col\" class=\"r\">");
                put_column_label(doc, c, i);
                qi_doc_raw(doc, "</th>");
            }
    }
    qi_doc_raw(doc, "</tr></thead>\n");
}

static void put_rows(qi_document *doc, const cells *c) {
    char number[QI_CELL_TEXT];
    const char *text;
    qi_doc_raw(doc, "<tbody>\n");
    for (size_t row = 0; row < c->w->table->n_rows; row++) {
        qi_doc_raw(doc, "<tr>");
        for (size_t i = 0; i < c->w->table->n_columns; i++) {
            bool head = i == 0 && c->w->table->columns[0].spec.type == QUIPU_TEXT;
            bool words = qi_column_is_text(c->w, i);
            qi_cell_people(c->w, i, row, number, &text);
            size_t long_text = words && text != NULL ? strlen(text) : 0;
            const char *width = long_text > 30                     ? " wide"
                                : long_text > 0 && long_text <= 24 ? " short"
                                                                   : "";
            if (head)
                qi_doc_printf(doc, "<th scope=\"row\" class=\"l%s\">", width);
            else if (words)
                qi_doc_printf(doc, "<td class=\"l%s\">", width);
            else
                qi_doc_raw(doc, "<td>");
            qi_doc_text(doc, text != NULL ? text : number);
            qi_doc_raw(doc, head ? "</th>" : "</td>");
        }
        qi_doc_raw(doc, "</tr>\n");
    }
    qi_doc_raw(doc, "</tbody>");
}

/* The unit of a laid out table, which its columns do not say. */
static void put_unit(qi_document *doc, const cells *c) {
    qi_buffer label = {0};
    size_t last = c->w->table->n_columns - 1;
    if (c->done->headers.label == NULL || c->w->table->n_columns == 0)
        return;
    if (qi_column_header(c->w, last, &label)) {
        const char *open = strrchr(label.bytes, '(');
        if (open != NULL) {
            qi_doc_raw(doc, " <span class=\"unit\">");
            qi_doc_text(doc, open);
            qi_doc_raw(doc, "</span>");
        }
    }
    qi_buffer_free(&label);
}

static void put_table(qi_document *doc, const qi_done *done) {
    quipu_report_options options = {.format = QUIPU_FORMAT_HTML,
                                    .spanish = doc->answers->spanish};
    qi_writer *w = calloc(1, sizeof *w);
    if (w == NULL) {
        doc->no_memory = true;
        return;
    }
    w->table = &done->shown;
    w->options = &options;
    w->money_scale = qi_choose_money_scale(&done->shown);
    cells c = {w, done};
    qi_doc_raw(doc, "<figcaption>");
    if (done->number[0] != '\0') {
        qi_doc_raw(doc, "<b>");
        qi_doc_text(doc, done->number);
        qi_doc_raw(doc, ".</b> ");
    }
    qi_doc_text(doc, done->title);
    put_unit(doc, &c);
    qi_doc_raw(doc, "</figcaption>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                    "aria-label=\"");
    qi_doc_text(doc, done->title);
    qi_doc_raw(doc, "\"><table>\n");
    put_header(doc, &c);
    put_rows(doc, &c);
    qi_doc_raw(doc, "</table></div>\n");
    free(w);
}

/* ---- under a table or figure ---- */

static void put_note_line(qi_document *doc, const char *head, const char *text) {
    if (text[0] == '\0')
        return;
    qi_doc_raw(doc, "<p><i>");
    qi_doc_text(doc, head);
    qi_doc_raw(doc, ".</i> ");
    qi_doc_text(doc, text);
    qi_doc_raw(doc, "</p>\n");
}

static void put_badge(qi_document *doc, const qi_done *done) {
    size_t counts[4];
    if (done->n == 0)
        return;
    qi_count_verdicts(&doc->answers->comparison, done->first, done->n, counts);
    qi_doc_printf(doc, "<p class=\"badge\"><a href=\"#differences-%s\">", done->block->id.text);
    qi_doc_text(doc, qi_doc_say(doc, QI_DOC_PRINTED));
    for (size_t v = 0; v < 4; v++)
        if (counts[v] > 0)
            qi_doc_printf(doc, "%s <span class=\"v%zu\">%zu %s</span>", v > 0 ? "" : ":", v,
                          counts[v],
                          qi_doc_say(doc, (qi_doc_word)(QI_DOC_VERDICT_EQUAL + (int)v)));
    qi_doc_raw(doc, "</a></p>\n");
}

static void put_how(qi_document *doc, const qi_done *done, bool table) {
    const char *id = done->block->id.text;
    qi_doc_raw(doc, "<details><summary>");
    qi_doc_text(doc, qi_doc_say(doc, QI_DOC_HOW));
    qi_doc_raw(doc, "</summary>\n");
    if (done->answer.command != NULL) {
        qi_doc_raw(doc, "<pre><code>");
        qi_doc_text(doc, done->answer.command);
        qi_doc_raw(doc, "</code></pre>\n");
    }
    if (done->answer.measure != NULL) {
        qi_doc_raw(doc, "<p>");
        qi_doc_text(doc, done->answer.measure->formula);
        qi_doc_raw(doc, "</p>\n<p>");
        qi_doc_text(doc, done->answer.measure->reference);
        qi_doc_raw(doc, "</p>\n");
    }
    qi_doc_raw(doc, "<p class=\"files\">");
    if (table)
        qi_doc_printf(doc,
                      "<a href=\"tables/%s.csv\">CSV</a> <a href=\"tables/%s.json\">JSON</a> "
                      "<a href=\"tables/%s.tex\">LaTeX</a> <a href=\"study.xlsx\">XLSX</a>",
                      id, id, id);
    else
        qi_doc_printf(doc,
                      "<a href=\"figures/%s.svg\">SVG</a> <a href=\"figures/%s.pdf\">PDF</a> "
                      "<a href=\"figures/%s.png\">PNG</a> "
                      "<a href=\"figures/%s.csv\">CSV</a>",
                      id, id, id, id);
    qi_doc_raw(doc, "</p></details>\n");
}

static void put_notes(qi_document *doc, const qi_done *done, const quipu_table *table,
                      bool is_table) {
    qi_doc_raw(doc, "<div class=\"notes\">\n");
    if (done->verdict != NULL) {
        qi_doc_raw(doc, "<p class=\"verdict\"><b>");
        qi_doc_text(doc, done->verdict);
        qi_doc_raw(doc, "</b></p>\n");
    }
    for (size_t i = 0; i < done->n_notes; i++)
        put_prose(doc, &done->notes[i]);
    for (size_t i = 0; is_table && i < table->n_notes; i++)
        if (done->verdict == NULL || strcmp(table->notes[i], done->verdict) != 0)
            put_note_line(doc, qi_doc_say(doc, QI_DOC_NOTE), table->notes[i]);
    if (is_table)
        put_note_line(doc, qi_doc_say(doc, QI_DOC_SOURCE),
                      qi_source_words(table, arena_of(doc)));
    put_badge(doc, done);
    put_how(doc, done, is_table);
    qi_doc_raw(doc, "</div>\n");
}

static void put_not_made(qi_document *doc, const qi_done *done) {
    const qi_input_spec *input = done->missing->spec;
    qi_doc_raw(doc, "<figcaption>");
    qi_doc_text(doc, qi_done_heading(done, arena_of(doc)));
    qi_doc_raw(doc, "</figcaption>\n<p class=\"empty\">");
    qi_doc_text(doc, qi_doc_say(doc, QI_DOC_NOT_MADE));
    qi_doc_raw(doc, ": ");
    qi_doc_text(doc, qi_or(input->title, input->name.text));
    if (input->obtain.text != NULL) {
        qi_doc_raw(doc, ". ");
        qi_doc_text(doc, input->obtain.text);
    }
    qi_doc_raw(doc, "</p>\n");
}

/* Option JSON inside a script element must not end it. */
static void put_json(qi_document *doc, const char *json) {
    for (const char *at = json; *at != '\0'; at++)
        if (*at == '<')
            qi_doc_raw(doc, "\\u003c");
        else if (!qi_buffer_add(&doc->out, at, 1))
            doc->no_memory = true;
}

static void put_figure(qi_document *doc, const qi_done *done) {
    qi_doc_printf(doc, "<figure id=\"%s\" class=\"chart\">\n", done->block->id.text);
    if (done->option == NULL || done->svg == NULL) {
        if (done->missing != NULL)
            put_not_made(doc, done);
        qi_doc_raw(doc, "</figure>\n");
        return;
    }
    qi_doc_printf(doc, "<div class=\"live\" id=\"live-%s\"></div>\n<div class=\"still\">",
                  done->block->id.text);
    const char *svg = strstr(done->svg, "<svg");
    qi_doc_raw(doc, svg != NULL ? svg : done->svg);
    qi_doc_printf(doc, "</div>\n<script type=\"application/json\" data-chart=\"%s\">",
                  done->block->id.text);
    put_json(doc, done->option);
    /* The title is in the picture; the caption is for those who hear the page. */
    qi_doc_raw(doc, "</script>\n<figcaption class=\"heard\">");
    qi_doc_text(doc, qi_done_heading(done, arena_of(doc)));
    qi_doc_raw(doc, "</figcaption>\n");
    put_notes(doc, done, &done->answer.table, false);
    qi_doc_raw(doc, "</figure>\n");
}

/* Facts: sentence, printed, ours, verdict, cause. */
static void put_comparison(qi_document *doc, size_t first, size_t n, bool why) {
    static const qi_doc_word HEADS[] = {QI_DOC_WHAT,       QI_DOC_PRINTED, QI_DOC_OURS,
                                        QI_DOC_DIFFERENCE, QI_DOC_VERDICT, QI_DOC_CAUSE};
    const qi_comparison *all = &doc->answers->comparison;
    char number[64];
    qi_doc_raw(doc, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    qi_doc_text(doc, qi_doc_say(doc, QI_DOC_DIFFERENCES));
    qi_doc_raw(doc, "\"><table class=\"compare\">\n<thead><tr>");
    for (size_t i = 0; i < QI_COUNT(HEADS); i++) {
        qi_doc_printf(doc, "<th scope=\"col\" class=\"%s\">", i >= 1 && i <= 3 ? "r" : "l");
        qi_doc_text(doc, qi_doc_say(doc, HEADS[i]));
        qi_doc_raw(doc, "</th>");
    }
    qi_doc_raw(doc, "</tr></thead>\n<tbody>\n");
    for (size_t i = first; i < first + n; i++) {
        const qi_compared *item = &all->items[i];
        bool both = item->has_ours && item->has_printed;
        qi_doc_raw(doc, "<tr><th scope=\"row\"");
        if (item->command != NULL && why) {
            qi_doc_raw(doc, " title=\"");
            qi_doc_text(doc, item->command);
            qi_doc_raw(doc, "\"");
        }
        qi_doc_raw(doc, ">");
        qi_doc_text(doc, item->item);
        if (item->unit[0] != '\0') {
            qi_doc_raw(doc, " <span class=\"unit\">(");
            qi_doc_text(doc, strcmp(item->unit, "percent") == 0 ? "%" : item->unit);
            qi_doc_raw(doc, ")</span>");
        }
        qi_doc_raw(doc, "</th><td>");
        qi_doc_text(doc, qi_compared_text(item, false, arena_of(doc)));
        qi_doc_raw(doc, "</td><td>");
        qi_doc_text(doc, qi_compared_text(item, true, arena_of(doc)));
        qi_doc_raw(doc, "</td><td>");
        if (both) {
            qi_format_double_rounded(number, sizeof number, item->ours - item->printed,
                                     item->decimals);
            qi_doc_text(doc, number);
        }
        qi_doc_printf(doc, "</td><td class=\"l\"><span class=\"v%d\">", (int)item->verdict);
        qi_doc_text(doc,
                    qi_doc_say(doc, (qi_doc_word)(QI_DOC_VERDICT_EQUAL + (int)item->verdict)));
        qi_doc_raw(doc, "</span></td><td class=\"l\">");
        qi_doc_text(doc, item->cause);
        if (item->why[0] != '\0') {
            qi_doc_raw(doc, item->cause[0] != '\0' ? ": " : "");
            qi_doc_text(doc, item->why);
        }
        qi_doc_raw(doc, "</td></tr>\n");
    }
    qi_doc_raw(doc, "</tbody></table></div>\n");
}

static void put_facts(qi_document *doc, const qi_done *done) {
    qi_doc_printf(doc, "<figure id=\"%s\" class=\"table\">\n<figcaption>",
                  done->block->id.text);
    qi_doc_text(doc, qi_done_heading(done, arena_of(doc)));
    qi_doc_raw(doc, "</figcaption>\n");
    put_comparison(doc, done->first, done->n, true);
    qi_doc_raw(doc, "<div class=\"notes\">\n");
    for (size_t i = 0; i < done->n_notes; i++)
        put_prose(doc, &done->notes[i]);
    qi_doc_raw(doc, "</div>\n</figure>\n");
}

static void put_block(qi_document *doc, size_t i) {
    const qi_done *done = &doc->answers->items[i];
    switch (done->block->kind) {
    case QI_BLOCK_TEXT: put_prose(doc, &doc->answers->prose[i]); return;
    case QI_BLOCK_FIGURE: put_figure(doc, done); return;
    case QI_BLOCK_FACTS: put_facts(doc, done); return;
    case QI_BLOCK_TABLE:
    case QI_BLOCK_HYPOTHESIS: break;
    }
    qi_doc_printf(doc, "<figure id=\"%s\" class=\"table\">\n", done->block->id.text);
    if (done->shown.n_columns == 0) {
        put_not_made(doc, done);
    } else {
        put_table(doc, done);
        put_notes(doc, done, &done->shown, true);
    }
    qi_doc_raw(doc, "</figure>\n");
}

/* ---- the page ---- */

static void put_contents(qi_document *doc) {
    const qi_answers *a = doc->answers;
    size_t at = 0;
    qi_doc_raw(doc, "<nav aria-label=\"");
    qi_doc_text(doc, qi_doc_say(doc, QI_DOC_CONTENTS));
    qi_doc_raw(doc, "\"><h2>");
    qi_doc_text(doc, qi_doc_say(doc, QI_DOC_CONTENTS));
    qi_doc_raw(doc, "</h2>\n<ol>\n");
    for (size_t s = 0; s < a->study->sections.n; s++) {
        const qi_section *section = &a->study->sections.items[s];
        qi_doc_printf(doc, "<li><a href=\"#section-%zu\">", s + 1);
        qi_doc_text(doc, section->title.text);
        qi_doc_raw(doc, "</a>\n<ul>\n");
        for (size_t i = 0; i < section->content.n; i++, at++) {
            const qi_done *done = &a->items[at];
            if (done->block->kind == QI_BLOCK_TEXT || done->number[0] == '\0')
                continue;
            qi_doc_printf(doc, "<li><a href=\"#%s\">", done->block->id.text);
            qi_doc_text(doc, done->number);
            qi_doc_raw(doc, "</a></li>\n");
        }
        qi_doc_raw(doc, "</ul></li>\n");
    }
    if (a->comparison.n > 0) {
        qi_doc_raw(doc, "<li><a href=\"#differences\">");
        qi_doc_text(doc, qi_doc_say(doc, QI_DOC_DIFFERENCES));
        qi_doc_raw(doc, "</a></li>\n");
    }
    qi_doc_raw(doc, "<li><a href=\"#data\">");
    qi_doc_text(doc, qi_doc_say(doc, QI_DOC_INPUTS));
    qi_doc_raw(doc, "</a></li>\n</ol></nav>\n");
}

static void put_head(qi_document *doc) {
    const qi_answers *a = doc->answers;
    qi_doc_printf(doc,
                  "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
                  "<meta name=\"generator\" content=\"quipu " QUIPU_VERSION "\">\n"
                  "<meta name=\"quipu-manifest\" content=\"%s\">\n"
                  "<link rel=\"icon\" href=\"data:,\">\n<title>",
                  a->spanish ? "es" : "en", doc->manifest);
    qi_doc_text(doc, a->title);
    qi_doc_raw(doc, "</title>\n<style>\n");
    for (size_t i = 0; qi_study_style[i] != NULL; i++)
        qi_doc_raw(doc, qi_study_style[i]);
    qi_doc_raw(doc, "</style>\n</head>\n<body>\n<header>\n<h1>");
    qi_doc_text(doc, a->title);
    qi_doc_raw(doc, "</h1>\n");
    if (a->subtitle[0] != '\0') {
        qi_doc_raw(doc, "<p class=\"subtitle\">");
        qi_doc_text(doc, a->subtitle);
        qi_doc_raw(doc, "</p>\n");
    }
    qi_doc_raw(doc, "<p class=\"by\">");
    for (size_t i = 0; i < a->study->authors.n; i++) {
        qi_doc_raw(doc, i > 0 ? ", " : "");
        qi_doc_text(doc, qi_author_name(&a->study->authors.items[i], arena_of(doc)));
    }
    if (a->study->date.text != NULL) {
        qi_doc_raw(doc, a->study->authors.n > 0 ? " · " : "");
        qi_doc_text(doc, a->study->date.text);
    }
    qi_doc_raw(doc, "</p>\n<div class=\"abstract\">\n");
    put_prose(doc, &a->summary);
    qi_doc_raw(doc, "</div>\n</header>\n");
}

static void put_differences(qi_document *doc) {
    const qi_answers *a = doc->answers;
    size_t counts[4];
    if (a->comparison.n == 0)
        return;
    qi_count_verdicts(&a->comparison, 0, a->comparison.n, counts);
    qi_doc_raw(doc, "<section id=\"differences\">\n<h2>");
    qi_doc_text(doc, qi_doc_say(doc, QI_DOC_DIFFERENCES));
    qi_doc_raw(doc, "</h2>\n<p class=\"badge\">");
    for (size_t v = 0; v < 4; v++)
        qi_doc_printf(doc, "<span class=\"v%zu\">%zu %s</span> ", v, counts[v],
                      qi_doc_say(doc, (qi_doc_word)(QI_DOC_VERDICT_EQUAL + (int)v)));
    qi_doc_raw(doc, "</p>\n<p>");
    qi_doc_text(doc, a->spanish
                         ? "Igual: nuestra cifra se redondea a la impresa. Cerca: a menos de "
                           "una unidad del último dígito o de un 2 %. Cada otra diferencia "
                           "lleva su causa probable."
                         : "Equal: our figure rounds to the printed one. Near: within one unit "
                           "of its last digit, or 2 % of it. Every other difference has its "
                           "probable cause.");
    qi_doc_raw(doc, "</p>\n");
    for (size_t i = 0; i < a->n; i++) {
        const qi_done *done = &a->items[i];
        if (done->n == 0)
            continue;
        qi_doc_printf(doc, "<h3 id=\"differences-%s\"><a href=\"#%s\">", done->block->id.text,
                      done->block->id.text);
        qi_doc_text(doc, qi_done_heading(done, arena_of(doc)));
        qi_doc_raw(doc, "</a></h3>\n");
        if (done->block->kind == QI_BLOCK_FACTS) {
            size_t own[4];
            qi_count_verdicts(&a->comparison, done->first, done->n, own);
            qi_doc_raw(doc, "<p>");
            for (size_t v = 0; v < 4; v++)
                qi_doc_printf(doc, "<span class=\"v%zu\">%zu %s</span> ", v, own[v],
                              qi_doc_say(doc, (qi_doc_word)(QI_DOC_VERDICT_EQUAL + (int)v)));
            qi_doc_raw(doc, "</p>\n");
        } else {
            put_comparison(doc, done->first, done->n, false);
        }
    }
    qi_doc_raw(doc, "</section>\n");
}

static void put_files(qi_document *doc, const qi_input *input) {
    qi_doc_raw(doc, "<ul class=\"hashes\">\n");
    for (size_t i = 0; i < input->n_files; i++) {
        qi_doc_raw(doc, "<li>");
        qi_doc_text(doc, input->files[i].shown);
        qi_doc_printf(doc, " <code title=\"SHA-256\">%.16s</code></li>\n",
                      input->files[i].sha256);
    }
    qi_doc_raw(doc, "</ul>\n");
}

static void put_inputs(qi_document *doc) {
    const qi_inputs *inputs = &doc->answers->inputs;
    qi_doc_raw(doc, "<section id=\"data\">\n<h2>");
    qi_doc_text(doc, qi_doc_say(doc, QI_DOC_INPUTS));
    qi_doc_raw(doc, "</h2>\n<dl>\n");
    for (size_t i = 0; i < inputs->n; i++) {
        const qi_input *input = &inputs->items[i];
        qi_doc_raw(doc, "<dt>");
        qi_doc_text(doc, qi_or(input->spec->title, input->spec->name.text));
        qi_doc_raw(doc, "</dt>\n<dd>");
        if (!input->there) {
            qi_doc_text(doc, qi_doc_say(doc, QI_DOC_NOT_MADE));
            qi_doc_raw(doc, ". ");
            qi_doc_text(doc, qi_or(input->spec->obtain, ""));
        }
        if (input->cube != NULL) {
            const char *source = quipu_cube_meta(input->cube, "source");
            const char *release = quipu_cube_meta(input->cube, "release");
            qi_doc_text(doc, source != NULL ? source : "");
            qi_doc_text(doc, release != NULL && release[0] != '\0' ? "; release: " : "");
            qi_doc_text(doc, release != NULL ? release : "");
            qi_doc_printf(doc, "<br>cube <code>%s</code>", quipu_cube_fingerprint(input->cube));
        }
        if (input->read > 0)
            qi_doc_printf(doc,
                          "<br>%llu rows read = %llu accepted + %llu set aside + %llu "
                          "rejected",
                          (unsigned long long)input->read, (unsigned long long)input->accepted,
                          (unsigned long long)input->set_aside,
                          (unsigned long long)input->rejected);
        if (input->there)
            put_files(doc, input);
        qi_doc_raw(doc, "</dd>\n");
    }
    qi_doc_raw(doc, "</dl>\n</section>\n");
}

static void put_footnotes(qi_document *doc) {
    const qi_noted *noted = &doc->answers->noted;
    if (noted->n == 0)
        return;
    qi_doc_raw(doc, "<section id=\"notes\">\n<h2>");
    qi_doc_text(doc, qi_doc_say(doc, QI_DOC_NOTES));
    qi_doc_raw(doc, "</h2>\n<ol>\n");
    for (size_t i = 0; i < noted->n; i++) {
        qi_doc_printf(doc, "<li id=\"note-%zu\">", i + 1);
        qi_doc_text(doc, noted->items[i]->value.text);
        qi_doc_raw(doc, "</li>\n");
    }
    qi_doc_raw(doc, "</ol>\n</section>\n");
}

static bool into_page(void *user, const char *bytes, size_t length) {
    qi_document *doc = user;
    return qi_buffer_add(&doc->out, bytes, length);
}

static void put_scripts(qi_document *doc) {
    bool any = false, map = false;
    for (size_t i = 0; i < doc->answers->n; i++) {
        const char *option = doc->answers->items[i].option;
        any = any || option != NULL;
        map = map || (option != NULL && strstr(option, "\"map\"") != NULL);
    }
    if (!any)
        return;
    qi_doc_raw(doc, "<script>\n");
    if (quipu_chart_script(map, into_page, doc, NULL) != QUIPU_OK)
        doc->no_memory = true;
    qi_doc_raw(doc,
               "\n</script>\n<script>\n"
               "document.querySelectorAll('script[data-chart]').forEach(function (data) {\n"
               "  var place = document.getElementById('live-' + data.dataset.chart);\n"
               "  quipuChart(place, JSON.parse(data.textContent));\n"
               "  place.parentNode.classList.add('drawn');\n"
               "});\n</script>\n");
}

void qi_write_study_html(qi_document *doc) {
    const qi_answers *a = doc->answers;
    size_t at = 0;
    put_head(doc);
    put_contents(doc);
    qi_doc_raw(doc, "<main>\n");
    for (size_t s = 0; s < a->study->sections.n; s++) {
        const qi_section *section = &a->study->sections.items[s];
        qi_doc_printf(doc, "<section id=\"section-%zu\">\n<h2>", s + 1);
        qi_doc_text(doc, section->title.text);
        qi_doc_raw(doc, "</h2>\n");
        for (size_t i = 0; i < section->content.n; i++)
            put_block(doc, at++);
        qi_doc_raw(doc, "</section>\n");
    }
    put_differences(doc);
    put_inputs(doc);
    put_footnotes(doc);
    qi_doc_printf(doc,
                  "</main>\n<footer><p>quipu " QUIPU_VERSION " · manifest <code>%s</code> · "
                  "<a href=\"manifest.json\">manifest.json</a> · "
                  "<a href=\"CITATION.cff\">CITATION.cff</a></p></footer>\n",
                  doc->manifest);
    put_scripts(doc);
    qi_doc_raw(doc, "</body>\n</html>\n");
}
