/* SPDX-License-Identifier: MIT */
/*
 * Copies of parts of the guest's vector registers in vector registers of the host. A part that is
 * held is in one fixed host register from where the block writes it to where the block reads it; a
 * loop that reads it finds it there at its start. Parts are stored to the hart as well, so that the
 * hart is exact wherever native code is left. What is saved are loads, which would wait for these
 * stores. Without AVX-512, f registers, which are in the hart then, are held in the same way. To
 * choose what is held, the block is written twice: the first time only to see what it reads.
 */
#ifndef CPU_JIT_HELD_VECTORS_H
#define CPU_JIT_HELD_VECTORS_H

#include "cpu/jit/x86.h"

struct gen;
struct insn;
struct insn_place;

/* The most parts that are held, in the last vector registers, and the most records of accesses. */
#define HELD_MOST 7
#define HELD_SEEN 512

/* A range of bytes of the hart; negative offsets are those of f registers. */
struct held_part {
	s16 at; /* the offset from the start of the hart's vector registers */
	u16 width;
};

/* A part that an instruction reads, writes, or changes so that it is no longer held. */
struct held_seen {
	struct held_part part;
	u8 index; /* of the instruction */
	enum { HELD_READ, HELD_WRITE, HELD_SPOIL } what;
};

/* The parts that a block holds. Sets of parts are masks of the indices in `part`. */
struct held {
	bool first_pass; /* the block is being written for the first time */
	bool reports_writes; /* the instruction has reported all that it writes, by gen_hold */
	bool may_be_skipped; /* the code that is written may be skipped: its results are not held */
	u8 now; /* the parts that are held at this place of the code */
	u8 written; /* the parts that the instruction wrote */
	unsigned count, seen_count;
	struct held_part part[HELD_MOST];
	struct held_seen seen[HELD_SEEN];
};

/* Writes the block once to see what it reads, and chooses what to hold. */
void gen_choose_held(struct gen *gen);

/* Returns the operand for reading bytes of the hart: the register that holds them, or memory. */
struct x86_arg gen_held(struct gen *gen, unsigned size, s64 at);

/* Returns whether the operand is such a register. */
static inline bool is_held(struct x86_arg arg)
{
	return (arg.form & 3) == X86_REG;
}

/*
 * Notes that bytes of the hart were written. They are also in the host vector `reg`, or X86_NONE.
 * The emitter of an instruction that notes all that it writes sets held.reports_writes.
 */
void gen_hold(struct gen *gen, unsigned size, s64 at, unsigned reg);

/*
 * Returns the host register that will hold bytes which are about to be written, so that they can be
 * computed there; `reg` if there is none. Until then it may hold the old value. A call of gen_hold
 * must follow, and no slow path may return to the code between the two.
 */
unsigned gen_holder(const struct gen *gen, unsigned size, s64 at, unsigned reg);

/*
 * Clears the upper halves of all vector registers of the host; without AVX-512 those hold parts,
 * too.
 */
void gen_clear_halves(struct gen *gen);

/* Writes loads of a set of parts from the hart into their host registers. */
void gen_load_held(struct gen *gen, struct x86 *x, u8 parts);

/*
 * The first function notes that nothing is held after an instruction. The second one, the transfer
 * function, is called after each emitter. It does so after a vector instruction whose emitter has
 * not set held.reports_writes, and after atomics, accesses to CSRs, fences and system instructions.
 */
void gen_drop_held(struct gen *gen, const struct insn *insn);
void gen_transfer_held(struct gen *gen, const struct insn *insn);

/*
 * Notes that the code of an instruction begins here (in the version with groups). Jumps to
 * place->code need hold nothing. At a loop's start, code there loads the parts that the loop reads.
 * The jump back has them already and leads to place->inner, after these loads.
 */
void gen_place_held(struct gen *gen, struct insn_place *place);

#endif
