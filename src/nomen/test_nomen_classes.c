/* SPDX-License-Identifier: Apache-2.0 */
/* Classes: the study's products, coverage of whole revisions, user's tables, exact division. */
#include "nomen/nomen.h"
#include "nomen/test_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <unistd.h>

#include <cmocka.h>

/* The class of one code; "A B" when it is shared, with the weights checked to be positive. */
static const char *class_of(const char *scheme, const char *from, const char *code,
                            const quipu_class_options *options) {
    static char text[256];
    quipu_mapping m;
    quipu_error err;
    if (quipu_classify(nomen, scheme, from, &code, 1, options, &m, &err) != QUIPU_OK)
        fail_msg("%s of %s %s: %s", scheme, from, code, err.text);
    size_t used = 0;
    assert_int_equal(m.offset[0], 0);
    for (uint32_t i = 0; i < m.offset[1]; i++) {
        assert_true(m.target[i] < m.n_targets && m.weight[i] > 0);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i == 0 ? "" : " ",
                                 m.targets[m.target[i]].code);
    }
    assert_string_equal(m.targets[m.n_targets - 1].code, "unclassified");
    quipu_mapping_free(&m);
    return text;
}

/* Table 1 of the study: technology and sector of its ten products, in HS 1988/92. */
static void the_products_of_table_1(void **state) {
    QI_UNUSED(state);
    static const char *const KNOWN[][3] = {
        {"260300", "NRBM", "MIN"}, {"230120", "PG", "FIS"},  {"260111", "NRBM", "MIN"},
        {"260700", "NRBM", "MIN"}, {"740311", "PG", "MIN"},  {"847120", "HTM", "MET"},
        {"852520", "HTM", "MET"},  {"871120", "MTM", "MET"}, {"852810", "HTM", "VAR"},
        {"950390", "LTM", "VAR"},
    };
    for (size_t i = 0; i < QI_COUNT(KNOWN); i++) {
        assert_string_equal(class_of("technology", "H0", KNOWN[i][0], NULL), KNOWN[i][1]);
        assert_string_equal(class_of("sector", "H0", KNOWN[i][0], NULL), KNOWN[i][2]);
    }
}

static void lall_by_every_nomenclature(void **state) {
    QI_UNUSED(state);
    assert_string_equal(class_of("lall", "S2", "784", NULL), "MT1");
    assert_string_equal(class_of("lall", "S2", "7849", NULL), "MT1");
    assert_string_equal(class_of("lall", "S2", "00111", NULL), "PP");
    assert_string_equal(class_of("lall", "S3", "00111", NULL), "PP");
    assert_string_equal(class_of("lall", "I3", "1320", NULL), "RB2");
    assert_string_equal(class_of("technology", "I3", "1320", NULL), "NRBM");
    assert_string_equal(class_of("technology", "I3", "2720", NULL), "PG");
    assert_string_equal(class_of("sector", "I3", "1512", NULL), "FIS");
    assert_string_equal(class_of("lall", "H6", "260300", NULL), "RB2");
    /* A heading goes where its codes go: 2709 is one code, 8703 all automotive. */
    assert_string_equal(class_of("lall", "H5", "8703", NULL), "MT1");
    assert_string_equal(class_of("lall", "S2", "78", NULL), "MT1 MT2");
    /* National lines of ten digits are their six-digit code. */
    assert_string_equal(class_of("lall", "H3", "2603000000", NULL), "RB2");
    assert_string_equal(class_of("lall", "H3", "123456", NULL), "unclassified");
    assert_string_equal(class_of("lall", "H3", "TOTAL", NULL), "unclassified");
}

static void gold_is_an_option(void **state) {
    QI_UNUSED(state);
    quipu_class_options primary = {.gold_primary = true};
    assert_string_equal(class_of("lall", "H0", "710812", NULL), "OTHER");
    assert_string_equal(class_of("lall", "H0", "710812", &primary), "PP");
    assert_string_equal(class_of("technology", "S2", "9710", NULL), "OTHER");
    assert_string_equal(class_of("technology", "S2", "9710", &primary), "PG");
    assert_string_equal(class_of("technology", "H5", "710812", &primary), "PG");
    assert_string_equal(class_of("lall", "S2", "9410", &primary), "OTHER");
}

