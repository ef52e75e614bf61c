/* SPDX-License-Identifier: Apache-2.0 */
/* ask.c - a request understood: arguments, flows, periods and the views behind them. */
#include "measures/common.h"

#include <stdarg.h>

/* ---- arguments ---- */

static const quipu_param *find_param(const quipu_param *params, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(params[i].name, name) == 0)
            return &params[i];
    return NULL;
}

static const quipu_param *param_of(const quipu_measure *measure, const char *name) {
    const quipu_param *own = find_param(measure->params, measure->n_params, name);
    size_t n;
    const quipu_param *common = quipu_common_params(&n);
    return own != NULL ? own : find_param(common, n, name);
}

const char *qi_argument(const quipu_measure *measure, const quipu_request *request,
                        const char *name) {
    for (size_t i = request->n_arguments; i > 0; i--) {
        const quipu_argument *a = &request->arguments[i - 1];
        if (strcmp(a->name, name) == 0 && a->value != NULL && a->value[0] != '\0')
            return a->value;
    }
    const quipu_param *param = param_of(measure, name);
    return param != NULL ? param->fallback : NULL;
}

bool qi_is(const char *text, const char *word) {
    return text != NULL && strcmp(text, word) == 0;
}

quipu_rollup_options qi_rollup_options(const quipu_request *request) {
    return (quipu_rollup_options){.threads = request->threads,
                                  .stop = request->stop,
                                  .stop_user = request->stop_user,
                                  .most_cells = request->most_cells};
}

quipu_status qi_ask_stop(const quipu_request *request, quipu_error *err) {
    if (request->stop == NULL || !request->stop(request->stop_user, 0, 0))
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_STOPPED, "stopped before the answer was there");
}

bool qi_switch(const quipu_measure *measure, const quipu_request *request, const char *name) {
    const char *value = qi_argument(measure, request, name);
    return value != NULL && !qi_is(value, "no") && !qi_is(value, "0") && !qi_is(value, "false");
}

int64_t qi_integer(const quipu_measure *measure, const quipu_request *request, const char *name,
                   int64_t otherwise) {
    const char *value = qi_argument(measure, request, name);
    int64_t number;
    bool fine = value != NULL && qi_parse_int(value, strlen(value), &number);
    return fine ? number : otherwise;
}

double qi_real(const quipu_measure *measure, const quipu_request *request, const char *name,
               double otherwise) {
    const char *value = qi_argument(measure, request, name);
    double number;
    bool fine = value != NULL && qi_parse_double(value, strlen(value), &number);
    return fine ? number : otherwise;
}

size_t qi_choice_of(const quipu_measure *measure, const quipu_request *request,
                    const char *name) {
    const char *value = qi_argument(measure, request, name);
    const quipu_param *param = param_of(measure, name);
    size_t position = 0;
    if (value == NULL || param == NULL || param->choices == NULL)
        return 0;
    for (const char *at = param->choices; *at != '\0'; position++) {
        size_t length = strcspn(at, " ");
        if (strlen(value) == length && strncmp(at, value, length) == 0)
            return position;
        at += length + strspn(at + length, " ");
    }
    return 0;
}

/* ---- notes ---- */

quipu_status qi_ask_note(qi_ask *ask, quipu_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *text = qi_arena_vprintf(&ask->arena, format, args);
    va_end(args);
    if (text == NULL)
        return qi_fail_memory(err, 256);
    for (size_t i = 0; i < ask->notes.n_notes; i++)
        if (strcmp(ask->notes.notes[i], text) == 0)
            return QUIPU_OK;
    return quipu_table_add_note(&ask->notes, err, "%s", text);
}

int qi_one_country(const quipu_cube *cube, const qi_choice *choices, size_t n) {
    bool one = n == 1 && choices[0].n_words == 1 && choices[0].words[0].country != NULL;
    return one ? quipu_cube_country_index(cube, choices[0].words[0].country->number) : -1;
}

bool qi_any_reported(const quipu_view *view, size_t period) {
    for (size_t c = 0; view->slab[period] >= 0 && c < qi_view_inside(view)->n_countries; c++)
        if (quipu_country_set_has(&view->reporters, period, c) &&
            quipu_view_reported(view, period, c))
            return true;
    return false;
}

const char *qi_ask_number(qi_ask *ask, double value) {
    char text[QI_NUMBER_TEXT];
    qi_format_double(text, value);
    const char *copy = qi_arena_dup(&ask->arena, text);
    return copy != NULL ? copy : "";
}

/* ---- flows ---- */

static bool cube_has(const quipu_cube *cube, quipu_flow flow) {
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n);
    for (size_t i = 0; i < n; i++)
        if (slabs[i].flow == flow)
            return true;
    return false;
}

static void all_flows(qi_ask *ask) {
    bool reconciled = cube_has(ask->cube, QUIPU_RECONCILED);
    for (int f = 0; f < QUIPU_RECONCILED; f++) {
        bool two_sided = f == QUIPU_EXPORT || f == QUIPU_IMPORT;
        if (cube_has(ask->cube, (quipu_flow)f) || (two_sided && reconciled))
            ask->flows[ask->n_flows++] = (quipu_flow)f;
    }
}

