/* SPDX-License-Identifier: MIT */
/*
 * Recording all input of a run in a file, and replaying the run from it, instruction for
 * instruction (QEMU's rr=record and rr=replay). The machine has the virtual clock; everything else
 * that it depends on passes the journal, except the contents of disks, which must not change.
 * Public, for frontends.
 */
#ifndef DEVICES_BOARD_REPLAY_H
#define DEVICES_BOARD_REPLAY_H

#include "bus/base.h"
#include "devices/error.h"

#include <stdio.h>

struct board;

/*
 * Starts to record input, between two slices. The caller keeps the file, an output_grow() that has
 * begun, open until board_record_end. Returns 0 or a negative errno.
 */
int board_record(struct board *board, FILE *file);

/*
 * Writes the end of the recording, with a hash of the machine's state, if one was started. Returns
 * 0, or the negative errno for which the recording is incomplete.
 */
int board_record_end(struct board *board);

/*
 * Makes the machine, which has not run yet or was just loaded, take its input from the file `path`,
 * which is closed again. Returns 0, or an exit code with *error filled in.
 */
int board_replay(struct board *board, const char *path, struct board_error *error);

/* Returns whether the recording that is replayed has an end. That of a killed run has none. */
bool board_replay_has_end(const struct board *board);

/*
 * Called between two slices. Returns how the replay differs from the recorded run as far as it has
 * come, or NULL: it does not, or nothing is replayed.
 */
const char *board_replay_difference(struct board *board);

#endif
