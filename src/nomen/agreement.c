/* SPDX-License-Identifier: Apache-2.0 */
/* agreement.c - trade agreements: who gave whom preferences, from when to when. */
#include "nomen/agreement.h"

enum { NAME, NUMBER, TITLE, SIGNED, IN_FORCE, ENDED, KIND, SCOPE, N_FIELDS };
enum { MOST_LINKS = 32 }; /* between two countries */
enum { M_AGREEMENT, M_ISO3, M_SIDE, M_FROM, M_TO, M_FIELDS };

/* ---- dates ---- */

static int month_days(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool quipu_date_parse(const char *text, size_t length, quipu_date *out) {
    static const size_t ends[] = {4, 7, 10};
    int part[3] = {0, 1, 1};
    size_t n = 0;
    *out = 0;
    for (size_t i = 0; i < length; i++) {
        bool dash = i == 4 || i == 7;
        if (i >= 10 || (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9'))
            return false;
    }
    for (size_t i = 0; i < QI_COUNT(ends); i++)
        if (length == ends[i])
            n = i + 1;
    for (size_t p = 0, at = 0; p < n; p++, at++)
        for (part[p] = 0; at < ends[p]; at++)
            part[p] = part[p] * 10 + (text[at] - '0');
    if (n == 0 || part[0] < 1800 || part[0] > 2200 || part[1] < 1 || part[1] > 12 ||
        part[2] < 1 || part[2] > month_days(part[0], part[1]))
        return false;
    *out = part[0] * 10000 + part[1] * 100 + part[2];
    return true;
}

const char *quipu_date_text(quipu_date date, char out[16]) {
    out[0] = '\0';
    if (date > 0)
        snprintf(out, 16, "%04d-%02d-%02d", date / 10000 % 10000, date / 100 % 100, date % 100);
    return out;
}

quipu_date qi_date_before(quipu_date date) {
    int year = date / 10000, month = date / 100 % 100, day = date % 100;
    if (day > 1)
        return date - 1;
    if (month > 1)
        return year * 10000 + (month - 1) * 100 + month_days(year, month - 1);
    return (year - 1) * 10000 + 1231;
}

/* Of our own tables: "" is open. */
static bool own_date(const char *text, quipu_date *out) {
    *out = 0;
    return text[0] == '\0' || (strlen(text) == 10 && quipu_date_parse(text, 10, out));
}

/* ---- loading ---- */

static bool read_kinds(const char *text, unsigned *out) {
    static const struct {
        const char *word;
        unsigned bit;
    } words[] = {{"FTA", QUIPU_FREE_TRADE},
                 {"CU", QUIPU_CUSTOMS_UNION},
                 {"PSA", QUIPU_PARTIAL_SCOPE},
                 {"EIA", QUIPU_SERVICES}};
    *out = 0;
    for (const char *at = text; *at != '\0';) {
        size_t n = strcspn(at, " ");
        bool known = false;
        for (size_t i = 0; i < QI_COUNT(words); i++)
            if (strlen(words[i].word) == n && memcmp(words[i].word, at, n) == 0) {
                *out |= words[i].bit;
                known = true;
            }
        if (!known)
            return false;
        at += n + strspn(at + n, " ");
    }
    return *out != 0;
}

static quipu_status load_list(qi_agreements *all, qi_arena *arena, quipu_error *err) {
    qi_rows rows;
    QI_TRY(qi_rows_open(&rows, arena, QI_NOMEN_AGREEMENTS, err));
    size_t most = qi_rows_left(&rows);
    all->items = qi_arena_alloc(arena, (most + 1) * sizeof *all->items);
    if (all->items == NULL)
        return qi_fail_memory(err, most * sizeof *all->items);
    char *field[N_FIELDS];
    bool more;
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, N_FIELDS, &more, err));
        if (!more)
            return QUIPU_OK;
        quipu_agreement *a = &all->items[all->n];
        long number;
        *a = (quipu_agreement){.name = field[NAME],
                               .title = field[TITLE],
                               .kind = field[KIND],
                               .scope = field[SCOPE]};
        bool good = qi_nomen_small(field[NUMBER], 99999, &number) &&
                    own_date(field[SIGNED], &a->signed_on) &&
                    own_date(field[IN_FORCE], &a->from) && own_date(field[ENDED], &a->to) &&
                    a->from != 0 && read_kinds(a->kind, &a->kinds) &&
                    (all->n == 0 || strcmp(a[-1].name, a->name) < 0);
        if (!good)
            return qi_fail_at(err, QUIPU_E_FORMAT, rows.file, rows.line, 0,
                              "a number, date, kind or order that cannot be");
        a->number = (uint32_t)number;
        all->n++;
    }
}

