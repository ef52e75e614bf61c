/* SPDX-License-Identifier: Apache-2.0 */
/* question_parts.c - countries, periods, products: from words to the codes of the source. */
#include "fetch/question.h"

#include <ctype.h>

/* ---- lists ---- */

typedef struct texts {
    const char **items;
    size_t n, capacity;
} texts;

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In order, each once, owned by the question. */
static quipu_status take_list(qi_question *q, texts *list, qi_names *out, quipu_error *err) {
    if (list->n > 0)
        qsort(list->items, list->n, sizeof *list->items, by_text);
    const char **items = qi_arena_alloc(&q->arena, (list->n + 1) * sizeof *items);
    if (items == NULL)
        return qi_fail_memory(err, list->n * sizeof *items);
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        if (n == 0 || strcmp(items[n - 1], list->items[i]) != 0)
            items[n++] = list->items[i];
    *out = (qi_names){.n = n, .items = items};
    return QUIPU_OK;
}

/* The next word of a list between commas, blanks off; false at its end. */
static bool next_word(const char **at, char *word, size_t size) {
    if (*at == NULL)
        return false;
    const char *comma = strchr(*at, ','), *from = *at;
    const char *end = comma != NULL ? comma : from + strlen(from);
    *at = comma != NULL ? comma + 1 : NULL;
    while (from < end && isspace((unsigned char)*from))
        from++;
    while (end > from && isspace((unsigned char)end[-1]))
        end--;
    snprintf(word, size, "%.*s", (int)(end - from), from);
    return true;
}

static quipu_status push_text(qi_question *q, texts *list, const char *text, quipu_error *err) {
    const char *copy = qi_arena_dup(&q->arena, text);
    return copy != NULL && QI_PUSH(list, copy) ? QUIPU_OK : qi_fail_memory(err, strlen(text));
}

const char *qi_names_join(qi_arena *arena, const qi_names *names, char separator) {
    qi_buffer text = {0};
    bool ok = qi_buffer_reserve(&text, 16);
    for (size_t i = 0; i < names->n; i++)
        ok = ok && (i == 0 || qi_buffer_add(&text, &separator, 1)) &&
             qi_buffer_text(&text, names->items[i]);
    char *out = ok ? qi_arena_text(arena, text.bytes, text.length) : NULL;
    qi_buffer_free(&text);
    return out;
}

/* ---- countries ---- */

static quipu_status push_country(qi_question *q, texts *list, const quipu_country *country,
                                 quipu_error *err) {
    char code[16];
    if (q->source->iso)
        snprintf(code, sizeof code, "%s", country->iso3);
    else
        snprintf(code, sizeof code, "%u", country->number);
    return push_text(q, list, code, err);
}

static quipu_status push_who(qi_question *q, texts *list, const char *word, quipu_error *err) {
    const quipu_country *country, *first;
    const quipu_group *group;
    const quipu_member *members;
    size_t n, n_members;
    quipu_error of_country = {0};
    if (quipu_country_find(q->nomen, word, &country, &of_country) == QUIPU_OK)
        return push_country(q, list, country, err);
    if (quipu_group_find(q->nomen, word, &group, NULL) != QUIPU_OK)
        return qi_fail(err, of_country.status, "%s", of_country.text);
    QI_TRY(quipu_countries(q->nomen, &first, &n, err));
    QI_TRY(quipu_group_members(q->nomen, group, &members, &n_members, err));
    for (size_t i = 0; i < n_members; i++)
        QI_TRY(push_country(q, list, &first[members[i].country], err));
    return QUIPU_OK;
}

quipu_status qi_question_countries(qi_question *q, const char *given, qi_names *out,
                                   quipu_error *err) {
    texts list = {0};
    char word[200];
    quipu_status status = QUIPU_OK;
    if (given == NULL || strcmp(given, "all") == 0) {
        *out = (qi_names){.all = true};
        return QUIPU_OK;
    }
    for (const char *at = given; status == QUIPU_OK && next_word(&at, word, sizeof word);)
        status = push_who(q, &list, word, err);
    if (status == QUIPU_OK)
        status = take_list(q, &list, out, err);
    free(list.items);
    return status;
}

/* ---- periods ---- */

