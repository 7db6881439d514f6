/* SPDX-License-Identifier: MIT */
/*
 * Parses -device for all devices: a line becomes the properties of a row of cli/machine/drivers.c
 * and, when all options are read, a device of the board.
 */
#include "frontends/cli/machine/net.h"
#include "frontends/cli/table.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/nearest.h"
#include "devices/memmap.h"

#define BUS_PREFIX "virtio-mmio-bus."
#define ROOT_BUS "pcie.0"
#define ROOT_PORT "pcie-root-port"

const char *driver_name(const void *drivers, unsigned n)
{
	const struct driver *driver = (const struct driver *)drivers + n / DEVICE_TRANSPORTS;
	const char *name = driver->names[n % DEVICE_TRANSPORTS];

	/* A device without this transport is named by any of its other names. */
	for (unsigned i = 0; !name; i++)
		name = driver->names[i];
	return name;
}

static const struct key common_keys[] = {
	{ "id", KEY_TEXT, offsetof(struct device_line, id), "ID", 0, 0 },
};

#define VIRTIO_KEYS { "packed", KEY_SWITCH, offsetof(struct device_line, packed), "on|off", 0, 0 }

static const struct key mmio_keys[] = {
	VIRTIO_KEYS,
	{ "bus", KEY_TEXT, offsetof(struct device_line, bus), BUS_PREFIX "N", 0, 0 },
};

/* All PCI devices are modern ones. */
static const struct key pci_keys[] = {
	VIRTIO_KEYS,
	{ "addr", KEY_TEXT, offsetof(struct device_line, addr), "SLOT[.0] (hexadecimal, 1 to 1f)",
	  0, 0 },
	{ "bus", KEY_TEXT, offsetof(struct device_line, bus), ROOT_BUS "|ID of a pcie-root-port", 0,
	  0 },
	{ "romfile", KEY_WORD, offsetof(struct device_line, ignored_word), "", 0, 0 },
	{ "disable-legacy", KEY_WORD, offsetof(struct device_line, ignored_word), "on|auto", 0, 0 },
	{ "disable-modern", KEY_WORD, offsetof(struct device_line, ignored_word), "off", 0, 0 },
};

struct key_list {
	const struct key *keys;
	unsigned count;
};

static const struct key_list transport_keys[DEVICE_TRANSPORTS] = {
	[DEVICE_MMIO] = { mmio_keys, ARRAY_SIZE(mmio_keys) },
	[DEVICE_PCI] = { pci_keys, ARRAY_SIZE(pci_keys) },
};

/* While a line is parsed its properties are stored behind it. */
unsigned driver_keys(const struct driver *driver, enum device_transport transport,
		     struct key keys[DRIVER_KEYS_MAX])
{
	const struct key_list lists[] = {
		{ driver->keys, driver->count },
		transport_keys[transport],
		{ common_keys, ARRAY_SIZE(common_keys) },
	};
	unsigned count = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(lists); i++)
		for (unsigned j = 0; j < lists[i].count; j++) {
			assert(count < DRIVER_KEYS_MAX);
			keys[count] = lists[i].keys[j];
			keys[count++].offset += i ? 0 : sizeof(struct device_line);
		}
	return count;
}

/* Adds a line with space for its properties behind it; NULL if a -global is wrong. */
static struct device_line *new_line(struct parser *parser, const struct driver *driver,
				    enum device_transport transport)
{
	size_t size = sizeof(struct device_line) + driver->size;
	struct device_line *line = strings_room(&parser->options->strings, size);

	*line = (struct device_line){
		.driver = driver,
		.transport = transport,
		.properties = line + 1,
	};
	if (driver->defaults)
		memcpy(line->properties, driver->defaults, driver->size);
	return set_globals(parser, line) ? NULL : line;
}

