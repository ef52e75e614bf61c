/* SPDX-License-Identifier: Apache-2.0 */
/* columns.c - which columns of a table are drawn, and what their cells are called.
 *
 * A column of codes with a column of names beside it ("partner", "partner_name") counts once:
 * codes tell rows apart, names are shown.
 */
#include "chart/chart.h"

static const quipu_column_spec *spec_of(const qi_chart_draft *d, size_t column) {
    return &d->table->columns[column].spec;
}

/* The column of names that belongs to a column of codes. */
static size_t name_column(const quipu_table *table, size_t column) {
    char name[128];
    const char *code = table->columns[column].spec.name;
    if (strlen(code) + sizeof "_name" > sizeof name)
        return QI_NO_COLUMN;
    snprintf(name, sizeof name, "%s_name", code);
    ptrdiff_t found = quipu_table_find(table, name);
    return found >= 0 && table->columns[found].spec.type == QUIPU_TEXT ? (size_t)found
                                                                       : QI_NO_COLUMN;
}

static bool is_names(const quipu_table *table, size_t column) {
    static const char suffix[] = "_name";
    char code[128];
    const char *name = table->columns[column].spec.name;
    size_t length = strlen(name), tail = sizeof suffix - 1;
    if (length <= tail || length >= sizeof code || strcmp(name + length - tail, suffix) != 0)
        return false;
    memcpy(code, name, length - tail);
    code[length - tail] = '\0';
    return quipu_table_find(table, code) >= 0;
}

static bool is_time(const quipu_column_spec *spec) {
    return spec->type == QUIPU_INTEGER &&
           (strcmp(spec->name, "year") == 0 || strcmp(spec->name, "month") == 0 ||
            strcmp(spec->name, "period") == 0);
}

static bool is_number(const quipu_column_spec *spec) {
    return spec->type != QUIPU_TEXT;
}

