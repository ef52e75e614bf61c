/* SPDX-License-Identifier: Apache-2.0 */
/* option.c - kinds of figures, and what every option has: title, unit, source, size. */
#include "chart/chart.h"

static const quipu_chart_kind KINDS[] = {
    {"line", "how figures move over time, each named at its end", "x (time), y, series"},
    {"area", "what a whole is made of over time, parts stacked", "x (time), y, series"},
    {"bar", "figures of one list, longest to shortest or as listed", "x, y"},
    {"grouped-bar", "two or more figures side by side for each item", "x, y, series"},
    {"treemap", "what a whole is made of, as areas; two levels with series", "x, y, series"},
    {"sankey", "what flows from where to where", "source, target, y"},
    {"scatter", "two figures against each other, a third as size", "x, y, size, series"},
    {"heatmap", "a figure for each pair of items, or item and year", "x, y, series"},
    {"map", "a figure for each country, on a map of the world", "x (countries), y"},
    {"network", "who is tied to whom, and how strongly", "source, target, y"},
    {"ownership", "who owns whom, from owners to what is owned, with shares",
     "source, target, y (share)"},
    {"interval", "figures with an interval around each, one under the other",
     "x, y, series; low and high"},
};

static quipu_status (*const BUILD[])(qi_chart_draft *, quipu_error *) = {
    qi_chart_matrix,  qi_chart_matrix, qi_chart_matrix,  qi_chart_matrix,
    qi_chart_treemap, qi_chart_edges,  qi_chart_scatter, qi_chart_matrix,
    qi_chart_map,     qi_chart_edges,  qi_chart_edges,   qi_chart_interval,
};

const quipu_chart_kind *quipu_chart_kinds(size_t *count) {
    _Static_assert(QI_COUNT(KINDS) == QI_COUNT(BUILD), "every kind is built");
    *count = QI_COUNT(KINDS);
    return KINDS;
}

bool qi_chart_is(const qi_chart_draft *d, const char *kind) {
    return d->kind != NULL && strcmp(d->kind->name, kind) == 0;
}

/* ---- unit and decimals ---- */

static double largest(const qi_chart_draft *d, size_t column) {
    double most = 0, value;
    for (size_t row = 0; column != QI_NO_COLUMN && row < d->table->n_rows; row++) {
        if (qi_chart_figure(d, column, row, &value) && fabs(value) > most)
            most = fabs(value);
    }
    return most;
}

static quipu_type type_of(const qi_chart_draft *d, size_t column) {
    return column == QI_NO_COLUMN ? QUIPU_TEXT : d->table->columns[column].spec.type;
}

/* One unit for all money of a figure: that of the upright axis, or of the other one. */
static void choose_money(qi_chart_draft *d) {
    static const struct {
        double from, scale;
        const char *en, *es;
    } UNITS[] = {
        {1e10, 1e9, "billion US$", "miles de millones de US$"},
        {1e7, 1e6, "million US$", "millones de US$"},
        {1e4, 1e3, "thousand US$", "miles de US$"},
        {0, 1, "US$", "US$"},
    };
    size_t i = 0;
    size_t column = type_of(d, d->y) == QUIPU_MONEY ? d->y : d->x;
    d->scale = 1;
    double most = type_of(d, column) == QUIPU_MONEY ? largest(d, column) : 0;
    while (most < UNITS[i].from)
        i++;
    d->scale = UNITS[i].scale;
    d->money = d->chart->spanish ? UNITS[i].es : UNITS[i].en;
}

static void choose_unit(qi_chart_draft *d) {
    const quipu_column_spec *spec = &d->table->columns[d->y].spec;
    choose_money(d);
    double most = largest(d, d->y);
    d->percent = spec->type == QUIPU_SHARE;
    d->unit = qi_chart_unit(d, d->y);
    if (spec->type == QUIPU_INTEGER)
        d->decimals = 0;
    else if (spec->type == QUIPU_SHARE)
        d->decimals = most < 1 ? 2 : 1;
    else if (spec->type == QUIPU_MONEY || spec->type == QUIPU_AMOUNT)
        d->decimals = most >= 1000 ? 0 : most >= 1 ? 1 : 3;
    else
        d->decimals = spec->decimals >= 0 && spec->decimals < 7 ? spec->decimals : 2;
}

const char *qi_chart_unit(qi_chart_draft *d, size_t column) {
    const quipu_column_spec *spec = &d->table->columns[column].spec;
    if (spec->type == QUIPU_MONEY)
        return d->money;
    return spec->type == QUIPU_SHARE ? "%" : qi_chart_clean(d, spec->unit);
}

/* "Share, %", "Value, million US$". */
const char *qi_chart_measured(qi_chart_draft *d, size_t column) {
    const char *label = qi_chart_label(d, column), *unit = qi_chart_unit(d, column);
    if (unit[0] == '\0' || strcmp(unit, "index") == 0 || strstr(label, unit) != NULL)
        return label;
    const char *text = qi_arena_printf(&d->arena, "%s, %s", label, unit);
    return text != NULL ? text : label;
}

