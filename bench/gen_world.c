/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gen_world: a seeded generator of invented trade worlds in the shape in
 * which CEPII publishes BACI: one CSV a year, header t,i,j,k,v,q, sorted by
 * t,i,j,k; v in thousand current US$, q in metric tons padded with blanks to
 * 13 places, NA where the quantity is missing.
 *
 *   gen_world --seed 1 --years 2017-2021 --rows 13000000 --codes F -o DIR
 *   gen_world --small -o DIR
 *
 * The figures are invented; only the country codes (and the product codes,
 * when --codes is given) are real.  Every cell (year, exporter, importer,
 * product) has a latent score and a latent log value.  Both share a gravity
 * term (sizes and distance), a product term, the exporter's comparative
 * advantage and noise that is fixed over the years; smaller noise changes
 * with the year.  A cell is traded when its score passes a threshold that is
 * found by counting, so that each year has the number of rows asked for.
 *
 * All randomness comes from hashing (seed, cell), never from a running
 * stream, so the bytes do not depend on the number of threads.
 */
#define _POSIX_C_SOURCE 200809L
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* BACI country codes, roughly in order of size of exports.  The historic
 * codes (58, 200, 278, 280, 530, 711, 736, 810, 849, 891) are left out, and
 * 697 and 175, which no longer report. */
static const short BACI_CODES[] = {
    156, 842, 276, 392, 528, 410, 251, 380, 484, 826, 124, 643, 56,  490, 704, 757, 699, 702,
    724, 784, 616, 36,  458, 764, 76,  682, 360, 203, 40,  752, 372, 344, 792, 348, 579, 703,
    208, 710, 246, 642, 152, 368, 634, 608, 620, 414, 376, 566, 32,  604, 170, 804, 364, 398,
    50,  554, 300, 705, 12,  440, 100, 504, 586, 112, 512, 434, 218, 191, 818, 688, 24,  862,
    233, 31,  788, 428, 442, 116, 104, 288, 144, 188, 48,  214, 384, 320, 180, 858, 400, 598,
    600, 795, 68,  591, 894, 860, 96,  496, 70,  404, 340, 266, 418, 780, 231, 222, 120, 352,
    226, 178, 807, 834, 508, 268, 716, 72,  516, 470, 196, 422, 686, 450, 558, 524, 466, 8,
    51,  324, 854, 480, 887, 729, 192, 388, 740, 328, 446, 417, 148, 498, 540, 800, 748, 760,
    478, 4,   562, 408, 762, 430, 44,  768, 204, 694, 426, 454, 646, 242, 332, 499, 275, 728,
    706, 584, 84,  52,  304, 531, 136, 292, 20,  60,  92,  690, 90,  258, 262, 232, 270, 140,
    108, 64,  462, 132, 624, 626, 533, 583, 548, 28,  662, 670, 659, 308, 212, 674, 174, 678,
    882, 776, 296, 798, 520, 585, 238, 654, 796, 660, 500, 184, 570, 772, 876, 666, 574, 612,
    162, 166, 86,  260, 16,  316, 580, 534, 535, 652};
enum { N_BACI = (int)(sizeof BACI_CODES / sizeof BACI_CODES[0]), PERU = 604 };

/* Spread of the model, in natural logs.  Chosen so that the log values have a
 * standard deviation near 3 (3.2 in real BACI rows), about three fifths of
 * the pairs trade, and the largest pairs trade nearly every product. */
#define SEL_GRAVITY 0.75   /* weight of the gravity term in the score ...      */
#define VAL_GRAVITY 0.78   /* ... and in the log value                         */
#define SEL_FIXED   1.25   /* cell noise fixed over the years, score ...       */
#define VAL_SHARED  1.30   /* ... the part of the value that goes with it      */
#define VAL_FIXED   2.10   /* ... and the part of its own                      */
#define SEL_YEAR    0.50   /* yearly cell noise, score                         */
#define VAL_YEAR    0.85   /* yearly cell noise, value                         */
#define MEDIAN_V    10.0   /* thousand US$                                     */
#define LN_HUGE     16.118 /* log of ten billion US$, in thousands             */

enum {
    MAX_YEARS = 64,
    MAX_THREADS = 64,
    CHAPTERS = 100,
    ZBITS = 16,
    CODE_LEN = 6,
    Q_WIDTH = 13
};
enum { LINE_MAX_BYTES = 72 };

