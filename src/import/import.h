/* SPDX-License-Identifier: Apache-2.0 */
/* import.h (private) - how rows become a cube.
 *
 *   source ──blocks of whole lines──> workers: profile reads rows into cells (rows.c)
 *          chunk of cells ──sort, pack──> run (run.c), in memory
 *          many runs ──in one order──> segment of the spill file (segment.c), when they are more
 *                                      than the memory
 *          all runs ──merge slab by slab──> parts ──> cube writer (merge.c)
 *
 * A run remembers for every cell the row it came from, so that what is only found in the
 * merge (a duplicate in another file) can still be told by file and line.  Runs are numbered
 * in input order and merged in that order: nothing depends on which thread did what.
 */
#ifndef QI_IMPORT_H
#define QI_IMPORT_H

#include "../base/base.h"
#include "../cube/writer.h"
#include "../io/io.h"
#include "quipu/import.h"

#define QI_MAX_FIELDS 512

/* ---- product codes as numbers that sort like text (code.c) ---- */

/* Up to 12 of 0-9 A-Z . - _ in base 40, left-aligned: comparing numbers compares texts, and
 * the codes that begin with c are a range.  0 = not a code. */
uint64_t qi_code_pack(const char *text, size_t length);
void qi_code_unpack(uint64_t code, char text[16]);
/* First number after all codes that begin with `code`. */
uint64_t qi_code_after(uint64_t code);
extern const uint8_t qi_code_digit[256]; /* 1..39, 0 = not allowed */

/* ---- cells ---- */

/* period, flow, reporter, partner in one number, so that sorting is comparing. */
static inline uint64_t qi_cell_key(quipu_period period, unsigned flow, unsigned reporter,
                                   unsigned partner) {
    return (uint64_t)(uint32_t)period << 35 | (uint64_t)flow << 32 | (uint64_t)reporter << 16 |
           partner;
}
#define QI_KEY_SLAB(key)     ((key) >> 32)
#define QI_KEY_PLACE(key)    ((key) >> 16) /* slab and reporter */
#define QI_KEY_PERIOD(key)   ((quipu_period)((key) >> 35))
#define QI_KEY_FLOW(key)     ((unsigned)((key) >> 32) & 7u)
#define QI_KEY_REPORTER(key) ((unsigned)((key) >> 16) & 0xFFFFu)
#define QI_KEY_PARTNER(key)  ((unsigned)(key)&0xFFFFu)

typedef struct qi_cell {
    uint64_t key;
    uint64_t product; /* packed code */
    int64_t value, weight, quantity;
    uint32_t line; /* in the chunk, from 0 */
    uint8_t unit, flags;
    uint8_t part; /* 1 = one part of a breakdown (transport, customs procedure, second partner);
                   * QI_FAR + d = trade told beside tariffs of a year d away (WITS-TRAINS) */
    uint8_t reserved;
} qi_cell;

#define QI_FAR 8u

/* ---- the ledger: where every row went (ledger.c) ---- */

