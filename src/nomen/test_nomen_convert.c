/* SPDX-License-Identifier: Apache-2.0 */
/* Conversions between nomenclatures and families of HS codes. */
#include "nomen/nomen.h"
#include "nomen/test_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char *const HS[] = {"H0", "H1", "H2", "H3", "H4", "H5", "H6"};

static size_t leaf_codes(const char *name, const char ***out) {
    const quipu_nomenclature *which;
    const quipu_product *p;
    size_t n, leaves = 0;
    quipu_error err;
    assert_int_equal(quipu_nomenclature_find(nomen, name, &which, &err), QUIPU_OK);
    assert_int_equal(quipu_products(nomen, which, &p, &n, &err), QUIPU_OK);
    *out = malloc(n * sizeof **out);
    assert_non_null(*out);
    for (size_t i = 0; i < n; i++) {
        if (p[i].leaf)
            (*out)[leaves++] = p[i].code;
    }
    return leaves;
}

static bool is_leaf_of(const char *name, const char *code) {
    const quipu_nomenclature *which;
    quipu_error err;
    assert_int_equal(quipu_nomenclature_find(nomen, name, &which, &err), QUIPU_OK);
    const quipu_product *p = quipu_product_find(nomen, which, code, strlen(code));
    return p != NULL && p->leaf;
}

static void convert(const char *from, const char *to, const char *const *codes, size_t n,
                    const quipu_convert_options *options, quipu_mapping *m) {
    quipu_error err;
    if (quipu_convert(nomen, from, to, codes, n, options, m, &err) != QUIPU_OK)
        fail_msg("%s to %s: %s", from, to, err.text);
    assert_int_equal(m->n_sources, n);
    assert_int_equal(m->offset[0], 0);
    for (size_t i = 0; i < n; i++) {
        assert_true(m->offset[i] < m->offset[i + 1]);
        for (uint32_t k = m->offset[i]; k < m->offset[i + 1]; k++)
            assert_true(m->target[k] < m->n_targets && m->weight[k] > 0);
    }
}

static const char *single(const char *from, const char *to, const char *code) {
    static char text[32];
    quipu_mapping m;
    convert(from, to, &code, 1, NULL, &m);
    assert_int_equal(m.offset[1], 1);
    snprintf(text, sizeof text, "%s", m.targets[m.target[0]].code);
    quipu_mapping_free(&m);
    return text;
}

/* Checked by eye against the published tables. */
static void known_conversions(void **state) {
    QI_UNUSED(state);
    assert_string_equal(single("H2", "H0", "010110"), "010111");
    assert_string_equal(single("H5", "H0", "010130"), "010111");
    assert_string_equal(single("H4", "H0", "010130"), "010120");
    assert_string_equal(single("H6", "H0", "260300"), "260300");
    assert_string_equal(single("H0", "S2", "010111"), "0015");
    assert_string_equal(single("H0", "S2", "271000"), "334");
    assert_string_equal(single("H1", "S3", "010210"), "00111");
    assert_string_equal(single("H5", "S2", "010221"), "00111");
    assert_string_equal(single("H0", "I3", "010111"), "0121");
    assert_string_equal(single("H0", "I3", "260300"), "1320");
    assert_string_equal(single("S3", "S2", "00131"), "0013");
    assert_string_equal(single("H3", "H3", "260300"), "260300");
    assert_string_equal(single("H5", "H0", "2603001000"), "260300");
    assert_string_equal(single("H5", "H0", "2603"), "2603");
    assert_string_equal(single("H5", "H2", "26"), "26");
    assert_string_equal(single("H2", "H0", "9999AA"), "9999AA");
}

/* Every code has one official target, a code of the target nomenclature, or is counted. */
static void official_conversions_are_total(void **state) {
    QI_UNUSED(state);
    static const char *const TO[] = {"H0", "S2", "S3", "I3"};
    for (size_t r = 0; r < QI_COUNT(HS); r++) {
        const char **codes;
        size_t n = leaf_codes(HS[r], &codes);
        for (size_t t = 0; t < QI_COUNT(TO); t++) {
            quipu_mapping m;
            convert(HS[r], TO[t], codes, n, NULL, &m);
            assert_int_equal(m.n_split, 0);
            /* Monetary gold is outside SITC: the one code without a target. */
            bool gold = strcmp(TO[t], "S2") == 0 || strcmp(TO[t], "S3") == 0;
            assert_int_equal(m.n_unmapped, gold ? 1 : 0);
            const quipu_nomenclature *which;
            quipu_error err;
            assert_int_equal(quipu_nomenclature_find(nomen, TO[t], &which, &err), QUIPU_OK);
            for (size_t i = 0; i < m.n_targets; i++) {
                const char *code = m.targets[i].code;
                if (!(gold && strcmp(code, "710820") == 0))
                    assert_non_null(quipu_product_find(nomen, which, code, strlen(code)));
            }
            quipu_mapping_free(&m);
        }
        free(codes);
    }
}

