/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline.c - the reader cuts inputs into chunks, workers make runs of them.
 *
 * Chunks are numbered as they are cut and their results kept by number, so whatever order
 * the workers finish in, errors, ledgers and runs come out in input order.  When a chunk
 * fails the reader stops; chunks before it have all been handed out, so the failure reported
 * is the first one of the input, always the same.
 */
#define _GNU_SOURCE
#include "pipeline.h"

#include <strings.h>
#include <unistd.h>

/* A chunk and its cells fit a core's second-level cache.  Declarations with firms are many and in
 * no order: of larger chunks there are fewer and denser runs. */
enum {
    CHUNK_BYTES = 512 << 10,
    CHUNK_OF_FIRMS = 2 << 20,
    CHUNK_SLACK = 64,
    MAX_LINE = 16 << 20,
    MAX_WHOLE = 256 << 20
};

/* ---- chunks ---- */

static void empty_chunk(qi_chunk *chunk) {
    chunk->cells.n = 0;
    chunk->firms.n = 0;
    chunk->plain.n = chunk->plain.groups.n = 0;
    chunk->n_nomenclatures = 0;
    chunk->columns = 0;
    chunk->n_lines = 0;
    chunk->length = 0;
    chunk->skip_lines = 0;
    chunk->ledger = (qi_ledger){.least = qi_of_declarations(chunk->import)};
    chunk->rows = 1;
    memset(&chunk->tariffs, 0, sizeof chunk->tariffs); /* given away with the result */
    memset(&chunk->rejects, 0, sizeof chunk->rejects);
}

static void free_chunk(qi_chunk *chunk) {
    free(chunk->bytes);
    free(chunk->cells.items);
    free(chunk->firms.items);
    qi_plain_free(&chunk->plain);
    free(chunk);
}

static qi_chunk *new_chunk(qi_pipeline *p) {
    qi_chunk *chunk = calloc(1, sizeof *chunk);
    if (chunk != NULL) {
        chunk->import = &p->import;
        chunk->capacity = p->import.options.keep_firms ? CHUNK_OF_FIRMS : CHUNK_BYTES;
        chunk->bytes = malloc(chunk->capacity + CHUNK_SLACK);
        empty_chunk(chunk);
    }
    if (chunk == NULL || chunk->bytes == NULL) {
        free(chunk);
        return NULL;
    }
    return chunk;
}

static void free_result(qi_chunk_result *result) {
    for (size_t i = 0; i < result->rejects.n; i++) {
        free(result->rejects.items[i].text);
        free(result->rejects.items[i].reason);
    }
    free(result->rejects.items);
    free(result->tariffs.items);
    free(result->ledger);
    free(result);
}

/* ---- workers ---- */

/* Add up the ledgers of all chunks that are done and have none before them that is not: a
 * ledger is large beside the cells of a chunk.  With the lock held. */
static void count_results(qi_pipeline *p) {
    for (; p->n_counted < p->results.n && p->results.items[p->n_counted]->done;
         p->n_counted++) {
        qi_chunk_result *result = p->results.items[p->n_counted];
        if (result->ledger != NULL)
            qi_ledger_merge(&p->ledger, result->ledger);
        free(result->ledger);
        result->ledger = NULL;
    }
}

static void read_one(qi_pipeline *p, qi_chunk *chunk, qi_packer *packer,
                     qi_chunk_result *result) {
    quipu_error error = {0};
    quipu_status status = chunk->schema->profile->read_chunk(chunk, &error);
    if (status == QUIPU_OK)
        status = qi_run_make(chunk, packer, &result->run, &error);
    if (status == QUIPU_OK)
        status = qi_batch_keep(p, &packer->batch, &result->run, &error);
    result->n_lines = chunk->n_lines;
    result->tariffs.items = chunk->tariffs.items;
    result->tariffs.n = chunk->tariffs.n;
    result->rejects.items = chunk->rejects.items;
    result->rejects.n = chunk->rejects.n;
    result->ledger = malloc(sizeof *result->ledger);
    if (result->ledger != NULL)
        *result->ledger = chunk->ledger;
    else if (status == QUIPU_OK)
        status = qi_fail_memory(&error, sizeof *result->ledger);
    memcpy(result->nomenclature, chunk->nomenclature, sizeof result->nomenclature);
    memcpy(result->nomenclature_line, chunk->nomenclature_line,
           sizeof result->nomenclature_line);
    result->n_nomenclatures = chunk->n_nomenclatures;
    pthread_mutex_lock(&p->lock);
    result->status = status;
    if (status != QUIPU_OK && (p->error.status == QUIPU_OK || chunk->number < p->failed)) {
        p->failed = chunk->number;
        p->error = error;
    }
    if (status != QUIPU_OK)
        p->failing = true;
    result->done = true;
    count_results(p);
    pthread_mutex_unlock(&p->lock);
}

