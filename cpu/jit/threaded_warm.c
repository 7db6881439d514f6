/* SPDX-License-Identifier: MIT */
/*
 * Threaded code that runs blocks before they have native code: it counts their runs, and is left
 * before a hot block.
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
#define LEFT(done, next, jumped) ((void)0)
#define UNDONE(insn) ((void)0)
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
