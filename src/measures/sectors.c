/* SPDX-License-Identifier: Apache-2.0 */
/* sectors.c - the sectors of an output table as classes of a cube's products. */
#include "measures/production.h"

/* ---- which sectors there are ---- */

typedef struct sector {
    const char *code;
    const qi_production_row *first; /* the row that names it first */
} sector;

static int sector_order(const void *a, const void *b) {
    const sector *x = a, *y = b;
    int order = strcmp(x->code, y->code);
    if (order != 0)
        return order;
    return x->first->line < y->first->line ? -1 : x->first->line > y->first->line;
}

/* Each code once, in order of code. */
static quipu_status list_sectors(const qi_production *p, qi_arena *arena, sector **out,
                                 size_t *count, quipu_error *err) {
    sector *list = qi_arena_alloc(arena, (p->n_rows + 1) * sizeof *list);
    size_t n = 0;
    if (list == NULL)
        return qi_fail_memory(err, p->n_rows * sizeof *list);
    for (size_t i = 0; i < p->n_rows; i++)
        list[i] = (sector){p->rows[i].sector, &p->rows[i]};
    qsort(list, p->n_rows, sizeof *list, sector_order);
    for (size_t i = 0; i < p->n_rows; i++)
        if (n == 0 || strcmp(list[n - 1].code, list[i].code) != 0)
            list[n++] = list[i];
    *out = list;
    *count = n;
    return QUIPU_OK;
}

static quipu_status unknown_sector(const qi_production *p, const sector *s, const char *what,
                                   qi_suggest *near, quipu_error *err) {
    char text[QI_SUGGEST_TEXT];
    return qi_fail_at(err, QUIPU_E_FORMAT, p->path, s->first->line, s->first->column,
                      "\"%.40s\" is no sector of %s%s", s->code, what,
                      qi_suggest_text(near, text));
}

static bool begins(const char *code, const char *with) {
    return strncmp(code, with, strlen(with)) == 0;
}

/* Codes of ISIC, none of which is part of another. */
static quipu_status check_isic(const quipu_nomen *nomen, const qi_production *p,
                               const sector *list, size_t n, quipu_target *targets,
                               quipu_error *err) {
    const quipu_nomenclature *isic;
    QI_TRY(quipu_nomenclature_find(nomen, "I3", &isic, err));
    for (size_t i = 0; i < n; i++) {
        const quipu_product *found =
            quipu_product_find(nomen, isic, list[i].code, strlen(list[i].code));
        if (found == NULL) {
            const quipu_product *all;
            size_t n_all;
            qi_suggest near;
            qi_suggest_start(&near, list[i].code);
            QI_TRY(quipu_products(nomen, isic, &all, &n_all, err));
            for (size_t k = 0; k < n_all; k++)
                qi_suggest_try(&near, all[k].code);
            return unknown_sector(p, &list[i], "ISIC Rev. 3", &near, err);
        }
        /* In order of code a part follows its whole. */
        const sector *whole = &list[i > 0 ? i - 1 : 0];
        if (i > 0 && begins(list[i].code, whole->code)) {
            bool part_later = list[i].first->line > whole->first->line;
            const sector *at = part_later ? &list[i] : whole,
                         *other = part_later ? whole : &list[i];
            return qi_fail_at(err, QUIPU_E_DATA, p->path, at->first->line, at->first->column,
                              "sector %s is part of sector %s (line %llu has %s): give the "
                              "whole or its parts, trade belongs to one of them",
                              list[i].code, whole->code, (unsigned long long)other->first->line,
                              other->code);
        }
        targets[i] = (quipu_target){found->code, found->name, ""};
    }
    return QUIPU_OK;
}

/* ---- the mapping ---- */

static const quipu_target no_sector = {"unclassified", "In no sector of the output table", ""};

