/* SPDX-License-Identifier: Apache-2.0 */
/* curl.h (private) - libcurl, loaded when a fetch begins. */
#ifndef QI_FETCH_CURL_H
#define QI_FETCH_CURL_H

#include "base/base.h"

#define CURL_DISABLE_TYPECHECK /* its checks wrap the functions whose addresses are wanted */
#include <curl/curl.h>

#define QI_CURL_CALLS(X)                                                                       \
    X(curl_global_init)                                                                        \
    X(curl_global_cleanup)                                                                     \
    X(curl_easy_init)                                                                          \
    X(curl_easy_cleanup)                                                                       \
    X(curl_easy_reset)                                                                         \
    X(curl_easy_setopt)                                                                        \
    X(curl_easy_getinfo)                                                                       \
    X(curl_easy_strerror)                                                                      \
    X(curl_slist_append)                                                                       \
    X(curl_slist_free_all)                                                                     \
    X(curl_multi_init)                                                                         \
    X(curl_multi_cleanup)                                                                      \
    X(curl_multi_setopt)                                                                       \
    X(curl_multi_add_handle)                                                                   \
    X(curl_multi_remove_handle)                                                                \
    X(curl_multi_perform)                                                                      \
    X(curl_multi_poll)                                                                         \
    X(curl_multi_info_read)                                                                    \
    X(curl_multi_strerror)                                                                     \
    X(curl_url)                                                                                \
    X(curl_url_set)                                                                            \
    X(curl_url_get)                                                                            \
    X(curl_url_cleanup)                                                                        \
    X(curl_free)                                                                               \
    X(curl_getdate)

typedef struct qi_curl {
    void *library;
#define X(name) __typeof__(&name) name;
    QI_CURL_CALLS(X)
#undef X
} qi_curl;

/* E_IO: it is not installed, or too old (before 7.85). */
quipu_status qi_curl_load(qi_curl *curl, quipu_error *err);
void qi_curl_unload(qi_curl *curl); /* a zeroed one is fine */

#endif