bool qi_chart_is_country(const char *name) {
    static const char *const names[] = {"reporter", "partner", "exporter", "importer",
                                        "country",  "origin",  "iso3",     "destination"};
    for (size_t i = 0; i < QI_COUNT(names); i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

/* ---- text ---- */

const char *qi_chart_clean(qi_chart_draft *d, const char *text) {
    if (text == NULL)
        return "";
    size_t length = strlen(text);
    if (length > 2000)
        length = 2000;
    char *copy = qi_arena_text(&d->arena, text, length);
    if (copy == NULL)
        return "";
    qi_text_clean(copy, length);
    for (size_t i = 0; i < length; i++) {
        if (copy[i] == '\t' || copy[i] == '\n')
            copy[i] = ' ';
        /* U+FFFE and U+FFFF are UTF-8 and no letters: XML has no room for them. */
        if (i + 2 < length && memcmp(copy + i, "\xEF\xBF", 2) == 0 &&
            (unsigned char)copy[i + 2] >= 0xBE)
            memset(copy + i, ' ', 3);
    }
    return copy;
}

const char *qi_chart_code(qi_chart_draft *d, size_t column, size_t row) {
    const quipu_column *c = &d->table->columns[column];
    if (!quipu_table_present(d->table, column, row))
        return NULL;
    if (c->spec.type == QUIPU_TEXT)
        return c->data.text[row];
    char text[QI_NUMBER_TEXT];
    if (c->spec.type == QUIPU_REAL || c->spec.type == QUIPU_SHARE)
        qi_format_double(text, c->data.real[row]);
    else
        qi_format_scaled(text, c->data.integer[row], c->spec.type == QUIPU_INTEGER ? 0 : 3);
    return qi_arena_dup(&d->arena, text);
}

static const char *spanish_name(const qi_chart_draft *d, const char *column, const char *code) {
    if (strcmp(code, "total") == 0)
        return "Total";
    if (strcmp(code, "rest") == 0)
        return "Todos los demás";
    if (strcmp(code, "unclassified") == 0)
        return "Sin clasificar";
    if (d->nomen == NULL || !qi_chart_is_country(column))
        return NULL;
    const quipu_country *country = quipu_country_by_iso3(d->nomen, code, strlen(code));
    const quipu_group *group;
    if (country != NULL && country->name_es[0] != '\0')
        return country->name_es;
    if (quipu_group_find(d->nomen, code, &group, NULL) == QUIPU_OK &&
        group->label_es[0] != '\0')
        return group->label_es;
    return NULL;
}

static const char *month_text(qi_chart_draft *d, int64_t period) {
    return qi_arena_printf(&d->arena, "%04d-%02d", (int)(period / 100), (int)(period % 100));
}

const char *qi_chart_cell(qi_chart_draft *d, size_t column, size_t row) {
    const char *code = qi_chart_code(d, column, row);
    size_t names = name_column(d->table, column);
    if (code == NULL)
        return d->chart->spanish ? "(sin nombre)" : "(no name)";
    if (column == d->time && d->months)
        return month_text(d, d->table->columns[column].data.integer[row]);
    if (d->chart->spanish) {
        const char *known = spanish_name(d, spec_of(d, column)->name, code);
        if (known != NULL)
            return qi_chart_clean(d, known);
    }
    const char *text = code, *spanish = NULL, *name = spec_of(d, column)->name;
    if (names != QI_NO_COLUMN && quipu_table_present(d->table, names, row) &&
        d->table->columns[names].data.text[row][0] != '\0')
        text = d->table->columns[names].data.text[row];
    if (d->chart->spanish && d->nomen != NULL &&
        (strstr(name, "class") != NULL || strcmp(name, "flow") == 0))
        spanish = quipu_spanish(d->nomen, text);
    return qi_chart_clean(d, spanish != NULL ? spanish : text);
}

const char *qi_chart_label(qi_chart_draft *d, size_t column) {
    const quipu_column_spec *spec = spec_of(d, column);
    size_t names = name_column(d->table, column);
    if (names != QI_NO_COLUMN)
        spec = spec_of(d, names);
    const char *label = spec->label != NULL ? spec->label : spec->name;
    const char *spanish =
        d->chart->spanish && d->nomen != NULL ? quipu_spanish(d->nomen, label) : NULL;
    return qi_chart_clean(d, spanish != NULL ? spanish : label);
}

/* ---- figures ---- */

static bool number_at(const quipu_table *table, size_t column, size_t row, double *out) {
    const quipu_column *c = &table->columns[column];
    if (!quipu_table_present(table, column, row))
        return false;
    switch (c->spec.type) {
    case QUIPU_TEXT: return false;
    case QUIPU_INTEGER: *out = (double)c->data.integer[row]; break;
    case QUIPU_MONEY:
    case QUIPU_AMOUNT: *out = (double)c->data.integer[row] / 1000.0; break;
    case QUIPU_REAL:
    case QUIPU_SHARE: *out = c->data.real[row]; break;
    }
    return isfinite(*out);
}

bool qi_chart_figure(const qi_chart_draft *d, size_t column, size_t row, double *out) {
    if (!number_at(d->table, column, row, out))
        return false;
    quipu_type type = spec_of(d, column)->type;
    if (type == QUIPU_SHARE)
        *out *= 100.0;
    else if (type == QUIPU_MONEY)
        *out /= d->scale;
    return true;
}

/* ---- distinct values ---- */

static bool item_matches(qi_chart_draft *d, const size_t *columns, size_t n, size_t a,
                         size_t b) {
    for (size_t i = 0; i < n; i++) {
        const quipu_column *c = &d->table->columns[columns[i]];
        bool has_a = quipu_table_present(d->table, columns[i], a);
        if (has_a != quipu_table_present(d->table, columns[i], b))
            return false;
        if (!has_a)
            continue;
        if (c->spec.type == QUIPU_TEXT) {
            if (strcmp(c->data.text[a], c->data.text[b]) != 0)
                return false;
        } else if (memcmp(&c->data.integer[a], &c->data.integer[b], sizeof(int64_t)) != 0) {
            return false; /* doubles too, by their bits */
        }
    }
    return true;
}

static uint64_t item_hash(qi_chart_draft *d, const size_t *columns, size_t n, size_t row) {
    uint64_t hash = 0;
    for (size_t i = 0; i < n; i++) {
        const quipu_column *c = &d->table->columns[columns[i]];
        uint64_t own = 1;
        if (quipu_table_present(d->table, columns[i], row))
            own = c->spec.type == QUIPU_TEXT
                      ? qi_hash64(c->data.text[row], strlen(c->data.text[row]))
                      : qi_hash64(&c->data.integer[row], sizeof c->data.integer[row]);
        hash = (hash ^ own) * UINT64_C(0x9E3779B97F4A7C15);
    }
    return hash;
}

/* "China – Peru", only of the columns that tell items apart. */
static void name_item(qi_chart_draft *d, const size_t *columns, size_t n, qi_chart_items *out,
                      size_t item, size_t row) {
    const char *label = NULL;
    for (size_t i = 0; i < n; i++) {
        const char *cell = qi_chart_cell(d, columns[i], row);
        const char *code = qi_chart_code(d, columns[i], row);
        label = label == NULL ? cell : qi_arena_printf(&d->arena, "%s – %s", label, cell);
        out->total[item] = out->total[item] || (code != NULL && strcmp(code, "total") == 0);
        out->rest[item] =
            out->rest[item] ||
            (code != NULL && (strcmp(code, "rest") == 0 || strcmp(code, "unclassified") == 0));
        out->code[item] = code != NULL ? qi_chart_clean(d, code) : "";
    }
    out->label[item] = label != NULL ? label : "";
    out->row[item] = row;
}

static quipu_status items_room(qi_chart_draft *d, qi_chart_items *out, size_t rows,
                               quipu_error *err) {
    size_t bytes;
    if (!qi_mul_size(rows + 1, sizeof(char *), &bytes))
        return qi_fail_memory(err, rows);
    out->capacity = rows;
    out->code = qi_arena_alloc(&d->arena, bytes);
    out->label = qi_arena_alloc(&d->arena, bytes);
    out->row = qi_arena_alloc(&d->arena, bytes);
    out->rest = qi_arena_alloc(&d->arena, rows + 1);
    out->total = qi_arena_alloc(&d->arena, rows + 1);
    out->of_row = qi_arena_alloc(&d->arena, bytes);
    bool ok = out->code != NULL && out->label != NULL && out->row != NULL &&
              out->rest != NULL && out->total != NULL && out->of_row != NULL;
    return ok ? QUIPU_OK : qi_fail_memory(err, bytes);
}

quipu_status qi_chart_items_make(qi_chart_draft *d, const size_t *columns, size_t n,
                                 qi_chart_items *out, quipu_error *err) {
    size_t rows = d->table->n_rows, slots = 16;
    *out = (qi_chart_items){0};
    QI_TRY(items_room(d, out, rows, err));
    while (slots < rows * 2)
        slots *= 2;
    uint32_t *table = qi_arena_alloc(&d->arena, slots * sizeof *table);
    if (table == NULL)
        return qi_fail_memory(err, slots * sizeof *table);
    for (size_t row = 0; row < rows; row++) {
        size_t slot = (size_t)item_hash(d, columns, n, row) & (slots - 1);
        while (table[slot] != 0 && !item_matches(d, columns, n, out->row[table[slot] - 1], row))
            slot = (slot + 1) & (slots - 1);
        if (table[slot] == 0) {
            name_item(d, columns, n, out, out->n, row);
            table[slot] = (uint32_t)++out->n;
        }
        out->of_row[row] = table[slot] - 1;
    }
    return QUIPU_OK;
}

/* ---- choosing ---- */

static quipu_status no_column(const qi_chart_draft *d, const char *word, const char *for_what,
                              quipu_error *err) {
    const char *near = NULL;
    unsigned best = 3;
    char all[400] = "";
    for (size_t i = 0; i < d->table->n_columns; i++) {
        const char *name = spec_of(d, i)->name;
        unsigned distance = qi_edit_distance(word, name, 3);
        if (distance < best) {
            best = distance;
            near = name;
        }
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? ", " : "", name);
    }
    if (near != NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "the table has no column '%s' for %s of the figure; did you mean '%s'?",
                       word, for_what, near);
    return qi_fail(err, QUIPU_E_ARG,
                   "the table has no column '%s' for %s of the figure; it has %s", word,
                   for_what, all);
}

static quipu_status named(const qi_chart_draft *d, const char *name, const char *for_what,
                          bool number, size_t *out, quipu_error *err) {
    *out = QI_NO_COLUMN;
    if (name == NULL)
        return QUIPU_OK;
    ptrdiff_t found = quipu_table_find(d->table, name);
    if (found < 0)
        return no_column(d, name, for_what, err);
    if (number && !is_number(spec_of(d, (size_t)found)))
        return qi_fail(err, QUIPU_E_ARG,
                       "column '%s' is text; %s of the figure wants a column of numbers", name,
                       for_what);
    *out = (size_t)found;
    return QUIPU_OK;
}

static quipu_status find_dimensions(qi_chart_draft *d, quipu_error *err) {
    d->time = QI_NO_COLUMN;
    for (size_t i = 0; i < d->table->n_columns; i++) {
        const quipu_column_spec *spec = spec_of(d, i);
        if (spec->role != QUIPU_DIMENSION || is_names(d->table, i) ||
            d->n_dimensions == QI_COUNT(d->dimensions))
            continue;
        if (is_time(spec) && d->time == QI_NO_COLUMN)
            d->time = i;
        qi_chart_items items;
        QI_TRY(qi_chart_items_make(d, &i, 1, &items, err));
        d->distinct[d->n_dimensions] = items.n;
        d->dimensions[d->n_dimensions++] = i;
    }
    if (d->time != QI_NO_COLUMN) {
        const quipu_column *c = &d->table->columns[d->time];
        for (size_t row = 0; row < d->table->n_rows; row++)
            d->months = d->months || (quipu_table_present(d->table, d->time, row) &&
                                      c->data.integer[row] > 9999);
    }
    return QUIPU_OK;
}

static size_t distinct_of(const qi_chart_draft *d, size_t column) {
    for (size_t i = 0; i < d->n_dimensions; i++) {
        if (d->dimensions[i] == column)
            return d->distinct[i];
    }
    return 0;
}

/* The first dimension with more than one value that is none of those; time comes last. */
static size_t varying(const qi_chart_draft *d, size_t but, size_t nor, bool with_time) {
    for (size_t i = 0; i < d->n_dimensions; i++) {
        size_t c = d->dimensions[i];
        if (c != but && c != nor && c != d->time && d->distinct[i] > 1)
            return c;
    }
    return with_time && d->time != QI_NO_COLUMN && d->time != but && d->time != nor &&
                   distinct_of(d, d->time) > 1
               ? d->time
               : QI_NO_COLUMN;
}

static size_t first_dimension(const qi_chart_draft *d, size_t but) {
    for (size_t i = 0; i < d->n_dimensions; i++) {
        if (d->dimensions[i] != but && d->dimensions[i] != d->time)
            return d->dimensions[i];
    }
    return d->time != but ? d->time : QI_NO_COLUMN;
}

static bool has_figures(const quipu_table *table, size_t column) {
    double value;
    for (size_t row = 0; row < table->n_rows; row++) {
        if (number_at(table, column, row, &value))
            return true;
    }
    return false;
}

static quipu_status choose_figure(qi_chart_draft *d, quipu_error *err) {
    QI_TRY(named(d, d->chart->y, "y", true, &d->y, err));
    if (d->y != QI_NO_COLUMN)
        return QUIPU_OK;
    ptrdiff_t figure =
        d->chart->figure != NULL ? quipu_table_find(d->table, d->chart->figure) : -1;
    if (figure >= 0 && is_number(spec_of(d, (size_t)figure))) {
        d->y = (size_t)figure;
        return QUIPU_OK;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < d->table->n_columns; i++) {
            const quipu_column_spec *spec = spec_of(d, i);
            if (spec->role == QUIPU_FIGURE && is_number(spec) && i != d->x && i != d->size &&
                (pass == 1 || has_figures(d->table, i))) {
                d->y = i;
                return QUIPU_OK;
            }
        }
    }
    return qi_fail(err, QUIPU_E_DATA, "the table has no column of figures to draw");
}

