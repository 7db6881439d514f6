/* SPDX-License-Identifier: MIT */
/*
 * Threaded code with a timing model that only adds up prices: it runs as without a model, and each
 * block adds its sum. An instruction that changes the mode, or may, is left undone.
 */
#include "cpu/timed/threaded_timed.h"

#include "cpu/engine/block_cache.h"
#include "cpu/engine/exec.h"
#include "cpu/engine/interp.h"
#include "cpu/engine/jump.h"
#include "cpu/hart/limits.h"
#include "cpu/sem/sem.h"
#include "cpu/timed/timed.h"

#define SLOW() (h->index = i->index)
#define LOOK() (go = h->stop ? halt : normal)
#define LOADS(type, va, host) ((void)0)
#define STORES(type, va, host) ((void)0)

#define LOCALS struct timed_prices *const prices = &h->timed->prices;

#define ENTER() (prices->block = block->timing)

#define NOTE(class)                                                                                \
	do {                                                                                       \
		if ((class) == CLASS_SYSTEM) {                                                     \
			h->timed->undone = i;                                                      \
			goto fault;                                                                \
		}                                                                                  \
	} while (0)

#define LEFT(done, next, has_jumped)                                                               \
	do {                                                                                       \
		timing_sums_add(&prices->sums, block->timing, (done));                             \
		if (has_jumped)                                                                    \
			prices->sums.taken += block->timing->insn[(done) - 1].branch;              \
		prices->block = NULL;                                                              \
	} while (0)

#define UNDONE(insn) ((void)0)
#define TAKEN(insn) false
#define STAYS() false
#define PARTS() false

#include "cpu/engine/threaded.inc"

enum hart_exit threaded_priced(struct hart *hart, struct block *block)
{
	struct timed *timed = hart->timed;
	enum hart_exit left;

	timed_prices_follow(timed);
	left = run_blocks(hart, block);
	if (timed->undone)
		return EXIT_NEXT;
	if (left == EXIT_TRAP)
		timed_prices_trap(timed);
	return left;
}
