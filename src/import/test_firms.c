/* SPDX-License-Identifier: Apache-2.0 */
/* test_firms.c - declarations with a firm become rows by firm: the right ones, the same whatever
 * the threads, the memory and the order of rows, and none of what was set aside. */
#include "test_trial.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define MAP                                                                                    \
    "period=year,flow=flow,reporter=r,partner=p,product=hs,value=usd,weight=kg,firm=ruc,"      \
    "nomenclature:H0"
#define HEADER "year,flow,r,p,hs,usd,kg,ruc\n"

static void keep_firms(trial *t) {
    t->options.map = MAP;
    t->options.duplicates = QUIPU_DUPLICATES_DECLARATIONS;
    t->options.keep_firms = true;
    t->options.input_name = "declarations";
}

static void import_rows(trial *t, const char *rows) {
    trial_file(t, "d.csv", rows);
    keep_firms(t);
}

/* ---- rows by firm, as text ---- */

/* Where firms have several reporters, ids stand behind the reporter's number: "604 A". */
static uint64_t hash_of(const char *id) {
    uint64_t front = 0;
    if (strlen(id) > 4 && id[3] == ' ') {
        front = strtoull(id, NULL, 10);
        id += 4;
    }
    return front << 54 | XXH3_128bits(id, strlen(id)).low64 >> 10;
}

static int by_hash(const void *a, const void *b) {
    uint64_t x = hash_of(*(const char *const *)a), y = hash_of(*(const char *const *)b);
    return x < y ? -1 : x > y;
}

/* A line a row: period flow firm REPORTER>PARTNER product value.  `ids` are those of all firms of
 * the cube; a firm unknown is "-". */
static void assert_firms(const trial *t, const char **ids, size_t n_ids, const char *expected) {
    quipu_cube *cube;
    quipu_firm_rows rows = {0};
    quipu_error err = {0};
    qi_buffer out = {0};
    size_t n_slabs, n;
    qsort(ids, n_ids, sizeof *ids, by_hash);
    assert_int_equal(quipu_cube_open(t->cube, &cube, &err), QUIPU_OK);
    assert_int_equal(quipu_cube_n_firms(cube), n_ids);
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n_slabs);
    const quipu_cube_country *countries = quipu_cube_countries(cube, &n);
    for (size_t s = 0; s < n_slabs; s++) {
        assert_int_equal(quipu_cube_firm_blocks(cube, s, &n, &err), QUIPU_OK);
        for (size_t b = 0; b < n; b++) {
            assert_int_equal(quipu_cube_firm_block(cube, s, b, &rows, &err), QUIPU_OK);
            for (size_t i = 0; i < rows.n; i++) {
                assert_true(qi_buffer_printf(
                    &out, "%d %s %s %s>%s %s", slabs[s].period, quipu_flow_name(slabs[s].flow),
                    rows.firm[i] == QUIPU_FIRM_UNKNOWN ? "-" : ids[rows.firm[i] - 1],
                    countries[rows.reporter[i]].iso3, countries[rows.partner[i]].iso3,
                    quipu_cube_product(cube, rows.product[i])));
                trial_put_amount(&out, " ", rows.value[i]);
                assert_true(qi_buffer_text(&out, "\n"));
            }
        }
    }
    assert_string_equal(out.bytes, expected);
    qi_buffer_free(&out);
    quipu_firm_rows_free(&rows);
    quipu_cube_close(cube);
}
#define ASSERT_FIRMS(t, expected, ...)                                                         \
    do {                                                                                       \
        const char *ids[] = {__VA_ARGS__};                                                     \
        assert_firms(t, ids, QI_COUNT(ids), expected);                                         \
    } while (0)

/* ---- small tables ---- */

static void rows_of_a_firm_add_up(void **state) {
    trial *t = *state;
    import_rows(t, HEADER "2011,X,PER,CHN,260300,10.5,1,20100\n"
                          "2011,X,PER,CHN,260300,2,1,20100\n"
                          "2011,X,PER,JPN,740311,7,1,20100\n"
                          "2011,X,PER,CHN,260300,5,1,30100\n"
                          "2012,M,PER,CHN,870323,4,1,20100\n");
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 260300 17.5 w3\n2011 export PER>JPN 740311 7 w1\n"
                     "2012 import PER>CHN 870323 4 w1\n");
    ASSERT_FIRMS(t,
                 "2011 export 30100 PER>CHN 260300 5\n2011 export 20100 PER>CHN 260300 12.5\n"
                 "2011 export 20100 PER>JPN 740311 7\n2012 import 20100 PER>CHN 870323 4\n",
                 "20100", "30100");
    assert_int_equal(t->result.firms, 2);
    assert_int_equal(t->result.firm_rows, 4);
}

