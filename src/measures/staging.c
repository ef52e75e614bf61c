/* SPDX-License-Identifier: Apache-2.0 */
/* staging.c - the lines of a schedule with their classes and their trade, added up by stage. */
#include "measures/staging.h"
#include "measures/main_class.h"

/* ---- labels ---- */

static quipu_status label_by_category(qi_staging *s, quipu_error *err) {
    size_t n = s->schedule.n_categories;
    s->label_code = qi_arena_alloc(&s->arena, (n + 1) * sizeof *s->label_code);
    s->label_name = qi_arena_alloc(&s->arena, (n + 1) * sizeof *s->label_name);
    if (s->label_code == NULL || s->label_name == NULL)
        return qi_fail_memory(err, n * sizeof(char *));
    for (size_t c = 0; c < n; c++) {
        s->label_code[c] = s->schedule.categories[c].code;
        s->label_name[c] = s->schedule.categories[c].label;
    }
    for (size_t i = 0; i < s->schedule.n_lines; i++)
        s->label[i] = s->schedule.lines[i].category;
    s->n_labels = n;
    return QUIPU_OK;
}

/* Classes go by the six digits that all countries share. */
static quipu_status six_digits(const qi_staging *s, const char ***out, qi_arena *arena,
                               quipu_error *err) {
    size_t n = s->schedule.n_lines;
    const char **codes = qi_arena_alloc(arena, (n + 1) * sizeof *codes);
    if (codes == NULL)
        return qi_fail_memory(err, n * sizeof *codes);
    for (size_t i = 0; i < n; i++) {
        codes[i] = qi_arena_text(arena, s->schedule.lines[i].code, 6);
        if (codes[i] == NULL)
            return qi_fail_memory(err, 6);
    }
    *out = codes;
    return QUIPU_OK;
}

static quipu_status make_labels(qi_staging *s, const char *const *codes, quipu_error *err) {
    static const char *all_code[] = {"all"}, *all_name[] = {"All lines"};
    const char *by = qi_argument(s->measure, s->request, "by");
    qi_main_classes classes;
    s->label = qi_arena_alloc(&s->arena, (s->schedule.n_lines + 1) * sizeof *s->label);
    if (s->label == NULL)
        return qi_fail_memory(err, s->schedule.n_lines * sizeof *s->label);
    s->n_labels = 1;
    s->label_code = all_code;
    s->label_name = all_name;
    if (by == NULL || qi_is(by, "year"))
        return QUIPU_OK;
    if (qi_is(by, "category"))
        return label_by_category(s, err);
    if (strchr(by, ',') != NULL || qi_is(by, "reporter") || qi_is(by, "partner") ||
        qi_is(by, "product") || qi_is(by, "flow"))
        return qi_fail(
            err, QUIPU_E_ARG,
            "by \"%s\": take category or one class scheme (section, chapter, sector, "
            "technology, ...)",
            by);
    QI_TRY(qi_main_classes_make(s->measure, s->request, by, s->schedule.revision, codes,
                                s->schedule.n_lines, &s->arena, &classes, err));
    s->n_labels = classes.n;
    s->label_code = classes.code;
    s->label_name = classes.name;
    s->label = classes.of;
    s->n_split = classes.n_split;
    return QUIPU_OK;
}

/* ---- values ---- */

static void values_of_file(qi_staging *s) {
    for (size_t i = 0; i < s->schedule.n_lines; i++)
        s->value[i] = s->schedule.lines[i].value > 0 ? s->schedule.lines[i].value : 0;
    s->value_words = "Values are those of the schedule's own column";
}

/* The lines that begin with these six digits: *first .. *first + return value - 1. */
static size_t lines_under(const quipu_schedule *s, const char *six, size_t *first) {
    size_t low = 0, high = s->n_lines;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(s->lines[middle].code, six, 6) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (high < s->n_lines && strncmp(s->lines[high].code, six, 6) == 0)
        high++;
    return high - low;
}