#define QI_REASONS(X)                                                                          \
    X(WORLD, SET_ASIDE, "World among the partners, beside its parts")                          \
    X(GROUP, SET_ASIDE, "a group of countries, beside its members")                            \
    X(PRODUCT_TOTAL, SET_ASIDE, "a total or higher level of products, beside its parts")       \
    X(BREAKDOWN, SET_ASIDE, "part of a breakdown by transport, procedure or second partner")   \
    X(DUPLICATE, SET_ASIDE, "the same row again")                                              \
    X(TARIFF_YEAR, SET_ASIDE, "trade repeated beside the tariffs of another year")             \
    X(DUPLICATE_CHOICE, SET_ASIDE, "a second value for the same cell (--duplicates)")          \
    X(OTHER_NOMENCLATURE, SET_ASIDE, "another nomenclature than the one asked for")            \
    X(NO_VALUE, SET_ASIDE, "no value given")                                                   \
    X(COMMENT, SET_ASIDE, "text around the table")                                             \
    X(CODE_FILE, SET_ASIDE, "a list of codes, not of trade")                                   \
    X(REPLACED, NOTE, "an older period replaced by this import")                               \
    X(MALFORMED, REJECTED, "malformed")                                                        \
    X(SELF_TRADE, NOTE, "trade of a country with itself, kept")                                \
    X(SUMMED, NOTE, "parts of a breakdown without their total, added up")                      \
    X(DUPLICATE_SUM, NOTE, "several values for one cell, added up (--duplicates sum)")         \
    X(DECLARATIONS, NOTE, "further declarations of the same cell, added up")                   \
    X(ZERO_QUANTITY, NOTE, "a quantity of zero with a value: taken as unknown")                \
    X(ROUNDED, NOTE, "more decimals than a thousandth of a dollar, rounded")                   \
    X(PADDED, NOTE, "a product code that had lost its leading zero, restored")                 \
    X(NO_FIRM, NOTE, "no firm stated, kept as trade of firms unknown")                         \
    X(UNKNOWN_COUNTRY, NOTE, "a country code the tables do not know, kept")                    \
    X(UNKNOWN_PRODUCT, NOTE, "a product code the nomenclature does not have, kept")            \
    X(RESIDUAL, NOTE, "value that published totals hold beyond the sum of their parts")        \
    X(EXCESS, NOTE, "value that parts hold beyond their published total")                      \
    X(TOTAL_AGREES, NOTE, "published totals that equal the sum of their parts")                \
    X(SPLIT, NOTE, "divided among several codes of the new nomenclature")                      \
    X(UNMAPPED, NOTE, "no counterpart in the new nomenclature, kept under the old code")

typedef enum qi_reason {
#define X(name, outcome, text) QI_R_##name,
    QI_REASONS(X)
#undef X
        QI_N_REASONS
} qi_reason;

typedef enum qi_outcome { QI_SET_ASIDE, QI_REJECTED, QI_NOTE } qi_outcome;

typedef struct qi_ledger_line {
    uint64_t rows;
    int64_t value;     /* thousandths of US$, saturating */
    char example[120]; /* the first one met */
} qi_ledger_line;

typedef struct qi_ledger {
    uint64_t read;     /* rows, headers and blank lines apart */
    uint64_t accepted; /* leaves */
    uint64_t tariffs;  /* rows that became a tariff and nothing else */
    int64_t value_accepted;
    double rounding; /* US$ lost or gained by rounding */
    bool least; /* examples are the least in order of bytes, not the first: rows of an engine
                 * come in no order */
    qi_ledger_line line[QI_N_REASONS];
} qi_ledger;

void qi_ledger_count(qi_ledger *ledger, qi_reason reason, uint64_t rows, int64_t value);
/* As above; the example is kept when it is the first, or the least. */
void qi_ledger_note(qi_ledger *ledger, qi_reason reason, uint64_t rows, int64_t value,
                    const char *format, ...) QUIPU_PRINTF(5, 6);
void qi_ledger_merge(qi_ledger *into, const qi_ledger *from); /* `into` comes first */
uint64_t qi_ledger_sum(const qi_ledger *ledger, qi_outcome outcome);
quipu_status qi_ledger_table(const qi_ledger *ledger, quipu_table *out, quipu_error *err);
/* The report kept in the cube: the ledger as lines of text.  Nothing in it is about firms, so
 * that a copy of the cube without them is that of an import without them. */
bool qi_ledger_text(const qi_ledger *ledger, qi_buffer *out);

/* ---- columns and profiles (profile.c) ---- */

