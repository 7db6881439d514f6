/* SPDX-License-Identifier: MIT */
/* Writing the machine's state to a disk image and reading it. Private to the board's files. */
#ifndef DEVICES_BOARD_SNAPSHOT_STATE_H
#define DEVICES_BOARD_SNAPSHOT_STATE_H

#include "bus/base.h"

struct disk;
struct state;

/*
 * Writes it behind the guest's part of the disk, for disk_set_create. 0 with its *size, or a
 * negative errno, after which nothing of it is left; why is as in disk_snapshot.h.
 */
int snapshot_state_write(const struct state *state, struct disk *disk, u64 *size, char *why);

/*
 * The state of a snapshot, valid until a snapshot is changed: checking it changes nothing, loading
 * replaces the machine. Results are those of state_check and state_read.
 */
struct snapshot_state;

int snapshot_state_open(struct snapshot_state **saved, struct disk *disk, const char *tag,
			char *why);
int snapshot_state_check(struct snapshot_state *saved, const struct state *state, char *differs,
			 size_t size);
/* Reads which version of Baya saved it; "" where it does not say. */
void snapshot_state_version(struct snapshot_state *saved, char *text, size_t size);
int snapshot_state_read(struct snapshot_state *saved, struct state *state);
void snapshot_state_close(struct snapshot_state *saved);

#endif
