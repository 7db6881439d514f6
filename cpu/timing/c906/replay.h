/* SPDX-License-Identifier: MIT */
/* A C906 that replays what it has met before: its struct replay_kind (../memo/replay.h). */
#ifndef CPU_TIMING_C906_REPLAY_H
#define CPU_TIMING_C906_REPLAY_H

#include "cpu/timing/c906/idle.h"
#include "cpu/timing/c906/key.h"
#include "cpu/timing/memo/replay.h"

struct c906_replay {
	struct replay replay;
	struct c906_later later;
	struct c906_core *core;
	struct c906_still *still; /* space to find out whether anything changes */
	/* a trace is recorded; env.actions is cleared when that will not be kept */
	bool recording;
};

/* Return 0 or -ENOMEM; core and `still` outlive it. */
int c906_replay_init(struct c906_replay *own, struct c906_core *core, struct c906_still *still);
void c906_replay_free(struct c906_replay *own);

/*
 * Bring the core's registers up to date, in the form that does not depend on whether it replayed,
 * so that others can read or keep them.
 */
void c906_replay_show(struct c906_replay *own);

/* Make an input of a record, with its shadows behind it, and the host's number. */
void c906_input_take(struct c906_input *input, const struct timing_record *record, u64 number);

/* Consume a record, with its shadows; the core goes on as far as it can. */
void c906_core_consume(struct c906_core *core, struct c906_still *still,
		       const struct timing_record *record);

#endif
