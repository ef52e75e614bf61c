/* SPDX-License-Identifier: Apache-2.0 */
/* bods_read.c - statements of the Beneficial Ownership Data Standard 0.4 as a register.
 *
 * Of each record the last statement counts.  Shares and votes held directly become stakes.  An
 * indirect interest is the sum of a chain: where the chain is given as components it would count
 * twice, so it is left out; where it is not, it is kept as a stake, with a warning.  Roles that
 * are no ownership (board members, trustees, nominees) are left out with a warning.
 */
#include "invest/csv.h"

#include <errno.h>
#include <jansson.h>

#define LARGEST_FILE ((size_t)256 << 20)

typedef struct record {
    const char *id;    /* of the record */
    const char *name;  /* id in the register */
    json_t *statement; /* the last one */
    json_t *changed;   /* the one that changed the share, since which the last one holds */
    bool in_tables, project;
} record;

typedef struct import {
    qi_arena arena;
    const quipu_nomen *nomen;
    const char *file;
    qi_problems problems;
    QI_LIST(record) records;
    qi_index index, names, pairs;
    QI_LIST(const char *) taken, pair; /* ids given; owner and owned joined */
    qi_buffer tables[QI_N_TABLES];
    bool no_memory;
} import;

static const char *text_at(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static void warn(import *m, const char *id, const char *found, const char *expected) {
    char text[400];
    snprintf(text, sizeof text, "%s in the record %.200s", found, id);
    qi_problem_add(&m->problems, true, m->file, 0, 0, text, expected);
}

/* ---- records ---- */

static const char *record_name(const void *user, uint32_t position) {
    return ((const import *)user)->records.items[position].id;
}

static const char *taken_name(const void *user, uint32_t position) {
    return ((const import *)user)->taken.items[position];
}

static const char *pair_name(const void *user, uint32_t position) {
    return ((const import *)user)->pair.items[position];
}

static quipu_status bad_statement(const import *m, size_t i, const char *what,
                                  quipu_error *err) {
    return qi_fail_at(err, QUIPU_E_DATA, m->file, 0, 0, "statement %zu: %s", i + 1, what);
}

static const json_t *shareholding(const json_t *statement) {
    const json_t *list =
        json_object_get(json_object_get(statement, "recordDetails"), "interests");
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(text_at(json_array_get(list, i), "type"), "shareholding") == 0)
            return json_array_get(list, i);
    return NULL;
}

/* An update may give another share and leave the start date, which is then of the stake, not
 * of the share: the new share holds from the update on. */
static bool share_changed(const json_t *before, const json_t *after) {
    const json_t *a = shareholding(before), *b = shareholding(after);
    return a != NULL && b != NULL &&
           strcmp(text_at(a, "startDate"), text_at(b, "startDate")) == 0 &&
           !json_equal(json_object_get(a, "share"), json_object_get(b, "share"));
}

static quipu_status add_record(import *m, size_t i, json_t *statement, quipu_error *err) {
    const char *id = text_at(statement, "recordId");
    if (!json_is_object(statement))
        return bad_statement(m, i, "found no object; expected a statement in braces", err);
    if (json_object_get(statement, "statementType") != NULL)
        return bad_statement(
            m, i,
            "found the field statementType of BODS 0.3 or older; expected 0.4, "
            "with recordType",
            err);
    if (id[0] == '\0')
        return bad_statement(m, i, "found no recordId; expected a text", err);
    if (!json_is_object(json_object_get(statement, "recordDetails")))
        return bad_statement(m, i, "found no recordDetails; expected an object", err);
    uint32_t *slot = qi_index_slot(&m->index, id, record_name, m);
    if (*slot != 0) {
        record *r = &m->records.items[*slot - 1];
        if (share_changed(r->statement, statement))
            r->changed = statement;
        r->statement = statement;
        return QUIPU_OK;
    }
    record fresh = {.id = id, .statement = statement};
    if (!QI_PUSH(&m->records, fresh))
        return qi_fail_memory(err, sizeof fresh);
    *slot = (uint32_t)m->records.n;
    return QUIPU_OK;
}

