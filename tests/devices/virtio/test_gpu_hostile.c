/* SPDX-License-Identifier: MIT */
/*
 * Tests requests with which drivers have broken other virtio GPUs. A row is one of the project's
 * list of known bugs. A test passes if the response has an error, nothing is written to wrong
 * places, work and memory are bounded, and the device continues to work.
 */
#include "gpu_driver.h"
#include "tests/part.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define OK VIRTIO_GPU_RESP_OK_NODATA
#define BAD_ID VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID
#define BAD VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER
#define NO_ROOM VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY
#define NO VIRTIO_GPU_RESP_ERR_UNSPEC

static int teardown(void **state)
{
	struct gpu_driver *d = *state;

	/* The device still works, whatever the test did to it. */
	assert_false(guest_needs_reset(&d->guest));
	assert_int_equal(gpu_command(d, VIRTIO_GPU_CMD_GET_DISPLAY_INFO, NULL, 0),
			 VIRTIO_GPU_RESP_OK_DISPLAY_INFO);
	return gpu_driver_teardown(state);
}

/* Row 14: sizes whose product is around 2^31 and 2^32 bytes, or overflows. */
static void test_row_14_image_sizes(void **state)
{
	static const u32 sides[] = { 0, 1, 2, 3, 16383, 16384, 16385, 23170, 23171, 32767, 32768,
				     46340, 46341, 65535, 65536, BIT(29), BIT(30), BIT(31),
				     UINT32_MAX };
	struct gpu_driver *d = *state;

	for (unsigned x = 0; x < ARRAY_SIZE(sides); x++)
		for (unsigned y = 0; y < ARRAY_SIZE(sides); y++) {
			u32 width = sides[x], height = sides[y], expect = OK;
			u32 got = gpu_create(d, 1, width, height);

			if (!width || !height || width > DISPLAY_SIDE_MAX ||
			    height > DISPLAY_SIDE_MAX)
				expect = BAD;
			else if ((u64)width * height * 4 > GPU_MEMORY)
				expect = NO_ROOM;
			assert_int_equal(got, expect);
			assert_int_equal(gpu_unref(d, 1), expect == OK ? OK : BAD_ID);
		}
}

static void test_formats(void **state)
{
	struct gpu_driver *d = *state;
	unsigned good = 0;

	for (u32 format = 0; format < 300; format++) {
		const struct virtio_gpu_resource_create_2d request = { 1, format, 8, 8 };
		u32 got = gpu_command(d, VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, &request,
				      sizeof(request));

		assert_true(got == OK || got == BAD);
		good += got == OK;
		gpu_unref(d, 1);
	}
	assert_int_equal(good, 8);
}

