/* SPDX-License-Identifier: Apache-2.0 */
#include "invest/invest.h"
quipu_status quipu_register_write_bods(const quipu_register *reg, quipu_sink sink, void *user,
                                       quipu_error *err) {
    QI_UNUSED(reg);
    QI_UNUSED(sink);
    QI_UNUSED(user);
    return qi_fail(err, QUIPU_E_BUG, "not yet");
}
quipu_status quipu_register_import_bods(const char *json_path, const quipu_nomen *nomen,
                                        const char *folder, quipu_table *problems,
                                        quipu_error *err) {
    QI_UNUSED(json_path);
    QI_UNUSED(nomen);
    QI_UNUSED(folder);
    QI_UNUSED(problems);
    return qi_fail(err, QUIPU_E_BUG, "not yet");
}