/* ---- entities ---- */

/* An id for the register: what we gave once, else the record's. */
static const char *name_record(import *m, const record *r) {
    const json_t *details = json_object_get(r->statement, "recordDetails");
    const json_t *list = json_object_get(details, "identifiers");
    const char *wanted = r->id;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (strcmp(text_at(one, "schemeName"), "quipu register") == 0 &&
            text_at(one, "id")[0] != '\0')
            wanted = text_at(one, "id");
    }
    char *name = qi_arena_printf(&m->arena, "%.190s", wanted);
    for (unsigned n = 2; name != NULL; n++) {
        size_t length = strlen(name);
        while (length > 0 && !qi_utf8_valid(name, length)) /* cut within a character */
            name[--length] = '\0';
        qi_text_clean(name, length);
        for (char *c = name; *c != '\0'; c++)
            if (*c == ';' || *c == '\n' || *c == '\t')
                *c = '_';
        while (length > 0 && name[length - 1] == ' ')
            name[--length] = '\0';
        uint32_t *slot = qi_index_slot(&m->names, name, taken_name, m);
        if (*slot == 0 && length > 0 && QI_PUSH(&m->taken, name)) {
            *slot = (uint32_t)m->taken.n;
            return name;
        }
        if (*slot == 0 && length > 0)
            break;
        name = qi_arena_printf(&m->arena, "%.180s-%u", length > 0 ? name : "record", n);
    }
    m->no_memory = true;
    return "";
}

static const char *country_of(import *m, const record *r, const json_t *place) {
    const char *code = text_at(place, "code"), *name = text_at(place, "name");
    char two[3] = {0};
    const quipu_country *country;
    if (!json_is_object(place))
        return "";
    if (strlen(code) >= 2)
        memcpy(two, code, 2); /* a subdivision begins with its country */
    if (two[0] != '\0' && quipu_country_find(m->nomen, two, &country, NULL) == QUIPU_OK)
        return country->iso3;
    if (name[0] != '\0' && quipu_country_find(m->nomen, name, &country, NULL) == QUIPU_OK)
        return country->iso3;
    warn(m, r->id, "a jurisdiction that is no country", "an ISO code: the country is left out");
    return "";
}

/* "state_owned: yes" among the annotations. */
static const char *annotation(import *m, const record *r, const char *name) {
    const json_t *list = json_object_get(r->statement, "annotations");
    size_t length = strlen(name);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = text_at(json_array_get(list, i), "description");
        if (strncmp(text, name, length) == 0 && strncmp(text + length, ": ", 2) == 0) {
            char *copy = qi_arena_dup(&m->arena, text + length + 2);
            m->no_memory |= copy == NULL;
            return copy != NULL ? copy : "";
        }
    }
    return "";
}

static const char *full_name(const json_t *details, const char *otherwise) {
    const char *name = text_at(details, "name");
    if (name[0] == '\0')
        name = text_at(json_array_get(json_object_get(details, "names"), 0), "fullName");
    for (const char *c = name; *c != '\0'; c++)
        if (*c != ' ' && *c != '\n' && *c != '\r' && *c != '\t')
            return name;
    return otherwise;
}

static const char *known_word(const char *text) {
    return strcmp(text, "yes") == 0 || strcmp(text, "no") == 0 ? text : "";
}

static void put_row(import *m, qi_table_id table, const char *const *fields, size_t n) {
    for (size_t i = 0; i < n; i++) {
        char *copy = qi_arena_dup(&m->arena, fields[i]);
        if (copy == NULL) {
            m->no_memory = true;
            return;
        }
        qi_text_clean(copy, strlen(copy));
        m->no_memory |= !qi_csv_field(&m->tables[table], copy, i + 1 < n ? ',' : '\n');
    }
}

