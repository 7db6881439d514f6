/* SPDX-License-Identifier: MIT */
/*
 * Decodes the effects of an instruction on a stack of calls, by the link registers x1 and x5, and
 * on the stack pointer x2. The results are kept, by the instruction's bits.
 */
#ifndef CPU_TIMING_PROFILE_CALL_INSNS_H
#define CPU_TIMING_PROFILE_CALL_INSNS_H

#include "bus/base.h"
#include "cpu/isa/isa.h"
#include "cpu/timing/decoded.h"

enum call_flags {
	CALL_CALLS = 1 << 0,
	CALL_RETURNS = 1 << 1,
	CALL_ALTERNATE = 1 << 2, /* the link register is x5: sp may be another one after a return */
	CALL_RETURNS_FROM_TRAP = 1 << 3,
	CALL_SP_BASE = 1 << 4, /* its memory operand is at sp + `offset` */
	CALL_SP_ADDS = 1 << 5, /* it adds `add` to sp */
	CALL_SP_LOSES = 1 << 6, /* it writes a value to sp that is not in records */
	CALL_SP_LOADS = 1 << 7, /* it loads sp from memory */
	CALL_SP_SAVES = 1 << 8, /* it stores sp in memory */
};

struct call_insn {
	s16 offset, add;
	u16 flags; /* enum call_flags */
};

struct call_insns {
	const struct isa *isa;
	struct decoded decoded;
	struct call_insn insns[DECODED];
};

void call_insns_init(struct call_insns *insns, const struct isa *isa);
const struct call_insn *call_insns_find(struct call_insns *insns, u32 raw);

#endif
