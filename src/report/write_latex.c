/* SPDX-License-Identifier: Apache-2.0 */
/* write_latex.c - a table for \input: booktabs rules, caption above, notes below.
 *
 * Needs the packages its first line names; quipu_latex_packages() has them all.  A table
 * longer than a page is set with longtable, a wide one on a page of its own turned on its
 * side.  A bare table ("plain") is the tabular alone.
 */
#include "quipu/bundle.h"
#include "report/latex.h"

#define LINES_OF_A_PAGE 40

const char *quipu_latex_packages(void) {
    return "\\usepackage{cmap} % before fontenc: accented words can be searched for\n"
           "\\usepackage[T1]{fontenc}\n"
           "\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}\n"
           "\\usepackage{booktabs,longtable,array,pdflscape}\n"
           "\\usepackage[tableposition=top,font=small,labelfont=bf]{caption}\n"
           "\\setlength{\\emergencystretch}{3em}\n"
           "% A character these fonts do not have is shown as [?] instead of ending the run.\n"
           "\\makeatletter\n"
           "\\def\\UTFviii@undefined@err#1{\\textsf{[?]}}\n"
           "\\makeatother\n";
}

/* Signs pdflatex knows only in formulas, blanks, and what cannot be seen. */
static const char *escape_sign(int32_t point) {
    switch (point) {
    case 0xA0: return "~";
    case 0xB1: return "$\\pm$";
    case 0xD7: return "$\\times$";
    case 0x394: return "$\\Delta$";
    case 0x3A3:
    case 0x2211: return "$\\Sigma$";
    case 0x3B1: return "$\\alpha$";
    case 0x3B2: return "$\\beta$";
    case 0x3C3: return "$\\sigma$";
    case 0x2009:
    case 0x202F: return "\\,";
    case 0xAD:
    case 0x200B:
    case 0x200C:
    case 0x200D:
    case 0xFEFF: return "";
    case 0x2010:
    case 0x2011: return "-";
    case 0x2028:
    case 0x2029: return " ";
    case 0x2190: return "$\\leftarrow$";
    case 0x2192: return "$\\rightarrow$";
    case 0x2212: return "$-$";
    case 0x221E: return "$\\infty$";
    case 0x2248: return "$\\approx$";
    case 0x2260: return "$\\neq$";
    case 0x2264: return "$\\leq$";
    case 0x2265: return "$\\geq$";
    default: return point >= 0x80 && point < 0xA0 ? " " : NULL;
    }
}

const char *qi_escape_latex(int32_t point) {
    switch (point) {
    case '\\': return "\\textbackslash{}";
    case '^': return "\\textasciicircum{}";
    case '~': return "\\textasciitilde{}";
    case '`': return "\\textasciigrave{}";
    case '<': return "\\textless{}";
    case '>': return "\\textgreater{}";
    case '|': return "\\textbar{}";
    case '"': return "''";
    /* At the start of a row these would be read as arguments of the line end before. */
    case '[': return "{[}";
    case '*': return "{*}";
    case '{': return "\\{";
    case '}': return "\\}";
    case '$': return "\\$";
    case '&': return "\\&";
    case '#': return "\\#";
    case '_': return "\\_";
    case '%': return "\\%";
    default:
        if (point < 0x20 || point == 0x7F)
            return " ";
        return point < 0x80 ? NULL : escape_sign(point);
    }
}

/* In a paragraph an address or "copper/zinc" may be broken after the stroke. */
static const char *escape_paragraph(int32_t point) {
    return point == '/'   ? "/\\allowbreak{}"
           : point == '_' ? "\\_\\allowbreak{}"
                          : qi_escape_latex(point);
}

static void put_cell(qi_writer *w, const qi_latex_plan *plan, size_t column, size_t row) {
    char number[QI_CELL_TEXT];
    const char *text;
    size_t length = qi_cell_people(w, column, row, number, &text);
    if (text != NULL) {
        qi_put_escaped(w, text,
                       plan->columns[column].wraps ? escape_paragraph : qi_escape_latex);
    } else if (number[0] == '-' && length > 1) {
        qi_puts(w, "$-$"); /* a minus, not a hyphen */
        qi_put(w, number + 1, length - 1);
    } else {
        qi_put(w, number, length);
    }
}

