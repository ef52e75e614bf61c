/* SPDX-License-Identifier: Apache-2.0 */
/* main_class.h (private) - each product in the one class that holds most of it, for figures
 * that cannot be divided: numbers of products, averages of rates. */
#ifndef QI_MEASURES_MAIN_CLASS_H
#define QI_MEASURES_MAIN_CLASS_H

#include "measures/common.h"

/* The first of the classes that hold most of a product. */
uint32_t qi_main_class(const quipu_mapping *map, size_t product);

typedef struct qi_main_classes {
    size_t n;
    const char **code, **name; /* in the order tables print them; what has no class last */
    uint32_t *of;              /* of each product */
    size_t n_split;            /* products that fall into several classes */
} qi_main_classes;
/* The gold and classes options are those of the request. */
quipu_status qi_main_classes_make(const quipu_measure *measure, const quipu_request *request,
                                  const char *scheme, const char *from,
                                  const char *const *codes, size_t n_codes, qi_arena *arena,
                                  qi_main_classes *out, quipu_error *err);

#endif