/* Parts of one whole: shares that add up to 1 in the first period told. */
static bool adds_up(const qi_chart_draft *d) {
    double sum = 0, value;
    bool any = false;
    int64_t period = 0;
    if (spec_of(d, d->y)->type != QUIPU_SHARE)
        return false;
    for (size_t row = 0; row < d->table->n_rows; row++) {
        if (!number_at(d->table, d->y, row, &value) || value < 0)
            continue;
        if (d->time != QI_NO_COLUMN) {
            int64_t own = d->table->columns[d->time].data.integer[row];
            if (any && own != period)
                continue;
            period = own;
        }
        any = true;
        sum += value;
    }
    return sum > 0.995 && sum < 1.005;
}

/* An estimate, with the ends of an interval around it. */
static bool has_ends(const qi_chart_draft *d) {
    ptrdiff_t low = quipu_table_find(d->table, "low"),
              high = quipu_table_find(d->table, "high");
    return low >= 0 && high >= 0 && spec_of(d, d->y)->type == QUIPU_REAL &&
           spec_of(d, (size_t)low)->type == QUIPU_REAL &&
           spec_of(d, (size_t)high)->type == QUIPU_REAL;
}

static const char *kind_by_shape(const qi_chart_draft *d) {
    size_t periods = d->time != QI_NO_COLUMN ? distinct_of(d, d->time) : 0;
    size_t one = varying(d, QI_NO_COLUMN, QI_NO_COLUMN, false);
    size_t two = one == QI_NO_COLUMN ? one : varying(d, one, QI_NO_COLUMN, false);
    if (d->chart->source != NULL || d->chart->target != NULL)
        return "sankey";
    if (has_ends(d))
        return "interval";
    if (periods > 2)
        return one != QI_NO_COLUMN && two == QI_NO_COLUMN && adds_up(d) ? "area" : "line";
    if (two != QI_NO_COLUMN && distinct_of(d, two) > 5 && distinct_of(d, one) > 5)
        return "heatmap";
    if (two != QI_NO_COLUMN || (one != QI_NO_COLUMN && periods == 2))
        return "grouped-bar";
    return "bar";
}

