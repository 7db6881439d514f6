/* SPDX-License-Identifier: MIT */
/*
 * Loops whose checks are hoisted. Such a loop has two versions. The checked one is a part of the
 * block's code like any other. The other one, the strip, has no checks of pages, NaN boxes and FS.
 * It runs for as many rounds (iterations) as all accesses are known to stay in pages that were
 * checked before it (Wolfe, "More Iteration Space Tiling", calls this strip-mining). A strip has
 * its own assignment of host registers (pins.h). A round that needs anything else continues in the
 * checked version, at the same instruction. A nested loop is one with inner loops.
 */
#ifndef CPU_JIT_LOOP_H
#define CPU_JIT_LOOP_H

#include "cpu/hart/native_state.h"
#include "cpu/isa/isa.h"

struct gen;
struct hart;
struct insn;
struct insn_place;
struct x86;

/*
 * Limits: loops of a block with strips; registers of a loop that are known to be copies of others;
 * stretches of a round; instructions in a block's strips of nested loops.
 */
enum { BLOCK_LOOPS = 8, LOOP_COPIES = 2, LOOP_STRETCHES = 16, NESTED_INSNS = 240 };

/* A block with strips of nested loops has at least this many instructions. */
#define NESTED_LEAST 4

/*
 * In a strip a host register can hold an x register, or, with numbers above those, the addend of a
 * stream, or the TLB view.
 */
#define PIN_STREAM (X_SINK + 1)
#define PIN_VIEW (PIN_STREAM + NATIVE_STREAMS)

/*
 * Accesses of a loop whose addresses differ by constants. At the beginning of a round an address is
 * base + (index << shift), of two registers, of which x0 stands for none; the accesses of the round
 * are to bytes from there + low to there + high, and by the next round it has moved by `least` to
 * `most` bytes.
 */
struct stream {
	u8 base, index, shift;
	bool reads, writes; /* it has loads; it has stores */
	s32 low, high, least, most;
};

/* At a round's beginning, `reg` is `of` plus a constant. */
struct copy {
	u8 reg, of;
	s32 offset;
};

/*
 * A stretch: consecutive instructions that a round of a strip executes. Inner loops are unrolled,
 * with the number of rounds that they will have if registers have the values that they have when
 * the block is translated; a round of an inner loop is a stretch, too.
 */
struct stretch {
	u8 first, last; /* their indices */
	bool back; /* the last one is a branch that is taken, back to the next stretch */
};

struct loop {
	u8 first, last; /* the indices of its first instruction, and of the jump back */
	u8 least; /* a round has at least so many instructions */
	u8 length; /* it has so many, with repeats, if no branch skips some */
	bool nested; /* there are other loops in it */
	u8 stretches;
	struct stretch stretch[LOOP_STRETCHES];
	u16 worth; /* a strip of fewer instructions is not worth its checks */
	u16 number; /* of its counter in hart->native */
	bool vectors; /* in the strip vstart is 0 */
	bool dirty; /* there the state of the floating-point unit is dirty */
	u32 boxed; /* f registers that hold NaN-boxed singles there */
	u32 fixed; /* x registers that must have there what they had when it was written */
	u32 written; /* x registers that the loop changes */
	u8 pin[PIN_VIEW + 1]; /* what registers hold in the strip (pins.h) */
	u8 moves; /* so many registers of the host hold something else there */
	u16 spared; /* accesses to the hart that a round is spared by that */
	u8 hoisted; /* accesses of a round that are of streams */
	bool asks; /* another one asks the TLB view */
	u8 streamed[BLOCK_INSNS_MAX]; /* by index, an access's stream's number and one; 0: none */
	unsigned streams, copies;
	struct stream stream[NATIVE_STREAMS];
	struct copy copy[LOOP_COPIES];
	u8 *enter; /* of a nested one, the place of a jump in front of the checked version */
	u8 *back; /* the place of the checked version's jump back */
	const u8 *checks, *head; /* the checks in front of the strip, and its first instruction */
	const u8 *end; /* a function that ends the strip */
	const u8 *out; /* where the checked version leaves when the slice ends */
};

struct loops {
	struct loop loop[BLOCK_LOOPS];
	unsigned count;
	unsigned nested; /* instructions of strips of nested loops */
	struct loop *strip; /* the one whose strip is being translated; NULL: checked code is */
	bool back; /* whether the branch at the end of the stretch is to be taken */
	unsigned repeats; /* instructions that the round does again, from here on */
	unsigned fetched; /* the streams that the round has prefetched, a bit for each */
	unsigned rcx_stream; /* RCX has the page of this stream, a number and one; 0: of none */
	bool failed; /* the strip has an instruction that cannot be in one */
};

/* Finds the loops of the block whose checks can be hoisted; its places and groups are known. */
void gen_find_loops(struct gen *gen);

/* Returns the loop that ends with the instruction; NULL: it has no strip. */
struct loop *gen_loop_ending(struct gen *gen, unsigned index);

/* Writes a way from an instruction's checked code to strips of nested loops that begin there. */
void gen_enter_nested(struct gen *gen, unsigned index);

/* Returns how many instructions a round of the strip does again, as loops in it are unrolled. */
unsigned gen_repeats(const struct loop *loop);

/* Returns the number and one of an access's stream in the strip; 0: there is none. */
unsigned gen_stream(const struct gen *gen, const struct insn *insn);

/* Returns whether a jump back of the strip is that of a loop that is unrolled in it. */
bool gen_is_unrolled(const struct gen *gen, const struct insn *insn);

/* Writes the strips of the block's loops. Its checked code is complete. */
void gen_write_strips(struct gen *gen);

/* Notes where the code of an instruction begins in the strip. */
void gen_place_strip(struct gen *gen, struct insn_place *place);

/* Writes the end of a round of the strip, and lands `over`, a jump out of the loop, if any. */
void gen_strip_end(struct gen *gen, u8 *over);

/*
 * Goes from a strip to the checked code of an instruction, or to another place in it. `repeats` is
 * as in struct loops, taken from the slice in front of the round.
 */
void gen_leave_strip(struct x86 *x, const struct loop *loop, const u8 *checked, unsigned repeats);

/* Writes the function that ends a strip; ecx has the loop's number, edx its worth. */
void gen_write_end_strip(struct x86 *x);

/* Lets loops whose strips were not worth their checks try again once in a while. */
void gen_review_loops(struct hart *hart);

/* Returns where the hart keeps what is to be added to the addresses of a stream's accesses. */
s64 gen_stream_slot(unsigned stream);

#endif
