/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/base.h - what every other header leans on: status, error, money, options.
 *
 * Rules that hold for the whole library:
 *   1. A function that can fail returns quipu_status and, if `err` is not NULL, fills the
 *      caller's quipu_error.  On failure every out-pointer is NULL or zero and nothing is
 *      left allocated.
 *   2. The library never prints, exits, reads the environment, changes the locale or keeps
 *      mutable state outside the objects it hands out.
 *   3. Objects said to be immutable (an open cube, a nomenclature set) may be used by any
 *      number of threads at once.
 */
#ifndef QUIPU_BASE_H
#define QUIPU_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QUIPU_VERSION "0.1.0"

#if defined(__GNUC__)
#define QUIPU_API               __attribute__((visibility("default")))
#define QUIPU_MUST_CHECK        __attribute__((warn_unused_result))
#define QUIPU_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define QUIPU_API
#define QUIPU_MUST_CHECK
#define QUIPU_PRINTF(fmt, args)
#endif

/* Few codes, told apart by what the caller can do about them.  Numbers are pinned. */
#define QUIPU_STATUS_LIST(X)                                                                   \
    X(OK, 0, "fine")                                                                           \
    X(E_ARG, 1, "wrong use: an argument is not what the call takes")                           \
    X(E_NOT_FOUND, 2, "no such country, product, class, period or measure")                    \
    X(E_FORMAT, 3, "the bytes of a file are not what its format says")                         \
    X(E_DATA, 4, "the bytes are fine, what they say cannot be")                                \
    X(E_LIMIT, 5, "a stated limit was reached")                                                \
    X(E_IO, 6, "the operating system refused to read or write")                                \
    X(E_NOMEM, 7, "out of memory")                                                             \
    X(E_STOPPED, 8, "the caller asked to stop")                                                \
    X(E_BUG, 9, "a state that should not exist: please report it")

typedef enum quipu_status {
#define X(name, number, text) QUIPU_##name = (number),
    QUIPU_STATUS_LIST(X)
#undef X
} quipu_status;

QUIPU_API const char *quipu_status_text(quipu_status status);

/* What went wrong, owned by the caller.  `line` and `column` count from 1; 0 = not known.
 * `column` counts bytes.  `text` says what was found, what was expected, how to mend it. */
typedef struct quipu_error {
    quipu_status status;
    uint32_t column;
    uint64_t line;
    char file[256];
    char text[768];
} quipu_error;

/* Money is an exact count of thousandths of a current US dollar.  World trade of a year is
 * about 2.5e16 of them; int64 holds 9.2e18, and every sum is checked for overflow. */
typedef int64_t quipu_money;
#define QUIPU_MONEY_PER_USD 1000

/* Quantities and weights are thousandths of their unit; -1 stands for "not reported". */
typedef int64_t quipu_quantity;
#define QUIPU_QUANTITY_MISSING ((quipu_quantity)-1)

/* A period is a year (2011) or a month (201112). */
typedef int32_t quipu_period;

typedef enum quipu_flow {
    QUIPU_EXPORT = 0,
    QUIPU_IMPORT = 1,
    QUIPU_REEXPORT = 2,
    QUIPU_REIMPORT = 3,
    QUIPU_RECONCILED = 4, /* both sides' reports merged into one figure, as BACI does */
    QUIPU_N_FLOWS = 5
} quipu_flow;

/* "export", "import", "re-export", "re-import", "reconciled" */
QUIPU_API const char *quipu_flow_name(quipu_flow flow);
/* Also takes plurals and the codes of Comtrade (X, M, RX, RM, DX).  False: no such flow. */
QUIPU_API bool quipu_flow_parse(const char *text, size_t length, quipu_flow *out);

/* Polled during long work: return true to stop (the call then ends with E_STOPPED).
 * `done` and `total` are bytes; total is 0 when it cannot be known (a pipe). */
typedef bool (*quipu_progress)(void *user, uint64_t done, uint64_t total);

#ifdef __cplusplus
}
#endif
#endif
