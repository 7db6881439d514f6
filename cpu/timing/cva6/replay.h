/* SPDX-License-Identifier: MIT */
/* A CVA6 that replays what it has met before: its struct replay_kind (../memo/replay.h). */
#ifndef CPU_TIMING_CVA6_REPLAY_H
#define CPU_TIMING_CVA6_REPLAY_H

#include "cpu/timing/cva6/key.h"
#include "cpu/timing/memo/replay.h"

struct cva6_replay {
	struct replay replay;
	struct cva6_core *core;
	struct cva6_still *still; /* space to find out whether anything changes */
};

/* Return 0 or -ENOMEM; core and `still` outlive it. */
int cva6_replay_init(struct cva6_replay *own, struct cva6_core *core, struct cva6_still *still);
void cva6_replay_free(struct cva6_replay *own);

/*
 * Bring the core's registers up to date, in the form that does not depend on whether it replayed,
 * so that others can read or keep them.
 */
void cva6_replay_show(struct cva6_replay *own);

/* Consume a record, with its shadows; the core goes on as far as it can. */
void cva6_core_consume(struct cva6_core *core, struct cva6_still *still,
		       const struct timing_record *records, unsigned count);

#endif
