/* SPDX-License-Identifier: Apache-2.0 */
/* fetch.h - what fetch.c and fetch_key.c share. */
#ifndef APP_FETCH_H
#define APP_FETCH_H

#include "app.h"

typedef struct app_key {
    char text[300]; /* "" = none */
} app_key;

/* --key-file, else the environment; says what is wrong and returns false. */
bool app_key_get(const app_args *args, const char *variable, app_key *out);

#endif