/* ---- the words around a figure ---- */

static const char *only_period(qi_chart_draft *d) {
    if (d->time == QI_NO_COLUMN || d->x == d->time ||
        !quipu_table_present(d->table, d->time, 0))
        return NULL;
    const int64_t *period = d->table->columns[d->time].data.integer;
    for (size_t row = 1; row < d->table->n_rows; row++) {
        if (!quipu_table_present(d->table, d->time, row) || period[row] != period[0])
            return NULL;
    }
    return qi_chart_cell(d, d->time, 0);
}

static const char *subtitle(qi_chart_draft *d) {
    const char *text = qi_chart_measured(d, d->y), *period = only_period(d);
    if (qi_chart_is(d, "scatter"))
        return period != NULL ? period : ""; /* the axes say the rest */
    if (period != NULL)
        text = qi_arena_printf(&d->arena, "%s; %s", text, period);
    return text != NULL ? text : "";
}

static const char *source_text(const quipu_table *table, const char *key) {
    for (size_t i = 0; i < table->n_source; i++) {
        if (strcmp(table->source[i].key, key) == 0)
            return table->source[i].text;
    }
    return NULL;
}

static const char *footer(qi_chart_draft *d) {
    const char *text = d->chart->footer;
    if (text == NULL) {
        const char *source = source_text(d->table, "source");
        const char *release = source_text(d->table, "release");
        const char *engine = source_text(d->table, "engine");
        text = source == NULL
                   ? ""
                   : qi_arena_printf(&d->arena, "%s: %s%s%s%s%s%s",
                                     d->chart->spanish ? "Fuente" : "Source", source,
                                     release != NULL ? "; " : "",
                                     release != NULL ? release : "", engine != NULL ? " (" : "",
                                     engine != NULL ? engine : "", engine != NULL ? ")." : ".");
    }
    if (qi_chart_is(d, "map") && text != NULL)
        text = qi_arena_printf(
            &d->arena, "%s%s%s", text, text[0] != '\0' ? " " : "",
            d->chart->spanish
                ? "Fronteras según Natural Earth; no expresan opinión sobre ningún territorio."
                : "Borders as in Natural Earth; they express no opinion on any territory.");
    if (d->remark != NULL && text != NULL)
        text = qi_arena_printf(&d->arena, "%s %s", d->remark, text);
    return qi_chart_clean(d, text);
}

static const char *kind_words(const qi_chart_draft *d) {
    static const char *const WORDS[][2] = {
        {"Line chart", "Gráfico de líneas"},
        {"Stacked areas", "Áreas apiladas"},
        {"Bar chart", "Gráfico de barras"},
        {"Grouped bars", "Barras agrupadas"},
        {"Treemap", "Mapa de árbol"},
        {"Flow diagram", "Diagrama de flujos"},
        {"Scatter plot", "Diagrama de dispersión"},
        {"Heat map", "Mapa de calor"},
        {"Map of the world", "Mapa del mundo"},
        {"Network", "Red"},
        {"Ownership tree", "Árbol de propiedad"},
        {"Figures with intervals", "Cifras con intervalos"},
    };
    _Static_assert(QI_COUNT(WORDS) == QI_COUNT(KINDS), "every kind has words");
    return WORDS[d->kind - KINDS][d->chart->spanish ? 1 : 0];
}

/* For those who cannot see it: kind, what is shown, of whom, and from where to where. */
static const char *description(qi_chart_draft *d, const char *shown) {
    qi_buffer out = {0};
    size_t i;
    const json_t *series;
    const char *and = ": ";
    bool ok = qi_buffer_printf(&out, "%s. %s", kind_words(d), shown);
    json_array_foreach(json_object_get(d->root, "series"), i, series) {
        const char *name = json_string_value(json_object_get(series, "name"));
        if (name == NULL || name[0] == '\0' || i >= 12)
            continue;
        ok = ok && qi_buffer_text(&out, and) && qi_buffer_text(&out, name);
        and = ", ";
    }
    const json_t *axis = json_object_get(d->root, "xAxis");
    const json_t *from = json_object_get(axis, "min"), *to = json_object_get(axis, "max");
    if (json_is_integer(from) && json_is_integer(to))
        ok = ok && qi_buffer_printf(&out, "; %d–%d", (int)json_integer_value(from),
                                    (int)json_integer_value(to));
    const char *text = ok && qi_buffer_text(&out, ".") ? qi_chart_clean(d, out.bytes) : "";
    qi_buffer_free(&out);
    return text;
}

static bool put_text(json_t *object, const char *key, const char *text) {
    return json_object_set_new(object, key, json_string(text)) == 0;
}

static bool has_long_names(const json_t *categories) {
    size_t i;
    const json_t *name;
    json_array_foreach(categories, i, name) {
        if (json_string_length(name) > 42)
            return true;
    }
    return false;
}

