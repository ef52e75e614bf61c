/* SPDX-License-Identifier: Apache-2.0 */
/* test_address.c - who may be asked, where an answer may send us, and how long we wait. */
#include "fetch/address.h"
#include "fetch/part.h"
#include "fetch/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void addresses_are_taken_apart(void **state) {
    static const struct {
        const char *text, *host;
        unsigned port;
        bool secure;
    } GOOD[] = {{"https://office.example", "office.example", 443, true},
                {"HTTPS://Office.Example/a/b?c#d", "office.example", 443, true},
                {"http://127.0.0.1:8080/x", "127.0.0.1", 8080, false},
                {"http://[::1]:81", "[::1]", 81, false},
                {"http://h?x", "h", 80, false},
                {"http://h:/x", "h", 80, false}};
    static const char *const BAD[] = {"",
                                      "office.example",
                                      "ftp://office.example",
                                      "https://",
                                      "https:///x",
                                      "https://a@b",
                                      "https://a:b@c",
                                      "https://a:1@b",
                                      "https://a\\b",
                                      "https://a b",
                                      "https://a:65536",
                                      "https://a:0",
                                      "https://[::1",
                                      "https://[::1]x",
                                      "https://a:80:80",
                                      "https://\xc3\xa9.example",
                                      "javascript:x",
                                      "//office.example"};
    QI_UNUSED(state);
    qi_origin o;
    for (size_t i = 0; i < QI_COUNT(GOOD); i++) {
        assert_true(qi_origin_read(GOOD[i].text, &o));
        assert_string_equal(o.host, GOOD[i].host);
        assert_int_equal(o.port, GOOD[i].port);
        assert_int_equal(o.secure, GOOD[i].secure);
    }
    for (size_t i = 0; i < QI_COUNT(BAD); i++)
        if (qi_origin_read(BAD[i], &o))
            fail_msg("\"%s\" was taken", BAD[i]);
}

static void only_the_same_house_is_followed(void **state) {
    static const struct {
        const char *from, *to;
        bool allowed;
    } CASE[] = {{"https://a.example", "https://a.example/x", true},
                {"https://a.example", "https://A.example:443/x", true},
                {"http://a.example", "https://a.example/", true},
                {"https://a.example", "http://a.example/", false},
                {"http://a.example:8080", "https://a.example/", false},
                {"http://a.example", "https://a.example:8443/", false},
                {"https://a.example", "https://a.example:8443/", false},
                {"https://a.example", "https://b.a.example/", false},
                {"https://a.example", "https://a.example.evil/", false},
                {"https://a.example", "https://a.example./", false}};
    QI_UNUSED(state);
    for (size_t i = 0; i < QI_COUNT(CASE); i++) {
        qi_origin from, to;
        assert_true(qi_origin_read(CASE[i].from, &from) && qi_origin_read(CASE[i].to, &to));
        if (qi_origin_allows(&from, &to) != CASE[i].allowed)
            fail_msg("%s to %s", CASE[i].from, CASE[i].to);
    }
}

static void bases_are_checked(void **state) {
    static const struct {
        const char *base, *says;
        bool secret;
    } BAD[] = {{"x", "is not one", false},
               {"https://a/", "ends in a slash", false},
               {"https://a/x?y", "does not belong", false},
               {"https://a/\xc3\xa9", "does not belong", false},
               {"http://a", "not sent over plain http", true},
               {"http://127.0.0.1.evil.example", "not sent over plain http", true}};
    static const char *const GOOD[] = {"https://a", "https://a/mirror", "http://127.0.0.1:8080",
                                       "http://localhost", "http://[::1]:9"};
    QI_UNUSED(state);
    for (size_t i = 0; i < QI_COUNT(BAD); i++) {
        quipu_error err = {0};
        assert_int_equal(qi_address_check(BAD[i].base, BAD[i].secret, &err), QUIPU_E_ARG);
        assert_non_null(strstr(err.text, BAD[i].says));
    }
    for (size_t i = 0; i < QI_COUNT(GOOD); i++)
        assert_int_equal(qi_address_check(GOOD[i], true, NULL), QUIPU_OK);
    assert_int_equal(qi_address_check("http://a", false, NULL), QUIPU_OK);
}

static void values_are_escaped(void **state) {
    qi_buffer target = {0};
    QI_UNUSED(state);
    assert_true(qi_buffer_text(&target, "/p") && qi_address_add(&target, "a", "1,2") &&
                qi_address_add(&target, "b", "x&y=z \xc3\xa9#?%"));
    assert_string_equal(target.bytes, "/p?a=1,2&b=x%26y%3Dz%20%C3%A9%23%3F%25");
    qi_buffer_free(&target);
}

