/* SPDX-License-Identifier: Apache-2.0 */
/* tables.c - the tables of a register, column by column. */
#include "invest/csv.h"

static const char *const files[QI_N_TABLES] = {
    "register.csv",    "sources.csv", "entities.csv",  "projects.csv",    "stakes.csv",
    "investments.csv", "status.csv",  "fdi_stock.csv", "fdi_conduits.csv"};

const char *qi_table_file(qi_table_id id) {
    return files[id];
}

const char *const qi_entity_kinds[QI_N_ENTITY_KINDS] = {"company", "person", "state",
                                                        "consortium"};
const char *const qi_amount_kinds[QI_N_AMOUNT_KINDS] = {"announced", "planned",     "committed",
                                                        "disbursed", "acquisition", "sale"};
static const char *const yes_words[] = {"unknown", "no", "yes"};

enum { PROPOSALS = 20 }; /* sought for: a table of nonsense is not worth a minute */

/* ---- what a field says ---- */

typedef struct reading {
    quipu_register *reg;
    qi_csv csv;
    unsigned looked;           /* proposals sought so far */
    bool no_nodes, no_sources; /* that table could not be read: its ids are not known */
    bool no_memory;
} reading;

static const char *text_of(reading *r, size_t column) {
    if (!qi_csv_has(&r->csv, column))
        return "";
    const char *copy = qi_arena_dup(&r->reg->arena, r->csv.field[column]);
    r->no_memory |= copy == NULL;
    return copy != NULL ? copy : "";
}

static const char *needed_text(reading *r, size_t column) {
    if (!qi_csv_has(&r->csv, column))
        qi_csv_problem(&r->csv, false, column, "a text: the column cannot be empty");
    return text_of(r, column);
}

static unsigned word_of(reading *r, size_t column, const char *const *words, size_t n,
                        unsigned otherwise) {
    const char *text = r->csv.field[column];
    char list[200], near_text[96];
    qi_near near;
    size_t used = 0;
    if (!qi_csv_has(&r->csv, column))
        return otherwise;
    qi_near_start(&near, text);
    for (unsigned i = 0; i < n; i++) {
        if (strcmp(words[i], text) == 0)
            return i;
        qi_near_try(&near, words[i]);
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "",
                                 words[i]);
    }
    qi_csv_problem(&r->csv, false, column, "one of %s%s", list, qi_near_text(&near, near_text));
    return otherwise;
}

static const quipu_country *country_of(reading *r, size_t column, bool needed) {
    const char *text = r->csv.field[column];
    const quipu_country *country = NULL;
    quipu_error err = {0};
    if (!qi_csv_has(&r->csv, column)) {
        if (needed)
            qi_csv_problem(&r->csv, false, column, "a country, as ISO letters or name");
        return NULL;
    }
    country = quipu_country_by_iso3(r->reg->nomen, text, strlen(text));
    if (country == NULL && r->looked < PROPOSALS) {
        r->looked++;
        if (quipu_country_find(r->reg->nomen, text, &country, &err) != QUIPU_OK)
            country = NULL;
    }
    if (country == NULL)
        qi_csv_problem(&r->csv, false, column, "a country, as ISO letters or name%s%s",
                       err.text[0] != '\0' ? ": " : "", err.text);
    else if (country->kind == QUIPU_WORLD || country->kind == QUIPU_AGGREGATE) {
        qi_csv_problem(&r->csv, false, column, "a country, not a group of them");
        country = NULL;
    }
    return country;
}

/* False: nothing there, or a problem. */
static bool percent_of(reading *r, size_t column, int64_t *out) {
    const char *text = r->csv.field[column];
    double lost;
    if (!qi_csv_has(&r->csv, column))
        return false;
    qi_number_result result =
        qi_parse_scaled(text, strlen(text), QI_PERCENT, false, out, &lost);
    if (result == QI_NUMBER_ROUNDED)
        qi_csv_problem(&r->csv, true, column, "at most ten decimals; the rest is rounded off");
    else if (result != QI_NUMBER_OK || *out > QI_WHOLE) {
        qi_csv_problem(&r->csv, false, column,
                       "a percentage from 0 to 100 in digits, without a %% sign: 18.1");
        return false;
    }
    return *out <= QI_WHOLE;
}

