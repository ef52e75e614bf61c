/* SPDX-License-Identifier: Apache-2.0 */
/* search.h (private) - an index of names (search.c), and what a question makes of it (find.c). */
#ifndef QI_HTTP_SEARCH_H
#define QI_HTTP_SEARCH_H

#include "http/http.h"
#include "nomen/nomen.h"

typedef enum qi_found_kind { /* of equals the first comes first */
                             QI_FOUND_COUNTRY,
                             QI_FOUND_GROUP,
                             QI_FOUND_PRODUCT,
                             QI_FOUND_MEASURE,
                             QI_FOUND_PAIR
} qi_found_kind;

typedef struct qi_thing {
    qi_found_kind kind;
    const char *id, *label, *label_es, *detail; /* the last two may be NULL */
    quipu_money value;
    const char *folded; /* its label */
} qi_thing;

typedef struct qi_word_of {
    const char *text; /* folded */
    uint32_t thing;
} qi_word_of;
typedef QI_LIST(qi_word_of) qi_word_list;

struct qi_search {
    qi_arena arena;
    QI_LIST(qi_thing) things;
    qi_word_list names, words; /* sorted by text */
};

/* The thing of a kind that is called exactly so; of several the one that trades most. */
bool qi_search_name(const qi_search *search, const char *folded, qi_found_kind kind,
                    uint32_t *thing);
enum { QI_MOST_WORDS = 8 };
/* Things in whose names every word is, or begins a word; best first. */
size_t qi_search_words(const qi_search *search, char *const *words, size_t n_words,
                       uint32_t *out, size_t most, qi_arena *arena);

#endif
