/* SPDX-License-Identifier: Apache-2.0 */
/* citation.c - CITATION.cff, version 1.2.0.
 *
 * Every string is written in double quotes, in which YAML and JSON agree about escapes; what
 * YAML calls not printable becomes a blank.
 */
#include "quipu/bundle.h"
#include "report/date.h"
#include "report/schema.h"

static const char *escape_yaml(int32_t point) {
    if ((point >= 0x7F && point < 0xA0) || point == 0xFEFF)
        return " ";
    if (point == 0xFFFE || point == 0xFFFF)
        return "\xEF\xBF\xBD";
    return qi_escape_json(point);
}

static void put_pair(qi_writer *w, const char *before, const char *key, const char *text) {
    if (text == NULL || text[0] == '\0')
        return;
    qi_puts(w, before);
    qi_puts(w, key);
    qi_puts(w, ": \"");
    qi_put_escaped(w, text, escape_yaml);
    qi_puts(w, "\"\n");
}

static bool is_empty(const char *text) {
    return text == NULL || text[0] == '\0';
}

/* ---- is it what the format takes? ---- */

/* 0000-0002-1825-0097, with or without the address before it; NULL = neither. */
static const char *bare_orcid(const char *text) {
    static const char ADDRESS[] = "https://orcid.org/", PICTURE[] = "9999-9999-9999-999X";
    if (strncmp(text, ADDRESS, sizeof ADDRESS - 1) == 0)
        text += sizeof ADDRESS - 1;
    if (strlen(text) != sizeof PICTURE - 1)
        return NULL;
    for (size_t i = 0; PICTURE[i] != '\0'; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        bool fits = PICTURE[i] == '9'   ? digit
                    : PICTURE[i] == 'X' ? digit || text[i] == 'X'
                                        : text[i] == '-';
        if (!fits)
            return NULL;
    }
    return text;
}

static bool is_doi(const char *text) {
    if (strncmp(text, "10.", 3) != 0)
        return false;
    size_t digits = strspn(text + 3, "0123456789");
    return digits >= 4 && digits <= 9 && text[3 + digits] == '/' && text[4 + digits] != '\0';
}

static bool is_web(const char *text) {
    return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
}

static quipu_status check_author(const quipu_author *author, size_t number, quipu_error *err) {
    if (is_empty(author->family) && is_empty(author->given) && is_empty(author->name))
        return qi_fail(err, QUIPU_E_ARG,
                       "author %zu has no name; expected a family and a given name, or a name",
                       number);
    if (!is_empty(author->orcid) && bare_orcid(author->orcid) == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "author %zu has the ORCID '%.100s'; expected one like "
                       "0000-0002-1825-0097",
                       number, author->orcid);
    return QUIPU_OK;
}

static quipu_status check(const quipu_citation *c, qi_date *released, quipu_error *err) {
    if (is_empty(c->title))
        return qi_fail(err, QUIPU_E_ARG, "a citation needs a title");
    if (c->n_authors == 0)
        return qi_fail(err, QUIPU_E_ARG, "a citation needs an author, and has none");
    for (size_t i = 0; i < c->n_authors; i++)
        QI_TRY(check_author(&c->authors[i], i + 1, err));
    if (!is_empty(c->doi) && !is_doi(c->doi))
        return qi_fail(err, QUIPU_E_ARG,
                       "the DOI is '%.100s'; expected one like 10.5281/zenodo.1234567", c->doi);
    if (!is_empty(c->url) && !is_web(c->url))
        return qi_fail(err, QUIPU_E_ARG,
                       "the URL is '%.100s'; expected one that begins with https://", c->url);
    return c->released == NULL ? QUIPU_OK
                               : qi_date_read(c->released, "the day of release", released, err);
}

/* ---- the file ---- */

static void put_author(qi_writer *w, const quipu_author *a) {
    const char *before = "  - ";
    bool person = !is_empty(a->family) || !is_empty(a->given);
    const struct {
        const char *key, *text;
    } parts[] = {{person ? "family-names" : "name", person ? a->family : a->name},
                 {"given-names", a->given},
                 {"affiliation", person ? a->affiliation : NULL}};
    for (size_t i = 0; i < QI_COUNT(parts); i++) {
        put_pair(w, before, parts[i].key, parts[i].text);
        if (!is_empty(parts[i].text))
            before = "    ";
    }
    if (is_empty(a->orcid))
        return;
    qi_puts(w, "    orcid: \"https://orcid.org/");
    qi_puts(w, bare_orcid(a->orcid));
    qi_puts(w, "\"\n");
}

quipu_status quipu_citation_write(const quipu_citation *c, quipu_sink sink, void *user,
                                  quipu_error *err) {
    qi_date released = {0};
    qi_writer *w;
    qi_error_clear(err);
    QI_TRY(check(c, &released, err));
    QI_TRY(qi_writer_new(NULL, NULL, sink, user, &w, err));
    qi_puts(w, "cff-version: 1.2.0\n");
    put_pair(w, "", "message",
             !is_empty(c->message) ? c->message
                                   : "If you use these tables or figures, please cite them as "
                                     "below, and the sources they name.");
    qi_puts(w, "type: dataset\n");
    put_pair(w, "", "title", c->title);
    qi_puts(w, "authors:\n");
    for (size_t i = 0; i < c->n_authors; i++)
        put_author(w, &c->authors[i]);
    put_pair(w, "", "version", c->version);
    put_pair(w, "", "date-released", released.day);
    put_pair(w, "", "abstract", c->abstract);
    put_pair(w, "", "doi", c->doi);
    put_pair(w, "", "url", c->url);
    put_pair(w, "", "license", c->license);
    if (!is_empty(c->manifest)) {
        qi_puts(w, "identifiers:\n  - type: other\n");
        put_pair(w, "    ", "value", c->manifest);
        put_pair(w, "    ", "description",
                 "SHA-256 of the manifest: what these files were made of, and how");
    }
    if (c->n_keywords > 0)
        qi_puts(w, "keywords:\n");
    for (size_t i = 0; i < c->n_keywords; i++) {
        qi_puts(w, "  - \"");
        qi_put_escaped(w, c->keywords[i], escape_yaml);
        qi_puts(w, "\"\n");
    }
    return qi_writer_end(w, err);
}