/* Room for a mapping with at most as many parts as `from` has. */
static quipu_status copy_frame(const quipu_mapping *from, qi_arena *arena, quipu_mapping *out,
                               quipu_error *err) {
    size_t parts = from->offset[from->n_sources];
    *out = (quipu_mapping){.name = "output", .source = "", .n_sources = from->n_sources};
    out->offset = qi_arena_alloc(arena, (from->n_sources + 1) * sizeof *out->offset);
    out->target = qi_arena_alloc(arena, (parts + 1) * sizeof *out->target);
    out->weight = qi_arena_alloc(arena, (parts + 1) * sizeof *out->weight);
    bool fine = out->offset != NULL && out->target != NULL && out->weight != NULL;
    return fine ? QUIPU_OK : qi_fail_memory(err, parts * 8);
}

/* Parts of one product that go to the same sector become one; `sure`: a product of several
 * sectors goes to none. */
static quipu_status join(const quipu_mapping *from, const uint32_t *sector_of, size_t n_sectors,
                         bool sure, qi_arena *arena, quipu_mapping *out, quipu_error *err) {
    QI_TRY(copy_frame(from, arena, out, err));
    uint32_t *offset = (uint32_t *)out->offset, *target = (uint32_t *)out->target;
    uint32_t *weight = (uint32_t *)out->weight, n = 0;
    for (size_t s = 0; s < from->n_sources; s++) {
        uint32_t first = n;
        for (uint32_t i = from->offset[s]; i < from->offset[s + 1]; i++) {
            uint32_t to = sector_of[from->target[i]], at = first;
            while (at < n && target[at] != to)
                at++;
            if (at == n) {
                target[n] = to;
                weight[n++] = 0;
            }
            uint64_t sum = (uint64_t)weight[at] + from->weight[i];
            weight[at] = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
        }
        if (sure && n - first > 1) {
            target[first] = (uint32_t)n_sectors;
            weight[first] = 1;
            n = first + 1;
        }
        out->n_split += n - first > 1;
        out->n_unmapped += n - first == 1 && target[first] == n_sectors;
        offset[s + 1] = n;
    }
    out->n_targets = n_sectors + 1;
    return QUIPU_OK;
}

/* The sector of each class of `from`; n stands for none. */
static void map_isic(const quipu_mapping *from, const sector *list, size_t n,
                     uint32_t *sector_of) {
    for (size_t t = 0; t < from->n_targets; t++) {
        sector_of[t] = (uint32_t)n;
        for (size_t i = 0; i < n && t + 1 < from->n_targets; i++)
            if (begins(from->targets[t].code, list[i].code))
                sector_of[t] = (uint32_t)i;
    }
}

static quipu_status map_scheme(const quipu_mapping *from, const qi_production *p,
                               const sector *list, size_t n, qi_arena *arena,
                               uint32_t *sector_of, quipu_target *targets, quipu_error *err) {
    size_t known = from->n_targets - 1; /* without the rest */
    for (size_t t = 0; t <= known; t++)
        sector_of[t] = (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        size_t t = 0;
        qi_suggest near;
        qi_suggest_start(&near, list[i].code);
        while (t < known && strcmp(from->targets[t].code, list[i].code) != 0)
            qi_suggest_try(&near, from->targets[t++].code);
        if (t == known)
            return unknown_sector(p, &list[i], p->nomenclature, &near, err);
        sector_of[t] = (uint32_t)i;
        targets[i] =
            (quipu_target){list[i].code, qi_arena_dup(arena, from->targets[t].label), ""};
        if (targets[i].label == NULL)
            return qi_fail_memory(err, 64);
    }
    return QUIPU_OK;
}

/* ---- rows ---- */

