/* SPDX-License-Identifier: Apache-2.0 */
/* test_ownership.c - look-through, circles, bounds, control and attribution: by hand, against
 * closed forms, against a dense inverse written here, and on random worlds. */
#include "invest/test_world.h"

#define ENTITIES "id,name,kind,country,state_owned\n"
#define PROJECTS "id,name,sector\n"
#define STAKES   "owner,owned,share_pct\n"

static const world block8 = {{
    [QI_T_ENTITIES] = ENTITIES "norte,Norte,,PER,\ncnpc,CNPC,,CHN,yes\nresources,Resources,,,\n"
                               "sk,SK,,KOR,\ndaewoo,Daewoo,,KOR,\nknoc,KNOC,,KOR,yes\n",
    [QI_T_PROJECTS] = PROJECTS "b8,Block 8,Oil\n",
    [QI_T_STAKES] = STAKES "norte,b8,60\nsk,b8,8.3\ndaewoo,b8,11.6\nknoc,b8,20\n"
                           "resources,norte,55\ncnpc,norte,45\n",
}};

static void chain_by_hand(void **state) {
    QI_UNUSED(state);
    quipu_register *reg = world_open(&block8);
    NEAR(share_in(reg, "cnpc", "b8"), 0.27, 1e-15);
    NEAR(share_in(reg, "resources", "b8"), 0.33, 1e-15);
    NEAR(share_in(reg, "sk", "b8") + share_in(reg, "daewoo", "b8") +
             share_in(reg, "knoc", "b8"),
         0.399, 1e-15);
    NEAR(share_in(reg, "undisclosed", "b8"), 0.001, 1e-15);
    NEAR(share_in(reg, "norte", "b8"), 0.0, 0.0); /* held itself: no ultimate owner */
    quipu_register_close(reg);
}

/* A holds 40 % of B and B 20 % of A; X holds 80 % of A, Y 60 % of B. */
static const world cross = {{
    [QI_T_ENTITIES] = ENTITIES "a,A,,PER,\nb,B,,PER,\nx,X,,CHN,\ny,Y,,JPN,\n",
    [QI_T_STAKES] = STAKES "a,b,40\nb,a,20\nx,a,80\ny,b,60\n",
}};

static void cross_holding(void **state) {
    QI_UNUSED(state);
    quipu_register *reg = world_open(&cross);
    NEAR(share_in(reg, "x", "a"), 0.8 / 0.92, 1e-12);
    NEAR(share_in(reg, "y", "a"), 0.12 / 0.92, 1e-12);
    NEAR(share_in(reg, "x", "b"), 0.32 / 0.92, 1e-12);
    NEAR(share_in(reg, "y", "b"), 0.6 / 0.92, 1e-12);
    qi_graph g = graph_of(reg, QI_UNKNOWN_APART);
    double share[4];
    uint32_t a = g.local[node(reg, "a")], b = g.local[node(reg, "b")];
    /* Brioschi: B in A is 0.2 / 0.92; Baldone: what comes back through B does not count. */
    assert_int_equal(qi_integrated_shares(&g, a, false, share, NULL), QUIPU_OK);
    NEAR(share[b], 0.2 / 0.92, 1e-12);
    NEAR(share[a], 0.08 / 0.92, 1e-12);
    assert_int_equal(qi_integrated_shares(&g, a, true, share, NULL), QUIPU_OK);
    NEAR(share[b], 0.2, 1e-12);
    NEAR(share[a], 0.08, 1e-12);
    qi_graph_close(&g);
    quipu_register_close(reg);
}

/* A ring of n companies, each held with c by the next and with 1 - c by an owner of its own:
 * the owner k steps away has (1 - c) c^k / (1 - c^n). */
static void ring_closed_form(void **state) {
    QI_UNUSED(state);
    enum { N = 40 };
    qi_buffer entities = {0}, stakes = {0};
    qi_buffer_text(&entities, ENTITIES);
    qi_buffer_text(&stakes, STAKES);
    for (int i = 0; i < N; i++) {
        qi_buffer_printf(&entities, "c%d,C,,,\no%d,O,,,\n", i, i);
        qi_buffer_printf(&stakes, "c%d,c%d,97.5\no%d,c%d,2.5\n", (i + 1) % N, i, i, i);
    }
    world w = {{[QI_T_ENTITIES] = entities.bytes, [QI_T_STAKES] = stakes.bytes}};
    quipu_register *reg = world_open(&w);
    for (int k = 0; k < N; k++) {
        char owner[16];
        snprintf(owner, sizeof owner, "o%d", k);
        NEAR(share_in(reg, owner, "c0"), 0.025 * pow(0.975, k) / (1.0 - pow(0.975, N)), 1e-12);
    }
    quipu_register_close(reg);
    qi_buffer_free(&entities);
    qi_buffer_free(&stakes);
}

