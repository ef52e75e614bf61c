/* SPDX-License-Identifier: Apache-2.0 */
/* answer.c - a measure asked by its parameters, its table in the format wanted.
 *
 * What comes is what the command line gives for the same question, byte for byte; the header
 * Quipu-Command says which command that is.  Parameters that name a file are refused: a page
 * has no business with files of this machine.
 */
#include "http/http.h"
#include "query/query.h"
#include "quipu/chart.h"

enum { NO_PICTURE = -1, AS_OPTION = 0 };

/* Formats of tables come from the list of report; these are its media types, and pictures. */
static const struct {
    const char *format, *media;
} medias[] = {
    {"text", "text/plain; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8; header=present"},
    {"tsv", "text/tab-separated-values; charset=utf-8"},
    {"json", "application/json"},
    {"jsonl", "application/x-ndjson"},
    {"markdown", "text/markdown; charset=utf-8"},
    {"latex", "application/x-latex; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"sdmx-csv", "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8"},
    {"arrow", "application/vnd.apache.arrow.stream"},
    {"dta", "application/x-stata-dta"},
    {"sav", "application/x-spss-sav"},
    {"option", "application/json"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"pdf", "application/pdf"},
};
static const struct {
    const char *name, *extension;
    int picture;
} pictures[] = {{"option", ".json", AS_OPTION},
                {"svg", ".svg", 1 + QUIPU_SVG},
                {"png", ".png", 1 + QUIPU_PNG},
                {"pdf", ".pdf", 1 + QUIPU_PDF}};
const char *const qi_shared_arguments[QI_N_SHARED] = {"format",  "language",     "plain",
                                                      "v",       "chart",        "chart-x",
                                                      "chart-y", "chart-series", "chart-title"};

const char *qi_media_of_format(const char *format) {
    for (size_t i = 0; i < QI_COUNT(medias); i++)
        if (strcmp(medias[i].format, format) == 0)
            return medias[i].media;
    return "application/octet-stream";
}

size_t qi_ways(qi_way out[QI_MOST_WAYS]) {
    size_t n_formats, n = 0;
    const quipu_format_info *formats = quipu_formats(&n_formats);
    for (size_t i = 0; i < n_formats && n < QI_MOST_WAYS; i++)
        if (formats[i].format != QUIPU_FORMAT_PARQUET) /* DuckDB stays out of a server */
            out[n++] =
                (qi_way){formats[i].name, formats[i].extension,
                         qi_media_of_format(formats[i].name), NO_PICTURE, formats[i].format};
    for (size_t i = 0; i < QI_COUNT(pictures) && n < QI_MOST_WAYS; i++)
        out[n++] = (qi_way){pictures[i].name, pictures[i].extension,
                            qi_media_of_format(pictures[i].name), pictures[i].picture,
                            QUIPU_FORMAT_TEXT};
    return n;
}

static bool is_ours(const char *name) {
    for (size_t i = 0; i < QI_N_SHARED; i++)
        if (strcmp(qi_shared_arguments[i], name) == 0)
            return true;
    return false;
}

/* ---- the measure ---- */

const quipu_measure *qi_measure_of(qi_visit *v) {
    const quipu_measure *m = quipu_measure_find(v->rest);
    if (m != NULL)
        return m;
    qi_suggest near;
    char text[QI_SUGGEST_TEXT], message[512];
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    qi_suggest_start(&near, v->rest);
    for (size_t i = 0; i < n; i++)
        qi_suggest_try(&near, measures[i]->name);
    snprintf(message, sizeof message, "there is no measure \"%.60s\"%s", v->rest,
             qi_suggest_text(&near, text));
    qi_answer_fail(v->answer, 404, "not-found", message);
    return NULL;
}

/* ---- the command line that gives the same ---- */

static bool is_plain(const char *text) {
    static const char SAFE[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789_-.,:/+@%";
    return text[0] != '\0' && text[strspn(text, SAFE)] == '\0';
}

/* For a shell, and for a header: ASCII, without control characters.  What is neither goes into
 * $'...' of bash, zsh and ksh. */
static bool add_word(qi_buffer *out, const char *text) {
    bool odd = false, ok = true;
    for (const char *c = text; *c != '\0'; c++)
        odd |= (unsigned char)*c < 0x20 || (unsigned char)*c > 0x7E;
    if (is_plain(text))
        return qi_buffer_text(out, " ") && qi_buffer_text(out, text);
    ok = qi_buffer_text(out, odd ? " $'" : " '");
    for (const char *c = text; *c != '\0' && ok; c++) {
        unsigned char byte = (unsigned char)*c;
        if (odd && (byte < 0x20 || byte > 0x7E))
            ok = qi_buffer_printf(out, "\\%03o", byte);
        else if (odd && (byte == '\'' || byte == '\\'))
            ok = qi_buffer_printf(out, "\\%c", byte);
        else if (byte == '\'')
            ok = qi_buffer_text(out, "'\\''");
        else
            ok = qi_buffer_add(out, c, 1);
    }
    return ok && qi_buffer_text(out, "'");
}

static bool is_no(const char *value) {
    return value != NULL && (strcmp(value, "no") == 0 || strcmp(value, "0") == 0 ||
                             strcmp(value, "false") == 0 || value[0] == '\0');
}

static bool add_option(qi_buffer *out, const quipu_measure *m, const quipu_argument *a) {
    const quipu_param *p = quipu_measure_param(m, a->name);
    bool is_switch = (p != NULL && p->type == QUIPU_PARAM_SWITCH) ||
                     (p == NULL && strcmp(a->name, "plain") == 0);
    if (strcmp(a->name, "v") == 0 || strcmp(a->name, "format") == 0 ||
        (is_switch ? is_no(a->value) : a->value == NULL || a->value[0] == '\0'))
        return true;
    return qi_buffer_printf(out, " --%s", a->name) && (is_switch || add_word(out, a->value));
}

static const char *command_of(const qi_visit *v, const quipu_measure *m, const char *format) {
    bool of_cube = m->needs != QUIPU_NEEDS_REGISTER;
    qi_buffer out = {0};
    bool ok = qi_buffer_text(&out, "quipu ");
    for (const char *c = m->name; *c != '\0' && ok; c++)
        ok = qi_buffer_add(&out, !of_cube && *c == '-' ? " " : c, 1);
    ok = ok && add_word(&out, of_cube ? v->context->cube_path : v->context->register_path);
    for (size_t i = 0; i < v->target->n_arguments && ok; i++)
        ok = add_option(&out, m, &v->target->arguments[i]);
    ok = ok && qi_buffer_printf(&out, " --format %s", format);
    const char *text = ok ? qi_arena_text(v->arena, out.bytes, out.length) : NULL;
    qi_buffer_free(&out);
    return text;
}

/* "growth-peru-china-1995-2011.csv": what was asked, in letters any system takes. */
static const char *file_name(const qi_visit *v, const quipu_measure *m, const char *extension) {
    static const char *const telling[] = {"reporter", "partner", "country", "of",
                                          "product",  "flow",    "by",      "years"};
    char name[160], folded[64];
    size_t n = (size_t)snprintf(name, sizeof name, "%s", m->name);
    for (size_t i = 0; i < QI_COUNT(telling); i++) {
        const char *value = qi_target_get(v->target, telling[i]);
        size_t length =
            value != NULL ? qi_fold(value, strlen(value), folded, sizeof folded) : 0;
        if (length == 0 || length > 24 || n + length + 2 > sizeof name)
            continue;
        name[n++] = '-';
        for (size_t k = 0; k < length; k++) {
            char c = folded[k];
            bool fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            name[n++] = fine ? c : '-';
        }
    }
    name[n] = '\0';
    return qi_arena_printf(v->arena, "%s%s", name, extension);
}

/* ---- arguments ---- */

static bool wrong_use(qi_visit *v, const char *format, ...) QUIPU_PRINTF(2, 3);
static bool wrong_use(qi_visit *v, const char *format, ...) {
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    qi_answer_fail(v->answer, 400, "wrong-use", message);
    return false;
}

static bool take_arguments(qi_visit *v, const quipu_measure *m, quipu_argument *out, size_t *n,
                           bool picture) {
    *n = 0;
    for (size_t i = 0; i < v->target->n_arguments; i++) {
        quipu_argument a = v->target->arguments[i];
        const quipu_param *p = quipu_measure_param(m, a.name);
        if (p == NULL && is_ours(a.name))
            continue;
        if (p != NULL && p->type == QUIPU_PARAM_FILE && a.value != NULL && a.value[0] != '\0')
            return wrong_use(v,
                             "%s takes a file, which cannot be named over HTTP: ask on the "
                             "command line",
                             a.name);
        if (picture && strcmp(a.name, "wide") == 0)
            continue; /* a figure has its years along an axis */
        if (a.value == NULL)
            a.value = "yes";
        out[(*n)++] = a;
    }
    return true;
}

static const qi_way *find_way(qi_visit *v, const qi_way *ways, size_t n) {
    const char *wanted = qi_target_get(v->target, "format");
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    if (wanted == NULL || wanted[0] == '\0')
        wanted = "json";
    qi_suggest_start(&near, wanted);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(ways[i].name, wanted) == 0)
            return &ways[i];
        qi_suggest_try(&near, ways[i].name);
    }
    wrong_use(v, "there is no format \"%.60s\"%s", wanted, qi_suggest_text(&near, text));
    return NULL;
}

