/* SPDX-License-Identifier: Apache-2.0 */
/* sample.c - which rows are estimated with, and in what order they stand.
 *
 * A row alone in a level of an effect says nothing of the regressors, and a level whose trade is
 * all zero has no finite effect under PPML.  As leaving rows out can make others such, it is
 * repeated until nothing changes.
 */
#include "gravity/estimate.h"

/* ---- what cannot be estimated with ---- */

static quipu_status check_column(const double *value, size_t n, const char *what,
                                 const char *name, quipu_error *err) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(value[i]))
            return qi_fail(
                err, QUIPU_E_DATA,
                "row %zu of the panel has %s as %s%s%s: a finite number is expected; "
                "leave the row out or mend it",
                i + 1,
                isnan(value[i])  ? "no value"
                : value[i] > 0.0 ? "+infinity"
                                 : "-infinity",
                what, name[0] != '\0' ? " " : "", name);
    return QUIPU_OK;
}

static quipu_status check_not_negative(const double *value, size_t n, const char *what,
                                       const char *hint, quipu_error *err) {
    for (size_t i = 0; i < n; i++)
        if (value[i] < 0.0)
            return qi_fail(err, QUIPU_E_DATA,
                           "row %zu of the panel has %g as %s: it cannot be negative%s", i + 1,
                           value[i], what, hint);
    return QUIPU_OK;
}

static quipu_status check_levels(const uint32_t *id, uint32_t n_levels, size_t n,
                                 const char *name, quipu_error *err) {
    for (size_t i = 0; i < n; i++)
        if (id[i] >= n_levels)
            return qi_fail(err, QUIPU_E_DATA, "row %zu of the panel has no level of %s", i + 1,
                           name);
    return QUIPU_OK;
}

static quipu_status check_model(const qi_model *m, quipu_error *err) {
    if (m->n == 0)
        return qi_fail(err, QUIPU_E_DATA,
                       "the panel is empty: no row has all of the variables");
    if (m->n >= UINT32_MAX)
        return qi_fail(err, QUIPU_E_LIMIT, "the panel has %zu rows: at most %u can be taken",
                       m->n, UINT32_MAX - 1);
    if (m->n_effects > QI_MAX_EFFECTS || m->n_clusters > QI_MAX_CLUSTERS)
        return qi_fail(err, QUIPU_E_ARG, "at most %d sets of effects and %d clusters",
                       QI_MAX_EFFECTS, QI_MAX_CLUSTERS);
    if (m->errors == QI_ERRORS_CLUSTER && m->n_clusters == 0)
        return qi_fail(err, QUIPU_E_ARG, "clustered errors need a cluster");
    QI_TRY(check_column(m->y, m->n, "the variable explained", "", err));
    if (m->estimator == QI_PPML)
        QI_TRY(check_not_negative(m->y, m->n, "the variable explained by PPML",
                                  "; OLS takes negative values", err));
    if (m->weight != NULL) {
        QI_TRY(check_column(m->weight, m->n, "the weight", "", err));
        QI_TRY(check_not_negative(m->weight, m->n, "a weight", "", err));
    }
    if (m->offset != NULL)
        QI_TRY(check_column(m->offset, m->n, "the offset", "", err));
    for (size_t j = 0; j < m->k; j++)
        QI_TRY(check_column(m->x[j], m->n, "the regressor", m->x_name[j], err));
    for (size_t e = 0; e < m->n_effects; e++)
        QI_TRY(
            check_levels(m->effect[e].id, m->effect[e].n_levels, m->n, m->effect[e].name, err));
    for (size_t c = 0; c < m->n_clusters; c++)
        QI_TRY(check_levels(m->cluster[c].id, m->cluster[c].n_levels, m->n, m->cluster[c].name,
                            err));
    return QUIPU_OK;
}

/* ---- rows that leave ---- */

typedef struct choice {
    const qi_model *model;
    uint8_t *left_out;
    uint32_t *rows[QI_MAX_EFFECTS];     /* of each level, still in */
    uint32_t *positive[QI_MAX_EFFECTS]; /* of them with y above zero */
    size_t *n_left_out;
} choice;

static void take_out(choice *c, size_t i, qi_left_out why) {
    const qi_model *m = c->model;
    c->left_out[i] = (uint8_t)why;
    c->n_left_out[why]++;
    for (size_t e = 0; e < m->n_effects; e++) {
        c->rows[e][m->effect[e].id[i]]--;
        if (m->y[i] > 0.0)
            c->positive[e][m->effect[e].id[i]]--;
    }
}