static void *work(void *user) {
    qi_pipeline *p = user;
    qi_packer packer = {.country = p->country};
    qi_firm_cells firms = {0};
    pthread_mutex_lock(&p->lock);
    unsigned number = p->n_started++;
    for (;;) {
        while (p->ready.n == 0 && !p->closed)
            pthread_cond_wait(&p->changed, &p->lock);
        if (p->ready.n == 0)
            break;
        qi_chunk *chunk = p->ready.items[0];
        memmove(p->ready.items, p->ready.items + 1, --p->ready.n * sizeof(qi_chunk *));
        qi_chunk_result *result = p->results.items[chunk->number];
        pthread_mutex_unlock(&p->lock);
        read_one(p, chunk, &packer, result);
        qi_firms_gather(p, &firms, chunk);
        empty_chunk(chunk);
        pthread_mutex_lock(&p->lock);
        p->idle.items[p->idle.n++] = chunk; /* room was made for all */
        pthread_cond_broadcast(&p->changed);
    }
    p->lists[number] = packer.codes;
    p->batches[number] = packer.batch;
    pthread_mutex_unlock(&p->lock);
    qi_firms_flush(p, &firms);
    free(firms.items);
    qi_packer_free(&packer);
    return NULL;
}

/* ---- the reader ---- */

typedef struct reader {
    qi_pipeline *p;
    qi_source *source;      /* or */
    qi_engine_rows *engine; /* a table of an engine, as text */
    size_t member;
    char *left; /* the beginning of a line whose end is in the next block */
    size_t left_length, left_capacity;
    bool first; /* the member's first chunk: its header is still to be recognised */
    bool whole; /* the member must come as one chunk */
} reader;

static qi_chunk *take_idle(qi_pipeline *p) {
    pthread_mutex_lock(&p->lock);
    while (p->idle.n == 0)
        pthread_cond_wait(&p->changed, &p->lock);
    qi_chunk *chunk = p->idle.items[--p->idle.n];
    pthread_mutex_unlock(&p->lock);
    return chunk;
}

static void give_back(qi_pipeline *p, qi_chunk *chunk) {
    pthread_mutex_lock(&p->lock);
    empty_chunk(chunk);
    p->idle.items[p->idle.n++] = chunk;
    pthread_mutex_unlock(&p->lock);
}

static quipu_status submit(reader *r, qi_chunk *chunk, quipu_error *err) {
    qi_pipeline *p = r->p;
    qi_chunk_result *result = calloc(1, sizeof *result);
    pthread_mutex_lock(&p->lock);
    bool ok = result != NULL && QI_PUSH(&p->results, result);
    if (ok) {
        result->member = r->member;
        chunk->number = p->results.n - 1;
        chunk->member = r->member;
        chunk->member_name = p->members.items[r->member].name;
        chunk->schema = p->members.items[r->member].schema;
        p->ready.items[p->ready.n++] = chunk;
        pthread_cond_broadcast(&p->changed);
    }
    pthread_mutex_unlock(&p->lock);
    if (ok)
        return QUIPU_OK;
    free(result);
    give_back(p, chunk);
    return qi_fail_memory(err, sizeof *result);
}

static bool grow_chunk(qi_chunk *chunk, size_t capacity) {
    if (capacity <= chunk->capacity)
        return true;
    char *bytes = realloc(chunk->bytes, capacity + CHUNK_SLACK);
    if (bytes == NULL)
        return false;
    chunk->bytes = bytes;
    chunk->capacity = capacity;
    return true;
}

/* JSON may be one line of any length; what it is can be told from the beginning of it. */
static bool begins_json(const reader *r, const qi_chunk *chunk) {
    size_t i = 0;
    while (i < chunk->length && strchr(" \t\r\n\xEF\xBB\xBF", chunk->bytes[i]) != NULL &&
           chunk->bytes[i] != 0)
        i++;
    return r->first && i < chunk->length && chunk->bytes[i] == '{';
}