typedef enum qi_role {
    QI_IGNORE,
    QI_PERIOD,
    QI_REPORTER,
    QI_PARTNER,
    QI_PRODUCT,
    QI_VALUE,
    QI_WEIGHT,
    QI_QUANTITY,
    QI_UNIT,
    QI_FLOW,
    QI_NOMENCLATURE,
    QI_LEVEL,     /* digits of the product code, as the file says */
    QI_SECOND,    /* second partner: anything but empty, 0 or World is a breakdown */
    QI_CUSTOMS,   /* customs procedure: anything but empty or C00 */
    QI_TRANSPORT, /* mode of transport: anything but empty or 0 */
    QI_ESTIMATED, /* Comtrade's Flag: 2 quantity, 4 weight, 6 both estimated */
    QI_QUANTITY_ESTIMATED,
    QI_WEIGHT_ESTIMATED,
    QI_FLAGS,           /* our own, as in the cube */
    QI_FALLBACK_PERIOD, /* used when QI_PERIOD is empty */
    QI_DUTY,
    QI_TARIFF_PERIOD,
    QI_RATE_SIMPLE,
    QI_RATE_WEIGHTED,
    QI_RATE_DEVIATION,
    QI_RATE_MINIMUM,
    QI_RATE_MAXIMUM,
    QI_RATE_LINES,
    QI_RATE_DOMESTIC_PEAKS,
    QI_RATE_INTERNATIONAL_PEAKS,
    QI_RATE_BINDING,
    QI_REPORTER_NAME, /* only to tell a group that has no code */
    QI_ROWS,          /* rows of an engine that the line is the sum of */
    QI_FIRM,          /* id of the firm whose trade it is */
    QI_ROUNDED,       /* 1: their values had more decimals than we keep */
    QI_N_ROLES
} qi_role;

typedef struct qi_schema qi_schema;
typedef struct qi_chunk qi_chunk;
typedef struct qi_import qi_import;

/* What the workers share, read-only once rows are being read. */
struct qi_import {
    const quipu_nomen *nomen;
    quipu_import_options options;
    /* Comtrade/BACI number -> the number we keep (250 -> 251), 0xFFFF unknown; and its kind. */
    uint16_t number[1000];
    uint8_t kind[1000]; /* quipu_country_kind of the number kept */
};
#define QI_UNKNOWN_NUMBER 0xFFFFu
/* Every row counts, and none comes before another. */
static inline bool qi_of_declarations(const qi_import *import) {
    return import->options.duplicates == QUIPU_DUPLICATES_DECLARATIONS;
}

/* A profile is one row of the list in profile.c. */
typedef struct qi_profile {
    const char *name, *label, *recognised_by;
    /* Does this header (fields of the first line) belong to it?  Fills the schema's columns. */
    bool (*recognise)(const char *const *fields, size_t n, qi_schema *schema);
    /* Reads all lines of a chunk into cells. */
    quipu_status (*read_chunk)(qi_chunk *chunk, quipu_error *err);
    bool whole; /* the member must come as one chunk (JSON) */
} qi_profile;

/* How the columns of one member (file) are to be read. */
struct qi_schema {
    const qi_profile *profile;
    char delimiter;
    size_t n_columns;
    uint8_t role[QI_MAX_FIELDS];
    int16_t column[QI_N_ROLES]; /* column of a role, -1 */
    int value_scale;            /* power of ten from the file's unit to thousandths of US$ */
    int weight_scale;           /* to thousandths of a kg */
    quipu_flow flow;            /* where the file has no column */
    int fixed_width;            /* product codes always have this many digits (BACI: 6); 0 */
    quipu_period wide_period[QI_MAX_FIELDS]; /* wide tables: the period of a value column */
    unsigned reporter; /* of the whole file (number), when it has no column */
    unsigned partner;
    bool in_cells; /* from Stata, SPSS or Excel: places in a line are numbers of fields */
    bool tariffs;  /* rows carry tariffs */
    bool simple;   /* only period, countries, product, value, weight: the quick path */
    char nomenclature[8], release[24], source[160], valuation[16];
    qi_arena *arena; /* of the import: for what a header says beyond the above */
    QI_LIST(quipu_pair_text) restored; /* profile "quipu": metadata to restore */
    qi_buffer restored_report;
};

