/* SPDX-License-Identifier: MIT */
/*
 * Issue, by timestamps: operands, units, the choice of instructions that are issued together, and
 * retirement in order. It knows the classes of instructions; its callers know how long memory
 * accesses take.
 */
#ifndef CPU_TIMING_INORDER_ISSUE_H
#define CPU_TIMING_INORDER_ISSUE_H

#include "cpu/timing/inorder/decode.h"
#include "cpu/timing/inorder/params.h"

/* Groups of instructions; there is a limit of how many of a group are issued together. */
enum inorder_group {
	INORDER_GROUP_ALU, INORDER_GROUP_MEMORY, INORDER_GROUP_OTHER, INORDER_GROUP_ALONE,
	INORDER_GROUPS
};

#define UNITS "cpu/timing/inorder/state/issue.def"
#include "cpu/timing/fields/structs.inc"

void inorder_issue_reset(struct inorder_issue *issue, const struct inorder_params *params);

/* Returns when an instruction that was fetched in cycle `fetched` leaves the queue. */
u64 inorder_issue_pop(struct inorder_issue *issue, u64 fetched);

/*
 * The steps of an instruction that has left the queue, none before the one above it: the first
 * cycles in which it may follow the ones before it, has room in the queue of its unit, has its
 * operands, finds its unit free, and is issued.
 */
struct inorder_place {
	u64 follows, room, operands, unit, issued;
	u8 reader; /* the register that it waited for last; 0 is none */
	u8 busy; /* an enum timing_cause: the cause that kept its unit busy */
};

/* Returns how the instruction that left the queue last is issued; its unit has room in `room`. */
struct inorder_place inorder_issue_place(struct inorder_issue *issue, const struct inorder_uop *uop,
					 u64 room);

/*
 * Returns when an instruction issued in `cycle` has its operands, which is later only in a late
 * ALU.
 */
u64 inorder_issue_operands(const struct inorder_issue *issue, const struct inorder_uop *uop,
			   u64 cycle);

/*
 * Returns the cycles that depend on the values of rs1 and rs2: for a multiplication those in
 * addition to its latency, for a division all; otherwise 0.
 */
u64 inorder_issue_steps(const struct inorder_params *params, const struct inorder_uop *uop,
			const u64 operand[2]);

/* Returns whether these steps depend on the values. */
bool inorder_issue_has_steps(const struct inorder_params *params, const struct inorder_uop *uop);

/* Returns when an instruction that is not a memory access has its result. */
u64 inorder_issue_execute(struct inorder_issue *issue, const struct inorder_uop *uop, u64 steps,
			  u64 cycle);

/* Lets no other instruction be issued before this cycle. */
void inorder_issue_hold(struct inorder_issue *issue, u64 cycle);

/* Returns when an instruction that is issued, and has its result, in these cycles could retire. */
u64 inorder_issue_done(const struct inorder_issue *issue, u64 cycle, u64 result);

/* Retires an instruction in `cycle`, or in the next one that has a free slot, and returns which. */
u64 inorder_issue_retire(struct inorder_issue *issue, u64 cycle);

/* Lets all instructions after a flush begin in `cycle`. */
void inorder_issue_flush(struct inorder_issue *issue, u64 cycle);

#endif