static quipu_status read_some(reader *r, char *bytes, size_t size, size_t *got,
                              quipu_error *err) {
    return r->engine != NULL ? qi_engine_rows_read(r->engine, bytes, size, got, err)
                             : qi_source_read(r->source, bytes, size, got, err);
}

/* Fill a chunk with what was left and as many whole lines as fit; *end at the member's end. */
static quipu_status fill(reader *r, qi_chunk *chunk, bool whole, bool *end, quipu_error *err) {
    if (r->left_length > 0) {
        if (!grow_chunk(chunk, r->left_length))
            return qi_fail_memory(err, r->left_length);
        memcpy(chunk->bytes, r->left, r->left_length);
    }
    chunk->length = r->left_length;
    r->left_length = 0;
    *end = false;
    for (;;) {
        size_t got;
        QI_TRY(read_some(r, chunk->bytes + chunk->length, chunk->capacity - chunk->length, &got,
                         err));
        chunk->length += got;
        *end = chunk->length < chunk->capacity;
        if (*end)
            break;
        const char *newline = whole ? NULL : memrchr(chunk->bytes, '\n', chunk->length);
        if (newline != NULL) {
            size_t keep = (size_t)(newline - chunk->bytes) + 1;
            size_t rest = chunk->length - keep;
            if (rest > r->left_capacity) {
                free(r->left);
                r->left_capacity = rest * 2;
                r->left = malloc(r->left_capacity);
                if (r->left == NULL) {
                    r->left_capacity = 0;
                    return qi_fail_memory(err, rest);
                }
            }
            if (rest > 0)
                memcpy(r->left, chunk->bytes + keep, rest);
            r->left_length = rest;
            chunk->length = keep;
            break;
        }
        if (!whole && begins_json(r, chunk))
            break;
        if (chunk->capacity >= (whole ? (size_t)MAX_WHOLE : (size_t)MAX_LINE))
            return qi_fail_at(err, whole ? QUIPU_E_LIMIT : QUIPU_E_FORMAT,
                              r->p->members.items[r->member].name, 0, 0,
                              whole ? "a JSON file of more than 256 MiB"
                                    : "a line of more than 16 MiB: not a table of trade");
        size_t most = whole ? (size_t)MAX_WHOLE : (size_t)MAX_LINE;
        size_t larger = chunk->capacity * 4 < most ? chunk->capacity * 4 : most;
        if (!grow_chunk(chunk, larger))
            return qi_fail_memory(err, larger);
    }
    if (chunk->length > 0 && chunk->bytes[chunk->length - 1] != '\n' && *end && !whole)
        chunk->bytes[chunk->length++] = '\n'; /* the slack has room */
    memset(chunk->bytes + chunk->length, 0, CHUNK_SLACK - 1);
    return QUIPU_OK;
}

static void empty_schema(qi_schema *schema) {
    if (schema == NULL)
        return;
    free(schema->restored.items);
    qi_buffer_free(&schema->restored_report);
}

static quipu_status recognise(reader *r, qi_chunk *chunk, quipu_error *err) {
    qi_pipeline *p = r->p;
    qi_member *member = &p->members.items[r->member];
    qi_schema *schema = qi_arena_alloc(&p->arena, sizeof *schema);
    if (schema == NULL)
        return qi_fail_memory(err, sizeof *schema);
    schema->in_cells = r->source != NULL && qi_source_in_cells(r->source);
    empty_schema(member->schema);
    member->schema = schema; /* also on failure: what it holds must be freed */
    quipu_status status = qi_recognise(&p->import, member->name, chunk->bytes, chunk->length,
                                       &p->arena, schema, &chunk->skip_lines, err);
    if (status == QUIPU_OK)
        status = qi_firms_check_columns(&p->import, member->name, schema, err);
    if (status != QUIPU_OK && schema->profile == NULL)
        schema->profile = qi_profile_find("codes");
    return status;
}

/* The dump of a cube holds a second table: cut the chunk before its first line and keep the
 * rest as the beginning of a new member.  Chunks begin with a line, so the mark may do, too. */