/* Between any two revisions, by each method: targets exist and few codes are left over. */
static void every_pair_of_revisions(void **state) {
    QI_UNUSED(state);
    for (size_t a = 0; a < QI_COUNT(HS); a++) {
        const char **codes;
        size_t n = leaf_codes(HS[a], &codes);
        for (size_t b = 0; b < QI_COUNT(HS); b++) {
            for (int method = QUIPU_CONVERT_OFFICIAL; method <= QUIPU_CONVERT_EQUAL; method++) {
                quipu_convert_options options = {.method = (quipu_convert_method)method};
                quipu_mapping m;
                convert(HS[a], HS[b], codes, n, &options, &m);
                size_t kept = 0;
                for (size_t i = 0; i < m.n_targets; i++)
                    kept += !is_leaf_of(HS[b], m.targets[i].code);
                /* The 19 old national codes of heading 2710 in H0 and H1, "9999AA" and one
                 * code that HS 2022 dropped lead nowhere later. */
                assert_true(kept <= m.n_unmapped && m.n_unmapped <= 21);
                if (a >= b)
                    assert_true(m.n_unmapped <= 1);
                quipu_mapping_free(&m);
            }
        }
        free(codes);
    }
}

/* The official target is one of those the code is correlated with. */
static void official_is_among_correlated(void **state) {
    QI_UNUSED(state);
    const char **codes;
    size_t n = leaf_codes("H5", &codes), outside = 0;
    quipu_convert_options equal = {.method = QUIPU_CONVERT_EQUAL};
    quipu_mapping one, all;
    convert("H5", "H0", codes, n, NULL, &one);
    convert("H5", "H0", codes, n, &equal, &all);
    assert_true(all.n_split > 500);
    for (size_t i = 0; i < n; i++) {
        const char *official = one.targets[one.target[one.offset[i]]].code;
        bool found = false;
        for (uint32_t k = all.offset[i]; k < all.offset[i + 1]; k++) {
            found = found || strcmp(all.targets[all.target[k]].code, official) == 0;
            assert_int_equal(all.weight[k], 1);
        }
        outside += !found;
    }
    assert_true(outside <= 2); /* the UN tables disagree on two codes */
    quipu_mapping_free(&one);
    quipu_mapping_free(&all);
    free(codes);
}

/* Without an official table: targets of the same HS 1988/92 code, where there are any, and
 * going back in time the code itself. */
static void chained_conversions_respect_the_official(void **state) {
    QI_UNUSED(state);
    static const struct { const char *from, *to; } PAIRS[] = {{"H5", "H2"}, {"H6", "H3"}};
    for (size_t p = 0; p < QI_COUNT(PAIRS); p++) {
        const char **codes, **targets;
        size_t n = leaf_codes(PAIRS[p].from, &codes), n_targets, exceptions = 0;
        quipu_mapping m, source_h0, target_h0;
        convert(PAIRS[p].from, PAIRS[p].to, codes, n, NULL, &m);
        convert(PAIRS[p].from, "H0", codes, n, NULL, &source_h0);
        n_targets = m.n_targets;
        targets = malloc(n_targets * sizeof *targets);
        assert_non_null(targets);
        for (size_t i = 0; i < n_targets; i++)
            targets[i] = m.targets[i].code;
        convert(PAIRS[p].to, "H0", targets, n_targets, NULL, &target_h0);
        for (size_t i = 0; i < n; i++) {
            const char *h0 = source_h0.targets[source_h0.target[source_h0.offset[i]]].code;
            uint32_t parts = m.offset[i + 1] - m.offset[i];
            bool other = false;
            for (uint32_t k = m.offset[i]; k < m.offset[i + 1]; k++) {
                uint32_t at = target_h0.offset[m.target[k]];
                other = other || strcmp(target_h0.targets[target_h0.target[at]].code, h0) != 0;
                if (parts > 1)
                    assert_string_not_equal(targets[m.target[k]], codes[i]);
            }
            exceptions += other;
        }
        /* Of these, none of the correlated targets has the code's H0 code. */
        if (exceptions * 40 > n)
            fail_msg("%s to %s: %zu codes leave their HS 1988/92 code", PAIRS[p].from,
                     PAIRS[p].to, exceptions);
        quipu_mapping_free(&m);
        quipu_mapping_free(&source_h0);
        quipu_mapping_free(&target_h0);
        free(targets);
        free(codes);
    }
}

