/* SPDX-License-Identifier: MIT */
/*
 * The 2D resources of a virtio-gpu: pixels on the host's side, and the list of the guest's pages
 * from which they are filled. All arguments come from the driver and are checked. A u32 that is
 * returned is a response type of virtio-gpu.
 */
#ifndef DEVICES_VIRTIO_GPU_RESOURCE_H
#define DEVICES_VIRTIO_GPU_RESOURCE_H

#include "bus/platform.h"
#include "devices/screen/display.h"
#include "devices/virtio/gpu/memory.h"
#include "devices/virtio/gpu/protocol.h"
#include "devices/virtio/queue.h"

#define GPU_RESOURCES_MAX 512
#define GPU_BACKING_MAX 32768 /* the most entries of one list: 128 MiB of single pages */
#define GPU_PIXEL_BYTES 4 /* the same in all formats */

/* A resource. All fields are u32, since this is state. */
struct gpu_resource {
	u32 id; /* 0: the entry of the table is free */
	u32 format; /* enum virtio_gpu_formats */
	u32 width, height;
	struct gpu_piece pixels;
	struct gpu_piece backing; /* a list of struct virtio_gpu_mem_entry */
	u32 backing_count;
};

struct gpu_resources {
	struct platform *platform;
	struct gpu_memory memory;
	struct gpu_resource table[GPU_RESOURCES_MAX];
};

/* Returns the resource with this id, or NULL if there is none, as for id 0. */
struct gpu_resource *gpu_resource_find(struct gpu_resources *resources, u32 id);

u32 gpu_resource_create(struct gpu_resources *resources,
			const struct virtio_gpu_resource_create_2d *request);
void gpu_resource_destroy(struct gpu_resources *resources, struct gpu_resource *resource);
void gpu_resources_reset(struct gpu_resources *resources);

/* Attaches backing pages. Their list of `count` entries is read from the front of `list`. */
u32 gpu_resource_attach(struct gpu_resources *resources, struct gpu_resource *resource,
			struct virtq_buffer *list, u32 count);
u32 gpu_resource_detach(struct gpu_resources *resources, struct gpu_resource *resource);

/*
 * Copies a rectangle from the guest's pages to the resource. A request that is refused copies
 * nothing; where the backing list of a loaded state is damaged, earlier rows may have been copied.
 */
u32 gpu_resource_transfer(struct gpu_resources *resources, struct gpu_resource *resource,
			  const struct virtio_gpu_transfer_to_host_2d *request);

/* Returns the whole resource as a surface. */
struct display_surface gpu_resource_surface(const struct gpu_resources *resources,
					    const struct gpu_resource *resource);

/* Returns a part of the resource as a surface. The rectangle must be within it. */
struct display_surface gpu_resource_part(const struct gpu_resources *resources,
					 const struct gpu_resource *resource,
					 const struct display_rect *rect);

/* Returns whether a table that was loaded from a file could have been made by a driver. */
bool gpu_resources_loaded(struct gpu_resources *resources);

/* Returns whether the rectangle is within the resource. */
static inline bool gpu_resource_holds(const struct gpu_resource *resource,
				      const struct virtio_gpu_rect *rect)
{
	return range_within(rect->x, rect->width, 0, resource->width) &&
	       range_within(rect->y, rect->height, 0, resource->height);
}

static inline u64 gpu_resource_stride(const struct gpu_resource *resource)
{
	return (u64)resource->width * GPU_PIXEL_BYTES;
}

#endif
