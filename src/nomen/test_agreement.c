/* SPDX-License-Identifier: Apache-2.0 */
/* Agreements: dates, names, pairs of countries, members of their own dates and sides. */
#include "nomen/agreement.h"
#include "nomen/test_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const quipu_agreement *find(const char *text) {
    const quipu_agreement *found;
    quipu_error err = {0};
    if (quipu_agreement_find(nomen, text, &found, &err) != QUIPU_OK)
        fail_msg("%s: %s", text, err.text);
    return found;
}

static uint16_t country(const char *iso3) {
    const quipu_country *c = quipu_country_by_iso3(nomen, iso3, 3);
    assert_non_null(c);
    return c->id;
}

static size_t between(const char *a, const char *b, unsigned kinds, quipu_agreement_link *out,
                      size_t room) {
    size_t n;
    assert_int_equal(
        quipu_agreements_between(nomen, country(a), country(b), kinds, out, room, &n, NULL),
        QUIPU_OK);
    return n;
}

static void dates(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *text;
        quipu_date date; /* 0 = none */
    } cases[] = {
        {"2010-03-01", 20100301}, {"2010-03", 20100301}, {"2010", 20100101},
        {"2012-02-29", 20120229}, {"2011-02-29", 0},     {"2010-13-01", 0},
        {"2010-00-01", 0},        {"2010-04-31", 0},     {"2010-3-1", 0},
        {"01-03-2010", 0},        {"2010/03/01", 0},     {"", 0},
        {"20100301", 0},          {"1492", 0},           {"2010-03-01T00", 0},
    };
    quipu_date date;
    char text[16];
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        bool good = quipu_date_parse(cases[i].text, strlen(cases[i].text), &date);
        if (good != (cases[i].date != 0) || date != cases[i].date)
            fail_msg("\"%s\" is %d", cases[i].text, (int)date);
    }
    assert_string_equal(quipu_date_text(20100301, text), "2010-03-01");
    assert_string_equal(quipu_date_text(0, text), "");
    assert_int_equal(qi_date_before(20100301), 20100228);
    assert_int_equal(qi_date_before(20120301), 20120229);
    assert_int_equal(qi_date_before(20000301), 20000229);
    assert_int_equal(qi_date_before(20100101), 20091231);
    assert_int_equal(qi_date_before(20100501), 20100430);
}

/* The three of the study, as the WTO has them. */
static void agreements_of_peru_in_asia(void **state) {
    QI_UNUSED(state);
    assert_int_equal(find("peru-china")->from, 20100301);
    assert_int_equal(find("peru-china")->signed_on, 20090428);
    assert_int_equal(find("peru-korea")->from, 20110801);
    assert_int_equal(find("japan-peru")->from, 20120301);
    assert_int_equal(find("japan-peru")->to, 0);
    assert_int_equal(find("japan-peru")->kinds, QUIPU_FREE_TRADE | QUIPU_SERVICES);
}

static void names_and_pairs(void **state) {
    QI_UNUSED(state);
    static const char *const same[] = {"peru-china",   "Peru - China", "PERU CHINA",
                                       "China - Peru", "PER,CHN",      "China and Peru",
                                       "Perú/China",   "604+156",      "666"};
    for (size_t i = 0; i < QI_COUNT(same); i++)
        assert_string_equal(find(same[i])->name, "peru-china");
    assert_string_equal(find("Andean Community")->name, "can");
    assert_string_equal(find("CAN")->name, "can");
    /* Of two with one title, the one in force. */
    assert_string_equal(find("ASEAN Free Trade Area")->name, "afta");
    assert_string_equal(find("Korea, Republic of - Peru")->name, "peru-korea");
    /* A pair without a free trade agreement has its partial scope one. */
    assert_int_equal(find("Peru - Brazil")->kinds, QUIPU_PARTIAL_SCOPE);

    const quipu_agreement *found;
    quipu_error err = {0};
    assert_int_equal(quipu_agreement_find(nomen, "peru-chna", &found, &err), QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "Did you mean peru-china"));
    assert_null(found);
    assert_int_equal(quipu_agreement_find(nomen, "Peru - Nepal", &found, &err),
                     QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "no agreement between Peru and Nepal"));
}

static void between_two(void **state) {
    QI_UNUSED(state);
    quipu_agreement_link links[8];
    size_t n;
    assert_int_equal(
        quipu_agreements_between(nomen, country("PER"), country("CHN"), 0, links, 8, &n, NULL),
        QUIPU_OK);
    assert_int_equal(n, 1);
    assert_int_equal(links[0].from, 20100301);
    assert_int_equal(links[0].to, 0);

    /* A member joined later: Peru and Japan met again in the CPTPP when Peru joined. */
    n = between("JPN", "PER", QUIPU_FREE_TRADE, links, 8);
    assert_int_equal(n, 2);
    assert_string_equal(links[1].agreement->name, "cptpp");
    assert_int_equal(links[1].from, 20210919);

    /* The two sides of one: France with Peru, but not France with Germany. */
    n = between("FRA", "PER", 0, links, 8);
    assert_int_equal(n, 1);
    assert_string_equal(links[0].agreement->name, "eu-colombia-ecuador-peru");
    assert_int_equal(links[0].from, 20130301);
    n = between("FRA", "DEU", 0, links, 8);
    for (size_t i = 0; i < n && i < 8; i++)
        assert_null(strstr(links[i].agreement->name, "colombia"));

    /* Who joined later has its own date, who left its last day. */
    n = between("HRV", "PER", 0, links, 8);
    assert_int_equal(links[0].from, 20130701);
    n = between("GBR", "PER", QUIPU_FREE_TRADE, links, 8);
    assert_int_equal(links[0].to, 20201231);
    assert_int_equal(links[1].from, 20210101);

    /* An agreement that ended: the last day is the one before. */
    const quipu_agreement *lafta = find("lafta");
    n = between("PER", "CHL", QUIPU_FREE_TRADE, links, 8);
    assert_ptr_equal(links[0].agreement, lafta);
    assert_int_equal(links[0].to, qi_date_before(lafta->to));

    /* More than there is room for: the earliest, and the count of all. */
    size_t all;
    all = between("PER", "CHL", 0, NULL, 0);
    assert_true(all > 2);
    n = between("PER", "CHL", 0, links, 2);
    assert_int_equal(n, all);
    assert_true(links[0].from <= links[1].from);
    n = between("PER", "PER", 0, links, 8);
    assert_int_equal(n, 0);
}

