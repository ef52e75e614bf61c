/* SPDX-License-Identifier: Apache-2.0 */
/* mapping.c - putting a mapping together, and dividing a value by it without loss. */
#include "nomen/nomen.h"

/* Divisible by 1 to 16: one leaf's share among others, when the leaf itself is divided. */
#define LEAF_UNIT 720720

quipu_status qi_builder_open(qi_builder *builder, size_t n_sources, quipu_error *err) {
    *builder = (qi_builder){.n_sources = n_sources};
    builder->offset =
        qi_arena_alloc(&builder->arena, (n_sources + 1) * sizeof *builder->offset);
    if (builder->offset == NULL)
        return qi_fail_memory(err, n_sources * sizeof *builder->offset);
    return QUIPU_OK;
}

void qi_builder_close(qi_builder *builder) {
    qi_arena_free(&builder->arena);
    free(builder->target.items);
    free(builder->weight.items);
    free(builder->parts.items);
    *builder = (qi_builder){0};
}

quipu_status qi_builder_part(qi_builder *builder, uint32_t target, uint64_t weight,
                             quipu_error *err) {
    if (!QI_PUSH(&builder->parts, ((qi_part){target, weight})))
        return qi_fail_memory(err, sizeof(qi_part));
    return QUIPU_OK;
}

quipu_status qi_builder_leaf(qi_builder *builder, const uint32_t *targets,
                             const uint32_t *weights, size_t n, quipu_error *err) {
    uint64_t sum = 0, given = 0, running = 0;
    for (size_t i = 0; i < n; i++)
        sum += weights == NULL ? 1 : weights[i];
    for (size_t i = 0; i < n; i++) {
        running += weights == NULL ? 1 : weights[i];
        uint64_t upto = LEAF_UNIT * running / sum;
        if (upto > given)
            QI_TRY(qi_builder_part(builder, targets[i], upto - given, err));
        given = upto;
    }
    return QUIPU_OK;
}

static int by_target(const void *a, const void *b) {
    const qi_part *x = a, *y = b;
    return (x->target > y->target) - (x->target < y->target);
}

static uint64_t common_divisor(uint64_t a, uint64_t b) {
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

quipu_status qi_builder_source(qi_builder *builder, quipu_error *err) {
    qi_part *parts = builder->parts.items;
    size_t n = builder->parts.n, kept = 0;
    if (n == 0 || builder->n_done == builder->n_sources)
        return qi_fail(err, QUIPU_E_BUG, "a source of a mapping without a target");
    if (n > 1)
        qsort(parts, n, sizeof *parts, by_target);
    uint64_t divisor = 0, largest = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && parts[kept - 1].target == parts[i].target)
            parts[kept - 1].weight += parts[i].weight;
        else
            parts[kept++] = parts[i];
    }
    for (size_t i = 0; i < kept; i++) {
        divisor = common_divisor(parts[i].weight, divisor);
        if (parts[i].weight > largest)
            largest = parts[i].weight;
    }
    largest /= divisor;
    unsigned shift = 0;
    while (largest >> shift > UINT32_MAX)
        shift++;
    for (size_t i = 0; i < kept; i++) {
        uint64_t weight = (parts[i].weight / divisor) >> shift;
        if (!QI_PUSH(&builder->target, parts[i].target) ||
            !QI_PUSH(&builder->weight, weight == 0 ? 1u : (uint32_t)weight))
            return qi_fail_memory(err, sizeof(uint32_t));
    }
    if (builder->target.n > UINT32_MAX)
        return qi_fail(err, QUIPU_E_LIMIT, "the mapping has more than 4 billion parts");
    builder->parts.n = 0;
    builder->n_split += kept > 1;
    builder->offset[++builder->n_done] = (uint32_t)builder->target.n;
    return QUIPU_OK;
}

static const uint32_t *moved(qi_arena *arena, const uint32_t *items, size_t n) {
    uint32_t *copy = qi_arena_alloc(arena, (n + 1) * sizeof *copy);
    if (copy != NULL && n > 0)
        memcpy(copy, items, n * sizeof *copy);
    return copy;
}

quipu_status qi_builder_finish(qi_builder *builder, quipu_mapping *out, quipu_error *err) {
    out->offset = builder->offset;
    out->n_sources = builder->n_sources;
    out->n_split = builder->n_split;
    out->target = moved(&builder->arena, builder->target.items, builder->target.n);
    out->weight = moved(&builder->arena, builder->weight.items, builder->weight.n);
    qi_arena *own = malloc(sizeof *own);
    if (out->target == NULL || out->weight == NULL || own == NULL) {
        free(own);
        *out = (quipu_mapping){0};
        return qi_fail_memory(err, builder->target.n * sizeof(uint32_t));
    }
    *own = builder->arena;
    builder->arena = (qi_arena){0};
    out->impl = own;
    return QUIPU_OK;
}

void quipu_mapping_free(quipu_mapping *mapping) {
    if (mapping == NULL)
        return;
    if (mapping->impl != NULL) {
        qi_arena_free(mapping->impl);
        free(mapping->impl);
    }
    *mapping = (quipu_mapping){0};
}

__extension__ typedef __int128 wide;

/* Towards minus infinity, as the header says, also for a negative value. */
static int64_t floor_share(int64_t value, uint64_t part, uint64_t whole) {
    wide product = (wide)value * (wide)part;
    wide quotient = product / (wide)whole;
    if (product % (wide)whole != 0 && product < 0)
        quotient--;
    return (int64_t)quotient;
}

void quipu_split(int64_t value, const uint32_t *weights, size_t n, int64_t *parts) {
    uint64_t whole = 0, running = 0;
    for (size_t i = 0; i < n; i++)
        whole += weights[i];
    if (whole == 0) {
        for (size_t i = 0; i < n; i++)
            parts[i] = i == 0 ? value : 0;
        return;
    }
    int64_t given = 0;
    for (size_t i = 0; i < n; i++) {
        running += weights[i];
        int64_t upto = floor_share(value, running, whole);
        parts[i] = upto - given;
        given = upto;
    }
}
