/* SPDX-License-Identifier: Apache-2.0 */
/* edition.c - the cube as it is now, and what is made of it once; a new one when the file is
 * another. */
#include "http/http.h"

#include <dirent.h>
#include <sys/stat.h>
#include <time.h>

int64_t qi_now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- has a file changed? ---- */

static uint64_t mix(uint64_t sum, const char *name, const struct stat *s) {
    struct {
        uint64_t sum, name, device, inode, seconds, nanoseconds, size;
    } all = {sum,
             qi_hash64(name, strlen(name)),
             (uint64_t)s->st_dev,
             (uint64_t)s->st_ino,
             (uint64_t)s->st_mtim.tv_sec,
             (uint64_t)s->st_mtim.tv_nsec,
             (uint64_t)s->st_size};
    return qi_hash64(&all, sizeof all);
}

/* Files of a folder in any order: their hashes are added up. */
static uint64_t mix_folder(const char *path) {
    uint64_t sum = 0;
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        char file[4096];
        struct stat s;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && stat(file, &s) == 0)
            sum += mix(0, entry->d_name, &s);
    }
    if (folder != NULL)
        closedir(folder);
    return sum;
}

void qi_stamp(const char *path, char out[80]) {
    struct stat s;
    out[0] = '\0';
    if (path == NULL || stat(path, &s) != 0)
        return;
    uint64_t more = S_ISDIR(s.st_mode) ? mix_folder(path) : 0;
    snprintf(out, 80, "%016llx", (unsigned long long)mix(more, "", &s));
}

/* ---- made once ---- */

static void note_countries(qi_edition *e, const quipu_slab *slab, const quipu_pairs *p) {
    bool reconciled = slab->flow == QUIPU_RECONCILED;
    uint8_t as_reporter = reconciled || slab->flow == QUIPU_EXPORT ? QI_IS_EXPORTER
                          : slab->flow == QUIPU_IMPORT             ? QI_IS_IMPORTER
                                                                   : 0;
    uint8_t as_partner = (uint8_t)(QI_IS_PARTNER | (reconciled ? QI_IS_IMPORTER : 0));
    for (size_t c = 0; c < p->n_countries; c++) {
        if (p->reporter_start[c + 1] > p->reporter_start[c])
            e->country_is[c] |= as_reporter;
        if (p->partner_start[c + 1] > p->partner_start[c])
            e->country_is[c] |= as_partner;
        /* Sums only rank names: one too large to add counts as the largest. */
        if (!qi_add_money(&e->country_sum[c], p->by_reporter_total[c]) ||
            !qi_add_money(&e->country_sum[c], p->by_partner_total[c]))
            e->country_sum[c] = INT64_MAX;
    }
}

static quipu_status sum_up(qi_edition *e, quipu_error *err) {
    size_t n_slabs, n_countries, n_products = quipu_cube_n_products(e->cube);
    const quipu_slab *slabs = quipu_cube_slabs(e->cube, &n_slabs);
    quipu_cube_countries(e->cube, &n_countries);
    e->product_sum = calloc(n_products + 1, sizeof *e->product_sum);
    e->country_sum = calloc(n_countries + 1, sizeof *e->country_sum);
    e->country_is = calloc(n_countries + 1, 1);
    if (e->product_sum == NULL || e->country_sum == NULL || e->country_is == NULL)
        return qi_fail_memory(err, n_products * sizeof *e->product_sum);
    for (size_t s = 0; s < n_slabs; s++) {
        quipu_pairs pairs;
        QI_TRY(quipu_cube_pairs(e->cube, s, &pairs, err));
        note_countries(e, &slabs[s], &pairs);
        for (size_t k = 0; k < n_products; k++)
            if (!qi_add_money(&e->product_sum[k], pairs.by_product_total[k]))
                e->product_sum[k] = INT64_MAX;
    }
    return QUIPU_OK;
}

static uint64_t seed_of(const qi_edition *e) {
    char text[160];
    int n = snprintf(text, sizeof text, "%s %s %s", quipu_cube_fingerprint(e->cube),
                     e->invested != NULL ? quipu_register_fingerprint(e->invested) : "",
                     QUIPU_VERSION);
    return qi_hash64(text, (size_t)n);
}

static void edition_free(qi_edition *e) {
    qi_search_close(e->search);
    qi_keep_close(e->kept);
    quipu_cache_close(e->classes);
    quipu_register_close(e->invested);
    quipu_cube_close(e->cube);
    free(e->product_sum);
    free(e->country_sum);
    free(e->country_is);
    free(e);
}

