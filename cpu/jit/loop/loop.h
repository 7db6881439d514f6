/* SPDX-License-Identifier: MIT */
/*
 * Loops whose checks are hoisted out of them. Such a loop has two versions: the checked one, which
 * is a part of the block's code like any other, and one without checks of pages, NaN boxes and FS,
 * for as many rounds as all its accesses are known to stay in pages that were checked before (a
 * strip; Wolfe, "More Iteration Space Tiling", calls the transformation strip-mining). That has
 * registers of the host of its own (pins.h). A round that needs anything else than its code does
 * goes on in the checked version, at the same instruction.
 */
#ifndef CPU_JIT_LOOP_H
#define CPU_JIT_LOOP_H

#include "cpu/hart/native_state.h"
#include "cpu/isa/isa.h"

struct gen;
struct hart;
struct insn;
struct place;
struct x86;

/* At most so many loops of a block have a version without checks. */
#define BLOCK_LOOPS 8

/* At most so many registers of a loop are known to be copies of others. */
#define LOOP_COPIES 2

/*
 * In a strip a register of the host can hold an x register, or, numbered behind those, what is
 * added to addresses of a stream, or the TLB view.
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

struct loop {
	u8 first, last; /* the indices of its first instruction, and of the jump back */
	u8 least; /* a round has at least so many instructions */
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
	unsigned streams, copies;
	struct stream stream[NATIVE_STREAMS];
	struct copy copy[LOOP_COPIES];
	u8 *back; /* the place of the checked version's jump back */
	const u8 *checks, *head; /* the checks in front of the strip, and its first instruction */
	const u8 *end; /* a function that ends the strip */
	const u8 *out; /* where the checked version leaves when the slice ends */
};

struct loops {
	struct loop loop[BLOCK_LOOPS];
	unsigned count;
	struct loop *strip; /* the one whose strip is being translated; NULL: checked code is */
	unsigned held; /* RCX has the page of the stream of this number less one; 0: of none */
	bool failed; /* the strip has an instruction that cannot be in one */
};

/* Finds the loops of the block whose checks can be hoisted; its places and groups are known. */
void gen_find_loops(struct gen *gen);

/* Returns the loop that ends with the instruction; NULL: it has no strip. */
struct loop *gen_loop_ending(struct gen *gen, unsigned index);

/* Writes the strips of the block's loops. Its checked code is complete. */
void gen_write_strips(struct gen *gen);

/* Notes where the code of an instruction begins in the strip. */
void gen_place_strip(struct gen *gen, struct place *place);

/* Writes the end of a round of the strip, and lands `over`, a jump out of the loop, if any. */
void gen_strip_end(struct gen *gen, u8 *over);

/* Goes from a strip to the checked code of an instruction, or to another place in it. */
void gen_leave_strip(struct x86 *x, const struct loop *loop, const u8 *checked);

/* Writes the function that ends a strip; ecx has the loop's number, edx its worth. */
void gen_write_end_strip(struct x86 *x);

/* Lets loops whose strips were not worth their checks try again once in a while. */
void gen_review_loops(struct hart *hart);

/* Returns where the hart keeps what is to be added to the addresses of a stream's accesses. */
s64 gen_stream_slot(unsigned stream);

#endif
