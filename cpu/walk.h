/* SPDX-License-Identifier: MIT */
/*
 * The page walk, once for both stages (privileged manual, "Virtual Address Translation
 * Process"). Each address that stage 1 produces - of a page-table entry, of an A/D update, of the
 * page itself - goes through the stage below.
 */
#ifndef CPU_WALK_H
#define CPU_WALK_H

#include "bus/base.h"

struct hart;
struct regime;

enum access_type { ACCESS_LOAD, ACCESS_STORE, ACCESS_FETCH };

/* An access as a value. */
struct access {
	enum access_type type;
	bool hlvx; /* reads with execute permission */
	bool peek; /* a debugger's: no A or D bit counts or is set, no permission is asked for */
	bool shadow; /* by a shadow stack instruction (Zicfiss) */
	bool implicit; /* of a page-table entry, by the walk itself */
};

/* Where a virtual address lies, and for how many bytes around it the answer holds. */
struct xlat {
	u64 pa;
	u64 page_size; /* of the smallest page of both stages */
	bool writable; /* a store would also succeed, D bit included */
	bool readable, executable;
};

/*
 * Translate va for the access. False with hart->trap filled. PMP of the final address is the
 * caller's; that of page-table entries is checked here.
 */
bool walk(struct hart *hart, const struct regime *regime, u64 va, struct access access,
	  struct xlat *xlat);

#endif
