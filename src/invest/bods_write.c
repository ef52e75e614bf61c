/* SPDX-License-Identifier: Apache-2.0 */
/* bods_write.c - a register as statements of the Beneficial Ownership Data Standard, 0.4.
 *
 * Companies, states, consortia and projects are entity records (a project is an arrangement),
 * persons are person records, each stake is a relationship record.  Records come before those
 * that name them.  What the standard has no field for (state ownership, conduits, sector) stands
 * in annotations and is read back from there.  The standard's end date is the first day on
 * which an interest is gone, ours is the last on which it is there.
 */
#include "invest/invest.h"

#include <jansson.h>
#include <xxhash.h>

typedef struct bods {
    const quipu_register *reg;
    quipu_sink sink;
    void *user;
    char date[16]; /* of statements without a dated source */
    size_t n;
} bods;

static void day_text(int32_t date, char out[16]) {
    snprintf(out, 16, "%04d-%02d-%02d", date / 10000 % 10000, date / 100 % 100, date % 100);
}

/* ---- the frame of a statement ---- */

static json_t *source_of(const bods *b, uint32_t source) {
    if (source == QI_NONE)
        return NULL;
    const qi_source_row *s = &b->reg->sources.items[source];
    json_t *out = json_pack("{s:[s], s:s}", "type", "thirdParty", "description", s->citation);
    if (out != NULL && s->url[0] != '\0')
        json_object_set_new(out, "url", json_string(s->url));
    return out;
}

/* The same register gives the same identifiers, another one others. */
static void statement_id(const bods *b, const char *record, char out[33]) {
    char text[1024];
    int n = snprintf(text, sizeof text, "%s %.900s", b->reg->fingerprint, record);
    XXH128_hash_t hash = XXH3_128bits(text, (size_t)n);
    snprintf(out, 33, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
}

static const char *publisher(const quipu_register *reg) {
    return reg->publisher[0] != '\0' ? reg->publisher
           : reg->title[0] != '\0'   ? reg->title
                                     : "quipu";
}

/* Takes `details` and `notes`. */
static quipu_status put(bods *b, const char *type, const char *record, const char *subject,
                        uint32_t source, json_t *details, json_t *notes, quipu_error *err) {
    char id[33], date[16];
    statement_id(b, record, id);
    memcpy(date, b->date, sizeof date);
    if (source != QI_NONE && b->reg->sources.items[source].date != 0)
        day_text(b->reg->sources.items[source].date, date);
    json_t *statement =
        json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:{s:s}}, s:s, s:s, s:s, s:o}", "statementId",
                  id, "declarationSubject", subject, "statementDate", date,
                  "publicationDetails", "publicationDate", b->date, "bodsVersion", "0.4",
                  "publisher", "name", publisher(b->reg), "recordId", record, "recordStatus",
                  "new", "recordType", type, "recordDetails", details);
    if (statement == NULL) {
        json_decref(notes);
        return qi_fail_memory(err, 0);
    }
    json_t *from = source_of(b, source);
    if (from != NULL)
        json_object_set_new(statement, "source", from);
    if (json_array_size(notes) > 0)
        json_object_set(statement, "annotations", notes);
    json_decref(notes);
    char *text = json_dumps(statement, JSON_INDENT(2) | JSON_REAL_PRECISION(13));
    json_decref(statement);
    if (text == NULL)
        return qi_fail_memory(err, 0);
    const char *before = b->n++ == 0 ? "[\n" : ",\n";
    bool fine = b->sink(b->user, before, 2) && b->sink(b->user, text, strlen(text));
    free(text);
    return fine ? QUIPU_OK : qi_fail(err, QUIPU_E_IO, "the output was refused");
}

static void annotate(json_t *notes, const char *name, const char *text) {
    char line[1100];
    if (text == NULL || text[0] == '\0')
        return;
    snprintf(line, sizeof line, "%s: %.1000s", name, text);
    size_t n = strlen(line); /* a character that was cut in two goes altogether */
    while (n > 0 && !qi_utf8_valid(line, n))
        line[--n] = '\0';
    json_array_append_new(notes, json_pack("{s:s, s:s, s:s}", "statementPointerTarget",
                                           "/recordDetails", "motivation", "commenting",
                                           "description", line));
}

/* ---- entities, persons, projects ---- */

