/* SPDX-License-Identifier: Apache-2.0 */
/* profile.c - the kinds of files quipu knows, each told by the names in its header line.
 * (What stands before that line is read in head.c.)
 *
 * A profile is a list of (column name, role) with the required ones marked.  To add a kind of
 * table: add its list and a row to PROFILES.
 */
#include "profile.h"

#include <strings.h>

typedef struct column {
    const char *name; /* lower case */
    uint8_t role;
    bool required;
} column;

static const column BACI[] = {{"t", QI_PERIOD, true},  {"i", QI_REPORTER, true},
                              {"j", QI_PARTNER, true}, {"k", QI_PRODUCT, true},
                              {"v", QI_VALUE, true},   {"q", QI_WEIGHT, false},
                              {NULL, 0, false}};

static const column COMTRADE_CLASSIC[] = {{"classification", QI_NOMENCLATURE, true},
                                          {"period", QI_PERIOD, true},
                                          {"aggregate level", QI_LEVEL, true},
                                          {"trade flow", QI_FLOW, true},
                                          {"reporter code", QI_REPORTER, true},
                                          {"partner code", QI_PARTNER, true},
                                          {"2nd partner code", QI_SECOND, false},
                                          {"customs proc. code", QI_CUSTOMS, false},
                                          {"mode of transport code", QI_TRANSPORT, false},
                                          {"commodity code", QI_PRODUCT, true},
                                          {"qty unit code", QI_UNIT, false},
                                          {"qty", QI_QUANTITY, false},
                                          {"netweight (kg)", QI_WEIGHT, false},
                                          {"trade value (us$)", QI_VALUE, true},
                                          {"flag", QI_ESTIMATED, false},
                                          {NULL, 0, false}};

static const column COMTRADE_PLUS[] = {{"typecode", QI_IGNORE, true},
                                       {"period", QI_PERIOD, true},
                                       {"reportercode", QI_REPORTER, true},
                                       {"flowcode", QI_FLOW, true},
                                       {"partnercode", QI_PARTNER, true},
                                       {"partner2code", QI_SECOND, false},
                                       {"classificationcode", QI_NOMENCLATURE, true},
                                       {"cmdcode", QI_PRODUCT, true},
                                       {"aggrlevel", QI_LEVEL, false},
                                       {"customscode", QI_CUSTOMS, false},
                                       {"motcode", QI_TRANSPORT, false},
                                       {"qtyunitcode", QI_UNIT, false},
                                       {"qty", QI_QUANTITY, false},
                                       {"isqtyestimated", QI_QUANTITY_ESTIMATED, false},
                                       {"netwgt", QI_WEIGHT, false},
                                       {"isnetwgtestimated", QI_WEIGHT_ESTIMATED, false},
                                       {"primaryvalue", QI_VALUE, true},
                                       {NULL, 0, false}};

static const column WITS[] = {{"nomenclature", QI_NOMENCLATURE, true},
                              {"reporteriso3", QI_REPORTER, true},
                              {"productcode", QI_PRODUCT, true},
                              {"partneriso3", QI_PARTNER, true},
                              {"year", QI_PERIOD, true},
                              {"tradeflowname", QI_FLOW, true},
                              {"tradevalue in 1000 usd", QI_VALUE, true},
                              {NULL, 0, false}};

static const column WITS_TRAINS[] = {
    {"selected nomen", QI_NOMENCLATURE, true},
    {"reporter", QI_REPORTER, true},
    {"reporter name", QI_REPORTER_NAME, false},
    {"product", QI_PRODUCT, true},
    {"partner", QI_PARTNER, true},
    {"tariff year", QI_TARIFF_PERIOD, true},
    {"trade year", QI_PERIOD, true},
    {"dutytype", QI_DUTY, true},
    {"simple average", QI_RATE_SIMPLE, true},
    {"weighted average", QI_RATE_WEIGHTED, false},
    {"standard deviation", QI_RATE_DEVIATION, false},
    {"minimum rate", QI_RATE_MINIMUM, false},
    {"maximum rate", QI_RATE_MAXIMUM, false},
    {"nbr of total lines", QI_RATE_LINES, false},
    {"nbr of domesticpeaks", QI_RATE_DOMESTIC_PEAKS, false},
    {"nbr of internationalpeaks", QI_RATE_INTERNATIONAL_PEAKS, false},
    {"imports value in 1000 usd", QI_VALUE, true},
    {"binding coverage", QI_RATE_BINDING, false},
    {NULL, 0, false}};