static int add_line(struct parser *parser, const struct device_line *line)
{
	if (parser->device_count == BOARD_DEVICES_MAX)
		return keyval_fail(parser->error, "-device: more than %d devices",
				   BOARD_DEVICES_MAX);
	for (unsigned i = 0; line->id && i < parser->device_count; i++)
		if (parser->devices[i].id && !strcmp(parser->devices[i].id, line->id))
			return keyval_fail(parser->error, "-device: id=%s is given twice",
					   line->id);
	parser->devices[parser->device_count++] = *line;
	return 0;
}

/* `list` is the part that follows the name, or NULL. */
static int parse_line(struct parser *parser, const struct driver *driver,
		      enum device_transport transport, const char *list)
{
	struct device_line *line = new_line(parser, driver, transport);
	struct key keys[DRIVER_KEYS_MAX];
	char what[64];
	const struct keyval keyval = { what, keys, driver_keys(driver, transport, keys), NULL };
	int failed = 0;

	if (list && !strcmp(list, "help")) {
		parser->options->action = ACTION_DRIVER_HELP;
		parser->options->driver = driver->names[transport];
		return 0;
	}
	snprintf(what, sizeof(what), "-device %s", driver->names[transport]);
	if (!line)
		return -EINVAL;
	if (list)
		failed =
			keyval_parse(&keyval, list, line, &parser->options->strings, parser->error);
	if (failed)
		return failed;
	return driver->add ? driver->add(parser, driver, line->properties) : add_line(parser, line);
}

static const struct driver *find_named(const char *name, enum device_transport *transport)
{
	for (unsigned n = 0; n < drivers_count * DEVICE_TRANSPORTS; n++) {
		const struct driver *driver = &drivers_table[n / DEVICE_TRANSPORTS];

		*transport = n % DEVICE_TRANSPORTS;
		if (driver->names[*transport] && !strcmp(driver->names[*transport], name))
			return driver;
	}
	return NULL;
}

/* "virtio-blk" is the PCI device, as in QEMU. */
static const struct driver *find_driver(const char *name, enum device_transport *transport)
{
	const struct driver *driver = find_named(name, transport);
	char text[64];

	snprintf(text, sizeof(text), "%.40s-pci", name);
	return driver ? driver : find_named(text, transport);
}

/* The device may also be given as driver=NAME. */
static const char *driver_word(const char *word)
{
	return strncmp(word, "driver=", 7) ? word : word + 7;
}

int apply_device(struct parser *parser, const struct option *option, const char *value)
{
	size_t size = strcspn(value, ",");
	const char *name = strings_add(&parser->options->strings, value, size);
	enum device_transport transport;
	const struct driver *driver;

	(void)option;
	if (!strcmp(value, "help")) {
		parser->options->action = ACTION_DEVICE_HELP;
		return 0;
	}
	driver = find_driver(driver_word(name), &transport);
	if (driver)
		return parse_line(parser, driver, transport, value[size] ? value + size + 1 : NULL);
	if (missing_device(driver_word(name)))
		return keyval_fail(parser->error, "-device %s: QEMU has it and Baya has not: %s",
				   driver_word(name), missing_device(driver_word(name)));
	return keyval_fail(parser->error,
			   "-device: no device '%s'; nearest is '%s' (-device help lists all)",
			   driver_word(name),
			   nearest_name(driver_word(name), driver_name, drivers_table,
					drivers_count * DEVICE_TRANSPORTS));
}

int add_disk(struct parser *parser, const char *drive)
{
	enum device_transport transport;
	const struct driver *driver = find_driver("virtio-blk-device", &transport);
	struct device_line *line = new_line(parser, driver, transport);

	if (!line)
		return -EINVAL;
	line->direct = true;
	((struct virtio_blk_properties *)line->properties)->drive = drive;
	return add_line(parser, line);
}

int add_share(struct parser *parser, const char *device, const struct share_properties *share)
{
	enum device_transport transport;
	const struct driver *driver = find_driver(device, &transport);
	struct device_line *line = new_line(parser, driver, transport);

	if (!line)
		return -EINVAL;
	*(struct share_properties *)line->properties = *share;
	return add_line(parser, line);
}