/* Resolution of the histograms in which thresholds and medians are found. */
#define BIN_LO  (-60.0f)
#define BIN_PER 2048.0f
enum { BINS = 120 * 2048 };

typedef struct {
    int code;
    double out, in;   /* log size as exporter and as importer          */
    double x, y, z;   /* place on a sphere, for distances              */
    double advantage; /* how uneven the country's exports are          */
} Country;

typedef struct {
    char code[CODE_LEN + 1];
    int chapter;
    float sel, val;    /* product size in the score and in the value    */
    float ln_uv;       /* log unit value, thousand US$ per ton          */
    uint32_t na_below; /* quantity missing when a 16-bit draw is below  */
} Product;

static struct {
    uint64_t seed;
    int y0, years, nc, np, threads;
    long long rows;
    const char *out, *codes;
    bool blank_q;
} opt = {1, 2017, 5, N_BACI, 5018, 2, 13000000, NULL, NULL, false};

static Country *country;
static Product *product;
static float *demand; /* [importer][product]: taste of the importer    */
static float *znorm;  /* normal quantiles at (n + 1/2) / 2^16          */

static void die(const char *what, const char *name) {
    fprintf(stderr, "gen_world: %s%s%s\n", what, name ? ": " : "", name ? name : "");
    exit(1);
}

static void *grab(size_t n, size_t size) {
    void *p = calloc(n, size);
    if (!p)
        die("out of memory", NULL);
    return p;
}

/* ---- randomness -------------------------------------------------------- */

/* A 64-bit mixing function (multiply and xor-shift; constants are odd
 * numbers with about half of their bits set). */
static inline uint64_t mix(uint64_t x) {
    x ^= x >> 31;
    x *= UINT64_C(0x9E6C63D0876A9A47);
    x ^= x >> 29;
    x *= UINT64_C(0xC2B2AE3D27D4EB4F);
    x ^= x >> 32;
    return x;
}

/* Purposes keep the draws for different things independent. */
enum Purpose {
    P_PLACE = 1,
    P_SIZE,
    P_ADV_CH,
    P_ADV,
    P_DEM_CH,
    P_DEM,
    P_PROD,
    P_UV,
    P_NA,
    P_PAIR,
    P_CELL,
    P_YEAR,
    P_GROW_I,
    P_GROW_P,
    P_WORLD,
    P_PICK,
    P_CHAPTER
};

static uint64_t draw(enum Purpose why, uint64_t a, uint64_t b, uint64_t c) {
    uint64_t h = mix(opt.seed + UINT64_C(0x632BE59BD9B4E019) * (uint64_t)why);
    h = mix(h + UINT64_C(0x8CB92BA72F3D8DD7) * (a + 1));
    h = mix(h + UINT64_C(0xABC98388FB8FAC03) * (b + 1));
    return mix(h + UINT64_C(0xD1342543DE82EF95) * (c + 1));
}

static double unit(uint64_t h) {
    return ((double)(h >> 11) + 0.5) * 0x1p-53;
}

static inline float zof(uint64_t h) {
    return znorm[h & 0xffffu];
}

static double normal(enum Purpose why, uint64_t a, uint64_t b, uint64_t c) {
    return (double)zof(draw(why, a, b, c));
}

/* Normal quantiles by Newton steps on erfc; the table is odd about its
 * middle, so half of it is computed. */
static void make_normals(void) {
    const int n = 1 << ZBITS;
    double z = 0;
    znorm = grab((size_t)n, sizeof *znorm);
    for (int m = n / 2; m < n; m++) {
        double p = (m + 0.5) / n;
        for (int it = 0; it < 8; it++) {
            double tail = 0.5 * erfc(z / sqrt(2.0)) - (1.0 - p);
            z += tail / (exp(-0.5 * z * z) / sqrt(2.0 * 3.14159265358979323846));
        }
        znorm[m] = (float)z;
        znorm[n - 1 - m] = (float)-z;
    }
}

/* ---- countries and products -------------------------------------------- */

/* Straight lines between anchors (rank out of 226, log million US$). */
static double by_rank(double rank, const double anchor[][2], int n) {
    for (int a = 1; a < n; a++)
        if (rank <= anchor[a][0] || a == n - 1) {
            double w = (rank - anchor[a - 1][0]) / (anchor[a][0] - anchor[a - 1][0]);
            return anchor[a - 1][1] + w * (anchor[a][1] - anchor[a - 1][1]);
        }
    return 0;
}

