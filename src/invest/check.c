/* SPDX-License-Identifier: Apache-2.0 */
/* check.c - what no row can tell by itself: sums, repetitions, circles, loose ends. */
#include "invest/csv.h"

#include <stdarg.h>

static void stake_problem(qi_problems *problems, bool warning, uint64_t line, const char *found,
                          const char *format, ...) QUIPU_PRINTF(5, 6);
static void stake_problem(qi_problems *problems, bool warning, uint64_t line, const char *found,
                          const char *format, ...) {
    char expected[400];
    va_list args;
    va_start(args, format);
    vsnprintf(expected, sizeof expected, format, args);
    va_end(args);
    qi_problem_add(problems, warning, qi_table_file(QI_T_STAKES), line, 1, found, expected);
}

static void percent_text(int64_t share, char out[QI_NUMBER_TEXT]) {
    qi_format_scaled(out, share, QI_PERCENT);
}

/* ---- one holder, one stake at a time ---- */

typedef struct held {
    const qi_stake *stake;
} held;

static int by_owner(const void *left, const void *right) {
    const qi_stake *a = ((const held *)left)->stake, *b = ((const held *)right)->stake;
    if (a->owner != b->owner)
        return a->owner < b->owner ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static void find_repeated(const quipu_register *reg, held *stakes, size_t n,
                          qi_problems *problems) {
    qsort(stakes, n, sizeof *stakes, by_owner);
    const qi_stake *last = NULL; /* of this owner: the one that ends last */
    for (size_t i = 0; i < n; i++) {
        const qi_stake *s = stakes[i].stake;
        if (last != NULL && last->owner == s->owner && s->from <= last->to) {
            char found[500];
            snprintf(found, sizeof found, "a second stake of %.150s in %.150s at the same time",
                     qi_node_id(reg, s->owner), qi_node_id(reg, s->owned));
            stake_problem(problems, false, s->line > last->line ? s->line : last->line, found,
                          "one, or dates that do not overlap; the first is on line %llu",
                          (unsigned long long)(s->line > last->line ? last->line : s->line));
        }
        if (last == NULL || last->owner != s->owner || s->to > last->to)
            last = s;
    }
}

/* ---- no more than the whole ---- */

typedef struct event {
    int32_t date;
    bool begins;
    int64_t share, votes;
    uint64_t line;
} event;

/* What ends on a day goes after what begins on it; ends stand before what begins a day later. */
static int by_date(const void *left, const void *right) {
    const event *a = left, *b = right;
    if (a->date != b->date)
        return a->date < b->date ? -1 : 1;
    if (a->begins != b->begins)
        return a->begins ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static void too_much(const quipu_register *reg, uint32_t owned, const event *e, int64_t sum,
                     const char *what, qi_problems *problems) {
    char text[QI_NUMBER_TEXT], date[16], found[400];
    percent_text(sum, text);
    qi_date_text(e->date, false, date);
    snprintf(found, sizeof found, "%s in %.200s that add up to %s %%%s%s", what,
             qi_node_id(reg, owned), text, date[0] != '\0' ? " from " : "", date);
    stake_problem(problems, false, e->line, found,
                  "at most 100 %%; dates (from, to) where stakes follow each other");
}

static void add_up(const quipu_register *reg, uint32_t owned, const held *stakes, size_t n,
                   event *events, qi_problems *problems) {
    int64_t share = 0, votes = 0;
    bool share_told = false, votes_told = false;
    for (size_t i = 0; i < n; i++) {
        const qi_stake *s = stakes[i].stake;
        int64_t v = s->votes == QI_NO_VOTES ? 0 : s->votes;
        events[i * 2] = (event){s->from, true, s->low, v, s->line};
        events[i * 2 + 1] = (event){s->to, false, -s->low, -v, s->line};
    }
    qsort(events, n * 2, sizeof *events, by_date);
    for (size_t i = 0; i < n * 2; i++) {
        share += events[i].share;
        votes += events[i].votes;
        if (share > QI_WHOLE && !share_told)
            too_much(reg, owned, &events[i], share, "stakes", problems);
        if (votes > QI_WHOLE && !votes_told)
            too_much(reg, owned, &events[i], votes, "votes", problems);
        share_told |= share > QI_WHOLE;
        votes_told |= votes > QI_WHOLE;
    }
}

static quipu_status check_stakes(quipu_register *reg, qi_problems *problems, quipu_error *err) {
    size_t n = qi_n_nodes(reg), most = 0;
    for (size_t i = 0; i < n; i++) {
        size_t k = reg->into_start[i + 1] - reg->into_start[i];
        most = k > most ? k : most;
    }
    held *list = calloc(most + 1, sizeof *list);
    event *events = calloc(most * 2 + 1, sizeof *events);
    for (size_t i = 0; i < n && list != NULL && events != NULL; i++) {
        size_t k = 0;
        for (uint32_t at = reg->into_start[i]; at < reg->into_start[i + 1]; at++)
            list[k++].stake = &reg->stakes.items[reg->into[at]];
        if (k > 1)
            find_repeated(reg, list, k, problems);
        if (k > 1)
            add_up(reg, (uint32_t)i, list, k, events, problems);
    }
    bool fine = list != NULL && events != NULL;
    free(list);
    free(events);
    return fine ? QUIPU_OK : qi_fail_memory(err, most * sizeof *events);
}

/* ---- loose ends ---- */

static quipu_status check_entities(quipu_register *reg, qi_problems *problems,
                                   quipu_error *err) {
    size_t n = qi_n_nodes(reg);
    uint8_t *used = calloc(n + 1, 1);
    if (used == NULL)
        return qi_fail_memory(err, n);
    for (size_t i = 0; i < reg->stakes.n; i++) {
        used[reg->stakes.items[i].owner] |= 1;
        used[reg->stakes.items[i].owned] |= 2;
    }
    for (size_t i = 0; i < reg->investments.n; i++) {
        const qi_investment *v = &reg->investments.items[i];
        used[v->project] |= 4;
        for (unsigned c = 0; c < v->n_companies; c++)
            used[v->company[c]] |= 4;
    }
    for (size_t i = 0; i < reg->entities.n; i++) {
        const qi_entity *e = &reg->entities.items[i];
        char found[300];
        snprintf(found, sizeof found, "%.200s", e->id);
        if (used[i] == 0)
            qi_problem_add(problems, true, qi_table_file(QI_T_ENTITIES), e->line, 1, found,
                           "a stake or an amount that names it");
        else if (e->country == NULL && (used[i] & 2) == 0) {
            snprintf(found, sizeof found, "no country of the owner %.200s", e->id);
            qi_problem_add(problems, true, qi_table_file(QI_T_ENTITIES), e->line, 1, found,
                           "a country: what it holds counts as of unknown origin");
        }
    }
    for (size_t i = 0; i < reg->projects.n; i++) {
        const qi_project *p = &reg->projects.items[i];
        char found[300];
        snprintf(found, sizeof found, "no stake in the project %.200s", p->id);
        if ((used[reg->entities.n + i] & 2) == 0)
            qi_problem_add(problems, true, qi_table_file(QI_T_PROJECTS), p->line, 1, found,
                           "who holds it, in stakes.csv: all of it counts as undisclosed");
    }
    free(used);
    return QUIPU_OK;
}

static quipu_status check_circles(quipu_register *reg, qi_problems *problems,
                                  quipu_error *err) {
    qi_graph graph;
    quipu_error own = {0};
    quipu_status status =
        qi_graph_open(reg, QI_DATE_OPEN, NULL, 0, QI_UNKNOWN_APART, NULL, NULL, &graph, &own);
    if (status == QUIPU_OK) {
        qi_graph_close(&graph);
        return QUIPU_OK;
    }
    if (status != QUIPU_E_DATA) {
        if (err != NULL)
            *err = own;
        return status;
    }
    stake_problem(problems, false, own.line, own.text,
                  "an owner from outside, or a stake of less than 100 %%");
    return QUIPU_OK;
}

static void check_fdi(quipu_register *reg, qi_problems *problems) {
    for (size_t i = 0; i < reg->fdi.n; i++) {
        const qi_fdi *a = &reg->fdi.items[i];
        for (size_t j = 0; j < i && i < 5000; j++) {
            const qi_fdi *b = &reg->fdi.items[j];
            char found[200];
            if (a->host != b->host || a->origin != b->origin || a->year != b->year ||
                strcmp(a->sector, b->sector) != 0)
                continue;
            snprintf(found, sizeof found,
                     "the stock of %s of %d of one origin and sector twice", a->host->iso3,
                     a->year);
            qi_problem_add(problems, false, qi_table_file(QI_T_FDI_STOCK), a->line, 1, found,
                           "one row for each host, year, origin and sector");
            break;
        }
    }
}

void qi_register_check(quipu_register *reg, qi_problems *problems, quipu_error *err,
                       quipu_status *status) {
    *status = check_stakes(reg, problems, err);
    /* Circles are looked for in what can be trusted only. */
    if (*status == QUIPU_OK && problems->n_errors == 0)
        *status = check_circles(reg, problems, err);
    /* Nor are loose ends told from rows that were left out. */
    if (*status == QUIPU_OK && problems->n_errors == 0)
        *status = check_entities(reg, problems, err);
    if (*status == QUIPU_OK)
        check_fdi(reg, problems);
}