/* What must hold of every row of the table. */
static void every_agreement_is_sound(void **state) {
    QI_UNUSED(state);
    const quipu_agreement *all;
    size_t n, n_countries;
    const quipu_country *countries;
    assert_int_equal(quipu_agreements(nomen, &all, &n, NULL), QUIPU_OK);
    assert_int_equal(quipu_countries(nomen, &countries, &n_countries, NULL), QUIPU_OK);
    assert_true(n > 500);
    for (size_t i = 0; i < n; i++) {
        const quipu_agreement_member *m;
        size_t n_members, distinct = 0;
        assert_int_equal(quipu_agreement_members(nomen, &all[i], &m, &n_members, NULL),
                         QUIPU_OK);
        for (size_t k = 0; k < n_members; k++) {
            distinct += k == 0 || m[k].country != m[k - 1].country;
            assert_true(m[k].country < n_countries);
            assert_true(countries[m[k].country].kind == QUIPU_COUNTRY ||
                        countries[m[k].country].kind == QUIPU_FORMER ||
                        countries[m[k].country].kind == QUIPU_AREA); /* Taiwan */
            if (m[k].from == 0 || (m[k].to != 0 && m[k].to < m[k].from))
                fail_msg("%s: member %s from %d to %d", all[i].name,
                         countries[m[k].country].iso3, m[k].from, m[k].to);
        }
        if (distinct < 2)
            fail_msg("%s has %zu members", all[i].name, distinct);
        assert_ptr_equal(find(all[i].name), &all[i]);
        assert_true(all[i].to == 0 || all[i].to > all[i].from);
    }
}

static void listing(void **state) {
    QI_UNUSED(state);
    quipu_table t;
    quipu_error err = {0};
    assert_int_equal(quipu_nomen_list(nomen, "agreements", "", &t, &err), QUIPU_OK);
    assert_true(t.n_rows > 500);
    quipu_table_free(&t);
    assert_int_equal(quipu_nomen_list(nomen, "agreements", "peru", &t, &err), QUIPU_OK);
    assert_true(t.n_rows > 15 && t.n_rows < 40);
    quipu_table_free(&t);
    assert_int_equal(quipu_nomen_list(nomen, "agreements", "China, Peru", &t, &err), QUIPU_OK);
    assert_int_equal(t.n_rows, 2); /* the two members */
    quipu_table_free(&t);
    assert_int_equal(quipu_nomen_list(nomen, "agreements", "xyzzy", &t, &err),
                     QUIPU_E_NOT_FOUND);
}

/* In force on 1 July of a year: Peru-Korea of 1 August 2011 counts from 2012. */
static void groups_made_of_agreements(void **state) {
    QI_UNUSED(state);
    const quipu_group *group, *again;
    const quipu_member *members;
    size_t n;
    quipu_error err = {0};
    assert_int_equal(quipu_group_find(nomen, "members-of:peru-korea", &group, &err), QUIPU_OK);
    assert_true(group->dated);
    assert_int_equal(quipu_group_members(nomen, group, &members, &n, &err), QUIPU_OK);
    assert_int_equal(n, 2);
    assert_int_equal(members[0].from, 2012);
    assert_int_equal(members[0].to, 0);
    assert_int_equal(quipu_group_find(nomen, "members-of:peru-korea", &again, &err), QUIPU_OK);
    assert_ptr_equal(group, again);

    assert_int_equal(quipu_group_find(nomen, "partners-of:Perú", &group, &err), QUIPU_OK);
    assert_int_equal(quipu_group_members(nomen, group, &members, &n, &err), QUIPU_OK);
    int china = 0;
    for (size_t i = 0; i < n; i++) {
        assert_true(members[i].country != country("PER"));
        if (members[i].country == country("CHN"))
            china = members[i].from;
        if (members[i].country == country("BRA")) /* since LAFTA a partial scope one only */
            assert_int_equal(members[i].to, 1979);
    }
    assert_int_equal(china, 2010);
    assert_int_equal(quipu_group_find(nomen, "partners-of:Pru", &group, &err),
                     QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "Peru"));
    assert_null(group);
    assert_int_equal(quipu_group_find(nomen, "members-of:peru-chna", &group, &err),
                     QUIPU_E_NOT_FOUND);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates),
        cmocka_unit_test(agreements_of_peru_in_asia),
        cmocka_unit_test(names_and_pairs),
        cmocka_unit_test(between_two),
        cmocka_unit_test(groups_made_of_agreements),
        cmocka_unit_test(listing),
        cmocka_unit_test(every_agreement_is_sound),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