static void self_holding(void **state) {
    QI_UNUSED(state);
    world w = {{[QI_T_ENTITIES] = ENTITIES "a,A,,,\nx,X,,,\n",
                [QI_T_STAKES] = STAKES "a,a,10\nx,a,81\n"}};
    quipu_register *reg = world_open(&w);
    NEAR(share_in(reg, "x", "a"), 0.9, 1e-14);
    NEAR(share_in(reg, "undisclosed", "a"), 0.1, 1e-14);
    quipu_register_close(reg);
}

static void closed_groups(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *stakes, *says;
    } cases[] = {
        {STAKES "a,b,100\nb,a,100\n", "closed group that owns itself entirely: "},
        {STAKES "x,b,10\na,a,100\n", "a company that owns itself entirely: a"},
        {STAKES "a,b,50\nc,b,50\nb,a,100\nb,c,100\nx,x,1\n", "closed group"},
        {STAKES "a,b,100\nb,c,100\nc,a,100\nc,x,50\n", "closed group"},
    };
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        world w = {{[QI_T_ENTITIES] = ENTITIES "a,A,,,\nb,B,,,\nc,C,,,\nx,X,,,\n",
                    [QI_T_STAKES] = cases[i].stakes}};
        quipu_register *reg;
        quipu_error err = {0};
        assert_int_equal(world_parse(&w, NULL, &reg, &err), QUIPU_E_DATA);
        assert_null(reg);
        assert_non_null(strstr(err.text, cases[i].says));
        assert_non_null(strstr(err.file, "stakes.csv"));
    }
    /* One part in 10^12 from outside, and it has a meaning. */
    world w = {{[QI_T_ENTITIES] = ENTITIES "a,A,,,\nb,B,,,\nx,X,,,\n",
                [QI_T_STAKES] = STAKES "a,b,100\nb,a,99.999999\nx,a,0.000001\n"}};
    quipu_register *reg = world_open(&w);
    NEAR(share_in(reg, "x", "b"), 1.0, 1e-6);
    quipu_register_close(reg);
}

static void nothing_there(void **state) {
    QI_UNUSED(state);
    world w = {{[QI_T_ENTITIES] = ENTITIES, [QI_T_STAKES] = STAKES}};
    quipu_register *reg = world_open(&w);
    quipu_error err = {0};
    uint32_t out;
    qi_graph g = graph_of(reg, QI_UNKNOWN_APART);
    assert_int_equal(g.n, 0);
    qi_graph_close(&g);
    assert_int_equal(qi_node_find(reg, "a", &out, &err), QUIPU_E_NOT_FOUND);
    quipu_register_close(reg);
    /* A project of which no holder is known is undisclosed, all of it. */
    world bare = {{[QI_T_ENTITIES] = ENTITIES,
                   [QI_T_STAKES] = STAKES,
                   [QI_T_PROJECTS] = PROJECTS "p,P,Mining\n"}};
    reg = world_open(&bare);
    NEAR(share_in(reg, "undisclosed", "p"), 1.0, 0.0);
    err = (quipu_error){0};
    assert_int_equal(qi_node_find(reg, "q", &out, &err), QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "did you mean p?"));
    quipu_register_close(reg);
}

static void stakes_have_dates(void **state) {
    QI_UNUSED(state);
    world w = {{[QI_T_ENTITIES] = ENTITIES "a,A,,,\nb,B,,,\nc,C,,,\n",
                [QI_T_STAKES] = "owner,owned,share_pct,from,to\na,c,60,,2010-06-30\n"
                                "b,c,80,2010-07,2012\na,c,50,2013,\n"}};
    quipu_register *reg = world_open(&w);
    static const struct {
        int32_t date;
        double a, b;
    } days[] = {{20100630, 0.6, 0.0},
                {20100701, 0.0, 0.8},
                {20121231, 0.0, 0.8},
                {20130101, 0.5, 0.0},
                {QI_DATE_OPEN, 0.5, 0.0}};
    for (size_t i = 0; i < QI_COUNT(days); i++) {
        uint32_t c = node(reg, "c");
        qi_graph g;
        double share[3] = {0}, undisclosed;
        assert_int_equal(
            qi_graph_open(reg, days[i].date, &c, 1, QI_UNKNOWN_APART, NULL, NULL, &g, NULL),
            QUIPU_OK);
        assert_int_equal(qi_ultimate_shares(&g, g.local[c], share, &undisclosed, NULL),
                         QUIPU_OK);
        uint32_t a = g.local[node(reg, "a")], b = g.local[node(reg, "b")];
        NEAR(a == QI_NONE ? 0.0 : share[a], days[i].a, 1e-15);
        NEAR(b == QI_NONE ? 0.0 : share[b], days[i].b, 1e-15);
        NEAR(undisclosed, 1.0 - days[i].a - days[i].b, 1e-15);
        qi_graph_close(&g);
    }
    quipu_register_close(reg);
}

