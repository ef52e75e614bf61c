/* SPDX-License-Identifier: Apache-2.0 */
/* suggest.c - "did you mean": the nearest word by edit distance. */
#include "app.h"

#include <string.h>

enum { LONGEST = 40 };

/* Insertions, deletions, changes and swaps of neighbours; words are short, so the plain
 * table of all prefixes will do. */
static unsigned distance(const char *a, const char *b) {
    size_t n = strlen(a), m = strlen(b);
    unsigned row[LONGEST + 1][LONGEST + 1];
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (size_t i = 0; i <= n; i++)
        row[i][0] = (unsigned)i;
    for (size_t j = 0; j <= m; j++)
        row[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 1; j <= m; j++) {
            unsigned best = row[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (row[i - 1][j] + 1 < best)
                best = row[i - 1][j] + 1;
            if (row[i][j - 1] + 1 < best)
                best = row[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                row[i - 2][j - 2] + 1 < best)
                best = row[i - 2][j - 2] + 1;
            row[i][j] = best;
        }
    }
    return row[n][m];
}

const char *app_nearest(const char *word, const char *const *names, size_t n) {
    const char *best = NULL;
    size_t length = strlen(word);
    /* One slip in a short word, about one in three letters in a longer one. */
    unsigned limit = length <= 3 ? 1 : (unsigned)(length / 3 + 1);
    unsigned nearest = limit + 1;
    for (size_t i = 0; i < n; i++) {
        unsigned d = distance(word, names[i]);
        /* Half-typed words are meant as they begin: "comp" is "completion". */
        if (length >= 3 && strncmp(word, names[i], length) == 0)
            d = 1;
        if (d < nearest) {
            nearest = d;
            best = names[i];
        }
    }
    return best;
}
