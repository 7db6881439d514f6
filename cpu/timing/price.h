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

/* Sums over executed instructions, and traps, which are none. */
struct timing_sums {
	u64 cycles, jumps, instructions, traps;
};

/* The most cycles of an element, so that those of a slice of instructions have room. */
#define TIMING_ELEMENT_MOST 100

/* The sums of a hart that adds up prices while it runs. */
struct timing_prices {
	/*
	 * The sums that the model has not had, up to the block that is being run. If a part of that
	 * block was given to the model, it is subtracted here, because the whole block will be
	 * added.
	 */
	struct timing_sums sums;
	/* The block that is being run, of which hart->index instructions are done; or NULL. */
	const struct timing_block *block;
	/*
	 * Cycles of the elements of the block's vector instruction `vector`, which is being done:
	 * they are added to the sums when it is. 0: there is none.
	 */
	u64 elements;
	unsigned vector;
	/*
	 * The mode of these sums (enum timing_mode). Native code can change it: then the model has
	 * not had what was done in other modes, `first` in the first one, and `switched` is set.
	 */
	u8 mode, first;
	bool switched;
	struct timing_sums before[TIMING_MODES];
};

/* Add what is packed like the sum of prices of a block. */
static ALWAYS_INLINE void timing_sums_add_packed(struct timing_sums *sums, u64 packed)
{
	sums->cycles += bits(packed, 0, TIMING_PRICE_JUMPS);
	sums->jumps += packed >> TIMING_PRICE_JUMPS;
}

/* Add the sums of the first `count` instructions of a block; or subtract them again. */
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

/* A vector instruction of the block that is being run is next, and those before it are done. */
static ALWAYS_INLINE void timing_prices_begin_vector(struct timing_prices *prices, unsigned index,
						     u64 vl)
{
	prices->sums.cycles += prices->elements;
	prices->elements = vl * prices->block->insn[index].element;
	prices->vector = index;
}

/* So many instructions of that block are done. */
static ALWAYS_INLINE void timing_prices_end_vector(struct timing_prices *prices, unsigned done)
{
	if (done > prices->vector)
		prices->sums.cycles += prices->elements;
	prices->elements = 0;
}

/*
 * Return whether the model only adds up prices. All instructions then retire at once, and where
 * nobody listens only the sum of cycles is attributed. Within a mode, records and sums of prices
 * come in any order.
 */
bool timing_is_priced(const struct timing_model *model);
void timing_add(struct timing_model *model, const struct timing_sums *sums);

/* Have the model count for another mode from here on. */
void timing_go_to(struct timing_model *model, enum timing_mode mode);

/*
 * Returns the core's price of an instruction, wherever it stands; or 0 where it has no such price.
 */
u32 timing_price(const struct timing_core *core, const struct timing_insn *insn);

/* Returns what each element of a vector instruction, up to vl, costs beside that. */
u32 timing_price_element(const struct timing_core *core, const struct timing_insn *insn);

/*
 * Return the cycles that a branch takes more if it is taken, and those of an instruction that
 * traps, which are in no price.
 */
u32 timing_price_taken(const struct timing_core *core);
u32 timing_price_trap(const struct timing_core *core);

#endif
