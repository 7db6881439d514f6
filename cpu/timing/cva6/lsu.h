/* SPDX-License-Identifier: MIT */
/*
 * CVA6's load/store unit: the bypass in front (lsu_bypass.sv), the load unit (load_unit.sv), the
 * store unit with its two queues (store_unit.sv, store_buffer.sv) and the place for an atomic
 * (amo_buffer.sv). It asks for translations and for the data cache; loads.c and stores.c are it.
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

/* A store on its way to the data cache. */
struct cva6_store {
	u64 address;
	u8 bytes; /* of its word of eight, a bit for each */
};

struct cva6_store_queue {
	struct cva6_store store[CVA6_STORES_MAX];
	u8 count; /* [0] is the oldest */
};

struct cva6_amo {
	bool valid;
	u8 op; /* CVA6_AMO, CVA6_LR, CVA6_SC */
	bool sc_failed;
	u64 address;
};

/* A load that was granted and not answered. */
struct cva6_pending_load {
	bool valid, flushed;
	u8 slot;
};

struct cva6_lsu {
	u8 waiting[CVA6_BYPASS], waiting_count; /* slots */
	bool jammed; /* a failed store took out what was not there: none passes before a flush */
	/* Load unit. */
	u8 load_state;
	u8 tag_slot; /* whose tag is sent in SEND_TAG */
	struct cva6_pending_load buffer[CVA6_LOAD_BUFFER];
	u8 last_id; /* the latest one granted */
	bool result, result_exception; /* the register behind it, NrLoadPipeRegs */
	u8 result_slot;
	/* Store unit. */
	u8 store_state;
	u8 store_slot; /* of the operation it looked at last cycle */
	struct cva6_store_queue speculative, committed;
	struct cva6_amo amo;
	/* A translation was requested last cycle, and found in the TLB. */
	bool requested, hit;
};

struct actions;

/* What the unit sees in a cycle, and what it answers first. */
struct cva6_lsu_cycle {
	struct actions *actions; /* while it is written down how addresses are related */
	/* In: of the instruction that has just been issued to it, or -1. */
	int entering;
	bool commit, amo_commits, flush;
	/* Out: the one it looks at, or -1; and what it asks for. */
	int slot;
	bool is_store;
	bool translate; /* its address */
	bool conflict; /* a store before it has the same place in its page */
	bool load_request, tag_valid, kill; /* of the data cache */
	u8 load_id;
	/* In: the answers. */
	bool hit; /* the translation is there */
	bool walk_failed;
	bool granted, answered; /* by the data cache: the request, an earlier one */
	u8 answered_id;
	bool store_granted, amo_done;
	/* Out */
	bool pop; /* it is done with slot */
};

/* First half: what it asks in this cycle. */
void cva6_lsu_request(const struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
		      struct cva6_lsu_cycle *cycle);

/* Loads and stores whose result is there. `walk_failed` of the cycle must be known. */
void cva6_lsu_result(const struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
		     const struct cva6_lsu_cycle *cycle, struct cva6_writeback *writeback);

/*
 * What an atomic forwards in that cycle. `result_o` of store_unit.sv is the data of the operation
 * that the unit is offered then: the next one, by lsu_bypass.sv, whose second operand of a load is
 * its offset; or 0, as ex_stage.sv gates it, if there is none.
 */
void cva6_atomic_answers(const struct cva6_lsu *lsu, struct cva6_scoreboard *sb,
			 const struct cva6_lsu_cycle *cycle);

/* Second half: what becomes of the answers. */
void cva6_lsu_step(struct cva6_lsu *lsu, const struct cva6_params *params,
		   const struct cva6_scoreboard *sb, struct cva6_lsu_cycle *cycle);

/* Its parts. */
void cva6_load_request(const struct cva6_lsu *lsu, struct cva6_lsu_cycle *cycle);
void cva6_load_step(struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
		    struct cva6_lsu_cycle *cycle);
bool cva6_store_conflicts(const struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
			  const struct cva6_lsu_cycle *cycle, u64 va);
bool cva6_store_fails(const struct cva6_lsu *lsu, const struct cva6_scoreboard *sb,
		      const struct cva6_lsu_cycle *cycle);
void cva6_store_step(struct cva6_lsu *lsu, const struct cva6_params *params,
		     const struct cva6_scoreboard *sb, struct cva6_lsu_cycle *cycle);

/* Nothing waits in the committed queue. */
static inline bool cva6_lsu_drained(const struct cva6_lsu *lsu)
{
	return lsu->committed.count == 0;
}

#endif
