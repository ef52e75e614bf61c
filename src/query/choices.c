/* SPDX-License-Identifier: Apache-2.0 */
/* choices.c - "Peru", "PER,CHL", "Asia", "China+Japan", "World except China" taken apart.
 *
 * A comma or semicolon separates the items of a list, "+" joins several into one item, and
 * "except" takes away from an item.  Names hold commas too ("Korea, Republic of"), so when an
 * item is not known by itself it is tried together with those that follow.
 */
#include "query/query.h"

enum { MAX_ITEMS = 512, MAX_JOIN = 4, MAX_WORD = 200 };

typedef struct piece {
    const char *at;
    size_t length;
} piece;

static piece trimmed(const char *at, size_t length) {
    while (length > 0 && (*at == ' ' || *at == '\t'))
        at++, length--;
    while (length > 0 && (at[length - 1] == ' ' || at[length - 1] == '\t'))
        length--;
    return (piece){at, length};
}

static bool is_world(const char *word) {
    static const char *const names[] = {"world", "all", "everyone", "mundo",
                                        "todos", "wld", "w00"};
    char folded[MAX_WORD];
    qi_fold(word, strlen(word), folded, sizeof folded);
    for (size_t i = 0; i < QI_COUNT(names); i++)
        if (strcmp(folded, names[i]) == 0)
            return true;
    return false;
}

/* A country comes before a group of the same name, an aggregate of the country table after. */
static bool find_word(const quipu_nomen *nomen, const char *word, qi_word *out) {
    *out = (qi_word){0};
    if (is_world(word))
        return true;
    const quipu_country *country = NULL;
    if (quipu_country_find(nomen, word, &country, NULL) != QUIPU_OK)
        country = NULL;
    if (country != NULL && country->kind == QUIPU_WORLD)
        return true;
    if (country != NULL && country->kind != QUIPU_AGGREGATE) {
        out->country = country;
        return true;
    }
    if (quipu_group_find(nomen, word, &out->group, NULL) == QUIPU_OK)
        return true;
    out->group = NULL;
    out->country = country;
    return country != NULL;
}

static quipu_status unknown_word(const quipu_nomen *nomen, const char *word, quipu_error *err) {
    qi_suggest near;
    qi_suggest_start(&near, word);
    const quipu_country *countries;
    const quipu_group *groups, *made;
    size_t n;
    if (strstr(word, "-of:") != NULL) /* a group made of agreements says itself what is wrong */
        return quipu_group_find(nomen, word, &made, err);
    if (quipu_countries(nomen, &countries, &n, NULL) == QUIPU_OK)
        for (size_t i = 0; i < n; i++) {
            qi_suggest_try(&near, countries[i].name);
            if (strlen(word) <= 3)
                qi_suggest_try(&near, countries[i].iso3);
            qi_suggest_try(&near, countries[i].name_es);
        }
    if (quipu_groups(nomen, &groups, &n, NULL) == QUIPU_OK)
        for (size_t i = 0; i < n; i++) {
            qi_suggest_try(&near, groups[i].label);
            qi_suggest_try(&near, groups[i].name);
        }
    char text[QI_SUGGEST_TEXT];
    return qi_fail(err, QUIPU_E_NOT_FOUND, "no country or group is called \"%s\"%s", word,
                   qi_suggest_text(&near, text));
}

/* Where " except " begins in `text`, or its end. */
static const char *find_except(const char *text, size_t length) {
    static const char word[] = " except ";
    for (size_t i = 0; i + sizeof word - 1 <= length; i++) {
        size_t same = 0;
        while (same < sizeof word - 1 && (text[i + same] | 0x20) == (word[same] | 0x20))
            same++;
        if (same == sizeof word - 1)
            return text + i;
    }
    return text + length;
}

/* The longest part of [at, end) that is a word, ending there or before a "+": a group may be
 * called "ASEAN+3".  False: none is, and `unknown` gets the shortest. */
static bool take_word(const quipu_nomen *nomen, const char *at, const char *end, qi_word *out,
                      const char **next, char unknown[MAX_WORD]) {
    memcpy(unknown, "+", 2);
    for (const char *stop = end; stop > at;) {
        piece p = trimmed(at, (size_t)(stop - at));
        snprintf(unknown, MAX_WORD, "%.*s", (int)(p.length < MAX_WORD ? p.length : 0), p.at);
        if (unknown[0] != '\0' && find_word(nomen, unknown, out)) {
            *next = stop;
            return true;
        }
        do
            stop--;
        while (stop > at && *stop != '+');
    }
    return false;
}

/* The words of one item.  False: one of them is not known, and it is left in `unknown`. */
static bool read_words(const quipu_nomen *nomen, const char *text, qi_word *words,
                       size_t *count, char unknown[MAX_WORD]) {
    const char *except = find_except(text, strlen(text)), *at = text;
    size_t n = 0;
    for (;;) {
        bool without = at > except;
        const char *end = without ? text + strlen(text) : except;
        if (!take_word(nomen, at, end, &words[n], &at, unknown))
            return false;
        words[n++].without = without;
        if (at < end)
            at++; /* the plus */
        else if (*at != '\0')
            at += sizeof " except " - 1;
        else
            break;
    }
    *count = n;
    return true;
}

