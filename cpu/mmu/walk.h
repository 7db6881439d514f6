/* SPDX-License-Identifier: MIT */
/*
 * The page walk, for both stages (privileged manual, "Virtual Address Translation Process"). The G
 * stage translates each address that stage 1 produces: of a page-table entry, of an update of A and
 * D, and of the page itself.
 */
#ifndef CPU_MMU_WALK_H
#define CPU_MMU_WALK_H

#include "bus/base.h"
#include "cpu/hart/exception.h"

struct hart;
struct regime;
struct stage;

enum access_type { ACCESS_LOAD, ACCESS_STORE, ACCESS_FETCH };

/* An access as a value. */
struct access {
	enum access_type type;
	bool hlvx; /* reads with execute permission */
	bool peek; /* a debugger's: checks neither A, D nor permissions, and sets neither A nor D */
	bool shadow; /* by a shadow stack instruction (Zicfiss) */
	/* cache management: needs the rights of a load, but not to a shadow stack page */
	bool manage;
	bool implicit; /* to a page-table entry, by the walk itself */
};

/*
 * Returns the type of access by which a fault is reported: shadow stack instructions (Zicfiss) and
 * cache management (CMO specification, "Traps") report faults of stores.
 */
static inline enum access_type walk_reported(struct access access)
{
	return access.shadow || access.manage ? ACCESS_STORE : access.type;
}

/* The result of a translation of a virtual address. */
struct xlat {
	u64 pa;
	u64 grants; /* to all modes (grant.h) */
	bool writable; /* a store would also succeed, D bit included */
	bool readable, executable;
};

/*
 * Translates va for the access. On a fault it fills in hart->trap and returns false. It checks PMP
 * for page-table entries; the caller checks it for the final address.
 */
bool walk(struct hart *hart, const struct regime *regime, u64 va, struct access access,
	  struct xlat *xlat);

/*
 * Performs steps 3 and 4 of the manual: returns why an entry is invalid, or not allowed at this
 * level; REASON_none if it is allowed.
 */
enum trap_reason walk_malformed(const struct hart *hart, const struct stage *stage, u64 pte,
				unsigned level);

/* An entry that the walk for a usual access to a page reads. */
struct walk_end {
	u64 va;
	u64 addr; /* the address that the stage translates */
	u64 pte;
	unsigned level;
	enum access_type type;
	bool second; /* the stage is the G stage */
};

/* Raises the fault and returns true if the walk faults at this entry; otherwise does nothing. */
bool walk_stops(struct hart *hart, const struct regime *regime, const struct walk_end *end);

/*
 * Returns whether the walk continues from this entry in the stage below, and need not set A or D.
 */
bool walk_goes_below(enum access_type type, u64 pte);

/* Returns the first address of the page that a leaf maps, and the page's size. */
u64 walk_leaf_page(u64 pte, unsigned level, u64 *size);

/*
 * One step of a walk: an entry that it reads, or the beginning of a stage (then `level` is the
 * number of levels).
 */
struct walk_step {
	u64 addr; /* the address that the stage translates */
	u64 at; /* the entry's address in the stage, which the G stage translates if there is one */
	u64 pa; /* the entry's physical address, if `reached` */
	u64 pte; /* the entry, if `read` */
	u8 level;
	bool second; /* the step is of the G stage */
	bool reached, read;
	bool sets; /* a walk would set A, or A and D */
	struct access access; /* the access for which the stage translates */
	enum trap_reason reason; /* the rule that the step violates, or REASON_none */
};

/*
 * The most steps: each of five levels takes five steps of the stage below, and so do the updates of
 * A and D, and the page.
 */
#define WALK_STEPS 64

struct walk_trace {
	struct walk_step step[WALK_STEPS];
	unsigned count;
	struct walk_step *last[2]; /* the last step of each stage, while it walks */
	struct xlat xlat; /* if the walk succeeded */
};

/* Walks as walk() does, and records all that it reads. It does not set A or D. */
bool walk_traced(struct hart *hart, const struct regime *regime, u64 va, struct access access,
		 struct walk_trace *trace);

/* Logs the result of a walk in QEMU's words (-d mmu); xlat is NULL if it faulted. */
void walk_log(struct hart *hart, const struct regime *regime, u64 va, enum access_type type,
	      const struct xlat *xlat);

#endif
