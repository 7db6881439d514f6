/* SPDX-License-Identifier: MIT */
/* A CVA6 that replays earlier simulations: its struct replay_kind (../memo/replay.h). */
#ifndef CPU_TIMING_CVA6_REPLAY_H
#define CPU_TIMING_CVA6_REPLAY_H

#include "cpu/timing/cva6/key.h"
#include "cpu/timing/memo/replay.h"

struct cva6_replay {
	struct replay replay;
	struct cva6_core *core;
	struct cva6_still *still; /* space to determine whether anything changes */
};

/* Prepares for replay; core and `still` must outlive it. Returns 0 or -ENOMEM. */
int cva6_replay_init(struct cva6_replay *own, struct cva6_core *core, struct cva6_still *still);
void cva6_replay_free(struct cva6_replay *own);

/*
 * Brings the core's registers up to date, in the same form whether it replayed or not, so that
 * others can read or keep them.
 */
void cva6_replay_show(struct cva6_replay *own);

/* Consumes a record, with its shadows; the core then runs as far as it can. */
void cva6_core_consume(struct cva6_core *core, struct cva6_still *still,
		       const struct timing_record *records, unsigned count);

#endif
