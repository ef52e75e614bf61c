/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/invest.h - a register of investment projects, and who owns them.
 *
 * A register is a folder of plain CSV tables: entities (companies, states, persons), stakes,
 * projects, amounts, status history, sources.  It is read and checked as a whole; all
 * problems are listed, not the first.  An open register is immutable and serves any number
 * of threads.  The questions put to it are measures of the catalogue ("invest-owners", ...)
 * that take a register where others take a cube.  Tables and definitions: docs/invest.md.
 */
#ifndef QUIPU_INVEST_H
#define QUIPU_INVEST_H

#include "quipu/nomen.h"
#include "quipu/report.h"
#include "quipu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct quipu_register quipu_register;

/* `problems`, if given, becomes a table of everything wrong (severity, file, line, column,
 * found, expected), in order of place, on success and on E_DATA; free it either way.  E_DATA
 * when one of them is an error; its text names the first and counts the rest.  Warnings alone
 * are fine.  E_IO: no such folder.  `nomen` must outlive the register. */
QUIPU_API quipu_status quipu_register_open(const char *folder, const quipu_nomen *nomen,
                                           quipu_table *problems, quipu_register **out,
                                           quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_register_close(quipu_register *reg); /* NULL is fine */
/* XXH3-128 over the content of its tables, as 32 hex digits. */
QUIPU_API const char *quipu_register_fingerprint(const quipu_register *reg);

/* Beneficial Ownership Data Standard 0.4, as JSON: the register as statements, and back into
 * a folder of tables (which must not exist; it appears whole or not at all).  Amounts and status
 * have no place in the standard.  E_DATA from writing: nothing in the register has a date, which
 * statements must have; from reading: the statements are no register, see `problems`, which
 * gets what was left out as warnings. */
QUIPU_API quipu_status quipu_register_write_bods(const quipu_register *reg, quipu_sink sink,
                                                 void *user, quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API quipu_status quipu_register_import_bods(const char *json_path,
                                                  const quipu_nomen *nomen, const char *folder,
                                                  quipu_table *problems,
                                                  quipu_error *err) QUIPU_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
