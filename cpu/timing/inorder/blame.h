/* SPDX-License-Identifier: MIT */
/*
 * What cycles are spent on: those between two that retire, from the back. What the second one took
 * behind its issue is its own, then comes what it waited for in issue; the rest is fetch's.
 */
#ifndef CPU_TIMING_INORDER_BLAME_H
#define CPU_TIMING_INORDER_BLAME_H

#include "cpu/timing/inorder/decode.h"
#include "cpu/timing/model.h"

/* What is known of an instruction when it retires. */
struct inorder_life {
	const struct inorder_uop *uop;
	u64 before; /* the cycle in which the last one retired */
	u64 popped, issued, retired;
	u64 quick; /* from issue to retiring of one that takes a cycle to execute */
	enum timing_cause access; /* of a load: what it took its time with */
	enum timing_cause fetch; /* what the front end had last */
};

struct inorder_blame {
	u8 causes[INORDER_REGISTERS]; /* why who needs the register may have to wait */
	u8 reader; /* the register that the instruction being issued waits for last; 0: none */
};

/* Cycles that went by: counted, and told to the host. */
void inorder_spend(struct timing_tally *tally, const struct timing_host *host,
		   enum timing_cause cause, u64 cycles);

/* All cycles from `before` to `retired`. */
void inorder_blame(struct inorder_blame *blame, struct timing_tally *tally,
		   const struct timing_host *host, const struct inorder_life *life);

#endif
