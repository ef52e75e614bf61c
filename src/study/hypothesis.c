/* SPDX-License-Identifier: Apache-2.0 */
/* hypothesis.c - how printed figures were made, put to the test.
 *
 * Each variant answers the same cells under another supposition.  Over the cells that every
 * variant can answer stand: how many come out as printed, and the mean and largest distance.
 * The claim is supported when its variant has the smallest mean distance, rejected when another
 * is clearly nearer (by more than a tenth), and not decided otherwise.  A distance is a
 * difference, or for figures of any size the logarithm of their ratio.
 */
#include "study/answer.h"

#include <math.h>

typedef struct tested {
    const qi_variant *variant;
    qi_comparison cells;
    bool missing;
    size_t compared, equal, near;
    double mean, largest;
    const char *command;
} tested;

static quipu_status run_variant(qi_answers *answers, const qi_done *done, tested *t,
                                quipu_error *err) {
    qi_answer answer;
    qi_printed own, *printed = &own;
    qi_reference reference = done->block->reference;
    if (t->variant->file.text != NULL)
        reference.file = t->variant->file;
    QI_TRY(qi_printed_read(answers->study, &reference, &answers->arena, &own, err));
    QI_TRY(qi_ask_run(&answers->asker, &t->variant->ask, &answers->arena, &answer, err));
    t->missing = answer.missing != NULL;
    t->command = answer.command;
    quipu_status status =
        qi_compare(&answers->asker, done->block, NULL, printed, t->missing ? NULL : &answer,
                   &answers->arena, &t->cells, err);
    qi_answer_free(&answer);
    return status;
}

static double distance(const qi_compared *item, bool ratio) {
    if (!ratio)
        return fabs(item->ours - item->printed);
    return item->ours > 0 && item->printed > 0 ? fabs(log(item->ours / item->printed)) : 0;
}

static void measure(tested *all, size_t n, bool ratio) {
    for (size_t cell = 0; cell < all[0].cells.n; cell++) {
        bool everywhere = true;
        for (size_t i = 0; i < n; i++)
            everywhere =
                everywhere && cell < all[i].cells.n && all[i].cells.items[cell].has_ours;
        for (size_t i = 0; i < n && everywhere; i++) {
            const qi_compared *item = &all[i].cells.items[cell];
            double far = distance(item, ratio);
            all[i].compared++;
            all[i].equal += item->verdict == QI_EQUAL ? 1 : 0;
            all[i].near += item->verdict == QI_NEAR ? 1 : 0;
            all[i].mean += far;
            all[i].largest = far > all[i].largest ? far : all[i].largest;
        }
    }
    for (size_t i = 0; i < n; i++)
        if (all[i].compared > 0)
            all[i].mean /= (double)all[i].compared;
    for (size_t i = 0; i < n && ratio; i++) { /* as factors */
        all[i].mean = exp(all[i].mean);
        all[i].largest = exp(all[i].largest);
    }
}

static const char *say_verdict(qi_answers *answers, const qi_done *done, const tested *all,
                               size_t n, bool ratio) {
    size_t best = 0;
    const char *times = ratio ? "a factor of " : "";
    const char *claim = done->block->claim.text;
    qi_arena *arena = &answers->arena;
    if (all[0].compared == 0)
        return qi_arena_printf(arena,
                               "Not tested: no printed cell has a figure under every "
                               "variant. Claim: %s.",
                               claim);
    for (size_t i = 1; i < n; i++)
        if (all[i].mean < all[best].mean)
            best = i;
    double rival = INFINITY;
    for (size_t i = 1; i < n; i++)
        rival = all[i].mean < rival ? all[i].mean : rival;
    if (best == 0 && all[0].mean < rival)
        return qi_arena_printf(arena,
                               "Supported: over %zu cells the claimed variant is %s%.4g from "
                               "print on average, the next %s%.4g. Claim: %s.",
                               all[0].compared, times, all[0].mean, times, rival, claim);
    if (all[0].mean > rival * 1.1)
        return qi_arena_printf(
            arena,
            "Rejected: over %zu cells \"%s\" is %s%.4g from print on average, "
            "the claimed variant %s%.4g. Claim: %s.",
            all[0].compared, all[best].variant->name.text, times, rival, times, all[0].mean,
            claim);
    return qi_arena_printf(arena,
                           "Not decided: over %zu cells the claimed variant is %s%.4g from "
                           "print on average, another %s%.4g. Claim: %s.",
                           all[0].compared, times, all[0].mean, times, rival, claim);
}

static quipu_status write(const qi_done *done, const tested *all, size_t n, bool ratio,
                          quipu_table *out, quipu_error *err) {
    static const quipu_column_spec specs[] = {
        {"variant", "Supposition", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"cells", "Cells compared", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
        {"equal", "As printed", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
        {"near", "Near", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
        {"mean_distance", "Mean distance", QUIPU_REAL, QUIPU_FIGURE, "", 2},
        {"largest_distance", "Largest distance", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    };
    size_t row;
    QI_TRY(quipu_table_init(out, "study-hypothesis", specs, QI_COUNT(specs), err));
    QI_TRY(quipu_table_set_title(out, err, "%s", done->title));
    QI_TRY(quipu_table_add_rows(out, n, &row, err));
    for (size_t i = 0; i < n; i++) {
        QI_TRY(quipu_table_set_text(out, 0, i, all[i].variant->name.text, err));
        quipu_table_set_integer(out, 1, i, (int64_t)all[i].compared);
        if (all[i].compared == 0)
            continue;
        quipu_table_set_integer(out, 2, i, (int64_t)all[i].equal);
        quipu_table_set_integer(out, 3, i, (int64_t)all[i].near);
        quipu_table_set_real(out, 4, i, all[i].mean);
        quipu_table_set_real(out, 5, i, all[i].largest);
    }
    QI_TRY(quipu_table_add_note(out, err, "%s", done->verdict));
    return quipu_table_add_note(out, err,
                                ratio
                                    ? "Distances are factors between ours and print, over the "
                                      "cells that every variant can answer."
                                    : "Distances are in the unit of the printed figures, over "
                                      "the cells that every variant can answer.");
}

quipu_status qi_hypothesis_test(qi_answers *answers, qi_done *done, quipu_error *err) {
    const qi_block *block = done->block;
    quipu_status status;
    size_t n = block->variants.n;
    bool ratio = strcmp(qi_or(block->distance, ""), "ratio") == 0;
    tested *all = calloc(n, sizeof *all);
    if (all == NULL)
        return qi_fail_memory(err, n * sizeof *all);
    for (size_t i = 0; i < n; i++) {
        all[i].variant = &block->variants.items[i];
        QI_GO(run_variant(answers, done, &all[i], err));
        done->answer.command = i == 0 ? all[i].command
                                      : qi_arena_printf(&answers->arena, "%s\n%s",
                                                        done->answer.command, all[i].command);
    }
    measure(all, n, ratio);
    done->verdict = say_verdict(answers, done, all, n, ratio);
    if (done->verdict == NULL || done->answer.command == NULL) {
        status = qi_fail_memory(err, 0);
        goto done;
    }
    QI_GO(write(done, all, n, ratio, &done->shown, err));
done:
    for (size_t i = 0; i < n; i++)
        free(all[i].cells.items);
    free(all);
    return status;
}
