/* SPDX-License-Identifier: Apache-2.0 */
/* arrow_lay.c - the buffers and metadata of Arrow for a table.
 *
 * Presence bits, whole numbers and reals already lie as Arrow wants them.  Text becomes bytes
 * and offsets, always valid UTF-8; thousandths become 128-bit integers.
 */
#include "report/arrow.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "presence bits are words here and bytes in Arrow: the same on little-endian machines"
#endif

/* For buffers without a byte: some readers do not take NULL. */
static const int64_t nothing[2];

static bool present(const quipu_column *c, size_t row) {
    return c->present[row / 64] >> (row % 64) & 1u;
}

static int64_t count_missing(const quipu_column *c, size_t n_rows) {
    int64_t n = 0;
    for (size_t row = 0; row < n_rows; row++)
        n += !present(c, row);
    return n;
}

/* ---- text ---- */

size_t qi_arrow_length(const char *text) {
    size_t length = strlen(text), at = 0, bad = 0;
    while (at < length)
        bad += qi_utf8_next(text, length, &at) < 0;
    return length + 2 * bad;
}

static char *put_clean(char *to, const char *text) {
    size_t length = strlen(text), at = 0;
    while (at < length) {
        size_t from = at;
        if (qi_utf8_next(text, length, &at) >= 0) {
            memcpy(to, text + from, at - from);
            to += at - from;
        } else {
            memcpy(to, "\xEF\xBF\xBD", 3);
            to += 3;
        }
    }
    return to;
}

static void put_offset(void *offsets, bool large, size_t at, size_t value) {
    if (large)
        ((int64_t *)offsets)[at] = (int64_t)value;
    else
        ((int32_t *)offsets)[at] = (int32_t)value;
}

static quipu_status lay_text(const quipu_column *c, size_t n_rows, qi_arrow_column *out,
                             quipu_error *err) {
    size_t bytes = 0, at = 0, room;
    for (size_t row = 0; row < n_rows; row++)
        bytes += present(c, row) ? qi_arrow_length(c->data.text[row]) : 0;
    bool large = bytes > INT32_MAX;
    if (!qi_mul_size(n_rows + 1, large ? 8 : 4, &room))
        return qi_fail_memory(err, 0);
    void *offsets = out->made[0] = malloc(room);
    char *data = out->made[1] = malloc(bytes + 1), *to = data;
    if (offsets == NULL || data == NULL)
        return qi_fail_memory(err, room + bytes);
    for (size_t row = 0; row < n_rows; row++) {
        put_offset(offsets, large, row, at);
        if (present(c, row))
            to = put_clean(to, c->data.text[row]);
        at = (size_t)(to - data);
    }
    put_offset(offsets, large, n_rows, at);
    out->format = large ? "U" : "u";
    out->n_buffers = 3;
    out->buffers[1] = offsets;
    out->buffers[2] = data;
    return QUIPU_OK;
}

/* ---- numbers ---- */

static quipu_status lay_decimals(const quipu_column *c, size_t n_rows, qi_arrow_column *out,
                                 quipu_error *err) {
    size_t bytes;
    if (!qi_mul_size(n_rows, 16, &bytes))
        return qi_fail_memory(err, 0);
    int64_t *wide = out->made[0] = malloc(bytes + 1);
    if (wide == NULL)
        return qi_fail_memory(err, bytes);
    for (size_t row = 0; row < n_rows; row++) {
        wide[2 * row] = c->data.integer[row];
        wide[2 * row + 1] = c->data.integer[row] < 0 ? -1 : 0;
    }
    out->format = "d:19,3";
    out->n_buffers = 2;
    out->buffers[1] = wide;
    return QUIPU_OK;
}

static quipu_status lay_column(const quipu_column *c, size_t n_rows, qi_arrow_column *out,
                               quipu_error *err) {
    out->missing = count_missing(c, n_rows);
    out->buffers[0] = out->missing > 0 ? c->present : NULL;
    out->n_buffers = 2;
    switch (c->spec.type) {
    case QUIPU_TEXT: return lay_text(c, n_rows, out, err);
    case QUIPU_MONEY:
    case QUIPU_AMOUNT: return lay_decimals(c, n_rows, out, err);
    case QUIPU_INTEGER:
        out->format = "l";
        out->buffers[1] = n_rows > 0 ? c->data.integer : nothing;
        break;
    case QUIPU_REAL:
    case QUIPU_SHARE:
        out->format = "g";
        out->buffers[1] = n_rows > 0 ? (const void *)c->data.real : nothing;
        break;
    }
    return QUIPU_OK;
}

