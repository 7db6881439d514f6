/* SPDX-License-Identifier: MIT */
/*
 * CVA6's front end (frontend.sv, instr_realign.sv): it assembles instructions from fetched words,
 * predicts jumps, and chooses the next word to fetch. It follows its own predictions, right or
 * wrong, until the pipeline redirects it.
 */
#ifndef CPU_TIMING_CVA6_FRONTEND_H
#define CPU_TIMING_CVA6_FRONTEND_H

#include "cpu/timing/cva6/icache.h"
#include "cpu/timing/cva6/queue.h"
#include "cpu/timing/decoded.h"
#include "cpu/timing/units/predictor.h"

struct cva6_decoder {
	const struct isa *isa;
	struct decoded decoded;
	struct cva6_uop uops[DECODED];
};

void cva6_decoder_init(struct cva6_decoder *decoder, const struct isa *isa);
const struct cva6_uop *cva6_decoder_find(struct cva6_decoder *decoder, u32 raw);

#define UNITS "cpu/timing/cva6/state/frontend.def"
#include "cpu/timing/fields/structs.inc"

/* A branch or jump that was resolved; fields that are 0 were not signalled. */
struct cva6_resolved {
	bool valid, mispredict, taken;
	u8 flow; /* enum cva6_flow: BRANCH and JALR train the predictors, others do not */
	u64 pc, target; /* target: the address where it really continues */
};

/* The result of scanning a word. */
struct cva6_scan {
	bool predicted, replay;
	u64 target; /* if predicted */
	u64 replay_pc;
};

/* Pushes the instructions of the word into the queue. */
void cva6_frontend_scan(struct cva6_frontend *fe, struct cva6_predictors *predictors,
			struct cva6_decoder *decoder, const struct cva6_queue_room *room,
			struct cva6_scan *scan);

/* Takes the cache's response: fe->npc, fe->word and so on of the next cycle. */
void cva6_frontend_step(struct cva6_frontend *fe, struct cva6_predictors *predictors,
			const struct cva6_scan *scan, const struct cva6_icache_in *sent,
			const struct cva6_icache_out *got);

void cva6_predictors_learn(struct cva6_predictors *predictors,
			   const struct cva6_resolved *resolved);

#endif
