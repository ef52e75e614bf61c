/* SPDX-License-Identifier: Apache-2.0 */
/* embed.c - the scripts figures are drawn with, compiled in as charts/bundle.js packed them.
 *
 * Layout of each: u64 little-endian length when unpacked, then a zlib stream.
 */
#include "chart/chart.h"

#include <zlib.h>

#ifdef QUIPU_CHARTS_STAMP
#include QUIPU_CHARTS_STAMP
#endif

#ifndef QUIPU_CHARTS_DIR
#error "QUIPU_CHARTS_DIR must name the folder with the bundled scripts"
#endif

#define EMBED(name, file)                                                                      \
    __asm__(".section .rodata\n"                                                               \
            ".balign 16\n"                                                                     \
            ".globl qi_chart_data_" #name "\n"                                                 \
            ".hidden qi_chart_data_" #name "\n"                                                \
            "qi_chart_data_" #name ":\n"                                                       \
            ".incbin \"" QUIPU_CHARTS_DIR "/" file "\"\n"                                      \
            "1:\n"                                                                             \
            ".balign 8\n"                                                                      \
            ".globl qi_chart_size_" #name "\n"                                                 \
            ".hidden qi_chart_size_" #name "\n"                                                \
            "qi_chart_size_" #name ":\n"                                                       \
            ".quad 1b - qi_chart_data_" #name "\n"                                             \
            ".previous\n");                                                                    \
    extern const unsigned char qi_chart_data_##name[];                                         \
    extern const uint64_t qi_chart_size_##name;
EMBED(charts, "charts.js.z")
EMBED(world, "world.js.z")

quipu_status qi_chart_script(qi_chart_part part, char **text, size_t *length,
                             quipu_error *err) {
    const unsigned char *bytes =
        part == QI_CHART_WORLD ? qi_chart_data_world : qi_chart_data_charts;
    uint64_t size = part == QI_CHART_WORLD ? qi_chart_size_world : qi_chart_size_charts;
    uint64_t whole = 0;
    for (int i = 7; i >= 0; i--)
        whole = whole << 8 | bytes[i];
    uLongf got = (uLongf)whole;
    *text = malloc((size_t)whole + 1);
    *length = 0;
    if (*text == NULL)
        return qi_fail_memory(err, (size_t)whole);
    if (uncompress((Bytef *)*text, &got, bytes + 8, (uLong)(size - 8)) != Z_OK ||
        got != whole) {
        free(*text);
        *text = NULL;
        return qi_fail(err, QUIPU_E_BUG, "the script of the figures does not unpack");
    }
    (*text)[whole] = '\0';
    *length = (size_t)whole;
    return QUIPU_OK;
}

quipu_status quipu_chart_script(bool with_map, quipu_sink sink, void *user, quipu_error *err) {
    qi_error_clear(err);
    for (int part = QI_CHART_CHARTS; part <= (with_map ? QI_CHART_WORLD : QI_CHART_CHARTS);
         part++) {
        char *text;
        size_t length;
        QI_TRY(qi_chart_script((qi_chart_part)part, &text, &length, err));
        bool ok = sink(user, text, length);
        free(text);
        if (!ok)
            return qi_fail(err, QUIPU_E_IO, "the script of the figures cannot be written");
    }
    return QUIPU_OK;
}
