/* SPDX-License-Identifier: MIT */
/*
 * The fake's snapshots: a list with names, times and sizes. There is one disk, "disk"; snapshots
 * marked partial are not on all disks.
 */
#include "fake_board.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns the index of the snapshot in the list, or the index that a new one would have. */
static unsigned place_of(const struct board *board, const char *tag)
{
	unsigned n = 0;

	while (n < board->kept_count && strcmp(board->kept[n].of.name, tag))
		n++;
	return n;
}

int board_snapshot_save(struct board *board, const struct board_snapshot_request *request,
			struct board_error *error)
{
	unsigned n = place_of(board, request->tag);

	if (n < board->kept_count && !request->replace) {
		snprintf(error->text, sizeof(error->text),
			 "Snapshot '%s' already exists in one or more devices", request->tag);
		return -1;
	}
	assert(n < ARRAY_SIZE(board->kept));
	board->kept_count = MAX(board->kept_count, n + 1);
	board->kept[n].partial = false;
	board->kept[n].of.clock = clock_peek(&board->platform.clock);
	snprintf(board->kept[n].of.name, sizeof(board->kept[n].of.name), "%s", request->tag);
	snprintf(board->kept[n].of.id, sizeof(board->kept[n].of.id), "%u", n + 1);
	return 0;
}

int board_snapshot_load(struct board *board, const struct board_snapshot_request *request,
			struct board_error *error)
{
	if (place_of(board, request->tag) < board->kept_count)
		return 0;
	snprintf(error->text, sizeof(error->text),
		 "Snapshot '%s' does not exist in one or more devices", request->tag);
	return -1;
}

int board_snapshot_delete(struct board *board, const struct board_snapshot_request *request,
			  struct board_error *error)
{
	unsigned n = place_of(board, request->tag);

	if (n == board->kept_count)
		return 0;
	board->kept_count--;
	memmove(&board->kept[n], &board->kept[n + 1],
		(board->kept_count - n) * sizeof(board->kept[0]));
	return 0;
}

int board_snapshot_list(struct board *board, const char *device, struct disk_snapshot **list,
			unsigned *count, struct board_error *error)
{
	*list = calloc(ARRAY_SIZE(board->kept), sizeof(**list));
	assert(*list);
	*count = 0;
	for (unsigned n = 0; n < board->kept_count; n++)
		if (device || !board->kept[n].partial)
			(*list)[(*count)++] = board->kept[n].of;
	return 0;
}
