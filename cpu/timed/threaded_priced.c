/* SPDX-License-Identifier: MIT */
/*
 * Threaded code with a timing model that only adds up prices. It runs as without a model, and each
 * block adds its sum. An instruction that changes the mode, or may do so, is left undone. With the
 * native tier it runs blocks until native code has translated them, as threaded_warm.c does without
 * a model.
 */
#include "cpu/timed/threaded_timed.h"

#include "cpu/engine/block_cache.h"
#include "cpu/engine/exec.h"
#include "cpu/engine/interp.h"
#include "cpu/engine/jump.h"
#include "cpu/engine/leave.h"
#include "cpu/hart/limits.h"
#include "cpu/jit/jit.h"
#include "cpu/jit/timed/priced.h"
#include "cpu/sem/sem.h"
#include "cpu/timed/timed.h"

#define SLOW() (h->index = i->index)
#define LOOK() (go = h->stop ? halt : normal)
#define LOADS(type, va, host) ((void)0)
#define STORES(type, va, host) ((void)0)

#define LOCALS struct timing_prices *const prices = &h->timed->prices;

#define WHOLE()                                                                                    \
	do {                                                                                       \
		if (!block->countdown && h->native.prices) {                                            \
			h->native.hot = !h->stop;                                                      \
			goto out;                                                                  \
		}                                                                                  \
		block->countdown--;                                                                     \
	} while (0)

#define ENTER() (prices->block = block->timing)

#define NOTE(class)                                                                                \
	do {                                                                                       \
		if ((class) == CLASS_SYSTEM) {                                                     \
			h->native.undone = i;                                                      \
			goto fault;                                                                \
		}                                                                                  \
		if (class_is_vector(class))                                                        \
			timing_prices_begin_vector(prices, i->index, h->vector.vl);                \
	} while (0)

#define LEFT(done, next, has_jumped)                                                               \
	do {                                                                                       \
		timing_sums_add(&prices->sums, block->timing, (done));                             \
		timing_prices_end_vector(prices, (done));                                          \
		if ((has_jumped) && block->timing->insn[(done) - 1].branch)                        \
			prices->sums.cycles += block->timing->taken;                               \
		prices->block = NULL;                                                              \
	} while (0)

#define UNDONE(insn) ((void)0)
#define TAKEN(insn) false
#define STAYS() false
#define PARTS() tier_parts(h)

#include "cpu/engine/threaded.inc"

/*
 * Runs native code, as long as there is space for what it adds up, and threaded code for blocks
 * that are not hot yet.
 */
static enum hart_exit run_native(struct hart *hart, struct block *block)
{
	u64 limit = hart->limit;
	enum hart_exit left;

	hart->native.warm = run_blocks;
	hart->limit = MIN(limit, hart->steps + hart->timed->priced_steps);
	left = jit_run_blocks(hart, block);
	hart->limit = limit;
	/*
	 * Records are given in the model's current mode, so the sums of earlier modes come first.
	 */
	if (hart->timed->prices.switched)
		timed_prices_give(hart->timed, false);
	return left;
}

enum hart_exit threaded_priced(struct hart *hart, struct block *block)
{
	struct timed *timed = hart->timed;
	enum hart_exit left;

	timed_prices_begin(timed);
	left = hart->native.prices ? run_native(hart, block) : run_blocks(hart, block);
	if (hart->native.undone)
		return EXIT_NEXT;
	if (left == EXIT_TRAP)
		timed_prices_trap(timed);
	return left;
}
