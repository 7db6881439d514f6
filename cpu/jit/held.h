/* SPDX-License-Identifier: MIT */
/*
 * Parts of vector registers that vectors of the host hold, too, from where a block writes them to
 * where it reads them; without AVX-512 f registers, too, which are in the hart then. They are
 * stored all the same, so that the hart is exact wherever code is left; only loads, which would
 * wait for the store, are left out. A block is written twice: the first time to see what it reads.
 * Each part has one vector of the host, and a loop that reads it finds it there at its start.
 */
#ifndef CPU_JIT_HELD_H
#define CPU_JIT_HELD_H

#include "cpu/jit/x86.h"

struct gen;
struct insn;
struct insn_place;

/* The vectors of the host, which are the last ones, and what is noted of a block. */
#define HELD_MOST 7
#define HELD_SEEN 512

/* Bytes of the hart: where they are, from its vector registers on, and how many. */
struct held_part {
	s16 at;
	u16 width;
};

/* A part that an instruction reads, writes, or changes so that nothing holds it. */
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

/* Returns bytes of the hart, to be read: what holds them, or memory. */
struct x86_arg gen_held(struct gen *gen, unsigned size, s64 at);

/* Returns whether it is the former. */
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
 * Returns the vector of the host that is to hold bytes which are now written, so that they can be
 * made in it, or `reg` if there is none. It has what was there before, if that is held, until it is
 * written; then gen_hold has to follow, with no way back to the block between.
 */
unsigned gen_holder(const struct gen *gen, unsigned size, s64 at, unsigned reg);

/* Clears the upper halves of all vectors of the host, which without AVX-512 hold parts. */
void gen_clear_halves(struct gen *gen);

/* Loads what is to be held. */
void gen_load_held(struct gen *gen, struct x86 *x, u8 parts);

/* Forgets all that is held; behind an emitter, unless it says that it noted what it wrote. */
void gen_drop_held(struct gen *gen, const struct insn *insn);
void gen_pass_held(struct gen *gen, const struct insn *insn);

/*
 * Notes where the code of an instruction begins, of the first version. Jumps to it find nothing
 * held; one back to a loop's start, that holds what the loop wants, goes to place->inner, and so
 * does the instruction before, once it has loaded the rest.
 */
void gen_place_held(struct gen *gen, struct insn_place *place);

#endif
