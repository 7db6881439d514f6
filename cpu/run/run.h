/* SPDX-License-Identifier: MIT */
/* A hart as a part of the machine, and its run loop. */
#ifndef CPU_RUN_RUN_H
#define CPU_RUN_RUN_H

#include "cpu/hart/hart.h"
#include "cpu/hart/vector_config.h"

struct hart_config {
	unsigned id;
	unsigned shift; /* steps are 2^shift ns; 0 with the host clock */
	struct isa *isa;
	struct block_cache *blocks;
	struct table_watch *tables;
	struct timebase *timebase;
	struct rnmi_vectors rnmi;
	struct identity identity;
	struct vector_config vector;
	bool adue_at_reset; /* menvcfg.ADUE is 1 after reset if the hart has Svadu */
	/* The core of its timing model, which must outlive the hart; NULL: it has no model. */
	const struct timing_core *timing;
	const struct hart_hooks *timer; /* timed_hooks, if there is `timing` */
	/* Shared by the timing models of all harts, and must outlive them; or NULL. */
	struct timing_coherence *coherence;
};

/*
 * Initialises a hart, and registers its state as "hart<id>", after that of its timing model.
 * Returns 0 or -ENOMEM.
 */
int hart_init(struct hart *hart, struct platform *platform, const struct hart_config *config);
void hart_free(struct hart *hart);

/* Resets the hart: registers are zero, the mode is M, pc is the reset vector. */
void hart_reset(struct hart *hart, u64 pc);

/*
 * Runs at most `steps` instructions, including those that trap. Returns early if the hart waits, is
 * dead, or was told to yield.
 */
void hart_run(struct hart *hart, hart_tier tier, u64 steps);

/*
 * Executes one instruction, or takes its trap. If `interrupts` is set, first takes those that are
 * pending.
 */
void hart_step(struct hart *hart, hart_tier tier, bool interrupts);

/* Accounts for `ns` nanoseconds in which the hart ran nothing. */
void hart_idle(struct hart *hart, u64 ns);

#endif
