/* SPDX-License-Identifier: MIT */
/*
 * A hart whose model only adds up prices (timing_is_priced): in the place of runs, the tier adds up
 * the sums that its blocks have had since they were decoded. Sums and records of a mode come to
 * the model in any order, so that none ends the other.
 */
#ifndef CPU_TIMED_PRICES_H
#define CPU_TIMED_PRICES_H

#include "cpu/timing/price.h"

struct timed;

struct timed_prices {
	/*
	 * The sums that the model has not had, up to the block that is being run. The part of that
	 * block that it was given is taken off: it will be added with the rest.
	 */
	struct timing_sums sums;
	/* The block that is being run, of which hart->index instructions are done; or NULL. */
	const struct timing_block *block;
};

/* Are prices added up now? They are not where an account wants what each instruction takes. */
bool timed_adds_prices(const struct timed *timed);

/* Blocks follow, in the mode that the hart is in now. */
void timed_prices_follow(struct timed *timed);

/*
 * The model has what is done, also of the block that is being run. An instruction that asks for
 * the time goes on behind itself where it reads a CSR.
 */
void timed_prices_give(struct timed *timed, bool asks);

/* The instruction at the hart's pc, or the fetch of it, traps: hart->trap. */
void timed_prices_trap(struct timed *timed);

#endif