static void zeros_before_an_id_count_and_blanks_do_not(void **state) {
    trial *t = *state;
    import_rows(t, HEADER "2011,X,PER,CHN,260300,1,1,012\n2011,X,PER,CHN,260300,2,1,12\n"
                          "2011,X,PER,CHN,260300,4,1, 12 \n"
                          "2011,X,PER,CHN,260300,8,1,\"1,2\"\n");
    trial_works(t);
    ASSERT_FIRMS(t,
                 "2011 export 12 PER>CHN 260300 6\n2011 export 012 PER>CHN 260300 1\n"
                 "2011 export 1,2 PER>CHN 260300 8\n",
                 "012", "12", "1,2");
}

static void a_firm_that_is_not_stated_is_none(void **state) {
    trial *t = *state;
    import_rows(t, HEADER "2011,X,PER,CHN,260300,1,1,\n2011,X,PER,CHN,260300,2,1,NA\n"
                          "2011,X,PER,CHN,260300,4,1,NULL\n2011,X,PER,CHN,260300,8,1,  \n"
                          "2011,X,PER,CHN,260300,16,1,A\n");
    trial_works(t);
    ASSERT_FIRMS(t, "2011 export - PER>CHN 260300 15\n2011 export A PER>CHN 260300 16\n", "A");
    assert_ledger(t, "accepted 5 31\nDECLARATIONS 4 0\nNO_FIRM 4 15\n");
    trial_again(t);
    import_rows(t, HEADER "2011,X,PER,CHN,260300,1,1,\n");
    trial_fails(t, QUIPU_E_DATA, 0, 0, "no row says its firm");
}

/* As with cells: missing only where all of it is. */
static void a_value_may_be_missing(void **state) {
    trial *t = *state;
    import_rows(t, HEADER "2011,X,PER,CHN,260300,,5,A\n2011,X,PER,CHN,260300,,5,A\n"
                          "2011,X,PER,CHN,260300,,5,B\n2011,X,PER,CHN,260300,3,5,B\n"
                          "2011,X,PER,JPN,260300,,5,B\n2011,X,PER,JPN,260300,,,B\n");
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 260300 3 w20\n2011 export PER>JPN 260300 ? w5\n");
    ASSERT_FIRMS(t,
                 "2011 export B PER>CHN 260300 3\n2011 export B PER>JPN 260300 ?\n"
                 "2011 export A PER>CHN 260300 ?\n",
                 "A", "B");
}

/* World beside partners, groups, and codes beside those they begin: also by firm. */
static void totals_are_left_out(void **state) {
    trial *t = *state;
    import_rows(t, HEADER "2011,X,PER,CHN,260300,10,1,A\n2011,X,PER,CHN,26,10,1,A\n"
                          "2011,X,PER,CHN,TOTAL,10,1,ONLY TOTALS\n"
                          "2011,X,PER,WLD,260300,10,1,A\n2011,X,PER,WLD,26,10,1,ONLY WORLD\n"
                          "2011,X,PER,EUN,260300,5,1,ONLY GROUPS\n"
                          "2011,X,CHL,WLD,26,7,1,B\n2011,X,PER,JPN,26,3,1,B\n");
    trial_works(t);
    assert_leaves(t, "2011 export CHL>WLD 26 7 w1\n2011 export PER>CHN 260300 10 w1\n"
                     "2011 export PER>JPN 26 3 w1\n");
    ASSERT_FIRMS(t,
                 "2011 export 152 B CHL>WLD 26 7\n2011 export 604 B PER>JPN 26 3\n"
                 "2011 export 604 A PER>CHN 260300 10\n",
                 "604 A", "604 B", "152 B");
}