/* Sorted by agreement, as the list is, and then by the country's number. */
static quipu_status load_members(quipu_nomen *nomen, qi_agreements *all, quipu_error *err) {
    qi_rows rows;
    QI_TRY(qi_rows_open(&rows, &nomen->arena, QI_NOMEN_AGREEMENT_MEMBERS, err));
    size_t most = qi_rows_left(&rows), at = 0, n = 0;
    all->members = qi_arena_alloc(&nomen->arena, (most + 1) * sizeof *all->members);
    all->first = qi_arena_alloc(&nomen->arena, (all->n + 1) * sizeof *all->first);
    if (all->members == NULL || all->first == NULL)
        return qi_fail_memory(err, most * sizeof *all->members);
    char *field[M_FIELDS];
    bool more;
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, M_FIELDS, &more, err));
        if (!more)
            break;
        while (at < all->n && strcmp(all->items[at].name, field[M_AGREEMENT]) != 0)
            all->first[++at] = n;
        const quipu_country *country =
            quipu_country_by_iso3(nomen, field[M_ISO3], strlen(field[M_ISO3]));
        long side;
        quipu_date from, to;
        bool good = at < all->n && country != NULL &&
                    qi_nomen_small(field[M_SIDE], 100, &side) &&
                    own_date(field[M_FROM], &from) && own_date(field[M_TO], &to) &&
                    (n == all->first[at] || all->members[n - 1].country <= country->id);
        if (!good)
            return qi_fail_at(err, QUIPU_E_FORMAT, rows.file, rows.line, 0,
                              "an agreement, country, side, date or order that cannot be");
        const quipu_agreement *a = &all->items[at];
        quipu_date end = a->to != 0 ? qi_date_before(a->to) : 0;
        all->members[n++] =
            (quipu_agreement_member){.country = country->id,
                                     .side = (uint8_t)side,
                                     .from = from != 0 ? from : a->from,
                                     .to = to != 0 && (end == 0 || to < end) ? to : end};
    }
    while (at < all->n)
        all->first[++at] = n;
    return QUIPU_OK;
}

/* "Andean Community (CAN)" is also found as "Andean Community" and as "CAN". */
static quipu_status add_title(qi_agreements *all, uint32_t i, quipu_error *err) {
    const quipu_agreement *a = &all->items[i];
    const char *open = strchr(a->title, '('), *close = open ? strchr(open, ')') : NULL;
    QI_TRY(qi_names_add(&all->names, a->title, strlen(a->title), a->name, i, err));
    if (open == NULL || close == NULL)
        return QUIPU_OK;
    QI_TRY(qi_names_add(&all->names, open + 1, (size_t)(close - open - 1), a->name, i, err));
    return qi_names_add(&all->names, a->title, (size_t)(open - a->title), a->name, i, err);
}

static quipu_status load(quipu_nomen *nomen, unsigned which, void **out, quipu_error *err) {
    QI_UNUSED(which);
    const qi_countries *countries;
    QI_TRY(qi_nomen_countries(nomen, &countries, err));
    qi_agreements *all = qi_arena_alloc(&nomen->arena, sizeof *all);
    if (all == NULL)
        return qi_fail_memory(err, sizeof *all);
    QI_TRY(load_list(all, &nomen->arena, err));
    QI_TRY(load_members(nomen, all, err));
    QI_TRY(qi_names_init(&all->names, &nomen->arena, 5 * all->n, false, err));
    for (uint32_t i = 0; i < all->n; i++)
        QI_TRY(qi_names_add(&all->names, all->items[i].name, strlen(all->items[i].name),
                            all->items[i].name, i, err));
    /* Of two with one title the one in force is meant. */
    for (int ended = 0; ended < 2; ended++)
        for (uint32_t i = 0; i < all->n; i++) {
            char number[16];
            if ((all->items[i].to != 0) != (ended == 1))
                continue;
            QI_TRY(add_title(all, i, err));
            snprintf(number, sizeof number, "%u", all->items[i].number);
            QI_TRY(
                qi_names_add(&all->names, number, strlen(number), all->items[i].name, i, err));
        }
    *out = all;
    return QUIPU_OK;
}