static quipu_status cut_second_table(reader *r, qi_chunk *chunk, bool *found,
                                     quipu_error *err) {
    static const char MARK[] = "\n#table ";
    *found = false;
    if (strcmp(r->p->members.items[r->member].schema->profile->name, "quipu") != 0)
        return QUIPU_OK;
    size_t keep = 0;
    if (chunk->length < sizeof MARK - 2 ||
        memcmp(chunk->bytes, MARK + 1, sizeof MARK - 2) != 0) {
        const char *at = memmem(chunk->bytes, chunk->length, MARK, sizeof MARK - 1);
        if (at == NULL)
            return QUIPU_OK;
        keep = (size_t)(at - chunk->bytes) + 1;
    }
    size_t rest = chunk->length - keep, capacity = rest + r->left_length + CHUNK_BYTES;
    char *left = malloc(capacity);
    if (left == NULL)
        return qi_fail_memory(err, capacity);
    memcpy(left, chunk->bytes + keep, rest);
    if (r->left_length > 0)
        memcpy(left + rest, r->left, r->left_length);
    free(r->left);
    r->left = left;
    r->left_length += rest;
    r->left_capacity = capacity;
    chunk->length = keep;
    memset(chunk->bytes + keep, 0, CHUNK_SLACK - 1);
    *found = true;
    return QUIPU_OK;
}

static quipu_status add_member(reader *r, const char *name, bool continues, quipu_error *err) {
    qi_member member = {.name = strdup(name), .continues = continues};
    pthread_mutex_lock(&r->p->lock);
    bool ok = member.name != NULL && QI_PUSH(&r->p->members, member);
    r->member = r->p->members.n - 1;
    pthread_mutex_unlock(&r->p->lock);
    r->first = true;
    if (ok)
        return QUIPU_OK;
    free(member.name);
    return qi_fail_memory(err, strlen(name));
}

static quipu_status report_progress(reader *r, uint64_t before, quipu_error *err) {
    const quipu_import_options *o = &r->p->import.options;
    if (r->engine != NULL) /* asks by itself while it waits */
        return QUIPU_OK;
    uint64_t size = qi_source_size(r->source);
    if (o->progress != NULL &&
        o->progress(o->progress_user, before + qi_source_position(r->source), size))
        return qi_fail(err, QUIPU_E_STOPPED, "stopped");
    return QUIPU_OK;
}

/* A readme or picture inside an archive is no error. */
static bool may_skip(const char *member) {
    const char *dot = strrchr(member, '.');
    return strrchr(member, ':') != NULL && dot != NULL && strcasecmp(dot, ".csv") != 0 &&
           strcasecmp(dot, ".json") != 0 && strcasecmp(dot, ".tsv") != 0;
}

/* Begin the chunk again with room for more of the member. */
static quipu_status fill_more(reader *r, qi_chunk *chunk, bool whole, bool *end,
                              quipu_error *err) {
    size_t length = chunk->length + r->left_length;
    char *left = malloc(length + 1);
    if (left == NULL)
        return qi_fail_memory(err, length);
    memcpy(left, chunk->bytes, chunk->length);
    if (r->left_length > 0)
        memcpy(left + chunk->length, r->left, r->left_length);
    free(r->left);
    r->left = left;
    r->left_length = r->left_capacity = length;
    if (!grow_chunk(chunk, length * 4))
        return qi_fail_memory(err, length * 4);
    return fill(r, chunk, whole, end, err);
}

/* The first chunk of a member: what kind of file it is.  A head may be longer than a chunk, and
 * a JSON file is one chunk whatever its length. */
static quipu_status begin_member(reader *r, qi_chunk *chunk, bool *end, quipu_error *err) {
    qi_pipeline *p = r->p;
    quipu_status status = recognise(r, chunk, err);
    while (status == QUIPU_E_FORMAT && !*end && chunk->length < MAX_LINE / 4) {
        qi_error_clear(err);
        QI_TRY(fill_more(r, chunk, false, end, err));
        status = recognise(r, chunk, err);
    }
    if (status != QUIPU_OK && may_skip(p->members.items[r->member].name)) {
        status = QUIPU_OK;
        qi_error_clear(err);
    }
    r->whole = status == QUIPU_OK && p->members.items[r->member].schema->profile->whole;
    if (r->whole && !*end)
        status = fill_more(r, chunk, true, end, err);
    else if (!*end && chunk->length > 0 && chunk->bytes[chunk->length - 1] != '\n')
        status =
            qi_fail_at(err, QUIPU_E_FORMAT, p->members.items[r->member].name, 1, 1,
                       "a line of more than %d KiB: not a table of trade", CHUNK_BYTES >> 10);
    return status;
}

