/* SPDX-License-Identifier: Apache-2.0 */
/* wits_table.c - answers of WITS as one table in our own layout. */
#include "fetch/wits.h"

/* WITS's regions stand among the partners beside their countries. */
static bool is_region(const char *code) {
    static const char *const REGION[] = {"WLD", "EAS", "ECS", "LCN",
                                         "MEA", "NAC", "SAS", "SSF"};
    for (size_t i = 0; i < QI_COUNT(REGION); i++)
        if (strcmp(REGION[i], code) == 0)
            return true;
    return false;
}

static int by_place(const void *a, const void *b) {
    const qi_wits_row *x = a, *y = b;
    int order = x->is_export != y->is_export ? (x->is_export ? -1 : 1)
                                             : strcmp(x->reporter, y->reporter);
    order = order != 0 ? order : strcmp(x->partner, y->partner);
    return order != 0 ? order : x->year - y->year;
}

static bool same_series(const qi_wits_row *a, const qi_wits_row *b) {
    return a->is_export == b->is_export && strcmp(a->reporter, b->reporter) == 0 &&
           strcmp(a->partner, b->partner) == 0;
}

static quipu_status read_all(const char *folder, const qi_manifest *manifest,
                             qi_wits_rows *rows, quipu_error *err) {
    for (size_t i = 0; i < manifest->files.n; i++) {
        qi_buffer path = {0}, text = {0};
        quipu_status status = QUIPU_OK;
        if (!qi_buffer_printf(&path, "%s/%s", folder, manifest->files.items[i].path))
            return qi_fail_memory(err, strlen(folder));
        status = qi_whole_file(path.bytes, (size_t)256 << 20, &text, err);
        if (status == QUIPU_OK)
            status = qi_wits_read(text.bytes, text.length, rows, err);
        qi_buffer_free(&text);
        qi_buffer_free(&path);
        QI_TRY(status);
    }
    return QUIPU_OK;
}

/* Rows of countries to the front; *unknown gets a line for each other partner. */
static bool keep_countries(const qi_question *q, qi_wits_rows *rows, qi_buffer *unknown) {
    size_t n = 0;
    bool ok = true;
    for (size_t i = 0; i < rows->n && ok; i++) {
        const qi_wits_row *row = &rows->items[i];
        if (is_region(row->partner))
            continue;
        if (quipu_country_by_iso3(q->nomen, row->partner, 3) != NULL)
            rows->items[n++] = *row;
        else
            ok = qi_buffer_printf(unknown, "#left-out %s %s %s %d: %s\n",
                                  row->is_export ? "export" : "import", row->reporter,
                                  row->partner, row->year, row->value);
    }
    rows->n = n;
    return ok;
}

static bool write_head(const qi_question *q, const qi_buffer *unknown, qi_buffer *out) {
    bool ok = qi_buffer_text(out, "#quipu wide 1\n#source UN Comtrade through WITS\n"
                                  "#nomenclature TOTAL\n#frequency A\n#unit 1000 USD\n"
                                  "#valuation exports FOB, imports CIF\n") &&
              (unknown->length == 0 || qi_buffer_add(out, unknown->bytes, unknown->length)) &&
              qi_buffer_text(out, "flow,reporter,partner");
    for (size_t i = 0; i < q->n_periods; i++)
        ok = ok && qi_buffer_printf(out, ",%d", (int)q->periods[i]);
    return ok && qi_buffer_text(out, "\n");
}

/* One line: the series that begins at row i; returns the first row behind it. */
static size_t write_series(const qi_question *q, const qi_wits_rows *rows, size_t i,
                           qi_buffer *out, bool *ok) {
    const qi_wits_row *row = &rows->items[i];
    *ok = *ok && qi_buffer_printf(out, "%s,%s,%s", row->is_export ? "export" : "import",
                                  row->reporter, row->partner);
    for (size_t p = 0; p < q->n_periods; p++) {
        while (i < rows->n && same_series(row, &rows->items[i]) &&
               rows->items[i].year < q->periods[p])
            i++;
        bool there = i < rows->n && same_series(row, &rows->items[i]) &&
                     rows->items[i].year == q->periods[p];
        *ok = *ok && qi_buffer_printf(out, ",%s", there ? rows->items[i].value : "");
    }
    while (i < rows->n && same_series(row, &rows->items[i]))
        i++;
    *ok = *ok && qi_buffer_text(out, "\n");
    return i;
}

quipu_status qi_wits_table(const qi_question *question, const char *folder,
                           const qi_manifest *manifest, qi_buffer *out, size_t *n_rows,
                           quipu_error *err) {
    qi_wits_rows rows = {0};
    qi_buffer unknown = {0};
    quipu_status status;
    bool ok = true;
    QI_GO(read_all(folder, manifest, &rows, err));
    if (rows.n > 0)
        qsort(rows.items, rows.n, sizeof *rows.items, by_place);
    ok = keep_countries(question, &rows, &unknown) && write_head(question, &unknown, out);
    for (size_t i = 0; i < rows.n && ok;)
        i = write_series(question, &rows, i, out, &ok);
    *n_rows = rows.n;
    if (!ok)
        status = qi_fail_memory(err, out->length);
done:
    qi_buffer_free(&unknown);
    qi_wits_free(&rows);
    return status;
}