quipu_status qi_nomen_agreements(const quipu_nomen *nomen, const qi_agreements **out,
                                 quipu_error *err) {
    return qi_nomen_get(nomen, QI_SLOT_AGREEMENTS, load, 0, out, err);
}

/* ---- asking ---- */

quipu_status quipu_agreements(const quipu_nomen *nomen, const quipu_agreement **first,
                              size_t *count, quipu_error *err) {
    qi_error_clear(err);
    *first = NULL;
    *count = 0;
    const qi_agreements *all;
    QI_TRY(qi_nomen_agreements(nomen, &all, err));
    *first = all->items;
    *count = all->n;
    return QUIPU_OK;
}

quipu_status quipu_agreement_members(const quipu_nomen *nomen, const quipu_agreement *agreement,
                                     const quipu_agreement_member **first, size_t *count,
                                     quipu_error *err) {
    qi_error_clear(err);
    *first = NULL;
    *count = 0;
    const qi_agreements *all;
    QI_TRY(qi_nomen_agreements(nomen, &all, err));
    if (agreement < all->items || agreement >= all->items + all->n)
        return qi_fail(err, QUIPU_E_ARG, "the agreement is not one of this nomenclature set");
    size_t i = (size_t)(agreement - all->items);
    *first = all->members + all->first[i];
    *count = all->first[i + 1] - all->first[i];
    return QUIPU_OK;
}

/* The days both belonged to it, on different sides; false: none. */
static bool overlap(const quipu_agreement_member *a, const quipu_agreement_member *b,
                    quipu_agreement_link *link) {
    if (a->side == b->side && a->side != 0)
        return false;
    link->from = a->from > b->from ? a->from : b->from;
    link->to = a->to == 0 || (b->to != 0 && b->to < a->to) ? b->to : a->to;
    return link->to == 0 || link->to >= link->from;
}

typedef struct link_list {
    quipu_agreement_link *items;
    size_t room, n;
} link_list;

/* Keeps the earliest; those of one day in order of name. */
static void keep(link_list *list, quipu_agreement_link link) {
    size_t have = list->n < list->room ? list->n : list->room, at = have;
    while (at > 0 && list->items[at - 1].from > link.from)
        at--;
    list->n++;
    if (at == list->room)
        return;
    size_t last = have < list->room ? have : have - 1;
    for (size_t i = last; i > at; i--)
        list->items[i] = list->items[i - 1];
    list->items[at] = link;
}

static void links_of(const qi_agreements *all, size_t i, uint16_t country, uint16_t other,
                     link_list *list) {
    for (size_t a = all->first[i]; a < all->first[i + 1]; a++)
        for (size_t b = all->first[i]; b < all->first[i + 1]; b++) {
            quipu_agreement_link link = {.agreement = &all->items[i]};
            if (all->members[a].country == country && all->members[b].country == other &&
                overlap(&all->members[a], &all->members[b], &link))
                keep(list, link);
        }
}

quipu_status quipu_agreements_between(const quipu_nomen *nomen, uint16_t country,
                                      uint16_t other, unsigned kinds, quipu_agreement_link *out,
                                      size_t room, size_t *count, quipu_error *err) {
    qi_error_clear(err);
    *count = 0;
    const qi_agreements *all;
    QI_TRY(qi_nomen_agreements(nomen, &all, err));
    link_list list = {.items = out, .room = room};
    for (size_t i = 0; i < all->n && country != other; i++)
        if (kinds == 0 || (all->items[i].kinds & kinds) != 0)
            links_of(all, i, country, other, &list);
    *count = list.n;
    return QUIPU_OK;
}

