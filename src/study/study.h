/* SPDX-License-Identifier: Apache-2.0 */
/* study.h (private) - a study as written (qi_study) and as answered (qi_answers).
 *
 *   yaml.c     bytes to nodes with line and column
 *   schema.c   nodes to the structures below, by a table of keys
 *   study.c    the file read, names replaced, blocks listed
 *   inputs.c   cubes, registers and tables behind the names
 *   ask.c      "growth peru --reporter Peru --years 1995-2011" to a table
 *   layout.c   a long table laid out in rows and columns
 *   pick.c     one figure out of a table, and how it is said
 *   compare.c  printed figures beside ours
 *   answer.c   every block answered
 *   text.c     paragraphs with inline figures, links and footnotes
 *   write_*.c  documents; bundle.c the folder
 */
#ifndef QI_STUDY_STUDY_H
#define QI_STUDY_STUDY_H

#include "base/base.h"
#include "quipu/catalog.h"
#include "quipu/chart.h"
#include "quipu/study.h"

/* ---- as written ---- */

/* A scalar with the place it stands at; text NULL = key not given. */
typedef struct qi_words {
    const char *text;
    uint32_t line, column;
} qi_words;

typedef struct qi_texts { /* one text, or a list of them */
    qi_words *items;
    size_t n;
} qi_texts;

typedef struct qi_entry { /* of a mapping whose keys are free */
    qi_words key, value;
} qi_entry;

typedef struct qi_entries {
    qi_entry *items;
    size_t n;
} qi_entries;

typedef struct qi_author {
    qi_words family, given, name, affiliation;
} qi_author;

typedef struct qi_input_spec {
    qi_words name; /* its key */
    qi_texts import;
    qi_words cube, reg, table, title, obtain, profile, map, nomenclature, optional;
} qi_input_spec;

typedef struct qi_cause {
    qi_entries when; /* columns of the reference and their values; none = every cell */
    qi_words cause;  /* vintage, mirror, gold, ... */
    qi_words text;
} qi_cause;

typedef struct qi_causes {
    qi_cause *items;
    size_t n;
} qi_causes;

typedef struct qi_reference {
    qi_words file;
    qi_entries only;   /* rows of the reference with these values; none = all */
    qi_entries match;  /* column of the reference: column of ours */
    qi_words printed;  /* column of the reference */
    qi_words figure;   /* column of ours; default: the measure's main figure */
    qi_words unit;     /* "percent", "million", "times", "" */
    qi_words decimals; /* as printed; default: those of each figure */
    qi_causes causes;
    uint32_t line, column; /* 0 = not given */
} qi_reference;

typedef struct qi_layout {
    qi_texts rows, columns;
    qi_words figure;
    uint32_t line, column;
} qi_layout;

/* One way of answering a block; the first whose inputs are all there is taken. */
typedef struct qi_choice_spec {
    qi_texts ask;
    qi_words title;
    qi_texts notes;
    qi_causes causes; /* of differences, when this way is taken */
    qi_words figure;  /* of the comparison */
    uint32_t line, column;
} qi_choice_spec;

typedef struct qi_choices {
    qi_choice_spec *items;
    size_t n;
} qi_choices;

typedef struct qi_variant {
    qi_words name;
    qi_texts ask;
    qi_words file; /* its own printed figures; else those of the reference */
} qi_variant;

typedef struct qi_variants {
    qi_variant *items;
    size_t n;
} qi_variants;

typedef enum qi_block_kind {
    QI_BLOCK_TEXT,
    QI_BLOCK_TABLE,
    QI_BLOCK_FIGURE,
    QI_BLOCK_FACTS,
    QI_BLOCK_HYPOTHESIS
} qi_block_kind;

typedef struct qi_block {
    qi_block_kind kind;
    qi_words id; /* of a table or figure; the text itself of a text block */
    qi_words title, number;
    qi_texts ask;
    qi_choices choices;
    qi_texts notes, show;
    qi_layout layout;
    qi_reference reference;
    /* figures */
    qi_words of; /* the table it shows */
    qi_words chart, x, y, series, size, source, target, subtitle, width, height;
    /* hypotheses */
    qi_words claim, distance;
    qi_variants variants;
    qi_words file; /* facts */
    uint32_t line, column;
} qi_block;

typedef struct qi_section {
    qi_words title;
    struct {
        qi_block *items;
        size_t n;
    } content;
} qi_section;

typedef struct qi_study {
    const char *path;   /* as given */
    const char *folder; /* where it is: other paths start there */
    qi_words quipu, name, title, subtitle, date, language, summary, version, license;
    struct {
        qi_author *items;
        size_t n;
    } authors;
    struct {
        qi_input_spec *items;
        size_t n;
    } inputs;
    qi_entries let, values, footnotes, sources;
    struct {
        qi_section *items;
        size_t n;
    } sections;
    qi_arena arena;
} qi_study;

quipu_status qi_study_read(const char *path, qi_study *out, quipu_error *err);
void qi_study_free(qi_study *study);
/* "file.yaml:12:5: ..." of a place in the study file; keeps the first cause. */
quipu_status qi_study_fail(const qi_study *study, qi_words at, quipu_error *err,
                           const char *format, ...) QUIPU_PRINTF(4, 5);
/* Puts file, line and column of a place in the study file before an error without a place. */
quipu_status qi_study_blame(const qi_study *study, qi_words at, quipu_error *err);
/* {name} replaced by its value under `let`. */
quipu_status qi_study_fill(const qi_study *study, qi_words text, qi_arena *arena,
                           const char **out, quipu_error *err);
/* A path of the study file, from its folder. */
const char *qi_study_path(const qi_study *study, qi_arena *arena, const char *path);
static inline const char *qi_or(qi_words words, const char *otherwise) {
    return words.text != NULL ? words.text : otherwise;
}

#endif
