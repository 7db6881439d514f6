/* SPDX-License-Identifier: MIT */
/* A C906 that does not step what it has met before: what ../replay.h has to know of it. */
#ifndef CPU_TIMING_C906_REPLAY_H
#define CPU_TIMING_C906_REPLAY_H

#include "cpu/timing/c906/idle.h"
#include "cpu/timing/c906/key.h"
#include "cpu/timing/memo/replay.h"

struct c906_replay {
	struct replay replay;
	struct c906_later later;
	struct c906_core *core;
	struct c906_still *still; /* room to look whether anything moves */
	bool writes_down; /* a trace; the actions is given up where it is not to be kept */
};

/* 0 or -ENOMEM; core and `still` outlive it. */
int c906_replay_init(struct c906_replay *own, struct c906_core *core, struct c906_still *still);
void c906_replay_free(struct c906_replay *own);

/* Have its registers at hand as they would be however it came there: to look at, or keep. */
void c906_replay_show(struct c906_replay *own);

/* As a record that has come in, with what lies behind it, and the host's number. */
void c906_input_take(struct c906_input *input, const struct timing_record *record, u64 number);

/* A record, with its shadows, goes in; the core goes on as far as it can. */
void c906_core_consume(struct c906_core *core, struct c906_still *still,
		       const struct timing_record *record);

#endif
