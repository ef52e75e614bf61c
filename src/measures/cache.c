/* SPDX-License-Identifier: Apache-2.0 */
/* cache.c - class mappings kept between the requests of a long-lived program.
 *
 * Sorting five thousand codes into classes takes longer than most answers.  An entry is named
 * by the content of the cube, so it does not matter which cube object asks for it.
 */
#include "measures/cache.h"

#include <pthread.h>

typedef struct entry {
    struct entry *next;
    char fingerprint[33];
    char scheme[64];
    bool gold_primary;
    quipu_mapping classes;
} entry;

struct quipu_cache {
    pthread_mutex_t lock;
    entry *entries; /* only ever added to */
};

quipu_status quipu_cache_open(quipu_cache **out, quipu_error *err) {
    qi_error_clear(err);
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return qi_fail_memory(err, sizeof **out);
    if (pthread_mutex_init(&(*out)->lock, NULL) == 0)
        return QUIPU_OK;
    free(*out);
    *out = NULL;
    return qi_fail(err, QUIPU_E_NOMEM, "no lock to be had");
}

void quipu_cache_close(quipu_cache *cache) {
    if (cache == NULL)
        return;
    for (entry *e = cache->entries, *next; e != NULL; e = next) {
        next = e->next;
        quipu_mapping_free(&e->classes);
        free(e);
    }
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static bool is_for(const entry *e, const qi_cache_key *key) {
    return e->gold_primary == key->gold_primary && strcmp(e->scheme, key->scheme) == 0 &&
           strcmp(e->fingerprint, quipu_cube_fingerprint(key->cube)) == 0;
}

static quipu_status add(quipu_cache *cache, const qi_cache_key *key, const quipu_mapping **out,
                        quipu_error *err) {
    entry *e = calloc(1, sizeof *e);
    if (e == NULL)
        return qi_fail_memory(err, sizeof *e);
    quipu_class_options options = {.gold_primary = key->gold_primary};
    const char *from = quipu_cube_meta(key->cube, "nomenclature");
    quipu_status status = quipu_classify(
        key->nomen, key->scheme, from != NULL ? from : "", quipu_cube_product_codes(key->cube),
        quipu_cube_n_products(key->cube), &options, &e->classes, err);
    if (status != QUIPU_OK) {
        free(e);
        return status;
    }
    snprintf(e->fingerprint, sizeof e->fingerprint, "%s", quipu_cube_fingerprint(key->cube));
    snprintf(e->scheme, sizeof e->scheme, "%s", key->scheme);
    e->gold_primary = key->gold_primary;
    e->next = cache->entries;
    cache->entries = e;
    *out = &e->classes;
    return QUIPU_OK;
}

quipu_status qi_cache_classes(quipu_cache *cache, const qi_cache_key *key,
                              const quipu_mapping **out, quipu_error *err) {
    quipu_status status = QUIPU_OK;
    *out = NULL;
    if (strlen(key->scheme) >= sizeof cache->entries->scheme)
        return qi_fail(err, QUIPU_E_NOT_FOUND, "no class scheme \"%.60s...\"", key->scheme);
    pthread_mutex_lock(&cache->lock);
    for (const entry *e = cache->entries; e != NULL && *out == NULL; e = e->next)
        if (is_for(e, key))
            *out = &e->classes;
    if (*out == NULL)
        status = add(cache, key, out, err);
    pthread_mutex_unlock(&cache->lock);
    return status;
}