static const char *word_code(const qi_word *word) {
    return word->country ? word->country->iso3 : word->group ? word->group->name : "WLD";
}

static const char *word_name(const qi_word *word) {
    return word->country ? word->country->name : word->group ? word->group->label : "World";
}

static bool name_choice(qi_choice *choice, qi_arena *arena) {
    qi_buffer code = {0}, name = {0};
    bool ok = true, without = false;
    for (size_t i = 0; i < choice->n_words; i++) {
        const qi_word *word = &choice->words[i];
        bool turn = word->without && !without;
        without = word->without;
        ok = ok && qi_buffer_printf(&code, "%s%s",
                                    i == 0 ? ""
                                    : turn ? "-"
                                           : "+",
                                    word_code(word));
        ok = ok && qi_buffer_printf(&name, "%s%s",
                                    i == 0 ? ""
                                    : turn ? " except "
                                           : " + ",
                                    word_name(word));
    }
    choice->code = ok ? qi_arena_text(arena, code.bytes, code.length) : NULL;
    choice->name = ok ? qi_arena_text(arena, name.bytes, name.length) : NULL;
    qi_buffer_free(&code);
    qi_buffer_free(&name);
    return choice->code != NULL && choice->name != NULL;
}

typedef struct list {
    const quipu_nomen *nomen;
    qi_arena *arena;
    piece pieces[MAX_ITEMS];
    size_t n_pieces;
    qi_choice *choices;
    size_t n_choices;
    char unknown[MAX_WORD]; /* the first word nobody knows */
    bool out_of_memory;
} list;

/* Take `n` pieces from `at`, commas and all, as one choice. */
static bool take(list *l, size_t at, size_t n) {
    const piece *first = &l->pieces[at], *last = &l->pieces[at + n - 1];
    qi_choice *choice = &l->choices[l->n_choices];
    size_t length = (size_t)(last->at + last->length - first->at), commas = 1;
    choice->text = qi_arena_text(l->arena, first->at, length);
    for (size_t i = 0; i < length; i++)
        commas += first->at[i] == '+' || first->at[i] == ' ';
    choice->words = qi_arena_alloc(l->arena, (commas + 1) * sizeof *choice->words);
    if (choice->text == NULL || choice->words == NULL) {
        l->out_of_memory = true;
        return false;
    }
    char unknown[MAX_WORD] = "";
    if (!read_words(l->nomen, choice->text, choice->words, &choice->n_words, unknown)) {
        if (n == 1 && l->unknown[0] == '\0')
            memcpy(l->unknown, unknown, sizeof unknown);
        return false;
    }
    if (!name_choice(choice, l->arena)) {
        l->out_of_memory = true;
        return false;
    }
    l->n_choices++;
    return true;
}

/* The list from piece `at` on: single pieces first, then two joined, three, four. */
static bool take_all(list *l, size_t at, uint8_t *hopeless) {
    if (at == l->n_pieces)
        return true;
    if (hopeless[at])
        return false;
    size_t kept = l->n_choices;
    for (size_t n = 1; n <= MAX_JOIN && at + n <= l->n_pieces && !l->out_of_memory; n++) {
        if (take(l, at, n) && take_all(l, at + n, hopeless))
            return true;
        l->n_choices = kept;
    }
    hopeless[at] = 1;
    return false;
}

static quipu_status split_list(list *l, const char *text, quipu_error *err) {
    for (const char *at = text;;) {
        size_t length = strcspn(at, ",;");
        piece p = trimmed(at, length);
        if (p.length > 0) {
            if (l->n_pieces == MAX_ITEMS)
                return qi_fail(err, QUIPU_E_LIMIT, "more than %d countries listed", MAX_ITEMS);
            l->pieces[l->n_pieces++] = p;
        }
        if (at[length] == '\0')
            return QUIPU_OK;
        at += length + 1;
    }
}

quipu_status qi_choices_parse(const quipu_nomen *nomen, const char *text, qi_arena *arena,
                              qi_choice **out, size_t *count, quipu_error *err) {
    *out = NULL;
    *count = 0;
    if (text == NULL || *text == '\0')
        return QUIPU_OK;
    list *l = calloc(1, sizeof *l);
    if (l == NULL)
        return qi_fail_memory(err, sizeof *l);
    l->nomen = nomen;
    l->arena = arena;
    quipu_status status = split_list(l, text, err);
    if (status != QUIPU_OK)
        goto done;
    uint8_t hopeless[MAX_ITEMS] = {0};
    l->choices = qi_arena_alloc(arena, (l->n_pieces + 1) * sizeof *l->choices);
    if (l->choices == NULL || (!take_all(l, 0, hopeless) && l->out_of_memory)) {
        status = qi_fail_memory(err, l->n_pieces * sizeof *l->choices);
    } else if (l->n_choices == 0 && l->n_pieces > 0) {
        status = unknown_word(nomen, l->unknown, err);
    } else {
        *out = l->choices;
        *count = l->n_choices;
    }
done:
    free(l);
    return status;
}
