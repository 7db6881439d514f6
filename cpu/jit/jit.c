/* SPDX-License-Identifier: MIT */
/* The native tier: which code runs next, when blocks are translated, and how they are linked. */
#include "cpu/jit/jit.h"

#include "cpu/engine/cfi.h"
#include "cpu/engine/interp.h"
#include "cpu/engine/leave.h"
#include "cpu/hart/harts.h"
#include "cpu/jit/chunks.h"
#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/impl.h"
#include "cpu/jit/link.h"
#include "cpu/jit/threaded_warm.h"
#include "cpu/jit/timed/noted.h"
#include "cpu/jit/x86.h"
#include "cpu/mmu/view.h"

#include <errno.h>
#include <stdlib.h>

/* Drops all native code, when all blocks are dropped. */
static void reset(void *ctx)
{
	struct jit *jit = ctx;

	jit->stats.evictions += jit->arena.used > jit->stubs_end;
	jit_forget_code(jit);
}

static u64 drop(void *ctx, struct block *block)
{
	return jit_unlink(ctx, block->code);
}

static void attach(struct jit *jit, struct harts *harts)
{
	const struct block_native native = {
		.entry = jit_arena_run(&jit->arena, jit->arena.write),
		.threshold = jit->threshold,
		.drop = drop,
		.reset = reset,
		.ctx = jit,
	};

	jit->blocks = harts->blocks;
	for (unsigned n = 0; n < harts->count; n++) {
		struct native *of = &harts->hart[n]->native;

		*of = (struct native){
			.jit = jit, .box = { ~0ull << 32 }, .notes = of->notes,
			.timed = of->timed, .prices = of->prices,
		};
	}
	block_cache_native(harts->blocks, &native);
}

struct jit *jit_create(struct harts *harts, const struct jit_config *config)
{
	struct jit *jit = calloc(1, sizeof(*jit));
	int error;

	if (!jit)
		return NULL;
	jit->only = config->only;
	jit->kept = JIT_KEPT;
	jit->threshold = (u16)config->threshold;
	jit_host_find(&jit->host);
	for (unsigned csr = 0; csr <= MXCSR_FLAGS; csr++)
		jit->fflags[csr] = mxcsr_fflags(csr);
	jit->atomic = emit_atomic_of_one_thread;
	jit->forms = x86_forms_create();
	jit->gen = malloc(sizeof(*jit->gen));
	/* Pages that are never written occupy no memory. */
	jit->exits = calloc(JIT_EXITS, sizeof(*jit->exits));
	jit->codes = calloc(JIT_CODES, sizeof(*jit->codes));
	jit->listing = config->listing;
	error = jit->forms && jit->gen && jit->exits && jit->codes ?
			jit_arena_init(&jit->arena, JIT_ARENA, jit->listing.perf_map) :
			-ENOMEM;
	if (error < 0) {
		jit_free(jit);
		errno = -error;
		return NULL;
	}
	attach(jit, harts);
	jit->stats.evictions = 0;
	return jit;
}

void jit_free(struct jit *jit)
{
	if (!jit)
		return;
	jit_arena_free(&jit->arena);
	x86_forms_free(jit->forms);
	free(jit->gen);
	free(jit->exits);
	free(jit->codes);
	free(jit);
}

/* Returns how many bytes of code there are in both halves. */
static u64 bytes_of_code(const struct jit *jit)
{
	u64 bytes = jit->stubs_end;

	for (unsigned chunk = 0; chunk < JIT_CHUNKS; chunk++) {
		u32 n, end;

		jit_chunk_codes(jit, chunk, &n, &end);
		for (; n < end; n++)
			bytes += (u64)jit->codes[n].size + jit->codes[n].cold_size;
	}
	return bytes;
}

void jit_stats(const struct jit *jit, struct jit_stats *stats)
{
	*stats = jit->stats;
	stats->size = jit->arena.size;
	stats->used = bytes_of_code(jit);
}

/* Returns whether the block has native code, which is made now if it is hot. */
static bool is_native(struct jit *jit, struct hart *hart, struct block *block)
{
	if (block->direct || block->countdown)
		return block->direct;
	if (!jit_compile(jit, hart, block)) {
		jit_next_chunk(jit);
		hart->native.exit = 0;
		jit_compile(jit, hart, block);
	}
	return block->direct;
}

