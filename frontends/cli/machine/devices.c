/* SPDX-License-Identifier: MIT */
/* See cli/machine/devices.h. This file has the properties of the transports; those of a device are
 * in the device's own file. */
#include "frontends/cli/machine/net.h"
#include "frontends/cli/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/nearest.h"
#include "devices/memmap.h"

bool device_name_at(unsigned n, struct device_name *name)
{
	for (unsigned i = 0; (name->type = device_type_listed(i)); i++)
		for (unsigned t = 0; t < DEVICE_TRANSPORTS; t++) {
			name->transport = t;
			name->text = name->type->names[t];
			if (name->text && n-- == 0)
				return true;
		}
	return false;
}

const char *device_line_name(const struct device_line *line)
{
	return line->type->names[line->transport];
}

const struct key *device_key(const struct device_type *type, enum device_role role)
{
	for (unsigned n = 0; n < type->key_count; n++)
		if (type->keys[n].role == role)
			return &type->keys[n];
	return NULL;
}

#define FIELD(member) offsetof(struct device_line, member)
#define NO_BOOT_INDEX UINT64_MAX /* struct device_config has 0 for it, which is 1 more */

static const struct key common_keys[] = {
	{ .name = "id", .kind = KEY_TEXT, .offset = FIELD(id), .accepted = "ID" },
};

/* A property without effect. The values that it accepts describe what Baya does in any case. */
#define IGNORED(word, values)                                                                      \
	{ .name = word, .kind = KEY_SWITCH, .offset = FIELD(ignored_switch), .accepted = values }

static const struct key virtio_keys[] = {
	{ .name = "packed", .kind = KEY_SWITCH, .offset = FIELD(packed), .accepted = "on|off" },
	IGNORED("indirect_desc", "on"),
	IGNORED("event_idx", "on"),
	IGNORED("queue_reset", "on"),
	IGNORED("any_layout", "on"),
	IGNORED("iommu_platform", "off"),
};

static const struct key boot_keys[] = {
	{ .name = "bootindex", .kind = KEY_NUMBER, .offset = FIELD(boot_index), .accepted = "N|-1",
	  .max = INT32_MAX, .initial = NO_BOOT_INDEX, .none = "-1" },
};

static const struct key mmio_keys[] = {
	{ .name = "bus", .kind = KEY_TEXT, .offset = FIELD(bus), .accepted = MMIO_BUS_PREFIX "N" },
};

/* There are no option ROMs, and no ACPI, so romfile, rombar and acpi-index have no effect. */
static const struct key pci_keys[] = {
	{ .name = "addr", .kind = KEY_TEXT, .offset = FIELD(addr),
	  .accepted = "SLOT[.FUNCTION] (hexadecimal, 1 to 1f.7)" },
	{ .name = "bus", .kind = KEY_TEXT, .offset = FIELD(bus),
	  .accepted = PCI_ROOT_BUS "|ID of a pcie-root-port" },
	IGNORED("multifunction", "on|off"),
	{ .name = "romfile", .kind = KEY_WORD, .offset = FIELD(ignored_word), .accepted = "" },
	{ .name = "rombar", .kind = KEY_NUMBER, .offset = FIELD(ignored_number), .accepted = "N",
	  .max = 1 },
	{ .name = "acpi-index", .kind = KEY_NUMBER, .offset = FIELD(ignored_number),
	  .accepted = "N", .max = UINT32_MAX },
};

/* All PCI devices are modern (non-transitional) ones. */
static const struct key virtio_pci_keys[] = {
	{ .name = "vectors", .kind = KEY_NUMBER, .offset = FIELD(ignored_number), .accepted = "N",
	  .max = 2048 },
	{ .name = "disable-legacy", .kind = KEY_WORD, .offset = FIELD(ignored_word),
	  .accepted = "on|auto" },
	IGNORED("disable-modern", "off"),
	IGNORED("ioeventfd", "on|off"),
	IGNORED("page-per-vq", "off"),
	IGNORED("ats", "off"),
	IGNORED("aer", "off"),
};

struct key_list {
	const struct key *keys;
	unsigned count;
};

static const struct key_list transport_keys[DEVICE_TRANSPORTS] = {
	[DEVICE_MMIO] = { mmio_keys, ARRAY_SIZE(mmio_keys) },
	[DEVICE_PCI] = { pci_keys, ARRAY_SIZE(pci_keys) },
};

static const struct key_list virtio_transport_keys[DEVICE_TRANSPORTS] = {
	[DEVICE_PCI] = { virtio_pci_keys, ARRAY_SIZE(virtio_pci_keys) },
};

