/* SPDX-License-Identifier: MIT */
/* The state of C906's back end: dispatch, EX1, the integer units, the retire unit. */
#ifndef CPU_TIMING_C906_BACKEND_H
#define CPU_TIMING_C906_BACKEND_H

#include "cpu/timing/c906/decode.h"
#include "cpu/timing/c906/mmu/mmu.h"

/*
 * The scoreboard of integer registers (aq_idu_id_wbt.v): the units from which results are still to
 * come; and the parts into which an atomic with ordering is divided.
 */
enum c906_producer {
	C906_BY_CP0, C906_BY_ALU, C906_BY_MUL, C906_BY_LSU, C906_BY_DIV, C906_BY_VPU,
	C906_PRODUCERS
};

/* The states of CP0, in EX1. */
enum c906_cp0_state {
	C906_CP0_IDLE, C906_CP0_READY, C906_CP0_DRAIN, C906_CP0_INVALIDATE, C906_CP0_BARRIER,
	C906_CP0_INVALIDATING, C906_CP0_TLB, C906_CP0_LAST, C906_CP0_SYNCING, C906_CP0_SLEEP,
};

#define UNITS "cpu/timing/c906/state/backend.def"
#include "cpu/timing/fields/structs.inc"

/* Returns whether CP0 executes a record. */
static inline bool c906_ex1_in_cp0(const struct c906_ex1 *ex1)
{
	return ex1->valid && !ex1->on_wrong_path && ex1->uop.unit == C906_CP0;
}

enum c906_div_state {
	C906_DIV_IDLE, C906_DIV_START, C906_DIV_ALIGN, C906_DIV_ITERATE, C906_DIV_CORRECT,
	C906_DIV_RESULT,
};

/* aq_rtu_retire.v, aq_rtu_ctrl.v */
enum c906_flush_state { C906_FLUSH_IDLE, C906_FLUSH_FE, C906_FLUSH_WAIT, C906_FLUSH_BE };

#endif
