/* SPDX-License-Identifier: Apache-2.0 */
/* suggest.c - keep the few names nearest to what was typed. */
#include "query/query.h"

void qi_suggest_start(qi_suggest *suggest, const char *wanted) {
    memset(suggest, 0, sizeof *suggest);
    qi_fold(wanted, strlen(wanted), suggest->wanted, sizeof suggest->wanted);
}

void qi_suggest_try(qi_suggest *suggest, const char *candidate) {
    char folded[64];
    size_t length = qi_fold(candidate, strlen(candidate), folded, sizeof folded);
    size_t wanted = strlen(suggest->wanted);
    if (length == 0 || wanted == 0)
        return;
    unsigned limit = wanted <= 3 ? 1 : wanted <= 6 ? 2 : 3;
    unsigned distance = qi_edit_distance(suggest->wanted, folded, limit);
    /* A name that goes on after what was typed is near, however long it is. */
    if (distance > limit && wanted >= 3 && strncmp(folded, suggest->wanted, wanted) == 0)
        distance = limit;
    if (distance > limit)
        return;
    /* Among equally near names the one of the same length is the likelier slip. */
    size_t gap = length > wanted ? length - wanted : wanted - length;
    distance = distance * 8 + (unsigned)(gap < 7 ? gap : 7);
    size_t at = suggest->n;
    for (size_t i = 0; i < suggest->n; i++)
        if (strcmp(suggest->best[i], candidate) == 0)
            return;
    while (at > 0 && suggest->distance[at - 1] > distance)
        at--;
    if (at >= QI_SUGGEST_MAX)
        return;
    if (suggest->n < QI_SUGGEST_MAX)
        suggest->n++;
    for (size_t i = suggest->n - 1; i > at; i--) {
        suggest->best[i] = suggest->best[i - 1];
        suggest->distance[i] = suggest->distance[i - 1];
    }
    suggest->best[at] = candidate;
    suggest->distance[at] = distance;
}

const char *qi_suggest_text(const qi_suggest *suggest, char out[QI_SUGGEST_TEXT]) {
    static const char *const joint[] = {"; did you mean ", ", ", " or "};
    out[0] = '\0';
    size_t used = 0;
    for (size_t i = 0; i < suggest->n; i++) {
        const char *before = joint[i == 0 ? 0 : i + 1 == suggest->n ? 2 : 1];
        int n =
            snprintf(out + used, QI_SUGGEST_TEXT - used, "%s%.60s", before, suggest->best[i]);
        used += n > 0 ? (size_t)n : 0;
    }
    if (suggest->n > 0 && used + 1 < QI_SUGGEST_TEXT)
        memcpy(out + used, "?", 2);
    return out;
}
