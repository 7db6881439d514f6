/* SPDX-License-Identifier: MIT */
/*
 * The rows of -device: every device that it can add, with what it accepts and what is said about
 * it. Private to the options_*.c files.
 */
#ifndef FRONTENDS_CLI_MACHINE_DRIVERS_H
#define FRONTENDS_CLI_MACHINE_DRIVERS_H

#include "devices/device.h"
#include "frontends/host/keyval.h"

struct parser;

/* -object */
#define OBJECT_TYPES                                                                               \
	"rng-random|rng-builtin|filter-dump|secret|iothread|memory-backend-ram|"                    \
	"memory-backend-file|memory-backend-memfd"

/* -device, until all options are read. */
struct device_line {
	const struct driver *driver;
	enum device_transport transport;
	void *properties; /* driver->size bytes */
	const char *id, *bus, *addr; /* addr: of PCI */
	unsigned ignored_word;
	bool packed; /* of virtio */
	bool direct; /* by -drive if=virtio */
};

/* A device that `-device` can add: one row for all its transports. */
struct driver {
	const char *names[DEVICE_TRANSPORTS]; /* NULL: not with this transport */
	const char *type; /* of devices/board/device_types.h; NULL: none of them */
	const char *help;
	const struct key *keys; /* of its own properties; those of the transport are added */
	unsigned count;
	size_t size; /* of the struct that keys fill */
	const void *defaults; /* that struct before; NULL: all zeros */
	/* What becomes of it at once; NULL: a device of the board's. */
	int (*add)(struct parser *parser, const struct driver *driver, const void *properties);
	/* When all options are read: other things that it names. NULL: it names none. */
	int (*finish)(struct parser *parser, const struct device_line *line);
};

#define DRIVER_KEYS_MAX 32

/* All properties that the device has with the transport; returns how many. */
unsigned driver_keys(const struct driver *driver, enum device_transport transport,
		     struct key keys[DRIVER_KEYS_MAX]);

/* The n-th of all names, for a search: below drivers_count * DEVICE_TRANSPORTS. */
const char *driver_name(const void *drivers, unsigned n);

extern const struct driver drivers_table[];
extern const unsigned drivers_count;

/* -drive if=virtio: a virtio disk on a drive that has an id. */
int add_disk(struct parser *parser, const char *drive);

/* -virtfs, --share: a shared folder, by the device of this name. */
int add_share(struct parser *parser, const char *device, const struct share_properties *share);

/* A driver's `finish`: the drive, or the fsdev, that it names. */
int finish_disk(struct parser *parser, const struct device_line *line);
int finish_share(struct parser *parser, const struct device_line *line);

/* The audiodev. */
int finish_sound(struct parser *parser, const struct device_line *line);

#endif
