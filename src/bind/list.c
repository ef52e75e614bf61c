/* SPDX-License-Identifier: Apache-2.0 */
/* list.c - the catalogue as tables, from which bindings make their functions and help. */
#include "bind/bind.h"

#include "quipu/import.h"

#define KEY(name, label)                                                                       \
    { name, label, QUIPU_TEXT, QUIPU_DIMENSION, "", 0 }
#define TEXT(name, label)                                                                      \
    { name, label, QUIPU_TEXT, QUIPU_FIGURE, "", 0 }
#define NUMBER(name, label)                                                                    \
    { name, label, QUIPU_INTEGER, QUIPU_FIGURE, "", 0 }

/* ---- measures ---- */

static const char *needs_word(quipu_needs needs) {
    switch (needs) {
    case QUIPU_NEEDS_CUBE: return "cube";
    case QUIPU_NEEDS_REGISTER: return "register";
    case QUIPU_NEEDS_PANEL: return "panel";
    }
    return NULL;
}

static quipu_status list_measures(quipu_table *out, quipu_error *err) {
    static const quipu_column_spec columns[] = {
        KEY("measure", "Measure"),        TEXT("needs", "Is asked of"),
        TEXT("aliases", "Also found as"), TEXT("summary", "The question it answers"),
        TEXT("detail", "What it means"),  TEXT("formula", "Formula"),
        TEXT("reference", "Reference"),   TEXT("worked", "Worked example"),
        TEXT("figure", "Main column"),    TEXT("example", "Example of arguments"),
    };
    size_t n, row;
    const quipu_measure *const *measures = quipu_measures(&n);
    QI_TRY(quipu_table_init(out, "measures", columns, QI_COUNT(columns), err));
    for (size_t i = 0; i < n; i++) {
        const quipu_measure *m = measures[i];
        const char *texts[] = {
            m->name,    needs_word(m->needs), m->aliases, m->summary, m->detail,
            m->formula, m->reference,         m->worked,  m->figure,  m->example};
        QI_TRY(qi_put_texts(out, texts, QI_COUNT(texts), &row, err));
    }
    return QUIPU_OK;
}

/* ---- parameters: those of the measure, then the common ones it takes ---- */

/* May it be given several times?  Its help says so; else the last one counts. */
static bool again(const quipu_param *p) {
    return p->help != NULL && (strstr(p->help, "given several times") != NULL ||
                               strstr(p->help, "given again") != NULL);
}

static quipu_status put_parameter(const quipu_measure *m, const quipu_param *p, bool common,
                                  quipu_table *out, quipu_error *err) {
    static const char *const types[] = {"text", "choice", "integer", "real", "switch", "file"};
    const char *texts[] = {m->name, p->name, types[p->type], p->choices, p->fallback, p->help};
    size_t row;
    QI_TRY(qi_put_texts(out, texts, QI_COUNT(texts), &row, err));
    quipu_table_set_integer(out, QI_COUNT(texts), row, common);
    quipu_table_set_integer(out, QI_COUNT(texts) + 1, row, again(p));
    return QUIPU_OK;
}

static quipu_status list_parameters(quipu_table *out, quipu_error *err) {
    static const quipu_column_spec columns[] = {
        KEY("measure", "Measure"),
        KEY("parameter", "Parameter"),
        TEXT("type", "Type"),
        TEXT("choices", "Choices"),
        TEXT("default", "Default"),
        TEXT("help", "Help"),
        NUMBER("common", "Common to many"),
        NUMBER("again", "May be given several times"),
    };
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    QI_TRY(quipu_table_init(out, "parameters", columns, QI_COUNT(columns), err));
    for (size_t i = 0; i < n; i++) {
        const quipu_measure *m = measures[i];
        const quipu_param *params[QUIPU_MOST_PARAMS];
        size_t n_params = quipu_measure_params(m, params);
        for (size_t p = 0; p < n_params; p++)
            QI_TRY(put_parameter(m, params[p], p >= m->n_params, out, err));
    }
    return QUIPU_OK;
}

/* ---- columns ---- */

static quipu_status list_columns(quipu_table *out, quipu_error *err) {
    static const char *const types[] = {"text", "integer", "money", "amount", "real", "share"};
    static const quipu_column_spec columns[] = {
        KEY("measure", "Measure"), KEY("column", "Column"), TEXT("label", "Label"),
        TEXT("type", "Type"),      TEXT("role", "Role"),    TEXT("unit", "Unit"),
    };
    size_t n, row;
    const quipu_measure *const *measures = quipu_measures(&n);
    QI_TRY(quipu_table_init(out, "columns", columns, QI_COUNT(columns), err));
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < measures[i]->n_columns; c++) {
            const quipu_column_spec *s = &measures[i]->columns[c];
            const char *texts[] = {measures[i]->name,
                                   s->name,
                                   s->label != NULL ? s->label : s->name,
                                   types[s->type],
                                   s->role == QUIPU_DIMENSION ? "dimension" : "figure",
                                   s->unit};
            QI_TRY(qi_put_texts(out, texts, QI_COUNT(texts), &row, err));
        }
    return QUIPU_OK;
}

/* ---- statuses ---- */

static quipu_status list_statuses(quipu_table *out, quipu_error *err) {
    static const quipu_column_spec columns[] = {
        KEY("name", "Status"),
        TEXT("text", "Meaning"),
        NUMBER("number", "Number"),
    };
    static const struct {
        const char *name, *text;
        int number;
    } all[] = {
#define X(name, number, text) {#name, text, number},
        QUIPU_STATUS_LIST(X)
#undef X
    };
    size_t row;
    QI_TRY(quipu_table_init(out, "statuses", columns, QI_COUNT(columns), err));
    for (size_t i = 0; i < QI_COUNT(all); i++) {
        const char *texts[] = {all[i].name, all[i].text};
        QI_TRY(qi_put_texts(out, texts, QI_COUNT(texts), &row, err));
        quipu_table_set_integer(out, 2, row, all[i].number);
    }
    return QUIPU_OK;
}

quipu_status qi_verb_list(quipu_task *task, quipu_table *out, quipu_error *err) {
    static const struct {
        const char *what;
        quipu_status (*list)(quipu_table *out, quipu_error *err);
    } ours[] = {{"measures", list_measures},
                {"parameters", list_parameters},
                {"columns", list_columns},
                {"statuses", list_statuses},
                {"profiles", quipu_import_profiles}};
    const char *what, *filter = qi_verb_word(task, "filter");
    QI_TRY(qi_verb_need(task, "what", &what, err));
    for (size_t i = 0; i < QI_COUNT(ours); i++)
        if (strcmp(ours[i].what, what) == 0)
            return ours[i].list(out, err);
    return quipu_nomen_list(task->request.nomen, what, filter, out, err);
}
