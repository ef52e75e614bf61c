/* SPDX-License-Identifier: Apache-2.0 */
/* import.c - the whole of an import: read, cut, hand out, merge, describe, commit.
 *
 * The calling thread reads (and hashes, and unpacks) the inputs and cuts them into blocks of
 * whole lines; workers turn blocks into runs.  A few chunks are reused throughout, so memory
 * does not grow with the input; only the packed runs do, and those spill to disk beyond the
 * limit the caller gave.
 */
#define _GNU_SOURCE
#include "pipeline.h"

#include <sys/stat.h>

/* ---- numbers of countries ---- */

static quipu_status learn_countries(qi_import *import, quipu_error *err) {
    for (unsigned number = 0; number < QI_COUNT(import->number); number++) {
        const quipu_country *country = quipu_country_by_number(import->nomen, number);
        import->number[number] = country != NULL ? country->number : QI_UNKNOWN_NUMBER;
        import->kind[number] = QUIPU_COUNTRY;
    }
    const quipu_country *first;
    size_t n;
    QI_TRY(quipu_countries(import->nomen, &first, &n, err));
    for (size_t i = 0; i < n; i++)
        if (first[i].number < QI_COUNT(import->kind))
            import->kind[first[i].number] = (uint8_t)first[i].kind;
    return QUIPU_OK;
}

/* ---- what the files say together ---- */

/* Is `text` one of the texts joined by "; " in `list`? */
static bool holds_text(const char *list, const char *text) {
    size_t length = strlen(text);
    for (const char *at = list; at != NULL; at = strstr(at, "; ")) {
        at += at == list ? 0 : 2;
        if (strncmp(at, text, length) == 0 &&
            (at[length] == 0 || strncmp(at + length, "; ", 2) == 0))
            return true;
    }
    return false;
}

static bool add_text(qi_arena *arena, const char **into, const char *text) {
    if (text[0] == 0 || (*into != NULL && holds_text(*into, text)))
        return true;
    *into = *into == NULL ? qi_arena_dup(arena, text)
                          : qi_arena_printf(arena, "%s; %s", *into, text);
    return *into != NULL;
}

/* The one nomenclature of all inputs. */
static quipu_status agree_nomenclature(qi_pipeline *p, char out[8], quipu_error *err) {
    const char *wanted = p->import.options.nomenclature, *found = wanted;
    out[0] = 0;
    for (size_t i = 0; i < p->nomenclatures.n && wanted == NULL;
         i++) { /* else filtered by row */
        const qi_nomenclature_seen *seen = &p->nomenclatures.items[i];
        if (found != NULL && strcmp(found, seen->name) != 0)
            return qi_fail_at(
                err, QUIPU_E_DATA, p->members.items[seen->member].name, seen->line, 0,
                "nomenclature %s here, %s before: one cube holds one nomenclature. "
                "Import them to cubes of their own, or keep one with --nomenclature "
                "%s",
                seen->name, found, found);
        found = seen->name;
    }
    for (size_t i = 0; i < p->members.n; i++) {
        const qi_schema *schema = p->members.items[i].schema;
        if (schema == NULL || schema->nomenclature[0] == 0 || schema->profile->whole ||
            schema->column[QI_NOMENCLATURE] >= 0)
            continue;
        if (found != NULL && strcmp(found, schema->nomenclature) != 0)
            return qi_fail_at(
                err, QUIPU_E_DATA, p->members.items[i].name, 0, 0,
                wanted != NULL
                    ? "this file is in %s, not in %s as asked: import it as it is and "
                      "convert the cube (quipu convert)"
                    : "this file is in %s, others in %s: one cube holds one "
                      "nomenclature",
                schema->nomenclature, found);
        found = schema->nomenclature;
    }
    for (size_t i = 0; i < p->members.n && found == NULL; i++)
        if (p->members.items[i].schema != NULL && p->members.items[i].schema->profile->whole)
            found = "TOTAL";
    if (p->old != NULL && quipu_cube_meta(p->old, "nomenclature") != NULL) {
        const char *old = quipu_cube_meta(p->old, "nomenclature");
        if (found != NULL && strcmp(found, old) != 0)
            return qi_fail(err, QUIPU_E_DATA,
                           "the cube is in %s, the new data in %s: convert one of them first "
                           "(quipu convert)",
                           old, found);
        found = old;
    }
    if (found != NULL)
        snprintf(out, 8, "%s", found);
    return QUIPU_OK;
}