static int cmp_country(const void *a, const void *b) {
    return ((const Country *)a)->code - ((const Country *)b)->code;
}

static void make_countries(void) {
    /* Exports fall off much faster than imports: a small island exports next
     * to nothing but imports a little of everything. */
    static const double out[][2] = {{1, 14.9},  {10, 13.1}, {50, 11.1}, {100, 9.2},
                                    {150, 7.0}, {200, 3.6}, {226, 0.5}};
    static const double in[][2] = {{1, 14.7},  {10, 13.1}, {50, 11.1}, {100, 9.3},
                                   {150, 7.9}, {200, 5.8}, {226, 4.0}};
    country = grab((size_t)opt.nc, sizeof *country);
    bool peru = false;
    for (int r = 0; r < opt.nc; r++) {
        Country *c = &country[r];
        c->code = BACI_CODES[r];
        /* Peru is always in the world: the benchmark's questions ask for it. */
        peru |= c->code == PERU;
        if (r == opt.nc - 1 && !peru)
            c->code = PERU;
        uint64_t id = (uint64_t)c->code;
        c->out = by_rank(r + 1.0, out, 7) + 0.30 * normal(P_SIZE, id, 0, 0);
        c->in = by_rank(r + 1.0, in, 7) + 0.30 * normal(P_SIZE, id, 1, 0);
        double x = normal(P_PLACE, id, 0, 0), y = normal(P_PLACE, id, 1, 0),
               z = normal(P_PLACE, id, 2, 0), len = sqrt(x * x + y * y + z * z);
        c->x = x / len;
        c->y = y / len;
        c->z = z / len;
        c->advantage = 1.15 - 0.03 * (c->out - 9.0);
    }
    qsort(country, (size_t)opt.nc, sizeof *country, cmp_country);
}

/* Gravity: both sizes, distance with elasticity -1, and a pair's own luck. */
static double gravity(int i, int j) {
    const Country *a = &country[i], *b = &country[j];
    double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
    double dist = sqrt(dx * dx + dy * dy + dz * dz);
    return a->out + b->in - log(dist + 0.05) +
           0.9 * normal(P_PAIR, (uint64_t)a->code, (uint64_t)b->code, 0);
}

static int cmp_product(const void *a, const void *b) {
    return strcmp(((const Product *)a)->code, ((const Product *)b)->code);
}

static uint64_t code_number(const char *s) {
    return (uint64_t)strtoul(s, NULL, 10);
}

/* One code a line; anything after the code, and lines that do not start with
 * six digits (a header, 9999AA), is passed over.  Surplus codes are dropped
 * evenly by selection sampling. */
static void read_codes(const char *name) {
    FILE *f = fopen(name, "r");
    if (!f)
        die(strerror(errno), name);
    size_t n = 0, cap = 0;
    char line[4096];
    bool whole = true; /* is this buffer the start of a line? */
    while (fgets(line, sizeof line, f)) {
        bool start = whole;
        whole = strchr(line, '\n') != NULL;
        if (!start)
            continue;
        int d = 0;
        while (d < CODE_LEN && isdigit((unsigned char)line[d]))
            d++;
        if (d < CODE_LEN || isalnum((unsigned char)line[CODE_LEN]))
            continue;
        if (n == cap) {
            cap = cap ? 2 * cap : 8192;
            product = realloc(product, cap * sizeof *product);
            if (!product)
                die("out of memory", NULL);
        }
        memset(&product[n], 0, sizeof product[n]);
        memcpy(product[n++].code, line, CODE_LEN);
    }
    fclose(f);
    if (n == 0)
        die("no six-digit codes", name);
    size_t want = opt.np > 0 && (size_t)opt.np < n ? (size_t)opt.np : n, kept = 0;
    for (size_t m = 0; m < n; m++)
        if (unit(draw(P_PICK, code_number(product[m].code), 0, 0)) * (double)(n - m) <
            (double)(want - kept))
            product[kept++] = product[m];
    opt.np = (int)kept;
}

/* Invented codes: chapters 01-97 without 77, of uneven size; headings of nine
 * subheadings each (0101.10 ... 0101.90). */
