/* SPDX-License-Identifier: Apache-2.0 */
/* penetration.c - what part of a country's use of a good comes from abroad, and from whom. */
#include "measures/production.h"

static const quipu_param params[] = {
    {"production", QUIPU_PARAM_FILE, NULL, NULL,
     "the table of output, #quipu output 1 (country,year,sector,output); needed"},
    {"form", QUIPU_PARAM_CHOICE, "level shock", "level",
     "imports over consumption of the year, or the change of imports over consumption of the "
     "base year"},
    {"base", QUIPU_PARAM_TEXT, NULL, NULL,
     "shock: the year changes are counted from; the first one when not given"},
};

static const quipu_column_spec columns[] = {
    {"output", "Output", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"exports", "Exports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"imports", "Imports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"consumption", "Apparent consumption", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"imports_from", "Imports from the partner", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"penetration", "Penetration", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"dependence", "All imports in consumption", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"orientation", "Exports in output", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"self_sufficiency", "Output in consumption", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"share_of_imports", "Share of all imports", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"divided", "Trade divided among sectors", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"flag", "Flag", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"base_consumption", "Consumption in the base year", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"change", "Change of imports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"shock", "Shock", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};
enum {
    OUTPUT,
    EXPORTS,
    IMPORTS,
    CONSUMPTION,
    IMPORTS_FROM,
    PENETRATION,
    DEPENDENCE,
    ORIENTATION,
    SELF_SUFFICIENCY,
    SHARE_OF_IMPORTS,
    DIVIDED,
    FLAG,
    N_LEVEL,
    BASE_CONSUMPTION = 0, /* columns of the shock form */
    CHANGE,
    SHOCK,
    SHOCK_FLAG,
    N_SHOCK
};

enum { X_PLANE, M_PLANE };

typedef struct plan {
    bool shock;
    qi_base_year years;
    qi_production production;
    qi_sectors sectors;
    qi_frame parts; /* by the partners asked for */
    qi_frame all;   /* from all partners */
    qi_frame whole; /* and over all sectors */
    qi_frame sure;  /* all, without products of several sectors */
    qi_lines lines; /* of `parts` */
    size_t n_negative, n_no_output;
} plan;

/* ---- the request ---- */

static quipu_status is_single(const qi_ask *ask, quipu_error *err) {
    for (size_t i = 0; i < ask->n_reporters; i++)
        if (ask->reporters[i].n_words != 1 || ask->reporters[i].words[0].country == NULL)
            return qi_fail(err, QUIPU_E_ARG,
                           "reporter \"%s\": output is of single countries; list them with "
                           "commas",
                           ask->reporters[i].text);
    return QUIPU_OK;
}

/* The countries and years of the table, for what was not typed. */
static quipu_status wish_for(const quipu_request *request, const qi_production *p,
                             qi_arena *arena, qi_wish *wish, quipu_error *err) {
    const quipu_country *countries;
    size_t n, n_years = 0, size = p->n_rows * 12 + 12;
    char *who = qi_arena_alloc(arena, size), *when = qi_arena_alloc(arena, size);
    QI_TRY(quipu_countries(request->nomen, &countries, &n, err));
    if (who == NULL || when == NULL)
        return qi_fail_memory(err, size);
    bool *years = qi_arena_alloc(arena, 2101 * sizeof *years);
    quipu_period *list = qi_arena_alloc(arena, 2101 * sizeof *list);
    if (years == NULL || list == NULL)
        return qi_fail_memory(err, 2101 * sizeof *list);
    size_t used = 0;
    for (size_t i = 0; i < p->n_rows; i++) { /* in order of country */
        if (i == 0 || p->rows[i].country != p->rows[i - 1].country)
            used += (size_t)snprintf(who + used, size - used, "%s%s", used > 0 ? "," : "",
                                     countries[p->rows[i].country].iso3);
        years[p->rows[i].year] = true;
    }
    for (quipu_period y = 0; y <= 2100; y++)
        if (years[y])
            list[n_years++] = y;
    qi_periods_text(list, n_years, when, size);
    if (qi_argument(&qi_measure_penetration, request, "reporter") == NULL)
        wish->reporter = who;
    if (wish->years == NULL)
        wish->years = when;
    return QUIPU_OK;
}

static quipu_status make_frames(qi_ask *ask, plan *p, quipu_error *err) {
    int partner = qi_ask_axis(ask, QI_AXIS_PARTNER), sector = qi_ask_axis(ask, QI_AXIS_CLASS);
    qi_cut cut = {.partner = "all"};
    cut.drop = partner >= 0 ? 1u << partner : 0;
    QI_TRY(qi_frame_make(ask, NULL, &p->parts, err));
    QI_TRY(qi_frame_make(ask, &cut, &p->all, err));
    ask->classes = &p->sectors.sure;
    quipu_status status = qi_frame_make(ask, &cut, &p->sure, err);
    ask->classes = &p->sectors.mapping;
    QI_TRY(status);
    cut.drop |= 1u << sector;
    return qi_frame_make(ask, &cut, &p->whole, err);
}

/* ---- figures ---- */

/* What is known of one sector of one country in one year. */
typedef struct account {
    bool has_output, has_exports, has_imports, has_from, has_consumption;
    quipu_money output, exports, imports, from, consumption;
} account;

static bool read_cell(const qi_frame *frame, size_t plane, uint64_t key, size_t period,
                      quipu_money *out) {
    size_t row = qi_frame_find(frame, key);
    if (row == QI_NO_ROW)
        return false;
    size_t at = qi_frame_at(frame, plane, row, period);
    *out = frame->value[at];
    return frame->known[at] != 0;
}

static size_t sector_of(const qi_ask *ask, const qi_line *line) {
    return qi_key_label(&ask->axes[qi_ask_axis(ask, QI_AXIS_CLASS)], line->key);
}

static unsigned country_of(const qi_ask *ask, const qi_line *line) {
    int axis = qi_ask_axis(ask, QI_AXIS_REPORTER);
    size_t label = axis >= 0 ? qi_key_label(&ask->axes[axis], line->key) : 0;
    return ask->reporters[label].words[0].country->id;
}

static account account_of(const qi_ask *ask, const plan *p, const qi_line *line,
                          size_t period) {
    account a = {0};
    const qi_production_row *row = qi_production_find(
        &p->production, country_of(ask, line), ask->periods[period], sector_of(ask, line));
    a.has_output = row != NULL && row->known;
    a.output = a.has_output ? row->output : 0;
    a.has_exports = read_cell(&p->all, X_PLANE, line->key, period, &a.exports);
    a.has_imports = read_cell(&p->all, M_PLANE, line->key, period, &a.imports);
    a.has_from = line->known[period + line->plane_step] != 0;
    a.from = line->value[period + line->plane_step];
    a.consumption = a.output;
    a.has_consumption = a.has_output && a.has_exports && a.has_imports &&
                        qi_add_money(&a.consumption, a.imports) &&
                        qi_add_money(&a.consumption, -a.exports);
    return a;
}

static void put_money(qi_sheet *sheet, size_t row, size_t column, bool known,
                      quipu_money money) {
    if (known)
        qi_sheet_integer(sheet, row, column, money);
}

/* Over consumption only where there is some: a share of a negative whole says nothing. */
static void put_share(qi_sheet *sheet, size_t row, size_t column, bool known, quipu_money part,
                      quipu_money whole) {
    if (known && whole > 0)
        qi_sheet_real(sheet, row, column, (double)part / (double)whole);
}

static const char *flag_of(const plan *p, const qi_ask *ask, const qi_line *line,
                           const account *a) {
    if (sector_of(ask, line) + 1 == p->sectors.mapping.n_targets)
        return "no sector";
    if (!a->has_output)
        return "no output";
    if (!a->has_consumption)
        return NULL;
    return a->consumption < 0       ? "negative consumption"
           : a->consumption == 0    ? "no consumption"
           : a->exports > a->output ? "exports above output"
                                    : NULL;
}

static quipu_status put_flag(plan *p, const qi_ask *ask, qi_sheet *sheet, size_t row,
                             size_t column, const qi_line *line, const account *a,
                             quipu_error *err) {
    const char *flag = flag_of(p, ask, line, a);
    p->n_negative += qi_is(flag, "negative consumption");
    p->n_no_output += qi_is(flag, "no output");
    if (flag == NULL)
        return QUIPU_OK;
    return quipu_table_set_text(sheet->table, sheet->figure + column, row, flag, err);
}

static quipu_status level_row(const qi_ask *ask, plan *p, qi_sheet *sheet, size_t row,
                              const qi_line *line, size_t period, quipu_error *err) {
    account a = account_of(ask, p, line, period);
    quipu_money whole, sure_x = 0, sure_m = 0, trade = a.exports;
    bool none = sector_of(ask, line) + 1 == p->sectors.mapping.n_targets;
    put_money(sheet, row, OUTPUT, a.has_output, a.output);
    put_money(sheet, row, EXPORTS, a.has_exports, a.exports);
    put_money(sheet, row, IMPORTS, a.has_imports, a.imports);
    put_money(sheet, row, CONSUMPTION, a.has_consumption, a.consumption);
    put_money(sheet, row, IMPORTS_FROM, a.has_from, a.from);
    put_share(sheet, row, PENETRATION, a.has_consumption && a.has_from, a.from, a.consumption);
    put_share(sheet, row, DEPENDENCE, a.has_consumption, a.imports, a.consumption);
    put_share(sheet, row, ORIENTATION, a.has_output && a.has_exports, a.exports, a.output);
    put_share(sheet, row, SELF_SUFFICIENCY, a.has_consumption, a.output, a.consumption);
    if (read_cell(&p->whole, M_PLANE, line->key, period, &whole))
        put_share(sheet, row, SHARE_OF_IMPORTS, a.has_imports, a.imports, whole);
    if (!none && a.has_exports && a.has_imports && qi_add_money(&trade, a.imports)) {
        read_cell(&p->sure, X_PLANE, line->key, period, &sure_x);
        read_cell(&p->sure, M_PLANE, line->key, period, &sure_m);
        put_share(sheet, row, DIVIDED, true, trade - sure_x - sure_m, trade);
    }
    return put_flag(p, ask, sheet, row, FLAG, line, &a, err);
}

static quipu_status shock_row(const qi_ask *ask, plan *p, qi_sheet *sheet, size_t row,
                              const qi_line *line, size_t period, quipu_error *err) {
    account now = account_of(ask, p, line, period);
    account base = account_of(ask, p, line, p->years.base);
    bool both = now.has_from && base.has_from;
    put_money(sheet, row, BASE_CONSUMPTION, base.has_consumption, base.consumption);
    put_money(sheet, row, CHANGE, both, now.from - base.from);
    put_share(sheet, row, SHOCK, both && base.has_consumption, now.from - base.from,
              base.consumption);
    return put_flag(p, ask, sheet, row, SHOCK_FLAG, line, &base, err);
}

/* ---- the table ---- */

static quipu_status notes(qi_ask *ask, const plan *p, quipu_error *err) {
    QI_TRY(
        qi_ask_note(ask, err,
                    "Apparent consumption is output + imports - exports, all partners "
                    "together. Output is at basic prices, imports as the source values them."));
    if (p->shock)
        QI_TRY(qi_ask_note(ask, err,
                           "Shock: the change of imports from the partner since %d over the "
                           "apparent consumption of %d.",
                           (int)ask->periods[p->years.base], (int)ask->periods[p->years.base]));
    if (p->n_negative > 0)
        QI_TRY(qi_ask_note(ask, err,
                           "Consumption is negative in %zu rows: exports hold goods the output "
                           "table does not, such as re-exports or sales from stock, or the two "
                           "are classified apart. It is shown as it is, without shares of it.",
                           p->n_negative));
    if (p->n_no_output > 0)
        QI_TRY(qi_ask_note(ask, err, "%zu rows have no output in the table: missing, not zero.",
                           p->n_no_output));
    return qi_ask_note(
        ask, err,
        "The row \"unclassified\" is trade in products of no sector of the output "
        "table.");
}

static quipu_status add_source(const plan *p, quipu_table *out, quipu_error *err) {
    const char *slash = strrchr(p->production.path, '/');
    const char *name = slash != NULL ? slash + 1 : p->production.path;
    char text[512];
    snprintf(text, sizeof text, "%s%s%s%s%s (XXH3 %016llx)", p->production.source,
             p->production.source[0] != '\0' ? ", " : "", p->production.release,
             p->production.release[0] != '\0' ? ", " : "", name,
             (unsigned long long)p->production.fingerprint);
    return quipu_table_add_source(out, "output", text, err);
}

static quipu_status write(qi_ask *ask, plan *p, quipu_table *out, quipu_error *err) {
    quipu_column_spec shock[N_SHOCK];
    memcpy(shock, columns + N_LEVEL, (N_SHOCK - 1) * sizeof *shock);
    shock[SHOCK_FLAG] = columns[FLAG];
    qi_sheet sheet;
    size_t row = 0;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, p->shock ? shock : columns,
                         p->shock ? (size_t)N_SHOCK : (size_t)N_LEVEL,
                         p->lines.n * p->years.n_shown, out, err));
    for (size_t i = 0; i < p->lines.n; i++)
        for (size_t t = 0; t < ask->n_periods; t++) {
            const qi_line *line = &p->lines.items[i];
            if (!p->years.shown[t])
                continue;
            QI_TRY(qi_sheet_line(&sheet, row, line, err));
            qi_sheet_period(&sheet, row, t);
            QI_TRY(p->shock ? shock_row(ask, p, &sheet, row, line, t, err)
                            : level_row(ask, p, &sheet, row, line, t, err));
            row++;
        }
    const quipu_view *view = &ask->views[0];
    QI_TRY(quipu_table_set_title(
        out, err, "%s%s%s %s the apparent consumption of %s, by sector",
        p->shock ? "Change of imports" : "Imports", view->partners.all ? "" : " from ",
        view->partners.all ? "" : view->partners.label, p->shock ? "over" : "in",
        view->reporters.label));
    QI_TRY(notes(ask, p, err));
    QI_TRY(add_source(p, out, err));
    return qi_sheet_close(&sheet, ask, &p->all, err);
}

