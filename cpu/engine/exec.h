/* SPDX-License-Identifier: MIT */
/*
 * Functions that instructions' bodies in sem/ call, because they are too long for a body, or are
 * used by several.
 */
#ifndef CPU_ENGINE_EXEC_H
#define CPU_ENGINE_EXEC_H

#include "bus/base.h"
#include "cpu/counters/pmu.h"
#include "cpu/csr/csr.h"
#include "cpu/csr/fast.h"
#include "cpu/engine/cfi.h"
#include "cpu/engine/zcmp.h"
#include "cpu/fpu/fpu.h"
#include "cpu/hart/hart.h"
#include "cpu/isa/bitmanip.h"
#include "cpu/isa/crypto.h"
#include "cpu/mmu/mem.h"
#include "cpu/mmu/view.h"
#include "cpu/trap/trap.h"
#include "cpu/vector/vector.h"

/*
 * Access a pair of registers, `first` and the next one (Zacas). The pair of x0, or of the register
 * that receives writes to x0 (X_SINK), reads as zero and is not written.
 */
static inline u128 pair_read(const struct hart *hart, unsigned first)
{
	if (first % X_SINK == 0)
		return 0;
	return (u128)hart->x[first + 1] << 64 | hart->x[first];
}

static inline void pair_write(struct hart *hart, unsigned first, u128 value)
{
	if (first % X_SINK == 0)
		return;
	hart->x[first] = (u64)value;
	hart->x[first + 1] = (u64)(value >> 64);
}

/*
 * Return the quotient and the remainder as the M extension defines them: for b = 0, -1 and the
 * dividend; on overflow, the dividend and 0.
 */
static inline s64 div_s64(s64 a, s64 b)
{
	if (b == 0)
		return -1;
	return a == INT64_MIN && b == -1 ? a : a / b;
}

static inline s64 rem_s64(s64 a, s64 b)
{
	if (b == 0)
		return a;
	return b == -1 ? 0 : a % b;
}

/* Returns value with each byte 0xff if any of its bits is set, else 0. */
static inline u64 or_combine_bytes(u64 value)
{
	const u64 low = 0x0101010101010101ull;

	value |= value >> 4 & low * 0x0f;
	value |= value >> 2 & low * 0x03;
	value |= value >> 1 & low;
	return (value & low) * 0xff;
}

/*
 * Returns the fields of `source`, each of `width` bits (4 or 8), that `indices` selects; an index
 * beyond the last field gives 0.
 */
static inline u64 permute(u64 source, u64 indices, unsigned width)
{
	u64 mask = BIT(width) - 1, result = 0;

	for (unsigned at = 0; at < 64; at += width) {
		u64 from = (indices >> at & mask) * width;

		if (from < 64)
			result |= (source >> from & mask) << at;
	}
	return result;
}

#endif
