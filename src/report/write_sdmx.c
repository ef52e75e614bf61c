/* SPDX-License-Identifier: Apache-2.0 */
/* write_sdmx.c - SDMX-CSV 2.0 (of SDMX 3.0): a row for every figure of every row.
 *
 *   STRUCTURE, STRUCTURE_ID, ACTION                          what the row belongs to
 *   FREQ, REPORTER, PARTNER, FLOW, COMMODITY, ..., INDICATOR, TIME_PERIOD     dimensions
 *   OBS_VALUE                                                the measure
 *   OBS_STATUS, UNIT_MEASURE, UNIT_MULT, TITLE               attributes
 *   PARTNER_NAME, ...                                        columns of our own
 *
 * The dimensions are named as trade statistics name theirs; the dataflow is our own, not the
 * official one for merchandise trade.  A dimension the table does not have is taken from the
 * options, and is "_X" (unspecified) where these do not say either.
 */
#include "report/schema.h"

typedef enum sdmx_dimension {
    SDMX_REPORTER,
    SDMX_PARTNER,
    SDMX_FLOW,
    SDMX_COMMODITY,
    SDMX_PERIOD,
    SDMX_N_DIMENSIONS
} sdmx_dimension;

/* The columns in which our tables keep what these dimensions say; the first found is it. */
static const struct {
    const char *id;
    const char *columns[4];
} DIMENSIONS[] = {
    [SDMX_REPORTER] = {"REPORTER", {"reporter", "exporter", "country", NULL}},
    [SDMX_PARTNER] = {"PARTNER", {"partner", "importer", NULL}},
    [SDMX_FLOW] = {"FLOW", {"flow", NULL}},
    [SDMX_COMMODITY] = {"COMMODITY", {"product", NULL}},
    [SDMX_PERIOD] = {"TIME_PERIOD", {"year", "period", "month", NULL}},
};

typedef enum sdmx_use {
    SDMX_KNOWN,  /* one of the above */
    SDMX_OTHER,  /* a dimension of the table's own */
    SDMX_FIGURE, /* numbers: observations */
    SDMX_WORDS   /* names and remarks: columns after the attributes */
} sdmx_use;

typedef struct sdmx {
    qi_writer *w;
    sdmx_use *use;                   /* of every column */
    size_t known[SDMX_N_DIMENSIONS]; /* a column, or SIZE_MAX */
    const char *fixed[SDMX_N_DIMENSIONS];
} sdmx;

static const quipu_column_spec *spec_of(const sdmx *s, size_t column) {
    return &s->w->table->columns[column].spec;
}

static void find_known(sdmx *s, size_t dimension) {
    const quipu_report_options *options = s->w->options;
    s->known[dimension] = SIZE_MAX;
    s->fixed[dimension] = NULL;
    for (const char *const *name = DIMENSIONS[dimension].columns; *name != NULL; name++) {
        ptrdiff_t at = quipu_table_find(s->w->table, *name);
        if (at >= 0 && spec_of(s, (size_t)at)->role == QUIPU_DIMENSION &&
            s->known[dimension] == SIZE_MAX)
            s->known[dimension] = (size_t)at;
        for (size_t i = 0; i < options->n_fixed; i++) {
            if (s->fixed[dimension] == NULL && strcmp(options->fixed[i].key, *name) == 0)
                s->fixed[dimension] = options->fixed[i].text;
        }
    }
    if (s->known[dimension] != SIZE_MAX)
        s->use[s->known[dimension]] = SDMX_KNOWN;
}

static void find_uses(sdmx *s) {
    const quipu_table *table = s->w->table;
    for (size_t i = 0; i < table->n_columns; i++) {
        const quipu_column_spec *spec = spec_of(s, i);
        if (spec->role == QUIPU_FIGURE)
            s->use[i] = spec->type == QUIPU_TEXT ? SDMX_WORDS : SDMX_FIGURE;
        else
            s->use[i] = qi_is_name_of_another(table, spec->name) ? SDMX_WORDS : SDMX_OTHER;
    }
    for (size_t i = 0; i < SDMX_N_DIMENSIONS; i++)
        find_known(s, i);
}

