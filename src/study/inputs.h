/* SPDX-License-Identifier: Apache-2.0 */
/* inputs.h (private) - what stands behind the names of a study's inputs. */
#ifndef QI_STUDY_INPUTS_H
#define QI_STUDY_INPUTS_H

#include "study/study.h"

typedef struct qi_file {
    const char *path;  /* to be opened */
    const char *shown; /* as the study or the command names it: for the manifest */
    char sha256[65];
    uint64_t bytes;
} qi_file;

typedef struct qi_input {
    const qi_input_spec *spec;
    bool there;
    quipu_cube *cube;
    quipu_register *reg;
    const char *cube_name; /* of the cube in the bundle, "peru.quipu"; NULL = not made here */
    qi_file *files;
    size_t n_files;
    uint64_t read, accepted, set_aside, rejected; /* of an import */
} qi_input;

typedef struct qi_inputs {
    qi_input *items;
    size_t n;
    qi_arena arena;
} qi_inputs;

/* Opens all inputs; cubes are made in `scratch`.  An input that is not there is an error
 * unless it is optional. */
quipu_status qi_inputs_open(const qi_study *study, const quipu_nomen *nomen,
                            const quipu_study_options *options, const char *scratch,
                            qi_inputs *out, quipu_error *err);
void qi_inputs_close(qi_inputs *inputs);
/* The paths alone, nothing opened. */
quipu_status qi_inputs_list(const qi_study *study, const quipu_study_options *options,
                            qi_inputs *out, quipu_error *err);
/* NULL when there is none of that name. */
qi_input *qi_inputs_find(const qi_inputs *inputs, const char *name);

#endif
