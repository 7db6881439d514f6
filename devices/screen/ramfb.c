/* SPDX-License-Identifier: MIT */
/*
 * The ramfb device. It does not see when pixels are written: at each refresh it reads the picture
 * from guest memory, and finds the damage by comparing the picture with a copy, the shadow.
 */
#include "devices/screen/ramfb.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/fdt.h"
#include "devices/boot/fwcfg.h"

#define SIDE_MAX 8192u
#define OWN_BYTES 4 /* the size of a pixel in the device's own memory */
#define FOURCC(a, b, c, d) ((u32)(a) | (u32)(b) << 8 | (u32)(c) << 16 | (u32)(d) << 24)

/* QEMU's struct RAMFBCfg, which is big-endian. */
struct ramfb_config {
	u64 addr;
	u32 fourcc; /* DRM's code for the format */
	u32 flags;
	u32 width, height;
	u32 stride; /* in bytes; 0: rows follow each other without a gap */
} __attribute__((packed));

static_assert(sizeof(struct ramfb_config) == RAMFB_CONFIG_BYTES, "layout of etc/ramfb");

static const struct {
	u32 fourcc;
	enum display_format format;
} formats[] = {
	{ FOURCC('X', 'R', '2', '4'), DISPLAY_BGRX },
	{ FOURCC('A', 'R', '2', '4'), DISPLAY_BGRX },
	{ FOURCC('R', 'G', '2', '4'), DISPLAY_BGR888 },
	{ FOURCC('R', 'G', '1', '6'), DISPLAY_RGB565 },
};

static bool find_format(u32 fourcc, enum display_format *format)
{
	for (unsigned n = 0; n < ARRAY_SIZE(formats); n++) {
		if (formats[n].fourcc != fourcc)
			continue;
		*format = formats[n].format;
		return true;
	}
	return false;
}

static u64 row_bytes(const struct display_surface *surface)
{
	return (u64)surface->width * display_bytes(surface->format);
}

/*
 * Finds the surface that the guest's configuration describes. Returns false if it cannot be shown.
 */
static bool find_surface(const struct ramfb *ramfb, struct display_surface *surface)
{
	struct ramfb_config config;
	u64 row;

	memcpy(&config, ramfb->config, sizeof(config));
	surface->width = be32toh(config.width);
	surface->height = be32toh(config.height);
	surface->stride = be32toh(config.stride);
	if (!surface->width || surface->width > SIDE_MAX || !surface->height ||
	    surface->height > SIDE_MAX || !find_format(be32toh(config.fourcc), &surface->format))
		return false;
	row = row_bytes(surface);
	surface->stride = surface->stride ? surface->stride : row;
	if (surface->stride < row)
		return false;
	surface->pixels = bus_dma_map(&ramfb->platform->bus, be64toh(config.addr),
				      (surface->height - 1) * surface->stride + row, false);
	return surface->pixels;
}

static bool is_configured(const struct ramfb *ramfb)
{
	static const u8 nothing[RAMFB_CONFIG_BYTES];

	return memcmp(ramfb->config, nothing, sizeof(nothing)) != 0;
}

/* Shows the current surface, and drops the shadow, which belongs to the previous one. */
static void show(struct ramfb *ramfb)
{
	struct display_surface surface = {
		.pixels = ramfb->ram.host,
		.width = ramfb->width,
		.height = ramfb->height,
		.stride = (u64)ramfb->width * OWN_BYTES,
		.format = DISPLAY_BGRX,
	};

	if (is_configured(ramfb) && !find_surface(ramfb, &surface)) {
		log_line(&ramfb->platform->log, LOG_GUEST_ERRORS, "%s: bad etc/ramfb", ramfb->name);
		surface = (struct display_surface){ 0 };
	}
	free(ramfb->shadow);
	ramfb->shadow = NULL;
	display_show(&ramfb->display.scanouts[0], &surface);
}

/* Finds the part of a row that differs from the shadow, and copies it there. */
static bool compare_row(u8 *shadow, const u8 *row, u64 size, u64 *first, u64 *last)
{
	if (!memcmp(shadow, row, size))
		return false;
	*first = 0;
	*last = size - 1;
	while (shadow[*first] == row[*first])
		++*first;
	while (shadow[*last] == row[*last])
		--*last;
	memcpy(shadow + *first, row + *first, *last + 1 - *first);
	return true;
}

static void ramfb_compare(struct ramfb *ramfb, struct display_scanout *scanout)
{
	const struct display_surface *surface = &scanout->surface;
	u64 size = row_bytes(surface), bytes = display_bytes(surface->format), first, last;

	for (u32 y = 0; y < surface->height; y++) {
		struct display_rect rect = { .y = y, .height = 1 };

		if (!compare_row(ramfb->shadow + y * size, surface->pixels + y * surface->stride,
				 size, &first, &last))
			continue;
		rect.x = (u32)(first / bytes);
		rect.width = (u32)(last / bytes) + 1 - rect.x;
		display_damaged(scanout, &rect);
	}
}

