/* SPDX-License-Identifier: Apache-2.0 */
/* keep.c - answers kept, up to so many bytes; the one not asked for longest goes first. */
#include "http/http.h"

enum { N_CHAINS = 4096 };

typedef struct entry {
    struct entry *next;          /* in its chain */
    struct entry *newer, *older; /* in order of use */
    char *key;                   /* followed by the texts of `kept` */
    size_t bytes;
    uint64_t hash;
    qi_kept kept;
} entry;

struct qi_keep {
    pthread_mutex_t lock;
    entry *chain[N_CHAINS];
    entry *newest, *oldest;
    size_t bytes, most;
};

qi_keep *qi_keep_open(size_t most_bytes) {
    qi_keep *keep = calloc(1, sizeof *keep);
    if (keep == NULL || pthread_mutex_init(&keep->lock, NULL) != 0) {
        free(keep);
        return NULL;
    }
    keep->most = most_bytes;
    return keep;
}

static void unlink_entry(qi_keep *k, entry *e) {
    if (e->newer != NULL)
        e->newer->older = e->older;
    else
        k->newest = e->older;
    if (e->older != NULL)
        e->older->newer = e->newer;
    else
        k->oldest = e->newer;
    e->newer = e->older = NULL;
}

static void link_newest(qi_keep *k, entry *e) {
    e->older = k->newest;
    if (k->newest != NULL)
        k->newest->newer = e;
    k->newest = e;
    if (k->oldest == NULL)
        k->oldest = e;
}

static void drop(qi_keep *k, entry *e) {
    entry **at = &k->chain[e->hash % N_CHAINS];
    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    unlink_entry(k, e);
    k->bytes -= e->bytes;
    qi_kept_drop(&e->kept);
    free(e->key);
    free(e);
}

void qi_keep_close(qi_keep *keep) {
    if (keep == NULL)
        return;
    while (keep->oldest != NULL)
        drop(keep, keep->oldest);
    pthread_mutex_destroy(&keep->lock);
    free(keep);
}

static entry *find(qi_keep *k, const char *key, uint64_t hash) {
    for (entry *e = k->chain[hash % N_CHAINS]; e != NULL; e = e->next)
        if (e->hash == hash && strcmp(e->key, key) == 0)
            return e;
    return NULL;
}

bool qi_keep_find(qi_keep *keep, const char *key, qi_arena *arena, qi_kept *out) {
    uint64_t hash = qi_hash64(key, strlen(key));
    pthread_mutex_lock(&keep->lock);
    entry *e = find(keep, key, hash);
    if (e != NULL) {
        unlink_entry(keep, e);
        link_newest(keep, e);
        *out = e->kept;
        for (int i = 0; i < QI_N_ENCODINGS; i++)
            out->body[i] = qi_body_hold(out->body[i]);
        out->file = qi_arena_dup(arena, e->kept.file);
        out->command = qi_arena_dup(arena, e->kept.command);
    }
    pthread_mutex_unlock(&keep->lock);
    return e != NULL;
}

static size_t size_of(const qi_kept *kept) {
    size_t bytes = sizeof(entry) + 256;
    for (int i = 0; i < QI_N_ENCODINGS; i++)
        bytes += kept->body[i] != NULL ? kept->body[i]->length : 0;
    return bytes;
}

/* Key, file name and command in one room. */
static bool copy_texts(entry *e, const char *key, const qi_kept *from) {
    const char *file = from->file != NULL ? from->file : "";
    const char *command = from->command != NULL ? from->command : "";
    size_t a = strlen(key) + 1, b = strlen(file) + 1, c = strlen(command) + 1;
    e->key = malloc(a + b + c);
    if (e->key == NULL)
        return false;
    memcpy(e->key, key, a);
    e->kept.file = from->file != NULL ? memcpy(e->key + a, file, b) : NULL;
    e->kept.command = from->command != NULL ? memcpy(e->key + a + b, command, c) : NULL;
    return true;
}

static void add_new(qi_keep *k, const char *key, uint64_t hash, const qi_kept *kept) {
    entry *e = calloc(1, sizeof *e);
    if (e == NULL)
        return;
    e->kept = *kept;
    if (!copy_texts(e, key, kept)) {
        free(e);
        return;
    }
    for (int i = 0; i < QI_N_ENCODINGS; i++)
        e->kept.body[i] = qi_body_hold(kept->body[i]);
    e->hash = hash;
    e->next = k->chain[hash % N_CHAINS];
    k->chain[hash % N_CHAINS] = e;
    e->bytes = size_of(kept) + strlen(key);
    k->bytes += e->bytes;
    link_newest(k, e);
}

void qi_keep_add(qi_keep *keep, const char *key, const qi_kept *kept) {
    uint64_t hash = qi_hash64(key, strlen(key));
    if (size_of(kept) > keep->most / 8)
        return; /* one answer is not worth eight */
    pthread_mutex_lock(&keep->lock);
    entry *e = find(keep, key, hash);
    if (e == NULL) {
        add_new(keep, key, hash, kept);
    } else {
        for (int i = 0; i < QI_N_ENCODINGS; i++)
            if (e->kept.body[i] == NULL && kept->body[i] != NULL) {
                e->kept.body[i] = qi_body_hold(kept->body[i]);
                e->bytes += kept->body[i]->length;
                keep->bytes += kept->body[i]->length;
            }
    }
    while (keep->bytes > keep->most && keep->oldest != NULL)
        drop(keep, keep->oldest);
    pthread_mutex_unlock(&keep->lock);
}

void qi_kept_drop(qi_kept *kept) {
    for (int i = 0; i < QI_N_ENCODINGS; i++)
        qi_body_drop(kept->body[i]);
}

size_t qi_keep_bytes(qi_keep *keep) {
    pthread_mutex_lock(&keep->lock);
    size_t bytes = keep->bytes;
    pthread_mutex_unlock(&keep->lock);
    return bytes;
}