/* One look at all rows; true when some left. */
static bool thin_out(choice *c) {
    const qi_model *m = c->model;
    bool zeros_go = m->estimator == QI_PPML && !m->keep_separated, any = false;
    for (size_t i = 0; i < m->n; i++) {
        if (c->left_out[i] != QI_USED)
            continue;
        for (size_t e = 0; e < m->n_effects; e++) {
            uint32_t level = m->effect[e].id[i];
            qi_left_out why = QI_USED;
            if (zeros_go && c->positive[e][level] == 0)
                why = QI_SEPARATED_EFFECT;
            else if (!m->keep_singletons && c->rows[e][level] == 1)
                why = QI_SINGLETON;
            if (why != QI_USED) {
                take_out(c, i, why);
                any = true;
                break;
            }
        }
    }
    return any;
}

static quipu_status count_levels(choice *c, qi_arena *arena, quipu_error *err) {
    const qi_model *m = c->model;
    for (size_t e = 0; e < m->n_effects; e++) {
        const qi_effect *effect = &m->effect[e];
        c->rows[e] = qi_arena_alloc(arena, effect->n_levels * sizeof *c->rows[e]);
        c->positive[e] = qi_arena_alloc(arena, effect->n_levels * sizeof *c->positive[e]);
        if (c->rows[e] == NULL || c->positive[e] == NULL)
            return qi_fail_memory(err, effect->n_levels * sizeof *c->rows[e]);
        for (size_t i = 0; i < m->n; i++) {
            c->rows[e][effect->id[i]]++;
            c->positive[e][effect->id[i]] += m->y[i] > 0.0;
        }
    }
    return QUIPU_OK;
}

quipu_status qi_sample_thin(const qi_model *m, qi_fit *fit, quipu_error *err) {
    qi_arena arena = {0};
    choice c = {.model = m, .left_out = fit->left_out, .n_left_out = fit->n_left_out};
    quipu_status status;
    QI_GO(count_levels(&c, &arena, err));
    for (size_t i = 0; i < m->n; i++) {
        if (fit->left_out[i] != QI_USED) { /* it is counted already */
            qi_left_out why = (qi_left_out)fit->left_out[i];
            fit->n_left_out[why]--;
            take_out(&c, i, why);
        } else if (m->weight != NULL && m->weight[i] == 0.0) {
            take_out(&c, i, QI_NO_WEIGHT);
        }
    }
    while (thin_out(&c)) {
    }
    fit->n_used = m->n;
    for (size_t why = QI_USED + 1; why < QI_COUNT(fit->n_left_out); why++)
        fit->n_used -= fit->n_left_out[why];
done:
    qi_arena_free(&arena);
    return status;
}

quipu_status qi_sample_choose(const qi_model *m, qi_fit *fit, quipu_error *err) {
    QI_TRY(check_model(m, err));
    fit->left_out = qi_arena_alloc(&fit->arena, m->n);
    if (fit->left_out == NULL)
        return qi_fail_memory(err, m->n);
    QI_TRY(qi_sample_thin(m, fit, err));
    if (fit->n_used > 0)
        return QUIPU_OK;
    bool all_zero = m->estimator == QI_PPML;
    for (size_t i = 0; all_zero && i < m->n; i++)
        all_zero = m->y[i] == 0.0;
    if (all_zero)
        return qi_fail(err, QUIPU_E_DATA,
                       "the variable explained is zero in all %zu rows: there is no variation",
                       m->n);
    return qi_fail(
        err, QUIPU_E_DATA,
        "no row is left of %zu: %zu are alone in a level of an effect, %zu in levels "
        "with zeros only, %zu have no weight; choose fewer effects",
        m->n, fit->n_left_out[QI_SINGLETON], fit->n_left_out[QI_SEPARATED_EFFECT],
        fit->n_left_out[QI_NO_WEIGHT]);
}

/* ---- rows in order ---- */

static uint32_t levels_used(const qi_model *m, const uint8_t *left_out, size_t e,
                            uint32_t *of) {
    uint32_t used = 0;
    for (uint32_t l = 0; l < m->effect[e].n_levels; l++)
        of[l] = QI_NO_LABEL;
    for (size_t i = 0; i < m->n; i++)
        if (left_out[i] == QI_USED && of[m->effect[e].id[i]] == QI_NO_LABEL) {
            of[m->effect[e].id[i]] = 0;
            used++;
        }
    return used;
}

