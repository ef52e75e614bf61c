/* SPDX-License-Identifier: Apache-2.0 */
/* dataset.h (private to report) - a table as a file of Stata or SPSS: what becomes of names,
 * labels and notes (dataset_words.c), and the file itself (write_dataset.c). */
#ifndef QI_REPORT_DATASET_H
#define QI_REPORT_DATASET_H

#include "io/readstat.h"
#include "report/writer.h"

#define QI_VARIABLE_NAME 33 /* 32 letters: what Stata takes; SPSS takes more */

typedef char qi_variable_name[QI_VARIABLE_NAME];

/* Names of the columns that both programs take: letters, digits and _, beginning with a letter,
 * no word of their languages, no two alike in small letters.  `out` has room for all. */
void qi_variable_names(const quipu_table *table, qi_variable_name *out);

/* "Value (US$)" into the buffer, at most so many characters and bytes; false = no memory. */
bool qi_variable_label(const quipu_column_spec *spec, size_t characters, size_t bytes,
                       qi_buffer *out);
/* The first characters of a text; bytes that are not UTF-8 become U+FFFD. */
bool qi_cut_text(const char *text, size_t characters, size_t bytes, qi_buffer *out);

/* One remark of the file. */
typedef bool (*qi_remark)(void *user, const char *text);
/* Title, notes, sources, units, names that were changed, figures that a double does not hold;
 * false = `put` said so, or no memory. */
bool qi_dataset_remarks(const qi_writer *w, qi_variable_name *names, qi_remark put, void *user);

/* What a double keeps of an integer scaled by a thousand: false when the last digit is lost. */
bool qi_exact_as_double(const quipu_column *column, size_t row);

#endif