/* Trade of one six-digit code, in equal and exact parts over its lines. */
static quipu_status split_over_lines(qi_staging *s, const char *six, int64_t value,
                                     quipu_error *err) {
    size_t first, n = lines_under(&s->schedule, six, &first);
    if (n == 0) {
        s->outside += value;
        return QUIPU_OK;
    }
    uint32_t *weights = malloc(n * sizeof *weights);
    int64_t *parts = malloc(n * sizeof *parts);
    if (weights == NULL || parts == NULL) {
        free(weights);
        free(parts);
        return qi_fail_memory(err, n * sizeof *parts);
    }
    for (size_t i = 0; i < n; i++)
        weights[i] = 1;
    quipu_split(value, weights, n, parts);
    for (size_t i = 0; i < n; i++)
        s->value[first + i] += parts[i];
    free(weights);
    free(parts);
    return QUIPU_OK;
}

/* Cells by product, carried to the schedule's revision. */
static quipu_status spread(qi_staging *s, const quipu_cells *cells, const char *from,
                           quipu_error *err) {
    const quipu_cube *cube = s->request->cube;
    quipu_mapping map = {0};
    quipu_convert_options options = {.method = QUIPU_CONVERT_EQUAL};
    QI_TRY(quipu_convert(s->request->nomen, from, s->schedule.revision,
                         quipu_cube_product_codes(cube), quipu_cube_n_products(cube), &options,
                         &map, err));
    quipu_status status = QUIPU_OK;
    int64_t *parts = malloc((map.n_targets + 1) * sizeof *parts);
    if (parts == NULL)
        status = qi_fail_memory(err, map.n_targets * sizeof *parts);
    for (size_t i = 0; i < cells->n && status == QUIPU_OK; i++) {
        uint32_t k = cells->product[i], first = map.offset[k];
        size_t n = map.offset[k + 1] - first;
        quipu_split(cells->value[i], map.weight + first, n, parts);
        for (size_t t = 0; t < n && status == QUIPU_OK; t++)
            status =
                split_over_lines(s, map.targets[map.target[first + t]].code, parts[t], err);
    }
    free(parts);
    quipu_mapping_free(&map);
    return status;
}

/* The year before entry into force where the cube has it, else the last it has before, else
 * its first. */
static quipu_period base_year(const qi_staging *s) {
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(s->request->cube, &n);
    quipu_period best = n > 0 ? slabs[0].period : 0;
    for (size_t i = 0; i < n; i++)
        if (slabs[i].period < s->schedule.from / 10000)
            best = slabs[i].period;
    return best;
}

static quipu_status values_of_cube(qi_staging *s, quipu_error *err) {
    const quipu_request *r = s->request;
    const char *from = quipu_cube_meta(r->cube, "nomenclature");
    const char *weights = qi_argument(s->measure, r, "weights");
    const char *reporter = qi_argument(s->measure, r, "reporter");
    const char *partner = qi_argument(s->measure, r, "partner");
    const char *flow = qi_argument(s->measure, r, "flow");
    char year[16];
    if (from == NULL || from[0] != 'H')
        return qi_fail(err, QUIPU_E_ARG,
                       "the cube is in %s: values of tariff lines need the HS; use a cube in "
                       "the HS, a column \"value\" in the schedule, or --values none",
                       from != NULL ? from : "no nomenclature");
    snprintf(year, sizeof year, "%d", (int)base_year(s));
    quipu_selection sel = {.reporter = reporter != NULL ? reporter : s->schedule.importer,
                           .partner = partner != NULL ? partner : s->schedule.exporter,
                           .flow = flow != NULL ? flow : "import",
                           .years = weights != NULL ? weights : year,
                           .basis = qi_argument(s->measure, r, "basis")};
    if (sel.reporter[0] == '\0' || sel.partner[0] == '\0')
        return qi_fail(err, QUIPU_E_ARG,
                       "whose trade? give --reporter (the importer) and --partner, or write "
                       "#importer and #exporter into the schedule");
    quipu_view view;
    quipu_cells cells = {0};
    QI_TRY(qi_view_open(r->cube, r->nomen, &sel, false, NULL, &view, err));
    quipu_rollup_options options = qi_rollup_options(r);
    options.dims = QUIPU_DIM_PRODUCT;
    quipu_status status = quipu_rollup(&view, &options, &cells, err);
    if (status == QUIPU_OK)
        status = spread(s, &cells, from, err);
    if (status == QUIPU_OK) {
        s->value_words = qi_arena_printf(
            &s->arena,
            "Values are %ss of %s %s %s in %s, six digits divided equally over their lines",
            quipu_flow_name(view.flow), view.reporters.label,
            view.flow == QUIPU_EXPORT ? "to" : "from", view.partners.label, sel.years);
        if (s->value_words == NULL)
            status = qi_fail_memory(err, 256);
    }
    quipu_cells_free(&cells);
    quipu_view_close(&view);
    return status;
}