typedef struct qi_tariff_row {
    quipu_tariff tariff; /* product, reporter, partner are filled in the end */
    uint64_t product;    /* packed */
    unsigned reporter, partner;
} qi_tariff_row;

/* One malformed row. */
typedef struct qi_reject {
    uint64_t first_line;   /* of the chunk in its file, filled in the end */
    uint32_t line, column; /* line in the chunk, from 0 */
    char *text;            /* the line as it was, cut at 4 KiB */
    char *reason;
} qi_reject;

/* Rows of the quick way: BACI's three figures as parallel arrays, and the groups of equal key
 * (period, flow, reporter, partner) that follow each other in it. */
typedef struct qi_plain_group {
    uint64_t key;
    size_t from; /* up to the next group, or to n */
    uint32_t first_line;
} qi_plain_group;

typedef struct qi_plain {
    uint64_t *product; /* packed code */
    int64_t *value, *weight;
    size_t n, capacity;
    QI_LIST(qi_plain_group) groups;
} qi_plain;
bool qi_plain_reserve(qi_plain *plain, size_t n); /* false = no memory */
void qi_plain_free(qi_plain *plain);

/* ---- firms (firms.c; what becomes of them: firms.h) ---- */

/* XXH3-128 of an id, the reporter in front.  The first half orders and numbers the firms; the
 * second only tells two firms with the same first half.  All zero: not stated. */
typedef struct qi_firm_id {
    uint64_t hash, check;
} qi_firm_id;
#define QI_MOST_FIRM_BYTES 64
qi_firm_id qi_firm_of(const char *text, size_t length);
qi_firm_id qi_firm_of_reporter(qi_firm_id id, unsigned reporter);

/* Trade of one firm in one cell. */
typedef struct qi_firm_record {
    uint64_t key, firm;
    uint64_t product; /* packed code */
    int64_t value;
} qi_firm_record;

typedef struct qi_firm_cell {
    qi_firm_record record;
    uint64_t check; /* second half of the id */
} qi_firm_cell;
typedef QI_LIST(qi_firm_cell) qi_firm_cells;

/* A block of whole lines and what became of them. */
struct qi_chunk {
    const qi_import *import;
    const qi_schema *schema;
    size_t number; /* in input order */
    size_t member;
    const char *member_name;
    char *bytes;
    size_t length, capacity;
    size_t skip_lines;      /* header lines at its beginning */
    uint64_t rows;          /* that the line at hand stands for: 1, but for an engine's */
    uint64_t n_lines;       /* filled by the reader of rows */
    qi_plain plain;         /* what the quick way read */
    QI_LIST(qi_cell) cells; /* what the careful one did */
    qi_firm_id firm;        /* of the line at hand */
    qi_firm_cells firms;    /* with keep_firms: one for each cell */
    QI_LIST(qi_tariff_row) tariffs;
    QI_LIST(qi_reject) rejects;
    qi_ledger ledger;
    char nomenclature[8][8]; /* those met in rows: our name, the file's, the first line */
    char nomenclature_text[8][12];
    size_t nomenclature_length[8];
    uint32_t nomenclature_line[8];
    size_t n_nomenclatures;
    uint32_t columns; /* QUIPU_HAS_... that occurred */
};

/* ---- fields.c ---- */

typedef struct qi_field {
    const char *text;
    size_t length;
    uint32_t column; /* byte in the line, from 1 */
} qi_field;

/* Cut one line (without its end) into fields; quotes are removed, doubled quotes undone into
 * `scratch` (as long as the line).  Returns the number of fields, or 0 with *problem set. */
size_t qi_split_line(const char *line, size_t length, char delimiter, qi_field *fields,
                     size_t max, char *scratch, const char **problem, uint32_t *column);

