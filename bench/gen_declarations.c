/* SPDX-License-Identifier: Apache-2.0 */
/* gen_declarations: a seeded generator of invented customs declarations as CSV.
 *
 *   gen_declarations ROWS [SEED [PART PARTS]]
 *
 * With PART and PARTS only the rows of the reporters of that part are written, so that each of
 * several servers can be filled by itself.  A row depends on its number and the seed only.
 * Columns: year,flow,reporter,partner,hs,usd,kg,ruc.  Few partners and products have most of
 * the rows, as in life; every firm has a reporter.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const REPORTERS[] = {"PER", "CHL", "COL", "MEX", "CHN", "JPN",
                                        "KOR", "THA", "VNM", "IDN", "PHL", "MYS"};
static const char *const PARTNERS[] = {
    "CHN", "USA", "JPN", "KOR", "DEU", "NLD", "FRA", "ITA", "GBR", "CAN", "BRA", "MEX", "CHL",
    "ARG", "IND", "ESP", "BEL", "CHE", "SGP", "THA", "VNM", "MYS", "IDN", "PHL", "AUS", "NZL",
    "RUS", "TUR", "POL", "SWE", "COL", "ECU", "BOL", "PRY", "URY", "VEN", "PAN", "CRI", "GTM",
    "HND", "ZAF", "EGY", "MAR", "NGA", "KEN", "SAU", "ARE", "QAT", "KWT", "IRN", "PAK", "BGD",
    "LKA", "MMR", "KHM", "LAO", "HKG", "PRT", "GRC", "HUN", "CZE", "AUT", "DNK", "NOR", "FIN"};
enum { N_REPORTERS = 12, N_PARTNERS = sizeof PARTNERS / sizeof PARTNERS[0], N_PRODUCTS = 4000 };

static uint64_t mix(uint64_t x) {
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* From 0 to n - 1, the low ones far more often: the sixth power of a uniform number. */
static unsigned skewed(uint64_t bits, unsigned n) {
    double u = (double)(bits >> 40) / (double)(UINT64_C(1) << 24);
    return (unsigned)(u * u * u * u * u * u * (double)n);
}

static void write_row(uint64_t number, uint64_t seed, unsigned reporter) {
    uint64_t a = mix(seed ^ (number * 4 + 1)), b = mix(a), c = mix(b), d = mix(c);
    unsigned product = skewed(b, N_PRODUCTS);
    unsigned chapter = 1 + product * 7 % 96, rest = 1000 + product * 13 % 9000; /* distinct */
    uint64_t cents = 100 + c % 1000 * (c >> 20 & 0xFFFFF), grams = 1 + d % 90000000;
    printf("%u,%s,%s,%s,%02u%04u,%llu.%02u,%llu.%03u,%llu\n", 2018 + (unsigned)(a >> 8 & 3),
           a & 1 ? "export" : "import", REPORTERS[reporter],
           PARTNERS[skewed(mix(d), N_PARTNERS)], chapter, rest,
           (unsigned long long)(cents / 100), (unsigned)(cents % 100),
           (unsigned long long)(grams / 1000), (unsigned)(grams % 1000),
           (unsigned long long)(UINT64_C(20100000000) + reporter * 100000 +
                                skewed(mix(b ^ d), 50000)));
}

int main(int argc, char **argv) {
    uint64_t rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000;
    uint64_t seed = argc > 2 ? mix(strtoull(argv[2], NULL, 10)) : mix(1);
    unsigned part = argc > 4 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
    unsigned parts = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 1;
    static char room[1 << 20];
    if (parts == 0 || setvbuf(stdout, room, _IOFBF, sizeof room) != 0)
        return 2;
    puts("year,flow,reporter,partner,hs,usd,kg,ruc");
    for (uint64_t i = 0; i < rows; i++) {
        unsigned reporter = (unsigned)(mix(seed ^ (i * 4)) % N_REPORTERS);
        if (reporter % parts == part)
            write_row(i, seed, reporter);
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
