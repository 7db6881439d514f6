/* SPDX-License-Identifier: MIT */
/* Writes the machine's state to a disk image, and reads it. Private to the board's files. */
#ifndef DEVICES_BOARD_SNAPSHOT_STATE_H
#define DEVICES_BOARD_SNAPSHOT_STATE_H

#include "bus/base.h"

struct disk;
struct state;

/*
 * Writes the state to the disk, after the part that the guest sees, for disk_set_create. Returns 0
 * and sets *size. After an error it returns a negative errno, and nothing of the state is left;
 * `why` is as in disk_snapshot.h.
 */
int snapshot_state_write(const struct state *state, struct disk *disk, u64 *size, char *why);

/*
 * The state in a snapshot. It is valid until any snapshot of the disk is changed. Checking it
 * changes nothing, and reading it replaces the machine's state. The functions return what
 * state_check and state_read return; checking returns -EBADMSG for a state whose bytes are not
 * those that were saved.
 */
struct snapshot_state;

/* Opens the state in the snapshot `tag` of the disk. Returns 0 or a negative errno. */
int snapshot_state_open(struct snapshot_state **saved, struct disk *disk, const char *tag,
			char *why);
int snapshot_state_check(struct snapshot_state *saved, const struct state *state, char *differs,
			 size_t size);
/* Reads which version of Baya saved the state; `text` is "" if the state does not say. */
void snapshot_state_version(struct snapshot_state *saved, char *text, size_t size);
int snapshot_state_read(struct snapshot_state *saved, struct state *state);
void snapshot_state_close(struct snapshot_state *saved);

#endif