/* Rows by level of the set eliminated, otherwise as they stood. */
static quipu_status sort_rows(qi_sample *s, const uint8_t *left_out, quipu_error *err) {
    const qi_model *m = s->model;
    s->row = qi_arena_alloc(&s->arena, s->n * sizeof *s->row);
    s->start = qi_arena_alloc(&s->arena, (s->n_groups + 1) * sizeof *s->start);
    if (s->row == NULL || s->start == NULL)
        return qi_fail_memory(err, s->n * sizeof *s->row);
    if (s->n_sets == 0) {
        size_t at = 0;
        for (size_t i = 0; i < m->n; i++)
            if (left_out[i] == QI_USED)
                s->row[at++] = (uint32_t)i;
        s->start[1] = (uint32_t)s->n;
        return QUIPU_OK;
    }
    const qi_effect *effect = &m->effect[s->set[0]];
    uint32_t *place = calloc((size_t)effect->n_levels + 1, sizeof *place);
    if (place == NULL)
        return qi_fail_memory(err, effect->n_levels * sizeof *place);
    for (size_t i = 0; i < m->n; i++)
        if (left_out[i] == QI_USED)
            place[effect->id[i] + 1]++;
    uint32_t group = 0;
    for (uint32_t l = 0; l < effect->n_levels; l++) {
        bool used = place[l + 1] > 0;
        place[l + 1] += place[l];
        if (used) {
            s->level[0][group] = l;
            s->start[++group] = place[l + 1];
        }
    }
    for (size_t i = 0; i < m->n; i++)
        if (left_out[i] == QI_USED)
            s->row[place[effect->id[i]]++] = (uint32_t)i;
    free(place);
    return QUIPU_OK;
}

/* Levels of a rest set get their positions in the order of the rows: then the rows of a group,
 * years of a pair, find theirs side by side. */
static void number_levels(qi_sample *s, size_t rest, uint32_t *of) {
    const qi_effect *effect = &s->model->effect[s->set[rest + 1]];
    uint32_t next = s->base[rest], *level = s->level[rest + 1];
    for (uint32_t l = 0; l < effect->n_levels; l++)
        of[l] = QI_NO_LABEL;
    for (size_t i = 0; i < s->n; i++) {
        uint32_t l = effect->id[s->row[i]];
        if (of[l] == QI_NO_LABEL) {
            level[next - s->base[rest]] = l;
            of[l] = next++;
        }
        s->id[rest][i] = of[l];
    }
    s->base[rest + 1] = next;
}

/* How many levels of the sets other than `without` hang together through rows, at most: what is
 * left to solve when that set is eliminated. */
static quipu_status largest_part(const qi_model *m, const uint8_t *left_out, size_t without,
                                 uint32_t *out, quipu_error *err) {
    size_t n = 0, base[QI_MAX_EFFECTS];
    for (size_t e = 0; e < m->n_effects; e++) {
        base[e] = n;
        n += e == without ? 0 : m->effect[e].n_levels;
    }
    uint32_t *up = malloc((n + 1) * sizeof *up), *size = calloc(n + 1, sizeof *size);
    if (up != NULL && size != NULL && n < UINT32_MAX) {
        size_t first = without == 0;
        for (uint32_t l = 0; l < n; l++)
            up[l] = l;
        for (size_t i = 0; i < m->n; i++) {
            if (left_out[i] != QI_USED)
                continue;
            uint32_t a = (uint32_t)base[first] + m->effect[first].id[i];
            for (size_t e = first + 1; e < m->n_effects; e++)
                if (e != without)
                    qi_join(up, a, (uint32_t)base[e] + m->effect[e].id[i]);
        }
        *out = 0;
        for (uint32_t l = 0; l < n; l++) {
            uint32_t here = ++size[qi_root(up, l)];
            *out = here > *out ? here : *out;
        }
    }
    bool ok = up != NULL && size != NULL;
    free(up);
    free(size);
    return ok ? QUIPU_OK : qi_fail_memory(err, 2 * n * sizeof *up);
}

/* Levels that hang together and are solved in no time; rows for each level below which even long
 * chains of levels are, and above which the rows hold everything together well. */
enum { SMALL_PART = 2048, THIN = 6, DENSE = 16 };

/* The set to eliminate: as a rule the one with most levels.  Where rows are few for the levels,
 * what is solved exactly should hold as many levels as can be: of the sets whose elimination
 * leaves small or thin parts, the one with fewest levels. */
static quipu_status choose_first(const qi_model *m, const uint8_t *left_out, size_t n_used,
                                 const uint32_t *used, size_t *out, quipu_error *err) {
    size_t most = 0, levels = 0;
    for (size_t e = 0; e < m->n_effects; e++) {
        most = used[e] > used[most] ? e : most;
        levels += used[e];
    }
    *out = most;
    if (m->n_effects < 3)
        return QUIPU_OK;
    uint32_t least = 0, part = 0;
    QI_TRY(largest_part(m, left_out, most, &least, err));
    if (least <= SMALL_PART && n_used / (levels - used[most] + 1) >= DENSE)
        return QUIPU_OK;
    bool easy = least <= SMALL_PART || n_used / (levels - used[most] + 1) < THIN;
    for (size_t e = 0; e < m->n_effects; e++) {
        if (e == most)
            continue;
        QI_TRY(largest_part(m, left_out, e, &part, err));
        bool easy_too = part <= SMALL_PART || n_used / (levels - used[e] + 1) < THIN;
        if (easy_too ? !easy || used[e] < used[*out] : !easy && part < least) {
            *out = e;
            least = part;
        }
        easy |= easy_too;
    }
    return QUIPU_OK;
}

