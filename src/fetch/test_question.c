/* SPDX-License-Identifier: Apache-2.0 */
/* test_question.c - the same question in other words is the same; its parts ask for exactly what
 * the whole asked for. */
#include "fetch/division.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static quipu_nomen *nomen;

static int open_nomen(void **state) {
    QI_UNUSED(state);
    return quipu_nomen_open(&nomen, NULL) == QUIPU_OK ? 0 : -1;
}

static int close_nomen(void **state) {
    QI_UNUSED(state);
    quipu_nomen_close(nomen);
    return 0;
}

static void check_canonical(const quipu_fetch_question *given, const char *expected) {
    qi_question q;
    quipu_error err = {0};
    if (qi_question_open(nomen, given, &q, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    assert_string_equal(q.canonical, expected);
    qi_question_close(&q);
}

static void the_same_in_other_words(void **state) {
    static const char ASKED[] =
        "{\"source\":\"comtrade\",\"layout\":1,\"reporters\":[\"152\",\"604\"],\"partners\":"
        "\"all\",\"products\":[\"AG6\"],\"flows\":[\"M\",\"X\"],\"periods\":[2010,2011,2012],"
        "\"nomenclature\":\"HS\"}\n";
    QI_UNUSED(state);
    check_canonical(&(quipu_fetch_question){.source = "comtrade",
                                            .reporters = "Peru,Chile",
                                            .periods = "2010-2012",
                                            .products = "6-digit"},
                    ASKED);
    check_canonical(&(quipu_fetch_question){.source = "comtrade",
                                            .reporters = " CHL , 604,Perú",
                                            .partners = "all",
                                            .periods = "2012,2010,2011-2012",
                                            .products = "AG6",
                                            .flows = "import,exports",
                                            .nomenclature = "HS"},
                    ASKED);
    check_canonical(
        &(quipu_fetch_question){.source = "comtrade",
                                .reporters = "all",
                                .partners = "China,World",
                                .periods = "201011-201102",
                                .products = "2603,26",
                                .flows = "re-export",
                                .nomenclature = "HS12"},
        "{\"source\":\"comtrade\",\"layout\":1,\"reporters\":\"all\",\"partners\":[\"0\","
        "\"156\"],"
        "\"products\":[\"26\",\"2603\"],\"flows\":[\"RX\"],\"periods\":[201011,201012,201101,"
        "201102],\"nomenclature\":\"H4\"}\n");
    check_canonical(
        &(quipu_fetch_question){
            .source = "wits", .reporters = "Peru", .periods = "2011", .flows = "export"},
        "{\"source\":\"wits\",\"layout\":1,\"reporters\":[\"PER\"],\"flows\":[\"X\"],"
        "\"periods\":[2011]}\n");
}

static void what_cannot_be_asked(void **state) {
    static const struct {
        quipu_fetch_question q;
        quipu_status status;
        const char *says;
    } CASE[] = {
        {{.source = "x"}, QUIPU_E_ARG, "nothing is fetched from \"x\": there are comtrade"},
        {{.source = NULL}, QUIPU_E_ARG, "nothing is fetched"},
        {{.source = "comtrade", .periods = "2011"}, QUIPU_E_ARG, "which? add --reporter"},
        {{.source = "comtrade", .reporters = "Peru"}, QUIPU_E_ARG, "which? add --years"},
        {{.source = "wits", .reporters = "Peru", .periods = "2011", .partners = "China"},
         QUIPU_E_ARG,
         "fetch wits takes no --partner"},
        {{.source = "comtrade", .reporters = "Pru", .periods = "2011"},
         QUIPU_E_NOT_FOUND,
         "Peru"},
        {{.source = "comtrade", .reporters = "Peru,,Chile", .periods = "2011"},
         QUIPU_E_NOT_FOUND,
         ""},
        {{.source = "comtrade", .reporters = "Peru", .periods = "2012-2010"},
         QUIPU_E_ARG,
         "years \"2012-2010\""},
        {{.source = "comtrade", .reporters = "Peru", .periods = "2011,201101"},
         QUIPU_E_ARG,
         "years and months are fetched each on their own"},
        {{.source = "comtrade", .reporters = "Peru", .periods = "201113"},
         QUIPU_E_ARG,
         "or months"},
        {{.source = "wits", .reporters = "Peru", .periods = "201101"}, QUIPU_E_ARG, "expected"},
        {{.source = "comtrade", .reporters = "Peru", .periods = "2011", .products = "total,26"},
         QUIPU_E_ARG,
         "a whole level is fetched on its own"},
        {{.source = "comtrade", .reporters = "Peru", .periods = "2011", .products = "2&6"},
         QUIPU_E_ARG,
         "product \"2&6\""},
        {{.source = "comtrade", .reporters = "Peru", .periods = "2011", .flows = "reconciled"},
         QUIPU_E_ARG,
         "flow \"reconciled\""},
        {{.source = "comtrade", .reporters = "Peru", .periods = "2011", .nomenclature = "I3"},
         QUIPU_E_ARG,
         "is not published in"},
        {{.source = "baci", .nomenclature = "HS92", .release = "../x"}, QUIPU_E_ARG, "release"},
        {{.source = "baci", .nomenclature = "S3", .release = "202301"},
         QUIPU_E_ARG,
         "is not published in"},
        {{.source = "wits", .reporters = "all", .periods = "2011"}, QUIPU_E_ARG, "by name"},
        {{.source = "wits", .reporters = "Peru", .periods = "2011", .flows = "re-export"},
         QUIPU_E_ARG,
         "exports and imports only"},
        {{.source = "worldbank", .reporters = "all", .periods = "2011", .indicators = "x/../y"},
         QUIPU_E_ARG,
         "indicator \"x/../y\""},
    };
    QI_UNUSED(state);
    for (size_t i = 0; i < QI_COUNT(CASE); i++) {
        qi_question q;
        quipu_error err = {0};
        quipu_status status = qi_question_open(nomen, &CASE[i].q, &q, &err);
        if (status != CASE[i].status || strstr(err.text, CASE[i].says) == NULL)
            fail_msg("case %zu: %d \"%s\"", i, (int)status, err.text);
    }
}

/* ---- division ---- */

static const char **numbers(qi_arena *arena, size_t n) {
    const char **items = qi_arena_alloc(arena, n * sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = qi_arena_printf(arena, "%06zu", i);
    return items;
}

typedef struct cover {
    unsigned *times; /* how often a leaf asks for it */
    size_t n_flows, n_partners, n_products;
} cover;

static size_t place(const qi_names *names, size_t i) {
    int64_t number = -1;
    assert_true(qi_parse_int(names->items[i], strlen(names->items[i]), &number));
    return (size_t)number;
}

/* Divide down to what cannot be divided, and count what is asked for. */
static void divide_all(qi_arena *arena, qi_node *node, const qi_names *partners,
                       const qi_names *products, const cover *c) {
    if (!qi_node_divides(node)) {
        assert_int_equal(node->flows.n, 1);
        assert_int_equal(node->partners.n, 1);
        assert_int_equal(node->products.n, 1);
        size_t flow = strcmp(node->flows.items[0], "X") == 0;
        c->times[(flow * c->n_partners + place(&node->partners, 0)) * c->n_products +
                 place(&node->products, 0)]++;
        return;
    }
    qi_lack lack = qi_node_lacks(node);
    assert_int_equal(qi_node_divide(arena, node,
                                    lack == QI_LACKS_PARTNERS   ? partners
                                    : lack == QI_LACKS_PRODUCTS ? products
                                                                : NULL,
                                    NULL),
                     QUIPU_OK);
    assert_true(node->n_parts >= 1);
    for (size_t i = 0; i < node->n_parts; i++) {
        assert_true(node->parts[i].partners.all || node->parts[i].partners.n <= 200 ||
                    node->flows.n > 1);
        assert_memory_equal(node->parts[i].name, node->name, strlen(node->name));
        divide_all(arena, &node->parts[i], partners, products, c);
    }
}

static void parts_ask_for_the_whole(void **state) {
    static const char *const FLOWS[] = {"M", "X"}, *const LEVEL[] = {"AG6"};
    static const size_t SIZES[][2] = {{1, 1}, {2, 9}, {290, 3}, {7, 1900}, {8, 64}, {57, 65}};
    QI_UNUSED(state);
    for (size_t i = 0; i < QI_COUNT(SIZES); i++) {
        qi_arena arena = {0};
        cover c = {.n_flows = 2, .n_partners = SIZES[i][0], .n_products = SIZES[i][1]};
        size_t cells = 2 * c.n_partners * c.n_products;
        c.times = calloc(cells, sizeof *c.times);
        assert_non_null(c.times);
        qi_names partners = {.n = c.n_partners, .items = numbers(&arena, c.n_partners)};
        qi_names products = {.n = c.n_products, .items = numbers(&arena, c.n_products)};
        qi_node root = {.name = "604-2011",
                        .flows = {.n = 2, .items = FLOWS},
                        .partners = {.all = true},
                        .products = {.n = 1, .items = LEVEL}};
        divide_all(&arena, &root, &partners, &products, &c);
        for (size_t k = 0; k < cells; k++)
            assert_int_equal(c.times[k], 1);
        free(c.times);
        qi_arena_free(&arena);
    }
}

static void long_lists_make_short_requests(void **state) {
    static const char *const FLOW[] = {"X"}, *const PARTNER[] = {"156"},
                             *const LEVEL[] = {"AG6"};
    qi_arena arena = {0};
    qi_names products = {.n = 5400, .items = numbers(&arena, 5400)};
    qi_node node = {.name = "n",
                    .flows = {.n = 1, .items = FLOW},
                    .partners = {.n = 1, .items = PARTNER},
                    .products = {.n = 1, .items = LEVEL}};
    QI_UNUSED(state);
    assert_int_equal(qi_node_divide(&arena, &node, &products, NULL), QUIPU_OK);
    assert_int_equal(node.n_parts, 27);
    for (size_t i = 0; i < node.n_parts; i++)
        assert_true(node.parts[i].products.n <= 200);
    qi_arena_free(&arena);
}

static void a_whole_with_more_rows_than_its_parts(void **state) {
    qi_node parts[2] = {{.name = "n.1", .rows = 3, .settled = true},
                        {.name = "n.2", .rows = 4, .settled = true}};
    qi_node node = {.name = "n", .rows = 7, .parts = parts, .n_parts = 2};
    quipu_error err = {0};
    QI_UNUSED(state);
    assert_int_equal(qi_node_check(&node, NULL), QUIPU_OK);
    node.rows = 8;
    assert_int_equal(qi_node_check(&node, &err), QUIPU_E_DATA);
    assert_non_null(strstr(err.text, "n: the parts have 7 rows and the whole had 8"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_in_other_words),
        cmocka_unit_test(what_cannot_be_asked),
        cmocka_unit_test(parts_ask_for_the_whole),
        cmocka_unit_test(long_lists_make_short_requests),
        cmocka_unit_test(a_whole_with_more_rows_than_its_parts),
    };
    return cmocka_run_group_tests_name("fetch: questions", tests, open_nomen, close_nomen);
}