static void put_entity(import *m, record *r) {
    const json_t *details = json_object_get(r->statement, "recordDetails");
    const json_t *type = json_object_get(details, "entityType");
    const char *word = text_at(type, "type"), *words = text_at(type, "details");
    bool person = strcmp(text_at(r->statement, "recordType"), "person") == 0;
    const json_t *place = person ? json_array_get(json_object_get(details, "nationalities"), 0)
                                 : json_object_get(details, "jurisdiction");
    const char *name = full_name(details, person ? "Person not named" : "Entity not named");
    const char *country = country_of(m, r, place);
    r->in_tables = true;
    r->name = name_record(m, r);
    r->project = strcmp(word, "arrangement") == 0 && strcmp(words, "investment project") == 0;
    if (r->project) {
        const char *sector = annotation(m, r, "sector");
        const char *row[] = {r->name,
                             name,
                             sector[0] != '\0' ? sector : "not stated",
                             country,
                             annotation(m, r, "location"),
                             annotation(m, r, "tables")};
        put_row(m, QI_T_PROJECTS, row, QI_COUNT(row));
        return;
    }
    bool state = strcmp(word, "state") == 0;
    const char *owned =
        strcmp(word, "stateBody") == 0 ? "yes" : known_word(annotation(m, r, "state_owned"));
    const char *row[] = {r->name,
                         name,
                         person                             ? "person"
                         : state                            ? "state"
                         : strcmp(word, "arrangement") == 0 ? "consortium"
                                                            : "company",
                         country,
                         person || state ? "" : owned,
                         known_word(annotation(m, r, "conduit"))};
    put_row(m, QI_T_ENTITIES, row, QI_COUNT(row));
}

/* A party that is named and never described. */
static record *party(import *m, const char *id) {
    uint32_t *slot = qi_index_slot(&m->index, id, record_name, m);
    if (*slot != 0) {
        record *r = &m->records.items[*slot - 1];
        return r->in_tables ? r : NULL; /* a relationship is no party */
    }
    record fresh = {.id = id, .in_tables = true, .statement = NULL};
    warn(m, id, "no entity or person statement", "one: it is kept as a company without a name");
    fresh.name = name_record(m, &fresh);
    if (!QI_PUSH(&m->records, fresh)) {
        m->no_memory = true;
        return NULL;
    }
    *slot = (uint32_t)m->records.n;
    const char *row[] = {fresh.name, "Entity not described", "company", "", "", ""};
    put_row(m, QI_T_ENTITIES, row, QI_COUNT(row));
    return &m->records.items[m->records.n - 1];
}

/* ---- relationships ---- */

typedef enum interest_kind { NO_OWNERSHIP, SHARES, VOTES, LINK } interest_kind;

static interest_kind kind_of(const char *type) {
    static const char *const links[] = {
        "",
        "unknownInterest",
        "unpublishedInterest",
        "otherInfluenceOrControl",
        "controlByLegalFramework",
        "controlViaCompanyRulesOrArticles",
        "beneficiaryOfLegalArrangement",
        "rightsToSurplusAssetsOnDissolution",
        "rightsToProfitOrIncome",
        "settlor",
    };
    if (strcmp(type, "shareholding") == 0)
        return SHARES;
    if (strcmp(type, "votingRights") == 0)
        return VOTES;
    for (size_t i = 0; i < QI_COUNT(links); i++)
        if (strcmp(type, links[i]) == 0)
            return LINK;
    return NO_OWNERSHIP;
}

typedef struct stake_words {
    char share[QI_NUMBER_TEXT], low[QI_NUMBER_TEXT], high[QI_NUMBER_TEXT];
    char votes[QI_NUMBER_TEXT];
    const char *from, *to, *consortium;
    bool any, has_share;
} stake_words;

static bool percent_text(const json_t *share, const char *key, const char *other,
                         char out[QI_NUMBER_TEXT]) {
    const json_t *number = json_object_get(share, key);
    if (number == NULL && other != NULL)
        number = json_object_get(share, other);
    double value = json_number_value(number);
    if (!json_is_number(number) || !(value >= 0.0 && value <= 100.0))
        return false;
    qi_format_scaled(out, (int64_t)(value * 1e10 + 0.5), QI_PERCENT);
    return true;
}

