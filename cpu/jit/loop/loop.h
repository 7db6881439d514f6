/* SPDX-License-Identifier: MIT */
/*
 * Loops whose checks are hoisted. Such a loop has two versions. The checked one is a part of the
 * block's code like any other. The strip has no checks of pages, NaN boxes and FS. It runs for as
 * many iterations as all accesses are known to stay in pages that were checked before it (Wolfe,
 * "More Iteration Space Tiling", calls this strip-mining), with its own assignment of host
 * registers (pins.h). An iteration that needs more continues in the checked version, at the same
 * instruction. A nested loop is one with inner loops. Sets of registers and streams are masks.
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
 * The most loops with strips in a block, copies (struct copy) in a loop, stretches in an iteration,
 * and instructions in the strips of a block's nested loops.
 */
enum { BLOCK_LOOPS = 8, LOOP_COPIES = 2, LOOP_STRETCHES = 16, NESTED_INSNS = 240 };

/* The fewest instructions of a block with strips of nested loops. */
#define NESTED_LEAST 4

/*
 * In a strip a host register can hold an x register, the addend of a stream, or the address of the
 * TLB view. These are the numbers of the latter two, which follow those of x registers.
 */
#define PIN_STREAM (X_SINK + 1)
#define PIN_VIEW (PIN_STREAM + NATIVE_STREAMS)

/*
 * Accesses of a loop whose addresses differ by constants. When an iteration begins, the stream is
 * at base + (index << shift), the values of two registers (x0: none). The iteration accesses bytes
 * from there + low up to there + high, and moves the stream by `least` to `most` bytes.
 */
struct stream {
	u8 base, index, shift;
	bool reads, writes; /* it has loads; it has stores */
	s32 low, high, least, most;
};

/* The fact that, when an iteration begins, register `reg` is register `of` plus `offset`. */
struct copy {
	u8 reg, of;
	s32 offset;
};

/*
 * Consecutive instructions that an iteration of a strip executes. Inner loops are unrolled, as many
 * times as the present values of registers predict when the block is translated; each iteration of
 * an inner loop is a stretch, too.
 */
struct stretch {
	u8 first, last; /* the indices of its first and last instruction */
	bool back; /* the last one is a taken branch back to the start of the next stretch */
};

struct loop {
	u8 first, last; /* the indices of its first instruction and of the jump back */
	u8 least; /* the fewest instructions of an iteration */
	u8 length; /* the instructions of an iteration, unrolled, if no branch skips any */
	bool nested; /* it has inner loops */
	u8 stretches;
	struct stretch stretch[LOOP_STRETCHES];
	u16 worth; /* the fewest instructions of a strip that is worth its checks */
	u16 number; /* the index of its counter in hart->native.unprofitable */
	bool vectors; /* it has vector instructions; vstart is 0 in the strip */
	bool dirty; /* the state of the floating-point unit is dirty in the strip */
	u32 boxed; /* f registers that hold NaN-boxed singles in the strip */
	u32 fixed; /* x registers that must have the values for which the strip was translated */
	u32 written; /* x registers that the loop changes */
	u8 pin[PIN_VIEW + 1]; /* the host registers in the strip, or X86_NONE (pins.h) */
	u8 moves; /* the number of host registers that hold something else in the strip */
	u16 spared; /* how many accesses to the hart this saves in an iteration */
	u8 hoisted; /* the number of accesses in an iteration that belong to streams */
	bool asks; /* some other access needs the TLB view */
	u8 streamed[BLOCK_INSNS_MAX]; /* by index: the access's stream plus one; 0: none */
	unsigned streams, copies;
	struct stream stream[NATIVE_STREAMS];
	struct copy copy[LOOP_COPIES];
	u8 *enter; /* if nested: the place of a jump before the checked version, to `checks` */
	u8 *back; /* the place of the checked version's jump back, which leads to `checks` */
	const u8 *checks, *head; /* the code before the strip, and the strip's first instruction */
	const u8 *end; /* the function that undoes the strip's assignment and budget */
	const u8 *out; /* the code by which the checked version is left when the slice ends */
};

/* The loops of the block that is translated, and the state of the translation of a strip. */
struct loops {
	struct loop loop[BLOCK_LOOPS];
	unsigned count;
	unsigned nested; /* the number of instructions in strips of nested loops */
	struct loop *strip; /* the loop whose strip is being translated; NULL in other code */
	bool back; /* the branch at the end of the stretch is expected to be taken */
	unsigned repeats; /* how many instructions the iteration will still repeat (gen_repeats) */
	unsigned fetched; /* the streams for which the iteration has a prefetch */
	unsigned rcx_stream; /* the number plus one of the stream whose addend is in RCX; 0: none */
	bool failed; /* an instruction cannot be translated for a strip */
};

/* Finds the loops that can have a strip. The block's places and groups must be known. */
void gen_find_loops(struct gen *gen);

/* Returns the loop with a strip whose jump back is the instruction; NULL if there is none. */
struct loop *gen_loop_ending(struct gen *gen, unsigned index);

/* Writes, at the start of nested loops, the jump by which checked code enters their strips. */
void gen_enter_nested(struct gen *gen, unsigned index);

/* Returns how many instructions an iteration repeats because inner loops are unrolled. */
unsigned gen_repeats(const struct loop *loop);

/* Returns the number plus one of an access's stream; 0 if it has none, or not in a strip. */
unsigned gen_stream(const struct gen *gen, const struct insn *insn);

/* Returns whether a jump back is that of an inner loop, which is unrolled in the strip. */
bool gen_is_unrolled(const struct gen *gen, const struct insn *insn);

/* Writes the strips of the block's loops. The checked code must be complete. */
void gen_write_strips(struct gen *gen);

/* Notes where the code of an instruction begins in the strip. */
void gen_place_strip(struct gen *gen, struct insn_place *place);

/* Writes the end of an iteration. `over` is a jump out of the loop, which is patched, or NULL. */
void gen_strip_end(struct gen *gen, u8 *over);

/*
 * Writes a jump from a strip to an address in checked code. `repeats` is that of struct loops: the
 * repeated instructions that were subtracted from the budget but not executed.
 */
void gen_leave_strip(struct x86 *x, const struct loop *loop, const u8 *checked, unsigned repeats);

/* Writes the function that ends a strip; ECX has the loop's number, and EDX its worth. */
void gen_write_end_strip(struct x86 *x);

/* Lets loops whose strips or searches were not worth their checks try again once in a while. */
void gen_review_loops(struct hart *hart);

/* Returns the offset, from ENV, at which the hart keeps the addend of a stream. */
s64 gen_stream_slot(unsigned stream);

#endif
