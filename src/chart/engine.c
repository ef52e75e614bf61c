/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c - ECharts in Duktape: an option goes in as text, an SVG comes out as text.
 *
 * One heap holds the library; drawing leaves nothing in it that the next drawing could see
 * (see charts/runtime.js).  The heap has a ceiling, and after a deadline it gives no more
 * memory, which ends any script that works on data: an option from elsewhere can neither fill
 * the machine nor hold it.  A heap that met one of the two is thrown away.
 */
#include "chart/chart.h"

#include <duktape.h>
#include <time.h>

enum {
    MOST_OPTION = 16 << 20, /* bytes of an option */
    MOST_SECONDS = 20       /* for one drawing */
};
static const size_t MOST_HEAP = (size_t)768 << 20;
static const size_t ROOM_FOR_WASTE = (size_t)24 << 20;

typedef struct block {
    size_t size;
    size_t unused; /* what follows stays 16-aligned */
} block;

struct quipu_chart_engine {
    duk_context *duk;
    bool with_map;
    size_t used, most_used, ceiling;
    size_t loaded; /* bytes in use before anything is drawn */
    unsigned calls;
    double deadline; /* seconds on the monotonic clock; 0 = none */
    bool late, full;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- memory of the heap ---- */

static bool may_grow(quipu_chart_engine *engine, size_t more) {
    if (engine->deadline > 0 && (++engine->calls & 1023) == 0 && now() > engine->deadline)
        engine->late = true;
    if (engine->late)
        return false;
    if (more > engine->ceiling || engine->used > engine->ceiling - more) {
        engine->full = true;
        return false;
    }
    return true;
}

static void count(quipu_chart_engine *engine, size_t add, size_t less) {
    engine->used = engine->used + add - less;
    if (engine->used > engine->most_used)
        engine->most_used = engine->used;
}

static void *heap_alloc(void *user, duk_size_t size) {
    quipu_chart_engine *engine = user;
    block *b = size > 0 && may_grow(engine, size) ? malloc(size + sizeof *b) : NULL;
    if (b == NULL)
        return NULL;
    b->size = size;
    count(engine, size, 0);
    return b + 1;
}

static void heap_free(void *user, void *room) {
    if (room == NULL)
        return;
    block *b = (block *)room - 1;
    count(user, 0, b->size);
    free(b);
}

static void *heap_realloc(void *user, void *room, duk_size_t size) {
    quipu_chart_engine *engine = user;
    if (room == NULL)
        return heap_alloc(user, size);
    if (size == 0) {
        heap_free(user, room);
        return NULL;
    }
    block *b = (block *)room - 1;
    size_t before = b->size;
    if (size > before && !may_grow(engine, size - before))
        return NULL;
    b = realloc(b, size + sizeof *b);
    if (b == NULL)
        return NULL;
    b->size = size;
    count(engine, size, before);
    return b + 1;
}

/* ---- running ---- */

typedef struct call {
    const char *script; /* to run, or */
    const char *option; /* to draw */
    size_t length;
} call;

/* Under duk_safe_call: whatever is thrown ends here as a text on the stack. */
static duk_ret_t protected_call(duk_context *duk, void *user) {
    const call *c = user;
    if (c->script != NULL) {
        duk_compile_lstring(duk, DUK_COMPILE_NORESULT, c->script, c->length);
        duk_call(duk, 0);
        return 0;
    }
    duk_get_global_string(duk, "quipuCharts");
    duk_get_prop_string(duk, -1, "svg");
    duk_push_lstring(duk, c->option, c->length);
    duk_call(duk, 1);
    duk_require_string(duk, -1);
    return 1;
}

static void engine_stop(quipu_chart_engine *engine) {
    engine->deadline = 0;
    engine->late = engine->full = false;
    if (engine->duk != NULL)
        duk_destroy_heap(engine->duk);
    engine->duk = NULL;
    engine->with_map = false;
}

/* On success one value is on the stack. */
static quipu_status run(quipu_chart_engine *engine, call *c, quipu_error *err) {
    engine->deadline = now() + MOST_SECONDS;
    duk_int_t result = duk_safe_call(engine->duk, protected_call, c, 0, 1);
    engine->deadline = 0;
    if (result == DUK_EXEC_SUCCESS && !engine->late && !engine->full)
        return QUIPU_OK;
    quipu_status status;
    if (engine->late)
        status =
            qi_fail(err, QUIPU_E_LIMIT, "the figure is not drawn after %d s: too much in it",
                    (int)MOST_SECONDS);
    else if (engine->full)
        status =
            qi_fail(err, QUIPU_E_LIMIT, "the figure needs more than %zu MB: too much in it",
                    engine->ceiling >> 20);
    else
        status =
            qi_fail(err, c->script != NULL ? QUIPU_E_BUG : QUIPU_E_DATA,
                    "the figure cannot be drawn: %.400s", duk_safe_to_string(engine->duk, -1));
    engine_stop(engine);
    return status;
}

static quipu_status load(quipu_chart_engine *engine, qi_chart_part part, quipu_error *err) {
    char *text;
    size_t length;
    QI_TRY(qi_chart_script(part, &text, &length, err));
    call c = {.script = text, .length = length};
    quipu_status status = run(engine, &c, err);
    free(text);
    if (status == QUIPU_OK)
        duk_pop(engine->duk);
    return status;
}

static quipu_status engine_start(quipu_chart_engine *engine, quipu_error *err) {
    engine->duk = duk_create_heap(heap_alloc, heap_realloc, heap_free, engine, NULL);
    if (engine->duk == NULL)
        return qi_fail_memory(err, (size_t)1 << 20);
    QI_TRY(load(engine, QI_CHART_CHARTS, err));
    engine->loaded = engine->used;
    return QUIPU_OK;
}

quipu_status quipu_chart_engine_open(quipu_chart_engine **out, quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    quipu_chart_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return qi_fail_memory(err, sizeof *engine);
    engine->ceiling = MOST_HEAP;
    quipu_status status = engine_start(engine, err);
    if (status != QUIPU_OK) {
        quipu_chart_engine_close(engine);
        return status;
    }
    *out = engine;
    return QUIPU_OK;
}

void quipu_chart_engine_close(quipu_chart_engine *engine) {
    if (engine == NULL)
        return;
    engine_stop(engine);
    free(engine);
}

size_t qi_chart_engine_peak(const quipu_chart_engine *engine) {
    return engine->most_used;
}

void qi_chart_engine_ceiling(quipu_chart_engine *engine, size_t bytes) {
    engine->ceiling = bytes;
}

quipu_status qi_chart_svg(quipu_chart_engine *engine, const char *option, size_t length,
                          bool with_map, qi_buffer *out, quipu_error *err) {
    if (length > MOST_OPTION)
        return qi_fail(err, QUIPU_E_LIMIT, "a figure's option may have %d MB, this has %zu",
                       (int)(MOST_OPTION >> 20), length >> 20);
    if (engine->duk == NULL)
        QI_TRY(engine_start(engine, err));
    if (with_map && !engine->with_map) {
        QI_TRY(load(engine, QI_CHART_WORLD, err));
        engine->with_map = true;
    }
    call c = {.option = option, .length = length};
    QI_TRY(run(engine, &c, err));
    size_t n;
    const char *svg = duk_get_lstring(engine->duk, -1, &n);
    bool ok = svg != NULL && qi_buffer_add(out, svg, n);
    duk_pop(engine->duk);
    /* A drawing leaves rings of objects; collected now and then, a long study stays small. */
    if (engine->used > engine->loaded + ROOM_FOR_WASTE)
        duk_gc(engine->duk, 0);
    return ok ? QUIPU_OK : qi_fail_memory(err, n);
}