static bool money_of(reading *r, size_t column, quipu_money *out) {
    const char *text = r->csv.field[column];
    double lost;
    if (!qi_csv_has(&r->csv, column))
        return false;
    qi_number_result result = qi_parse_scaled(text, strlen(text), 9, false, out, &lost);
    if (result == QI_NUMBER_ROUNDED)
        qi_csv_problem(&r->csv, true, column, "at most nine decimals; the rest is rounded off");
    else if (result == QI_NUMBER_NEGATIVE)
        qi_csv_problem(&r->csv, false, column,
                       "an amount of zero or more; money taken out is of kind sale");
    else if (result != QI_NUMBER_OK)
        qi_csv_problem(
            &r->csv, false, column,
            "million US$ in digits, without separators of thousands: 3300 or 482.62");
    return result == QI_NUMBER_OK || result == QI_NUMBER_ROUNDED;
}

static int32_t date_of(reading *r, size_t column, bool end, int32_t otherwise) {
    const char *text = r->csv.field[column];
    int32_t date;
    if (!qi_csv_has(&r->csv, column))
        return otherwise;
    if (qi_date_parse(text, strlen(text), end, &date))
        return date;
    qi_csv_problem(&r->csv, false, column, "a date: 2011, 2011-03 or 2011-03-31");
    return otherwise;
}

static int32_t year_of(reading *r, size_t column, bool needed) {
    const char *text = r->csv.field[column];
    int64_t year;
    if (!qi_csv_has(&r->csv, column) && !needed)
        return 0;
    if (strlen(text) == 4 && qi_parse_int(text, 4, &year) && year >= 1000)
        return (int32_t)year;
    qi_csv_problem(&r->csv, false, column, "a year in four digits: 2011");
    return 0;
}

/* ---- references ---- */

static const char *node_name(const void *reg, uint32_t position) {
    return qi_node_id(reg, position);
}

static const char *source_name(const void *reg, uint32_t position) {
    return ((const quipu_register *)reg)->sources.items[position].id;
}

static void unknown_node(reading *r, size_t column, const char *text, bool projects_only) {
    const quipu_register *reg = r->reg;
    char near_text[96] = "";
    qi_near near;
    if (r->looked++ < PROPOSALS) {
        qi_near_start(&near, text);
        size_t n = qi_n_nodes(reg);
        for (size_t i = projects_only ? reg->entities.n : 0; i < n; i++)
            qi_near_try(&near, qi_node_id(reg, (uint32_t)i));
        qi_near_text(&near, near_text);
    }
    bool whole = strcmp(text, r->csv.field[column]) == 0; /* else one of a list */
    qi_csv_problem(&r->csv, false, column, "%s%.80s%san id of %s%s", whole ? "" : "\"",
                   whole ? "" : text, whole ? "" : "\" to be ",
                   projects_only ? "projects.csv" : "entities.csv or projects.csv", near_text);
}

static uint32_t node_of(reading *r, size_t column, const char *text, bool projects_only) {
    const quipu_register *reg = r->reg;
    if (text[0] == '\0') {
        qi_csv_problem(&r->csv, false, column, "an id: the column cannot be empty");
        return QI_NONE;
    }
    uint32_t slot = *qi_index_slot(&reg->nodes, text, node_name, reg);
    if (slot == 0 || (projects_only && slot - 1 < reg->entities.n)) {
        unknown_node(r, column, text, projects_only);
        return QI_NONE;
    }
    return slot - 1;
}

static uint32_t source_of(reading *r, size_t column) {
    const char *text = r->csv.field[column];
    char near_text[96] = "";
    qi_near near;
    if (!qi_csv_has(&r->csv, column))
        return QI_NONE;
    uint32_t slot = *qi_index_slot(&r->reg->source_index, text, source_name, r->reg);
    if (slot != 0)
        return slot - 1;
    if (r->no_sources)
        return QI_NONE;
    if (r->looked++ < PROPOSALS) {
        qi_near_start(&near, text);
        for (size_t i = 0; i < r->reg->sources.n; i++)
            qi_near_try(&near, r->reg->sources.items[i].id);
        qi_near_text(&near, near_text);
    }
    qi_csv_problem(&r->csv, false, column, "an id of sources.csv%s", near_text);
    return QI_NONE;
}

/* Ids stand in lists joined by semicolons, and at the beginning of nothing else. */
static const char *id_of(reading *r, size_t column) {
    const char *text = r->csv.field[column];
    size_t length = strlen(text);
    bool control = false;
    for (const char *c = text; *c != '\0'; c++)
        control |= (unsigned char)*c < 0x20 || *c == 0x7F;
    if (length == 0 || length > 200 || control || strchr(text, ';') != NULL) {
        qi_csv_problem(&r->csv, false, column,
                       "an id of 1 to 200 characters without semicolon or control characters");
        return NULL;
    }
    return text_of(r, column);
}

