/* SPDX-License-Identifier: MIT */
/* frontends/display/window_fit.c and window_picture.c: scaling, and updating copies. */
#include <stdlib.h>
#include <string.h>

#include "frontends/display/window_fit.h"
#include "frontends/display/window_picture.h"
#include "tests/cmocka.h"

static void expect_fit(u32 window_width, u32 window_height, bool integer, const s32 place[4])
{
	struct window_fit fit = window_fit(window_width, window_height, 640, 480, integer);

	assert_int_equal(fit.x, place[0]);
	assert_int_equal(fit.y, place[1]);
	assert_int_equal(fit.width, place[2]);
	assert_int_equal(fit.height, place[3]);
}

static void test_fit(void **state)
{
	expect_fit(640, 480, false, (s32[]){ 0, 0, 640, 480 });
	expect_fit(1280, 960, false, (s32[]){ 0, 0, 1280, 960 });
	expect_fit(1000, 480, false, (s32[]){ 180, 0, 640, 480 });
	expect_fit(640, 1000, false, (s32[]){ 0, 260, 640, 480 });
	expect_fit(1920, 1080, false, (s32[]){ 240, 0, 1440, 1080 });
	expect_fit(1920, 1080, true, (s32[]){ 320, 60, 1280, 960 });
	expect_fit(320, 240, true, (s32[]){ 0, 0, 320, 240 });
	expect_fit(1, 1, false, (s32[]){ 0, 0, 1, 1 });
	expect_fit(0, 0, false, (s32[]){ 0, 0, 0, 0 });
}

/* Every pixel of the window maps to a pixel of the picture, and the corners to the corners. */
static void test_points(void **state)
{
	static const u32 sizes[] = { 1, 2, 3, 7, 64, 640, 16384 };

	for (unsigned w = 0; w < ARRAY_SIZE(sizes); w++)
		for (unsigned p = 0; p < ARRAY_SIZE(sizes); p++)
			for (unsigned integer = 0; integer < 2; integer++) {
				u32 side = sizes[p];
				struct window_fit fit =
					window_fit(sizes[w], sizes[w], side, side, integer);
				s32 x = fit.x, y = fit.y;

				window_fit_point(&fit, &x, &y);
				assert_int_equal(x, 0);
				x = fit.x + (s32)fit.width - 1;
				y = INT32_MAX;
				window_fit_point(&fit, &x, &y);
				assert_in_range(x, side - 1 - (side - 1) / fit.width, side - 1);
				assert_int_equal(y, side - 1);
				x = y = INT32_MIN / 2;
				window_fit_point(&fit, &x, &y);
				assert_int_equal(x, 0);
			}
}

/* Desktops with two pixels to a point, with one, and with one and a half. */
static void test_sides(void **state)
{
	const struct window_side twice = { 400, 800 }, once = { 400, 400 }, half = { 534, 801 };

	assert_int_equal(window_fit_points(twice, 1024), 512);
	assert_int_equal(window_fit_points(twice, 1023), 512);
	assert_int_equal(window_fit_points(once, 1023), 1023);
	assert_int_equal(window_fit_points(half, 800), 534);
	assert_int_equal(window_fit_points((struct window_side){ 0, 0 }, 640), 640);
	assert_int_equal(window_fit_pixel(twice, 0), 0);
	assert_int_equal(window_fit_pixel(twice, 399), 799);
	assert_int_equal(window_fit_pixel(twice, 400), 799);
	assert_int_equal(window_fit_pixel(twice, -1), 0);
	for (s32 point = 0; point < 400; point++) {
		assert_in_range(window_fit_pixel(twice, point), 2 * point, 2 * point + 1);
		assert_int_equal(window_fit_pixel(once, point), point);
	}
}

/* A point of a window with two pixels per point maps to the right pixel of the guest, if the
 * picture is shown pixel by pixel. */
