/* SPDX-License-Identifier: Apache-2.0 */
/* markdown.c - the study as markdown beside the folders figures/ and tables/. */
#include "study/document.h"

static qi_arena *arena_of(qi_document *doc) {
    return (qi_arena *)&doc->answers->arena;
}

static void put_run(qi_document *doc, const qi_run *run) {
    switch (run->kind) {
    case QI_RUN_TEXT:
    case QI_RUN_FIGURE: qi_doc_text(doc, run->text); break;
    case QI_RUN_STRONG:
    case QI_RUN_STRONG_END: qi_doc_raw(doc, "**"); break;
    case QI_RUN_EMPHASIS:
    case QI_RUN_EMPHASIS_END: qi_doc_raw(doc, "*"); break;
    case QI_RUN_CODE:
        qi_doc_raw(doc, "`");
        qi_doc_raw(doc, run->text);
        qi_doc_raw(doc, "`");
        break;
    case QI_RUN_LINK: qi_doc_raw(doc, "["); break;
    case QI_RUN_LINK_END: break;
    case QI_RUN_NOTE: qi_doc_printf(doc, "[^%zu]", run->number); break;
    }
}

static void put_prose(qi_document *doc, const qi_prose *prose) {
    for (size_t i = 0; i < prose->n; i++) {
        const qi_paragraph *p = &prose->items[i];
        const char *url = "";
        qi_doc_raw(doc, p->item ? "- " : "");
        for (size_t k = 0; k < p->n; k++) {
            put_run(doc, &p->runs[k]);
            if (p->runs[k].kind == QI_RUN_LINK)
                url = p->runs[k].extra;
            if (p->runs[k].kind == QI_RUN_LINK_END)
                qi_doc_printf(doc, "](%s)", url);
        }
        bool next = i + 1 < prose->n && p->item && prose->items[i + 1].item;
        qi_doc_raw(doc, next ? "\n" : "\n\n");
    }
}

static bool into_page(void *user, const char *bytes, size_t length) {
    qi_document *doc = user;
    return qi_buffer_add(&doc->out, bytes, length);
}

static void put_table(qi_document *doc, const qi_done *done) {
    quipu_report_options options = {.format = QUIPU_FORMAT_MARKDOWN,
                                    .spanish = doc->answers->spanish};
    if (done->shown.n_columns == 0) {
        qi_doc_raw(doc, "**");
        qi_doc_text(doc, qi_done_heading(done, arena_of(doc)));
        qi_doc_raw(doc, "**\n\n");
        qi_doc_text(doc, qi_doc_say(doc, QI_DOC_NOT_MADE));
        qi_doc_raw(doc, ": ");
        qi_doc_text(doc, qi_or(done->missing->spec->obtain, done->missing->spec->name.text));
        qi_doc_raw(doc, "\n\n");
        return;
    }
    if (quipu_report_write(&done->shown, &options, into_page, doc, NULL) != QUIPU_OK)
        doc->no_memory = true;
    qi_doc_raw(doc, "\n");
    for (size_t i = 0; i < done->n_notes; i++)
        put_prose(doc, &done->notes[i]);
}

static void put_figure(qi_document *doc, const qi_done *done) {
    const char *heading = qi_done_heading(done, arena_of(doc));
    if (done->option == NULL) {
        qi_doc_text(doc, heading);
        qi_doc_raw(doc, ": ");
        qi_doc_text(doc, qi_doc_say(doc, QI_DOC_NOT_MADE));
        qi_doc_raw(doc, "\n\n");
        return;
    }
    qi_doc_raw(doc, "![");
    qi_doc_text(doc, heading);
    qi_doc_printf(doc, "](figures/%s.svg)\n\n", done->block->id.text);
    for (size_t i = 0; i < done->n_notes; i++)
        put_prose(doc, &done->notes[i]);
}

static void put_block(qi_document *doc, size_t i) {
    const qi_done *done = &doc->answers->items[i];
    if (done->block->kind == QI_BLOCK_TEXT)
        put_prose(doc, &doc->answers->prose[i]);
    else if (done->block->kind == QI_BLOCK_FIGURE)
        put_figure(doc, done);
    else
        put_table(doc, done);
}

void qi_write_study_markdown(qi_document *doc) {
    const qi_answers *a = doc->answers;
    size_t at = 0;
    qi_doc_raw(doc, "# ");
    qi_doc_text(doc, a->title);
    qi_doc_raw(doc, "\n\n");
    if (a->subtitle[0] != '\0') {
        qi_doc_text(doc, a->subtitle);
        qi_doc_raw(doc, "\n\n");
    }
    for (size_t i = 0; i < a->study->authors.n; i++) {
        qi_doc_raw(doc, i > 0 ? ", " : "");
        qi_doc_text(doc, qi_author_name(&a->study->authors.items[i], arena_of(doc)));
    }
    qi_doc_raw(doc, a->study->authors.n > 0 ? "\n\n" : "");
    put_prose(doc, &a->summary);
    for (size_t s = 0; s < a->study->sections.n; s++) {
        const qi_section *section = &a->study->sections.items[s];
        qi_doc_raw(doc, "## ");
        qi_doc_text(doc, section->title.text);
        qi_doc_raw(doc, "\n\n");
        for (size_t i = 0; i < section->content.n; i++)
            put_block(doc, at++);
    }
    for (size_t i = 0; i < a->noted.n; i++) {
        qi_doc_printf(doc, "[^%zu]: ", i + 1);
        qi_doc_text(doc, a->noted.items[i]->value.text);
        qi_doc_raw(doc, "\n");
    }
    qi_doc_printf(doc, "\n---\n\nquipu " QUIPU_VERSION ", manifest `%s`\n", doc->manifest);
}
