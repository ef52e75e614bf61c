/* SPDX-License-Identifier: Apache-2.0 */
/* curl.c - see curl.h. */
#include "fetch/curl.h"

#include <dlfcn.h>

quipu_status qi_curl_load(qi_curl *curl, quipu_error *err) {
    memset(curl, 0, sizeof *curl);
    /* It stays in memory for good: OpenSSL below it does not like to be unloaded. */
    curl->library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    bool ok = curl->library != NULL;
#define X(name) ok = ok && qi_library_find(curl->library, #name, &curl->name);
    QI_CURL_CALLS(X)
#undef X
    if (ok && curl->curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
        return QUIPU_OK;
    if (curl->library != NULL)
        dlclose(curl->library);
    memset(curl, 0, sizeof *curl);
    return qi_fail(err, QUIPU_E_IO,
                   ok ? "libcurl cannot be started"
                      : "fetching needs libcurl, which cannot be loaded: install libcurl4");
}

void qi_curl_unload(qi_curl *curl) {
    if (curl->library != NULL) {
        curl->curl_global_cleanup();
        dlclose(curl->library);
    }
    memset(curl, 0, sizeof *curl);
}
