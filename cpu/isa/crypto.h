/* SPDX-License-Identifier: MIT */
/*
 * AES and SM4 steps of the scalar cryptography extensions (unprivileged manual, "Zk"), which the
 * bodies in sem/zk.inc call. They are pure functions of their operands. They use tables, so their
 * time on the host depends on the data: Zkt's guarantee does not hold on the host.
 */
#ifndef CPU_ISA_CRYPTO_H
#define CPU_ISA_CRYPTO_H

#include "bus/base.h"

/*
 * Compute half a round: `low` and `high` are the columns of the state, in the order of the
 * operands.
 */
u64 aes64_encrypt_last(u64 low, u64 high);
u64 aes64_encrypt(u64 low, u64 high);
u64 aes64_decrypt_last(u64 low, u64 high);
u64 aes64_decrypt(u64 low, u64 high);

/* Applies the inverse MixColumns to two columns. */
u64 aes64_inverse_mix(u64 columns);

/* Rounds 0 to 9 rotate and add a round constant; round AES_ROUND_LAST does neither. */
#define AES_ROUND_LAST 10
u64 aes64_key_schedule1(u64 key, unsigned round);
u64 aes64_key_schedule2(u64 first, u64 second);

/* Substitutes byte `index` (0 to 3) of `source`, diffuses it, and XORs it with `sum`. */
u32 sm4_round(u32 sum, u32 source, unsigned index);
u32 sm4_key_schedule(u32 sum, u32 source, unsigned index);

#endif
