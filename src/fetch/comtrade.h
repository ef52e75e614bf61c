/* SPDX-License-Identifier: Apache-2.0 */
/* comtrade.h (private) - the parts of comtrade.c: what UN Comtrade lists (comtrade_lists.c) and
 * how it is asked (comtrade_ask.c). */
#ifndef QI_FETCH_COMTRADE_H
#define QI_FETCH_COMTRADE_H

#include "fetch/division.h"

/* One reporter and period the office has published. */
typedef struct qi_dataset {
    int64_t reporter;
    quipu_period period;
    char classed[8];   /* "H3" */
    char released[24]; /* "2012-05-03T00:00:00" */
} qi_dataset;

typedef QI_LIST(qi_dataset) qi_datasets;

/* Appends what an answer to getDA lists. */
quipu_status qi_read_datasets(const char *bytes, size_t length, qi_datasets *out,
                              quipu_error *err);
/* By reporter and period, each once: of several classifications the one last released. */
void qi_order_datasets(qi_datasets *list);

/* The codes of a list of the office's ({"results": [{"id": ...}, ...]}); `level` keeps those of
 * so many signs, 0 all. */
quipu_status qi_read_codes(qi_arena *arena, const char *bytes, size_t length, size_t level,
                           qi_names *out, quipu_error *err);

/* Count the rows of an answer, and see that they are what was asked for.  E_FORMAT and E_DATA
 * when not: it may be asked for again. */
quipu_status qi_count_answer(const char *bytes, size_t length, const char *reporter,
                             quipu_period period, uint64_t *rows, quipu_error *err);

/* ---- requests (comtrade_ask.c) ---- */

enum {
    QI_MOST_PERIODS = 12, /* of one question about what is available */
    QI_CAP_PREVIEW = 500,
    QI_CAP_KEY = 100000,
    QI_STEP = 500 /* offices cap at round numbers: a round answer may be a cut one */
};

/* What a fetch of Comtrade knows by now. */
typedef struct qi_comtrade_state {
    const qi_question *question;
    qi_arena *arena;
    bool with_key;
    qi_datasets sets;
    qi_names partners; /* the office's own list; n = 0: not asked for yet */
    struct {
        const char *classed;
        size_t level;
        qi_names codes;
    } products[16];
    size_t n_products;
    qi_buffer *list; /* where a list being fetched goes */
} qi_comtrade_state;

/* What has been published of (at most 12) periods from the one at `from`. */
quipu_status qi_comtrade_want_available(qi_comtrade_state *c, size_t from, qi_want *out,
                                        quipu_error *err);
quipu_status qi_comtrade_want_node(qi_comtrade_state *c, qi_node *node, qi_want *out,
                                   quipu_error *err);
/* The whole question for one reporter and period; `set` NULL in a plan. */
quipu_status qi_comtrade_first_node(qi_comtrade_state *c, const char *reporter,
                                    quipu_period period, const qi_dataset *set, qi_node *out,
                                    quipu_error *err);

#endif
