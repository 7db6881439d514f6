/* SPDX-License-Identifier: MIT */
/*
 * The scanouts of the virtio GPU, and their cursors. After each change the display
 * (devices/screen/display.h) is set from the state here; the display's own state is never read
 * back.
 */
#include "devices/virtio/gpu/gpu.h"

#include <string.h>

/* Sets the display to the scanout's state. */
static void show(struct virtio_gpu *gpu, unsigned number)
{
	const struct gpu_scanout *scanout = &gpu->scanouts[number];
	const struct gpu_resource *resource =
		gpu_resource_find(&gpu->resources, scanout->resource_id);
	const struct display_rect rect = { scanout->x, scanout->y, scanout->width,
					   scanout->height };
	struct display_surface surface = { 0 };

	if (resource)
		surface = gpu_resource_part(&gpu->resources, resource, &rect);
	display_show(&gpu->display.scanouts[number], &surface);
}

static void show_cursor(struct virtio_gpu *gpu, unsigned number)
{
	const struct gpu_scanout *scanout = &gpu->scanouts[number];
	struct display_cursor *cursor = &gpu->display.scanouts[number].cursor;

	cursor->visible = scanout->cursor_visible;
	cursor->x = (s32)scanout->cursor_x;
	cursor->y = (s32)scanout->cursor_y;
	cursor->hot_x = scanout->hot_x;
	cursor->hot_y = scanout->hot_y;
	cursor->pixels = scanout->cursor;
	gpu->display.scanouts[number].cursor_moved = true;
}

static void turn_off(struct virtio_gpu *gpu, unsigned number)
{
	struct gpu_scanout *scanout = &gpu->scanouts[number];

	scanout->resource_id = 0;
	scanout->x = scanout->y = scanout->width = scanout->height = 0;
	show(gpu, number);
}

void gpu_scanouts_turn_off(struct virtio_gpu *gpu, u32 resource_id)
{
	for (unsigned n = 0; n < gpu->display.count; n++)
		if (gpu->scanouts[n].resource_id == resource_id)
			turn_off(gpu, n);
}

/*
 * Resets the scanouts when there is no driver any more: nothing is shown. The sizes that the user
 * has chosen remain.
 */
void gpu_scanouts_reset(struct virtio_gpu *gpu)
{
	for (unsigned n = 0; n < gpu->display.count; n++) {
		struct gpu_scanout *scanout = &gpu->scanouts[n];

		*scanout = (struct gpu_scanout){ .wished_width = scanout->wished_width,
						 .wished_height = scanout->wished_height };
		show(gpu, n);
		show_cursor(gpu, n);
	}
}

u32 gpu_scanout_set(struct virtio_gpu *gpu, const struct virtio_gpu_set_scanout *request)
{
	struct gpu_resource *resource = gpu_resource_find(&gpu->resources, request->resource_id);
	const struct virtio_gpu_rect *rect = &request->r;
	struct gpu_scanout *scanout;

	if (request->scanout_id >= gpu->display.count)
		return VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID;
	if (!request->resource_id) {
		turn_off(gpu, request->scanout_id);
		return VIRTIO_GPU_RESP_OK_NODATA;
	}
	if (!resource)
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	if (!rect->width || !rect->height || !gpu_resource_holds(resource, rect))
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	scanout = &gpu->scanouts[request->scanout_id];
	scanout->resource_id = request->resource_id;
	scanout->x = rect->x;
	scanout->y = rect->y;
	scanout->width = rect->width;
	scanout->height = rect->height;
	show(gpu, request->scanout_id);
	return VIRTIO_GPU_RESP_OK_NODATA;
}

u32 gpu_scanout_flush(struct virtio_gpu *gpu, const struct virtio_gpu_resource_flush *request)
{
	struct gpu_resource *resource = gpu_resource_find(&gpu->resources, request->resource_id);
	const struct display_rect rect = { request->r.x, request->r.y, request->r.width,
					   request->r.height };

	if (!resource)
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	if (!gpu_resource_holds(resource, &request->r))
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	for (unsigned n = 0; n < gpu->display.count; n++) {
		const struct gpu_scanout *scanout = &gpu->scanouts[n];
		const struct display_rect shown = { scanout->x, scanout->y, scanout->width,
						    scanout->height };
		struct display_rect both;

		if (scanout->resource_id != request->resource_id ||
		    !display_intersect(&rect, &shown, &both))
			continue;
		both.x -= shown.x;
		both.y -= shown.y;
		display_damaged(&gpu->display.scanouts[n], &both);
	}
	return VIRTIO_GPU_RESP_OK_NODATA;
}

/*
 * Returns the variant of a format that has alpha. Linux names a format without alpha for a cursor's
 * buffer, although its pixels have alpha.
 */