bool device_is_virtio(const struct device_type *type)
{
	return type->names[DEVICE_MMIO];
}

/* Fills in the properties that a device has on a transport, and returns their number. While a line
 * is parsed, the device's own properties are stored after its struct device_line. */
unsigned device_keys(const struct device_type *type, enum device_transport transport,
		     struct key keys[DEVICE_KEYS_MAX])
{
	const struct key_list none = { 0 };
	bool virtio = device_is_virtio(type);
	const struct key_list lists[] = {
		{ type->keys, type->key_count },
		virtio ? (struct key_list){ virtio_keys, ARRAY_SIZE(virtio_keys) } : none,
		type->boot_unit ? (struct key_list){ boot_keys, ARRAY_SIZE(boot_keys) } : none,
		transport_keys[transport],
		virtio ? virtio_transport_keys[transport] : none,
		{ common_keys, ARRAY_SIZE(common_keys) },
	};
	unsigned count = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(lists); i++)
		for (unsigned j = 0; j < lists[i].count; j++) {
			assert(count < DEVICE_KEYS_MAX);
			keys[count] = lists[i].keys[j];
			keys[count++].offset += i ? 0 : sizeof(struct device_line);
		}
	return count;
}

/* Returns a new line, followed by space for the device's properties; NULL if a -global is wrong. */
static struct device_line *new_line(struct parser *parser, const struct device_type *type,
				    enum device_transport transport)
{
	size_t size = sizeof(struct device_line) + type->properties_size;
	struct device_line *line = strings_room(&parser->options->strings, size);

	*line = (struct device_line){
		.type = type,
		.transport = transport,
		.properties = line + 1,
		.boot_index = NO_BOOT_INDEX,
	};
	keyval_initial(type->keys, type->key_count, line->properties);
	return set_globals(parser, line) ? NULL : line;
}

static int add_part(struct parser *parser, const struct device_line *line)
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

/* Reports what a device itself has found wrong with its properties. */
static int check_failed(struct parser *parser, const struct device_line *line,
			const struct device_setup *setup)
{
	return keyval_fail(parser->error, "-device %s: %s", device_line_name(line), setup->error);
}

static int check_line(struct parser *parser, const struct device_line *line)
{
	struct device_setup setup = { .properties = line->properties };

	if (line->type->check && line->type->check(&setup))
		return check_failed(parser, line, &setup);
	return 0;
}

/* Adds a serial port, which is not a device of the board and is checked at once. */
static int add_checked_port(struct parser *parser, const struct device_line *line)
{
	int failed = check_line(parser, line);

	return failed ? failed : add_serial_port(parser, line);
}

static int add_load(struct parser *parser, const struct device_line *line)
{
	struct board_config *board = &parser->options->board;
	struct board_load load = *(const struct board_load *)line->properties;
	int failed = check_line(parser, line);

	if (failed)
		return failed;
	load.has_addr = load.addr != BOARD_LOAD_NOWHERE;
	load.has_hart = load.hart != BOARD_LOAD_NO_HART;
	if (board->load_count == BOARD_LOADS_MAX)
		return keyval_fail(parser->error, "-device loader: more than %d of them",
				   BOARD_LOADS_MAX);
	board->loads[board->load_count++] = load;
	return 0;
}

static bool is_part(const struct device_type *type)
{
	return type->use == DEVICE_PART || type->use == DEVICE_BUS;
}

static int add_line(struct parser *parser, const struct device_line *line)
{
	static int (*const adders[DEVICE_USES])(struct parser * parser,
						const struct device_line *line) = {
		[DEVICE_PART] = add_part,
		[DEVICE_BUS] = add_part,
		[DEVICE_CONSOLE_PORT] = add_checked_port,
		[DEVICE_SERIAL_PORT] = add_checked_port,
		[DEVICE_LOAD] = add_load,
	};

	return adders[line->type->use](parser, line);
}

/* Parses a -device; `list` is what follows the device's name, or NULL. */
static int parse_line(struct parser *parser, const struct device_type *type,
		      enum device_transport transport, const char *list)
{
	struct device_line *line = new_line(parser, type, transport);
	struct key keys[DEVICE_KEYS_MAX];
	char what[64];
	const struct keyval keyval = { what, keys, device_keys(type, transport, keys), NULL };
	int failed = 0;

