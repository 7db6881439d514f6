/* SPDX-License-Identifier: MIT */
/*
 * Watching harts: a tier around the interpreter's step that tells observers of each instruction
 * what it is about to touch, and then what became of it. What an instruction touches follows from
 * its row (class and format), never from its body. The other tiers know nothing of this: what is
 * not watched costs nothing. Triggers (trigger.h) are asked here as well.
 */
#ifndef CPU_DEBUG_OBSERVE_H
#define CPU_DEBUG_OBSERVE_H

#include "cpu/hart/event.h"
#include "cpu/hart/hart.h"

struct observer {
	/* An interrupt was taken: hart->trap. May be NULL, as all three. */
	void (*interrupt)(void *ctx, struct hart *hart);
	/* Nothing has been fetched yet; only pc, priv and virt are known. */
	void (*fetch)(void *ctx, struct hart *hart, const struct event *event);
	void (*before)(void *ctx, struct hart *hart, const struct event *event);
	/* Also after a fetch that faulted or found no landing pad. A trap is not taken yet. */
	void (*after)(void *ctx, struct hart *hart, const struct event *event);
	void *ctx;
};

#define OBSERVERS_MAX 4

/* The observers that watch the harts of a machine are in one of these: hart->watch. */
struct watch {
	struct observer observers[OBSERVERS_MAX];
	unsigned count;
};

void watch_add(struct watch *watch, const struct observer *observer);

/*
 * Those of `watch`, which outlives the hart, watch it from now on, whose tier is to be observe_run
 * or timed_step's: they hear of interrupts and of what traps before a tier gets to it, too.
 */
void watch_attach(struct watch *watch, struct hart *hart);

/* A hart with triggers has this table: while one may fire its tier is observe_run. */
extern const struct hart_hooks trigger_hooks;

/* The tier; hart->watch may be NULL. */
enum hart_exit observe_run(struct hart *hart);
enum hart_exit observe_step(struct hart *hart); /* one instruction */

/* These say what an instruction does to memory, and to how many bytes, from its row alone. */
enum touch observe_touch(const struct insn *insn);
unsigned observe_width(const struct isa *isa, const struct insn *insn);

/* Fills in what event->insn is about to touch: touch, va, guest, store and size. */
void observe_operand(const struct hart *hart, struct event *event);

/* Is it one that pushes to or pops from a shadow stack, where those are in force? */
bool observe_moves_ssp(const struct insn *insn);

#endif
