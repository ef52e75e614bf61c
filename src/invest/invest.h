/* SPDX-License-Identifier: Apache-2.0 */
/* invest.h (private) - the register as it lies in memory, and what is asked of its ownership.
 *
 * Entities and projects are nodes: entity e is node e, project p is node n_entities + p.  A
 * stake leads from the node that holds to the node that is held.  Shares are whole numbers,
 * 10^12 to the whole, so that sums and remainders are exact; doubles begin where a system of
 * equations is solved.
 */
#ifndef QI_INVEST_INVEST_H
#define QI_INVEST_INVEST_H

#include "base/base.h"
#include "quipu/invest.h"

#define QI_WHOLE       INT64_C(1000000000000) /* 100 % */
#define QI_PERCENT     10                     /* decimals of a percentage that are kept */
#define QI_NONE        UINT32_MAX             /* no entity, no source, no text */
#define QI_DATE_OPEN   INT32_C(99991231)
#define QI_NO_VOTES    INT64_C(-1) /* not stated: votes go with the share */
#define QI_MAX_HOLDERS 8           /* companies named in one amount */

/* ---- the tables (tables.c) ---- */

typedef enum qi_table_id {
    QI_T_REGISTER,
    QI_T_SOURCES,
    QI_T_ENTITIES,
    QI_T_PROJECTS,
    QI_T_STAKES,
    QI_T_INVESTMENTS,
    QI_T_STATUS,
    QI_T_FDI_STOCK,
    QI_T_FDI_CONDUITS,
    QI_N_TABLES
} qi_table_id;
const char *qi_table_file(qi_table_id id); /* "stakes.csv" */

typedef enum qi_entity_kind {
    QI_COMPANY,
    QI_PERSON,
    QI_STATE,
    QI_CONSORTIUM,
    QI_N_ENTITY_KINDS
} qi_entity_kind;
typedef enum qi_yes { QI_UNKNOWN, QI_NO, QI_YES } qi_yes;
/* Amounts of two kinds are never added up. */
typedef enum qi_amount_kind {
    QI_ANNOUNCED,
    QI_PLANNED,
    QI_COMMITTED,
    QI_DISBURSED,
    QI_ACQUISITION,
    QI_SALE,
    QI_N_AMOUNT_KINDS
} qi_amount_kind;
extern const char *const qi_entity_kinds[QI_N_ENTITY_KINDS];
extern const char *const qi_amount_kinds[QI_N_AMOUNT_KINDS];

typedef struct qi_entity {
    const char *id, *name, *note;
    const quipu_country *country; /* NULL = not known */
    uint8_t kind, state_owned;    /* qi_entity_kind, qi_yes */
    bool conduit;
    uint32_t source;
    uint64_t line;
} qi_entity;

typedef struct qi_project {
    const char *id, *name, *sector, *location, *tables, *note;
    const quipu_country *country; /* where it lies */
    uint32_t source;
    uint64_t line;
} qi_project;

typedef struct qi_stake {
    uint32_t owner, owned; /* nodes */
    int64_t low, high;     /* equal: exact */
    int64_t votes;         /* QI_NO_VOTES = as the share */
    bool stated;           /* false: nothing is known but that there is a stake */
    int32_t from, to;      /* yyyymmdd, inclusive; 0 and QI_DATE_OPEN = open */
    const char *consortium, *note;
    uint32_t source;
    uint64_t line;
} qi_stake;

typedef struct qi_investment {
    uint32_t project;
    uint32_t company[QI_MAX_HOLDERS]; /* none: an amount of the whole project */
    unsigned n_companies;
    bool stated; /* has an amount */
    quipu_money amount;
    uint8_t kind;
    bool has_kind;
    int32_t from, to; /* years; 0 = not said */
    const char *note;
    uint32_t source;
    uint64_t line;
} qi_investment;

typedef struct qi_status {
    uint32_t project;
    int32_t from; /* 0 = not dated */
    const char *status;
    uint32_t source;
    uint64_t line;
} qi_status;

typedef struct qi_source_row {
    const char *id, *citation, *url;
    int32_t date; /* 0 = not dated */
    uint64_t line;
} qi_source_row;

typedef struct qi_fdi {
    const quipu_country *host, *origin; /* origin NULL: of all origins */
    int32_t year;
    const char *sector; /* "": of all sectors */
    bool has_amount, has_share;
    quipu_money amount;
    int64_t share; /* of the host's total of the year */
    uint32_t source;
    uint64_t line;
} qi_fdi;

