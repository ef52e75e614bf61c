/* SPDX-License-Identifier: Apache-2.0 */
/* country.c - countries by number, by code and by what people write.
 *
 * Two tables, loaded apart: numbers and codes, which every import needs at once, and the
 * some two thousand names, which only people need.
 */
#include "nomen/nomen.h"

enum {
    NUMBER,
    ISO2,
    ISO3,
    NAME,
    NAME_ES,
    KIND,
    FROM,
    TO,
    NUMBERS,
    CODES,
    ALIASES,
    SUCCESSORS,
    N_FIELDS
};

#define N_NUMBERS 1000

/* ---- codes of up to four letters or digits, packed into a number; case does not count ---- */

static uint32_t pack(const char *code, size_t length) {
    if (length < 1 || length > 4)
        return 0;
    uint32_t key = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)code[i];
        if (c >= 'a' && c <= 'z')
            c = (unsigned char)(c - ('a' - 'A'));
        bool fits = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!fits)
            return 0;
        key = key << 8 | c;
    }
    return key;
}

static size_t code_place(const qi_countries *countries, uint32_t key) {
    size_t at = (size_t)((key * UINT32_C(2654435761)) >> 16) & countries->code_mask;
    while (countries->code_keys[at] != 0 && countries->code_keys[at] != key)
        at = (at + 1) & countries->code_mask;
    return at;
}

/* The first to claim a code keeps it: the callers add ISO codes before the others. */
static void add_code(qi_countries *countries, const char *code, size_t length, uint16_t id) {
    uint32_t key = pack(code, length);
    if (key == 0)
        return;
    size_t at = code_place(countries, key);
    if (countries->code_keys[at] == 0) {
        countries->code_keys[at] = key;
        countries->code_ids[at] = id;
    }
}

/* ---- loading ---- */

static bool parse_kind(const char *text, quipu_country_kind *out) {
    static const char *const KINDS[] = {"country", "former", "area", "world", "aggregate"};
    for (size_t i = 0; i < QI_COUNT(KINDS); i++) {
        if (strcmp(text, KINDS[i]) == 0) {
            *out = (quipu_country_kind)i;
            return true;
        }
    }
    return false;
}

static bool claim_number(qi_countries *countries, long number, size_t id) {
    if (countries->by_number[number] != QUIPU_NO_COUNTRY)
        return false;
    countries->by_number[number] = (uint16_t)id;
    return true;
}

static bool parse_row(qi_countries *countries, char **field) {
    size_t id = countries->n;
    quipu_country *country = &countries->items[id];
    long number, from, to;
    if (!qi_nomen_small(field[NUMBER], N_NUMBERS - 1, &number) ||
        !qi_nomen_small(field[FROM], 9999, &from) || !qi_nomen_small(field[TO], 9999, &to) ||
        !parse_kind(field[KIND], &country->kind) || field[ISO3][0] == '\0' ||
        (id > 0 && number <= countries->items[id - 1].number))
        return false;
    country->id = (uint16_t)id;
    country->number = (uint16_t)number;
    country->from = (int16_t)from;
    country->to = (int16_t)to;
    country->iso2 = field[ISO2];
    country->iso3 = field[ISO3];
    country->name = field[NAME];
    country->name_es = field[NAME_ES];
    country->successors = field[SUCCESSORS];
    countries->aliases[id] = field[ALIASES];
    if (!claim_number(countries, number, id))
        return false;
    countries->n++;
    return true;
}

/* The numbers and codes besides the row's own, joined by '|'. */
static bool add_others(qi_countries *countries, size_t id, const char *numbers,
                       const char *codes) {
    while (*numbers != '\0') {
        long number = 0;
        for (; *numbers >= '0' && *numbers <= '9' && number < N_NUMBERS; numbers++)
            number = number * 10 + (*numbers - '0');
        if ((*numbers != '\0' && *numbers != '|') || number >= N_NUMBERS ||
            !claim_number(countries, number, id))
            return false;
        numbers += *numbers == '|';
    }
    while (*codes != '\0') {
        size_t length = strcspn(codes, "|");
        add_code(countries, codes, length, (uint16_t)id);
        codes += length + (codes[length] == '|');
    }
    return true;
}