/* The day before the standard's end date. */
static const char *last_day(import *m, const char *text) {
    int32_t date;
    size_t length = strlen(text) > 10 ? 10 : strlen(text); /* a time of day may follow */
    if (!qi_date_parse(text, length, false, &date) || date <= 10000101)
        return "";
    date = qi_day_before(date);
    const char *out = qi_arena_printf(&m->arena, "%04d-%02d-%02d", date / 10000,
                                      date / 100 % 100, date % 100);
    return out != NULL ? out : "";
}

static const char *first_day(import *m, const char *text) {
    int32_t date;
    size_t length = strlen(text) > 10 ? 10 : strlen(text);
    const char *out = qi_date_parse(text, length, false, &date)
                          ? qi_arena_printf(&m->arena, "%.*s", (int)length, text)
                          : NULL;
    return out != NULL ? out : "";
}

static void read_interest(import *m, const json_t *interest, stake_words *w) {
    const json_t *share = json_object_get(interest, "share");
    const char *details = text_at(interest, "details");
    interest_kind kind = kind_of(text_at(interest, "type"));
    bool first = !w->any;
    w->any = true;
    if (first || kind == SHARES) {
        w->from = first_day(m, text_at(interest, "startDate"));
        w->to = last_day(m, text_at(interest, "endDate"));
    }
    if (strncmp(details, "consortium: ", 12) == 0)
        w->consortium = details + 12;
    if (kind == VOTES)
        percent_text(share, "exact", NULL, w->votes);
    if (kind != SHARES || w->has_share)
        return;
    w->has_share = percent_text(share, "exact", NULL, w->share);
    if (w->has_share)
        return;
    bool low = percent_text(share, "minimum", "exclusiveMinimum", w->low);
    bool high = percent_text(share, "maximum", "exclusiveMaximum", w->high);
    w->has_share = low || high;
}

static stake_words read_interests(import *m, const record *r, const json_t *details) {
    const json_t *list = json_object_get(details, "interests");
    bool chain = json_array_size(json_object_get(details, "componentRecords")) > 0;
    stake_words w = {.from = "", .to = "", .consortium = ""};
    size_t n = json_array_size(list), indirect = 0;
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        bool far = strcmp(text_at(one, "directOrIndirect"), "indirect") == 0;
        if (kind_of(text_at(one, "type")) == NO_OWNERSHIP)
            continue;
        indirect += far;
        if (!far)
            read_interest(m, one, &w);
    }
    if (!w.any && indirect > 0 && !chain) {
        warn(m, r->id, "an indirect interest without its chain",
             "the companies between: it is kept as a stake");
        for (size_t i = 0; i < n; i++)
            if (kind_of(text_at(json_array_get(list, i), "type")) != NO_OWNERSHIP)
                read_interest(m, json_array_get(list, i), &w);
    }
    if (!w.any && n == 0)
        w.any = true; /* somebody has something, nobody says what */
    if (!w.any && indirect == 0)
        warn(m, r->id, "interests that are no ownership",
             "shares, votes or control: it is left out");
    return w;
}

/* One stake of one holder in one company at a time. */
static bool claim_pair(import *m, const record *r, const record *owner, const record *owned,
                       const stake_words *w) {
    const char *key = qi_arena_printf(&m->arena, "%s\n%s\n%s", owner->name, owned->name, w->to);
    if (key == NULL) {
        m->no_memory = true;
        return false;
    }
    uint32_t *slot = qi_index_slot(&m->pairs, key, pair_name, m);
    if (*slot != 0) {
        warn(m, r->id, "a second relationship of the same two",
             "one at a time: it is left out");
        return false;
    }
    m->no_memory |= !QI_PUSH(&m->pair, key);
    *slot = (uint32_t)m->pair.n;
    return true;
}

