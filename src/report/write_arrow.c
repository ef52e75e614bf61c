/* SPDX-License-Identifier: Apache-2.0 */
/* write_arrow.c - a table as an Apache Arrow IPC stream (format version 1.0, metadata V5).
 *
 *   schema message, one record batch, end of stream
 *
 *   QUIPU_TEXT            utf8
 *   QUIPU_INTEGER         int64
 *   QUIPU_MONEY, _AMOUNT  decimal128(19, 3): exact
 *   QUIPU_REAL, _SHARE    float64
 *
 * Missing is null.  Label, unit and role are metadata of the field; measure, title, notes and
 * source of the schema.
 *
 * A message begins with a flatbuffer.  These are written front to back: a table first, with
 * holes where it points to others, then what it points to, and the holes are filled.  All
 * numbers are little-endian whatever the machine.
 */
#include "report/arrow.h"
#include "report/writer.h"

enum { V5 = 4, HEADER_SCHEMA = 1, HEADER_BATCH = 3 };
enum { TYPE_INT = 2, TYPE_FLOAT = 3, TYPE_UTF8 = 5, TYPE_DECIMAL = 7 };
enum { ALIGN = 8, MONEY_DIGITS = 19, MONEY_SCALE = 3, MONEY_BYTES = 16 };

/* ---- text: always valid UTF-8 ---- */

static const char *as_it_is(int32_t point) {
    QI_UNUSED(point);
    return NULL;
}

/* ---- flatbuffers ---- */

typedef struct flat {
    qi_buffer bytes;
    bool failed;
} flat;

static void put_number(char *to, uint64_t value, size_t size) {
    for (size_t i = 0; i < size; i++)
        to[i] = (char)(value >> (8 * i) & 0xFF);
}

static void add(flat *f, const void *bytes, size_t length) {
    f->failed = f->failed || !qi_buffer_add(&f->bytes, bytes, length);
}

static void add_number(flat *f, uint64_t value, size_t size) {
    char bytes[8];
    put_number(bytes, value, size);
    add(f, bytes, size);
}

/* Zeros until the length is `rest` more than a multiple of 8. */
static void align(flat *f, size_t rest) {
    while (!f->failed && f->bytes.length % ALIGN != rest)
        add(f, "", 1);
}

static void set(flat *f, size_t at, uint64_t value, size_t size) {
    if (!f->failed)
        put_number(f->bytes.bytes + at, value, size);
}

/* Let the hole `at` point to what comes next. */
static void point(flat *f, size_t at) {
    set(f, at, f->bytes.length - at, 4);
}

/* A table whose field i has sizes[i] bytes (0 = left out); at[i] is where it is.  The largest
 * come first, so that each is aligned. */
static size_t add_table(flat *f, const uint8_t *sizes, size_t n, size_t *at) {
    uint16_t place[8] = {0};
    size_t length = 4;
    align(f, 0);
    for (size_t size = 8; size > 0; size /= 2)
        for (size_t i = 0; i < n; i++) {
            if (sizes[i] != size)
                continue;
            if (size == 8 && length % 8 != 0)
                length += 4;
            place[i] = (uint16_t)length;
            length += size;
        }
    size_t vtable = f->bytes.length;
    add_number(f, 4 + 2 * n, 2);
    add_number(f, length, 2);
    for (size_t i = 0; i < n; i++)
        add_number(f, place[i], 2);
    align(f, 0);
    size_t table = f->bytes.length;
    add_number(f, table - vtable, 4);
    while (!f->failed && f->bytes.length < table + length)
        add(f, "", 1);
    for (size_t i = 0; i < n; i++)
        at[i] = table + place[i];
    return table;
}

/* The hole `at` gets a table.  Its vtable comes first, so the hole is filled afterwards. */
static void point_table(flat *f, size_t hole, const uint8_t *sizes, size_t n, size_t *at) {
    size_t table = add_table(f, sizes, n, at);
    set(f, hole, table - hole, 4);
}

static void add_text(flat *f, size_t hole, const char *text) {
    size_t length = strlen(text), at = 0, from = 0;
    align(f, 0);
    point(f, hole);
    add_number(f, qi_arrow_length(text), 4);
    while (at < length) {
        size_t here = at;
        if (qi_utf8_next(text, length, &at) >= 0)
            continue;
        add(f, text + from, here - from);
        add(f, "\xEF\xBF\xBD", 3);
        from = at;
    }
    add(f, text + from, length - from + 1);
}

/* A vector of `n` holes; returns the first. */
static size_t add_holes(flat *f, size_t hole, size_t n) {
    align(f, 0);
    point(f, hole);
    add_number(f, n, 4);
    size_t first = f->bytes.length;
    for (size_t i = 0; i < n; i++)
        add_number(f, 0, 4);
    return first;
}

static void add_pair(flat *f, size_t hole, const char *key, const char *value) {
    static const uint8_t sizes[] = {4, 4};
    size_t at[2];
    point_table(f, hole, sizes, 2, at);
    add_text(f, at[0], key);
    add_text(f, at[1], value);
}

/* ---- schema ---- */

