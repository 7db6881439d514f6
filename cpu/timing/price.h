/* SPDX-License-Identifier: MIT */
/* Models that only add up prices of instructions, and sums of prices over blocks (run.h). */
#ifndef CPU_TIMING_PRICE_H
#define CPU_TIMING_PRICE_H

#include "cpu/timing/run.h"

struct timing_core;
struct timing_model;

/*
 * A price, and the sum of prices of a block, has cycles below this bit and jumps and branches above
 * it.
 */
#define TIMING_PRICE_JUMPS 24

/* Sums over executed instructions. */
struct timing_sums {
	u64 cycles, jumps, instructions;
	u64 taken; /* taken branches, which are in no price */
};

/* Add the sums of the first `count` instructions of a block; or subtract them again. */
static ALWAYS_INLINE void timing_sums_add(struct timing_sums *sums,
					  const struct timing_block *block, unsigned count)
{
	u32 sum = block->insn[count].sum;

	sums->cycles += bits(sum, 0, TIMING_PRICE_JUMPS);
	sums->jumps += sum >> TIMING_PRICE_JUMPS;
	sums->instructions += count;
}

static inline void timing_sums_take(struct timing_sums *sums, const struct timing_block *block,
				    unsigned count)
{
	u32 sum = block->insn[count].sum;

	sums->cycles -= bits(sum, 0, TIMING_PRICE_JUMPS);
	sums->jumps -= sum >> TIMING_PRICE_JUMPS;
	sums->instructions -= count;
}

/*
 * Return whether the model only adds up prices. All instructions then retire at once, and where
 * nobody listens only the sum of cycles is attributed. Within a mode, records and sums of prices
 * come in any order.
 */
bool timing_is_priced(const struct timing_model *model);
void timing_add(struct timing_model *model, const struct timing_sums *sums);

/*
 * Return the core's price of an instruction, wherever it stands; or 0 where it has no such price.
 */
u32 timing_price(const struct timing_core *core, const struct timing_insn *insn);

#endif
