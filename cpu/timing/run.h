/* SPDX-License-Identifier: MIT */
/*
 * What a tier of decoded blocks tells of a block that ran: which block, how far, where to, and of
 * its instructions what the code does not say. It stands for their records (record.h) and is much
 * shorter. A kind that has a use for whole blocks takes runs; for others they are expanded.
 */
#ifndef CPU_TIMING_RUN_H
#define CPU_TIMING_RUN_H

#include "cpu/isa/isa.h"
#include "cpu/timing/record.h"

/* What the records of an instruction in a block have in common. */
struct timing_insn {
	u32 raw;
	u32 sum; /* of those before it in the block: what timing_kind.price says, or 0 */
	u16 op;
	u8 at; /* halfwords from the start of the block */
	u8 words; /* of operands in a run */
	u8 flags; /* TIMING_LOAD, TIMING_STORE */
	u8 size; /* bytes of the memory operand */
	bool branch; /* a conditional one */
};

/*
 * A decoded block. Blocks begin anywhere and may overlap; the same bytes may be decoded again.
 * `id` is never used again in the life of a machine, not even for the same bytes: what is known
 * of a block by its id is true for ever, and may be forgotten at any time. The struct itself is
 * readable as long as a run of it has not been consumed, and no longer.
 */
struct timing_block {
	u64 id;
	u32 count;
	struct timing_insn insn[]; /* count of them, and one more that has only `at` and `sum` */
};

static inline size_t timing_block_size(unsigned count)
{
	return offsetof(struct timing_block, insn) + (count + 1u) * sizeof(struct timing_insn);
}

/*
 * Its first `count` instructions, at least one, were executed; none trapped, accessed a device,
 * read or wrote a CSR or changed what the hart runs in: those are told by records.
 *
 * Operands, in the order of the instructions, as many as insn.words says: of a load va, pa; of a
 * store or an atomic va, pa, and the bytes that were there before; of those that timing_operands()
 * is about, the records' a, b and c.
 */
struct timing_run {
	const struct timing_block *block;
	u64 pc; /* of the first instruction */
	u64 next; /* where it went on */
	u8 count;
	bool jumped; /* the last one did; of a branch: it was taken */
	u8 after; /* of each record */
	u16 access; /* flags of records with memory operands: TIMING_TRANSLATED or 0 */
	u16 words; /* of all operands, for finding the next run; may be more than are used */
	u64 operand[];
};

/* More operands than an instruction has. */
#define TIMING_WORDS_MAX 3

static inline const struct timing_run *timing_run_next(const struct timing_run *run)
{
	return (const struct timing_run *)&run->operand[run->words];
}

/* Does the last instruction of the run count as TIMING_TAKEN? */
static inline bool timing_run_taken(const struct timing_run *run)
{
	return run->jumped && run->block->insn[run->count - 1].branch;
}

/* Where it went on; bit 0: by a jump, or a branch, be it to the instruction behind it. */
static inline u64 timing_run_onward(const struct timing_run *run)
{
	return run->next | run->jumped;
}

/* How many of a record's a, b and c have to do with time: those of other classes are 0. */
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
 * The records of instructions `first` up to `end` of a run, whose operands begin at *operand; which
 * is moved on to those of what follows.
 */
void timing_run_records(const struct timing_run *run, unsigned first, unsigned end,
			const u64 **operand, struct timing_record *records);

/* Only that of instruction n. */
static inline void timing_run_record(const struct timing_run *run, unsigned n, const u64 **operand,
				     struct timing_record *record)
{
	timing_run_records(run, n, n + 1, operand, record);
}

#endif
