/* SPDX-License-Identifier: MIT */
/*
 * The table of functions by which others take part in what a hart does. The run loop, the engines,
 * traps and counters know no more than this of timed runs, regions of interest, observers, triggers
 * and the debugger. Each of these has a table with the rows that it serves, and registers it with
 * every hart while it is there; a row belongs to one of them at a time. The rows of time always
 * have a function, by default untimed.c's. All other rows are NULL by default, and then cost no
 * more than a comparison.
 *
 * A function gets the hart with pc and steps exact (hart_steps() in the midst of a block), and may
 * not run it, except `slice`. It finds its data by the hart: hart->timed, hart->roi, hart->watch or
 * hart->debug.
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

/* A tier runs from pc until it must come back (interp.h, threaded.h). */
typedef enum hart_exit (*hart_tier)(struct hart *hart);

struct hart_hooks {
	/*
	 * Time: timed/hooks.c or hart/untimed.c serves these rows. The first two return the counter
	 * of cycles, and the machine's time in nanoseconds; hart_steps_until() and the functions
	 * beside it describe the others.
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
	 * From here on: time of a hart with a timing model (timed/hooks.c). `behind` returns the
	 * steps to execute before an interrupt that is visible from `ns` on.
	 */
	u64 (*behind)(struct hart *hart, u64 ns);
	/* The hart is about to leave its mode; a trap was taken; a state was loaded. */
	void (*leave_mode)(struct hart *hart);
	void (*trapped)(struct hart *hart);
	void (*resume)(struct hart *hart);
	/*
	 * The hart's slice is over, or memory is to be written: all that it has done is reported.
	 */
	void (*synchronize)(struct hart *hart);
	/* Gets what the hart's model has counted, or as far as it has come. */
	void (*events)(const struct hart *hart, struct timing_counts *counts, bool behind);
	u64 (*cycles_to_ns)(const struct hart *hart, u64 cycles);
	/*
	 * A block was decoded: writes what its runs have in common to `at`, and returns the end of
	 * it.
	 */
	void *(*describe)(struct hart *hart, struct block *block, u64 id, void *at);
	/*
	 * `attach` gives the hart a model of `core` and registers this table. `core` outlives the
	 * model, as does `coherence`, which the machine's harts share, or NULL. Returns 0 or
	 * -ENOMEM. hart_init calls it from the table in the hart's configuration, before the hart's
	 * state is registered. `detach` removes the model, because the hart is about to be freed.
	 */
	int (*attach)(struct hart *hart, const struct timing_core *core,
		      struct timing_coherence *coherence);
	void (*detach)(struct hart *hart);

	/*
	 * Regions of interest (timed/roi.c), while the begin or end in force is a place in code.
	 * Called before each call of a tier, after interrupts were taken: returns whether the hart
	 * is where it must stop. It has told the hart to yield then.
	 */
	bool (*look)(struct hart *hart);
	/*
	 * Returns whether the tier, or a tier that is not the one in force (`other`), must stop at
	 * each instruction.
	 */
	bool (*single)(const struct hart *hart, bool other);

	/*
	 * Observers (debug/observe.c), while there are any. An interrupt was taken (hart->trap),
	 * and nothing of its handler was executed.
	 */
	void (*interrupt)(struct hart *hart);
	/* The instruction at pc traps before it comes to a tier; the trap is not taken yet. */
	void (*refused)(struct hart *hart);

	/*
	 * Triggers (debug/observe.c), always. Called while one is armed, before each call of a
	 * tier: returns the tier that is to run in place of `tier`.
	 */
	hart_tier (*tier)(const struct hart *hart, hart_tier tier);

	/*
	 * The debugger (debug/step.c), while one is attached. Called at the beginning of a slice of
	 * at most `steps` instructions: runs it, or returns false and leaves that to the run loop.
	 * To stop the machine it sets harts->stopped.
	 */
	bool (*slice)(struct hart *hart, hart_tier tier, u64 steps);
};

/* The rows of time of a hart without a timing model. */
extern const struct hart_hooks hart_untimed;

/*
 * Fill the hart's rows with those of a table, and empty them again; rows of time become
 * untimed.c's. A table may be registered again, and one that is not registered may be removed.
 */
void hart_hooks_add(struct hart *hart, const struct hart_hooks *hooks);
void hart_hooks_remove(struct hart *hart, const struct hart_hooks *hooks);

#endif
