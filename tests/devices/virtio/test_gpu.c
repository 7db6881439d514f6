/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/virtio/gpu*.c: the responses to a correct driver, and the picture on the display.
 */
#include "gpu_driver.h"
#include "devices/screen/edid.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define OK VIRTIO_GPU_RESP_OK_NODATA

static const struct display_scanout *scanout(struct gpu_driver *d, unsigned n)
{
	return &d->gpu.display.scanouts[n];
}

static u32 shown(struct gpu_driver *d, unsigned n, u32 x, u32 y)
{
	const struct display_surface *surface = &scanout(d, n)->surface;
	u32 pixel;

	display_convert(surface->format, surface->pixels + y * surface->stride + x * 4, &pixel, 1);
	return pixel;
}

static void test_identity(void **state)
{
	struct gpu_driver *d = *state;

	assert_int_equal(guest_get(&d->guest, MMIO_DEVICE_ID), 16);
	assert_int_equal(guest_offered(&d->guest) & 0xffffff, BIT(1));
	assert_int_equal(guest_get(&d->guest, MMIO_CONFIG + 8), GPU_OUTPUTS);
	assert_int_equal(guest_get(&d->guest, MMIO_CONFIG + 12), 0);
}

static void test_display_info(void **state)
{
	struct gpu_driver *d = *state;
	const struct virtio_gpu_resp_display_info *info = gpu_response(d);

	assert_int_equal(gpu_command(d, VIRTIO_GPU_CMD_GET_DISPLAY_INFO, NULL, 0),
			 VIRTIO_GPU_RESP_OK_DISPLAY_INFO);
	for (unsigned n = 0; n < VIRTIO_GPU_MAX_SCANOUTS; n++) {
		bool there = n < GPU_OUTPUTS;

		assert_int_equal(info->pmodes[n].enabled, there);
		assert_int_equal(info->pmodes[n].r.x, there ? n * 800 : 0);
		assert_int_equal(info->pmodes[n].r.width, there ? 800 : 0);
		assert_int_equal(info->pmodes[n].r.height, there ? 600 : 0);
	}
}

/*
 * When the user chooses another size, the driver gets an event, and later answers have the new
 * size.
 */
static void test_wish(void **state)
{
	struct gpu_driver *d = *state;
	const struct virtio_gpu_resp_display_info *info = gpu_response(d);
	struct display_size_request request = { 1, 1920, 1080 };

	display_request_size(&d->gpu.display, &d->guest.platform.journal, &request);
	assert_true(d->guest.line);
	assert_int_equal(guest_get(&d->guest, MMIO_INTERRUPT_STATUS), VIRTIO_ISR_CONFIG);
	assert_int_equal(guest_get(&d->guest, MMIO_CONFIG), VIRTIO_GPU_EVENT_DISPLAY);
	guest_set(&d->guest, MMIO_CONFIG + 4, VIRTIO_GPU_EVENT_DISPLAY);
	assert_int_equal(guest_get(&d->guest, MMIO_CONFIG), 0);
	gpu_command(d, VIRTIO_GPU_CMD_GET_DISPLAY_INFO, NULL, 0);
	assert_int_equal(info->pmodes[0].r.width, 800);
	assert_int_equal(info->pmodes[1].r.width, 1920);
	assert_int_equal(info->pmodes[1].r.height, 1080);
	request = (struct display_size_request){ 1, 0, 0 };
	display_request_size(&d->gpu.display, &d->guest.platform.journal, &request);
	gpu_command(d, VIRTIO_GPU_CMD_GET_DISPLAY_INFO, NULL, 0);
	assert_int_equal(info->pmodes[1].enabled, 0);
	/* These are not possible for the device. */
	request = (struct display_size_request){ GPU_OUTPUTS, 1, 1 };
	display_request_size(&d->gpu.display, &d->guest.platform.journal, &request);
	request = (struct display_size_request){ 0, DISPLAY_SIDE_MAX + 1, 1 };
	display_request_size(&d->gpu.display, &d->guest.platform.journal, &request);
	gpu_command(d, VIRTIO_GPU_CMD_GET_DISPLAY_INFO, NULL, 0);
	assert_int_equal(info->pmodes[0].r.width, 800);
}

