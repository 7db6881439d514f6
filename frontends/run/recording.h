/* SPDX-License-Identifier: MIT */
/* The file in which a run's input is recorded, or from which it is replayed. */
#ifndef FRONTENDS_RUN_RECORDING_H
#define FRONTENDS_RUN_RECORDING_H

#include <stdio.h>

struct board;
struct replay_options;

/* Starts the recording, for which *file is opened, or the replay that was asked for. Returns an
 * exit code. */
int recording_open(FILE **file, struct board *board, const struct replay_options *replay);

/* Ends the recording if there is a file, or reports that a replay was not as recorded. Returns an
 * exit code. */
int recording_close(FILE *file, struct board *board, const struct replay_options *replay);

#endif