	if (list && keyval_asks(list)) {
		parser->options->action = ACTION_DRIVER_HELP;
		parser->options->driver = type->names[transport];
		return 0;
	}
	snprintf(what, sizeof(what), "-device %s", type->names[transport]);
	if (!line)
		return -EINVAL;
	if (list)
		failed =
			keyval_parse(&keyval, list, line, &parser->options->strings, parser->error);
	return failed ? failed : add_line(parser, line);
}

static const struct device_type *find_named(const char *name, enum device_transport *transport)
{
	for (unsigned n = 0; n < device_type_count * DEVICE_TRANSPORTS; n++) {
		const struct device_type *type = device_types[n / DEVICE_TRANSPORTS];

		*transport = n % DEVICE_TRANSPORTS;
		if (type->names[*transport] && !strcmp(type->names[*transport], name))
			return type;
	}
	return NULL;
}

/* Finds a device by name. As in QEMU, "virtio-blk" is the PCI device, and its modern form is also
 * called "virtio-blk-pci-non-transitional". */
static const struct device_type *find_type(const char *name, enum device_transport *transport)
{
	static const char modern[] = "-pci-non-transitional";
	const struct device_type *type = find_named(name, transport);
	size_t size = strlen(name), tail = strlen(modern);
	char text[64];

	if (size > tail && !strcmp(name + size - tail, modern))
		size -= tail;
	snprintf(text, sizeof(text), "%.*s-pci", (int)MIN(size, 40), name);
	return type ? type : find_named(text, transport);
}

/* Returns the device's name, which may also be given as driver=NAME. */
static const char *driver_word(const char *word)
{
	return strncmp(word, "driver=", 7) ? word : word + 7;
}

static const char *nth_name(const void *ctx, unsigned n)
{
	struct device_name name;

	(void)ctx;
	device_name_at(n, &name);
	return name.text;
}

static const char *nearest_device(const char *word)
{
	struct device_name name;
	unsigned count = 0;

	while (device_name_at(count, &name))
		count++;
	return nearest_name(word, nth_name, NULL, count);
}

int apply_device(struct parser *parser, const struct option *option, const char *value)
{
	size_t size = strcspn(value, ",");
	const char *name = strings_add(&parser->options->strings, value, size);
	enum device_transport transport;
	const struct device_type *type;

	(void)option;
	if (keyval_asks(value)) {
		parser->options->action = ACTION_DEVICE_HELP;
		return 0;
	}
	type = find_type(driver_word(name), &transport);
	if (type)
		return parse_line(parser, type, transport, value[size] ? value + size + 1 : NULL);
	if (missing_device(driver_word(name)))
		return keyval_fail(parser->error, "-device %s: QEMU has it and Baya has not: %s",
				   driver_word(name), missing_device(driver_word(name)));
	return keyval_fail(
		parser->error, "-device: no device '%s'%s (-device help lists all)",
		driver_word(name),
		nearest_hint("; nearest is '", nearest_device(driver_word(name)), "'").text);
}

int add_disk(struct parser *parser, const char *drive)
{
	enum device_transport transport;
	const struct device_type *type = find_type("virtio-blk-pci", &transport);
	struct device_line *line = new_line(parser, type, transport);

	if (!line)
		return -EINVAL;
	((struct virtio_blk_properties *)line->properties)->drive = drive;
	return add_line(parser, line);
}

int add_share(struct parser *parser, const char *device, const struct share_properties *share)
{
	enum device_transport transport;
	const struct device_type *type = find_type(device, &transport);
	struct device_line *line = new_line(parser, type, transport);

	if (!line)
		return -EINVAL;
	*(struct share_properties *)line->properties = *share;
	return add_line(parser, line);
}

int add_net(struct parser *parser, const char *model, const char *netdev,
	    const u8 mac[KEY_MAC_SIZE])
{
	enum device_transport transport;
	const struct device_type *type =
		find_type(strcmp(model, "virtio") ? model : "virtio-net-pci", &transport);
	struct virtio_net_properties *properties;
	struct device_line *line;

	if (!type || type->category != DEVICE_NETWORK)
		return keyval_fail(parser->error,
				   "-nic: model: '%s' is no network card; give "
				   "virtio-net-device",
				   model);
	line = new_line(parser, type, transport);
	if (!line)
		return -EINVAL;
	properties = line->properties;
	properties->netdev = netdev;
	memcpy(properties->mac, mac, KEY_MAC_SIZE);
	return add_line(parser, line);
}

/* Returns the text of a property; NULL if it is not given. */
static const char *named_by(const struct device_line *line, const struct key *key)
{
	return *(const char **)((char *)line->properties + key->offset);
}

