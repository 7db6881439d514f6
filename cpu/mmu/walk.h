/* SPDX-License-Identifier: MIT */
/*
 * The page walk, one for both stages (privileged manual, "Virtual Address Translation Process").
 * Each address that stage 1 produces - of a page-table entry, of an A/D update, of the page itself
 * - goes through the stage below.
 */
#ifndef CPU_MMU_WALK_H
#define CPU_MMU_WALK_H

#include "bus/base.h"
#include "cpu/hart/trap.h"

struct hart;
struct regime;
struct stage;

enum access_type { ACCESS_LOAD, ACCESS_STORE, ACCESS_FETCH };

/* An access as a value. */
struct access {
	enum access_type type;
	bool hlvx; /* reads with execute permission */
	bool peek; /* a debugger's: A, D and permissions are not checked, A and D not set */
	bool shadow; /* by a shadow stack instruction (Zicfiss) */
	bool manage; /* cache management: a load's rights suffice, but not on a shadow stack page */
	bool implicit; /* to a page-table entry, by the walk itself */
};

/*
 * Returns the access as whose its fault is reported: shadow stack instructions (Zicfiss) and cache
 * management (CMO specification, "Traps") have the faults of stores.
 */
static inline enum access_type walk_reported(struct access access)
{
	return access.shadow || access.manage ? ACCESS_STORE : access.type;
}

/* The result of a translation says where a virtual address lies. */
struct xlat {
	u64 pa;
	u64 grants; /* to all modes (grant.h) */
	bool writable; /* a store would also succeed, D bit included */
	bool readable, executable;
};

/*
 * Translates va for the access; false with hart->trap filled in. The caller checks PMP for the
 * final address; it is checked here for page-table entries.
 */
bool walk(struct hart *hart, const struct regime *regime, u64 va, struct access access,
	  struct xlat *xlat);

/*
 * Steps 3 and 4 of the manual: returns why an entry is none, or may not be at this level;
 * REASON_none if it may.
 */
enum trap_reason walk_malformed(const struct hart *hart, const struct stage *stage, u64 pte,
				unsigned level);

/* An entry that the walk of a usual access reads, of the page that is accessed. */
struct walk_end {
	u64 va;
	u64 addr; /* the address that the stage translates */
	u64 pte;
	unsigned level;
	enum access_type type;
	bool second; /* the stage is the G stage */
};

/* Raises the fault of the walk if the entry ends it; else it returns false, with nothing done. */
bool walk_stops(struct hart *hart, const struct regime *regime, const struct walk_end *end);

/* Returns whether such a walk goes on from an entry by the stage below, with no A or D to set. */
bool walk_goes_below(enum access_type type, u64 pte);

/* Returns the first address of the page that a leaf maps, and the page's size. */
u64 walk_leaf_page(u64 pte, unsigned level, u64 *size);

/* The beginning of a stage's walk (level is the number of levels), or one entry that it reads. */
struct walk_step {
	u64 addr; /* the address that the stage translates */
	u64 at; /* the entry's address in the stage; a second stage may be below the first */
	u64 pa; /* the entry's physical address, if `reached` */
	u64 pte; /* when it was read */
	u8 level;
	bool second; /* the step is of the G stage */
	bool reached, read;
	bool sets; /* A, or A and D, would be set */
	struct access access; /* the access for which the stage translates */
	enum trap_reason reason; /* the rule that it fails, or REASON_none */
};

/*
 * A walk has five levels. Each entry takes five steps of the stage below, as do the updates of A
 * and D, and the page.
 */
#define WALK_STEPS 64

struct walk_trace {
	struct walk_step step[WALK_STEPS];
	unsigned count;
	struct walk_step *last[2]; /* the last step of each stage, while it walks */
	struct xlat xlat; /* if the walk succeeded */
};

/* Walks as walk() does and records all that it reads. It sets no A or D bit. */
bool walk_traced(struct hart *hart, const struct regime *regime, u64 va, struct access access,
		 struct walk_trace *trace);

/* Logs the result of a walk in QEMU's words (-d mmu); xlat is NULL if it faulted. */
void walk_log(struct hart *hart, const struct regime *regime, u64 va, enum access_type type,
	      const struct xlat *xlat);

#endif