/* Nobody said: the HS revision that knows most of the codes; the oldest of equals. */
static quipu_status guess_nomenclature(qi_pipeline *p, const qi_merge *m, char out[8],
                                       quipu_error *err) {
    const quipu_nomenclature *first;
    size_t n, best = 0;
    char code[16];
    QI_TRY(quipu_nomenclatures(p->import.nomen, &first, &n, err));
    for (size_t i = 0; i < n; i++) {
        size_t known = 0;
        for (size_t k = 0; k < m->n_kept; k++) {
            qi_code_unpack(m->kept[k], code);
            known += quipu_product_find(p->import.nomen, &first[i], code, strlen(code)) != NULL;
        }
        if (known > best) {
            best = known;
            snprintf(out, 8, "%s", first[i].name);
        }
    }
    if (best == 0)
        snprintf(out, 8, "%s", m->n_kept == 1 && m->total != UINT32_MAX ? "TOTAL" : "unknown");
    p->guessed = best > 0;
    return QUIPU_OK;
}

static quipu_status note_unknown_products(qi_pipeline *p, const qi_merge *m,
                                          const char *nomenclature) {
    const quipu_nomenclature *known;
    char code[16];
    if (quipu_nomenclature_find(p->import.nomen, nomenclature, &known, NULL) != QUIPU_OK)
        return QUIPU_OK;
    for (size_t k = 0; k < m->n_kept; k++) {
        qi_code_unpack(m->kept[k], code);
        if (strcmp(code, "TOTAL") != 0 &&
            quipu_product_find(p->import.nomen, known, code, strlen(code)) == NULL)
            qi_ledger_note(&p->ledger, QI_R_UNKNOWN_PRODUCT, 1, m->product_value[k], "%s in %s",
                           code, nomenclature);
    }
    return QUIPU_OK;
}

/* Where the first year and the first month among the rows stand. */
typedef struct frequency_place {
    const char *file; /* NULL: there is none */
    uint64_t line;
} frequency_place;

static void find_frequencies(const qi_merge *m, frequency_place place[2]) {
    for (size_t r = 0; r < m->n_runs; r++)
        for (int i = 0; i < 2; i++) {
            const qi_run *run = &m->runs[r];
            const char *file = m->member_names[run->member];
            uint64_t line = run->first_line + run->line_of[i];
            if (run->line_of[i] != QI_NO_LINE && place[i].file == NULL)
                place[i] = (frequency_place){file, line};
        }
}

static quipu_status check_frequency(const qi_merge *m, const char **out, quipu_error *err) {
    size_t months = 0;
    for (size_t s = 0; s < m->n_slabs; s++)
        months += m->periods[s] > 9999;
    *out = months != 0 ? "M" : "A";
    if (months == 0 || months == m->n_slabs)
        return QUIPU_OK;
    frequency_place place[2] = {{NULL, 0}, {NULL, 0}}, at;
    find_frequencies(m, place);
    if (place[0].file == NULL || place[1].file == NULL)
        at = place[place[0].file == NULL]; /* the other kind is in the old cube */
    else if (place[0].file == place[1].file)
        at = place[place[1].line > place[0].line];
    else
        at = place[1];
    return qi_fail_at(err, QUIPU_E_DATA, at.file, at.line, 1,
                      "years and months in one cube would count trade twice: import the annual "
                      "and the monthly rows to cubes of their own");
}

