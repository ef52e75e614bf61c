/* SPDX-License-Identifier: Apache-2.0 */
/* glue.c - opening things, and asking: a task waited for with an eye on R's interrupts.
 *
 * What the library says was wrong comes back as a list, which the R code makes a condition of.
 */
#include "glue.h"

#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>

#include <string.h>

static quipu_nomen *nomen; /* immutable; opened with the package */
static quipu_cache *cache;

SEXP list_of_error(const quipu_error *err) {
    static const char *const codes[] = {
#define X(name, number, text) #name,
        QUIPU_STATUS_LIST(X)
#undef X
    };
    static const char *const names[] = {"status", "text", "file", "line", "column", ""};
    SEXP out = PROTECT(Rf_mkNamed(VECSXP, (const char **)(void *)names));
    SET_VECTOR_ELT(out, 0, Rf_mkString(codes[err->status]));
    SET_VECTOR_ELT(out, 1, Rf_ScalarString(Rf_mkCharCE(err->text, CE_UTF8)));
    SET_VECTOR_ELT(out, 2, Rf_mkString(err->file));
    SET_VECTOR_ELT(out, 3, Rf_ScalarReal((double)err->line));
    SET_VECTOR_ELT(out, 4, Rf_ScalarInteger((int)err->column));
    UNPROTECT(1);
    return out;
}

static const char *text_at(SEXP texts, R_xlen_t i) {
    return Rf_translateCharUTF8(STRING_ELT(texts, i));
}

/* ---- cubes, registers, answers: external pointers ---- */

static void close_cube(SEXP pointer) {
    quipu_cube_close(R_ExternalPtrAddr(pointer));
    R_ClearExternalPtr(pointer);
}

static void close_register(SEXP pointer) {
    quipu_register_close(R_ExternalPtrAddr(pointer));
    R_ClearExternalPtr(pointer);
}

static void close_answer(SEXP pointer) {
    quipu_arrow_close(R_ExternalPtrAddr(pointer));
    R_ClearExternalPtr(pointer);
}

static SEXP hold(void *thing, const char *kind, R_CFinalizer_t close) {
    SEXP pointer = PROTECT(R_MakeExternalPtr(thing, Rf_install(kind), R_NilValue));
    R_RegisterCFinalizerEx(pointer, close, TRUE);
    UNPROTECT(1);
    return pointer;
}

static SEXP open_cube(SEXP path) {
    quipu_cube *cube;
    quipu_error err = {0};
    if (quipu_cube_open(R_ExpandFileName(text_at(path, 0)), &cube, &err) != QUIPU_OK)
        return list_of_error(&err);
    return hold(cube, "cube", close_cube);
}

static SEXP open_register(SEXP path) {
    quipu_register *invested;
    quipu_error err = {0};
    if (quipu_register_open(R_ExpandFileName(text_at(path, 0)), nomen, NULL, &invested, &err) !=
        QUIPU_OK)
        return list_of_error(&err);
    return hold(invested, "register", close_register);
}

static SEXP is_cube(SEXP path) {
    return Rf_ScalarLogical(quipu_cube_is(R_ExpandFileName(text_at(path, 0))));
}

/* ---- asking ---- */

typedef struct question {
    SEXP verb, names, values, of, threads;
    const char *money; /* NULL: the answer as an external pointer */
    quipu_task *task;
    quipu_arrow *answer;
} question;

static quipu_status put(question *q, quipu_error *err) {
    quipu_status status = quipu_task_open(nomen, text_at(q->verb, 0), &q->task, err);
    for (R_xlen_t i = 0; status == QUIPU_OK && i < Rf_xlength(q->names); i++)
        status = quipu_task_add(q->task, text_at(q->names, i), text_at(q->values, i), err);
    if (status != QUIPU_OK)
        return status;
    quipu_task_threads(q->task, (unsigned)Rf_asInteger(q->threads));
    quipu_task_cache(q->task, cache);
    if (TYPEOF(q->of) == STRSXP)
        return quipu_task_of_table(q->task, R_ExpandFileName(text_at(q->of, 0)), err);
    if (TYPEOF(q->of) == EXTPTRSXP) {
        void *thing = R_ExternalPtrAddr(q->of);
        if (thing == NULL)
            Rf_error("it belongs to another session of R: open it again");
        if (R_ExternalPtrTag(q->of) == Rf_install("cube"))
            quipu_task_of_cube(q->task, thing);
        else
            quipu_task_of_register(q->task, thing);
    }
    return QUIPU_OK;
}

