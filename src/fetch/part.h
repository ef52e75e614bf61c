/* SPDX-License-Identifier: Apache-2.0 */
/* part.h (private) - an archive that grows over several tries.
 *
 * FILE.part holds the bytes so far, FILE.part.tag what the office calls this state of the
 * file (ETag or Last-Modified).  A try asks for the rest of the same state; an office that
 * has another, or cannot give a rest, sends the whole again.
 */
#ifndef QI_FETCH_PART_H
#define QI_FETCH_PART_H

#include "base/base.h"

typedef struct qi_growing {
    int fd;
    char *file, *path, *tag_path;
    uint64_t offset; /* asked for from here */
    uint64_t length; /* of the file now */
    char tag[200];   /* "" = unknown: no rest can be asked for */
} qi_growing;

quipu_status qi_growing_open(qi_growing *part, const char *file, quipu_error *err);
void qi_growing_close(qi_growing *part); /* what is there stays; a zeroed one is fine */
/* The answer begins: a rest that begins at `offset`, or (rest = false) the whole with this
 * tag.  False: not the rest that was asked for, or the disk refused. */
bool qi_growing_begin(qi_growing *part, bool rest, uint64_t from, const char *tag);
bool qi_growing_write(qi_growing *part, const char *bytes, size_t length);
/* Forget what is there. */
bool qi_growing_restart(qi_growing *part);
/* The file appears under its name. */
quipu_status qi_growing_finish(qi_growing *part, quipu_error *err);

/* "bytes 100-199/200": where it begins. */
bool qi_content_range(const char *text, uint64_t *from);

#endif
