/* SPDX-License-Identifier: MIT */
/*
 * Lets observers watch harts: a tier around the interpreter's step calls them with the access that
 * each instruction is about to make, and afterwards with its outcome. An instruction's accesses
 * follow from its row of isa.def (class and format), never from its body. The other tiers know
 * nothing of observers, so a hart that is not watched loses no time. Triggers (trigger.h) are
 * checked here, too.
 */
#ifndef CPU_DEBUG_OBSERVE_H
#define CPU_DEBUG_OBSERVE_H

#include "cpu/hart/event.h"
#include "cpu/hart/hart.h"

struct observer {
	/*
	 * Called when an interrupt was taken (hart->trap). This pointer and the next three may be
	 * NULL.
	 */
	void (*interrupt)(void *ctx, struct hart *hart);
	/* Called before the fetch, when only pc, priv and virt are known. */
	void (*fetch)(void *ctx, struct hart *hart, const struct event *event);
	void (*before)(void *ctx, struct hart *hart, const struct event *event);
	/*
	 * Called also after a fetch that faulted or found no landing pad. A trap has not been taken
	 * yet.
	 */
	void (*after)(void *ctx, struct hart *hart, const struct event *event);
	void *ctx;
};

#define OBSERVERS_MAX 4

/* The observers of a machine's harts (hart->watch). */
struct watch {
	struct observer observers[OBSERVERS_MAX];
	unsigned count;
};

void watch_add(struct watch *watch, const struct observer *observer);

/* Removes the observer whose `before` is this function, if there is one. */
void watch_remove(struct watch *watch,
		  void (*before)(void *ctx, struct hart *hart, const struct event *event));

/*
 * Lets the observers of `watch`, which outlives the hart, watch the hart from now on, including
 * interrupts. The hart's tier must be observe_run or timed_step's.
 */
void watch_attach(struct watch *watch, struct hart *hart);

/* The hooks of a hart with triggers: while one may fire, the hart's tier is observe_run. */
extern const struct hart_hooks trigger_hooks;

/* observe_run is the tier. hart->watch may be NULL. */
enum hart_exit observe_run(struct hart *hart);
enum hart_exit observe_step(struct hart *hart); /* executes one instruction */

/* Return the kind of an instruction's memory access, and its size in bytes, from the row alone. */
enum touch observe_touch(const struct insn *insn);
unsigned observe_width(const struct isa *isa, const struct insn *insn);

/* Fills in the access that event->insn is about to make: touch, va, guest, store and size. */
void observe_operand(const struct hart *hart, struct event *event);

/*
 * Returns whether the instruction pushes to or pops from a shadow stack, where those are enabled.
 */
bool observe_moves_ssp(const struct insn *insn);

#endif
