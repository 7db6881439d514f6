/* SPDX-License-Identifier: MIT */
/*
 * Stall attribution: the cycles between two retirements, from the last one back. The cycles that
 * the second instruction took after its issue are its own. Before these are cycles in which it
 * waited for issue; the rest belong to fetch.
 */
#ifndef CPU_TIMING_INORDER_STALL_H
#define CPU_TIMING_INORDER_STALL_H

#include "cpu/timing/inorder/issue.h"
#include "cpu/timing/inorder/report.h"

/* The facts about an instruction when it retires. */
struct inorder_life {
	const struct inorder_uop *uop;
	u64 before; /* the cycle of the previous retirement */
	const struct inorder_place *place;
	u64 popped, retired;
	u64 quick; /* cycles from issue to retirement, if it executes in one cycle */
	enum timing_cause access; /* the cause that delayed a load */
	u64 walked; /* until this cycle a page walk delayed its access; 0: none did */
	enum timing_cause room; /* why its unit's queue had no room, if it had none */
	enum timing_cause fetch; /* the last cause in the front end */
};

/* The most registers for which waits for page walks are told from other waits. */
#define INORDER_WALKS 4

#define UNITS "cpu/timing/inorder/state/stall.def"
#include "cpu/timing/fields/structs.inc"

/* Attributes all cycles from `before` to `retired`. */
void inorder_stall_retire(struct inorder_stall *stall, struct inorder_report *report,
			  const struct inorder_life *life);

#endif
