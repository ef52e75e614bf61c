/* SPDX-License-Identifier: Apache-2.0 */
/* start.c - a starting file for the study of another country.
 *
 * What can be asked depends on the cube: totals only, or products too.  The file is written to
 * be read and changed: every key is one the reader would look for.
 */
#include "quipu/bundle.h"
#include "quipu/study.h"
#include "study/study.h"

typedef struct start {
    const quipu_country *country;
    const char *partners; /* as typed; NULL = none */
    const char *trade;
    quipu_period first, last;
    bool products; /* the cube has more than totals */
    bool imports;  /* and knows the import side */
    qi_buffer out;
} start;

static void put(start *s, const char *text) {
    qi_buffer_text(&s->out, text);
}

/* A scalar that YAML cannot take for anything else. */
static void put_quoted(start *s, const char *text) {
    put(s, "\"");
    for (; *text != '\0'; text++)
        qi_buffer_printf(&s->out, "%s%c", *text == '"' || *text == '\\' ? "\\" : "", *text);
    put(s, "\"");
}

static quipu_status look_into(start *s, const char *path, quipu_error *err) {
    quipu_cube *cube;
    size_t n;
    QI_TRY(quipu_cube_open(path, &cube, err));
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n);
    const char *nomenclature = quipu_cube_meta(cube, "nomenclature");
    int at = quipu_cube_country_index(cube, s->country->number);
    for (size_t i = 0; i < n; i++) {
        quipu_period year = slabs[i].period > 9999 ? slabs[i].period / 100 : slabs[i].period;
        s->first = s->first == 0 || year < s->first ? year : s->first;
        s->last = year > s->last ? year : s->last;
        s->imports =
            s->imports || slabs[i].flow == QUIPU_IMPORT || slabs[i].flow == QUIPU_RECONCILED;
    }
    s->products = nomenclature != NULL && strcmp(nomenclature, "TOTAL") != 0 &&
                  quipu_cube_n_products(cube) > 1;
    quipu_cube_close(cube);
    return at >= 0 ? QUIPU_OK
                   : qi_fail(err, QUIPU_E_NOT_FOUND, "%s has no trade of %s", path,
                             s->country->name);
}

static void put_head(start *s) {
    char name[64];
    size_t length = qi_fold(s->country->name, strlen(s->country->name), name, sizeof name - 8);
    for (size_t i = 0; i < length; i++)
        name[i] = name[i] == ' ' ? '-' : name[i];
    put(s, "# A study of quipu. Build it with: quipu study THIS-FILE -o FOLDER\n"
           "# All keys: quipu help study, docs/study.md\n"
           "quipu: 1\n");
    qi_buffer_printf(&s->out, "study: %.40s-trade\n", name);
    put(s, "title: \"{country}: trade and its partners\"\n"
           "authors:\n  - family: Yourname\n    given: Your\n"
           "date: 2000-01-01  # of this edition; no clock is read\n"
           "language: en\n\n"
           "let:  # texts to be used again as {name}\n  country: ");
    put_quoted(s, s->country->name);
    put(s, "\n  partners: ");
    put_quoted(s, s->partners != NULL ? s->partners : "China,United States");
    qi_buffer_printf(&s->out, "\n  years: %d-%d\n  first: %d\n  last: %d\n", s->first, s->last,
                     s->first, s->last);
    put(s, "\ninputs:\n  trade:\n    cube: ");
    put_quoted(s, s->trade != NULL ? s->trade : "trade.quipu");
    put(s, "\n    obtain: quipu import on the files of BACI, UN Comtrade or WITS\n\n"
           "values:\n"
           "  exports: \"value trade --reporter '{country}' --years {last} => value\"\n\n");
}

static void put_totals(start *s) {
    put(s, "sections:\n"
           "  - section: Trade in one look\n"
           "    content:\n"
           "      - text: |\n"
           "          In {last} the exports of {country} were worth **{{exports}}**.\n"
           "      - figure: partners\n"
           "        number: Figure 1\n"
           "        title: \"Where the exports of {country} go\"\n"
           "        chart: line\n"
           "        ask: share trade --reporter '{country}' --partner '{partners}' --years "
           "{years}\n"
           "      - table: growth\n"
           "        number: Table 1\n"
           "        title: \"How fast the exports of {country} grew\"\n"
           "        ask: growth trade --reporter '{country}' --partner '{partners}' --years "
           "{first}-{last}\n"
           "      - table: largest\n"
           "        number: Table 2\n"
           "        title: \"The ten largest partners, {last}\"\n"
           "        ask: top trade --reporter '{country}' --by partner --years {last} --limit "
           "10\n");
    if (s->imports)
        put(s, "      - table: balance\n"
               "        number: Table 3\n"
               "        title: \"Balance of trade with each partner, {last}\"\n"
               "        ask: balance trade --reporter '{country}' --partner '{partners}' "
               "--years {last}\n");
}

static void put_products(start *s) {
    put(s, "  - section: What is traded\n"
           "    content:\n"
           "      - table: technology\n"
           "        number: Table 4\n"
           "        title: \"Exports by technology content\"\n"
           "        ask: structure trade --reporter '{country}' --by technology --years "
           "{first},{last}\n"
           "        layout: {rows: [class_name], columns: [year], figure: share}\n"
           "      - figure: sections\n"
           "        number: Figure 2\n"
           "        title: \"What {country} sells, {last}\"\n"
           "        chart: treemap\n"
           "        ask: structure trade --reporter '{country}' --by section --years {last}\n"
           "      - table: products\n"
           "        number: Table 5\n"
           "        title: \"The ten largest products, {last}\"\n"
           "        ask: top trade --reporter '{country}' --by product --years {last} --limit "
           "10\n");
}

quipu_status quipu_study_start(const quipu_nomen *nomen, const char *reporter,
                               const char *partners, const char *trade, const char *shown,
                               quipu_sink sink, void *user, quipu_error *err) {
    start s = {.partners = partners, .trade = shown != NULL ? shown : trade};
    qi_error_clear(err);
    QI_TRY(quipu_country_find(nomen, reporter, &s.country, err));
    if (trade != NULL)
        QI_TRY(look_into(&s, trade, err));
    if (s.last == 0) {
        s.first = 2012;
        s.last = 2022;
    }
    put_head(&s);
    put_totals(&s);
    if (s.products || trade == NULL)
        put_products(&s);
    quipu_status status = s.out.bytes != NULL && sink(user, s.out.bytes, s.out.length)
                              ? QUIPU_OK
                              : qi_fail(err, QUIPU_E_IO,
                                        "the output did not take all of the "
                                        "study file");
    qi_buffer_free(&s.out);
    return status;
}
