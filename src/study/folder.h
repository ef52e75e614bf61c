/* SPDX-License-Identifier: Apache-2.0 */
/* folder.h (private) - a folder that appears whole or not at all.
 *
 * Files are written into a folder beside it with a name of its own; at the end the two change
 * places in one step, and the old one is removed.  What a killed writer left beside it goes
 * with the next one: the name tells whose it was. */
#ifndef QI_STUDY_FOLDER_H
#define QI_STUDY_FOLDER_H

#include "base/base.h"

#include <stdio.h>

#define QI_FOLDER_MARK "manifest.json" /* what tells an earlier bundle from other folders */

typedef struct qi_folder {
    char *path;  /* where it will be */
    char *aside; /* where it is until then; NULL = committed or given up */
} qi_folder;

/* E_ARG: there is a folder that is neither empty nor an earlier bundle, or a file. */
quipu_status qi_folder_open(qi_folder *folder, const char *path, quipu_error *err);
quipu_status qi_folder_make(const qi_folder *folder, const char *name, quipu_error *err);
/* A file in it; nothing is synced before the folder is, in one go. */
typedef struct qi_folder_file {
    FILE *file;
    const char *name;
} qi_folder_file;
quipu_status qi_folder_create(const qi_folder *folder, const char *name, qi_folder_file *out,
                              quipu_error *err);
bool qi_folder_sink(void *file, const char *bytes, size_t length); /* a quipu_sink */
/* Whether `status` is good or not; gives the first failure. */
quipu_status qi_folder_close(qi_folder_file *file, quipu_status status, quipu_error *err);
quipu_status qi_folder_commit(qi_folder *folder, quipu_error *err);
void qi_folder_abandon(qi_folder *folder);

#endif
