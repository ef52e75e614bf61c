/* SPDX-License-Identifier: Apache-2.0 */
/* question.h (private) - the parts of a question (question_parts.c), each from what was typed. */
#ifndef QI_FETCH_QUESTION_H
#define QI_FETCH_QUESTION_H

#include "fetch/fetch.h"

/* Countries and groups; NULL and "all" are all. */
quipu_status qi_question_countries(qi_question *q, const char *given, qi_names *out,
                                   quipu_error *err);
quipu_status qi_question_periods(qi_question *q, const char *given, quipu_error *err);
quipu_status qi_question_products(qi_question *q, const char *given, quipu_error *err);
quipu_status qi_question_flows(qi_question *q, const char *given, quipu_error *err);
quipu_status qi_question_indicators(qi_question *q, const char *given, quipu_error *err);
quipu_status qi_question_nomenclature(qi_question *q, const char *given, quipu_error *err);
quipu_status qi_question_release(qi_question *q, const char *given, quipu_error *err);

#endif
