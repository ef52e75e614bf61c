/* SPDX-License-Identifier: Apache-2.0 */
/* invest_fdi.c - the stock of foreign direct investment by origin or sector, how much of it is
 * registered in tax havens, and where it is from behind conduits. */
#include "measures/invest.h"

static const quipu_param params[] = {
    {"by", QUIPU_PARAM_CHOICE, "origin sector", "origin", "a row for each origin or sector"},
    {"host", QUIPU_PARAM_TEXT, NULL, NULL, "the country that was invested in"},
    {"year", QUIPU_PARAM_INTEGER, NULL, NULL, "this year only"},
    {"havens", QUIPU_PARAM_TEXT, NULL, "havens-oecd-2000",
     "the group of countries that count as tax havens"},
};

static const quipu_column_spec columns[] = {
    {"host", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"host_name", "Host", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"origin", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"origin_name", "Origin", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"value", "Stock", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"haven", "Tax haven", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"ultimate_share", "Ultimate share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};
enum { HOST, HOST_NAME, YEAR, ORIGIN, ORIGIN_NAME, VALUE, SHARE, HAVEN, ULTIMATE };

__extension__ typedef __int128 wide;

typedef struct fdi {
    qi_invested *asked;
    bool by_sector;
    const quipu_country *host;
    int64_t year; /* 0 = all */
    const quipu_group *group;
    const quipu_member *members;
    size_t n_members, n_countries;
    const quipu_country *countries;
    double *now, *next, *ultimate; /* by country id */
} fdi;

typedef struct fdi_sums {
    const qi_fdi *total;
    quipu_money listed, havens;
    size_t n_listed, n_havens, n_computed;
} fdi_sums;

static bool is_haven(const fdi *f, const quipu_country *country, int32_t year) {
    for (size_t i = 0; country != NULL && i < f->n_members; i++) {
        const quipu_member *m = &f->members[i];
        if (m->country == country->id && (m->from == 0 || m->from <= year) &&
            (m->to == 0 || m->to >= year))
            return true;
    }
    return false;
}

static const qi_fdi *total_of(const fdi *f, const quipu_country *host, int32_t year) {
    const quipu_register *reg = f->asked->reg;
    for (size_t i = 0; i < reg->fdi.n; i++) {
        const qi_fdi *row = &reg->fdi.items[i];
        if (row->host == host && row->year == year && row->origin == NULL &&
            row->sector[0] == '\0' && row->has_amount)
            return row;
    }
    return NULL;
}

/* What is given, else the share of the total, rounded half up. */
static bool value_of(const qi_fdi *row, const qi_fdi *total, quipu_money *out) {
    if (row->has_amount)
        *out = row->amount;
    else if (row->has_share && total != NULL)
        *out =
            (quipu_money)(((wide)total->amount * row->share * 2 + QI_WHOLE) / (QI_WHOLE * 2));
    return row->has_amount || (row->has_share && total != NULL);
}

static bool share_of(const qi_fdi *row, const qi_fdi *total, double *out) {
    if (row->has_share)
        *out = (double)row->share / (double)QI_WHOLE;
    else if (row->has_amount && total != NULL && total->amount > 0)
        *out = (double)row->amount / (double)total->amount;
    return row->has_share || (row->has_amount && total != NULL && total->amount > 0);
}

static bool is_part(const fdi *f, const qi_fdi *row, const quipu_country *host, int32_t year) {
    bool origin = row->origin != NULL && row->sector[0] == '\0';
    bool sector = row->origin == NULL && row->sector[0] != '\0';
    return row->host == host && row->year == year && (f->by_sector ? sector : origin);
}

/* ---- behind conduits ---- */

static double passes(const fdi *f, uint16_t country, int32_t year) {
    const quipu_register *reg = f->asked->reg;
    for (size_t i = 0; i < reg->conduits.n; i++)
        if (reg->conduits.items[i].country->id == country &&
            reg->conduits.items[i].year == year)
            return (double)reg->conduits.items[i].share / (double)QI_WHOLE;
    return 0.0;
}

/* Adds `weight` times the origins of what `host` holds; false when it has none. */
static bool spread(const fdi *f, const quipu_country *host, int32_t year, double weight,
                   double *into) {
    const quipu_register *reg = f->asked->reg;
    const qi_fdi *total = total_of(f, host, year);
    double share;
    bool any = false;
    for (size_t i = 0; i < reg->fdi.n; i++) {
        const qi_fdi *row = &reg->fdi.items[i];
        if (row->host == host && row->year == year && row->origin != NULL &&
            row->sector[0] == '\0' && share_of(row, total, &share)) {
            into[row->origin->id] += weight * share;
            any = true;
        }
    }
    return any;
}

/* U = D (I - diag(pc) D)^-1 diag(1 - pc), one row of it, as the sum of its series: of what
 * stands at a conduit the part pc goes on to the conduit's own investors. */
static bool look_through(fdi *f, const quipu_country *host, int32_t year) {
    enum { MOST = 10000 };
    double left = 1.0;
    bool any = false;
    memset(f->now, 0, f->n_countries * sizeof *f->now);
    memset(f->ultimate, 0, f->n_countries * sizeof *f->ultimate);
    spread(f, host, year, 1.0, f->now);
    for (int step = 0; step < MOST && left > 1e-15; step++) {
        left = 0.0;
        memset(f->next, 0, f->n_countries * sizeof *f->next);
        for (size_t c = 0; c < f->n_countries; c++) {
            if (f->now[c] <= 0.0)
                continue;
            double on = f->now[c] * passes(f, (uint16_t)c, year);
            if (on > 0.0 && spread(f, &f->countries[c], year, on, f->next)) {
                any = true;
                left += on;
            } else {
                on = 0.0;
            }
            f->ultimate[c] += f->now[c] - on;
        }
        double *swap = f->now;
        f->now = f->next;
        f->next = swap;
    }
    return any;
}

/* ---- rows ---- */

static quipu_status put_row(fdi *f, const quipu_country *host, int32_t year, const char *code,
                            const char *name, size_t *row, quipu_error *err) {
    quipu_table *out = f->asked->out;
    QI_TRY(quipu_table_add_rows(out, 1, row, err));
    QI_TRY(quipu_table_set_text(out, HOST, *row, host->iso3, err));
    QI_TRY(quipu_table_set_text(out, HOST_NAME, *row, host->name, err));
    quipu_table_set_integer(out, YEAR, *row, year);
    QI_TRY(quipu_table_set_text(out, ORIGIN, *row, code, err));
    return quipu_table_set_text(out, ORIGIN_NAME, *row, name, err);
}

static quipu_status put_part(fdi *f, const qi_fdi *part, fdi_sums *sums, bool ultimate,
                             quipu_error *err) {
    quipu_table *out = f->asked->out;
    const char *code = f->by_sector ? part->sector : part->origin->iso3;
    const char *name = f->by_sector ? part->sector : part->origin->name;
    quipu_money value;
    double share;
    size_t row;
    QI_TRY(put_row(f, part->host, part->year, code, name, &row, err));
    qi_invested_cite(f->asked, part->source);
    if (value_of(part, sums->total, &value)) {
        quipu_table_set_integer(out, VALUE, row, value);
        if (!qi_add_money(&sums->listed, value))
            return qi_fail(err, QUIPU_E_LIMIT, "the stocks add up to more than fits");
        sums->n_computed += !part->has_amount;
    }
    if (share_of(part, sums->total, &share))
        quipu_table_set_real(out, SHARE, row, share);
    sums->n_listed++;
    if (f->by_sector)
        return QUIPU_OK;
    bool haven = is_haven(f, part->origin, part->year);
    if (haven && value_of(part, sums->total, &value) && qi_add_money(&sums->havens, value))
        sums->n_havens++;
    if (ultimate)
        quipu_table_set_real(out, ULTIMATE, row, f->ultimate[part->origin->id]);
    return quipu_table_set_text(out, HAVEN, row, haven ? "yes" : "no", err);
}

/* Origins that come to light behind a conduit only. */
static quipu_status put_revealed(fdi *f, const quipu_country *host, int32_t year,
                                 quipu_error *err) {
    const quipu_register *reg = f->asked->reg;
    for (size_t c = 0; c < f->n_countries; c++) {
        bool listed = false;
        size_t row;
        for (size_t i = 0; i < reg->fdi.n && !listed; i++)
            listed =
                is_part(f, &reg->fdi.items[i], host, year) && reg->fdi.items[i].origin->id == c;
        if (listed || f->ultimate[c] <= 0.0)
            continue;
        QI_TRY(put_row(f, host, year, f->countries[c].iso3, f->countries[c].name, &row, err));
        quipu_table_set_real(f->asked->out, ULTIMATE, row, f->ultimate[c]);
        QI_TRY(quipu_table_set_text(f->asked->out, HAVEN, row,
                                    is_haven(f, &f->countries[c], year) ? "yes" : "no", err));
    }
    return QUIPU_OK;
}

static quipu_status put_rest(fdi *f, const fdi_sums *sums, bool ultimate, quipu_error *err) {
    const qi_fdi *total = sums->total;
    quipu_table *out = f->asked->out;
    quipu_money rest = total->amount - sums->listed;
    double named = 0.0;
    size_t row;
    for (size_t c = 0; c < f->n_countries; c++)
        named += f->ultimate[c];
    QI_TRY(put_row(f, total->host, total->year, "other",
                   f->by_sector ? "Other sectors" : "Other origins", &row, err));
    quipu_table_set_integer(out, VALUE, row, rest);
    if (total->amount > 0)
        quipu_table_set_real(out, SHARE, row, (double)rest / (double)total->amount);
    if (ultimate)
        quipu_table_set_real(out, ULTIMATE, row, 1.0 - named);
    QI_TRY(put_row(f, total->host, total->year, "total", "Total", &row, err));
    quipu_table_set_integer(out, VALUE, row, total->amount);
    quipu_table_set_real(out, SHARE, row, 1.0);
    if (ultimate)
        quipu_table_set_real(out, ULTIMATE, row, 1.0);
    qi_invested_cite(f->asked, total->source);
    return QUIPU_OK;
}

static quipu_status note_havens(fdi *f, const fdi_sums *sums, const quipu_country *host,
                                int32_t year, quipu_error *err) {
    quipu_table *out = f->asked->out;
    const char *list = f->group->label, *source = f->group->note;
    if (sums->n_havens == 0)
        return quipu_table_add_note(
            out, err,
            "%s %d: none of the %zu origins listed is among the %s. Origins that are not "
            "listed, "
            "and companies registered in third countries, may be. The list: %s.",
            host->name, year, sums->n_listed, list, source);
    char share[60] = "an unknown part", number[40];
    if (sums->total != NULL && sums->total->amount > 0) {
        qi_format_double_rounded(number, sizeof number,
                                 (double)sums->havens / (double)sums->total->amount * 100.0, 1);
        snprintf(share, sizeof share, "%s %%", number);
    }
    return quipu_table_add_note(
        out, err,
        "%s %d: %s of the stock is registered in %s; there the country of registration says "
        "little about where the money is from. The list: %s.",
        host->name, year, share, list, source);
}

static quipu_status put_year(fdi *f, const quipu_country *host, int32_t year,
                             quipu_error *err) {
    const quipu_register *reg = f->asked->reg;
    fdi_sums sums = {.total = total_of(f, host, year)};
    bool ultimate = !f->by_sector && look_through(f, host, year);
    size_t n = 0;
    for (size_t i = 0; i < reg->fdi.n; i++)
        if (is_part(f, &reg->fdi.items[i], host, year)) {
            QI_TRY(put_part(f, &reg->fdi.items[i], &sums, ultimate, err));
            n++;
        }
    if (n == 0)
        return QUIPU_OK;
    if (ultimate)
        QI_TRY(put_revealed(f, host, year, err));
    if (sums.total != NULL)
        QI_TRY(put_rest(f, &sums, ultimate, err));
    if (sums.n_computed > 0)
        QI_TRY(quipu_table_add_note(f->asked->out, err,
                                    "%s %d: of %zu of the amounts the source prints the share "
                                    "only; it was multiplied by the total.",
                                    host->name, year, sums.n_computed));
    if (f->by_sector)
        return QUIPU_OK;
    QI_TRY(note_havens(f, &sums, host, year, err));
    if (!ultimate)
        return quipu_table_add_note(f->asked->out, err,
                                    "%s %d: origins are those of the immediate investor; the "
                                    "register has no conduit shares to look behind them.",
                                    host->name, year);
    return quipu_table_add_note(
        f->asked->out, err,
        "%s %d: the ultimate share follows what passes through conduits "
        "to their own investors; it assumes that what passes on is "
        "spread as the conduit's whole inward stock.",
        host->name, year);
}

static quipu_status write(fdi *f, quipu_error *err) {
    const quipu_register *reg = f->asked->reg;
    quipu_column_spec specs[QI_COUNT(columns)];
    memcpy(specs, columns, sizeof columns);
    if (f->by_sector) {
        specs[ORIGIN].name = "sector";
        specs[ORIGIN_NAME].name = "sector_name";
        specs[ORIGIN_NAME].label = "Sector";
    }
    size_t n_columns = f->by_sector          ? HAVEN
                       : reg->conduits.n > 0 ? QI_COUNT(columns)
                                             : ULTIMATE;
    QI_TRY(quipu_table_init(f->asked->out, f->asked->measure->name, specs, n_columns, err));
    for (size_t i = 0; i < reg->fdi.n; i++) {
        const qi_fdi *row = &reg->fdi.items[i];
        bool first = true;
        for (size_t j = 0; j < i && first; j++)
            first = reg->fdi.items[j].host != row->host || reg->fdi.items[j].year != row->year;
        if (first && (f->host == NULL || f->host == row->host) &&
            (f->year == 0 || f->year == row->year))
            QI_TRY(put_year(f, row->host, row->year, err));
    }
    if (f->asked->out->n_rows == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND,
                       "the register has no stock of direct investment by %s%s%s",
                       f->by_sector ? "sector" : "origin", f->host != NULL ? " in " : "",
                       f->host != NULL ? f->host->name : "");
    QI_TRY(quipu_table_set_title(f->asked->out, err, "Stock of foreign direct investment by %s",
                                 f->by_sector ? "sector" : "origin"));
    return qi_invested_finish(f->asked, NULL, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_invested asked;
    fdi f = {.asked = &asked};
    quipu_status status;
    QI_GO(qi_invested_open(&asked, &qi_measure_invest_fdi, request, out, err));
    f.by_sector = qi_choice_of(asked.measure, request, "by") == 1;
    f.year = qi_integer(asked.measure, request, "year", 0);
    QI_GO(qi_invested_country(&asked, "host", &f.host, err));
    QI_GO(quipu_group_find(request->nomen, qi_invested_word(&asked, "havens"), &f.group, err));
    QI_GO(quipu_group_members(request->nomen, f.group, &f.members, &f.n_members, err));
    QI_GO(quipu_countries(request->nomen, &f.countries, &f.n_countries, err));
    f.now = qi_arena_alloc(&asked.arena, f.n_countries * sizeof *f.now);
    f.next = qi_arena_alloc(&asked.arena, f.n_countries * sizeof *f.next);
    f.ultimate = qi_arena_alloc(&asked.arena, f.n_countries * sizeof *f.ultimate);
    if (f.now == NULL || f.next == NULL || f.ultimate == NULL)
        status = qi_fail_memory(err, f.n_countries * 24);
    else
        status = write(&f, err);
done:
    qi_invested_close(&asked);
    return status;
}

const quipu_measure qi_measure_invest_fdi = {
    .name = "invest-fdi",
    .needs = QUIPU_NEEDS_REGISTER,
    .summary = "Where is the stock of foreign direct investment from, and what is it in?",
    .detail =
        "The stock of direct investment in a host country by the country the investor is "
        "registered in, or by sector, with what is not listed as a row of its own. A note says "
        "what part is registered in tax havens, by a dated list that is a group like any other "
        "(--havens; quipu list members havens-oecd-2000).\n\n"
        "Where the register says what part of a country's outward stock only passes through "
        "it (fdi_conduits.csv) and where that country's own inward stock is from, the ultimate "
        "share follows the money behind the conduits. Without these the origin is that of the "
        "immediate investor, and a note says so.",
    .formula = "U = D (I - diag(pc) D)^-1 diag(1 - pc); D_ji: share of immediate investor i in "
               "the stock of host j, pc_i: part of what i invests that passes through",
    .reference =
        "B. Casella (2019), Looking through conduit FDI in search of ultimate investors: a "
        "probabilistic approach, Transnational Corporations 26(1); OECD (2000), Towards Global "
        "Tax Co-operation.",
    .worked =
        "Peru's stock is half from the Netherlands, half from Spain; half of what the "
        "Netherlands invest passes through, and their own stock is all from China: ultimate "
        "shares are Netherlands 25 %, China 25 %, Spain 50 %.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "value",
    .example = "--host Peru --year 2012",
    .run = run,
};
