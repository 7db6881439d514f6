/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a hart's time, as a table: of a hart that nobody times an instruction is a cycle,
 * and nobody else hears of what it does; timed/hooks.c has the table of one that runs with a timing
 * model. Where a function may be NULL there is nothing to do.
 */
#ifndef CPU_HART_HOOKS_H
#define CPU_HART_HOOKS_H

#include "bus/base.h"

struct block;
struct hart;
struct timing_counts;

struct hart_hooks {
	/* These return the counter of cycles, and the machine's time in nanoseconds. */
	u64 (*cycles)(const struct hart *hart);
	u64 (*now)(const struct hart *hart);
	/* See hart_steps_until() and its neighbours. */
	u64 (*steps_until)(struct hart *hart, u64 until);
	u64 (*steps_about)(struct hart *hart, u64 until);
	u64 (*steps_most)(const struct hart *hart, u64 ns);
	bool (*reaches)(const struct hart *hart, u64 ns);
	/* The hart ran nothing for so many nanoseconds; and at a reset, which is its time then. */
	void (*idle)(struct hart *hart, u64 ns);
	void (*reset)(struct hart *hart, u64 now);
	/* An interrupt shows from a time on: the steps before it is taken. May be NULL. */
	u64 (*behind)(struct hart *hart, u64 ns);
	/* It is about to leave its mode; a trap was taken; a state was loaded. May be NULL. */
	void (*leave_mode)(struct hart *hart);
	void (*trapped)(struct hart *hart);
	void (*resume)(struct hart *hart);
	/* All that it has done is to be told: memory is about to be written. May be NULL. */
	void (*settle)(struct hart *hart);
	/* Gets what its model has counted, or as far as that has come; NULL: it has no model. */
	void (*events)(const struct hart *hart, struct timing_counts *counts, bool behind);
	u64 (*cycles_to_ns)(const struct hart *hart, u64 cycles);
	/* A block was decoded: write what runs of it have in common to `at`, and return its end. */
	void *(*describe)(struct hart *hart, struct block *block, u64 id, void *at);
};

/* A hart that nobody times has this table. */
extern const struct hart_hooks hart_untimed;

#endif
