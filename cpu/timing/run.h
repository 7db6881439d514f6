/* SPDX-License-Identifier: MIT */
/*
 * A run describes one execution of a decoded block to a model: which block, how far, where it
 * continued, and the operands that are not in the code. It stands for the records (record.h) of its
 * instructions, and is much shorter. Kinds that can use whole blocks take runs; for other kinds
 * they are expanded.
 */
#ifndef CPU_TIMING_RUN_H
#define CPU_TIMING_RUN_H

#include "cpu/isa/isa.h"
#include "cpu/timing/record.h"

/* The part that all records of an instruction of a block have in common. */
struct timing_insn {
	u32 raw;
	u32 sum; /* timing_kind.price summed over the instructions before it in the block, or 0 */
	u16 op;
	u8 at; /* halfwords from the start of the block */
	u8 words; /* number of its operands in a run */
	u8 flags; /* TIMING_LOAD, TIMING_STORE */
	u8 size; /* bytes of the memory operand */
	u8 element; /* timing_price_element(), or 0 */
	bool branch; /* it is a conditional branch */
};

/*
 * A decoded block. Blocks may begin anywhere and overlap, and the same bytes may be decoded again.
 * An `id` is never reused while a machine exists, not even for the same bytes. So what a model
 * remembers of a block by its id stays right, and may be forgotten at any time. The struct itself
 * may be read only until its runs have been consumed.
 */
struct timing_block {
	u64 id;
	u32 count;
	u32 taken, trap; /* timing_price_taken(), timing_price_trap() */
	struct timing_insn insn[]; /* `count`, and one more with only `at` and `sum` */
};

static inline size_t timing_block_size(unsigned count)
{
	return offsetof(struct timing_block, insn) + (count + 1u) * sizeof(struct timing_insn);
}

/*
 * The first `count` instructions of the block, at least one, were executed. None of them trapped,
 * accessed a device, read or wrote a CSR, or changed the mode and flags of later instructions: such
 * instructions have records. The operands are in the order of the instructions; insn.words is the
 * number that each has. A load has va and pa. A store or an atomic has va, pa, and the bytes that
 * were there before. Other instructions have a, b and c of a record, the number of which
 * timing_operands() returns.
 */
struct timing_run {
	const struct timing_block *block;
	u64 pc; /* address of the first instruction */
	u64 next; /* address of the instruction that came next */
	union {
		struct {
			u8 count;
			bool jumped; /* the last instruction jumped, or its branch was taken */
			u8 after; /* `after` of each record */
			u8 unused;
			u16 access; /* flags of records of accesses: TIMING_TRANSLATED or 0 */
			u16 words; /* length of `operand`, where the next run begins */
		};
		u64 how; /* all of these */
	};
	u64 operand[]; /* `words`, which may be more than are used */
};

/* The most operands of an instruction. */
#define TIMING_WORDS_MAX 3

static inline const struct timing_run *timing_run_next(const struct timing_run *run)
{
	return (const struct timing_run *)&run->operand[run->words];
}

/* Returns whether the last instruction of the run is TIMING_TAKEN. */
static inline bool timing_run_taken(const struct timing_run *run)
{
	return run->jumped && run->block->insn[run->count - 1].branch;
}

/*
 * Returns where the run continued; bit 0 is set after a jump or taken branch, even to the next
 * instruction.
 */
static inline u64 timing_run_next_pc(const struct timing_run *run)
{
	return run->next | run->jumped;
}

/*
 * Returns the number of a record's fields a, b and c on which times depend; the others are 0. For
 * most classes it is 0.
 */
static ALWAYS_INLINE unsigned timing_operands(enum insn_class class)
{
	switch (class) {
	case CLASS_FMA:
		return 3;
	case CLASS_BRANCH:
	case CLASS_MUL:
	case CLASS_DIV:
	case CLASS_FADD:
	case CLASS_FMUL:
	case CLASS_FDIV:
	case CLASS_FCVT:
	case CLASS_FMOVE:
	case CLASS_CSR:
	case CLASS_SYSTEM:
		return 2;
	default:
		return 0;
	}
}

/*
 * Expands instructions from `first` up to `end` (excluded) of a run into records. *operand is the
 * first operand of `first`, and is moved to that of `end`.
 */
void timing_run_records(const struct timing_run *run, unsigned first, unsigned end,
			const u64 **operand, struct timing_record *records);

/* Expands instruction n alone. */
static inline void timing_run_record(const struct timing_run *run, unsigned n, const u64 **operand,
				     struct timing_record *record)
{
	timing_run_records(run, n, n + 1, operand, record);
}

#endif
