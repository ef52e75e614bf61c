/* SPDX-License-Identifier: Apache-2.0 */
/* share.c - the part of something in a whole. */
#include "measures/shares.h"

static const quipu_column_spec columns[] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_share;
    bool named = qi_argument(me, request, "partner") || qi_argument(me, request, "product");
    return qi_shares_run(me, request, named ? NULL : "partner", "Share in", out, err);
}

const quipu_measure qi_measure_share = {
    .name = "share",
    .summary = "What part of the trade goes to a partner, a product, a class?",
    .detail =
        "The value of each row over a whole. The shared dimension is the last of --by; without "
        "--by it is the partner if one is named, else the product, and with neither a row for "
        "each partner is given. The whole is everything along the shared dimension, so that "
        "the "
        "shares of all rows add up to one, unless --of says otherwise: selection (what is "
        "selected), total (all partners and all products), classified (the total less what has "
        "no class), or a country or group.\n\n"
        "With --by partner --of Asia the partners are those of Asia and the whole is Asia. "
        "With "
        "--by product --partner China --of Asia each row is China's share in what Asia takes "
        "of "
        "that product. A whole of zero gives no share.",
    .formula =
        "s = X_part,t / X_whole,t, both of reporter i in year t; with by = partner and no "
        "--of: X_ijt / sum over j of X_ijt",
    .reference = "",
    .worked = "Peru sells 8 to China, 2 to Japan, 10 elsewhere. China's share is 8/20 = 40 %; "
              "of Asia (China and Japan) it is 8/10 = 80 %.",
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "share",
    .example = "--reporter Peru --by partner --of Asia --years 1990,2011",
    .run = run,
};