int add_net(struct parser *parser, const char *model, const char *netdev, const char *address)
{
	enum device_transport transport;
	const struct driver *driver =
		find_driver(strcmp(model, "virtio") ? model : "virtio-net-pci", &transport);
	struct virtio_net_properties *properties;
	struct device_line *line;

	if (!driver || strcmp(driver->type ? driver->type : "", "virtio-net"))
		return keyval_fail(parser->error,
				   "-nic: model: '%s' is no network card; give virtio-net-device",
				   model);
	line = new_line(parser, driver, transport);
	if (!line)
		return -EINVAL;
	properties = line->properties;
	properties->netdev = netdev;
	properties->address = address;
	return add_line(parser, line);
}

/* virtio-mmio-bus.0 is the slot at the lowest address, as in QEMU. */
static int place_mmio(struct parser *parser, const struct device_line *line,
		      struct device_config *config)
{
	const struct board_config *board = &parser->options->board;
	size_t prefix = strlen(BUS_PREFIX);
	u64 number;

	if (!line->bus)
		return 0;
	if (strncmp(line->bus, BUS_PREFIX, prefix) || !keyval_number(line->bus + prefix, &number) ||
	    number >= VIRTIO_SLOTS)
		return keyval_fail(parser->error,
				   "-device: no bus '%s'; accepted: " BUS_PREFIX "0 to " BUS_PREFIX
				   "%d",
				   line->bus, VIRTIO_SLOTS - 1);
	config->slot = (unsigned)number + 1;
	for (unsigned i = 0; i < board->device_count; i++)
		if (board->devices[i].transport == DEVICE_MMIO &&
		    board->devices[i].slot == config->slot)
			return keyval_fail(parser->error, "-device: bus=%s is taken twice",
					   line->bus);
	return 0;
}

static int check_slot_0(struct board_error *error, const struct device_line *line)
{
	if (!line->addr || keyval_word("0|0.0|0x0|00|00.0", line->addr) >= 0)
		return 0;
	return keyval_fail(error, "-device: addr=%s: behind a " ROOT_PORT " there is only slot 0",
			   line->addr);
}

/* Places a device behind a root port, which must come before it; only slot 0 exists there. */
static int place_behind(struct parser *parser, const struct device_line *line,
			struct device_config *config)
{
	const struct board_config *board = &parser->options->board;
	bool found = false;

	for (unsigned i = 0; i < board->device_count; i++) {
		const struct device_config *other = &board->devices[i];

		found |= other->id && !strcmp(other->id, line->bus) &&
			 !strcmp(other->type, ROOT_PORT);
		if (other->bus && !strcmp(other->bus, line->bus))
			return keyval_fail(parser->error, "-device: bus=%s is taken twice",
					   line->bus);
	}
	if (!found)
		return keyval_fail(parser->error,
				   "-device: no bus '%s'; accepted: " ROOT_BUS
				   " and the id of a " ROOT_PORT " before it",
				   line->bus);
	if (!strcmp(config->type, ROOT_PORT))
		return keyval_fail(parser->error,
				   "-device: bus=%s: a " ROOT_PORT " is on " ROOT_BUS, line->bus);
	config->bus = line->bus;
	return check_slot_0(parser->error, line);
}

/* Slots are hexadecimal, with or without 0x, as in QEMU; slot 0 has the host bridge. */
static int place_pci(struct parser *parser, const struct device_line *line,
		     struct device_config *config)
{
	const struct board_config *board = &parser->options->board;
	unsigned long slot;
	char *end;

