/* SPDX-License-Identifier: MIT */
/*
 * The virtio 9P transport on a folder of the host (share.h). Virtio 1.2 lists it as device type 9;
 * its layout is that of Linux's linux/virtio_9p.h. Requests are complete when the driver's
 * notification returns.
 */
#ifndef DEVICES_VIRTIO_P9_H
#define DEVICES_VIRTIO_P9_H

#include "devices/virtio/share.h"

#define VIRTIO_P9_TAG_MAX 32 /* bytes */

struct p9;

struct virtio_p9_config {
	u16 tag_size;
	u8 tag[VIRTIO_P9_TAG_MAX];
};

struct virtio_p9 {
	struct virtio virtio;
	struct virtio_share share;
	struct virtio_p9_config config;
	struct p9 *p9;
};

/* struct device_type's create; setup->properties is struct share_properties. */
int virtio_p9_create(void *self, struct device_setup *setup, struct virtio **virtio);
void virtio_p9_free(void *self);

#endif
