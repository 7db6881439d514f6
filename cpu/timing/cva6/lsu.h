/* SPDX-License-Identifier: MIT */
/*
 * CVA6's load/store unit: the bypass before it (lsu_bypass.sv), the load unit (load_unit.sv), the
 * store unit with its two queues (store_unit.sv, store_buffer.sv) and the entry for an atomic
 * (amo_buffer.sv). It requests translations, and accesses the data cache. The files are loads.c and
 * stores.c.
 */
#ifndef CPU_TIMING_CVA6_LSU_H
#define CPU_TIMING_CVA6_LSU_H

#include "cpu/timing/cva6/scoreboard.h"

#define CVA6_BYPASS 2
#define CVA6_LOAD_BUFFER 2 /* config NrLoadBufEntries */

enum cva6_load_state {
	CVA6_LOAD_IDLE, CVA6_LOAD_WAIT_GNT, CVA6_LOAD_SEND_TAG, CVA6_LOAD_WAIT_PAGE_OFFSET,
	CVA6_LOAD_ABORT_TRANSACTION, CVA6_LOAD_WAIT_TRANSLATION, CVA6_LOAD_WAIT_FLUSH,
};

enum cva6_store_state {
	CVA6_STORE_IDLE, CVA6_STORE_VALID_STORE, CVA6_STORE_WAIT_TRANSLATION,
	CVA6_STORE_WAIT_STORE_READY,
};

#define UNITS "cpu/timing/cva6/state/lsu.def"
#include "cpu/timing/fields/structs.inc"

struct actions;

/* Inputs of the unit in a cycle, and its first outputs. */
struct cva6_lsu_cycle {
	struct actions *actions; /* not NULL while comparisons of addresses are recorded */
	/* In: slot of the instruction just issued to it, or -1. */
	int entering;
	bool commit, amo_commits, flush;
	/* Out: slot of the operation that it is offered, or -1; and its requests. */
	int slot;
	bool is_store;
	bool translate; /* its address is to be translated */
	bool conflict; /* a store before it has the same page offset */
	bool load_request, tag_valid, kill; /* signals to the data cache */
	u8 load_id;
	/* In: the responses. */
	bool hit; /* the translation is there */
	bool walk_failed;
	bool granted, answered; /* the data cache grants the request, answers an earlier one */
	u8 answered_id;
	bool store_granted, amo_done;
	/* Out */
	bool pop; /* the unit is done with `slot` */
};

/* Performs the first half of a cycle, which makes the requests. */
void cva6_lsu_request(const struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
		      struct cva6_lsu_cycle *cycle);

/* Sets the results of loads and stores that have one. `walk_failed` of the cycle must be known. */
void cva6_lsu_result(const struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
		     const struct cva6_lsu_cycle *cycle, struct cva6_writeback *writeback);

/*
 * Sets the value that an atomic forwards in this cycle. `result_o` of store_unit.sv is the data of
 * the operation that the unit is offered then: the next one in lsu_bypass.sv, whose second operand
 * is its offset if it is a load; or 0, as ex_stage.sv gates it, if there is none.
 */
void cva6_atomic_answers(const struct cva6_lsu *lsu, struct cva6_scoreboard *sb,
			 const struct cva6_lsu_cycle *cycle);

/* Performs the second half of a cycle, which takes the responses. */
void cva6_lsu_step(struct cva6_lsu *lsu, const struct cva6_params *params,
		   const struct cva6_scoreboard *sb, struct cva6_lsu_cycle *cycle);

bool cva6_store_conflicts(const struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
			  const struct cva6_lsu_cycle *cycle, u64 va);
bool cva6_store_fails(const struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
		      const struct cva6_lsu_cycle *cycle);
void cva6_store_step(struct cva6_lsu *lsu, const struct cva6_params *params,
		     const struct cva6_scoreboard *sb, struct cva6_lsu_cycle *cycle);

/* Returns whether the unit contains nothing, or only speculative stores. */
static inline bool cva6_lsu_rests(const struct cva6_lsu *lsu)
{
	return !lsu->waiting_count && !lsu->jammed && lsu->load_state == CVA6_LOAD_IDLE &&
	       lsu->store_state == CVA6_STORE_IDLE && !lsu->buffer[0].valid &&
	       !lsu->buffer[1].valid && !lsu->result && !lsu->committed.count && !lsu->amo.valid &&
	       !lsu->requested;
}

/* Returns whether the committed queue is empty. */
static inline bool cva6_lsu_drained(const struct cva6_lsu *lsu)
{
	return lsu->committed.count == 0;
}

#endif
