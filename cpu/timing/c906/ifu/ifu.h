/* SPDX-License-Identifier: MIT */
/*
 * C906's front end (aq_ifu_top.v): pcgen requests a word from the instruction cache each cycle;
 * ipack makes instructions of its halfwords and predicts their targets; ibuf keeps those that the
 * decoder does not take at once. Each of the other files is one of the parts.
 */
#ifndef CPU_TIMING_C906_IFU_IFU_H
#define CPU_TIMING_C906_IFU_IFU_H

#include "cpu/timing/c906/decode.h"
#include "cpu/timing/c906/ifu/icache.h"
#include "cpu/timing/c906/mmu/mmu.h"
#include "cpu/timing/c906/predict.h"

/* Three halfwords: the second half of the word before, then those of a word. */
enum { C906_H0, C906_H1, C906_H2, C906_HALVES };

#define UNITS "cpu/timing/c906/state/ifu.def"
#include "cpu/timing/fields/structs.inc"

/* Signals from the back end in a cycle; those that are 0 did not happen. */
struct c906_resolved {
	bool redirect, restart; /* by a jump or branch in EX1, by the retire unit */
	u64 target, restart_target;
	bool flush; /* the front end is flushed */
	bool branch, taken, mispredict;
	u64 counter; /* counter of the branch */
	bool call, ret, jump; /* jump: an indirect one that is not a return */
};

/* The instructions into which ipack assembles its halfwords in a cycle. */
struct c906_scan {
	struct c906_fetched inst[2];
	bool valid[2], branch[2], jump[2], call[2], ret[2];
	bool taken[2]; /* a direct jump or branch is taken */
	bool delays; /* the second instruction is a branch after a branch */
	bool any, one; /* halfwords are taken; only one of them */
	bool both; /* two instructions leave ipack */
	bool full, stalls; /* the buffer is full; nothing leaves ipack */
	bool waits; /* it waits for a return */
	u64 current, target, next; /* pc of the jump, of its target, and of the next instruction */
};

struct c906_ifu_cycle {
	struct c906_scan scan;
	/* In */
	struct c906_resolved resolved;
	bool id_stalls, lsu_requests; /* the decoder stalls; the LSU has the bus */
	/* Within: where fetch continues. */
	bool mispredicted; /* the target that was followed is wrong */
	bool decided, ret; /* ipack determines the next pc; it is a return */
	bool set, follow, cancel; /* the pc is set; fetch goes elsewhere; the word is dropped */
	u64 set_pc, follow_pc, ras_pc, btb_pc;
	bool use_btb;
	u64 fetch_pc;
	struct c906_icache_cycle icache;
	bool fetches, granted, held;
};

/* Determines the instructions of this cycle. Returns false if there is none to be decoded. */
bool c906_ifu_look(struct c906_ifu *ifu, const struct c906_env *env, struct c906_ifu_cycle *cycle,
		   struct c906_fetched *fetched);
void c906_ifu_step(struct c906_ifu *ifu, struct c906_env *env, struct c906_mmu *mmu,
		   struct c906_ifu_cycle *cycle);

/* These are in bht.c, see bht.h. */
void c906_bht_step(struct c906_ifu *ifu, const struct c906_env *env, bool predicts,
		   const struct c906_resolved *resolved);

/* These are in btb.c, see btb.h: learn, or forget, a word's target. */
void c906_btb_learn(struct c906_btb *btb, const struct c906_params *params, u64 word, u64 target);
void c906_btb_forget(struct c906_btb *btb, u64 word);
/* Looks up the fetch pc, and learns from the scan. */
void c906_btb_step(struct c906_ifu *ifu, const struct c906_env *env,
		   const struct c906_ifu_cycle *cycle);

/*
 * These are in ras.c. `events` is a set of enum c906_ras_event; `address` is the return address of
 * a call.
 */
void c906_ras_change(struct c906_ras *ras, u64 address, u64 events);
void c906_ras_step(struct c906_return *returns, const struct c906_env *env,
		   const struct c906_ifu_cycle *cycle);

/* ipack.c */
void c906_ipack_scan(const struct c906_ifu *ifu, const struct c906_env *env,
		     struct c906_scan *scan);
void c906_ipack_step(struct c906_ipack *ipack, u64 fetched_pc, const struct c906_ifu_cycle *cycle);

/* ibuf.c */
void c906_ibuf_step(struct c906_ibuf *ibuf, const struct c906_scan *scan, bool id_stalls,
		    bool flush);

#endif