static json_t *place_of(const quipu_country *country) {
    if (country == NULL)
        return NULL;
    json_t *place = json_pack("{s:s}", "name", country->name);
    if (place != NULL && country->iso2[0] != '\0')
        json_object_set_new(place, "code", json_string(country->iso2));
    return place;
}

static json_t *identifier(const char *id) {
    return json_pack("[{s:s, s:s}]", "id", id, "schemeName", "quipu register");
}

static quipu_status put_person(bods *b, const qi_entity *e, quipu_error *err) {
    json_t *details =
        json_pack("{s:b, s:s, s:[{s:s}], s:o}", "isComponent", 0, "personType", "knownPerson",
                  "names", "fullName", e->name, "identifiers", identifier(e->id));
    json_t *place = place_of(e->country);
    if (details != NULL && place != NULL)
        json_object_set_new(details, "nationalities", json_pack("[o]", place));
    else
        json_decref(place);
    return put(b, "person", e->id, e->id, e->source, details, json_array(), err);
}

static quipu_status put_entity(bods *b, const qi_entity *e, quipu_error *err) {
    if (e->kind == QI_PERSON)
        return put_person(b, e, err);
    json_t *type =
        e->kind == QI_CONSORTIUM
            ? json_pack("{s:s, s:s, s:s}", "type", "arrangement", "subtype", "other", "details",
                        "consortium")
            : json_pack("{s:s}", "type", e->kind == QI_STATE ? "state" : "registeredEntity");
    json_t *details = json_pack("{s:b, s:o, s:s, s:o}", "isComponent", 0, "entityType", type,
                                "name", e->name, "identifiers", identifier(e->id));
    json_t *place = place_of(e->country), *notes = json_array();
    if (details != NULL && place != NULL)
        json_object_set_new(details, "jurisdiction", place);
    else
        json_decref(place);
    if (e->kind != QI_STATE && e->state_owned != QI_UNKNOWN)
        annotate(notes, "state_owned", e->state_owned == QI_YES ? "yes" : "no");
    if (e->conduit)
        annotate(notes, "conduit", "yes");
    return put(b, "entity", e->id, e->id, e->source, details, notes, err);
}

static quipu_status put_project(bods *b, const qi_project *p, quipu_error *err) {
    json_t *details =
        json_pack("{s:b, s:{s:s, s:s, s:s}, s:s, s:o}", "isComponent", 0, "entityType", "type",
                  "arrangement", "subtype", "other", "details", "investment project", "name",
                  p->name, "identifiers", identifier(p->id));
    json_t *place = place_of(p->country), *notes = json_array();
    if (details != NULL && place != NULL)
        json_object_set_new(details, "jurisdiction", place);
    else
        json_decref(place);
    annotate(notes, "sector", p->sector);
    annotate(notes, "location", p->location);
    annotate(notes, "tables", p->tables);
    return put(b, "entity", p->id, p->id, p->source, details, notes, err);
}

/* ---- stakes ---- */

static json_t *percent(int64_t share) {
    return json_real((double)share / 1e10);
}

/* NULL: nothing is known. */
static json_t *share_of(int64_t low, int64_t high, bool stated) {
    if (!stated)
        return NULL;
    if (low == high)
        return json_pack("{s:o}", "exact", percent(low));
    return json_pack("{s:o, s:o}", "minimum", percent(low), "maximum", percent(high));
}

static json_t *interest(const qi_stake *s, const char *type, json_t *share) {
    char text[1024];
    json_t *out = json_pack("{s:s, s:s, s:b}", "type", type, "directOrIndirect", "direct",
                            "beneficialOwnershipOrControl", 0);
    if (out == NULL) {
        json_decref(share);
        return NULL;
    }
    if (share != NULL)
        json_object_set_new(out, "share", share);
    if (s->consortium[0] != '\0') {
        snprintf(text, sizeof text, "consortium: %.1000s", s->consortium);
        json_t *words = json_string(text);
        if (words != NULL)
            json_object_set_new(out, "details", words);
    }
    if (s->from != 0) {
        day_text(s->from, text);
        json_object_set_new(out, "startDate", json_string(text));
    }
    if (s->to < QI_DATE_OPEN) {
        day_text(qi_day_after(s->to), text);
        json_object_set_new(out, "endDate", json_string(text));
    }
    return out;
}