static quipu_status read_member(reader *r, quipu_error *err) {
    qi_pipeline *p = r->p;
    bool end = false;
    r->whole = false;
    while (!end) {
        qi_chunk *chunk = take_idle(p);
        quipu_status status = fill(r, chunk, r->whole, &end, err);
        bool first = r->first;
        if (status == QUIPU_OK && first)
            status = begin_member(r, chunk, &end, err);
        bool second = false;
        if (status == QUIPU_OK)
            status = cut_second_table(r, chunk, &second, err);
        r->first = false;
        pthread_mutex_lock(&p->lock);
        bool failing = p->failing;
        pthread_mutex_unlock(&p->lock);
        if (status != QUIPU_OK || failing) {
            give_back(p, chunk);
            return status;
        }
        if (chunk->length > 0 || first)
            QI_TRY(submit(r, chunk, err));
        else
            give_back(p, chunk);
        if (second) {
            QI_TRY(add_member(r, p->members.items[r->member].name, true, err));
            end = false;
        }
        QI_TRY(report_progress(r, p->bytes_in, err));
    }
    return QUIPU_OK;
}

/* --sheet and --range as they are written behind a name. */
static quipu_status name_place(qi_pipeline *p, const char **path, quipu_error *err) {
    const quipu_import_options *o = &p->import.options;
    size_t length = strlen(*path);
    if (o->sheet == NULL && o->range == NULL)
        return QUIPU_OK;
    if (o->range != NULL && !qi_is_range(o->range))
        return qi_fail(err, QUIPU_E_ARG,
                       "--range %.40s: expected two corners as in A5:F300, or A5:F down to the "
                       "last row",
                       o->range);
    if (o->sheet == NULL && strcasestr(*path, ".xlsx#") != NULL) {
        *path = qi_arena_printf(&p->arena, "%s!%s", *path, o->range);
        return *path != NULL ? QUIPU_OK : qi_fail_memory(err, length);
    }
    if (length < 5 || (strcasecmp(*path + length - 5, ".xlsx") != 0 &&
                       strcasecmp(*path + length - 5, ".xlsm") != 0))
        return qi_fail(err, QUIPU_E_ARG,
                       "--sheet and --range are for workbooks, and %s does not end in .xlsx",
                       *path);
    const char *place = qi_arena_printf(&p->arena, "%s#%s%s%s", *path, o->sheet ? o->sheet : "",
                                        o->range ? "!" : "", o->range ? o->range : "");
    if (place == NULL)
        return qi_fail_memory(err, length);
    *path = place;
    return QUIPU_OK;
}

static quipu_status add_input(qi_pipeline *p, char *text, quipu_error *err) {
    return text != NULL && QI_PUSH(&p->inputs, text) ? QUIPU_OK : qi_fail_memory(err, 64);
}

/* The rows stay open: what came with them appears when the cube does. */
static quipu_status read_engine(reader *r, const char *input, quipu_error *err) {
    qi_pipeline *p = r->p;
    QI_TRY(qi_engine_rows_open(input, &p->import.options, &p->engine, err));
    r->engine = p->engine;
    r->left_length = 0;
    quipu_status status = add_member(r, p->import.options.table, false, err);
    if (status == QUIPU_OK)
        status = read_member(r, err);
    if (status == QUIPU_OK)
        status = add_input(p, qi_arena_dup(&p->arena, qi_engine_rows_name(p->engine)), err);
    r->engine = NULL;
    return status;
}