static quipu_status load_countries(quipu_nomen *nomen, unsigned which, void **out,
                                   quipu_error *err) {
    QI_UNUSED(which);
    qi_arena *arena = &nomen->arena;
    qi_rows rows;
    QI_TRY(qi_rows_open(&rows, arena, QI_NOMEN_COUNTRIES, err));
    size_t most = qi_rows_left(&rows);
    qi_countries *made = qi_arena_alloc(arena, sizeof *made);
    char **numbers = qi_arena_alloc(arena, most * sizeof *numbers);
    char **codes = qi_arena_alloc(arena, most * sizeof *codes);
    if (made == NULL || numbers == NULL || codes == NULL)
        return qi_fail_memory(err, most * sizeof *numbers);
    made->items = qi_arena_alloc(arena, most * sizeof *made->items);
    made->aliases = qi_arena_alloc(arena, most * sizeof *made->aliases);
    char(*digits)[4] = qi_arena_alloc(arena, most * sizeof *digits);
    made->code_mask = 2047;
    made->code_keys = qi_arena_alloc(arena, (made->code_mask + 1) * sizeof *made->code_keys);
    made->code_ids = qi_arena_alloc(arena, (made->code_mask + 1) * sizeof *made->code_ids);
    if (made->items == NULL || made->aliases == NULL || digits == NULL ||
        made->code_keys == NULL || made->code_ids == NULL)
        return qi_fail_memory(err, most * sizeof *made->items);
    for (size_t i = 0; i < N_NUMBERS; i++)
        made->by_number[i] = QUIPU_NO_COUNTRY;

    char *field[N_FIELDS];
    bool more;
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, N_FIELDS, &more, err));
        if (!more)
            break;
        numbers[made->n] = field[NUMBERS];
        codes[made->n] = field[CODES];
        if (!parse_row(made, field))
            return qi_fail_at(err, QUIPU_E_FORMAT, rows.file, rows.line, 0,
                              "a number, kind, year or order that cannot be");
    }
    for (size_t i = 0; i < made->n; i++) {
        quipu_country *country = &made->items[i];
        digits[i][0] = (char)('0' + country->number / 100);
        digits[i][1] = (char)('0' + country->number / 10 % 10);
        digits[i][2] = (char)('0' + country->number % 10);
        country->code = digits[i];
        add_code(made, country->iso3, strlen(country->iso3), country->id);
    }
    for (size_t i = 0; i < made->n; i++)
        add_code(made, made->items[i].iso2, strlen(made->items[i].iso2), (uint16_t)i);
    for (size_t i = 0; i < made->n; i++) {
        if (!add_others(made, i, numbers[i], codes[i]))
            return qi_fail(err, QUIPU_E_FORMAT, "%s: the other numbers of %s cannot be",
                           rows.file, made->items[i].name);
    }
    *out = made;
    return QUIPU_OK;
}

quipu_status qi_nomen_countries(const quipu_nomen *nomen, const qi_countries **out,
                                quipu_error *err) {
    return qi_nomen_get(nomen, QI_SLOT_COUNTRIES, load_countries, 0, out, err);
}

static quipu_status load_names(quipu_nomen *nomen, unsigned which, void **out,
                               quipu_error *err) {
    QI_UNUSED(which);
    const qi_countries *countries;
    QI_TRY(qi_nomen_countries(nomen, &countries, err));
    size_t most = 0;
    for (size_t i = 0; i < countries->n; i++) {
        most += 3;
        for (const char *c = countries->aliases[i]; *c != '\0'; c++)
            most += *c == '|';
    }
    qi_names *names = qi_arena_alloc(&nomen->arena, sizeof *names);
    if (names == NULL)
        return qi_fail_memory(err, sizeof *names);
    QI_TRY(qi_names_init(names, &nomen->arena, most, false, err));
    /* All names before all aliases: an alias never hides another country's own name. */
    for (uint32_t i = 0; i < countries->n; i++) {
        const quipu_country *c = &countries->items[i];
        QI_TRY(qi_names_add(names, c->name, strlen(c->name), c->name, i, err));
        QI_TRY(qi_names_add(names, c->name_es, strlen(c->name_es), c->name, i, err));
    }
    for (uint32_t i = 0; i < countries->n; i++)
        QI_TRY(qi_names_add_list(names, countries->aliases[i], '|', countries->items[i].name, i,
                                 err));
    *out = names;
    return QUIPU_OK;
}

