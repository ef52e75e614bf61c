/* SPDX-License-Identifier: Apache-2.0 */
/* api.c - what there is: the cube, its countries and products, groups, schemes, measures. */
#include "http/json.h"
#include "http/http.h"
#include "http/study.h"
#include "quipu/chart.h"

static void finish(qi_visit *v, const qi_json *j) {
    if (j->failed || !qi_buffer_text(&v->answer->bytes, "\n"))
        qi_answer_fail(v->answer, 503, "out-of-memory", "out of memory");
    else
        v->answer->status = 200;
}

/* What may change without the cube is not kept, and its tag is of its content. */
static void finish_fleeting(qi_visit *v, const qi_json *j) {
    finish(v, j);
    v->answer->keep = false;
    v->answer->tag = qi_hash64(v->answer->bytes.bytes, v->answer->bytes.length) | 1;
}

/* ---- info ---- */

static void put_cube(qi_json *j, const quipu_cube *cube) {
    static const char *const keys[] = {"source", "release", "nomenclature", "valuation"};
    const char *title = quipu_cube_meta(cube, "title");
    qi_json_key(j, "cube");
    qi_json_open(j, '{');
    qi_json_pair(j, "fingerprint", quipu_cube_fingerprint(cube));
    for (size_t i = 0; i < QI_COUNT(keys); i++)
        qi_json_pair(j, keys[i], quipu_cube_meta(cube, keys[i]));
    qi_json_pair(j, "title", title != NULL ? title : quipu_cube_meta(cube, "source"));
    qi_json_pair_integer(j, "bytes", (int64_t)quipu_cube_bytes(cube));
    qi_json_close(j, '}');
}

static void put_slabs(qi_json *j, const quipu_cube *cube) {
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n);
    unsigned flows = 0;
    qi_json_key(j, "periods");
    qi_json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || slabs[i].period != slabs[i - 1].period)
            qi_json_integer(j, slabs[i].period);
        flows |= 1u << slabs[i].flow;
    }
    qi_json_close(j, ']');
    qi_json_key(j, "flows");
    qi_json_open(j, '[');
    for (int f = 0; f < QUIPU_N_FLOWS; f++)
        if (flows >> f & 1u)
            qi_json_text(j, quipu_flow_name((quipu_flow)f));
    qi_json_close(j, ']');
    qi_json_key(j, "slabs");
    qi_json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        qi_json_open(j, '{');
        qi_json_pair_integer(j, "period", slabs[i].period);
        qi_json_pair(j, "flow", quipu_flow_name(slabs[i].flow));
        qi_json_pair_integer(j, "rows", (int64_t)slabs[i].rows);
        qi_json_key(j, "value");
        qi_json_money(j, slabs[i].total);
        qi_json_close(j, '}');
    }
    qi_json_close(j, ']');
}

void qi_route_info(qi_visit *v) {
    qi_json j = {.out = &v->answer->bytes};
    const quipu_cube *cube = v->edition->cube;
    size_t n;
    const quipu_chart_kind *kinds = quipu_chart_kinds(&n);
    qi_json_open(&j, '{');
    qi_json_pair(&j, "version", QUIPU_VERSION);
    put_cube(&j, cube);
    put_slabs(&j, cube);
    qi_json_pair_bool(&j, "register", v->edition->invested != NULL);
    qi_json_key(&j, "studies");
    qi_study_list(v->context->study_path, &j);
    qi_json_key(&j, "charts");
    qi_json_open(&j, '[');
    for (size_t i = 0; i < n; i++) {
        qi_json_open(&j, '{');
        qi_json_pair(&j, "name", kinds[i].name);
        qi_json_pair(&j, "summary", kinds[i].summary);
        qi_json_pair(&j, "wants", kinds[i].wants);
        qi_json_close(&j, '}');
    }
    qi_json_close(&j, ']');
    qi_json_close(&j, '}');
    finish_fleeting(v, &j);
}

void qi_route_studies(qi_visit *v) {
    qi_json j = {.out = &v->answer->bytes};
    qi_study_list(v->context->study_path, &j);
    finish_fleeting(v, &j);
}

/* ---- countries, groups ---- */

