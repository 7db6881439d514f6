/* SPDX-License-Identifier: MIT */
/*
 * What -drive, -device, -object, -chardev, -serial and -monitor mean, and how they come together
 * when all options are read: names may be used before they are defined.
 */
#include "frontends/options_table.h"

#include <errno.h>
#include <string.h>

#include "bus/nearest.h"

#define VIRTIO_SLOTS 8
#define BUS_PREFIX "virtio-mmio-bus."


int apply_drive(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-drive", drive_keys, drive_key_count, NULL };
	struct drive *drive = &parser->drives[parser->drive_count];
	int failed;

	(void)option;
	if (parser->drive_count == DRIVES_MAX)
		return keyval_fail(parser->error, "-drive: more than %d drives", DRIVES_MAX);
	*drive = (struct drive){ .interface = IF_VIRTIO, .unit = UNIT_ANY, .index = UNIT_ANY };
	failed = keyval_parse(&keyval, value, drive, &parser->options->strings, parser->error);
	if (failed)
		return failed;
	if (!drive->file)
		return keyval_fail(parser->error, "-drive: '%s' names no file; add file=FILE",
				   value);
	if (drive->interface == IF_NONE && !drive->id)
		return keyval_fail(parser->error, "-drive: '%s': if=none needs id=ID, for "
				   "-device virtio-blk-device,drive=ID", value);
	parser->drive_count++;
	if (drive->interface != IF_VIRTIO)
		return 0;
	if (parser->disk_count == BOARD_DISKS_MAX)
		return keyval_fail(parser->error, "-drive: more than %d disks", BOARD_DISKS_MAX);
	parser->disks[parser->disk_count++] = (struct disk_device){ .direct = drive };
	drive->used = true;
	return 0;
}

static const char *driver_name(const void *ctx, unsigned i)
{
	return ((const struct driver *)ctx)[i].name;
}

int apply_device(struct parser *parser, const struct option *option, const char *value)
{
	size_t size = strcspn(value, ",");
	const char *name = strings_add(&parser->options->strings, value, size);

	(void)option;
	if (!strcmp(value, "help")) {
		parser->options->action = ACTION_DEVICE_HELP;
		return 0;
	}
	if (!strncmp(name, "driver=", 7))
		name += 7;
	for (unsigned i = 0; i < drivers_count; i++)
		if (!strcmp(drivers_table[i].name, name))
			return drivers_table[i].add(parser, &drivers_table[i],
						    value[size] ? value + size + 1 : NULL);
	return keyval_fail(parser->error,
			   "-device: no device '%s'; nearest is '%s' (-device help lists all)",
			   name, nearest_name(name, driver_name, drivers_table, drivers_count));
}

static int parse_device(struct parser *parser, const struct driver *driver, const char *list,
			void *into)
{
	struct strings *strings = &parser->options->strings;
	char what[64];
	const struct keyval keyval = { what, driver->keys, driver->count, NULL };

	snprintf(what, sizeof(what), "-device %s", driver->name);
	return list ? keyval_parse(&keyval, list, into, strings, parser->error) : 0;
}

/* virtio-mmio-bus.0 is the slot at the lowest address, as in QEMU. */
static int check_bus(struct parser *parser, const char *bus)
{
	size_t prefix = strlen(BUS_PREFIX);
	u64 number;

	if (!strncmp(bus, BUS_PREFIX, prefix) && keyval_number(bus + prefix, &number) &&
	    number < VIRTIO_SLOTS)
		return (int)number;
	return keyval_fail(parser->error, "-device: no bus '%s'; accepted: " BUS_PREFIX
			   "0 to " BUS_PREFIX "%d", bus, VIRTIO_SLOTS - 1);
}

int add_disk(struct parser *parser, const struct driver *driver, const char *list)
{
	struct disk_device *disk = &parser->disks[parser->disk_count];
	int failed;

	if (parser->disk_count == BOARD_DISKS_MAX)
		return keyval_fail(parser->error, "-device %s: more than %d disks", driver->name,
				   BOARD_DISKS_MAX);
	*disk = (struct disk_device){ 0 };
	failed = parse_device(parser, driver, list, disk);
	if (failed)
		return failed;
	if (!disk->drive)
		return keyval_fail(parser->error, "-device %s: needs drive=ID of a -drive "
				   "if=none,id=ID", driver->name);
	parser->disk_count++;
	return 0;
}

int add_rng(struct parser *parser, const struct driver *driver, const char *list)
{
	struct object object = { 0 };
	int failed = parse_device(parser, driver, list, &object);

	if (failed)
		return failed;
	if (parser->options->board.virtio_rng)
		return keyval_fail(parser->error, "-device %s: one is enough", driver->name);
	parser->options->board.virtio_rng = true;
	parser->rng = object.filename;
	return 0;
}

int add_serial_bus(struct parser *parser, const struct driver *driver, const char *list)
{
	struct object object = { 0 };

	parser->serial_bus = true;
	return parse_device(parser, driver, list, &object);
}

int add_console(struct parser *parser, const struct driver *driver, const char *list)
{
	struct backend console = { 0 };
	int failed = parse_device(parser, driver, list, &console);

	if (failed)
		return failed;
	if (parser->options->board.virtio_console)
		return keyval_fail(parser->error, "-device %s: one is enough", driver->name);
	parser->options->board.virtio_console = true;
	parser->console_chardev = console.path;
	return 0;
}

