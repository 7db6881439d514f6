/* SPDX-License-Identifier: MIT */
/*
 * The hooks of a hart: a table of functions by which other parts take part in its work. Timed runs,
 * regions of interest, observers, triggers and the debugger are known to the run loop, the engines,
 * traps and counters only as these functions. Each such part has a table with the rows that it
 * serves, and registers it with every hart while it is in use; only one part serves a row at a
 * time. The rows of time always have a function, by default that of untimed.c. All other rows are
 * NULL by default, and then cost no more than a comparison.
 *
 * When a function is called, the hart's pc and steps are exact (hart_steps() in the middle of a
 * block). Only `slice` may run the hart. A function finds its data by hart->timed, hart->roi,
 * hart->watch, hart->coverage or hart->debug.
 */
#ifndef CPU_HART_HOOKS_H
#define CPU_HART_HOOKS_H

#include "bus/base.h"

struct block;
struct hart;
struct timing_coherence;
struct timing_core;
struct timing_counts;

/* The reason why a tier returns to the run loop; pc, steps and index are exact then. */
enum hart_exit {
	EXIT_NEXT, /* the slice is over, state changed, or `stop` is set: look again */
	EXIT_TRAP, /* hart->trap is to be taken; pc is the instruction's */
};

/* A tier: runs the hart from its pc until it must return (interp.h, threaded.h). */
typedef enum hart_exit (*hart_tier)(struct hart *hart);

struct hart_hooks {
	/*
	 * Time: timed/hooks.c or hart/untimed.c serves these rows. The first two return the counter
	 * of cycles, and the machine's time in nanoseconds; hart_steps_until() and the functions
	 * next to it describe the others.
	 */
	u64 (*cycles)(const struct hart *hart);
	u64 (*now)(const struct hart *hart);
	u64 (*steps_until)(struct hart *hart, u64 until);
	u64 (*steps_about)(struct hart *hart, u64 until);
	u64 (*steps_most)(const struct hart *hart, u64 ns);
	bool (*reaches)(const struct hart *hart, u64 ns);
	/*
	 * `idle` is called when the hart ran nothing for `ns` nanoseconds, `reset` when it was
	 * reset, at the time `now`.
	 */
	void (*idle)(struct hart *hart, u64 ns);
	void (*reset)(struct hart *hart, u64 now);

	/*
	 * The next rows are for a hart with a timing model (timed/hooks.c).
	 * `steps_before_interrupt` returns how many steps to execute before the hart takes an
	 * interrupt that is visible from `ns` on.
	 */
	u64 (*steps_before_interrupt)(struct hart *hart, u64 ns);
	/*
	 * Called before the hart leaves its mode; after a trap was taken; and after a state was
	 * loaded.
	 */
	void (*leave_mode)(struct hart *hart);
	void (*trapped)(struct hart *hart);
	void (*resume)(struct hart *hart);
	/*
	 * Called at the end of the hart's slice, or before memory is written: reports to the model
	 * all that the hart has done.
	 */
	void (*synchronize)(struct hart *hart);
	/*
	 * Stores the counts of the hart's model; with `so_far`, only as far as the model has come.
	 */
	void (*events)(const struct hart *hart, struct timing_counts *counts, bool so_far);
	u64 (*cycles_to_ns)(const struct hart *hart, u64 cycles);
	/*
	 * Called when a block was decoded: writes the data that all runs of it have in common to
	 * `at`, and returns the end.
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
	 * Regions of interest (timed/roi.c), while the next beginning or end is a place in code.
	 * Called before each call of a tier, after interrupts were taken: returns whether the hart
	 * is at that place, where it must stop, and has told the hart to yield.
	 */
	bool (*at_point)(struct hart *hart);
	/*
	 * Returns whether the current tier, or with `other` another one, must stop at each
	 * instruction.
	 */
	bool (*single)(const struct hart *hart, bool other);

	/*
	 * Observers (debug/observe.c), while there are any. Called when an interrupt was taken
	 * (hart->trap), before its handler executes anything.
	 */
	void (*interrupt)(struct hart *hart);

	/*
	 * Triggers (debug/observe.c), always. Called while one is armed, before each call of a
	 * tier: returns the tier to run instead of `tier`.
	 */
	hart_tier (*tier)(const struct hart *hart, hart_tier tier);

	/*
	 * Coverage (debug/coverage.c), while it is recorded. Called at pc before code of `bytes` is
	 * executed for the first time: a block that was decoded, or an instruction that is in none.
	 * `ends`: a basic block ends with it.
	 */
	void (*entered)(struct hart *hart, unsigned bytes, bool ends);

	/*
	 * The debugger (debug/step.c), while one is attached. Called at the beginning of a slice of
	 * at most `steps` instructions: runs the slice, or returns false, so that the run loop
	 * does. To stop the machine it sets harts->stopped.
	 */
	bool (*slice)(struct hart *hart, hart_tier tier, u64 steps);
};

/* The rows of time of a hart without a timing model. */
extern const struct hart_hooks hart_untimed;

/*
 * Set the hart's rows to those of a table, and reset them to the defaults. A table may be
 * registered again, and one that is not registered may be removed.
 */
void hart_hooks_add(struct hart *hart, const struct hart_hooks *hooks);
void hart_hooks_remove(struct hart *hart, const struct hart_hooks *hooks);

#endif
