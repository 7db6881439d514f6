/* SPDX-License-Identifier: MIT */
/* A guest with a block device of a file in /tmp, and the parts of a request in its RAM. */
#ifndef TESTS_DEVICES_VIRTIO_GUEST_BLK_GUEST_H
#define TESTS_DEVICES_VIRTIO_GUEST_BLK_GUEST_H

#include "guest.h"
#include "devices/virtio/blk.h"

#define SECTORS 2048u
#define HEADER GUEST_DATA
#define STATUS (GUEST_DATA + 64)
#define BUFFER (GUEST_DATA + 4096)

enum { OK = 0, IOERR = 1, UNSUPP = 2, UNTOUCHED = 0xee };

struct blk_guest {
	struct guest guest;
	char path[32];
	struct disk disk;
	struct virtio_blk blk;
	struct guest_queue queue;
	u8 content[SECTORS * 512]; /* that the file has, or should have */
	unsigned reports, failures; /* first failures that the disk reported, and all */
};

/* Makes the file from `content`. */
void blk_guest_make_file(struct blk_guest *f);
/* Opens the file and attaches a device with so many queues; and the reverse. */
void blk_guest_start(struct blk_guest *f, bool readonly, unsigned queues);
/* Opens it and attaches a device with the queues and features that `setup` has. */
void blk_guest_start_as(struct blk_guest *f, bool readonly, const struct virtio_blk_setup *setup);
void blk_guest_stop(struct blk_guest *f);
/* Stops, and removes the file. */
int blk_guest_teardown(void **state);

/* A request's header, and a status that the device has not touched. */
void blk_guest_put_header(struct blk_guest *f, u32 type, u64 sector);

/* The file must have `content`. */
void blk_guest_check_file(struct blk_guest *f);

#endif
