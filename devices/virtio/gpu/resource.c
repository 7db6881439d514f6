/* SPDX-License-Identifier: MIT */
/*
 * Resources are in a table of fixed size; their pixels and backing lists are in gpu_memory. A
 * backing list is checked when it is attached, and its entries are checked again when they are
 * used, because the list may come from a file (a saved state). Start at gpu_resource_transfer.
 */
#include "devices/virtio/gpu/resource.h"

#include <string.h>

static const struct {
	enum virtio_gpu_formats virtio;
	enum display_format display;
} formats[] = {
	{ VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM, DISPLAY_BGRA },
	{ VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, DISPLAY_BGRX },
	{ VIRTIO_GPU_FORMAT_A8R8G8B8_UNORM, DISPLAY_ARGB },
	{ VIRTIO_GPU_FORMAT_X8R8G8B8_UNORM, DISPLAY_XRGB },
	{ VIRTIO_GPU_FORMAT_R8G8B8A8_UNORM, DISPLAY_RGBA },
	{ VIRTIO_GPU_FORMAT_X8B8G8R8_UNORM, DISPLAY_XBGR },
	{ VIRTIO_GPU_FORMAT_A8B8G8R8_UNORM, DISPLAY_ABGR },
	{ VIRTIO_GPU_FORMAT_R8G8B8X8_UNORM, DISPLAY_RGBX },
};

static bool find_format(u32 format, enum display_format *display)
{
	for (unsigned n = 0; n < ARRAY_SIZE(formats); n++) {
		if (formats[n].virtio != format)
			continue;
		*display = formats[n].display;
		return true;
	}
	return false;
}

static bool possible(u32 format, u32 width, u32 height)
{
	enum display_format display;

	return width && width <= DISPLAY_SIDE_MAX && height && height <= DISPLAY_SIDE_MAX &&
	       find_format(format, &display);
}

static u64 pixel_bytes(const struct gpu_resource *resource)
{
	return gpu_resource_stride(resource) * resource->height;
}

static u64 backing_bytes(const struct gpu_resource *resource)
{
	return resource->backing_count * sizeof(struct virtio_gpu_mem_entry);
}

/* Returns the resource with this id, or a free entry if the id is 0. */
static struct gpu_resource *look_up(struct gpu_resources *resources, u32 id)
{
	for (unsigned n = 0; n < GPU_RESOURCES_MAX; n++)
		if (resources->table[n].id == id)
			return &resources->table[n];
	return NULL;
}

struct gpu_resource *gpu_resource_find(struct gpu_resources *resources, u32 id)
{
	return id ? look_up(resources, id) : NULL;
}

u32 gpu_resource_create(struct gpu_resources *resources,
			const struct virtio_gpu_resource_create_2d *request)
{
	struct gpu_resource *resource = look_up(resources, 0);
	struct gpu_resource made = {
		.id = request->resource_id,
		.format = request->format,
		.width = request->width,
		.height = request->height,
	};

	if (!made.id || gpu_resource_find(resources, made.id))
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	if (!possible(made.format, made.width, made.height))
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	if (!resource || !gpu_memory_take(&resources->memory, pixel_bytes(&made), &made.pixels))
		return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
	*resource = made;
	return VIRTIO_GPU_RESP_OK_NODATA;
}

void gpu_resource_destroy(struct gpu_resources *resources, struct gpu_resource *resource)
{
	gpu_memory_give(&resources->memory, &resource->pixels);
	gpu_memory_give(&resources->memory, &resource->backing);
	*resource = (struct gpu_resource){ 0 };
}

void gpu_resources_reset(struct gpu_resources *resources)
{
	/*
	 * All memory is freed at once, and not piece by piece, because the table may come from a
	 * saved state that was refused.
	 */
	gpu_memory_clear(&resources->memory);
	memset(resources->table, 0, sizeof(resources->table));
}

static struct virtio_gpu_mem_entry *entries_of(const struct gpu_resources *resources,
					       const struct gpu_resource *resource)
{
	return (void *)gpu_memory_at(&resources->memory, &resource->backing);
}

/* Returns the entry's bytes in host memory, or NULL if they are not in RAM. */
static const u8 *entry_host(const struct gpu_resources *resources,
			    const struct virtio_gpu_mem_entry *entry)
{
	return bus_dma_map(&resources->platform->bus, entry->addr, entry->length, false);
}

u32 gpu_resource_attach(struct gpu_resources *resources, struct gpu_resource *resource,
			struct virtq_buffer *list, u32 count)
{
	u64 size = count * sizeof(struct virtio_gpu_mem_entry);
	struct virtio_gpu_mem_entry *entries;

	if (resource->backing_count)
		return VIRTIO_GPU_RESP_ERR_UNSPEC;
	if (!count || count > GPU_BACKING_MAX || size > list->size)
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	if (!gpu_memory_take(&resources->memory, size, &resource->backing))
		return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
	entries = entries_of(resources, resource);
	virtq_buffer_read(list, entries, size);
	gpu_memory_written(&resources->memory, &resource->backing, 0, size);
	for (u32 n = 0; n < count; n++) {
		if (entries[n].length && entry_host(resources, &entries[n]))
			continue;
		gpu_memory_give(&resources->memory, &resource->backing);
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	}
	resource->backing_count = count;
	return VIRTIO_GPU_RESP_OK_NODATA;
}

