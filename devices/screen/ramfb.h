/* SPDX-License-Identifier: MIT */
/*
 * QEMU's ramfb: a frame buffer in guest memory. The guest writes its address to the fw_cfg file
 * etc/ramfb (docs/specs, hw/display/ramfb). Until then the picture is in the device's own memory,
 * for guests that use the device tree's simple-framebuffer.
 */
#ifndef DEVICES_SCREEN_RAMFB_H
#define DEVICES_SCREEN_RAMFB_H

#include "bus/platform.h"
#include "devices/device_type.h"
#include "devices/screen/display.h"

struct fdt;

#define RAMFB_CONFIG_BYTES 28

struct ramfb_properties {
	u64 width, height; /* in pixels; of the simple-framebuffer */
};

struct ramfb {
	struct display display;
	struct platform *platform;
	const char *name;
	struct ram ram; /* the device's own picture */
	u64 base; /* the physical address of that memory */
	u32 width, height; /* of that picture */
	u8 *shadow; /* a copy of the rows as last shown, without gaps between them; or NULL */
	/* State: the contents of etc/ramfb, big-endian. All zeros: it was not written yet. */
	u8 config[RAMFB_CONFIG_BYTES];
};

/* The device's type for -device; its properties are struct ramfb_properties. */
extern const struct device_type ramfb_device;

/* Attaches the device's own memory to the bus. Returns 0 or bus_attach's error. */
int ramfb_attach(struct ramfb *ramfb, u64 base);

/* Writes the simple-framebuffer node, within /chosen. */
void ramfb_node(const struct ramfb *ramfb, struct fdt *fdt);

#endif