static void refresh(void *device)
{
	struct ramfb *ramfb = device;
	struct display_scanout *scanout = &ramfb->display.scanouts[0];
	const struct display_surface *surface = &scanout->surface;
	const struct display_rect all = { .width = surface->width, .height = surface->height };

	if (!surface->pixels)
		return;
	if (ramfb->shadow) {
		ramfb_compare(ramfb, scanout);
		return;
	}
	/* At the first refresh, or without memory for a shadow, everything counts as damaged. */
	ramfb->shadow = malloc(row_bytes(surface) * surface->height);
	for (u32 y = 0; ramfb->shadow && y < surface->height; y++)
		memcpy(ramfb->shadow + y * row_bytes(surface),
		       surface->pixels + y * surface->stride, row_bytes(surface));
	display_damaged(scanout, &all);
}

static void ramfb_written(void *ctx)
{
	show(ctx);
}

static void ramfb_reset(void *self)
{
	struct ramfb *ramfb = self;

	memset(ramfb->config, 0, sizeof(ramfb->config));
	ram_clear(&ramfb->ram);
	show(ramfb);
}

static const struct state_field ramfb_fields[] = {
	STATE_ARRAY(struct ramfb, config),
};

/* Shows the loaded surface. Loading any values is safe: they are checked when they are used. */
static int ramfb_loaded(void *self)
{
	show(self);
	return 0;
}

static const struct state_type ramfb_type = {
	.version = 1,
	.fields = ramfb_fields,
	.count = ARRAY_SIZE(ramfb_fields),
	.post_load = ramfb_loaded,
};

static int ramfb_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	const struct ramfb_properties *properties = setup->properties;
	struct platform *platform = setup->context->platform;
	struct ramfb *ramfb = self;
	char name[STATE_NAME_MAX];
	int error;

	(void)virtio;
	*ramfb = (struct ramfb){
		.display = { .count = 1, .refresh = refresh, .device = ramfb },
		.platform = platform,
		.name = setup->name,
		.width = (u32)properties->width,
		.height = (u32)properties->height,
	};
	if (fwcfg_add_writable(setup->context->fwcfg, "etc/ramfb", ramfb->config,
			       sizeof(ramfb->config),
			       &(struct fwcfg_writer){ ramfb_written, ramfb }))
		return device_fail(setup, -EEXIST,
				   "there is an etc/ramfb already, of another ramfb "
				   "or of -fw_cfg; one is enough");
	error = ram_init(&ramfb->ram,
			 align_up((u64)ramfb->width * ramfb->height * OWN_BYTES, PAGE_SIZE));
	if (error)
		return error;
	snprintf(name, sizeof(name), "%s.memory", setup->name);
	state_register_ram(&platform->state, name, &ramfb->ram);
	state_register(&platform->state, setup->name, &ramfb_type, ramfb);
	platform_on_reset(platform, ramfb_reset, ramfb);
	return 0;
}

static void ramfb_destroy(void *self)
{
	struct ramfb *ramfb = self;

	free(ramfb->shadow);
	ram_free(&ramfb->ram);
}

int ramfb_attach(struct ramfb *ramfb, u64 base)
{
	const struct region region = {
		.name = ramfb->name, .base = base, .size = ramfb->ram.size, .ram = &ramfb->ram
	};

	ramfb->base = base;
	return bus_attach(&ramfb->platform->bus, &region);
}

void ramfb_node(const struct ramfb *ramfb, struct fdt *fdt)
{
	fdt_u32(fdt, "#address-cells", 2);
	fdt_u32(fdt, "#size-cells", 2);
	fdt_flag(fdt, "ranges");
	fdt_node(fdt, "framebuffer@%llx", ramfb->base);
	fdt_str(fdt, "compatible", "simple-framebuffer");
	fdt_reg(fdt, ramfb->base, ramfb->ram.size);
	fdt_u32(fdt, "width", ramfb->width);
	fdt_u32(fdt, "height", ramfb->height);
	fdt_u32(fdt, "stride", ramfb->width * OWN_BYTES);
	fdt_str(fdt, "format", "x8r8g8b8");
	fdt_end(fdt);
}

static const struct key ramfb_keys[] = {
	{ .name = "xres", .kind = KEY_NUMBER, .accepted = "PIXELS",
	  .offset = offsetof(struct ramfb_properties, width),
	  .min = 64, .max = 2560, .initial = 1024 },
	{ .name = "yres", .kind = KEY_NUMBER, .accepted = "PIXELS",
	  .offset = offsetof(struct ramfb_properties, height),
	  .min = 64, .max = 1600, .initial = 768 },
};

const struct device_type ramfb_device = {
	.name = "ramfb",
	.names = { [DEVICE_ALONE] = "ramfb" },
	.help = "A screen in the guest's memory, at the place that firmware gives through fw_cfg; "
		"without such firmware it is the simple-framebuffer of the device tree, of xres= "
		"by yres=.",
	.category = DEVICE_DISPLAY,
	.keys = ramfb_keys,
	.key_count = ARRAY_SIZE(ramfb_keys),
	.properties_size = sizeof(struct ramfb_properties),
	.part = "ramfb",
	.first_unnumbered = true,
	.size = sizeof(struct ramfb),
	.create = ramfb_create,
	.free = ramfb_destroy,
};