/* Claims the id, or says where it was first. */
static bool claim(reading *r, qi_index *index, qi_index_name name, uint32_t position,
                  const char *id, uint64_t first_line(const void *, uint32_t)) {
    uint32_t *slot = qi_index_slot(index, id, name, r->reg);
    if (*slot == 0) {
        *slot = position + 1;
        return true;
    }
    qi_csv_problem(&r->csv, false, 0, "each id once; it is already on line %llu",
                   (unsigned long long)first_line(r->reg, *slot - 1));
    return false;
}

static uint64_t line_of_source(const void *reg, uint32_t position) {
    return ((const quipu_register *)reg)->sources.items[position].line;
}

static uint64_t line_of_node(const void *user, uint32_t node) {
    const quipu_register *reg = user;
    return node < reg->entities.n ? reg->entities.items[node].line
                                  : reg->projects.items[node - reg->entities.n].line;
}

/* ---- the tables ---- */

enum { C_KEY, C_VALUE };
static const qi_csv_column register_columns[] = {{"key", true}, {"value", true}};
static void read_register(reading *r) {
    static const char *const keys[] = {"title", "publisher", "date"};
    unsigned key = word_of(r, C_KEY, keys, QI_COUNT(keys), 3);
    if (key == 0)
        r->reg->title = text_of(r, C_VALUE);
    else if (key == 1)
        r->reg->publisher = text_of(r, C_VALUE);
    else if (key == 2)
        r->reg->date = date_of(r, C_VALUE, false, 0);
    else if (!qi_csv_has(&r->csv, C_KEY))
        needed_text(r, C_KEY);
}

enum { SO_ID, SO_CITATION, SO_DATE, SO_URL };
static const qi_csv_column source_columns[] = {
    {"id", true}, {"citation", true}, {"date", false}, {"url", false}};
static void read_source(reading *r) {
    qi_source_row row = {.id = id_of(r, SO_ID),
                         .citation = needed_text(r, SO_CITATION),
                         .url = text_of(r, SO_URL),
                         .date = date_of(r, SO_DATE, false, 0),
                         .line = r->csv.line};
    if (row.id == NULL || !claim(r, &r->reg->source_index, source_name,
                                 (uint32_t)r->reg->sources.n, row.id, line_of_source))
        return;
    r->no_memory |= !QI_PUSH(&r->reg->sources, row);
}

enum { EN_ID, EN_NAME, EN_KIND, EN_COUNTRY, EN_STATE, EN_CONDUIT, EN_NOTE, EN_SOURCE };
static const qi_csv_column entity_columns[] = {
    {"id", true},           {"name", true},     {"kind", false}, {"country", false},
    {"state_owned", false}, {"conduit", false}, {"note", false}, {"source", false}};
static void read_entity(reading *r) {
    qi_entity row = {
        .id = id_of(r, EN_ID),
        .name = needed_text(r, EN_NAME),
        .kind = (uint8_t)word_of(r, EN_KIND, qi_entity_kinds, QI_N_ENTITY_KINDS, QI_COMPANY),
        .country = country_of(r, EN_COUNTRY, false),
        .conduit = word_of(r, EN_CONDUIT, yes_words, 3, QI_NO) == QI_YES,
        .note = text_of(r, EN_NOTE),
        .source = source_of(r, EN_SOURCE),
        .line = r->csv.line};
    row.state_owned = (uint8_t)word_of(r, EN_STATE, yes_words, 3,
                                       row.kind == QI_STATE    ? QI_YES
                                       : row.kind == QI_PERSON ? QI_NO
                                                               : QI_UNKNOWN);
    if (row.id == NULL || !claim(r, &r->reg->nodes, node_name, (uint32_t)r->reg->entities.n,
                                 row.id, line_of_node))
        return;
    r->no_memory |= !QI_PUSH(&r->reg->entities, row);
}

enum { PR_ID, PR_NAME, PR_SECTOR, PR_COUNTRY, PR_LOCATION, PR_TABLES, PR_NOTE, PR_SOURCE };
static const qi_csv_column project_columns[] = {
    {"id", true},        {"name", true},    {"sector", true}, {"country", false},
    {"location", false}, {"tables", false}, {"note", false},  {"source", false}};