typedef struct qi_conduit_row {
    const quipu_country *country;
    int32_t year;
    int64_t share; /* of what it invests abroad that only passes through */
    uint32_t source;
    uint64_t line;
} qi_conduit_row;

typedef struct qi_index { /* texts to positions, open addressing */
    uint32_t *slots;      /* 0 = empty, else position + 1 */
    size_t mask;
} qi_index;

struct quipu_register {
    qi_arena arena;
    const char *folder;
    char fingerprint[33];
    const char *title, *publisher;
    int32_t date; /* 0 = not said */
    const quipu_nomen *nomen;
    QI_LIST(qi_entity) entities;
    QI_LIST(qi_project) projects;
    QI_LIST(qi_stake) stakes;
    QI_LIST(qi_investment) investments;
    QI_LIST(qi_status) status;
    QI_LIST(qi_source_row) sources;
    QI_LIST(qi_fdi) fdi;
    QI_LIST(qi_conduit_row) conduits;
    qi_index nodes, source_index;
    uint32_t *into_start, *into; /* stakes by the node that is held, in order of the table */
};

/* ---- reading (register.c, tables.c, check.c) ---- */

typedef struct qi_register_bytes { /* the files of a register; NULL bytes = not there */
    char *bytes[QI_N_TABLES];      /* one longer than `length`; changed by reading */
    size_t length[QI_N_TABLES];
} qi_register_bytes;
/* As quipu_register_open, from memory; `folder` is for messages. */
quipu_status qi_register_parse(qi_register_bytes *files, const char *folder,
                               const quipu_nomen *nomen, quipu_table *problems,
                               quipu_register **out, quipu_error *err);

static inline size_t qi_n_nodes(const quipu_register *reg) {
    return reg->entities.n + reg->projects.n;
}
const char *qi_node_id(const quipu_register *reg, uint32_t node);
const char *qi_node_name(const quipu_register *reg, uint32_t node);
const quipu_country *qi_node_country(const quipu_register *reg, uint32_t node);
static inline const qi_entity *qi_node_entity(const quipu_register *reg, uint32_t node) {
    return node < reg->entities.n ? &reg->entities.items[node] : NULL;
}
/* By id, or by the whole name (folded).  E_NOT_FOUND with the nearest. */
quipu_status qi_node_find(const quipu_register *reg, const char *text, uint32_t *out,
                          quipu_error *err);
/* "2011", "2011-03" or "2011-03-01" as yyyymmdd; a part that is not given is the first or, for
 * `end`, the last of its kind.  False: no date. */
bool qi_date_parse(const char *text, size_t length, bool end, int32_t *out);
/* "2011" for whole years, else "2011-03-01"; "" for open ends. */
const char *qi_date_text(int32_t date, bool end, char out[16]);

int32_t qi_day_after(int32_t date); /* yyyymmdd */
int32_t qi_day_before(int32_t date);

/* ---- ownership at a date (graph.c) ---- */

typedef enum qi_unknown_rule {
    QI_UNKNOWN_APART, /* what is not stated counts as undisclosed */
    QI_UNKNOWN_EQUAL  /* the remainder is shared equally by the holders of unknown stakes */
} qi_unknown_rule;

typedef struct qi_edge {
    uint32_t owner; /* local */
    uint32_t stake; /* in the register */
    int64_t low, high, point, votes;
} qi_edge;

/* The nodes from which a target can be reached, renumbered so that who holds comes before what
 * is held (but for circles).  Column j of A is edges[start[j]] .. edges[start[j+1]-1]. */
typedef struct qi_graph {
    const quipu_register *reg;
    size_t n;
    uint32_t *node;  /* of the register */
    uint32_t *local; /* and back; QI_NONE = not in here */
    uint32_t *start;
    qi_edge *edges;
    uint32_t *circle; /* number of the strongly connected group a node is in */
    size_t n_circles;
    uint8_t *in_circle;   /* the group has a cycle */
    bool cyclic;          /* some group has */
    int64_t *undisclosed; /* of each node with holders: what nobody is named for */
    bool *ultimate;       /* nobody holds it */
    size_t n_unknown;     /* stakes that are not stated */
    size_t n_ranged;      /* stakes of which only bounds are known */
    struct qi_solver *solver;
    qi_arena arena;
} qi_graph;
/* `targets`: nodes of the register; NULL = all.  `absorb`, if given, is asked of each node
 * of the register whether to look no further behind it.
 * E_DATA: a closed group owns itself entirely (its members are named). */
