/* SPDX-License-Identifier: MIT */
/*
 * Models that only add up the prices of instructions, and the sums of prices over blocks (run.h).
 */
#ifndef CPU_TIMING_PRICE_H
#define CPU_TIMING_PRICE_H

#include "cpu/timing/run.h"

struct timing_core;
struct timing_model;

/*
 * A price, and the sum of a block's prices, has cycles below this bit, and the number of jumps and
 * branches above it.
 */
#define TIMING_PRICE_JUMPS 24

/* Sums over executed instructions; traps are not among the instructions. */
struct timing_sums {
	u64 cycles, jumps, instructions, traps;
};

/* The most cycles of an element, so that the sum over a slice does not overflow. */
#define TIMING_ELEMENT_MOST 100

/* The sums of a hart that adds up prices while it runs. */
struct timing_prices {
	/*
	 * The sums that the model has not received yet, up to the running block. If a part of that
	 * block was given to the model, it is subtracted here, because the whole block will be
	 * added.
	 */
	struct timing_sums sums;
	/* The running block, of which hart->index instructions are done; or NULL. */
	const struct timing_block *block;
	/*
	 * The cycles of the elements of the vector instruction with the index `vector` of the
	 * block, while it is executed: they are added to the sums when it is done. 0: there is
	 * none.
	 */
	u64 elements;
	unsigned vector;
	/*
	 * The mode of these sums (enum timing_mode). Native code may change it: then `switched` is
	 * set, and `before` has the sums of other modes that the model has not received; `first` is
	 * the first such mode.
	 */
	u8 mode, first;
	bool switched;
	struct timing_sums before[TIMING_MODES];
};

/* Adds a number that is packed like the sum of a block's prices. */
static ALWAYS_INLINE void timing_sums_add_packed(struct timing_sums *sums, u64 packed)
{
	sums->cycles += bits(packed, 0, TIMING_PRICE_JUMPS);
	sums->jumps += packed >> TIMING_PRICE_JUMPS;
}

/* Add the sums of the first `count` instructions of a block, and subtract them again. */
static ALWAYS_INLINE void timing_sums_add(struct timing_sums *sums,
					  const struct timing_block *block, unsigned count)
{
	timing_sums_add_packed(sums, block->insn[count].sum);
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

/* Called before a vector instruction of the running block; those before it are done. */
static ALWAYS_INLINE void timing_prices_begin_vector(struct timing_prices *prices, unsigned index,
						     u64 vl)
{
	prices->sums.cycles += prices->elements;
	prices->elements = vl * prices->block->insn[index].element;
	prices->vector = index;
}

/* Called when `done` instructions of that block are done. */
static ALWAYS_INLINE void timing_prices_end_vector(struct timing_prices *prices, unsigned done)
{
	if (done > prices->vector)
		prices->sums.cycles += prices->elements;
	prices->elements = 0;
}

/*
 * timing_is_priced returns whether the model only adds up prices. All instructions then retire at
 * once, and only the sum of cycles is attributed unless the host listens. Within a mode, records
 * and sums may come in any order; timing_add gives sums.
 */
bool timing_is_priced(const struct timing_model *model);
void timing_add(struct timing_model *model, const struct timing_sums *sums);

/* Lets the model count for another mode from now on. */
void timing_set_mode(struct timing_model *model, enum timing_mode mode);

/*
 * Returns the core's price of an instruction, which is the same everywhere; 0: it has no fixed
 * price.
 */
u32 timing_price(const struct timing_core *core, const struct timing_insn *insn);

/* Returns the cycles that each of the vl elements of a vector instruction costs in addition. */
u32 timing_price_element(const struct timing_core *core, const struct timing_insn *insn);

/*
 * Return the additional cycles of a taken branch, and the cycles of an instruction that traps;
 * neither is in a price.
 */
u32 timing_price_taken(const struct timing_core *core);
u32 timing_price_trap(const struct timing_core *core);

#endif