static void invent_codes(void) {
    double w[98] = {0}, sum = 0, done = 0;
    for (int c = 1; c <= 97; c++)
        if (c != 77) {
            w[c] = exp(0.8 * normal(P_CHAPTER, (uint64_t)c, 0, 0));
            sum += w[c];
        }
    product = grab((size_t)opt.np, sizeof *product);
    int n = 0;
    for (int c = 1; c <= 97; c++) {
        done += w[c];
        if (c == 77)
            continue;
        /* A chapter has room for 99 headings; what is left over moves on. */
        int want = (c == 97 ? opt.np : (int)(opt.np * (done / sum))) - n;
        for (int m = 0; m < want && m < 99 * 9; m++)
            snprintf(product[n++].code, CODE_LEN + 1, "%02d%02d%1d0", c, (m / 9 + 1) % 100,
                     m % 9 + 1);
    }
    opt.np = n;
}

static void make_products(void) {
    if (opt.codes)
        read_codes(opt.codes);
    else
        invent_codes();
    qsort(product, (size_t)opt.np, sizeof *product, cmp_product);
    for (int p = 1; p < opt.np; p++)
        if (!strcmp(product[p].code, product[p - 1].code))
            die("code twice", product[p].code);
    for (int p = 0; p < opt.np; p++) {
        Product *q = &product[p];
        uint64_t id = code_number(q->code);
        q->chapter = (q->code[0] - '0') * 10 + (q->code[1] - '0');
        uint64_t ch = (uint64_t)q->chapter;
        double common = 0.55 * normal(P_PROD, ch, 0, 1) + 0.75 * normal(P_PROD, id, 0, 0);
        q->sel = (float)common;
        q->val = (float)(1.3 * common + 0.9 * normal(P_PROD, id, 1, 0));
        q->ln_uv = (float)(1.6 + 1.2 * normal(P_UV, ch, 0, 1) + 0.7 * normal(P_UV, id, 0, 0));
        /* On average 3 %: a tenth of the products lack quantities often. */
        double na = unit(draw(P_NA, id, 0, 0)) < 0.1 ? 0.12 : 0.02;
        q->na_below = (uint32_t)(na * 65536.0);
    }
    demand = grab((size_t)opt.nc * (size_t)opt.np, sizeof *demand);
    for (int j = 0; j < opt.nc; j++) {
        uint64_t cj = (uint64_t)country[j].code;
        for (int p = 0; p < opt.np; p++)
            demand[(size_t)j * (size_t)opt.np + (size_t)p] =
                (float)(0.35 * normal(P_DEM_CH, cj, (uint64_t)product[p].chapter, 0) +
                        0.40 * normal(P_DEM, cj, code_number(product[p].code), 0));
    }
}

/* ---- the cells of one exporter in one year ------------------------------ */

typedef struct {
    char *text;
    size_t len, cap;
    long long rows;
    double total;
} Buffer;

typedef struct {
    float *sel, *val; /* per product, for the current exporter     */
    uint32_t *hist;   /* while calibrating                         */
    Buffer buf;
} Worker;

enum Task { T_SCORES, T_VALUES, T_WRITE };

static struct {
    enum Task task;
    int year; /* 0 .. years-1                              */
    float threshold;
    double level; /* added to every log value                  */
    int fd;
    int next;   /* next exporter to take                     */
    int placed; /* exporters whose place in the file is known*/
    uint64_t offset;
    long long rows;
    double *total; /* per exporter, summed in order afterwards  */
    pthread_mutex_t lock;
    pthread_cond_t moved;
} job;

/* What exporter i offers in year t: product size, comparative advantage (by
 * chapter and product, persistent) and growth (country, product, world). */
static void prepare(Worker *w, int i, int t) {
    const Country *c = &country[i];
    uint64_t ci = (uint64_t)c->code;
    double adv_ch[CHAPTERS], grow = 0;
    for (int h = 0; h < CHAPTERS; h++)
        adv_ch[h] = 0.7 * c->advantage * normal(P_ADV_CH, ci, (uint64_t)h, 0);
    for (int s = 1; s <= t; s++)
        grow += 0.02 + 0.07 * normal(P_GROW_I, ci, (uint64_t)s, 0) +
                0.07 * normal(P_WORLD, (uint64_t)s, 0, 0);
    for (int p = 0; p < opt.np; p++) {
        const Product *q = &product[p];
        uint64_t id = code_number(q->code);
        double adv = adv_ch[q->chapter] + 0.7 * c->advantage * normal(P_ADV, ci, id, 0);
        double trend = 0.04 * t * normal(P_GROW_P, id, 0, 0);
        w->sel[p] = (float)(q->sel + adv + 0.3 * (grow + trend));
        w->val[p] = (float)(q->val + 1.5 * adv + grow + trend);
    }
}

