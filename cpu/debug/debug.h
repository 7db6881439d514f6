/* SPDX-License-Identifier: MIT */
/*
 * A debugger's control of the harts: points to stop at, single steps, and harts that are kept from
 * running. A tier that wraps the current one looks for the points; without a debugger it is not
 * used and costs nothing. The guest cannot notice any of this: its memory is not modified, and a
 * hart that stops at a point continues as if it had not stopped. The guest's own triggers are in
 * trigger.h.
 */
#ifndef CPU_DEBUG_DEBUG_H
#define CPU_DEBUG_DEBUG_H

#include "bus/base.h"
#include "cpu/hart/hart.h"

struct event;
struct harts;

#define DEBUG_POINTS_MAX 1024
#define DEBUG_WATCH_MAX (DEBUG_POINTS_MAX * PAGE_SIZE) /* the most bytes of a watchpoint */

/* The kinds are numbered as in the remote serial protocol's Z packets. */
enum debug_kind {
	DEBUG_SOFTWARE, /* a breakpoint; it waits until a program's or guest's page is there */
	DEBUG_HARDWARE, /* a breakpoint; it does not wait */
	DEBUG_WRITE,
	DEBUG_READ,
	DEBUG_ACCESS,
	DEBUG_KINDS
};

/*
 * These fields identify the address space of a virtual address. A regime has more: neither
 * privilege nor permissions change the address space.
 */
struct debug_space {
	u64 root, guest_root;
	u16 asid, vmid;
	bool virt;
};

/* Where the virtual address of a watchpoint means the watched location. */
enum debug_reach {
	DEBUG_IN_SPACE, /* in the address space in which it was set */
	DEBUG_IN_GUEST, /* in all those of the virtual machine, or the host, in which it was set */
	DEBUG_EVERYWHERE,
	DEBUG_NOWHERE, /* it was given by a physical address */
};

/* A breakpoint, or the part of a watchpoint that is in one page. */
struct debug_point {
	enum debug_kind kind;
	u64 addr, size; /* the debugger's virtual address and bytes, in `space` */
	u64 whole_addr, whole_size; /* those of the whole watchpoint */
	struct debug_space space;
	enum debug_reach reach;
	/*
	 * The physical address, by which accesses through other virtual addresses are found. A
	 * breakpoint has one only if it was set with translation off, or by a physical address.
	 */
	u64 pa;
	bool placed;
	/* The bytes of a watchpoint before a device wrote to it; NULL when out of memory. */
	u8 *before;
	bool written;
};

/* The reason of a hart's last stop. */
struct debug_stop {
	enum { DEBUG_NO_STOP, DEBUG_STEPPED, DEBUG_HIT } why;
	enum debug_kind kind; /* the kind of the point that was hit */
	u64 addr; /* the address within the point, as the debugger gave it */
};

struct debug_hart {
	struct debug_stop stop;
	/* Its next slice is a single step: one instruction, or several while pc is in the range. */
	bool steps;
	u64 first, end; /* the range from first to end, exclusive; empty if they are equal */
	u64 passes; /* breakpoints are ignored while hart->steps + 1 equals this; 0: never */
	/*
	 * The hart has stopped before the access of the instruction at reported_pc, when its steps
	 * + 1 were `reported` (0: never), and does not stop there again.
	 */
	u64 reported, reported_pc;
};

struct debug {
	struct harts *harts;
	hart_tier tier; /* the tier that is used without a debugger */
	hart_tier single; /* the best tier to run one instruction; NULL: use tier */
	bool parted; /* the tier itself stops before breakpoints (block_cache_break) */
	bool interrupts; /* single steps take interrupts, and WFI waits for one */
	unsigned watches; /* the number of points that are not breakpoints */
	bool dma; /* a device may have written to watched memory */
	unsigned count;
	struct debug_point points[DEBUG_POINTS_MAX];
	/* One bit for each offset in a page; set if there is a breakpoint at that offset. */
	u64 breaks[PAGE_SIZE / 2 / 64];
	struct debug_hart hart[];
};

/*
 * Returns NULL when out of memory. Sets harts->hart[n]->debug, which debug_detach frees and clears.
 */
struct debug *debug_attach(struct harts *harts);
void debug_detach(struct debug *debug);

/* The harts' tier while a debugger is attached. */
enum hart_exit debug_run(struct hart *hart);

/* The bytes of a new point. */
struct debug_range {
	struct hart *hart;
	const struct regime *regime; /* translates the addresses for the hart */
	enum debug_reach reach; /* if no page table maps them yet; NOWHERE: they are physical */
	u64 addr, size;
};

/*
 * Set a point, or remove one. They return 0, -ENOSPC if the table has too little room, -EFAULT if
 * nothing is at a physical address that is to be watched, or -EINVAL if the point is too large or
 * there is none to remove. Setting a point that exists changes nothing.
 */
int debug_insert(struct debug *debug, enum debug_kind kind, const struct debug_range *range);
int debug_remove(struct debug *debug, enum debug_kind kind, u64 addr, u64 size);

/*
 * Forgets what devices may have written and where harts have stopped, because the machine was reset
 * or loaded.
 */
void debug_forget(struct debug *debug);

/* Let the hart run, let it step, or keep it from running. Called between slices. */
void debug_go(struct debug *debug, struct hart *hart);
void debug_step(struct debug *debug, struct hart *hart, u64 first, u64 end);
void debug_hold(struct debug *debug, struct hart *hart);

/* Returns the hart's stop and clears it. */
struct debug_stop debug_take(struct debug *debug, struct hart *hart);

/* The hooks that a debugger registers with the harts. */
extern const struct hart_hooks debug_hooks;

/*
 * Translates va without side effects and without checking permissions. Returns false, with *pa
 * unchanged, if va is not mapped.
 */
bool debug_translate(struct hart *hart, const struct regime *regime, u64 va, u64 *pa);

#endif
