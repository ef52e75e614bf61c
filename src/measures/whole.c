/* SPDX-License-Identifier: Apache-2.0 */
/* whole.c - of what a share is taken.
 *
 * The shared dimension is the last of --by; without --by it is the partner if one is named,
 * else the product, else the reporter.  The whole is by default everything along it.
 *
 *   --of          whole
 *   (nothing)     all partners, all products or all reporters, along the shared dimension
 *   selection     what is selected, added up along the shared dimension
 *   total         all the reporter traded in this flow: all partners, all products
 *   classified    the total less what has no class
 *   world, Asia   all partners, or those of a group, of the same products; where reporters
 *                 are shared, all reporters or those of a group
 */
#include "measures/common.h"

static bool is_all(const char *text) {
    return text == NULL || text[0] == '\0';
}

/* The last axis that was asked for by --by, or -1. */
static int last_by(const qi_ask *ask) {
    for (size_t a = ask->n_axes; a > 0; a--)
        if (!ask->axes[a - 1].listed)
            return (int)(a - 1);
    return -1;
}

static qi_axis_kind shared_kind(const qi_ask *ask) {
    int axis = last_by(ask);
    if (axis >= 0)
        return ask->axes[axis].kind;
    if (!is_all(ask->selection.partner))
        return QI_AXIS_PARTNER;
    return !is_all(ask->selection.product) ? QI_AXIS_PRODUCT : QI_AXIS_REPORTER;
}

static bool is_goods(qi_axis_kind kind) {
    return kind == QI_AXIS_PRODUCT || kind == QI_AXIS_CLASS;
}

static void drop_kind(const qi_ask *ask, qi_axis_kind kind, qi_cut *cut) {
    for (size_t a = 0; a < ask->n_axes; a++)
        if (ask->axes[a].kind == kind || (is_goods(kind) && is_goods(ask->axes[a].kind)))
            cut->drop |= 1u << a;
}

/* Sum `kind` away over `who`: "all" or countries; NULL = over what is selected. */
static void sum_away(const qi_ask *ask, qi_axis_kind kind, const char *who, qi_cut *cut) {
    drop_kind(ask, kind, cut);
    if (kind == QI_AXIS_REPORTER)
        cut->reporter = who;
    else if (kind == QI_AXIS_PARTNER)
        cut->partner = who;
    else
        cut->product = who;
}

static const char *all_of(qi_axis_kind kind) {
    return kind == QI_AXIS_REPORTER  ? "all reporters"
           : kind == QI_AXIS_PARTNER ? "all partners"
                                     : "all products";
}

static bool is_word(const char *of) {
    return qi_is(of, "selection") || qi_is(of, "total") || qi_is(of, "classified");
}

static quipu_status name_countries(qi_ask *ask, const char *of, const char **out,
                                   quipu_error *err) {
    qi_choice *choices;
    size_t n;
    QI_TRY(qi_choices_parse(ask->nomen, of, &ask->arena, &choices, &n, err));
    if (n != 1)
        return qi_fail(err, QUIPU_E_ARG,
                       "of \"%s\": one country or group is the denominator; "
                       "join several with +",
                       of);
    *out = choices[0].name;
    return QUIPU_OK;
}

static quipu_status choose(qi_ask *ask, const char *of, qi_cut *cut, qi_whole *out,
                           quipu_error *err) {
    qi_axis_kind shared = shared_kind(ask);
    if (shared == QI_AXIS_FLOW)
        return qi_fail(err, QUIPU_E_ARG, "flows have no sum to take a share of");
    if (of == NULL) {
        sum_away(ask, shared, "all", cut);
        out->name = all_of(shared);
    } else if (qi_is(of, "selection")) {
        sum_away(ask, shared, NULL, cut);
        out->name = "the selection";
    } else if (qi_is(of, "total")) {
        sum_away(ask, QI_AXIS_PARTNER, "all", cut);
        sum_away(ask, QI_AXIS_PRODUCT, "all", cut);
        out->name = "all partners and products";
    } else if (qi_is(of, "classified")) {
        if (qi_ask_axis(ask, QI_AXIS_CLASS) < 0)
            return qi_fail(err, QUIPU_E_ARG, "of classified needs classes: --by technology");
        sum_away(ask, QI_AXIS_CLASS, "all", cut);
        out->classified = true;
        out->name = "all classified products";
    } else {
        QI_TRY(name_countries(ask, of, &out->name, err));
        if (shared == QI_AXIS_REPORTER || shared == QI_AXIS_PARTNER) {
            sum_away(ask, shared, of, cut);
        } else if (qi_argument(ask->measure, ask->request, "partner") != NULL) {
            sum_away(ask, QI_AXIS_PARTNER, of, cut);
        } else { /* the partners were wished for: all their products are the whole */
            sum_away(ask, shared, "all", cut);
        }
    }
    return QUIPU_OK;
}

quipu_status qi_whole_make(qi_ask *ask, const char *of, const qi_frame *parts, qi_whole *out,
                           quipu_error *err) {
    *out = (qi_whole){.of = parts};
    qi_cut cut = {0};
    QI_TRY(choose(ask, of, &cut, out, err));
    return qi_frame_make(ask, &cut, &out->frame, err);
}

void qi_whole_free(qi_whole *whole) {
    if (whole->frame.ask != NULL)
        qi_frame_free(&whole->frame);
}

bool qi_whole_value(const qi_whole *whole, uint64_t key, size_t period, quipu_money *out) {
    size_t row = qi_frame_find(&whole->frame, key);
    if (row == QI_NO_ROW)
        return false;
    size_t at = qi_frame_at(&whole->frame, 0, row, period);
    if (!whole->frame.known[at])
        return false;
    *out = whole->frame.value[at];
    if (whole->classified) {
        const qi_ask *ask = whole->frame.ask;
        const qi_axis *axis = &ask->axes[qi_ask_axis(ask, QI_AXIS_CLASS)];
        uint64_t rest = (key & ~qi_axis_mask(axis)) | (uint64_t)(axis->n - 1) << axis->shift;
        size_t unclassified = qi_frame_find(whole->of, rest);
        if (unclassified != QI_NO_ROW)
            *out -= whole->of->value[qi_frame_at(whole->of, 0, unclassified, period)];
    }
    return *out > 0;
}

void qi_whole_wish(const quipu_measure *measure, const quipu_request *request, const char *by,
                   qi_wish *wish) {
    const char *of = qi_argument(measure, request, "of");
    const char *typed = qi_argument(measure, request, "by");
    by = typed != NULL ? typed : by;
    if (of == NULL || is_word(of))
        return;
    const char *last = by != NULL ? strrchr(by, ',') : NULL;
    last = last != NULL ? last + 1 : by;
    bool reporters = qi_is(last, "reporter");
    if (reporters && qi_argument(measure, request, "reporter") == NULL)
        wish->reporter = of;
    else if (!reporters && last != NULL && qi_argument(measure, request, "partner") == NULL)
        wish->partner = of;
}
