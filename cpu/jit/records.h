/* SPDX-License-Identifier: MIT */
/*
 * Records about the parts of a block's code, made while the code is written: its instructions, slow
 * paths and side exits. The translation (struct gen) owns them, and writes the cold parts from them
 * after the block's instructions.
 */
#ifndef CPU_JIT_RECORDS_H
#define CPU_JIT_RECORDS_H

#include "cpu/jit/facts.h"
#include "cpu/jit/x86.h"

struct gen;
struct insn;
struct loop;

/*
 * The second attempt of an access whose inline check failed. The slow path calls the stub `ask`,
 * which looks for the page of the address `at`. If the stub finds it, execution continues at
 * `access`; otherwise the slow path calls the body, or leaves the strip.
 */
struct retry {
	u8 *access; /* NULL: there is no second attempt */
	const u8 *ask;
	struct x86_arg at;
	bool near; /* the view was searched with the index of a register's page (near_access.h) */
	s32 site; /* the number of the access's site; negative if it has none */
};

/* The code that calls an instruction's body and then jumps back to the hot code. */
struct slow_path {
	u8 *jump[6]; /* the jumps to it from the instruction's hot and cold code, for x86_patch */
	unsigned jumps;
	u8 *back; /* where execution continues afterwards */
	const struct insn *insn;
	const struct loop *loop; /* the loop whose strip has it; NULL if checked code has it */
	u8 repeats; /* in a strip: the argument of gen_leave_strip */
	bool ungrouped; /* it belongs to the version without groups */
	u8 vectors; /* the vector registers that hold their parts at `back` (held_vectors.h) */
	u8 more; /* how many following instructions have their bodies called as well (a batch) */
	/*
	 * If not NULL, no body is called: the jumps lead to the code of this place in the version
	 * without groups.
	 */
	const struct insn_place *place;
	struct retry retry;
};

/* Writes the slow paths of the block, in the cold half. Its instructions must be written. */
void gen_write_slow_paths(struct gen *gen);

/* A taken branch, whose code is written after the block's instructions. */
struct side_exit {
	u8 *jump; /* for x86_patch */
	s32 offset; /* of the target, from the start of the page, in bytes */
	unsigned next; /* the index of the instruction after the branch */
	const struct loop *loop; /* the loop whose strip has it; NULL if checked code has it */
	u8 repeats; /* in a strip: the argument of gen_leave_strip */
	bool ungrouped; /* it belongs to the version without groups */
};

/*
 * The place of an instruction of the block: facts about it, and where its code is. Sets of
 * registers are masks.
 */
struct insn_place {
	u8 at; /* the instruction's offset from the start of the block, in halfwords */
	bool joined; /* it is the target of a jump of the block */
	u8 group; /* the number plus one of the access's group; 0 if it has none */
	struct facts known; /* the facts that are true before it */
	bool rcx_group; /* RCX already holds the address that its group found */
	u8 near; /* the x register that its access is near (near_access.h); 0: none */
	bool ahead; /* the instruction before it changes that register */
	bool indexed; /* what is written for that instruction leaves the index in RCX */
	bool inside; /* it is in a group and relies on the check of an earlier instruction */
	bool sized; /* it relies on an earlier check of vl; calls of bodies do not change vl */
	bool sure; /* `vl` follows from the block alone; otherwise it is a guess that is checked */
	u16 vl; /* the vl with which a vector instruction is translated (vl_known.h), or 0 */
	bool drops; /* no vector registers hold parts after it (held_vectors.h) */
	u8 vectors; /* those that hold their parts where its code begins; 0 if `joined` */
	u8 wants; /* at a loop's start: those that hold their parts at `inner` */
	u32 boxed; /* f registers that its emitter requires to hold NaN-boxed singles */
	/* f registers that may hold a NaN that is not canonical: singles, doubles (nan.h) */
	u32 nans[2];
	u8 *inner; /* the target of a loop's jump back: after the code that loads `wants` */
	u8 *code; /* the target of jumps to the instruction */
	u8 *strip, *ungrouped; /* the same in its loop's strip and in the version without groups */
	u8 *taken; /* of a branch: the code of its side exit */
};

#endif