/* ---- headers ---- */

static void put_word(qi_writer *w, const char *word, size_t length) {
    char part[256];
    while (length > 0) {
        size_t n = length < sizeof part - 1 ? length : sizeof part - 1;
        memcpy(part, word, n);
        part[n] = '\0';
        qi_put_escaped(w, part, qi_escape_latex);
        word += n;
        length -= n;
    }
}

/* A stack of lines, none longer than the column needs anyway; its foot on the base line. */
static void put_stacked(qi_writer *w, double room, bool right, const char *text) {
    double line = 0;
    if (qi_latex_width(text) <= room) {
        qi_put_escaped(w, text, qi_escape_latex);
        return;
    }
    qi_puts(w, right ? "\\begin{tabular}[b]{@{}r@{}}" : "\\begin{tabular}[b]{@{}l@{}}");
    while (*text != '\0') {
        char word[256];
        size_t length = strcspn(text, " ");
        snprintf(word, sizeof word, "%.*s", (int)(length < 255 ? length : 255), text);
        double width = qi_latex_width(word);
        if (line > 0 && line + 0.34 + width > room) {
            qi_puts(w, "\\\\");
            line = 0;
        } else if (line > 0) {
            qi_putc(w, ' ');
            line += 0.34;
        }
        put_word(w, text, length);
        line += width;
        text += length;
        text += strspn(text, " ");
    }
    qi_puts(w, "\\end{tabular}");
}

static bool put_header(qi_writer *w, const qi_latex_plan *plan, qi_buffer *line) {
    qi_puts(w, "\\toprule\n");
    for (size_t i = 0; i < w->table->n_columns; i++) {
        const qi_latex_column *c = &plan->columns[i];
        if (!qi_column_header(w, i, line))
            return false;
        if (i > 0)
            qi_puts(w, " & ");
        if (!c->wraps)
            put_stacked(w, qi_latex_column_width(c, plan->head_room), !qi_column_is_text(w, i),
                        line->bytes);
        else
            qi_put_escaped(w, line->bytes, c->wraps ? escape_paragraph : qi_escape_latex);
    }
    qi_puts(w, " \\\\\n\\midrule\n");
    return true;
}

static void put_columns(qi_writer *w, const qi_latex_plan *plan) {
    char text[160];
    for (size_t i = 0; i < w->table->n_columns; i++) {
        const qi_latex_column *c = &plan->columns[i];
        if (!c->wraps) {
            qi_putc(w, qi_column_is_text(w, i) ? 'l' : 'r');
            continue;
        }
        /* The room the other columns leave is known to TeX alone. */
        int fixed = (int)(plan->fixed * 10 + 1);
        snprintf(text, sizeof text,
                 ">{\\raggedright\\arraybackslash\\hspace{0pt}}"
                 "p{\\dimexpr(\\linewidth-%d.%dem-%zu\\tabcolsep)*%d/1000\\relax}",
                 fixed / 10, fixed % 10, 2 * w->table->n_columns, (int)c->share);
        qi_puts(w, text);
    }
}

/* ---- frame ---- */

static void put_caption(qi_writer *w, const char *end) {
    if (w->table->title[0] == '\0')
        return;
    qi_puts(w, "\\caption{");
    qi_put_escaped(w, w->table->title, escape_paragraph);
    qi_puts(w, "}");
    qi_puts(w, end);
}

static void put_frame(qi_writer *w, qi_word word, const char *text) {
    qi_puts(w, "\\par\\smallskip{\\footnotesize\\raggedright ");
    qi_puts(w, qi_frame_word(w, word));
    qi_puts(w, ": ");
    qi_put_escaped(w, text, escape_paragraph);
    qi_puts(w, "\\par}\n");
}

