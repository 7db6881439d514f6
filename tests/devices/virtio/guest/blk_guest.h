/* SPDX-License-Identifier: MIT */
/*
 * A guest with a block device, whose file is in /tmp, and the addresses of the parts of a request.
 */
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
	u8 content[SECTORS * 512]; /* the contents that the file has, or should have */
	/* How many first failures the disk has reported, and how many failures in total. */
	unsigned reports, failures;
};

/* Makes the file, with the contents `content`. */
void blk_guest_make_file(struct blk_guest *f);
/*
 * blk_guest_start opens the file and attaches a device with this number of queues; blk_guest_stop
 * undoes that.
 */
void blk_guest_start(struct blk_guest *f, bool readonly, unsigned queues);
/* Opens the file and attaches a device with the queues and features of `setup`. */
void blk_guest_start_as(struct blk_guest *f, bool readonly, const struct virtio_blk_setup *setup);
void blk_guest_stop(struct blk_guest *f);
/* Stops the device and removes the file: a teardown of cmocka. */
int blk_guest_teardown(void **state);

/* Writes a request's header, and a status that shows if the device has not written it. */
void blk_guest_put_header(struct blk_guest *f, u32 type, u64 sector);

/* Fails the test unless the file contains `content`. */
void blk_guest_check_file(struct blk_guest *f);

#endif
