/* SPDX-License-Identifier: Apache-2.0 */
/* worldbank_table.c - pages of indicators as one table: a row for each country and year, a
 * column for each indicator.  The World Bank's groups of countries are left out. */
#include "fetch/worldbank.h"

typedef struct figure {
    qi_bank_row row;
    size_t indicator;
} figure;

typedef QI_LIST(figure) figures;

static int by_place(const void *a, const void *b) {
    const figure *x = a, *y = b;
    int order = strcmp(x->row.country, y->row.country);
    order = order != 0 ? order : x->row.year - y->row.year;
    return order != 0 ? order : (x->indicator > y->indicator) - (x->indicator < y->indicator);
}

static bool is_asked(const qi_question *q, int year) {
    for (size_t i = 0; i < q->n_periods; i++)
        if (q->periods[i] == year)
            return true;
    return false;
}

static quipu_status read_page(const qi_question *q, const char *path, size_t indicator,
                              figures *out, quipu_error *err) {
    qi_buffer text = {0};
    qi_bank_page page;
    QI_TRY(qi_whole_file(path, (size_t)256 << 20, &text, err));
    quipu_status status =
        qi_bank_read(text.bytes, text.length, q->indicators.items[indicator], &page, err);
    qi_buffer_free(&text);
    QI_TRY(status);
    for (size_t i = 0; i < page.rows.n && status == QUIPU_OK; i++) {
        figure f = {page.rows.items[i], indicator};
        const quipu_country *country = quipu_country_by_iso3(q->nomen, f.row.country, 3);
        if (country == NULL || country->kind != QUIPU_COUNTRY || !is_asked(q, f.row.year))
            continue;
        if (!QI_PUSH(out, f))
            status = qi_fail_memory(err, sizeof f);
    }
    qi_bank_free(&page);
    return status;
}

static quipu_status read_pages(const qi_question *q, const char *folder,
                               const qi_manifest *manifest, figures *out, quipu_error *err) {
    for (size_t i = 0; i < manifest->files.n; i++) {
        const char *name = manifest->files.items[i].path + strlen("answers/");
        for (size_t k = 0; k < q->indicators.n; k++) {
            size_t n = strlen(q->indicators.items[k]);
            if (strncmp(name, q->indicators.items[k], n) != 0 || name[n] != '-')
                continue;
            qi_buffer path = {0};
            if (!qi_buffer_printf(&path, "%s/answers/%s", folder, name))
                return qi_fail_memory(err, strlen(folder));
            quipu_status status = read_page(q, path.bytes, k, out, err);
            qi_buffer_free(&path);
            QI_TRY(status);
        }
    }
    return QUIPU_OK;
}

/* The line of the figures that begin at i; returns the first behind them. */
static size_t write_line(const qi_question *q, const figures *list, size_t i, qi_buffer *out,
                         bool *ok) {
    const qi_bank_row *row = &list->items[i].row;
    *ok = *ok && qi_buffer_printf(out, "%s,%d", row->country, row->year);
    for (size_t k = 0; k < q->indicators.n; k++) {
        bool there = i < list->n && list->items[i].indicator == k &&
                     list->items[i].row.year == row->year &&
                     strcmp(list->items[i].row.country, row->country) == 0;
        *ok = *ok && qi_buffer_printf(out, ",%s", there ? list->items[i].row.value : "");
        i += there;
    }
    *ok = *ok && qi_buffer_text(out, "\n");
    return i;
}

quipu_status qi_bank_table(const qi_question *question, const char *folder,
                           const qi_manifest *manifest, const char *path,
                           const quipu_import_options *options,
                           quipu_fetch_build_result *result, quipu_error *err) {
    figures list = {0};
    qi_buffer text = {0};
    quipu_status status;
    bool ok = true;
    QI_UNUSED(options);
    QI_GO(read_pages(question, folder, manifest, &list, err));
    if (list.n > 0)
        qsort(list.items, list.n, sizeof *list.items, by_place);
    ok = qi_buffer_text(&text, "country,year");
    for (size_t k = 0; k < question->indicators.n; k++)
        ok = ok && qi_buffer_printf(&text, ",%s", question->indicators.items[k]);
    ok = ok && qi_buffer_text(&text, "\n");
    for (size_t i = 0; i < list.n && ok; result->rows++) {
        size_t next = write_line(question, &list, i, &text, &ok);
        if (next == i) { /* the same figure twice */
            status = qi_fail(err, QUIPU_E_DATA, "%s in %d stands twice in the pages",
                             list.items[i].row.country, list.items[i].row.year);
            goto done;
        }
        i = next;
    }
    status = ok ? qi_write_file(path, text.bytes, text.length, err)
                : qi_fail_memory(err, text.length);
done:
    qi_buffer_free(&text);
    free(list.items);
    return status;
}
