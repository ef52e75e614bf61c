/* SPDX-License-Identifier: Apache-2.0 */
/* keys.c - every key a study file may have, with what it means. */
#include "study/schema.h"

#include <stddef.h>

#define AT(type, member) offsetof(type, member)
#define KEY(type, member, name, kind, help)                                                    \
    { name, QI_KEY_##kind, AT(type, member), false, help, NULL, NULL }
#define NEEDED(type, member, name, kind, help)                                                 \
    { name, QI_KEY_##kind, AT(type, member), true, help, NULL, NULL }
#define PART(type, member, name, kind, schema, help)                                           \
    { name, QI_KEY_##kind, AT(type, member), false, help, schema, NULL }
#define WORD(type, member, name, choices, help)                                                \
    { name, QI_KEY_WORDS, AT(type, member), false, help, NULL, choices }
#define SCHEMA(id, title, says, type, where)                                                   \
    {                                                                                          \
        .name = title, .help = says, .keys = id##_keys, .n_keys = QI_COUNT(id##_keys),         \
        .size = sizeof(type), .place = where                                                   \
    }

static const qi_key author_keys[] = {
    KEY(qi_author, family, "family", WORDS, "family name"),
    KEY(qi_author, given, "given", WORDS, "given names"),
    KEY(qi_author, name, "name", WORDS, "an institution, or a name that is not taken apart"),
    KEY(qi_author, affiliation, "affiliation", WORDS, "where the author works"),
};
static const qi_schema author_schema =
    SCHEMA(author, "an author", "Who wrote the study.", qi_author, -1);

static const qi_key input_keys[] = {
    KEY(qi_input_spec, import, "import", TEXTS,
        "published files to make a cube of, as `quipu import` reads them"),
    KEY(qi_input_spec, cube, "cube", WORDS, "a cube that is there already"),
    KEY(qi_input_spec, reg, "register", WORDS, "a folder with a register of investments"),
    KEY(qi_input_spec, table, "table", WORDS,
        "a CSV table a question names as @NAME: production, classes, a tariff schedule"),
    KEY(qi_input_spec, title, "title", WORDS, "what it is, for the list of sources"),
    KEY(qi_input_spec, optional, "optional", SWITCH,
        "yes: what asks it is left out, and says so, where the file is not there"),
    KEY(qi_input_spec, obtain, "obtain", WORDS, "where it can be had"),
    KEY(qi_input_spec, profile, "profile", WORDS, "what kind of file `import` names"),
    KEY(qi_input_spec, map, "map", WORDS, "which column is what, for files no profile knows"),
    KEY(qi_input_spec, nomenclature, "nomenclature", WORDS,
        "the revision to keep, or the one the files do not name"),
};
static const qi_schema input_schema =
    SCHEMA(input, "an input",
           "One of the files a study is made of: one of import, cube, "
           "register and table.",
           qi_input_spec, -1);

static const qi_key cause_keys[] = {
    KEY(qi_cause, when, "when", ENTRIES,
        "columns of the reference and the values the cause holds for; none = every cell"),
    WORD(qi_cause, cause, "cause",
         "vintage mirror revision gold unclassified rounding definition source unknown",
         "one word for it"),
    KEY(qi_cause, text, "text", WORDS, "the cause in a sentence"),
};
static const qi_schema cause_schema =
    SCHEMA(cause, "a cause", "Why a figure may differ from the printed one.", qi_cause, -1);

static const qi_key reference_keys[] = {
    NEEDED(qi_reference, file, "file", WORDS, "a CSV table of printed figures, one a row"),
    KEY(qi_reference, only, "only", ENTRIES,
        "columns of the printed table and the values of the rows that count (a|b: either)"),
    NEEDED(qi_reference, match, "match", ENTRIES,
           "column of the printed table: column of ours with the same code or name"),
    NEEDED(qi_reference, printed, "printed", WORDS, "its column with the printed figure"),
    KEY(qi_reference, figure, "figure", WORDS,
        "our column; the main figure of the measure when not given"),
    WORD(qi_reference, unit, "unit", "percent thousand million billion times US$",
         "what the printed figure is in; percent for shares and million for money when not "
         "given"),
    KEY(qi_reference, decimals, "decimals", NUMBER,
        "printed digits after the point; as many as each figure has when not given"),
    PART(qi_reference, causes, "causes", LIST, &cause_schema,
         "why ours may differ, the first that fits"),
};
static const qi_schema reference_schema =
    SCHEMA(reference, "a reference", "Printed figures to compare with.", qi_reference,
           AT(qi_reference, line));

static const qi_key layout_keys[] = {
    NEEDED(qi_layout, rows, "rows", TEXTS, "columns whose values become the rows"),
    NEEDED(qi_layout, columns, "columns", TEXTS, "columns whose values become the columns"),
    KEY(qi_layout, figure, "figure", WORDS, "what stands in the cells"),
};
static const qi_schema layout_schema =
    SCHEMA(layout, "a layout", "A long table laid out in rows and columns.", qi_layout,
           AT(qi_layout, line));

static const qi_key choice_keys[] = {
    NEEDED(qi_choice_spec, ask, "ask", TEXTS,
           "a question, or several whose rows are put "
           "together"),
    KEY(qi_choice_spec, title, "title", WORDS, "instead of the block's"),
    KEY(qi_choice_spec, notes, "notes", TEXTS, "beside the block's"),
    KEY(qi_choice_spec, figure, "figure", WORDS, "our column to compare"),
    PART(qi_choice_spec, causes, "causes", LIST, &cause_schema,
         "of differences when this way is taken"),
};
static const qi_schema choice_schema =
    SCHEMA(choice, "a choice",
           "One way of answering; the first whose inputs are all there is "
           "taken.",
           qi_choice_spec, AT(qi_choice_spec, line));

static const qi_key variant_keys[] = {
    NEEDED(qi_variant, name, "name", WORDS, "what is supposed"),
    NEEDED(qi_variant, ask, "ask", TEXTS, "the question under that supposition"),
    KEY(qi_variant, file, "file", WORDS,
        "printed figures, or what they imply, under that supposition; else the reference's"),
};
static const qi_schema variant_schema =
    SCHEMA(variant, "a variant", "One supposition of a hypothesis.", qi_variant, -1);

/* ---- blocks ---- */

static const qi_key text_keys[] = {
    NEEDED(qi_block, id, "text", WORDS,
           "paragraphs: **bold**, *italic*, `code`, [links](https://...), lists with -, "
           "footnotes [^name], figures {{...}}"),
};

static const qi_key table_keys[] = {
    NEEDED(qi_block, id, "table", WORDS, "its name, for files and links"),
    KEY(qi_block, number, "number", WORDS, "as it is printed: Table 2"),
    KEY(qi_block, title, "title", WORDS, "instead of the measure's own title"),
    KEY(qi_block, ask, "ask", TEXTS,
        "a question as on the command line, with the name of an "
        "input for the cube; several are put together"),
    PART(qi_block, choices, "choices", LIST, &choice_schema,
         "several ways of answering, the best first"),
    PART(qi_block, layout, "layout", MAP, &layout_schema, "rows and columns"),
    KEY(qi_block, show, "show", TEXTS, "the columns to print, in order; the files have all"),
    PART(qi_block, reference, "reference", MAP, &reference_schema, "printed figures"),
    KEY(qi_block, notes, "notes", TEXTS, "under the table"),
};

static const qi_key figure_keys[] = {
    NEEDED(qi_block, id, "figure", WORDS, "its name, for files and links"),
    KEY(qi_block, number, "number", WORDS, "as it is printed: Figure 1"),
    KEY(qi_block, title, "title", WORDS, "instead of the table's"),
    KEY(qi_block, subtitle, "subtitle", WORDS, "unit and denominator"),
    KEY(qi_block, ask, "ask", TEXTS, "the question whose answer is drawn"),
    PART(qi_block, choices, "choices", LIST, &choice_schema, "several ways of answering"),
    KEY(qi_block, of, "of", WORDS, "the name of a table to draw, instead of a question"),
    KEY(qi_block, chart, "chart", WORDS, "the kind of figure (quipu list charts)"),
    KEY(qi_block, x, "x", WORDS, "column of the horizontal axis"),
    KEY(qi_block, y, "y", WORDS, "column of the figure"),
    KEY(qi_block, series, "series", WORDS, "column that tells lines and colours apart"),
    KEY(qi_block, size, "size", WORDS, "column of the size of a mark"),
    KEY(qi_block, source, "source", WORDS, "column with the beginning of an edge"),
    KEY(qi_block, target, "target", WORDS, "column with its end"),
    KEY(qi_block, width, "width", NUMBER, "pixels"),
    KEY(qi_block, height, "height", NUMBER, "pixels"),
    PART(qi_block, reference, "reference", MAP, &reference_schema, "printed figures"),
    KEY(qi_block, notes, "notes", TEXTS, "under the figure"),
};

static const qi_key facts_keys[] = {
    NEEDED(qi_block, id, "facts", WORDS, "its name, for files and links"),
    KEY(qi_block, number, "number", WORDS, "as it is printed"),
    KEY(qi_block, title, "title", WORDS, "over the table"),
    NEEDED(qi_block, file, "file", WORDS,
           "a CSV table: id, fact, printed, unit, within, ask, pick, cause"),
    KEY(qi_block, notes, "notes", TEXTS, "under the table"),
};

static const qi_key hypothesis_keys[] = {
    NEEDED(qi_block, id, "hypothesis", WORDS, "its name, for files and links"),
    KEY(qi_block, title, "title", WORDS, "over the table"),
    NEEDED(qi_block, claim, "claim", WORDS, "what the first variant supposes, as a sentence"),
    WORD(qi_block, distance, "distance", "difference ratio",
         "how far two figures are apart: difference (default), or ratio for figures of any "
         "size"),
    {"variants", QI_KEY_LIST, AT(qi_block, variants), true,
     "the suppositions put beside the printed figures, the claimed one first", &variant_schema,
     NULL},
    {"reference", QI_KEY_MAP, AT(qi_block, reference), true, "printed figures",
     &reference_schema, NULL},
    KEY(qi_block, notes, "notes", TEXTS, "under the table"),
};

#define BLOCK(id, title, says, which)                                                          \
    {                                                                                          \
        .name = title, .help = says, .keys = id##_keys, .n_keys = QI_COUNT(id##_keys),         \
        .size = sizeof(qi_block), .place = AT(qi_block, line), .block = which                  \
    }

static const qi_schema text_schema = BLOCK(text, "a text", "Paragraphs.", QI_BLOCK_TEXT);
static const qi_schema table_schema =
    BLOCK(table, "a table", "A table, and what it is compared with.", QI_BLOCK_TABLE);
static const qi_schema figure_schema = BLOCK(figure, "a figure", "A chart.", QI_BLOCK_FIGURE);
static const qi_schema facts_schema = BLOCK(
    facts, "facts", "Sentences of a text and the question that answers each.", QI_BLOCK_FACTS);
static const qi_schema hypothesis_schema = BLOCK(
    hypothesis, "a hypothesis",
    "Suppositions about how printed figures were made, put to the test.", QI_BLOCK_HYPOTHESIS);

const qi_schema *const qi_schema_blocks[] = {&text_schema, &table_schema, &figure_schema,
                                             &facts_schema, &hypothesis_schema};
const size_t qi_n_schema_blocks = QI_COUNT(qi_schema_blocks);

static const qi_key section_keys[] = {
    NEEDED(qi_section, title, "section", WORDS, "its heading"),
    {"content", QI_KEY_BLOCKS, AT(qi_section, content), true, "its blocks, in order", NULL,
     NULL},
};
static const qi_schema section_schema =
    SCHEMA(section, "a section", "A heading and what stands under it.", qi_section, -1);

static const qi_key study_keys[] = {
    {"quipu", QI_KEY_WORDS, AT(qi_study, quipu), true, "the version of this language: 1", NULL,
     "1"},
    NEEDED(qi_study, name, "study", WORDS, "a short name: small letters, digits and -"),
    NEEDED(qi_study, title, "title", WORDS, "of the study"),
    KEY(qi_study, subtitle, "subtitle", WORDS, "under the title"),
    PART(qi_study, authors, "authors", LIST, &author_schema, "who wrote it"),
    KEY(qi_study, date, "date", WORDS, "of this edition: 2013-05-01; no clock is read"),
    KEY(qi_study, version, "version", WORDS, "of this edition"),
    KEY(qi_study, license, "license", WORDS, "of what is made: CC-BY-4.0"),
    WORD(qi_study, language, "language", "en es", "of the words around tables and figures"),
    KEY(qi_study, summary, "abstract", WORDS, "a paragraph"),
    {"inputs", QI_KEY_NAMED, AT(qi_study, inputs), true,
     "the files it is made of, each under the name questions call it", &input_schema, NULL},
    KEY(qi_study, let, "let", ENTRIES,
        "texts to be used again: {country} in a question, title or text"),
    KEY(qi_study, values, "values", ENTRIES, "named figures for the text: {{name}}"),
    KEY(qi_study, footnotes, "footnotes", ENTRIES, "texts of footnotes: [^name]"),
    KEY(qi_study, sources, "sources", ENTRIES, "works referred to: [^name] too"),
    {"sections", QI_KEY_LIST, AT(qi_study, sections), true, "the study itself", &section_schema,
     NULL},
};
const qi_schema qi_schema_study =
    SCHEMA(study, "a study", "The file as a whole.", qi_study, -1);
