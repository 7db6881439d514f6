/* SPDX-License-Identifier: MIT */
/*
 * Implements -device. A "line" is one -device: when it is parsed, it becomes the properties of a
 * type in devices/board/device_types.h; when all options have been read, it becomes a device of the
 * board. Only files of frontends/cli include this.
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
	const char *id, *bus, *addr; /* addr is only used on PCI */
	u64 boot_index;
	/* The values of keys without effect. */
	unsigned ignored_word;
	u64 ignored_number;
	bool ignored_switch;
	bool packed; /* packed=, which only virtio devices have */
};

#define DEVICE_KEYS_MAX 64

/* Returns whether the type is a virtio device, which means that it has a name for virtio-mmio. */
bool device_is_virtio(const struct device_type *type);

/* Fills in the keys of all properties that the type has on the transport. Returns their number. */
unsigned device_keys(const struct device_type *type, enum device_transport transport,
		     struct key keys[DEVICE_KEYS_MAX]);

/* A name that -device accepts: it stands for a type on a transport. */
struct device_name {
	const char *text;
	const struct device_type *type;
	enum device_transport transport;
};

/*
 * Stores the n-th name, in the order in which lists show them. Returns false if there are not that
 * many.
 */
bool device_name_at(unsigned n, struct device_name *name);

/* Returns the name of the device, as the line has it. */
const char *device_line_name(const struct device_line *line);

/* Returns the type's property that has this role, or NULL. */
const struct key *device_key(const struct device_type *type, enum device_role role);

/* Names of buses. */
#define MMIO_BUS_PREFIX "virtio-mmio-bus."
#define PCI_ROOT_BUS "pcie.0"

/*
 * Stores the place that bus= and addr= name, or a free one, in `config`. The devices of earlier
 * lines have been placed. Returns 0 or -EINVAL.
 */
int place_device(struct parser *parser, const struct device_line *line,
		 struct device_config *config);

/*
 * Checks addr= of a device below a PCIe root port, where the only slot is 0. Returns 0 or -EINVAL.
 */
int check_slot_0(struct board_error *error, const struct device_line *line);

/* Adds a virtio-blk-pci for a -drive if=virtio, by the drive's id. Returns 0 or -EINVAL. */
int add_disk(struct parser *parser, const char *drive);

/*
 * Adds a shared folder for -virtfs or --share. `device` is the name of a -device. Returns 0 or
 * -EINVAL.
 */
int add_share(struct parser *parser, const char *device, const struct share_properties *share);

/*
 * Find the drive, fsdev or audiodev that a property of the line names, and mark it as used. Return
 * 0 or -EINVAL.
 */
int finish_disk(struct parser *parser, const struct device_line *line, const struct key *key);
int finish_share(struct parser *parser, const struct device_line *line, const struct key *key);
int finish_sound(struct parser *parser, const struct device_line *line, const struct key *key);

#endif
