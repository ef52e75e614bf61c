/* SPDX-License-Identifier: Apache-2.0 */
/* invest_ask.c - a question about investments understood, and how its answer ends. */
#include "measures/invest.h"

quipu_status qi_invested_open(qi_invested *asked, const quipu_measure *measure,
                              const quipu_request *request, quipu_table *out,
                              quipu_error *err) {
    *asked = (qi_invested){.measure = measure,
                           .request = request,
                           .reg = request->invested,
                           .out = out,
                           .date = QI_DATE_OPEN};
    const char *at = qi_invested_word(asked, "at");
    const char *unknown = qi_invested_word(asked, "unknown");
    double theta = qi_real(measure, request, "theta", 0.5);
    if (at != NULL && !qi_date_parse(at, strlen(at), true, &asked->date))
        return qi_fail(err, QUIPU_E_ARG, "at \"%.40s\": a day is 2011, 2011-03 or 2011-03-31",
                       at);
    if (!(theta >= 0.0 && theta < 1.0))
        return qi_fail(err, QUIPU_E_ARG, "theta: from 0 to less than 1");
    asked->theta = (int64_t)llround(theta * (double)QI_WHOLE);
    asked->unknown = qi_is(unknown, "equal") ? QI_UNKNOWN_EQUAL : QI_UNKNOWN_APART;
    asked->cited = qi_arena_alloc(&asked->arena, asked->reg->sources.n + 1);
    return asked->cited != NULL ? QUIPU_OK : qi_fail_memory(err, asked->reg->sources.n);
}

void qi_invested_close(qi_invested *asked) {
    qi_arena_free(&asked->arena);
}

const char *qi_invested_word(const qi_invested *asked, const char *name) {
    return qi_argument(asked->measure, asked->request, name);
}

void qi_invested_cite(qi_invested *asked, uint32_t source) {
    if (source != QI_NONE)
        asked->cited[source] = 1;
}

/* ---- words ---- */

const char *qi_country_code(const quipu_country *country) {
    return country != NULL ? country->iso3 : "unknown";
}

const char *qi_country_name(const quipu_country *country) {
    return country != NULL ? country->name : "Country not known";
}

/* At most three decimals, and none that say nothing. */
static void percent_words(double share, char out[40]) {
    qi_format_double_rounded(out, 40, share * 100.0, 3);
    char *point = strchr(out, '.');
    for (size_t n = strlen(out);
         point != NULL && n > 0 && (out[n - 1] == '0' || out[n - 1] == '.'); n--) {
        bool end = out[n - 1] == '.';
        out[n - 1] = '\0';
        if (end)
            break;
    }
}

const char *qi_share_words(qi_arena *arena, double low, double high) {
    char a[40], b[40];
    percent_words(low, a);
    percent_words(high, b);
    const char *text = strcmp(a, b) == 0           ? qi_arena_printf(arena, "%s %%", a)
                       : low <= 0.0 && high >= 1.0 ? "share not stated"
                       : low <= 0.0
                           ? qi_arena_printf(arena, "share not stated, at most %s %%", b)
                           : qi_arena_printf(arena, "%s to %s %%", a, b);
    return text != NULL ? text : "";
}

bool qi_same_word(const char *a, const char *b) {
    char x[256], y[256];
    qi_fold(a, strlen(a), x, sizeof x);
    qi_fold(b, strlen(b), y, sizeof y);
    return strcmp(x, y) == 0;
}

bool qi_in_list(const char *list, const char *word) {
    char item[256];
    if (word == NULL || word[0] == '\0')
        return true;
    for (const char *at = list; *at != '\0';) {
        size_t n = strcspn(at, ";");
        snprintf(item, sizeof item, "%.*s", (int)(n < 255 ? n : 255), at);
        if (qi_same_word(item, word))
            return true;
        at += n + (at[n] == ';');
    }
    return false;
}

quipu_status qi_invested_country(const qi_invested *asked, const char *option,
                                 const quipu_country **out, quipu_error *err) {
    const char *text = qi_invested_word(asked, option);
    *out = NULL;
    return text == NULL ? QUIPU_OK : quipu_country_find(asked->request->nomen, text, out, err);
}

/* ---- what is picked ---- */

static quipu_status no_such(const qi_invested *asked, const char *what, const char *word,
                            quipu_error *err) {
    const quipu_register *reg = asked->reg;
    char near_text[QI_SUGGEST_TEXT];
    qi_suggest near;
    qi_suggest_start(&near, word);
    for (size_t i = 0; i < reg->projects.n; i++)
        qi_suggest_try(&near, strcmp(what, "sector") == 0 ? reg->projects.items[i].sector
                                                          : reg->projects.items[i].tables);
    return qi_fail(err, QUIPU_E_NOT_FOUND, "the register has no project of the %s \"%.80s\"%s",
                   what, word, qi_suggest_text(&near, near_text));
}

