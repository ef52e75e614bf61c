/* SPDX-License-Identifier: Apache-2.0 */
/* flow.c - the names of trade flows, written and read. */
#include "base/base.h"

static const char *const NAMES[QUIPU_N_FLOWS] = {"export", "import", "re-export", "re-import",
                                                 "reconciled"};

/* What is accepted besides the names above and their plurals.  Domestic exports (DX) are
 * exports: only the reporter's treatment of re-exports differs. */
static const struct {
    const char *text;
    quipu_flow flow;
} OTHER_NAMES[] = {
    {"x", QUIPU_EXPORT},          {"m", QUIPU_IMPORT},           {"rx", QUIPU_REEXPORT},
    {"rm", QUIPU_REIMPORT},       {"dx", QUIPU_EXPORT},          {"reexport", QUIPU_REEXPORT},
    {"reimport", QUIPU_REIMPORT}, {"re export", QUIPU_REEXPORT}, {"re import", QUIPU_REIMPORT},
};

const char *quipu_flow_name(quipu_flow flow) {
    return (unsigned)flow < QUIPU_N_FLOWS ? NAMES[flow] : "unknown";
}

static bool parse_exact(const char *word, size_t length, quipu_flow *out) {
    for (unsigned i = 0; i < QUIPU_N_FLOWS; i++) {
        if (strlen(NAMES[i]) == length && memcmp(NAMES[i], word, length) == 0) {
            *out = (quipu_flow)i;
            return true;
        }
    }
    for (size_t i = 0; i < QI_COUNT(OTHER_NAMES); i++) {
        if (strlen(OTHER_NAMES[i].text) == length &&
            memcmp(OTHER_NAMES[i].text, word, length) == 0) {
            *out = OTHER_NAMES[i].flow;
            return true;
        }
    }
    return false;
}

bool quipu_flow_parse(const char *text, size_t length, quipu_flow *out) {
    char word[16];
    while (length > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        length--;
    }
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    if (length == 0 || length > sizeof word)
        return false;
    for (size_t i = 0; i < length; i++)
        word[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + ('a' - 'A') : text[i]);
    if (parse_exact(word, length, out))
        return true;
    /* Plurals: of words only, "xs" is not a flow. */
    return length > 4 && word[length - 1] == 's' && parse_exact(word, length - 1, out);
}