static void by_trade(void **state) {
    QI_UNUSED(state);
    const char *code = "010130"; /* asses; by correlation part of three codes of HS 1988/92 */
    const char *reference[] = {"010111", "010120", "999998"};
    const int64_t values[] = {INT64_C(6000000000000), INT64_C(2000000000000), 5};
    quipu_convert_options options = {.method = QUIPU_CONVERT_TRADE,
                                     .reference_codes = reference,
                                     .reference_values = values,
                                     .n_reference = 3};
    quipu_mapping m;
    convert("H5", "H0", &code, 1, &options, &m);
    assert_int_equal(m.offset[1], 2);
    assert_string_equal(m.targets[m.target[0]].code, "010111");
    assert_int_equal(m.weight[0], 3);
    assert_string_equal(m.targets[m.target[1]].code, "010120");
    assert_int_equal(m.weight[1], 1);
    quipu_mapping_free(&m);

    options.n_reference = 0; /* no trade at all: equal parts */
    convert("H5", "H0", &code, 1, &options, &m);
    assert_int_equal(m.offset[1], 3);
    assert_int_equal(m.weight[0], 1);
    quipu_mapping_free(&m);

    const char *heading = "0101";
    options.n_reference = 3;
    convert("H5", "H0", &heading, 1, &options, &m);
    assert_int_equal(m.offset[1], 1);
    quipu_mapping_free(&m);

    const int64_t negative[] = {-1, 0, 0};
    options.reference_values = negative;
    quipu_error err;
    assert_int_equal(quipu_convert(nomen, "H5", "H0", &code, 1, &options, &m, &err),
                     QUIPU_E_DATA);
    assert_null(m.impl);
}

static void what_cannot_be_converted(void **state) {
    QI_UNUSED(state);
    const char *codes[] = {"260300", "ZZZZ", "123456"};
    quipu_mapping m;
    quipu_error err;
    static const char *const PAIRS[][2] = {{"S2", "H0"}, {"S2", "S3"},  {"H0", "BEC"},
                                           {"I3", "H0"}, {"BEC", "S2"}, {"S3", "I3"}};
    for (size_t i = 0; i < QI_COUNT(PAIRS); i++) {
        assert_int_equal(
            quipu_convert(nomen, PAIRS[i][0], PAIRS[i][1], codes, 1, NULL, &m, &err),
            QUIPU_E_NOT_FOUND);
        assert_null(m.impl);
    }
    assert_int_equal(quipu_convert(nomen, "H9", "H0", codes, 1, NULL, &m, &err),
                     QUIPU_E_NOT_FOUND);
    /* Unknown codes keep their code, at the end, and are counted. */
    convert("H5", "H0", codes, 3, NULL, &m);
    assert_int_equal(m.n_unmapped, 2);
    assert_int_equal(m.n_targets, 3);
    assert_string_equal(m.targets[1].code, "ZZZZ");
    assert_string_equal(m.targets[2].code, "123456");
    quipu_mapping_free(&m);
    convert("H5", "H0", codes, 0, NULL, &m);
    quipu_mapping_free(&m);
}

/* ---- families ---- */

