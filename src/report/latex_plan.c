/* SPDX-License-Identifier: Apache-2.0 */
/* latex_plan.c - from the widths of columns to a layout that fits the page and can be read.
 *
 * In this order: headers on several lines; long names as paragraphs; smaller letters, down to
 * footnote size; the page on its side, and only there letters smaller still.
 */
#include "report/latex.h"

/* The text of LaTeX's article in 10 points, upright and on its side, in em of 10 points; other
 * classes and margins are wider. */
#define UPRIGHT  34.4
#define SIDEWAYS 54.0
#define NARROW   7.0 /* a name this short is not broken */

static double width_of(int32_t point) {
    if (point < 0 || point > 0x2E7F)
        return 1.0;
    if (point >= 0x80)
        return point >= 0xC0 && point <= 0xDE ? 0.75 : 0.56;
    if (point >= '0' && point <= '9')
        return 0.5;
    if (point >= 'A' && point <= 'Z')
        return strchr("MW", (int)point) != NULL ? 1.03 : point == 'I' ? 0.4 : 0.75;
    if (strchr("mw", (int)point) != NULL)
        return 0.84;
    if (strchr("ijlftrs", (int)point) != NULL)
        return 0.4;
    if (strchr(" .,:;'!()|-", (int)point) != NULL)
        return point == ' ' ? 0.34 : point == '(' || point == ')' ? 0.39 : 0.34;
    return point == '%' || point == '@' || point == '&' || point == '<' || point == '>' ? 0.84
                                                                                        : 0.56;
}

static double width_of_part(const char *text, size_t length) {
    double width = 0;
    for (size_t at = 0; at < length;)
        width += width_of(qi_utf8_next(text, length, &at));
    return width;
}

double qi_latex_width(const char *text) {
    return width_of_part(text, strlen(text));
}

static double longest_word(const char *text) {
    double longest = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, " /");
        double width = width_of_part(text, length + (text[length] == '/'));
        longest = width > longest ? width : longest;
        text += length;
        text += strspn(text, " /");
    }
    return longest;
}

static bool measure(const qi_writer *w, size_t column, qi_latex_column *c) {
    char number[QI_CELL_TEXT];
    const char *text;
    qi_buffer header = {0};
    if (!qi_column_header(w, column, &header)) {
        qi_buffer_free(&header);
        return false;
    }
    *c = (qi_latex_column){.head = qi_latex_width(header.bytes),
                           .word = longest_word(header.bytes)};
    qi_buffer_free(&header);
    for (size_t row = 0; row < w->table->n_rows; row++) {
        qi_cell_people(w, column, row, number, &text);
        const char *cell = text != NULL ? text : number;
        double width = qi_latex_width(cell) + (text == NULL && number[0] == '-' ? 0.5 : 0);
        c->body = width > c->body ? width : c->body;
        if (text == NULL)
            continue;
        double word = longest_word(cell);
        c->word = word > c->word ? word : c->word;
    }
    return true;
}

/* A header's lines are as long as the column needs anyway, and at least `head_room`. */
double qi_latex_column_width(const qi_latex_column *c, double head_room) {
    double head = c->head < head_room ? c->head : head_room;
    double width = head > c->word ? head : c->word;
    return width > c->body ? width : c->body;
}

/* A paragraph column narrower than this is a tower of words. */
static double least_of(const qi_latex_column *c, double natural) {
    double most = natural < 10 ? natural : 10;
    return c->word + 0.5 > most ? c->word + 0.5 : most;
}

