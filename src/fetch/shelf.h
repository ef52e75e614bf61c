/* SPDX-License-Identifier: Apache-2.0 */
/* shelf.h (private) - the folder answers are kept in, and its journal.
 *
 * An answer is written whole under its name and synced, then told in the journal, and the
 * journal is synced: what the journal tells is there.  Lines are only added; of two about one
 * answer the later counts; a last line that a kill cut in two is dropped.
 */
#ifndef QI_FETCH_SHELF_H
#define QI_FETCH_SHELF_H

#include "base/base.h"

typedef enum qi_outcome_kind {
    QI_ROWS,    /* the answer counts and lies in the folder */
    QI_DIVIDED, /* it may have been cut: its parts are asked for instead */
    QI_NONE     /* there is no such thing */
} qi_outcome_kind;

typedef struct qi_kept {
    const char *name;    /* of the file in answers/ */
    const char *target;  /* what was asked */
    const char *release; /* of the data, as far as known before asking; "" */
    qi_outcome_kind outcome;
    uint64_t rows, bytes;
    char sha256[65];
    char time[24];
} qi_kept;

typedef struct qi_shelf {
    char *folder;
    int journal; /* locked while open */
    qi_arena arena;
    QI_LIST(qi_kept) entries; /* by name, each once */
} qi_shelf;

/* `question` is the canonical text of request.json. */
quipu_status qi_shelf_open(qi_shelf *shelf, const char *folder, const char *question,
                           quipu_error *err);
void qi_shelf_close(qi_shelf *shelf);
/* What is told of a name; NULL = nothing. */
const qi_kept *qi_shelf_find(const qi_shelf *shelf, const char *name);
/* Is its file as it was told? */
bool qi_shelf_is_whole(const qi_shelf *shelf, const qi_kept *entry);
/* Tell of an answer; `bytes` are written first when the outcome is QI_ROWS, unless NULL: then
 * the file is there already.  Size, hash and time are filled in. */
quipu_status qi_shelf_add(qi_shelf *shelf, qi_kept entry, const char *bytes, size_t length,
                          quipu_error *err);
/* Remove the answers that nothing was made of. */
void qi_shelf_sweep(const qi_shelf *shelf, const char *const *used, size_t n);

/* FOLDER/answers/NAME, to be freed; NULL = no memory. */
char *qi_shelf_path(const char *folder, const char *name);
quipu_status qi_write_file(const char *path, const char *bytes, size_t length,
                           quipu_error *err);

#endif
