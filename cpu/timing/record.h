/* SPDX-License-Identifier: MIT */
/*
 * A record describes one executed instruction to a timing model. There is one for each instruction
 * in program order, also for one that trapped, and one for each interrupt. It has the information
 * that is not in the instruction's bits. It has no cycles, and nothing that depends on the core.
 * Each tier writes the same records.
 */
#ifndef CPU_TIMING_RECORD_H
#define CPU_TIMING_RECORD_H

#include "bus/base.h"
#include "cpu/isa/isa.h"

enum timing_flag {
	TIMING_TRAP = 1 << 0, /* it did not retire: `cause` is the trap's, `next` is the handler */
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
	 * (the mean stride if it is indexed), and vtype. Where timing_has_sp(), `c` is the stack
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
	 * The number of shadows: records after that of a trap, of instructions that would have been
	 * executed without the trap. A pipeline begins them, and their accesses have effects on
	 * caches. They are numbered like other records.
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
 * Returns whether `c` is the stack pointer x2, which only profiles use. It is in the record of a
 * trap, except that of a vector instruction, and in each record of CLASS_SYSTEM, such as a return
 * from a trap.
 */
static inline bool timing_has_sp(const struct timing_record *record)
{
	u8 class = isa_ops[record->op].class;

	return class == CLASS_SYSTEM || ((record->flags & TIMING_TRAP) && !class_is_vector(class));
}

/* The most shadows of a trap. */
#define TIMING_SHADOWS_MAX 32

#endif
