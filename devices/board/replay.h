/* SPDX-License-Identifier: MIT */
/*
 * Records all input of a run in a file, and replays the run from it, instruction for instruction
 * (QEMU's rr=record and rr=replay). The machine must have the virtual clock. Everything else on
 * which it depends passes through the journal, except the contents of disks, which must not change.
 * Public, for frontends.
 */
#ifndef DEVICES_BOARD_REPLAY_H
#define DEVICES_BOARD_REPLAY_H

#include "bus/base.h"
#include "devices/error.h"

#include <stdio.h>

struct board;

/*
 * Starts to record input; called between two slices. The file comes from output_grow(), and
 * output_begin() was called for it. The caller keeps it open until board_record_end. Returns 0 or a
 * negative errno.
 */
int board_record(struct board *board, FILE *file);

/*
 * Writes the end of the recording, if one was started, with a hash of the machine's state. Returns
 * 0, or the negative errno because of which the recording is incomplete.
 */
int board_record_end(struct board *board);

/*
 * Makes the machine, which has not run yet or was just loaded, take its input from the recording in
 * the file `path`. Returns 0, or an exit code with *error filled in.
 */
int board_replay(struct board *board, const char *path, struct board_error *error);

/*
 * Returns whether the recording that is replayed has an end. The recording of a run that was killed
 * has none.
 */
bool board_replay_has_end(const struct board *board);

/*
 * Returns how the replay differs from the recorded run so far, as text, or NULL if it does not or
 * if nothing is replayed. Called between two slices.
 */
const char *board_replay_difference(struct board *board);

#endif