/* Peru's number 7 is not Chile's, whose firms stand before those of Peru. */
static void reporters_number_their_own_firms(void **state) {
    trial *t = *state;
    import_rows(t, HEADER "2011,X,PER,CHN,260300,1,1,7\n2011,M,PER,CHN,260300,2,1,7\n"
                          "2011,X,CHL,CHN,260300,4,1,7\n2011,X,CHL,CHN,260300,8,1,9\n");
    trial_works(t);
    ASSERT_FIRMS(t,
                 "2011 export 152 7 CHL>CHN 260300 4\n2011 export 152 9 CHL>CHN 260300 8\n"
                 "2011 export 604 7 PER>CHN 260300 1\n2011 import 604 7 PER>CHN 260300 2\n",
                 "604 7", "152 7", "152 9");
}

static void rejected_rows_have_no_firm(void **state) {
    trial *t = *state;
    char rejects[160];
    snprintf(rejects, sizeof rejects, "%s/rejects.csv", t->folder);
    import_rows(t, HEADER "2011,X,PER,CHN,260300,10,1,A\n2011,X,PER,CHN,260300,-1,1,BAD\n");
    trial_fails(t, QUIPU_E_DATA, 3, 23, "negative");
    t->options.rejects_path = rejects;
    trial_works(t);
    ASSERT_FIRMS(t, "2011 export A PER>CHN 260300 10\n", "A");
}

/* ---- what cannot be ---- */

/* The id is in no message: reports are kept in cubes. */
static void an_id_has_at_most_64_bytes(void **state) {
    trial *t = *state;
    char rows[256];
    snprintf(rows, sizeof rows, HEADER "2011,X,PER,CHN,260300,10,1, %064d \n", 7);
    import_rows(t, rows);
    trial_works(t);
    trial_again(t);
    snprintf(rows, sizeof rows, HEADER "2011,X,PER,CHN,260300,10,1,%065d\n", 7);
    import_rows(t, rows);
    trial_fails(t, QUIPU_E_DATA, 2, 28, "the id of a firm has 65 bytes; expected at most 64");
}

static void what_is_asked_for_must_fit_together(void **state) {
    trial *t = *state;
    import_rows(t, HEADER "2011,X,PER,CHN,260300,10,1,A\n");
    t->options.keep_firms = false;
    trial_fails(t, QUIPU_E_ARG, 0, 0, "keep firms with --keep-firms");
    t->options.keep_firms = true;
    t->options.duplicates = QUIPU_DUPLICATES_SUM;
    trial_fails(t, QUIPU_E_ARG, 0, 0, "add --duplicates declarations");
    keep_firms(t);
    t->options.map = "period=year,flow=flow,reporter=r,partner=p,product=hs,value=usd";
    trial_fails(t, QUIPU_E_ARG, 0, 0, "--map has no firm=COLUMN");
    t->options.map = NULL;
    trial_fails(t, QUIPU_E_ARG, 0, 0, "Name it with firm=COLUMN");
    keep_firms(t);
    trial_file(t, "w.csv",
               "#quipu wide 1\n#unit USD\nflow,reporter,partner,2011\nX,PER,CHN,5\n");
    trial_fails(t, QUIPU_E_ARG, 0, 0, "this kind of file says nothing of firms");
}

static void firms_cannot_be_appended(void **state) {
    trial *t = *state;
    import_rows(t, HEADER "2011,X,PER,CHN,260300,10,1,A\n");
    trial_works(t);
    t->options.append = true;
    trial_fails(t, QUIPU_E_ARG, 0, 0, "firms cannot be appended: ids are not kept");
    t->options.keep_firms = false;
    trial_fails(t, QUIPU_E_ARG, 0, 0, "the cube has firms, nothing can be appended to it");
}

/* Two ids of 32 bytes made to have the same first half of the hash: the multiplications in it
 * are of zero where a text begins as the hash's own secret does. */
static void two_ids_with_one_hash_are_noticed(void **state) {
    trial *t = *state;
    const uint64_t prime = UINT64_C(0x9E3779B185EBCA87), length = 32 * prime;
    uint64_t secret[4], id[2][4];
    memcpy(secret, XXH3_kSecret, sizeof secret);
    for (unsigned i = 0; i < 2; i++) {
        uint64_t last = UINT64_C(0x4141414141414141) + i;
        uint64_t low = length ^ (secret[2] + last), sum = UINT64_C(0x7777777777777777);
        id[i][0] = secret[0];
        id[i][1] = sum - low - secret[0];
        id[i][2] = secret[2];
        id[i][3] = last;
    }
    assert_int_equal(XXH3_128bits(id[0], 32).low64, XXH3_128bits(id[1], 32).low64);
    assert_int_not_equal(XXH3_128bits(id[0], 32).high64, XXH3_128bits(id[1], 32).high64);
    static const char row[] = "2011,X,PER,CHN,260300,10,1,";
    qi_buffer text = {0};
    assert_true(qi_buffer_text(&text, HEADER));
    for (unsigned i = 0; i < 2; i++)
        assert_true(qi_buffer_text(&text, row) && qi_buffer_add(&text, id[i], 32) &&
                    qi_buffer_text(&text, "\n"));
    trial_bytes(t, "d.csv", text.bytes, text.length);
    keep_firms(t);
    trial_fails(t, QUIPU_E_DATA, 0, 0, "the same hash of 54 bits");
    qi_buffer_free(&text);
}