quipu_status qi_edition_open(qi_context *context, qi_edition **out, quipu_error *err) {
    quipu_status status;
    *out = NULL;
    qi_edition *e = calloc(1, sizeof *e);
    if (e == NULL)
        return qi_fail_memory(err, sizeof *e);
    atomic_init(&e->holders, 1);
    e->nomen = context->nomen;
    /* Stamps first: a file replaced in between is then looked at again. */
    qi_stamp(context->cube_path, e->stamp[0]);
    qi_stamp(context->register_path, e->stamp[1]);
    QI_GO(quipu_cube_open(context->cube_path, &e->cube, err));
    if (context->register_path != NULL)
        QI_GO(quipu_register_open(context->register_path, context->nomen, NULL, &e->invested,
                                  err));
    QI_GO(quipu_cache_open(&e->classes, err));
    QI_GO(sum_up(e, err));
    QI_GO(qi_search_open(e, &e->search, err));
    e->kept = qi_keep_open(context->cache_bytes);
    if (e->kept == NULL)
        QI_GO(qi_fail_memory(err, context->cache_bytes));
    e->seed = seed_of(e);
    *out = e;
done:
    if (status != QUIPU_OK)
        edition_free(e);
    return status;
}

void qi_edition_drop(qi_edition *edition) {
    if (edition != NULL && atomic_fetch_sub(&edition->holders, 1) == 1)
        edition_free(edition);
}

/* ---- the one of now ---- */

static bool changed(qi_context *c, char stamp[2][80]) {
    qi_stamp(c->cube_path, stamp[0]);
    qi_stamp(c->register_path, stamp[1]);
    bool same = strcmp(stamp[0], c->current->stamp[0]) == 0 &&
                strcmp(stamp[1], c->current->stamp[1]) == 0;
    bool refused = strcmp(stamp[0], c->refused[0]) == 0 && strcmp(stamp[1], c->refused[1]) == 0;
    return !same && !refused && stamp[0][0] != '\0';
}

static void say(qi_context *c, const char *event, const char *detail) {
    char line[1200];
    if (c->log == NULL)
        return;
    /* The words come from our own messages; quotes and line ends are all that could hurt. */
    int n = snprintf(line, sizeof line - 2, "{\"event\":\"%s\",\"detail\":\"", event);
    for (const char *at = detail; *at != '\0' && (size_t)n < sizeof line - 8; at++)
        line[n++] = *at == '"' || *at == '\\' || (unsigned char)*at < 0x20 ? '\'' : *at;
    memcpy(line + n, "\"}\n", 3);
    c->log(c->log_user, line, (size_t)n + 3);
}

/* Opening takes a while: it is done outside the lock, while others go on with the old one. */
static void replace(qi_context *c, char stamp[2][80]) {
    quipu_error err = {0};
    qi_edition *fresh, *old = NULL;
    quipu_status status = qi_edition_open(c, &fresh, &err);
    pthread_mutex_lock(&c->lock);
    if (status == QUIPU_OK) {
        old = c->current;
        c->current = fresh;
        atomic_fetch_add(&c->counters.reloads, 1);
    } else {
        memcpy(c->refused, stamp, sizeof c->refused);
        atomic_fetch_add(&c->counters.refused_reloads, 1);
    }
    pthread_mutex_unlock(&c->lock);
    if (status == QUIPU_OK)
        say(c, "reloaded", quipu_cube_fingerprint(fresh->cube));
    else
        say(c, "not reloaded", err.text);
    qi_edition_drop(old);
}

qi_edition *qi_edition_take(qi_context *c, bool quick) {
    int64_t now = qi_now_us() / 1000;
    char stamp[2][80];
    pthread_mutex_lock(&c->lock);
    bool due = now - c->looked_ms >= c->look_every_ms;
    if (due && quick) {
        pthread_mutex_unlock(&c->lock);
        return NULL;
    }
    bool fresh = false;
    if (due) {
        c->looked_ms = now;
        fresh = changed(c, stamp);
    }
    pthread_mutex_unlock(&c->lock);
    if (fresh)
        replace(c, stamp);
    pthread_mutex_lock(&c->lock);
    qi_edition *e = c->current;
    atomic_fetch_add(&e->holders, 1);
    pthread_mutex_unlock(&c->lock);
    return e;
}
