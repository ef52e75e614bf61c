/* SPDX-License-Identifier: Apache-2.0 */
/* panel_read.c - a CSV table of the user's as a panel, of any size.
 *
 * The rules are those of io/grid.h (header row; comma, semicolon or tab; # begins a comment; a
 * quoted field ends on its line), but only the columns wanted are kept, and they are kept as
 * numbers and as labels, never as text.  The file is read in rounds of blocks that end with a
 * line; the blocks of a round are read side by side (panel_block.c) and joined in order, so
 * that labels are numbered by first appearance whatever the threads.
 */
#include "gravity/panel_block.h"
#include "io/io.h"

enum { BLOCK = 1 << 20, MOST_LINE = 1 << 20, MOST_COLUMNS = 4096 };

struct qi_panel_file {
    qi_arena arena;
    qi_source *source;
    const char *path;
    char separator;
    size_t n_names;
    const char **names;
    uint8_t *want; /* QI_WANT_NUMBER | QI_WANT_LABEL */
    uint64_t line; /* lines taken so far */
    char *bytes;   /* what is read and not taken yet */
    size_t length, capacity;
    bool ended;
};

static quipu_status fill(qi_panel_file *f, size_t want, quipu_error *err) {
    if (f->capacity < want + 1) {
        char *bytes = realloc(f->bytes, want + 1);
        if (bytes == NULL)
            return qi_fail_memory(err, want + 1);
        f->bytes = bytes;
        f->capacity = want + 1;
    }
    while (!f->ended && f->length < want) {
        size_t got;
        QI_TRY(qi_source_read(f->source, f->bytes + f->length, want - f->length, &got, err));
        f->ended = got == 0;
        f->length += got;
    }
    return QUIPU_OK;
}

static void drop_front(qi_panel_file *f, size_t n) {
    f->length -= n;
    memmove(f->bytes, f->bytes + n, f->length);
}

/* ---- the header ---- */

static char separator_of(const char *line, size_t length) {
    return memchr(line, ',', length) != NULL    ? ','
           : memchr(line, ';', length) != NULL  ? ';'
           : memchr(line, '\t', length) != NULL ? '\t'
                                                : ',';
}

static quipu_status name_columns(qi_panel_file *f, char *line, size_t length,
                                 quipu_error *err) {
    qi_csv_field fields[MOST_COLUMNS];
    qi_csv_trouble trouble;
    ptrdiff_t n = qi_csv_split(line, length, f->separator, fields, MOST_COLUMNS, &trouble);
    if (n < 0)
        return qi_fail_at(err, QUIPU_E_FORMAT, f->path, f->line, trouble.column, "%s",
                          trouble.text);
    f->names = qi_arena_alloc(&f->arena, (size_t)n * sizeof *f->names);
    f->want = qi_arena_alloc(&f->arena, (size_t)n);
    if (f->names == NULL || f->want == NULL)
        return qi_fail_memory(err, (size_t)n);
    for (ptrdiff_t i = 0; i < n; i++) {
        const char *name = qi_arena_text(&f->arena, fields[i].text, fields[i].length);
        if (name == NULL)
            return qi_fail_memory(err, fields[i].length);
        for (size_t j = 0; j < (size_t)i; j++)
            if (strcmp(name, f->names[j]) == 0)
                return qi_fail_at(err, QUIPU_E_FORMAT, f->path, f->line, fields[i].column,
                                  "two columns are called \"%.60s\"", name);
        if (name[0] == '\0')
            return qi_fail_at(err, QUIPU_E_FORMAT, f->path, f->line, fields[i].column,
                              "column %td has no name in the header", i + 1);
        f->names[i] = name;
    }
    f->n_names = (size_t)n;
    return QUIPU_OK;
}

static quipu_status read_header(qi_panel_file *f, quipu_error *err) {
    QI_TRY(fill(f, MOST_LINE, err));
    if (f->length >= 3 && memcmp(f->bytes, "\xEF\xBB\xBF", 3) == 0)
        drop_front(f, 3);
    for (;;) {
        char *feed = memchr(f->bytes, '\n', f->length);
        size_t line = feed != NULL ? (size_t)(feed - f->bytes) : f->length;
        size_t taken = line + (feed != NULL);
        if (f->length == 0)
            return qi_fail_at(err, QUIPU_E_FORMAT, f->path, 1, 1,
                              "the table is empty: a header line is expected");
        f->line++;
        if (line > 0 && f->bytes[line - 1] == '\r')
            line--;
        if (line > 0 && f->bytes[0] != '#') {
            f->separator = separator_of(f->bytes, line);
            QI_TRY(name_columns(f, f->bytes, line, err));
            drop_front(f, taken);
            return QUIPU_OK;
        }
        drop_front(f, taken);
        QI_TRY(fill(f, MOST_LINE, err));
    }
}

