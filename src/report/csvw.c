/* SPDX-License-Identifier: Apache-2.0 */
/* csvw.c - metadata for a table written as CSV, after the W3C's "Metadata Vocabulary for
 * Tabular Data": what NAME.csv-metadata.json beside NAME.csv says.
 */
#include "quipu/bundle.h"
#include "report/schema.h"

static const char *datatype_of(quipu_type type) {
    static const char *const NAMES[] = {
        [QUIPU_TEXT] = "string",    [QUIPU_INTEGER] = "integer", [QUIPU_MONEY] = "decimal",
        [QUIPU_AMOUNT] = "decimal", [QUIPU_REAL] = "double",     [QUIPU_SHARE] = "double"};
    return NAMES[type];
}

/* A name is a variable of a URI template: letters, digits, "_" (not first); the rest %XX. */
static void put_name(qi_writer *w, const char *name) {
    static const char HEX[] = "0123456789ABCDEF";
    qi_putc(w, '"');
    for (const char *p = name; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      (c >= '0' && c <= '9') || (c == '_' && p > name);
        if (letter) {
            qi_putc(w, *p);
        } else {
            qi_putc(w, '%');
            qi_putc(w, HEX[c >> 4]);
            qi_putc(w, HEX[c & 15]);
        }
    }
    qi_puts(w, name[0] == '\0' ? "%20\"" : "\"");
}

static void put_column(qi_writer *w, size_t column) {
    const quipu_column_spec *spec = &w->table->columns[column].spec;
    qi_puts(w, column == 0 ? "\n{\"name\":" : ",\n{\"name\":");
    put_name(w, spec->name);
    /* One of the titles must be what the header row of the file says. */
    qi_puts(w, ",\"titles\":[");
    qi_put_json_string(w, spec->name);
    if (strcmp(spec->name, spec->label) != 0) {
        qi_putc(w, ',');
        qi_put_json_string(w, spec->label);
    }
    qi_puts(w, "]");
    qi_put_member(w, ",", "datatype", datatype_of(spec->type));
    if (qi_column_is_full(w, column) && w->table->n_rows > 0)
        qi_puts(w, ",\"required\":true");
    qi_put_member(w, ",", "schema:unitText", spec->unit);
    qi_put_member(w, ",", "rdfs:comment",
                  spec->role == QUIPU_DIMENSION ? "dimension" : "figure");
    qi_putc(w, '}');
}

static bool put_key(qi_writer *w) {
    size_t n, *key = calloc(w->table->n_columns + 1, sizeof *key);
    if (key == NULL || !qi_find_key(w, key, &n)) {
        free(key);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        qi_puts(w, i == 0 ? ",\n\"primaryKey\":[" : ",");
        put_name(w, w->table->columns[key[i]].spec.name);
    }
    if (n > 0)
        qi_putc(w, ']');
    free(key);
    return true;
}

static bool put_frame(qi_writer *w, const char *manifest) {
    const quipu_table *table = w->table;
    qi_buffer source = {0};
    qi_put_member(w, ",\n", "dc:title", table->title);
    for (size_t i = 0; i < table->n_notes; i++) {
        qi_puts(w, i == 0 ? ",\n\"rdfs:comment\":[\n" : ",\n");
        qi_put_json_string(w, table->notes[i]);
    }
    if (table->n_notes > 0)
        qi_putc(w, ']');
    bool ok = qi_source_line(w, &source);
    if (ok)
        qi_put_member(w, ",\n", "dc:source", source.length > 0 ? source.bytes : NULL);
    qi_buffer_free(&source);
    qi_put_member(w, ",\n", "dc:identifier", manifest);
    qi_put_member(w, ",\n", "dc:creator", "quipu " QUIPU_VERSION);
    return ok;
}

quipu_status quipu_csvw_write(const quipu_table *table, const char *csv_url,
                              const char *manifest, quipu_sink sink, void *user,
                              quipu_error *err) {
    qi_writer *w;
    qi_error_clear(err);
    if (csv_url == NULL || csv_url[0] == '\0')
        return qi_fail(err, QUIPU_E_ARG, "a description of a CSV file needs its URL or path");
    QI_TRY(qi_writer_new(table, NULL, sink, user, &w, err));
    /* All text is said to be of no language: notes are English, names are in their own. */
    qi_puts(w, "{\"@context\":\"http://www.w3.org/ns/csvw\"");
    qi_put_member(w, ",\n", "url", csv_url);
    w->no_memory = !put_frame(w, manifest);
    qi_puts(w, ",\n\"dialect\":{\"encoding\":\"utf-8\",\"delimiter\":\",\",\"quoteChar\":"
               "\"\\\"\",\"doubleQuote\":true,\"header\":true,\"lineTerminators\":[\"\\n\"]}"
               ",\n\"null\":\"\",\n\"tableSchema\":{\"columns\":[");
    for (size_t i = 0; i < table->n_columns; i++)
        put_column(w, i);
    qi_puts(w, "]");
    w->no_memory = w->no_memory || !put_key(w);
    qi_puts(w, "}}\n");
    return qi_writer_end(w, err);
}
