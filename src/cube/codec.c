/* SPDX-License-Identifier: Apache-2.0 */
/* codec.c - see codec.h for the layout. */
#include "codec.h"
#include "format.h"

static const uint64_t POWER[4] = {1, 10, 100, 1000};

static uint64_t load64(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static unsigned width_of(uint64_t number) {
    return number == 0 ? 1u : (71u - (unsigned)__builtin_clzll(number)) / 8u;
}

/* Pack numbers that are already final (scaled, shifted by one); `all` and `differ` are the OR
 * of the numbers and of their differences from the first. */
static bool pack(qi_buffer *out, const uint64_t *numbers, size_t n, unsigned exponent,
                 uint64_t all, uint64_t differ) {
    size_t n_control = (n + 3) / 4;
    unsigned wide = width_of(all) < 4 ? 4 : width_of(all);
    if (!qi_buffer_reserve(out, 1 + 8 + n_control + n * 8 + 8))
        return false;
    uint8_t *head = (uint8_t *)out->bytes + out->length;
    if (differ == 0 && n_control + width_of(all) * n >= 8) {
        head[0] = (uint8_t)(exponent << 4);
        memcpy(head + 1, &all, 8);
        out->length += 9;
        return true;
    }
    head[0] = (uint8_t)(wide | exponent << 4);
    uint8_t *control = head + 1;
    uint8_t *data = control + n_control;
    for (size_t i = 0; i < n; i += 4) {
        unsigned codes = 0; /* kept in a register: a byte in memory would wait for itself */
        size_t end = i + 4 < n ? i + 4 : n;
        for (size_t j = i; j < end; j++) {
            unsigned width = width_of(numbers[j]);
            unsigned code = width > 3 ? 3u : width - 1u;
            codes |= code << ((j - i) * 2);
            memcpy(data, &numbers[j], 8); /* room for 8 was reserved; `width` of them stay */
            data += code == 3 ? wide : width;
        }
        *control++ = (uint8_t)codes;
    }
    out->length = (size_t)(data - (uint8_t *)out->bytes);
    return true;
}

/* The largest exponent that divides all. */
static unsigned common_exponent(const int64_t *values, size_t n, int64_t missing) {
    unsigned exponent = 2;
    for (size_t i = 0; i < n && exponent > 0; i++)
        while (exponent > 0 && values[i] != missing &&
               (uint64_t)values[i] % POWER[exponent] != 0)
            exponent--;
    return exponent;
}

/* Whole dollars, as most files have: one pass; false when some number is not a thousand. */
static bool in_thousands(const int64_t *values, size_t n, int64_t missing, uint64_t *numbers,
                         uint64_t *all, uint64_t *differ) {
    uint64_t rest = 0, seen = 0, other = 0, first = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t value = (uint64_t)values[i], whole = value / 1000;
        bool present = values[i] != missing;
        uint64_t number = present ? whole + 1 : 0;
        rest |= present ? value - whole * 1000 : 0;
        first = i == 0 ? number : first;
        seen |= number;
        other |= number ^ first;
        numbers[i] = number;
    }
    *all = seen;
    *differ = other;
    return rest == 0;
}

bool qi_encode_values(qi_buffer *out, const int64_t *values, size_t n, int64_t missing) {
    uint64_t small[256];
    small[0] = 0; /* so that an empty list is one, too */
    uint64_t *numbers = n <= 256 ? small : malloc(n * sizeof *numbers);
    uint64_t all = 0, differ = 0;
    unsigned exponent = 3;
    if (numbers == NULL)
        return false;
    if (!in_thousands(values, n, missing, numbers, &all, &differ)) {
        exponent = common_exponent(values, n, missing);
        uint64_t by = POWER[exponent];
        all = differ = 0;
        for (size_t i = 0; i < n; i++) {
            uint64_t whole = by == 1 ? (uint64_t)values[i] : (uint64_t)values[i] / by;
            numbers[i] = values[i] == missing ? 0 : whole + 1;
            all |= numbers[i];
            differ |= numbers[i] ^ numbers[0];
        }
    }
    bool ok = pack(out, numbers, n, exponent, all, differ);
    if (numbers != small)
        free(numbers);
    return ok;
}

