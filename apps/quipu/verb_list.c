/* SPDX-License-Identifier: Apache-2.0 */
/* verb_list.c - every verb of the program that is no measure, with its options, once. */
#include "app.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* ---- import, append, convert ---- */

/* clang-format off */
#define IMPORT_OPTIONS                                                                         \
    {"profile", 0, "NAME", APP_ANY, NULL,                                                      \
     "what the files are; told from their content otherwise (quipu list profiles)"},           \
    {"map", 0, "FIELDS", APP_ANY, NULL,                                                        \
     "which column is what, for files no profile knows: see docs/import.md"},                  \
    {"sheet", 0, "NAME", APP_ANY, NULL, "the sheet of a workbook; else it must have one only"},       \
    {"range", 0, "CELLS", APP_ANY, NULL,                                                       \
     "where the table stands on the sheet: A5:F300, or A5:F down to the last row"},            \
    {"rejects", 0, "FILE", APP_FILE, NULL,                                                     \
     "put malformed rows there and go on; otherwise the first one ends the import"},           \
    {"nomenclature", 0, "NAME", APP_WORDS, NULL,                                               \
     "keep this revision only, or name it where the files do not (H0 ... H6, S2, I3)"},        \
    {"source", 0, "TEXT", APP_ANY, NULL, "who published the files; kept in the cube"},         \
    {"release", 0, "TEXT", APP_ANY, NULL, "which edition they are; kept in the cube"},         \
    {"valuation", 0, "TEXT", APP_ANY, NULL, "FOB, CIF or FOB/CIF; kept in the cube"},          \
    {"duplicates", 0, "RULE", APP_WORDS, "error first last sum declarations",                  \
     "two different values for one cell: error (default), first, last or sum; declarations: "  \
     "every row counts, equal ones too"},                                                      \
    {"input-name", 0, "TEXT", APP_ANY, NULL,                                                   \
     "kept in the cube instead of names and checksums of the files"},                          \
    {"table", 0, "NAME", APP_ANY, NULL, "of the database: TABLE or SCHEMA.TABLE"},             \
    {"where", 0, "CONDITIONS", APP_ANY, NULL,                                                  \
     "of the database: only rows with, say, \"year >= 2000 and office in ('LIM', 'CAL')\""},   \
    {"dialect", 0, "NAME", APP_WORDS, "postgresql clickhouse spark duckdb",                    \
     "of the database: which SQL it speaks; told by what it calls itself otherwise"},          \
    {"firms", 0, "FILE", APP_FILE, NULL,                                                       \
     "of the database: write the distinct firms of each cell there (firm=COLUMN in --map)"},   \
    {"keep-firms", 0, NULL, APP_ANY, NULL,                                                     \
     "keep trade by firm (firm=COLUMN in --map, rows of declarations): see docs/import.md"},   \
    {"min-firms", 0, "N", APP_ANY, NULL,                                                       \
     "with --keep-firms: cells of fewer firms are confidential, whoever asks; 3 otherwise"},   \
    {"pad-codes", 0, NULL, APP_ANY, NULL,                                                      \
     "put back the leading zero of product codes a spreadsheet has eaten"},                    \
    {"keep-unknown", 0, NULL, APP_ANY, NULL,                                                   \
     "keep countries the tables do not know; otherwise they are an error"},                    \
    {"memory", 0, "SIZE", APP_ANY, NULL, "sort in so much memory before using disk: 1G, 512M"}
/* clang-format on */