/* ---- quick.c: plain lines at speed ---- */

/* What the quick way remembers of the line before: in a sorted file the text up to the
 * product is mostly the same again, and is then not read a second time. */
typedef struct qi_quick {
    size_t n_columns;          /* 5, or 6 with a quantity */
    uint64_t text[2], mask[2]; /* the first bytes of the line, up to 16 */
    size_t length;             /* 0 = nothing remembered */
    uint64_t key;
    uint64_t last_key; /* of the row kept last */
    uint32_t last_line;
} qi_quick;

/* Read lines of BACI's columns from *at into cells, up to the first line that is anything but
 * plain (or `end`); *line counts them.  The bytes end with a newline and 64 bytes of slack. */
quipu_status qi_quick_lines(qi_chunk *chunk, qi_quick *quick, const char **at, const char *end,
                            uint32_t *line, quipu_error *err);

/* ---- rows.c: the reader of rows all table profiles share ---- */
quipu_status qi_read_rows(qi_chunk *chunk, quipu_error *err);
quipu_status qi_read_wide(qi_chunk *chunk, quipu_error *err);        /* wide.c */
quipu_status qi_read_totals_json(qi_chunk *chunk, quipu_error *err); /* totals_json.c */
quipu_status qi_read_comtrade_json(qi_chunk *chunk, quipu_error *err);
/* One row whose fields stand in the order of the schema's columns; `text` is what a reject
 * shows of it. */
quipu_status qi_read_fields(qi_chunk *chunk, uint32_t line, const char *text, size_t length,
                            const qi_field *fields, quipu_error *err);
quipu_status qi_reject_line(qi_chunk *chunk, uint32_t line, const char *text, size_t length,
                            uint32_t column, quipu_error *err, const char *format, ...)
    QUIPU_PRINTF(7, 8);

/* A country as the file writes it (number or three letters, or a name): the number we keep,
 * or QI_UNKNOWN_NUMBER. */
unsigned qi_country_number(const qi_import *import, const char *text, size_t length);
/* Say of a finished cell what must not stay silent, and add it. */
quipu_status qi_add_cell(qi_chunk *chunk, const qi_cell *cell, quipu_error *err);

/* ---- engine_rows.c: the groups of an engine as lines of a table ---- */
typedef struct qi_engine_rows qi_engine_rows;
bool qi_is_engine(const char *input); /* "odbc:..." */
quipu_status qi_engine_rows_open(const char *input, const quipu_import_options *options,
                                 qi_engine_rows **out, quipu_error *err);
void qi_engine_rows_close(qi_engine_rows *rows);
/* Fill up to `size` bytes; *got is less at the end.  Before the end is told, the rows and the
 * value of all groups are compared with an independent sum. */
quipu_status qi_engine_rows_read(qi_engine_rows *rows, char *bytes, size_t size, size_t *got,
                                 quipu_error *err);
/* What the cube says of them: "declarations odbc:PostgreSQL 15.0.18 20000000 rows". */
const char *qi_engine_rows_name(qi_engine_rows *rows);
void qi_engine_rows_account(const qi_engine_rows *rows, quipu_import_result *result);
/* The file of firms appears. */
quipu_status qi_engine_rows_commit(qi_engine_rows *rows, quipu_error *err);

/* ---- profile.c ---- */
const qi_profile *qi_profiles(size_t *count);
const qi_profile *qi_profile_find(const char *name);
/* Look at the first bytes of a member and fill its schema, of which only `in_cells` is set.  *skip_lines: lines before the
 * rows.  E_FORMAT: not a table we know. */
quipu_status qi_recognise(const qi_import *import, const char *member, const char *head,
                          size_t length, qi_arena *arena, qi_schema *schema, size_t *skip_lines,
                          quipu_error *err);