static inline int bin_of(float x) {
    float b = (x - BIN_LO) * BIN_PER;
    if (b < 0)
        return 0;
    if (b > (float)(BINS - 1))
        return BINS - 1;
    return (int)b;
}

/* Decimal digits of n, at least `least` of them; returns their number. */
static int digits(char *to, uint64_t n, int least) {
    char tmp[24];
    int d = 0;
    while (n || d < least) {
        tmp[d++] = (char)('0' + n % 10);
        n /= 10;
    }
    for (int m = 0; m < d; m++)
        to[m] = tmp[d - 1 - m];
    return d;
}

/* A number of thousandths with a point: 52051 -> 52.051 */
static int milli(char *to, uint64_t n) {
    int d = digits(to, n / 1000, 1);
    to[d] = '.';
    return d + 1 + digits(to + d + 1, n % 1000, 3);
}

static uint64_t thousandths(double ln) {
    double x = exp(ln) * 1000.0;
    if (x < 1.0)
        return 1; /* BACI's smallest value is 0.001    */
    if (x > 999999999999.0)
        return 999999999999u;
    return (uint64_t)(x + 0.5);
}

static void put_row(Buffer *b, const char *pre, int npre, const Product *q, double ln_v,
                    double ln_q, bool missing) {
    char *at = b->text + b->len;
    uint64_t v = thousandths(ln_v);
    memcpy(at, pre, (size_t)npre);
    at += npre;
    memcpy(at, q->code, CODE_LEN);
    at += CODE_LEN;
    *at++ = ',';
    at += milli(at, v);
    *at++ = ',';
    if (missing) {
        memset(at, ' ', Q_WIDTH);
        if (!opt.blank_q)
            memcpy(at + Q_WIDTH - 2, "NA", 2);
        at += Q_WIDTH;
    } else {
        char num[32];
        int d = milli(num, thousandths(ln_q));
        for (int pad = d; pad < Q_WIDTH; pad++)
            *at++ = ' ';
        memcpy(at, num, (size_t)d);
        at += d;
    }
    *at++ = '\n';
    b->len = (size_t)(at - b->text);
    b->rows++;
    b->total += (double)v * 1e-3;
}

/* Walk every (importer, product) of exporter i.  This loop runs 255 million
 * times a year, so the yearly draw is made only for cells that can still pass
 * the threshold. */
static void walk(Worker *w, int i) {
    const int t = job.year, np = opt.np;
    const float cut = job.task == T_SCORES ? -1e30f : job.threshold;
    const float most = (float)SEL_YEAR * znorm[(1 << ZBITS) - 1];
    const uint64_t year_key = draw(P_YEAR, (uint64_t)(opt.y0 + t), 0, 0);
    prepare(w, i, t);
    for (int j = 0; j < opt.nc; j++) {
        if (j == i)
            continue;
        const float *dem = demand + (size_t)j * (size_t)np;
        const double g = gravity(i, j);
        const float gs = (float)(SEL_GRAVITY * g);
        const double gv = VAL_GRAVITY * g + job.level;
        const uint64_t key =
            draw(P_CELL, (uint64_t)country[i].code, (uint64_t)country[j].code, 0);
        char pre[32];
        int npre = 0;
        if (job.task == T_WRITE) {
            npre = snprintf(pre, sizeof pre, "%d,%d,%d,", opt.y0 + t, country[i].code,
                            country[j].code);
            size_t need = w->buf.len + (size_t)np * LINE_MAX_BYTES;
            if (need > w->buf.cap) {
                w->buf.cap = need + need / 2;
                w->buf.text = realloc(w->buf.text, w->buf.cap);
                if (!w->buf.text)
                    die("out of memory", NULL);
            }
        }
        for (int p = 0; p < np; p++) {
            uint64_t h = mix(key + UINT64_C(0x9E3779B97F4A7C15) * (uint64_t)(p + 1));
            float fixed = zof(h);
            float s = gs + w->sel[p] + dem[p] + (float)SEL_FIXED * fixed;
            if (s + most < cut)
                continue;
            uint64_t hy = mix(h ^ year_key);
            float yearly = zof(hy);
            s += (float)SEL_YEAR * yearly;
            if (s < cut)
                continue;
            if (job.task == T_SCORES) {
                w->hist[bin_of(s)]++;
                continue;
            }
            double x = gv + (double)w->val[p] + (double)dem[p] + VAL_SHARED * (double)fixed +
                       VAL_FIXED * (double)zof(h >> 16) +
                       VAL_YEAR * (0.5 * (double)yearly + 0.85 * (double)zof(hy >> 16));
            if (job.task == T_VALUES) {
                w->hist[bin_of((float)x)]++;
                continue;
            }
            /* Real worlds have a few cells above ten billion US$ but hardly any
             * above a hundred: squeeze the far end of the tail. */
            if (x > LN_HUGE)
                x = LN_HUGE + 0.6 * (x - LN_HUGE);
            /* Unit values: the product's, with cell noise and year noise. */
            double uv = (double)product[p].ln_uv + 0.6 * (double)zof(h >> 32) +
                        0.2 * (double)zof(hy >> 32);
            put_row(&w->buf, pre, npre, &product[p], x, x - uv,
                    (uint32_t)(h >> 48) < product[p].na_below);
        }
    }
}

