/* SPDX-License-Identifier: Apache-2.0 */
/* list.h (private) - every measure, in the order of the reference pages.  A new one is a file
 * src/measures/NAME.c that defines `const quipu_measure qi_measure_NAME`, and a line here. */
#ifndef QI_MEASURES_LIST_H
#define QI_MEASURES_LIST_H

#define QI_MEASURE_LIST(X)                                                                     \
    X(value)                                                                                   \
    X(share)                                                                                   \
    X(top)                                                                                     \
    X(structure)                                                                               \
    X(balance)                                                                                 \
    X(growth)                                                                                  \
    X(contribution)                                                                            \
    X(index)                                                                                   \
    X(price)                                                                                   \
    X(decompose)                                                                               \
    X(penetration)                                                                             \
    X(rca)                                                                                     \
    X(specialisation)                                                                          \
    X(intensity)                                                                               \
    X(complementarity)                                                                         \
    X(similarity)                                                                              \
    X(reach)                                                                                   \
    X(intra_industry)                                                                          \
    X(marginal_iit)                                                                            \
    X(two_way)                                                                                 \
    X(cms)                                                                                     \
    X(share_change)                                                                            \
    X(terms_of_trade)                                                                          \
    X(concentration)                                                                           \
    X(theil)                                                                                   \
    X(complexity)                                                                              \
    X(product_complexity)                                                                      \
    X(proximity)                                                                               \
    X(density)                                                                                 \
    X(product_space)                                                                           \
    X(prody)                                                                                   \
    X(expy)                                                                                    \
    X(tariff)                                                                                  \
    X(preference)                                                                              \
    X(agreement)                                                                               \
    X(schedule)                                                                                \
    X(margins)                                                                                 \
    X(counts)                                                                                  \
    X(new_products)                                                                            \
    X(partition)                                                                               \
    X(least_traded)                                                                            \
    X(survival)                                                                                \
    X(opportunities)                                                                           \
    X(mirror)                                                                                  \
    X(reliability)                                                                             \
    X(basis)                                                                                   \
    X(bridge)                                                                                  \
    X(coverage)                                                                                \
    X(firms)                                                                                   \
    X(firm_dynamics)                                                                           \
    X(firm_concentration)                                                                      \
    X(new_firms)                                                                               \
    X(gravity)                                                                                 \
    X(counterfactual)                                                                          \
    X(invest_table)                                                                            \
    X(invest_owners)                                                                           \
    X(invest_country)                                                                          \
    X(invest_sector)                                                                           \
    X(invest_graph)                                                                            \
    X(invest_fdi)

#endif