/* R may leave this at any call of its own, an interrupt above all; let_go follows then too. */
static SEXP answer(void *user) {
    question *q = user;
    quipu_error err = {0};
    quipu_status status = put(q, &err);
    if (status == QUIPU_OK)
        status = quipu_task_start(q->task, &err);
    while (status == QUIPU_OK && !quipu_task_wait(q->task, 50))
        R_CheckUserInterrupt();
    if (status == QUIPU_OK)
        status = quipu_task_result(q->task, &q->answer, &err);
    if (status != QUIPU_OK)
        return list_of_error(&err);
    if (q->money != NULL)
        return frame_of(quipu_arrow_table(q->answer), q->money);
    SEXP held = hold(q->answer, "answer", close_answer);
    q->answer = NULL;
    return held;
}

static void let_go(void *user) {
    question *q = user;
    quipu_task_close(q->task);
    quipu_arrow_close(q->answer);
}

static SEXP ask(SEXP verb, SEXP names, SEXP values, SEXP of, SEXP threads, SEXP money) {
    question q = {.verb = verb,
                  .names = names,
                  .values = values,
                  .of = of,
                  .threads = threads,
                  .money = money != R_NilValue ? CHAR(STRING_ELT(money, 0)) : NULL};
    return R_ExecWithCleanup(answer, &q, let_go, &q);
}

/* ---- an answer for others ---- */

/* Fill the stream behind the external pointer `into`, as nanoarrow allocates it. */
static SEXP stream(SEXP held, SEXP into) {
    quipu_error err = {0};
    if (quipu_arrow_stream(R_ExternalPtrAddr(held), R_ExternalPtrAddr(into), &err) != QUIPU_OK)
        return list_of_error(&err);
    return into;
}

static SEXP text(SEXP held, SEXP format) {
    quipu_error err = {0};
    char *bytes;
    size_t length;
    if (quipu_arrow_write(R_ExternalPtrAddr(held), text_at(format, 0), &bytes, &length, &err) !=
        QUIPU_OK)
        return list_of_error(&err);
    SEXP out = PROTECT(Rf_allocVector(RAWSXP, (R_xlen_t)length));
    memcpy(RAW(out), bytes, length);
    quipu_bytes_free(bytes);
    UNPROTECT(1);
    return out;
}

static SEXP version(void) {
    return Rf_mkString(quipu_version());
}

/* ---- the package ---- */

static const R_CallMethodDef calls[] = {
    {"C_open_cube", (DL_FUNC)&open_cube, 1}, {"C_open_register", (DL_FUNC)&open_register, 1},
    {"C_is_cube", (DL_FUNC)&is_cube, 1},     {"C_ask", (DL_FUNC)&ask, 6},
    {"C_stream", (DL_FUNC)&stream, 2},       {"C_text", (DL_FUNC)&text, 2},
    {"C_version", (DL_FUNC)&version, 0},     {NULL, NULL, 0},
};

static void begin(DllInfo *dll) {
    quipu_error err = {0};
    R_registerRoutines(dll, NULL, calls, NULL, NULL);
    R_useDynamicSymbols(dll, FALSE);
    if (nomen == NULL && (quipu_nomen_open(&nomen, &err) != QUIPU_OK ||
                          quipu_cache_open(&cache, &err) != QUIPU_OK))
        Rf_error("%s", err.text);
}

/* R calls it by the name of the file: quipu.so, and glue.so of configure. */
void attribute_visible R_init_quipu(DllInfo *dll) {
    begin(dll);
}

void attribute_visible R_init_glue(DllInfo *dll) {
    begin(dll);
}