/* Append: what the old cube said of a reporter in a slab, and the new files say anew. */
static quipu_status note_replaced(qi_pipeline *p, const qi_merge *m, quipu_error *err) {
    size_t n_slabs = 0, n_countries = 0;
    const quipu_slab *slabs = p->old != NULL ? quipu_cube_slabs(p->old, &n_slabs) : NULL;
    const quipu_cube_country *countries =
        p->old != NULL ? quipu_cube_countries(p->old, &n_countries) : NULL;
    for (size_t s = 0; s < n_slabs; s++) {
        quipu_pairs pairs;
        uint64_t slab = QI_KEY_SLAB(qi_cell_key(slabs[s].period, slabs[s].flow, 0, 0));
        uint8_t *anew = calloc(65536, 1);
        if (anew == NULL)
            return qi_fail_memory(err, 65536);
        for (size_t r = 0; r < m->n_runs; r++)
            for (size_t h = 0; h < m->runs[r].n_heads; h++)
                if (QI_KEY_SLAB(m->runs[r].heads[h].key) == slab)
                    anew[QI_KEY_REPORTER(m->runs[r].heads[h].key)] = 1;
        for (size_t i = 0; i < m->n_segments; i++)
            for (size_t k = 0; k < m->segments[i].n; k++)
                if (m->segments[i].items[k].place >> 16 == slab)
                    anew[m->segments[i].items[k].place & 0xFFFF] = 1;
        quipu_status status = quipu_cube_pairs(p->old, s, &pairs, err);
        for (size_t i = 0; i < pairs.n_pairs && status == QUIPU_OK; i++)
            if (anew[countries[pairs.reporter[i]].number])
                qi_ledger_note(&p->ledger, QI_R_REPLACED, pairs.rows[i], pairs.total[i],
                               "%d %s %03u", slabs[s].period, quipu_flow_name(slabs[s].flow),
                               countries[pairs.reporter[i]].number);
        free(anew);
        QI_TRY(status);
    }
    return QUIPU_OK;
}

/* ---- metadata ---- */

static quipu_status put_meta(qi_pipeline *p, const char *key, const char *text,
                             quipu_error *err) {
    quipu_pair_text pair = {qi_arena_dup(&p->arena, key), qi_arena_dup(&p->arena, text)};
    if (pair.key == NULL || pair.text == NULL || !QI_PUSH(&p->meta, pair))
        return qi_fail_memory(err, strlen(text));
    return QUIPU_OK;
}

static quipu_status put_number(qi_pipeline *p, const char *key, uint64_t number,
                               quipu_error *err) {
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    return put_meta(p, key, text, err);
}

/* A cube made of nothing but its own dump is the same cube: all is taken over as it was. */
static const qi_schema *only_dump(const qi_pipeline *p) {
    const qi_schema *dump = NULL;
    for (size_t i = 0; i < p->members.n; i++) {
        const qi_schema *schema = p->members.items[i].schema;
        if (schema == NULL || p->old != NULL)
            return NULL;
        if (strcmp(schema->profile->name, "quipu") == 0 && dump == NULL)
            dump = schema;
        else if (strcmp(schema->profile->name, "tariffs") != 0 || dump == NULL)
            return NULL;
    }
    return dump;
}

