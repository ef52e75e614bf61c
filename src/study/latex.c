/* SPDX-License-Identifier: Apache-2.0 */
/* latex.c - the study as a document for pdflatex, beside figures/ (PDF) and tables/ (tabulars
 * with caption and notes). */
#include "study/document.h"

#include "quipu/bundle.h"

static qi_arena *arena_of(qi_document *doc) {
    return (qi_arena *)&doc->answers->arena;
}

/* hyperref wants % and # of an address escaped, and nothing else. */
static void put_url(qi_document *doc, const char *url) {
    for (; *url != '\0'; url++) {
        char text[3] = {*url, 0, 0};
        if (*url == '%' || *url == '#' || *url == '&' || *url == '_') {
            text[1] = text[0];
            text[0] = '\\';
        }
        if (*url != '\\' && *url != '{' && *url != '}')
            qi_doc_raw(doc, text);
    }
}

static void put_run(qi_document *doc, const qi_run *run) {
    const qi_noted *noted = &doc->answers->noted;
    switch (run->kind) {
    case QI_RUN_TEXT:
    case QI_RUN_FIGURE: qi_doc_text(doc, run->text); break;
    case QI_RUN_STRONG: qi_doc_raw(doc, "\\textbf{"); break;
    case QI_RUN_EMPHASIS: qi_doc_raw(doc, "\\emph{"); break;
    case QI_RUN_STRONG_END:
    case QI_RUN_EMPHASIS_END:
    case QI_RUN_LINK_END: qi_doc_raw(doc, "}"); break;
    case QI_RUN_CODE:
        qi_doc_raw(doc, "\\texttt{");
        qi_doc_text(doc, run->text);
        qi_doc_raw(doc, "}");
        break;
    case QI_RUN_LINK:
        qi_doc_raw(doc, "\\href{");
        put_url(doc, run->extra);
        qi_doc_raw(doc, "}{");
        break;
    case QI_RUN_NOTE:
        qi_doc_raw(doc, "\\footnote{");
        qi_doc_text(doc, noted->items[run->number - 1]->value.text);
        qi_doc_raw(doc, "}");
        break;
    }
}

static void put_prose(qi_document *doc, const qi_prose *prose) {
    bool list = false;
    for (size_t i = 0; i < prose->n; i++) {
        const qi_paragraph *p = &prose->items[i];
        if (p->item != list)
            qi_doc_raw(doc, p->item ? "\\begin{itemize}\n" : "\\end{itemize}\n\n");
        list = p->item;
        qi_doc_raw(doc, p->item ? "\\item " : "");
        for (size_t k = 0; k < p->n; k++)
            put_run(doc, &p->runs[k]);
        qi_doc_raw(doc, p->item ? "\n" : "\n\n");
    }
    if (list)
        qi_doc_raw(doc, "\\end{itemize}\n\n");
}

static void put_notes(qi_document *doc, const qi_done *done) {
    for (size_t i = 0; i < done->n_notes; i++) {
        qi_doc_raw(doc, "{\\footnotesize ");
        put_prose(doc, &done->notes[i]);
        qi_doc_raw(doc, "\\par}\n\n");
    }
}

static void put_not_made(qi_document *doc, const qi_done *done) {
    qi_doc_raw(doc, "\\begin{quote}\\itshape ");
    qi_doc_text(doc, qi_done_heading(done, arena_of(doc)));
    qi_doc_raw(doc, ": ");
    qi_doc_text(doc, qi_doc_say(doc, QI_DOC_NOT_MADE));
    if (done->missing != NULL && done->missing->spec->obtain.text != NULL) {
        qi_doc_raw(doc, ". ");
        qi_doc_text(doc, done->missing->spec->obtain.text);
    }
    qi_doc_raw(doc, "\\end{quote}\n\n");
}

static void put_block(qi_document *doc, size_t i) {
    const qi_done *done = &doc->answers->items[i];
    if (done->block->kind == QI_BLOCK_TEXT) {
        put_prose(doc, &doc->answers->prose[i]);
    } else if (done->block->kind != QI_BLOCK_FIGURE) {
        if (done->shown.n_columns == 0) {
            put_not_made(doc, done);
            return;
        }
        qi_doc_printf(doc, "\\input{tables/%s.tex}\n\n", done->block->id.text);
        put_notes(doc, done);
    } else if (done->option == NULL) {
        put_not_made(doc, done);
    } else {
        qi_doc_printf(doc,
                      "\\begin{figure}[htbp]\n\\centering\n\\includegraphics[width=\\linewidth]"
                      "{figures/%s.pdf}\n\\end{figure}\n\n", /* its title is in it */
                      done->block->id.text);
        put_notes(doc, done);
    }
}

static void put_head(qi_document *doc) {
    const qi_answers *a = doc->answers;
    qi_doc_raw(
        doc,
        "\\documentclass[11pt,a4paper]{article}\n\\usepackage[utf8]{inputenc}\n"
        "\\usepackage[T1]{fontenc}\n"
        "\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}\n\\usepackage{textcomp,amssymb}\n"
        "\\usepackage[margin=25mm]{geometry}\n\\usepackage{graphicx}\n"
        "\\usepackage{caption}\n");
    qi_doc_raw(doc, quipu_latex_packages());
    qi_doc_raw(doc, "\\usepackage[hidelinks]{hyperref}\n"
                    "\\emergencystretch=3em\n"
                    "\\hypersetup{pdftitle={");
    qi_doc_text(doc, a->title);
    qi_doc_printf(doc, "},pdfkeywords={quipu manifest %s}}\n", doc->manifest);
    qi_doc_raw(doc, "\\title{");
    qi_doc_text(doc, a->title);
    if (a->subtitle[0] != '\0') {
        qi_doc_raw(doc, "\\\\[1ex]\\large ");
        qi_doc_text(doc, a->subtitle);
    }
    qi_doc_raw(doc, "}\n\\author{");
    for (size_t i = 0; i < a->study->authors.n; i++) {
        qi_doc_raw(doc, i > 0 ? " \\and " : "");
        qi_doc_text(doc, qi_author_name(&a->study->authors.items[i], arena_of(doc)));
    }
    qi_doc_raw(doc, "}\n\\date{");
    qi_doc_text(doc, qi_or(a->study->date, ""));
    qi_doc_raw(doc, "}\n\\begin{document}\n\\maketitle\n");
    if (a->summary.n > 0) {
        qi_doc_raw(doc, "\\begin{abstract}\n");
        put_prose(doc, &a->summary);
        qi_doc_raw(doc, "\\end{abstract}\n");
    }
}

void qi_write_study_latex(qi_document *doc) {
    const qi_answers *a = doc->answers;
    size_t at = 0;
    put_head(doc);
    for (size_t s = 0; s < a->study->sections.n; s++) {
        const qi_section *section = &a->study->sections.items[s];
        qi_doc_raw(doc, "\\section{");
        qi_doc_text(doc, section->title.text);
        qi_doc_raw(doc, "}\n\n");
        for (size_t i = 0; i < section->content.n; i++)
            put_block(doc, at++);
    }
    if (a->comparison.n > 0) {
        qi_doc_raw(doc, "\\section{");
        qi_doc_text(doc, qi_doc_say(doc, QI_DOC_DIFFERENCES));
        qi_doc_raw(doc, "}\n\n\\input{tables/differences.tex}\n\n");
    }
    qi_doc_printf(doc,
                  "\\vfill\\noindent{\\scriptsize quipu " QUIPU_VERSION
                  ", manifest \\texttt{%.32s} \\texttt{%s}}\n\\end{document}\n",
                  doc->manifest, doc->manifest + 32);
}
