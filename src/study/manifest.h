/* SPDX-License-Identifier: Apache-2.0 */
/* manifest.h (private) - inputs, versions and command of a bundle, and their id. */
#ifndef QI_STUDY_MANIFEST_H
#define QI_STUDY_MANIFEST_H

#include "study/answer.h"

typedef struct qi_manifest {
    const char *text; /* of manifest.json */
    char id[65];      /* its SHA-256 */
} qi_manifest;

quipu_status qi_manifest_make(const qi_answers *answers, const char *command, qi_arena *arena,
                              qi_manifest *out, quipu_error *err);

#endif
