/* SPDX-License-Identifier: MIT */
/*
 * A debugger's hold on the harts: places to stop at, single steps, harts that are kept from
 * running. A tier around the one in force looks for the places; there is no such tier, and nothing
 * is asked, unless a debugger is attached. The guest sees none of it: its memory stays as it is,
 * and a hart that stops at a place goes on as if it had not. Its own triggers are trigger.h's.
 */
#ifndef CPU_DEBUG_DEBUG_H
#define CPU_DEBUG_DEBUG_H

#include "bus/base.h"
#include "cpu/hart/hart.h"

struct event;
struct harts;

#define DEBUG_POINTS_MAX 1024
#define DEBUG_WATCH_MAX PAGE_SIZE /* bytes of a watchpoint: it lies in two pages at most */

/* The kinds are numbered as in the remote serial protocol's Z packets. */
enum debug_kind {
	DEBUG_SOFTWARE, /* breakpoints: both are the same here, and told apart when one is hit */
	DEBUG_HARDWARE,
	DEBUG_WRITE,
	DEBUG_READ,
	DEBUG_ACCESS,
	DEBUG_KINDS
};

/*
 * What tells the address space of a virtual address. Fields and not regimes: neither privilege nor
 * permission makes it another one.
 */
struct debug_space {
	u64 root, guest_root;
	u16 asid, vmid;
	bool virt;
};

struct debug_point {
	enum debug_kind kind;
	u64 addr, size; /* as asked for, by the hart's translation then */
	struct debug_space space;
	/*
	 * The same physically, for the part in each of two pages: what other addresses lead to it.
	 * Of breakpoints only where there was no translation when they were set.
	 */
	u64 pa[2];
	bool placed[2];
	/* Watchpoints: what was there before a device wrote, in these parts; NULL: no memory. */
	u8 *before;
	bool written[2];
};

/* Why a hart stopped, last. */
struct debug_stop {
	enum { DEBUG_NO_STOP, DEBUG_STEPPED, DEBUG_HIT } why;
	enum debug_kind kind; /* of the point that was hit, and */
	u64 addr; /* where of it, as it was asked for */
};

struct debug_hart {
	struct debug_stop stop;
	bool steps; /* its next slice is a step: one instruction, or as many as it is in a range */
	u64 first, end; /* the range; equal: none */
	u64 passes; /* where it has begun that many steps, less one, no breakpoint counts; or 0 */
};

struct debug {
	struct harts *harts;
	hart_tier tier; /* the one in force without a debugger */
	hart_tier single; /* what runs one instruction of it best; NULL: tier does */
	bool parted; /* tier comes back in front of breakpoints (block_cache_break) */
	bool interrupts; /* single steps take interrupts, and WFI waits for one */
	unsigned watches; /* points that are no breakpoints */
	bool dma; /* a device may have written what is watched */
	unsigned count;
	struct debug_point points[DEBUG_POINTS_MAX];
	u64 breaks[PAGE_SIZE / 2 / 64]; /* a bit for each place in a page where one is */
	struct debug_hart hart[];
};

/* NULL when out of memory. From now on harts->hart[n]->debug; freed, there is none. */
struct debug *debug_attach(struct harts *harts);
void debug_detach(struct debug *debug);

/* The tier: that of the harts while a debugger is attached. */
enum hart_exit debug_run(struct hart *hart);

/*
 * Set a point as seen by `hart`, or take one away. -ENOSPC, -EINVAL (too large, none there): else
 * 0. One that is there already is not set twice.
 */
int debug_insert(struct debug *debug, struct hart *hart, enum debug_kind kind, u64 addr, u64 size);
int debug_remove(struct debug *debug, enum debug_kind kind, u64 addr, u64 size);

/* All that a device may have written is as it is to be: the machine was reset. */
void debug_forget_dma(struct debug *debug);

/* Between slices: let the hart run, step, or keep it from running. */
void debug_go(struct debug *debug, struct hart *hart);
void debug_step(struct debug *debug, struct hart *hart, u64 first, u64 end);
void debug_hold(struct debug *debug, struct hart *hart);

/* The hart's stop, which is then over. */
struct debug_stop debug_take(struct debug *debug, struct hart *hart);

/* What a debugger registers with the harts. */
extern const struct hart_hooks debug_hooks;

/* Translates va without side effects and without checking permissions; false: it maps nowhere. */
bool debug_translate(struct hart *hart, const struct regime *regime, u64 va, u64 *pa);

#endif