/* Checks that a property names an existing -object. Nothing but the object's name is needed. */
static int finish_object(struct parser *parser, const struct device_line *line,
			 const struct key *key)
{
	bool thread = key->role == DEVICE_NAMES_IOTHREAD;
	const char *id = named_by(line, key);

	if (object_is_there(parser, id, thread))
		return 0;
	return keyval_fail(parser->error, "-device %s: %s=%s: no -object%s has this id",
			   device_line_name(line), key->name, id, thread ? " iothread" : "");
}

/* Looks up the objects that properties name, in the order of the roles. */
static int finish_names(struct parser *parser, const struct device_line *line)
{
	static int (*const finish[DEVICE_ROLES])(
		struct parser * parser, const struct device_line *line, const struct key *key) = {
		[DEVICE_NAMES_ENTROPY] = finish_object, [DEVICE_NAMES_IOTHREAD] = finish_object,
		[DEVICE_NAMES_DRIVE] = finish_disk,     [DEVICE_NAMES_FSDEV] = finish_share,
		[DEVICE_NAMES_NETDEV] = finish_net,     [DEVICE_NAMES_AUDIODEV] = finish_sound,
	};
	int failed = 0;

	for (unsigned role = DEVICE_NAMES_NOTHING + 1; !failed && role < DEVICE_ROLES; role++) {
		const struct key *key = device_key(line->type, role);

		if (key && named_by(line, key))
			failed = finish[role](parser, line, key);
	}
	return failed;
}

static int check_beside(struct parser *parser, const struct device_line *line)
{
	const struct board_config *board = &parser->options->board;
	struct device_setup setup = { .properties = line->properties };

	for (unsigned i = 0; line->type->check_beside && i < board->device_count; i++)
		if (!strcmp(board->devices[i].type, line->type->name) &&
		    line->type->check_beside(&setup, board->devices[i].properties))
			return check_failed(parser, line, &setup);
	return 0;
}

static int finish_line(struct parser *parser, const struct device_line *line)
{
	int failed = check_line(parser, line);

	if (!failed)
		failed = finish_names(parser, line);
	if (!failed)
		failed = check_beside(parser, line);
	if (!failed && line->type->use == DEVICE_BUS)
		failed = finish_serial_bus(parser, line);
	return failed;
}

static int finish_device(struct parser *parser, const struct device_line *line)
{
	struct board_config *board = &parser->options->board;
	struct device_config config = {
		.type = line->type->name,
		.transport = line->transport,
		.packed = line->packed,
		.boot = line->boot_index + 1,
		.id = line->id,
		.properties = line->properties,
	};
	int failed = finish_line(parser, line);

	if (!failed)
		failed = place_device(parser, line, &config);
	if (!failed)
		board->devices[board->device_count++] = config;
	return failed;
}

int finish_devices(struct parser *parser)
{
	unsigned slots = 0;
	int failed = 0;

	for (unsigned i = 0; !failed && i < parser->device_count; i++) {
		failed = finish_device(parser, &parser->devices[i]);
		slots += parser->devices[i].transport == DEVICE_MMIO;
	}
	if (!failed && slots > VIRTIO_SLOTS)
		return keyval_fail(parser->error,
				   "-device: %u virtio devices are too many; the "
				   "machine has %d slots; those on PCIe need none, as "
				   "virtio-net-pci, or model=virtio-net-pci with -nic",
				   slots, VIRTIO_SLOTS);
	return failed;
}

/* Describes a device that is plugged in while the machine runs. The board looks up drives, buses
 * and ids, because it knows what is plugged in. */
static int plugged_device(struct parser *parser, struct device_config *config)
{
	const struct device_line *line = &parser->devices[0];
	bool behind = line->bus && strcmp(line->bus, PCI_ROOT_BUS) && line->transport == DEVICE_PCI;
	const struct key *drive = device_key(line->type, DEVICE_NAMES_DRIVE);

	if (drive && !named_by(line, drive))
		return keyval_fail(parser->error, "%s property not set", drive->name);
	*config = (struct device_config){
		.type = line->type->name,
		.transport = line->transport,
		.packed = line->packed,
		.boot = line->boot_index + 1,
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
		const struct device_type *type = find_type(name, &transport);

		options->strings = *strings;
		*parser = (struct parser){ .options = options, .error = error };
		if (!type || !is_part(type))
			failed = keyval_fail(error,
					     type ? "Device '%s' does not support "
						    "hotplugging" :
						    "'%s' is not a valid device model name",
					     name);
		else
			failed = parse_line(parser, type, transport,
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