/* ---- unknown stakes ---- */

static double bound_of(const quipu_register *reg, const char *owner, const char *held,
                       bool most) {
    qi_graph g = graph_of(reg, QI_UNKNOWN_APART);
    uint8_t *mark = calloc(g.n, 1);
    double *share = calloc(g.n, sizeof *share), out;
    bool undisclosed = strcmp(owner, "undisclosed") == 0;
    if (!undisclosed)
        mark[g.local[node(reg, owner)]] = 1;
    quipu_status status = most || undisclosed
                              ? qi_share_bound(&g, mark, undisclosed, share, NULL)
                              : qi_share_floor(&g, mark, share, NULL);
    assert_int_equal(status, QUIPU_OK);
    out = share[g.local[node(reg, held)]];
    free(mark);
    free(share);
    qi_graph_close(&g);
    return out;
}

static void bounds_by_hand(void **state) {
    QI_UNUSED(state);
    /* X and Y hold unknown parts of H, which has 60 % of P; Z has 30 to 50 % of P. */
    world w = {{[QI_T_ENTITIES] = ENTITIES "h,H,,,\nx,X,,,\ny,Y,,,\nz,Z,,,\n",
                [QI_T_PROJECTS] = PROJECTS "p,P,Mining\n",
                [QI_T_STAKES] = "owner,owned,share_pct,low_pct,high_pct\nx,h,,,\ny,h,,20,\n"
                                "h,p,60,,\nz,p,,30,50\n"}};
    quipu_register *reg = world_open(&w);
    NEAR(bound_of(reg, "x", "p", false), 0.0, 1e-15);
    NEAR(bound_of(reg, "x", "p", true), 0.6 * 0.8, 1e-15); /* Y has 20 % at least */
    NEAR(bound_of(reg, "y", "p", false), 0.12, 1e-15);
    NEAR(bound_of(reg, "y", "p", true), 0.6, 1e-15);
    NEAR(bound_of(reg, "z", "p", true), 0.4, 1e-15); /* H leaves no more */
    NEAR(bound_of(reg, "undisclosed", "p", false), 0.0, 1e-15);
    NEAR(share_in(reg, "undisclosed", "p"), 0.6 * 0.8 + 0.1, 1e-15);
    qi_graph g = graph_of(reg, QI_UNKNOWN_EQUAL);
    double share[5], undisclosed;
    assert_int_equal(qi_ultimate_shares(&g, g.local[node(reg, "p")], share, &undisclosed, NULL),
                     QUIPU_OK);
    NEAR(share[g.local[node(reg, "x")]], 0.6 * 0.4, 1e-12);
    NEAR(share[g.local[node(reg, "y")]], 0.6 * 0.6, 1e-12);
    NEAR(share[g.local[node(reg, "z")]], 0.4, 1e-12);
    NEAR(undisclosed, 0.0, 1e-11);
    qi_graph_close(&g);
    quipu_register_close(reg);
}

/* A circle that is closed but for a hair: its bounds are wide, and still hold. */
static void bounds_of_a_tight_circle(void **state) {
    QI_UNUSED(state);
    world w = {{[QI_T_ENTITIES] = ENTITIES "a,A,,,\nb,B,,,\nx,X,,,\ny,Y,,,\n",
                [QI_T_STAKES] = "owner,owned,share_pct,low_pct,high_pct\na,b,100,,\n"
                                "b,a,99.99999,,\nx,a,,,\ny,a,0.000001,,\n"}};
    quipu_register *reg = world_open(&w);
    NEAR(share_in(reg, "undisclosed", "b"), 0.9, 1e-6);
    assert_true(bound_of(reg, "x", "b", false) <= 0.0);
    assert_true(bound_of(reg, "x", "b", true) >= 0.9); /* the truth is nine tenths */
    assert_true(bound_of(reg, "y", "b", false) <= 0.1 + 1e-6);
    quipu_register_close(reg);
}

/* ---- control ---- */

