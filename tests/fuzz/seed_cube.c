/* SPDX-License-Identifier: Apache-2.0 */
/* seed_cube.c - small cubes for fuzz_cube to begin with.
 *
 *   seed-cube FOLDER
 */
#include "../support/world.h"

int main(int argc, char **argv) {
    static const qt_world_spec SPECS[] = {
        {.n_countries = 1,
         .n_products = 1,
         .n_periods = 1,
         .flows = 1,
         .pairs = 9,
         .density = 1},
        {.n_countries = 3, .n_products = 9, .n_periods = 1, .flows = 1, .columns = 7},
        {.n_countries = 4, .n_products = 5, .n_periods = 1, .flows = 3, .columns = 1},
        {.n_countries = 2,
         .n_products = 20,
         .n_periods = 2,
         .flows = 16,
         .columns = 2,
         .cents = true,
         .valueless = 0.3},
        {.n_countries = 9,
         .n_products = 60,
         .n_periods = 1,
         .flows = 2,
         .columns = 4,
         .pairs = 0.05,
         .density = 0.04},
        {.n_countries = 3, .n_products = 4, .n_periods = 1, .flows = 1, .n_tariffs = 9},
        {.n_countries = 2,
         .n_products = 90,
         .n_periods = 1,
         .flows = 8,
         .columns = 5,
         .density = 0.9,
         .pairs = 0.9,
         .monthly = true},
        {.n_countries = 5,
         .n_products = 30,
         .n_periods = 1,
         .flows = 1,
         .columns = 3,
         .density = 0.05,
         .pairs = 0.2,
         .zeros = 0.5,
         .n_tariffs = 3},
        {.n_countries = 3, .n_products = 9, .n_periods = 2, .flows = 1, .n_firms = 4},
        {.n_countries = 2,
         .n_products = 20,
         .n_periods = 1,
         .flows = 2,
         .cents = true,
         .valueless = 0.3,
         .n_firms = 70},
    };
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    for (size_t i = 0; i < QI_COUNT(SPECS); i++) {
        char path[4096];
        quipu_error err = {0};
        qt_world_spec spec = SPECS[i];
        spec.seed = 100 + i;
        snprintf(path, sizeof path, "%s/seed-%zu", argv[1], i);
        if (qt_world_write(path, &spec, &err) != QUIPU_OK) {
            fprintf(stderr, "%s: %s\n", path, err.text);
            return 1;
        }
    }
    return 0;
}