/* ---- many declarations ---- */

enum { ROWS = 120000, FIRMS = 300, YEARS = 2, FLOWS = 2, LANDS = 4, PRODUCTS = 6 };
static const char *const FLOW[] = {"M", "X"}, *const LAND[] = {"CHL", "CHN", "JPN", "PER"};
static const char *const PRODUCT[] = {"030374", "080440", "260300",
                                      "610910", "740311", "870323"};

typedef struct declaration {
    int firm; /* -1: not stated */
    int year, flow, reporter, partner, product;
    int cents; /* -1: not stated */
} declaration;

static unsigned dice(uint64_t *seed, unsigned sides) {
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (unsigned)(*seed >> 33) % sides;
}

static void deal(declaration *d, size_t n) {
    uint64_t seed = 7;
    for (size_t i = 0; i < n; i++) {
        unsigned reporter = dice(&seed, LANDS);
        d[i] = (declaration){
            .firm = (int)dice(&seed, FIRMS + 2) - 2,
            .year = (int)dice(&seed, YEARS),
            .flow = (int)dice(&seed, FLOWS),
            .reporter = (int)reporter,
            .partner = (int)((reporter + 1 + dice(&seed, LANDS - 1)) % LANDS),
            .product = (int)dice(&seed, PRODUCTS),
            .cents = dice(&seed, 3) == 0 ? -1 : (int)dice(&seed, 1000000),
        };
        if (d[i].firm < 0)
            d[i].firm = -1;
    }
}

static void shuffle(declaration *d, size_t n) {
    uint64_t seed = 11;
    for (size_t i = n; i > 1; i--) {
        size_t j = dice(&seed, (unsigned)i);
        declaration swap = d[i - 1];
        d[i - 1] = d[j];
        d[j] = swap;
    }
}

static void put(trial *t, const char *name, const declaration *d, size_t n) {
    qi_buffer text = {0};
    assert_true(qi_buffer_text(&text, HEADER));
    for (size_t i = 0; i < n; i++) {
        assert_true(qi_buffer_printf(&text, "%d,%s,%s,%s,%s,", 2011 + d[i].year,
                                     FLOW[d[i].flow], LAND[d[i].reporter], LAND[d[i].partner],
                                     PRODUCT[d[i].product]));
        if (d[i].cents >= 0)
            assert_true(qi_buffer_printf(&text, "%d.%02d", d[i].cents / 100, d[i].cents % 100));
        assert_true(qi_buffer_text(&text, ",1,"));
        if (d[i].firm >= 0)
            assert_true(qi_buffer_printf(&text, "RUC-%05d", d[i].firm));
        assert_true(qi_buffer_text(&text, "\n"));
    }
    trial_bytes(t, name, text.bytes, text.length);
    qi_buffer_free(&text);
}

/* Place of a firm, year, flow, reporter, partner, product in the table that is added up here. */
static size_t place(size_t firm, size_t year, size_t flow, size_t r, size_t p, size_t product) {
    return ((((firm * YEARS + year) * FLOWS + flow) * LANDS + r) * LANDS + p) * PRODUCTS +
           product;
}
enum { PLACES = (FIRMS + 1) * YEARS * FLOWS * LANDS * LANDS * PRODUCTS };

/* By firm, 0 = unknown: -2 = no row, -1 = no value, else thousandths of a dollar. */
static int64_t *add_up(const declaration *d, size_t n) {
    int64_t *sum = malloc(PLACES * sizeof *sum);
    assert_non_null(sum);
    for (size_t i = 0; i < PLACES; i++)
        sum[i] = -2;
    for (size_t i = 0; i < n; i++) {
        int64_t *at =
            &sum[place((size_t)(d[i].firm + 1), (size_t)d[i].year, (size_t)d[i].flow,
                       (size_t)d[i].reporter, (size_t)d[i].partner, (size_t)d[i].product)];
        if (*at == -2)
            *at = -1;
        if (d[i].cents >= 0)
            *at = (*at < 0 ? 0 : *at) + d[i].cents * INT64_C(10);
    }
    return sum;
}

