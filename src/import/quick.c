/* SPDX-License-Identifier: Apache-2.0 */
/* quick.c - lines such as `2021,4,24,382390,52.051,       13.235` at about 10 ns each.
 *
 * One comparison of the next 64 bytes with ',' and '\n' finds every field of the line; fields
 * are then converted by their place, not searched for.  Amounts have three decimals, as CEPII
 * writes them: 16 bytes that end where the field ends are turned into a number in a handful of
 * vector steps.  Everything else - other decimals, quotes, letters, groups of countries - is
 * left to the next way: a plain C one without vectors, and after that the careful one.
 */
#include "import.h"

static inline uint64_t load64(const char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

typedef struct figures {
    uint64_t product;
    int64_t value, weight;
} figures;

/* ---- without vectors ---- */

/* The digits at p, at most 8, as a number; returns how many.  Without a branch on their count:
 * the first byte that is no digit is found with arithmetic on all eight, the digits are moved
 * to the top and summed in three multiplications. */
static inline unsigned digits8(const char *p, uint64_t *out) {
    uint64_t word = load64(p) ^ UINT64_C(0x3030303030303030);
    uint64_t stop =
        ((word + UINT64_C(0x7676767676767676)) | word) & UINT64_C(0x8080808080808080);
    unsigned n = stop != 0 ? (unsigned)__builtin_ctzll(stop) / 8 : 8;
    if (n == 0)
        return 0;
    word <<= 64 - 8 * n;
    word = word * 10 + (word >> 8);
    *out = (((word & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064)) +
            ((word >> 16 & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001))) >>
           32;
    return n;
}

/* digits [. up to 6 digits] times 10^6, at *at; false at anything else. */
static inline bool amount(const char **at, int64_t *out) {
    static const uint32_t TEN[7] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    uint64_t whole, part = 0;
    unsigned n = digits8(*at, &whole), decimals = 0;
    const char *p = *at + n;
    if (n == 0)
        return false;
    if (*p == '.') {
        decimals = digits8(p + 1, &part);
        p += 1 + decimals;
        if (decimals == 0 || decimals > 6)
            return false;
    }
    if ((unsigned char)(*p - '0') < 10)
        return false; /* more than 8 digits: the careful way has no such limit */
    *out = (int64_t)(whole * 1000000 + part * TEN[6 - decimals]);
    *at = p;
    return true;
}

/* year,exporter,importer, of a line; fills the memory. */
static bool read_prefix(const qi_chunk *chunk, const char *line, qi_quick *q) {
    const qi_import *import = chunk->import;
    uint64_t year, number[2];
    const char *p = line;
    unsigned n = digits8(p, &year);
    q->length = 0;
    if (n != 4 || p[4] != ',' || year < 1900 || year > 2100)
        return false;
    p += 5;
    for (int i = 0; i < 2; i++) {
        n = digits8(p, &number[i]);
        if (n == 0 || n > 3 || p[n] != ',')
            return false;
        unsigned known = import->number[number[i]];
        if (known == QI_UNKNOWN_NUMBER || import->kind[known] == QUIPU_WORLD ||
            import->kind[known] == QUIPU_AGGREGATE)
            return false;
        number[i] = known;
        p += n + 1;
    }
    q->length = (size_t)(p - line); /* 9 to 13 */
    q->mask[0] = ~UINT64_C(0);
    q->mask[1] = ~UINT64_C(0) >> (64 - 8 * (q->length - 8));
    q->text[0] = load64(line);
    q->text[1] = load64(line + 8) & q->mask[1];
    q->key = qi_cell_key((quipu_period)year, chunk->schema->flow, (unsigned)number[0],
                         (unsigned)number[1]);
    return true;
}

static inline bool same_prefix(const qi_quick *q, const char *line) {
    return q->length != 0 && load64(line) == q->text[0] &&
           (load64(line + 8) & q->mask[1]) == q->text[1];
}

/* Six digits and a comma as a packed code. */
static inline bool product(const char *p, uint64_t *out) {
    uint64_t word = load64(p);
    uint64_t digits = (word & UINT64_C(0x0000FFFFFFFFFFFF)) ^ UINT64_C(0x0000303030303030);
    if (((digits + UINT64_C(0x0000767676767676)) | digits) & UINT64_C(0x0000808080808080))
        return false;
    if ((word >> 48 & 0xFF) != ',')
        return false;
    digits += UINT64_C(0x0000030303030303); /* '0' is 3 in base 40 */
    uint64_t pairs = (digits & UINT64_C(0x000000FF00FF00FF)) * 40 +
                     (digits >> 8 & UINT64_C(0x000000FF00FF00FF));
    uint64_t code = ((pairs & 0xFFFF) * 1600 + (pairs >> 16 & 0xFFFF)) * 1600 + (pairs >> 32);
    *out = code * UINT64_C(4096000000); /* 40^6: left-aligned in twelve */
    return true;
}

static bool plain_line(const qi_chunk *chunk, const char *line, qi_quick *q, figures *f,
                       const char **next) {
    if (!same_prefix(q, line) && !read_prefix(chunk, line, q))
        return false;
    const char *p = line + q->length;
    if (!product(p, &f->product))
        return false;
    p += 7;
    f->weight = QUIPU_QUANTITY_MISSING;
    if (!amount(&p, &f->value))
        return false;
    if (q->n_columns == 6) {
        if (*p++ != ',')
            return false;
        while (*p == ' ')
            p++;
        if (p[0] == 'N' && p[1] == 'A')
            p += 2;
        else if (*p != '\n' && *p != '\r' && !amount(&p, &f->weight))
            return false;
    }
    p += *p == '\r';
    *next = p + 1;
    return *p == '\n';
}

/* Put a row's figures behind the others; room for them was made. */
static inline quipu_status keep(qi_chunk *chunk, qi_quick *q, const figures *f, uint32_t line,
                                quipu_error *err) {
    qi_plain *plain = &chunk->plain;
    size_t n = plain->n;
    int64_t weight = f->weight;
    if (__builtin_expect(q->key != q->last_key || line != q->last_line + 1, 0)) {
        qi_plain_group group = {q->key, n, line};
        if (!QI_PUSH(&plain->groups, group))
            return qi_fail_memory(err, sizeof group);
        q->last_key = q->key;
    }
    q->last_line = line;
    if (__builtin_expect(weight == 0 && f->value > 0, 0)) {
        qi_ledger_count(&chunk->ledger, QI_R_ZERO_QUANTITY, 1, f->value);
        weight = QUIPU_QUANTITY_MISSING;
    }
    plain->product[n] = f->product;
    plain->value[n] = f->value;
    plain->weight[n] = weight;
    plain->n = n + 1;
    return QUIPU_OK;
}

/* ---- with vectors ---- */

#if defined(__x86_64__) && defined(__GNUC__)
#define HAVE_VECTORS 1
#include <immintrin.h>

#define VECTORS __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))

/* 16 zeros, then 16 ones: reading at n gives a mask of the last n bytes. */
static const uint8_t LAST[32] = {0,    0,    0,    0,    0,    0,    0,    0,
                                 0,    0,    0,    0,    0,    0,    0,    0,
                                 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

/* `digits`: sixteen bytes 0..9, blanks and the rest already 0, a point at byte 12. */
VECTORS static inline bool convert(__m128i digits, int64_t *out) {
    const __m128i close = _mm_setr_epi8(-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15);
    digits = _mm_shuffle_epi8(digits, close);
    if (_mm_movemask_epi8(
            _mm_cmpeq_epi8(_mm_max_epu8(digits, _mm_set1_epi8(9)), _mm_set1_epi8(9))) != 0xFFFF)
        return false;
    const __m128i tens = _mm_set1_epi16(0x010A), hundreds = _mm_set1_epi32(0x00010064);
    const __m128i thousands = _mm_set1_epi32(0x00012710);
    __m128i sum = _mm_madd_epi16(_mm_maddubs_epi16(digits, tens), hundreds);
    sum = _mm_madd_epi16(_mm_packus_epi32(sum, sum), thousands);
    uint64_t both = (uint64_t)_mm_cvtsi128_si64(sum); /* high part first, eight digits each */
    *out = (int64_t)(((both & UINT32_MAX) * 100000000 + (both >> 32)) * 1000);
    return true;
}

/* The field of `length` bytes that ends at `end`: digits and three decimals, perhaps padded
 * with blanks in front. */
VECTORS static inline bool vector_amount(const char *end, size_t length, int64_t *out) {
    if (length < 5 || length > 16)
        return false;
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(end - 16));
    __m128i inside = _mm_loadu_si128((const __m128i *)(const void *)(LAST + length));
    __m128i blank = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(' '));
    unsigned blanks =
        (unsigned)_mm_movemask_epi8(_mm_and_si128(blank, inside)) >> (16 - length);
    /* Blanks only in front (a run of low bits), and a digit before the point. */
    if ((blanks & (blanks + 1)) != 0 || end[-4] != '.' || (blanks >> (length - 5)) != 0)
        return false;
    __m128i digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    digits = _mm_andnot_si128(blank, _mm_and_si128(digits, inside));
    return convert(digits, out);
}

