/* SPDX-License-Identifier: MIT */
/*
 * Threaded code with a timing model: the macros of the bodies note what the code does not say
 * (timing/run.h). An instruction whose effects can be seen from outside, that reads the time, or
 * that may trap is left undone: a block ends before it, and it is executed by itself (timed_step).
 * With the native tier this runs blocks until native code, which notes the same
 * (jit/timed/noted.h), has translated them, as threaded_warm.c does without a model.
 */
#include "cpu/timed/threaded_timed.h"

#include "cpu/debug/observe.h"
#include "cpu/engine/block_cache.h"
#include "cpu/engine/exec.h"
#include "cpu/engine/interp.h"
#include "cpu/engine/jump.h"
#include "cpu/engine/leave.h"
#include "cpu/hart/limits.h"
#include "cpu/jit/jit.h"
#include "cpu/mmu/view.h"
#include "cpu/sem/sem.h"
#include "cpu/timed/roi.h"
#include "cpu/timed/runs.h"

/* Nothing of the instruction has been executed yet. */
#define SLOW() goto fault
#define LOOK() ((void)halt)

#define LOADS(type, va, host)                                                                      \
	do {                                                                                       \
		u64 offset_ = (u64)(uintptr_t)(host) - notes->ram_host;                            \
		if (unlikely(offset_ >= notes->ram_size))                                          \
			goto fault;                                                                \
		word[0] = (va);                                                                    \
		word[1] = notes->ram_base + offset_;                                               \
		word += 2;                                                                         \
	} while (0)

#define STORES(type, va, host)                                                                     \
	do {                                                                                       \
		if (sizeof(type) > sizeof(*word))                                                  \
			goto fault;                                                                \
		LOADS(type, va, host);                                                             \
		*word++ = (u64)*(const type *)(host);                                              \
	} while (0)

#define LOCALS                                                                                     \
	struct run_notes *const notes = &h->native.notes;                                              \
	u64 *word;

#define WHOLE()                                                                                    \
	do {                                                                                       \
		if (block->countdown) {                                                                 \
			block->countdown--;                                                             \
		} else if (h->native.timed && !timing_notes_full(notes)) {                           \
			h->native.hot = !h->stop;                                                      \
			goto out;                                                                  \
		}                                                                                  \
	} while (0)

#define ENTER() (word = timed_run_begin(h->timed, block->timing, h->pc))

#define NOTE(class)                                                                                \
	do {                                                                                       \
		if (!timing_runs_have(class))                                                      \
			goto fault;                                                                \
		if (timing_operands(class)) {                                                      \
			word[0] = class_is_fp(class) ? h->f[i->rs1] : h->x[i->rs1];                \
			word[1] = class_is_fp(class) ? h->f[i->rs2] : h->x[i->rs2];                \
			if (timing_operands(class) > 2)                                            \
				word[2] = h->f[i->rs3_rm >> 3];                                    \
			word += timing_operands(class);                                            \
		}                                                                                  \
	} while (0)

#define LEFT(done, next_pc, has_jumped)                                                            \
	timing_run_end(notes, word, (struct timing_exit){ (next_pc), (u8)(done), (has_jumped) })

#define UNDONE(insn) (h->native.undone = (insn))
#define TAKEN(insn) false
#define STAYS() false
#define PARTS() tier_parts(h)

#include "cpu/engine/threaded.inc"

/*
 * Returns the block at pc if all of it may run before the limit or, with `parts`, a part of it; or
 * NULL.
 */
static struct block *block_here(struct hart *hart, bool parts)
{
	bool trapped = false;
	struct block *block;

	if (hart->timed->waits || hart->lpe || hart->elp)
		return NULL;
	block = next_block(hart, &trapped);
	return block && (parts || hart->steps + block->count <= hart->limit) ? block : NULL;
}

/*
 * Executes one instruction by itself: one that runs have left undone, or one that is in no block.
 */
static enum hart_exit timed_watch(struct hart *hart, const struct insn *undone)
{
	if (hart->stop)
		return EXIT_NEXT;
	return undone ? timed_step(hart, undone) : observe_step(hart);
}

/*
 * Returns what native code has to do for the model, as a block key; 0 if there is no native code.
 */
static u32 native_key(const struct hart *hart, bool prices)
{
	if (!hart->native.jit)
		return 0;
	if (!prices)
		return BLOCK_KEY_NOTED;
	return timed_counts(hart->timed) ? BLOCK_KEY_PRICED : 0;
}

/* Runs native code, and threaded code for blocks that are not hot yet. */
static enum hart_exit run_native(struct hart *hart, struct block *block)
{
	hart->native.warm = run_blocks;
	return jit_run_blocks(hart, block);
}

/*
 * Runs the blocks from here on and then the instruction that they left undone; or only an
 * instruction, if there is no block.
 */
static enum hart_exit run_from_pc(struct hart *hart)
{
	struct timed *timed = hart->timed;
	bool prices = timed_adds_prices(timed);
	u32 key = native_key(hart, prices);
	struct block *block;
	enum hart_exit left;

	hart_time_native(hart, key, key == BLOCK_KEY_PRICED ? &timed->prices : NULL);
	block = block_here(hart, tier_parts(hart));
	hart->native.undone = NULL;
	if (!block)
		return timed_watch(hart, NULL);
	if (prices) {
		left = threaded_priced(hart, block);
		return hart->native.undone ? timed_watch(hart, hart->native.undone) : left;
	}
	timed_runs_follow(timed);
	left = key ? run_native(hart, block) : run_blocks(hart, block);
	/* If no instruction is left undone, a fetch has failed. */
	return left == EXIT_TRAP ? timed_watch(hart, hart->native.undone) : EXIT_NEXT;
}

enum hart_exit threaded_timed_run(struct hart *hart)
{
	while (hart->steps < hart->limit && !hart->stop) {
		if (hart->hooks.at_point && hart->hooks.at_point(hart))
			return EXIT_NEXT;
		if (run_from_pc(hart) == EXIT_TRAP)
			return EXIT_TRAP;
	}
	return EXIT_NEXT;
}
