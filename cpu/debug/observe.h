/* SPDX-License-Identifier: MIT */
/*
 * Watches harts: a tier around the interpreter's step tells observers what each instruction is
 * about to touch, and afterwards what became of it. What an instruction touches follows from its
 * row (class and format), never from its body. The other tiers know nothing of observers, so a hart
 * that is not watched pays nothing. The triggers (trigger.h) are checked here as well.
 */
#ifndef CPU_DEBUG_OBSERVE_H
#define CPU_DEBUG_OBSERVE_H

#include "cpu/hart/event.h"
#include "cpu/hart/hart.h"

struct observer {
	/* An interrupt was taken (hart->trap). This pointer and the next three may be NULL. */
	void (*interrupt)(void *ctx, struct hart *hart);
	/* Nothing has been fetched yet; only pc, priv and virt are known. */
	void (*fetch)(void *ctx, struct hart *hart, const struct event *event);
	void (*before)(void *ctx, struct hart *hart, const struct event *event);
	/*
	 * It is also called after a fetch that faulted or found no landing pad. A trap is not yet
	 * taken.
	 */
	void (*after)(void *ctx, struct hart *hart, const struct event *event);
	void *ctx;
};

#define OBSERVERS_MAX 4

/* A watch holds the observers of a machine's harts (hart->watch). */
struct watch {
	struct observer observers[OBSERVERS_MAX];
	unsigned count;
};

void watch_add(struct watch *watch, const struct observer *observer);

/* Removes the observer whose `before` is this function, if there is one. */
void watch_remove(struct watch *watch,
		  void (*before)(void *ctx, struct hart *hart, const struct event *event));

/*
 * Has the observers of `watch`, which outlives the hart, told of what it does from now on, also of
 * interrupts and of what traps before it comes to a tier. The hart's tier is to be observe_run or
 * timed_step's.
 */
void watch_attach(struct watch *watch, struct hart *hart);

/* The table of a hart with triggers: while one may fire its tier is observe_run. */
extern const struct hart_hooks trigger_hooks;

/* observe_run is the tier. hart->watch may be NULL. */
enum hart_exit observe_run(struct hart *hart);
enum hart_exit observe_step(struct hart *hart); /* executes one instruction */

/* Return what an instruction does to memory, and to how many bytes, from its row alone. */
enum touch observe_touch(const struct insn *insn);
unsigned observe_width(const struct isa *isa, const struct insn *insn);

/* Fills in what event->insn is about to touch: touch, va, guest, store and size. */
void observe_operand(const struct hart *hart, struct event *event);

/*
 * Returns whether the instruction pushes to or pops from a shadow stack, where those are enabled.
 */
bool observe_moves_ssp(const struct insn *insn);

#endif