int add_loader(struct parser *parser, const struct driver *driver, const char *list)
{
	struct board_config *board = &parser->options->board;
	struct board_load load = { .addr = UINT64_MAX };
	int failed = parse_device(parser, driver, list, &load);

	if (failed)
		return failed;
	if (!load.file)
		return keyval_fail(parser->error, "-device loader: names no file; add file=FILE");
	load.has_addr = load.addr != UINT64_MAX;
	if (load.raw && !load.has_addr)
		return keyval_fail(parser->error, "-device loader: force-raw=on needs addr=ADDRESS");
	if (board->load_count == BOARD_LOADS_MAX)
		return keyval_fail(parser->error, "-device loader: more than %d files",
				   BOARD_LOADS_MAX);
	board->loads[board->load_count++] = load;
	return 0;
}

static const struct key object_keys[] = {
	{ "qom-type", KEY_WORD, offsetof(struct object, kind), "rng-random|rng-builtin", 0, 0 },
	{ "id", KEY_TEXT, offsetof(struct object, id), "ID", 0, 0 },
	{ "filename", KEY_TEXT, offsetof(struct object, filename), "FILE", 0, 0 },
};

/* The guest's entropy is the host's in any case; the object is there to be named. */
int apply_object(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-object", object_keys, ARRAY_SIZE(object_keys),
				       "qom-type" };
	struct object *object = &parser->objects[parser->object_count];
	int failed;

	(void)option;
	if (parser->object_count == BACKENDS_MAX)
		return keyval_fail(parser->error, "-object: more than %d objects", BACKENDS_MAX);
	failed = keyval_parse(&keyval, value, object, &parser->options->strings, parser->error);
	if (failed)
		return failed;
	if (!object->id)
		return keyval_fail(parser->error, "-object: '%s' needs id=ID", value);
	if (object->filename && keyval_word("/dev/urandom|/dev/random", object->filename) < 0)
		return keyval_fail(parser->error, "-object: filename: '%s' is not accepted; "
				   "accepted: /dev/urandom, /dev/random", object->filename);
	parser->object_count++;
	return 0;
}

static struct drive *find_drive(struct parser *parser, const char *id)
{
	for (unsigned i = 0; i < parser->drive_count; i++)
		if (parser->drives[i].id && !strcmp(parser->drives[i].id, id))
			return &parser->drives[i];
	return NULL;
}

static int finish_disk(struct parser *parser, const struct disk_device *device)
{
	struct board_config *board = &parser->options->board;
	struct board_disk *disk = &board->disks[board->disk_count++];
	struct drive *drive = device->direct;
	int slot = -1;

	if (!drive) {
		drive = find_drive(parser, device->drive);
		if (!drive)
			return keyval_fail(parser->error, "-device: drive=%s: no -drive has this "
					   "id", device->drive);
		if (drive->used || drive->interface != IF_NONE)
			return keyval_fail(parser->error, "-device: drive=%s: this drive is in "
					   "use already; give it if=none", device->drive);
		drive->used = true;
	}
	if (device->bus) {
		slot = check_bus(parser, device->bus);
		if (slot < 0)
			return slot;
	}
	*disk = (struct board_disk){
		.file = drive->file,
		.readonly = drive->readonly,
		.serial = device->serial ? device->serial : drive->serial,
		.queues = (unsigned)device->queues,
		.slot = slot + 1,
	};
	for (unsigned i = 0; slot >= 0 && i + 1 < board->disk_count; i++)
		if (board->disks[i].slot == disk->slot)
			return keyval_fail(parser->error, "-device: bus=%s is taken twice",
					   device->bus);
	return 0;
}

static int finish_flash(struct parser *parser, const struct drive *drive)
{
	struct board_config *board = &parser->options->board;
	u64 unit = drive->unit != UNIT_ANY ? drive->unit : drive->index;

	if (unit == UNIT_ANY)
		unit = board->pflash[0] ? 1 : 0;
	if (unit >= ARRAY_SIZE(board->pflash))
		return keyval_fail(parser->error, "-drive: if=pflash has units 0 and 1 only");
	if (board->pflash[unit])
		return keyval_fail(parser->error, "-drive: if=pflash unit %u is given twice: "
				   "'%s' and '%s'", (unsigned)unit, board->pflash[unit],
				   drive->file);
	board->pflash[unit] = drive->file;
	board->pflash_readonly[unit] = drive->readonly;
	return 0;
}

int finish_disks(struct parser *parser)
{
	struct board_config *board = &parser->options->board;
	unsigned slots;
	int failed = 0;

	for (unsigned i = 0; !failed && i < parser->disk_count; i++)
		failed = finish_disk(parser, &parser->disks[i]);
	for (unsigned i = 0; !failed && i < parser->drive_count; i++)
		if (parser->drives[i].interface == IF_PFLASH)
			failed = finish_flash(parser, &parser->drives[i]);
	if (failed)
		return failed;
	for (unsigned i = 0; i < parser->drive_count; i++)
		for (unsigned j = 0; parser->drives[i].id && j < i; j++)
			if (find_drive(parser, parser->drives[i].id) == &parser->drives[j])
				return keyval_fail(parser->error, "-drive: id=%s is given twice",
						   parser->drives[i].id);
	slots = board->disk_count + board->virtio_rng + board->virtio_console;
	if (slots > VIRTIO_SLOTS)
		return keyval_fail(parser->error, "-device: %u virtio devices are too many; the "
				   "machine has %d slots", slots, VIRTIO_SLOTS);
	if (!parser->rng)
		return 0;
	for (unsigned i = 0; i < parser->object_count; i++)
		if (!strcmp(parser->objects[i].id, parser->rng))
			return 0;
	return keyval_fail(parser->error, "-device virtio-rng-device: rng=%s: no -object has this "
			   "id", parser->rng);
}