static quipu_status find_kind(qi_chart_draft *d, const char *word, quipu_error *err) {
    size_t n;
    const quipu_chart_kind *kinds = quipu_chart_kinds(&n), *near = NULL;
    unsigned best = 4;
    char all[256] = "";
    for (size_t i = 0; i < n; i++) {
        unsigned distance = qi_edit_distance(word, kinds[i].name, 4);
        if (distance == 0) {
            d->kind = &kinds[i];
            return QUIPU_OK;
        }
        if (distance < best) {
            best = distance;
            near = &kinds[i];
        }
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? ", " : "", kinds[i].name);
    }
    if (near != NULL)
        return qi_fail(err, QUIPU_E_ARG, "there is no kind of figure '%s'; did you mean '%s'?",
                       word, near->name);
    return qi_fail(err, QUIPU_E_ARG, "there is no kind of figure '%s'; there are %s", word,
                   all);
}

/* Series are told apart by every column that is left and varies. */
static void choose_keys(qi_chart_draft *d, size_t given) {
    if (given != QI_NO_COLUMN) {
        d->keys[d->n_keys++] = given;
        return;
    }
    for (size_t i = 0; i < d->n_dimensions && d->n_keys < QI_CHART_MOST_KEYS; i++) {
        if (d->dimensions[i] != d->x && d->distinct[i] > 1)
            d->keys[d->n_keys++] = d->dimensions[i];
    }
}

