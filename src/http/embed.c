/* SPDX-License-Identifier: Apache-2.0 */
/* embed.c - what tools/embed-web.js packed of web/dist, put into the library by the assembler. */
#include "http/embed.h"

#ifndef QUIPU_WEB_DIR
#error "QUIPU_WEB_DIR must name the folder with the packed web build"
#endif

static const qi_embedded files[] = {
#include QUIPU_WEB_LIST
    {NULL, 0, 0, 0, 0}};

__asm__(".section .rodata\n"
        ".balign 16\n"
        ".globl qi_web_data\n"
        ".hidden qi_web_data\n"
        "qi_web_data:\n"
        ".incbin \"" QUIPU_WEB_DIR "/web.bin\"\n"
        ".byte 0\n"
        ".previous\n");
extern const unsigned char qi_web_data[];

const qi_embedded *qi_embedded_files(size_t *count) {
    *count = sizeof files / sizeof files[0] - 1;
    return files;
}

const unsigned char *qi_embedded_bytes(const qi_embedded *file) {
    return qi_web_data + file->at;
}