static const app_option import_options[] = {
    {"output", 'o', "CUBE", APP_FILE, NULL, "the cube to make; replaced if it is there"},
    IMPORT_OPTIONS,
    {"statement", 0, NULL, APP_ANY, NULL, "of the database: print the SQL, import nothing"},
    {"explain", 0, NULL, APP_ANY, NULL,
     "of the database: print its plan for that SQL, import nothing"},
};
static const app_option append_options[] = {IMPORT_OPTIONS};
static const app_option convert_options[] = {
    {"to", 0, "NAME", APP_WORDS, NULL, "the nomenclature to go to: H0 ... H6, S2, S3, I3"},
    {"output", 'o', "CUBE", APP_FILE, NULL, "the cube to make"},
    {"method", 0, "RULE", APP_WORDS, "official equal trade",
     "official: the one target of the UN tables (default); equal: equal parts over all; "
     "trade: parts in proportion to the trade of the cube itself"},
};
static const char *const import_examples[] = {
    "quipu import data/examples/peru-partners.csv -o peru.quipu",
    "Peru's trade with every partner, from the tables that come with the program",
    "quipu import BACI_HS92_V202501.zip -o baci.quipu",
    "thirty years of BACI straight from the archive it is published in",
    "quipu import comtrade.csv --rejects bad-rows.csv -o x.quipu",
    "go on over malformed rows and keep them for a look",
    "quipu import 'odbc:DSN=customs' --table declarations --map "
    "'period=month(date),reporter:PER,partner=country,product=hs6,value=usd,flow:import' "
    "-o customs.quipu",
    "a table of single declarations, added up in its database",
    NULL};
static const char *const append_examples[] = {
    "quipu append baci.quipu BACI_HS92_Y2024_V202601.csv",
    "add a year, or replace it by its revision", NULL};
static const char *const convert_examples[] = {
    "quipu convert hs2012.quipu --to H0 -o hs1992.quipu",
    "carry a cube back to the first revision of the Harmonized System", NULL};

/* ---- what stays in an engine ---- */

static const app_option sql_plan_options[] = {
    {"dialect", 0, "NAME", APP_WORDS, "postgresql clickhouse spark duckdb", "which SQL"},
    {"table", 0, "NAME", APP_ANY, NULL, "TABLE or SCHEMA.TABLE"},
    {"map", 0, "FIELDS", APP_ANY, NULL, "which column is what, as for an import"},
    {"where", 0, "CONDITIONS", APP_ANY, NULL, "only rows with, say, \"year >= 2000\""},
    {"numbers", 0, NULL, APP_ANY, NULL,
     "countries stand in the table as numbers (604); else as letters (PER)"},
    {"output", 'o', "FILE", APP_FILE, NULL, "write there instead of to standard output"},
    {"reporter", 0, "WHO", APP_COUNTRY, NULL, "of the measure: whose trade"},
    {"partner", 0, "WHO", APP_COUNTRY, NULL, "of the measure: with whom"},
    {"product", 0, "CODES", APP_ANY, NULL, "of the measure: 2603,74 or 72-83"},
    {"flow", 0, "FLOW", APP_WORDS, "export import re-export re-import reconciled",
     "of the measure"},
    {"years", 0, "YEARS", APP_ANY, NULL, "of the measure: 1995-2011 or 1995,2011"},
    {"by", 0, "DIMENSIONS", APP_CLASS, NULL, "of the measure: a row for each"},
    {"of", 0, "WHOLE", APP_COUNTRY, NULL, "of the measure: the whole of a share"},
    {"limit", 0, "N", APP_ANY, NULL, "top: so many of each"},
    {"method", 0, "WORD", APP_WORDS, "compound log midpoint", "growth: the rate"},
    {"variant", 0, "WORD", APP_WORDS, "balassa symmetric normalised additive",
     "rca: which index"},
    {"cutoff", 0, "X", APP_ANY, NULL, "rca: only indexes of at least this much"},
};
static const char *const sql_plan_examples[] = {
    "quipu sql-plan share --dialect postgresql --table declarations --map "
    "period=year,flow=flow,reporter=iso_o,partner=iso_d,product=hs6,value=usd --reporter Peru "
    "--by partner --of Asia --years 2011",
    "Asia's buyers of Peru's exports, asked of a table of declarations", NULL};

/* ---- looking at cubes ---- */

static const app_option info_options[] = {
    {"ledger", 0, NULL, APP_ANY, NULL, "the report of the import: where every row went"},
};
static const char *const info_examples[] = {"quipu info peru.quipu", "what is in a cube",
                                            "quipu peru.quipu", "the same, shorter", NULL};