static void choose_x(qi_chart_draft *d) {
    ptrdiff_t term = quipu_table_find(d->table, "term");
    if (qi_chart_is(d, "interval") && term >= 0)
        d->x = (size_t)term;
    bool over_time = qi_chart_is(d, "line") || qi_chart_is(d, "area");
    size_t periods = d->time != QI_NO_COLUMN ? distinct_of(d, d->time) : 0;
    if (over_time || qi_chart_is(d, "heatmap"))
        d->x = d->time != QI_NO_COLUMN && (over_time || periods > 1) ? d->time : QI_NO_COLUMN;
    else if (qi_chart_is(d, "bar") || qi_chart_is(d, "grouped-bar"))
        d->x = periods > 2 ? d->time : QI_NO_COLUMN;
    if (d->x != QI_NO_COLUMN)
        return;
    if (qi_chart_is(d, "heatmap")) {
        size_t first = varying(d, QI_NO_COLUMN, QI_NO_COLUMN, false);
        d->x = varying(d, first, QI_NO_COLUMN, true);
    }
    if (d->x == QI_NO_COLUMN)
        d->x = varying(d, QI_NO_COLUMN, QI_NO_COLUMN, true);
    if (d->x == QI_NO_COLUMN)
        d->x = first_dimension(d, QI_NO_COLUMN);
}

