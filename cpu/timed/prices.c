/* SPDX-License-Identifier: MIT */
/* Collects the prices of blocks for the model (see timed/prices.h). */
#include "cpu/timed/prices.h"

#include "cpu/hart/hart.h"
#include "cpu/timed/timed.h"

bool timed_adds_prices(const struct timed *timed)
{
	return timed->priced && !timing_account_each(timed->account) && timed->phase != TIMED_KEEPS;
}

void timed_prices_follow(struct timed *timed)
{
	timed_finish(timed, timed->hart->pc);
	/* The instruction that changed the mode must reach the model before those of this mode. */
	if (timing_mode_of(timed_after(timed->hart)) != timing_mode(timed->model))
		timed_settle(timed);
}

/* Returns how many instructions of the block that is being run are done. */
static unsigned done_of_block(const struct timed *timed, bool asks)
{
	const struct timing_block *block = timed->prices.block;
	unsigned done = timed->hart->index;

	if (!block)
		return 0;
	return asks && isa_ops[block->insn[done].op].class == CLASS_CSR ? done + 1 : done;
}

void timed_prices_give(struct timed *timed, bool asks)
{
	struct timing_prices *prices = &timed->prices;
	unsigned done = done_of_block(timed, asks);
	struct timing_sums sums = prices->sums;

	/* The model may already have as much of this block. */
	if ((s64)(sums.instructions + done) <= 0)
		return;
	prices->sums = (struct timing_sums){ 0 };
	if (done) {
		timing_sums_add(&sums, prices->block, done);
		timing_sums_take(&prices->sums, prices->block, done);
	}
	timing_add(timed->model, &sums);
	timed->pushed += sums.instructions;
	timed->current = false;
}

void timed_prices_trap(struct timed *timed)
{
	timed->last = (struct timing_record){
		.pc = timed->hart->pc, .op = OP_illegal, .flags = TIMING_TRAP,
		.cause = (u8)timed->hart->trap.cause,
	};
	timed->pending = true;
}
