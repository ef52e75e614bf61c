/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_register.c - any bytes as the tables of a register, parted by form feeds.
 *
 * Laws: the same bytes give the same answer; a register that opens answers every question; what
 * ultimate owners and undisclosed holders have in a node adds up to one; every attribution adds
 * up to the amount; written as statements and read back it is still a register.
 */
#include "invest/invest.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void law(bool holds) {
    if (!holds)
        abort();
}

static quipu_status parse(const quipu_nomen *nomen, const uint8_t *data, size_t size,
                          quipu_table *problems, quipu_register **out, quipu_error *err) {
    qi_register_bytes files = {0};
    char *copy = malloc(size + QI_N_TABLES + 1);
    law(copy != NULL);
    char *at = copy;
    for (int t = 0; t < QI_N_TABLES && size > 0; t++) {
        const uint8_t *end = memchr(data, '\f', size);
        size_t length = end != NULL ? (size_t)(end - data) : size;
        memcpy(at, data, length);
        at[length] = '\0';
        if (length > 0) {
            files.bytes[t] = at;
            files.length[t] = length;
        }
        at += length + 1;
        data += length;
        size -= length;
        if (size > 0) {
            data++;
            size--;
        }
    }
    quipu_status status = qi_register_parse(&files, "fuzz", nomen, problems, out, err);
    free(copy);
    return status;
}

static void ask(const quipu_register *reg) {
    static const qi_unknown_rule rules[] = {QI_UNKNOWN_APART, QI_UNKNOWN_EQUAL};
    for (size_t r = 0; r < 2; r++) {
        qi_graph g;
        quipu_error err = {0};
        quipu_status status =
            qi_graph_open(reg, QI_DATE_OPEN, NULL, 0, rules[r], NULL, NULL, &g, &err);
        law(status == QUIPU_OK || status == QUIPU_E_DATA);
        if (status != QUIPU_OK)
            continue;
        double *share = calloc(g.n + 1, sizeof *share);
        qi_controlled *control = calloc(g.n + 1, sizeof *control);
        law(share != NULL && control != NULL);
        for (uint32_t j = 0; j < g.n && j < 50; j++) {
            double undisclosed, sum;
            status = qi_ultimate_shares(&g, j, share, &undisclosed, &err);
            law(status == QUIPU_OK || status == QUIPU_E_DATA);
            sum = undisclosed;
            for (size_t i = 0; i < g.n; i++)
                sum += share[i];
            if (status == QUIPU_OK)
                law(fabs(sum - 1.0) < 1e-4); /* circles may be closed but for 1e-12 */
        }
        law(qi_control(&g, QI_WHOLE / 2, control, &err) == QUIPU_OK);
        for (size_t i = 0; i < reg->investments.n && i < 50; i++) {
            const qi_investment *v = &reg->investments.items[i];
            for (int rule = 0; v->stated && rule < QI_N_RULES; rule++) {
                qi_parts parts = {0};
                quipu_money sum = 0;
                status = qi_attribute(&g, control, v, (qi_rule)rule, &parts, &err);
                for (size_t p = 0; p < parts.n; p++)
                    sum += parts.items[p].sum;
                law(status != QUIPU_OK || sum == v->amount);
                free(parts.items);
            }
        }
        free(share);
        free(control);
        qi_graph_close(&g);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static quipu_nomen *nomen;
    quipu_table problems = {0};
    quipu_register *reg;
    quipu_error err = {0}, again = {0};
    if (nomen == NULL)
        law(quipu_nomen_open(&nomen, NULL) == QUIPU_OK);
    if (size > 100000)
        return 0;
    quipu_status status = parse(nomen, data, size, &problems, &reg, &err);
    law(status == QUIPU_OK || (status == QUIPU_E_DATA && err.text[0] != '\0'));
    law((status == QUIPU_OK) == (reg != NULL));
    if (reg != NULL)
        ask(reg);
    quipu_register_close(reg);
    quipu_table_free(&problems);
    law(parse(nomen, data, size, NULL, &reg, &again) == status);
    law(strcmp(err.text, again.text) == 0 && err.line == again.line);
    quipu_register_close(reg);
    return 0;
}
