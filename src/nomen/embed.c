/* SPDX-License-Identifier: Apache-2.0 */
/* embed.c - the tables of data/, compiled in as they are.
 *
 * The assembler's .incbin puts each file into read-only data, so there is no generated source
 * and opening costs nothing: pages are read when a table is first used.  QUIPU_DATA_DIR is
 * the folder, given by the build; QUIPU_DATA_STAMP, when given, is a header rewritten whenever
 * a table changes, so that this file is compiled again (compilers do not see .incbin).
 */
#include "nomen/nomen.h"

#ifdef QUIPU_DATA_STAMP
#include QUIPU_DATA_STAMP
#endif

#ifndef QUIPU_DATA_DIR
#error "QUIPU_DATA_DIR must name the folder with the tables (data/)"
#endif

/* In the order of qi_nomen_file.  The size is computed by the assembler: the distance of two
 * symbols is not a constant to the compiler. */
#define TABLES(X)                                                                              \
    X(countries, "countries.csv")                                                              \
    X(groups, "groups.csv")                                                                    \
    X(members, "group_members.csv")                                                            \
    X(hs, "hs.csv")                                                                            \
    X(s2, "s2.csv")                                                                            \
    X(s3, "s3.csv")                                                                            \
    X(i3, "i3.csv")                                                                            \
    X(bec, "bec.csv")                                                                          \
    X(hs_to_h0, "hs_to_h0.csv")                                                                \
    X(hs_to_s2, "hs_to_s2.csv")                                                                \
    X(hs_to_s3, "hs_to_s3.csv")                                                                \
    X(hs_to_i3, "hs_to_i3.csv")                                                                \
    X(hs_2022_to_2017, "hs_2022_to_2017.csv")                                                  \
    X(s3_to_s2, "s3_to_s2.csv")                                                                \
    X(hs_correlations, "hs_correlations.csv")                                                  \
    X(classes, "classes.csv")                                                                  \
    X(lall, "lall.csv")                                                                        \
    X(hs_sections, "hs_sections.csv")                                                          \
    X(sectors, "sectors.csv")                                                                  \
    X(traditional, "traditional.csv")                                                          \
    X(isic_classes, "isic_classes.csv")                                                        \
    X(agreements, "agreements.csv")                                                            \
    X(agreement_members, "agreement_members.csv")                                              \
    X(geography, "geography.csv")                                                              \
    X(spanish, "spanish.csv")

#define EMBED(name, file)                                                                      \
    __asm__(".section .rodata\n"                                                               \
            ".balign 16\n"                                                                     \
            ".globl qi_nomen_data_" #name "\n"                                                 \
            ".hidden qi_nomen_data_" #name "\n"                                                \
            "qi_nomen_data_" #name ":\n"                                                       \
            ".incbin \"" QUIPU_DATA_DIR "/" file "\"\n"                                        \
            "1:\n"                                                                             \
            ".byte 0\n"                                                                        \
            ".balign 8\n"                                                                      \
            ".globl qi_nomen_size_" #name "\n"                                                 \
            ".hidden qi_nomen_size_" #name "\n"                                                \
            "qi_nomen_size_" #name ":\n"                                                       \
            ".quad 1b - qi_nomen_data_" #name "\n"                                             \
            ".previous\n");                                                                    \
    extern const char qi_nomen_data_##name[];                                                  \
    extern const uint64_t qi_nomen_size_##name;
TABLES(EMBED)

qi_nomen_bytes qi_nomen_embedded(qi_nomen_file file) {
    static const struct {
        const char *name;
        const char *bytes;
        const uint64_t *size;
    } EMBEDDED[] = {
#define ROW(name, file) {"data/" file, qi_nomen_data_##name, &qi_nomen_size_##name},
        TABLES(ROW)
#undef ROW
    };
    _Static_assert(QI_COUNT(EMBEDDED) == QI_NOMEN_N_FILES, "one row for each file");
    return (qi_nomen_bytes){EMBEDDED[file].name, EMBEDDED[file].bytes,
                            (size_t)*EMBEDDED[file].size};
}