/* Threads take exporters in order.  When writing, each waits only until the
 * length of all earlier exporters is known and then writes at its own place. */
static void *work(void *arg) {
    Worker *w = arg;
    for (;;) {
        pthread_mutex_lock(&job.lock);
        int i = job.next++;
        pthread_mutex_unlock(&job.lock);
        if (i >= opt.nc)
            return NULL;
        w->buf.len = 0;
        w->buf.rows = 0;
        w->buf.total = 0;
        walk(w, i);
        if (job.task != T_WRITE)
            continue;
        pthread_mutex_lock(&job.lock);
        while (job.placed != i)
            pthread_cond_wait(&job.moved, &job.lock);
        uint64_t at = job.offset;
        job.offset += w->buf.len;
        job.rows += w->buf.rows;
        job.total[i] = w->buf.total;
        job.placed++;
        pthread_cond_broadcast(&job.moved);
        pthread_mutex_unlock(&job.lock);
        for (size_t done = 0; done < w->buf.len;) {
            ssize_t n =
                pwrite(job.fd, w->buf.text + done, w->buf.len - done, (off_t)(at + done));
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                die("cannot write", strerror(errno));
            done += (size_t)n;
        }
    }
}

static Worker *workers;

/* One pass over all exporters; rows are written from `offset` on. */
static void run(enum Task task, uint64_t offset) {
    pthread_t id[MAX_THREADS];
    job.task = task;
    job.next = job.placed = 0;
    job.offset = offset;
    job.rows = 0;
    for (int n = 0; n < opt.threads; n++) {
        memset(workers[n].hist, 0, BINS * sizeof *workers[n].hist);
        if (pthread_create(&id[n], NULL, work, &workers[n]))
            die("no thread", NULL);
    }
    for (int n = 0; n < opt.threads; n++)
        pthread_join(id[n], NULL);
}

/* The place in the merged histogram above which `above` cells lie. */
static float place(long long above) {
    long long sum = 0;
    for (int b = BINS - 1; b > 0; b--) {
        for (int n = 0; n < opt.threads; n++)
            sum += workers[n].hist[b];
        if (sum > above)
            return BIN_LO + (float)(b + 1) / BIN_PER;
    }
    return BIN_LO;
}

static double now(void) {
    struct timespec s;
    clock_gettime(CLOCK_MONOTONIC, &s);
    return (double)s.tv_sec + 1e-9 * (double)s.tv_nsec;
}

static void write_year(int t) {
    char name[4096];
    double start = now();
    job.year = t;
    run(T_SCORES, 0);
    job.threshold = place(opt.rows);
    if (t == 0) { /* the level of values is set once, so that growth shows */
        job.level = 0;
        run(T_VALUES, 0);
        long long cells = 0;
        for (int n = 0; n < opt.threads; n++)
            for (int b = 0; b < BINS; b++)
                cells += workers[n].hist[b];
        job.level = log(MEDIAN_V) - (double)place(cells / 2);
    }
    if (snprintf(name, sizeof name, "%s/BACI_HS92_Y%d_V202501.csv", opt.out, opt.y0 + t) >=
        (int)sizeof name)
        die("name too long", opt.out);
    job.fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (job.fd < 0)
        die(strerror(errno), name);
    static const char head[] = "t,i,j,k,v,q\n";
    if (write(job.fd, head, sizeof head - 1) != (ssize_t)(sizeof head - 1))
        die("cannot write", name);
    run(T_WRITE, sizeof head - 1);
    if (close(job.fd))
        die("cannot write", name);
    double total = 0;
    for (int i = 0; i < opt.nc; i++)
        total += job.total[i];
    printf("{\"file\":\"%s\",\"rows\":%lld,\"bytes\":%llu,\"trade_billion_usd\":%.1f,"
           "\"seconds\":%.2f}\n",
           name, job.rows, (unsigned long long)job.offset, total * 1e-6, now() - start);
    fflush(stdout);
}

