/* SPDX-License-Identifier: Apache-2.0 */
/* address.h (private) - what may be asked, and of whom. */
#ifndef QI_FETCH_ADDRESS_H
#define QI_FETCH_ADDRESS_H

#include "base/base.h"

/* Who is asked: scheme, host and port of an address, taken apart so narrowly that nothing two
 * readers could understand differently gets through. */
typedef struct qi_origin {
    bool secure; /* https */
    unsigned port;
    char host[256]; /* lower case */
} qi_origin;

/* False: not an http or https address, or one with a name and password in it. */
bool qi_origin_read(const char *address, qi_origin *out);
/* May an answer from `from` send us on to `to`?  Only within one host and port; http may
 * become https. */
bool qi_origin_allows(const qi_origin *from, const qi_origin *to);
bool qi_origin_is_loopback(const qi_origin *origin);

/* The address before all requests: no query, no slash at its end.  E_ARG says what is wrong;
 * `secret`: a key will be sent, so it must be https or this machine. */
quipu_status qi_address_check(const char *base, bool secret, quipu_error *err);

/* Append name=value to a target, after "?" or "&"; the value is escaped. */
bool qi_address_add(qi_buffer *target, const char *name, const char *value);

/* Blank every place of `secret` in the text. */
void qi_blank(char *text, size_t length, const char *secret);

#endif
