/* SPDX-License-Identifier: MIT */
/* Collects the prices of blocks for the model (see timed/prices.h). */
#include "cpu/timed/prices.h"

#include "cpu/hart/hart.h"
#include "cpu/timed/timed.h"

#include <string.h>

bool timed_adds_prices(const struct timed *timed)
{
	return timed->priced && !timing_account_each(timed->account) && timed->phase != TIMED_KEEPS;
}

void timed_prices_begin(struct timed *timed)
{
	timed_finish(timed, timed->hart->pc);
	/* The instruction that changed the mode must reach the model before those of this mode. */
	if (timing_mode_of(timed_after(timed->hart)) != timing_mode(timed->model))
		timed_synchronize(timed);
	timed->prices.mode = (u8)timing_mode(timed->model);
}

/* Returns how many instructions of the block that is being run are done. */
static unsigned done_of_block(const struct timed *timed, bool reads_time)
{
	const struct timing_block *block = timed->prices.block;
	unsigned done = timed->hart->index;

	if (!block)
		return 0;
	return reads_time && isa_ops[block->insn[done].op].class == CLASS_CSR ? done + 1 : done;
}

static void give_sums(struct timed *timed, const struct timing_sums *sums)
{
	timing_add(timed->model, sums);
	timed->pushed += sums->instructions + sums->traps;
	timed->current = false;
}

/*
 * Gives the model what was done in all modes before this one, after the records that came before.
 */
static void give_before(struct timed *timed)
{
	struct timing_prices *prices = &timed->prices;

	timed_flush(timed);
	/* Cycles for which the hart slept before are counted in the first mode. */
	for (unsigned n = 0; n < TIMING_MODES; n++) {
		unsigned mode = (prices->first + n) % TIMING_MODES;
		const struct timing_sums *sums = &prices->before[mode];

		if (!(sums->instructions | sums->traps))
			continue;
		timing_set_mode(timed->model, (enum timing_mode)mode);
		give_sums(timed, sums);
	}
	memset(prices->before, 0, sizeof(prices->before));
	prices->switched = false;
	timing_set_mode(timed->model, (enum timing_mode)prices->mode);
}

void timed_prices_give(struct timed *timed, bool reads_time)
{
	struct timing_prices *prices = &timed->prices;
	unsigned done = done_of_block(timed, reads_time);
	struct timing_sums sums;

	if (prices->switched)
		give_before(timed);
	if (done > prices->vector)
		timing_prices_end_vector(prices, done);
	sums = prices->sums;
	/* The model may already have received this much of the block. */
	if ((s64)(sums.instructions + sums.traps + done) <= 0)
		return;
	prices->sums = (struct timing_sums){ 0 };
	if (done) {
		timing_sums_add(&sums, prices->block, done);
		timing_sums_take(&prices->sums, prices->block, done);
	}
	give_sums(timed, &sums);
}

void timed_prices_trap(struct timed *timed)
{
	timed->last = (struct timing_record){
		.pc = timed->hart->pc, .op = OP_illegal, .flags = TIMING_TRAP,
		.cause = (u8)timed->hart->trap.cause,
	};
	timed->pending = true;
}