u32 gpu_resource_detach(struct gpu_resources *resources, struct gpu_resource *resource)
{
	if (!resource->backing_count)
		return VIRTIO_GPU_RESP_ERR_UNSPEC;
	gpu_memory_give(&resources->memory, &resource->backing);
	resource->backing_count = 0;
	return VIRTIO_GPU_RESP_OK_NODATA;
}

/* The position in a backing list, which only moves forward. */
struct backing_walk {
	const struct gpu_resources *resources;
	const struct virtio_gpu_mem_entry *entry, *end;
	u64 start; /* offset of the entry's first byte in the list */
	const u8 *host; /* the entry's bytes; NULL: not mapped yet */
};

static bool walk_copy(struct backing_walk *walk, u64 offset, u8 *to, u64 size)
{
	for (u64 part; size; offset += part, to += part, size -= part) {
		while (walk->entry < walk->end && offset - walk->start >= walk->entry->length) {
			walk->start += walk->entry->length;
			walk->entry++;
			walk->host = NULL;
		}
		if (walk->entry == walk->end)
			return false;
		if (!walk->host)
			walk->host = entry_host(walk->resources, walk->entry);
		if (!walk->host)
			return false;
		part = MIN(size, walk->entry->length - (offset - walk->start));
		memcpy(to, walk->host + (offset - walk->start), part);
	}
	return true;
}

static u64 backing_size(const struct gpu_resources *resources, const struct gpu_resource *resource)
{
	const struct virtio_gpu_mem_entry *entries = entries_of(resources, resource);
	u64 size = 0;

	for (u32 n = 0; n < resource->backing_count; n++)
		size += entries[n].length;
	return size;
}

/*
 * Copies a rectangle from the guest's pages to the resource. Rows have the same stride in both; in
 * the guest's pages the first one is at `offset`.
 */
u32 gpu_resource_transfer(struct gpu_resources *resources, struct gpu_resource *resource,
			  const struct virtio_gpu_transfer_to_host_2d *request)
{
	const struct virtio_gpu_rect *rect = &request->r;
	u64 stride = gpu_resource_stride(resource), row = (u64)rect->width * GPU_PIXEL_BYTES;
	u64 to = rect->y * stride + (u64)rect->x * GPU_PIXEL_BYTES;
	struct backing_walk walk = { .resources = resources };
	u64 span;

	if (!gpu_resource_holds(resource, rect))
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	if (!resource->backing_count)
		return VIRTIO_GPU_RESP_ERR_UNSPEC;
	if (!rect->width || !rect->height)
		return VIRTIO_GPU_RESP_OK_NODATA;
	span = (rect->height - 1) * stride + row;
	if (!range_within(request->offset, span, 0, backing_size(resources, resource)))
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	walk.entry = entries_of(resources, resource);
	walk.end = walk.entry + resource->backing_count;
	gpu_memory_written(&resources->memory, &resource->pixels, to, span);
	for (u32 y = 0; y < rect->height; y++)
		if (!walk_copy(&walk, request->offset + y * stride,
			       gpu_memory_at(&resources->memory, &resource->pixels) + to +
				       y * stride,
			       row))
			return VIRTIO_GPU_RESP_ERR_UNSPEC;
	return VIRTIO_GPU_RESP_OK_NODATA;
}

struct display_surface gpu_resource_part(const struct gpu_resources *resources,
					 const struct gpu_resource *resource,
					 const struct display_rect *rect)
{
	struct display_surface surface = {
		.pixels = gpu_memory_at(&resources->memory, &resource->pixels) +
			  rect->y * gpu_resource_stride(resource) +
			  (u64)rect->x * GPU_PIXEL_BYTES,
		.width = rect->width,
		.height = rect->height,
		.stride = gpu_resource_stride(resource),
	};

	find_format(resource->format, &surface.format);
	return surface;
}

struct display_surface gpu_resource_surface(const struct gpu_resources *resources,
					    const struct gpu_resource *resource)
{
	const struct display_rect all = { .width = resource->width, .height = resource->height };

	return gpu_resource_part(resources, resource, &all);
}

static bool resource_loaded(struct gpu_resources *resources, const struct gpu_resource *resource)
{
	struct gpu_memory *memory = &resources->memory;

	if (!resource->id)
		return !resource->pixels.pages && !resource->backing.pages &&
		       !resource->backing_count;
	return possible(resource->format, resource->width, resource->height) &&
	       look_up(resources, resource->id) == resource &&
	       resource->backing_count <= GPU_BACKING_MAX &&
	       gpu_memory_claim(memory, &resource->pixels, pixel_bytes(resource)) &&
	       gpu_memory_claim(memory, &resource->backing, backing_bytes(resource));
}

bool gpu_resources_loaded(struct gpu_resources *resources)
{
	gpu_memory_forget(&resources->memory);
	for (unsigned n = 0; n < GPU_RESOURCES_MAX; n++)
		if (!resource_loaded(resources, &resources->table[n]))
			return false;
	return true;
}
