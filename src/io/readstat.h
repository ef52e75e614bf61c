/* SPDX-License-Identifier: Apache-2.0 */
/* readstat.h (private) - libreadstat, loaded when the first Stata or SPSS file is met.
 *
 * `io` reads such files and `report` writes them; the library is known to nobody else.
 */
#ifndef QI_READSTAT_H
#define QI_READSTAT_H

#include "../base/base.h"

#include <readstat.h>

#define QI_READSTAT_CALLS(X)                                                                   \
    X(readstat_error_message)                                                                  \
    X(readstat_parser_init)                                                                    \
    X(readstat_parser_free)                                                                    \
    X(readstat_set_variable_handler)                                                           \
    X(readstat_set_value_handler)                                                              \
    X(readstat_set_value_label_handler)                                                        \
    X(readstat_parse_dta)                                                                      \
    X(readstat_parse_sav)                                                                      \
    X(readstat_variable_get_name)                                                              \
    X(readstat_variable_get_index)                                                             \
    X(readstat_variable_get_format)                                                            \
    X(readstat_value_type)                                                                     \
    X(readstat_value_is_missing)                                                               \
    X(readstat_double_value)                                                                   \
    X(readstat_string_value)                                                                   \
    X(readstat_writer_init)                                                                    \
    X(readstat_writer_free)                                                                    \
    X(readstat_set_data_writer)                                                                \
    X(readstat_add_label_set)                                                                  \
    X(readstat_label_string_value)                                                             \
    X(readstat_add_variable)                                                                   \
    X(readstat_variable_set_label)                                                             \
    X(readstat_variable_set_format)                                                            \
    X(readstat_variable_set_label_set)                                                         \
    X(readstat_variable_set_measure)                                                           \
    X(readstat_add_note)                                                                       \
    X(readstat_add_string_ref)                                                                 \
    X(readstat_writer_set_file_label)                                                          \
    X(readstat_writer_set_file_format_version)                                                 \
    X(readstat_begin_writing_dta)                                                              \
    X(readstat_begin_writing_sav)                                                              \
    X(readstat_begin_row)                                                                      \
    X(readstat_end_row)                                                                        \
    X(readstat_end_writing)                                                                    \
    X(readstat_insert_int32_value)                                                             \
    X(readstat_insert_double_value)                                                            \
    X(readstat_insert_string_value)                                                            \
    X(readstat_insert_string_ref)                                                              \
    X(readstat_insert_missing_value)

typedef struct qi_readstat_calls {
    void *library;
#define X(name) __typeof__(&name) name;
    QI_READSTAT_CALLS(X)
#undef X
} qi_readstat_calls;

/* E_IO: the library is not installed. */
quipu_status qi_readstat_load(qi_readstat_calls *calls, quipu_error *err);
void qi_readstat_unload(qi_readstat_calls *calls); /* a zeroed one is fine */

#endif
