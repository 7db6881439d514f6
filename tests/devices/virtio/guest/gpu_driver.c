/* SPDX-License-Identifier: MIT */
/* Writes requests of a GPU driver to guest memory, and runs them. */
#include "gpu_driver.h"
#include "devices/screen/edid.h"
#include <string.h>

#define BACKING (GUEST_DATA + 4 * MiB)

void gpu_driver_init(struct gpu_driver *driver)
{
	const struct virtio_gpu_setup setup = { "gpu", GPU_OUTPUTS, 800, 600, 2 * EDID_DPI,
						GPU_MEMORY };

	memset(driver, 0, sizeof(*driver));
	guest_init(&driver->guest, CLOCK_VIRTUAL);
	assert_int_equal(virtio_gpu_init(&driver->gpu, &driver->guest.platform, &setup), 0);
	guest_attach(&driver->guest, &driver->gpu.virtio);
	platform_reset(&driver->guest.platform);
	assert_true(guest_negotiate(&driver->guest, BIT(32) | VIRTIO_GPU_F_EDID));
	guest_queue_start(&driver->guest, &driver->control, 0, 64);
	guest_queue_start(&driver->guest, &driver->cursor, 1, 16);
	guest_driver_ok(&driver->guest);
}

int gpu_driver_setup(void **state)
{
	static struct gpu_driver driver;

	gpu_driver_init(*state = &driver);
	return 0;
}

void gpu_driver_free(struct gpu_driver *driver)
{
	guest_free(&driver->guest);
	virtio_gpu_free(&driver->gpu);
}

int gpu_driver_teardown(void **state)
{
	gpu_driver_free(*state);
	return 0;
}

void *gpu_response(struct gpu_driver *driver)
{
	return guest_ram(&driver->guest, GPU_RESPONSE);
}

u32 gpu_command(struct gpu_driver *driver, u32 type, const void *request, u32 size)
{
	struct guest_queue *queue = type >= VIRTIO_GPU_CMD_UPDATE_CURSOR ? &driver->cursor :
									   &driver->control;
	struct virtio_gpu_ctrl_hdr header = {
		.type = type,
		.flags = VIRTIO_GPU_FLAG_FENCE,
		.fence_id = ++driver->fence,
	};
	const struct virtio_gpu_ctrl_hdr *answer = gpu_response(driver);
	u32 written;

	memcpy(guest_ram(&driver->guest, GPU_REQUEST), &header, sizeof(header));
	if (size)
		memcpy(guest_ram(&driver->guest, GPU_REQUEST + sizeof(header)), request, size);
	memset(gpu_response(driver), 0xee, 4096);
	ring_desc(queue, 0, GPU_REQUEST, (u32)sizeof(header) + size, FLAGS(F_NEXT, 1));
	ring_desc(queue, 1, GPU_RESPONSE, 4096, FLAGS(F_WRITE, 0));
	written = guest_run(queue, 0);
	assert_true(written >= sizeof(*answer));
	assert_int_equal(((u8 *)gpu_response(driver))[written], 0xee);
	assert_int_equal(answer->flags, VIRTIO_GPU_FLAG_FENCE);
	assert_int_equal(answer->fence_id, header.fence_id);
	return answer->type;
}

u32 gpu_create(struct gpu_driver *driver, u32 id, u32 width, u32 height)
{
	const struct virtio_gpu_resource_create_2d request = {
		id, VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, width, height
	};

	return gpu_command(driver, VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, &request, sizeof(request));
}

u32 gpu_unref(struct gpu_driver *driver, u32 id)
{
	const struct virtio_gpu_resource_unref request = { id, 0 };

	return gpu_command(driver, VIRTIO_GPU_CMD_RESOURCE_UNREF, &request, sizeof(request));
}

u32 gpu_attach(struct gpu_driver *driver, u32 id, u32 count, u32 length)
{
	static struct {
		struct virtio_gpu_resource_attach_backing head;
		struct virtio_gpu_mem_entry entries[GPU_BACKING_MAX];
	} request;

	request.head = (struct virtio_gpu_resource_attach_backing){ id, count };
	for (u32 n = 0; n < count; n++)
		request.entries[n] = (struct virtio_gpu_mem_entry){
			BACKING + (u64)(count - 1 - n) * length, length, 0
		};
	return gpu_command(driver, VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, &request,
			   (u32)(sizeof(request.head) + count * sizeof(request.entries[0])));
}

u8 *gpu_backing(struct gpu_driver *driver, u64 n, u32 count, u32 length)
{
	u64 entry = n / length;

	return guest_ram(&driver->guest, BACKING + (count - 1 - entry) * length + n % length);
}

u32 gpu_transfer(struct gpu_driver *driver, u32 id, const struct virtio_gpu_rect *rect, u64 offset)
{
	const struct virtio_gpu_transfer_to_host_2d request = { *rect, offset, id, 0 };

	return gpu_command(driver, VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, &request, sizeof(request));
}

u32 gpu_set_scanout(struct gpu_driver *driver, u32 scanout, u32 id,
		    const struct virtio_gpu_rect *rect)
{
	const struct virtio_gpu_set_scanout request = { *rect, scanout, id };

	return gpu_command(driver, VIRTIO_GPU_CMD_SET_SCANOUT, &request, sizeof(request));
}

u32 gpu_flush(struct gpu_driver *driver, u32 id, const struct virtio_gpu_rect *rect)
{
	const struct virtio_gpu_resource_flush request = { *rect, id, 0 };

	return gpu_command(driver, VIRTIO_GPU_CMD_RESOURCE_FLUSH, &request, sizeof(request));
}

u32 gpu_update_cursor(struct gpu_driver *driver, u32 scanout, u32 id)
{
	const struct virtio_gpu_update_cursor request = {
		.pos = { scanout, 10, 20, 0 }, .resource_id = id, .hot_x = 3, .hot_y = 4
	};

	return gpu_command(driver, VIRTIO_GPU_CMD_UPDATE_CURSOR, &request, sizeof(request));
}