static quipu_status choose_ends(qi_chart_draft *d, quipu_error *err) {
    static const char *const FROM[] = {"owner", "source", "exporter", "reporter"};
    static const char *const TO[] = {"owned", "target", "importer", "partner", "company"};
    const quipu_chart *chart = d->chart;
    QI_TRY(named(d, chart->source != NULL ? chart->source : chart->x, "source", false,
                 &d->source, err));
    QI_TRY(named(d, chart->target != NULL ? chart->target : chart->series, "target", false,
                 &d->target, err));
    for (size_t i = 0; i < QI_COUNT(FROM) && d->source == QI_NO_COLUMN; i++) {
        ptrdiff_t at = quipu_table_find(d->table, FROM[i]);
        if (at >= 0 && (size_t)at != d->target)
            d->source = (size_t)at;
    }
    for (size_t i = 0; i < QI_COUNT(TO) && d->target == QI_NO_COLUMN; i++) {
        ptrdiff_t at = quipu_table_find(d->table, TO[i]);
        if (at >= 0 && (size_t)at != d->source)
            d->target = (size_t)at;
    }
    if (d->source == QI_NO_COLUMN)
        d->source = first_dimension(d, d->target);
    if (d->target == QI_NO_COLUMN)
        d->target = varying(d, d->source, QI_NO_COLUMN, false);
    if (d->target == QI_NO_COLUMN)
        d->target = first_dimension(d, d->source);
    if (d->source == QI_NO_COLUMN || d->target == QI_NO_COLUMN)
        return qi_fail(
            err, QUIPU_E_DATA,
            "a figure of kind %s wants two columns, the ends of each edge: name them "
            "as source and target",
            d->kind->name);
    return QUIPU_OK;
}

static quipu_status choose_plane(qi_chart_draft *d, size_t series, quipu_error *err) {
    if (d->x != QI_NO_COLUMN && !is_number(spec_of(d, d->x)))
        return qi_fail(err, QUIPU_E_ARG, "a scatter plot wants numbers; column '%s' is text",
                       spec_of(d, d->x)->name);
    for (size_t i = 0; i < d->table->n_columns && d->x == QI_NO_COLUMN; i++) {
        if (spec_of(d, i)->role == QUIPU_FIGURE && is_number(spec_of(d, i)) && i != d->y &&
            i != d->size)
            d->x = i;
    }
    if (d->x == QI_NO_COLUMN)
        return qi_fail(err, QUIPU_E_DATA,
                       "a scatter plot wants two columns of figures; the table has one");
    if (series != QI_NO_COLUMN)
        d->keys[d->n_keys++] = series;
    return QUIPU_OK;
}

quipu_status qi_chart_choose(qi_chart_draft *d, quipu_error *err) {
    size_t series;
    QI_TRY(find_dimensions(d, err));
    QI_TRY(named(d, d->chart->x, "x", false, &d->x, err));
    QI_TRY(named(d, d->chart->size, "size", true, &d->size, err));
    QI_TRY(named(d, d->chart->series, "series", false, &series, err));
    d->source = d->target = QI_NO_COLUMN;
    QI_TRY(choose_figure(d, err));
    QI_TRY(find_kind(d, d->chart->kind != NULL ? d->chart->kind : kind_by_shape(d), err));
    if (d->table->n_rows == 0)
        return qi_fail(err, QUIPU_E_DATA, "the table has no rows to draw");
    if (!has_figures(d->table, d->y))
        return qi_fail(err, QUIPU_E_DATA, "column '%s' has no figures to draw: all are missing",
                       spec_of(d, d->y)->name);
    if (qi_chart_is(d, "sankey") || qi_chart_is(d, "network") || qi_chart_is(d, "ownership"))
        return choose_ends(d, err);
    if (qi_chart_is(d, "scatter"))
        return choose_plane(d, series, err);
    if (d->x == QI_NO_COLUMN)
        choose_x(d);
    if (d->x == QI_NO_COLUMN)
        return qi_fail(err, QUIPU_E_DATA,
                       "the table has no dimension to draw '%s' along: name a column as x",
                       spec_of(d, d->y)->name);
    choose_keys(d, series);
    return QUIPU_OK;
}