/* Of each land the firms by number, as positions in the table above: LAND is in order of number. */
static void order_firms(size_t order[FIRMS]) {
    static char text[FIRMS][16];
    const char *ids[FIRMS];
    for (int i = 0; i < FIRMS; i++) {
        snprintf(text[i], sizeof text[i], "RUC-%05d", i);
        ids[i] = text[i];
    }
    qsort(ids, FIRMS, sizeof *ids, by_hash);
    for (size_t i = 0; i < FIRMS; i++)
        order[i] = (size_t)((ids[i] - text[0]) / (ptrdiff_t)sizeof text[0]) + 1;
}

static size_t position(const char *const *list, const char *text) {
    size_t i = 0;
    while (strcmp(list[i], text) != 0)
        i++;
    return i;
}

static void compare(const trial *t, int64_t *sum) {
    quipu_cube *cube;
    quipu_firm_rows rows = {0};
    size_t order[FIRMS], n_slabs, n, total = 0, left = 0;
    order_firms(order);
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_int_equal(quipu_cube_n_firms(cube), LANDS * FIRMS);
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n_slabs);
    const quipu_cube_country *countries = quipu_cube_countries(cube, &n);
    for (size_t s = 0; s < n_slabs; s++) {
        assert_int_equal(quipu_cube_firm_blocks(cube, s, &n, NULL), QUIPU_OK);
        for (size_t b = 0; b < n; b++) {
            assert_int_equal(quipu_cube_firm_block(cube, s, b, &rows, NULL), QUIPU_OK);
            for (size_t i = 0; i < rows.n; i++) {
                size_t land = position(LAND, countries[rows.reporter[i]].iso3), firm = 0;
                if (rows.firm[i] != QUIPU_FIRM_UNKNOWN) {
                    assert_int_equal((rows.firm[i] - 1) / FIRMS, land);
                    firm = order[(rows.firm[i] - 1) % FIRMS];
                }
                size_t at =
                    place(firm, (size_t)slabs[s].period - 2011, slabs[s].flow == QUIPU_EXPORT,
                          land, position(LAND, countries[rows.partner[i]].iso3),
                          position(PRODUCT, quipu_cube_product(cube, rows.product[i])));
                assert_int_equal(rows.value[i], sum[at]);
                sum[at] = -2; /* and not again */
                total++;
            }
        }
    }
    for (size_t i = 0; i < PLACES; i++)
        left += sum[i] != -2;
    assert_int_equal(left, 0);
    assert_int_equal(total, t->result.firm_rows);
    quipu_firm_rows_free(&rows);
    quipu_cube_close(cube);
}

static void random_declarations_as_added_up_here(void **state) {
    trial *t = *state;
    declaration *d = malloc(ROWS * sizeof *d);
    assert_non_null(d);
    deal(d, ROWS);
    put(t, "d.csv", d, ROWS);
    keep_firms(t);
    trial_works(t);
    int64_t *sum = add_up(d, ROWS);
    compare(t, sum);
    free(sum);
    free(d);
}

static void assert_same_again(trial *t, const qi_buffer *first) {
    trial_works(t);
    qi_buffer now = trial_read(t->cube);
    assert_int_equal(now.length, first->length);
    assert_memory_equal(now.bytes, first->bytes, first->length);
    qi_buffer_free(&now);
}

static void nothing_depends_on_threads_memory_or_order(void **state) {
    trial *t = *state;
    declaration *d = malloc(ROWS * sizeof *d);
    assert_non_null(d);
    deal(d, ROWS);
    put(t, "d.csv", d, ROWS);
    keep_firms(t);
    t->options.threads = 1;
    trial_works(t);
    qi_buffer first = trial_read(t->cube);
    static const unsigned THREADS[] = {1, 2, 7};
    static const uint64_t MEMORY[] = {0, 1, 500000}; /* in memory, all on disk, some */
    for (size_t i = 0; i < QI_COUNT(THREADS); i++)
        for (size_t j = 0; j < QI_COUNT(MEMORY); j++) {
            t->options.threads = THREADS[i];
            t->options.memory = MEMORY[j];
            assert_same_again(t, &first);
        }
    shuffle(d, ROWS);
    t->n_inputs = 0;
    put(t, "d.csv", d, ROWS);
    assert_same_again(t, &first);
    t->n_inputs = 0; /* two files */
    put(t, "d.csv", d, ROWS / 3);
    put(t, "e.csv", d + ROWS / 3, ROWS - ROWS / 3);
    assert_same_again(t, &first);
    qi_buffer_free(&first);
    free(d);
}