void qi_route_countries(qi_visit *v) {
    static const char *const kinds[] = {"country", "former", "area", "world", "aggregate"};
    qi_json j = {.out = &v->answer->bytes};
    const qi_edition *e = v->edition;
    size_t n;
    const quipu_cube_country *countries = quipu_cube_countries(e->cube, &n);
    char number[8];
    qi_json_open(&j, '[');
    for (size_t i = 0; i < n; i++) {
        const quipu_country *known = quipu_country_by_number(e->nomen, countries[i].number);
        qi_json_line(&j);
        qi_json_open(&j, '{');
        qi_json_pair(&j, "iso3", known != NULL ? known->iso3 : countries[i].iso3);
        qi_json_pair(&j, "iso2", known != NULL ? known->iso2 : "");
        snprintf(number, sizeof number, "%03u", countries[i].number);
        qi_json_pair(&j, "number", number);
        qi_json_pair(&j, "name", known != NULL ? known->name : countries[i].name);
        qi_json_pair(&j, "name_es", known != NULL ? known->name_es : countries[i].name);
        qi_json_pair(&j, "kind", known != NULL ? kinds[known->kind] : "area");
        qi_json_pair_bool(&j, "export", e->country_is[i] & QI_IS_EXPORTER);
        qi_json_pair_bool(&j, "import", e->country_is[i] & QI_IS_IMPORTER);
        qi_json_pair_bool(&j, "mirror", e->country_is[i] & QI_IS_PARTNER);
        qi_json_close(&j, '}');
    }
    qi_json_close(&j, ']');
    finish(v, &j);
}

void qi_route_groups(qi_visit *v) {
    qi_json j = {.out = &v->answer->bytes};
    const quipu_group *groups;
    quipu_error err = {0};
    size_t n;
    if (quipu_groups(v->edition->nomen, &groups, &n, &err) != QUIPU_OK) {
        qi_answer_error(v->answer, &err);
        return;
    }
    qi_json_open(&j, '[');
    for (size_t i = 0; i < n; i++) {
        qi_json_line(&j);
        qi_json_open(&j, '{');
        qi_json_pair(&j, "name", groups[i].name);
        qi_json_pair(&j, "label", groups[i].label);
        qi_json_pair(&j, "label_es", groups[i].label_es);
        qi_json_pair(&j, "note", groups[i].note);
        qi_json_pair_bool(&j, "dated", groups[i].dated);
        qi_json_close(&j, '}');
    }
    qi_json_close(&j, ']');
    finish(v, &j);
}

/* ---- products ---- */

static void put_product(qi_json *j, const qi_product_row *row) {
    qi_json_line(j);
    qi_json_open(j, '{');
    qi_json_pair(j, "code", row->code);
    qi_json_pair(j, "name", row->name);
    qi_json_pair(j, "parent", row->parent);
    qi_json_pair_bool(j, "leaf", row->leaf);
    qi_json_key(j, "value");
    qi_json_money(j, row->value);
    qi_json_close(j, '}');
}

void qi_route_products(qi_visit *v) {
    qi_json j = {.out = &v->answer->bytes};
    quipu_error err = {0};
    qi_product_row *rows;
    size_t n;
    if (qi_product_rows(v->edition, v->arena, &rows, &n, &err) != QUIPU_OK) {
        qi_answer_error(v->answer, &err);
        return;
    }
    qi_json_open(&j, '[');
    for (size_t i = 0; i < n; i++)
        put_product(&j, &rows[i]);
    qi_json_close(&j, ']');
    finish(v, &j);
}

/* ---- schemes ---- */

static void put_classes(qi_json *j, const qi_edition *e, const char *scheme) {
    quipu_mapping mapping = {0};
    const char *from = quipu_cube_meta(e->cube, "nomenclature");
    qi_json_key(j, "classes");
    qi_json_open(j, '[');
    /* A scheme the cube's nomenclature cannot be put into has no classes here. */
    if (quipu_classify(e->nomen, scheme, from != NULL ? from : "",
                       quipu_cube_product_codes(e->cube), quipu_cube_n_products(e->cube), NULL,
                       &mapping, NULL) == QUIPU_OK)
        for (size_t i = 0; i < mapping.n_targets; i++) {
            qi_json_open(j, '{');
            qi_json_pair(j, "code", mapping.targets[i].code);
            qi_json_pair(j, "label", mapping.targets[i].label);
            qi_json_close(j, '}');
        }
    qi_json_close(j, ']');
    quipu_mapping_free(&mapping);
}

