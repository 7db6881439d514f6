/* SPDX-License-Identifier: MIT */
/* Tests ramfb: the device's own picture, etc/ramfb, and hostile configurations. */
#include "tests/devices/fixture.h"

#include "devices/boot/fwcfg.h"
#include "devices/screen/ramfb.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

enum { DMA = 0x10, DMA_ERROR = 1, DMA_SELECT = 8, DMA_WRITE = 16 };

#define OWN 0x4000000ull
#define DESCRIPTOR FIXTURE_RAM
#define CONFIG (FIXTURE_RAM + 64)
#define PICTURE (FIXTURE_RAM + 0x1000)
#define XR24 0x34325258u
#define RG16 0x36314752u

struct machine {
	struct fixture f;
	struct fwcfg fwcfg;
	struct ramfb ramfb;
};

struct told {
	u64 addr;
	u32 fourcc, flags, width, height, stride;
} __attribute__((packed));

static int setup(void **state)
{
	struct machine *m = calloc(1, sizeof(*m));
	const struct ramfb_properties properties = { 64, 48 };
	const struct device_context context = { .platform = &m->f.platform, .fwcfg = &m->fwcfg };
	struct device_setup own = { .context = &context, .name = "ramfb",
				    .properties = &properties };

	fixture_init(&m->f, CLOCK_VIRTUAL);
	assert_int_equal(fwcfg_attach(&m->fwcfg, &m->f.platform, FIXTURE_BASE), 0);
	assert_int_equal(ramfb_device.create(&m->ramfb, &own, NULL), 0);
	assert_int_equal(ramfb_attach(&m->ramfb, OWN), 0);
	platform_reset(&m->f.platform);
	*state = m;
	return 0;
}

static int teardown(void **state)
{
	struct machine *m = *state;

	ramfb_device.free(&m->ramfb);
	fixture_free(&m->f);
	free(m);
	return 0;
}

/* Writes `size` bytes of the file etc/ramfb. Returns the control word afterwards. */
static u32 tell(struct machine *m, const struct told *told, u32 size)
{
	const struct told swapped = {
		htobe64(told->addr), htobe32(told->fourcc), 0, htobe32(told->width),
		htobe32(told->height), htobe32(told->stride),
	};
	u32 control = (u32)FWCFG_FIRST_FILE << 16 | DMA_SELECT | DMA_WRITE, answer;
	u64 head = htobe64((u64)control << 32 | size), tail = htobe64(CONFIG);
	struct bus *bus = &m->f.platform.bus;

	assert_true(bus_dma_write(bus, CONFIG, &swapped, sizeof(swapped)));
	assert_true(bus_dma_write(bus, DESCRIPTOR, &head, 8));
	assert_true(bus_dma_write(bus, DESCRIPTOR + 8, &tail, 8));
	fixture_write(&m->f, DMA, 8, htobe64(DESCRIPTOR));
	assert_true(bus_dma_read(bus, DESCRIPTOR, &answer, 4));
	return be32toh(answer);
}

static struct display_scanout *shown(struct machine *m)
{
	return &m->ramfb.display.scanouts[0];
}

static void expect_change(struct machine *m, const struct display_rect *rect)
{
	display_refresh(&m->ramfb.display);
	assert_int_equal(shown(m)->damage.count, rect ? 1 : 0);
	if (rect)
		assert_memory_equal(&shown(m)->damage.rects[0], rect, sizeof(*rect));
	display_clear_damage(shown(m));
}

/* The damage is what was stored to the device's memory, and nothing else. */
static void test_own_picture(void **state)
{
	struct machine *m = *state;
	struct bus *bus = &m->f.platform.bus;

	assert_int_equal(shown(m)->surface.width, 64);
	expect_change(m, &(struct display_rect){ 0, 0, 64, 48 });
	expect_change(m, NULL);
	assert_true(bus_store(bus, OWN + (5 * 64 + 7) * 4, 4, 0xffffff));
	expect_change(m, &(struct display_rect){ 7, 5, 1, 1 });
	assert_true(bus_store(bus, OWN + (47 * 64 + 63) * 4, 1, 1));
	expect_change(m, &(struct display_rect){ 63, 47, 1, 1 });
	expect_change(m, NULL);
}