static void read_project(reading *r) {
    qi_project row = {.id = id_of(r, PR_ID),
                      .name = needed_text(r, PR_NAME),
                      .sector = needed_text(r, PR_SECTOR),
                      .country = country_of(r, PR_COUNTRY, false),
                      .location = text_of(r, PR_LOCATION),
                      .tables = text_of(r, PR_TABLES),
                      .note = text_of(r, PR_NOTE),
                      .source = source_of(r, PR_SOURCE),
                      .line = r->csv.line};
    if (row.id == NULL || !claim(r, &r->reg->nodes, node_name, (uint32_t)qi_n_nodes(r->reg),
                                 row.id, line_of_node))
        return;
    r->no_memory |= !QI_PUSH(&r->reg->projects, row);
}

enum {
    ST_OWNER,
    ST_OWNED,
    ST_SHARE,
    ST_LOW,
    ST_HIGH,
    ST_VOTES,
    ST_FROM,
    ST_TO,
    ST_CONSORTIUM,
    ST_NOTE,
    ST_SOURCE
};
static const qi_csv_column stake_columns[] = {
    {"owner", true},       {"owned", true},      {"share_pct", false}, {"low_pct", false},
    {"high_pct", false},   {"votes_pct", false}, {"from", false},      {"to", false},
    {"consortium", false}, {"note", false},      {"source", false}};

static void read_shares(reading *r, qi_stake *row) {
    int64_t share, low = 0, high = QI_WHOLE, votes;
    bool has_low = percent_of(r, ST_LOW, &low), has_high = percent_of(r, ST_HIGH, &high);
    row->low = low;
    row->high = high;
    row->stated = has_low || has_high;
    if (percent_of(r, ST_SHARE, &share)) {
        if (row->stated)
            qi_csv_problem(
                &r->csv, false, ST_SHARE,
                "either share_pct, or low_pct and high_pct where only bounds are known");
        row->low = row->high = share;
        row->stated = true;
        if (share == 0)
            qi_csv_problem(&r->csv, true, ST_SHARE, "a stake of more than nothing");
    } else if (low > high) {
        qi_csv_problem(&r->csv, false, ST_LOW, "no more than high_pct");
    }
    row->votes = percent_of(r, ST_VOTES, &votes) ? votes : QI_NO_VOTES;
}

static void check_parties(reading *r, const qi_stake *row) {
    const quipu_register *reg = r->reg;
    if (row->owner != QI_NONE && row->owner >= reg->entities.n)
        qi_csv_problem(&r->csv, false, ST_OWNER,
                       "an id of entities.csv: a project holds nothing");
    const qi_entity *owned = row->owned != QI_NONE ? qi_node_entity(reg, row->owned) : NULL;
    if (owned != NULL && (owned->kind == QI_PERSON || owned->kind == QI_STATE))
        qi_csv_problem(&r->csv, false, ST_OWNED, "a company or a project: nobody holds a %s",
                       qi_entity_kinds[owned->kind]);
}

static void read_stake(reading *r) {
    size_t before = r->csv.problems->n_errors;
    qi_stake row = {.owner = node_of(r, ST_OWNER, r->csv.field[ST_OWNER], false),
                    .owned = node_of(r, ST_OWNED, r->csv.field[ST_OWNED], false),
                    .from = date_of(r, ST_FROM, false, 0),
                    .to = date_of(r, ST_TO, true, QI_DATE_OPEN),
                    .consortium = text_of(r, ST_CONSORTIUM),
                    .note = text_of(r, ST_NOTE),
                    .source = source_of(r, ST_SOURCE),
                    .line = r->csv.line};
    read_shares(r, &row);
    check_parties(r, &row);
    if (row.from > row.to)
        qi_csv_problem(&r->csv, false, ST_FROM, "a day before `to`");
    if (r->csv.problems->n_errors == before)
        r->no_memory |= !QI_PUSH(&r->reg->stakes, row);
}

enum { IN_PROJECT, IN_COMPANIES, IN_AMOUNT, IN_KIND, IN_FROM, IN_TO, IN_NOTE, IN_SOURCE };
static const qi_csv_column investment_columns[] = {
    {"project", true}, {"companies", false}, {"amount_musd", false}, {"kind", false},
    {"from", false},   {"to", false},        {"note", false},        {"source", false}};