/* ---- the cube without them ---- */

/* The dump of a cube with firms makes the cube of an import without them. */
static void a_copy_without_firms(void **state) {
    trial *t = *state;
    import_rows(t, HEADER "2011,X,PER,CHN,260300,10.5,1,20100\n2011,X,PER,CHN,260300,2,1,\n");
    trial_works(t);
    struct stat info;
    assert_int_equal(stat(t->cube, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    quipu_cube *cube;
    char *head;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_string_equal(quipu_cube_meta(cube, "firms"), "1");
    assert_int_equal(quipu_cube_head(cube, &head, NULL), QUIPU_OK);
    assert_null(strstr(head, "firm"));
    quipu_cube_close(cube);
    qi_buffer dump = {0};
    assert_true(qi_buffer_text(&dump, head) &&
                qi_buffer_text(&dump, "#firms 1\nperiod,flow,reporter,partner,product,value,"
                                      "weight_kg,quantity,unit,flags\n"
                                      "2011,export,604,156,260300,12.5,2,,1,0\n"));
    free(head);
    t->options.keep_firms = false;
    t->options.map = "period=year,flow=flow,reporter=r,partner=p,product=hs,value=usd,"
                     "weight=kg,nomenclature:H0";
    trial_works(t);
    qi_buffer without = trial_read(t->cube);
    trial_again(t);
    trial_bytes(t, "dump.csv", dump.bytes, dump.length);
    trial_works(t);
    qi_buffer copy = trial_read(t->cube);
    assert_int_equal(copy.length, without.length);
    assert_memory_equal(copy.bytes, without.bytes, copy.length);
    assert_int_equal(stat(t->cube, &info), 0);
    assert_int_equal(info.st_mode & 0400, 0400);
    qi_buffer_free(&copy);
    qi_buffer_free(&without);
    qi_buffer_free(&dump);
}

static void a_converted_cube_has_none(void **state) {
    trial *t = *state;
    char path[160];
    import_rows(t, HEADER "2011,X,PER,CHN,260300,10.5,1,20100\n");
    trial_works(t);
    snprintf(path, sizeof path, "%s/converted.quipu", t->folder);
    quipu_import_result result;
    assert_int_equal(quipu_convert_cube(t->nomen, t->cube, "H4", QUIPU_CONVERT_OFFICIAL, path,
                                        &result, NULL),
                     QUIPU_OK);
    assert_int_equal(result.ledger.n_notes, 1);
    assert_string_equal(result.ledger.notes[0],
                        "rows by firm are not converted: the new cube has none");
    quipu_import_result_free(&result);
    quipu_cube *cube;
    assert_int_equal(quipu_cube_open(path, &cube, NULL), QUIPU_OK);
    assert_int_equal(quipu_cube_n_firms(cube), 0);
    assert_null(quipu_cube_meta(cube, "firms"));
    quipu_cube_close(cube);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        trial_test(rows_of_a_firm_add_up),
        trial_test(zeros_before_an_id_count_and_blanks_do_not),
        trial_test(a_firm_that_is_not_stated_is_none),
        trial_test(a_value_may_be_missing),
        trial_test(totals_are_left_out),
        trial_test(reporters_number_their_own_firms),
        trial_test(rejected_rows_have_no_firm),
        trial_test(an_id_has_at_most_64_bytes),
        trial_test(what_is_asked_for_must_fit_together),
        trial_test(firms_cannot_be_appended),
        trial_test(two_ids_with_one_hash_are_noticed),
        trial_test(random_declarations_as_added_up_here),
        trial_test(nothing_depends_on_threads_memory_or_order),
        trial_test(a_copy_without_firms),
        trial_test(a_converted_cube_has_none),
    };
    return cmocka_run_group_tests(tests, trial_open_nomen, trial_close_nomen);
}
