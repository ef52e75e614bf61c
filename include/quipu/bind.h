/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/bind.h - the library as other languages call it: opaque objects, words and numbers.
 *
 * No struct crosses that may grow, so a binding need not know how one lies in memory, and what
 * is added to the catalogue is there for it without a change.  Whatever is asked for is a task:
 *
 *   a measure of the catalogue by its name, of what it needs, with its arguments;
 *   "list"     what: measures, parameters, columns, statuses, profiles, or what quipu_nomen_list
 *              knows; filter
 *   "cube"     of a cube; what: about, countries, products, slabs
 *   "import"   input (one or more), output, and the options of quipu_import by name
 *   "append"   the same, to the cube that is there
 *   "convert"  cube, to, output, method
 *   "verify"   cube
 *
 * A task runs in a thread of its own, so that whoever waits may look up now and then: for an
 * interrupt, say.  Its result is a table, given away by Arrow.
 */
#ifndef QUIPU_BIND_H
#define QUIPU_BIND_H

#include "quipu/arrow.h"
#include "quipu/catalog.h"

#ifdef __cplusplus
extern "C" {
#endif

/* QUIPU_VERSION of the library that is loaded. */
QUIPU_API const char *quipu_version(void);

typedef struct quipu_task quipu_task;

/* E_NOT_FOUND: nothing is called `verb`; the nearest names are proposed.  `nomen` outlives it. */
QUIPU_API quipu_status quipu_task_open(const quipu_nomen *nomen, const char *verb,
                                       quipu_task **out, quipu_error *err) QUIPU_MUST_CHECK;
/* Stops it, if it runs, and waits for its end; NULL is fine. */
QUIPU_API void quipu_task_close(quipu_task *task);

/* What it is asked of; it must outlive the task. */
QUIPU_API void quipu_task_of_cube(quipu_task *task, const quipu_cube *cube);
QUIPU_API void quipu_task_of_register(quipu_task *task, const quipu_register *invested);
/* The path of a table of observations, for measures that take one instead of a cube. */
QUIPU_API quipu_status quipu_task_of_table(quipu_task *task, const char *path,
                                           quipu_error *err) QUIPU_MUST_CHECK;
/* May be given several times, where that means something.  Both texts are copied. */
QUIPU_API quipu_status quipu_task_add(quipu_task *task, const char *name, const char *value,
                                      quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_task_threads(quipu_task *task, unsigned threads); /* 0 = all cores */
QUIPU_API void quipu_task_cache(quipu_task *task, quipu_cache *cache);

/* Once only; nothing may be changed from here on. */
QUIPU_API quipu_status quipu_task_start(quipu_task *task, quipu_error *err) QUIPU_MUST_CHECK;
/* True once it is done; false when the time ran out first. */
QUIPU_API bool quipu_task_wait(quipu_task *task, unsigned milliseconds);
/* From any thread: a task that runs ends soon, with E_STOPPED. */
QUIPU_API void quipu_task_stop(quipu_task *task);
/* Waits for the end.  The table is the caller's, and is given once.  What was wrong, as the
 * task's own call would say. */
QUIPU_API quipu_status quipu_task_result(quipu_task *task, quipu_arrow **out,
                                         quipu_error *err) QUIPU_MUST_CHECK;

/* The table in a format of quipu_formats, by name; E_NOT_FOUND: no such format.  The bytes are
 * followed by a 0 that `length` does not count. */
QUIPU_API quipu_status quipu_arrow_write(const quipu_arrow *arrow, const char *format,
                                         char **out, size_t *length,
                                         quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_bytes_free(char *bytes); /* NULL is fine */

#ifdef __cplusplus
}
#endif
#endif
