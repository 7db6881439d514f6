/* SPDX-License-Identifier: MIT */
/*
 * A type of device: its names and help for -device, its properties and their checks, and how a
 * device is created. Each type is defined next to the device's code; board/device_types.def lists
 * all.
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
	/*
	 * Returns the open image of this name, for the exclusive use of this device, or NULL with
	 * setup->error filled in.
	 */
	struct disk *(*disk)(struct device_setup *setup, const char *name);
	void *ctx;
	unsigned harts;
	/* how many of the host's descriptors a device that opens_much may use */
	unsigned descriptors;
	bool copies; /* the guest must not change the host's files */
};

#define DEVICE_ERROR_MAX 256

struct device_setup {
	const struct device_context *context;
	/*
	 * Unique in the machine: the name of the device in messages, of its state and of its
	 * journal's sinks.
	 */
	const char *name;
	const char *id; /* the user's name for it, which outlives the device; NULL: not given */
	const void *properties;
	/* Filled in by `create` if it fails and -errno alone does not explain why. */
	char error[DEVICE_ERROR_MAX];
};

/* The categories, in the order in which devices are listed for people. */
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

/* The kinds of things that a -device adds to the machine. */
enum device_use {
	DEVICE_PART, /* a device of the board */
	/* a device of the board with a bus of ports (struct virtio_serial_properties) */
	DEVICE_BUS,
	DEVICE_CONSOLE_PORT, /* a port on such a bus for a console (struct port_properties) */
	DEVICE_SERIAL_PORT, /* a port on such a bus for programs (struct port_properties) */
	DEVICE_LOAD, /* a file in memory (struct board_load) */
	DEVICE_USES,
};

/*
 * The role of a property whose value names something else on the command line, which the frontend
 * looks up there. Things that only have to exist come first, and then those that one device uses
 * exclusively.
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
	/* The names for -device, by transport; NULL: not available on it. */
	const char *names[DEVICE_TRANSPORTS];
	const char *help;
	enum device_category category;
	enum device_use use;
	/* The type's own properties, which fill a struct of this size. Its transport has others. */
	const struct key *keys;
	unsigned key_count;
	size_t properties_size;
	/*
	 * `check` checks setup->properties before anything that they name is looked up;
	 * setup->context is NULL. check_beside checks that they are compatible with those of
	 * another device of this type in the machine. Both return 0, or what device_fail returns.
	 * NULL: there is nothing to check.
	 */
	int (*check)(struct device_setup *setup);
	int (*check_beside)(struct device_setup *setup, const void *other);
	/*
	 * The machine names such devices part0, part1 ... The names are those of their states, and
	 * so unique among all parts of the machine: no other device, in or outside of the list of
	 * types, may register such a state. Together with the number, a name is shorter than
	 * VIRTIO_NAME_MAX. Further states of a device are called NAME.something.
	 */
	const char *part;
	bool first_unnumbered; /* they are named part, part1 ... */
	size_t size; /* size of `self`, which is all zeros when `create` is called */
	/*
	 * Creates the device. Returns 0 or -errno. Only a virtio device sets *virtio. NULL for a
	 * root port (struct pci_port), which the board creates when it has a slot for it.
	 */
	int (*create)(void *self, struct device_setup *setup, struct virtio **virtio);
	void (*free)(void *self); /* frees what `create` allocated; NULL: nothing to do */
	bool opens_much; /* the guest can make it open many files or sockets of the host */
	/*
	 * It can be added and removed while the machine runs: it needs nothing that the frontend
	 * prepares at the start, and has no clock event and no sink of the journal of its own,
	 * which nobody would remove (plug_forget in board/plug/plug.c).
	 */
	bool pluggable;
	/*
	 * The names of Open Firmware for its function on PCI, and for the unit from which firmware
	 * boots; both NULL: firmware does not boot from it.
	 */
	const char *boot_function, *boot_unit;
	bool old; /* drivers older than virtio 1.0 exist for it, so it may be a legacy device */
};

/* The names of a virtio device, on both of its transports. */
#define DEVICE_VIRTIO_NAMES(name) { [DEVICE_MMIO] = name "-device", [DEVICE_PCI] = name "-pci" }

/* Fills in setup->error, and returns `error`. */
int device_fail(struct device_setup *setup, int error, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
