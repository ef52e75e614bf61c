/* SPDX-License-Identifier: Apache-2.0 */
/* test_codec.c - streams and product lists: round trips, and bytes that are neither.
 *
 * Every decode here reads from a buffer whose end, with exactly QI_SLACK bytes after it, lies
 * against an unreadable page: one byte too far is a crash.
 */
#define _DEFAULT_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../tests/support/world.h"
#include "cube/codec.h"
#include "cube/format.h"

#define MISSING ((int64_t)-1)

/* ---- a buffer before an unreadable page ---- */

enum { GUARDED = 1 << 20 };

typedef struct guard {
    uint8_t *map;
    size_t page;
} guard;

static guard the_guard(void) {
    guard g = {NULL, (size_t)sysconf(_SC_PAGESIZE)};
    g.map = mmap(NULL, GUARDED + g.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                 -1, 0);
    assert_ptr_not_equal(g.map, MAP_FAILED);
    assert_int_equal(mprotect(g.map + GUARDED, g.page, PROT_NONE), 0);
    return g;
}

static void drop(guard *g) {
    munmap(g->map, GUARDED + g->page);
}

/* The bytes, their end QI_SLACK before the unreadable page.  The slack is filled with ones:
 * decoding may read it but nothing may come of it. */
static const uint8_t *place(const guard *g, const void *bytes, size_t length) {
    uint8_t *at = g->map + GUARDED - QI_SLACK - length;
    memset(g->map + GUARDED - QI_SLACK, 0xFF, QI_SLACK);
    if (length > 0)
        memcpy(at, bytes, length);
    return at;
}

/* ---- values ---- */

static void round_trip(const guard *g, const int64_t *values, size_t n) {
    qi_buffer out = {0};
    assert_true(qi_encode_values(&out, values, n, MISSING));
    size_t first = out.length;
    assert_true(qi_encode_values(&out, values, n, MISSING)); /* another one may follow */
    const uint8_t *at = place(g, out.bytes, out.length), *end = at + out.length, *skip = at;
    int64_t *back = malloc((n + 1) * sizeof *back);
    assert_non_null(back);
    for (int i = 1; i <= 2; i++) {
        back[n] = 77;
        assert_true(qi_skip_stream(&skip, end, n));
        assert_true(qi_decode_values(&at, end, n, MISSING, back));
        assert_ptr_equal(at, end - out.length + first * (size_t)i);
        assert_ptr_equal(at, skip);
        if (n > 0)
            assert_memory_equal(back, values, n * sizeof *values);
        assert_int_equal(back[n], 77);
    }
    free(back);
    qi_buffer_free(&out);
}

static const size_t SIZES[] = {0,  1,  2,  3,  4,  5,   6,   7,   8,   9,    12,
                               15, 16, 17, 31, 64, 100, 255, 256, 257, 1000, 4999};

static void values_of_every_width(void **unused) {
    QI_UNUSED(unused);
    guard g = the_guard();
    uint64_t random = 1;
    static int64_t values[5000];
    static const int64_t SCALE[] = {1, 10, 100, 1000};
    for (size_t s = 0; s < QI_COUNT(SIZES); s++)
        for (unsigned bits = 1; bits <= 63; bits++)
            for (size_t e = 0; e < QI_COUNT(SCALE); e++) {
                for (size_t i = 0; i < SIZES[s]; i++) {
                    int64_t number = (int64_t)(qt_next(&random) >> (64 - bits));
                    values[i] = number > INT64_MAX / SCALE[e] ? INT64_MAX : number * SCALE[e];
                    if (qt_next(&random) % 8 == 0)
                        values[i] = MISSING;
                }
                if (SIZES[s] < 1000 || bits % 9 == 0)
                    round_trip(&g, values, SIZES[s]);
            }
    drop(&g);
}

static void values_of_mixed_width(void **unused) {
    QI_UNUSED(unused);
    guard g = the_guard();
    uint64_t random = 2;
    static int64_t values[300];
    for (int round = 0; round < 3000; round++) {
        size_t n = qt_next(&random) % 300;
        unsigned most = 1 + (unsigned)(qt_next(&random) % 63);
        for (size_t i = 0; i < n; i++)
            values[i] = qt_amount(qt_next(&random), most);
        round_trip(&g, values, n);
    }
    drop(&g);
}

