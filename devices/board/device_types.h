/* SPDX-License-Identifier: MIT */
/*
 * The types of devices that a machine can be given, one row each; the board creates, places and
 * frees what its configuration lists (board/devices.c), and knows none of them by name.
 *
 * To add a device:
 * - its file with a create function as below; a virtio device has virtio_init's meaning only;
 * - a row in device_types.c: that gives it its transports, its state's names and its life;
 * - if it has properties, a struct for them in device.h;
 * - for -device, a row in frontends/cli/machine/drivers.c: keys that fill that struct, and a
 *   `finish` where they name something else that the command line defines (a drive, a netdev).
 */
#ifndef DEVICES_BOARD_DEVICE_TYPES_H
#define DEVICES_BOARD_DEVICE_TYPES_H

#include "devices/device.h"

struct device_setup;
struct disk;
struct fwcfg;
struct platform;
struct virtio;

/* What of the machine a device may use. */
struct device_context {
	struct platform *platform;
	struct fwcfg *fwcfg;
	/* Open, and the device's alone; or NULL with setup->error filled. */
	struct disk *(*disk)(struct device_setup *setup, const char *name);
	void *ctx;
	unsigned harts;
	unsigned descriptors; /* of the host's that a device may have at a time, if it opens much */
	bool copies; /* what the guest does must not change the host's files */
	bool unattended; /* nobody could let a machine that stops go on */
};

#define DEVICE_ERROR_MAX 256

struct device_setup {
	const struct device_context *context;
	const char *name; /* unique in the machine: for its state, its journal's sinks, messages */
	const void *properties;
	/* Filled by create when it fails and can say more than -errno. */
	char error[DEVICE_ERROR_MAX];
};

struct device_type {
	const char *name;
	const char *part; /* the machine's names for it: part0, part1 ...; */
	bool bare; /* or part, part1 ... */
	unsigned transports; /* bits of enum device_transport */
	size_t size; /* of `self`, which is all zeros when it is created */
	/*
	 * Only a virtio device sets *virtio. 0 or -errno. NULL: a root port, struct pci_port, which
	 * the board makes when it has a slot for it.
	 */
	int (*create)(void *self, struct device_setup *setup, struct virtio **virtio);
	void (*free)(void *self); /* of what was created; NULL: nothing to do */
	bool opens_much; /* of the host, as the guest wants */
	bool pluggable; /* while the machine runs: nothing of the host's is made for it at start */
	bool old; /* there were drivers for it before virtio 1.0 */
};

extern const struct device_type device_types[];
extern const unsigned device_type_count;

/* Fill setup->error and return `error`. */
int device_fail(struct device_setup *setup, int error, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