/* ---- asking ---- */

quipu_status quipu_countries(const quipu_nomen *nomen, const quipu_country **first,
                             size_t *count, quipu_error *err) {
    qi_error_clear(err);
    *first = NULL;
    *count = 0;
    const qi_countries *countries;
    QI_TRY(qi_nomen_countries(nomen, &countries, err));
    *first = countries->items;
    *count = countries->n;
    return QUIPU_OK;
}

const quipu_country *quipu_country_by_number(const quipu_nomen *nomen, unsigned number) {
    const qi_countries *countries;
    if (number >= N_NUMBERS || qi_nomen_countries(nomen, &countries, NULL) != QUIPU_OK ||
        countries->by_number[number] == QUIPU_NO_COUNTRY)
        return NULL;
    return &countries->items[countries->by_number[number]];
}

const quipu_country *quipu_country_by_iso3(const quipu_nomen *nomen, const char *code,
                                           size_t length) {
    const qi_countries *countries;
    uint32_t key = pack(code, length);
    if (key == 0 || qi_nomen_countries(nomen, &countries, NULL) != QUIPU_OK)
        return NULL;
    size_t at = code_place(countries, key);
    return countries->code_keys[at] == 0 ? NULL : &countries->items[countries->code_ids[at]];
}

/* Digits only, and few: a number; -1 otherwise. */
static int as_number(const char *text, size_t length) {
    int number = 0;
    if (length == 0 || length > 3)
        return -1;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

/* Equal but for the case of ASCII letters. */
static bool same_letters(const char *a, const char *b, size_t length) {
    for (size_t i = 0; i < length; i++) {
        unsigned x = (unsigned char)a[i], y = (unsigned char)b[i];
        x += x - 'A' < 26u ? 32u : 0;
        y += y - 'A' < 26u ? 32u : 0;
        if (x != y || x == 0)
            return false;
    }
    return b[length] == 0;
}

quipu_status quipu_country_find(const quipu_nomen *nomen, const char *text,
                                const quipu_country **out, quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    const qi_countries *countries;
    QI_TRY(qi_nomen_countries(nomen, &countries, err));
    while (*text == ' ' || *text == '\t')
        text++;
    size_t length = strlen(text);
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    if (length == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND, "an empty text is not a country");

    int number = as_number(text, length);
    if (number >= 0)
        *out = quipu_country_by_number(nomen, (unsigned)number);
    if (*out == NULL)
        *out = quipu_country_by_iso3(nomen, text, length);
    if (*out != NULL)
        return QUIPU_OK;

    /* Most people write the plain name: found without folding a thousand names first. */
    for (size_t i = 0; i < countries->n; i++)
        if (same_letters(text, countries->items[i].name, length)) {
            *out = &countries->items[i];
            return QUIPU_OK;
        }

    const qi_names *names;
    QI_TRY(qi_nomen_get(nomen, QI_SLOT_COUNTRY_NAMES, load_names, 0, &names, err));
    uint32_t id;
    if (qi_names_find(names, text, length, &id)) {
        *out = &countries->items[id];
        return QUIPU_OK;
    }
    const qi_groups *groups;
    QI_TRY(qi_nomen_groups(nomen, &groups, err));
    if (qi_names_find(&groups->names, text, length, &id))
        return qi_fail(err, QUIPU_E_NOT_FOUND, "\"%s\" is a group of countries, not a country",
                       text);
    return qi_names_missing(names, "country", text, err);
}
