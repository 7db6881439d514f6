/* SPDX-License-Identifier: MIT */
/* See board/plug/balloon.h. */
#include "devices/board/plug/balloon.h"

#include "devices/board/machine.h"
#include "devices/virtio/balloon.h"

/* QEMU's names of the statistics, by tag. */
static const char *const stat_names[BALLOON_STATS] = {
	"stat-swap-in",		 "stat-swap-out",    "stat-major-faults", "stat-minor-faults",
	"stat-free-memory",	 "stat-total-memory", "stat-available-memory",
	"stat-disk-caches",	 "stat-htlb-pgalloc", "stat-htlb-pgfail",
};

static struct virtio_balloon *board_balloon_find(struct board *board)
{
	struct board_device *device = board_find_device(board, "virtio-balloon", 0);

	return device ? device->self : NULL;
}

bool board_balloon(struct board *board, struct board_balloon *balloon)
{
	const struct virtio_balloon *from = board_balloon_find(board);
	u64 size = board->config.ram_size;

	if (!from)
		return false;
	*balloon = (struct board_balloon){
		.ram_size = size,
		.actual = size - MIN((u64)from->config.actual << BALLOON_PAGE_SHIFT, size),
		.returned = from->returned,
	};
	return true;
}

bool board_balloon_want(struct board *board, u64 bytes)
{
	struct virtio_balloon *balloon = board_balloon_find(board);
	u64 size = board->config.ram_size, taken = size - MIN(bytes, size);

	if (balloon)
		virtio_balloon_want(balloon, (u32)(taken >> BALLOON_PAGE_SHIFT));
	return balloon != NULL;
}

bool board_balloon_stat(struct board *board, unsigned n, const char **name, u64 *value)
{
	const struct virtio_balloon *balloon = board_balloon_find(board);

	for (unsigned tag = 0; balloon && tag < BALLOON_STATS; tag++) {
		if (balloon->stats[tag] == UINT64_MAX || n--)
			continue;
		*name = stat_names[tag];
		*value = balloon->stats[tag];
		return true;
	}
	return false;
}

void board_balloon_ask(struct board *board)
{
	struct virtio_balloon *balloon = board_balloon_find(board);

	if (balloon)
		virtio_balloon_ask(balloon);
}