static const column OUR_TARIFFS[] = {
    {"tariff_year", QI_TARIFF_PERIOD, true},
    {"trade_year", QI_PERIOD, true},
    {"reporter", QI_REPORTER, true},
    {"partner", QI_PARTNER, true},
    {"product", QI_PRODUCT, true},
    {"duty", QI_DUTY, true},
    {"simple_average", QI_RATE_SIMPLE, true},
    {"weighted_average", QI_RATE_WEIGHTED, false},
    {"standard_deviation", QI_RATE_DEVIATION, false},
    {"minimum", QI_RATE_MINIMUM, false},
    {"maximum", QI_RATE_MAXIMUM, false},
    {"lines", QI_RATE_LINES, false},
    {"domestic_peaks", QI_RATE_DOMESTIC_PEAKS, false},
    {"international_peaks", QI_RATE_INTERNATIONAL_PEAKS, false},
    {"binding_coverage", QI_RATE_BINDING, false},
    {"value", QI_VALUE, false},
    {NULL, 0, false}};

static const column DUMP[] = {{"period", QI_PERIOD, true},
                              {"flow", QI_FLOW, true},
                              {"reporter", QI_REPORTER, true},
                              {"partner", QI_PARTNER, true},
                              {"product", QI_PRODUCT, true},
                              {"value", QI_VALUE, true},
                              {"weight_kg", QI_WEIGHT, true},
                              {"quantity", QI_QUANTITY, true},
                              {"unit", QI_UNIT, true},
                              {"flags", QI_FLAGS, true},
                              {NULL, 0, false}};

static const column ENGINE[] = {{"period", QI_PERIOD, true},
                                {"flow", QI_FLOW, true},
                                {"reporter", QI_REPORTER, true},
                                {"partner", QI_PARTNER, true},
                                {"product", QI_PRODUCT, false},
                                {"unit", QI_UNIT, false},
                                {"nomenclature", QI_NOMENCLATURE, false},
                                {"value", QI_VALUE, true},
                                {"weight", QI_WEIGHT, false},
                                {"quantity", QI_QUANTITY, false},
                                {"rows", QI_ROWS, true},
                                {"rounded", QI_ROUNDED, true},
                                {"firm", QI_FIRM, false},
                                {NULL, 0, false}};

static const column WIDE[] = {{"flow", QI_FLOW, true},
                              {"reporter", QI_REPORTER, true},
                              {"partner", QI_PARTNER, true},
                              {"product", QI_PRODUCT, false},
                              {NULL, 0, false}};

static const column COUNTRY_CODES[] = {{"country_code", QI_IGNORE, true}, {NULL, 0, false}};
static const column PRODUCT_CODES[] = {
    {"code", QI_IGNORE, true}, {"description", QI_IGNORE, true}, {NULL, 0, false}};

/* ---- matching ---- */

size_t qi_fold_header(const char *text, size_t length, char *out, size_t size) {
    size_t n = 0;
    while (length > 0 && (text[0] == ' ' || text[0] == '"'))
        text++, length--;
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '"'))
        length--;
    for (size_t i = 0; i < length && n + 1 < size; i++)
        out[n++] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
    out[n] = 0;
    return n;
}

void qi_clear_roles(qi_schema *schema, size_t n) {
    memset(schema->role, QI_IGNORE, sizeof schema->role);
    memset(schema->column, -1, sizeof schema->column);
    schema->n_columns = n;
}

static void set_role(qi_schema *schema, size_t at, unsigned role) {
    schema->role[at] = (uint8_t)role;
    if (role != QI_IGNORE && schema->column[role] < 0)
        schema->column[role] = (int16_t)at;
}

static bool match(const column *columns, const char *const *fields, size_t n,
                  qi_schema *schema) {
    qi_clear_roles(schema, n);
    for (const column *c = columns; c->name != NULL; c++) {
        size_t i = 0;
        while (i < n && strcmp(fields[i], c->name) != 0)
            i++;
        if (i < n)
            set_role(schema, i, c->role);
        else if (c->required)
            return false;
    }
    return true;
}

