/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_cube.c - the panel of a question of gravity from a cube. */
#include "measures/gravity.h"

quipu_status qi_gravity_from_cube(qi_gravity *g, quipu_error *err) {
    QI_UNUSED(g);
    return qi_fail(err, QUIPU_E_ARG, "not from a cube yet");
}
