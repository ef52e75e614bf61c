/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_rows.c - any bytes as a table.  The first byte says which kind of file they are meant to
 * be, the second how they are to be read; see fuzz_trial.h for the laws. */
#include "fuzz_trial.h"

static const struct {
    const char *file, *profile, *map;
} KIND[] = {
    {"in.csv", NULL, NULL},
    {"BACI_HS92_Y2021_V202301.csv", NULL, NULL},
    {"PER.json", NULL, NULL},
    {"in.csv", NULL,
     "period=y,flow=f,reporter=from,partner=to,product=k,value=v,nomenclature:H0"},
    {"in.csv", NULL,
     "year=y,reporter=from,partner=to,product=k,value=v*1000,weight=w,quantity=q,unit=u,"
     "flow:export"},
    {"in.csv", NULL, "year=y,value=v,reporter:PER,partner=to,nomenclature=n,flow:import"},
    {"in.csv", "comtrade", NULL},
    {"in.csv", "quipu", NULL},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char input[256], rejects[256];
    if (size < 2 || fuzz_is_parquet(data + 2, size - 2))
        return 0;
    fuzz_begin();
    size_t kind = data[0] % QI_COUNT(KIND);
    unsigned how = data[1];
    quipu_import_options options = {.profile = KIND[kind].profile,
                                    .map = KIND[kind].map,
                                    .duplicates = (quipu_duplicates)(how & 3),
                                    .pad_codes = (how & 4) != 0,
                                    .keep_unknown = (how & 8) != 0,
                                    .nomenclature = (how & 32) != 0 ? "H0" : NULL};
    bool firms = kind == 3 && (how & 64) != 0; /* declarations, with their firms */
    if (firms) {
        options.map = "period=y,flow=f,reporter=from,partner=to,product=k,value=v,firm=id,"
                      "nomenclature:H0";
        options.duplicates = QUIPU_DUPLICATES_DECLARATIONS;
        options.keep_firms = true;
    }
    fuzz_path(input, KIND[kind].file);
    fuzz_path(rejects, "rejects");
    if ((how & 16) != 0)
        options.rejects_path = rejects;
    fuzz_write(input, data + 2, size - 2);
    fuzz_import(input, &options, !firms && qi_hash64(data, size) % 4 == 0);
    return 0;
}
