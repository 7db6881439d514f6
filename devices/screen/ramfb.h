/* SPDX-License-Identifier: MIT */
/*
 * QEMU's ramfb: a frame buffer that the guest has chosen in its own memory and told of through
 * fw_cfg's file etc/ramfb (docs/specs, hw/display/ramfb). Until it does, the picture is a memory
 * of the device's own, for guests that know a simple-framebuffer of the device tree.
 */
#ifndef DEVICES_SCREEN_RAMFB_H
#define DEVICES_SCREEN_RAMFB_H

#include "bus/platform.h"
#include "devices/board/device_types.h"
#include "devices/screen/display.h"

struct fdt;

#define RAMFB_CONFIG_BYTES 28

struct ramfb {
	struct display display;
	struct platform *platform;
	const char *name;
	struct ram ram; /* of the device's own picture */
	u64 base; /* where the bus has it */
	u32 width, height; /* of that picture */
	u8 *shadow; /* the rows as they were shown last, without what lies between them; or NULL */
	/* State: what etc/ramfb holds, big-endian; all zeros: nothing yet */
	u8 config[RAMFB_CONFIG_BYTES];
};

/* From struct ramfb_properties. */
int ramfb_create(void *self, struct device_setup *setup, struct virtio **virtio);
void ramfb_destroy(void *self);

/* Put the device's own memory on the bus. 0 or bus_attach's error. */
int ramfb_attach(struct ramfb *ramfb, u64 base);

/* The simple-framebuffer, within /chosen. */
void ramfb_node(const struct ramfb *ramfb, struct fdt *fdt);

#endif