/* ---- runs (run.c) ---- */
typedef struct qi_head {
    uint64_t key;
    uint64_t offset; /* of the packed cells in the run; in a segment, where they stand behind
                      * the head, their length */
    uint32_t n, first_line;
    uint32_t columns; /* QUIPU_HAS_... of its cells, and QI_HAS_PARTS */
    uint32_t run;     /* number of the chunk */
} qi_head;

#define QI_HAS_PARTS 8u
#define QI_HAS_LINES 16u /* the cells do not stand on consecutive lines */
#define QI_COLUMNS   7u  /* the columns of the cube among them */

/* A list of product codes many runs share: what a worker has met so far. */
typedef struct qi_codes {
    struct qi_codes *older; /* lists of the same worker, to be freed with it */
    uint64_t *code;         /* rising */
    uint32_t *product;      /* code -> product of the cube, filled before the merge */
    size_t n;
} qi_codes;

typedef struct qi_run {
    size_t member;
    uint64_t first_line;  /* of the chunk in its file, from 1; known when all is read */
    const qi_head *heads; /* NULL once they are in a segment */
    size_t n_heads;
    const qi_codes *codes;
    const uint8_t *bytes; /* packed cells */
    uint64_t length;
    uint32_t line_of[2]; /* the least line of an annual and of a monthly row, or none */
} qi_run;

#define QI_RUN_SLACK 32 /* zeros behind the packed cells, for the decoder */
#define QI_NO_LINE   UINT32_MAX

/* Heads and packed cells of many runs, back to back. */
typedef struct qi_block {
    struct qi_block *older;
    size_t size, used;
} qi_block;

/* The runs of one worker that are in memory. */
typedef struct qi_batch {
    QI_LIST(qi_run *) runs;
    uint64_t bytes;  /* of their heads and packed cells */
    qi_block *block; /* where those are; newest first */
} qi_batch;
void qi_batch_free(qi_batch *batch); /* heads and cells; the runs themselves are others' */

/* The groups of one reporter in one slab in a segment. */
typedef struct qi_place {
    uint64_t place; /* QI_KEY_PLACE */
    uint64_t at;    /* in the file, up to the next place */
    uint64_t cells;
    uint32_t columns;
    bool world, others; /* there is trade with World, with others */
} qi_place;

/* All groups of many runs in order of key and run; its places rise. */
typedef struct qi_segment {
    qi_place *items;
    size_t n, capacity;
    uint64_t end;
} qi_segment;

/* The cells of one pair in one run, as they are packed. */
typedef struct qi_group {
    const qi_head *head;
    const uint8_t *at, *end; /* what is behind the end may be read, up to QI_RUN_SLACK */
    const qi_codes *codes;
} qi_group;

/* A worker's memory between chunks: its dictionary and its packing room. */
typedef struct qi_packer {
    uint64_t *table; /* hash table of codes, 0 = empty */
    uint32_t *id;    /* of the code in the same slot, in order of first sight */
    size_t mask, n;
    uint32_t *rank; /* id -> position in codes */
    qi_codes *codes;
    qi_buffer bytes;
    QI_LIST(qi_head) heads;
    int64_t *column;
    uint8_t *small;
    size_t room;
    qi_batch batch;   /* the runs made of them */
    uint8_t *country; /* 65536: is marked when it is met */
} qi_packer;

void qi_packer_free(qi_packer *packer); /* not its codes and batch: they outlive it */
void qi_codes_free(qi_codes *codes);    /* and all older ones */

/* Sorts the cells of a chunk and packs them, in a block of the packer's batch. */
quipu_status qi_run_make(qi_chunk *chunk, qi_packer *packer, qi_run *run, quipu_error *err);

typedef struct qi_pair_cell {
    uint32_t product; /* of the cube, once mapped */
    uint32_t line, run;
    uint8_t unit, flags, part, drop;
    int64_t value, weight, quantity;
} qi_pair_cell;