static qi_controlled control_of(const quipu_register *reg, const char *held, double theta,
                                const char **by) {
    qi_graph g = graph_of(reg, QI_UNKNOWN_APART);
    qi_controlled *all = calloc(g.n, sizeof *all), out;
    assert_int_equal(qi_control(&g, (int64_t)(theta * 1e12), all, NULL), QUIPU_OK);
    out = all[g.local[node(reg, held)]];
    *by = out.by == QI_NONE ? "" : qi_node_id(reg, g.node[out.by]);
    free(all);
    qi_graph_close(&g);
    return out;
}

static void control_by_votes(void **state) {
    QI_UNUSED(state);
    /* X has 51 % of A and 30 % of P, A another 25 %: together 55 %.  Y owns more of Q but Z has
     * the votes.  K and L act together in J; nobody has more than half of E. */
    world w = {{[QI_T_ENTITIES] = ENTITIES "a,A,,,\nx,X,,,\ny,Y,,,\nz,Z,,,\nk,K,,,\nl,L,,,\n",
                [QI_T_PROJECTS] = PROJECTS "p,P,M\nq,Q,M\nj,J,M\ne,E,M\n",
                [QI_T_STAKES] =
                    "owner,owned,share_pct,votes_pct,consortium\nx,a,51,,\nx,p,30,,\n"
                    "a,p,25,,\ny,p,45,,\ny,q,70,10,\nz,q,30,90,\nk,j,30,,JV\n"
                    "l,j,25,,JV\nx,j,45,,\nx,e,50,,\ny,e,50,,\n"}};
    quipu_register *reg = world_open(&w);
    const char *by;
    assert_int_equal(control_of(reg, "p", 0.5, &by).kind, QI_CONTROL_ONE);
    assert_string_equal(by, "x");
    assert_int_equal(control_of(reg, "q", 0.5, &by).kind, QI_CONTROL_ONE);
    assert_string_equal(by, "z");
    qi_controlled joint = control_of(reg, "j", 0.5, &by);
    assert_int_equal(joint.kind, QI_CONTROL_JOINT);
    assert_string_equal(by, "k"); /* the largest of them */
    assert_int_equal(control_of(reg, "e", 0.5, &by).kind,
                     QI_CONTROL_NONE); /* half is not more */
    assert_int_equal(control_of(reg, "j", 0.25, &by).kind, QI_CONTROL_ONE);
    assert_string_equal(by, "x"); /* of several with a quarter, who has most */
    quipu_register_close(reg);
    /* A and B have 60 % of each other: the votes lie in the circle. */
    world circle = {{[QI_T_ENTITIES] = ENTITIES "a,A,,,\nb,B,,,\nx,X,,,\n",
                     [QI_T_STAKES] = STAKES "a,b,60\nb,a,60\nx,a,40\nx,b,40\n"}};
    reg = world_open(&circle);
    assert_int_equal(control_of(reg, "a", 0.5, &by).kind, QI_CONTROL_CIRCLE);
    assert_int_equal(control_of(reg, "b", 0.5, &by).kind, QI_CONTROL_CIRCLE);
    quipu_register_close(reg);
}

/* ---- random worlds ---- */

static uint64_t seed;

static unsigned below(unsigned n) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((seed >> 33) % n);
}

enum { COMPANIES = 9, OWNERS = 5, PROJECT_N = 3, MOST = COMPANIES + OWNERS + PROJECT_N };

/* Tenths of a percent of each holder in each company or project; -1 = not stated. */
typedef struct random_world {
    int share[MOST][MOST]; /* [owner][owned] */
    bool unknown;
    qi_buffer entities, projects, stakes, amounts;
} random_world;

static void random_make(random_world *r, bool unknown) {
    memset(r, 0, sizeof *r);
    r->unknown = unknown;
    for (int j = 0; j < MOST; j++) {
        if (j >= COMPANIES && j < COMPANIES + OWNERS)
            continue; /* owners are held by nobody */
        int left = 1000 - (int)below(200) - 1;
        unsigned n = 1 + below(4);
        for (unsigned i = 0; i < n && left > 0; i++) {
            int owner = (int)below(COMPANIES + OWNERS);
            if (r->share[owner][j] != 0)
                continue;
            int share = 1 + (int)below((unsigned)left);
            r->share[owner][j] = unknown && below(4) == 0 ? -1 : share;
            left -= r->share[owner][j] > 0 ? share : 0;
        }
    }
}