typedef bool (*qi_absorb)(const quipu_register *reg, uint32_t node, const void *user);
quipu_status qi_graph_open(const quipu_register *reg, int32_t date, const uint32_t *targets,
                           size_t n_targets, qi_unknown_rule rule, qi_absorb absorb,
                           const void *user, qi_graph *out, quipu_error *err);
void qi_graph_close(qi_graph *graph);

/* ---- look-through (solve.c) ---- */

/* y becomes (I - A)^-1 y: from one thing held to all who hold it. */
quipu_status qi_graph_up(qi_graph *graph, double *y, quipu_error *err);
/* x becomes (I - A')^-1 x: from those who hold to all that they hold. */
quipu_status qi_graph_down(qi_graph *graph, double *x, quipu_error *err);
/* Shares of every ultimate owner in `target` (local), 0 for others, and what is undisclosed;
 * all of them add up to one.  share[n]. */
quipu_status qi_ultimate_shares(qi_graph *graph, uint32_t target, double *share,
                                double *undisclosed, quipu_error *err);
/* Integrated shares of all holders in `target`, without (Baldone et al.) or with (Brioschi et
 * al.) paths that come through the holder again. */
quipu_status qi_integrated_shares(qi_graph *graph, uint32_t target, bool corrected,
                                  double *share, quipu_error *err);
/* Largest share that nodes with mark[i] can have in each node, within the bounds of the
 * stakes; `undisclosed`: the remainder counts as marked, and the least share is sought. */
quipu_status qi_share_bound(const qi_graph *graph, const uint8_t *mark, bool undisclosed,
                            double *share, quipu_error *err);
/* The least share of the marked: every stake at its lower bound. */
quipu_status qi_share_floor(const qi_graph *graph, const uint8_t *mark, double *share,
                            quipu_error *err);

/* ---- the sparse solver (klu.c): SuiteSparse KLU, loaded when a circle is met ---- */
typedef struct qi_solver qi_solver;
/* I - A by columns; `value` is of A. */
quipu_status qi_solver_open(size_t n, const uint32_t *start, const qi_edge *edges,
                            qi_solver **out, quipu_error *err);
quipu_status qi_solver_solve(qi_solver *solver, bool transposed, double *x, quipu_error *err);
void qi_solver_close(qi_solver *solver);

/* ---- control by votes (control.c) ---- */

typedef enum qi_control_kind {
    QI_CONTROL_NONE,  /* nobody has the votes */
    QI_CONTROL_ONE,   /* `by` has, alone or through what it controls */
    QI_CONTROL_JOINT, /* a consortium has together: `by` is its largest holder */
    QI_CONTROL_CIRCLE /* only companies that it controls itself */
} qi_control_kind;
typedef struct qi_controlled {
    uint8_t kind;
    uint32_t by;            /* local */
    const char *consortium; /* joint */
} qi_controlled;
/* For each node of the graph; `theta` in units of QI_WHOLE: control is more than that. */
quipu_status qi_control(const qi_graph *graph, int64_t theta, qi_controlled *out,
                        quipu_error *err);

/* ---- attributing money (attribute.c) ---- */

typedef enum qi_rule {
    QI_RULE_ULTIMATE,
    QI_RULE_IMMEDIATE,
    QI_RULE_HEADLINE,
    QI_RULE_CONTROLLER,
    QI_N_RULES
} qi_rule;

/* A part of an amount: of a node of the register, or of nobody that could be named. */
typedef enum qi_nobody {
    QI_SOMEBODY,
    QI_UNDISCLOSED, /* holders nobody named */
    QI_UNDECIDED    /* no largest holder, or no single controller */
} qi_nobody;
typedef struct qi_part_of {
    uint32_t node;   /* of the register; QI_NONE for nobody */
    uint8_t nobody;  /* qi_nobody */
    quipu_money sum; /* the parts of an amount add up to it exactly */
} qi_part_of;
typedef QI_LIST(qi_part_of) qi_parts;
/* Adds the parts of one amount under one rule. */
quipu_status qi_attribute(qi_graph *graph, const qi_controlled *control,
                          const qi_investment *investment, qi_rule rule, qi_parts *parts,
                          quipu_error *err);

/* ---- writing a register (write.c) ---- */
quipu_status qi_register_make(const qi_buffer files[QI_N_TABLES], const char *folder,
                              quipu_error *err);
/* Quoted where it must be; `end` is the separator or line feed that follows. */
bool qi_csv_field(qi_buffer *out, const char *text, char end);

/* As quipu_register_import_bods, from memory. */
quipu_status qi_bods_read(const char *json, size_t length, const char *name,
                          const quipu_nomen *nomen, const char *folder, quipu_table *problems,
                          quipu_error *err);

#endif
