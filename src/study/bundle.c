/* SPDX-License-Identifier: Apache-2.0 */
/* bundle.c - a study answered, and all its files written.
 *
 *   index.html study.xlsx study.tex study.md   the study
 *   tables/ID.csv .csv-metadata.json .json .sdmx.csv   every figure of a table, long
 *   tables/ID.tex .md                          the table as laid out
 *   figures/ID.svg .pdf .png .json .csv        a figure, its option and its data
 *   cubes/NAME.quipu                           cubes made of published files, to ask further
 *   differences.csv, manifest.json, datapackage.json, CITATION.cff
 */
#include "quipu/bundle.h"
#include "study/answer.h"
#include "study/document.h"
#include "study/folder.h"
#include "study/manifest.h"

typedef struct written {
    const char *path; /* from the bundle */
    const quipu_table *table;
    const char *title;
} written;

typedef struct bundle {
    qi_study study;
    qi_answers answers;
    qi_manifest manifest;
    qi_folder folder;
    quipu_table differences;
    const char *note; /* set aside by a writer: what could not be said in a format */
    QI_LIST(written) files;
    qi_arena arena;
    const quipu_study_options *options;
    quipu_error *err;
} bundle;

/* ---- files ---- */

static const char *path_in(bundle *b, const char *name) {
    return qi_arena_printf(&b->arena, "%s/%s", b->folder.aside, name);
}

static quipu_status remember(bundle *b, const char *name, const quipu_table *table,
                             const char *title) {
    written file = {qi_arena_dup(&b->arena, name), table, title};
    return file.path != NULL && QI_PUSH(&b->files, file) ? QUIPU_OK : qi_fail_memory(b->err, 0);
}

/* Opens, lets `write` fill, commits; used through the small functions below. */
typedef quipu_status (*write_call)(bundle *b, qi_folder_file *out, const void *what);

static quipu_status write_file(bundle *b, const char *name, write_call write, const void *what,
                               const quipu_table *table, const char *title) {
    qi_folder_file out;
    QI_TRY(qi_folder_create(&b->folder, name, &out, b->err));
    QI_TRY(qi_folder_close(&out, write(b, &out, what), b->err));
    return remember(b, name, table, title);
}

static quipu_status write_text(bundle *b, qi_folder_file *out, const void *text) {
    (void)b; /* what the file refuses is told when it is closed */
    qi_folder_sink(out, text, strlen(text));
    return QUIPU_OK;
}

typedef struct report {
    const quipu_table *table;
    quipu_format format;
} report;

static quipu_status write_report(bundle *b, qi_folder_file *out, const void *what) {
    const report *r = what;
    quipu_report_options options = {.format = r->format, .spanish = b->answers.spanish};
    return quipu_report_write(r->table, &options, qi_folder_sink, out, b->err);
}

typedef struct described {
    const quipu_table *table;
    const char *url;
} described;

static quipu_status write_csvw(bundle *b, qi_folder_file *out, const void *what) {
    const described *d = what;
    return quipu_csvw_write(d->table, d->url, b->manifest.id, qi_folder_sink, out, b->err);
}

static quipu_status put_report(bundle *b, const char *id, const char *end,
                               const quipu_table *table, quipu_format format,
                               const char *title) {
    char name[160];
    report r = {table, format};
    snprintf(name, sizeof name, "%s%s", id, end);
    return write_file(b, name, write_report, &r, format == QUIPU_FORMAT_CSV ? table : NULL,
                      title);
}

/* CSV with its description beside it. */
static quipu_status put_csv(bundle *b, const char *id, const quipu_table *table,
                            const char *title) {
    char name[160], url[160];
    const char *base = strrchr(id, '/');
    snprintf(name, sizeof name, "%s.csv-metadata.json", id);
    snprintf(url, sizeof url, "%s.csv", base != NULL ? base + 1 : id);
    described d = {table, url};
    QI_TRY(put_report(b, id, ".csv", table, QUIPU_FORMAT_CSV, title));
    return write_file(b, name, write_csvw, &d, NULL, title);
}