static void read_companies(reading *r, qi_investment *row) {
    char *list = qi_arena_dup(&r->reg->arena, r->csv.field[IN_COMPANIES]);
    r->no_memory |= list == NULL;
    for (char *at = list; at != NULL && *at != '\0';) {
        char *next = at + strcspn(at, ";");
        bool last = *next == '\0';
        *next = '\0';
        while (*at == ' ')
            at++;
        for (char *end = next; end > at && end[-1] == ' ';)
            *--end = '\0';
        uint32_t node = node_of(r, IN_COMPANIES, at, false);
        for (unsigned i = 0; i < row->n_companies; i++)
            if (node == row->company[i] && node != QI_NONE)
                qi_csv_problem(&r->csv, false, IN_COMPANIES, "each company once");
        if (node != QI_NONE && node >= r->reg->entities.n)
            qi_csv_problem(&r->csv, false, IN_COMPANIES,
                           "ids of entities.csv: leave it empty for the whole project");
        if (row->n_companies == QI_MAX_HOLDERS) {
            qi_csv_problem(&r->csv, false, IN_COMPANIES, "at most %d companies",
                           QI_MAX_HOLDERS);
            break;
        }
        row->company[row->n_companies++] = node;
        at = last ? next : next + 1;
    }
}

static void read_investment(reading *r) {
    size_t before = r->csv.problems->n_errors;
    unsigned kind = word_of(r, IN_KIND, qi_amount_kinds, QI_N_AMOUNT_KINDS, QI_N_AMOUNT_KINDS);
    qi_investment row = {.project = node_of(r, IN_PROJECT, r->csv.field[IN_PROJECT], true),
                         .kind = (uint8_t)(kind % QI_N_AMOUNT_KINDS),
                         .has_kind = kind < QI_N_AMOUNT_KINDS,
                         .from = year_of(r, IN_FROM, false),
                         .to = year_of(r, IN_TO, false),
                         .note = text_of(r, IN_NOTE),
                         .source = source_of(r, IN_SOURCE),
                         .line = r->csv.line};
    row.stated = money_of(r, IN_AMOUNT, &row.amount);
    read_companies(r, &row);
    if (row.stated && !qi_csv_has(&r->csv, IN_KIND))
        qi_csv_problem(&r->csv, false, IN_KIND,
                       "what kind of amount it is: announced, planned, committed, disbursed, "
                       "acquisition or sale");
    if (row.from != 0 && row.to != 0 && row.from > row.to)
        qi_csv_problem(&r->csv, false, IN_FROM, "a year not after `to`");
    if (row.from != 0 && row.to == 0)
        row.to = row.from;
    if (r->csv.problems->n_errors == before)
        r->no_memory |= !QI_PUSH(&r->reg->investments, row);
}

enum { SS_PROJECT, SS_STATUS, SS_FROM, SS_SOURCE };
static const qi_csv_column status_columns[] = {
    {"project", true}, {"status", true}, {"from", false}, {"source", false}};
static void read_status(reading *r) {
    size_t before = r->csv.problems->n_errors;
    qi_status row = {.project = node_of(r, SS_PROJECT, r->csv.field[SS_PROJECT], true),
                     .status = needed_text(r, SS_STATUS),
                     .from = date_of(r, SS_FROM, false, 0),
                     .source = source_of(r, SS_SOURCE),
                     .line = r->csv.line};
    if (r->csv.problems->n_errors == before)
        r->no_memory |= !QI_PUSH(&r->reg->status, row);
}

enum { FD_HOST, FD_YEAR, FD_ORIGIN, FD_SECTOR, FD_AMOUNT, FD_SHARE, FD_SOURCE };
static const qi_csv_column fdi_columns[] = {
    {"host", true},         {"year", true},       {"origin", false}, {"sector", false},
    {"amount_musd", false}, {"share_pct", false}, {"source", false}};
static void read_fdi(reading *r) {
    size_t before = r->csv.problems->n_errors;
    qi_fdi row = {.host = country_of(r, FD_HOST, true),
                  .year = year_of(r, FD_YEAR, true),
                  .origin = country_of(r, FD_ORIGIN, false),
                  .sector = text_of(r, FD_SECTOR),
                  .source = source_of(r, FD_SOURCE),
                  .line = r->csv.line};
    row.has_amount = money_of(r, FD_AMOUNT, &row.amount);
    row.has_share = percent_of(r, FD_SHARE, &row.share);
    if (!qi_csv_has(&r->csv, FD_AMOUNT) && !qi_csv_has(&r->csv, FD_SHARE))
        qi_csv_problem(&r->csv, false, FD_AMOUNT, "an amount_musd or a share_pct");
    if (r->csv.problems->n_errors == before)
        r->no_memory |= !QI_PUSH(&r->reg->fdi, row);
}

