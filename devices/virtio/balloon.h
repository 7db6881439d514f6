/* SPDX-License-Identifier: MIT */
/*
 * The virtio memory balloon (virtio 1.2 section 5.5): pages that the driver gives into it, and
 * those that it reports as free, go back to the host and read as zeros from then on, whatever the
 * host makes of it. No free page hinting, which is for migration.
 */
#ifndef DEVICES_VIRTIO_BALLOON_H
#define DEVICES_VIRTIO_BALLOON_H

#include "devices/board/device_types.h"
#include "devices/virtio/virtio.h"

#define BALLOON_PAGE_SHIFT 12 /* whatever the guest's page size */

/* 5.5.3 Feature bits */
#define VIRTIO_BALLOON_F_STATS_VQ BIT(1)
#define VIRTIO_BALLOON_F_DEFLATE_ON_OOM BIT(2)
#define VIRTIO_BALLOON_F_PAGE_POISON BIT(4)
#define VIRTIO_BALLOON_F_PAGE_REPORTING BIT(5)

/* 5.5.6.4 Memory Statistics Tags: VIRTIO_BALLOON_S_SWAP_IN and so on. */
#define BALLOON_STATS 10

/* 5.5.4 Device configuration layout */
struct virtio_balloon_config {
	u32 num_pages; /* that the host wants in it */
	u32 actual; /* that are, as the driver says */
	u32 free_page_hint_cmd_id;
	u32 poison_val;
};

struct virtio_balloon {
	struct virtio virtio;
	struct virtio_balloon_config config; /* state, but for the hint */
	char part[STATE_NAME_MAX]; /* name of the state and of the journal's sink */
	unsigned sink;
	/* State */
	u64 stats[BALLOON_STATS]; /* UINT64_MAX: not told */
	u64 returned; /* bytes given back to the host, all in all */
	u32 done; /* pages of the first waiting chain of the inflateq that were taken */
	bool asked; /* for new statistics: the driver's buffer is to go back to it */
};

/* `name` as virtio_setup's. */
void virtio_balloon_init(struct virtio_balloon *balloon, struct platform *platform,
			 const char *name, const struct virtio_balloon_properties *properties);

int virtio_balloon_create(void *self, struct device_setup *setup, struct virtio **virtio);

/* Have so many pages put into it, and have statistics told; by the journal. */
void virtio_balloon_want(struct virtio_balloon *balloon, u32 pages);
void virtio_balloon_ask(struct virtio_balloon *balloon);

#endif
