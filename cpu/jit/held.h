/* SPDX-License-Identifier: MIT */
/*
 * Parts of the guest's vector registers that are also held in vector registers of the host, from
 * where a block writes them to where it reads them. Without AVX-512 this is done for f registers,
 * too, which are in the hart then. The parts are stored to the hart nevertheless, so that the hart
 * is exact wherever code is left. Only loads, which would wait for the store, are saved. A block is
 * written twice: the first time to see what it reads. Each part has one host register, and a loop
 * that reads the part finds it there at its start.
 */
#ifndef CPU_JIT_HELD_H
#define CPU_JIT_HELD_H

#include "cpu/jit/x86.h"

struct gen;
struct insn;
struct insn_place;

/* The number of host registers for this, the last ones, and of notes about a block. */
#define HELD_MOST 7
#define HELD_SEEN 512

/* Bytes of the hart: where they are, from its vector registers on, and how many. */
struct held_part {
	s16 at;
	u16 width;
};

/* A part that an instruction reads, writes, or changes so that it is no longer held. */
struct held_seen {
	struct held_part part;
	u8 index; /* of the instruction */
	enum { HELD_READ, HELD_WRITE, HELD_SPOIL } what;
};

struct held {
	bool looks; /* the block is written for the first time */
	bool kept; /* the instruction has told what it writes */
	bool some; /* what is written may be left out as the code runs */
	u8 now; /* which vectors hold their parts */
	u8 made; /* those that the instruction wrote */
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
 * Notes that bytes were written: they are in a vector of the host, or X86_NONE. An instruction
 * that notes all that it writes sets held.kept.
 */
void gen_hold(struct gen *gen, unsigned size, s64 at, unsigned reg);

/*
 * Returns the host register that is to hold bytes that are about to be written, so that they can be
 * computed in it, or `reg` if there is none. Until it is written it has the old value, if that is
 * held. gen_hold has to follow, without a return to the block's code in between.
 */
unsigned gen_holder(const struct gen *gen, unsigned size, s64 at, unsigned reg);

/*
 * Clears the upper halves of all vector registers of the host; without AVX-512 those hold parts,
 * too.
 */
void gen_clear_halves(struct gen *gen);

/* Loads what is to be held. */
void gen_load_held(struct gen *gen, struct x86 *x, u8 parts);

/*
 * Forgets everything that is held. To be called after an emitter, unless the emitter noted what it
 * wrote.
 */
void gen_drop_held(struct gen *gen, const struct insn *insn);
void gen_pass_held(struct gen *gen, const struct insn *insn);

/*
 * Notes where the code of an instruction begins, of the first version. Jumps to it find nothing
 * held; one back to a loop's start, that holds what the loop wants, goes to place->inner, and so
 * does the instruction before, once it has loaded the rest.
 */
void gen_place_held(struct gen *gen, struct insn_place *place);

#endif
