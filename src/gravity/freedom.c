/* SPDX-License-Identifier: Apache-2.0 */
/* freedom.c - degrees of freedom that effects take, by the conventions of fixest and of reghdfe
 * (Correia 2017, section 4.2). */
#include "gravity/estimate.h"

/* Is every level of the set within one cluster? */
static bool nested(const qi_sample *s, size_t set, const qi_cluster *cluster, uint32_t *of) {
    const qi_effect *effect = &s->model->effect[s->set[set]];
    for (uint32_t l = 0; l < effect->n_levels; l++)
        of[l] = QI_NO_LABEL;
    for (size_t i = 0; i < s->n; i++) {
        uint32_t *here = &of[effect->id[s->row[i]]], in = cluster->id[s->row[i]];
        if (*here != QI_NO_LABEL && *here != in)
            return false;
        *here = in;
    }
    return true;
}

/* Connected parts of the graph of the levels of two sets. */
static size_t parts(const qi_sample *s, size_t a, size_t b, uint32_t *up) {
    const qi_effect *one = &s->model->effect[s->set[a]], *two = &s->model->effect[s->set[b]];
    size_t n = s->n_levels[a] + s->n_levels[b];
    for (uint32_t l = 0; l < one->n_levels + two->n_levels; l++)
        up[l] = l;
    for (size_t i = 0; i < s->n; i++)
        n -= qi_join(up, one->id[s->row[i]], one->n_levels + two->id[s->row[i]]);
    return n;
}

quipu_status qi_freedom(const qi_sample *s, qi_fit *fit, quipu_error *err) {
    const qi_model *m = s->model;
    size_t most = 1, n_nested = 0, n_cleared = 0;
    for (size_t e = 0; e < m->n_effects; e++)
        most = m->effect[e].n_levels > most ? m->effect[e].n_levels : most;
    uint32_t *room = malloc(2 * most * sizeof *room);
    if (room == NULL)
        return qi_fail_memory(err, 2 * most * sizeof *room);
    for (size_t set = 0; set < s->n_sets; set++) {
        bool inside = false;
        for (size_t c = 0; m->errors == QI_ERRORS_CLUSTER && c < m->n_clusters; c++)
            inside |= nested(s, set, &m->cluster[c], room);
        size_t levels = s->n_levels[set], redundant = set > 0;
        if (m->small != QI_SMALL_FIXEST)
            for (size_t before = 0; before < set; before++) {
                size_t n = parts(s, before, set, room);
                redundant = n > redundant ? n : redundant;
            }
        fit->n_effects_used += levels;
        fit->n_absorbed += levels - redundant;
        n_nested += inside;
        if (inside)
            n_cleared += m->small == QI_SMALL_FIXEST ? levels - 1 : levels - redundant;
    }
    free(room);
    size_t kept = 0;
    for (size_t j = 0; j < s->k; j++)
        kept += fit->dropped[j] == QI_KEPT;
    fit->residual_df = (double)s->n - (double)kept - (double)fit->n_absorbed;
    fit->counted = (double)(kept + fit->n_absorbed - n_cleared);
    if (m->small != QI_SMALL_FIXEST && n_nested > 0)
        fit->counted += 1;
    return QUIPU_OK;
}
