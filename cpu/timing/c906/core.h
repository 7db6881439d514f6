/* SPDX-License-Identifier: MIT */
/*
 * C906, assembled from its units and stepped cycle by cycle. Executed instructions come in as
 * records. There are none on a wrong path, whose instructions only occupy entries. The files are
 * core.c (a cycle), idu.c (dispatch), ex1.c, cp0.c, bju.c, iu.c, vpu.c, rtu.c and stall.c.
 */
#ifndef CPU_TIMING_C906_CORE_H
#define CPU_TIMING_C906_CORE_H

#include "cpu/timing/c906/view.h"
#include "cpu/timing/c906/wires.h"

/* The most records that have come in and not retired, with some before them; a power of two. */
#define C906_RECORDS 64

/* Instructions that reach EX1 after a trap, or a CSR access, before the front end is flushed. */
#define C906_SHADOWS 2

/* A shadow: an instruction that reaches EX1 after one that traps. */
struct c906_shadow {
	bool touches; /* memory, at va */
	u64 pc, va;
};

/*
 * A record without its shadows, its number (which counts shadows), and the accesses of the first
 * shadows.
 */
struct c906_input {
	struct timing_record record;
	u64 number;
	struct c906_shadow behind[C906_SHADOWS];
};

#define UNITS "cpu/timing/c906/state/records.def"
#include "cpu/timing/fields/structs.inc"

static inline const struct timing_record *c906_record(const struct c906_records *records,
						      u64 number)
{
	return &records->ring[number % C906_RECORDS].record;
}

#define UNITS "cpu/timing/c906/state/pipeline.def"
#include "cpu/timing/fields/structs.inc"

#define UNITS "cpu/timing/c906/state/core.def"
#include "cpu/timing/fields/structs.inc"

/* Resets the core; params, host, decoder, tables and the ring of records are the caller's. */
void c906_core_reset(struct c906_core *core, u64 pc);
/*
 * Copies everything except the pointers to host and tables; the contents of the tables are copied.
 */
void c906_core_copy(struct c906_core *to, const struct c906_core *from);

/* Steps one cycle. */
void c906_core_step(struct c906_core *core);

/* Returns the cycle from which on the core is stuck, if nothing retires and it does not sleep. */
u64 c906_core_gives_up(const struct c906_core *core);

/* Returns whether the next cycle depends on a record that has not come yet. */
bool c906_core_needs_record(const struct c906_core *core);

/*
 * In stall.c: return the cause of this cycle, once it is known which instruction retires; and, at
 * its end, determine that of the next cycle in case EX1 is empty then.
 */
enum timing_cause c906_stall_cause(const struct c906_core *core, const struct c906_wires *wires);
void c906_stall_dispatch(struct c906_core *core, const struct c906_wires *wires);

/*
 * Return whether an instruction's time depends on the values of its operands; and a number for
 * their effect on it. For divisions that is an action.
 */
bool c906_time_depends_on_operands(u16 op);
u8 c906_operand_timing(const struct c906_core *core, const struct c906_uop *uop,
		       const u64 *operands);

/* ex1.c, cp0.c, bju.c, iu.c */
u8 c906_passes(const struct c906_uop *uop, const u64 *operands);
void c906_ex1_execute(struct c906_core *core, struct c906_wires *wires);
void c906_cp0_execute(struct c906_core *core, struct c906_wires *wires);
void c906_bju_resolve(struct c906_core *core, struct c906_wires *wires);
void c906_bju_execute(struct c906_core *core, struct c906_wires *wires);
void c906_bju_step(struct c906_core *core, const struct c906_wires *wires);
void c906_iu_execute(struct c906_core *core, struct c906_wires *wires);
void c906_iu_results(const struct c906_core *core, struct c906_wires *wires);
void c906_iu_step(struct c906_core *core, const struct c906_wires *wires);

/* Continues fetching at pc, and dispatching with this record. */
void c906_redirect(struct c906_core *core, struct c906_wires *wires, u64 pc, u64 number);

/* rtu.c */
void c906_rtu_begin(struct c906_core *core, struct c906_wires *wires);
void c906_rtu_step(struct c906_core *core, const struct c906_wires *wires);

/* idu.c: decide what is dispatched; and update the scoreboard. */
void c906_idu_decode(struct c906_core *core, struct c906_wires *wires);
void c906_idu_step(struct c906_core *core, const struct c906_wires *wires);

/* Returns whether the data of a load to this register come out of DA. */
static inline bool c906_da_has(const struct c906_lsu *lsu, u8 reg)
{
	return lsu->da.valid && lsu->da.reg == reg;
}

#endif