quipu_status qi_picked_read(const qi_invested *asked, qi_picked *out, quipu_error *err) {
    const quipu_register *reg = asked->reg;
    *out = (qi_picked){.sector = qi_invested_word(asked, "sector"),
                       .table = qi_invested_word(asked, "table"),
                       .kind = -1};
    const char *kind = qi_invested_word(asked, "kind");
    for (int k = 0; kind != NULL && k < QI_N_AMOUNT_KINDS; k++)
        if (strcmp(kind, qi_amount_kinds[k]) == 0)
            out->kind = k;
    bool sector = out->sector == NULL, table = out->table == NULL;
    for (size_t i = 0; i < reg->projects.n; i++) {
        sector = sector || qi_same_word(reg->projects.items[i].sector, out->sector);
        table = table || qi_in_list(reg->projects.items[i].tables, out->table);
    }
    if (!sector)
        return no_such(asked, "sector", out->sector, err);
    return table ? QUIPU_OK : no_such(asked, "table", out->table, err);
}

bool qi_picks_project(const qi_invested *asked, const qi_picked *picked, size_t project) {
    const qi_project *p = &asked->reg->projects.items[project];
    return (picked->sector == NULL || qi_same_word(p->sector, picked->sector)) &&
           (picked->table == NULL || qi_in_list(p->tables, picked->table));
}

quipu_status qi_picked_targets(qi_invested *asked, const qi_picked *picked, uint32_t **out,
                               size_t *n, quipu_error *err) {
    const quipu_register *reg = asked->reg;
    size_t most = qi_n_nodes(reg) + 1;
    uint8_t *seen = qi_arena_alloc(&asked->arena, most);
    *out = qi_arena_alloc(&asked->arena, most * sizeof **out);
    *n = 0;
    if (seen == NULL || *out == NULL)
        return qi_fail_memory(err, most);
    for (size_t i = 0; i < reg->projects.n; i++) {
        uint32_t node = (uint32_t)(reg->entities.n + i);
        if (qi_picks_project(asked, picked, i)) {
            seen[node] = 1;
            (*out)[(*n)++] = node;
        }
    }
    for (size_t i = 0; i < reg->investments.n; i++) {
        const qi_investment *v = &reg->investments.items[i];
        for (unsigned c = 0; seen[v->project] && c < v->n_companies; c++)
            if (!seen[v->company[c]]) {
                seen[v->company[c]] = 1;
                (*out)[(*n)++] = v->company[c];
            }
    }
    return QUIPU_OK;
}

/* ---- the end of a table ---- */

static quipu_status cite_all(qi_invested *asked, quipu_error *err) {
    const quipu_register *reg = asked->reg;
    if (reg->title[0] != '\0')
        QI_TRY(quipu_table_add_source(asked->out, "source", reg->title, err));
    for (size_t i = 0; i < reg->sources.n; i++) {
        const qi_source_row *s = &reg->sources.items[i];
        if (asked->cited[i])
            QI_TRY(quipu_table_add_source(asked->out, s->id, s->citation, err));
    }
    return QUIPU_OK;
}

quipu_status qi_invested_finish(qi_invested *asked, const qi_graph *g, quipu_error *err) {
    char date[16];
    const char *many = g != NULL && g->n_unknown == 1 ? "stake is" : "stakes are";
    if (g != NULL && g->n_unknown > 0 && asked->unknown == QI_UNKNOWN_APART)
        QI_TRY(quipu_table_add_note(asked->out, err,
                                    "%zu %s not stated in the sources; what they come to is "
                                    "counted as undisclosed.",
                                    g->n_unknown, many));
    if (g != NULL && g->n_unknown > 0 && asked->unknown == QI_UNKNOWN_EQUAL)
        QI_TRY(quipu_table_add_note(asked->out, err,
                                    "%zu %s not stated in the sources; each is taken as an "
                                    "equal part of what remains, which is an assumption.",
                                    g->n_unknown, many));
    if (g != NULL && g->n_ranged > 0)
        QI_TRY(quipu_table_add_note(asked->out, err,
                                    "Of %zu stake%s only bounds are known; the lower one is "
                                    "taken.",
                                    g->n_ranged, g->n_ranged == 1 ? "" : "s"));
    if (asked->date != QI_DATE_OPEN)
        QI_TRY(quipu_table_add_note(asked->out, err, "Stakes as of %s.",
                                    qi_date_text(asked->date, false, date)));
    return cite_all(asked, err);
}