/* ---- metadata: a count, then keys and texts, each with its length before it ---- */

static bool put_length(qi_buffer *to, size_t length) {
    int32_t number = (int32_t)length;
    return length <= INT32_MAX && qi_buffer_add(to, &number, sizeof number);
}

static bool put_word(qi_buffer *to, const char *text) {
    size_t length = qi_arrow_length(text);
    if (!put_length(to, length) || !qi_buffer_reserve(to, length + 1))
        return false;
    put_clean(to->bytes + to->length, text);
    to->length += length;
    return true;
}

static bool put_pair(qi_buffer *to, const char *key, const char *text) {
    return put_word(to, key) && put_word(to, text != NULL ? text : "");
}

static quipu_status keep(quipu_arrow *arrow, qi_buffer *made, bool fine, const char **out,
                         quipu_error *err) {
    char *copy = fine ? qi_arena_alloc(&arrow->arena, made->length) : NULL;
    if (copy != NULL)
        memcpy(copy, made->bytes, made->length);
    *out = copy;
    quipu_status status = copy != NULL ? QUIPU_OK : qi_fail_memory(err, made->length);
    qi_buffer_free(made);
    return status;
}

static quipu_status describe_column(quipu_arrow *arrow, const quipu_column_spec *spec,
                                    const char **out, quipu_error *err) {
    static const char *const types[] = {"text", "integer", "money", "amount", "real", "share"};
    qi_buffer b = {0};
    char decimals[16];
    snprintf(decimals, sizeof decimals, "%d", spec->decimals);
    bool fine = put_length(&b, 5) &&
                put_pair(&b, "label", spec->label != NULL ? spec->label : spec->name) &&
                put_pair(&b, "unit", spec->unit) &&
                put_pair(&b, "role", spec->role == QUIPU_DIMENSION ? "dimension" : "figure") &&
                put_pair(&b, "type", types[spec->type]) && put_pair(&b, "decimals", decimals);
    return keep(arrow, &b, fine, out, err);
}

/* Readers keep one text for a key, so the notes are one text. */
static bool put_notes(qi_buffer *to, const quipu_table *t) {
    qi_buffer all = {0};
    bool fine = true;
    for (size_t i = 0; i < t->n_notes && fine; i++)
        fine = qi_buffer_printf(&all, "%s%s", i > 0 ? "\n" : "", t->notes[i]);
    fine = fine && put_pair(to, "notes", all.bytes);
    qi_buffer_free(&all);
    return fine;
}

static quipu_status describe(quipu_arrow *arrow, quipu_error *err) {
    const quipu_table *t = &arrow->table;
    qi_buffer b = {0};
    bool fine = put_length(&b, 4 + t->n_source) && put_pair(&b, "measure", t->measure) &&
                put_pair(&b, "version", QUIPU_VERSION) && put_pair(&b, "title", t->title) &&
                put_notes(&b, t);
    for (size_t i = 0; i < t->n_source && fine; i++)
        fine = put_pair(&b, t->source[i].key, t->source[i].text);
    return keep(arrow, &b, fine, &arrow->metadata, err);
}

quipu_status qi_arrow_lay(quipu_arrow *arrow, quipu_error *err) {
    const quipu_table *t = &arrow->table;
    arrow->columns = qi_arena_alloc(&arrow->arena, (t->n_columns + 1) * sizeof *arrow->columns);
    if (arrow->columns == NULL)
        return qi_fail_memory(err, t->n_columns);
    for (size_t i = 0; i < t->n_columns; i++) {
        QI_TRY(lay_column(&t->columns[i], t->n_rows, &arrow->columns[i], err));
        QI_TRY(describe_column(arrow, &t->columns[i].spec, &arrow->columns[i].metadata, err));
    }
    return describe(arrow, err);
}