VECTORS static inline bool vector_line(const qi_chunk *chunk, const char *line, qi_quick *q,
                                       figures *f, const char **next) {
    const __m256i comma = _mm256_set1_epi8(','), newline = _mm256_set1_epi8('\n');
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)line);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(line + 32));
    uint64_t ends = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, newline)) |
                    (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, newline))
                        << 32;
    uint64_t commas = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, comma)) |
                      (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, comma))
                          << 32;
    if (ends == 0)
        return false;
    size_t length = (size_t)_tzcnt_u64(ends);
    *next = line + length + 1;
    commas = _bzhi_u64(commas, (unsigned)length);
    if ((size_t)_mm_popcnt_u64(commas) + 1 != q->n_columns)
        return false;
    if (!same_prefix(q, line) && !read_prefix(chunk, line, q))
        return false;
    if (!product(line + q->length, &f->product))
        return false;
    f->weight = QUIPU_QUANTITY_MISSING;
    length -= line[length - 1] == '\r';
    size_t value = q->length + 7, stop = length;
    if (q->n_columns == 6) {
        stop = 63 - (size_t)_lzcnt_u64(commas); /* the last comma */
        const char *end = line + length;
        size_t width = length - stop - 1;
        if (width >= 2 && end[-1] == 'A' && end[-2] == 'N') {
            for (size_t i = stop + 1; i + 2 < length; i++)
                if (line[i] != ' ')
                    return false;
        } else if (width > 0 && !vector_amount(end, width, &f->weight)) {
            return false;
        }
    }
    return stop > value && vector_amount(line + stop, stop - value, &f->value);
}

