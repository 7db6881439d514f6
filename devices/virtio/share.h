/* SPDX-License-Identifier: MIT */
/*
 * What the devices over a folder of the host (p9.c, fs.c) have in common: the folder, and messages
 * that begin with their size in four bytes. A request is copied once and answered, the answer
 * copied back; what the answer says comes by the journal, as its size first and then its bytes.
 * The folder is no state of the machine, nor is what the guest holds of it: a replay never looks
 * at it, a restored machine has to mount it again, and no snapshot is made while it is mounted.
 */
#ifndef DEVICES_VIRTIO_SHARE_H
#define DEVICES_VIRTIO_SHARE_H

#include "devices/virtio/virtio.h"

struct device_setup;
struct share;

/* Whoever answers. */
struct virtio_share_protocol {
	u32 request_min; /* bytes of a request */
	u32 reply_min; /* room that a chain must have for the answer */
	u32 message_max;
	bool silent; /* a request may have no room for an answer at all, and no answer */
	/* The size of the answer, at most `room`; 0 only when silent. */
	u32 (*answer)(void *ctx, const u8 *request, u32 size, u8 *reply, u32 room);
	bool (*mounted)(const void *ctx); /* the guest holds something */
	void (*reset)(void *ctx); /* it no longer does */
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

/* Open the folder of setup->properties; what fails is given back by virtio_share_close, too. */
int virtio_share_open(struct virtio_share *share, struct device_setup *setup,
		      const struct virtio_share_protocol *protocol);
void virtio_share_close(struct virtio_share *share);

/* From now on answers come by the journal, under the name of the device; registers a state. */
void virtio_share_begin(struct virtio_share *share, struct virtio *virtio, void *ctx);

enum virtio_served virtio_share_serve(struct virtio_share *share, struct virtq_chain *chain,
				      u32 *written);

#endif