static const quipu_country *country_at(const quipu_nomen *nomen, const char *at,
                                       size_t length) {
    char word[200];
    const quipu_country *found;
    if (length == 0 || length >= sizeof word)
        return NULL;
    memcpy(word, at, length);
    word[length] = '\0';
    return quipu_country_find(nomen, word, &found, NULL) == QUIPU_OK ? found : NULL;
}

/* Two countries joined by "-", "," , "/", "+", " and " or " with "; names hold some of these
 * too, so every place is tried. */
static bool find_pair(const quipu_nomen *nomen, const char *text, const quipu_country **a,
                      const quipu_country **b) {
    static const char *const joints[] = {"-", ",", "/", "+", " and ", " with "};
    for (size_t j = 0; j < QI_COUNT(joints); j++) {
        size_t n = strlen(joints[j]);
        for (const char *at = strstr(text, joints[j]); at != NULL;
             at = strstr(at + 1, joints[j])) {
            *a = country_at(nomen, text, (size_t)(at - text));
            *b = *a != NULL ? country_at(nomen, at + n, strlen(at + n)) : NULL;
            if (*b != NULL && *b != *a)
                return true;
        }
    }
    return false;
}

/* The first free trade agreement or customs union that still holds, else the first of any kind
 * that does, else the last that did. */
static const quipu_agreement *best_of(const quipu_agreement_link *links, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (links[i].to == 0 &&
            (links[i].agreement->kinds & (QUIPU_FREE_TRADE | QUIPU_CUSTOMS_UNION)) != 0)
            return links[i].agreement;
    for (size_t i = 0; i < n; i++)
        if (links[i].to == 0)
            return links[i].agreement;
    return links[n - 1].agreement;
}

quipu_status quipu_agreement_find(const quipu_nomen *nomen, const char *text,
                                  const quipu_agreement **out, quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    const qi_agreements *all;
    const quipu_country *a, *b;
    uint32_t id;
    QI_TRY(qi_nomen_agreements(nomen, &all, err));
    if (qi_names_find(&all->names, text, strlen(text), &id)) {
        *out = &all->items[id];
        return QUIPU_OK;
    }
    if (!find_pair(nomen, text, &a, &b))
        return qi_names_missing(&all->names, "agreement", text, err);
    quipu_agreement_link links[MOST_LINKS];
    size_t n;
    QI_TRY(quipu_agreements_between(nomen, a->id, b->id, 0, links, MOST_LINKS, &n, err));
    n = n < MOST_LINKS ? n : MOST_LINKS;
    if (n == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND,
                       "there is no agreement between %s and %s in the table "
                       "(quipu list agreements)",
                       a->name, b->name);
    *out = best_of(links, n);
    return QUIPU_OK;
}

/* ---- listing ---- */

#define TEXT(name, label)                                                                      \
    { name, label, QUIPU_TEXT, QUIPU_DIMENSION, "", 0 }

static bool row_has(const qi_agreements *all, const qi_countries *countries, size_t i,
                    const char *want) {
    char have[512];
    const quipu_agreement *a = &all->items[i];
    const char *texts[] = {a->name, a->title, a->kind};
    for (size_t t = 0; t < QI_COUNT(texts); t++) {
        qi_fold(texts[t], strlen(texts[t]), have, sizeof have);
        if (strstr(have, want) != NULL)
            return true;
    }
    for (size_t m = all->first[i]; m < all->first[i + 1]; m++) {
        const quipu_country *c = &countries->items[all->members[m].country];
        qi_fold(c->name, strlen(c->name), have, sizeof have);
        if (strcmp(have, want) == 0)
            return true;
        qi_fold(c->iso3, strlen(c->iso3), have, sizeof have);
        if (strcmp(have, want) == 0)
            return true;
    }
    return false;
}

static quipu_status set_date(quipu_table *table, size_t column, size_t row, quipu_date date,
                             quipu_error *err) {
    char text[16];
    return date == 0
               ? QUIPU_OK
               : quipu_table_set_text(table, column, row, quipu_date_text(date, text), err);
}