/* Runs threaded code from the block on. Returns whether the next block is hot. */
static bool run_warm(struct hart *hart, struct block *block, enum hart_exit *left)
{
	hart->native.hot = false;
	*left = hart->native.warm(hart, block);
	return hart->native.hot;
}

/*
 * Runs the part of the block at hart->pc that still fits into the slice, in threaded code. Returns
 * whether the next block is hot.
 */
static bool run_part(struct hart *hart, struct block *block, enum hart_exit *left)
{
	*left = EXIT_NEXT;
	if (hart->steps >= hart->limit)
		return false;
	if (!tier_parts(hart)) {
		/* An instruction that a model has to observe is left to the caller. */
		if (!hart->native.timed)
			*left = interp_execute(hart, block->insn);
		return false;
	}
	return run_warm(hart, block, left);
}

/*
 * Corrects the entry in the view's table of jumps, which may have been made before the block had
 * native code.
 */
static void note_entry(struct hart *hart, struct block *block)
{
	struct tlb_view *view = hart->fetch;
	unsigned n = tlb_jump_index(hart->pc);

	if (view->jump[n].entry != block->entry && tlb_jump_block(view, hart->pc) == block)
		view->jump[n].entry = block->entry;
}

/*
 * Runs the block at hart->pc. Returns whether the next one may be run as well before the run loop
 * checks the hart.
 */
static bool run_block(struct jit *jit, struct hart *hart, struct block *block, enum hart_exit *left)
{
	enum jit_left why;
	u64 steps;

	if (hart->steps + block->count > hart->limit)
		return run_part(hart, block, left);
	if (!noted_waits(hart) && is_native(jit, hart, block)) {
		if (hart->native.exit && BLOCK_LINK_KEPT(hart->steps))
			jit_link(jit, hart->native.exit, block);
		hart->native.exit = 0;
		note_entry(hart, block);
		steps = hart->steps;
		why = jit_enter(jit, hart, block);
		jit->stats.native += hart->steps - steps;
		*left = why == JIT_TRAP ? EXIT_TRAP : EXIT_NEXT;
		return why == JIT_NEXT && !hart->stop;
	}
	hart->native.exit = 0;
	return run_warm(hart, block, left);
}

/*
 * Called when there is no block at hart->pc. Unless the run loop has to check the hart, executes
 * the single instruction there, which is a stop (block_cache.h) or whose page is new to the TLB.
 * Returns the block after it; NULL if the instruction trapped, if the run loop must check the hart,
 * or if there is again no block.
 */
static struct block *step_over(struct hart *hart, enum hart_exit *left, bool *trapped)
{
	/* An instruction that a model has to observe is left to the caller. */
	if (hart->native.timed || !tier_stays(hart))
		return NULL;
	*left = interp_step(hart);
	if (*left == EXIT_TRAP || !tier_stays(hart))
		return NULL;
	/*
	 * The exit by which the previous block was left leads to this instruction, not to the next
	 * block.
	 */
	hart->native.exit = 0;
	return warm_next(hart, trapped);
}

enum hart_exit jit_run_blocks(struct hart *hart, struct block *block)
{
	struct jit *jit = hart->native.jit;
	enum hart_exit left = EXIT_NEXT;
	bool trapped = false;

	hart->native.exit = 0;
	while (block && run_block(jit, hart, block, &left)) {
		block = warm_next(hart, &trapped);
		if (!block && !trapped)
			block = step_over(hart, &left, &trapped);
	}
	return trapped ? EXIT_TRAP : left;
}

/*
 * Runs blocks, beginning with that at hart->pc, until one is left for something other than the next
 * block.
 */
static enum hart_exit run_from_here(struct hart *hart)
{
	bool trapped = false;
	struct block *block = warm_next(hart, &trapped);

	if (trapped)
		return EXIT_TRAP;
	return block ? jit_run_blocks(hart, block) : interp_step(hart);
}

enum hart_exit jit_run(struct hart *hart)
{
	enum hart_exit left;

	if (!cfi_lands(hart))
		return EXIT_TRAP;
	hart_time_native(hart, 0, NULL);
	hart->native.warm = warm_run;
	do
		left = run_from_here(hart);
	while (tier_continues(hart, &left));
	return left;
}