static const char *const verify_examples[] = {
    "quipu verify peru.quipu", "check every checksum, code and sum; exit status 1 if one fails",
    NULL};
static const app_option dump_options[] = {
    {"format", 'f', "FORMAT", APP_WORDS, "csv parquet",
     "csv or parquet; else what -o ends in, else csv"},
    {"output", 'o', "FILE", APP_FILE, NULL, "write there instead of to standard output"},
};
static const char *const dump_examples[] = {
    "quipu dump peru.quipu | gzip > peru.csv.gz",
    "the whole cube as text, to keep or to send",
    "quipu dump peru.quipu -o peru.csv && quipu import peru.csv -o same.quipu",
    "and back again: the very same cube",
    "quipu dump peru.quipu -o peru.parquet",
    "for other programs, with exact decimals; import reads it back as well",
    NULL};
static const app_option draw_options[] = {
    {"format", 'f', "FORMAT", APP_WORDS, "svg png pdf",
     "svg, png or pdf; else what -o ends in"},
    {"output", 'o', "FILE", APP_FILE, NULL, "write there instead of to standard output"},
};
static const char *const draw_examples[] = {
    "quipu share peru.quipu --reporter Peru --partner China --format option > figure.json",
    "a figure as data, to change by hand or to show in a page",
    "quipu draw figure.json -o figure.pdf", "and drawn", NULL};
static const char *const list_examples[] = {"quipu list groups",
                                            "which groups of countries can be named",
                                            "quipu list countries korea",
                                            "how a country is called and coded",
                                            "quipu list products H0 copper",
                                            "codes by a word of their names",
                                            NULL};

static const app_option sql_options[] = {
    {"with", 0, "NAME=CUBE", APP_FILE, NULL,
     "another cube, whose tables are NAME.trade and so on; without NAME= it is called as its "
     "file; may be given several times"},
};
static const char *const sql_examples[] = {
    "quipu sql peru.quipu \"SELECT partner, sum(value) AS value FROM trade WHERE year = 2011 "
    "AND flow = 'export' AND reporter = 'PER' GROUP BY partner ORDER BY value DESC LIMIT 5\"",
    "the five largest customers",
    "quipu sql peru.quipu \"SELECT * FROM share(reporter := 'Peru', years := 2011)\"",
    "a measure as a table, to be joined with others",
    "quipu sql peru.quipu \"COPY (FROM trade) TO 'peru.csv'\"",
    "whatever DuckDB can write",
    NULL};

/* ---- studies ---- */

static const app_option study_options[] = {
    {"output", 'o', "FOLDER", APP_FOLDER, NULL,
     "where the bundle appears; else a folder named for the study (check: the file to write)"},
    {"input", 0, "NAME=PATH", APP_FILE, NULL,
     "another place for an input of the study; may be given several times"},
    {"block", 0, "NAME", APP_ANY, NULL, "check: this table, these facts only"},
    {"watch", 0, NULL, APP_ANY, NULL, "build again whenever the study or an input changes"},
    {"new", 0, "COUNTRY", APP_COUNTRY, NULL, "write a starting file for another country"},
    {"partners", 0, "WHO", APP_COUNTRY, NULL, "with --new: the partners it looks at"},
    {"trade", 0, "CUBE", APP_FILE, NULL, "with --new: the cube it asks"},
    {"schema", 0, NULL, APP_ANY, NULL, "print the JSON Schema of study files, for editors"},
    {"format", 'f', "FORMAT", APP_WORDS, NULL, "check: of the table, as for every table"},
    {"plain", 0, NULL, APP_ANY, NULL, "check: the bare table"},
};
static const char *const study_examples[] = {
    "quipu study examples/peru-asia/peru-asia.yaml -o peru-asia",
    "the whole study: page, workbook, LaTeX, tables, figures, in one folder",
    "quipu study check examples/peru-asia/peru-asia.yaml",
    "each printed figure beside ours, with the difference and its cause",
    "quipu study --new CHL --partners China,Japan,Korea --trade trade.quipu -o chile.yaml",
    "begin one for another country",
    NULL};

/* ---- serving ---- */

