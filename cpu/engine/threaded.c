/* SPDX-License-Identifier: MIT */
/* Threaded code without a timing model: it notes nothing about a run. */
#include "cpu/engine/threaded.h"

#include "cpu/engine/block_cache.h"
#include "cpu/engine/cfi.h"
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
#define WHOLE() ((void)0)
#define ENTER() ((void)0)
#define NOTE(class) ((void)0)
#define LEFT(done, next, jumped) ((void)0)
#define UNDONE(insn) ((void)0)
#define TAKEN(insn) trap_take_direct(h, insn)
#define STAYS() tier_stays(h)
#define PARTS() tier_parts(h)

#include "cpu/engine/threaded.inc"

/*
 * Runs blocks, beginning with that at hart->pc, until one is left for something other than the next
 * block.
 */
static enum hart_exit run_from_here(struct hart *hart)
{
	bool trapped = false;
	struct block *block = next_block(hart, &trapped);

	if (trapped)
		return EXIT_TRAP;
	if (!block)
		return interp_step(hart);
	if (hart->steps + block->count > hart->limit && !tier_parts(hart))
		return interp_execute(hart, block->insn);
	return run_blocks(hart, block);
}

enum hart_exit threaded_run(struct hart *hart)
{
	enum hart_exit left;

	if (!cfi_lands(hart))
		return EXIT_TRAP;
	do
		left = run_from_here(hart);
	while (tier_continues(hart, &left));
	return left;
}
