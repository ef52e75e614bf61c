/* SPDX-License-Identifier: Apache-2.0 */
/* convert.c - rewrite a cube in another nomenclature.
 *
 * Every leaf is divided by the mapping of its code (quipu_split: to the last digit), and the
 * parts that meet in one code of one pair are added.  So each pair, and with it every total
 * that is not by product, stays what it was.
 */
#include "import.h"

typedef struct conversion {
    const quipu_cube *cube;
    quipu_mapping map;
    uint32_t *target;   /* of the mapping -> product of the new cube */
    const char **codes; /* products of the new cube, in text order */
    size_t n_codes;
    uint8_t *unmapped; /* by old product */
    qi_ledger ledger;
    /* sums of one pair, by new product */
    struct sum {
        int64_t value, weight, quantity;
        uint8_t unit, flags, used;
    } * sum;
    QI_LIST(uint32_t) touched;
    quipu_leaves in, out;
} conversion;

static int by_text(const void *a, const void *b) {
    return strcmp(**(const char *const *const *)a, **(const char *const *const *)b);
}

/* The mapping's targets in text order, as a cube needs them. */
static quipu_status order_targets(conversion *c, quipu_error *err) {
    size_t n = c->map.n_targets;
    const char **code = malloc((n + 1) * sizeof *code);
    const char ***order = malloc((n + 1) * sizeof *order);
    c->target = malloc((n + 1) * sizeof *c->target);
    c->codes = malloc((n + 1) * sizeof *c->codes);
    quipu_status status = QUIPU_OK;
    if (code == NULL || order == NULL || c->target == NULL || c->codes == NULL) {
        status = qi_fail_memory(err, n * sizeof *code);
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        code[i] = c->map.targets[i].code;
        order[i] = &code[i];
    }
    qsort(order, n, sizeof *order, by_text);
    for (size_t i = 0; i < n; i++) {
        if (c->n_codes == 0 || strcmp(c->codes[c->n_codes - 1], *order[i]) != 0)
            c->codes[c->n_codes++] = *order[i];
        c->target[order[i] - code] = (uint32_t)(c->n_codes - 1);
    }
done:
    free(code);
    free(order);
    return status;
}

static bool add_quantity(int64_t *sum, int64_t part, bool first) {
    if (first)
        *sum = part;
    else if (*sum == QUIPU_QUANTITY_MISSING || part == QUIPU_QUANTITY_MISSING)
        *sum = QUIPU_QUANTITY_MISSING;
    else
        return qi_add_money(sum, part);
    return true;
}

static quipu_status add_part(conversion *c, uint32_t product, int64_t value, int64_t weight,
                             int64_t quantity, uint8_t unit, uint8_t flags, quipu_error *err) {
    struct sum *s = &c->sum[product];
    bool first = s->used == 0, fits = true;
    if (first) {
        s->used = 1;
        s->value = QUIPU_MONEY_MISSING;
        s->unit = unit;
        s->flags = flags;
        if (!QI_PUSH(&c->touched, product))
            return qi_fail_memory(err, sizeof product);
    }
    if (s->value == QUIPU_MONEY_MISSING)
        s->value = value;
    else if (value != QUIPU_MONEY_MISSING)
        fits = qi_add_money(&s->value, value);
    fits = fits && add_quantity(&s->weight, weight, first);
    if (s->unit != unit) { /* pieces and kilograms do not add up */
        s->quantity = QUIPU_QUANTITY_MISSING;
        s->unit = 1;
    } else {
        fits = fits && add_quantity(&s->quantity, quantity, first);
    }
    s->flags |= flags;
    return fits ? QUIPU_OK : qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15");
}

static void split_or_missing(int64_t value, const uint32_t *weights, size_t n, int64_t *parts) {
    if (value >= 0)
        quipu_split(value, weights, n, parts);
    else
        for (size_t i = 0; i < n; i++)
            parts[i] = -1; /* missing stays missing in each part */
}