static bool is_period(int64_t number, bool months) {
    if (number >= 1900 && number <= 2100)
        return true;
    return months && number >= 190001 && number <= 210012 && number % 100 >= 1 &&
           number % 100 <= 12;
}

static quipu_status bad_period(const qi_question *q, const char *word, quipu_error *err) {
    return qi_fail(err, QUIPU_E_ARG, "years \"%.60s\": expected 2011, 2000-2011 or a list%s",
                   word, (q->source->may & QI_MONTHS) != 0 ? ", or months 201101-201106" : "");
}

typedef QI_LIST(quipu_period) period_list;

static quipu_status push_span(const qi_question *q, period_list *list, const char *word,
                              quipu_error *err) {
    bool months = (q->source->may & QI_MONTHS) != 0;
    size_t n = strcspn(word, "-");
    int64_t from, to;
    if (!qi_parse_int(word, n, &from) || !is_period(from, months))
        return bad_period(q, word, err);
    to = from;
    if (word[n] == '-' &&
        (!qi_parse_int(word + n + 1, strlen(word + n + 1), &to) || !is_period(to, months)))
        return bad_period(q, word, err);
    if (to < from || (to > 9999) != (from > 9999))
        return bad_period(q, word, err);
    for (int64_t p = from; p <= to;
         p = p > 9999 && p % 100 == 12 ? (p / 100 + 1) * 100 + 1 : p + 1)
        if (!QI_PUSH(list, (quipu_period)p))
            return qi_fail_memory(err, sizeof(quipu_period));
    return QUIPU_OK;
}

static int by_period(const void *a, const void *b) {
    quipu_period x = *(const quipu_period *)a, y = *(const quipu_period *)b;
    return (x > y) - (x < y);
}

quipu_status qi_question_periods(qi_question *q, const char *given, quipu_error *err) {
    period_list list = {0};
    char word[200];
    quipu_status status = QUIPU_OK;
    size_t n = 0;
    for (const char *at = given; status == QUIPU_OK && next_word(&at, word, sizeof word);)
        status = push_span(q, &list, word, err);
    if (status != QUIPU_OK)
        goto done;
    qsort(list.items, list.n, sizeof *list.items, by_period);
    if ((list.items[0] > 9999) != (list.items[list.n - 1] > 9999)) {
        status = qi_fail(err, QUIPU_E_ARG, "years and months are fetched each on their own");
        goto done;
    }
    quipu_period *periods = qi_arena_alloc(&q->arena, list.n * sizeof *periods);
    if (periods == NULL) {
        status = qi_fail_memory(err, list.n * sizeof *periods);
        goto done;
    }
    for (size_t i = 0; i < list.n; i++)
        if (n == 0 || periods[n - 1] != list.items[i])
            periods[n++] = list.items[i];
    q->periods = periods;
    q->n_periods = n;
done:
    free(list.items);
    return status;
}

/* ---- products, flows, indicators ---- */

static const struct {
    const char *word, *means;
} WORDS[] = {{"total", "TOTAL"}, {"chapters", "AG2"}, {"2-digit", "AG2"},
             {"4-digit", "AG4"}, {"6-digit", "AG6"},  {"AG2", "AG2"},
             {"AG4", "AG4"},     {"AG6", "AG6"},      {"TOTAL", "TOTAL"}};
static const struct {
    const char *word, *means;
} INDICATOR[] = {{"gdp", "NY.GDP.MKTP.CD"},
                 {"population", "SP.POP.TOTL"},
                 {"gdp-per-head", "NY.GDP.PCAP.CD"}};

static bool all_of(const char *text, const char *letters, size_t least, size_t most) {
    size_t n = strlen(text);
    return n >= least && n <= most && strspn(text, letters) == n;
}

static quipu_status push_product(qi_question *q, texts *list, const char *word,
                                 quipu_error *err) {
    for (size_t i = 0; i < QI_COUNT(WORDS); i++)
        if (strcmp(WORDS[i].word, word) == 0)
            return push_text(q, list, WORDS[i].means, err);
    if (all_of(word, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1, 6))
        return push_text(q, list, word, err);
    return qi_fail(err, QUIPU_E_ARG,
                   "product \"%.60s\": expected total, chapters, 4-digit, 6-digit, or codes "
                   "such as 26,2603,260300",
                   word);
}