/* Does it fit `room` em of this size, `gap` em with every column, with long names broken? */
static bool fits(const qi_writer *w, qi_latex_plan *plan, double room, double gap, bool wrap) {
    size_t n = w->table->n_columns;
    double fixed = 0, least = 0, wanted = 0;
    for (size_t i = 0; i < n; i++) {
        qi_latex_column *c = &plan->columns[i];
        double natural = qi_latex_column_width(c, plan->head_room);
        c->wraps = wrap && qi_column_is_text(w, i) && natural > NARROW;
        if (c->wraps) {
            least += least_of(c, natural);
            wanted += natural;
        } else {
            fixed += natural;
        }
    }
    double left = room - fixed - gap * (double)n;
    plan->fixed = fixed;
    if (left < least || (wrap && wanted <= 0))
        return false;
    /* Every name gets what its longest word needs, and of the rest what it would like. */
    for (size_t i = 0; i < n; i++) {
        qi_latex_column *c = &plan->columns[i];
        double natural = qi_latex_column_width(c, plan->head_room);
        if (!c->wraps)
            continue;
        c->room = least_of(c, natural) + (left - least) * natural / wanted;
        c->share = 1000 * c->room / left;
    }
    return true;
}

static bool find_fit(const qi_writer *w, qi_latex_plan *plan) {
    static const struct {
        const char *size;
        double em; /* of this size, in em of 10 points */
        int gap;   /* points on each side of a column: TeX's own are 6 */
        bool landscape;
    } STEPS[] = {{"", 1.0, 6, false},
                 {"\\small", 0.925, 6, false},
                 {"\\small", 0.925, 4, false},
                 {"\\footnotesize", 0.85, 4, false},
                 {"\\footnotesize", 0.85, 3, false},
                 {"\\small", 0.925, 6, true},
                 {"\\footnotesize", 0.85, 4, true},
                 {"\\scriptsize", 0.81, 3, true},
                 {"\\scriptsize", 0.81, 2, true}};
    static const double HEAD_ROOMS[] = {QI_LATEX_ONE_LINE, 6, 0};
    for (size_t i = 0; i < QI_COUNT(STEPS); i++) {
        double room = (STEPS[i].landscape ? SIDEWAYS : UPRIGHT) / STEPS[i].em;
        double gap = 0.2 * STEPS[i].gap / STEPS[i].em;
        plan->size = STEPS[i].size;
        plan->landscape = STEPS[i].landscape;
        plan->gap = STEPS[i].gap;
        for (size_t j = 0; j < QI_COUNT(HEAD_ROOMS); j++) {
            plan->head_room = HEAD_ROOMS[j];
            if (fits(w, plan, room, gap, false))
                return true;
        }
        for (size_t j = 1; j < QI_COUNT(HEAD_ROOMS); j++) {
            plan->head_room = HEAD_ROOMS[j];
            if (fits(w, plan, room, gap, true))
                return true;
        }
    }
    return false;
}

/* Broken lines are ragged: a fifth of their room stays empty. */
static size_t count_lines(const qi_writer *w, const qi_latex_plan *plan) {
    size_t lines = 0;
    for (size_t row = 0; row < w->table->n_rows; row++) {
        size_t highest = 1;
        for (size_t i = 0; i < w->table->n_columns; i++) {
            const qi_latex_column *c = &plan->columns[i];
            if (!c->wraps || !qi_cell_present(w, i, row))
                continue;
            double width = qi_latex_width(w->table->columns[i].data.text[row]);
            size_t high = 1 + (size_t)(width / (c->room * 0.8));
            highest = high > highest && width > c->room ? high : highest;
        }
        lines += highest;
    }
    return lines;
}

bool qi_latex_plan_make(const qi_writer *w, qi_latex_plan *plan) {
    *plan = (qi_latex_plan){.size = "", .gap = 6, .head_room = QI_LATEX_ONE_LINE};
    plan->columns = calloc(w->table->n_columns + 1, sizeof *plan->columns);
    if (plan->columns == NULL)
        return false;
    for (size_t i = 0; i < w->table->n_columns; i++) {
        if (!measure(w, i, &plan->columns[i])) {
            free(plan->columns);
            return false;
        }
    }
    /* A bare table goes where its author wants it: the frame around it is not ours. */
    bool fitting = w->options->plain || find_fit(w, plan);
    for (size_t i = 0; i < w->table->n_columns && !fitting; i++)
        plan->columns[i].wraps = false; /* wider than any page: nothing helps */
    plan->lines = count_lines(w, plan);
    return true;
}
