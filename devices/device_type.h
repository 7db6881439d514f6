/* SPDX-License-Identifier: MIT */
/*
 * What a type of device is: its name, its places, and how one is made. The list of all types is
 * board/device_types.h's.
 */
#ifndef DEVICES_DEVICE_TYPE_H
#define DEVICES_DEVICE_TYPE_H

#include "devices/device.h"

struct device_setup;
struct disk;
struct fwcfg;
struct platform;
struct virtio;

/* The parts of the machine that a device may use. */
struct device_context {
	struct platform *platform;
	struct fwcfg *fwcfg;
	/* Returns the open image, for this device only; or NULL with setup->error filled. */
	struct disk *(*disk)(struct device_setup *setup, const char *name);
	void *ctx;
	unsigned harts;
	unsigned descriptors; /* the limit of the host's descriptors for a device that opens_much */
	bool copies; /* the guest must not change the host's files */
	bool unattended; /* no user can let a machine that stopped go on */
};

#define DEVICE_ERROR_MAX 256

struct device_setup {
	const struct device_context *context;
	/* Unique in the machine: names its state, its journal's sinks, and it in messages. */
	const char *name;
	const void *properties;
	/* Filled by create when it fails and has more to say than -errno. */
	char error[DEVICE_ERROR_MAX];
};

struct device_type {
	const char *name;
	const char *part; /* the machine's names for it: part0, part1 ..., */
	bool bare; /* or with bare: part, part1 ... */
	unsigned transports; /* bits of enum device_transport */
	size_t size; /* of `self`, which is all zeros when it is created */
	/*
	 * Creates the device; 0 or -errno. Only a virtio device sets *virtio. NULL for a root port,
	 * struct pci_port, which the board creates when it has a slot for it.
	 */
	int (*create)(void *self, struct device_setup *setup, struct virtio **virtio);
	void (*free)(void *self); /* frees what was created; NULL: nothing to do */
	bool opens_much; /* the guest can make it open many files or sockets of the host */
	/* While the machine runs: it needs nothing that the frontend makes at start. */
	bool pluggable;
	bool old; /* drivers for it exist from before virtio 1.0 */
};

/* Fills setup->error and returns `error`. */
int device_fail(struct device_setup *setup, int error, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
