/* SPDX-License-Identifier: MIT */
/*
 * The rows of -device: every device that it can add, with what it accepts and its help. Only files
 * of frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_MACHINE_DRIVERS_H
#define FRONTENDS_CLI_MACHINE_DRIVERS_H

#include "devices/device.h"
#include "frontends/host/keyval.h"

struct parser;

/* The types of -object. */
#define OBJECT_TYPES                                                                               \
	"rng-random|rng-builtin|filter-dump|secret|iothread|memory-backend-ram|"                    \
	"memory-backend-file|memory-backend-memfd"

/* One line of -device, kept until all options are read. */
struct device_line {
	const struct driver *driver;
	enum device_transport transport;
	void *properties; /* driver->size bytes */
	const char *id, *bus, *addr; /* addr: only on PCI */
	unsigned ignored_word;
	bool packed; /* only of virtio devices */
	bool direct; /* made by -drive if=virtio */
};

/* A device that `-device` can add: one row for all its transports. */
struct driver {
	const char *names[DEVICE_TRANSPORTS]; /* NULL: not with this transport */
	const char *type; /* its name in devices/board/device_types.h; NULL: it is not there */
	const char *help;
	const struct key *keys; /* the device's own properties; the transport's are added */
	unsigned count;
	size_t size; /* of the struct that keys fill */
	const void *defaults; /* the initial content of that struct; NULL: all zeros */
	/* Handles the line at once; NULL: it becomes a device of the board. */
	int (*add)(struct parser *parser, const struct driver *driver, const void *properties);
	/* Called when all options are read, to find what the line names. NULL: it names nothing. */
	int (*finish)(struct parser *parser, const struct device_line *line);
};

#define DRIVER_KEYS_MAX 32

/* Fills `keys` with all properties that the device has with the transport; returns their number. */
unsigned driver_keys(const struct driver *driver, enum device_transport transport,
		     struct key keys[DRIVER_KEYS_MAX]);

/* Returns the n-th of all names, for a search; n is below drivers_count * DEVICE_TRANSPORTS. */
const char *driver_name(const void *drivers, unsigned n);

extern const struct driver drivers_table[];
extern const unsigned drivers_count;

/* -drive if=virtio: adds a virtio disk on a drive that has an id. */
int add_disk(struct parser *parser, const char *drive);

/* -virtfs and --share: add a shared folder, by the device of this name. */
int add_share(struct parser *parser, const char *device, const struct share_properties *share);

/* `finish` of drivers that name a drive or an fsdev. */
int finish_disk(struct parser *parser, const struct device_line *line);
int finish_share(struct parser *parser, const struct device_line *line);

/* `finish` of sound cards, which name an audiodev. */
int finish_sound(struct parser *parser, const struct device_line *line);

#endif