/* `order[i]`: which of the nodes is written i-th, `name` how they are called. */
static world random_text(random_world *r, const int *order, char prefix) {
    static const char *const country[] = {"CHN", "JPN", "KOR", "PER", ""};
    static const char *const kind[] = {"planned", "disbursed", "announced"};
    qi_buffer_text(&r->entities, ENTITIES);
    qi_buffer_text(&r->projects, PROJECTS);
    qi_buffer_text(&r->stakes, STAKES);
    qi_buffer_text(&r->amounts, "project,companies,amount_musd,kind\n");
    for (int i = 0; i < MOST; i++) {
        int v = order[i];
        if (v < COMPANIES + OWNERS)
            qi_buffer_printf(&r->entities, "%c%d,N%d,,%s,\n", prefix, v, v,
                             v < COMPANIES ? "NLD" : country[v - COMPANIES]);
        else
            qi_buffer_printf(&r->projects, "%c%d,P%d,Mining\n", prefix, v, v);
    }
    for (int i = 0; i < MOST; i++)
        for (int j = 0; j < MOST; j++) {
            int a = order[i], b = order[j];
            if (r->share[a][b] > 0)
                qi_buffer_printf(&r->stakes, "%c%d,%c%d,%d.%d\n", prefix, a, prefix, b,
                                 r->share[a][b] / 10, r->share[a][b] % 10);
            else if (r->share[a][b] < 0)
                qi_buffer_printf(&r->stakes, "%c%d,%c%d,\n", prefix, a, prefix, b);
        }
    for (int p = COMPANIES + OWNERS; p < MOST; p++) {
        qi_buffer_printf(&r->amounts, "%c%d,,%u.%03u,%s\n", prefix, p, below(5000), below(1000),
                         kind[p % 3]);
        qi_buffer_printf(&r->amounts, "%c%d,%c1;%c%d,%u,%s\n", prefix, p, prefix, prefix,
                         COMPANIES + 1, below(100), kind[p % 3]);
    }
    return (world){{[QI_T_ENTITIES] = r->entities.bytes,
                    [QI_T_PROJECTS] = r->projects.bytes,
                    [QI_T_STAKES] = r->stakes.bytes,
                    [QI_T_INVESTMENTS] = r->amounts.bytes}};
}

static void random_free(random_world *r) {
    qi_buffer_free(&r->entities);
    qi_buffer_free(&r->projects);
    qi_buffer_free(&r->stakes);
    qi_buffer_free(&r->amounts);
}

/* N = (I - A)^-1 by Gauss and Jordan: another way than the library's. */
static bool dense_inverse(const random_world *r, double n[MOST][MOST]) {
    double m[MOST][MOST];
    for (int i = 0; i < MOST; i++)
        for (int j = 0; j < MOST; j++) {
            m[i][j] = (i == j) - (r->share[i][j] > 0 ? r->share[i][j] / 1000.0 : 0.0);
            n[i][j] = i == j;
        }
    for (int k = 0; k < MOST; k++) {
        int pivot = k;
        for (int i = k; i < MOST; i++)
            pivot = fabs(m[i][k]) > fabs(m[pivot][k]) ? i : pivot;
        if (fabs(m[pivot][k]) < 1e-9)
            return false;
        for (int j = 0; j < MOST; j++) {
            double a = m[k][j], b = n[k][j];
            m[k][j] = m[pivot][j];
            n[k][j] = n[pivot][j];
            m[pivot][j] = a;
            n[pivot][j] = b;
        }
        double scale = m[k][k];
        for (int j = 0; j < MOST; j++) {
            m[k][j] /= scale;
            n[k][j] /= scale;
        }
        for (int i = 0; i < MOST; i++) {
            double factor = m[i][k];
            for (int j = 0; j < MOST && i != k; j++) {
                m[i][j] -= factor * m[k][j];
                n[i][j] -= factor * n[k][j];
            }
        }
    }
    return true;
}

static void identity(int order[MOST]) {
    for (int i = 0; i < MOST; i++)
        order[i] = i;
}

static bool random_open(random_world *r, const int *order, char prefix, quipu_register **reg) {
    world w = random_text(r, order, prefix);
    quipu_error err = {0};
    quipu_status status = world_parse(&w, NULL, reg, &err);
    assert_true(status == QUIPU_OK || strstr(err.text, "entirely") != NULL);
    return status == QUIPU_OK;
}