static void test_told(void **state)
{
	struct machine *m = *state;
	struct bus *bus = &m->f.platform.bus;
	u32 pixel;

	assert_int_equal(tell(m, &(struct told){ PICTURE, XR24, 0, 8, 4, 40 }, 28), 0);
	assert_int_equal(shown(m)->surface.width, 8);
	expect_change(m, &(struct display_rect){ 0, 0, 8, 4 });
	assert_true(bus_store(bus, PICTURE + 40 + 2 * 4, 4, 0xff123456));
	assert_true(bus_store(bus, PICTURE + 40 + 8 * 4, 4, 1)); /* between the rows */
	expect_change(m, &(struct display_rect){ 2, 1, 1, 1 });
	display_convert(shown(m)->surface.format, shown(m)->surface.pixels + 48, &pixel, 1);
	assert_int_equal(pixel & 0xffffff, 0x123456);
	assert_int_equal(tell(m, &(struct told){ PICTURE, RG16, 0, 8, 4, 0 }, 28), 0);
	assert_int_equal(shown(m)->surface.stride, 16);
	platform_reset(&m->f.platform);
	assert_int_equal(shown(m)->surface.width, 64);
}

/* Sizes that overflow, unknown formats, addresses without memory: nothing is shown. */
static void test_hostile(void **state)
{
	static const struct told bad[] = {
		{ PICTURE, XR24, 0, 0, 4, 0 },
		{ PICTURE, XR24, 0, 4, 0, 0 },
		{ PICTURE, XR24, 0, 8, 4, 31 },
		{ PICTURE, XR24, 0, 8193, 1, 0 },
		{ PICTURE, XR24, 0, 1, 8193, 0 },
		{ PICTURE, XR24, 0, UINT32_MAX, UINT32_MAX, 0 },
		{ PICTURE, XR24, 0, 0x40000001, 1, 4 },
		{ PICTURE, XR24, 0, 8, 4, UINT32_MAX },
		{ PICTURE, 0x20203852, 0, 8, 4, 0 },
		{ PICTURE, 0, 0, 8, 4, 0 },
		{ 0, XR24, 0, 8, 4, 0 },
		{ FIXTURE_BASE, XR24, 0, 1, 1, 0 },
		{ UINT64_MAX, XR24, 0, 8, 4, 0 },
		{ FIXTURE_RAM + FIXTURE_RAM_SIZE - 127, XR24, 0, 8, 4, 0 },
	};
	struct machine *m = *state;

	for (unsigned n = 0; n < ARRAY_SIZE(bad); n++) {
		assert_int_equal(tell(m, &(struct told){ PICTURE, XR24, 0, 8, 4, 0 }, 28), 0);
		assert_non_null(shown(m)->surface.pixels);
		assert_int_equal(tell(m, &bad[n], 28), 0);
		assert_null(shown(m)->surface.pixels);
		display_refresh(&m->ramfb.display);
		display_clear_damage(shown(m));
	}
	assert_int_equal(tell(m, &bad[0], 29), DMA_ERROR);
	assert_int_equal(tell(m, &bad[0], UINT32_MAX), DMA_ERROR);
	assert_int_equal(tell(m, &(struct told){ FIXTURE_RAM + FIXTURE_RAM_SIZE - 128, XR24, 0, 8,
						 4, 0 }, 28), 0);
	assert_non_null(shown(m)->surface.pixels);
	display_refresh(&m->ramfb.display);
}

static void test_one_is_enough(void **state)
{
	struct machine *m = *state;
	struct ramfb other = { 0 };
	const struct ramfb_properties properties = { 64, 48 };
	const struct device_context context = { .platform = &m->f.platform, .fwcfg = &m->fwcfg };
	struct device_setup own = { .context = &context, .name = "ramfb1",
				    .properties = &properties };

	assert_int_equal(ramfb_device.create(&other, &own, NULL), -EEXIST);
	assert_string_equal(own.error, "there is an etc/ramfb already, of another ramfb or of "
				       "-fw_cfg; one is enough");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_own_picture, setup, teardown),
	cmocka_unit_test_setup_teardown(test_told, setup, teardown),
	cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
	cmocka_unit_test_setup_teardown(test_one_is_enough, setup, teardown),
	{ 0 },
};