/* ---- identifiers: [A-Z][A-Z0-9_]* ---- */

static void put_id(qi_writer *w, const char *name) {
    bool digit = *name >= '0' && *name <= '9';
    if (digit || *name == '\0')
        qi_putc(w, 'X');
    for (; *name != '\0'; name++) {
        char c = *name;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        bool fine = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!fine)
            c = '_';
        qi_putc(w, c);
    }
}

/* A name of the table's own must not meet one of the structure's. */
static void put_own_id(qi_writer *w, const char *name) {
    static const char *const TAKEN[] = {"freq",      "reporter",  "partner",      "flow",
                                        "title",     "commodity", "time_period",  "indicator",
                                        "action",    "obs_value", "unit_measure", "obs_status",
                                        "unit_mult", "structure", "structure_id"};
    for (size_t i = 0; i < QI_COUNT(TAKEN); i++) {
        if (strcmp(TAKEN[i], name) == 0)
            qi_puts(w, "X_");
    }
    put_id(w, name);
}

static void put_header(const sdmx *s) {
    qi_writer *w = s->w;
    qi_puts(w, "STRUCTURE,STRUCTURE_ID,ACTION,FREQ");
    for (size_t i = 0; i < SDMX_PERIOD; i++) {
        qi_putc(w, ',');
        qi_puts(w, DIMENSIONS[i].id);
    }
    for (size_t i = 0; i < w->table->n_columns; i++) {
        if (s->use[i] == SDMX_OTHER) {
            qi_putc(w, ',');
            put_own_id(w, spec_of(s, i)->name);
        }
    }
    qi_puts(w, ",INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE,UNIT_MULT,TITLE");
    for (size_t i = 0; i < w->table->n_columns; i++) {
        if (s->use[i] == SDMX_WORDS) {
            qi_putc(w, ',');
            put_own_id(w, spec_of(s, i)->name);
        }
    }
    qi_putc(w, '\n');
}

/* ---- fields ---- */

static void put_cell(qi_writer *w, size_t column, size_t row) {
    char number[QI_CELL_TEXT];
    if (!qi_cell_present(w, column, row))
        return;
    if (qi_column_is_text(w, column))
        qi_put_csv_field(w, w->table->columns[column].data.text[row]);
    else
        qi_put(w, number, qi_cell_exact(w, column, row, number));
}

/* X, M, RX, RM, DX, as Comtrade writes them; a flow we do not know stays as it is. */
static const char *flow_code(const char *text) {
    static const char *const CODES[] = {[QUIPU_EXPORT] = "X",
                                        [QUIPU_IMPORT] = "M",
                                        [QUIPU_REEXPORT] = "RX",
                                        [QUIPU_REIMPORT] = "RM",
                                        [QUIPU_RECONCILED] = "DX"};
    quipu_flow flow;
    if (text == NULL || !quipu_flow_parse(text, strlen(text), &flow))
        return text;
    return CODES[flow];
}

static void put_flow(const sdmx *s, size_t row) {
    qi_writer *w = s->w;
    size_t column = s->known[SDMX_FLOW];
    const char *text = s->fixed[SDMX_FLOW];
    if (column != SIZE_MAX) {
        bool there = qi_column_is_text(w, column) && qi_cell_present(w, column, row);
        text = there ? w->table->columns[column].data.text[row] : NULL;
    }
    text = flow_code(text);
    qi_put_csv_field(w, text != NULL && text[0] != '\0' ? text : "_X");
}

/* A key has no empty fields: those would mean "all". */
static void put_key(qi_writer *w, size_t column, size_t row, const char *otherwise) {
    if (column == SIZE_MAX)
        qi_put_csv_field(w, otherwise != NULL ? otherwise : "_X");
    else if (!qi_cell_present(w, column, row) ||
             (qi_column_is_text(w, column) &&
              w->table->columns[column].data.text[row][0] == '\0'))
        qi_puts(w, "_X");
    else
        put_cell(w, column, row);
}