/* ---- tables ---- */

static bool is_trade(const quipu_table *table) {
    return quipu_table_find(table, "year") >= 0;
}

static quipu_status put_table(bundle *b, const qi_done *done) {
    char id[96];
    const quipu_table *machine =
        done->answer.table.n_columns > 0 ? &done->answer.table : &done->shown;
    const char *title = qi_done_heading(done, &b->arena);
    snprintf(id, sizeof id, "tables/%s", done->block->id.text);
    if (done->shown.n_columns == 0)
        return QUIPU_OK;
    QI_TRY(put_csv(b, id, machine, title));
    QI_TRY(put_report(b, id, ".json", machine, QUIPU_FORMAT_JSON, title));
    if (is_trade(machine))
        QI_TRY(put_report(b, id, ".sdmx.csv", machine, QUIPU_FORMAT_SDMX_CSV, title));
    QI_TRY(put_report(b, id, ".tex", &done->shown, QUIPU_FORMAT_LATEX, title));
    return put_report(b, id, ".md", &done->shown, QUIPU_FORMAT_MARKDOWN, title);
}

static quipu_status sign(const bundle *b, quipu_table *table) {
    return table->n_columns == 0
               ? QUIPU_OK
               : quipu_table_add_source(table, "manifest", b->manifest.id, b->err);
}

static quipu_status put_tables(bundle *b) {
    qi_answers *a = &b->answers;
    for (size_t i = 0; i < a->n; i++) {
        QI_TRY(sign(b, &a->items[i].answer.table));
        QI_TRY(sign(b, &a->items[i].shown));
    }
    for (size_t i = 0; i < a->n; i++)
        if (a->items[i].block->kind != QI_BLOCK_TEXT &&
            a->items[i].block->kind != QI_BLOCK_FIGURE)
            QI_TRY(put_table(b, &a->items[i]));
    if (a->comparison.n == 0)
        return QUIPU_OK;
    QI_TRY(qi_comparison_table(&a->comparison, 0, a->comparison.n,
                               "Printed figures beside ours", &b->differences, b->err));
    QI_TRY(sign(b, &b->differences));
    QI_TRY(put_csv(b, "differences", &b->differences, b->differences.title));
    return put_report(b, "tables/differences", ".tex", &b->differences, QUIPU_FORMAT_LATEX,
                      b->differences.title);
}

/* ---- figures: each worker has an engine of its own ---- */

typedef struct drawing {
    bundle *b;
    quipu_chart_engine **engines; /* [worker] */
    qi_done **figures;
} drawing;

static bool into_buffer(void *user, const char *bytes, size_t length) {
    return qi_buffer_add(user, bytes, length);
}

static quipu_status draw_to_file(const drawing *d, quipu_chart_engine *engine,
                                 const qi_done *done, quipu_picture picture, const char *end,
                                 quipu_error *err) {
    char name[96];
    qi_folder_file out;
    snprintf(name, sizeof name, "figures/%s%s", done->block->id.text, end);
    QI_TRY(qi_folder_create(&d->b->folder, name, &out, err));
    return qi_folder_close(
        &out, quipu_chart_draw(engine, done->option, picture, qi_folder_sink, &out, err), err);
}

static quipu_status draw_figure(void *user, size_t task, unsigned worker, quipu_error *err) {
    drawing *d = user;
    qi_done *done = d->figures[task];
    qi_buffer svg = {0};
    if (d->engines[worker] == NULL)
        QI_TRY(quipu_chart_engine_open(&d->engines[worker], err));
    quipu_chart_engine *engine = d->engines[worker];
    quipu_status status =
        quipu_chart_draw(engine, done->option, QUIPU_SVG, into_buffer, &svg, err);
    if (status != QUIPU_OK) {
        qi_buffer_free(&svg);
        return status;
    }
    done->svg = svg.bytes;
    QI_TRY(draw_to_file(d, engine, done, QUIPU_PDF, ".pdf", err));
    return draw_to_file(d, engine, done, QUIPU_PNG, ".png", err);
}

