/* SPDX-License-Identifier: MIT */
/*
 * What cycles are spent on: those between two that retire, from the back. What the second one took
 * behind its issue is its own, then comes what it waited for in issue; the rest is fetch's.
 */
#ifndef CPU_TIMING_INORDER_STALL_H
#define CPU_TIMING_INORDER_STALL_H

#include "cpu/timing/inorder/decode.h"
#include "cpu/timing/inorder/report.h"

/* What is known of an instruction when it retires. */
struct inorder_life {
	const struct inorder_uop *uop;
	u64 before; /* the cycle in which the last one retired */
	u64 popped, issued, retired;
	u64 quick; /* from issue to retiring of one that takes a cycle to execute */
	enum timing_cause access; /* of a load: what it took its time with */
	enum timing_cause fetch; /* what the front end had last */
};

struct inorder_stall {
	u8 causes[INORDER_REGISTERS]; /* why who needs the register may have to wait */
	u8 reader; /* the register that the instruction being issued waits for last; 0: none */
};

/* All cycles from `before` to `retired`. */
void inorder_stall_retire(struct inorder_stall *stall, struct inorder_report *report,
			  const struct inorder_life *life);

#endif