static void against_dense(void **state) {
    QI_UNUSED(state);
    int order[MOST], tried = 0, circles = 0;
    identity(order);
    for (seed = 1; tried < 300; seed++) {
        uint64_t keep = seed;
        random_world r;
        quipu_register *reg;
        double n[MOST][MOST], share[MOST], undisclosed;
        random_make(&r, false);
        if (random_open(&r, order, 'n', &reg) && dense_inverse(&r, n)) {
            qi_graph g = graph_of(reg, QI_UNKNOWN_APART);
            circles += g.cyclic;
            tried++;
            for (uint32_t t = 0; t < MOST; t++) {
                double sum = 0.0;
                assert_int_equal(qi_ultimate_shares(&g, g.local[t], share, &undisclosed, NULL),
                                 QUIPU_OK);
                for (uint32_t o = 0; o < MOST; o++) {
                    double expected = g.ultimate[g.local[o]] ? n[o][t] : 0.0;
                    NEAR(share[g.local[o]], expected, 1e-12);
                    assert_true(share[g.local[o]] >= -1e-15);
                    sum += share[g.local[o]];
                }
                NEAR(sum + undisclosed, 1.0, 1e-12); /* columns of U */
                assert_int_equal(qi_integrated_shares(&g, g.local[t], true, share, NULL),
                                 QUIPU_OK);
                for (uint32_t o = 0; o < MOST; o++)
                    NEAR(share[g.local[o]], (n[o][t] - (o == t)) / n[o][o], 1e-12);
            }
            qi_graph_close(&g);
        }
        quipu_register_close(reg);
        random_free(&r);
        seed = keep;
    }
    assert_true(circles > 100); /* else the sparse solver was not tried */
}

/* Renamed and written in another order, the register says the same of the same. */
static void renaming_permutes(void **state) {
    QI_UNUSED(state);
    int order[MOST], mixed[MOST];
    identity(order);
    for (uint64_t round = 1; round < 12; round++) {
        random_world r, s;
        quipu_register *a, *b;
        seed = round;
        random_make(&r, true);
        memcpy(&s, &r, sizeof s);
        identity(mixed);
        for (int i = MOST - 1; i > 0; i--) {
            int j = (int)below((unsigned)i + 1), swap = mixed[i];
            mixed[i] = mixed[j];
            mixed[j] = swap;
        }
        if (random_open(&r, order, 'n', &a) && random_open(&s, mixed, 'x', &b)) {
            for (int t = 0; t < MOST; t++)
                for (int o = 0; o < COMPANIES + OWNERS; o++) {
                    char n1[16], n2[16], m1[16], m2[16];
                    snprintf(n1, sizeof n1, "n%d", o);
                    snprintf(n2, sizeof n2, "n%d", t);
                    snprintf(m1, sizeof m1, "x%d", o);
                    snprintf(m2, sizeof m2, "x%d", t);
                    NEAR(share_in(a, n1, n2), share_in(b, m1, m2), 1e-13);
                }
            quipu_register_close(b);
        }
        quipu_register_close(a);
        random_free(&r);
        random_free(&s);
    }
}

static void hold(const qi_graph *made) {
    qi_graph g = *made;
    double share[MOST], low[MOST], high[MOST], undisclosed;
    uint8_t mark[MOST];
    for (uint32_t o = 0; o < g.n; o++) {
        if (!g.ultimate[o])
            continue;
        memset(mark, 0, sizeof mark);
        mark[o] = 1;
        assert_int_equal(qi_share_floor(&g, mark, low, NULL), QUIPU_OK);
        assert_int_equal(qi_share_bound(&g, mark, false, high, NULL), QUIPU_OK);
        for (uint32_t t = 0; t < g.n; t++) {
            assert_int_equal(qi_ultimate_shares(&g, t, share, &undisclosed, NULL), QUIPU_OK);
            assert_true(low[t] <= share[o] + 1e-10);
            assert_true(share[o] <= high[t] + 1e-10);
        }
    }
    qi_solver_close(g.solver);
}

static void bounds_hold(void **state) {
    QI_UNUSED(state);
    static const qi_unknown_rule rules[] = {QI_UNKNOWN_APART, QI_UNKNOWN_EQUAL};
    int order[MOST], unknown = 0;
    identity(order);
    for (uint64_t round = 1; round < 200; round++) {
        random_world r;
        quipu_register *reg;
        seed = round;
        random_make(&r, true);
        bool opens = random_open(&r, order, 'n', &reg);
        for (size_t k = 0; opens && k < 2; k++) {
            qi_graph g;
            if (qi_graph_open(reg, QI_DATE_OPEN, NULL, 0, rules[k], NULL, NULL, &g, NULL) !=
                QUIPU_OK)
                continue; /* equal parts may close a group */
            unknown += g.n_unknown > 0;
            hold(&g);
            qi_graph_close(&g);
        }
        quipu_register_close(reg);
        random_free(&r);
    }
    assert_true(unknown > 100);
}