static quipu_status draw_all(bundle *b, qi_done **figures, size_t n) {
    unsigned threads = b->options != NULL ? b->options->threads : 0;
    threads = threads == 0 ? qi_cpu_count() : threads;
    drawing d = {b, calloc(threads + 1, sizeof *d.engines), figures};
    if (d.engines == NULL)
        return qi_fail_memory(b->err, threads * sizeof *d.engines);
    quipu_status status = qi_run_tasks(threads, n, draw_figure, &d, b->err);
    for (unsigned i = 0; i <= threads; i++)
        quipu_chart_engine_close(d.engines[i]);
    free(d.engines);
    return status;
}

static const quipu_table *data_of(const bundle *b, const qi_done *done) {
    if (done->block->of.text == NULL)
        return &done->answer.table;
    const qi_done *table = qi_answers_find(&b->answers, done->block->of.text);
    return table != NULL ? &table->answer.table : NULL;
}

static quipu_status put_figure(bundle *b, const qi_done *done) {
    char id[96], name[128];
    const char *title = qi_done_heading(done, &b->arena);
    const quipu_table *data = data_of(b, done);
    snprintf(id, sizeof id, "figures/%s", done->block->id.text);
    snprintf(name, sizeof name, "%s.svg", id);
    QI_TRY(write_file(b, name, write_text, done->svg, NULL, title));
    snprintf(name, sizeof name, "%s.json", id);
    QI_TRY(write_file(b, name, write_text, done->option, NULL, title));
    snprintf(name, sizeof name, "%s.pdf", id);
    QI_TRY(remember(b, name, NULL, title));
    snprintf(name, sizeof name, "%s.png", id);
    QI_TRY(remember(b, name, NULL, title));
    return data != NULL ? put_csv(b, id, data, title) : QUIPU_OK;
}

static quipu_status put_figures(bundle *b) {
    qi_answers *a = &b->answers;
    qi_done **figures = qi_arena_alloc(&b->arena, (a->n + 1) * sizeof(qi_done *));
    size_t n = 0;
    if (figures == NULL)
        return qi_fail_memory(b->err, a->n);
    for (size_t i = 0; i < a->n; i++) {
        if (a->items[i].block->kind != QI_BLOCK_FIGURE)
            continue;
        QI_TRY(qi_answers_draw(a, &a->items[i], b->manifest.id, b->err));
        if (a->items[i].option != NULL)
            figures[n++] = &a->items[i];
    }
    if (n > 0)
        QI_TRY(draw_all(b, figures, n));
    for (size_t i = 0; i < n; i++)
        QI_TRY(put_figure(b, figures[i]));
    return QUIPU_OK;
}

/* ---- documents ---- */

static quipu_status put_document(bundle *b, const char *name, quipu_format format,
                                 void (*write)(qi_document *)) {
    qi_document doc = {
        .answers = &b->answers, .manifest = b->manifest.id, .format = format, .err = b->err};
    write(&doc);
    quipu_status status =
        doc.no_memory ? qi_fail_memory(b->err, doc.out.length)
                      : write_file(b, name, write_text, doc.out.bytes, NULL, b->answers.title);
    qi_buffer_free(&doc.out);
    return status;
}

static bool line(bundle *b, quipu_sheet_line *lines, size_t *n, quipu_line_style style,
                 const char *text, const char *sheet) {
    lines[(*n)++] =
        (quipu_sheet_line){.text = qi_arena_dup(&b->arena, text != NULL ? text : ""),
                           .style = style,
                           .sheet = sheet};
    return lines[*n - 1].text != NULL;
}