static quipu_status read_input(reader *r, const char *path, quipu_error *err) {
    qi_pipeline *p = r->p;
    const char *name;
    quipu_status status;
    char digest[33];
    QI_TRY(name_place(p, &path, err));
    QI_TRY(qi_source_open(path, p->import.options.duckdb, &r->source, err));
    for (;;) {
        QI_GO(qi_source_next(r->source, &name, err));
        if (name == NULL)
            break;
        r->left_length = 0;
        QI_GO(add_member(r, name, false, err));
        QI_GO(read_member(r, err));
        if (p->failing)
            break;
    }
    QI_GO(qi_source_digest(r->source, digest, err));
    p->bytes_in += qi_source_position(r->source);
    const char *slash = strrchr(path, '/');
    char *input =
        qi_arena_printf(&p->arena, "%s xxh128:%s %llu bytes", slash != NULL ? slash + 1 : path,
                        digest, (unsigned long long)qi_source_position(r->source));
    status = add_input(p, input, err);
done:
    qi_source_close(r->source);
    r->source = NULL;
    return status;
}

/* ---- putting the results together ---- */

static quipu_status collect_result(qi_pipeline *p, qi_chunk_result *result, quipu_error *err) {
    qi_member *member = &p->members.items[result->member];
    if (member->continues) { /* the second table of a file: lines count on */
        member->lines = member[-1].lines;
        member->continues = false;
    }
    uint64_t first_line = member->lines + 1;
    member->lines += result->n_lines;
    if (result->status != QUIPU_OK) {
        if (err != NULL) {
            *err = p->error;
            if (err->file[0] == 0)
                snprintf(err->file, sizeof err->file, "%s", member->name);
            if (err->line != 0)
                err->line += first_line - 1;
        }
        return result->status;
    }
    for (size_t i = 0; i < result->n_nomenclatures; i++) {
        qi_nomenclature_seen seen = {.member = result->member,
                                     .line = first_line + result->nomenclature_line[i]};
        memcpy(seen.name, result->nomenclature[i], sizeof seen.name);
        if (!QI_PUSH(&p->nomenclatures, seen))
            return qi_fail_memory(err, sizeof seen);
    }
    if (!QI_ROOM(&p->tariffs, result->tariffs.n))
        return qi_fail_memory(err, result->tariffs.n * sizeof(qi_tariff_row));
    if (result->tariffs.n > 0)
        memcpy(p->tariffs.items + p->tariffs.n, result->tariffs.items,
               result->tariffs.n * sizeof(qi_tariff_row));
    p->tariffs.n += result->tariffs.n;
    for (size_t i = 0; i < result->rejects.n; i++)
        result->rejects.items[i].first_line = first_line;
    result->run.first_line = first_line;
    return QUIPU_OK;
}

/* Where the cells are, in memory or in segments, is settled. */
static quipu_status collect_runs(qi_pipeline *p, quipu_error *err) {
    QI_TRY(qi_batches_end(p, err));
    if (!QI_ROOM(&p->runs, p->results.n))
        return qi_fail_memory(err, p->results.n * sizeof *p->runs.items);
    for (size_t i = 0; i < p->results.n; i++)
        p->runs.items[p->runs.n++] = p->results.items[i]->run;
    return QUIPU_OK;
}

static void free_chunks(qi_pipeline *p) {
    while (p->idle.n > 0)
        free_chunk(p->idle.items[--p->idle.n]);
    while (p->ready.n > 0)
        free_chunk(p->ready.items[--p->ready.n]);
}

static quipu_status start_workers(qi_pipeline *p, pthread_t *threads, unsigned *started,
                                  quipu_error *err) {
    size_t n_chunks = 2 * (size_t)p->threads + 2;
    p->idle.items = calloc(n_chunks, sizeof *p->idle.items);
    p->ready.items = calloc(n_chunks, sizeof *p->ready.items);
    if (p->idle.items == NULL || p->ready.items == NULL)
        return qi_fail_memory(err, n_chunks * sizeof(qi_chunk *));
    for (size_t i = 0; i < n_chunks; i++) {
        qi_chunk *chunk = new_chunk(p);
        if (chunk == NULL)
            return qi_fail_memory(err, CHUNK_BYTES);
        p->idle.items[p->idle.n++] = chunk;
    }
    for (; *started < p->threads; ++*started)
        if (pthread_create(&threads[*started], NULL, work, p) != 0)
            break;
    return *started > 0 ? QUIPU_OK : qi_fail(err, QUIPU_E_LIMIT, "no thread can be started");
}

