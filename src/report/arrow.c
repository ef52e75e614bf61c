/* SPDX-License-Identifier: Apache-2.0 */
/* arrow.c - schemas, arrays and streams of the Arrow C data interface.
 *
 *   1. All that is handed out points into one quipu_arrow, and holds it: a reader may take the
 *      children of a struct away and let go of the rest.
 *   2. The structs of the children belong to their parent, what they point to does not.
 */
#include "report/arrow.h"

#include <errno.h>

static quipu_arrow *hold(quipu_arrow *arrow) {
    atomic_fetch_add_explicit(&arrow->holders, 1, memory_order_relaxed);
    return arrow;
}

static void let_go(quipu_arrow *arrow) {
    if (atomic_fetch_sub_explicit(&arrow->holders, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; arrow->columns != NULL && i < arrow->table.n_columns; i++) {
        free(arrow->columns[i].made[0]);
        free(arrow->columns[i].made[1]);
    }
    quipu_table_free(&arrow->table);
    qi_arena_free(&arrow->arena);
    free(arrow);
}

quipu_status quipu_arrow_open(quipu_table *table, quipu_arrow **out, quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    quipu_arrow *arrow = calloc(1, sizeof *arrow);
    if (arrow == NULL) {
        quipu_table_free(table);
        return qi_fail_memory(err, sizeof *arrow);
    }
    atomic_init(&arrow->holders, 1);
    arrow->table = *table;
    *table = (quipu_table){0};
    quipu_status status = qi_arrow_lay(arrow, err);
    if (status != QUIPU_OK)
        let_go(arrow);
    else
        *out = arrow;
    return status;
}

void quipu_arrow_close(quipu_arrow *arrow) {
    if (arrow != NULL)
        let_go(arrow);
}

const quipu_table *quipu_arrow_table(const quipu_arrow *arrow) {
    return &arrow->table;
}

/* ---- schema ---- */

static void release_schema(struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release != NULL)
            schema->children[i]->release(schema->children[i]);
    free(schema->children);
    let_go(schema->private_data);
    schema->release = NULL;
}

/* Pointers to `n` structs of `size` bytes that follow them. */
static void *new_children(size_t n, size_t size) {
    size_t pointers, bytes;
    if (!qi_mul_size(n + 1, sizeof(void *), &pointers) || !qi_mul_size(n, size, &bytes) ||
        !qi_add_size(bytes, pointers, &bytes))
        return NULL;
    char *room = calloc(1, bytes);
    for (size_t i = 0; room != NULL && i < n; i++)
        ((void **)room)[i] = room + pointers + i * size;
    return room;
}

static bool make_schema(quipu_arrow *arrow, struct ArrowSchema *out) {
    size_t n = arrow->table.n_columns;
    struct ArrowSchema **children = new_children(n, sizeof **children);
    if (children == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        *children[i] = (struct ArrowSchema){.format = arrow->columns[i].format,
                                            .name = arrow->table.columns[i].spec.name,
                                            .metadata = arrow->columns[i].metadata,
                                            .flags = ARROW_FLAG_NULLABLE,
                                            .release = release_schema,
                                            .private_data = hold(arrow)};
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .metadata = arrow->metadata,
                                .n_children = (int64_t)n,
                                .children = children,
                                .release = release_schema,
                                .private_data = hold(arrow)};
    return true;
}

/* ---- array ---- */

static void release_array(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release != NULL)
            array->children[i]->release(array->children[i]);
    free(array->children);
    let_go(array->private_data);
    array->release = NULL;
}

static bool make_array(quipu_arrow *arrow, struct ArrowArray *out) {
    static const void *no_presence[1];
    size_t n = arrow->table.n_columns;
    int64_t n_rows = (int64_t)arrow->table.n_rows;
    struct ArrowArray **children = new_children(n, sizeof **children);
    if (children == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        *children[i] = (struct ArrowArray){.length = n_rows,
                                           .null_count = arrow->columns[i].missing,
                                           .n_buffers = arrow->columns[i].n_buffers,
                                           .buffers = arrow->columns[i].buffers,
                                           .release = release_array,
                                           .private_data = hold(arrow)};
    *out = (struct ArrowArray){.length = n_rows,
                               .n_buffers = 1,
                               .n_children = (int64_t)n,
                               .buffers = no_presence,
                               .children = children,
                               .release = release_array,
                               .private_data = hold(arrow)};
    return true;
}

quipu_status quipu_arrow_export(quipu_arrow *arrow, struct ArrowSchema *schema,
                                struct ArrowArray *array, quipu_error *err) {
    qi_error_clear(err);
    *array = (struct ArrowArray){0};
    *schema = (struct ArrowSchema){0};
    if (!make_schema(arrow, schema))
        return qi_fail_memory(err, 0);
    if (make_array(arrow, array))
        return QUIPU_OK;
    schema->release(schema);
    return qi_fail_memory(err, 0);
}

/* ---- stream ---- */

typedef struct stream {
    quipu_arrow *arrow;
    bool given;
    const char *error;
} stream;

static int fail(stream *s) {
    s->error = "out of memory";
    return ENOMEM;
}

static int get_schema(struct ArrowArrayStream *from, struct ArrowSchema *out) {
    stream *s = from->private_data;
    return make_schema(s->arrow, out) ? 0 : fail(s);
}

static int get_next(struct ArrowArrayStream *from, struct ArrowArray *out) {
    stream *s = from->private_data;
    if (s->given) {
        *out = (struct ArrowArray){0};
        return 0;
    }
    s->given = make_array(s->arrow, out);
    return s->given ? 0 : fail(s);
}

static const char *get_last_error(struct ArrowArrayStream *from) {
    return ((stream *)from->private_data)->error;
}

static void release_stream(struct ArrowArrayStream *from) {
    let_go(((stream *)from->private_data)->arrow);
    free(from->private_data);
    from->release = NULL;
}

quipu_status quipu_arrow_stream(quipu_arrow *arrow, struct ArrowArrayStream *out,
                                quipu_error *err) {
    qi_error_clear(err);
    *out = (struct ArrowArrayStream){0};
    stream *s = calloc(1, sizeof *s);
    if (s == NULL)
        return qi_fail_memory(err, sizeof *s);
    s->arrow = hold(arrow);
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release_stream,
                                     .private_data = s};
    return QUIPU_OK;
}