static const char *sheet_name(const qi_done *done) {
    return done->number[0] != '\0' ? done->number : done->block->id.text;
}

static bool has_sheet(const qi_done *done) {
    return done->block->kind != QI_BLOCK_TEXT && done->block->kind != QI_BLOCK_FIGURE &&
           done->shown.n_columns > 0;
}

static quipu_status add_cover(bundle *b, quipu_book *book) {
    const qi_answers *a = &b->answers;
    quipu_sheet_line *lines = qi_arena_alloc(&b->arena, (a->n + 12) * sizeof *lines);
    size_t n = 0;
    if (lines == NULL)
        return qi_fail_memory(b->err, 0);
    bool fine = line(b, lines, &n, QUIPU_LINE_TITLE, a->title, NULL) &&
                line(b, lines, &n, QUIPU_LINE_TEXT, a->subtitle, NULL);
    for (size_t i = 0; i < a->study->authors.n && fine && i < 4; i++)
        fine = line(b, lines, &n, QUIPU_LINE_TEXT,
                    qi_author_name(&a->study->authors.items[i], &b->arena), NULL);
    fine = fine && line(b, lines, &n, QUIPU_LINE_TEXT, "", NULL);
    for (size_t i = 0; i < a->n && fine; i++)
        if (has_sheet(&a->items[i]))
            fine = line(b, lines, &n, QUIPU_LINE_TEXT, qi_done_heading(&a->items[i], &b->arena),
                        sheet_name(&a->items[i]));
    if (fine && a->comparison.n > 0)
        fine = line(b, lines, &n, QUIPU_LINE_TEXT, "Differences", "Differences");
    fine =
        fine && line(b, lines, &n, QUIPU_LINE_TEXT, "", NULL) &&
        line(b, lines, &n, QUIPU_LINE_TEXT,
             qi_arena_printf(&b->arena, "quipu " QUIPU_VERSION ", manifest %s", b->manifest.id),
             NULL);
    if (!fine)
        return qi_fail_memory(b->err, 0);
    return quipu_book_add_text(book, a->spanish ? "Contenido" : "Contents", lines, n, b->err);
}

static quipu_status fill_book(bundle *b, quipu_book *book) {
    const qi_answers *a = &b->answers;
    QI_TRY(add_cover(b, book));
    for (size_t i = 0; i < a->n; i++)
        if (has_sheet(&a->items[i]))
            QI_TRY(quipu_book_add(book, &a->items[i].shown, sheet_name(&a->items[i]), NULL,
                                  b->err));
    if (a->comparison.n > 0)
        QI_TRY(quipu_book_add(book, &b->differences, "Differences", NULL, b->err));
    return QUIPU_OK;
}

static quipu_status put_book(bundle *b) {
    const qi_answers *a = &b->answers;
    quipu_book *book;
    quipu_book_properties properties = {.title = a->title,
                                        .subject = a->subtitle,
                                        .created = b->study.date.text,
                                        .manifest = b->manifest.id,
                                        .spanish = a->spanish};
    if (a->study->authors.n > 0)
        properties.author = qi_author_name(&a->study->authors.items[0], &b->arena);
    const char *path = path_in(b, "study.xlsx");
    if (path == NULL)
        return qi_fail_memory(b->err, 0);
    QI_TRY(quipu_book_open(path, &properties, &book, b->err));
    quipu_status status = fill_book(b, book);
    if (status != QUIPU_OK) {
        quipu_book_abandon(book);
        return status;
    }
    QI_TRY(quipu_book_close(book, b->err));
    return remember(b, "study.xlsx", NULL, a->title);
}

/* ---- papers ---- */

