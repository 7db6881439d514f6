/* SPDX-License-Identifier: MIT */
/*
 * A record is what a timing model is told of one executed instruction. There is one for each
 * instruction in program order, also for one that trapped, and one for each interrupt. It has what
 * the instruction's bits do not tell. It has no cycles, and nothing that depends on the core. Each
 * tier writes the same records.
 */
#ifndef CPU_TIMING_RECORD_H
#define CPU_TIMING_RECORD_H

#include "bus/base.h"
#include "cpu/isa/isa.h"

enum timing_flag {
	TIMING_TRAP = 1 << 0, /* it did not retire: `cause` says why, `next` is the handler */
	TIMING_INTERRUPT = 1 << 1, /* with TRAP: it was taken in place of the instruction at pc */
	TIMING_FETCH = 1 << 2, /* with TRAP: the fetch trapped; raw is not known */
	TIMING_TAKEN = 1 << 3, /* a conditional branch was taken */
	TIMING_LOAD = 1 << 4, /* the memory operand was read, or would have been */
	TIMING_STORE = 1 << 5, /* it was written, or would have been; with LOAD: an atomic */
	TIMING_TRANSLATED = 1 << 6, /* va was translated by page tables */
	TIMING_SC_FAILED = 1 << 7, /* a store-conditional failed */
	TIMING_WAITS = 1 << 8, /* WFI that waits; timing_wake() follows */
};

/*
 * The mode and flags in which the next instructions run. All else that translation depends on is in
 * satp.
 */
enum timing_after {
	TIMING_FETCH_MODE = 3 << 0, /* privilege of fetches: PRIV_U, PRIV_S, PRIV_M */
	TIMING_DATA_MODE = 3 << 2, /* privilege of loads and stores, which MPRV may change */
	TIMING_VIRTUAL = 1 << 4,
	TIMING_MXR = 1 << 5,
	/* the bit SUM (supervisor access to user pages), in any mode */
	TIMING_SUM = 1 << 6,
};
#define TIMING_DATA_MODE_SHIFT 2

/* The mode that instructions are fetched in; the names are those of priv_name (trap.h). */
enum timing_mode { TIMING_M, TIMING_S, TIMING_U, TIMING_VS, TIMING_VU, TIMING_MODES };

/* Returns the mode of an enum timing_after. */
static inline enum timing_mode timing_mode_of(u8 after)
{
	static const u8 modes[2][4] = {
		{ TIMING_U, TIMING_S, TIMING_M, TIMING_M },
		{ TIMING_VU, TIMING_VS, TIMING_M, TIMING_M },
	};

	return modes[!!(after & TIMING_VIRTUAL)][after & TIMING_FETCH_MODE];
}

struct timing_record {
	u64 pc;
	u64 next; /* address of the instruction that comes next */
	u64 va, pa; /* addresses of the memory operand; pa is 0 if the access faulted */
	/*
	 * The values of rs1, rs2 and rs3 (raw bits of f registers), as far as times depend on them
	 * (timing_operands of run.h). If the instruction wrote a CSR, `a` is the CSR's new value.
	 * For a vector instruction except vset they are vl, the stride of its elements in memory
	 * (the mean stride if it is indexed), and vtype. Where timing_tells_sp(), `c` is the stack
	 * pointer.
	 */
	u64 a, b, c;
	u32 raw; /* its bits: 16 significant ones if compressed */
	u16 op; /* row of isa.def; OP_illegal if it is illegal now, or was not fetched */
	u16 flags; /* enum timing_flag */
	u8 size; /* bytes of the memory operand */
	u8 cause; /* cause of a trap, without the interrupt bit */
	u8 after; /* enum timing_after */
	/*
	 * The number of shadows: records after that of a trap, of instructions that were not
	 * executed, but would have been without the trap. A pipeline begins them, and their
	 * accesses have effects on caches. They are numbered like other records.
	 */
	u8 shadows;
};

/* Returns whether the instruction has written the CSR that it names; `a` is then the new value. */
static inline bool timing_writes_csr(const struct timing_record *record)
{
	bool always = record->op == OP_csrrw || record->op == OP_csrrwi;

	return isa_ops[record->op].class == CLASS_CSR && !(record->flags & TIMING_TRAP) &&
	       (always || bits(record->raw, 15, 5));
}

/*
 * Returns whether `c` is the stack pointer x2, which only profiles use: behind a trap, except that
 * of a vector instruction, and behind a return from one, as in each record of its class.
 */
static inline bool timing_tells_sp(const struct timing_record *record)
{
	u8 class = isa_ops[record->op].class;

	return class == CLASS_SYSTEM || ((record->flags & TIMING_TRAP) && !class_is_vector(class));
}

/* The most shadows of a trap. */
#define TIMING_SHADOWS_MAX 32

#endif
