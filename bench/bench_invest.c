/* SPDX-License-Identifier: Apache-2.0 */
/* bench_invest.c - a register of an invented world: how long until everybody's owners are known.
 *
 *   bench-bench_invest [COMPANIES [STAKES [SEED]]]
 *
 * 100,000 companies and 300,000 stakes when not said.  Companies are held by earlier ones or by
 * one of 40,000 owners; one in fifty belongs to a circle of up to 40 that hold each other.  Prints
 * a JSON line: seconds to read and check the tables, to find the circles, to factor and solve
 * for every country at once, and for control; the checksum tells whether an answer moved.
 */
#include "invest/invest.h"

#include <math.h>
#include <time.h>

enum { COUNTRIES = 40, OWNERS = 40000 };
static const char *const country[] = {"CHN", "JPN", "KOR", "PER", "CHL", "USA", "CAN", "AUS",
                                      "GBR", "NLD", "CHE", "LUX", "IRL", "CYM", "BMU", "VGB",
                                      "ESP", "FRA", "DEU", "ITA", "BRA", "ARG", "COL", "MEX",
                                      "ZAF", "IND", "RUS", "SGP", "HKG", "MYS", "THA", "IDN",
                                      "NOR", "SWE", "FIN", "DNK", "BEL", "AUT", "POL", "TUR"};
static uint64_t state;

static uint32_t below(uint32_t n) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((state >> 32) % n);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void die(const char *what, const quipu_error *err) {
    fprintf(stderr, "bench_invest: %s: %s\n", what, err->text);
    exit(1);
}

/* Holders of company i: i's circle, companies before it, owners; each once. */
static void add_stakes(qi_buffer *out, uint32_t i, unsigned n) {
    uint32_t used[64];
    unsigned left = 900 + below(100);
    for (unsigned k = 0; k < n; k++) {
        uint32_t holder;
        bool again = false;
        if (k == 0 && i % 2000 < 40) /* the next of its circle */
            holder = i - i % 2000 + (i % 2000 + 1) % 40;
        else
            holder = below(3) == 0 && i > 4000 ? below(i - i % 2000) : 1000000 + below(OWNERS);
        for (unsigned u = 0; u < k; u++)
            again = again || used[u] == holder;
        used[k] = holder;
        unsigned share = k + 1 == n ? left : 1 + below(left / 2 + 1);
        if (again || share == 0 || share > left)
            continue;
        left -= share;
        qi_buffer_printf(out, "%c%u,c%u,%u.%u\n", holder >= 1000000 ? 'o' : 'c',
                         holder % 1000000, i, share / 10, share % 10);
    }
}

int main(int argc, char **argv) {
    uint32_t companies = argc > 1 ? (uint32_t)atoi(argv[1]) : 100000;
    uint32_t stakes = argc > 2 ? (uint32_t)atoi(argv[2]) : 300000;
    state = argc > 3 ? (uint64_t)atoi(argv[3]) : 1;
    qi_buffer entities = {0}, table = {0};
    qi_register_bytes files = {0};
    quipu_nomen *nomen;
    quipu_register *reg;
    quipu_error err = {0};
    qi_graph g;
    qi_buffer_text(&entities, "id,name,country\n");
    qi_buffer_text(&table, "owner,owned,share_pct\n");
    for (uint32_t i = 0; i < OWNERS; i++)
        qi_buffer_printf(&entities, "o%u,Owner %u,%s\n", i, i, country[below(COUNTRIES)]);
    for (uint32_t i = 0; i < companies; i++) {
        qi_buffer_printf(&entities, "c%u,Company %u,%s\n", i, i, country[below(COUNTRIES)]);
        add_stakes(&table, i, stakes / companies + (below(companies) < stakes % companies));
    }
    files.bytes[QI_T_ENTITIES] = entities.bytes;
    files.length[QI_T_ENTITIES] = entities.length;
    files.bytes[QI_T_STAKES] = table.bytes;
    files.length[QI_T_STAKES] = table.length;
    if (quipu_nomen_open(&nomen, &err) != QUIPU_OK)
        die("nomen", &err);
    double t0 = now();
    if (qi_register_parse(&files, "made", nomen, NULL, &reg, &err) != QUIPU_OK)
        die("register", &err);
    double t1 = now();
    if (qi_graph_open(reg, QI_DATE_OPEN, NULL, 0, QI_UNKNOWN_APART, NULL, NULL, &g, &err) !=
        QUIPU_OK)
        die("graph", &err);
    double t2 = now();
    double *x = calloc(g.n, sizeof *x), *sum = calloc(g.n, sizeof *sum), checksum = 0.0;
    for (size_t c = 0; c <= COUNTRIES; c++) { /* the last: undisclosed */
        for (size_t j = 0; j < g.n; j++) {
            const quipu_country *here = qi_node_country(reg, g.node[j]);
            x[j] = c == COUNTRIES ? (double)g.undisclosed[j] / (double)QI_WHOLE
                   : g.ultimate[j] && here != NULL && strcmp(here->iso3, country[c]) == 0 ? 1.0
                                                                                          : 0.0;
        }
        if (qi_graph_down(&g, x, &err) != QUIPU_OK)
            die("solve", &err);
        for (size_t j = 0; j < g.n; j++) {
            sum[j] += x[j];
            checksum += x[j] * (double)(c + 1);
        }
    }
    double t3 = now(), worst = 0.0;
    for (size_t j = 0; j < g.n; j++)
        worst = fmax(worst, fabs(sum[j] - 1.0));
    qi_controlled *control = calloc(g.n, sizeof *control);
    if (qi_control(&g, QI_WHOLE / 2, control, &err) != QUIPU_OK)
        die("control", &err);
    double t4 = now();
    size_t circles = 0, controlled = 0;
    for (size_t c = 0; c < g.n_circles; c++)
        circles += g.in_circle[c];
    for (size_t j = 0; j < g.n; j++)
        controlled += control[j].kind == QI_CONTROL_ONE;
    printf("{\"companies\": %u, \"stakes\": %zu, \"circles\": %zu, \"read_and_check_s\": %.3f, "
           "\"graph_s\": %.3f, \"solve_%d_s\": %.3f, \"control_s\": %.3f, \"resolve_s\": %.3f, "
           "\"sum_off_by\": %.1e, \"controlled\": %zu, \"checksum\": %.9g}\n",
           companies, reg->stakes.n, circles, t1 - t0, t2 - t1, COUNTRIES + 1, t3 - t2, t4 - t3,
           t4 - t1, worst, controlled, checksum);
    free(control);
    free(x);
    free(sum);
    qi_graph_close(&g);
    quipu_register_close(reg);
    quipu_nomen_close(nomen);
    qi_buffer_free(&entities);
    qi_buffer_free(&table);
    return 0;
}
