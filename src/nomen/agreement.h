/* SPDX-License-Identifier: Apache-2.0 */
/* agreement.h (private) - the table of agreements, for the files of this folder. */
#ifndef QI_NOMEN_AGREEMENT_H
#define QI_NOMEN_AGREEMENT_H

#include "nomen/nomen.h"
#include "quipu/agreement.h"

typedef struct qi_agreements {
    quipu_agreement *items;
    size_t n;
    quipu_agreement_member *members;
    size_t *first; /* n + 1 */
    qi_names names;
} qi_agreements;
quipu_status qi_nomen_agreements(const quipu_nomen *nomen, const qi_agreements **out,
                                 quipu_error *err);
quipu_date qi_date_before(quipu_date date); /* the day before */
quipu_status qi_list_agreements(const quipu_nomen *nomen, const char *filter, quipu_table *out,
                                quipu_error *err);

/* Groups made when they are named: "members-of:cptpp", "partners-of:Peru". */
bool qi_is_made_group(const char *text);
quipu_status qi_made_group_find(const quipu_nomen *nomen, const char *text,
                                const quipu_group **out, quipu_error *err);
/* False: the group is none of those. */
bool qi_made_group_members(const quipu_nomen *nomen, const quipu_group *group,
                           const quipu_member **first, size_t *count);

#endif