/* Words separated by commas or blanks.  None: the view chooses. */
static quipu_status read_flows(qi_ask *ask, const char *text, quipu_error *err) {
    const char *at = text != NULL ? text : "";
    for (at += strspn(at, " ,"); *at != '\0'; at += strspn(at, " ,")) {
        size_t length = strcspn(at, " ,");
        quipu_flow flow;
        bool twice = false;
        if (!quipu_flow_parse(at, length, &flow))
            return qi_fail(err, QUIPU_E_ARG,
                           "flow \"%.*s\": take export, import, re-export, re-import or "
                           "reconciled",
                           (int)length, at);
        for (size_t i = 0; i < ask->n_flows; i++)
            twice |= ask->flows[i] == flow;
        if (!twice)
            ask->flows[ask->n_flows++] = flow;
        at += length;
    }
    return QUIPU_OK;
}

static bool mentions(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = list; at != NULL && *at != '\0'; at++) {
        at += strspn(at, " ,");
        size_t n = strcspn(at, " ,");
        if (n == length && strncmp(at, word, n) == 0)
            return true;
        at += n;
        if (*at == '\0')
            break;
    }
    return false;
}

/* ---- views ---- */

/* The periods of all flows together, as text: the views must agree on them. */
static quipu_status join_years(qi_ask *ask, quipu_error *err) {
    size_t n_slabs, n = 0;
    const quipu_slab *slabs = quipu_cube_slabs(ask->cube, &n_slabs);
    quipu_period *periods = qi_arena_alloc(&ask->arena, (n_slabs + 1) * sizeof *periods);
    size_t size = n_slabs * 16 + 16;
    char *text = qi_arena_alloc(&ask->arena, size);
    if (periods == NULL || text == NULL)
        return qi_fail_memory(err, size);
    for (size_t i = 0; i < n_slabs; i++)
        if (n == 0 || periods[n - 1] != slabs[i].period)
            periods[n++] = slabs[i].period;
    qi_periods_text(periods, n, text, size);
    ask->selection.years = text;
    return QUIPU_OK;
}

static quipu_status open_views(qi_ask *ask, quipu_error *err) {
    size_t n = ask->n_flows > 0 ? ask->n_flows : 1;
    ask->views = qi_arena_alloc(&ask->arena, n * sizeof *ask->views);
    if (ask->views == NULL)
        return qi_fail_memory(err, n * sizeof *ask->views);
    if (n > 1 && ask->selection.years == NULL)
        QI_TRY(join_years(ask, err));
    for (size_t f = 0; f < n; f++) {
        quipu_selection s = ask->selection;
        if (ask->n_flows > 0)
            s.flow = quipu_flow_name(ask->flows[f]);
        QI_TRY(
            qi_view_open(ask->cube, ask->nomen, &s, n > 1, &ask->notes, &ask->views[f], err));
    }
    if (ask->n_flows == 0)
        ask->flows[ask->n_flows++] = ask->views[0].flow;
    ask->selection.flow = quipu_flow_name(ask->flows[0]);
    ask->periods = ask->views[0].periods;
    ask->n_periods = ask->views[0].n_periods;
    return QUIPU_OK;
}

static const char *typed(const qi_ask *ask, const char *name, const char *instead) {
    return instead != NULL ? instead : qi_argument(ask->measure, ask->request, name);
}

static quipu_status fill(qi_ask *ask, const qi_wish *wish, quipu_error *err) {
    ask->selection = (quipu_selection){.reporter = typed(ask, "reporter", wish->reporter),
                                       .partner = typed(ask, "partner", wish->partner),
                                       .product = typed(ask, "product", NULL),
                                       .years = typed(ask, "years", wish->years),
                                       .basis = typed(ask, "basis", wish->basis)};
    const char *by = qi_argument(ask->measure, ask->request, "by");
    by = by != NULL ? by : wish->by;
    QI_TRY(qi_choices_parse(ask->nomen, ask->selection.reporter, &ask->arena, &ask->reporters,
                            &ask->n_reporters, err));
    QI_TRY(qi_choices_parse(ask->nomen, ask->selection.partner, &ask->arena, &ask->partners,
                            &ask->n_partners, err));
    ask->planes = wish->flows != NULL;
    ask->classes = wish->classes;
    QI_TRY(read_flows(ask, typed(ask, "flow", wish->flows), err));
    if (mentions(by, "flow") && ask->n_flows == 0)
        all_flows(ask);
    ask->sum_periods = qi_is(qi_argument(ask->measure, ask->request, "periods"), "sum");
    QI_TRY(open_views(ask, err));
    return qi_axes_make(ask, by, wish, err);
}

quipu_status qi_ask_open(qi_ask *ask, const quipu_measure *measure,
                         const quipu_request *request, const qi_wish *wish, quipu_error *err) {
    static const qi_wish none = {0};
    *ask = (qi_ask){.measure = measure,
                    .request = request,
                    .cube = request->cube,
                    .nomen = request->nomen,
                    .threads = request->threads};
    quipu_status status = quipu_table_init(&ask->notes, measure->name, NULL, 0, err);
    if (status == QUIPU_OK)
        status = fill(ask, wish != NULL ? wish : &none, err);
    if (status != QUIPU_OK)
        qi_ask_close(ask);
    return status;
}

void qi_ask_close(qi_ask *ask) {
    if (ask->views != NULL)
        for (size_t f = 0; f < (ask->n_flows > 0 ? ask->n_flows : 1); f++)
            quipu_view_close(&ask->views[f]);
    quipu_mapping_free(&ask->own_classes);
    quipu_table_free(&ask->notes);
    qi_arena_free(&ask->arena);
    memset(ask, 0, sizeof *ask);
}