static void put_stake(import *m, const record *r) {
    const json_t *details = json_object_get(r->statement, "recordDetails");
    const char *subject = json_string_value(json_object_get(details, "subject"));
    const char *holder = json_string_value(json_object_get(details, "interestedParty"));
    bool closed = strcmp(text_at(r->statement, "recordStatus"), "closed") == 0;
    if (subject == NULL || holder == NULL || subject[0] == '\0' || holder[0] == '\0')
        return; /* a party that is not specified is what remains: undisclosed */
    stake_words w = read_interests(m, r, details);
    if (!w.any)
        return;
    if (closed && w.to[0] == '\0') {
        warn(m, r->id, "a closed relationship without an end date",
             "an end date: it is left out");
        return;
    }
    if (r->changed != NULL) {
        const char *since = first_day(m, text_at(r->changed, "statementDate"));
        w.from = strcmp(since, w.from) > 0 ? since : w.from;
    }
    /* party() may add a record and move the others: names, not pointers, are kept. */
    const record *found = party(m, holder);
    record owner = found != NULL ? *found : (record){0};
    found = party(m, subject);
    record owned = found != NULL ? *found : (record){0};
    if (owner.name == NULL || owned.name == NULL) {
        warn(m, r->id, "a party that is a relationship itself", "an entity or a person");
        return;
    }
    if (owner.project || !claim_pair(m, r, &owner, &owned, &w))
        return;
    const char *row[] = {owner.name, owned.name, w.share, w.low,       w.high,
                         w.votes,    w.from,     w.to,    w.consortium};
    put_row(m, QI_T_STAKES, row, QI_COUNT(row));
}

/* ---- all of it ---- */

static quipu_status read_records(import *m, json_t *root, quipu_error *err) {
    size_t n = json_array_size(root);
    /* Every relationship may name two parties that nothing else describes. */
    QI_TRY(qi_index_open(&m->index, &m->arena, n * 3, err));
    QI_TRY(qi_index_open(&m->names, &m->arena, n * 3, err));
    QI_TRY(qi_index_open(&m->pairs, &m->arena, n, err));
    for (size_t i = 0; i < n; i++)
        QI_TRY(add_record(m, i, json_array_get(root, i), err));
    return QUIPU_OK;
}

static void begin_tables(import *m, json_t *root) {
    static const char *const heads[QI_N_TABLES] = {
        [QI_T_REGISTER] = "key,value\n",
        [QI_T_ENTITIES] = "id,name,kind,country,state_owned,conduit\n",
        [QI_T_PROJECTS] = "id,name,sector,country,location,tables\n",
        [QI_T_STAKES] = "owner,owned,share_pct,low_pct,high_pct,votes_pct,from,to,consortium\n",
    };
    const char *date = "";
    for (int t = 0; t < QI_N_TABLES; t++)
        if (heads[t] != NULL)
            m->no_memory |= !qi_buffer_text(&m->tables[t], heads[t]);
    for (size_t i = 0; i < json_array_size(root); i++) {
        const char *here = first_day(m, text_at(json_array_get(root, i), "statementDate"));
        date = strcmp(here, date) > 0 ? here : date;
    }
    const json_t *details = json_object_get(json_array_get(root, 0), "publicationDetails");
    const char *publisher = text_at(json_object_get(details, "publisher"), "name");
    const char *rows[][2] = {{"date", date}, {"publisher", publisher}};
    for (size_t i = 0; i < QI_COUNT(rows); i++)
        if (rows[i][1][0] != '\0')
            put_row(m, QI_T_REGISTER, rows[i], 2);
}

static void fill_tables(import *m) {
    size_t n = m->records.n;
    for (size_t i = 0; i < n; i++) {
        const char *type = text_at(m->records.items[i].statement, "recordType");
        if (strcmp(type, "entity") == 0 || strcmp(type, "person") == 0)
            put_entity(m, &m->records.items[i]);
        else if (strcmp(type, "relationship") != 0)
            warn(m, m->records.items[i].id, "a recordType the standard does not have",
                 "entity, person or relationship: it is left out");
    }
    for (size_t i = 0; i < n && !m->no_memory; i++) {
        record r = m->records.items[i]; /* the list may move */
        if (strcmp(text_at(r.statement, "recordType"), "relationship") == 0)
            put_stake(m, &r);
    }
}

