/* SPDX-License-Identifier: Apache-2.0 */
/* daemon.h (private) - libmicrohttpd, loaded when a server is opened.
 *
 * Linked in the ordinary way it brings GnuTLS and its kin into every start of the program.
 */
#ifndef QI_HTTP_DAEMON_H
#define QI_HTTP_DAEMON_H

#include "base/base.h"

#include <microhttpd.h>

#define QI_MHD_CALLS(X)                                                                        \
    X(MHD_start_daemon)                                                                        \
    X(MHD_stop_daemon)                                                                         \
    X(MHD_quiesce_daemon)                                                                      \
    X(MHD_get_daemon_info)                                                                     \
    X(MHD_get_connection_info)                                                                 \
    X(MHD_lookup_connection_value)                                                             \
    X(MHD_suspend_connection)                                                                  \
    X(MHD_resume_connection)                                                                   \
    X(MHD_create_response_from_buffer_with_free_callback_cls)                                  \
    X(MHD_create_response_from_buffer)                                                         \
    X(MHD_add_response_header)                                                                 \
    X(MHD_queue_response)                                                                      \
    X(MHD_destroy_response)

typedef struct qi_mhd_calls {
    void *library;
#define X(name) __typeof__(&name) name;
    QI_MHD_CALLS(X)
#undef X
} qi_mhd_calls;

/* E_IO: it is not installed. */
quipu_status qi_mhd_load(qi_mhd_calls *calls, quipu_error *err);
void qi_mhd_unload(qi_mhd_calls *calls); /* a zeroed one is fine */

#endif
