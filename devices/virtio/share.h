/* SPDX-License-Identifier: MIT */
/*
 * The common part of the devices that share a folder of the host (p9.c, fs.c): the folder, and
 * messages that begin with their size in four bytes. A request is copied once and executed, and the
 * reply is copied back. The reply passes through the journal, first its size and then its bytes.
 * Neither the folder nor the guest's handles in it are state of the machine. So a replay never
 * reads the folder, a machine that was loaded has to mount it again, and no snapshot is made while
 * it is mounted.
 */
#ifndef DEVICES_VIRTIO_SHARE_H
#define DEVICES_VIRTIO_SHARE_H

#include "devices/virtio/virtio.h"

struct device_setup;
struct share;

/* The protocol, which executes requests. */
struct virtio_share_protocol {
	u32 request_min; /* the least bytes of a request */
	u32 reply_min; /* the least room for the reply that a chain must have */
	u32 message_max;
	bool silent; /* requests that have no room for a reply, and get none, are allowed */
	/* Executes a request. Returns the size of the reply, at most `room`; 0 only if `silent`. */
	u32 (*answer)(void *ctx, const u8 *request, u32 size, u8 *reply, u32 room);
	bool (*mounted)(const void *ctx); /* returns whether the guest has the folder mounted */
	void (*reset)(void *ctx); /* called when the guest's driver is gone */
};

struct virtio_share {
	const struct virtio_share_protocol *protocol;
	void *ctx; /* ctx of the protocol's functions */
	const struct share_properties *properties;
	struct share *share;
	struct virtio *virtio;
	unsigned sink;
	u8 *request, *reply;
	u32 request_size, reply_room;
};

/* Implements `check` of struct device_type. `tag` is the name of the property with the tag. */
int virtio_share_check(struct device_setup *setup, const char *tag);

/*
 * Opens the folder that setup->properties names. virtio_share_close must be called even after an
 * error.
 */
int virtio_share_open(struct virtio_share *share, struct device_setup *setup,
		      const struct virtio_share_protocol *protocol);
void virtio_share_close(struct virtio_share *share);

/*
 * Registers a state, and a sink of the journal, under the name of the device. Must be called before
 * requests are served.
 */
void virtio_share_begin(struct virtio_share *share, struct virtio *virtio, void *ctx);

/* Executes the request in a chain, and writes the reply to it. */
enum virtio_served virtio_share_serve(struct virtio_share *share, struct virtq_chain *chain,
				      u32 *written);

#endif
