/* SPDX-License-Identifier: MIT */
/*
 * A type of device: its names and help for -device, its properties with their checks, and how one
 * is made. Each device has its own beside its code; the list of all is board/device_types.def.
 */
#ifndef DEVICES_DEVICE_TYPE_H
#define DEVICES_DEVICE_TYPE_H

#include "bus/key.h"
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
	const char *id; /* as the user calls it; NULL: not given. It outlives the device */
	const void *properties;
	/* Filled by create when it fails and has more to say than -errno. */
	char error[DEVICE_ERROR_MAX];
};

/* The order in which devices are listed for people. */
enum device_category {
	DEVICE_STORAGE,
	DEVICE_SHARE,
	DEVICE_NETWORK,
	DEVICE_ENTROPY,
	DEVICE_SERIAL,
	DEVICE_BRIDGE,
	DEVICE_MEMORY,
	DEVICE_DISPLAY,
	DEVICE_INPUT,
	DEVICE_SOCKET,
	DEVICE_SOUND,
	DEVICE_MISC,
	DEVICE_CATEGORIES,
};

/* The use of a line of -device: what it adds to the machine. */
enum device_use {
	DEVICE_PART, /* a device of the board */
	DEVICE_BUS, /* one too, with struct virtio_serial_properties: a bus of ports */
	DEVICE_CONSOLE_PORT, /* a port on such a bus, with struct port_properties: a console */
	DEVICE_SERIAL_PORT, /* or a port for programs */
	DEVICE_LOAD, /* a file in memory, struct board_load */
	DEVICE_USES,
};

/*
 * The role of a property whose value is the name of something else on the command line, which the
 * frontend finds there. What only has to exist comes first, then what a device takes for itself.
 */
enum device_role {
	DEVICE_NAMES_NOTHING,
	DEVICE_NAMES_ENTROPY, /* an -object that is no iothread */
	DEVICE_NAMES_IOTHREAD,
	DEVICE_NAMES_DRIVE, /* in struct virtio_blk_properties */
	DEVICE_NAMES_FSDEV, /* in struct share_properties */
	DEVICE_NAMES_NETDEV, /* in struct virtio_net_properties */
	DEVICE_NAMES_AUDIODEV, /* in struct virtio_sound_properties */
	DEVICE_ROLES,
};

struct device_type {
	const char *name;
	/* For -device, on each transport; NULL: it is not available there. */
	const char *names[DEVICE_TRANSPORTS];
	const char *help;
	enum device_category category;
	enum device_use use;
	/* The properties of its own, which fill a struct of this size; its transport has others. */
	const struct key *keys;
	unsigned key_count;
	size_t properties_size;
	/*
	 * Checks setup->properties, of which nothing is looked up yet and setup->context is NULL;
	 * and checks them beside those of another device of this type in the machine. 0, or
	 * device_fail's value. NULL: nothing can be wrong.
	 */
	int (*check)(struct device_setup *setup);
	int (*check_beside)(struct device_setup *setup, const void *other);
	const char *part; /* the machine's names for it: part0, part1 ..., */
	bool bare; /* or with bare: part, part1 ... */
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

/* The names of a virtio device, on both of its transports. */
#define DEVICE_VIRTIO_NAMES(name) { [DEVICE_MMIO] = name "-device", [DEVICE_PCI] = name "-pci" }

/* Fills setup->error and returns `error`. */
int device_fail(struct device_setup *setup, int error, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
