/* SPDX-License-Identifier: Apache-2.0 */
/* test_memory.c - arena, buffer, growing arrays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

static void arena_gives_zeroed_aligned_room(void **unused) {
    QI_UNUSED(unused);
    qi_arena arena = {0};
    static char *kept[3000];
    static size_t sizes[3000];
    for (size_t i = 0; i < QI_COUNT(kept); i++) {
        sizes[i] = i % 97 == 0 ? 3000 * (i % 11) : i % 61;
        kept[i] = qi_arena_alloc(&arena, sizes[i]);
        assert_non_null(kept[i]);
        assert_int_equal((uintptr_t)kept[i] % 16, 0);
        for (size_t j = 0; j < sizes[i]; j++)
            assert_int_equal(kept[i][j], 0);
        memset(kept[i], (int)(i % 251), sizes[i]);
    }
    for (size_t i = 0; i < QI_COUNT(kept); i++) { /* nobody wrote over a neighbour */
        for (size_t j = 0; j < sizes[i]; j++)
            assert_int_equal((unsigned char)kept[i][j], i % 251);
    }
    qi_arena_free(&arena);
    assert_null(arena.head);
    qi_arena_free(&arena); /* twice is harmless */
}

static void arena_refuses_the_impossible(void **unused) {
    QI_UNUSED(unused);
    qi_arena arena = {0};
    assert_null(qi_arena_alloc(&arena, SIZE_MAX));
    assert_null(qi_arena_alloc(&arena, SIZE_MAX - 40));
    char *after = qi_arena_dup(&arena, "still works");
    assert_string_equal(after, "still works");
    qi_arena_free(&arena);
}

static void arena_makes_text(void **unused) {
    QI_UNUSED(unused);
    qi_arena arena = {0};
    assert_null(qi_arena_dup(&arena, NULL));
    assert_string_equal(qi_arena_text(&arena, "abcdef", 3), "abc");
    assert_string_equal(qi_arena_text(&arena, NULL, 0), "");
    assert_string_equal(qi_arena_printf(&arena, "%s-%d", "x", 5), "x-5");
    char *wide = qi_arena_printf(&arena, "%9000d", 1);
    assert_int_equal(strlen(wide), 9000);
    qi_arena_free(&arena);
}

static void buffer_grows(void **unused) {
    QI_UNUSED(unused);
    qi_buffer buffer = {0};
    for (int i = 0; i < 1000; i++)
        assert_true(qi_buffer_printf(&buffer, "%d,", i));
    assert_true(qi_buffer_text(&buffer, "end"));
    assert_true(qi_buffer_add(&buffer, "\0x", 2));
    assert_int_equal(buffer.length, 10 * 2 + 90 * 3 + 900 * 4 + 3 + 2);
    assert_memory_equal(buffer.bytes, "0,1,2,", 6);
    assert_memory_equal(buffer.bytes + buffer.length - 5, "end\0x\0", 6);
    char *before = buffer.bytes;
    assert_false(qi_buffer_reserve(&buffer, SIZE_MAX - 10));
    assert_ptr_equal(buffer.bytes, before);
    qi_buffer_free(&buffer);
    assert_null(buffer.bytes);
    assert_true(qi_buffer_add(&buffer, NULL, 0));
    assert_string_equal(buffer.bytes, "");
    qi_buffer_free(&buffer);
}

static void lists_grow(void **unused) {
    QI_UNUSED(unused);
    QI_LIST(int64_t) list = {0};
    for (int64_t i = 0; i < 1000; i++)
        assert_true(QI_PUSH(&list, i * i));
    assert_int_equal(list.n, 1000);
    assert_int_equal(list.items[999], 998001);
    void *items = list.items;
    assert_false(qi_grow(&items, &list.capacity, SIZE_MAX / 4, sizeof list.items[0]));
    assert_ptr_equal(items, list.items);
    free(list.items);
}

static void sizes_are_checked(void **unused) {
    QI_UNUSED(unused);
    size_t out;
    assert_true(qi_mul_size(3, 5, &out) && out == 15);
    assert_false(qi_mul_size(SIZE_MAX, 2, &out));
    assert_false(qi_add_size(SIZE_MAX, 1, &out));
    int64_t sum = INT64_MAX - 1;
    assert_true(qi_add_money(&sum, 1));
    assert_false(qi_add_money(&sum, 1));
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_zeroed_aligned_room),
        cmocka_unit_test(arena_refuses_the_impossible),
        cmocka_unit_test(arena_makes_text),
        cmocka_unit_test(buffer_grows),
        cmocka_unit_test(lists_grow),
        cmocka_unit_test(sizes_are_checked),
    };
    return cmocka_run_group_tests_name("base: memory", tests, NULL, NULL);
}
