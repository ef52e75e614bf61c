/* SPDX-License-Identifier: Apache-2.0 */
/* test_error.c - errors, status texts, flows. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

static void first_cause_wins(void **unused) {
    QI_UNUSED(unused);
    quipu_error err = {0};
    assert_int_equal(qi_fail_at(&err, QUIPU_E_FORMAT, "x.csv", 7, 3, "found %d", 5),
                     QUIPU_E_FORMAT);
    assert_int_equal(qi_fail(&err, QUIPU_E_IO, "later"), QUIPU_E_IO);
    assert_int_equal(err.status, QUIPU_E_FORMAT);
    assert_int_equal(err.line, 7);
    assert_int_equal(err.column, 3);
    assert_string_equal(err.file, "x.csv");
    assert_string_equal(err.text, "found 5");
    qi_error_clear(&err);
    assert_int_equal(err.status, QUIPU_OK);
    assert_string_equal(err.text, "");
    qi_fail(&err, QUIPU_E_IO, "later");
    assert_string_equal(err.text, "later");
    assert_int_equal(err.line, 0);
    assert_string_equal(err.file, "");
}

static void no_error_object_is_fine(void **unused) {
    QI_UNUSED(unused);
    qi_error_clear(NULL);
    assert_int_equal(qi_fail(NULL, QUIPU_E_ARG, "%s", "x"), QUIPU_E_ARG);
    assert_int_equal(qi_fail_memory(NULL, 5), QUIPU_E_NOMEM);
    errno = ENOENT;
    assert_int_equal(qi_fail_errno(NULL, "open", "x"), QUIPU_E_IO);
}

static void long_messages_end_in_whole_characters(void **unused) {
    QI_UNUSED(unused);
    for (int shift = 0; shift < 3; shift++) {
        char text[2000] = "";
        memset(text, 'a', (size_t)shift);
        for (size_t n = (size_t)shift; n < 1900; n += 3)
            memcpy(text + n, "日", 4);
        quipu_error err = {0};
        qi_fail_at(&err, QUIPU_E_DATA, text, 1, 1, "%s", text);
        assert_true(qi_utf8_valid(err.text, strlen(err.text)));
        assert_true(strlen(err.text) > sizeof err.text - 5);
        assert_true(qi_utf8_valid(err.file, strlen(err.file)));
        assert_memory_equal(err.file, "...", 3); /* the end of a long path is kept */
    }
}

static void tells_what_the_system_said(void **unused) {
    QI_UNUSED(unused);
    quipu_error err = {0};
    errno = EACCES;
    assert_int_equal(qi_fail_errno(&err, "open", "a/b"), QUIPU_E_IO);
    assert_string_equal(err.text, "cannot open a/b: Permission denied");
    assert_string_equal(err.file, "a/b");
    qi_error_clear(&err);
    errno = ENOMEM;
    assert_int_equal(qi_fail_errno(&err, "map", "a/b"), QUIPU_E_NOMEM);
    qi_error_clear(&err);
    assert_int_equal(qi_fail_memory(&err, 12), QUIPU_E_NOMEM);
    assert_string_equal(err.text, "out of memory: 12 bytes were asked for");
    qi_error_clear(&err);
    assert_int_equal(qi_fail(&err, QUIPU_OK, "no failure is fine"), QUIPU_E_BUG);
}

static void every_status_has_words(void **unused) {
    QI_UNUSED(unused);
    assert_string_equal(quipu_status_text(QUIPU_OK), "fine");
    assert_string_equal(quipu_status_text(QUIPU_E_NOMEM), "out of memory");
    assert_string_equal(quipu_status_text((quipu_status)99), "unknown status");
}

static void flows_have_names(void **unused) {
    QI_UNUSED(unused);
    quipu_flow flow;
    for (unsigned i = 0; i < QUIPU_N_FLOWS; i++) {
        const char *name = quipu_flow_name((quipu_flow)i);
        assert_true(quipu_flow_parse(name, strlen(name), &flow));
        assert_int_equal(flow, i);
    }
    assert_string_equal(quipu_flow_name((quipu_flow)77), "unknown");
    static const struct {
        const char *text;
        quipu_flow flow;
    } OTHER[] = {
        {"Exports", QUIPU_EXPORT},      {" M ", QUIPU_IMPORT},       {"X", QUIPU_EXPORT},
        {"rx", QUIPU_REEXPORT},         {"RM", QUIPU_REIMPORT},      {"DX", QUIPU_EXPORT},
        {"Re-Exports", QUIPU_REEXPORT}, {"reimport", QUIPU_REIMPORT}};
    for (size_t i = 0; i < QI_COUNT(OTHER); i++) {
        assert_true(quipu_flow_parse(OTHER[i].text, strlen(OTHER[i].text), &flow));
        assert_int_equal(flow, OTHER[i].flow);
    }
    static const char *const NONE[] = {"",    " ",        "xs",
                                       "exp", "exportss", "a very long text indeed"};
    for (size_t i = 0; i < QI_COUNT(NONE); i++)
        assert_false(quipu_flow_parse(NONE[i], strlen(NONE[i]), &flow));
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_cause_wins),
        cmocka_unit_test(no_error_object_is_fine),
        cmocka_unit_test(long_messages_end_in_whole_characters),
        cmocka_unit_test(tells_what_the_system_said),
        cmocka_unit_test(every_status_has_words),
        cmocka_unit_test(flows_have_names),
    };
    return cmocka_run_group_tests_name("base: errors", tests, NULL, NULL);
}