static quipu_status describe(qi_pipeline *p, const char *nomenclature, const char *frequency,
                             quipu_error *err) {
    const quipu_import_options *o = &p->import.options;
    const qi_schema *dump = only_dump(p);
    if (dump != NULL) {
        for (size_t i = 0; i < dump->restored.n; i++)
            QI_TRY(put_meta(p, dump->restored.items[i].key, dump->restored.items[i].text, err));
        return QUIPU_OK;
    }
    const char *source = o->source, *release = o->release, *valuation = o->valuation;
    const char *profiles = NULL;
    static const char *const OWN[] = {"source", "release", "valuation"};
    /* What is said here of the cube as a whole, whatever a file says of itself. */
    static const char *const MADE[] = {"source",       "release", "valuation",
                                       "nomenclature", "profile", "frequency",
                                       "engine",       "input",   "nomenclature-told-by"};
    const char **join[] = {o->source ? NULL : &source, o->release ? NULL : &release,
                           o->valuation ? NULL : &valuation};
    bool ok = true;
    for (int j = 0; j < 3 && p->old != NULL; j++) {
        const char *old = quipu_cube_meta(p->old, OWN[j]);
        if (join[j] != NULL && old != NULL)
            ok = ok && add_text(&p->arena, join[j], old);
    }
    for (size_t i = 0; i < p->members.n; i++) {
        const qi_schema *s = p->members.items[i].schema;
        if (s == NULL || strcmp(s->profile->name, "codes") == 0)
            continue;
        /* Read by a map, from a file or from an engine: the same cube. */
        bool engine = strcmp(s->profile->name, "engine") == 0;
        ok = ok && add_text(&p->arena, &profiles, engine ? "map" : s->profile->name);
        const char *said[] = {s->source, s->release, s->valuation};
        for (int j = 0; j < 3; j++) {
            const char *text = said[j];
            for (size_t k = 0; k < s->restored.n; k++)
                if (strcmp(s->restored.items[k].key, OWN[j]) == 0)
                    text = s->restored.items[k].text;
            if (join[j] != NULL)
                ok = ok && add_text(&p->arena, join[j], text);
        }
    }
    if (!ok)
        return qi_fail_memory(err, 256);
    if (source != NULL)
        QI_TRY(put_meta(p, "source", source, err));
    if (release != NULL)
        QI_TRY(put_meta(p, "release", release, err));
    QI_TRY(put_meta(p, "nomenclature", nomenclature, err));
    if (p->guessed)
        QI_TRY(put_meta(p, "nomenclature-told-by", "the codes; the files do not say", err));
    if (valuation != NULL)
        QI_TRY(put_meta(p, "valuation", valuation, err));
    QI_TRY(put_meta(p, "frequency", frequency, err));
    if (profiles != NULL)
        QI_TRY(put_meta(p, "profile", profiles, err));
    for (size_t i = 0; i < p->members.n; i++) {
        const qi_schema *s = p->members.items[i].schema;
        for (size_t k = 0; s != NULL && k < s->restored.n; k++) {
            bool own = false;
            for (size_t j = 0; j < QI_COUNT(MADE); j++)
                own |= strcmp(s->restored.items[k].key, MADE[j]) == 0;
            if (!own)
                QI_TRY(put_meta(p, s->restored.items[k].key, s->restored.items[k].text, err));
        }
    }
    if (o->keep_firms) {
        QI_TRY(put_number(p, "firms", p->firms.n_firms, err));
        QI_TRY(
            put_number(p, "min-firms", o->min_firms > 0 ? o->min_firms : QUIPU_MIN_FIRMS, err));
    }
    size_t n = 0;
    const quipu_pair_text *old = p->old != NULL ? quipu_cube_meta_all(p->old, &n) : NULL;
    for (size_t i = 0; i < n; i++)
        if (strcmp(old[i].key, "input") == 0)
            QI_TRY(put_meta(p, "input", old[i].text, err));
    for (size_t i = 0; i < p->inputs.n && o->input_name == NULL; i++)
        QI_TRY(put_meta(p, "input", p->inputs.items[i], err));
    if (o->input_name != NULL)
        QI_TRY(put_meta(p, "input", o->input_name, err));
    return put_meta(p, "engine", "quipu " QUIPU_VERSION, err);
}

static quipu_status make_report(qi_pipeline *p, qi_buffer *out, quipu_error *err) {
    const qi_schema *dump = only_dump(p);
    bool ok;
    if (dump != NULL)
        ok = qi_buffer_add(out, dump->restored_report.bytes, dump->restored_report.length);
    else
        ok = (p->old == NULL || qi_buffer_text(out, quipu_cube_import_report(p->old))) &&
             qi_buffer_printf(out, "read\t\t%llu\t\t\n", (unsigned long long)p->ledger.read) &&
             qi_ledger_text(&p->ledger, out);
    ok = ok && qi_buffer_add(out, "", 1); /* a string */
    return ok ? QUIPU_OK : qi_fail_memory(err, out->length);
}

/* ---- the end ---- */

/* Runs know their place in their file once all lines are counted. */
static quipu_status make_merge(qi_pipeline *p, qi_merge *m, const char ***names,
                               quipu_error *err) {
    *names = malloc((p->members.n + 1) * sizeof **names);
    if (*names == NULL)
        return qi_fail_memory(err, p->members.n * sizeof **names);
    for (size_t i = 0; i < p->members.n; i++)
        (*names)[i] = p->members.items[i].name;
    *m = (qi_merge){.import = &p->import,
                    .runs = p->runs.items,
                    .n_runs = p->runs.n,
                    .lists = p->lists,
                    .n_lists = p->threads,
                    .member_names = *names,
                    .segments = p->segments.items,
                    .n_segments = p->segments.n,
                    .country = p->country,
                    .pipeline = p,
                    .threads = p->threads,
                    .old = p->old,
                    .tariffs = p->tariffs.items,
                    .n_tariffs = p->tariffs.n,
                    .ledger = &p->ledger};
    return QUIPU_OK;
}

