/* SPDX-License-Identifier: MIT */
/*
 * Stall attribution: the cycles between two retirements, from the last one back. Those that the
 * second instruction took behind its issue are its own, before them are those that it waited for in
 * issue; the rest is fetch's.
 */
#ifndef CPU_TIMING_INORDER_STALL_H
#define CPU_TIMING_INORDER_STALL_H

#include "cpu/timing/inorder/issue.h"
#include "cpu/timing/inorder/report.h"

/* The facts about an instruction when it retires. */
struct inorder_life {
	const struct inorder_uop *uop;
	u64 before; /* the cycle of the retirement before */
	const struct inorder_place *place;
	u64 popped, retired;
	u64 quick; /* cycles from issue to retirement, if it executes in one cycle */
	enum timing_cause access; /* the cause that delayed a load */
	enum timing_cause room; /* why the queue of its unit had no room, if it had none */
	enum timing_cause fetch; /* the last cause in the front end */
};

#define UNITS "cpu/timing/inorder/state/stall.def"
#include "cpu/timing/fields/structs.inc"

/* Attribute all cycles from `before` to `retired`. */
void inorder_stall_retire(struct inorder_stall *stall, struct inorder_report *report,
			  const struct inorder_life *life);

#endif