static void other_schemes(void **state) {
    QI_UNUSED(state);
    assert_string_equal(class_of("section", "H0", "010111", NULL), "I");
    assert_string_equal(class_of("section", "H6", "97", NULL), "XXI");
    assert_string_equal(class_of("chapter", "H4", "260300", NULL), "26");
    assert_string_equal(class_of("heading", "H4", "260300", NULL), "2603");
    assert_string_equal(class_of("traditional", "H0", "260300", NULL), "COPPER");
    assert_string_equal(class_of("traditional", "H5", "090111", NULL), "COFFEE");
    assert_string_equal(class_of("traditional", "H0", "610910", NULL), "NONTRADITIONAL");
    assert_string_equal(class_of("sector", "H0", "271111", NULL), "CHE");
    assert_string_equal(class_of("sector-extractive", "H0", "271111", NULL), "MIN");
    assert_string_equal(class_of("sector", "H0", "270900", NULL), "MIN");
    assert_string_equal(class_of("sector", "H6", "270900", NULL), "MIN");
    assert_string_equal(class_of("sector", "H0", "7403", NULL), "MIN");
    assert_string_equal(class_of("sitc2-section", "H0", "260300", NULL), "2");
    assert_string_equal(class_of("sitc2-group", "S3", "28310", NULL), "287");
    assert_string_equal(class_of("isic", "H0", "260300", NULL), "1320");
    assert_string_equal(class_of("isic-division", "I3", "1320", NULL), "13");
    assert_string_equal(class_of("bec", "BEC", "521", NULL), "5");
}

static void what_cannot_be_had(void **state) {
    QI_UNUSED(state);
    const char *code = "260300";
    quipu_mapping m;
    quipu_error err;
    assert_int_equal(quipu_classify(nomen, "lal", "H0", &code, 1, NULL, &m, &err),
                     QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "lall"));
    assert_int_equal(quipu_classify(nomen, "bec", "H0", &code, 1, NULL, &m, &err),
                     QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "BEC"));
    assert_int_equal(quipu_classify(nomen, "lall", "BEC", &code, 1, NULL, &m, &err),
                     QUIPU_E_NOT_FOUND);
    assert_int_equal(quipu_classify(nomen, "chapter", "S2", &code, 1, NULL, &m, &err),
                     QUIPU_E_NOT_FOUND);
    assert_int_equal(quipu_classify(nomen, "lall", "H7", &code, 1, NULL, &m, &err),
                     QUIPU_E_NOT_FOUND);
    assert_int_equal(quipu_classify(nomen, NULL, "H0", &code, 1, NULL, &m, &err), QUIPU_E_ARG);
    assert_null(m.impl);
}

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

static void whole_revisions_are_covered(void **state) {
    QI_UNUSED(state);
    static const char *const REVISIONS[] = {"H0", "H1", "H2", "H3", "H4",
                                            "H5", "H6", "S2", "S3", "I3"};
    static const char *const ALL[] = {"technology", "lall"};
    static const char *const HS[] = {"section",           "chapter",     "heading", "sector",
                                     "sector-extractive", "traditional", "isic"};
    for (size_t r = 0; r < QI_COUNT(REVISIONS); r++) {
        const char **codes;
        size_t n = leaf_codes(REVISIONS[r], &codes);
        for (size_t s = 0; s < QI_COUNT(ALL) + (r < 7 ? QI_COUNT(HS) : 0); s++) {
            const char *scheme = s < QI_COUNT(ALL) ? ALL[s] : HS[s - QI_COUNT(ALL)];
            quipu_mapping m;
            quipu_error err;
            if (quipu_classify(nomen, scheme, REVISIONS[r], codes, n, NULL, &m, &err) !=
                QUIPU_OK)
                fail_msg("%s of %s: %s", scheme, REVISIONS[r], err.text);
            assert_int_equal(m.n_sources, n);
            assert_int_equal(m.n_split, 0); /* every leaf has one class */
            if (m.n_unmapped * 500 > n)     /* over 99.8 percent have one */
                fail_msg("%s of %s: %zu of %zu codes have no class", scheme, REVISIONS[r],
                         m.n_unmapped, n);
            assert_int_equal(m.offset[n], n);
            quipu_mapping_free(&m);
        }
        free(codes);
    }
}

