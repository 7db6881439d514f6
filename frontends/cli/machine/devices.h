/* SPDX-License-Identifier: MIT */
/*
 * -device: a line becomes the properties of a type of devices/board/device_types.h and, when all
 * options are read, a device of the board. Only files of frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_MACHINE_DEVICES_H
#define FRONTENDS_CLI_MACHINE_DEVICES_H

#include "devices/board/device_types.h"
#include "frontends/host/keyval.h"

struct parser;

/* One line of -device, kept until all options are read. */
struct device_line {
	const struct device_type *type;
	enum device_transport transport;
	void *properties; /* type->properties_size bytes */
	const char *id, *bus, *addr; /* addr: only on PCI */
	/* Keys without effect are stored in these three. */
	unsigned ignored_word;
	u64 ignored_number;
	bool ignored_switch;
	bool packed; /* only of virtio devices */
	bool direct; /* made by -drive if=virtio */
};

#define DEVICE_KEYS_MAX 64

/* Returns whether it is a virtio device, each of which has a name on virtio-mmio. */
bool device_is_virtio(const struct device_type *type);

/* Fills `keys` with all properties that the type has with the transport; returns their number. */
unsigned device_keys(const struct device_type *type, enum device_transport transport,
		     struct key keys[DEVICE_KEYS_MAX]);

/* A name that -device accepts: that of a type on a transport. */
struct device_name {
	const char *text;
	const struct device_type *type;
	enum device_transport transport;
};

/* Finds the n-th name in the order in which people see them; false behind the last. */
bool device_name_at(unsigned n, struct device_name *name);

/* Returns the name that a line was given by. */
const char *device_line_name(const struct device_line *line);

/* Returns the property of a type that has the role, or NULL. */
const struct key *device_key(const struct device_type *type, enum device_role role);

/* Names of buses. */
#define MMIO_BUS_PREFIX "virtio-mmio-bus."
#define PCI_ROOT_BUS "pcie.0"

/* Puts the place that bus= and addr= ask for into `config`; devices before it have theirs. */
int place_device(struct parser *parser, const struct device_line *line,
		 struct device_config *config);

/* Checks addr= of a device behind a root port, where there is only one place. */
int check_slot_0(struct board_error *error, const struct device_line *line);

/* -drive if=virtio: adds a virtio disk on a drive that has an id. */
int add_disk(struct parser *parser, const char *drive);

/* -virtfs and --share: add a shared folder, by the device of this name. */
int add_share(struct parser *parser, const char *device, const struct share_properties *share);

/* Find what a line's property names, a drive, an fsdev or an audiodev, and take it. */
int finish_disk(struct parser *parser, const struct device_line *line, const struct key *key);
int finish_share(struct parser *parser, const struct device_line *line, const struct key *key);
int finish_sound(struct parser *parser, const struct device_line *line, const struct key *key);

#endif