static bool check_language(qi_visit *v, bool *spanish) {
    const char *language = qi_target_get(v->target, "language");
    *spanish = language != NULL && strcmp(language, "es") == 0;
    return language == NULL || language[0] == '\0' || *spanish || strcmp(language, "en") == 0 ||
           wrong_use(v, "language \"%.60s\": take en or es", language);
}

/* ---- pictures ---- */

/* Starting the script engine costs a third of a second: a few are kept. */
static quipu_status take_engine(qi_context *c, quipu_chart_engine **out, quipu_error *err) {
    *out = NULL;
    pthread_mutex_lock(&c->lock);
    if (c->n_engines > 0)
        *out = c->engines[--c->n_engines];
    pthread_mutex_unlock(&c->lock);
    return *out != NULL ? QUIPU_OK : quipu_chart_engine_open(out, err);
}

static void give_engine_back(qi_context *c, quipu_chart_engine *engine) {
    pthread_mutex_lock(&c->lock);
    if (c->n_engines < QI_COUNT(c->engines)) {
        c->engines[c->n_engines++] = engine;
        engine = NULL;
    }
    pthread_mutex_unlock(&c->lock);
    quipu_chart_engine_close(engine);
}

static quipu_status draw(qi_visit *v, const quipu_measure *m, const qi_way *way, bool spanish,
                         const quipu_table *table, quipu_error *err) {
    const qi_target *t = v->target;
    const quipu_chart chart = {.kind = qi_target_get(t, "chart"),
                               .x = qi_target_get(t, "chart-x"),
                               .y = qi_target_get(t, "chart-y"),
                               .series = qi_target_get(t, "chart-series"),
                               .title = qi_target_get(t, "chart-title"),
                               .figure = m->figure,
                               .spanish = spanish};
    char *option;
    quipu_chart_engine *engine;
    QI_TRY(quipu_chart_option(table, v->edition->nomen, &chart, &option, err));
    quipu_status status = QUIPU_OK;
    if (way->picture == AS_OPTION) {
        if (!qi_answer_sink(v->answer, option, strlen(option)) ||
            !qi_answer_sink(v->answer, "\n", 1))
            status = qi_fail(err, QUIPU_E_IO, "the figure was not taken");
    } else {
        status = take_engine(v->context, &engine, err);
        if (status == QUIPU_OK) {
            status = quipu_chart_draw(engine, option, (quipu_picture)(way->picture - 1),
                                      qi_answer_sink, v->answer, err);
            give_engine_back(v->context, engine);
        }
    }
    free(option);
    return status;
}

