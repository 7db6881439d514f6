/* SPDX-License-Identifier: MIT */
/*
 * Known-answer tests of cryptography, from the examples of its standards. Each function executes
 * the instructions of an algorithm in one form (struct groups). Each element group has another
 * example, and the test fails if the result of a group differs from that of its example.
 */
#ifndef TESTS_CPU_VECTOR_CRYPTO_ANSWERS_H
#define TESTS_CPU_VECTOR_CRYPTO_ANSWERS_H

#include "tests/cpu/vector/crypto/groups.h"

/*
 * These have groups of 4 elements of 32 bits. Each group has its own key; with _scalar there is one
 * key for all.
 */
void answer_aes_128(struct groups *g);
void answer_aes_256(struct groups *g);
void answer_aes_scalar(struct groups *g);
void answer_ghash(struct groups *g);
void answer_sm4(struct groups *g);
void answer_sm4_scalar(struct groups *g);
void answer_sha256(struct groups *g);

/* Checks numbers of rounds that AES does not have. */
void answer_aes_rounds(struct groups *g);

/* These have groups of 4 elements of 64 bits, and of 8 elements of 32 bits. */
void answer_sha512(struct groups *g);
void answer_sm3(struct groups *g);

#endif