static void attribution_adds_up(void **state) {
    QI_UNUSED(state);
    int order[MOST];
    size_t amounts = 0;
    identity(order);
    for (uint64_t round = 1; round < 200; round++) {
        random_world r;
        quipu_register *reg;
        seed = round;
        random_make(&r, round % 2 == 0);
        if (random_open(&r, order, 'n', &reg)) {
            qi_graph g = graph_of(reg, QI_UNKNOWN_APART);
            qi_controlled control[MOST];
            assert_int_equal(qi_control(&g, QI_WHOLE / 2, control, NULL), QUIPU_OK);
            for (size_t i = 0; i < reg->investments.n; i++)
                for (int rule = 0; rule < QI_N_RULES; rule++) {
                    qi_parts parts = {0};
                    quipu_money sum = 0;
                    assert_int_equal(qi_attribute(&g, control, &reg->investments.items[i],
                                                  (qi_rule)rule, &parts, NULL),
                                     QUIPU_OK);
                    for (size_t p = 0; p < parts.n; p++) {
                        assert_true(parts.items[p].sum >= 0);
                        sum += parts.items[p].sum;
                    }
                    assert_true(sum ==
                                reg->investments.items[i].amount); /* to the last digit */
                    free(parts.items);
                    amounts++;
                }
            qi_graph_close(&g);
        }
        quipu_register_close(reg);
        random_free(&r);
    }
    assert_true(amounts > 1000);
}

/* The fixpoint as its definition has it: grow the set until nothing is added. */
static void control_by_definition(void **state) {
    QI_UNUSED(state);
    int order[MOST];
    identity(order);
    for (uint64_t round = 1; round < 300; round++) {
        random_world r;
        quipu_register *reg;
        bool in[MOST][MOST] = {{false}};
        seed = round;
        random_make(&r, false);
        for (int i = 0; i < MOST; i++) {
            in[i][i] = true;
            for (bool more = true; more;) {
                more = false;
                for (int j = 0; j < MOST; j++) {
                    int votes = 0;
                    for (int k = 0; k < MOST; k++)
                        votes += in[i][k] ? r.share[k][j] : 0;
                    if (votes > 500 && !in[i][j])
                        more = in[i][j] = true;
                }
            }
        }
        if (random_open(&r, order, 'n', &reg)) {
            qi_graph g = graph_of(reg, QI_UNKNOWN_APART);
            qi_controlled control[MOST];
            assert_int_equal(qi_control(&g, QI_WHOLE / 2, control, NULL), QUIPU_OK);
            for (uint32_t j = 0; j < MOST; j++) {
                const qi_controlled *c = &control[g.local[j]];
                if (c->kind == QI_CONTROL_ONE) {
                    uint32_t by = g.node[c->by];
                    assert_true(in[by][j] && by != j);
                    for (int k = 0; k < MOST; k++) /* nobody has the controller */
                        assert_true((uint32_t)k == by || !in[k][by]);
                } else if (c->kind == QI_CONTROL_NONE) {
                    for (int k = 0; k < MOST; k++)
                        assert_true((uint32_t)k == j || !in[k][j]);
                }
            }
            qi_graph_close(&g);
        }
        quipu_register_close(reg);
        random_free(&r);
    }
}

/* ---- the rules, by hand ---- */

static quipu_money part_of(const quipu_register *reg, qi_rule rule, const char *who) {
    qi_graph g = graph_of(reg, QI_UNKNOWN_APART);
    qi_controlled *control = calloc(g.n, sizeof *control);
    qi_parts parts = {0};
    quipu_money sum = 0;
    assert_int_equal(qi_control(&g, QI_WHOLE / 2, control, NULL), QUIPU_OK);
    assert_int_equal(qi_attribute(&g, control, &reg->investments.items[0], rule, &parts, NULL),
                     QUIPU_OK);
    for (size_t i = 0; i < parts.n; i++) {
        const qi_part_of *p = &parts.items[i];
        const char *name = p->nobody == QI_UNDISCLOSED ? "undisclosed"
                           : p->nobody == QI_UNDECIDED ? "undecided"
                                                       : qi_node_id(reg, p->node);
        sum += strcmp(name, who) == 0 ? p->sum : 0;
    }
    free(parts.items);
    free(control);
    qi_graph_close(&g);
    return sum;
}