static void test_edid(void **state)
{
	struct gpu_driver *d = *state;
	const struct virtio_gpu_resp_edid *response = gpu_response(d);
	struct virtio_gpu_resource_unref request = { 0, 0 };
	static const u8 header[8] = { 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0 };
	u8 sum = 0;

	assert_int_equal(gpu_command(d, VIRTIO_GPU_CMD_GET_EDID, &request, sizeof(request)),
			 VIRTIO_GPU_RESP_OK_EDID);
	assert_int_equal(response->size, EDID_BYTES);
	assert_memory_equal(response->edid, header, sizeof(header));
	for (unsigned n = 0; n < EDID_BYTES; n++)
		sum = (u8)(sum + response->edid[n]);
	assert_int_equal(sum, 0);
	/* The first detailed timing: 800 by 600. */
	assert_int_equal(response->edid[54 + 2] | (response->edid[54 + 4] & 0xf0) << 4, 800);
	assert_int_equal(response->edid[54 + 5] | (response->edid[54 + 7] & 0xf0) << 4, 600);
	/* At 192 dots per inch the size is 10 cm by 7, and 105 mm by 79. */
	assert_int_equal(response->edid[21], 10);
	assert_int_equal(response->edid[22], 7);
	assert_int_equal(response->edid[54 + 12], 105);
	assert_int_equal(response->edid[54 + 13], 79);
	assert_int_equal(response->edid[54 + 14], 0);
	request.resource_id = GPU_OUTPUTS;
	assert_int_equal(gpu_command(d, VIRTIO_GPU_CMD_GET_EDID, &request, sizeof(request)),
			 VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
}

/* The DisplayID extension has a preferred mode that is too large for the base block. */
static void test_edid_large(void **state)
{
	u8 edid[EDID_BYTES_MAX], sums[3] = { 0 };
	const u8 *timing = edid + EDID_BYTES + 8;

	assert_int_equal(edid_make(edid, 3840, 2160, EDID_DPI, 1), EDID_BYTES);
	assert_int_equal(edid[126], 0);
	assert_int_equal(edid_make(edid, 5120, 2880, EDID_DPI, 1), EDID_BYTES_MAX);
	assert_int_equal(edid[126], 1);
	for (unsigned n = 0; n < EDID_BYTES; n++) {
		sums[0] = (u8)(sums[0] + edid[n]);
		sums[1] = (u8)(sums[1] + edid[EDID_BYTES + n]);
		sums[2] = (u8)(sums[2] + (n >= 1 && n <= 28 ? edid[EDID_BYTES + n] : 0));
	}
	assert_int_equal(sums[0] | sums[1] | sums[2], 0);
	assert_int_equal(edid[EDID_BYTES], 0x70);
	assert_true(timing[3] & 0x80);
	assert_int_equal((timing[4] | timing[5] << 8) + 1, 5120);
	assert_int_equal((timing[12] | timing[13] << 8) + 1, 2880);
}

/* Sizes are from the smallest to more than an EDID can express. */
static void test_edid_sizes(void **state)
{
	static const u32 sides[] = { 1, 640, 1920, 3840, 4095, 4096, 16384 };
	u8 edid[EDID_BYTES_MAX];

	for (unsigned x = 0; x < ARRAY_SIZE(sides); x++)
		for (unsigned y = 0; y < ARRAY_SIZE(sides); y++) {
			edid_make(edid, sides[x], sides[y], EDID_DPI_MIN, UINT32_MAX);
			assert_int_equal(edid[56] | (edid[58] & 0xf0) << 4,
					 MIN(sides[x], EDID_SIDE_MAX));
			assert_int_equal(edid[59] | (edid[61] & 0xf0) << 4,
					 MIN(sides[y], EDID_SIDE_MAX));
			assert_int_equal(edid[66] | (edid[68] & 0xf0) << 4,
					 MIN(sides[x], EDID_SIDE_MAX) * 254 / 480);
			assert_int_equal(edid[67] | (edid[68] & 0xf) << 8,
					 MIN(sides[y], EDID_SIDE_MAX) * 254 / 480);
		}
}

/*
 * A picture in pages of the guest is shown by two scanouts: one shows all of it, the other a part.
 */
static void test_picture(void **state)
{
	struct gpu_driver *d = *state;
	const struct virtio_gpu_rect all = { 0, 0, 64, 48 }, part = { 10, 20, 30, 5 };
	const u32 length = 1000, count = 13; /* 13000 bytes for 12288 */

	assert_int_equal(gpu_create(d, 7, 64, 48), OK);
	assert_int_equal(gpu_attach(d, 7, count, length), OK);
	for (u64 n = 0; n < 64 * 48; n++)
		for (u64 byte = 0; byte < 4; byte++)
			*gpu_backing(d, n * 4 + byte, count, length) =
				(u8)((u32)n * 0x010305u >> 8 * byte);
	assert_int_equal(gpu_set_scanout(d, 0, 7, &all), OK);
	assert_int_equal(gpu_set_scanout(d, 1, 7, &part), OK);
	assert_true(scanout(d, 0)->surface_changed);
	assert_int_equal(scanout(d, 1)->surface.width, 30);
	assert_int_equal(shown(d, 0, 5, 5), 0);
	assert_int_equal(gpu_transfer(d, 7, &all, 0), OK);
	for (u32 y = 0; y < 48; y++)
		for (u32 x = 0; x < 64; x++)
			assert_int_equal(shown(d, 0, x, y), ((y * 64 + x) * 0x010305u) & 0xffffff);
	assert_int_equal(shown(d, 1, 3, 4), ((24 * 64 + 13) * 0x010305u) & 0xffffff);
	assert_int_equal(gpu_set_scanout(d, 1, 0, &(struct virtio_gpu_rect){ 0 }), OK);
	assert_null(scanout(d, 1)->surface.pixels);
	assert_int_equal(gpu_unref(d, 7), OK);
	assert_null(scanout(d, 0)->surface.pixels);
}

/* A transfer changes only its rectangle; the offset says where its first row begins. */
static void test_transfer_of_a_part(void **state)
{
	struct gpu_driver *d = *state;
	const struct virtio_gpu_rect all = { 0, 0, 32, 32 }, part = { 4, 8, 16, 3 };

	gpu_create(d, 1, 32, 32);
	gpu_attach(d, 1, 1, 32 * 32 * 4);
	gpu_set_scanout(d, 0, 1, &all);
	memset(gpu_backing(d, 0, 1, 4096), 0x55, 4096);
	assert_int_equal(gpu_transfer(d, 1, &part, (8 * 32 + 4) * 4), OK);
	for (u32 y = 0; y < 32; y++)
		for (u32 x = 0; x < 32; x++) {
			bool inside = range_within(x, 1, 4, 16) && range_within(y, 1, 8, 3);

			assert_int_equal(shown(d, 0, x, y), inside ? 0x555555 : 0);
		}
}

static void expect_damage(struct gpu_driver *d, unsigned n, const struct display_rect *rect)
{
	const struct display_damage *damage = &scanout(d, n)->damage;

	assert_int_equal(damage->count, rect->width ? 1 : 0);
	if (rect->width)
		assert_memory_equal(&damage->rects[0], rect, sizeof(*rect));
	display_clear_damage(&d->gpu.display.scanouts[n]);
}

/* A flush damages only the part that each scanout shows. */
static void test_flush(void **state)
{
	struct gpu_driver *d = *state;
	const struct virtio_gpu_rect all = { 0, 0, 100, 100 }, part = { 50, 50, 50, 50 };

	gpu_create(d, 1, 100, 100);
	gpu_set_scanout(d, 0, 1, &all);
	gpu_set_scanout(d, 1, 1, &part);
	expect_damage(d, 0, &(struct display_rect){ 0, 0, 100, 100 });
	expect_damage(d, 1, &(struct display_rect){ 0, 0, 50, 50 });
	assert_int_equal(gpu_flush(d, 1, &(struct virtio_gpu_rect){ 10, 10, 5, 5 }), OK);
	expect_damage(d, 0, &(struct display_rect){ 10, 10, 5, 5 });
	expect_damage(d, 1, &(struct display_rect){ 0 });
	assert_int_equal(gpu_flush(d, 1, &(struct virtio_gpu_rect){ 40, 60, 20, 10 }), OK);
	expect_damage(d, 0, &(struct display_rect){ 40, 60, 20, 10 });
	expect_damage(d, 1, &(struct display_rect){ 0, 10, 10, 10 });
}

static void test_cursor(void **state)
{
	struct gpu_driver *d = *state;
	const struct virtio_gpu_rect all = { 0, 0, 64, 64 };
	const struct display_cursor *cursor = &scanout(d, 1)->cursor;
	const struct virtio_gpu_update_cursor move = { .pos = { 1, (u32)-5, 600, 0 } };

	gpu_create(d, 9, 64, 64);
	gpu_attach(d, 9, 4, 4096);
	memset(gpu_backing(d, 3 * 4096, 4, 4096), 0x7f, 4096);
	gpu_transfer(d, 9, &all, 0);
	assert_int_equal(gpu_update_cursor(d, 1, 9), OK);
	assert_true(cursor->visible && scanout(d, 1)->cursor_changed);
	assert_int_equal(cursor->x, 10);
	assert_int_equal(cursor->hot_y, 4);
	assert_int_equal(cursor->pixels[0], 0);
	assert_int_equal(cursor->pixels[64 * 64 - 1], 0x7f7f7f7f);
	/* The image stays when its resource is deleted. */
	gpu_unref(d, 9);
	assert_int_equal(gpu_command(d, VIRTIO_GPU_CMD_MOVE_CURSOR, &move, sizeof(move)), OK);
	assert_true(cursor->visible);
	assert_int_equal(cursor->x, -5);
	assert_int_equal(cursor->y, 600);
	assert_int_equal(gpu_update_cursor(d, 1, 0), OK);
	assert_false(cursor->visible);
}

/*
 * After a reset by the driver and after a reset of the machine there is no picture, but the
 * monitors are still there.
 */
static void test_reset(void **state)
{
	struct gpu_driver *d = *state;
	const struct virtio_gpu_resp_display_info *info = gpu_response(d);
	const struct virtio_gpu_rect all = { 0, 0, 10, 10 };
	const struct display_size_request request = { 1, 1920, 1080 };

	display_request_size(&d->gpu.display, &d->guest.platform.journal, &request);

	for (unsigned machine = 0; machine < 2; machine++) {
		assert_true(guest_negotiate(&d->guest, BIT(32)));
		guest_queue_start(&d->guest, &d->control, 0, 64);
		guest_driver_ok(&d->guest);
		assert_int_equal(guest_get(&d->guest, MMIO_CONFIG), VIRTIO_GPU_EVENT_DISPLAY);
		assert_int_equal(gpu_create(d, 1, 10, 10), OK);
		gpu_set_scanout(d, 0, 1, &all);
		assert_non_null(scanout(d, 0)->surface.pixels);
		if (machine)
			platform_reset(&d->guest.platform);
		else
			guest_set(&d->guest, MMIO_STATUS, 0);
		assert_null(scanout(d, 0)->surface.pixels);
	}
	assert_true(guest_negotiate(&d->guest, BIT(32)));
	guest_queue_start(&d->guest, &d->control, 0, 64);
	guest_driver_ok(&d->guest);
	assert_int_equal(guest_get(&d->guest, MMIO_CONFIG), 0);
	gpu_command(d, VIRTIO_GPU_CMD_GET_DISPLAY_INFO, NULL, 0);
	assert_int_equal(info->pmodes[0].r.width, 800);
	assert_int_equal(info->pmodes[1].r.width, 1920);
	assert_int_equal(info->pmodes[1].r.height, 1080);
}

/* A loaded state shows the same picture in another device, which continues to work. */
static void test_state(void **state)
{
	static struct gpu_driver other;
	struct gpu_driver *d = *state;
	const struct virtio_gpu_rect all = { 0, 0, 32, 32 };

	gpu_driver_init(&other);
	gpu_create(&other, 99, 500, 500);
	gpu_create(d, 1, 32, 32);
	gpu_attach(d, 1, 1, 32 * 32 * 4);
	gpu_set_scanout(d, 0, 1, &all);
	memset(gpu_backing(d, 0, 1, 4096), 0x42, 4096);
	gpu_transfer(d, 1, &all, 0);
	gpu_create(d, 5, 64, 64);
	gpu_update_cursor(d, 0, 5);
	assert_int_equal(guest_clone(&other.guest, &d->guest), 0);
	assert_int_equal(state_hash(&other.guest.platform.state),
			 state_hash(&d->guest.platform.state));
	assert_int_equal(shown(&other, 0, 31, 31), 0x424242);
	assert_true(scanout(&other, 0)->cursor.visible);
	other.control = d->control;
	other.control.guest = &other.guest;
	memset(gpu_backing(&other, 0, 1, 4096), 0x43, 4096);
	assert_int_equal(gpu_transfer(&other, 1, &all, 0), OK);
	assert_int_equal(shown(&other, 0, 31, 31), 0x434343);
	assert_int_equal(gpu_create(&other, 1, 1, 1), VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
	assert_int_equal(gpu_create(&other, 99, 1, 1), OK);
	gpu_driver_free(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, gpu_driver_setup, gpu_driver_teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_identity),
	TEST(test_display_info),
	TEST(test_wish),
	TEST(test_edid),
	cmocka_unit_test(test_edid_sizes),
	cmocka_unit_test(test_edid_large),
	TEST(test_picture),
	TEST(test_transfer_of_a_part),
	TEST(test_flush),
	TEST(test_cursor),
	TEST(test_reset),
	TEST(test_state),
	{ 0 },
};
