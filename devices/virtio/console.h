/* SPDX-License-Identifier: MIT */
/*
 * The virtio console (virtio 1.2 section 5.3), one port, with a chardev on the host's side.
 */
#ifndef DEVICES_VIRTIO_CONSOLE_H
#define DEVICES_VIRTIO_CONSOLE_H

#include "devices/chardev.h"
#include "devices/device_types.h"
#include "devices/virtio/virtio.h"

#define VIRTIO_CONSOLE_INPUT 4096

/* 5.3.4 Device configuration layout; sizes and ports are not offered. */
struct virtio_console_config {
	u16 cols, rows;
	u32 max_nr_ports;
	u32 emerg_wr;
};

struct virtio_console {
	struct virtio virtio;
	struct chardev chardev;
	struct virtio_console_config config;
	char part[STATE_NAME_MAX]; /* name of the state and of the journal's sink */
	/* State */
	u8 input[VIRTIO_CONSOLE_INPUT]; /* a ring: typed, not yet taken by the driver */
	u32 input_start, input_count;
	u32 sent; /* bytes of the first waiting output chain that were written */
};

/* `name` as virtio_setup's. The frontend's half of console->chardev may be set at any time. */
void virtio_console_init(struct virtio_console *console, struct platform *platform,
			 const char *name);

int virtio_console_create(void *self, struct device_setup *setup, struct virtio **virtio);

#endif
