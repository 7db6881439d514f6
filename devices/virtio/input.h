/* SPDX-License-Identifier: MIT */
/*
 * The virtio input device (virtio 1.2 section 5.8) as a keyboard, a tablet or a mouse. A table
 * describes how the three differ. Events come through the journal in whole reports
 * (devices/input.h).
 */
#ifndef DEVICES_VIRTIO_INPUT_H
#define DEVICES_VIRTIO_INPUT_H

#include "devices/device_type.h"
#include "devices/input.h"
#include "devices/virtio/virtio.h"

#define VIRTIO_INPUT_PENDING 1024 /* in events */

/* 5.8.4 Device configuration layout */
struct virtio_input_config {
	u8 select;
	u8 subsel;
	u8 size;
	u8 reserved[5];
	u8 data[128];
};

struct virtio_input_kind;

struct virtio_input {
	struct virtio virtio;
	struct input input;
	const struct virtio_input_kind *kind;
	char part[STATE_NAME_MAX]; /* name of the state and of the journal's sink */
	/* `select` and `subsel` are state, and the other fields follow from them. */
	struct virtio_input_config config;
	/* State */
	/* A ring: events for which the driver had no buffers yet. */
	struct input_event pending[VIRTIO_INPUT_PENDING];
	u32 pending_start, pending_count;
};

/* Initialises the device. `name` is as in struct virtio_setup. */
void virtio_input_init(struct virtio_input *input, struct platform *platform, const char *name,
		       enum input_kind kind);

/* The devices' types for -device. */
extern const struct device_type virtio_keyboard_device;
extern const struct device_type virtio_tablet_device;
extern const struct device_type virtio_mouse_device;

#endif
