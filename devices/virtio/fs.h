/* SPDX-License-Identifier: MIT */
/*
 * The virtio file system device (virtio 1.2 section 5.11) on a folder of the host (share.h): FUSE
 * requests on a request queue, and urgent ones (FORGET, INTERRUPT) on the hiprio queue. There is no
 * DAX window, and there are no notifications by the server. Requests are complete when the driver's
 * write to the notification register returns.
 */
#ifndef DEVICES_VIRTIO_FS_H
#define DEVICES_VIRTIO_FS_H

#include "devices/device_type.h"
#include "devices/virtio/share.h"

#define VIRTIO_FS_TAG_MAX 36 /* bytes; a tag of this length is not terminated */

struct fuse;

/* 5.11.4 Device configuration layout */
struct virtio_fs_config {
	u8 tag[VIRTIO_FS_TAG_MAX];
	u32 num_request_queues;
};

struct virtio_fs {
	struct virtio virtio;
	struct virtio_share share;
	struct virtio_fs_config config;
	struct fuse *fuse;
};

/* The device's type for -device; its properties are struct share_properties. */
extern const struct device_type virtio_fs_device;

#endif
