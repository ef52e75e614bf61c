/* SPDX-License-Identifier: Apache-2.0 */
/* test_arrow.c - a table by the Arrow C data interface, walked as a reader would. */
#include "report/test_example.h"

#include "quipu/arrow.h"

#include <pthread.h>

static quipu_arrow *given(quipu_table table) {
    quipu_arrow *arrow;
    quipu_error err = {0};
    assert_int_equal(quipu_arrow_open(&table, &arrow, &err), QUIPU_OK);
    assert_null(table.impl);
    return arrow;
}

static void export(quipu_arrow *arrow, struct ArrowSchema *schema, struct ArrowArray *array) {
    assert_int_equal(quipu_arrow_export(arrow, schema, array, NULL), QUIPU_OK);
    assert_string_equal(schema->format, "+s");
    assert_int_equal(schema->n_children, array->n_children);
    assert_int_equal(array->n_buffers, 1);
    assert_null(array->buffers[0]);
    assert_int_equal(array->null_count, 0);
}

/* The text of a key in Arrow's metadata, as printf would have it; NULL when it is not there. */
static char *meta(const char *metadata, const char *key) {
    int32_t n, length;
    char *found = NULL;
    memcpy(&n, metadata, 4);
    metadata += 4;
    for (int32_t i = 0; i < 2 * n; i++) {
        memcpy(&length, metadata, 4);
        metadata += 4;
        bool here = i % 2 == 0 && (size_t)length == strlen(key) &&
                    memcmp(metadata, key, (size_t)length) == 0;
        metadata += length;
        if (here) {
            memcpy(&length, metadata, 4);
            found = strndup(metadata + 4, (size_t)length);
        }
    }
    return found;
}

static void expect(const char *metadata, const char *key, const char *wanted) {
    char *text = meta(metadata, key);
    assert_non_null(text);
    assert_string_equal(text, wanted);
    free(text);
}

static bool is_present(const struct ArrowArray *column, size_t row) {
    const uint8_t *bits = column->buffers[0];
    return bits == NULL || (bits[row / 8] >> (row % 8) & 1);
}

static void expect_text(const struct ArrowArray *column, size_t row, const char *wanted) {
    const int32_t *offsets = column->buffers[1];
    const char *data = column->buffers[2];
    assert_int_equal(offsets[row + 1] - offsets[row], strlen(wanted));
    assert_memory_equal(data + offsets[row], wanted, strlen(wanted));
}

static void has_all_figures(void **unused) {
    QI_UNUSED(unused);
    struct ArrowSchema schema;
    struct ArrowArray array;
    quipu_arrow *arrow = given(make());
    export(arrow, &schema, &array);
    quipu_arrow_close(arrow); /* the reader's is enough */
    static const char *const formats[] = {"u", "l", "d:19,3", "g"};
    assert_int_equal(array.length, 3);
    assert_int_equal(array.n_children, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(schema.children[i]->format, formats[i]);
        assert_string_equal(schema.children[i]->name, SPECS[i].name);
        assert_int_equal(schema.children[i]->flags, ARROW_FLAG_NULLABLE);
        assert_int_equal(array.children[i]->length, 3);
        assert_int_equal(array.children[i]->null_count, i == 0 ? 0 : 1);
        assert_int_equal(array.children[i]->n_buffers, i == 0 ? 3 : 2);
        for (size_t row = 0; row < 3; row++)
            assert_int_equal(is_present(array.children[i], row), i == 0 || row < 2);
    }
    expect_text(array.children[0], 0, "Côte d'Ivoire");
    expect_text(array.children[0], 1, "日本");
    expect_text(array.children[0], 2, "R&D, \"a|b\" <50%_");
    const int64_t *year = array.children[1]->buffers[1];
    const int64_t *money = array.children[2]->buffers[1];
    const double *share = array.children[3]->buffers[1];
    assert_int_equal(year[1], 2011);
    assert_int_equal(money[0], INT64_C(6967012345678));
    assert_int_equal(money[1], 0);
    assert_int_equal(money[2], -2174000000);
    assert_int_equal(money[3], -1);
    assert_true(share[0] == 0.1534 && share[1] == 1.0 / 3.0);
    schema.release(&schema);
    assert_null(schema.release);
    array.release(&array);
    assert_null(array.release);
}

static void numbers_are_not_copied(void **unused) {
    QI_UNUSED(unused);
    struct ArrowSchema schema;
    struct ArrowArray array;
    quipu_table table = make();
    const int64_t *years = table.columns[1].data.integer;
    const double *shares = table.columns[3].data.real;
    const uint64_t *bits = table.columns[3].present;
    quipu_arrow *arrow = given(table);
    export(arrow, &schema, &array);
    assert_ptr_equal(array.children[1]->buffers[1], years);
    assert_ptr_equal(array.children[3]->buffers[1], shares);
    assert_ptr_equal(array.children[3]->buffers[0], bits);
    assert_ptr_equal(quipu_arrow_table(arrow)->columns[1].data.integer, years);
    array.release(&array);
    schema.release(&schema);
    quipu_arrow_close(arrow);
}

