/* SPDX-License-Identifier: Apache-2.0 */
/* test_open.h - the compiled-in names and codes, opened once for a group of tests. */
#ifndef QI_NOMEN_TEST_OPEN_H
#define QI_NOMEN_TEST_OPEN_H

/* cmocka wants these first, in this order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include "quipu/nomen.h"

static quipu_nomen *nomen;

static int open_nomen(void **state) {
    QI_UNUSED(state);
    return quipu_nomen_open(&nomen, NULL) == QUIPU_OK ? 0 : -1;
}

static int close_nomen(void **state) {
    QI_UNUSED(state);
    quipu_nomen_close(nomen);
    return 0;
}

#endif