static bool is_baci(const char *const *fields, size_t n, qi_schema *s) {
    if (!match(BACI, fields, n, s))
        return false;
    s->flow = QUIPU_RECONCILED;
    s->value_scale = 6;  /* thousand US$ */
    s->weight_scale = 6; /* metric tons */
    s->fixed_width = 6;
    static const uint8_t ORDER[] = {QI_PERIOD,  QI_REPORTER, QI_PARTNER,
                                    QI_PRODUCT, QI_VALUE,    QI_WEIGHT};
    s->simple = s->delimiter == ',' && (n == 5 || n == 6) && memcmp(s->role, ORDER, n) == 0;
    snprintf(s->source, sizeof s->source, "CEPII BACI");
    snprintf(s->valuation, sizeof s->valuation, "FOB");
    return true;
}

static bool is_classic(const char *const *fields, size_t n, qi_schema *s) {
    snprintf(s->source, sizeof s->source, "UN Comtrade");
    return match(COMTRADE_CLASSIC, fields, n, s);
}

static bool is_plus(const char *const *fields, size_t n, qi_schema *s) {
    snprintf(s->source, sizeof s->source, "UN Comtrade");
    return match(COMTRADE_PLUS, fields, n, s);
}

void qi_comtrade_schema(qi_schema *s) {
    size_t n = QI_COUNT(COMTRADE_PLUS) - 1;
    qi_clear_roles(s, n);
    for (size_t i = 0; i < n; i++)
        set_role(s, i, COMTRADE_PLUS[i].role);
    snprintf(s->source, sizeof s->source, "UN Comtrade");
}

int qi_comtrade_column(const char *name, size_t length) {
    for (int i = 0; COMTRADE_PLUS[i].name != NULL; i++)
        if (strncasecmp(COMTRADE_PLUS[i].name, name, length) == 0 &&
            COMTRADE_PLUS[i].name[length] == 0)
            return i;
    return -1;
}

static bool is_wits(const char *const *fields, size_t n, qi_schema *s) {
    snprintf(s->source, sizeof s->source, "UN Comtrade through WITS");
    s->value_scale = 6;
    return match(WITS, fields, n, s);
}

static bool is_trains(const char *const *fields, size_t n, qi_schema *s) {
    snprintf(s->source, sizeof s->source, "UNCTAD TRAINS and UN Comtrade through WITS");
    snprintf(s->valuation, sizeof s->valuation, "CIF");
    s->value_scale = 6;
    s->flow = QUIPU_IMPORT;
    s->tariffs = true;
    return match(WITS_TRAINS, fields, n, s);
}

static bool is_our_tariffs(const char *const *fields, size_t n, qi_schema *s) {
    s->tariffs = true;
    s->flow = QUIPU_N_FLOWS; /* no trade cells: the trade is in a table of its own */
    return match(OUR_TARIFFS, fields, n, s);
}

static bool is_dump(const char *const *fields, size_t n, qi_schema *s) {
    return match(DUMP, fields, n, s);
}

static bool is_engine(const char *const *fields, size_t n, qi_schema *s) {
    return match(ENGINE, fields, n, s);
}

static bool is_wide(const char *const *fields, size_t n, qi_schema *s) {
    return match(WIDE, fields, n, s);
}

static bool is_codes(const char *const *fields, size_t n, qi_schema *s) {
    return match(COUNTRY_CODES, fields, n, s) || (n == 2 && match(PRODUCT_CODES, fields, n, s));
}

/* Every line of a code list or a readme is set aside as such. */
static quipu_status read_codes(qi_chunk *chunk, quipu_error *err) {
    QI_UNUSED(err);
    uint64_t lines = 0;
    for (size_t i = 0; i < chunk->length; i++)
        lines += chunk->bytes[i] == '\n';
    chunk->n_lines = lines;
    uint64_t rows = lines > chunk->skip_lines ? lines - chunk->skip_lines : 0;
    chunk->ledger.read += rows;
    qi_ledger_count(&chunk->ledger, QI_R_CODE_FILE, rows, 0);
    return QUIPU_OK;
}

