/* SPDX-License-Identifier: MIT */
/* The requests and responses of virtio-gpu (virtio 1.2 section 5.7), only for its 2D commands. */
#ifndef DEVICES_VIRTIO_GPU_PROTOCOL_H
#define DEVICES_VIRTIO_GPU_PROTOCOL_H

#include "bus/base.h"

#define VIRTIO_GPU_MAX_SCANOUTS 16
#define VIRTIO_GPU_EVENT_DISPLAY BIT(0)
#define VIRTIO_GPU_FLAG_FENCE BIT(0)

/* 5.7.3 Feature bits */
#define VIRTIO_GPU_F_EDID BIT(1)

/* 5.7.4 Device configuration layout */
struct virtio_gpu_config {
	u32 events_read;
	u32 events_clear;
	u32 num_scanouts;
	u32 num_capsets;
};

enum virtio_gpu_ctrl_type {
	VIRTIO_GPU_CMD_GET_DISPLAY_INFO = 0x0100,
	VIRTIO_GPU_CMD_RESOURCE_CREATE_2D,
	VIRTIO_GPU_CMD_RESOURCE_UNREF,
	VIRTIO_GPU_CMD_SET_SCANOUT,
	VIRTIO_GPU_CMD_RESOURCE_FLUSH,
	VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D,
	VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING,
	VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING,
	VIRTIO_GPU_CMD_GET_EDID = 0x010a,

	VIRTIO_GPU_CMD_UPDATE_CURSOR = 0x0300,
	VIRTIO_GPU_CMD_MOVE_CURSOR,

	VIRTIO_GPU_RESP_OK_NODATA = 0x1100,
	VIRTIO_GPU_RESP_OK_DISPLAY_INFO,
	VIRTIO_GPU_RESP_OK_EDID = 0x1104,

	VIRTIO_GPU_RESP_ERR_UNSPEC = 0x1200,
	VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY,
	VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID,
	VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID,
	VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID,
	VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
};

enum virtio_gpu_formats {
	VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM = 1,
	VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM = 2,
	VIRTIO_GPU_FORMAT_A8R8G8B8_UNORM = 3,
	VIRTIO_GPU_FORMAT_X8R8G8B8_UNORM = 4,
	VIRTIO_GPU_FORMAT_R8G8B8A8_UNORM = 67,
	VIRTIO_GPU_FORMAT_X8B8G8R8_UNORM = 68,
	VIRTIO_GPU_FORMAT_A8B8G8R8_UNORM = 121,
	VIRTIO_GPU_FORMAT_R8G8B8X8_UNORM = 134,
};

struct virtio_gpu_ctrl_hdr {
	u32 type;
	u32 flags;
	u64 fence_id;
	u32 ctx_id;
	u8 ring_idx;
	u8 padding[3];
};

struct virtio_gpu_rect {
	u32 x, y, width, height;
};

/* The bodies of requests, that is, the fields after the header. */
struct virtio_gpu_resource_create_2d {
	u32 resource_id, format, width, height;
};

/* The body is the same for detach_backing, and for get_edid, where it names a scanout. */
struct virtio_gpu_resource_unref {
	u32 resource_id;
	u32 padding;
};

struct virtio_gpu_set_scanout {
	struct virtio_gpu_rect r;
	u32 scanout_id, resource_id;
};

struct virtio_gpu_resource_flush {
	struct virtio_gpu_rect r;
	u32 resource_id;
	u32 padding;
};

struct virtio_gpu_transfer_to_host_2d {
	struct virtio_gpu_rect r;
	u64 offset;
	u32 resource_id;
	u32 padding;
};

/* After this come nr_entries of struct virtio_gpu_mem_entry. */
struct virtio_gpu_resource_attach_backing {
	u32 resource_id;
	u32 nr_entries;
};

struct virtio_gpu_mem_entry {
	u64 addr;
	u32 length;
	u32 padding;
};

struct virtio_gpu_update_cursor {
	struct {
		u32 scanout_id, x, y;
		u32 padding;
	} pos;
	u32 resource_id; /* this field and those after it are only for UPDATE_CURSOR */
	u32 hot_x, hot_y;
	u32 padding;
};

struct virtio_gpu_resp_display_info {
	struct virtio_gpu_ctrl_hdr hdr;
	struct {
		struct virtio_gpu_rect r;
		u32 enabled;
		u32 flags;
	} pmodes[VIRTIO_GPU_MAX_SCANOUTS];
};

struct virtio_gpu_resp_edid {
	struct virtio_gpu_ctrl_hdr hdr;
	u32 size;
	u32 padding;
	u8 edid[1024];
};

#endif