static quipu_status list_members(const qi_agreements *all, const qi_countries *countries,
                                 const quipu_agreement *a, quipu_table *out, quipu_error *err) {
    static const quipu_column_spec columns[] = {
        TEXT("agreement", "Agreement"), TEXT("iso3", "ISO3"), TEXT("country", "Country"),
        TEXT("side", "Side"),           TEXT("from", "From"), TEXT("to", "Last day"),
    };
    size_t i = (size_t)(a - all->items);
    QI_TRY(quipu_table_init(out, "agreement-members", columns, QI_COUNT(columns), err));
    for (size_t m = all->first[i]; m < all->first[i + 1]; m++) {
        const quipu_agreement_member *member = &all->members[m];
        const quipu_country *c = &countries->items[member->country];
        size_t row;
        char side[8];
        snprintf(side, sizeof side, "%u", (unsigned)member->side);
        QI_TRY(quipu_table_add_rows(out, 1, &row, err));
        QI_TRY(quipu_table_set_text(out, 0, row, a->name, err));
        QI_TRY(quipu_table_set_text(out, 1, row, c->iso3, err));
        QI_TRY(quipu_table_set_text(out, 2, row, c->name, err));
        if (member->side != 0)
            QI_TRY(quipu_table_set_text(out, 3, row, side, err));
        QI_TRY(set_date(out, 4, row, member->from, err));
        QI_TRY(set_date(out, 5, row, member->to, err));
    }
    char date[16];
    bool sides = all->first[i] < all->first[i + 1] && all->members[all->first[i]].side != 0;
    QI_TRY(quipu_table_add_note(
        out, err, "Signed %s; %s; %s.%s",
        a->signed_on != 0 ? quipu_date_text(a->signed_on, date) : "on a day not known", a->kind,
        a->scope, sides ? " It holds between the sides, not within one." : ""));
    return quipu_table_set_title(out, err, "Members of %s", a->title);
}

quipu_status qi_list_agreements(const quipu_nomen *nomen, const char *filter, quipu_table *out,
                                quipu_error *err) {
    static const quipu_column_spec columns[] = {
        TEXT("agreement", "Agreement"),
        TEXT("title", "Title"),
        TEXT("kind", "Kind"),
        TEXT("signed", "Signed"),
        TEXT("in_force", "In force"),
        TEXT("ended", "Ended"),
        TEXT("scope", "Scope"),
        {"members", "Members", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    };
    const qi_agreements *all;
    const qi_countries *countries;
    char want[256] = "";
    QI_TRY(qi_nomen_agreements(nomen, &all, err));
    QI_TRY(qi_nomen_countries(nomen, &countries, err));
    if (filter != NULL)
        qi_fold(filter, strlen(filter), want, sizeof want);
    for (size_t i = 0; i < all->n && want[0] != '\0'; i++)
        if (strcmp(all->items[i].name, filter) == 0)
            return list_members(all, countries, &all->items[i], out, err);
    QI_TRY(quipu_table_init(out, "agreements", columns, QI_COUNT(columns), err));
    for (size_t i = 0; i < all->n; i++) {
        const quipu_agreement *a = &all->items[i];
        size_t row;
        if (want[0] != '\0' && !row_has(all, countries, i, want))
            continue;
        QI_TRY(quipu_table_add_rows(out, 1, &row, err));
        const char *texts[] = {a->name, a->title, a->kind};
        for (size_t t = 0; t < QI_COUNT(texts); t++)
            QI_TRY(quipu_table_set_text(out, t, row, texts[t], err));
        QI_TRY(set_date(out, 3, row, a->signed_on, err));
        QI_TRY(set_date(out, 4, row, a->from, err));
        QI_TRY(set_date(out, 5, row, a->to, err));
        QI_TRY(quipu_table_set_text(out, 6, row, a->scope, err));
        quipu_table_set_integer(out, 7, row, (int64_t)(all->first[i + 1] - all->first[i]));
    }
    if (out->n_rows == 0 && filter != NULL) {
        const quipu_agreement *found;
        QI_TRY(quipu_agreement_find(nomen, filter, &found, err));
        return list_members(all, countries, found, (quipu_table_free(out), out), err);
    }
    QI_TRY(
        quipu_table_add_note(out, err,
                             "Agreements notified to the WTO, in force or ended; kinds: FTA "
                             "free trade, CU customs union, PSA partial scope, EIA services. "
                             "The name of one agreement lists its members."));
    return quipu_table_set_title(out, err, "Trade agreements");
}