static quipu_status convert_leaf(conversion *c, size_t i, quipu_error *err) {
    const quipu_leaves *l = &c->in;
    uint32_t product = l->product[i], from = c->map.offset[product];
    size_t n = c->map.offset[product + 1] - from;
    int64_t worth = l->value[i] == QUIPU_MONEY_MISSING ? 0 : l->value[i];
    if (c->unmapped[product])
        qi_ledger_note(&c->ledger, QI_R_UNMAPPED, 1, worth, "%s",
                       quipu_cube_product(c->cube, product));
    if (n == 1)
        return add_part(c, c->target[c->map.target[from]], l->value[i], l->weight[i],
                        l->quantity[i], l->unit[i], l->flags[i], err);
    qi_ledger_note(&c->ledger, QI_R_SPLIT, 1, worth, "%s into %zu",
                   quipu_cube_product(c->cube, product), n);
    int64_t *parts = malloc(3 * n * sizeof *parts);
    if (parts == NULL)
        return qi_fail_memory(err, 3 * n * sizeof *parts);
    const uint32_t *weights = c->map.weight + from;
    split_or_missing(l->value[i], weights, n, parts);
    split_or_missing(l->weight[i], weights, n, parts + n);
    split_or_missing(l->quantity[i], weights, n, parts + 2 * n);
    quipu_status status = QUIPU_OK;
    for (size_t p = 0; p < n && status == QUIPU_OK; p++)
        status = add_part(c, c->target[c->map.target[from + p]], parts[p], parts[n + p],
                          parts[2 * n + p], l->unit[i], l->flags[i] | QUIPU_CONVERTED, err);
    free(parts);
    return status;
}

