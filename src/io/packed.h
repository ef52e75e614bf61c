/* SPDX-License-Identifier: Apache-2.0 */
/* packed.h (private) - libarchive, loaded when the first packed file is met.
 *
 * Linked in the ordinary way it brings ICU, libxml2 and the C++ library into every start of
 * the program: 2 of the 3 ms that a question takes.  Questions never read archives.
 */
#ifndef QI_PACKED_H
#define QI_PACKED_H

#include "../base/base.h"

#include <archive.h>
#include <archive_entry.h>

#define QI_ARCHIVE_CALLS(X)                                                                    \
    X(archive_read_new)                                                                        \
    X(archive_read_support_filter_all)                                                         \
    X(archive_read_support_format_zip_streamable)                                              \
    X(archive_read_support_format_tar)                                                         \
    X(archive_read_support_format_raw)                                                         \
    X(archive_read_open)                                                                       \
    X(archive_read_support_format_zip_seekable)                                                \
    X(archive_read_open_filename)                                                              \
    X(archive_read_next_header)                                                                \
    X(archive_read_data)                                                                       \
    X(archive_read_free)                                                                       \
    X(archive_set_error)                                                                       \
    X(archive_error_string)                                                                    \
    X(archive_format)                                                                          \
    X(archive_entry_pathname)                                                                  \
    X(archive_entry_filetype)

typedef struct qi_archive_calls {
    void *library;
#define X(name) __typeof__(&name) name;
    QI_ARCHIVE_CALLS(X)
#undef X
} qi_archive_calls;

/* E_IO: the library is not installed. */
quipu_status qi_archive_load(qi_archive_calls *calls, quipu_error *err);
void qi_archive_unload(qi_archive_calls *calls); /* a zeroed one is fine */

#endif