static void test_ids(void **state)
{
	struct gpu_driver *d = *state;
	const struct virtio_gpu_rect one = { 0, 0, 1, 1 };

	assert_int_equal(gpu_create(d, 0, 8, 8), BAD_ID);
	assert_int_equal(gpu_create(d, UINT32_MAX, 8, 8), OK);
	assert_int_equal(gpu_create(d, UINT32_MAX, 8, 8), BAD_ID);
	assert_int_equal(gpu_unref(d, UINT32_MAX), OK);
	for (u32 id = 0; id < 2; id++) {
		const struct virtio_gpu_resource_unref detach = { id, 0 };

		assert_int_equal(gpu_unref(d, id), BAD_ID);
		assert_int_equal(gpu_attach(d, id, 1, 16), BAD_ID);
		assert_int_equal(gpu_transfer(d, id, &one, 0), BAD_ID);
		assert_int_equal(gpu_flush(d, id, &one), BAD_ID);
		assert_int_equal(gpu_command(d, VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, &detach,
					     sizeof(detach)),
				 BAD_ID);
	}
	assert_int_equal(gpu_set_scanout(d, 0, 1, &one), BAD_ID);
	assert_int_equal(gpu_update_cursor(d, 0, 1), BAD_ID);
	assert_int_equal(gpu_set_scanout(d, GPU_OUTPUTS, 0, &one),
			 VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
	assert_int_equal(gpu_set_scanout(d, UINT32_MAX, 0, &one),
			 VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
	assert_int_equal(gpu_update_cursor(d, UINT32_MAX, 0),
			 VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
}

/* Row 13: random rectangles and offsets, compared with the plain rules in wide arithmetic. */
static void test_row_13_rectangles(void **state)
{
	static const u64 values[] = { 0, 1, 2, 15, 16, 17, 31, 32, 33, BIT(31), UINT32_MAX - 1,
				      UINT32_MAX };
	struct gpu_driver *d = *state;
	u64 seed = 13;

	assert_int_equal(gpu_create(d, 1, 32, 16), OK);
	assert_int_equal(gpu_attach(d, 1, 3, 700), OK); /* 2100 bytes for 2048 */
	for (unsigned n = 0; n < part_of(65536); n++) {
		u32 field[4];
		u64 offset, last, right, bottom;

		for (unsigned i = 0; i < 4; i++)
			field[i] = (u32)values[guest_random(&seed) % ARRAY_SIZE(values)];
		offset = guest_random(&seed) % 2200;
		if (guest_random(&seed) % 8 == 0)
			offset = UINT64_MAX - offset;
		const struct virtio_gpu_rect rect = { field[0], field[1], field[2], field[3] };
		bool empty = !rect.width || !rect.height;

		right = (u64)rect.x + rect.width;
		bottom = (u64)rect.y + rect.height;
		bool inside = right <= 32 && bottom <= 16;
		last = empty ? 0 : (rect.height - 1) * 128ull + rect.width * 4ull;
		bool backed = empty || (offset <= 2100 && last <= 2100 - offset);

		assert_int_equal(gpu_transfer(d, 1, &rect, offset), inside && backed ? OK : BAD);
		assert_int_equal(gpu_flush(d, 1, &rect), inside ? OK : BAD);
		assert_int_equal(gpu_set_scanout(d, 0, 1, &rect), inside && !empty ? OK : BAD);
	}
}

/* Row 12: the backing's size, and one byte less. */
static void test_row_12_backing_too_small(void **state)
{
	struct gpu_driver *d = *state;
	const struct virtio_gpu_rect all = { 0, 0, 16, 16 };

	for (u32 length = 1023; length <= 1025; length++) {
		assert_int_equal(gpu_create(d, 1, 16, 16), OK);
		assert_int_equal(gpu_transfer(d, 1, &all, 0), NO);
		assert_int_equal(gpu_attach(d, 1, 1, length), OK);
		assert_int_equal(gpu_attach(d, 1, 1, length), NO);
		assert_int_equal(gpu_transfer(d, 1, &all, 0), length < 1024 ? BAD : OK);
		assert_int_equal(gpu_unref(d, 1), OK);
	}
}

static u32 attach_one(struct gpu_driver *d, u64 addr, u32 length, u32 count)
{
	const struct {
		struct virtio_gpu_resource_attach_backing head;
		struct virtio_gpu_mem_entry entry;
	} request = { { 1, count }, { addr, length, 0 } };

	return gpu_command(d, VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, &request, sizeof(request));
}

/* Backings are not RAM, or have more entries than were sent. */
static void test_backings(void **state)
{
	static const u32 counts[] = { 0, 2, GPU_BACKING_MAX, GPU_BACKING_MAX + 1, BIT(28),
				      BIT(31), UINT32_MAX };
	struct gpu_driver *d = *state;

	gpu_create(d, 1, 16, 16);
	assert_int_equal(attach_one(d, 0, 4096, 1), BAD);
	assert_int_equal(attach_one(d, GUEST_OTHER, 4096, 1), BAD);
	assert_int_equal(attach_one(d, GUEST_SLOT, 4, 1), BAD);
	assert_int_equal(attach_one(d, GUEST_RAM_END - 4095, 4096, 1), BAD);
	assert_int_equal(attach_one(d, UINT64_MAX, 2, 1), BAD);
	assert_int_equal(attach_one(d, GUEST_DATA, UINT32_MAX, 1), BAD);
	assert_int_equal(attach_one(d, GUEST_DATA, 0, 1), BAD);
	for (unsigned n = 0; n < ARRAY_SIZE(counts); n++)
		assert_int_equal(attach_one(d, GUEST_DATA, 4096, counts[n]), BAD);
	assert_int_equal(d->guest.other_accesses, 0);
	assert_int_equal(attach_one(d, GUEST_DATA, 4096, 1), OK);
}

/* The device's memory is limited: resources and lists use it up, and give it back. */
static void test_memory_is_bounded(void **state)
{
	struct gpu_driver *d = *state;
	u32 id = 0;

	while (gpu_create(d, id + 1, 512, 1024) == OK)
		id++;
	assert_int_equal(id, GPU_MEMORY / (512 * 1024 * 4));
	assert_int_equal(gpu_create(d, 100, 1, 1), NO_ROOM);
	assert_int_equal(gpu_attach(d, 1, 1, 16), NO_ROOM);
	for (; id; id--)
		assert_int_equal(gpu_unref(d, id), OK);
	while (gpu_create(d, id + 1, 1, 1) == OK)
		id++;
	assert_int_equal(id, GPU_RESOURCES_MAX);
	for (; id; id--)
		assert_int_equal(gpu_unref(d, id), OK);
	assert_int_equal(gpu_create(d, 1, 2048, 2048), OK);
	assert_int_equal(gpu_unref(d, 1), OK);
	assert_int_equal(gpu_create(d, 1, 2048, 2048), OK);
	gpu_resources_reset(&d->gpu.resources);
	for (u64 n = 0; n < GPU_MEMORY / 64; n++)
		assert_int_equal(d->gpu.resources.memory.taken[n / PAGE_SIZE], 0);
}

/* A new resource contains nothing of an earlier one. */
static void test_no_pixels_of_the_dead(void **state)
{
	struct gpu_driver *d = *state;
	const struct virtio_gpu_rect all = { 0, 0, 64, 64 };

	gpu_create(d, 1, 64, 64);
	gpu_attach(d, 1, 4, 4096);
	memset(gpu_backing(d, 3 * 4096, 4, 4096), 0xaa, 4 * 4096);
	assert_int_equal(gpu_transfer(d, 1, &all, 0), OK);
	gpu_unref(d, 1);
	gpu_create(d, 2, 64, 64);
	gpu_set_scanout(d, 0, 2, &all);
	for (u32 n = 0; n < 64 * 64 * 4; n++)
		assert_int_equal(d->gpu.display.scanouts[0].surface.pixels[n], 0);
}

/* A cursor must have a certain size, and its hot spot must be inside. */
static void test_cursors(void **state)
{
	struct gpu_driver *d = *state;
	struct virtio_gpu_update_cursor request = { .pos = { 0, 0, 0, 0 }, .resource_id = 1 };

	static const u32 sizes[][2] = { { 63, 64 }, { 64, 63 }, { 1, 1 }, { 64, 65 }, { 4096, 1 } };

	for (unsigned n = 0; n < ARRAY_SIZE(sizes); n++) {
		assert_int_equal(gpu_create(d, 1, sizes[n][0], sizes[n][1]), OK);
		assert_int_equal(gpu_update_cursor(d, 0, 1), BAD);
		gpu_unref(d, 1);
	}
	gpu_create(d, 1, 64, 64);
	request.hot_x = 64;
	assert_int_equal(gpu_command(d, VIRTIO_GPU_CMD_UPDATE_CURSOR, &request, sizeof(request)),
			 BAD);
	request.hot_x = 0;
	request.hot_y = UINT32_MAX;
	assert_int_equal(gpu_command(d, VIRTIO_GPU_CMD_UPDATE_CURSOR, &request, sizeof(request)),
			 BAD);
	assert_int_equal(gpu_update_cursor(d, 0, 1), OK);
}

/*
 * Every command, and numbers between and around the commands, is sent with every length of request.
 */
static void test_row_15_truncated_requests(void **state)
{
	static const u8 zeros[128];
	struct gpu_driver *d = *state;

	for (u32 type = 0xfe; type < 0x310; type++) {
		if (type == 0x110)
			type = 0x1fe;
		if (type == 0x210)
			type = 0x2fe;
		for (u32 size = 0; size <= 64; size++) {
			u32 got = gpu_command(d, type, zeros, size);
			const u8 *bytes = gpu_response(d);

			assert_in_range(got, OK, BAD);
			/* Only zeros follow what was sent. */
			for (u32 n = 12 + 4; got >= NO && n < 24; n++)
				assert_int_equal(bytes[n], 0);
		}
	}
}

/* A truncated header is not a command: the device needs a reset, and works after it. */
static void test_row_15_truncated_headers(void **state)
{
	struct gpu_driver *d = *state;

	for (u32 size = 1; size < sizeof(struct virtio_gpu_ctrl_hdr); size++) {
		ring_desc(&d->control, 0, GPU_REQUEST, size, FLAGS(F_NEXT, 1));
		ring_desc(&d->control, 1, GPU_RESPONSE, 4096, FLAGS(F_WRITE, 0));
		guest_submit(&d->control, 0);
		assert_true(guest_needs_reset(&d->guest));
		assert_true(guest_negotiate(&d->guest, BIT(32)));
		guest_queue_start(&d->guest, &d->control, 0, 64);
		guest_queue_start(&d->guest, &d->cursor, 1, 16);
		guest_driver_ok(&d->guest);
	}
}

/* Responses are written only as far as there is room for them. */
static void test_short_responses(void **state)
{
	struct gpu_driver *d = *state;
	u8 *response = gpu_response(d);

	for (u32 size = 0; size < 500; size++) {
		struct virtio_gpu_ctrl_hdr header = { .type = VIRTIO_GPU_CMD_GET_DISPLAY_INFO };

		memcpy(guest_ram(&d->guest, GPU_REQUEST), &header, sizeof(header));
		memset(response, 0xee, 512);
		ring_desc(&d->control, 0, GPU_REQUEST, sizeof(header), size ? FLAGS(F_NEXT, 1) : 0);
		ring_desc(&d->control, 1, GPU_RESPONSE, size, FLAGS(F_WRITE, 0));
		assert_int_equal(guest_run(&d->control, 0), MIN(size, 408u));
		assert_int_equal(response[MIN(size, 408u)], 0xee);
	}
}

/* A batch of the longest transfers is done in several turns, between which harts run. */
static void test_work_is_bounded(void **state)
{
	struct gpu_driver *d = *state;
	const struct virtio_gpu_transfer_to_host_2d request = {
		{ 0, 0, 2048, 1024 }, 0, 1, 0
	};
	const struct virtio_gpu_ctrl_hdr header = { .type = VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D };
	unsigned done = 0;

	gpu_create(d, 1, 2048, 1024);
	assert_int_equal(gpu_attach(d, 1, 8, MiB), OK);
	memcpy(guest_ram(&d->guest, GPU_REQUEST), &header, sizeof(header));
	memcpy(guest_ram(&d->guest, GPU_REQUEST + sizeof(header)), &request, sizeof(request));
	ring_desc(&d->control, 0, GPU_REQUEST, sizeof(header) + sizeof(request), 0);
	for (unsigned n = 0; n < 64; n++)
		guest_offer(&d->control, 0);
	guest_kick(&d->control);
	while (guest_returned(&d->control))
		done++;
	assert_in_range(done, 1, 10);
	guest_sleep(&d->guest, CLOCK_HZ / 100);
	while (guest_returned(&d->control))
		done++;
	assert_int_equal(done, 64);
}

/*
 * Row 29: a saved state with other numbers in the tables is refused, or leads to a device that
 * works.
 */
static void test_row_29_state(void **state)
{
	static struct gpu_driver other;
	struct gpu_driver *d = *state;
	const struct virtio_gpu_rect all = { 0, 0, 64, 64 };
	u64 seed = 29;

	gpu_create(d, 1, 64, 64);
	gpu_create(d, 2, 64, 64);
	gpu_attach(d, 1, 4, 4096);
	gpu_set_scanout(d, 0, 1, &all);
	gpu_update_cursor(d, 0, 2);
	for (unsigned n = 0; n < 3000; n++) {
		u32 *words[] = { (u32 *)d->gpu.resources.table, (u32 *)d->gpu.scanouts,
				 (void *)gpu_memory_at(&d->gpu.resources.memory,
						       &d->gpu.resources.table[0].backing) };
		const unsigned sizes[] = { 27, 12, 16 };
		unsigned part = (unsigned)(guest_random(&seed) % 3);
		u32 *word = &words[part][guest_random(&seed) % sizes[part]], kept = *word;

		*word ^= guest_random(&seed) % 2 ? (u32)BIT(guest_random(&seed) % 32) :
						   (u32)guest_random(&seed);
		gpu_driver_init(&other);
		if (!guest_clone(&other.guest, &d->guest)) {
			other.control = d->control;
			other.control.guest = &other.guest;
			gpu_transfer(&other, 1, &all, 0);
			gpu_flush(&other, 1, &all);
			gpu_unref(&other, 1);
			gpu_create(&other, 5, 900, 900);
		}
		gpu_driver_free(&other);
		*word = kept;
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, gpu_driver_setup, teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_row_12_backing_too_small),
	TEST(test_row_13_rectangles),
	TEST(test_row_14_image_sizes),
	TEST(test_row_15_truncated_requests),
	TEST(test_row_15_truncated_headers),
	TEST(test_row_29_state),
	TEST(test_formats),
	TEST(test_ids),
	TEST(test_backings),
	TEST(test_memory_is_bounded),
	TEST(test_no_pixels_of_the_dead),
	TEST(test_cursors),
	TEST(test_short_responses),
	TEST(test_work_is_bounded),
	{ 0 },
};
