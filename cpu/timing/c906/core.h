/* SPDX-License-Identifier: MIT */
/*
 * C906, put together out of its parts and stepped by the cycle. What instructions do comes in as
 * records; where fetch runs astray there are none, and such instructions do nothing but take up
 * room. Files: core.c a cycle, idu.c dispatch, ex1.c, cp0.c, bju.c, iu.c, vpu.c, rtu.c, blame.c.
 */
#ifndef CPU_TIMING_C906_CORE_H
#define CPU_TIMING_C906_CORE_H

#include "cpu/timing/c906/backend.h"
#include "cpu/timing/c906/ifu.h"
#include "cpu/timing/c906/lsu.h"
#include "cpu/timing/c906/view.h"
#include "cpu/timing/c906/vpu.h"

/* Records that have come in and not yet left the pipeline; a power of two. */
#define C906_RECORDS 2048

struct c906_records {
	struct timing_record record[C906_RECORDS];
	/* Those of shadows are left out: numbers of the others, and of the next to come. */
	u64 number[C906_RECORDS], told;
	u64 end; /* number of the next to come in */
	u64 issue; /* of the next to be dispatched */
	u64 commit; /* of the next to leave */
};

static inline const struct timing_record *c906_record(const struct c906_records *records,
							       u64 number)
{
	return &records->record[number % C906_RECORDS];
}

struct c906_core {
	struct c906_env env;
	struct c906_view *view; /* NULL: nobody watches */
	struct c906_records records;
	u64 last_commit; /* cycle of */
	u64 sleep; /* cycles that the next WFI takes, if sleep_known */
	bool sleep_known;
	bool starts; /* fetching, at start_pc */
	u64 start_pc;
	u64 last_dispatch; /* cycle of */
	bool drained; /* nothing was under way as the cycle began */
	/* enum timing_cause: what the front end began anew for, why EX1 got nothing last. */
	u8 refills_behind, starves;

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
	bool late_return; /* a return */
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
	u8 lacks; /* the integer register that it has to wait for, or 0 */
	struct c906_ex1 entry;
};

void c906_core_init(struct c906_core *core, const struct c906_params *params,
		    const struct timing_host *host);
void c906_core_reset(struct c906_core *core, u64 pc);

/* A cycle. */
void c906_core_step(struct c906_core *core);

/* Has it to wait for a record, or to be told how long the hart sleeps, before the next cycle? */
bool c906_core_starves(const struct c906_core *core);

/*
 * blame.c. What this cycle is spent on, once it is known what leaves; and, at its end, what the
 * next one is if EX1 has nothing.
 */
enum timing_cause c906_blame(const struct c906_core *core, const struct c906_wires *wires);
void c906_blame_dispatch(struct c906_core *core, const struct c906_wires *wires);

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
