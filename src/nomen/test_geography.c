/* SPDX-License-Identifier: Apache-2.0 */
/* Where countries are, and what ties two of them. */
#include "nomen/test_open.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const quipu_place *place(const char *iso3) {
    const quipu_place *found;
    const quipu_country *c = quipu_country_by_iso3(nomen, iso3, 3);
    assert_non_null(c);
    assert_int_equal(quipu_place_find(nomen, c->id, &found, NULL), QUIPU_OK);
    return found;
}

static quipu_ties ties(const char *a, const char *b) {
    assert_non_null(place(a));
    assert_non_null(place(b));
    return quipu_ties_of(place(a), place(b));
}

static void close_to(double a, double b, double within) {
    if (!(fabs(a - b) <= within))
        fail_msg("%g is not %g", a, b);
}

static void distances(void **state) {
    QI_UNUSED(state);
    close_to(ties("FRA", "GBR").distance, 343, 3); /* Paris, London */
    close_to(ties("PER", "CHN").distance, 16650, 60);
    close_to(ties("CHN", "PER").distance, ties("PER", "CHN").distance, 0);
    close_to(ties("FJI", "TON").distance, 745, 2); /* across 180 degrees */
    close_to(ties("PER", "PER").distance, 0.67 * sqrt(1285216 / acos(-1.0)), 1e-9);
}

static void ties_by_hand(void **state) {
    QI_UNUSED(state);
    quipu_ties t = ties("PER", "CHL");
    assert_true(t.border && t.language && !t.colony);
    t = ties("PER", "ESP");
    assert_true(!t.border && t.language && t.colony);
    t = ties("ESP", "PER");
    assert_true(t.colony);
    t = ties("PER", "CHN");
    assert_true(!t.border && !t.language && !t.colony);
    t = ties("PER", "PER");
    assert_true(!t.border && !t.language && !t.colony);
    t = ties("SRB", "MNE");
    assert_true(t.border);
    t = ties("BLX", "DEU");
    assert_true(t.border && t.language);
    assert_null(place("WLD"));
}

/* Whoever names a neighbour is named by it. */
static void neighbours_agree(void **state) {
    QI_UNUSED(state);
    const quipu_country *all;
    size_t n, n_places = 0;
    assert_int_equal(quipu_countries(nomen, &all, &n, NULL), QUIPU_OK);
    for (size_t i = 0; i < n; i++) {
        const quipu_place *a;
        assert_int_equal(quipu_place_find(nomen, all[i].id, &a, NULL), QUIPU_OK);
        n_places += a != NULL;
        for (const char *at = a != NULL ? a->neighbours : ""; *at != '\0';) {
            size_t length = strcspn(at, "|");
            const quipu_country *b = quipu_country_by_iso3(nomen, at, length);
            assert_non_null(b);
            if (strstr(place(b->iso3)->neighbours, all[i].iso3) == NULL)
                fail_msg("%s names %s, but not the other way", all[i].iso3, b->iso3);
            at += length + (at[length] == '|');
        }
    }
    assert_int_equal(n_places, 247);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances),
        cmocka_unit_test(ties_by_hand),
        cmocka_unit_test(neighbours_agree),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