static void rules_by_hand(void **state) {
    QI_UNUSED(state);
    const quipu_money million = INT64_C(1000000000);
    /* 100 in P: H of the Netherlands 60 %, X of Peru 39 %; C of China holds H. */
    world w = {{[QI_T_ENTITIES] = ENTITIES "h,H,,NLD,\nc,C,,CHN,\nx,X,,PER,\n",
                [QI_T_PROJECTS] = PROJECTS "p,P,Mining\n",
                [QI_T_STAKES] = STAKES "h,p,60\nx,p,39\nc,h,100\n",
                [QI_T_INVESTMENTS] = "project,amount_musd,kind\np,100,planned\n"}};
    quipu_register *reg = world_open(&w);
    assert_true(part_of(reg, QI_RULE_ULTIMATE, "c") == 60 * million);
    assert_true(part_of(reg, QI_RULE_ULTIMATE, "x") == 39 * million);
    assert_true(part_of(reg, QI_RULE_ULTIMATE, "undisclosed") == 1 * million);
    assert_true(part_of(reg, QI_RULE_IMMEDIATE, "h") == 60 * million);
    assert_true(part_of(reg, QI_RULE_HEADLINE, "h") == 100 * million);
    assert_true(part_of(reg, QI_RULE_CONTROLLER, "c") == 100 * million);
    quipu_register_close(reg);
    /* Half and half: nobody is the largest, nobody controls. */
    world tie = {{[QI_T_ENTITIES] = ENTITIES "a,A,,NLD,\nb,B,,CHN,\n",
                  [QI_T_PROJECTS] = PROJECTS "p,P,Mining\n",
                  [QI_T_STAKES] = STAKES "a,p,50\nb,p,50\n",
                  [QI_T_INVESTMENTS] = "project,amount_musd,kind\np,0.000001001,planned\n"}};
    reg = world_open(&tie);
    assert_true(part_of(reg, QI_RULE_HEADLINE, "undecided") == 1001);
    assert_true(part_of(reg, QI_RULE_CONTROLLER, "undecided") == 1001);
    assert_true(part_of(reg, QI_RULE_IMMEDIATE, "a") == 500);
    assert_true(part_of(reg, QI_RULE_IMMEDIATE, "b") == 501);
    quipu_register_close(reg);
    /* One holder of an unknown part is the largest named, and does not control. */
    world one = {{[QI_T_ENTITIES] = ENTITIES "a,A,,NLD,\n",
                  [QI_T_PROJECTS] = PROJECTS "p,P,Mining\n",
                  [QI_T_STAKES] = STAKES "a,p,\n",
                  [QI_T_INVESTMENTS] = "project,amount_musd,kind\np,7,planned\n"}};
    reg = world_open(&one);
    assert_true(part_of(reg, QI_RULE_HEADLINE, "a") == 7 * million);
    assert_true(part_of(reg, QI_RULE_CONTROLLER, "undecided") == 7 * million);
    assert_true(part_of(reg, QI_RULE_ULTIMATE, "undisclosed") == 7 * million);
    quipu_register_close(reg);
    /* Two companies named share their amount by their stakes, 60 to 20. */
    world two = {
        {[QI_T_ENTITIES] = ENTITIES "a,A,,NLD,\nb,B,,CHN,\n",
         [QI_T_PROJECTS] = PROJECTS "p,P,Mining\n",
         [QI_T_STAKES] = STAKES "a,p,60\nb,p,20\n",
         [QI_T_INVESTMENTS] = "project,companies,amount_musd,kind\np,a;b,80,disbursed\n"}};
    reg = world_open(&two);
    assert_true(part_of(reg, QI_RULE_ULTIMATE, "a") == 60 * million);
    assert_true(part_of(reg, QI_RULE_IMMEDIATE, "b") == 20 * million);
    assert_true(part_of(reg, QI_RULE_HEADLINE, "a") == 80 * million);
    quipu_register_close(reg);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain_by_hand),
        cmocka_unit_test(cross_holding),
        cmocka_unit_test(ring_closed_form),
        cmocka_unit_test(self_holding),
        cmocka_unit_test(closed_groups),
        cmocka_unit_test(nothing_there),
        cmocka_unit_test(stakes_have_dates),
        cmocka_unit_test(bounds_by_hand),
        cmocka_unit_test(bounds_of_a_tight_circle),
        cmocka_unit_test(control_by_votes),
        cmocka_unit_test(against_dense),
        cmocka_unit_test(renaming_permutes),
        cmocka_unit_test(bounds_hold),
        cmocka_unit_test(attribution_adds_up),
        cmocka_unit_test(control_by_definition),
        cmocka_unit_test(rules_by_hand),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
