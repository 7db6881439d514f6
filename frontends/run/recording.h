/* SPDX-License-Identifier: MIT */
/* The file to which a run's input is recorded, or from which it is replayed. */
#ifndef FRONTENDS_RUN_RECORDING_H
#define FRONTENDS_RUN_RECORDING_H

#include <stdio.h>

struct board;
struct replay_options;

/* Starts a recording, for which it opens *file, or a replay, as requested. Returns an exit code. */
int recording_open(FILE **file, struct board *board, const struct replay_options *replay);

/*
 * Ends a recording if `file` is not NULL, and reports a replay that differs from the recorded run.
 * Returns an exit code.
 */
int recording_close(FILE *file, struct board *board, const struct replay_options *replay);

#endif
