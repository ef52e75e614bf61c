/* SPDX-License-Identifier: Apache-2.0 */
/* study.h (private) - built studies in a folder. */
#ifndef QI_HTTP_STUDY_H
#define QI_HTTP_STUDY_H

#include "http/json.h"

/* The names of the bundles at `folder` (itself one, or holding some), as a list. */
void qi_study_list(const char *folder, qi_json *json);

#endif
