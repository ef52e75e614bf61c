/* SPDX-License-Identifier: Apache-2.0 */
/* answer.h (private) - an answer of the UN Comtrade API, read row by row without a tree:
 *
 *   {"elapsedTime": "0.1 secs", "count": 2, "data": [{"period": "2011", ...}, ...], "error": ""}
 *
 * An answer of 100 000 rows is some 100 MB; as a tree it would be a gigabyte.  Rows are flat
 * objects; what is nested in one is checked and skipped.
 */
#ifndef QI_IMPORT_ANSWER_H
#define QI_IMPORT_ANSWER_H

#include "base/base.h"

typedef struct qi_answer_pair {
    const char *key, *value; /* without quotes and escapes; "" for null and what is nested */
    size_t key_length, value_length;
    const char *at; /* of the value, in the bytes */
} qi_answer_pair;

#define QI_ANSWER_PAIRS 128 /* of a row; Comtrade has 47 */

typedef struct qi_answer {
    const char *begin, *at, *end;
    const char *seen;       /* lines are counted up to here */
    const char *line_begin; /* of the line `seen` stands in */
    uint32_t line;          /* its number, from 0 */
    bool in_rows, any_row, has_data;
    int64_t count;   /* as it says itself; -1 = it does not */
    char error[200]; /* as it says itself; "" = none */
    qi_arena texts;  /* of the row at hand, where escapes had to be undone */
    qi_answer_pair pair[QI_ANSWER_PAIRS];
    size_t n_pairs;
} qi_answer;

/* The bytes are borrowed until qi_answer_close. */
void qi_answer_open(qi_answer *answer, const char *bytes, size_t length);
void qi_answer_close(qi_answer *answer);
/* The next row into `pair`; *more is false after the last, when the whole answer has been
 * seen: only then are `count` and `error` known.  E_FORMAT names line and column. */
quipu_status qi_answer_row(qi_answer *answer, bool *more, quipu_error *err);
/* The line of a place in the bytes that is not before the last one asked for, from 0. */
uint32_t qi_answer_line(qi_answer *answer, const char *at);

/* Does a text begin as such an answer does? */
bool qi_answer_is_one(const char *text, size_t length);

#endif