static const app_option serve_options[] = {
    {"port", 0, "N", APP_ANY, NULL, "8417 when not given; 0 = any that is free"},
    {"host", 0, "ADDRESS", APP_ANY, NULL,
     "address to listen on; 127.0.0.1, this machine only, when not given"},
    {"name", 0, "NAME", APP_ANY, NULL,
     "a host name it may be asked under, besides its address and localhost; may be given "
     "several times"},
    {"register", 0, "FOLDER", APP_FOLDER, NULL, "a register of investments to serve with it"},
    {"study", 0, "FOLDER", APP_FOLDER, NULL, "a built study, or a folder of several"},
    {"seconds", 0, "N", APP_ANY, NULL, "an answer may take so long; 30 when not given"},
    {"answer-size", 0, "SIZE", APP_ANY, NULL, "an answer may be so large; 64M when not given"},
    {"cache", 0, "SIZE", APP_ANY, NULL, "memory for answers kept; 64M when not given"},
    {"quiet", 0, NULL, APP_ANY, NULL, "no line on standard error for each request"},
};
static const char *const serve_examples[] = {
    "quipu serve peru.quipu", "open http://127.0.0.1:8417/ in a browser",
    "quipu serve peru.quipu --register examples/peru-asia/register --study peru-asia",
    "with the investments and the built study", NULL};

/* ---- registers of investments ---- */

static const char *const invest_examples[] = {
    "quipu invest table examples/peru-asia/register --country Japan",
    "the projects with Japanese companies: who, how much, since when, whence",
    "quipu invest owners examples/peru-asia/register --of block-8",
    "who owns an oil field in the end",
    "quipu invest check examples/peru-asia/register",
    "everything that is wrong with a register",
    NULL};
static const app_option invest_file_options[] = {
    {"output", 'o', "FILE", APP_FILE, NULL, "write there instead of to standard output"},
};
static const app_option invest_folder_options[] = {
    {"output", 'o', "FOLDER", APP_FOLDER, NULL, "the folder to make; it must not be there"},
};
static const char *const invest_check_examples[] = {
    "quipu invest check examples/peru-asia/register",
    "all problems, or one line that all is well", NULL};
static const char *const invest_bods_examples[] = {
    "quipu invest bods examples/peru-asia/register -o peru.json",
    "the companies and stakes for other programs", NULL};
static const char *const invest_import_examples[] = {
    "quipu invest import statements.json -o register",
    "a register out of a published declaration", NULL};

/* ---- fetching ---- */

/* clang-format off */
#define FETCH_OPTIONS                                                                          \
    {"output", 'o', "FILE", APP_FILE, NULL, "what to make of the answers; replaced if it is there"}, \
    {"keep", 0, "FOLDER", APP_FOLDER, NULL,                                                    \
     "where the answers are kept; x.fetch beside x.quipu when not given"},                     \
    {"dry-run", 0, NULL, APP_ANY, NULL, "print the requests that would be made, and make none"}, \
    {"base-url", 0, "ADDRESS", APP_ANY, NULL, "ask a mirror instead of the source itself"},    \
    {"ca-file", 0, "FILE", APP_FILE, NULL,                                                     \
     "certificates to trust instead of the system's (for a mirror of your own)"},              \
    {"pause", 0, "SECONDS", APP_ANY, NULL,                                                     \
     "between two requests; 1 when not given, doubled after each failure"},                    \
    {"parallel", 0, "N", APP_ANY, NULL, "requests at once, 1 to 4; 2 when not given"},         \
    {"tries", 0, "N", APP_ANY, NULL, "of one request before it is given up; 6 when not given"}, \
    {"timeout", 0, "SECONDS", APP_ANY, NULL,                                                   \
     "without a byte before a try counts as failed; 60 when not given"},                       \
    {"patience", 0, "SECONDS", APP_ANY, NULL,                                                  \
     "the longest wait an office may ask for; 900 when not given"}
#define FETCH_WHO                                                                              \
    {"reporter", 0, "WHO", APP_COUNTRY, NULL, "countries and groups, comma-separated; or all"}
