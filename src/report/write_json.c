/* SPDX-License-Identifier: Apache-2.0 */
/* write_json.c - the whole table as one JSON object.
 *
 *   {"measure", "title", "columns": [{"name","label","type","unit","role"}],
 *    "rows": [{column name: value}], "notes": [text], "source": {key: text}, "version"}
 *
 * One row, column or note a line, so that two results can be compared with diff.  Money is a
 * number in US$ with all its decimals, a share its fraction, a missing cell null.  A bare
 * table ("plain") leaves title, notes and source out.
 */
#include "report/writer.h"

const char *qi_escape_json(int32_t point) {
    static const char *const CONTROLS[0x20] = {
        "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007",
        "\\u0008", "\\t",     "\\n",     "\\u000b", "\\u000c", "\\r",     "\\u000e", "\\u000f",
        "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017",
        "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f",
    };
    switch (point) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case 0x7F: return "\\u007f";
    case 0x2028: /* line ends to JavaScript, but not to JSON */ return "\\u2028";
    case 0x2029: return "\\u2029";
    default: return point < 0x20 ? CONTROLS[point] : NULL;
    }
}

void qi_put_json_string(qi_writer *w, const char *text) {
    qi_putc(w, '"');
    qi_put_escaped(w, text, qi_escape_json);
    qi_putc(w, '"');
}

static void put_member(qi_writer *w, const char *before, const char *key, const char *text) {
    qi_puts(w, before);
    qi_put_json_string(w, key);
    qi_putc(w, ':');
    qi_put_json_string(w, text);
}

void qi_write_json_row(qi_writer *w, size_t row) {
    char number[QI_CELL_TEXT];
    for (size_t i = 0; i < w->table->n_columns; i++) {
        qi_putc(w, i == 0 ? '{' : ',');
        qi_put_json_string(w, w->table->columns[i].spec.name);
        qi_putc(w, ':');
        if (!qi_cell_present(w, i, row))
            qi_puts(w, "null");
        else if (qi_column_is_text(w, i))
            qi_put_json_string(w, w->table->columns[i].data.text[row]);
        else
            qi_put(w, number, qi_cell_exact(w, i, row, number));
    }
    qi_puts(w, w->table->n_columns == 0 ? "{}" : "}");
}

static const char *type_name(quipu_type type) {
    static const char *const NAMES[] = {
        [QUIPU_TEXT] = "text",     [QUIPU_INTEGER] = "integer", [QUIPU_MONEY] = "money",
        [QUIPU_AMOUNT] = "amount", [QUIPU_REAL] = "real",       [QUIPU_SHARE] = "share"};
    return NAMES[type];
}

static void put_columns(qi_writer *w) {
    qi_puts(w, ",\n\"columns\":[");
    for (size_t i = 0; i < w->table->n_columns; i++) {
        const quipu_column_spec *spec = &w->table->columns[i].spec;
        put_member(w, i == 0 ? "\n{" : ",\n{", "name", spec->name);
        put_member(w, ",", "label", spec->label);
        put_member(w, ",", "type", type_name(spec->type));
        put_member(w, ",", "unit", spec->unit);
        put_member(w, ",", "role", spec->role == QUIPU_DIMENSION ? "dimension" : "figure");
        qi_putc(w, '}');
    }
    qi_puts(w, "]");
}

void qi_write_json(qi_writer *w) {
    const quipu_table *table = w->table;
    put_member(w, "{", "measure", table->measure);
    if (!w->options->plain)
        put_member(w, ",\n", "title", table->title);
    put_columns(w);
    qi_puts(w, ",\n\"rows\":[");
    for (size_t row = 0; row < table->n_rows && !w->refused; row++) {
        qi_puts(w, row == 0 ? "\n" : ",\n");
        qi_write_json_row(w, row);
    }
    qi_puts(w, "]");
    if (!w->options->plain) {
        qi_puts(w, ",\n\"notes\":[");
        for (size_t i = 0; i < table->n_notes; i++) {
            qi_puts(w, i == 0 ? "\n" : ",\n");
            qi_put_json_string(w, table->notes[i]);
        }
        qi_puts(w, "],\n\"source\":{");
        for (size_t i = 0; i < table->n_source; i++)
            put_member(w, i == 0 ? "" : ",", table->source[i].key, table->source[i].text);
        qi_puts(w, "}");
    }
    put_member(w, ",\n", "version", QUIPU_VERSION);
    qi_puts(w, "}\n");
}