VECTORS static quipu_status vector_lines(qi_chunk *chunk, qi_quick *q, const char **at,
                                         const char *end, uint32_t *line, quipu_error *err) {
    const char *p = *at, *next;
    uint32_t number = *line;
    figures f;
    quipu_status status = QUIPU_OK;
    while (p < end && status == QUIPU_OK && vector_line(chunk, p, q, &f, &next)) {
        status = keep(chunk, q, &f, number++, err);
        p = next;
    }
    *at = p;
    *line = number;
    return status;
}

static bool have_vectors(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2");
}
#else
#define HAVE_VECTORS 0
#endif

quipu_status qi_quick_lines(qi_chunk *chunk, qi_quick *q, const char **at, const char *end,
                            uint32_t *line, quipu_error *err) {
    qi_plain *plain = &chunk->plain;
    /* The shortest plain line has 18 bytes. */
    if (!qi_plain_reserve(plain, plain->n + (size_t)(end - *at) / 18 + 1))
        return qi_fail_memory(err, (size_t)(end - *at));
    q->last_line = UINT32_MAX; /* what was read in between was not ours: begin a new group */
    while (*at < end) {
#if HAVE_VECTORS
        if (have_vectors())
            QI_TRY(vector_lines(chunk, q, at, end, line, err));
        if (*at == end)
            break;
#endif
        figures f;
        const char *next;
        if (!plain_line(chunk, *at, q, &f, &next))
            break;
        QI_TRY(keep(chunk, q, &f, (*line)++, err));
        *at = next;
    }
    if (q->n_columns == 6 && plain->n > 0)
        chunk->columns |= QUIPU_HAS_WEIGHT;
    return QUIPU_OK;
}

bool qi_plain_reserve(qi_plain *plain, size_t n) {
    if (n <= plain->capacity)
        return true;
    size_t room = n + n / 2;
    uint64_t *product = realloc(plain->product, room * sizeof *product);
    if (product != NULL)
        plain->product = product;
    int64_t *value = realloc(plain->value, room * sizeof *value);
    if (value != NULL)
        plain->value = value;
    int64_t *weight = realloc(plain->weight, room * sizeof *weight);
    if (weight != NULL)
        plain->weight = weight;
    if (product == NULL || value == NULL || weight == NULL)
        return false;
    plain->capacity = room;
    return true;
}

void qi_plain_free(qi_plain *plain) {
    free(plain->product);
    free(plain->value);
    free(plain->weight);
    free(plain->groups.items);
}