static quipu_status nothing_to_import(const qi_pipeline *p, quipu_error *err) {
    char file[256] = "";
    if (p->members.n > 0)
        snprintf(file, sizeof file, "%s", p->members.items[0].name);
    else if (p->inputs.n > 0) /* "name xxh128:..." */
        snprintf(file, sizeof file, "%.*s", (int)strcspn(p->inputs.items[0], " "),
                 p->inputs.items[0]);
    return qi_fail_at(err, QUIPU_E_DATA, file, 0, 0,
                      "nothing to import: of %llu rows none is trade (%llu set aside, %llu "
                      "rejected)",
                      (unsigned long long)p->ledger.read,
                      (unsigned long long)qi_ledger_sum(&p->ledger, QI_SET_ASIDE),
                      (unsigned long long)qi_ledger_sum(&p->ledger, QI_REJECTED));
}

static quipu_status finish(qi_pipeline *p, const char *cube_path, quipu_import_result *result,
                           quipu_error *err) {
    qi_merge m = {0};
    qi_cube_writer *writer = NULL;
    qi_buffer report = {0};
    const char **names = NULL, *frequency = "A";
    char nomenclature[8];
    quipu_status status;
    QI_GO(agree_nomenclature(p, nomenclature, err));
    QI_GO(make_merge(p, &m, &names, err));
    QI_GO(qi_merge_runs(&m, cube_path, &writer, err));
    if (m.n_slabs == 0 && p->tariffs.n == 0) {
        status = nothing_to_import(p, err);
        goto done;
    }
    QI_GO(check_frequency(&m, &frequency, err));
    if (nomenclature[0] == 0)
        QI_GO(guess_nomenclature(p, &m, nomenclature, err));
    QI_GO(note_unknown_products(p, &m, nomenclature));
    QI_GO(note_replaced(p, &m, err));
    QI_GO(qi_firms_write(p, &m, writer, err));
    QI_GO(describe(p, nomenclature, frequency, err));
    QI_GO(make_report(p, &report, err));
    QI_GO(qi_pipeline_write_rejects(p, err));
    status = qi_writer_commit(writer, p->meta.items, p->meta.n, report.bytes,
                              &result->bytes_out, err);
    writer = NULL;
    if (status == QUIPU_OK)
        status = qi_engine_rows_commit(p->engine, err);
done:
    qi_writer_abandon(writer);
    qi_merge_free(&m);
    qi_buffer_free(&report);
    free(names);
    return status;
}

static quipu_status fill_result(const qi_pipeline *p, quipu_import_result *result,
                                quipu_error *err) {
    result->read = p->ledger.read;
    result->accepted = p->ledger.accepted + p->ledger.tariffs;
    result->set_aside = qi_ledger_sum(&p->ledger, QI_SET_ASIDE);
    result->rejected = qi_ledger_sum(&p->ledger, QI_REJECTED);
    result->value_accepted = p->ledger.value_accepted;
    result->bytes_in = p->bytes_in;
    result->firms = p->firms.n_firms;
    result->firm_rows = p->firms.n_rows;
    qi_engine_rows_account(p->engine, result);
    for (size_t i = 0; i < p->members.n && result->profile[0] == 0; i++)
        if (p->members.items[i].schema != NULL)
            snprintf(result->profile, sizeof result->profile, "%s",
                     p->members.items[i].schema->profile->name);
    return qi_ledger_table(&p->ledger, &result->ledger, err);
}

/* What an engine takes, and what only an engine takes. */
static quipu_status check_engine(const char *const *inputs, size_t n_inputs,
                                 quipu_import_options *o, quipu_error *err) {
    bool engine = false;
    for (size_t i = 0; i < n_inputs; i++)
        engine |= qi_is_engine(inputs[i]);
    if (!engine &&
        (o->table != NULL || o->where != NULL || o->dialect != NULL || o->firms_path != NULL))
        return qi_fail(err, QUIPU_E_ARG,
                       "table, where, dialect and firms are for an input \"odbc:CONNECTION\"");
    if (!engine)
        return QUIPU_OK;
    if (n_inputs > 1)
        return qi_fail(err, QUIPU_E_ARG,
                       "a table of a database makes a cube by itself: one input, then quipu "
                       "append");
    if (o->table == NULL)
        return qi_fail(err, QUIPU_E_ARG, "which table of the database? add --table NAME");
    if (o->duplicates != QUIPU_DUPLICATES_ERROR &&
        o->duplicates != QUIPU_DUPLICATES_DECLARATIONS)
        return qi_fail(err, QUIPU_E_ARG,
                       "rows of a database have no order: they are added up, there is no first "
                       "or last");
    o->duplicates = QUIPU_DUPLICATES_DECLARATIONS;
    if (o->memory == 0) /* a quarter of what files get: engines stand for very large tables */
        o->memory = UINT64_C(256) << 20;
    return QUIPU_OK;
}