static quipu_status push_flow(qi_question *q, texts *list, const char *word, quipu_error *err) {
    static const char *const CODE[] = {"X", "M", "RX", "RM"};
    quipu_flow flow;
    if (!quipu_flow_parse(word, strlen(word), &flow) || flow >= QI_COUNT(CODE))
        return qi_fail(err, QUIPU_E_ARG,
                       "flow \"%.60s\": expected export, import, re-export or re-import", word);
    return push_text(q, list, CODE[flow], err);
}

static quipu_status push_indicator(qi_question *q, texts *list, const char *word,
                                   quipu_error *err) {
    for (size_t i = 0; i < QI_COUNT(INDICATOR); i++)
        if (strcmp(INDICATOR[i].word, word) == 0)
            return push_text(q, list, INDICATOR[i].means, err);
    if (all_of(word, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.", 4, 40) &&
        strchr(word, '.') != NULL)
        return push_text(q, list, word, err);
    return qi_fail(err, QUIPU_E_ARG,
                   "indicator \"%.60s\": expected gdp, population, gdp-per-head or a code such "
                   "as NY.GDP.MKTP.CD",
                   word);
}

static quipu_status read_list(qi_question *q, const char *given,
                              quipu_status (*push)(qi_question *, texts *, const char *,
                                                   quipu_error *),
                              qi_names *out, quipu_error *err) {
    texts list = {0};
    char word[200];
    quipu_status status = QUIPU_OK;
    for (const char *at = given; status == QUIPU_OK && next_word(&at, word, sizeof word);)
        status = push(q, &list, word, err);
    if (status == QUIPU_OK)
        status = take_list(q, &list, out, err);
    free(list.items);
    return status;
}

quipu_status qi_question_products(qi_question *q, const char *given, quipu_error *err) {
    QI_TRY(read_list(q, given, push_product, &q->products, err));
    for (size_t i = 0; q->products.n > 1 && i < q->products.n; i++)
        if (strncmp(q->products.items[i], "AG", 2) == 0 ||
            strcmp(q->products.items[i], "TOTAL") == 0)
            return qi_fail(err, QUIPU_E_ARG,
                           "products \"%.60s\": a whole level is fetched on its own, so that "
                           "no trade stands in the answers twice",
                           given);
    return QUIPU_OK;
}

/* "HS" is as the countries report; else one revision. */
quipu_status qi_question_nomenclature(qi_question *q, const char *given, quipu_error *err) {
    const quipu_nomenclature *known;
    if (strcmp(given, "HS") == 0 && q->source == &qi_comtrade) {
        q->nomenclature = "HS";
        return QUIPU_OK;
    }
    QI_TRY(quipu_nomenclature_find(q->nomen, given, &known, err));
    bool hs = known->name[0] == 'H', sitc = known->name[0] == 'S';
    if (!hs && !(sitc && q->source == &qi_comtrade))
        return qi_fail(err, QUIPU_E_ARG, "%s is not published in %s", q->source->name,
                       known->label);
    q->nomenclature = qi_arena_dup(&q->arena, known->name);
    return q->nomenclature != NULL ? QUIPU_OK : qi_fail_memory(err, 8);
}

quipu_status qi_question_release(qi_question *q, const char *given, quipu_error *err) {
    size_t digits = strspn(given, "0123456789"), n = strlen(given);
    if (digits < 6 || digits > 8 || n > digits + 1 ||
        (n > digits && !(given[digits] >= 'a' && given[digits] <= 'z')))
        return qi_fail(err, QUIPU_E_ARG,
                       "release \"%.60s\": expected one such as 202501 or 202401b", given);
    q->release = qi_arena_dup(&q->arena, given);
    return q->release != NULL ? QUIPU_OK : qi_fail_memory(err, n);
}

quipu_status qi_question_flows(qi_question *q, const char *given, quipu_error *err) {
    return read_list(q, given, push_flow, &q->flows, err);
}

quipu_status qi_question_indicators(qi_question *q, const char *given, quipu_error *err) {
    return read_list(q, given, push_indicator, &q->indicators, err);
}
