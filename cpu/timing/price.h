/* SPDX-License-Identifier: MIT */
/* Models that only add up prices of instructions, and sums of prices over blocks (run.h). */
#ifndef CPU_TIMING_PRICE_H
#define CPU_TIMING_PRICE_H

#include "cpu/timing/run.h"

struct timing_core;
struct timing_model;

/* A price, and the sum of a block's: cycles, and above them branches and jumps. */
#define TIMING_PRICE_JUMPS 24

/* Of instructions that were done. */
struct timing_sums {
	u64 cycles, jumps, instructions;
	u64 taken; /* branches; in no price */
};

/* The first `count` of a block; or the same taken off again. */
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
 * Does it add up prices, and nothing else? All then leave at once: where nobody listens it only
 * tells what was spent on all. In a mode, records and sums of prices come in any order.
 */
bool timing_is_priced(const struct timing_model *model);
void timing_add(struct timing_model *model, const struct timing_sums *sums);

/* What the core asks for an instruction, wherever it stands; 0 when there is no such price. */
u32 timing_price(const struct timing_core *core, const struct timing_insn *insn);

#endif
