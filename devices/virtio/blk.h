/* SPDX-License-Identifier: MIT */
/*
 * The virtio block device (virtio 1.2 section 5.2) on a disk image. A request is complete when the
 * driver's write to the notification register returns, so none is in flight between two
 * instructions of a hart. A failed request that is to be retried stays in its queue, with all
 * requests after it.
 */
#ifndef DEVICES_VIRTIO_BLK_H
#define DEVICES_VIRTIO_BLK_H

#include "devices/block/disk.h"
#include "devices/device_type.h"
#include "devices/virtio/virtio.h"

#define VIRTIO_BLK_ID_BYTES 20

/* 5.2.4 Device configuration layout */
struct virtio_blk_config {
	u64 capacity;
	u32 size_max;
	u32 seg_max;
	struct {
		u16 cylinders;
		u8 heads;
		u8 sectors;
	} geometry;
	u32 blk_size;
	struct {
		u8 physical_block_exp;
		u8 alignment_offset;
		u16 min_io_size;
		u32 opt_io_size;
	} topology;
	u8 writeback;
	u8 unused0;
	u16 num_queues;
	u32 max_discard_sectors;
	u32 max_discard_seg;
	u32 discard_sector_alignment;
	u32 max_write_zeroes_sectors;
	u32 max_write_zeroes_seg;
	u8 write_zeroes_may_unmap;
	u8 unused1[3];
	u32 max_secure_erase_sectors;
	u32 max_secure_erase_seg;
	u32 secure_erase_sector_alignment;
};

struct virtio_blk_setup {
	const char *name; /* see struct virtio_setup */
	struct disk *disk; /* open; borrowed */
	const char *serial; /* NULL: none; truncated to VIRTIO_BLK_ID_BYTES */
	unsigned queues; /* 1..VIRTIO_QUEUES_MAX */
	u16 queue_size; /* the size of each, a power of two; 0: 256 */
	u64 withheld; /* features that are not offered */
	enum disk_on_error on_read, on_write;
	/* tells the guest that writes of 512 bytes are as fast as those of the host's page size */
	bool small;
};

struct virtio_blk {
	struct virtio virtio;
	struct disk *disk;
	char serial[VIRTIO_BLK_ID_BYTES]; /* padded with NUL, not terminated */
	struct virtio_blk_config config;
	u64 sectors; /* state, so that a state saved with a disk of another size is refused */
	u64 done[VIRTIO_QUEUES_MAX]; /* state: bytes that the next request has already moved */
	u64 waiting; /* state, bit q: the next request of queue q will be retried */
};

/* Initialises the device. */
void virtio_blk_init(struct virtio_blk *blk, struct platform *platform,
		     const struct virtio_blk_setup *setup);

/* The device's type for -device; its properties are struct virtio_blk_properties. */
extern const struct device_type virtio_blk_device;

#endif
