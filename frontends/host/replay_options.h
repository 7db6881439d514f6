/* SPDX-License-Identifier: MIT */
/* The options for recording a run's input, or replaying it: rr= and rrfile= of -icount. */
#ifndef FRONTENDS_HOST_REPLAY_OPTIONS_H
#define FRONTENDS_HOST_REPLAY_OPTIONS_H

struct replay_options {
	enum { REPLAY_NOTHING, REPLAY_RECORD, REPLAY_PLAY } mode;
	const char *file; /* NULL with REPLAY_NOTHING */
};

#endif