static quipu_status make_values(qi_staging *s, quipu_error *err) {
    size_t choice = qi_choice_of(s->measure, s->request, "values");
    if (choice == 3)
        return QUIPU_OK;
    s->value = qi_arena_alloc(&s->arena, (s->schedule.n_lines + 1) * sizeof *s->value);
    if (s->value == NULL)
        return qi_fail_memory(err, s->schedule.n_lines * sizeof *s->value);
    if (choice == 1 && !s->schedule.has_values)
        return qi_fail(err, QUIPU_E_ARG,
                       "values file: the schedule has no values in a column "
                       "\"value\"");
    if (choice == 1 || (choice == 0 && s->schedule.has_values)) {
        values_of_file(s);
        return QUIPU_OK;
    }
    return values_of_cube(s, err);
}

/* ---- all of it ---- */

static quipu_status open_all(qi_staging *s, quipu_error *err) {
    const char *lines = qi_argument(s->measure, s->request, "schedule");
    const char *categories = qi_argument(s->measure, s->request, "categories");
    const char **codes = NULL;
    if (lines == NULL || categories == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "schedule wants two files: --schedule LINES.csv --categories "
                       "CATEGORIES.csv (docs/agreements.md)");
    QI_TRY(quipu_schedule_read(s->request->nomen, lines, categories, &s->schedule, err));
    s->first_year = s->schedule.from / 10000 - 1;
    QI_TRY(six_digits(s, &codes, &s->arena, err));
    QI_TRY(make_labels(s, codes, err));
    return make_values(s, err);
}

quipu_status qi_staging_open(qi_staging *s, const quipu_measure *measure,
                             const quipu_request *request, quipu_error *err) {
    *s = (qi_staging){.measure = measure, .request = request};
    quipu_status status = open_all(s, err);
    if (status != QUIPU_OK)
        qi_staging_close(s);
    return status;
}

void qi_staging_close(qi_staging *s) {
    quipu_schedule_free(&s->schedule);
    qi_arena_free(&s->arena);
    *s = (qi_staging){0};
}

qi_stage_sum qi_staging_sum(const qi_staging *s, uint32_t label, size_t stage) {
    qi_stage_sum sum = {0};
    for (size_t i = 0; i < s->schedule.n_lines; i++) {
        const quipu_schedule_line *line = &s->schedule.lines[i];
        const quipu_schedule_category *c = &s->schedule.categories[line->category];
        int64_t value = s->value != NULL ? s->value[i] : 0;
        int64_t left = quipu_schedule_left(c, stage);
        bool mfn_free = line->base == 0, rated = line->base != QUIPU_SCHEDULE_NO_RATE;
        bool free = mfn_free || left == 0 || line->start == 0;
        if (s->label[i] != label)
            continue;
        sum.lines++;
        sum.free += free;
        sum.mfn_free += mfn_free;
        sum.excluded += c->excluded && !mfn_free;
        sum.value += value;
        sum.free_value += free ? value : 0;
        sum.mfn_free_value += mfn_free ? value : 0;
        sum.excluded_value += c->excluded && !mfn_free ? value : 0;
        if (!rated)
            continue;
        double base = line->base / 1e4;
        double preference = line->start / 1e4 * (double)left / (double)c->whole;
        preference = preference < base && stage > 0 ? preference : base;
        sum.rated++;
        sum.rated_value += value;
        sum.base += base;
        sum.preference += preference;
        sum.base_by_value += base * (double)value;
        sum.preference_by_value += preference * (double)value;
    }
    return sum;
}