static int by_product(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static quipu_status convert_pair(conversion *c, size_t slab, size_t pair, quipu_error *err) {
    QI_TRY(quipu_cube_leaves(c->cube, slab, pair,
                             QUIPU_READ_WEIGHT | QUIPU_READ_QUANTITY | QUIPU_READ_FLAGS, &c->in,
                             err));
    c->touched.n = 0;
    for (size_t i = 0; i < c->in.n; i++)
        QI_TRY(convert_leaf(c, i, err));
    qsort(c->touched.items, c->touched.n, sizeof *c->touched.items, by_product);
    if (!qi_leaves_reserve(&c->out, c->touched.n))
        return qi_fail_memory(err, c->touched.n * 40);
    c->out.n = c->touched.n;
    for (size_t i = 0; i < c->touched.n; i++) {
        struct sum *s = &c->sum[c->touched.items[i]];
        c->out.product[i] = c->touched.items[i];
        c->out.value[i] = s->value;
        c->out.weight[i] = s->weight;
        c->out.quantity[i] = s->quantity;
        c->out.unit[i] = s->quantity == QUIPU_QUANTITY_MISSING ? 1 : s->unit;
        c->out.flags[i] = s->flags;
        s->used = 0;
    }
    c->ledger.read += c->in.n;
    c->ledger.accepted += c->in.n;
    return QUIPU_OK;
}

static quipu_status convert_slab(conversion *c, size_t slab, size_t n_countries,
                                 qi_cube_writer *writer, quipu_error *err) {
    const quipu_slab *slabs;
    size_t n_slabs, bytes = (n_countries * c->n_codes + 1) * sizeof(int64_t);
    slabs = quipu_cube_slabs(c->cube, &n_slabs);
    int64_t *matrix = qi_big_alloc(bytes);
    qi_part part = {0};
    quipu_pairs pairs;
    quipu_status status;
    if (matrix == NULL)
        return qi_fail_memory(err, bytes);
    QI_GO(quipu_cube_pairs(c->cube, slab, &pairs, err));
    uint32_t columns = slabs[slab].columns;
    for (size_t k = 0; k < quipu_cube_n_products(c->cube); k++)
        if (pairs.by_product_total[k] != 0 && c->map.offset[k + 1] - c->map.offset[k] > 1)
            columns |= QUIPU_HAS_FLAGS;
    QI_GO(qi_part_init(&part, c->n_codes, columns, matrix, err));
    QI_GO(qi_writer_begin_slab(writer, slabs[slab].period, slabs[slab].flow, columns, err));
    for (size_t p = 0; p < pairs.n_pairs; p++) {
        QI_GO(convert_pair(c, slab, p, err));
        QI_GO(qi_part_add(&part, pairs.reporter[p], pairs.partner[p], &c->out, err));
        if (!qi_add_money(&c->ledger.value_accepted, pairs.total[p])) {
            status = qi_fail(err, QUIPU_E_DATA, "the total is beyond 9.2e15 US$");
            goto done;
        }
    }
    QI_GO(qi_part_close(&part, err));
    QI_GO(qi_writer_add_part(writer, &part, err));
    QI_GO(qi_writer_end_slab(writer, &matrix, 1, err));
done:
    qi_part_free(&part);
    qi_big_free(matrix, bytes);
    return status;
}

/* Weights for QUIPU_CONVERT_TRADE: what reaches each code from sources with one target. */
static quipu_status trade_weights(const quipu_nomen *nomen, const quipu_cube *cube,
                                  const char *from, const char *to, quipu_mapping *equal,
                                  int64_t **values, const char ***codes, quipu_error *err) {
    size_t n = quipu_cube_n_products(cube), n_slabs;
    quipu_convert_options options = {.method = QUIPU_CONVERT_EQUAL};
    quipu_cube_slabs(cube, &n_slabs);
    QI_TRY(quipu_convert(nomen, from, to, quipu_cube_product_codes(cube), n, &options, equal,
                         err));
    *values = calloc(equal->n_targets + 1, sizeof **values);
    *codes = malloc((equal->n_targets + 1) * sizeof **codes);
    if (*values == NULL || *codes == NULL)
        return qi_fail_memory(err, equal->n_targets * sizeof **values);
    for (size_t t = 0; t < equal->n_targets; t++)
        (*codes)[t] = equal->targets[t].code;
    for (size_t s = 0; s < n_slabs; s++) {
        quipu_pairs pairs;
        QI_TRY(quipu_cube_pairs(cube, s, &pairs, err));
        for (size_t k = 0; k < n; k++)
            if (equal->offset[k + 1] - equal->offset[k] == 1 &&
                !qi_add_money(&(*values)[equal->target[equal->offset[k]]],
                              pairs.by_product_total[k]))
                return qi_fail(err, QUIPU_E_DATA, "a total is beyond 9.2e15 US$");
    }
    return QUIPU_OK;
}

static quipu_status make_map(conversion *c, const quipu_nomen *nomen, const char *from,
                             const char *to, quipu_convert_method method, quipu_error *err) {
    quipu_mapping equal = {0};
    quipu_convert_options options = {.method = method};
    int64_t *values = NULL;
    const char **codes = NULL;
    const quipu_nomenclature *target;
    quipu_status status = QUIPU_OK;
    size_t n = quipu_cube_n_products(c->cube);
    if (method == QUIPU_CONVERT_TRADE) {
        QI_GO(trade_weights(nomen, c->cube, from, to, &equal, &values, &codes, err));
        options.reference_codes = codes;
        options.reference_values = values;
        options.n_reference = equal.n_targets;
    }
    QI_GO(quipu_convert(nomen, from, to, quipu_cube_product_codes(c->cube), n, &options,
                        &c->map, err));
    QI_GO(quipu_nomenclature_find(nomen, to, &target, err));
    QI_GO(order_targets(c, err));
    c->sum = calloc(c->n_codes + 1, sizeof *c->sum);
    c->unmapped = calloc(n + 1, 1);
    if (c->sum == NULL || c->unmapped == NULL) {
        status = qi_fail_memory(err, c->n_codes * sizeof *c->sum);
        goto done;
    }
    for (size_t k = 0; k < n; k++) {
        const char *code = c->map.targets[c->map.target[c->map.offset[k]]].code;
        c->unmapped[k] = quipu_product_find(nomen, target, code, strlen(code)) == NULL;
    }
done:
    quipu_mapping_free(&equal);
    free(values);
    free(codes);
    return status;
}

static quipu_status write_meta(conversion *c, const char *to, quipu_convert_method method,
                               qi_cube_writer *writer, uint64_t *bytes, quipu_error *err) {
    static const char *const METHOD[] = {"official single target", "equal parts",
                                         "parts in proportion to trade"};
    qi_arena arena = {0};
    qi_buffer report = {0};
    QI_LIST(quipu_pair_text) meta = {0};
    quipu_status status = QUIPU_OK;
    size_t n;
    const quipu_pair_text *old = quipu_cube_meta_all(c->cube, &n);
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        quipu_pair_text pair = old[i];
        if (qi_is_of_firms(pair.key)) /* they are not converted */
            continue;
        if (strcmp(pair.key, "nomenclature") == 0) {
            char *how = qi_arena_printf(&arena, "from %s, %s", old[i].text, METHOD[method]);
            quipu_pair_text converted = {"converted", how};
            pair.text = to;
            ok = how != NULL && QI_PUSH(&meta, pair);
            pair = converted;
        }
        ok = ok && QI_PUSH(&meta, pair);
    }
    ok = ok && qi_buffer_text(&report, quipu_cube_import_report(c->cube)) &&
         qi_ledger_text(&c->ledger, &report) && qi_buffer_add(&report, "", 1);
    if (ok)
        status = qi_writer_commit(writer, meta.items, meta.n, report.bytes, bytes, err);
    else
        qi_writer_abandon(writer);
    if (!ok)
        status = qi_fail_memory(err, report.length);
    free(meta.items);
    qi_buffer_free(&report);
    qi_arena_free(&arena);
    return status;
}

