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
    QI_NOMEN_TO_H0,
    QI_NOMEN_TO_S2,
    QI_NOMEN_TO_S3,
    QI_NOMEN_TO_I3,
    QI_NOMEN_2022_TO_2017,
    QI_NOMEN_S3_TO_S2,
    QI_NOMEN_CORRELATIONS,
    QI_NOMEN_CLASSES,
    QI_NOMEN_LALL,
    QI_NOMEN_SECTIONS,
    QI_NOMEN_SECTORS,
    QI_NOMEN_TRADITIONAL,
    QI_NOMEN_ISIC_CLASSES,
    QI_NOMEN_AGREEMENTS,
    QI_NOMEN_AGREEMENT_MEMBERS,
    QI_NOMEN_GEOGRAPHY,
    QI_NOMEN_SPANISH,
    QI_NOMEN_N_FILES
} qi_nomen_file;

typedef struct qi_nomen_bytes {
    const char *name; /* "data/hs.csv" */
    const char *bytes;
    size_t length;
} qi_nomen_bytes;
qi_nomen_bytes qi_nomen_embedded(qi_nomen_file file);

/* ---- lazy slots (nomen.c) ---- */

#define QI_N_HS            7
#define QI_N_NOMENCLATURES 11

typedef enum qi_nomen_slot {
    QI_SLOT_COUNTRIES,
    QI_SLOT_COUNTRY_NAMES,
    QI_SLOT_GROUPS,
    QI_SLOT_MASKED, /* one for each embedded file */
    QI_SLOT_LISTS = QI_SLOT_MASKED + QI_NOMEN_N_FILES,
    QI_SLOT_LEAVES = QI_SLOT_LISTS + QI_N_NOMENCLATURES,
    QI_SLOT_TO_H0 = QI_SLOT_LEAVES + QI_N_NOMENCLATURES,
    QI_SLOT_TO_S2 = QI_SLOT_TO_H0 + QI_N_HS,
    QI_SLOT_TO_S3 = QI_SLOT_TO_S2 + QI_N_HS,
    QI_SLOT_TO_I3 = QI_SLOT_TO_S3 + QI_N_HS,
    QI_SLOT_2022_TO_2017 = QI_SLOT_TO_I3 + QI_N_HS,
    QI_SLOT_S3_TO_S2,
    QI_SLOT_CORRELATIONS,
    QI_SLOT_AGREEMENTS,
    QI_SLOT_GEOGRAPHY,
    QI_SLOT_SPANISH,
    QI_SLOT_MADE_GROUPS, /* a list that grows: see agreement_group.c */
    QI_SLOT_STEPS,       /* one for each pair of neighbours */
    QI_SLOT_RULES = QI_SLOT_STEPS + QI_N_HS,
    QI_N_SLOTS = QI_SLOT_RULES + 16
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
quipu_status qi_rows_open(qi_rows *rows, qi_arena *arena, qi_nomen_file file, quipu_error *err);
/* Reads the next row into exactly `n` fields.  *more is false at the end. */
quipu_status qi_rows_next(qi_rows *rows, char **fields, size_t n, bool *more, quipu_error *err);
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
quipu_status qi_nomen_groups(const quipu_nomen *nomen, const qi_groups **out, quipu_error *err);

/* ---- nomenclatures (product.c) ---- */
typedef enum qi_revision {
    QI_H0,
    QI_H1,
    QI_H2,
    QI_H3,
    QI_H4,
    QI_H5,
    QI_H6,
    QI_S2,
    QI_S3,
    QI_I3,
    QI_BEC
} qi_revision;
_Static_assert((int)QI_BEC + 1 == QI_N_NOMENCLATURES, "each nomenclature has a number");
static inline bool qi_is_hs(qi_revision revision) {
    return revision <= QI_H6;
}
typedef struct qi_list {
    quipu_product *items;
    size_t n;
} qi_list;
quipu_status qi_nomen_list_of(const quipu_nomen *nomen, qi_revision revision,
                              const qi_list **out, quipu_error *err);
const quipu_nomenclature *qi_nomen_revision(qi_revision revision);
quipu_status qi_nomen_revision_find(const char *text, qi_revision *out, quipu_error *err);
/* Position of the code, or of the first that comes after where it would be. */
size_t qi_list_lower(const qi_list *list, const char *code, size_t length);
/* strcmp of a text with an end and one with a length. */
int qi_code_compare(const char *code, const char *text, size_t length);

/* ---- correspondence tables (pairs.c) ---- */

/* Rows "code, revisions, value" of a table shared by the seven revisions of the HS. */
typedef struct qi_masked_row {
    const char *code, *value;
    unsigned revisions; /* bit n: the row holds for Hn */
} qi_masked_row;
typedef struct qi_masked {
    qi_masked_row *items;
    size_t n;
} qi_masked;
quipu_status qi_nomen_masked(const quipu_nomen *nomen, qi_nomen_file file,
                             const qi_masked **out, quipu_error *err);

/* Codes, sorted, and the one code each goes to. */
typedef struct qi_pairs {
    const char **codes;
    const char **targets;
    size_t n;
} qi_pairs;
/* Position of the code; pairs->n when it is not there. */
size_t qi_pairs_find(const qi_pairs *pairs, const char *code, size_t length);

/* The official single target: from an HS revision to H0, S2, S3 or I3, from H6 to H5, from S3
 * to S2.  E_NOT_FOUND for any other way.  In a table from HS to HS the codes that keep their
 * number are left out. */
quipu_status qi_nomen_pairs(const quipu_nomen *nomen, qi_revision from, qi_revision to,
                            const qi_pairs **out, quipu_error *err);

/* The finest codes of a nomenclature, sorted: those trade is reported by. */
typedef struct qi_leaves {
    const char *const *codes;
    size_t n;
} qi_leaves;
quipu_status qi_nomen_leaves(const quipu_nomen *nomen, qi_revision revision,
                             const qi_leaves **out, quipu_error *err);
/* The leaves under a code of any level: the run first..last-1.  A code longer than a leaf
 * (national lines of eight and more digits) is the leaf it begins with.  Empty: unknown. */
void qi_leaves_under(const qi_leaves *leaves, const char *code, size_t *first, size_t *last);

/* ---- correlations between neighbouring revisions of the HS (correlate.c) ---- */

/* From each leaf of one revision to leaves of the other: position i leads to
 * next[offset[i]] .. next[offset[i+1]-1]. */
typedef struct qi_step {
    uint32_t *offset;
    uint32_t *next;
} qi_step;
typedef struct qi_steps {
    qi_step down, up; /* of revisions n -> n-1 and n-1 -> n */
} qi_steps;
quipu_status qi_nomen_steps(const quipu_nomen *nomen, unsigned revision, const qi_steps **out,
                            quipu_error *err);

/* All leaves of one HS revision that one of another can become. */
typedef QI_LIST(uint32_t) qi_positions;
typedef struct qi_reach {
    qi_revision from, to;
    const qi_steps *steps[QI_N_HS];
    uint32_t *seen[QI_N_HS]; /* stamps, by leaf */
    uint32_t stamp;
    qi_positions now, then;
} qi_reach;
quipu_status qi_reach_open(qi_reach *reach, const quipu_nomen *nomen, qi_revision from,
                           qi_revision to, quipu_error *err);
/* The answer is in reach->now, in no order, until the next call. */
quipu_status qi_reach_from(qi_reach *reach, uint32_t leaf, quipu_error *err);
void qi_reach_close(qi_reach *reach);

/* ---- building mappings (mapping.c) ---- */

typedef struct qi_part {
    uint32_t target;
    uint64_t weight;
} qi_part;
typedef struct qi_builder {
    qi_arena arena; /* moves into the mapping */
    size_t n_sources, n_done;
    uint32_t *offset;
    QI_LIST(uint32_t) target;
    QI_LIST(uint32_t) weight;
    QI_LIST(qi_part) parts; /* of the source being made */
    size_t n_split;
} qi_builder;
quipu_status qi_builder_open(qi_builder *builder, size_t n_sources, quipu_error *err);
quipu_status qi_builder_part(qi_builder *builder, uint32_t target, uint64_t weight,
                             quipu_error *err);
/* Ends a source: parts to one target are joined, weights shortened. */
quipu_status qi_builder_source(qi_builder *builder, quipu_error *err);
/* Adds one leaf's parts so that every leaf counts the same: `weights` NULL = equal. */
quipu_status qi_builder_leaf(qi_builder *builder, const uint32_t *targets,
                             const uint32_t *weights, size_t n, quipu_error *err);
/* Moves everything into `out`; the targets must be in builder->arena. */
quipu_status qi_builder_finish(qi_builder *builder, quipu_mapping *out, quipu_error *err);
void qi_builder_close(qi_builder *builder);

/* ---- classes by the beginning of a code (rules.c) ---- */

typedef struct qi_rule {
    const char *prefix;
    uint32_t target;
    uint32_t weight; /* several rows of one prefix share the value */
} qi_rule;
typedef struct qi_rules {
    qi_rule *items; /* sorted by prefix; rows of one prefix together */
    size_t n;
    quipu_target *targets; /* the rest class last */
    size_t n_targets;
    size_t longest; /* digits of the longest prefix */
} qi_rules;
/* The rows of the longest prefix of the code: *first .. *first + return value - 1. */
size_t qi_rules_find(const qi_rules *rules, const char *code, size_t length, size_t *first);
/* True when some rule is about part of this code only. */
bool qi_rules_finer(const qi_rules *rules, const char *code);
void qi_rules_sort(qi_rules *rules);

typedef enum qi_rule_table {
    QI_RULES_LALL, /* on SITC Rev. 2 groups */
    QI_RULES_LALL_GOLD,
    QI_RULES_TECHNOLOGY,
    QI_RULES_TECHNOLOGY_GOLD,
    QI_RULES_SECTION,
    QI_RULES_SECTOR, /* on HS 1988/92 */
    QI_RULES_SECTOR_EXTRACTIVE,
    QI_RULES_TRADITIONAL,
    QI_RULES_ISIC_LALL, /* on ISIC Rev. 3 classes */
    QI_RULES_ISIC_TECHNOLOGY,
    QI_RULES_ISIC_SECTOR,
    QI_RULES_ISIC_SECTOR_EXTRACTIVE,
    QI_N_RULE_TABLES
} qi_rule_table;
_Static_assert(QI_N_RULE_TABLES <= 16, "a slot for each table");
quipu_status qi_nomen_rules(const quipu_nomen *nomen, qi_rule_table table, const qi_rules **out,
                            quipu_error *err);
/* Every code of one length of a nomenclature is its own class. */
quipu_status qi_rules_of_list(qi_rules *rules, qi_arena *arena, const quipu_nomen *nomen,
                              qi_revision revision, size_t digits, quipu_error *err);

/* ---- a class table of the user's (user_class.c) ---- */
quipu_status qi_rules_of_file(qi_rules *rules, qi_arena *arena, const char *path,
                              quipu_error *err);

#endif
