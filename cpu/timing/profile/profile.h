/* SPDX-License-Identifier: MIT */
/*
 * A profile has for each pc the cycles from the retirement of the previous instruction to its own
 * retirement. Together these are all cycles, except those after the last instruction.
 */
#ifndef CPU_TIMING_PROFILE_PROFILE_H
#define CPU_TIMING_PROFILE_PROFILE_H

#include "bus/base.h"
#include "cpu/counters/cause.h"

/* Cycles by cause, and instructions that retired. */
struct timing_sum {
	u64 cycles[TIMING_CAUSES];
	u64 instructions;
};

struct timing_cost {
	u64 pc; /* the address at which symbols name it (names.h) */
	struct timing_sum sum;
	u32 raw; /* the first instruction found there; 0: none could be fetched */
	bool used;
};

struct timing_profile {
	struct timing_cost *costs; /* a hash table; `room` is its size, a power of two */
	size_t count, room;
	struct timing_cost elsewhere; /* the sum of all places that did not fit into the table */
};

/* The most places that are kept, so that a guest cannot use up the host's memory. */
#define TIMING_PROFILE_MAX (1u << 20)

int timing_profile_init(struct timing_profile *profile); /* 0 or -ENOMEM */
void timing_profile_free(struct timing_profile *profile);
void timing_profile_clear(struct timing_profile *profile);

/* Returns the entry of a pc, which is valid until the next call. */
struct timing_cost *timing_profile_find(struct timing_profile *profile, u64 pc, u32 raw);

#endif
