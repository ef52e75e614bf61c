/* SPDX-License-Identifier: Apache-2.0 */
/* cells.c - growing parallel arrays of cells. */
#include "query/rollup.h"

static bool grow(void **array, size_t capacity, size_t size) {
    void *grown = realloc(*array, capacity * size);
    if (grown != NULL)
        *array = grown;
    return grown != NULL;
}

bool qi_cells_reserve(qi_cell_list *cells, size_t more) {
    size_t need;
    if (!qi_add_size(cells->n, more, &need))
        return false;
    if (need <= cells->capacity)
        return true;
    /* Large arrays are mapped, so growing them moves page tables, not numbers. */
    size_t capacity = cells->capacity + cells->capacity / 2;
    if (capacity < need)
        capacity = need;
    if (capacity < 64)
        capacity = 64;
    if (capacity > SIZE_MAX / 8)
        return false;
    bool ok = grow((void **)&cells->reporter, capacity, sizeof *cells->reporter) &&
              grow((void **)&cells->partner, capacity, sizeof *cells->partner) &&
              grow((void **)&cells->product, capacity, sizeof *cells->product) &&
              grow((void **)&cells->period, capacity, sizeof *cells->period) &&
              grow((void **)&cells->value, capacity, sizeof *cells->value);
    if (ok && cells->rich)
        ok = grow((void **)&cells->weight, capacity, sizeof *cells->weight) &&
             grow((void **)&cells->rows, capacity, sizeof *cells->rows);
    if (ok)
        cells->capacity = capacity;
    return ok;
}

void qi_cells_clear(qi_cell_list *cells) {
    free(cells->reporter);
    free(cells->partner);
    free(cells->product);
    free(cells->period);
    free(cells->value);
    free(cells->weight);
    free(cells->rows);
    *cells = (qi_cell_list){.rich = cells->rich};
}