/* The set eliminated first, the others in their order. */
static quipu_status order_sets(qi_sample *s, const uint8_t *left_out, quipu_error *err) {
    const qi_model *m = s->model;
    uint32_t used[QI_MAX_EFFECTS] = {0};
    size_t first = 0;
    for (size_t e = 0; e < m->n_effects; e++) {
        uint32_t *of = malloc(((size_t)m->effect[e].n_levels + 1) * sizeof *of);
        if (of == NULL)
            return qi_fail_memory(err, m->effect[e].n_levels * sizeof *of);
        used[e] = levels_used(m, left_out, e, of);
        free(of);
    }
    QI_TRY(choose_first(m, left_out, s->n, used, &first, err));
    s->n_sets = m->n_effects;
    s->n_rest = m->n_effects > 0 ? m->n_effects - 1 : 0;
    for (size_t e = 0, at = 1; e < m->n_effects; e++)
        s->set[e == first ? 0 : at++] = (unsigned)e;
    for (size_t e = 0; e < m->n_effects; e++) {
        s->n_levels[e] = used[s->set[e]];
        s->level[e] = qi_arena_alloc(&s->arena, s->n_levels[e] * sizeof *s->level[e]);
        if (s->level[e] == NULL)
            return qi_fail_memory(err, s->n_levels[e] * sizeof *s->level[e]);
    }
    s->n_groups = s->n_sets > 0 ? s->n_levels[0] : 1;
    return QUIPU_OK;
}

static quipu_status number_rest(qi_sample *s, quipu_error *err) {
    for (size_t r = 0; r < s->n_rest; r++) {
        uint32_t n_levels = s->model->effect[s->set[r + 1]].n_levels;
        uint32_t *of = malloc(((size_t)n_levels + 1) * sizeof *of);
        s->id[r] = qi_arena_alloc(&s->arena, s->n * sizeof *s->id[r]);
        if (of != NULL && s->id[r] != NULL)
            number_levels(s, r, of);
        free(of);
        if (of == NULL || s->id[r] == NULL)
            return qi_fail_memory(err, s->n * sizeof *s->id[r]);
    }
    return QUIPU_OK;
}

static double *gather(qi_sample *s, const double *from) {
    double *to = qi_arena_alloc(&s->arena, s->n * sizeof *to);
    for (size_t i = 0; to != NULL && i < s->n; i++)
        to[i] = from[s->row[i]];
    return to;
}

enum { ROWS_AT_ONCE = 64 }; /* columns become rows: what is written stays near */

/* Without effects the last column is the intercept. */
static quipu_status gather_columns(qi_sample *s, quipu_error *err) {
    const qi_model *m = s->model;
    s->k = m->k + (m->n_effects == 0);
    s->ld = s->k + 1;
    while (s->ld > 2 && s->ld % QI_LANES != 0 && s->ld != 4)
        s->ld++;
    s->y = gather(s, m->y);
    s->x = qi_arena_alloc(&s->arena, s->n * s->ld * sizeof *s->x);
    s->x_name = qi_arena_alloc(&s->arena, s->k * sizeof *s->x_name);
    if (m->weight != NULL)
        s->weight = gather(s, m->weight);
    if (m->offset != NULL)
        s->offset = gather(s, m->offset);
    if (s->y == NULL || s->x == NULL || s->x_name == NULL ||
        (m->weight != NULL && s->weight == NULL) || (m->offset != NULL && s->offset == NULL))
        return qi_fail_memory(err, s->n * s->ld * sizeof *s->x);
    for (size_t j = 0; j < s->k; j++)
        s->x_name[j] = j < m->k ? m->x_name[j] : "(intercept)";
    for (size_t first = 0; first < s->n; first += ROWS_AT_ONCE) {
        size_t end = s->n - first < ROWS_AT_ONCE ? s->n : first + ROWS_AT_ONCE;
        for (size_t j = 0; j < s->k; j++)
            for (size_t i = first; i < end; i++)
                s->x[i * s->ld + j] = j < m->k ? m->x[j][s->row[i]] : 1.0;
    }
    return QUIPU_OK;
}

quipu_status qi_sample_make(const qi_model *model, const qi_fit *fit, qi_sample *s,
                            quipu_error *err) {
    *s = (qi_sample){.model = model, .n = fit->n_used};
    QI_TRY(order_sets(s, fit->left_out, err));
    QI_TRY(sort_rows(s, fit->left_out, err));
    QI_TRY(number_rest(s, err));
    return gather_columns(s, err);
}

void qi_sample_free(qi_sample *s) {
    qi_arena_free(&s->arena);
    *s = (qi_sample){0};
}
