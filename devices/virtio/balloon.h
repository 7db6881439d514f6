/* SPDX-License-Identifier: MIT */
/*
 * The virtio memory balloon (virtio 1.2 section 5.5). Pages that the driver puts into it, and pages
 * that it reports as free, are given back to the host. They read as zeros from then on, even if the
 * host cannot take them back. There is no free page hinting, which is for migration.
 */
#ifndef DEVICES_VIRTIO_BALLOON_H
#define DEVICES_VIRTIO_BALLOON_H

#include "devices/device_type.h"
#include "devices/virtio/virtio.h"

#define BALLOON_PAGE_SHIFT 12 /* independent of the guest's page size */

/* 5.5.3 Feature bits */
#define VIRTIO_BALLOON_F_STATS_VQ BIT(1)
#define VIRTIO_BALLOON_F_DEFLATE_ON_OOM BIT(2)
#define VIRTIO_BALLOON_F_PAGE_POISON BIT(4)
#define VIRTIO_BALLOON_F_PAGE_REPORTING BIT(5)

/* 5.5.6.4 Memory Statistics Tags: VIRTIO_BALLOON_S_SWAP_IN and so on. */
#define BALLOON_STATS 10

/* 5.5.4 Device configuration layout */
struct virtio_balloon_config {
	u32 num_pages; /* how many pages the host wants in the balloon */
	u32 actual; /* how many are in it, as the driver reports */
	u32 free_page_hint_cmd_id;
	u32 poison_val;
};

struct virtio_balloon_properties {
	bool deflate_on_oom; /* the guest may take pages back if it is out of memory */
	bool reporting; /* offer free page reporting */
};

struct virtio_balloon {
	struct virtio virtio;
	struct virtio_balloon_config config; /* state, except free_page_hint_cmd_id */
	char part[STATE_NAME_MAX]; /* name of the state and of the journal's sink */
	unsigned sink;
	/* State */
	u64 stats[BALLOON_STATS]; /* UINT64_MAX: not reported by the driver */
	u64 returned; /* total bytes given back to the host */
	u32 done; /* how many pages of the first waiting chain of the inflateq were given back */
	bool asked; /* new statistics were requested, so the driver's buffer must be returned */
};

/* Initialises the device. `name` is as in struct virtio_setup. */
void virtio_balloon_init(struct virtio_balloon *balloon, struct platform *platform,
			 const char *name, const struct virtio_balloon_properties *properties);

/* The device's type for -device; its properties are struct virtio_balloon_properties. */
extern const struct device_type virtio_balloon_device;

/*
 * Ask the driver to make the balloon this many pages large; and to report statistics. The requests
 * pass through the journal.
 */
void virtio_balloon_want(struct virtio_balloon *balloon, u32 pages);
void virtio_balloon_ask(struct virtio_balloon *balloon);

#endif