quipu_status quipu_convert_cube(const quipu_nomen *nomen, const char *cube_path, const char *to,
                                quipu_convert_method method, const char *out_path,
                                quipu_import_result *result, quipu_error *err) {
    conversion c = {0};
    qi_cube_writer *writer = NULL;
    quipu_cube *cube = NULL;
    const quipu_nomenclature *target;
    quipu_status status;
    size_t n_slabs, n_countries, n_tariffs;
    const quipu_tariff *tariffs;
    qi_error_clear(err);
    memset(result, 0, sizeof *result);
    QI_TRY(quipu_cube_open(cube_path, &cube, err));
    c.cube = cube;
    const char *from = quipu_cube_meta(cube, "nomenclature");
    QI_GO(quipu_nomenclature_find(nomen, to, &target, err));
    if (from == NULL || strcmp(from, target->name) == 0) {
        status = qi_fail(err, QUIPU_E_ARG,
                         from == NULL ? "the cube does not say its nomenclature"
                                      : "the cube is in that nomenclature already");
        goto done;
    }
    QI_GO(quipu_cube_tariffs(cube, &tariffs, &n_tariffs, err));
    if (n_tariffs > 0) {
        status = qi_fail(err, QUIPU_E_ARG,
                         "the cube holds %zu tariffs, and rates cannot be added "
                         "up like trade: import the trade without them, then convert",
                         n_tariffs);
        goto done;
    }
    QI_GO(make_map(&c, nomen, from, target->name, method, err));
    const quipu_cube_country *countries = quipu_cube_countries(cube, &n_countries);
    qi_cube_shape shape = {countries, n_countries, c.codes, c.n_codes};
    QI_GO(qi_writer_open(out_path, &shape, &writer, err));
    quipu_cube_slabs(cube, &n_slabs);
    for (size_t s = 0; s < n_slabs; s++)
        QI_GO(convert_slab(&c, s, n_countries, writer, err));
    status = write_meta(&c, target->name, method, writer, &result->bytes_out, err);
    writer = NULL;
    if (status == QUIPU_OK) {
        result->read = result->accepted = c.ledger.read;
        result->value_accepted = c.ledger.value_accepted;
        result->bytes_in = quipu_cube_bytes(cube);
        snprintf(result->profile, sizeof result->profile, "convert");
        status = qi_ledger_table(&c.ledger, &result->ledger, err);
    }
    if (status == QUIPU_OK && quipu_cube_n_firms(cube) > 0)
        status = quipu_table_add_note(&result->ledger, err,
                                      "rows by firm are not converted: the new cube has none");
done:
    qi_writer_abandon(writer);
    quipu_mapping_free(&c.map);
    quipu_leaves_free(&c.in);
    quipu_leaves_free(&c.out);
    free(c.touched.items);
    free(c.target);
    free(c.codes);
    free(c.unmapped);
    free(c.sum);
    quipu_cube_close(cube);
    return status;
}