static int row_order(const void *a, const void *b) {
    const qi_production_row *x = a, *y = b;
    if (x->country != y->country)
        return x->country < y->country ? -1 : 1;
    if (x->year != y->year)
        return x->year < y->year ? -1 : 1;
    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static quipu_status label_rows(qi_production *p, const sector *list, size_t n,
                               quipu_error *err) {
    for (size_t i = 0; i < p->n_rows; i++) {
        size_t low = 0, high = n;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (strcmp(list[middle].code, p->rows[i].sector) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        p->rows[i].label = (uint32_t)low;
    }
    qsort(p->rows, p->n_rows, sizeof *p->rows, row_order);
    for (size_t i = 1; i < p->n_rows; i++) {
        const qi_production_row *a = &p->rows[i - 1], *b = &p->rows[i];
        if (a->country == b->country && a->year == b->year && a->label == b->label)
            return qi_fail_at(err, QUIPU_E_DATA, p->path, b->line, b->column,
                              "sector %s of that country and year stands in line %llu already",
                              b->sector, (unsigned long long)a->line);
    }
    return QUIPU_OK;
}

const qi_production_row *qi_production_find(const qi_production *p, unsigned country,
                                            quipu_period year, size_t label) {
    qi_production_row wanted = {
        .country = (uint16_t)country, .year = year, .label = (uint32_t)label};
    size_t low = 0, high = p->n_rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (row_order(&p->rows[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const qi_production_row *row = low < p->n_rows ? &p->rows[low] : NULL;
    bool found =
        row != NULL && row->country == country && row->year == year && row->label == label;
    return found ? row : NULL;
}

/* ---- all of it ---- */

static quipu_status make(const quipu_nomen *nomen, const quipu_mapping *from, bool isic,
                         qi_production *p, qi_arena *arena, qi_sectors *out, quipu_error *err) {
    sector *list = NULL;
    size_t n = 0;
    QI_TRY(list_sectors(p, arena, &list, &n, err));
    uint32_t *sector_of = qi_arena_alloc(arena, from->n_targets * sizeof *sector_of);
    quipu_target *targets = qi_arena_alloc(arena, (n + 1) * sizeof *targets);
    if (sector_of == NULL || targets == NULL)
        return qi_fail_memory(err, n * sizeof *targets);
    if (isic) {
        QI_TRY(check_isic(nomen, p, list, n, targets, err));
        map_isic(from, list, n, sector_of);
    } else {
        QI_TRY(map_scheme(from, p, list, n, arena, sector_of, targets, err));
    }
    targets[n] = no_sector;
    QI_TRY(join(from, sector_of, n, false, arena, &out->mapping, err));
    QI_TRY(join(from, sector_of, n, true, arena, &out->sure, err));
    out->mapping.targets = out->sure.targets = targets;
    const char *title = qi_arena_printf(arena, "sectors of the output table, by %s",
                                        isic ? "ISIC Rev. 3" : p->nomenclature);
    if (title == NULL)
        return qi_fail_memory(err, 64);
    out->mapping.title = out->sure.title = title;
    return label_rows(p, list, n, err);
}

static quipu_status check_scheme(const quipu_nomen *nomen, const qi_production *p,
                                 quipu_error *err) {
    const quipu_scheme *schemes;
    size_t n;
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    QI_TRY(quipu_schemes(nomen, &schemes, &n, err));
    qi_suggest_start(&near, p->nomenclature);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(schemes[i].name, p->nomenclature) == 0)
            return QUIPU_OK;
        qi_suggest_try(&near, schemes[i].name);
    }
    return qi_fail_at(err, QUIPU_E_FORMAT, p->path, p->nomenclature_line, 15,
                      "nomenclature \"%.40s\": expected I3 or a scheme of classes%s",
                      p->nomenclature, qi_suggest_text(&near, text));
}

quipu_status qi_sectors_make(const quipu_nomen *nomen, const quipu_cube *cube,
                             bool gold_primary, qi_production *p, qi_arena *arena,
                             qi_sectors *out, quipu_error *err) {
    const quipu_nomenclature *named;
    quipu_class_options options = {.gold_primary = gold_primary};
    quipu_mapping from = {0};
    const char *of = quipu_cube_meta(cube, "nomenclature");
    *out = (qi_sectors){0};
    bool isic = quipu_nomenclature_find(nomen, p->nomenclature, &named, NULL) == QUIPU_OK &&
                strcmp(named->name, "I3") == 0;
    if (!isic)
        QI_TRY(check_scheme(nomen, p, err));
    quipu_status status = quipu_classify(nomen, isic ? "isic" : p->nomenclature,
                                         of != NULL ? of : "", quipu_cube_product_codes(cube),
                                         quipu_cube_n_products(cube), &options, &from, err);
    if (status == QUIPU_OK)
        status = make(nomen, &from, isic, p, arena, out, err);
    quipu_mapping_free(&from);
    return status;
}
