/* SPDX-License-Identifier: MIT */
/* Tests devices/screen/display.c: pixels of all formats, and damage that covers what was drawn. */
#include <string.h>

#include "devices/screen/display.h"
#include "tests/cmocka.h"

static void test_formats(void **state)
{
	static const u32 expected[DISPLAY_FORMATS] = {
		[DISPLAY_BGRX] = 0x00332211, [DISPLAY_BGRA] = 0x44332211,
		[DISPLAY_XRGB] = 0x00223344, [DISPLAY_ARGB] = 0x11223344,
		[DISPLAY_RGBX] = 0x00112233, [DISPLAY_RGBA] = 0x44112233,
		[DISPLAY_XBGR] = 0x00443322, [DISPLAY_ABGR] = 0x11443322,
		[DISPLAY_RGB565] = 0x0021248c, /* 0x2211: 4, 0x10, 0x11 */
		[DISPLAY_BGR888] = 0x00332211,
	};
	static const u8 bytes[] = { 0x11, 0x22, 0x33, 0x44, 0x11, 0x22, 0x33, 0x44 };
	u32 pixels[2];

	for (unsigned format = 0; format < DISPLAY_FORMATS; format++) {
		u32 size = display_bytes(format);

		assert_in_range(size, 2, 4);
		pixels[0] = pixels[1] = 0xdeadbeef;
		display_convert(format, bytes, pixels, 1);
		if (format == DISPLAY_RGB565)
			pixels[0] &= 0xffffff;
		assert_int_equal(pixels[0], format == DISPLAY_RGB565 ?
						    (4u << 3 | 4 >> 2) << 16 |
							    (0x10u << 2 | 0x10 >> 4) << 8 |
							    (0x11u << 3 | 0x11 >> 2) :
						    expected[format]);
		assert_int_equal(pixels[1], 0xdeadbeef);
	}
}

/* Returns the number of rectangles that contain the pixel. */
static unsigned covered(const struct display_damage *damage, u32 x, u32 y)
{
	unsigned count = 0;

	for (unsigned n = 0; n < damage->count; n++)
		count += range_within(x, 1, damage->rects[n].x, damage->rects[n].width) &&
			 range_within(y, 1, damage->rects[n].y, damage->rects[n].height);
	return count;
}

/*
 * Random rectangles, some of them beyond the edges: each damaged pixel is covered exactly once, and
 * no pixel outside is covered.
 */
static void test_damage(void **state)
{
	static u8 pixels[1], drawn[60][80];
	const struct display_surface surface = { pixels, 80, 60, 320, DISPLAY_BGRX };
	struct display_scanout scanout = { 0 };
	u64 seed = 7;

	display_show(&scanout, &surface);
	for (unsigned round = 0; round < 500; round++) {
		display_clear_damage(&scanout);
		memset(drawn, 0, sizeof(drawn));
		for (unsigned n = 0; n < round % 40; n++) {
			seed = seed * 6364136223846793005ull + 1442695040888963407ull;
			const struct display_rect rect = { seed >> 33 & 127, seed >> 40 & 127,
							   seed >> 47 & 31, seed >> 52 & 31 };

			display_damaged(&scanout, &rect);
			for (u32 y = rect.y; y < MIN(rect.y + rect.height, 60u); y++)
				for (u32 x = rect.x; x < MIN(rect.x + rect.width, 80u); x++)
					drawn[y][x] = 1;
		}
		assert_true(scanout.damage.count <= DISPLAY_DAMAGE_MAX);
		for (unsigned n = 0; n < scanout.damage.count; n++) {
			const struct display_rect *rect = &scanout.damage.rects[n];

			assert_true(rect->width && rect->height);
			assert_true(rect->x + rect->width <= 80 && rect->y + rect->height <= 60);
		}
		for (u32 y = 0; y < 60; y++)
			for (u32 x = 0; x < 80; x++)
				assert_in_range(covered(&scanout.damage, x, y), drawn[y][x], 1);
	}
}

/* Rectangles are joined only if they are close: two letters far apart stay two rectangles. */
static void test_damage_is_precise(void **state)
{
	static u8 pixels[1];
	const struct display_surface surface = { pixels, 1000, 1000, 4000, DISPLAY_BGRX };
	struct display_scanout scanout = { 0 };

	display_show(&scanout, &surface);
	display_clear_damage(&scanout);
	for (u32 n = 0; n < DISPLAY_DAMAGE_MAX; n++)
		display_damaged(&scanout, &(struct display_rect){ n * 60, n * 60, 8, 16 });
	assert_int_equal(scanout.damage.count, DISPLAY_DAMAGE_MAX);
	display_clear_damage(&scanout);
	for (u32 n = 0; n < 100; n++)
		display_damaged(&scanout, &(struct display_rect){ n * 8, 0, 8, 16 });
	assert_int_equal(scanout.damage.count, 1);
	assert_int_equal(scanout.damage.rects[0].width, 800);
}

/*
 * The two bars of a cross, and a rectangle within another one: no pixel is covered twice, and no
 * other pixel is covered.
 */
static void test_damage_overlaps(void **state)
{
	static u8 pixels[1];
	const struct display_surface surface = { pixels, 100, 100, 400, DISPLAY_BGRX };
	struct display_scanout scanout = { 0 };
	u64 sum = 0;

	display_show(&scanout, &surface);
	display_clear_damage(&scanout);
	display_damaged(&scanout, &(struct display_rect){ 0, 45, 100, 10 });
	display_damaged(&scanout, &(struct display_rect){ 45, 0, 10, 100 });
	display_damaged(&scanout, &(struct display_rect){ 47, 10, 2, 70 });
	for (unsigned n = 0; n < scanout.damage.count; n++)
		sum += scanout.damage.rects[n].width * scanout.damage.rects[n].height;
	assert_int_equal(sum, 1000 + 1000 - 100);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_formats),
	cmocka_unit_test(test_damage),
	cmocka_unit_test(test_damage_is_precise),
	cmocka_unit_test(test_damage_overlaps),
	{ 0 },
};