	if (line->bus && strcmp(line->bus, ROOT_BUS))
		return place_behind(parser, line, config);
	if (!line->addr)
		return 0;
	slot = strtoul(line->addr, &end, 16);
	if (!isxdigit((unsigned char)*line->addr) || (*end && strcmp(end, ".0")) || !slot ||
	    slot >= PCI_SLOTS)
		return keyval_fail(parser->error,
				   "-device: addr=%s is not a free slot; "
				   "accepted: 1 to %x, hexadecimal",
				   line->addr, PCI_SLOTS - 1);
	config->slot = (unsigned)slot;
	for (unsigned i = 0; i < board->device_count; i++)
		if (board->devices[i].transport == DEVICE_PCI && !board->devices[i].bus &&
		    board->devices[i].slot == config->slot)
			return keyval_fail(parser->error, "-device: addr=%s is taken twice",
					   line->addr);
	return 0;
}

static int finish_device(struct parser *parser, const struct device_line *line)
{
	struct board_config *board = &parser->options->board;
	struct device_config config = {
		.type = line->driver->type,
		.transport = line->transport,
		.packed = line->packed,
		.id = line->id,
		.properties = line->properties,
	};
	int failed = line->driver->finish ? line->driver->finish(parser, line) : 0;

	if (!failed && line->transport == DEVICE_MMIO)
		failed = place_mmio(parser, line, &config);
	if (!failed && line->transport == DEVICE_PCI)
		failed = place_pci(parser, line, &config);
	if (!failed)
		board->devices[board->device_count++] = config;
	return failed;
}

int finish_devices(struct parser *parser)
{
	unsigned slots = 0;
	int failed = 0;

	for (unsigned i = 0; !failed && i < parser->device_count; i++) {
		if (is_spare_disk(parser, &parser->devices[i]))
			continue;
		failed = finish_device(parser, &parser->devices[i]);
		slots += parser->devices[i].transport == DEVICE_MMIO;
	}
	if (!failed && slots > VIRTIO_SLOTS)
		return keyval_fail(parser->error,
				   "-device: %u virtio devices are too many; the "
				   "machine has %d slots",
				   slots, VIRTIO_SLOTS);
	return failed;
}

/* Drives, buses and ids are looked up by the board, which knows what is plugged in. */
static int plugged_device(struct parser *parser, struct device_config *config)
{
	const struct device_line *line = &parser->devices[0];
	bool behind = line->bus && strcmp(line->bus, ROOT_BUS) && line->transport == DEVICE_PCI;
	const struct virtio_blk_properties *disk = line->properties;
	bool is_disk = !strcmp(line->driver->type, "virtio-blk");

	if (is_disk && !disk->drive)
		return keyval_fail(parser->error, "drive property not set");
	*config = (struct device_config){
		.type = line->driver->type,
		.transport = line->transport,
		.packed = line->packed,
		.id = line->id,
		.bus = behind ? line->bus : NULL,
		.properties = line->properties,
	};
	return behind ? check_slot_0(parser->error, line) : 0;
}

int options_device(const char *text, struct strings *strings, struct device_config *config,
		   struct board_error *error)
{
	struct options *options = calloc(1, sizeof(*options));
	struct parser *parser = calloc(1, sizeof(*parser));
	int failed = -ENOMEM;

	if (options && parser) {
		enum device_transport transport;
		size_t size = strcspn(text, ",");
		const char *name = driver_word(strings_add(strings, text, size));
		const struct driver *driver = find_driver(name, &transport);

		options->strings = *strings;
		*parser = (struct parser){ .options = options, .error = error };
		if (!driver || driver->add || !driver->type)
			failed = keyval_fail(error,
					     driver ? "Device '%s' does not support "
						      "hotplugging" :
						      "'%s' is not a valid device model name",
					     name);
		else
			failed = parse_line(parser, driver, transport,
					    text[size] ? text + size + 1 : NULL);
		if (!failed && options->action)
			failed = keyval_fail(error, "-device %s,help lists its parameters", name);
		if (!failed)
			failed = plugged_device(parser, config);
		*strings = options->strings;
	}
	free(options);
	free(parser);
	return failed;
}