static enum display_format with_alpha(enum display_format format)
{
	static const enum display_format formats[DISPLAY_FORMATS] = {
		[DISPLAY_BGRX] = DISPLAY_BGRA, [DISPLAY_BGRA] = DISPLAY_BGRA,
		[DISPLAY_XRGB] = DISPLAY_ARGB, [DISPLAY_ARGB] = DISPLAY_ARGB,
		[DISPLAY_RGBX] = DISPLAY_RGBA, [DISPLAY_RGBA] = DISPLAY_RGBA,
		[DISPLAY_XBGR] = DISPLAY_ABGR, [DISPLAY_ABGR] = DISPLAY_ABGR,
	};

	return formats[format];
}

static void copy_cursor(const struct virtio_gpu *gpu, const struct gpu_resource *resource,
			u32 *pixels)
{
	struct display_surface surface = gpu_resource_surface(&gpu->resources, resource);

	for (u32 y = 0; y < DISPLAY_CURSOR_SIDE; y++)
		display_convert(with_alpha(surface.format), surface.pixels + y * surface.stride,
				pixels + y * DISPLAY_CURSOR_SIDE, DISPLAY_CURSOR_SIDE);
}

u32 gpu_cursor_move(struct virtio_gpu *gpu, const struct virtio_gpu_update_cursor *request)
{
	struct gpu_scanout *scanout;

	if (request->pos.scanout_id >= gpu->display.count)
		return VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID;
	scanout = &gpu->scanouts[request->pos.scanout_id];
	scanout->cursor_x = request->pos.x;
	scanout->cursor_y = request->pos.y;
	show_cursor(gpu, request->pos.scanout_id);
	return VIRTIO_GPU_RESP_OK_NODATA;
}

u32 gpu_cursor_update(struct virtio_gpu *gpu, const struct virtio_gpu_update_cursor *request)
{
	const struct gpu_resource *resource =
		gpu_resource_find(&gpu->resources, request->resource_id);
	u32 number = request->pos.scanout_id;
	struct gpu_scanout *scanout;

	if (number >= gpu->display.count)
		return VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID;
	if (request->resource_id && !resource)
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	/* A cursor must have this size (5.7.6.3). */
	if (resource &&
	    (resource->width != DISPLAY_CURSOR_SIDE || resource->height != DISPLAY_CURSOR_SIDE ||
	     request->hot_x >= DISPLAY_CURSOR_SIDE || request->hot_y >= DISPLAY_CURSOR_SIDE))
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	scanout = &gpu->scanouts[number];
	scanout->cursor_visible = resource != NULL;
	if (resource) {
		scanout->hot_x = request->hot_x;
		scanout->hot_y = request->hot_y;
		copy_cursor(gpu, resource, scanout->cursor);
	}
	gpu->display.scanouts[number].cursor_changed = true;
	return gpu_cursor_move(gpu, request);
}

bool gpu_scanout_request(struct virtio_gpu *gpu, const struct display_size_request *request)
{
	struct gpu_scanout *scanout;

	if (request->scanout >= gpu->display.count || request->width > DISPLAY_SIDE_MAX ||
	    request->height > DISPLAY_SIDE_MAX)
		return false;
	scanout = &gpu->scanouts[request->scanout];
	scanout->wished_width = request->width;
	scanout->wished_height = request->height;
	return true;
}

static bool scanout_loaded(const struct virtio_gpu *gpu, const struct gpu_scanout *scanout)
{
	const struct virtio_gpu_rect rect = { scanout->x, scanout->y, scanout->width,
					      scanout->height };
	struct gpu_resource *resource;

	if (scanout->wished_width > DISPLAY_SIDE_MAX || scanout->wished_height > DISPLAY_SIDE_MAX ||
	    scanout->hot_x >= DISPLAY_CURSOR_SIDE || scanout->hot_y >= DISPLAY_CURSOR_SIDE ||
	    scanout->cursor_visible > 1)
		return false;
	if (!scanout->resource_id)
		return !rect.x && !rect.y && !rect.width && !rect.height;
	resource = gpu_resource_find((struct gpu_resources *)&gpu->resources, scanout->resource_id);
	return resource && rect.width && rect.height && gpu_resource_holds(resource, &rect);
}

bool gpu_scanouts_loaded(struct virtio_gpu *gpu)
{
	for (unsigned n = 0; n < gpu->display.count; n++)
		if (!scanout_loaded(gpu, &gpu->scanouts[n]))
			return false;
	for (unsigned n = 0; n < gpu->display.count; n++) {
		show(gpu, n);
		show_cursor(gpu, n);
	}
	display_renew(&gpu->display);
	return true;
}
