/* SPDX-License-Identifier: Apache-2.0 */
/* since.c - see since.h. */
#include "measures/since.h"

enum { MOST_LINKS = 32 };

quipu_status qi_date_argument(const quipu_measure *measure, const quipu_request *request,
                              const char *name, quipu_date *out, quipu_error *err) {
    const char *text = qi_argument(measure, request, name);
    *out = 0;
    if (text != NULL && !quipu_date_parse(text, strlen(text), out))
        return qi_fail(err, QUIPU_E_ARG, "%s \"%s\": a date is 2010-03-01, 2010-03 or 2010",
                       name, text);
    return QUIPU_OK;
}

quipu_status qi_since_find(const quipu_measure *measure, const quipu_request *request,
                           const qi_pair_asked *pair, const quipu_agreement **agreement,
                           quipu_date *since, quipu_error *err) {
    const char *name = qi_argument(measure, request, "agreement");
    quipu_agreement_link links[MOST_LINKS];
    const quipu_agreement *wanted = NULL;
    size_t n, best = 0;
    *agreement = NULL;
    QI_TRY(qi_date_argument(measure, request, "since", since, err));
    if (name != NULL)
        QI_TRY(quipu_agreement_find(request->nomen, name, &wanted, err));
    else if (*since != 0)
        return QUIPU_OK;
    unsigned kinds = wanted != NULL ? 0 : QUIPU_FREE_TRADE | QUIPU_CUSTOMS_UNION;
    QI_TRY(quipu_agreements_between(request->nomen, pair->reporter, pair->partner, kinds, links,
                                    MOST_LINKS, &n, err));
    n = n < MOST_LINKS ? n : MOST_LINKS;
    while (best < n && (wanted != NULL ? links[best].agreement != wanted
                                       : links[best].from / 10000 <= pair->first))
        best++;
    if (best == n && wanted == NULL && n > 0)
        best = n - 1;
    if (best >= n)
        return qi_fail(
            err, QUIPU_E_NOT_FOUND,
            wanted != NULL ? "%s and %s are not both members of %s: quipu list agreements "
                             "names those of each"
                           : "there is no free trade agreement between %s and %s in the table; "
                             "give a date with --since, or a name with --agreement%s",
            pair->reporter_name, pair->partner_name, wanted != NULL ? wanted->name : "");
    *agreement = links[best].agreement;
    if (*since == 0)
        *since = links[best].from;
    return QUIPU_OK;
}

/* Years and months as whole numbers that count on. */
static int ordinal(quipu_period period, bool months) {
    return months ? period / 100 * 12 + period % 100 - 1 : period;
}

static quipu_period period_of(int ordinal, bool months) {
    return months ? ordinal / 12 * 100 + ordinal % 12 + 1 : ordinal;
}

qi_sides qi_since_sides(quipu_date since, int years, qi_partial partial, bool months) {
    bool whole = months ? since % 100 <= 1 : since % 10000 <= 101; /* in force for all of it */
    int length = years * (months ? 12 : 1);
    int entry = ordinal(months ? since / 100 : since / 10000, months);
    int end = !whole && partial == QI_PARTIAL_BEFORE ? entry : entry - 1;
    int begin = whole || partial == QI_PARTIAL_AFTER ? entry : entry + 1;
    return (qi_sides){.before_first = period_of(end - length + 1, months),
                      .before_last = period_of(end, months),
                      .after_first = period_of(begin, months),
                      .after_last = period_of(begin + length - 1, months),
                      .between = begin > end + 1 ? period_of(entry, months) : 0};
}