quipu_status qi_panel_open(const char *path, qi_panel_file **out, quipu_error *err) {
    qi_panel_file *f = calloc(1, sizeof *f);
    const char *member;
    quipu_status status = QUIPU_OK;
    *out = NULL;
    if (f == NULL)
        return qi_fail_memory(err, sizeof *f);
    f->path = qi_arena_dup(&f->arena, path);
    if (f->path == NULL) {
        status = qi_fail_memory(err, strlen(path));
        goto done;
    }
    QI_GO(qi_source_open(path, NULL, &f->source, err));
    QI_GO(qi_source_next(f->source, &member, err));
    if (member == NULL)
        status = qi_fail_at(err, QUIPU_E_FORMAT, path, 0, 0, "there is no table in it");
    if (status == QUIPU_OK)
        status = read_header(f, err);
done:
    if (status != QUIPU_OK)
        qi_panel_close(f);
    else
        *out = f;
    return status;
}

void qi_panel_close(qi_panel_file *f) {
    if (f == NULL)
        return;
    qi_source_close(f->source);
    free(f->bytes);
    qi_arena_free(&f->arena);
    free(f);
}

size_t qi_panel_file_columns(const qi_panel_file *f, const char *const **names) {
    *names = f->names;
    return f->n_names;
}

void qi_panel_want(qi_panel_file *f, size_t column, bool number, bool label) {
    f->want[column] |= (uint8_t)((number ? QI_WANT_NUMBER : 0) | (label ? QI_WANT_LABEL : 0));
}

/* ---- rounds ---- */

typedef struct round {
    qi_panel_file *file;
    qi_panel_block *blocks;
    size_t n, most;
} round_of_blocks;

static quipu_status read_block(void *user, size_t task, unsigned worker, quipu_error *err) {
    round_of_blocks *r = user;
    QI_UNUSED(worker);
    return qi_panel_block_read(&r->blocks[task], err);
}

/* Cuts what is in memory into blocks that end with a line; returns how much that is. */
static quipu_status cut(round_of_blocks *r, size_t *taken, quipu_error *err) {
    qi_panel_file *f = r->file;
    size_t at = 0;
    for (r->n = 0; r->n < r->most && at < f->length;) {
        size_t end = at + BLOCK < f->length ? at + BLOCK : f->length;
        if (!f->ended || end < f->length) {
            while (end > at && f->bytes[end - 1] != '\n')
                end--;
            if (end == at && r->n > 0)
                break; /* with the next round */
            if (end == at)
                return qi_fail_at(err, QUIPU_E_FORMAT, f->path, f->line + 1, 0,
                                  "a line of more than %d bytes", BLOCK);
        }
        qi_panel_block *b = &r->blocks[r->n++];
        b->bytes = f->bytes + at;
        b->length = end - at;
        at = end;
    }
    *taken = at;
    return QUIPU_OK;
}

static quipu_status read_rounds(round_of_blocks *r, const qi_panel_read_options *o,
                                qi_panel_join *join, quipu_error *err) {
    qi_panel_file *f = r->file;
    for (;;) {
        size_t taken = 0;
        QI_TRY(fill(f, r->most * BLOCK, err));
        if (f->length == 0)
            return QUIPU_OK;
        QI_TRY(cut(r, &taken, err));
        QI_TRY(qi_run_tasks(o->threads, r->n, read_block, r, err));
        for (size_t b = 0; b < r->n; b++)
            QI_TRY(qi_panel_join_block(join, &r->blocks[b], &f->line, err));
        drop_front(f, taken);
        if (o->stop != NULL && o->stop(o->stop_user, join->panel->n, 0))
            return qi_fail(err, QUIPU_E_STOPPED, "stopped");
    }
}

quipu_status qi_panel_read(qi_panel_file *f, const qi_panel_read_options *o, qi_panel *out,
                           quipu_error *err) {
    qi_panel_shape shape = {.n_names = f->n_names, .want = f->want, .separator = f->separator};
    qi_panel_join join = {.panel = out, .shape = &shape};
    unsigned threads = o->threads > 0 ? o->threads : qi_cpu_count();
    round_of_blocks r = {.file = f, .most = (threads > 16 ? 16 : threads) * 2};
    quipu_status status = QUIPU_OK;
    qi_panel_start(out, NULL);
    out->file = qi_arena_dup(&out->arena, f->path);
    r.blocks = calloc(r.most, sizeof *r.blocks);
    if (r.blocks == NULL || out->file == NULL) {
        status = qi_fail_memory(err, r.most * sizeof *r.blocks);
        goto done;
    }
    for (size_t b = 0; b < r.most; b++)
        QI_GO(qi_panel_block_open(&r.blocks[b], &shape, err));
    for (size_t c = 0; c < f->n_names; c++) /* labels of numbers are made when asked for */
        if ((f->want[c] & QI_WANT_NUMBER) != 0)
            f->want[c] = QI_WANT_NUMBER;
    QI_GO(qi_panel_join_open(&join, f->names, err));
    QI_GO(read_rounds(&r, o, &join, err));
    QI_GO(qi_panel_join_end(&join, err));
done:
    for (size_t b = 0; r.blocks != NULL && b < r.most; b++)
        qi_panel_block_close(&r.blocks[b]);
    free(r.blocks);
    qi_panel_join_close(&join);
    if (status != QUIPU_OK)
        qi_panel_free(out);
    return status;
}
