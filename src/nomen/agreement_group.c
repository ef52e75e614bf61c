/* SPDX-License-Identifier: Apache-2.0 */
/* agreement_group.c - groups of countries made out of agreements when they are named:
 *
 *     members-of:cptpp     the members of an agreement
 *     partners-of:Peru     who has a free trade agreement or customs union with a country
 *
 * Both change from year to year: a year counts when the agreement was in force on 1 July.  A
 * group once made is kept until the nomen closes, so that its address stays good.
 */
#include "nomen/agreement.h"

enum { MOST_LINKS = 32, MOST_MADE = 1000 };

typedef struct made_group {
    quipu_group group; /* the first, so that its address is found again */
    quipu_member *members;
    size_t n;
    struct made_group *next;
} made_group;

/* The first and last year with a 1 July between the two days; false: none. */
static bool july_years(quipu_date from, quipu_date to, quipu_member *out) {
    int first = from / 10000 + (from % 10000 > 701);
    int last = to == 0 ? 0 : to / 10000 - (to % 10000 < 701);
    out->from = (int16_t)first;
    out->to = (int16_t)last;
    return to == 0 || last >= first;
}

static quipu_status add_members(quipu_nomen *nomen, const quipu_agreement *agreement,
                                made_group *made, quipu_error *err) {
    const quipu_agreement_member *members;
    size_t n;
    QI_TRY(quipu_agreement_members(nomen, agreement, &members, &n, err));
    made->members = qi_arena_alloc(&nomen->arena, (n + 1) * sizeof *made->members);
    if (made->members == NULL)
        return qi_fail_memory(err, n * sizeof *made->members);
    for (size_t i = 0; i < n; i++) {
        quipu_member member = {.country = members[i].country};
        if (july_years(members[i].from, members[i].to, &member))
            made->members[made->n++] = member;
    }
    made->group.label = qi_arena_printf(&nomen->arena, "members of %s", agreement->name);
    return made->group.label != NULL ? QUIPU_OK : qi_fail_memory(err, 256);
}

static quipu_status add_partners(quipu_nomen *nomen, const quipu_country *country,
                                 made_group *made, quipu_error *err) {
    const quipu_country *all;
    size_t n, room = 0;
    QI_TRY(quipu_countries(nomen, &all, &n, err));
    for (int pass = 0; pass < 2; pass++) { /* count, then write */
        if (pass == 1)
            made->members = qi_arena_alloc(&nomen->arena, (room + 1) * sizeof *made->members);
        if (pass == 1 && made->members == NULL)
            return qi_fail_memory(err, room * sizeof *made->members);
        for (size_t c = 0; c < n; c++) {
            quipu_agreement_link links[MOST_LINKS];
            size_t n_links;
            QI_TRY(quipu_agreements_between(nomen, country->id, all[c].id,
                                            QUIPU_FREE_TRADE | QUIPU_CUSTOMS_UNION, links,
                                            MOST_LINKS, &n_links, err));
            for (size_t i = 0; i < n_links && i < MOST_LINKS; i++) {
                quipu_member member = {.country = all[c].id};
                if (!july_years(links[i].from, links[i].to, &member))
                    continue;
                if (pass == 0)
                    room++;
                else
                    made->members[made->n++] = member;
            }
        }
    }
    made->group.label =
        qi_arena_printf(&nomen->arena, "partners of %s with an agreement", country->name);
    return made->group.label != NULL ? QUIPU_OK : qi_fail_memory(err, 256);
}

static const char *after(const char *text, const char *start) {
    size_t n = strlen(start);
    text += strspn(text, " ");
    return strncmp(text, start, n) == 0 ? text + n + strspn(text + n, " ") : NULL;
}

static quipu_status make(quipu_nomen *nomen, const char *text, made_group *made,
                         quipu_error *err) {
    const char *agreement = after(text, "members-of:"), *partner = after(text, "partners-of:");
    made->group.name = qi_arena_dup(&nomen->arena, text);
    made->group.note = "in force on 1 July of the year";
    made->group.dated = true;
    if (made->group.name == NULL)
        return qi_fail_memory(err, strlen(text));
    if (agreement != NULL) {
        const quipu_agreement *found;
        QI_TRY(quipu_agreement_find(nomen, agreement, &found, err));
        QI_TRY(add_members(nomen, found, made, err));
    } else {
        const quipu_country *found;
        QI_TRY(quipu_country_find(nomen, partner, &found, err));
        QI_TRY(add_partners(nomen, found, made, err));
    }
    made->group.label_es = made->group.label;
    return QUIPU_OK;
}

bool qi_is_made_group(const char *text) {
    return after(text, "members-of:") != NULL || after(text, "partners-of:") != NULL;
}

/* The list of those made so far lives in a slot, and is read and written under the lock. */
static quipu_status find_or_make(quipu_nomen *nomen, const char *text, const quipu_group **out,
                                 quipu_error *err) {
    made_group *first =
        atomic_load_explicit(&nomen->slots[QI_SLOT_MADE_GROUPS], memory_order_relaxed);
    size_t n = 0;
    for (made_group *at = first; at != NULL; at = at->next, n++)
        if (strcmp(at->group.name, text) == 0) {
            *out = &at->group;
            return QUIPU_OK;
        }
    if (n == MOST_MADE)
        return qi_fail(err, QUIPU_E_LIMIT, "more than %d groups made of agreements", MOST_MADE);
    made_group *made = qi_arena_alloc(&nomen->arena, sizeof *made);
    if (made == NULL)
        return qi_fail_memory(err, sizeof *made);
    QI_TRY(make(nomen, text, made, err));
    made->next = first;
    atomic_store_explicit(&nomen->slots[QI_SLOT_MADE_GROUPS], made, memory_order_release);
    *out = &made->group;
    return QUIPU_OK;
}

quipu_status qi_made_group_find(const quipu_nomen *nomen, const char *text,
                                const quipu_group **out, quipu_error *err) {
    quipu_nomen *own = (quipu_nomen *)(uintptr_t)nomen; /* as in qi_nomen_get */
    *out = NULL;
    pthread_mutex_lock(&own->lock);
    quipu_status status = find_or_make(own, text, out, err);
    pthread_mutex_unlock(&own->lock);
    return status;
}

bool qi_made_group_members(const quipu_nomen *nomen, const quipu_group *group,
                           const quipu_member **first, size_t *count) {
    quipu_nomen *own = (quipu_nomen *)(uintptr_t)nomen;
    for (made_group *at =
             atomic_load_explicit(&own->slots[QI_SLOT_MADE_GROUPS], memory_order_acquire);
         at != NULL; at = at->next)
        if (&at->group == group) {
            *first = at->members;
            *count = at->n;
            return true;
        }
    return false;
}
