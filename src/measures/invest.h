/* SPDX-License-Identifier: Apache-2.0 */
/* invest.h (private) - what the measures of investments share. */
#ifndef QI_MEASURES_INVEST_H
#define QI_MEASURES_INVEST_H

#include "invest/invest.h"
#include "measures/common.h"

#define QI_PARAM_AT                                                                            \
    {                                                                                          \
        "at", QUIPU_PARAM_TEXT, NULL, NULL,                                                    \
            "the day whose stakes count: 2011, 2011-03 or 2011-03-31; those without end "      \
            "otherwise"                                                                        \
    }
#define QI_PARAM_UNKNOWN                                                                       \
    {                                                                                          \
        "unknown", QUIPU_PARAM_CHOICE, "undisclosed equal", "undisclosed",                     \
            "a stake that is not stated: part of what is undisclosed, or an equal part of it"  \
    }
#define QI_PARAM_THETA                                                                         \
    {                                                                                          \
        "theta", QUIPU_PARAM_REAL, NULL, "0.5",                                                \
            "control is more than this part of the votes: 0.5, 0.25, 0.2 or 0.1"               \
    }

/* The arguments every measure of a register has. */
typedef struct qi_invested {
    const quipu_measure *measure;
    const quipu_request *request;
    const quipu_register *reg;
    quipu_table *out;
    int32_t date;
    qi_unknown_rule unknown;
    int64_t theta;
    const char *unknown_word;
    qi_arena arena;
    uint8_t *cited; /* sources that went into the table */
} qi_invested;
quipu_status qi_invested_open(qi_invested *asked, const quipu_measure *measure,
                              const quipu_request *request, quipu_table *out, quipu_error *err);
void qi_invested_close(qi_invested *asked);
/* NULL when not given. */
const char *qi_invested_word(const qi_invested *asked, const char *name);

void qi_invested_cite(qi_invested *asked, uint32_t source);
/* The sources that were cited, the day and the rules as notes. */
quipu_status qi_invested_finish(qi_invested *asked, const qi_graph *graph, quipu_error *err);

/* "18.1 %", "10 to 25 %", "share not stated". */
const char *qi_share_words(qi_arena *arena, double low, double high);
/* Countries as rows show them: NULL is "unknown". */
const char *qi_country_code(const quipu_country *country);
const char *qi_country_name(const quipu_country *country);
/* Country of an option; NULL and OK when the option was not given. */
quipu_status qi_invested_country(const qi_invested *asked, const char *option,
                                 const quipu_country **out, quipu_error *err);
/* Does a `;`-joined list have the word?  An empty word is in every list. */
bool qi_in_list(const char *list, const char *word);
/* Texts that mean the same to a person. */
bool qi_same_word(const char *a, const char *b);

/* Projects and amounts that --sector, --table, --kind select. */
typedef struct qi_picked {
    const char *sector, *table;
    int kind; /* -1 = all */
} qi_picked;
quipu_status qi_picked_read(const qi_invested *asked, qi_picked *out, quipu_error *err);
bool qi_picks_project(const qi_invested *asked, const qi_picked *picked, size_t project);
#define QI_PARAMS_PICK                                                                         \
    {"sector", QUIPU_PARAM_TEXT, NULL, NULL, "projects of this sector only"}, {                \
        "table", QUIPU_PARAM_TEXT, NULL, NULL,                                                 \
            "projects of this list only: a word of the column `tables`"                        \
    }
#define QI_PARAM_KIND                                                                          \
    {                                                                                          \
        "kind", QUIPU_PARAM_CHOICE,                                                            \
            "all announced planned committed disbursed acquisition sale", "all",               \
            "amounts of this kind only"                                                        \
    }

/* Nodes of the picked projects and of the companies that their amounts name. */
quipu_status qi_picked_targets(qi_invested *asked, const qi_picked *picked, uint32_t **out,
                               size_t *n, quipu_error *err);

#endif
