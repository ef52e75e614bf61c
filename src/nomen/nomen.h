/* SPDX-License-Identifier: Apache-2.0 */
/* nomen.h (private) - what the files of this folder share.
 *
 * Every table is a slot of struct quipu_nomen, filled on first use under one recursive lock
 * (a table may need another) and published with a release store, so that later readers take
 * no lock.  All memory is in one arena and lives until close.
 */
#ifndef QI_NOMEN_NOMEN_H
#define QI_NOMEN_NOMEN_H

#include "base/base.h"
#include "quipu/nomen.h"

#include <pthread.h>
#include <stdatomic.h>

/* ---- embedded files (embed.c) ---- */

typedef enum qi_nomen_file {
    QI_NOMEN_COUNTRIES,
    QI_NOMEN_GROUPS,
    QI_NOMEN_MEMBERS,
    QI_NOMEN_HS,
    QI_NOMEN_S2,
    QI_NOMEN_S3,
    QI_NOMEN_I3,
    QI_NOMEN_BEC,
    QI_NOMEN_N_FILES
} qi_nomen_file;

typedef struct qi_nomen_bytes {
    const char *name; /* "data/hs.csv" */
    const char *bytes;
    size_t length;
} qi_nomen_bytes;
qi_nomen_bytes qi_nomen_embedded(qi_nomen_file file);

/* ---- lazy slots (nomen.c) ---- */

typedef enum qi_nomen_slot {
    QI_SLOT_COUNTRIES,
    QI_SLOT_COUNTRY_NAMES,
    QI_SLOT_GROUPS,
    QI_SLOT_HS_ROWS,
    QI_SLOT_LIST, /* one for each nomenclature */
    QI_SLOT_LIST_END = QI_SLOT_LIST + 11,
    QI_N_SLOTS = QI_SLOT_LIST_END
} qi_nomen_slot;

struct quipu_nomen {
    pthread_mutex_t lock;
    qi_arena arena; /* used under the lock only */
    _Atomic(void *) slots[QI_N_SLOTS];
};

/* Fills *out from the nomen's arena; called once, under the lock. */
typedef quipu_status (*qi_nomen_load)(quipu_nomen *nomen, unsigned which, void **out,
                                      quipu_error *err);
/* The table in a slot, loading it when this is the first use.  The public functions take a
 * const nomen: loading is the one thing that changes behind it. */
quipu_status qi_nomen_get(const quipu_nomen *nomen, unsigned slot, qi_nomen_load load,
                          unsigned which, void *out, quipu_error *err);

/* ---- reading our own tables (rows.c) ---- */

/* Rows of a CSV file (RFC 4180, UTF-8, line feeds), cut up in place: the fields are NUL-
 * terminated texts inside the buffer handed over, which must be writable and one longer. */
typedef struct qi_rows {
    char *at, *end;
    const char *file;
    uint64_t line; /* of the row last read */
} qi_rows;
/* Copies an embedded file into the arena and skips its header row. */
quipu_status qi_rows_open(qi_rows *rows, qi_arena *arena, qi_nomen_file file,
                          quipu_error *err);
/* Reads the next row into exactly `n` fields.  *more is false at the end. */
quipu_status qi_rows_next(qi_rows *rows, char **fields, size_t n, bool *more,
                          quipu_error *err);
/* Number of lines left, at most: an upper bound for the rows to come. */
size_t qi_rows_left(const qi_rows *rows);

/* ---- names people write (names.c) ---- */

/* Folded names that lead to a number, with the text shown in proposals. */
typedef struct qi_name {
    const char *folded;
    const char *shown;
    uint32_t target;
} qi_name;
typedef struct qi_names {
    qi_name *items;
    size_t n, capacity;
    uint32_t *table; /* open addressing over items; 0 = empty, else item + 1 */
    size_t mask;
    qi_arena *arena;
    bool squeezed; /* blanks do not count either: "HS 1992" is "hs1992" */
} qi_names;
/* Room for `capacity` names.  The first to claim a folded name keeps it. */
quipu_status qi_names_init(qi_names *names, qi_arena *arena, size_t capacity, bool squeezed,
                           quipu_error *err);
quipu_status qi_names_add(qi_names *names, const char *text, size_t length, const char *shown,
                          uint32_t target, quipu_error *err);
/* Adds every part of a list joined by `separator`. */
quipu_status qi_names_add_list(qi_names *names, const char *list, char separator,
                               const char *shown, uint32_t target, quipu_error *err);
bool qi_names_find(const qi_names *names, const char *text, size_t length, uint32_t *target);
/* E_NOT_FOUND: `there is no country "Prue". Did you mean Peru, Paraguay?` */
quipu_status qi_names_missing(const qi_names *names, const char *what, const char *text,
                              quipu_error *err);

/* ---- numbers in our tables ---- */

/* A year or another small number; "" is 0. */
bool qi_nomen_small(const char *text, long largest, long *out);

/* ---- countries (country.c) ---- */
typedef struct qi_countries {
    quipu_country *items;
    size_t n;
    const char **aliases; /* for each country, joined by '|' */
    uint16_t by_number[1000];
    uint32_t *code_keys; /* up to four letters packed; 0 = empty */
    uint16_t *code_ids;
    size_t code_mask;
} qi_countries;
quipu_status qi_nomen_countries(const quipu_nomen *nomen, const qi_countries **out,
                                quipu_error *err);

/* ---- groups (group.c) ---- */
typedef struct qi_groups {
    quipu_group *items;
    size_t n;
    quipu_member *members;
    size_t *first; /* n + 1 */
    qi_names names;
} qi_groups;
quipu_status qi_nomen_groups(const quipu_nomen *nomen, const qi_groups **out,
                             quipu_error *err);

/* ---- nomenclatures (product.c) ---- */
typedef enum qi_revision {
    QI_H0, QI_H1, QI_H2, QI_H3, QI_H4, QI_H5, QI_H6, QI_S2, QI_S3, QI_I3, QI_BEC,
    QI_N_REVISIONS
} qi_revision;
typedef struct qi_list {
    quipu_product *items;
    size_t n;
} qi_list;
quipu_status qi_nomen_list_of(const quipu_nomen *nomen, qi_revision revision,
                              const qi_list **out, quipu_error *err);
const quipu_nomenclature *qi_nomen_revision(qi_revision revision);
quipu_status qi_nomen_revision_find(const char *text, qi_revision *out, quipu_error *err);
/* Position of the first code that is not below text[0..length). */
size_t qi_list_lower(const qi_list *list, const char *code, size_t length);

#endif
