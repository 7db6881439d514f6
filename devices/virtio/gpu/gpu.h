/* SPDX-License-Identifier: MIT */
/*
 * The virtio GPU (virtio 1.2 section 5.7) in 2D: scanouts that show parts of resources, a cursor
 * for each, and the EDIDs of their monitors. gpu.c dispatches commands, virtio/gpu/scanout.c
 * carries out those about scanouts, virtio/gpu/resource.c those about resources.
 */
#ifndef DEVICES_VIRTIO_GPU_GPU_H
#define DEVICES_VIRTIO_GPU_GPU_H

#include "devices/device_type.h"
#include "devices/screen/display.h"
#include "devices/virtio/gpu/resource.h"
#include "devices/virtio/virtio.h"

#define GPU_CURSOR_PIXELS (DISPLAY_CURSOR_SIDE * DISPLAY_CURSOR_SIDE)

/* The state of one output; all fields are u32, as it is saved. */
struct gpu_scanout {
	u32 resource_id; /* 0: off */
	u32 x, y, width, height; /* the part of the resource that it shows */
	u32 wished_width, wished_height; /* the user's choice; 0: not plugged in */
	u32 cursor_visible, cursor_x, cursor_y, hot_x, hot_y;
	u32 cursor[GPU_CURSOR_PIXELS];
};

struct virtio_gpu_properties {
	u64 outputs, width, height; /* width and height: of each output's preferred mode */
	u64 dpi; /* of its monitors, in their EDID: 48 to 1000 */
	u64 memory; /* bytes for all resources */
	unsigned edid; /* screens always have one */
};

struct virtio_gpu_setup {
	const char *name; /* see struct virtio_setup */
	unsigned outputs; /* 1..VIRTIO_GPU_MAX_SCANOUTS */
	u32 width, height; /* of the preferred mode of each output */
	u32 dpi; /* EDID_DPI_MIN to EDID_DPI_MAX */
	u64 memory; /* bytes for all resources, a multiple of a page */
};

struct virtio_gpu {
	struct virtio virtio;
	struct display display;
	struct virtio_gpu_config config; /* events_read is state */
	char part[STATE_NAME_MAX];
	u32 dpi; /* of the monitors */
	struct gpu_resources resources;
	struct gpu_scanout scanouts[VIRTIO_GPU_MAX_SCANOUTS];
};

/* Returns 0, or ram_init's errors. */
int virtio_gpu_init(struct virtio_gpu *gpu, struct platform *platform,
		    const struct virtio_gpu_setup *setup);
void virtio_gpu_free(struct virtio_gpu *gpu);

/* The device's type for -device; its properties are struct virtio_gpu_properties. */
extern const struct device_type virtio_gpu_device;

/* In virtio/gpu/scanout.c; results are response types of virtio-gpu. */
void gpu_scanouts_reset(struct virtio_gpu *gpu);
u32 gpu_scanout_set(struct virtio_gpu *gpu, const struct virtio_gpu_set_scanout *request);
u32 gpu_scanout_flush(struct virtio_gpu *gpu, const struct virtio_gpu_resource_flush *request);
void gpu_scanouts_turn_off(struct virtio_gpu *gpu, u32 resource_id);
u32 gpu_cursor_update(struct virtio_gpu *gpu, const struct virtio_gpu_update_cursor *request);
u32 gpu_cursor_move(struct virtio_gpu *gpu, const struct virtio_gpu_update_cursor *request);

/* Applies the user's choice of a size, which came through the journal; false: it is malformed. */
bool gpu_scanout_wish(struct virtio_gpu *gpu, const struct display_wish *wish);

/* After a load: checks the state, and shows again what it describes. */
bool gpu_scanouts_loaded(struct virtio_gpu *gpu);

#endif