/* The tables must be a register: they are read as one before they are written. */
static quipu_status check_tables(import *m, const char *folder, quipu_table *problems,
                                 quipu_error *err) {
    qi_register_bytes files = {0};
    quipu_register *reg = NULL;
    for (int t = 0; t < QI_N_TABLES; t++) {
        if (m->tables[t].length == 0)
            continue;
        files.bytes[t] = qi_arena_text(&m->arena, m->tables[t].bytes, m->tables[t].length);
        files.length[t] = m->tables[t].length;
        if (files.bytes[t] == NULL)
            return qi_fail_memory(err, files.length[t]);
    }
    quipu_status status =
        qi_register_read(&files, folder, m->nomen, &m->problems, problems, &reg, err);
    quipu_register_close(reg);
    return status;
}

quipu_status qi_bods_read(const char *json, size_t length, const char *name,
                          const quipu_nomen *nomen, const char *folder, quipu_table *problems,
                          quipu_error *err) {
import m = {.nomen = nomen, .file = name };
    json_error_t where;
    quipu_status status = QUIPU_OK;
    json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &where);
    if (root == NULL) {
        status = qi_fail_at(
            err, QUIPU_E_FORMAT, name, where.line > 0 ? (uint64_t)where.line : 0,
            where.column > 0 ? (uint32_t)where.column : 0, "no JSON: %.120s", where.text);
        goto done;
    }
    if (!json_is_array(root) || json_array_size(root) == 0) {
        status = qi_fail_at(err, QUIPU_E_DATA, name, 1, 1,
                            "found no statements; expected a list of them in brackets");
        goto done;
    }
    QI_GO(read_records(&m, root, err));
    begin_tables(&m, root);
    fill_tables(&m);
    if (m.no_memory) {
        status = qi_fail_memory(err, 0);
        goto done;
    }
    QI_GO(check_tables(&m, folder, problems, err));
    status = qi_register_make(m.tables, folder, err);
done:
    json_decref(root);
    for (int t = 0; t < QI_N_TABLES; t++)
        qi_buffer_free(&m.tables[t]);
    qi_problems_free(&m.problems);
    free(m.records.items);
    free(m.taken.items);
    free(m.pair.items);
    qi_arena_free(&m.arena);
    return status;
}

static quipu_status load(const char *path, qi_buffer *out, quipu_error *err) {
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return qi_fail_errno(err, "open", path);
    quipu_status status = QUIPU_OK;
    size_t got = 1;
    while (got > 0 && status == QUIPU_OK) {
        if (!qi_buffer_reserve(out, 65536)) {
            status = qi_fail_memory(err, 65536);
            break;
        }
        got = fread(out->bytes + out->length, 1, 65536, file);
        out->length += got;
        if (out->length > LARGEST_FILE)
            status = qi_fail_at(err, QUIPU_E_LIMIT, path, 0, 0,
                                "statements of more than 256 megabytes");
    }
    if (status == QUIPU_OK && ferror(file))
        status = qi_fail_errno(err, "read", path);
    fclose(file);
    return status;
}

quipu_status quipu_register_import_bods(const char *json_path, const quipu_nomen *nomen,
                                        const char *folder, quipu_table *problems,
                                        quipu_error *err) {
    qi_buffer bytes = {0};
    qi_error_clear(err);
    if (problems != NULL)
        memset(problems, 0, sizeof *problems);
    quipu_status status = load(json_path, &bytes, err);
    if (status == QUIPU_OK)
        status =
            qi_bods_read(bytes.bytes, bytes.length, json_path, nomen, folder, problems, err);
    qi_buffer_free(&bytes);
    return status;
}