/* A heading's weights are the numbers of its codes in each class. */
static void headings_share_equally(void **state) {
    QI_UNUSED(state);
    const char *heading = "0305"; /* 7 codes of 035, 1 (030510 flour) elsewhere or not */
    const char **codes;
    size_t n = leaf_codes("H0", &codes), under = 0;
    quipu_mapping one, all;
    quipu_error err;
    assert_int_equal(quipu_classify(nomen, "lall", "H0", &heading, 1, NULL, &one, &err),
                     QUIPU_OK);
    assert_int_equal(quipu_classify(nomen, "lall", "H0", codes, n, NULL, &all, &err), QUIPU_OK);
    uint32_t counts[16] = {0};
    for (size_t i = 0; i < n; i++) {
        if (strncmp(codes[i], heading, 4) == 0) {
            counts[all.target[all.offset[i]]]++;
            under++;
        }
    }
    uint32_t sum = 0;
    for (uint32_t i = 0; i < one.offset[1]; i++)
        sum += one.weight[i];
    for (uint32_t i = 0; i < one.offset[1]; i++)
        assert_int_equal(one.weight[i] * under, counts[one.target[i]] * sum);
    quipu_mapping_free(&one);
    quipu_mapping_free(&all);
    free(codes);
}

/* ---- exact division ---- */

static uint64_t random_state = UINT64_C(20130704);
static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static void splits_add_up(void **state) {
    QI_UNUSED(state);
    for (size_t round = 0; round < 20000; round++) {
        uint32_t weights[12];
        int64_t parts[12], sum = 0;
        size_t n = 1 + (size_t)(next_random() % 12);
        for (size_t i = 0; i < n; i++)
            weights[i] = (uint32_t)(next_random() >> (32 + next_random() % 30)) | 1u;
        int64_t value = (int64_t)(next_random() >> (next_random() % 60));
        if (next_random() % 2 == 0)
            value = -(value / 2);
        quipu_split(value, weights, n, parts);
        for (size_t i = 0; i < n; i++) {
            assert_true(value >= 0 ? parts[i] >= 0 : parts[i] <= 0);
            sum += parts[i];
        }
        assert_true(sum == value);
    }
    /* floor(7*1/3) = 2, floor(7*2/3) = 4, 7; and downwards for -7: -3, -5, -7. */
    const uint32_t thirds[] = {1, 1, 1};
    int64_t parts[3];
    quipu_split(7, thirds, 3, parts);
    assert_true(parts[0] == 2 && parts[1] == 2 && parts[2] == 3);
    quipu_split(-7, thirds, 3, parts);
    assert_true(parts[0] == -3 && parts[1] == -2 && parts[2] == -2);
    const uint32_t large[] = {UINT32_MAX, UINT32_MAX};
    quipu_split(INT64_MAX, large, 2, parts);
    assert_true(parts[0] == INT64_MAX / 2 && parts[0] + parts[1] == INT64_MAX);
    quipu_split(INT64_MIN, large, 2, parts);
    assert_true(parts[0] == INT64_MIN / 2 && parts[0] + parts[1] == INT64_MIN);
    quipu_split(5, thirds, 0, parts);
}

/* ---- user's tables ---- */

static char path[64];

static const char *write_table(const char *text, size_t length) {
    strcpy(path, "/tmp/quipu-classes-XXXXXX");
    int handle = mkstemp(path);
    assert_true(handle >= 0);
    assert_int_equal(write(handle, text, length), (ssize_t)length);
    close(handle);
    return path;
}

static void users_table(void **state) {
    QI_UNUSED(state);
    static const char TEXT[] = "\xEF\xBB\xBF"
                               "code,class,label,weight\r\n"
                               "26,ore,\"Ores, all \"\"kinds\"\"\",1\r\n"
                               "2603,copper,Copper\r\n"
                               "\r\n"
                               "7403,copper,,3\r\n"
                               "7403,metal,Metals,1\r\n"
                               "01,animal\r\n";
    quipu_class_options options = {.user_csv = write_table(TEXT, sizeof TEXT - 1)};
    assert_string_equal(class_of("mine", "H0", "260300", &options), "copper");
    assert_string_equal(class_of("mine", "H0", "260111", &options), "ore");
    assert_string_equal(class_of("mine", "H0", "2603001234", &options), "copper");
    assert_string_equal(class_of("mine", "H0", "740311", &options), "copper metal");
    assert_string_equal(class_of("mine", "H0", "26", &options), "ore copper");
    assert_string_equal(class_of("mine", "H0", "27", &options), "unclassified");
    assert_string_equal(class_of(NULL, "H0", "01", &options), "animal");
    const char *codes[] = {"740311"};
    quipu_mapping m;
    quipu_error err;
    assert_int_equal(quipu_classify(nomen, "mine", "H0", codes, 1, &options, &m, &err),
                     QUIPU_OK);
    assert_int_equal(m.weight[0], 3);
    assert_int_equal(m.weight[1], 1);
    assert_int_equal(m.n_targets, 5);
    assert_string_equal(m.targets[0].label, "Ores, all \"kinds\"");
    assert_string_equal(m.targets[3].label, "animal");
    assert_string_equal(m.name, "mine");
    quipu_mapping_free(&m);
    unlink(path);

    static const char SEMICOLONS[] = "26;ore\n27;fuel"; /* no header, no last line feed */
    options.user_csv = write_table(SEMICOLONS, sizeof SEMICOLONS - 1);
    assert_string_equal(class_of("mine", "H0", "270900", &options), "fuel");
    unlink(path);
}

