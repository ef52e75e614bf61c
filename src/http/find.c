/* SPDX-License-Identifier: Apache-2.0 */
/* find.c - a question in words: the things it names, and what they make together. */
#include "http/json.h"
#include "http/search.h"
#include "query/query.h"

enum { MOST_HITS = 100, MOST_LONG = 6, FEW = 4 };

typedef struct hit {
    const char *kind, *id, *label, *label_es, *detail, *url;
} hit;

typedef struct finder {
    qi_visit *visit;
    const qi_search *search;
    const char *language;
    const char *cube_word; /* "hs92" */
    quipu_period first, last;
    hit hits[MOST_HITS];
    size_t n, most;
    bool failed;
} finder;

/* ---- hits ---- */

static void add_hit(finder *f, hit h) {
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->hits[i].kind, h.kind) == 0 && strcmp(f->hits[i].id, h.id) == 0)
            return;
    f->failed = f->failed || h.url == NULL || h.label == NULL || h.id == NULL;
    if (f->n < f->most && !f->failed)
        f->hits[f->n++] = h;
}

/* Lower-case code, as addresses have it. */
static const char *small(finder *f, const char *code) {
    char *text = qi_arena_dup(f->visit->arena, code);
    for (char *c = text; c != NULL && *c != '\0'; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    return text != NULL ? text : "";
}

static const char *spanish(const qi_thing *t) {
    return t->label_es != NULL && t->label_es[0] != '\0' ? t->label_es : t->label;
}

static void add_thing(finder *f, uint32_t at) {
    static const char *const kinds[] = {"country", "group", "product", "measure"};
    const qi_thing *t = &f->search->things.items[at];
    qi_arena *arena = f->visit->arena;
    hit h = {.kind = kinds[t->kind],
             .id = t->id,
             .label = t->label,
             .label_es = spanish(t),
             .detail = t->detail != NULL ? t->detail : t->id};
    switch (t->kind) {
    case QI_FOUND_COUNTRY:
        h.url = qi_arena_printf(arena, "/%s/profile/country/%s", f->language, small(f, t->id));
        break;
    case QI_FOUND_GROUP:
        h.url = qi_arena_printf(arena, "/%s/visualize/tree_map/%s/export/%s/show/all/%d",
                                f->language, f->cube_word, t->id, (int)f->last);
        break;
    case QI_FOUND_PRODUCT:
        h.url = qi_arena_printf(arena, "/%s/profile/product/%s", f->language, t->id);
        break;
    case QI_FOUND_MEASURE:
    case QI_FOUND_PAIR:
        h.url = qi_arena_printf(arena, "/%s/measure/%s", f->language, t->id);
        break;
    }
    add_hit(f, h);
}

static const qi_thing *thing(const finder *f, uint32_t at) {
    return &f->search->things.items[at];
}

static void add_pair(finder *f, uint32_t a, uint32_t b) {
    qi_arena *arena = f->visit->arena;
    const qi_thing *x = thing(f, a), *y = thing(f, b);
    add_hit(f, (hit){.kind = "pair",
                     .id = qi_arena_printf(arena, "%s-%s", x->id, y->id),
                     .label = qi_arena_printf(arena, "%s – %s", x->label, y->label),
                     .label_es = qi_arena_printf(arena, "%s – %s", spanish(x), spanish(y)),
                     .detail = "trade between the two",
                     .url = qi_arena_printf(arena, "/%s/profile/pair/%s/%s", f->language,
                                            small(f, x->id), small(f, y->id))});
}

/* "Peru: Copper ores", where it goes to. */
static void add_country_product(finder *f, uint32_t country, uint32_t product) {
    qi_arena *arena = f->visit->arena;
    const qi_thing *c = thing(f, country), *p = thing(f, product);
    add_hit(f, (hit){.kind = "product",
                     .id = qi_arena_printf(arena, "%s-%s", c->id, p->id),
                     .label = qi_arena_printf(arena, "%s: %s", c->label, p->label),
                     .label_es = qi_arena_printf(arena, "%s: %s", spanish(c), p->label),
                     .detail = p->id,
                     .url = qi_arena_printf(
                         arena, "/%s/visualize/tree_map/%s/export/%s/show/%s/%d", f->language,
                         f->cube_word, small(f, c->id), p->id, (int)f->last)});
}

/* "Peru – China: Copper ores", through the years. */
static void add_pair_product(finder *f, uint32_t a, uint32_t b, uint32_t product) {
    qi_arena *arena = f->visit->arena;
    const qi_thing *x = thing(f, a), *y = thing(f, b), *p = thing(f, product);
    add_hit(f,
            (hit){.kind = "pair",
                  .id = qi_arena_printf(arena, "%s-%s-%s", x->id, y->id, p->id),
                  .label = qi_arena_printf(arena, "%s – %s: %s", x->label, y->label, p->label),
                  .label_es =
                      qi_arena_printf(arena, "%s – %s: %s", spanish(x), spanish(y), p->label),
                  .detail = p->id,
                  .url = qi_arena_printf(arena, "/%s/visualize/line/%s/export/%s/%s/%s/%d.%d",
                                         f->language, f->cube_word, small(f, x->id),
                                         small(f, y->id), p->id, (int)f->first, (int)f->last)});
}

static void add_country_measure(finder *f, uint32_t country, uint32_t measure) {
    qi_arena *arena = f->visit->arena;
    const qi_thing *c = thing(f, country), *m = thing(f, measure);
    add_hit(f, (hit){.kind = "measure",
                     .id = qi_arena_printf(arena, "%s-%s", m->id, c->id),
                     .label = qi_arena_printf(arena, "%s: %s", c->label, m->label),
                     .label_es = qi_arena_printf(arena, "%s: %s", spanish(c), m->label),
                     .detail = m->detail,
                     .url = qi_arena_printf(arena, "/%s/measure/%s?reporter=%s", f->language,
                                            m->id, c->id)});
}

/* ---- the question taken apart ---- */

typedef struct question {
    char *words[QI_MOST_WORDS];
    size_t n;
    uint32_t countries[QI_MOST_WORDS];
    size_t n_countries;
    char *others[QI_MOST_WORDS]; /* words that name no country */
    size_t n_others;
} question;

/* Little words of English and Spanish between names; some are also codes of countries. */
static bool is_little(const char *word) {
    static const char *const little[] = {"of",  "to", "from", "and", "with", "in", "the",
                                         "for", "y",  "e",    "de",  "del",  "a",  "con",
                                         "en",  "el", "la",   "los", "las",  "al", "by"};
    for (size_t i = 0; i < QI_COUNT(little); i++)
        if (strcmp(word, little[i]) == 0)
            return true;
    return false;
}

/* The longest run of words from `at` that is the name of a country; 0 = none. */
static size_t country_at(const finder *f, const question *q, size_t at, uint32_t *country) {
    size_t most = q->n - at < MOST_LONG ? q->n - at : MOST_LONG;
    for (size_t length = most; length > 0; length--) {
        char name[256] = "";
        for (size_t i = 0; i < length; i++) {
            size_t used = strlen(name);
            snprintf(name + used, sizeof name - used, "%s%s", i > 0 ? " " : "",
                     q->words[at + i]);
        }
        if (length == 1 && q->n > 1 && is_little(name))
            return 0;
        if (qi_search_name(f->search, name, QI_FOUND_COUNTRY, country))
            return length;
    }
    return 0;
}

static void take_apart(const finder *f, char *folded, question *q) {
    *q = (question){.n = 0};
    for (char *at = folded; *at != '\0' && q->n < QI_MOST_WORDS;) {
        q->words[q->n++] = at;
        at += strcspn(at, " ");
        if (*at != '\0')
            *at++ = '\0';
    }
    for (size_t i = 0; i < q->n;) {
        uint32_t country;
        size_t length = country_at(f, q, i, &country);
        if (length > 0)
            q->countries[q->n_countries++] = country;
        else if (!is_little(q->words[i]))
            q->others[q->n_others++] = q->words[i];
        i += length > 0 ? length : 1;
    }
}

/* ---- what it makes ---- */

static void combine(finder *f, const question *q) {
    uint32_t found[FEW * 4];
    size_t n = q->n_others > 0 ? qi_search_words(f->search, q->others, q->n_others, found,
                                                 QI_COUNT(found), f->visit->arena)
                               : 0;
    uint32_t first = q->n_countries > 0 ? q->countries[0] : 0;
    for (size_t i = 0, products = 0; i < n && q->n_countries > 0; i++) {
        qi_found_kind kind = thing(f, found[i])->kind;
        if (kind == QI_FOUND_PRODUCT && products++ < FEW) {
            if (q->n_countries >= 2)
                add_pair_product(f, first, q->countries[1], found[i]);
            else
                add_country_product(f, first, found[i]);
        } else if (kind == QI_FOUND_COUNTRY && q->n_countries == 1 && found[i] != first) {
            add_pair(f, first, found[i]); /* half typed: "peru chi" */
        }
    }
    for (size_t i = 1; i < q->n_countries; i++)
        if (q->countries[i] != first)
            add_pair(f, first, q->countries[i]);
    /* Two or more names stand for themselves too, and are more likely meant than a measure. */
    for (size_t i = 0; i < q->n_countries && q->n_countries > 1; i++)
        add_thing(f, q->countries[i]);
    for (size_t i = 0; i < n && q->n_countries > 0; i++)
        if (thing(f, found[i])->kind == QI_FOUND_MEASURE)
            add_country_measure(f, first, found[i]);
    if (q->n_countries == 1 && n > 0)
        add_thing(f, first);
    for (size_t i = 0; i < n; i++)
        add_thing(f, found[i]);
}

/* Nothing was found: names one slip away. */
static void guess(finder *f, const char *folded) {
    qi_suggest near;
    qi_suggest_start(&near, folded);
    for (size_t i = 0; i < f->search->things.n; i++)
        if (f->search->things.items[i].kind != QI_FOUND_PRODUCT)
            qi_suggest_try(&near, f->search->things.items[i].label);
    for (size_t k = 0; k < near.n; k++)
        for (uint32_t i = 0; i < f->search->things.n; i++)
            if (f->search->things.items[i].label == near.best[k])
                add_thing(f, i);
}

static void find_all(finder *f, const char *text) {
    char folded[512], words[512];
    uint32_t found[MOST_HITS];
    question q;
    if (qi_fold(text, strlen(text), folded, sizeof folded) == 0)
        return;
    memcpy(words, folded, sizeof words);
    take_apart(f, words, &q);
    bool several = q.n_countries + (q.n_others > 0) > 1;
    if (several)
        combine(f, &q);
    size_t n = qi_search_words(f->search, q.words, q.n, found, f->most, f->visit->arena);
    for (size_t i = 0; i < n; i++)
        add_thing(f, found[i]);
    if (f->n == 0)
        guess(f, folded);
}

/* ---- the route ---- */

/* What addresses call the nomenclature of the cube: "hs92". */
static const char *cube_word(qi_visit *v) {
    static const char *const known[][2] = {
        {"H0", "hs92"}, {"H1", "hs96"}, {"H2", "hs02"},  {"H3", "hs07"},  {"H4", "hs12"},
        {"H5", "hs17"}, {"H6", "hs22"}, {"S2", "sitc2"}, {"S3", "sitc3"}, {"I3", "isic3"}};
    const char *name = quipu_cube_meta(v->edition->cube, "nomenclature");
    for (size_t i = 0; name != NULL && i < QI_COUNT(known); i++)
        if (strcmp(known[i][0], name) == 0)
            return known[i][1];
    char *text = qi_arena_dup(v->arena, name != NULL && name[0] != '\0' ? name : "all");
    for (char *c = text; c != NULL && *c != '\0'; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    return text != NULL ? qi_url_quote(text, v->arena) : "all";
}

static bool read_limit(qi_visit *v, size_t *most) {
    const char *text = qi_target_get(v->target, "limit");
    int64_t n = 20;
    *most = 20;
    if (text == NULL || text[0] == '\0')
        return true;
    if (!qi_parse_int(text, strlen(text), &n) || n < 1 || n > MOST_HITS) {
        qi_answer_fail(v->answer, 400, "wrong-use", "limit: a whole number from 1 to 100");
        return false;
    }
    *most = (size_t)n;
    return true;
}

static void put_hits(qi_visit *v, const finder *f) {
    qi_json j = {.out = &v->answer->bytes};
    qi_json_open(&j, '[');
    for (size_t i = 0; i < f->n; i++) {
        const hit *h = &f->hits[i];
        qi_json_line(&j);
        qi_json_open(&j, '{');
        qi_json_pair(&j, "kind", h->kind);
        qi_json_pair(&j, "id", h->id);
        qi_json_pair(&j, "label", h->label);
        qi_json_pair(&j, "label_es", h->label_es);
        qi_json_pair(&j, "detail", h->detail);
        qi_json_pair(&j, "url", h->url);
        qi_json_close(&j, '}');
    }
    qi_json_close(&j, ']');
    if (f->failed || j.failed || !qi_buffer_text(&v->answer->bytes, "\n"))
        qi_answer_fail(v->answer, 503, "out-of-memory", "out of memory");
    else
        v->answer->status = 200;
}

void qi_route_search(qi_visit *v) {
    const char *text = qi_target_get(v->target, "q");
    const char *language = qi_target_get(v->target, "language");
    size_t n_slabs;
    const quipu_slab *slabs = quipu_cube_slabs(v->edition->cube, &n_slabs);
    finder *f = qi_arena_alloc(v->arena, sizeof *f);
    if (text == NULL) {
        qi_answer_fail(v->answer, 400, "wrong-use", "search for what? add q=WORDS");
        return;
    }
    if (f == NULL) {
        qi_answer_fail(v->answer, 503, "out-of-memory", "out of memory");
        return;
    }
    f->search = v->edition->search;
    f->visit = v;
    f->language = language != NULL && strcmp(language, "es") == 0 ? "es" : "en";
    f->cube_word = cube_word(v);
    f->first = n_slabs > 0 ? slabs[0].period : 0;
    f->last = n_slabs > 0 ? slabs[n_slabs - 1].period : 0;
    if (!read_limit(v, &f->most))
        return;
    find_all(f, text);
    put_hits(v, f);
}
