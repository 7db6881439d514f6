/* SPDX-License-Identifier: MIT */
/*
 * Where others take part in what a hart does: a table of functions, which is all that the run loop,
 * the engines, traps and counters know of timed runs, regions of interest, observers, triggers and
 * the debugger. Each of them has a table of its own with the rows that it serves, and registers it
 * with every hart while it is there; a row belongs to one of them at a time. The rows of time
 * always have a function, untimed.c's where nobody serves them. All others are NULL where nobody
 * does: the call costs a look at the row then, and no more.
 *
 * A function gets the hart with pc and steps exact (hart_steps() in the midst of a block), and may
 * not run it, but for `slice`. It finds what it works on by the hart: hart->timed, hart->roi,
 * hart->watch or hart->debug.
 */
#ifndef CPU_HART_HOOKS_H
#define CPU_HART_HOOKS_H

#include "bus/base.h"

struct block;
struct hart;
struct timing_coherence;
struct timing_core;
struct timing_counts;

/* A tier comes back to the run loop in one of these ways; pc, steps and index are exact in each. */
enum hart_exit {
	EXIT_NEXT, /* the slice is used up, state changed, or `stop` is set: look again */
	EXIT_TRAP, /* hart->trap is to be taken; pc is the instruction's */
};

/* A tier: runs from pc until it must come back (interp.h, threaded.h). */
typedef enum hart_exit (*hart_tier)(struct hart *hart);

struct hart_hooks {
	/*
	 * Time: timed/hooks.c, else hart/untimed.c. The first two return the counter of cycles, and
	 * the machine's time in nanoseconds; for the others see hart_steps_until() and the
	 * functions beside it.
	 */
	u64 (*cycles)(const struct hart *hart);
	u64 (*now)(const struct hart *hart);
	u64 (*steps_until)(struct hart *hart, u64 until);
	u64 (*steps_about)(struct hart *hart, u64 until);
	u64 (*steps_most)(const struct hart *hart, u64 ns);
	bool (*reaches)(const struct hart *hart, u64 ns);
	/* The hart ran nothing for `ns` nanoseconds; it was reset, and its time is now `now`. */
	void (*idle)(struct hart *hart, u64 ns);
	void (*reset)(struct hart *hart, u64 now);

	/*
	 * Time, of a hart with a timing model alone (timed/hooks.c). An interrupt shows from a time
	 * on: returns the steps before it is taken.
	 */
	u64 (*behind)(struct hart *hart, u64 ns);
	/* It is about to leave its mode; a trap was taken; a state was loaded. */
	void (*leave_mode)(struct hart *hart);
	void (*trapped)(struct hart *hart);
	void (*resume)(struct hart *hart);
	/* All that it has done is to be told: its slice is over, or memory is to be written. */
	void (*settle)(struct hart *hart);
	/* Gets what its model has counted, or as far as that has come. */
	void (*events)(const struct hart *hart, struct timing_counts *counts, bool behind);
	u64 (*cycles_to_ns)(const struct hart *hart, u64 cycles);
	/*
	 * A block was decoded: writes what its runs have in common to `at`, and returns the end of
	 * it.
	 */
	void *(*describe)(struct hart *hart, struct block *block, u64 id, void *at);
	/*
	 * Gives the hart a model of `core`, which outlives it, as `coherence` does, which it has in
	 * common with the machine's other harts, or NULL: registers this table. 0 or -ENOMEM. It is
	 * called by hart_init, of the table in the hart's configuration, before the hart's state is
	 * registered. And takes the model away: the hart is about to be freed.
	 */
	int (*attach)(struct hart *hart, const struct timing_core *core,
		      struct timing_coherence *coherence);
	void (*detach)(struct hart *hart);

	/*
	 * Regions of interest (timed/roi.c), while the begin or end in force is a place in code.
	 * Before each call of a tier, when interrupts have been taken: is the hart where it must
	 * leave off? The function has told it to yield then.
	 */
	bool (*look)(struct hart *hart);
	/* Then: must the tier, or `other` than the one in force, stop at each instruction? */
	bool (*single)(const struct hart *hart, bool other);

	/*
	 * Observers (debug/observe.c), while there are any. An interrupt was taken, hart->trap, and
	 * nothing of its handler executed.
	 */
	void (*interrupt)(struct hart *hart);
	/* The instruction at pc traps before a tier gets to it; the trap is not taken yet. */
	void (*refused)(struct hart *hart);

	/*
	 * Triggers (debug/observe.c), always; called while one is armed, before each call of a
	 * tier: returns the tier that is to run in the place of that one.
	 */
	hart_tier (*tier)(const struct hart *hart, hart_tier tier);

	/*
	 * The debugger (debug/step.c), while one is attached, at the begin of a slice of `steps`
	 * instructions at most: runs it, or returns false and leaves that to the run loop. To stop
	 * the machine it sets harts->stopped.
	 */
	bool (*slice)(struct hart *hart, hart_tier tier, u64 steps);
};

/* The rows of time of a hart that nobody times. */
extern const struct hart_hooks hart_untimed;

/*
 * These fill the hart's rows with those of a table, and empty them again: of time untimed.c's
 * remain. What is registered already may be so again, and what is not may be removed.
 */
void hart_hooks_add(struct hart *hart, const struct hart_hooks *hooks);
void hart_hooks_remove(struct hart *hart, const struct hart_hooks *hooks);

#endif
