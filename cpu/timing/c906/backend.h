/* SPDX-License-Identifier: MIT */
/* The state of C906's back end: dispatch, EX1, the integer units, the retire unit. */
#ifndef CPU_TIMING_C906_BACKEND_H
#define CPU_TIMING_C906_BACKEND_H

#include "cpu/timing/c906/decode.h"
#include "cpu/timing/c906/mmu/mmu.h"

/*
 * The scoreboard of integer registers (aq_idu_id_wbt.v): results that are still to come, and from
 * which unit; and the parts that an atomic with ordering is cut into.
 */
enum c906_producer { C906_BY_OTHERS, C906_BY_ALU, C906_BY_MUL, C906_BY_LSU };

struct c906_scoreboard {
	u8 pending[C906_F], producer[C906_F];
	u8 part; /* of the instruction to be dispatched next */
};

/* The states of CP0, in EX1. */
enum c906_cp0_state {
	C906_CP0_IDLE, C906_CP0_READY, C906_CP0_DRAIN, C906_CP0_INVALIDATE, C906_CP0_BARRIER,
	C906_CP0_INVALIDATING, C906_CP0_TLB, C906_CP0_LAST, C906_CP0_SYNCING, C906_CP0_SLEEP,
};

struct c906_ex1 {
	bool valid;
	bool strayed; /* no record is of it */
	bool barrier; /* a part of an atomic that waits for others */
	bool last; /* of its parts */
	struct c906_uop uop;
	u64 number, pc;
	bool ready[C906_SOURCES]; /* integer operands */
	u8 facts; /* what the operands' values do to its time */
	struct c906_guess guess;
	u8 pass; /* of a long multiplication */
	u8 cp0; /* enum c906_cp0_state */
	u64 until;
};

/* Return whether CP0 executes a record. */
static inline bool c906_ex1_in_cp0(const struct c906_ex1 *ex1)
{
	return ex1->valid && !ex1->strayed && ex1->uop.unit == C906_CP0;
}

/* The branch unit's entry (aq_iu_bju.v): a branch that waits for a load. */
struct c906_bju {
	bool valid, ready[2];
	u8 reg[2];
	struct c906_guess guess;
	u64 number;
	/* A return that was predicted wrong, last cycle. */
	bool wrong_return;
	u64 return_number;
};

/* The multiplier's stages behind EX1 (aq_iu_mul.v), and the divider (aq_iu_div.v). */
struct c906_mul_stage {
	bool valid;
	bool last; /* of the passes; only it has a result */
	u8 reg;
};

enum c906_div_state {
	C906_DIV_IDLE, C906_DIV_START, C906_DIV_ALIGN, C906_DIV_ITERATE, C906_DIV_CORRECT,
	C906_DIV_RESULT,
};

struct c906_iu {
	struct c906_mul_stage mul2, mul3;
	u8 div, reg, steps; /* the divider's state */
	u8 written; /* register whose result goes into the file, or 0 */
};

/* aq_rtu_retire.v, aq_rtu_ctrl.v */
enum c906_flush_state { C906_FLUSH_IDLE, C906_FLUSH_FE, C906_FLUSH_WAIT, C906_FLUSH_BE };

struct c906_rtu {
	u8 flush; /* enum c906_flush_state */
	/* EX2: what completed last cycle. */
	bool retires, restarts, traps;
	u64 next;
	bool trap_pending; /* its handler is to be fetched with the flush of the front end */
	u64 handler;
	bool resumes; /* dispatch goes on with this record after the flush */
	u64 resume;
	struct c906_context context; /* in force from then on */
	bool port_taken; /* that of the file of integer registers, even if nothing is written */
};

#endif