/* Writing over what is being read would end with neither. */
static quipu_status check_paths(const char *const *inputs, size_t n_inputs,
                                const char *cube_path, const quipu_import_options *o,
                                quipu_error *err) {
    const char *out[] = {cube_path, o->rejects_path};
    struct stat written[2], read;
    bool there[2];
    for (int i = 0; i < 2; i++)
        there[i] = out[i] != NULL && stat(out[i], &written[i]) == 0;
    bool same = o->rejects_path != NULL && strcmp(o->rejects_path, cube_path) == 0;
    if (there[0] && there[1])
        same |=
            written[0].st_dev == written[1].st_dev && written[0].st_ino == written[1].st_ino;
    if (same)
        return qi_fail(err, QUIPU_E_ARG, "%s cannot be both the cube and the file of rejects",
                       cube_path);
    for (size_t i = 0; i < n_inputs; i++) {
        char *path;
        QI_TRY(qi_source_path(inputs[i], &path, err));
        bool is_there = stat(path, &read) == 0;
        free(path);
        for (int j = 0; j < 2; j++)
            if (there[j] && is_there && read.st_dev == written[j].st_dev &&
                read.st_ino == written[j].st_ino)
                return qi_fail(err, QUIPU_E_ARG,
                               "%s is to be read and to be written: give the %s "
                               "another name",
                               inputs[i], j == 0 ? "cube" : "file of rejects");
    }
    return QUIPU_OK;
}

quipu_status quipu_import(const quipu_nomen *nomen, const char *const *inputs, size_t n_inputs,
                          const char *cube_path, const quipu_import_options *options,
                          quipu_import_result *result, quipu_error *err) {
    qi_error_clear(err);
    memset(result, 0, sizeof *result);
    if (n_inputs == 0)
        return qi_fail(err, QUIPU_E_ARG, "no file to import");
    qi_pipeline *p = calloc(1, sizeof *p);
    quipu_cube *old = NULL;
    quipu_status status;
    char wanted[8] = "";
    if (p == NULL)
        return qi_fail_memory(err, sizeof *p);
    p->spill = -1;
    p->import.nomen = nomen;
    if (options != NULL)
        p->import.options = *options;
    QI_GO(check_engine(inputs, n_inputs, &p->import.options, err));
    p->ledger.least = qi_of_declarations(&p->import);
    QI_GO(check_paths(inputs, n_inputs, cube_path, &p->import.options, err));
    if (p->import.options.nomenclature != NULL) { /* as people write it -> our name */
        const quipu_nomenclature *known;
        QI_GO(quipu_nomenclature_find(nomen, p->import.options.nomenclature, &known, err));
        snprintf(wanted, sizeof wanted, "%s", known->name);
        p->import.options.nomenclature = wanted;
    }
    p->threads = p->import.options.threads != 0 ? p->import.options.threads : qi_cpu_count();
    if (p->import.options.append) {
        QI_GO(quipu_cube_open(cube_path, &old, err));
        p->old = old;
    }
    QI_GO(qi_firms_check_options(&p->import.options, old, err));
    QI_GO(learn_countries(&p->import, err));
    status = qi_pipeline_run(p, inputs, n_inputs, cube_path, err);
    if (status == QUIPU_OK)
        status = finish(p, cube_path, result, err);
    quipu_status filled = fill_result(p, result, status == QUIPU_OK ? err : NULL);
    if (status == QUIPU_OK)
        status = filled;
done:
    qi_pipeline_free(p);
    quipu_cube_close(old);
    return status;
}

void quipu_import_result_free(quipu_import_result *result) {
    quipu_table_free(&result->ledger);
}