static void values_at_the_edges(void **unused) {
    QI_UNUSED(unused);
    guard g = the_guard();
    static const int64_t EDGES[] = {0,
                                    1,
                                    MISSING,
                                    9,
                                    10,
                                    99,
                                    100,
                                    999,
                                    1000,
                                    254,
                                    255,
                                    256,
                                    65534,
                                    65535,
                                    16777214,
                                    16777215,
                                    4294967294,
                                    4294967295,
                                    254000,
                                    255000,
                                    INT64_MAX,
                                    INT64_MAX - 1,
                                    INT64_MAX / 10 * 10,
                                    INT64_MAX / 100 * 100,
                                    INT64_MAX / 1000 * 1000};
    int64_t values[40];
    for (size_t a = 0; a < QI_COUNT(EDGES); a++) {
        for (size_t n = 0; n <= 40; n++) { /* all equal */
            for (size_t i = 0; i < n; i++)
                values[i] = EDGES[a];
            round_trip(&g, values, n);
        }
        for (size_t b = 0; b < QI_COUNT(EDGES); b++)
            for (size_t n = 2; n < 12; n++) {
                for (size_t i = 0; i < n; i++)
                    values[i] = i == n / 2 ? EDGES[b] : EDGES[a];
                round_trip(&g, values, n);
            }
    }
    drop(&g);
}

static void equal_values_take_nine_bytes(void **unused) {
    QI_UNUSED(unused);
    qi_buffer out = {0};
    int64_t values[1000];
    for (size_t i = 0; i < 1000; i++)
        values[i] = 123456789;
    assert_true(qi_encode_values(&out, values, 1000, MISSING));
    assert_int_equal(out.length, 9);
    out.length = 0;
    assert_true(qi_encode_values(&out, values, 1, MISSING)); /* and one fewer */
    assert_int_equal(out.length, 6);
    qi_buffer_free(&out);
}

/* ---- bytes ---- */

static void bytes_come_back(void **unused) {
    QI_UNUSED(unused);
    guard g = the_guard();
    uint64_t random = 3, scratch[301];
    uint8_t values[300], back[301];
    for (int round = 0; round < 2000; round++) {
        size_t n = qt_next(&random) % 300;
        unsigned most = 1u << qt_next(&random) % 9;
        for (size_t i = 0; i < n; i++)
            values[i] = (uint8_t)(qt_next(&random) % most);
        qi_buffer out = {0};
        assert_true(qi_encode_bytes(&out, values, n));
        const uint8_t *at = place(&g, out.bytes, out.length), *end = at + out.length;
        back[n] = 7;
        scratch[n] = 77;
        assert_true(qi_decode_bytes(&at, end, n, back, scratch));
        assert_ptr_equal(at, end);
        assert_memory_equal(back, values, n);
        assert_int_equal(back[n], 7);
        assert_int_equal(scratch[n], 77);
        qi_buffer_free(&out);
    }
    drop(&g);
}

/* ---- products ---- */

static void products_trip(const guard *g, const uint32_t *products, size_t n,
                          size_t n_products) {
    qi_buffer out = {0};
    assert_true(qi_encode_products(&out, products, n, n_products));
    const uint8_t *at = place(g, out.bytes, out.length), *end = at + out.length;
    uint32_t *back = malloc((n + 1) * sizeof *back);
    uint64_t *scratch = malloc((n + 1) * sizeof *scratch);
    assert_true(back != NULL && scratch != NULL);
    back[n] = 77;
    scratch[n] = 77;
    assert_true(qi_decode_products(&at, end, n, n_products, back, scratch));
    assert_ptr_equal(at, end);
    if (n > 0)
        assert_memory_equal(back, products, n * sizeof *products);
    assert_int_equal(back[n], 77);
    assert_int_equal(scratch[n], 77);
    free(back);
    free(scratch);
    qi_buffer_free(&out);
}

static void products_of_every_density(void **unused) {
    QI_UNUSED(unused);
    guard g = the_guard();
    uint64_t random = 4;
    static uint32_t products[6000];
    static const size_t KNOWN[] = {1, 2, 7, 8, 9, 63, 64, 65, 100, 128, 1241, 5018, 6000};
    for (size_t s = 0; s < QI_COUNT(KNOWN); s++)
        for (int round = 0; round < 60; round++) {
            size_t n = 0, known = KNOWN[s];
            double density =
                round == 0 ? 1 : qt_share(qt_next(&random)) * (round % 2 ? 1 : 0.05);
            for (uint32_t k = 0; k < known; k++)
                if (qt_share(qt_next(&random)) < density)
                    products[n++] = k;
            products_trip(&g, products, n, known);
        }
    drop(&g);
}

