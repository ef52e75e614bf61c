/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/study.h - a country study written down once, and everything that is made of it.
 *
 * A study file (YAML) names its inputs and lists sections of text, tables, figures, facts and
 * hypotheses.  Building it gives a bundle: a folder with the page, the workbook, the LaTeX and
 * markdown documents, every table as CSV, JSON and SDMX-CSV with metadata, every figure as SVG,
 * PDF and PNG, the comparison with the printed figures, a manifest whose id stands in every
 * output, and a citation.  Same inputs, same bytes.  The language: docs/study.md.
 */
#ifndef QUIPU_STUDY_H
#define QUIPU_STUDY_H

#include "quipu/nomen.h"
#include "quipu/report.h"
#include "quipu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Another place for an input of the study file: `--input trade=/data/baci.quipu`. */
typedef struct quipu_study_input {
    const char *name;
    const char *path; /* relative to the current folder, not to the study file */
} quipu_study_input;

typedef struct quipu_study_options {
    const quipu_study_input *inputs; /* instead of what the file says */
    size_t n_inputs;
    unsigned threads;    /* 0 = all cores; results never depend on it */
    const char *block;   /* check: the block of this name only; NULL = all */
    const char *command; /* as typed, for the manifest; NULL = not said */
} quipu_study_options;

/* What a build did, for people and scripts. */
typedef struct quipu_study_result {
    char manifest[65]; /* SHA-256 of the manifest: the id of the bundle */
    size_t tables, figures, files;
    size_t compared, equal, near, differ; /* printed cells with a figure of ours beside them */
    size_t unanswered;                    /* printed cells without */
    quipu_table skipped; /* tables and figures not made, each with what it would need */
} quipu_study_result;
QUIPU_API void quipu_study_result_free(quipu_study_result *result);

/* Build the study into `folder`, which appears whole or not at all: an earlier bundle there is
 * replaced, any other folder that is not empty is refused.  Errors name the study file (or the
 * table behind it), line and column, and the nearest key. */
QUIPU_API quipu_status quipu_study_build(const char *path, const quipu_nomen *nomen,
                                         const char *folder, const quipu_study_options *options,
                                         quipu_study_result *result,
                                         quipu_error *err) QUIPU_MUST_CHECK;

/* Compare with the reference tables of the study only: a row for each printed cell with ours,
 * printed, difference, verdict ("equal", "near", "differs", "no figure") and probable cause.
 * `scratch` is a folder for cubes made on the way; the caller removes it. */
QUIPU_API quipu_status quipu_study_check(const char *path, const quipu_nomen *nomen,
                                         const char *scratch,
                                         const quipu_study_options *options, quipu_table *out,
                                         quipu_study_result *result,
                                         quipu_error *err) QUIPU_MUST_CHECK;

/* The files a build reads, the study file first: what --watch watches.  Works for a study file
 * that is half-written too: then it is that file alone.  Free with quipu_study_files_free. */
typedef struct quipu_study_files {
    char **paths;
    size_t n;
} quipu_study_files;
QUIPU_API quipu_status quipu_study_files_list(const char *path,
                                              const quipu_study_options *options,
                                              quipu_study_files *out, quipu_error *err);
QUIPU_API void quipu_study_files_free(quipu_study_files *files);

/* A starting file for another country: `partners` is a comma-joined list or NULL; `trade` is the
 * path of a cube that is there already, looked into for its years and nomenclature, or NULL;
 * `shown` is its path as the file must write it, from where the file will be (NULL = trade). */
QUIPU_API quipu_status quipu_study_start(const quipu_nomen *nomen, const char *reporter,
                                         const char *partners, const char *trade,
                                         const char *shown, quipu_sink sink, void *user,
                                         quipu_error *err) QUIPU_MUST_CHECK;

/* The keys of a study file: as a JSON Schema for editors, or as the reference page in markdown.
 * Both come from the table the reader itself works with. */
QUIPU_API quipu_status quipu_study_schema(bool markdown, quipu_sink sink, void *user,
                                          quipu_error *err) QUIPU_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