/* 2011 -> A, 2011; 201112 -> M, 2011-12; anything else as it stands, without frequency. */
static void put_period(const sdmx *s, size_t row, bool frequency) {
    qi_writer *w = s->w;
    size_t column = s->known[SDMX_PERIOD];
    const quipu_column *c = column == SIZE_MAX ? NULL : &w->table->columns[column];
    char text[16];
    if (c == NULL || c->spec.type != QUIPU_INTEGER || !qi_cell_present(w, column, row)) {
        if (frequency)
            qi_puts(w, "_U");
        else
            put_key(w, column, row, s->fixed[SDMX_PERIOD]);
        return;
    }
    int64_t period = c->data.integer[row];
    bool month =
        period >= 100001 && period <= 999912 && period % 100 >= 1 && period % 100 <= 12;
    if (frequency) {
        qi_puts(w, month ? "M" : "A");
    } else if (month) {
        snprintf(text, sizeof text, "%04d-%02d", (int)(period / 100), (int)(period % 100));
        qi_puts(w, text);
    } else {
        put_cell(w, column, row);
    }
}

static void put_unit(qi_writer *w, const quipu_column_spec *spec) {
    if (spec->type == QUIPU_MONEY && (spec->unit[0] == '\0' || strcmp(spec->unit, "US$") == 0))
        qi_puts(w, "USD");
    else if (spec->unit[0] == '\0' || strcmp(spec->unit, "fraction") == 0)
        qi_puts(w, "PURE_NUMB");
    else if (strcmp(spec->unit, "%") == 0)
        qi_puts(w, "PT");
    else if (strcmp(spec->unit, "kg") == 0)
        qi_puts(w, "KG");
    else
        qi_put_csv_field(w, spec->unit);
}

static void put_observation(const sdmx *s, size_t row, size_t figure) {
    qi_writer *w = s->w;
    const quipu_table *table = w->table;
    qi_puts(w, "dataflow,QUIPU:TABLE(1.0.0),I,");
    put_period(s, row, true);
    for (size_t i = 0; i < SDMX_PERIOD; i++) {
        qi_putc(w, ',');
        if (i == SDMX_FLOW)
            put_flow(s, row);
        else
            put_key(w, s->known[i], row, s->fixed[i]);
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        if (s->use[i] == SDMX_OTHER) {
            qi_putc(w, ',');
            put_key(w, i, row, NULL);
        }
    }
    qi_putc(w, ',');
    if (strcmp(table->measure, spec_of(s, figure)->name) != 0) {
        put_id(w, table->measure);
        qi_putc(w, '_');
    }
    put_id(w, spec_of(s, figure)->name);
    qi_putc(w, ',');
    put_period(s, row, false);
    qi_putc(w, ',');
    put_cell(w, figure, row);
    qi_puts(w, qi_cell_present(w, figure, row) ? ",A," : ",O,"); /* normal; missing */
    put_unit(w, spec_of(s, figure));
    qi_puts(w, ",0,");
    if (!w->options->plain)
        qi_put_csv_field(w, table->title);
    for (size_t i = 0; i < table->n_columns; i++) {
        if (s->use[i] == SDMX_WORDS) {
            qi_putc(w, ',');
            put_cell(w, i, row);
        }
    }
    qi_putc(w, '\n');
}

void qi_write_sdmx(qi_writer *w) {
    const quipu_table *table = w->table;
    sdmx s = {.w = w, .use = calloc(table->n_columns + 1, sizeof *s.use)};
    if (s.use == NULL) {
        w->no_memory = true;
        return;
    }
    find_uses(&s);
    put_header(&s);
    for (size_t row = 0; row < table->n_rows && !w->refused; row++) {
        for (size_t i = 0; i < table->n_columns; i++) {
            if (s.use[i] == SDMX_FIGURE)
                put_observation(&s, row, i);
        }
    }
    free(s.use);
}
