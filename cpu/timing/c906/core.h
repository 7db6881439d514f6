/* SPDX-License-Identifier: MIT */
/*
 * C906, put together out of its parts and stepped by the cycle. What instructions do comes in as
 * records; where fetch runs astray there are none, and such instructions do nothing but take up
 * room. Files: core.c a cycle, idu.c dispatch, ex1.c, cp0.c, bju.c, iu.c, vpu.c, rtu.c.
 */
#ifndef CPU_TIMING_C906_CORE_H
#define CPU_TIMING_C906_CORE_H

#include "cpu/timing/c906/ifu.h"
#include "cpu/timing/c906/lsu.h"
#include "cpu/timing/c906/vpu.h"

/* Records that have come in and not yet left the pipeline; a power of two. */
#define C906_RECORDS 2048

struct c906_records {
	struct timing_record record[C906_RECORDS];
	/* Those of shadows are left out: what numbers the others came with, and the next one has. */
	u64 number[C906_RECORDS], told;
	u64 end; /* number of the next to come in */
	u64 issue; /* of the next to be dispatched */
	u64 commit; /* of the next to leave */
};

static inline const struct timing_record *c906_record(const struct c906_records *records, u64 number)
{
	return &records->record[number % C906_RECORDS];
}

/*
 * The scoreboard of integer registers (aq_idu_id_wbt.v): results that are still to come, and from
 * which unit; and the parts that an atomic with ordering is cut into.
 */
enum c906_producer { C906_BY_OTHERS, C906_BY_ALU, C906_BY_MUL, C906_BY_LSU };

struct c906_scoreboard {
	u8 pending[C906_F], producer[C906_F];
	u8 part; /* of the instruction to be dispatched next */
};

/* What CP0 does at the moment, in EX1. */
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
	u8 guess;
	u8 pass; /* of a long multiplication */
	u8 cp0; /* enum c906_cp0_state */
	u64 until;
};

/* The branch unit's entry (aq_iu_bju.v): a branch that waits for a load. */
struct c906_bju {
	bool valid, ready[2];
	u8 reg[2];
	u8 guess;
	u64 number;
	/* A return that was predicted wrong, last cycle. */
	bool wrong_return;
	u64 return_number;
};

/* Stages of the multiplier behind EX1 (aq_iu_mul.v), and the divider (aq_iu_div.v). */
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
	/* What it has divided last, and has the results of. */
	bool kept, kept_signed, kept_word;
	u64 a, b;
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
};

struct c906_core {
	struct c906_env env;
	struct c906_records records;
	u64 last_commit; /* cycle of */
	u64 sleep; /* cycles that the next WFI takes, if sleep_known */
	bool sleep_known;
	bool starts; /* fetching, at start_pc */
	u64 start_pc;
	u64 last_dispatch; /* cycle of */
	bool drained; /* nothing was under way as the cycle began */

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

/* What the parts tell each other within a cycle. */
struct c906_wires {
	struct c906_ifu_cycle ifu;
	struct c906_lsu_cycle lsu;
	struct c906_vpu_cycle vpu;
	/* RTU */
	bool flush_fe, flush_be, restarts;
	bool late; /* a branch or return that executed before was mispredicted */
	/* EX1 */
	bool commits; /* what is there may execute */
	bool stalls; /* and stays */
	bool completes, done; /* leaves; done: and was the last part */
	u64 number;
	bool restart, trap; /* the pipeline starts again behind it, at next */
	u64 next;
	u8 result; /* register that an ALU or branch result is forwarded for */
	bool csr_result; /* or CP0 writes */
	bool multiplies, last_pass, divides;
	bool branch_waits, branch_resolves; /* the branch unit's entry is taken, is left */
	bool wrong_return;
	bool fence, sync, sleeps, writes_satp;
	struct c906_access access;
	bool accesses;
	/* Results of longer units */
	bool divider_writes, multiplier_writes;
	u8 product, writes; /* forwarded; written back, from the next cycle on */
	/* Dispatch */
	bool found; /* the decoder sees an instruction */
	bool dispatches, id_stalls;
	struct c906_ex1 entry;
};

void c906_core_init(struct c906_core *core, const struct c906_params *params,
		    const struct timing_host *host);
void c906_core_reset(struct c906_core *core, u64 pc);

/* A cycle. */
void c906_core_step(struct c906_core *core);

/* Has it to wait for a record, or to be told how long the hart sleeps, before the next cycle? */
bool c906_core_starves(const struct c906_core *core);

/* ex1.c, cp0.c, bju.c, iu.c */
void c906_ex1_execute(struct c906_core *core, struct c906_wires *wires);
void c906_cp0_execute(struct c906_core *core, struct c906_wires *wires);
void c906_bju_resolve(struct c906_core *core, struct c906_wires *wires);
void c906_bju_execute(struct c906_core *core, struct c906_wires *wires);
void c906_bju_step(struct c906_core *core, const struct c906_wires *wires);
void c906_iu_execute(struct c906_core *core, struct c906_wires *wires);
void c906_iu_results(const struct c906_core *core, struct c906_wires *wires);
void c906_iu_step(struct c906_core *core, const struct c906_wires *wires);

/* Go on fetching elsewhere, and dispatching with this record. */
void c906_redirect(struct c906_core *core, struct c906_wires *wires, u64 pc, u64 number);

/* rtu.c */
void c906_rtu_begin(struct c906_core *core, struct c906_wires *wires);
void c906_rtu_step(struct c906_core *core, const struct c906_wires *wires);

/* idu.c. What is dispatched; and what the scoreboard then says. */
void c906_idu_decode(struct c906_core *core, struct c906_wires *wires);
void c906_idu_step(struct c906_core *core, const struct c906_wires *wires);
/* Are the data of this integer register written to the file in this cycle? */
bool c906_is_written(const struct c906_core *core, const struct c906_wires *wires, u8 reg);

/* A load's data that come out of DA. */
static inline bool c906_da_has(const struct c906_lsu *lsu, u8 reg)
{
	return lsu->da.valid && lsu->da.reg == reg;
}

#endif