void qi_route_schemes(qi_visit *v) {
    qi_json j = {.out = &v->answer->bytes};
    const quipu_scheme *schemes;
    quipu_error err = {0};
    size_t n;
    if (quipu_schemes(v->edition->nomen, &schemes, &n, &err) != QUIPU_OK) {
        qi_answer_error(v->answer, &err);
        return;
    }
    qi_json_open(&j, '[');
    for (size_t i = 0; i < n; i++) {
        qi_json_line(&j);
        qi_json_open(&j, '{');
        qi_json_pair(&j, "name", schemes[i].name);
        qi_json_pair(&j, "label", schemes[i].label);
        qi_json_pair(&j, "note", schemes[i].note);
        put_classes(&j, v->edition, schemes[i].name);
        qi_json_close(&j, '}');
    }
    qi_json_close(&j, ']');
    finish(v, &j);
}

/* ---- measures ---- */

static void put_param(qi_json *j, const quipu_param *p) {
    static const char *const types[] = {"text", "choice", "integer", "real", "switch", "file"};
    qi_json_open(j, '{');
    qi_json_pair(j, "name", p->name);
    qi_json_pair(j, "type", types[p->type]);
    qi_json_pair_words(j, "choices", p->choices);
    qi_json_pair(j, "default", p->fallback);
    qi_json_pair(j, "help", p->help);
    qi_json_close(j, '}');
}

static void put_columns(qi_json *j, const quipu_measure *m) {
    static const char *const types[] = {"text", "integer", "money", "amount", "real", "share"};
    qi_json_key(j, "columns");
    qi_json_open(j, '[');
    for (size_t i = 0; i < m->n_columns; i++) {
        const quipu_column_spec *c = &m->columns[i];
        qi_json_open(j, '{');
        qi_json_pair(j, "name", c->name);
        qi_json_pair(j, "label", c->label != NULL ? c->label : c->name);
        qi_json_pair(j, "type", types[c->type]);
        qi_json_pair(j, "unit", c->unit);
        qi_json_pair(j, "role", c->role == QUIPU_DIMENSION ? "dimension" : "figure");
        qi_json_pair_integer(j, "decimals", c->decimals);
        qi_json_close(j, '}');
    }
    qi_json_close(j, ']');
}

static void put_short(qi_json *j, const quipu_measure *m) {
    qi_json_pair(j, "name", m->name);
    qi_json_pair_words(j, "aliases", m->aliases);
    qi_json_pair(j, "summary", m->summary);
    qi_json_pair(j, "figure", m->figure);
    qi_json_pair(j, "needs",
                 m->needs == QUIPU_NEEDS_CUBE       ? "cube"
                 : m->needs == QUIPU_NEEDS_REGISTER ? "register"
                                                    : "panel");
}

static void put_measure(qi_json *j, const quipu_measure *m, qi_arena *arena) {
    const quipu_param *params[QUIPU_MOST_PARAMS];
    size_t n = quipu_measure_params(m, params);
    qi_json_open(j, '{');
    put_short(j, m);
    qi_json_pair(j, "detail", m->detail);
    qi_json_pair(j, "formula", m->formula);
    qi_json_pair(j, "reference", m->reference);
    qi_json_key(j, "params");
    qi_json_open(j, '[');
    for (size_t i = 0; i < n; i++)
        put_param(j, params[i]);
    qi_json_close(j, ']');
    put_columns(j, m);
    qi_json_pair(j, "example", m->example);
    qi_json_pair(j, "url", qi_example_url(m, arena));
    qi_json_close(j, '}');
}

void qi_route_measures(qi_visit *v) {
    qi_json j = {.out = &v->answer->bytes};
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    qi_json_open(&j, '[');
    const char *brief = qi_target_get(v->target, "brief");
    for (size_t i = 0; i < n; i++) {
        qi_json_line(&j);
        if (brief == NULL || strcmp(brief, "true") != 0) {
            put_measure(&j, measures[i], v->arena);
        } else {
            qi_json_open(&j, '{');
            put_short(&j, measures[i]);
            qi_json_close(&j, '}');
        }
    }
    qi_json_close(&j, ']');
    finish(v, &j);
}

void qi_route_explain(qi_visit *v) {
    qi_json j = {.out = &v->answer->bytes};
    const quipu_measure *m = qi_measure_of(v);
    quipu_error err = {0};
    char *page;
    if (m == NULL)
        return;
    if (quipu_measure_page(m, &page, &err) != QUIPU_OK) {
        qi_answer_error(v->answer, &err);
        return;
    }
    qi_json_open(&j, '{');
    qi_json_pair(&j, "markdown", page);
    qi_json_key(&j, "measure");
    put_measure(&j, m, v->arena);
    qi_json_close(&j, '}');
    free(page);
    finish(v, &j);
}