static bool pack_plain(qi_buffer *out, const uint64_t *numbers, size_t n) {
    uint64_t all = 0, differ = 0;
    for (size_t i = 0; i < n; i++) {
        all |= numbers[i];
        differ |= numbers[i] ^ numbers[0];
    }
    return pack(out, numbers, n, 0, all, differ);
}

bool qi_encode_bytes(qi_buffer *out, const uint8_t *values, size_t n) {
    uint64_t *numbers = malloc((n + 1) * sizeof *numbers);
    if (numbers == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        numbers[i] = values[i];
    bool ok = pack_plain(out, numbers, n);
    free(numbers);
    return ok;
}

bool qi_encode_products(qi_buffer *out, const uint32_t *products, size_t n, size_t n_products) {
    size_t map_bytes = (n_products + 7) / 8;
    if (n + n / 4 > map_bytes) {
        if (!qi_buffer_reserve(out, 1 + map_bytes))
            return false;
        uint8_t *map = (uint8_t *)out->bytes + out->length;
        map[0] = 1;
        memset(map + 1, 0, map_bytes);
        for (size_t i = 0; i < n; i++)
            map[1 + products[i] / 8] =
                (uint8_t)(map[1 + products[i] / 8] | 1u << products[i] % 8);
        out->length += 1 + map_bytes;
        return true;
    }
    if (!qi_buffer_add(out, "\0", 1))
        return false;
    uint64_t small[256];
    small[0] = 0; /* so that an empty list is one, too */
    uint64_t *gaps = n <= 256 ? small : malloc(n * sizeof *gaps);
    if (gaps == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        gaps[i] = i == 0 ? products[0] : products[i] - products[i - 1] - 1;
    bool ok = pack_plain(out, gaps, n);
    if (gaps != small)
        free(gaps);
    return ok;
}

/* The first bytes of a stream: what its numbers look like and where they begin. */
typedef struct head {
    unsigned exponent;
    unsigned width[4]; /* of a number, by its control bits; [3] == 0: all are `number` */
    uint64_t number;
    const uint8_t *control, *data;
} head;

static bool read_head(const uint8_t *at, const uint8_t *end, size_t n, head *out) {
    if (at >= end || at[0] >> 6 != 0)
        return false;
    unsigned wide = at[0] & 15u;
    size_t n_control = (n + 3) / 4, left = (size_t)(end - at) - 1;
    if (wide == 0 ? left < 8 : wide < 4 || wide > 8 || left < n_control)
        return false;
    *out = (head){.exponent = at[0] >> 4 & 3u, .width = {1, 2, 3, wide}, .control = at + 1};
    out->number = wide == 0 ? load64(at + 1) : 0;
    out->data = at + 1 + (wide == 0 ? 8 : n_control);
    return true;
}

/* The numbers as packed, before the +1 and the exponent are undone. */
static bool unpack(const uint8_t **at, const uint8_t *end, size_t n, uint64_t *out,
                   unsigned *exponent) {
    head h;
    if (!read_head(*at, end, n, &h))
        return false;
    *exponent = h.exponent;
    const uint8_t *data = h.data;
    if (h.width[3] == 0) {
        for (size_t i = 0; i < n; i++)
            out[i] = h.number;
        *at = data;
        return true;
    }
    const uint8_t *control = h.control;
    const unsigned width[4] = {1, 2, 3, h.width[3]};
    const uint64_t mask[4] = {0xFF, 0xFFFF, 0xFFFFFF, ~UINT64_C(0) >> (64 - 8 * h.width[3])};
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        if (data > end) /* within the slack: a load of 32 bytes is still safe */
            return false;
        unsigned c = control[i / 4];
        unsigned a = c & 3, b = c >> 2 & 3, d = c >> 4 & 3, e = c >> 6;
        const uint8_t *data1 = data + width[a];
        const uint8_t *data2 = data1 + width[b];
        const uint8_t *data3 = data2 + width[d];
        out[i] = load64(data) & mask[a];
        out[i + 1] = load64(data1) & mask[b];
        out[i + 2] = load64(data2) & mask[d];
        out[i + 3] = load64(data3) & mask[e];
        data = data3 + width[e];
    }
    for (; i < n; i++) {
        if (data > end)
            return false;
        unsigned code = (unsigned)control[i / 4] >> (i % 4 * 2) & 3u;
        out[i] = load64(data) & mask[code];
        data += width[code];
    }
    if (data > end)
        return false;
    *at = data;
    return true;
}

bool qi_decode_values(const uint8_t **at, const uint8_t *end, size_t n, int64_t missing,
                      int64_t *out) {
    unsigned exponent;
    uint64_t *numbers = (uint64_t *)out; /* same size, undone in place */
    if (!unpack(at, end, n, numbers, &exponent))
        return false;
    uint64_t by = POWER[exponent];
    uint64_t limit = (uint64_t)INT64_MAX / by + 1, over = 0; /* + 1 as the numbers have */
    for (size_t i = 0; i < n; i++) {
        uint64_t number = numbers[i];
        over |= (uint64_t)(number > limit);
        out[i] = number == 0 ? missing : (int64_t)((number - 1) * by);
    }
    return over == 0;
}

bool qi_decode_bytes(const uint8_t **at, const uint8_t *end, size_t n, uint8_t *out,
                     uint64_t *scratch) {
    unsigned exponent;
    if (!unpack(at, end, n, scratch, &exponent) || exponent != 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (scratch[i] > 255)
            return false;
        out[i] = (uint8_t)scratch[i];
    }
    return true;
}

static bool bitmap_products(const uint8_t **at, const uint8_t *end, size_t n, size_t n_products,
                            uint32_t *out) {
    size_t map_bytes = (n_products + 7) / 8;
    const uint8_t *map = *at + 1;
    if ((size_t)(end - *at) < 1 + map_bytes)
        return false;
    size_t found = 0;
    for (size_t base = 0; base < map_bytes; base += 8) {
        uint64_t word = 0;
        memcpy(&word, map + base, map_bytes - base < 8 ? map_bytes - base : 8);
        if (found + (size_t)__builtin_popcountll(word) > n)
            return false;
        while (word != 0) {
            out[found++] = (uint32_t)(base * 8 + (unsigned)__builtin_ctzll(word));
            word &= word - 1;
        }
    }
    *at = map + map_bytes;
    return found == n && (n == 0 || out[n - 1] < n_products);
}

bool qi_decode_products(const uint8_t **at, const uint8_t *end, size_t n, size_t n_products,
                        uint32_t *out, uint64_t *scratch) {
    if (*at >= end)
        return false;
    if (**at == 1)
        return bitmap_products(at, end, n, n_products, out);
    if (**at != 0)
        return false;
    const uint8_t *stream = *at + 1;
    unsigned exponent;
    if (!unpack(&stream, end, n, scratch, &exponent) || exponent != 0)
        return false;
    uint64_t product = 0;
    for (size_t i = 0; i < n; i++) {
        product += scratch[i] + (i > 0);
        if (scratch[i] >= n_products || product >= n_products)
            return false;
        out[i] = (uint32_t)product;
    }
    *at = stream;
    return true;
}

bool qi_skip_stream(const uint8_t **at, const uint8_t *end, size_t n) {
    head h;
    if (!read_head(*at, end, n, &h))
        return false;
    uint64_t length = 0;
    if (h.width[3] != 0)
        for (size_t i = 0; i < n; i++)
            length += h.width[(unsigned)h.control[i / 4] >> (i % 4 * 2) & 3u];
    if ((uint64_t)(end - h.data) < length)
        return false;
    *at = h.data + length;
    return true;
}