static quipu_author *list_authors(bundle *b, size_t *n) {
    const qi_study *study = &b->study;
    quipu_author *authors = qi_arena_alloc(&b->arena, (study->authors.n + 1) * sizeof *authors);
    *n = study->authors.n;
    for (size_t i = 0; authors != NULL && i < *n; i++) {
        const qi_author *author = &study->authors.items[i];
        authors[i] = (quipu_author){.family = author->family.text,
                                    .given = author->given.text,
                                    .name = author->name.text,
                                    .affiliation = author->affiliation.text};
    }
    if (authors != NULL && *n == 0) {
        authors[0] = (quipu_author){.name = "quipu " QUIPU_VERSION};
        *n = 1;
    }
    return authors;
}

static quipu_status write_citation(bundle *b, qi_folder_file *out, const void *what) {
    (void)what;
    quipu_citation citation = {.title = b->answers.title,
                               .version = b->study.version.text,
                               .released = b->study.date.text,
                               .abstract =
                                   b->answers.subtitle[0] != '\0' ? b->answers.subtitle : NULL,
                               .license = b->study.license.text,
                               .manifest = b->manifest.id};
    citation.authors = list_authors(b, &citation.n_authors);
    if (citation.authors == NULL)
        return qi_fail_memory(b->err, 0);
    return quipu_citation_write(&citation, qi_folder_sink, out, b->err);
}

static quipu_status list_resources(bundle *b, quipu_resource **out) {
    quipu_resource *list = qi_arena_alloc(&b->arena, (b->files.n + 1) * sizeof *list);
    if (list == NULL)
        return qi_fail_memory(b->err, 0);
    for (size_t i = 0; i < b->files.n; i++) {
        char sha256[65];
        const written *file = &b->files.items[i];
        const char *path = path_in(b, file->path);
        list[i] =
            (quipu_resource){.path = file->path, .title = file->title, .table = file->table};
        if (path == NULL)
            return qi_fail_memory(b->err, 0);
        QI_TRY(quipu_sha256_file(path, sha256, &list[i].bytes, b->err));
        list[i].sha256 = qi_arena_dup(&b->arena, sha256);
        if (list[i].sha256 == NULL)
            return qi_fail_memory(b->err, 0);
    }
    *out = list;
    return QUIPU_OK;
}

static quipu_package_source *list_sources(bundle *b, size_t *n) {
    const qi_inputs *inputs = &b->answers.inputs;
    quipu_package_source *list = qi_arena_alloc(&b->arena, (inputs->n + 1) * sizeof *list);
    *n = 0;
    for (size_t i = 0; list != NULL && i < inputs->n; i++) {
        const qi_input *input = &inputs->items[i];
        if (!input->there)
            continue;
        list[(*n)++] = (quipu_package_source){
            .title = qi_or(input->spec->title, input->spec->name.text),
            .version = input->cube != NULL ? quipu_cube_meta(input->cube, "release") : NULL,
            .sha256 = input->n_files == 1 ? input->files[0].sha256 : NULL};
    }
    return list;
}

static quipu_status write_package(bundle *b, qi_folder_file *out, const void *what) {
    (void)what;
    quipu_resource *resources = NULL;
    quipu_package package = {.name = b->study.name.text,
                             .title = b->answers.title,
                             .version = b->study.version.text,
                             .created = b->study.date.text,
                             .manifest = b->manifest.id,
                             .license = b->study.license.text,
                             .n_resources = b->files.n};
    QI_TRY(list_resources(b, &resources));
    package.resources = resources;
    package.authors = list_authors(b, &package.n_authors);
    package.sources = list_sources(b, &package.n_sources);
    if (package.authors == NULL || package.sources == NULL)
        return qi_fail_memory(b->err, 0);
    return quipu_datapackage_write(&package, qi_folder_sink, out, b->err);
}

/* ---- all of it ---- */