static void add_type(flat *f, size_t hole, size_t kind_at, quipu_type type) {
    static const uint8_t int_sizes[] = {4, 1}, float_sizes[] = {2}, decimal_sizes[] = {4, 4, 4};
    size_t at[3];
    switch (type) {
    case QUIPU_TEXT:
        set(f, kind_at, TYPE_UTF8, 1);
        point_table(f, hole, NULL, 0, at);
        break;
    case QUIPU_INTEGER:
        set(f, kind_at, TYPE_INT, 1);
        point_table(f, hole, int_sizes, 2, at);
        set(f, at[0], 64, 4);
        set(f, at[1], 1, 1);
        break;
    case QUIPU_MONEY:
    case QUIPU_AMOUNT:
        set(f, kind_at, TYPE_DECIMAL, 1);
        point_table(f, hole, decimal_sizes, 3, at);
        set(f, at[0], MONEY_DIGITS, 4);
        set(f, at[1], MONEY_SCALE, 4);
        set(f, at[2], 8 * MONEY_BYTES, 4);
        break;
    case QUIPU_REAL:
    case QUIPU_SHARE:
        set(f, kind_at, TYPE_FLOAT, 1);
        point_table(f, hole, float_sizes, 1, at);
        set(f, at[0], 2, 2);
        break;
    }
}

static void add_field(flat *f, size_t hole, const quipu_column_spec *spec) {
    /* name, nullable, kind of type, type, dictionary, children, metadata */
    static const uint8_t sizes[] = {4, 1, 1, 4, 0, 4, 4};
    size_t at[7];
    point_table(f, hole, sizes, 7, at);
    set(f, at[1], 1, 1);
    add_text(f, at[0], spec->name);
    add_type(f, at[3], at[2], spec->type);
    add_holes(f, at[5], 0);
    size_t pair = add_holes(f, at[6], 3);
    add_pair(f, pair, "label", spec->label != NULL ? spec->label : spec->name);
    add_pair(f, pair + 4, "unit", spec->unit);
    add_pair(f, pair + 8, "role", spec->role == QUIPU_DIMENSION ? "dimension" : "figure");
}

static void add_metadata(const qi_writer *w, flat *f, size_t hole) {
    const quipu_table *t = w->table;
    bool plain = w->options->plain;
    size_t n = 2 + (plain ? 0 : 1 + t->n_notes + t->n_source), i = 0;
    size_t pair = add_holes(f, hole, n);
    add_pair(f, pair, "measure", t->measure);
    add_pair(f, pair + 4, "version", QUIPU_VERSION);
    if (plain)
        return;
    add_pair(f, pair + 8, "title", t->title != NULL ? t->title : "");
    for (pair += 12; i < t->n_notes; i++, pair += 4)
        add_pair(f, pair, "note", t->notes[i]);
    for (i = 0; i < t->n_source; i++, pair += 4)
        add_pair(f, pair, t->source[i].key, t->source[i].text);
}

/* What every message begins with; returns the hole of its header. */
static size_t begin_message(flat *f, unsigned header, uint64_t body) {
    static const uint8_t sizes[] = {2, 1, 4, 8};
    size_t at[4];
    *f = (flat){0};
    add_number(f, 0, 4);
    point_table(f, 0, sizes, 4, at);
    set(f, at[0], V5, 2);
    set(f, at[1], header, 1);
    set(f, at[3], body, 8);
    return at[2];
}

static void put_message(qi_writer *w, flat *f) {
    char head[8];
    align(f, 0);
    put_number(head, 0xFFFFFFFF, 4);
    put_number(head + 4, f->bytes.length, 4);
    if (f->failed) {
        w->no_memory = true;
    } else {
        qi_put(w, head, sizeof head);
        qi_put(w, f->bytes.bytes, f->bytes.length);
    }
    qi_buffer_free(&f->bytes);
}

static void put_schema(qi_writer *w) {
    static const uint8_t sizes[] = {2, 4, 4};
    const quipu_table *t = w->table;
    flat f;
    size_t at[3], hole = begin_message(&f, HEADER_SCHEMA, 0);
    point_table(&f, hole, sizes, 3, at);
    size_t field = add_holes(&f, at[1], t->n_columns);
    for (size_t i = 0; i < t->n_columns; i++)
        add_field(&f, field + 4 * i, &t->columns[i].spec);
    add_metadata(w, &f, at[2]);
    put_message(w, &f);
}

/* ---- record batch ---- */

static size_t padded(size_t length) {
    return (length + ALIGN - 1) / ALIGN * ALIGN;
}

static size_t text_bytes(const qi_writer *w, size_t column) {
    size_t sum = 0;
    for (size_t row = 0; row < w->table->n_rows; row++)
        if (qi_cell_present(w, column, row))
            sum += qi_arrow_length(w->table->columns[column].data.text[row]);
    return sum;
}

/* Lengths of the buffers of a column: presence, (offsets,) data. */
static size_t buffers_of(const qi_writer *w, size_t column, size_t length[3]) {
    size_t rows = w->table->n_rows;
    quipu_type type = w->table->columns[column].spec.type;
    length[0] = (rows + 7) / 8;
    if (type == QUIPU_TEXT) {
        length[1] = 4 * (rows + 1);
        length[2] = text_bytes(w, column);
        return 3;
    }
    length[1] = (type == QUIPU_MONEY || type == QUIPU_AMOUNT ? MONEY_BYTES : 8) * rows;
    return 2;
}