#define FETCH_FLOW                                                                             \
    {"flow", 0, "FLOW[,FLOW]", APP_ANY, NULL,                                                  \
     "export, import, re-export, re-import; export,import when not given"}

static const app_option comtrade_options[] = {
    FETCH_WHO,
    {"years", 0, "YEARS", APP_ANY, NULL, "2011, 2000-2011, or months 201101-201106"},
    {"partner", 0, "WHO", APP_COUNTRY, NULL, "countries and groups; all when not given"},
    {"product", 0, "WHAT", APP_ANY, NULL,
     "total (when not given), chapters, 4-digit, 6-digit, or codes, comma-separated"},
    FETCH_FLOW,
    {"nomenclature", 0, "NAME", APP_WORDS, NULL,
     "HS (as reported, when not given), H0 ... H6, S1 ... S4"},
    {"key-file", 0, "FILE", APP_FILE, NULL,
     "a file with the key, which nobody else can read (mode 600); else COMTRADE_KEY"},
    FETCH_OPTIONS};
static const app_option baci_options[] = {
    {"nomenclature", 0, "NAME", APP_WORDS, NULL, "HS92, HS96, HS02, HS07, HS12, HS17 or HS22"},
    {"release", 0, "RELEASE", APP_ANY, NULL, "such as 202501, as CEPII's page has it"},
    FETCH_OPTIONS};
static const app_option wits_options[] = {
    FETCH_WHO, {"years", 0, "YEARS", APP_ANY, NULL, "2011 or 2000-2011"}, FETCH_FLOW,
    FETCH_OPTIONS};
static const app_option worldbank_options[] = {
    FETCH_WHO,
    {"years", 0, "YEARS", APP_ANY, NULL, "2011 or 2000-2011"},
    {"indicator", 0, "NAME[,NAME]", APP_ANY, NULL,
     "gdp, population, gdp-per-head, or codes; gdp,population when not given"},
    FETCH_OPTIONS};
static const app_option rebuild_options[] = {
    {"output", 'o', "FILE", APP_FILE, NULL, "the cube (or the table) to make"}};
/* clang-format on */
static const char *const fetch_examples[] = {
    "quipu fetch comtrade --reporter Peru --years 2010-2012 -o peru.quipu",
    "the answers in peru.fetch, and a cube of them",
    "quipu fetch rebuild peru.fetch -o again.quipu",
    "the same cube without the network, byte for byte", NULL};
static const char *const comtrade_examples[] = {
    "quipu fetch comtrade --reporter Peru --years 2010-2012 --dry-run",
    "which requests that would be",
    "quipu fetch comtrade --reporter Peru --years 2010-2012 --product 6-digit "
    "--key-file ~/.comtrade -o peru.quipu",
    "all products, with a key", NULL};
static const char *const baci_examples[] = {
    "quipu fetch baci --nomenclature HS92 --release 202501 -o baci.quipu",
    "thirty years of the world; an interrupted download goes on", NULL};
static const char *const wits_examples[] = {
    "quipu fetch wits --reporter Peru --years 1995-2011 -o totals.quipu",
    "trade of a country by partner, all products together", NULL};
static const char *const worldbank_examples[] = {
    "quipu fetch worldbank --reporter all --years 1995-2011 -o income.csv",
    "GDP and population of every country, a row for each year", NULL};
static const char *const rebuild_examples[] = {
    "quipu fetch rebuild peru.fetch -o again.quipu",
    "check every answer against its hash and make the cube of them", NULL};

/* ---- help ---- */

static const char *const help_examples[] = {"quipu help growth", "all about one measure", NULL};
static const char *const completion_examples[] = {
    "quipu completion bash > ~/.local/share/bash-completion/completions/quipu",
    "complete verbs, options, countries and classes from the next shell on", NULL};

