/* SPDX-License-Identifier: Apache-2.0 */
/* codec.h (private) - the two ways numbers are packed in a run of leaves.
 *
 * Stream: n unsigned numbers.
 *     u8 head: bits 0-3 width of a wide number (4..8), or 0 = all equal; bits 4-5 exponent e,
 *              each number is to be multiplied by 10^e (present numbers only); bits 6-7 zero
 *     all equal: u64 the number
 *     else ceil(n/4) control bytes (2 bits a number, lowest first: 1, 2, 3 bytes or wide),
 *     then the numbers, little-endian, in as few bytes as the control says
 * A number is 0 for "missing", else the value divided by 10^e, plus 1.  Streams of bytes and
 * of products are stored as they are: no +1, and e is 0.
 *
 * Product list: n rising numbers below n_products.
 *     u8 mode: 0 = stream of gaps (first number, then difference - 1)
 *              1 = bitmap of ceil(n_products / 8) bytes
 *
 * Byte-granular because decoding is then a load, a mask and an add: about 1 ns a number with
 * no special instructions, within 10 % of the entropy of real trade values.
 */
#ifndef QI_CODEC_H
#define QI_CODEC_H

#include "../base/base.h"

/* Appends to `out`; false = no memory.  `values[i] == missing` is stored as missing; no other
 * value may be below zero. */
bool qi_encode_values(qi_buffer *out, const int64_t *values, size_t n, int64_t missing);
bool qi_encode_bytes(qi_buffer *out, const uint8_t *values, size_t n);
bool qi_encode_products(qi_buffer *out, const uint32_t *products, size_t n, size_t n_products);

/* Decode n numbers from [*at, end); reading up to QI_SLACK bytes past `end` must be safe.
 * Moves *at; false = the bytes are not a stream. */
bool qi_decode_values(const uint8_t **at, const uint8_t *end, size_t n, int64_t missing,
                      int64_t *out);
bool qi_decode_bytes(const uint8_t **at, const uint8_t *end, size_t n, uint8_t *out,
                     uint64_t *scratch);
/* `scratch` has room for n numbers; output is checked to rise and stay below n_products. */
bool qi_decode_products(const uint8_t **at, const uint8_t *end, size_t n, size_t n_products,
                        uint32_t *out, uint64_t *scratch);
/* Step over a stream without decoding it. */
bool qi_skip_stream(const uint8_t **at, const uint8_t *end, size_t n);

#endif
