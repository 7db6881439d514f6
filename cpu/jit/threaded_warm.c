/* SPDX-License-Identifier: MIT */
/*
 * Threaded code that runs blocks before they have native code: it counts their runs, notes how far
 * they go, and is left before a hot block.
 */
#include "cpu/jit/threaded_warm.h"

#include "cpu/engine/block_cache.h"
#include "cpu/engine/exec.h"
#include "cpu/engine/interp.h"
#include "cpu/engine/jump.h"
#include "cpu/engine/leave.h"
#include "cpu/hart/limits.h"
#include "cpu/sem/sem.h"

#define SLOW() (h->index = i->index)
#define LOOK() (go = h->stop ? halt : normal)
#define LOADS(type, va, host) ((void)0)
#define STORES(type, va, host) ((void)0)

#define LOCALS
#define WHOLE()                                                                                    \
	do {                                                                                       \
		if (unlikely(!block->countdown)) {                                                      \
			h->native.hot = !h->stop;                                                             \
			goto out;                                                                  \
		}                                                                                  \
		block->countdown--;                                                                     \
	} while (0)
#define ENTER() ((void)0)
#define NOTE(class) ((void)0)
#define LEFT(done, next, jumped)                                                                   \
	(block->reached = MAX(block->reached, (u8)(done)))
#define UNDONE(insn) (block->reached = MAX(block->reached, (u8)((insn)->index + 1)))
#define TAKEN(insn) trap_take_direct(h, insn)
#define STAYS() tier_stays(h)
#define PARTS() tier_parts(h)

#include "cpu/engine/threaded.inc"

enum hart_exit warm_run(struct hart *hart, struct block *block)
{
	return run_blocks(hart, block);
}

struct block *warm_next(struct hart *hart, bool *trapped)
{
	return next_block(hart, trapped);
}

/*
 * A branch that skips at most this many bytes stays in its block: it may become a conditional move,
 * and its directions are often taken at random.
 */
#define SKIP_MOST 8

/* Returns whether a branch up to `last`, which is one, leads to an instruction soon after it. */
static bool is_skip(const struct block *block, const struct insn *last)
{
	const s64 end = block_next(last)->at * 2;

	for (const struct insn *insn = block->insn; insn <= last; insn = block_next(insn)) {
		const s64 target = insn->at * 2 + insn->imm;

		if (isa_ops[insn->op].class == CLASS_BRANCH && target >= end &&
		    target <= end + SKIP_MOST && target < block->bytes)
			return true;
	}
	return false;
}

/*
 * Returns whether the branch, or a later one, leads back to the block's part that ends with the
 * branch. Then it ends a loop, which will be left some time, or is in a loop, which should stay in
 * one block.
 */
static bool is_in_loop(const struct block *block, const struct insn *branch)
{
	for (const struct insn *insn = branch; insn->index < block->count; insn = block_next(insn))
		if (block_insn_jumps_back(insn) && insn->at * 2 + insn->imm <= branch->at * 2)
			return true;
	return false;
}

void warm_trim(struct block *block)
{
	const struct insn *insn = block->insn;

	if (!block->reached)
		return;
	for (; insn->index + 1 < block->count; insn = block_next(insn)) {
		if (insn->index + 1 < block->reached || isa_ops[insn->op].class != CLASS_BRANCH ||
		    is_in_loop(block, insn) || is_skip(block, insn))
			continue;
		block_end_after(block, insn);
		return;
	}
}
