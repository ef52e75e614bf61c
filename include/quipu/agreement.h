/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/agreement.h - trade agreements, their members and dates, and tariff schedules.
 *
 * Agreements are a table of data/ like the countries: immutable, read on first use, owned by
 * the nomen.  A schedule is read from a file of the user's and owned by the caller.
 *
 * Dates are whole numbers, 20100301; 0 = open or not known.
 */
#ifndef QUIPU_AGREEMENT_H
#define QUIPU_AGREEMENT_H

#include "quipu/nomen.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- agreements ---- */

typedef int32_t quipu_date; /* 20100301; 0 = open */

/* "2010-03-01", also "2010-03" and "2010" (their first day).  False: not a date. */
QUIPU_API bool quipu_date_parse(const char *text, size_t length, quipu_date *out);
/* "2010-03-01"; "" for 0. */
QUIPU_API const char *quipu_date_text(quipu_date date, char out[16]);

enum { /* what an agreement is; the bits of quipu_agreement.kinds */
       QUIPU_FREE_TRADE = 1,
       QUIPU_CUSTOMS_UNION = 2,
       QUIPU_PARTIAL_SCOPE = 4,
       QUIPU_SERVICES = 8 /* economic integration agreement */
};

typedef struct quipu_agreement {
    uint32_t number;   /* of the list it is from (WTO) */
    const char *name;  /* "peru-china": what is typed */
    const char *title; /* "Peru - China" */
    quipu_date signed_on, from, to;
    unsigned kinds;
    const char *kind;  /* "FTA EIA" */
    const char *scope; /* "goods and services" */
} quipu_agreement;

/* Members on different sides gave each other something; those on one side did not, unless the
 * side is 0 (an agreement of all with all). */
typedef struct quipu_agreement_member {
    uint16_t country; /* id */
    uint8_t side;
    quipu_date from, to; /* its own; never open at the start */
} quipu_agreement_member;

/* In order of name. */
QUIPU_API quipu_status quipu_agreements(const quipu_nomen *nomen, const quipu_agreement **first,
                                        size_t *count, quipu_error *err) QUIPU_MUST_CHECK;
/* By name, title, number, or a pair of countries in any spelling ("China - Peru", "PER,CHN"):
 * their first free trade agreement or customs union that still holds, else the first of any
 * kind that does, else the last that did.  E_NOT_FOUND with the nearest names. */
QUIPU_API quipu_status quipu_agreement_find(const quipu_nomen *nomen, const char *text,
                                            const quipu_agreement **out,
                                            quipu_error *err) QUIPU_MUST_CHECK;
/* In order of country id; a country that left and came back has two rows. */
QUIPU_API quipu_status quipu_agreement_members(const quipu_nomen *nomen,
                                               const quipu_agreement *agreement,
                                               const quipu_agreement_member **first,
                                               size_t *count,
                                               quipu_error *err) QUIPU_MUST_CHECK;

/* Between two countries: the agreement, and when it held between the two. */
typedef struct quipu_agreement_link {
    const quipu_agreement *agreement;
    quipu_date from, to; /* the last day, inclusive; 0 = still */
} quipu_agreement_link;

/* Those of the kinds asked for (0 = all) that held at some time, earliest first; at most
 * `room` are written, *count says how many there are. */
QUIPU_API quipu_status quipu_agreements_between(const quipu_nomen *nomen, uint16_t country,
                                                uint16_t other, unsigned kinds,
                                                quipu_agreement_link *out, size_t room,
                                                size_t *count,
                                                quipu_error *err) QUIPU_MUST_CHECK;

/* ---- tariff schedules: the file format is described in docs/agreements.md ---- */

/* Rates are in ten-thousandths of a per cent, as in the tariffs of a cube. */
typedef struct quipu_schedule_line {
    const char *code;     /* 6 to 12 digits */
    const char *name;     /* "" */
    const char *specific; /* words of a specific duty, "" = none */
    uint32_t category;
    int32_t base;  /* QUIPU_SCHEDULE_NO_RATE: only a specific duty */
    int32_t start; /* where the cuts begin; the base rate unless said */
    int64_t value; /* imports in thousandths of US$; -1 = not given */
    uint64_t row;  /* line in the file */
} quipu_schedule_line;
#define QUIPU_SCHEDULE_NO_RATE INT32_MIN

/* What is left of the start rate: `left[s]` ten-thousandths in stage s, 0 to n_stages - 1;
 * stage 0 is before entry into force, stage 1 the year of entry; the last one goes on. */
typedef struct quipu_schedule_category {
    const char *code;
    const char *label;
    bool excluded; /* no commitment */
    size_t n_stages;
    const int64_t *left; /* numerators over `whole`, exact */
    int64_t whole;
} quipu_schedule_category;

typedef struct quipu_schedule {
    const char *title, *source, *importer, *exporter; /* "" where the file does not say */
    const char *revision;                             /* "H3" */
    quipu_date from;                  /* entry into force: its year is stage 1 */
    const quipu_schedule_line *lines; /* in order of code */
    size_t n_lines;
    const quipu_schedule_category *categories; /* as listed */
    size_t n_categories;
    size_t n_stages; /* of the longest category */
    bool has_values;
    void *impl;
} quipu_schedule;

/* E_FORMAT and E_DATA name file, line and column.  `text_path` may be shared. */
QUIPU_API quipu_status quipu_schedule_read(const quipu_nomen *nomen, const char *lines_path,
                                           const char *categories_path, quipu_schedule *out,
                                           quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_schedule_free(quipu_schedule *schedule); /* a zeroed one is fine */

/* What is left in a stage, over category->whole. */
static inline int64_t quipu_schedule_left(const quipu_schedule_category *category,
                                          size_t stage) {
    return category->left[stage < category->n_stages ? stage : category->n_stages - 1];
}

#ifdef __cplusplus
}
#endif
#endif
