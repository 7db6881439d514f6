/* SPDX-License-Identifier: MIT */
/* The machine's state on its way into a disk image and out of it. Private to the board's files. */
#ifndef DEVICES_BOARD_SNAPSHOT_STATE_H
#define DEVICES_BOARD_SNAPSHOT_STATE_H

#include "bus/base.h"

struct disk;
struct state;

/*
 * Write it behind what the guest has of the disk, where disk_set_create takes it from. 0 with its
 * *size, or a negative errno, after which nothing of it is left; why as disk_snapshot.h has it.
 */
int snapshot_state_write(const struct state *state, struct disk *disk, u64 *size, char *why);

/*
 * A snapshot's, for as long as none is changed: look through it, which changes nothing, and
 * replace the machine by it. As state_check and state_read.
 */
struct snapshot_state;

int snapshot_state_open(struct snapshot_state **saved, struct disk *disk, const char *tag,
			char *why);
int snapshot_state_check(struct snapshot_state *saved, const struct state *state);
int snapshot_state_read(struct snapshot_state *saved, struct state *state);
void snapshot_state_close(struct snapshot_state *saved);

#endif