static void says_what_columns_are(void **unused) {
    QI_UNUSED(unused);
    struct ArrowSchema schema;
    struct ArrowArray array;
    quipu_table table = make();
    assert_int_equal(quipu_table_add_note(&table, NULL, "Not \xff UTF-8."), QUIPU_OK);
    quipu_arrow *arrow = given(table);
    export(arrow, &schema, &array);
    array.release(&array);
    quipu_arrow_close(arrow);
    expect(schema.metadata, "measure", "share");
    expect(schema.metadata, "version", QUIPU_VERSION);
    expect(schema.metadata, "title", "Exports of Peru");
    expect(schema.metadata, "notes", "One reporter < 2.\nNot \xEF\xBF\xBD UTF-8.");
    expect(schema.metadata, "source", "BACI");
    expect(schema.metadata, "release", "202401");
    assert_null(meta(schema.metadata, "note"));
    expect(schema.children[2]->metadata, "label", "Value");
    expect(schema.children[2]->metadata, "unit", "US$");
    expect(schema.children[2]->metadata, "role", "figure");
    expect(schema.children[2]->metadata, "type", "money");
    expect(schema.children[3]->metadata, "type", "share");
    expect(schema.children[3]->metadata, "decimals", "1");
    expect(schema.children[0]->metadata, "role", "dimension");
    schema.release(&schema);
}

/* As the interface allows: a child is moved away, its parent let go, the child read. */
static void children_outlive_their_parent(void **unused) {
    QI_UNUSED(unused);
    struct ArrowSchema schema;
    struct ArrowArray array;
    quipu_arrow *arrow = given(make());
    export(arrow, &schema, &array);
    struct ArrowArray names = *array.children[0];
    struct ArrowSchema name = *schema.children[0];
    array.children[0]->release = NULL;
    schema.children[0]->release = NULL;
    quipu_arrow_close(arrow);
    array.release(&array);
    schema.release(&schema);
    expect_text(&names, 1, "日本");
    assert_string_equal(name.name, "partner");
    expect(name.metadata, "label", "Partner");
    names.release(&names);
    name.release(&name);
}

static void a_table_may_be_empty(void **unused) {
    QI_UNUSED(unused);
    struct ArrowSchema schema;
    struct ArrowArray array;
    quipu_table table;
    assert_int_equal(quipu_table_init(&table, "none", SPECS, QI_COUNT(SPECS), NULL), QUIPU_OK);
    quipu_arrow *arrow = given(table);
    export(arrow, &schema, &array);
    assert_int_equal(array.length, 0);
    assert_int_equal(((const int32_t *)array.children[0]->buffers[1])[0], 0);
    for (int c = 0; c < 4; c++)
        for (int64_t b = 1; b < array.children[c]->n_buffers; b++)
            assert_non_null(array.children[c]->buffers[b]);
    array.release(&array);
    schema.release(&schema);
    quipu_arrow_close(arrow);
    assert_int_equal(quipu_table_init(&table, "nothing", NULL, 0, NULL), QUIPU_OK);
    arrow = given(table);
    export(arrow, &schema, &array);
    assert_int_equal(array.n_children, 0);
    array.release(&array);
    schema.release(&schema);
    quipu_arrow_close(arrow);
}

static void bad_text_becomes_a_sign(void **unused) {
    QI_UNUSED(unused);
    struct ArrowSchema schema;
    struct ArrowArray array;
    quipu_table table = make();
    assert_int_equal(quipu_table_set_text(&table, 0, 1, "a\xC3(\xFF", NULL), QUIPU_OK);
    quipu_arrow *arrow = given(table);
    export(arrow, &schema, &array);
    expect_text(array.children[0], 1, "a\xEF\xBF\xBD(\xEF\xBF\xBD");
    expect_text(array.children[0], 2, "R&D, \"a|b\" <50%_");
    array.release(&array);
    schema.release(&schema);
    quipu_arrow_close(arrow);
}

static void a_stream_has_one_batch(void **unused) {
    QI_UNUSED(unused);
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray array;
    quipu_arrow *arrow = given(make());
    assert_int_equal(quipu_arrow_stream(arrow, &stream, NULL), QUIPU_OK);
    quipu_arrow_close(arrow);
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_int_equal(stream.get_next(&stream, &array), 0);
    assert_int_equal(array.length, 3);
    struct ArrowArray end;
    assert_int_equal(stream.get_next(&stream, &end), 0);
    assert_null(end.release);
    assert_null(stream.get_last_error(&stream));
    stream.release(&stream);
    assert_null(stream.release);
    expect_text(array.children[0], 1, "日本");
    array.release(&array);
    schema.release(&schema);
}

static void *read_often(void *arrow) {
    for (int i = 0; i < 200; i++) {
        struct ArrowSchema schema;
        struct ArrowArray array;
        if (quipu_arrow_export(arrow, &schema, &array, NULL) != QUIPU_OK)
            return NULL;
        schema.release(&schema);
        array.release(&array);
    }
    return arrow;
}

static void many_threads_read_one_table(void **unused) {
    QI_UNUSED(unused);
    quipu_arrow *arrow = given(make());
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_often, arrow), 0);
    for (int i = 0; i < 4; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, arrow);
    }
    quipu_arrow_close(arrow);
    quipu_arrow_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_all_figures),
        cmocka_unit_test(numbers_are_not_copied),
        cmocka_unit_test(says_what_columns_are),
        cmocka_unit_test(children_outlive_their_parent),
        cmocka_unit_test(a_table_may_be_empty),
        cmocka_unit_test(bad_text_becomes_a_sign),
        cmocka_unit_test(a_stream_has_one_batch),
        cmocka_unit_test(many_threads_read_one_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
