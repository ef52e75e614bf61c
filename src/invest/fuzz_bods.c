/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_bods.c - any bytes as ownership statements.
 *
 * Law: what comes in is a register that opens, without errors, and can be written as
 * statements again, which come in as well.
 */
#include "invest/invest.h"

#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void law(bool holds) {
    if (!holds)
        abort();
}

static bool gather(void *user, const char *bytes, size_t length) {
    return qi_buffer_add(user, bytes, length);
}

static void clear(const char *folder) {
    char path[400];
    for (int t = 0; t < QI_N_TABLES; t++) {
        snprintf(path, sizeof path, "%s/%s", folder, qi_table_file((qi_table_id)t));
        unlink(path);
    }
    rmdir(folder);
}

static bool comes_in(const quipu_nomen *nomen, const char *json, size_t length,
                     const char *folder, qi_buffer *out) {
    quipu_error err = {0};
    quipu_register *reg;
    clear(folder);
    quipu_status status = qi_bods_read(json, length, "fuzz.json", nomen, folder, NULL, &err);
    law(status == QUIPU_OK || err.text[0] != '\0');
    law(status == QUIPU_OK || status == QUIPU_E_DATA || status == QUIPU_E_FORMAT);
    if (status != QUIPU_OK)
        return false;
    law(quipu_register_open(folder, nomen, NULL, &reg, &err) == QUIPU_OK);
    status = quipu_register_write_bods(reg, gather, out, &err);
    law(status == QUIPU_OK || status == QUIPU_E_DATA); /* nothing in it is dated */
    quipu_register_close(reg);
    clear(folder);
    return status == QUIPU_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static quipu_nomen *nomen;
    static char folder[64];
    qi_buffer first = {0}, second = {0};
    if (nomen == NULL) {
        law(quipu_nomen_open(&nomen, NULL) == QUIPU_OK);
        snprintf(folder, sizeof folder, "/tmp/quipu-fuzz-bods-%ld", (long)getpid());
    }
    if (size < 200000 && comes_in(nomen, (const char *)data, size, folder, &first) &&
        first.length > 3) /* else there was nobody in it */
        law(comes_in(nomen, first.bytes, first.length, folder, &second));
    qi_buffer_free(&first);
    qi_buffer_free(&second);
    return 0;
}