static void secrets_are_blanked(void **state) {
    static const struct {
        const char *bytes, *secret;
        size_t size;
        const char *said;
    } SAID[] = {/* Not even half of it when the text is cut. */
                {"{\"message\":\"0123456789 secretsecret\"}", "secretsecret", 24,
                 "0123456789 ************"},
                {"{\"message\":\"0123456789 01234 secretsecret\"}", "secretsecret", 20,
                 "0123456789 01234 **"},
                {"<html>secretsecret</html>", "secretsecret", 24, ""},
                {"a\tb\x1b[1m \n", NULL, 24, "a b [1m"}};
    char text[] = "abcabc xabcx ab";
    char out[24];
    QI_UNUSED(state);
    qi_blank(text, strlen(text), "abc");
    assert_string_equal(text, "****** x***x ab");
    qi_blank(text, strlen(text), "");
    qi_blank(text, strlen(text), NULL);
    assert_string_equal(text, "****** x***x ab");
    for (size_t i = 0; i < QI_COUNT(SAID); i++) {
        qi_said(SAID[i].bytes, strlen(SAID[i].bytes), SAID[i].secret, out, SAID[i].size);
        assert_string_equal(out, SAID[i].said);
    }
}

static void statuses_are_understood(void **state) {
    QI_UNUSED(state);
    static const struct {
        long status;
        const char *said;
        qi_verdict verdict;
    } CASE[] = {{200, "", QI_ANSWERED},
                {206, "", QI_ANSWERED},
                {302, "", QI_ELSEWHERE},
                {401, "", QI_NO_KEY},
                {403, "Out of call volume QUOTA.", QI_QUOTA},
                {403, "no", QI_REFUSED},
                {404, "", QI_ABSENT},
                {204, "", QI_ABSENT},
                {429, "", QI_AGAIN},
                {500, "", QI_AGAIN},
                {503, "", QI_AGAIN},
                {400, "", QI_REFUSED},
                {501, "", QI_REFUSED},
                {304, "", QI_REFUSED},
                {999, "", QI_REFUSED},
                {0, "", QI_REFUSED}};
    for (size_t i = 0; i < QI_COUNT(CASE); i++)
        assert_int_equal(qi_verdict_of(CASE[i].status, CASE[i].said), CASE[i].verdict);
}

static int64_t no_date(void *user, const char *text) {
    QI_UNUSED(text);
    return *(int64_t *)user;
}

static void waits_double_and_offices_are_obeyed(void **state) {
    int64_t date = -1;
    QI_UNUSED(state);
    assert_int_equal(qi_retry_wait(1000, 1), 1000);
    assert_int_equal(qi_retry_wait(1000, 2), 2000);
    assert_int_equal(qi_retry_wait(1000, 5), 16000);
    assert_int_equal(qi_retry_wait(1000, 100), 60000);
    assert_int_equal(qi_retry_wait(0, 1), 10);
    assert_int_equal(qi_retry_wait(0, 3), 40);
    assert_int_equal(qi_retry_after(" 12 ", 0, no_date, &date), 12000);
    assert_int_equal(qi_retry_after("0", 0, no_date, &date), 0);
    assert_int_equal(qi_retry_after("soon", 0, no_date, &date), -1);
    assert_int_equal(qi_retry_after("", 0, no_date, &date), -1);
    assert_int_equal(qi_retry_after("-5", 0, no_date, &date), -1);
    date = 1030;
    assert_int_equal(qi_retry_after("Tue, 21 Jul", 1000, no_date, &date), 30000);
    assert_int_equal(qi_retry_after("Tue, 21 Jul", 2000, no_date, &date), 0);
    assert_true(qi_retry_after("99999999999999999999999", 0, no_date, &date) > 0);
}

static void ranges_are_read(void **state) {
    uint64_t from = 7;
    QI_UNUSED(state);
    assert_true(qi_content_range("bytes 100-199/200", &from));
    assert_int_equal(from, 100);
    assert_true(qi_content_range("  bytes 0-1/*", &from));
    assert_int_equal(from, 0);
    static const char *const BAD[] = {"",
                                      "bytes */200",
                                      "items 1-2/3",
                                      "bytes x-1/2",
                                      "bytes -1/2",
                                      "bytes 99999999999999999999-1/2"};
    for (size_t i = 0; i < QI_COUNT(BAD); i++)
        assert_false(qi_content_range(BAD[i], &from));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_taken_apart),
        cmocka_unit_test(only_the_same_house_is_followed),
        cmocka_unit_test(bases_are_checked),
        cmocka_unit_test(values_are_escaped),
        cmocka_unit_test(secrets_are_blanked),
        cmocka_unit_test(statuses_are_understood),
        cmocka_unit_test(waits_double_and_offices_are_obeyed),
        cmocka_unit_test(ranges_are_read),
    };
    return cmocka_run_group_tests_name("fetch: addresses", tests, NULL, NULL);
}
