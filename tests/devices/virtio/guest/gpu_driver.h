/* SPDX-License-Identifier: MIT */
/* A driver for the virtio GPU, which sends single commands whose contents the test chooses. */
#ifndef TESTS_DEVICES_VIRTIO_GUEST_GPU_DRIVER_H
#define TESTS_DEVICES_VIRTIO_GUEST_GPU_DRIVER_H

#include "guest.h"
#include "devices/virtio/gpu/gpu.h"

#define GPU_REQUEST (GUEST_DATA + 0x10000)
#define GPU_RESPONSE (GUEST_DATA + 0x200000)
#define GPU_MEMORY (16 * MiB)
#define GPU_OUTPUTS 2

struct gpu_driver {
	struct guest guest;
	struct virtio_gpu gpu;
	struct guest_queue control, cursor;
	u64 fence; /* the fence of the last command */
};

/* Makes a guest with a device that has GPU_OUTPUTS outputs of 800x600, and starts it. */
void gpu_driver_init(struct gpu_driver *driver);
void gpu_driver_free(struct gpu_driver *driver);

/* The setup and teardown of cmocka for a test whose state is such a driver. */
int gpu_driver_setup(void **state);
int gpu_driver_teardown(void **state);

/*
 * Sends a command on the control queue, or a cursor command on the cursor queue. Returns the type
 * of the response.
 */
u32 gpu_command(struct gpu_driver *driver, u32 type, const void *request, u32 size);

/* Returns the response to the last command. */
void *gpu_response(struct gpu_driver *driver);

u32 gpu_create(struct gpu_driver *driver, u32 id, u32 width, u32 height);
u32 gpu_unref(struct gpu_driver *driver, u32 id);

/*
 * Attaches a backing of `count` entries of `length` bytes, from GUEST_DATA + 4 MiB on, in
 * descending order.
 */
u32 gpu_attach(struct gpu_driver *driver, u32 id, u32 count, u32 length);

/* Returns the n-th byte of such a backing. */
u8 *gpu_backing(struct gpu_driver *driver, u64 n, u32 count, u32 length);

u32 gpu_transfer(struct gpu_driver *driver, u32 id, const struct virtio_gpu_rect *rect, u64 offset);
u32 gpu_set_scanout(struct gpu_driver *driver, u32 scanout, u32 id,
		    const struct virtio_gpu_rect *rect);
u32 gpu_flush(struct gpu_driver *driver, u32 id, const struct virtio_gpu_rect *rect);
u32 gpu_update_cursor(struct gpu_driver *driver, u32 scanout, u32 id);

#endif