static const qi_profile PROFILES[] = {
    {"baci", "CEPII BACI", "header t,i,j,k,v,q; the zip as published, with its code files",
     is_baci, qi_read_rows, false},
    {"comtrade", "UN Comtrade (classic download)", "header Classification,Year,Period,...",
     is_classic, qi_read_rows, false},
    {"comtrade-plus", "UN Comtrade (Comtrade+, API)", "header typeCode,freqCode,refYear,...",
     is_plus, qi_read_rows, false},
    {"comtrade-json", "UN Comtrade (answers of the API)",
     "{\"elapsedTime\": ..., \"count\": ..., \"data\": [...]}", NULL, qi_read_comtrade_json,
     true},
    {"wits", "WITS product trade", "header Nomenclature,ReporterISO3,ProductCode,...", is_wits,
     qi_read_rows, false},
    {"wits-trains", "WITS-TRAINS trade with tariffs",
     "header Selected Nomen,Native Nomen,Reporter,...,DutyType,...", is_trains, qi_read_rows,
     false},
    {"totals", "bilateral totals in JSON", "{year: {partner: {x, m}}}, a file a reporter", NULL,
     qi_read_totals_json, true},
    {"wide", "our own table, a series a row", "first line #quipu wide 1", is_wide, qi_read_wide,
     false},
    {"tariffs", "our own table of tariffs", "first line #quipu tariffs 1", is_our_tariffs,
     qi_read_rows, false},
    {"quipu", "the dump of a cube", "first line #quipu 1", is_dump, qi_read_rows, false},
    {"engine", "groups of a table in a database", "odbc:CONNECTION --table --map", is_engine,
     qi_read_rows, false},
    {"map", "any table, by --map", "--map period=COLUMN,reporter=COLUMN,value=COLUMN*1000,...",
     NULL, qi_read_rows, false},
    {"codes", "a list of codes beside the data", "header country_code,... or code,description",
     is_codes, read_codes, false},
};

const qi_profile *qi_profiles(size_t *count) {
    *count = QI_COUNT(PROFILES);
    return PROFILES;
}

const qi_profile *qi_profile_find(const char *name) {
    for (size_t i = 0; i < QI_COUNT(PROFILES); i++)
        if (strcmp(PROFILES[i].name, name) == 0)
            return &PROFILES[i];
    return NULL;
}

