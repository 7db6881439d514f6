/* SPDX-License-Identifier: MIT */
/*
 * Issue, by timestamps: operands, units, which instructions are issued together, and retirement in
 * order. It knows the classes of instructions; its callers know how long memory accesses take.
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

/* For an instruction that was fetched in `cycle`: return when it leaves the queue. */
u64 inorder_issue_pop(struct inorder_issue *issue, u64 fetched);

/*
 * The steps of an instruction that has left the queue, none before the one above it: the first
 * cycles in which it may follow the ones before it, has room in the queue of its unit, has its
 * operands, finds its unit free, and is issued.
 */
struct inorder_place {
	u64 follows, room, operands, unit, issued;
	u8 reader; /* the register that it waited for last; 0 is none */
	u8 busy; /* an enum timing_cause: what kept its unit */
};

/* Returns how the instruction that left the queue last is issued; its unit has room in `room`. */
struct inorder_place inorder_issue_place(struct inorder_issue *issue, const struct inorder_uop *uop,
					 u64 room);

/*
 * For an instruction issued in `cycle`: return when it has its operands, which is later only in a
 * late ALU.
 */
u64 inorder_issue_operands(const struct inorder_issue *issue, const struct inorder_uop *uop,
			   u64 cycle);

/*
 * Returns what the values of rs1 and rs2 make an instruction take: cycles of a multiplication
 * beside its latency, all of a division's; else 0.
 */
u64 inorder_issue_steps(const struct inorder_params *params, const struct inorder_uop *uop,
			const u64 operand[2]);

/* Returns whether these steps depend on the values. */
bool inorder_issue_has_steps(const struct inorder_params *params, const struct inorder_uop *uop);

/* Returns when the result is there of an instruction that is no memory access. */
u64 inorder_issue_execute(struct inorder_issue *issue, const struct inorder_uop *uop, u64 steps,
			  u64 cycle);

/* Let no other instruction be issued before this cycle. */
void inorder_issue_hold(struct inorder_issue *issue, u64 cycle);

/* Returns when an instruction could retire that is issued and has its result in these cycles. */
u64 inorder_issue_done(const struct inorder_issue *issue, u64 cycle, u64 result);

/* Retire an instruction in `cycle`, or in the next one that has a free slot, and return which. */
u64 inorder_issue_retire(struct inorder_issue *issue, u64 cycle);

/* Let all instructions after a flush begin in `cycle`. */
void inorder_issue_flush(struct inorder_issue *issue, u64 cycle);

#endif