/* Owners nobody owns stand in one column. */
static size_t n_owners(qi_chart_draft *d) {
    const json_t *graph = json_array_get(json_object_get(d->root, "series"), 0);
    const json_t *links = json_object_get(graph, "links"), *link;
    size_t n = json_array_size(json_object_get(graph, "data")), i, owned = 0;
    bool *seen = qi_arena_alloc(&d->arena, n + 1);
    json_array_foreach(links, i, link) {
        const char *id = json_string_value(json_object_get(link, "target"));
        size_t at = id != NULL ? strtoul(id + 1, NULL, 10) : n;
        if (seen != NULL && at < n && !seen[at]) {
            seen[at] = true;
            owned++;
        }
    }
    return n - owned;
}

/* Long lists are given more height, unless the caller has said how much. */
static int usual_height(qi_chart_draft *d) {
    const json_t *categories = json_object_get(d->about, "categories");
    size_t rows = json_array_size(json_object_get(d->about, "rows"));
    size_t series = json_array_size(json_object_get(d->root, "series"));
    bool bars = qi_chart_is(d, "bar") || qi_chart_is(d, "grouped-bar");
    double height = 440;
    if (bars && !json_is_true(json_object_get(d->about, "time"))) {
        double each = series > 1                   ? 14 + 15 * (double)series
                      : has_long_names(categories) ? 34
                                                   : 22;
        height = fmax(200, 110 + each * (double)json_array_size(categories));
    } else if (qi_chart_is(d, "heatmap")) {
        height = fmax(260, 190 + 20 * (double)rows);
    } else if (qi_chart_is(d, "interval")) {
        height = fmax(200, 130 + (16 + 5 * (double)series) * (double)rows);
    } else if (qi_chart_is(d, "map")) {
        height = 452;
    } else if (qi_chart_is_placed(d)) {
        height = 760;
    } else if (qi_chart_is(d, "ownership")) {
        height = fmax(300, 130 + 38 * (double)n_owners(d));
    }
    return (int)fmin(height, 3000);
}

static quipu_status add_words(qi_chart_draft *d, quipu_error *err) {
    const quipu_chart *chart = d->chart;
    const char *title = chart->title != NULL      ? chart->title
                        : d->table->title != NULL ? d->table->title
                                                  : "";
    const char *under = chart->subtitle != NULL ? chart->subtitle : subtitle(d);
    bool ok = put_text(d->about, "kind", d->kind->name) &&
              put_text(d->about, "lang", chart->spanish ? "es" : "en") &&
              put_text(d->about, "title", qi_chart_clean(d, title)) &&
              put_text(d->about, "subtitle", qi_chart_clean(d, under)) &&
              put_text(d->about, "footer", footer(d)) &&
              put_text(d->about, "desc", description(d, qi_chart_clean(d, under))) &&
              put_text(d->about, "unit", d->unit) &&
              json_object_set_new(d->about, "decimals", json_integer(d->decimals)) == 0 &&
              json_object_set_new(d->about, "percent", json_boolean(d->percent)) == 0 &&
              json_object_set_new(d->about, "width",
                                  json_integer(chart->width > 0 ? chart->width : 760)) == 0 &&
              json_object_set_new(
                  d->about, "height",
                  json_integer(chart->height > 0 ? chart->height : usual_height(d))) == 0;
    if (ok && chart->id != NULL)
        ok = put_text(d->about, "id", qi_chart_clean(d, chart->id));
    return ok ? QUIPU_OK : qi_fail_memory(err, 0);
}

/* "<" is written as an escape, so that the text may stand in a page's script. */
static quipu_status to_text(const json_t *root, char **out, quipu_error *err) {
    char *plain = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(12));
    qi_buffer text = {0};
    bool ok = plain != NULL;
    for (const char *at = plain; ok && *at != '\0';) {
        size_t n = strcspn(at, "<");
        ok = qi_buffer_add(&text, at, n);
        at += n;
        if (*at == '<') {
            ok = ok && qi_buffer_text(&text, "\\u003c");
            at++;
        }
    }
    free(plain);
    if (!ok) {
        qi_buffer_free(&text);
        return qi_fail_memory(err, 0);
    }
    *out = text.bytes;
    return QUIPU_OK;
}

quipu_status quipu_chart_option(const quipu_table *table, const quipu_nomen *nomen,
                                const quipu_chart *chart, char **json, quipu_error *err) {
    quipu_status status;
    qi_chart_draft d = {.table = table, .nomen = nomen, .chart = chart};
    qi_error_clear(err);
    *json = NULL;
    QI_GO(qi_chart_choose(&d, err));
    choose_unit(&d);
    d.root = json_object();
    d.about = json_object();
    if (d.root == NULL || json_object_set_new(d.root, "quipu", d.about) != 0) {
        status = qi_fail_memory(err, 0);
        goto done;
    }
    QI_GO(BUILD[d.kind - KINDS](&d, err));
    QI_GO(add_words(&d, err));
    status = to_text(d.root, json, err);
done:
    json_decref(d.root);
    qi_arena_free(&d.arena);
    return status;
}