static void products_at_the_edges(void **unused) {
    QI_UNUSED(unused);
    guard g = the_guard();
    uint32_t one[1] = {0}, two[2];
    for (size_t known = 1; known < 70; known++) {
        one[0] = (uint32_t)known - 1;
        products_trip(&g, one, 1, known);
        for (uint32_t k = 0; k + 1 < known; k++) {
            two[0] = k;
            two[1] = (uint32_t)known - 1;
            products_trip(&g, two, 2, known);
        }
    }
    two[0] = 0;
    two[1] = UINT32_MAX / 2 - 1; /* the last product there can be: gaps, no bitmap */
    products_trip(&g, two, 2, UINT32_MAX / 2);
    products_trip(&g, NULL, 0, 0);
    products_trip(&g, NULL, 0, 100);
    drop(&g);
}

/* ---- bytes that are nothing ---- */

static void refuses_what_is_no_stream(void **unused) {
    QI_UNUSED(unused);
    static const struct {
        const char *bytes;
        size_t length, n;
        bool values, is_bytes;
    } CASES[] = {
        {"", 0, 0, false, false},         /* nothing at all */
        {"\x04", 1, 0, true, true},       /* no numbers */
        {"\x04", 1, 1, false, false},     /* no control byte */
        {"\x04\x00", 2, 1, false, false}, /* no number */
        {"\x04\x00\x05", 3, 1, true, true},
        {"\x34\x00\x05", 3, 1, true, false},  /* a scale, which bytes have not */
        {"\x44\x00\x05", 3, 1, false, false}, /* a bit that means nothing */
        {"\x84\x00\x05", 3, 1, false, false},
        {"\x01\x00\x05", 3, 1, false, false}, /* wide numbers of 1, 3, 9, 15 bytes */
        {"\x03\x00\x05", 3, 1, false, false},
        {"\x09\x00\x05", 3, 1, false, false},
        {"\x0F\x00\x05", 3, 1, false, false},
        {"\x04\x01\x05", 3, 1, false, false},    /* a number of two bytes, cut */
        {"\x04\x01\x00\x01", 4, 1, true, false}, /* 256: no byte */
        {"\x04\x01\xFF\x00", 4, 1, true, true},
        {"\x04\x00\x05\x05", 4, 2, true, true},
        {"\x04\x00\x05\x05", 4, 3, false, false},
        {"\x00\x05\0\0\0\0\0\0\0", 9, 3, true, true}, /* all equal */
        {"\x00\x05\0\0\0\0\0\0", 8, 3, false, false},
        {"\x00\x00\0\0\0\0\0\0\x80", 9, 3, true, false}, /* 2^63 stands for 2^63 - 1 */
        {"\x00\x01\0\0\0\0\0\0\x80", 9, 3, false, false},
        {"\x30\xA6\x9B\xC4\x20\xB0\x72\x24\0", 9, 2, false, false}, /* times 1000 is too much */
        {"\x08\x03\x00\x00\x00\x00\x00\x00\x00\x80", 10, 1, true, false},
        {"\x08\x03\x01\x00\x00\x00\x00\x00\x00\x80", 10, 1, false, false},
    };
    guard g = the_guard();
    for (size_t i = 0; i < QI_COUNT(CASES); i++) {
        int64_t values[8];
        uint64_t scratch[8];
        uint8_t bytes[8];
        const uint8_t *start = place(&g, CASES[i].bytes, CASES[i].length), *at = start;
        const uint8_t *end = at + CASES[i].length;
        bool fine = qi_decode_values(&at, end, CASES[i].n, MISSING, values);
        if (fine != CASES[i].values)
            print_error("case %zu as values\n", i);
        assert_int_equal(fine, CASES[i].values);
        assert_true(!fine || at == end);
        at = start;
        fine = qi_decode_bytes(&at, end, CASES[i].n, bytes, scratch);
        if (fine != CASES[i].is_bytes)
            print_error("case %zu as bytes\n", i);
        assert_int_equal(fine, CASES[i].is_bytes);
    }
    drop(&g);
}

