/* SPDX-License-Identifier: MIT */
/* An access as C906's LSU has it. */
#ifndef CPU_TIMING_C906_LSU_ACCESS_H
#define CPU_TIMING_C906_LSU_ACCESS_H

#include "cpu/timing/c906/decode.h"
#include "cpu/timing/c906/params.h"

#define C906_NO_REG 0xff

/* An access across an aligned eight bytes is done in two halves. */
enum c906_half { C906_WHOLE, C906_FIRST, C906_SECOND };

struct c906_access {
	u64 number; /* of the record */
	u64 va, pa, pc;
	u8 kind; /* C906_LOAD, STORE, AMO, LR or SC of enum c906_unit */
	u8 half;
	u8 size, bytes; /* bytes: a bit for each of the eight; of a load 0 if not in halves */
	u8 reg; /* to be written, or C906_NO_REG */
	u8 data_reg; /* what a store waits for, if it does */
	bool waits;
	bool is_float, walks; /* walks: on behalf of the MMU */
	bool last; /* part of an instruction */
	bool sc_fails, traps;
};

struct c906_da {
	bool valid;
	u8 reg;
};

static inline bool c906_access_stores(const struct c906_access *access)
{
	return access->kind == C906_STORE || access->kind == C906_SC || access->kind == C906_AMO;
}

static inline bool c906_access_loads(const struct c906_access *access)
{
	return access->kind == C906_LOAD || access->kind == C906_LR || access->kind == C906_AMO;
}

/*
 * Return the access's bytes among the eight in which it begins, with the low bits of its address.
 */
static inline u8 c906_access_bytes(const struct c906_access *access, u64 offset)
{
	return (u8)((BIT(access->size) - 1) << offset);
}

#endif