/* ---- the answer ---- */

static quipu_status write_answer(qi_visit *v, const quipu_measure *m, const qi_way *way,
                                 const quipu_request *request, bool spanish, quipu_error *err) {
    quipu_table table = {0};
    quipu_pair_text fixed[4];
    QI_TRY(quipu_measure_run(m, request, &table, err));
    quipu_report_options options = {.format = way->format, .spanish = spanish, .fixed = fixed};
    const char *plain = qi_target_get(v->target, "plain");
    options.plain = plain != NULL && !is_no(plain);
    options.n_fixed = quipu_request_fixed(request, fixed);
    quipu_status status =
        way->picture == NO_PICTURE
            ? quipu_report_write(&table, &options, qi_answer_sink, v->answer, err)
            : draw(v, m, way, spanish, &table, err);
    quipu_table_free(&table);
    return status;
}

/* A figure for each of these fits into memory and patience many times over. */
enum { MOST_CELLS = 20000000 };

void qi_route_measure(qi_visit *v) {
    const quipu_measure *m = qi_measure_of(v);
    qi_way ways[QI_MOST_WAYS];
    size_t n_ways = qi_ways(ways);
    quipu_argument arguments[QI_MOST_ARGUMENTS];
    quipu_request request = {.nomen = v->edition->nomen,
                             .arguments = arguments,
                             .threads = 1, /* requests run beside each other */
                             .cache = v->edition->classes,
                             .stop = v->answer->stop,
                             .stop_user = v->answer->stop_user,
                             .most_cells = MOST_CELLS};
    bool spanish;
    quipu_error err = {0};
    const qi_way *way = m != NULL ? find_way(v, ways, n_ways) : NULL;
    if (way == NULL || !check_language(v, &spanish) ||
        !take_arguments(v, m, arguments, &request.n_arguments, way->picture != NO_PICTURE))
        return;
    if (m->needs != QUIPU_NEEDS_REGISTER) {
        request.cube = v->edition->cube;
    } else if ((request.invested = v->edition->invested) == NULL) {
        qi_answer_fail(v->answer, 404, "no-register",
                       "this server has no register of investments: quipu serve CUBE "
                       "--register FOLDER");
        return;
    }
    quipu_status status = write_answer(v, m, way, &request, spanish, &err);
    if (status == QUIPU_E_IO && v->answer->stop(v->answer->stop_user, 0, 0))
        err.status = QUIPU_E_STOPPED;
    if (status != QUIPU_OK) {
        qi_answer_error(v->answer, &err);
        return;
    }
    qi_answer *a = v->answer;
    a->status = 200;
    a->type = way->media;
    a->command = command_of(v, m, way->name);
    /* JSON and figures' options are for programs in a page; the rest is to be kept. */
    if (way->format != QUIPU_FORMAT_JSON && way->picture != AS_OPTION)
        a->file = file_name(v, m, way->extension);
}
