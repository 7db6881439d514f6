/* SPDX-License-Identifier: MIT */
/*
 * C906, put together out of its units and stepped by the cycle. Executed instructions come in as
 * records; there are none on a wrong path, whose instructions do nothing but take up entries.
 * Files: core.c a cycle, idu.c dispatch, ex1.c, cp0.c, bju.c, iu.c, vpu.c, rtu.c, stall.c.
 */
#ifndef CPU_TIMING_C906_CORE_H
#define CPU_TIMING_C906_CORE_H

#include "cpu/timing/c906/view.h"
#include "cpu/timing/c906/wires.h"

/* The most records that have come in and not yet retired, with those before; a power of two. */
#define C906_RECORDS 64

/* Instructions that reach EX1 behind a trap, or a CSR access, before the front end is flushed. */
#define C906_BEHIND 2

/* A record without its shadows: the number that it has with them, and what the first ones touch. */
struct c906_input {
	struct timing_record record;
	u64 number;
	struct {
		bool touches; /* memory, at va */
		u64 pc, va;
	} behind[C906_BEHIND];
};

struct c906_records {
	struct c906_input *ring;
	u64 told; /* number of the next one, with shadows */
	u64 end; /* number of the next to come in */
	u64 issue; /* of the next to be dispatched */
	u64 commit; /* of the next to leave */
};

static inline const struct timing_record *c906_record(const struct c906_records *records,
						      u64 number)
{
	return &records->ring[number % C906_RECORDS].record;
}

/* All that is between fetch and retirement, and on its way to memory. */
struct c906_pipeline {
	struct c906_ifu ifu;
	struct c906_scoreboard scoreboard;
	struct c906_ex1 ex1;
	struct c906_bju bju;
	struct c906_iu iu;
	struct c906_vpu vpu;
	struct c906_rtu rtu;
	struct c906_lsu lsu;
	struct c906_mmu mmu;
};

struct c906_core {
	struct c906_env env;
	struct c906_view *view; /* NULL: nobody watches */
	struct c906_records records;
	u64 last_commit, alive; /* cycles of; alive: or of a new start */
	u64 sleep; /* cycles that the hart slept after its last instruction */
	unsigned quiet; /* cycles in a row in which nothing completed */
	u8 spent_on; /* the last cycle: enum timing_cause */
	u64 told, told_at; /* the latest answer to "what cycle?"; how many records there were */
	bool starts; /* fetching, at start_pc */
	u64 start_pc;
	bool drained; /* nothing was under way as the cycle began */
	/* enum timing_cause: what the front end began anew for, why EX1 got nothing last. */
	u8 refills_behind, starves;

	struct c906_pipeline pipe;
};

/* Reset the core; params, host, decoder, tables and the ring of records are the caller's. */
void c906_core_reset(struct c906_core *core, u64 pc);
/* Copy all but host and tables themselves; what is in the tables is copied, too. */
void c906_core_copy(struct c906_core *to, const struct c906_core *from);

/* Step one cycle. */
void c906_core_step(struct c906_core *core);

/* Return the cycle from which on the core is stuck, if nothing retires and it does not sleep. */
u64 c906_core_gives_up(const struct c906_core *core);

/* Return whether the next cycle depends on a record that has not come yet. */
bool c906_core_starves(const struct c906_core *core);

/*
 * stall.c: return the cause of this cycle, once it is known what retires; and, at its end, find out
 * that of the next one if EX1 is empty then.
 */
enum timing_cause c906_stall_cause(const struct c906_core *core, const struct c906_wires *wires);
void c906_stall_dispatch(struct c906_core *core, const struct c906_wires *wires);

/*
 * Return whether an instruction's time depends on the values of its operands; and what it depends
 * on. For divisions that is an action.
 */
bool c906_has_facts(u16 op);
u8 c906_facts(const struct c906_core *core, const struct c906_uop *uop, const u64 *operands);

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

/* Go on fetching at pc, and dispatching with this record. */
void c906_redirect(struct c906_core *core, struct c906_wires *wires, u64 pc, u64 number);

/* rtu.c */
void c906_rtu_begin(struct c906_core *core, struct c906_wires *wires);
void c906_rtu_step(struct c906_core *core, const struct c906_wires *wires);

/* idu.c: decide what is dispatched; and update the scoreboard. */
void c906_idu_decode(struct c906_core *core, struct c906_wires *wires);
void c906_idu_step(struct c906_core *core, const struct c906_wires *wires);
/* Return whether the value of this integer register is written to the file in this cycle. */
bool c906_is_written(const struct c906_core *core, const struct c906_wires *wires, u8 reg);

/* Return whether the data of a load to this register come out of DA. */
static inline bool c906_da_has(const struct c906_lsu *lsu, u8 reg)
{
	return lsu->da.valid && lsu->da.reg == reg;
}

#endif