static void test_points_twice(void **state)
{
	const struct window_side width = { 500, 1000 }, height = { 300, 600 };
	struct window_fit fit = window_fit(width.pixels, height.pixels, 800, 600, false);
	s32 x = window_fit_pixel(width, 50), y = window_fit_pixel(height, 299);

	assert_int_equal(fit.width, 800);
	window_fit_point(&fit, &x, &y);
	assert_int_equal(x, 0);
	assert_int_equal(y, 599);
	x = window_fit_pixel(width, 250);
	window_fit_point(&fit, &x, &y);
	assert_in_range(x, 400, 401);
}

static u32 guest[48][64];

static void window_draw(struct display_scanout *scanout, struct display_rect rect, u32 colour)
{
	for (u32 y = rect.y; y < rect.y + rect.height; y++)
		for (u32 x = rect.x; x < rect.x + rect.width; x++)
			guest[y][x] = colour;
	display_damaged(scanout, &rect);
}

/* Each damaged pixel is copied once, and no other pixel. */
static void test_copies(void **state)
{
	const struct display_surface surface = { (const u8 *)guest, 64, 48, 256, DISPLAY_BGRX };
	struct display_scanout scanout = { 0 };
	struct window_picture picture = { 0 };

	display_show(&scanout, &surface);
	window_picture_take(&picture, &scanout);
	display_clear_damage(&scanout);
	assert_true(picture.changed);
	assert_int_equal(picture.copied, 64 * 48);
	guest[0][0] = 0x123456; /* this change is not reported */
	window_draw(&scanout, (struct display_rect){ 60, 40, 4, 8 }, 0xabcdef);
	window_draw(&scanout, (struct display_rect){ 1, 1, 2, 2 }, 0xfedcba);
	window_picture_take(&picture, &scanout);
	display_clear_damage(&scanout);
	assert_int_equal(picture.copied, 64 * 48 + 32 + 4);
	assert_int_equal(picture.pixels[0], 0);
	assert_int_equal(picture.pixels[47 * 64 + 63] & 0xffffff, 0xabcdef);
	assert_int_equal(picture.pixels[64 + 1] & 0xffffff, 0xfedcba);
	window_picture_take(&picture, &scanout);
	assert_int_equal(picture.copied, 64 * 48 + 32 + 4);
	window_picture_free(&picture);
}

/* The size changes after a part was damaged and before it is copied. */
static void test_row_37_resize(void **state)
{
	struct display_surface surface = { (const u8 *)guest, 64, 48, 256, DISPLAY_BGRX };
	struct display_scanout scanout = { 0 };
	struct window_picture picture = { 0 };

	display_show(&scanout, &surface);
	for (unsigned n = 0; n < 64; n++) {
		window_draw(&scanout, (struct display_rect){ 0, 0, surface.width, surface.height },
			    n);
		if (n % 3 == 0)
			window_picture_take(&picture, &scanout);
		surface.width = 1 + n * 7 % 64;
		surface.height = 1 + n * 5 % 48;
		display_show(&scanout, &surface);
		display_damaged(&scanout, &(struct display_rect){ 0, 0, 64, 48 });
		display_damaged(&scanout, &(struct display_rect){ 63, 47, 1, 1 });
		display_damaged(&scanout, &(struct display_rect){ UINT32_MAX, 1, 2, UINT32_MAX });
		window_picture_take(&picture, &scanout);
		assert_int_equal(picture.copy.surface.width, surface.width);
		for (unsigned i = 0; i < picture.copy.damage.count; i++) {
			const struct display_rect *rect = &picture.copy.damage.rects[i];

			assert_true(rect->x + rect->width <= surface.width);
			assert_true(rect->y + rect->height <= surface.height);
		}
		if (n % 2)
			display_clear_damage(&scanout);
	}
	display_show(&scanout, &(struct display_surface){ 0 });
	window_picture_take(&picture, &scanout);
	assert_null(picture.pixels);
	window_picture_free(&picture);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_fit),
	cmocka_unit_test(test_points),
	cmocka_unit_test(test_sides),
	cmocka_unit_test(test_points_twice),
	cmocka_unit_test(test_copies),
	cmocka_unit_test(test_row_37_resize),
	{ 0 },
};
