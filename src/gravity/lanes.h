/* SPDX-License-Identifier: Apache-2.0 */
/* lanes.h (private) - columns side by side: numbers that the compiler keeps in one register, if
 * the processor has such. */
#ifndef QI_GRAVITY_LANES_H
#define QI_GRAVITY_LANES_H

/* Several builds of the same loop, chosen while the program runs; sums keep their order, so the
 * bits are the same. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDE
#endif

typedef double one __attribute__((may_alias));
typedef double two __attribute__((vector_size(16), aligned(8), may_alias));
typedef double four __attribute__((vector_size(32), aligned(8), may_alias));
typedef double eight __attribute__((vector_size(64), aligned(8), may_alias));

#endif