static quipu_status no_table(quipu_error *err) {
    return qi_fail(err, QUIPU_E_ARG,
                   "penetration needs the output of the sectors: --production FILE, a table "
                   "that begins with \"#quipu output 1\" and has the columns "
                   "country,year,sector,output");
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_penetration;
    const char *path = qi_argument(me, request, "production");
    qi_arena arena = {0};
    qi_ask ask = {0};
    plan p = {.shock = qi_is(qi_argument(me, request, "form"), "shock")};
    qi_wish wish = {.by = "class", .flows = "export import", .classes = &p.sectors.mapping};
    quipu_period base;
    quipu_status status;
    if (path == NULL)
        return no_table(err);
    QI_GO(qi_production_read(request->nomen, path, &arena, &p.production, err));
    QI_GO(qi_sectors_make(request->nomen, request->cube,
                          qi_is(qi_argument(me, request, "gold"), "primary"), &p.production,
                          &arena, &p.sectors, err));
    QI_GO(qi_base_read(me, request, &arena, &wish.years, &base, err));
    QI_GO(wish_for(request, &p.production, &arena, &wish, err));
    QI_GO(qi_ask_open(&ask, me, request, &wish, err));
    QI_GO(is_single(&ask, err));
    QI_GO(qi_base_place(&ask, base, &p.years, err));
    QI_GO(make_frames(&ask, &p, err));
    QI_GO(qi_lines_make(&ask, &p.parts, QI_LINES_NO_TOTAL, &p.lines, err));
    QI_GO(write(&ask, &p, out, err));
done:
    qi_lines_free(&p.lines);
    qi_frame_free(&p.sure);
    qi_frame_free(&p.whole);
    qi_frame_free(&p.all);
    qi_frame_free(&p.parts);
    qi_ask_close(&ask);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_penetration = {
    .name = "penetration",
    .aliases = "import-penetration apparent-consumption",
    .summary = "What part of the goods a country uses is imported, and from whom?",
    .without = "flow product by of classes periods total rest",
    .detail =
        "Joins the imports and exports of a country to a table of what its sectors produce. "
        "Apparent consumption is output plus imports less exports; penetration is the part of "
        "it that comes from the partners asked for (one row each for --partner "
        "China,Japan; all when none is named). Beside it stand all imports in consumption, "
        "exports in output and output in consumption.\n\n"
        "The table of output is a CSV file (docs/prices.md):\n\n"
        "    #quipu output 1\n"
        "    #nomenclature I3\n"
        "    #unit 1000 USD\n"
        "    country,year,sector,output\n"
        "    PER,2007,17,1234.5\n\n"
        "Sectors are codes of ISIC Rev. 3 at any level, or the classes of a scheme named "
        "instead of I3. Trade joins them by its own codes; what is in no sector of the table "
        "stands in the row \"unclassified\", with its share of all imports. Products that "
        "belong to several sectors are divided in equal parts, and the column \"divided\" says "
        "how much of a sector's trade that is.\n\n"
        "No output for a sector and year leaves consumption missing, not zero. Negative "
        "consumption is shown and flagged, never cut off, and has no shares. A share above one "
        "means exports above output. --form shock divides the change of the imports from the "
        "partner since the base year by the consumption of the base year, which a rise in "
        "demand does not move.",
    .formula = "C = Q + M - X; penetration of c: M_c / C; dependence: M / C; orientation: X / "
               "Q; self-sufficiency: Q / C; shock: (M_c,t - M_c,0) / (Q_0 + M_0 - X_0)",
    .reference =
        "A. B. Bernard, J. B. Jensen, P. K. Schott (2006), Survival of the best fit, Journal "
        "of "
        "International Economics 68 (level form); D. Acemoglu, D. Autor, D. Dorn, G. H. "
        "Hanson, "
        "B. Price (2016), Import competition and the great US employment sag of the 2000s, "
        "Journal of Labor Economics 34 (shock form).",
    .worked =
        "Output 70, exports 10, imports 40, of them 20 from China: consumption 70 + 40 - 10 = "
        "100, Chinese penetration 20 %, all imports 40 %, exports in output 14.3 %, output in "
        "consumption 70 %. If imports from China were 5 in the base year, with a consumption "
        "of "
        "80, the shock is 15/80 = 18.8 %.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "penetration",
    .example = "--production output.csv --reporter Peru --partner China",
    .run = run,
};
