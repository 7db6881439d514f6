/* SPDX-License-Identifier: MIT */
/* Writes the machine's state to a disk image, and reads it. Private to the board's files. */
#ifndef DEVICES_BOARD_SNAPSHOT_STATE_H
#define DEVICES_BOARD_SNAPSHOT_STATE_H

#include "bus/base.h"

struct disk;
struct state;

/*
 * Writes the state after the guest's part of the disk, for disk_set_create. Returns 0 with its
 * *size, or a negative errno, and then nothing of it is left; `why` is as in disk_snapshot.h.
 */
int snapshot_state_write(const struct state *state, struct disk *disk, u64 *size, char *why);

/*
 * The state in a snapshot; it is valid until a snapshot is changed. Checking it changes nothing,
 * and loading replaces the machine. Results are those of state_check and state_read; checking
 * returns -EBADMSG for a state that is not as it was saved.
 */
struct snapshot_state;

int snapshot_state_open(struct snapshot_state **saved, struct disk *disk, const char *tag,
			char *why);
int snapshot_state_check(struct snapshot_state *saved, const struct state *state, char *differs,
			 size_t size);
/* Reads which version of Baya saved it; "" if the state does not say. */
void snapshot_state_version(struct snapshot_state *saved, char *text, size_t size);
int snapshot_state_read(struct snapshot_state *saved, struct state *state);
void snapshot_state_close(struct snapshot_state *saved);

#endif
