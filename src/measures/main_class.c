/* SPDX-License-Identifier: Apache-2.0 */
/* main_class.c - see main_class.h. */
#include "measures/main_class.h"

uint32_t qi_main_class(const quipu_mapping *map, size_t product) {
    uint32_t best = map->offset[product];
    for (uint32_t i = best; i < map->offset[product + 1]; i++)
        if (map->weight[i] > map->weight[best])
            best = i;
    return map->target[best];
}

quipu_status qi_main_classes_make(const quipu_measure *measure, const quipu_request *request,
                                  const char *scheme, const char *from,
                                  const char *const *codes, size_t n_codes, qi_arena *arena,
                                  qi_main_classes *out, quipu_error *err) {
    quipu_class_options options = {.gold_primary =
                                       qi_is(qi_argument(measure, request, "gold"), "primary"),
                                   .user_csv = qi_argument(measure, request, "classes")};
    quipu_mapping map = {0};
    *out = (qi_main_classes){0};
    if (qi_is(scheme, "class") && options.user_csv == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "by class needs a table of classes: --classes FILE, or name a scheme "
                       "such as technology or section");
    QI_TRY(quipu_classify(request->nomen, scheme, from, codes, n_codes, &options, &map, err));
    out->n = map.n_targets;
    out->code = qi_arena_alloc(arena, (map.n_targets + 1) * sizeof *out->code);
    out->name = qi_arena_alloc(arena, (map.n_targets + 1) * sizeof *out->name);
    out->of = qi_arena_alloc(arena, (n_codes + 1) * sizeof *out->of);
    bool fine = out->code != NULL && out->name != NULL && out->of != NULL;
    for (size_t t = 0; t < map.n_targets && fine; t++) {
        out->code[t] = qi_arena_dup(arena, map.targets[t].code);
        out->name[t] = qi_arena_dup(arena, map.targets[t].label);
        fine = out->code[t] != NULL && out->name[t] != NULL;
    }
    for (size_t k = 0; k < n_codes && fine; k++) {
        out->n_split += map.offset[k + 1] - map.offset[k] > 1;
        out->of[k] = qi_main_class(&map, k);
    }
    quipu_mapping_free(&map);
    return fine ? QUIPU_OK : qi_fail_memory(err, n_codes * sizeof(char *));
}
