/* SPDX-License-Identifier: MIT */
/*
 * The page walk, once for both stages (privileged manual, "Virtual Address Translation
 * Process"). Each address that stage 1 produces - of a page-table entry, of an A/D update, of the
 * page itself - goes through the stage below.
 */
#ifndef CPU_MMU_WALK_H
#define CPU_MMU_WALK_H

#include "bus/base.h"
#include "cpu/hart/trap.h"

struct hart;
struct regime;

enum access_type { ACCESS_LOAD, ACCESS_STORE, ACCESS_FETCH };

/* An access as a value. */
struct access {
	enum access_type type;
	bool hlvx; /* reads with execute permission */
	bool peek; /* a debugger's: no A or D bit counts or is set, no permission is asked for */
	bool shadow; /* by a shadow stack instruction (Zicfiss) */
	bool manage; /* a load's rights will do for a cache block, but not a shadow stack's */
	bool implicit; /* of a page-table entry, by the walk itself */
};

/* The result of a translation says where a virtual address lies. */
struct xlat {
	u64 pa;
	/*
	 * Of the first stage's page, whatever the G stage's below it: a fence of any address in it
	 * must forget all of it. Without a first stage, of the G stage's.
	 */
	u64 page_size;
	bool writable; /* a store would also succeed, D bit included */
	bool readable, executable;
};

/*
 * Translate va for the access. False with hart->trap filled. PMP of the final address is the
 * caller's; that of page-table entries is checked here.
 */
bool walk(struct hart *hart, const struct regime *regime, u64 va, struct access access,
	  struct xlat *xlat);

/* A stage's walk begins (its level is the number of levels), or looks at an entry. */
struct walk_step {
	u64 addr; /* what the stage translates */
	u64 at; /* where the entry is, to the stage: below the first may be a second */
	u64 pa; /* where that is, when it was reached */
	u64 pte; /* when it was read */
	u8 level;
	bool second; /* of the G stage */
	bool reached, read;
	bool sets; /* A, or A and D, would be set */
	struct access access; /* what the stage translates for */
	enum trap_reason reason; /* the rule that it fails; REASON_none: none */
};

/* Five levels, each of whose entries is five more away, as are A, D and the page. */
#define WALK_STEPS 64

struct walk_trace {
	struct walk_step step[WALK_STEPS];
	unsigned count;
	struct walk_step *last[2]; /* of each stage, while it walks */
	struct xlat xlat; /* when it was true */
};

/* This walks as walk() does and records all that it reads. It sets no A or D bit. */
bool walk_traced(struct hart *hart, const struct regime *regime, u64 va, struct access access,
		 struct walk_trace *trace);

#endif
