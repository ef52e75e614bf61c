/* SPDX-License-Identifier: Apache-2.0 */
/* structure.c - the composition of trade by class of goods. */
#include "measures/shares.h"

static const quipu_column_spec columns[] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_structure;
    const char *by = qi_argument(me, request, "classes") != NULL ? "class" : "technology";
    return qi_shares_run(me, request, by, "Structure of", out, err);
}

const quipu_measure qi_measure_structure = {
    .name = "structure",
    .summary = "What does the trade consist of, by class of goods?",
    .detail =
        "Every class of the scheme has a row, traded or not, and so has what belongs to no "
        "class, so that the rows add up to the total to the last digit. Schemes: quipu list "
        "classes; --classes FILE takes a table of your own.\n\n"
        "A product that the scheme's concordance sends to several classes is divided in equal "
        "parts, exactly; the notes say how much of the value that is. --of classified leaves "
        "what has no class out of the denominator, as some published tables do. --gold primary "
        "counts non-monetary gold among the primary products.",
    .formula =
        "s_c = sum over k in c of w_kc X_kt / X_t, where w_kc is the part of product k in "
        "class c",
    .reference = "Technology classes: S. Lall (2000), The technological structure and "
                 "performance of developing country manufactured exports, 1985-98, Oxford "
                 "Development Studies 28(3).",
    .worked =
        "Exports of 10: 7 of copper ore (resource-based), 2 of cotton (primary), 1 of a "
        "product that falls half in low and half in medium technology: 70, 20, 5 and 5 %.",
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "share",
    .example = "--reporter Peru --partner China --by technology --years 1997,2008,2011",
    .run = run,
};