static uint32_t *families(const char *first, const char *last, const char *of,
                          const char *const *codes, size_t n, size_t *count) {
    uint32_t *family = malloc((n + 1) * sizeof *family);
    quipu_error err;
    assert_non_null(family);
    if (quipu_families(nomen, first, last, of, codes, n, family, count, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    return family;
}

/* Both ends of each correlation are of one family, whichever revision it is asked by. */
static void correlated_codes_are_of_one_family(void **state) {
    QI_UNUSED(state);
    quipu_convert_options equal = {.method = QUIPU_CONVERT_EQUAL};
    for (size_t r = 1; r < QI_COUNT(HS); r++) {
        const char **codes, **before;
        size_t n = leaf_codes(HS[r], &codes), n_before = leaf_codes(HS[r - 1], &before);
        size_t count, count_before;
        uint32_t *family = families(HS[r - 1], HS[r], HS[r], codes, n, &count);
        uint32_t *old = families(HS[r - 1], HS[r], HS[r - 1], before, n_before, &count_before);
        assert_true(count > 1000 && count <= n && count_before <= n_before);
        /* Numbers begin at 0 and rise with the smallest code of a family. */
        uint32_t next = 0;
        for (size_t i = 0; i < n; i++) {
            assert_true(family[i] <= next);
            next += family[i] == next;
        }
        assert_int_equal(next, count);

        quipu_mapping m;
        convert(HS[r], HS[r - 1], codes, n, &equal, &m);
        /* One family here is one family there: the numbers translate both ways. */
        uint32_t *to_old = malloc(count * sizeof *to_old);
        uint32_t *to_new = malloc(count_before * sizeof *to_new);
        assert_non_null(to_old);
        assert_non_null(to_new);
        memset(to_old, 0xFF, count * sizeof *to_old);
        memset(to_new, 0xFF, count_before * sizeof *to_new);
        for (size_t i = 0; i < n; i++) {
            for (uint32_t k = m.offset[i]; k < m.offset[i + 1]; k++) {
                const char *target = m.targets[m.target[k]].code;
                size_t at = 0;
                while (at < n_before && strcmp(before[at], target) != 0)
                    at++;
                if (at == n_before)
                    continue;
                if (to_old[family[i]] == UINT32_MAX)
                    to_old[family[i]] = old[at];
                if (to_new[old[at]] == UINT32_MAX)
                    to_new[old[at]] = family[i];
                assert_int_equal(to_old[family[i]], old[at]);
                assert_int_equal(to_new[old[at]], family[i]);
            }
        }
        quipu_mapping_free(&m);
        free(to_old);
        free(to_new);
        free(family);
        free(old);
        free(codes);
        free(before);
    }
}

static void families_grow_with_revisions(void **state) {
    QI_UNUSED(state);
    const char **codes;
    size_t n = leaf_codes("H0", &codes), last = n + 1;
    for (size_t r = 0; r < QI_COUNT(HS); r++) {
        size_t count;
        uint32_t *family = families("H0", HS[r], "H0", codes, n, &count);
        assert_true(r == 0 ? count == n : count < last);
        last = count;
        free(family);
    }
    free(codes);
    const char *some[] = {"010120", "010111", "010119", "0102", "010210", "xyz", "xyz"};
    size_t count;
    uint32_t *family = families("H0", "H2", "H0", some, QI_COUNT(some), &count);
    /* 010111 and 010119 are joined by HS 2002; 0102 and 010210 because one is in the other. */
    assert_int_equal(family[1], 0);
    assert_int_equal(family[2], family[1]);
    assert_int_equal(family[0], family[1]);
    assert_int_equal(family[3], family[4]);
    assert_int_not_equal(family[3], family[0]);
    assert_int_equal(family[5], family[6]);
    assert_int_equal(count, 3);
    free(family);
    quipu_error err;
    uint32_t one;
    assert_int_equal(quipu_families(nomen, "H2", "H0", "H0", some, 1, &one, &count, &err),
                     QUIPU_E_ARG);
    assert_int_equal(quipu_families(nomen, "H0", "H2", "H3", some, 1, &one, &count, &err),
                     QUIPU_E_ARG);
    assert_int_equal(quipu_families(nomen, "H0", "S2", "H0", some, 1, &one, &count, &err),
                     QUIPU_E_ARG);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_conversions),
        cmocka_unit_test(official_conversions_are_total),
        cmocka_unit_test(every_pair_of_revisions),
        cmocka_unit_test(official_is_among_correlated),
        cmocka_unit_test(chained_conversions_respect_the_official),
        cmocka_unit_test(by_trade),
        cmocka_unit_test(what_cannot_be_converted),
        cmocka_unit_test(correlated_codes_are_of_one_family),
        cmocka_unit_test(families_grow_with_revisions),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
