/* SPDX-License-Identifier: MIT */
/*
 * Known answers of cryptography, from the examples of its standards. Each function executes the
 * instructions of an algorithm in a form, with other examples in groups beside each other, and
 * fails where a group has another answer than the example.
 */
#ifndef TESTS_CPU_VECTOR_CRYPTO_ANSWERS_H
#define TESTS_CPU_VECTOR_CRYPTO_ANSWERS_H

#include "tests/cpu/vector/crypto/groups.h"

/* With groups of 4 elements of 32 bits: a key for each group, or for all, which is scalar. */
void answer_aes_128(struct groups *g);
void answer_aes_256(struct groups *g);
void answer_aes_scalar(struct groups *g);
void answer_ghash(struct groups *g);
void answer_sm4(struct groups *g);
void answer_sm4_scalar(struct groups *g);
void answer_sha256(struct groups *g);

/* Numbers of rounds that AES does not have. */
void answer_aes_rounds(struct groups *g);

/* With groups of 4 elements of 64 bits, and of 8 of 32 bits. */
void answer_sha512(struct groups *g);
void answer_sm3(struct groups *g);

#endif