static quipu_status remember_cubes(bundle *b) {
    for (size_t i = 0; i < b->answers.inputs.n; i++) {
        const qi_input *input = &b->answers.inputs.items[i];
        if (input->cube_name == NULL)
            continue;
        const char *name = qi_arena_printf(&b->arena, "cubes/%s", input->cube_name);
        if (name == NULL)
            return qi_fail_memory(b->err, 0);
        QI_TRY(remember(b, name, NULL, input->spec->title.text));
    }
    return QUIPU_OK;
}

static quipu_status add_skipped(bundle *b, quipu_table *out) {
    static const quipu_column_spec specs[] = {
        {"block", "Not made", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"input", "For want of", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
        {"obtain", "Where it can be had", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    };
    size_t row;
    QI_TRY(quipu_table_init(out, "study-skipped", specs, QI_COUNT(specs), b->err));
    for (size_t i = 0; i < b->answers.n; i++) {
        const qi_done *done = &b->answers.items[i];
        if (done->missing == NULL)
            continue;
        QI_TRY(quipu_table_add_rows(out, 1, &row, b->err));
        QI_TRY(quipu_table_set_text(out, 0, row, qi_done_heading(done, &b->arena), b->err));
        QI_TRY(quipu_table_set_text(out, 1, row, done->missing->spec->name.text, b->err));
        if (done->missing->spec->obtain.text != NULL)
            QI_TRY(quipu_table_set_text(out, 2, row, done->missing->spec->obtain.text, b->err));
    }
    return QUIPU_OK;
}

static quipu_status fill_result(bundle *b, quipu_study_result *out) {
    size_t counts[4];
    memcpy(out->manifest, b->manifest.id, sizeof out->manifest);
    out->files = b->files.n;
    for (size_t i = 0; i < b->answers.n; i++) {
        out->tables += has_sheet(&b->answers.items[i]) ? 1 : 0;
        out->figures += b->answers.items[i].option != NULL ? 1 : 0;
    }
    qi_count_verdicts(&b->answers.comparison, 0, b->answers.comparison.n, counts);
    out->equal = counts[QI_EQUAL];
    out->near = counts[QI_NEAR];
    out->differ = counts[QI_DIFFERS];
    out->compared = out->equal + out->near + out->differ;
    out->unanswered = counts[QI_NO_FIGURE];
    return add_skipped(b, &out->skipped);
}

static quipu_status build(bundle *b, const char *path, const quipu_nomen *nomen,
                          const char *folder, quipu_study_result *result) {
    QI_TRY(qi_study_read(path, &b->study, b->err));
    QI_TRY(qi_folder_open(&b->folder, folder, b->err));
    QI_TRY(qi_folder_make(&b->folder, "cubes", b->err));
    QI_TRY(qi_folder_make(&b->folder, "tables", b->err));
    QI_TRY(qi_folder_make(&b->folder, "figures", b->err));
    const char *cubes = path_in(b, "cubes");
    if (cubes == NULL)
        return qi_fail_memory(b->err, 0);
    QI_TRY(qi_answers_make(&b->study, nomen, b->options, cubes, false, &b->answers, b->err));
    QI_TRY(qi_manifest_make(&b->answers, b->options != NULL ? b->options->command : NULL,
                            &b->arena, &b->manifest, b->err));
    QI_TRY(remember_cubes(b));
    QI_TRY(put_tables(b));
    QI_TRY(put_figures(b));
    QI_TRY(put_document(b, "index.html", QUIPU_FORMAT_HTML, qi_write_study_html));
    QI_TRY(put_document(b, "study.tex", QUIPU_FORMAT_LATEX, qi_write_study_latex));
    QI_TRY(put_document(b, "study.md", QUIPU_FORMAT_MARKDOWN, qi_write_study_markdown));
    QI_TRY(put_book(b));
    QI_TRY(write_file(b, QI_FOLDER_MARK, write_text, b->manifest.text, NULL, "Manifest"));
    QI_TRY(write_file(b, "CITATION.cff", write_citation, NULL, NULL, "Citation"));
    QI_TRY(write_file(b, "datapackage.json", write_package, NULL, NULL, NULL));
    QI_TRY(fill_result(b, result));
    return qi_folder_commit(&b->folder, b->err);
}

quipu_status quipu_study_build(const char *path, const quipu_nomen *nomen, const char *folder,
                               const quipu_study_options *options, quipu_study_result *result,
                               quipu_error *err) {
    bundle b = {.options = options, .err = err};
    qi_error_clear(err);
    *result = (quipu_study_result){0};
    quipu_status status = build(&b, path, nomen, folder, result);
    qi_folder_abandon(&b.folder);
    qi_answers_free(&b.answers);
    qi_study_free(&b.study);
    quipu_table_free(&b.differences);
    free(b.files.items);
    qi_arena_free(&b.arena);
    if (status != QUIPU_OK)
        quipu_study_result_free(result);
    return status;
}

quipu_status quipu_study_check(const char *path, const quipu_nomen *nomen, const char *scratch,
                               const quipu_study_options *options, quipu_table *out,
                               quipu_study_result *result, quipu_error *err) {
    bundle b = {.options = options, .err = err};
    quipu_status status;
    qi_error_clear(err);
    *result = (quipu_study_result){0};
    *out = (quipu_table){0};
    QI_GO(qi_study_read(path, &b.study, err));
    QI_GO(qi_answers_make(&b.study, nomen, options, scratch, true, &b.answers, err));
    QI_GO(qi_comparison_table(&b.answers.comparison, 0, b.answers.comparison.n, b.answers.title,
                              out, err));
    QI_GO(fill_result(&b, result));
done:
    qi_answers_free(&b.answers);
    qi_study_free(&b.study);
    qi_arena_free(&b.arena);
    if (status != QUIPU_OK) {
        quipu_table_free(out);
        quipu_study_result_free(result);
    }
    return status;
}

void quipu_study_result_free(quipu_study_result *result) {
    quipu_table_free(&result->skipped);
    *result = (quipu_study_result){0};
}

/* ---- what is watched ---- */

static bool keep(quipu_study_files *out, const char *path) {
    char **grown = realloc(out->paths, (out->n + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    out->paths = grown;
    out->paths[out->n] = strdup(path);
    return out->paths[out->n] != NULL && ++out->n > 0;
}

quipu_status quipu_study_files_list(const char *path, const quipu_study_options *options,
                                    quipu_study_files *out, quipu_error *err) {
    qi_study study;
    qi_inputs inputs = {0};
    qi_error_clear(err);
    *out = (quipu_study_files){0};
    bool fine = keep(out, path);
    if (fine && qi_study_read(path, &study, err) == QUIPU_OK) {
        if (qi_inputs_list(&study, options, &inputs, err) == QUIPU_OK)
            for (size_t i = 0; i < inputs.n; i++)
                for (size_t k = 0; k < inputs.items[i].n_files && fine; k++)
                    fine = keep(out, inputs.items[i].files[k].path);
        for (size_t s = 0; s < study.sections.n; s++)
            for (size_t i = 0; i < study.sections.items[s].content.n && fine; i++) {
                const qi_block *block = &study.sections.items[s].content.items[i];
                const char *name = block->kind == QI_BLOCK_FACTS ? block->file.text
                                   : block->reference.line > 0   ? block->reference.file.text
                                                                 : NULL;
                const char *full =
                    name != NULL ? qi_study_path(&study, &study.arena, name) : NULL;
                fine = full == NULL || keep(out, full);
            }
        qi_inputs_close(&inputs);
        qi_study_free(&study);
    }
    qi_error_clear(err);
    return fine ? QUIPU_OK : qi_fail_memory(err, 0);
}

void quipu_study_files_free(quipu_study_files *files) {
    for (size_t i = 0; i < files->n; i++)
        free(files->paths[i]);
    free(files->paths);
    *files = (quipu_study_files){0};
}