const app_verb app_verbs[] = {
    {.name = "import",
     .usage = "FILE... -o CUBE",
     .summary = "turn published files, or a table in a database, into a cube",
     .detail =
         "Files may be csv, gz, zip or Parquet, or - for standard input; what they are is told "
         "from their content. odbc:CONNECTION with --table and --map is a table in a "
         "database, added up where it lies: only sums are sent. Every row read ends in "
         "exactly one of three places: "
         "accepted, set aside (known for what it is: a total, a group, a repetition) or "
         "rejected (malformed). The ledger printed at the end counts them all. The cube "
         "appears whole or not at all.",
     .options = import_options,
     .n_options = N(import_options),
     .with = APP_WITH_THREADS,
     .examples = import_examples,
     .run = app_run_import},
    {.name = "append",
     .usage = "CUBE FILE...",
     .summary = "add files to a cube; periods they hold replace those of the cube",
     .detail = "The files' periods and flows take the place of those the cube already has; "
               "all others stay. The old cube stays readable until the new one is whole.",
     .options = append_options,
     .n_options = N(append_options),
     .with = APP_WITH_THREADS,
     .examples = append_examples,
     .run = app_run_append},
    {.name = "fetch",
     .usage = "SOURCE [OPTION...] -o FILE",
     .summary = "fetch official data, keep the answers, make a cube of them",
     .detail =
         "The answers are kept as they came, with a journal and hashes, in a folder beside "
         "the cube. Whatever interrupts a fetch, the same command goes on where it stopped, "
         "and `quipu fetch rebuild` makes the same cube without the network. "
         "docs/fetch.md says what is asked of whom.",
     .words = "comtrade baci wits worldbank rebuild",
     .examples = fetch_examples,
     .run = app_run_words},
    {.name = "fetch comtrade",
     .usage = "--reporter WHO --years YEARS [OPTION...] -o CUBE",
     .summary = "trade from UN Comtrade, with a key or without",
     .detail =
         "First it asks what has been published, then for each reporter and period; an "
         "answer that reaches the limit of rows (500 without a key, 100 000 with one) is "
         "not used but asked for in parts. The key comes from the environment "
         "(COMTRADE_KEY) or from --key-file; it is sent to the office and written nowhere.",
     .words = "",
     .options = comtrade_options,
     .n_options = N(comtrade_options),
     .with = APP_WITH_THREADS,
     .examples = comtrade_examples,
     .run = app_run_fetch_source},
    {.name = "fetch baci",
     .usage = "--nomenclature NAME --release RELEASE -o CUBE",
     .summary = "CEPII's BACI, the archive of one revision of the HS",
     .detail =
         "Some two gigabytes for HS92. A download that is interrupted is gone on with, as "
         "long as CEPII has the same file.",
     .words = "",
     .options = baci_options,
     .n_options = N(baci_options),
     .with = APP_WITH_THREADS,
     .examples = baci_examples,
     .run = app_run_fetch_source},
    {.name = "fetch wits",
     .usage = "--reporter WHO --years YEARS [OPTION...] -o CUBE",
     .summary = "total trade by partner from WITS",
     .detail =
         "One question for each reporter, year and flow. Years WITS does not have are told "
         "and left out.",
     .words = "",
     .options = wits_options,
     .n_options = N(wits_options),
     .with = APP_WITH_THREADS,
     .examples = wits_examples,
     .run = app_run_fetch_source},
    {.name = "fetch worldbank",
     .usage = "--reporter WHO --years YEARS [--indicator NAME] -o FILE.csv",
     .summary = "GDP, population and other indicators of the World Bank, as a table",
     .detail =
         "A row for each country and year, a column for each indicator; a figure that was "
         "not published is empty. Groups of countries are left out.",
     .words = "",
     .options = worldbank_options,
     .n_options = N(worldbank_options),
     .examples = worldbank_examples,
     .run = app_run_fetch_source},
    {.name = "fetch rebuild",
     .usage = "FOLDER -o FILE",
     .summary = "make the cube of a fetch again, without the network",
     .detail = "Every answer is checked against the SHA-256 in the manifest first. The same "
               "folder gives the same bytes.",
     .options = rebuild_options,
     .n_options = N(rebuild_options),
     .with = APP_WITH_THREADS,
     .examples = rebuild_examples,
     .run = app_run_fetch_rebuild},
    {.name = "sql-plan",
     .usage = "MEASURE --dialect NAME --table NAME --map FIELDS [OPTION...]",
     .summary = "print a measure as SQL, for a table that stays in its database",
     .detail =
         "One statement that gives the figures the measure gives over the cube of the same "
         "table, to the last digit. Measures that stay in the engine: value, share, "
         "growth, top, structure, balance and rca.",
     .words = "value share growth top structure balance rca",
     .options = sql_plan_options,
     .n_options = N(sql_plan_options),
     .examples = sql_plan_examples,
     .run = app_run_sql_plan},
    {.name = "info",
     .usage = "CUBE",
     .summary = "what a cube holds: periods, flows, sizes, where it is from",
     .detail = "A row for each period and flow. Under the table stands what the cube says of "
               "itself, with the name and checksum of every file it was made of.",
     .options = info_options,
     .n_options = N(info_options),
     .with = APP_WITH_OUTPUT,
     .examples = info_examples,
     .run = app_run_info},
    {.name = "verify",
     .usage = "CUBE",
     .summary = "check every checksum, code and sum in a cube",
     .detail = "Lists every problem found, and ends with exit status 1 if there is one. A "
               "sound cube gives one line and status 0.",
     .with = APP_WITH_OUTPUT,
     .examples = verify_examples,
     .run = app_run_verify},
    {.name = "dump",
     .usage = "CUBE",
     .summary = "write a whole cube as text or Parquet; import reads it back unchanged",
     .detail =
         "Metadata as comment lines, then one row for each reporter, partner, product, "
         "period and flow; then the tariffs, if there are any. Values in US$ without "
         "rounding, missing fields empty. As Parquet the tariffs go to a file of their own, "
         "NAME.tariffs.parquet.",
     .options = dump_options,
     .n_options = N(dump_options),
     .examples = dump_examples,
     .run = app_run_dump},
    {.name = "sql",
     .usage = "CUBE [STATEMENT] [--with NAME=CUBE]",
     .summary = "ask a cube, the classifications and every measure in SQL (needs DuckDB)",
     .detail = "The tables are trade, tariffs, products and classes of the cube, countries, "
               "groups, members, nomenclatures, schemes and agreements; every measure is a "
               "function with its options as parameters: share(reporter := 'Peru'). Money is "
               "exact. Without a statement they are read from standard input; the table of the "
               "last is shown. Statements run with your rights: they may read and write any "
               "file you may (docs/sql.md).",
     .words = NULL,
     .options = sql_options,
     .n_options = N(sql_options),
     .with = APP_WITH_OUTPUT | APP_WITH_THREADS,
     .examples = sql_examples,
     .run = app_run_sql},
    {.name = "convert",
     .usage = "CUBE --to NOMENCLATURE -o CUBE",
     .summary = "rewrite a cube in another nomenclature",
     .detail = "No value is lost: what finds no target keeps its code, and what is divided "
               "over several is divided exactly. The ledger says how much went either way.",
     .options = convert_options,
     .n_options = N(convert_options),
     .with = APP_WITH_THREADS,
     .examples = convert_examples,
     .run = app_run_convert},
    {.name = "draw",
     .usage = "OPTION.json -o FILE.svg",
     .summary = "draw a figure that was kept as an option",
     .detail = "An option is what a measure gives with --format option: one JSON object, data "
               "only, read by ECharts. Drawing needs no cube.",
     .options = draw_options,
     .n_options = N(draw_options),
     .examples = draw_examples,
     .run = app_run_draw},
    {.name = "list",
     .usage =
         "countries|groups|members|agreements|classes|nomenclatures|products|measures|profiles|"
         "charts "
         "[WORD...]",
     .summary = "list what can be named in a command",
     .detail = "Further words narrow the list: a part of a name; for products first a "
               "nomenclature, then a part of a name or the beginning of a code.",
     .words = "countries groups members agreements classes nomenclatures products measures "
              "profiles charts",
     .with = APP_WITH_OUTPUT,
     .examples = list_examples,
     .run = app_run_list},
    {.name = "study",
     .usage = "FILE.yaml [-o FOLDER] | check FILE.yaml | --new COUNTRY",
     .summary = "build a country study from one file: page, tables, figures, comparison",
     .detail = "A study file names its inputs and lists text, tables, figures, facts and "
               "hypotheses (docs/study.md). The bundle appears whole or not at all, and is the "
               "same bytes for the same inputs; the id of its manifest stands in every file. "
               "`check` prints every printed figure beside ours and ends with status 1 when a "
               "difference has no explanation.",
     .words = "check",
     .options = study_options,
     .n_options = N(study_options),
     .with = APP_WITH_THREADS,
     .examples = study_examples,
     .run = app_run_study},
    {.name = "serve",
     .usage = "CUBE [--port N] [--host ADDRESS]",
     .summary = "serve a cube to browsers and programs on this machine",
     .detail =
         "Pages, every measure as JSON and in all formats, figures, search. It is only "
         "read from, and answers this machine only unless --host says otherwise. A cube "
         "replaced under its name is served from the next request on. One line of JSON on "
         "standard error for each request. Ctrl-C ends it (docs/http.md).",
     .options = serve_options,
     .n_options = N(serve_options),
     .with = APP_WITH_THREADS,
     .examples = serve_examples,
     .run = app_run_serve},
    {.name = "invest",
     .usage = "WORD REGISTER [OPTION...]",
     .summary = "investment projects and who owns them, from a register",
     .detail = "A register is a folder of CSV tables: companies, stakes, projects, amounts, "
               "status, sources (docs/invest.md). It is checked as a whole before any question "
               "is answered.",
     .words = "table owners country sector graph fdi check bods import",
     .examples = invest_examples,
     .run = app_run_words},
    {.name = "invest check",
     .usage = "REGISTER",
     .summary = "list everything that is wrong with a register",
     .detail = "A row for each problem: file, line, column, what was found and what was "
               "expected. Errors give exit status 1; warnings alone give 0, as they do not "
               "keep a question from being answered.",
     .with = APP_WITH_OUTPUT,
     .examples = invest_check_examples,
     .run = app_run_invest_check},
    {.name = "invest bods",
     .usage = "REGISTER [-o FILE.json]",
     .summary = "write a register as Beneficial Ownership Data Standard 0.4",
     .detail = "Companies, persons, states and projects become entity and person statements, "
               "stakes become relationship statements. Amounts and status have no place in the "
               "standard and stay behind.",
     .options = invest_file_options,
     .n_options = N(invest_file_options),
     .examples = invest_bods_examples,
     .run = app_run_invest_bods},
    {.name = "invest import",
     .usage = "FILE.json -o FOLDER",
     .summary = "make a register of Beneficial Ownership Data Standard statements",
     .detail =
         "Of each record the last statement counts. Shares and votes held directly become "
         "stakes; an indirect interest is left out where its chain is given, and kept with "
         "a warning where it is not. The folder must not be there.",
     .options = invest_folder_options,
     .n_options = N(invest_folder_options),
     .examples = invest_import_examples,
     .run = app_run_invest_import},
    {.name = "help",
     .usage = "[VERB|MEASURE]",
     .summary = "explain a verb or a measure",
     .detail = "Without a word: all verbs and measures in one line each.",
     .words = "",
     .examples = help_examples,
     .run = app_run_help},
    {.name = "completion",
     .usage = "bash|zsh",
     .summary = "print a completion script for a shell",
     .detail = "Verbs, measures, options, countries, groups and classes are completed.",
     .words = "bash zsh",
     .examples = completion_examples,
     .run = app_run_completion},
    {.name = "docs",
     .usage = "FOLDER",
     .summary = "write the reference page of every measure into a folder",
     .detail = "One markdown file for each measure, and an index.",
     .run = app_run_docs,
     .hidden = true},
    {.name = "man-page",
     .usage = "quipu|quipu-measures",
     .summary = "print the source of a man page, for scdoc",
     .words = "quipu quipu-measures",
     .run = app_run_man_page,
     .hidden = true},
};
const size_t app_n_verbs = N(app_verbs);
