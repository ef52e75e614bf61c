/* SPDX-License-Identifier: Apache-2.0 */
/* text.c - folding names for comparison, widths on a terminal, spelling distance, UTF-8. */
#include "base/base.h"

#include <utf8proc.h>

int32_t qi_utf8_next(const char *text, size_t length, size_t *at) {
    unsigned char first = (unsigned char)text[*at];
    if (first < 0x80) {
        (*at)++;
        return first;
    }
    size_t left = length - *at;
    utf8proc_int32_t point;
    utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)text + *at,
                                             (utf8proc_ssize_t)(left < 4 ? left : 4), &point);
    if (used <= 0) {
        (*at)++;
        return -1;
    }
    *at += (size_t)used;
    return point;
}

bool qi_utf8_valid(const char *text, size_t length) {
    size_t at = 0;
    while (at < length) {
        uint64_t eight;
        if (length - at >= sizeof eight) {
            memcpy(&eight, text + at, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        if (qi_utf8_next(text, length, &at) < 0)
            return false;
    }
    return true;
}

unsigned qi_point_width(int32_t point) {
    if ((point >= 0x20 && point < 0x7F) || point < 0)
        return 1;
    int width = utf8proc_charwidth(point);
    return width > 0 ? (unsigned)width : 0;
}

size_t qi_display_width(const char *text) {
    size_t length = strlen(text), width = 0, at = 0;
    while (at < length)
        width += qi_point_width(qi_utf8_next(text, length, &at));
    return width;
}

/* ---- folding ---- */

typedef struct folded {
    char *out;
    size_t length, size;
    bool blank, full; /* a blank is due before the next letter; no more room */
} folded;

static void fold_letters(folded *f, const char *bytes, size_t n) {
    size_t blank = f->blank && f->length > 0 ? 1 : 0;
    f->blank = false;
    if (f->full || f->length + blank + n >= f->size) {
        f->full = true;
        return;
    }
    if (blank)
        f->out[f->length++] = ' ';
    memcpy(f->out + f->length, bytes, n);
    f->length += n;
}

/* Latin letters that Unicode does not decompose into a plain letter and a mark. */
static const struct {
    int32_t point;
    char plain[3];
} PLAIN_LETTERS[] = {
    {0x00E6, "ae"}, {0x00F0, "d"}, {0x00F8, "o"}, {0x00FE, "th"}, {0x0111, "d"},
    {0x0127, "h"},  {0x0131, "i"}, {0x0142, "l"}, {0x0153, "oe"}, {0x0167, "t"},
};

/* One code point that is already decomposed, in lower case and no mark. */
static void fold_point(folded *f, int32_t point) {
    for (size_t i = 0; i < QI_COUNT(PLAIN_LETTERS); i++) {
        if (PLAIN_LETTERS[i].point == point) {
            fold_letters(f, PLAIN_LETTERS[i].plain, strlen(PLAIN_LETTERS[i].plain));
            return;
        }
    }
    switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: {
        utf8proc_uint8_t bytes[4];
        utf8proc_ssize_t n = utf8proc_encode_char(point, bytes);
        fold_letters(f, (const char *)bytes, (size_t)n);
        return;
    }
    default: f->blank = true;
    }
}

size_t qi_fold(const char *text, size_t length, char *out, size_t size) {
    if (size == 0)
        return 0;
    folded f = {.out = out, .size = size};
    size_t at = 0;
    while (at < length && !f.full) {
        int32_t point = qi_utf8_next(text, length, &at);
        if (point >= 'a' && point <= 'z') {
            char c = (char)point;
            fold_letters(&f, &c, 1);
        } else if (point >= 'A' && point <= 'Z') {
            char c = (char)(point + ('a' - 'A'));
            fold_letters(&f, &c, 1);
        } else if (point < 0) {
            f.blank = true;
        } else {
            /* Compatibility decompositions have up to 18 code points. */
            utf8proc_int32_t points[32];
            int last_class = 0;
            utf8proc_ssize_t n = utf8proc_decompose_char(
                point, points, QI_COUNT(points),
                UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK,
                &last_class);
            for (utf8proc_ssize_t i = 0; i < n && (size_t)i < QI_COUNT(points); i++)
                fold_point(&f, points[i]);
        }
    }
    out[f.length] = '\0';
    return f.length;
}

/* ---- spelling distance ---- */

#define LONGEST_NAME 256

static size_t decode(const char *text, int32_t out[LONGEST_NAME]) {
    size_t length = strlen(text), at = 0, n = 0;
    while (at < length) {
        if (n == LONGEST_NAME)
            return n + 1;
        out[n++] = qi_utf8_next(text, length, &at);
    }
    return n;
}

/* Restricted Damerau-Levenshtein distance over code points (a pair may be swapped, but not
 * edited again), three rows of the usual table.  Names over 256 characters are equal or far. */
unsigned qi_edit_distance(const char *a, const char *b, unsigned limit) {
    const unsigned far = limit == UINT32_MAX ? limit : limit + 1;
    int32_t x[LONGEST_NAME], y[LONGEST_NAME];
    size_t n = decode(a, x), m = decode(b, y);
    if (n > LONGEST_NAME || m > LONGEST_NAME)
        return strcmp(a, b) == 0 ? 0 : far;
    if ((n > m ? n - m : m - n) > limit)
        return far;

    unsigned rows[3][LONGEST_NAME + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= m; j++) {
        above[j] = (unsigned)j;
        before[j] = 0; /* read only from the second row on */
    }
    for (size_t i = 1; i <= n; i++) {
        unsigned least = row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned best = above[j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
            if (best < least)
                least = best;
        }
        /* Costs never fall further down; a swap that leaps over this row starts from the row
         * above, which is at most one cheaper, and itself costs one. */
        if (least > limit)
            return far;
        unsigned *free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return above[m] < far ? above[m] : far;
}

size_t qi_text_clean(char *text, size_t length) {
    size_t first = length, at = 0;
    while (at < length) {
        size_t from = at;
        int32_t point = qi_utf8_next(text, length, &at);
        bool control = point >= 0 && (point < 0x20 || (point >= 0x7F && point < 0xA0));
        if (point >= 0 && (!control || point == '\n' || point == '\t'))
            continue;
        first = from < first ? from : first;
        memset(text + from, point < 0 ? '?' : ' ', at - from);
    }
    return first;
}

bool qi_has_word(const char *words, const char *word) {
    size_t length = strlen(word);
    for (const char *at = words; at != NULL && *at != '\0';) {
        size_t n = strcspn(at, " ");
        if (n == length && strncmp(at, word, n) == 0)
            return true;
        at += n + strspn(at + n, " ");
    }
    return false;
}