static void refuses_what_is_no_product_list(void **unused) {
    QI_UNUSED(unused);
    static const struct {
        const char *bytes;
        size_t length, n, n_products;
        bool fine;
    } CASES[] = {
        {"", 0, 1, 9, false},
        {"\x01\x03", 2, 2, 8, true},
        {"\x01\x03", 2, 2, 9, false}, /* cut: 9 products need two bytes */
        {"\x01\x03", 2, 1, 8, false}, /* more than were asked for */
        {"\x01\x03", 2, 3, 8, false}, /* fewer */
        {"\x01\x81", 2, 2, 7, false}, /* product 7 of 7 */
        {"\x01\x81", 2, 2, 8, true},
        {"\x02\x03", 2, 2, 8, false},             /* no such list */
        {"\x00\x04\x00\x00\x06", 5, 2, 8, true},  /* 0, 7 */
        {"\x00\x04\x00\x00\x07", 5, 2, 8, false}, /* 0, 8 */
        {"\x00\x14\x00\x00\x06", 5, 2, 8, false}, /* a scale */
        {"\x00\x04\x00\x08", 4, 1, 8, false},
        {"\x00\x08\x0C\x05\xFC\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12, 2, 8,
         false},                                      /* 5, round to 2 */
        {"\x00\x00\0\0\0\0\0\0\0\0", 10, 8, 8, true}, /* all of them, as gaps of 0 */
        {"\x00\x00\0\0\0\0\0\0\0\0", 10, 9, 8, false},
        {"\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10, 3, 8, false}, /* goes round to 0 */
    };
    guard g = the_guard();
    for (size_t i = 0; i < QI_COUNT(CASES); i++) {
        uint32_t products[16];
        uint64_t scratch[16];
        const uint8_t *start = place(&g, CASES[i].bytes, CASES[i].length), *at = start;
        bool fine = qi_decode_products(&at, at + CASES[i].length, CASES[i].n,
                                       CASES[i].n_products, products, scratch);
        if (fine != CASES[i].fine)
            print_error("case %zu\n", i);
        assert_int_equal(fine, CASES[i].fine);
        assert_true(!fine || at == start + CASES[i].length);
    }
    drop(&g);
}

/* Whatever the bytes, only n numbers are written, none of them is out of range, and stepping
 * over a stream goes as far as decoding it. */
static void try_garbage(const guard *g, const uint8_t *bytes, size_t length, size_t n,
                        size_t n_products) {
    static int64_t values[400];
    static uint64_t scratch[400];
    static uint32_t products[400];
    static uint8_t small[400];
    const uint8_t *start = place(g, bytes, length), *end = start + length;
    const uint8_t *at = start, *skip = start;
    values[n] = 77;
    bool skipped = qi_skip_stream(&skip, end, n);
    if (qi_decode_values(&at, end, n, MISSING, values)) {
        assert_true(skipped);
        assert_ptr_equal(at, skip);
        for (size_t i = 0; i < n; i++)
            assert_true(values[i] >= MISSING);
    }
    assert_int_equal(values[n], 77);
    assert_true(at >= start && at <= end && skip <= end);

    at = start;
    small[n] = 7;
    scratch[n] = 77;
    if (qi_decode_bytes(&at, end, n, small, scratch))
        assert_ptr_equal(at, skip);
    assert_int_equal(small[n], 7);
    assert_int_equal(scratch[n], 77);

    at = start;
    products[n] = 77;
    if (qi_decode_products(&at, end, n, n_products, products, scratch))
        for (size_t i = 0; i < n; i++) {
            assert_true(products[i] < n_products);
            assert_true(i == 0 || products[i] > products[i - 1]);
        }
    assert_true(at <= end);
    assert_int_equal(products[n], 77);
    assert_int_equal(scratch[n], 77);
}

static void garbage_stays_inside(void **unused) {
    QI_UNUSED(unused);
    guard g = the_guard();
    uint64_t random = 5;
    uint8_t bytes[512];
    for (int round = 0; round < 60000; round++) {
        size_t length = qt_next(&random) % (round % 3 == 0 ? 12 : 400);
        size_t n = qt_next(&random) % (round % 2 == 0 ? 20 : 399);
        for (size_t i = 0; i < length; i++)
            bytes[i] = (uint8_t)qt_next(&random);
        if (length > 0 && round % 4 != 0) /* a head that is one, so that the rest is reached */
            bytes[0] = (uint8_t)(qt_next(&random) % 64 & ~11u);
        if (length > 1 && round % 8 == 1)
            bytes[0] = (uint8_t)(round / 8 % 2);
        try_garbage(&g, bytes, length, n, 1 + qt_next(&random) % 500);
    }
    drop(&g);
}

static void damaged_streams_stay_inside(void **unused) {
    QI_UNUSED(unused);
    guard g = the_guard();
    uint64_t random = 6;
    int64_t values[200];
    uint32_t products[200];
    for (int round = 0; round < 3000; round++) {
        size_t n = 1 + qt_next(&random) % 199;
        qi_buffer out = {0};
        for (size_t i = 0; i < n; i++) {
            values[i] = qt_amount(qt_next(&random), 62);
            products[i] = (uint32_t)(i * 3 + qt_next(&random) % 3);
        }
        assert_true(round % 2 == 0 ? qi_encode_values(&out, values, n, MISSING)
                                   : qi_encode_products(&out, products, n, 600));
        for (int i = 0; i < 8; i++) {
            size_t bit = qt_next(&random) % (out.length * 8);
            out.bytes[bit / 8] = (char)(out.bytes[bit / 8] ^ (1 << bit % 8));
            size_t length = i % 2 == 0 ? out.length : qt_next(&random) % out.length;
            try_garbage(&g, (const uint8_t *)out.bytes, length, n, 600);
        }
        qi_buffer_free(&out);
    }
    drop(&g);
}

/* ---- the worked example of docs/format.md ---- */

/* The hex bytes of the code block after a line that begins with `title`. */
static size_t hex_after(const char *text, const char *title, uint8_t *out, size_t size) {
    const char *at = strstr(text, title);
    at = at != NULL ? strstr(at, "```\n") : NULL;
    size_t n = 0;
    for (at = at != NULL ? at + 4 : ""; *at != 0 && strncmp(at, "```", 3) != 0;) {
        const char *end = strchr(at, '\n');
        for (; end != NULL && n < size; n++) { /* pairs of digits, up to two blanks */
            unsigned byte;
            if (sscanf(at, "%2x", &byte) != 1 || at[0] == ' ')
                break;
            out[n] = (uint8_t)byte;
            at += 3;
            if (at[-1] != ' ')
                break;
        }
        at = end != NULL ? end + 1 : "";
    }
    return n;
}

static void the_example_in_the_manual_is_right(void **unused) {
    QI_UNUSED(unused);
    const char *root = getenv("QUIPU_SOURCE");
    char path[4096];
    snprintf(path, sizeof path, "%s/docs/format.md", root != NULL ? root : ".");
    FILE *file = fopen(path, "r");
    if (file == NULL)
        skip();
    static char text[65536];
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    uint8_t expected[256];
    size_t n = hex_after(text, "### A run, byte by byte", expected, sizeof expected);

    uint32_t product[] = {2, 3, 9};
    int64_t value[] = {1500000, QUIPU_MONEY_MISSING, 70000};
    int64_t weight[] = {12500, 300, 300};
    quipu_leaves leaves = {.n = 3, .product = product, .value = value, .weight = weight};
    qi_part part;
    assert_int_equal(qi_part_init(&part, 100, QUIPU_HAS_WEIGHT, NULL, NULL), QUIPU_OK);
    assert_int_equal(qi_part_add(&part, 0, 1, &leaves, NULL), QUIPU_OK);
    for (size_t i = 0; i < part.leaves.length; i++)
        if (i >= n || expected[i] != (uint8_t)part.leaves.bytes[i])
            print_error("byte %zu is %02x\n", i, (uint8_t)part.leaves.bytes[i]);
    assert_int_equal(n, part.leaves.length);
    assert_memory_equal(expected, part.leaves.bytes, n);
    assert_int_equal(part.pairs.items[0].total, 1570000);
    qi_part_free(&part);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_width),
        cmocka_unit_test(values_of_mixed_width),
        cmocka_unit_test(values_at_the_edges),
        cmocka_unit_test(equal_values_take_nine_bytes),
        cmocka_unit_test(bytes_come_back),
        cmocka_unit_test(products_of_every_density),
        cmocka_unit_test(products_at_the_edges),
        cmocka_unit_test(refuses_what_is_no_stream),
        cmocka_unit_test(refuses_what_is_no_product_list),
        cmocka_unit_test(garbage_stays_inside),
        cmocka_unit_test(damaged_streams_stay_inside),
        cmocka_unit_test(the_example_in_the_manual_is_right),
    };
    return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
