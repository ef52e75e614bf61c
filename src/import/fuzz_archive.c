/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_archive.c - any bytes as a packed file, as an office would publish it; see fuzz_trial.h
 * for the laws. */
#include "fuzz_trial.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char input[256], rejects[256];
    if (size < 2 || fuzz_is_parquet(data + 1, size - 1))
        return 0;
    fuzz_begin();
    fuzz_path(input, "BACI_HS92_V202301.zip");
    fuzz_path(rejects, "rejects");
    quipu_import_options options = {.rejects_path = data[0] % 2 != 0 ? rejects : NULL,
                                    .duplicates = QUIPU_DUPLICATES_SUM};
    fuzz_write(input, data + 1, size - 1);
    fuzz_import(input, &options, qi_hash64(data, size) % 4 == 0);
    return 0;
}
