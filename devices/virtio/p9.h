/* SPDX-License-Identifier: MIT */
/*
 * The virtio 9P transport (virtio 1.2 lists it as device type 9; its layout is that of Linux'
 * linux/virtio_9p.h) over a folder of the host (devices/share/). Requests are done when the
 * driver's notification returns. The folder is no state of the machine: replies pass the journal,
 * so a replay never looks at it, and a restored machine has to mount it again.
 */
#ifndef DEVICES_VIRTIO_P9_H
#define DEVICES_VIRTIO_P9_H

#include "devices/virtio/virtio.h"

#define VIRTIO_P9_TAG_MAX 32 /* bytes */

struct device_setup;
struct p9;
struct share;

struct virtio_p9_config {
	u16 tag_size;
	u8 tag[VIRTIO_P9_TAG_MAX];
};

struct virtio_p9 {
	struct virtio virtio;
	struct virtio_p9_config config;
	struct share *share;
	struct p9 *p9;
	unsigned sink;
	u8 *request, *reply;
	u32 request_size, reply_room;
};

/* Properties: struct virtio_9p_properties. */
int virtio_p9_create(void *self, struct device_setup *setup, struct virtio **virtio);
void virtio_p9_free(void *self);

#endif