static void put_zeros(qi_writer *w, size_t n) {
    static const char zeros[ALIGN];
    qi_put(w, zeros, n);
}

static void put_presence(qi_writer *w, size_t column) {
    unsigned byte = 0;
    size_t rows = w->table->n_rows, row = 0;
    for (; row < rows; row++) {
        byte |= (unsigned)qi_cell_present(w, column, row) << (row % 8);
        if (row % 8 == 7) {
            qi_putc(w, (char)byte);
            byte = 0;
        }
    }
    if (row % 8 != 0)
        qi_putc(w, (char)byte);
    put_zeros(w, padded((rows + 7) / 8) - (rows + 7) / 8);
}

static void put_texts(qi_writer *w, size_t column) {
    const char **text = w->table->columns[column].data.text;
    size_t rows = w->table->n_rows, sum = 0;
    char number[4];
    for (size_t row = 0; row <= rows; row++) {
        put_number(number, sum, 4);
        qi_put(w, number, 4);
        if (row < rows && qi_cell_present(w, column, row))
            sum += qi_arrow_length(text[row]);
    }
    put_zeros(w, padded(4 * (rows + 1)) - 4 * (rows + 1));
    for (size_t row = 0; row < rows; row++)
        if (qi_cell_present(w, column, row))
            qi_put_escaped(w, text[row], as_it_is);
    put_zeros(w, padded(sum) - sum);
}

static void put_numbers(qi_writer *w, size_t column) {
    const quipu_column *c = &w->table->columns[column];
    for (size_t row = 0; row < w->table->n_rows; row++) {
        char number[MONEY_BYTES] = {0};
        size_t size = 8;
        bool there = qi_cell_present(w, column, row);
        if (c->spec.type == QUIPU_REAL || c->spec.type == QUIPU_SHARE) {
            uint64_t bits = 0;
            if (there)
                memcpy(&bits, &c->data.real[row], sizeof bits);
            put_number(number, bits, 8);
        } else {
            int64_t value = there ? c->data.integer[row] : 0;
            put_number(number, (uint64_t)value, 8);
            if (c->spec.type != QUIPU_INTEGER) {
                size = MONEY_BYTES;
                put_number(number + 8, value < 0 ? UINT64_MAX : 0, 8);
            }
        }
        qi_put(w, number, size);
    }
}

static uint64_t missing_in(const qi_writer *w, size_t column) {
    uint64_t n = 0;
    for (size_t row = 0; row < w->table->n_rows; row++)
        n += !qi_cell_present(w, column, row);
    return n;
}

/* Vectors of structs of two 64-bit numbers: elements lie on multiples of 8. */
static void add_structs(flat *f, size_t hole, size_t n) {
    align(f, 4);
    point(f, hole);
    add_number(f, n, 4);
}

static bool put_batch_head(qi_writer *w) {
    static const uint8_t sizes[] = {8, 4, 4};
    const quipu_table *t = w->table;
    size_t length[3], n_buffers = 0, body = 0, start = 0, at[3];
    for (size_t c = 0; c < t->n_columns; c++) {
        size_t n = buffers_of(w, c, length);
        n_buffers += n;
        for (size_t i = 0; i < n; i++)
            body += padded(length[i]);
        if (n == 3 && length[2] > INT32_MAX) {
            w->failure = (quipu_error){.status = QUIPU_E_LIMIT};
            snprintf(w->failure.text, sizeof w->failure.text,
                     "column %s has more than 2 GB of text, the most a column of Arrow holds",
                     t->columns[c].spec.name);
            return false;
        }
    }
    flat f;
    size_t hole = begin_message(&f, HEADER_BATCH, body);
    point_table(&f, hole, sizes, 3, at);
    set(&f, at[0], t->n_rows, 8);
    add_structs(&f, at[1], t->n_columns);
    for (size_t c = 0; c < t->n_columns; c++) {
        add_number(&f, t->n_rows, 8);
        add_number(&f, missing_in(w, c), 8);
    }
    add_structs(&f, at[2], n_buffers);
    for (size_t c = 0; c < t->n_columns; c++) {
        size_t n = buffers_of(w, c, length);
        for (size_t i = 0; i < n; i++) {
            add_number(&f, start, 8);
            add_number(&f, length[i], 8);
            start += padded(length[i]);
        }
    }
    put_message(w, &f);
    return true;
}

void qi_write_arrow(qi_writer *w) {
    char end[8] = {0};
    put_schema(w);
    if (!put_batch_head(w))
        return;
    for (size_t c = 0; c < w->table->n_columns && !w->refused; c++) {
        put_presence(w, c);
        if (w->table->columns[c].spec.type == QUIPU_TEXT)
            put_texts(w, c);
        else
            put_numbers(w, c);
    }
    put_number(end, 0xFFFFFFFF, 4);
    qi_put(w, end, sizeof end);
}