enum { CO_COUNTRY, CO_YEAR, CO_SHARE, CO_SOURCE };
static const qi_csv_column conduit_columns[] = {
    {"country", true}, {"year", true}, {"passes_pct", true}, {"source", false}};
static void read_conduit(reading *r) {
    size_t before = r->csv.problems->n_errors;
    qi_conduit_row row = {.country = country_of(r, CO_COUNTRY, true),
                          .year = year_of(r, CO_YEAR, true),
                          .source = source_of(r, CO_SOURCE),
                          .line = r->csv.line};
    if (!qi_csv_has(&r->csv, CO_SHARE))
        needed_text(r, CO_SHARE);
    else
        percent_of(r, CO_SHARE, &row.share);
    if (r->csv.problems->n_errors == before)
        r->no_memory |= !QI_PUSH(&r->reg->conduits, row);
}

static const struct {
    const qi_csv_column *columns;
    size_t n;
    bool required;
    void (*read)(reading *r);
} TABLE[QI_N_TABLES] = {
    [QI_T_REGISTER] = {register_columns, QI_COUNT(register_columns), false, read_register},
    [QI_T_SOURCES] = {source_columns, QI_COUNT(source_columns), false, read_source},
    [QI_T_ENTITIES] = {entity_columns, QI_COUNT(entity_columns), true, read_entity},
    [QI_T_PROJECTS] = {project_columns, QI_COUNT(project_columns), false, read_project},
    [QI_T_STAKES] = {stake_columns, QI_COUNT(stake_columns), true, read_stake},
    [QI_T_INVESTMENTS] = {investment_columns, QI_COUNT(investment_columns), false,
                          read_investment},
    [QI_T_STATUS] = {status_columns, QI_COUNT(status_columns), false, read_status},
    [QI_T_FDI_STOCK] = {fdi_columns, QI_COUNT(fdi_columns), false, read_fdi},
    [QI_T_FDI_CONDUITS] = {conduit_columns, QI_COUNT(conduit_columns), false, read_conduit},
};

static size_t count_lines(const char *bytes, size_t length) {
    size_t n = 1;
    for (const char *at = bytes, *end = bytes + length; at < end; n++) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        if (feed == NULL)
            break;
        at = feed + 1;
    }
    return n;
}

quipu_status qi_tables_read(quipu_register *reg, qi_register_bytes *bytes,
                            qi_problems *problems, quipu_error *err) {
    reading *r = qi_arena_alloc(&reg->arena, sizeof *r);
    size_t rows[QI_N_TABLES] = {0};
    if (r == NULL)
        return qi_fail_memory(err, sizeof *r);
    r->reg = reg;
    for (int t = 0; t < QI_N_TABLES; t++)
        if (bytes->bytes[t] != NULL)
            rows[t] = count_lines(bytes->bytes[t], bytes->length[t]);
    QI_TRY(qi_index_open(&reg->nodes, &reg->arena, rows[QI_T_ENTITIES] + rows[QI_T_PROJECTS],
                         err));
    QI_TRY(qi_index_open(&reg->source_index, &reg->arena, rows[QI_T_SOURCES], err));
    for (int t = 0; t < QI_N_TABLES; t++) {
        if (bytes->bytes[t] == NULL) {
            if (TABLE[t].required)
                qi_problem_add(problems, false, files[t], 0, 0, "no such file",
                               "a table of that name in the folder");
            r->no_nodes |= t == QI_T_ENTITIES;
            continue;
        }
        bool opens = qi_csv_open(&r->csv, (qi_table_id)t, TABLE[t].columns, TABLE[t].n,
                                 bytes->bytes[t], bytes->length[t], problems);
        r->no_nodes |= !opens && (t == QI_T_ENTITIES || t == QI_T_PROJECTS);
        r->no_sources |= !opens && t == QI_T_SOURCES;
        /* One fault of a header is not a fault of every row that names its ids. */
        bool names = t == QI_T_STAKES || t == QI_T_INVESTMENTS || t == QI_T_STATUS;
        if (!opens || (names && r->no_nodes))
            continue;
        while (qi_csv_next(&r->csv))
            TABLE[t].read(r);
        if (r->no_memory)
            return qi_fail_memory(err, 0);
    }
    return QUIPU_OK;
}