quipu_status qi_pipeline_run(qi_pipeline *p, const char *const *inputs, size_t n_inputs,
                             const char *cube_path, quipu_error *err) {
    pthread_t threads[256];
    unsigned started = 0;
    reader r = {.p = p};
    quipu_error read_error = {0};
    if (p->threads > QI_COUNT(threads))
        p->threads = QI_COUNT(threads);
    p->spill_near = strdup(cube_path);
    if (p->spill_near == NULL)
        return qi_fail_memory(err, strlen(cube_path));
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->changed, NULL);
    p->locks_made = true;
    quipu_status status = start_workers(p, threads, &started, &read_error);
    for (size_t i = 0; i < n_inputs && status == QUIPU_OK && !p->failing; i++)
        status = qi_is_engine(inputs[i]) ? read_engine(&r, inputs[i], &read_error)
                                         : read_input(&r, inputs[i], &read_error);
    pthread_mutex_lock(&p->lock);
    p->closed = true;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(r.left);
    free_chunks(p);
    /* What a chunk says comes before what the reader met later in the input. */
    for (size_t i = 0; i < p->results.n; i++)
        QI_TRY(collect_result(p, p->results.items[i], err));
    if (status != QUIPU_OK) {
        if (err != NULL)
            *err = read_error;
        return status;
    }
    QI_TRY(qi_firms_gathered(p, err));
    return collect_runs(p, err);
}

/* ---- rejects ---- */

static bool put_csv(qi_buffer *out, const char *text) {
    bool ok = qi_buffer_add(out, "\"", 1);
    for (; *text != 0 && ok; text++)
        ok = (*text != '"' || qi_buffer_add(out, "\"", 1)) && qi_buffer_add(out, text, 1);
    return ok && qi_buffer_add(out, "\"", 1);
}

quipu_status qi_pipeline_write_rejects(qi_pipeline *p, quipu_error *err) {
    if (p->import.options.rejects_path == NULL)
        return QUIPU_OK;
    qi_buffer text = {0};
    bool ok = qi_buffer_text(&text, "file,line,column,reason,text\n");
    for (size_t i = 0; i < p->results.n; i++) {
        const qi_chunk_result *result = p->results.items[i];
        for (size_t j = 0; j < result->rejects.n && ok; j++) {
            const qi_reject *reject = &result->rejects.items[j];
            ok = put_csv(&text, p->members.items[result->member].name) &&
                 qi_buffer_printf(&text, ",%llu,%u,",
                                  (unsigned long long)(reject->first_line + reject->line),
                                  reject->column) &&
                 put_csv(&text, reject->reason) && qi_buffer_text(&text, ",") &&
                 put_csv(&text, reject->text) && qi_buffer_text(&text, "\n");
        }
    }
    qi_out out;
    quipu_status status = ok ? qi_out_open(&out, p->import.options.rejects_path, err)
                             : qi_fail_memory(err, text.length);
    if (status == QUIPU_OK) {
        status = qi_out_write(&out, text.bytes, text.length, err);
        if (status == QUIPU_OK)
            status = qi_out_commit(&out, err);
        else
            qi_out_abandon(&out);
    }
    qi_buffer_free(&text);
    return status;
}

void qi_pipeline_free(qi_pipeline *p) {
    free_chunks(p);
    for (size_t i = 0; i < p->results.n; i++)
        free_result(p->results.items[i]);
    for (size_t i = 0; i < QI_COUNT(p->lists); i++)
        qi_codes_free(p->lists[i]);
    for (size_t i = 0; i < QI_COUNT(p->batches); i++)
        qi_batch_free(&p->batches[i]);
    for (size_t i = 0; i < p->segments.n; i++)
        free(p->segments.items[i].items);
    for (size_t i = 0; i < p->members.n; i++) {
        free(p->members.items[i].name);
        empty_schema(p->members.items[i].schema);
    }
    free(p->idle.items);
    free(p->ready.items);
    free(p->results.items);
    free(p->runs.items);
    free(p->segments.items);
    free(p->members.items);
    free(p->inputs.items);
    free(p->tariffs.items);
    free(p->nomenclatures.items);
    free(p->meta.items);
    if (p->spill >= 0)
        close(p->spill);
    if (p->locks_made) {
        pthread_mutex_destroy(&p->lock);
        pthread_cond_destroy(&p->changed);
    }
    free(p->spill_near);
    qi_firms_free(&p->firms);
    qi_engine_rows_close(p->engine);
    qi_arena_free(&p->arena);
    free(p);
}