static quipu_status put_stake(bods *b, const qi_stake *s, quipu_error *err) {
    const char *owner = qi_node_id(b->reg, s->owner), *owned = qi_node_id(b->reg, s->owned);
    char record[600];
    snprintf(record, sizeof record, "stake/%.200s/%.200s/%d", owner, owned, s->from);
    json_t *interests = json_array();
    json_array_append_new(interests,
                          interest(s, "shareholding", share_of(s->low, s->high, s->stated)));
    if (s->votes != QI_NO_VOTES)
        json_array_append_new(interests,
                              interest(s, "votingRights", share_of(s->votes, s->votes, true)));
    json_t *details = json_pack("{s:b, s:s, s:s, s:o}", "isComponent", 0, "subject", owned,
                                "interestedParty", owner, "interests", interests);
    return put(b, "relationship", record, owned, s->source, details, json_array(), err);
}

/* What nobody is named for is a relationship too, with the reason why nobody is. */
static quipu_status put_remainders(bods *b, quipu_error *err) {
    static const qi_stake plain = {.to = QI_DATE_OPEN, .consortium = ""};
    qi_graph g;
    quipu_status status = QUIPU_OK;
    QI_TRY(qi_graph_open(b->reg, QI_DATE_OPEN, NULL, 0, QI_UNKNOWN_APART, NULL, NULL, &g, err));
    for (uint32_t node = 0; node < qi_n_nodes(b->reg) && status == QUIPU_OK; node++) {
        uint32_t j = g.local[node];
        bool open = false;
        for (uint32_t e = g.start[j]; e < g.start[j + 1]; e++)
            open = open || g.edges[e].low < g.edges[e].high;
        if (g.undisclosed[j] == 0 || g.start[j] == g.start[j + 1])
            continue;
        char record[300];
        snprintf(record, sizeof record, "undisclosed/%.200s", qi_node_id(b->reg, node));
        json_t *share = open ? json_pack("{s:o, s:o}", "minimum", percent(0), "maximum",
                                         percent(g.undisclosed[j]))
                             : json_pack("{s:o}", "exact", percent(g.undisclosed[j]));
        json_t *details = json_pack("{s:b, s:s, s:{s:s, s:s}, s:[o]}", "isComponent", 0,
                                    "subject", qi_node_id(b->reg, node), "interestedParty",
                                    "reason", "informationUnknownToPublisher", "description",
                                    "holders that the sources do not name", "interests",
                                    interest(&plain, "shareholding", share));
        status = put(b, "relationship", record, qi_node_id(b->reg, node), QI_NONE, details,
                     json_array(), err);
    }
    qi_graph_close(&g);
    return status;
}

/* ---- all of it ---- */

/* Statements are dated: by the register, else by the newest day anything in it has. */
static int32_t newest(const quipu_register *reg) {
    int32_t date = 0;
    for (size_t i = 0; i < reg->sources.n; i++)
        date = reg->sources.items[i].date > date ? reg->sources.items[i].date : date;
    for (size_t i = 0; i < reg->stakes.n; i++) {
        const qi_stake *s = &reg->stakes.items[i];
        date = s->from > date ? s->from : date;
        date = s->to < QI_DATE_OPEN && s->to > date ? s->to : date;
    }
    return date;
}

quipu_status quipu_register_write_bods(const quipu_register *reg, quipu_sink sink, void *user,
                                       quipu_error *err) {
    bods b = {.reg = reg, .sink = sink, .user = user};
    qi_error_clear(err);
    int32_t date = reg->date != 0 ? reg->date : newest(reg);
    if (date == 0)
        return qi_fail(err, QUIPU_E_DATA,
                       "%s: nothing in the register is dated, and statements must be: add a "
                       "register.csv with the columns key,value and a row date,2013-05-08",
                       reg->folder);
    day_text(date, b.date);
    for (size_t i = 0; i < reg->entities.n; i++)
        QI_TRY(put_entity(&b, &reg->entities.items[i], err));
    for (size_t i = 0; i < reg->projects.n; i++)
        QI_TRY(put_project(&b, &reg->projects.items[i], err));
    for (size_t i = 0; i < reg->stakes.n; i++)
        QI_TRY(put_stake(&b, &reg->stakes.items[i], err));
    QI_TRY(put_remainders(&b, err));
    const char *end = b.n == 0 ? "[]\n" : "\n]\n";
    return sink(user, end, 3) ? QUIPU_OK : qi_fail(err, QUIPU_E_IO, "the output was refused");
}
