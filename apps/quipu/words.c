/* SPDX-License-Identifier: Apache-2.0 */
/* words.c - verbs of two words ("invest owners", "fetch comtrade") when the second is missing
 * or misspelt. */
#include "app.h"

#include <string.h>

int app_run_words(const app_args *args) {
    const char *verb = args->verb->name;
    if (args->n_words == 0) {
        app_say("%s: which word?", verb);
    } else {
        const char *names[32];
        char words[256];
        size_t n = 0;
        snprintf(words, sizeof words, "%s", args->verb->words);
        for (char *at = words; *at != '\0' && n < 32;) {
            char *end = at + strcspn(at, " ");
            names[n++] = at;
            at = *end == '\0' ? end : end + 1;
            *end = '\0';
        }
        const char *near = app_nearest(args->words[0], names, n);
        app_say("%s: there is no word '%s'%s%s%s", verb, args->words[0],
                near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                near != NULL ? "'?" : "");
    }
    app_say("%s: take one of %s (quipu help %s says more)", verb, args->verb->words, verb);
    return APP_USE;
}