/* A cell that the merge left out of the cube: a total beside its parts, World. */
typedef struct qi_dropped {
    uint64_t key, product; /* packed code; 0 = the pair with all its products */
} qi_dropped;

/* Room for the cells of one pair, from one or many runs. */
typedef struct qi_pair_cells {
    size_t n, capacity;
    qi_pair_cell *items;
    size_t crowded;      /* declarations are added up when there are so many cells */
    uint64_t summed;     /* declarations that have been added to another */
    quipu_leaves leaves; /* decoding room, and the answer of qi_run_read_clean */
    int64_t *more;
    size_t more_size;
    QI_LIST(qi_dropped) dropped; /* of all pairs so far, when firms are kept */
} qi_pair_cells;

/* Append the cells of one group. */
quipu_status qi_run_read(const qi_group *group, qi_pair_cells *into, quipu_error *err);
/* The usual case at its quickest.  *clean: no product comes twice and no cell is a part of a
 * breakdown, so the group is a pair as it is: product and value are in `into->leaves`, and
 * [*columns, + *n_bytes) are its columns as the cube packs them.  Else use qi_run_read. */
quipu_status qi_run_read_clean(const qi_group *group, qi_pair_cells *into, bool *clean,
                               const uint8_t **columns, size_t *n_bytes, quipu_error *err);
void qi_pair_cells_free(qi_pair_cells *cells);

/* ---- merge (merge.c, resolve.c) ---- */

typedef struct qi_merge {
    const qi_import *import;
    qi_run *runs;
    size_t n_runs;
    qi_codes *const *lists; /* the workers' lists of codes, newest first */
    size_t n_lists;
    const char *const *member_names;
    const qi_segment *segments; /* the groups of all runs, unless those are in memory */
    size_t n_segments;
    const uint8_t *country;             /* 65536: those met */
    const struct qi_pipeline *pipeline; /* for its spill file */
    unsigned threads;
    const quipu_cube *old; /* append: what the runs do not replace stays */
    qi_tariff_row *tariffs;
    size_t n_tariffs;
    qi_ledger *ledger;
    /* made by the merge */
    uint64_t *codes; /* all product codes met, rising */
    size_t n_codes;
    uint64_t *kept; /* those that remain in the cube, rising */
    size_t n_kept;
    uint32_t *final;     /* position in codes -> in kept; NULL = the same */
    uint32_t *subtree;   /* for product k: first product after k that does not begin with k */
    uint32_t total;      /* product TOTAL, or UINT32_MAX */
    bool nested;         /* some code begins another, or TOTAL stands beside others */
    uint16_t *countries; /* numbers, rising */
    size_t n_countries;
    uint16_t *index;        /* number -> position in countries; 65536 */
    int64_t *product_value; /* n_kept: value of each product over all slabs */
    quipu_period *periods;  /* one for each slab, rising */
    int64_t *slab_total;
    size_t n_slabs;
    QI_LIST(qi_dropped) dropped; /* rising, when firms are kept */
} qi_merge;

/* Everything from runs to a cube about to be committed. */
quipu_status qi_merge_runs(qi_merge *merge, const char *path, qi_cube_writer **out,
                           quipu_error *err);
void qi_merge_free(qi_merge *merge);
/* Settle the cells of one pair (resolve.c): duplicates, breakdowns, totals beside their
 * parts.  Dropped cells are marked; the rest are leaves, rising by product. */
quipu_status qi_resolve_pair(const qi_merge *merge, uint64_t key, qi_pair_cells *cells,
                             qi_ledger *ledger, quipu_error *err);
/* Where every row counts: add up the cells of the same product, so that there are fewer. */
quipu_status qi_add_declarations(qi_pair_cells *cells, const qi_merge *merge, uint64_t key,
                                 quipu_error *err);
/* Compare a published total with the sum of its n parts. */
void qi_check_total(qi_ledger *ledger, uint64_t key, const char *product, int64_t published,
                    int64_t sum, size_t n_parts);

#endif
