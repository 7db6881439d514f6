/* SPDX-License-Identifier: MIT */
/*
 * The virtio GPU (virtio 1.2 section 5.7) with its 2D commands: scanouts that show parts of
 * resources, a cursor for each, and the EDIDs of their monitors. gpu.c dispatches commands;
 * virtio/gpu/scanout.c executes those for scanouts, and virtio/gpu/resource.c those for resources.
 */
#ifndef DEVICES_VIRTIO_GPU_GPU_H
#define DEVICES_VIRTIO_GPU_GPU_H

#include "devices/device_type.h"
#include "devices/screen/display.h"
#include "devices/virtio/gpu/resource.h"
#include "devices/virtio/virtio.h"

#define GPU_CURSOR_PIXELS (DISPLAY_CURSOR_SIDE * DISPLAY_CURSOR_SIDE)

/* The state of one scanout. All fields are u32, as they are saved. */
struct gpu_scanout {
	u32 resource_id; /* 0: off */
	u32 x, y, width, height; /* the part of the resource that it shows */
	/* the size that the user requested; 0: no monitor is connected */
	u32 wished_width, wished_height;
	u32 cursor_visible, cursor_x, cursor_y, hot_x, hot_y;
	u32 cursor[GPU_CURSOR_PIXELS];
};

struct virtio_gpu_properties {
	u64 outputs, width, height; /* width and height are those of each output's preferred mode */
	u64 dpi; /* of its monitors, as their EDID gives it: 48 to 1000 */
	u64 memory; /* bytes for all resources */
	unsigned edid; /* has no effect, since monitors always have one */
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

/* Initialises the device. Returns 0 or ram_init's error. */
int virtio_gpu_init(struct virtio_gpu *gpu, struct platform *platform,
		    const struct virtio_gpu_setup *setup);
void virtio_gpu_free(struct virtio_gpu *gpu);

/* The device's type for -device; its properties are struct virtio_gpu_properties. */
extern const struct device_type virtio_gpu_device;

/*
 * The following are in virtio/gpu/scanout.c. A u32 that is returned is a response type of
 * virtio-gpu.
 */
void gpu_scanouts_reset(struct virtio_gpu *gpu);
u32 gpu_scanout_set(struct virtio_gpu *gpu, const struct virtio_gpu_set_scanout *request);
u32 gpu_scanout_flush(struct virtio_gpu *gpu, const struct virtio_gpu_resource_flush *request);
void gpu_scanouts_turn_off(struct virtio_gpu *gpu, u32 resource_id);
u32 gpu_cursor_update(struct virtio_gpu *gpu, const struct virtio_gpu_update_cursor *request);
u32 gpu_cursor_move(struct virtio_gpu *gpu, const struct virtio_gpu_update_cursor *request);

/*
 * Applies the size that the user requested, which came through the journal. Returns false if it is
 * malformed.
 */
bool gpu_scanout_request(struct virtio_gpu *gpu, const struct display_size_request *request);

/*
 * Checks the scanouts after a state was loaded, and shows what they describe. Returns false if they
 * are invalid.
 */
bool gpu_scanouts_loaded(struct virtio_gpu *gpu);

#endif
