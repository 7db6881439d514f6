/* SPDX-License-Identifier: MIT */
/*
 * The virtio file system device (virtio 1.2 section 5.11) on a folder of the host (share.h): FUSE
 * requests on a request queue, and urgent ones (FORGET, INTERRUPT) on the hiprio queue. There is no
 * DAX window and there are no notifications. Requests are complete when the driver's notification
 * returns.
 */
#ifndef DEVICES_VIRTIO_FS_H
#define DEVICES_VIRTIO_FS_H

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

/* struct device_type's create; setup->properties is struct share_properties. */
int virtio_fs_create(void *self, struct device_setup *setup, struct virtio **virtio);
void virtio_fs_free(void *self);

#endif
