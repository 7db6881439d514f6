/* SPDX-License-Identifier: MIT */
/*
 * The virtio 9P transport on a folder of the host (share.h). Virtio 1.2 lists it as device type 9;
 * its layout is that of Linux's linux/virtio_9p.h. Requests are complete when the driver's write to
 * the notification register returns.
 */
#ifndef DEVICES_VIRTIO_P9_H
#define DEVICES_VIRTIO_P9_H

#include "devices/device_type.h"
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

/* The device's type for -device; its properties are struct share_properties. */
extern const struct device_type virtio_p9_device;

#endif