/* ---- command line -------------------------------------------------------- */

static const char USAGE[] =
    "gen_world [--seed N] [--years A-B] [--countries N] [--products N] [--rows N]\n"
    "          [--codes FILE] [--threads N] [--blank-q] [--small] -o DIR\n"
    "  --rows N     rows a year (met within a fraction of a percent)\n"
    "  --codes F    six-digit product codes, one a line; else codes are invented\n"
    "  --blank-q    missing quantities as blanks instead of NA\n"
    "  --small      40 countries, 300 products, 2017-2019, 100000 rows a year\n"
    "The same arguments give the same bytes whatever the number of threads.\n";

static long long number(const char *s, long long lo, long long hi) {
    char *end;
    errno = 0;
    long long n = strtoll(s, &end, 10);
    if (errno || end == s || *end || n < lo || n > hi)
        die("bad number", s);
    return n;
}

int main(int argc, char **argv) {
    for (int a = 1; a < argc; a++) {
        const char *o = argv[a], *v = a + 1 < argc ? argv[a + 1] : NULL;
        if (!strcmp(o, "--small")) {
            opt.nc = 40;
            opt.np = 300;
            opt.y0 = 2017;
            opt.years = 3;
            opt.rows = 100000;
            continue;
        }
        if (!strcmp(o, "--blank-q")) {
            opt.blank_q = true;
            continue;
        }
        if (!strcmp(o, "--help")) {
            fputs(USAGE, stdout);
            return 0;
        }
        if (!v) {
            fputs(USAGE, stderr);
            return 2;
        }
        a++;
        if (!strcmp(o, "--seed"))
            opt.seed = (uint64_t)number(v, 0, INT64_MAX);
        else if (!strcmp(o, "--countries"))
            opt.nc = (int)number(v, 2, N_BACI);
        else if (!strcmp(o, "--products"))
            opt.np = (int)number(v, 1, 20000);
        else if (!strcmp(o, "--rows"))
            opt.rows = number(v, 1, 1000000000);
        else if (!strcmp(o, "--threads"))
            opt.threads = (int)number(v, 1, MAX_THREADS);
        else if (!strcmp(o, "--codes"))
            opt.codes = v;
        else if (!strcmp(o, "-o"))
            opt.out = v;
        else if (!strcmp(o, "--years")) {
            int from, to, used = 0;
            if (sscanf(v, "%d-%d%n", &from, &to, &used) != 2 || v[used] || from < 1000 ||
                to > 9999 || to < from || to - from >= MAX_YEARS)
                die("bad years", v);
            opt.y0 = from;
            opt.years = to - from + 1;
        } else {
            fputs(USAGE, stderr);
            return 2;
        }
    }
    if (!opt.out) {
        fputs(USAGE, stderr);
        return 2;
    }
    if (mkdir(opt.out, 0755) && errno != EEXIST)
        die(strerror(errno), opt.out);
    make_normals();
    make_countries();
    make_products();
    long long cells = (long long)opt.nc * (opt.nc - 1) * opt.np;
    if (opt.rows > cells)
        die("more rows than cells", NULL);
    workers = grab((size_t)opt.threads, sizeof *workers);
    for (int n = 0; n < opt.threads; n++) {
        workers[n].sel = grab((size_t)opt.np, sizeof(float));
        workers[n].val = grab((size_t)opt.np, sizeof(float));
        workers[n].hist = grab(BINS, sizeof(uint32_t));
    }
    job.total = grab((size_t)opt.nc, sizeof *job.total);
    pthread_mutex_init(&job.lock, NULL);
    pthread_cond_init(&job.moved, NULL);
    for (int t = 0; t < opt.years; t++)
        write_year(t);
    return 0;
}
