/* SPDX-License-Identifier: MIT */
/*
 * The common part of the devices on a folder of the host (p9.c, fs.c): the folder, and messages
 * that begin with their size in four bytes. A request is copied once and answered, and the answer
 * is copied back. The answer passes the journal, first its size and then its bytes. Neither the
 * folder nor the guest's handles in it are state of the machine: a replay never reads the folder, a
 * restored machine has to mount it again, and no snapshot is made while it is mounted.
 */
#ifndef DEVICES_VIRTIO_SHARE_H
#define DEVICES_VIRTIO_SHARE_H

#include "devices/virtio/virtio.h"

struct device_setup;
struct share;

/* The protocol, which answers requests. */
struct virtio_share_protocol {
	u32 request_min; /* bytes of a request */
	u32 reply_min; /* room that a chain must have for the answer */
	u32 message_max;
	bool silent; /* requests without room for an answer, and without an answer, are allowed */
	/* Returns the size of the answer, at most `room`; 0 only when silent. */
	u32 (*answer)(void *ctx, const u8 *request, u32 size, u8 *reply, u32 room);
	bool (*mounted)(const void *ctx); /* returns whether the guest has the folder mounted */
	void (*reset)(void *ctx); /* called when the guest's driver is gone */
};

struct virtio_share {
	const struct virtio_share_protocol *protocol;
	void *ctx; /* for the protocol */
	const struct share_properties *properties;
	struct share *share;
	struct journal *journal;
	unsigned sink;
	u8 *request, *reply;
	u32 request_size, reply_room;
};

/* struct device_type's check; `tag` is the name of the property that has the tag. */
int virtio_share_check(struct device_setup *setup, const char *tag);

/* Opens the folder of setup->properties. Even after an error, virtio_share_close must be called. */
int virtio_share_open(struct virtio_share *share, struct device_setup *setup,
		      const struct virtio_share_protocol *protocol);
void virtio_share_close(struct virtio_share *share);

/*
 * Registers a state and a sink of the journal under the name of the device; answers pass the
 * journal from now on.
 */
void virtio_share_begin(struct virtio_share *share, struct virtio *virtio, void *ctx);

enum virtio_served virtio_share_serve(struct virtio_share *share, struct virtq_chain *chain,
				      u32 *written);

#endif