static void bad_tables_are_refused(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *text;
        quipu_status status;
        uint64_t line;
        uint32_t column;
    } BAD[] = {
        {"code,class\n26,ore\n2603\n", QUIPU_E_FORMAT, 3, 5},
        {"code,class\n26,ore\n2603,\n", QUIPU_E_FORMAT, 3, 6},
        {"26,ore\n,copper\n", QUIPU_E_FORMAT, 2, 1},
        {"26,ore\n26.03,copper\n", QUIPU_E_FORMAT, 2, 1},
        {"26,ore,Ore,0\n", QUIPU_E_FORMAT, 1, 12},
        {"26,ore,Ore,1.5\n", QUIPU_E_FORMAT, 1, 12},
        {"26,ore,Ore,1,more\n", QUIPU_E_FORMAT, 1, 14},
        {"26,\"ore\n27,fuel\n", QUIPU_E_FORMAT, 1, 4},
        {"26,\"ore\"s\n", QUIPU_E_FORMAT, 1, 9},
        {"26,\xFF\xFE\n", QUIPU_E_FORMAT, 1, 4},
        {"26,ore\n26,ore\n", QUIPU_E_DATA, 0, 0},
        {"code,class\n", QUIPU_E_DATA, 0, 0},
        {"", QUIPU_E_DATA, 0, 0},
    };
    const char *code = "260300";
    for (size_t i = 0; i < QI_COUNT(BAD); i++) {
        quipu_class_options options = {.user_csv =
                                           write_table(BAD[i].text, strlen(BAD[i].text))};
        quipu_mapping m;
        quipu_error err;
        quipu_status status = quipu_classify(nomen, "mine", "H0", &code, 1, &options, &m, &err);
        unlink(path);
        if (status != BAD[i].status || err.line != BAD[i].line || err.column != BAD[i].column)
            fail_msg("case %zu: status %d at %d:%d, \"%s\"", i, (int)status, (int)err.line,
                     (int)err.column, err.text);
        assert_null(m.impl);
        if (BAD[i].line > 0)
            assert_string_equal(err.file, options.user_csv);
    }
    quipu_class_options nowhere = {.user_csv = "/nowhere/at/all.csv"};
    quipu_mapping m;
    quipu_error err;
    assert_int_equal(quipu_classify(nomen, "mine", "H0", &code, 1, &nowhere, &m, &err),
                     QUIPU_E_IO);
}

/* ---- two threads classify with nothing loaded yet ---- */

static void *classify_whole(void *user) {
    const char *codes[] = {"260300", "740311", "0101"};
    quipu_error err;
    return quipu_classify(nomen, "technology", "H4", codes, 3, NULL, user, &err) == QUIPU_OK
               ? user
               : NULL;
}

static void threads_classify(void **state) {
    QI_UNUSED(state);
    for (size_t round = 0; round < 20; round++) {
        quipu_nomen_close(nomen);
        quipu_error err;
        assert_int_equal(quipu_nomen_open(&nomen, &err), QUIPU_OK);
        pthread_t threads[2];
        quipu_mapping m[2];
        for (size_t i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, classify_whole, &m[i]), 0);
        for (size_t i = 0; i < 2; i++) {
            void *done;
            assert_int_equal(pthread_join(threads[i], &done), 0);
            assert_ptr_equal(done, &m[i]);
        }
        assert_int_equal(m[0].n_targets, m[1].n_targets);
        assert_memory_equal(m[0].target, m[1].target, 3 * sizeof(uint32_t));
        quipu_mapping_free(&m[0]);
        quipu_mapping_free(&m[1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_products_of_table_1),
        cmocka_unit_test(lall_by_every_nomenclature),
        cmocka_unit_test(gold_is_an_option),
        cmocka_unit_test(other_schemes),
        cmocka_unit_test(what_cannot_be_had),
        cmocka_unit_test(whole_revisions_are_covered),
        cmocka_unit_test(headings_share_equally),
        cmocka_unit_test(splits_add_up),
        cmocka_unit_test(users_table),
        cmocka_unit_test(bad_tables_are_refused),
        cmocka_unit_test(threads_classify),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