quipu_status quipu_import_profiles(quipu_table *out, quipu_error *err) {
    static const quipu_column_spec SPECS[] = {
        {"profile", "Profile", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"label", "What it is", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"recognised_by", "Recognised by", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    };
    quipu_status status;
    QI_TRY(quipu_table_init(out, "profiles", SPECS, QI_COUNT(SPECS), err));
    for (size_t i = 0; i < QI_COUNT(PROFILES); i++) {
        size_t row;
        QI_GO(quipu_table_add_rows(out, 1, &row, err));
        QI_GO(quipu_table_set_text(out, 0, row, PROFILES[i].name, err));
        QI_GO(quipu_table_set_text(out, 1, row, PROFILES[i].label, err));
        QI_GO(quipu_table_set_text(out, 2, row, PROFILES[i].recognised_by, err));
    }
    return QUIPU_OK;
done:
    quipu_table_free(out);
    return status;
}

/* ---- --map ---- */

static const struct {
    const char *name;
    qi_role role;
} MAP_ROLE[] = {{"period", QI_PERIOD},     {"year", QI_PERIOD},
                {"reporter", QI_REPORTER}, {"exporter", QI_REPORTER},
                {"partner", QI_PARTNER},   {"importer", QI_PARTNER},
                {"product", QI_PRODUCT},   {"value", QI_VALUE},
                {"weight", QI_WEIGHT},     {"quantity", QI_QUANTITY},
                {"unit", QI_UNIT},         {"flow", QI_FLOW},
                {"firm", QI_FIRM},         {"nomenclature", QI_NOMENCLATURE}};

static int power_of_ten(const char *text) {
    int power = 0;
    if (*text != '1')
        return -1;
    for (text++; *text == '0'; text++)
        power++;
    return *text == 0 ? power : -1;
}

/* One word of the map: role=column[*1000] or role:constant. */
static quipu_status map_word(const qi_import *import, char *word, char *const *fields, size_t n,
                             qi_schema *schema, quipu_error *err) {
    size_t name = strcspn(word, "=:");
    char kind = word[name];
    char *value = word + name + 1;
    if (kind == 0)
        return qi_fail(err, QUIPU_E_ARG,
                       "--map: \"%s\" is neither role=column nor role:constant", word);
    word[name] = 0;
    size_t r = 0;
    while (r < QI_COUNT(MAP_ROLE) && strcmp(MAP_ROLE[r].name, word) != 0)
        r++;
    if (r == QI_COUNT(MAP_ROLE))
        return qi_fail(err, QUIPU_E_ARG,
                       "--map: no role \"%s\"; roles are period, reporter, partner, product, "
                       "value, weight, quantity, unit, flow, nomenclature, firm",
                       word);
    qi_role role = MAP_ROLE[r].role;
    if (kind == ':') {
        if (role == QI_FLOW && quipu_flow_parse(value, strlen(value), &schema->flow))
            return QUIPU_OK;
        if (role == QI_REPORTER || role == QI_PARTNER) {
            unsigned number = qi_country_number(import, value, strlen(value));
            if (number == QI_UNKNOWN_NUMBER)
                return qi_fail(err, QUIPU_E_ARG, "--map: unknown country \"%s\"", value);
            *(role == QI_REPORTER ? &schema->reporter : &schema->partner) = number;
            return QUIPU_OK;
        }
        const quipu_nomenclature *known;
        if (role == QI_NOMENCLATURE) {
            QI_TRY(quipu_nomenclature_find(import->nomen, value, &known, err));
            snprintf(schema->nomenclature, sizeof schema->nomenclature, "%s", known->name);
            return QUIPU_OK;
        }
        return qi_fail(err, QUIPU_E_ARG, "--map: %s:%s is not a constant this role can have",
                       word, value);
    }
    char *factor = strchr(value, '*');
    int scale = 0;
    if (factor != NULL) {
        *factor = 0;
        scale = power_of_ten(factor + 1);
        if (scale < 0 || scale > 9)
            return qi_fail(err, QUIPU_E_ARG, "--map: the factor \"%s\" is not 1, 10, 100, ...",
                           factor + 1);
    }
    if (role == QI_VALUE)
        schema->value_scale = 3 + scale;
    if (role == QI_WEIGHT)
        schema->weight_scale = 3 + scale;
    char folded[128];
    qi_fold_header(value, strlen(value), folded, sizeof folded);
    for (size_t i = 0; i < n; i++)
        if (strcmp(fields[i], folded) == 0) {
            set_role(schema, i, role);
            return QUIPU_OK;
        }
    return qi_fail(err, QUIPU_E_ARG, "--map: the file has no column \"%s\"", value);
}

/* Does a word of the map begin here, role= or role:? */
static bool begins_word(const char *text) {
    for (size_t r = 0; r < QI_COUNT(MAP_ROLE); r++) {
        size_t n = strlen(MAP_ROLE[r].name);
        if (strncmp(text, MAP_ROLE[r].name, n) == 0 && (text[n] == '=' || text[n] == ':'))
            return true;
    }
    return false;
}

/* The next word of the map, cut off in place; NULL at the end.  Commas end a word; a blank does
 * only before another one, as names of columns have blanks in them. */
static char *next_word(char **at) {
    char *word = *at + strspn(*at, ", "), *end = word;
    if (*word == 0)
        return NULL;
    while (*end != 0 && *end != ',' && !(*end == ' ' && begins_word(end + strspn(end, " "))))
        end++;
    *at = *end != 0 ? end + 1 : end;
    *end = 0;
    while (end > word && end[-1] == ' ')
        *--end = 0;
    return word;
}

quipu_status qi_apply_map(const qi_import *import, char *const *fields, size_t n,
                          qi_schema *schema, quipu_error *err) {
    qi_clear_roles(schema, n);
    char *map = strdup(import->options.map), *at = map;
    if (map == NULL)
        return qi_fail_memory(err, strlen(import->options.map));
    quipu_status status = QUIPU_OK;
    for (char *word; status == QUIPU_OK && (word = next_word(&at)) != NULL;)
        status = map_word(import, word, fields, n, schema, err);
    free(map);
    if (status != QUIPU_OK)
        return status;
    if (schema->column[QI_PERIOD] < 0 || schema->column[QI_VALUE] < 0 ||
        (schema->column[QI_REPORTER] < 0 && schema->reporter == QI_UNKNOWN_NUMBER) ||
        (schema->column[QI_PARTNER] < 0 && schema->partner == QI_UNKNOWN_NUMBER))
        return qi_fail(err, QUIPU_E_ARG,
                       "--map must name period, reporter, partner and value (reporter:PER or "
                       "partner:WLD where the whole file has the same one)");
    return QUIPU_OK;
}
