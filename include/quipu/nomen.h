/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/nomen.h - countries, groups, nomenclatures, classes and concordances.
 *
 * The tables are compiled in from data/ (each with its source named there).  Opening costs
 * nothing: each table is read on first use, once, under a lock, and is immutable after, so
 * one quipu_nomen serves any number of threads.  Pointers stay good until close.
 */
#ifndef QUIPU_NOMEN_H
#define QUIPU_NOMEN_H

#include "quipu/base.h"
#include "quipu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct quipu_nomen quipu_nomen;

QUIPU_API quipu_status quipu_nomen_open(quipu_nomen **out, quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_nomen_close(quipu_nomen *nomen); /* NULL is fine */

/* ---- countries ---- */

typedef enum quipu_country_kind {
    QUIPU_COUNTRY, /* exists today */
    QUIPU_FORMER,  /* BLX, SUN, YUG, SCG, SDN before 2012, ANT, CSK, DDR, ...: dated */
    QUIPU_AREA,    /* real trade without a country: "Other Asia, n.e.s.", bunkers, free zones */
    QUIPU_WORLD,   /* a total, never a partner among partners */
    QUIPU_AGGREGATE /* a group printed as if it were a partner: EU-27, LDC, ... */
} quipu_country_kind;

/* `id` is the position in the table, which is sorted by `number`, the code of Comtrade and
 * BACI (251 France, 842 USA, 699 India, 490 other Asia n.e.s.: Taiwan). */
typedef struct quipu_country {
    uint16_t id;
    uint16_t number;
    quipu_country_kind kind;
    int16_t from, to; /* years in which it reports or is reported; 0 = open */
    const char *code; /* the number as three digits, "004" */
    const char *iso2; /* "" when there is none */
    const char *iso3; /* "PER"; for areas the code BACI or Comtrade uses ("S19"); never empty */
    const char *name;
    const char *name_es;
    const char *successors; /* iso3 joined with blanks: "BEL LUX"; "" */
} quipu_country;

#define QUIPU_NO_COUNTRY ((uint16_t)0xFFFF)

QUIPU_API quipu_status quipu_countries(const quipu_nomen *nomen, const quipu_country **first,
                                       size_t *count, quipu_error *err) QUIPU_MUST_CHECK;
/* By any number in use: Comtrade/BACI code, ISO numeric (250, 840, 356, 158), former codes.
 * NULL when there is none.  O(1). */
QUIPU_API const quipu_country *quipu_country_by_number(const quipu_nomen *nomen,
                                                       unsigned number);
/* By ISO3 or another three-letter code in use (OAS, TWN, ROM, SER, ZAR, TMP, S19).  O(1). */
QUIPU_API const quipu_country *quipu_country_by_iso3(const quipu_nomen *nomen, const char *code,
                                                     size_t length);
/* By what a person writes: ISO3, ISO2, number, English or Spanish name, alias; case and
 * accents do not matter.  E_NOT_FOUND proposes the nearest names in err->text.  The name of a
 * group is not a country ("European Union" is only found by code: EUN, 97, 918). */
QUIPU_API quipu_status quipu_country_find(const quipu_nomen *nomen, const char *text,
                                          const quipu_country **out,
                                          quipu_error *err) QUIPU_MUST_CHECK;

/* ---- where they are, and what ties two of them ---- */

/* Lists are joined by "|". */
typedef struct quipu_place {
    uint16_t country; /* id */
    const char *iso3;
    const char *capital;
    double latitude, longitude; /* of the capital, degrees */
    double area;                /* km2 */
    const char *languages;      /* official ones, in English */
    const char *colonizers;     /* iso3 of those that ruled it for long */
    const char *neighbours;     /* iso3 of those with a common border, former ones too */
} quipu_place;
/* *out is NULL where the tables know no capital. */
QUIPU_API quipu_status quipu_place_find(const quipu_nomen *nomen, uint16_t country,
                                        const quipu_place **out,
                                        quipu_error *err) QUIPU_MUST_CHECK;

typedef struct quipu_ties {
    double distance; /* km between capitals; within a country 0.67 sqrt(area / pi) */
    bool border, language, colony; /* in common; false within a country */
} quipu_ties;
QUIPU_API quipu_ties quipu_ties_of(const quipu_place *a, const quipu_place *b);

/* ---- groups ---- */

typedef struct quipu_group {
    const char *name;  /* "asean", what is typed */
    const char *label; /* "ASEAN" */
    const char *label_es;
    const char *note; /* what it holds and where that is from */
    bool dated;       /* members join and leave */
} quipu_group;

typedef struct quipu_member {
    uint16_t country; /* id */
    int16_t from, to; /* years inclusive; 0 = open */
} quipu_member;

QUIPU_API quipu_status quipu_groups(const quipu_nomen *nomen, const quipu_group **first,
                                    size_t *count, quipu_error *err) QUIPU_MUST_CHECK;
/* By name, label or alias, folded; also groups made of agreements (quipu/agreement.h):
 * "members-of:cptpp", "partners-of:Peru".  E_NOT_FOUND with the nearest names. */
QUIPU_API quipu_status quipu_group_find(const quipu_nomen *nomen, const char *text,
                                        const quipu_group **out,
                                        quipu_error *err) QUIPU_MUST_CHECK;
/* Members in order of country id; a country that left and came back has two rows. */
QUIPU_API quipu_status quipu_group_members(const quipu_nomen *nomen, const quipu_group *group,
                                           const quipu_member **first, size_t *count,
                                           quipu_error *err) QUIPU_MUST_CHECK;

/* ---- nomenclatures: lists of product codes ---- */

/* "H0".."H6" (HS 1988/92 to 2022), "S2", "S3" (SITC), "I3" (ISIC Rev. 3), "BEC". */
typedef struct quipu_nomenclature {
    const char *name;    /* "H0" */
    const char *label;   /* "HS 1988/92" */
    int year;            /* of the revision; 0 where it has none */
    int leaf_digits;     /* 6, 5, 4, 3 */
    const char *aliases; /* "HS92 HS1992 92": what files and people call it, blank-joined */
} quipu_nomenclature;

typedef struct quipu_product {
    const char *code; /* text; leading zeros kept */
    const char *name;
    bool leaf;
} quipu_product;

QUIPU_API quipu_status quipu_nomenclatures(const quipu_nomen *nomen,
                                           const quipu_nomenclature **first, size_t *count,
                                           quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API quipu_status quipu_nomenclature_find(const quipu_nomen *nomen, const char *text,
                                               const quipu_nomenclature **out,
                                               quipu_error *err) QUIPU_MUST_CHECK;
/* All codes of all levels, sorted by code as text. */
QUIPU_API quipu_status quipu_products(const quipu_nomen *nomen, const quipu_nomenclature *which,
                                      const quipu_product **first, size_t *count,
                                      quipu_error *err) QUIPU_MUST_CHECK;
/* NULL when the revision has no such code. */
QUIPU_API const quipu_product *quipu_product_find(const quipu_nomen *nomen,
                                                  const quipu_nomenclature *which,
                                                  const char *code, size_t length);

/* ---- mappings: from codes to classes, or from a revision to another ---- */

/* Source p (0..n_sources-1, in the order of the codes asked for) goes to the targets
 * target[offset[p]] .. target[offset[p+1]-1], in proportion to weight (positive integers).
 * Every source has at least one target: what has no class goes to the last one, whose code is
 * "unclassified" (classes); what has no counterpart keeps its code, as a target of its own
 * after the others (conversions).
 * Value is divided exactly: with W the sum of weights and w the running sum, part t is
 * floor(V*w_t/W) - floor(V*w_(t-1)/W), so that the parts add up to V to the last digit. */
typedef struct quipu_target {
    const char *code;   /* "LT1", "0101" */
    const char *label;  /* "Low technology: textile, garment, footwear" */
    const char *parent; /* code of the aggregate ("LTM"), or "" */
} quipu_target;

typedef struct quipu_mapping {
    const char *name;   /* "lall" */
    const char *title;  /* "Lall technology classes by SITC Rev. 2 group" */
    const char *source; /* where the table is from */
    size_t n_sources;
    const uint32_t *offset; /* n_sources + 1 */
    const uint32_t *target;
    const uint32_t *weight;
    size_t n_targets;
    const quipu_target *targets; /* in the order tables print them; the rest class last */
    size_t n_split;              /* sources with more than one target */
    size_t n_unmapped;           /* sources in the rest class, or that keep their code */
    void *impl;
} quipu_mapping;

/* Texts of a mapping may belong to the nomen: free it before closing that. */
QUIPU_API void quipu_mapping_free(quipu_mapping *mapping); /* a zeroed one is fine */

/* The exact division above: fills parts[0..n-1], whose sum is `value`. */
QUIPU_API void quipu_split(int64_t value, const uint32_t *weights, size_t n, int64_t *parts);

typedef struct quipu_scheme {
    const char *name; /* "section", "chapter", "lall", "technology", "sector", ... */
    const char *label;
    const char *note;
} quipu_scheme;
QUIPU_API quipu_status quipu_schemes(const quipu_nomen *nomen, const quipu_scheme **first,
                                     size_t *count, quipu_error *err) QUIPU_MUST_CHECK;

typedef struct quipu_class_options {
    bool gold_primary;    /* technology, lall: non-monetary gold (SITC 971) counts as primary */
    const char *user_csv; /* path of a table `code,class[,label[,weight]]`; NULL = built in.
                           * A code of fewer digits covers all codes that begin with it; the
                           * longest prefix wins; rows of one code share it by weight.  The
                           * scheme asked for is then only a name (NULL = "user"). */
} quipu_class_options;

/* How each of `codes` (of nomenclature `from`, e.g. "H1"; any level) falls into the classes
 * of `scheme`.  Where a scheme stands on another nomenclature (lall on SITC Rev. 2) the code
 * goes there by the official single target, else in equal parts over its targets; a code of
 * a higher level (HS four digits) goes where its six-digit codes go, in equal parts; codes
 * without a class count only when none has one.
 * E_NOT_FOUND: no such scheme (nearest named), or none from that nomenclature. */
QUIPU_API quipu_status quipu_classify(const quipu_nomen *nomen, const char *scheme,
                                      const char *from, const char *const *codes,
                                      size_t n_codes, const quipu_class_options *options,
                                      quipu_mapping *out, quipu_error *err) QUIPU_MUST_CHECK;

typedef enum quipu_convert_method {
    QUIPU_CONVERT_OFFICIAL, /* the single target of the UN conversion table */
    QUIPU_CONVERT_EQUAL,    /* equal parts over all correlated targets */
    QUIPU_CONVERT_TRADE     /* parts in proportion to a reference trade vector */
} quipu_convert_method;

typedef struct quipu_convert_options {
    quipu_convert_method method;
    /* QUIPU_CONVERT_TRADE: world trade by target code; codes absent weigh nothing, and where
     * all targets of a source weigh nothing its parts are equal. */
    const char *const *reference_codes;
    const int64_t *reference_values;
    size_t n_reference;
} quipu_convert_options;

/* Convert codes of revision `from` to revision `to` ("H5" to "H0", "H0" to "S2", "H0" to "I3"). */
QUIPU_API quipu_status quipu_convert(const quipu_nomen *nomen, const char *from, const char *to,
                                     const char *const *codes, size_t n_codes,
                                     const quipu_convert_options *options, quipu_mapping *out,
                                     quipu_error *err) QUIPU_MUST_CHECK;

/* Product families: codes joined, over all HS revisions from `first` to `last` ("H0".."H6"),
 * by any correlation.  `family[i]` of code i of revision `of`; families are numbered from 0 in
 * order of their smallest code.  Counts that must survive a revision count families. */
QUIPU_API quipu_status quipu_families(const quipu_nomen *nomen, const char *first,
                                      const char *last, const char *of,
                                      const char *const *codes, size_t n_codes,
                                      uint32_t *family, size_t *n_families,
                                      quipu_error *err) QUIPU_MUST_CHECK;

/* Spanish for a word of tables, a column's label ("Share of exports") or the name of a class
 * ("Primary goods"), exactly as written; NULL when there is none.  Lives as long as `nomen`. */
QUIPU_API const char *quipu_spanish(const quipu_nomen *nomen, const char *english);

/* ---- listings, as tables: "countries", "groups", "members", "classes", "nomenclatures",
 * "products", "agreements" ---- */

/* `filter` narrows: a name part; for members a group; for classes a scheme, which lists its
 * classes too; for products a nomenclature and optional text "H0 copper". */
QUIPU_API quipu_status quipu_nomen_list(const quipu_nomen *nomen, const char *what,
                                        const char *filter, quipu_table *out,
                                        quipu_error *err) QUIPU_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