static bool put_notes(qi_writer *w, qi_buffer *line) {
    for (size_t i = 0; i < w->table->n_notes; i++)
        put_frame(w, QI_WORD_NOTE, w->table->notes[i]);
    if (!qi_source_line(w, line))
        return false;
    if (line->length > 0)
        put_frame(w, QI_WORD_SOURCE, line->bytes);
    return true;
}

static void put_packages(qi_writer *w, const qi_latex_plan *plan, bool longer) {
    bool array = false;
    for (size_t i = 0; i < w->table->n_columns; i++)
        array = array || plan->columns[i].wraps;
    const char *extra = array ? ", array" : "";
    if (!array && !longer && !plan->landscape) {
        qi_puts(w, "% needs the package booktabs\n");
        return;
    }
    qi_puts(w, "% needs the packages booktabs");
    qi_puts(w, extra);
    qi_puts(w, longer ? ", longtable" : "");
    qi_puts(w, plan->landscape ? ", pdflscape\n" : "\n");
}

static void put_beginning(qi_writer *w, const qi_latex_plan *plan, bool longer) {
    bool plain = w->options->plain;
    if (plan->landscape)
        qi_puts(w, "\\begin{landscape}\n");
    if (!plain && !longer) {
        qi_puts(w, "\\begin{table}[htbp]\n\\centering\n");
        put_caption(w, "\n");
    }
    /* The size and the gaps hold inside a brace, or the notes would have them too. */
    if (longer || plan->size[0] != '\0' || plan->gap != 6) {
        qi_putc(w, '{');
        qi_puts(w, plan->size);
        char gap[48];
        snprintf(gap, sizeof gap, "\\setlength{\\tabcolsep}{%dpt}", plan->gap);
        qi_puts(w, plan->gap != 6 ? gap : "");
        qi_puts(w, longer ? "\\setlength{\\LTcapwidth}{\\linewidth}%\n" : "%\n");
    }
    qi_puts(w, longer ? "\\begin{longtable}{" : "\\begin{tabular}{");
    put_columns(w, plan);
    qi_puts(w, "}\n");
    if (longer)
        put_caption(w, "\\\\\n");
}

static void put_rows(qi_writer *w, const qi_latex_plan *plan) {
    for (size_t row = 0; row < w->table->n_rows && !w->refused; row++) {
        for (size_t i = 0; i < w->table->n_columns; i++) {
            if (i > 0)
                qi_puts(w, " & ");
            put_cell(w, plan, i, row);
        }
        qi_puts(w, " \\\\\n");
    }
}

static bool put_table(qi_writer *w, const qi_latex_plan *plan, qi_buffer *line) {
    bool plain = w->options->plain;
    bool longer = !plain && (plan->lines > LINES_OF_A_PAGE || plan->landscape);
    put_packages(w, plan, longer);
    put_beginning(w, plan, longer);
    if (!put_header(w, plan, line))
        return false;
    if (longer) {
        /* The caption on the first page only, the header on every page. */
        qi_puts(w, "\\endfirsthead\n");
        if (!put_header(w, plan, line))
            return false;
        qi_puts(w, "\\endhead\n\\bottomrule\n\\endfoot\n");
    }
    put_rows(w, plan);
    qi_puts(w, longer ? "\\end{longtable}" : "\\bottomrule\n\\end{tabular}");
    qi_puts(w, longer || plan->size[0] != '\0' || plan->gap != 6 ? "}\n" : "\n");
    if (plain)
        return true;
    if (!put_notes(w, line))
        return false;
    if (!longer)
        qi_puts(w, "\\end{table}\n");
    if (plan->landscape)
        qi_puts(w, "\\end{landscape}\n");
    return true;
}

void qi_write_latex(qi_writer *w) {
    qi_latex_plan plan;
    qi_buffer line = {0};
    if (!qi_latex_plan_make(w, &plan)) {
        w->no_memory = true;
        return;
    }
    w->no_memory = !put_table(w, &plan, &line);
    free(plan.columns);
    qi_buffer_free(&line);
}
