/* SPDX-License-Identifier: MIT */
/* Parses -drive and -blockdev: disks and flash banks. A device may name a drive before the drive is
 * defined. */
#include "frontends/cli/table.h"

#include "frontends/block/blockdev.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FORMAT_UNSAID UINT32_MAX /* otherwise the index of the word: raw, qcow2 */
#define MEDIA_CDROM 1
#define CACHE_WRITETHROUGH 3
#define FILE_PROTOCOL "file:" /* QEMU accepts this before a file's name */
#define DISCARD_IGNORE 2

/* The words of if= are in the order of enum drive_interface. */
static const struct key drive_keys[] = {
	{ .name = "file", .kind = KEY_TEXT, .offset = offsetof(struct drive, file),
	  .accepted = "FILE" },
	{ .name = "file.filename", .kind = KEY_TEXT, .offset = offsetof(struct drive, file),
	  .accepted = "FILE" },
	{ .name = "file.driver", .kind = KEY_WORD, .offset = offsetof(struct drive, ignored_word),
	  .accepted = "file|host_device" },
	{ .name = "driver", .kind = KEY_WORD, .offset = offsetof(struct drive, format),
	  .accepted = "raw|qcow2" },
	{ .name = "format", .kind = KEY_WORD, .offset = offsetof(struct drive, format),
	  .accepted = "raw|qcow2" },
	{ .name = "if", .kind = KEY_WORD, .offset = offsetof(struct drive, interface),
	  .accepted = "none|virtio|pflash" },
	{ .name = "id", .kind = KEY_TEXT, .offset = offsetof(struct drive, id), .accepted = "ID" },
	{ .name = "node-name", .kind = KEY_TEXT, .offset = offsetof(struct drive, node),
	  .accepted = "NAME" },
	{ .name = "readonly", .kind = KEY_SWITCH, .offset = offsetof(struct drive, readonly),
	  .accepted = "on|off" },
	{ .name = "read-only", .kind = KEY_SWITCH, .offset = offsetof(struct drive, readonly),
	  .accepted = "on|off" },
	{ .name = "unit", .kind = KEY_NUMBER, .offset = offsetof(struct drive, unit),
	  .accepted = "N", .max = 255 },
	{ .name = "index", .kind = KEY_NUMBER, .offset = offsetof(struct drive, index),
	  .accepted = "N", .max = 255 },
	{ .name = "serial", .kind = KEY_TEXT, .offset = offsetof(struct drive, serial),
	  .accepted = "TEXT" },
	{ .name = "media", .kind = KEY_WORD, .offset = offsetof(struct drive, media),
	  .accepted = "disk|cdrom" },
	{ .name = "snapshot", .kind = KEY_SWITCH, .offset = offsetof(struct drive, snapshot),
	  .accepted = "on|off" },
	{ .name = "werror", .kind = KEY_WORD, .offset = offsetof(struct drive, werror),
	  .accepted = BLOCK_WRITE_ERROR_WORDS },
	{ .name = "rerror", .kind = KEY_WORD, .offset = offsetof(struct drive, rerror),
	  .accepted = BLOCK_READ_ERROR_WORDS },
	{ .name = "detect-zeroes", .kind = KEY_WORD, .offset = offsetof(struct drive, zeroes),
	  .accepted = "off|on|unmap" },
	{ .name = "cache", .kind = KEY_WORD, .offset = offsetof(struct drive, cache),
	  .accepted = "writeback|none|unsafe|writethrough|directsync" },
	{ .name = "cache.direct", .kind = KEY_WORD, .offset = offsetof(struct drive, ignored_word),
	  .accepted = "on|off" },
	{ .name = "file.locking", .kind = KEY_WORD, .offset = offsetof(struct drive, ignored_word),
	  .accepted = "auto|on" },
	{ .name = "aio", .kind = KEY_WORD, .offset = offsetof(struct drive, ignored_word),
	  .accepted = "threads|native|io_uring" },
	{ .name = "discard", .kind = KEY_WORD, .offset = offsetof(struct drive, discard),
	  .accepted = "unmap|on|ignore|off" },
	{ .name = "cache.no-flush", .kind = KEY_WORD,
	  .offset = offsetof(struct drive, ignored_word), .accepted = "on|off" },
	{ .name = "lazy-refcounts", .kind = KEY_WORD,
	  .offset = offsetof(struct drive, ignored_word), .accepted = "on|off" },
	{ .name = "l2-cache-size", .kind = KEY_SIZE, .offset = offsetof(struct drive, ignored_size),
	  .accepted = "SIZE" },
	{ .name = "cache-size", .kind = KEY_SIZE, .offset = offsetof(struct drive, ignored_size),
	  .accepted = "SIZE" },
	{ .name = "copy-on-read", .kind = KEY_SWITCH, .offset = offsetof(struct drive, copies),
	  .accepted = "on|off" },
};

static const char *interface_name(const struct drive *drive)
{
	static const char *const names[] = {
		[IF_NONE] = "none", [IF_VIRTIO] = "virtio", [IF_PFLASH] = "pflash",
		[IF_UNSAID] = "virtio",
	};

	return names[drive->interface];
}

/* Returns the drive that has this unit of the same interface; NULL if there is none. */
static const struct drive *unit_owner(const struct parser *parser, const struct drive *drive,
				      u64 unit)
{
	for (unsigned i = 0; i < parser->drive_count; i++)
		if (!strcmp(interface_name(&parser->drives[i]), interface_name(drive)) &&
		    parser->drives[i].unit == unit)
			return &parser->drives[i];
	return NULL;
}

/* Gives a drive its unit and its name as QEMU does: the first free unit of its interface, unless
 * index= or unit= is given; without an id the name is made of interface and unit. */
static int take_unit(struct parser *parser, struct drive *drive)
{
	const struct drive *owner;
	char id[32];
	int size;

	if (drive->index != UNIT_ANY && drive->unit != UNIT_ANY)
		return keyval_fail(parser->error, "-drive: index= and unit= are the same; give one "
						  "of them");
	if (drive->index != UNIT_ANY)
		drive->unit = drive->index;
	if (drive->unit == UNIT_ANY)
		for (drive->unit = 0; unit_owner(parser, drive, drive->unit);)
			drive->unit++;
	owner = unit_owner(parser, drive, drive->unit);
	if (owner)
		return keyval_fail(parser->error,
				   "-drive: if=%s has index=%llu already, for '%s'; give '%s' "
				   "another index=, or none",
				   interface_name(drive), drive->unit, owner->file, drive->file);
	size = snprintf(id, sizeof(id), "%s%llu", interface_name(drive), drive->unit);
	if (!drive->id)
		drive->id = strings_add(&parser->options->strings, id, (size_t)size);
	return 0;
}

/* Warns about values that have no effect. */
static void warn_drive(struct parser *parser, const struct drive *drive)
{
	if (drive->cache >= CACHE_WRITETHROUGH)
		options_warn(parser, "-drive: cache=writethrough and cache=directsync are as "
				     "writeback: what the guest flushes is kept");
	if (drive->copies)
		options_warn(parser, "-drive: copy-on-read=on has no effect: what is read is not "
				     "copied from the backing file");
}

/* Adds a drive; its file is `name`, unless the list names one. */
static int add_drive(struct parser *parser, const char *name, const char *list)
{
	const struct keyval keyval = { "-drive", drive_keys, ARRAY_SIZE(drive_keys), NULL };
	struct drive *drive = &parser->drives[parser->drive_count];
	int failed;

	if (parser->drive_count == DRIVES_MAX)
		return keyval_fail(parser->error, "-drive: more than %d drives", DRIVES_MAX);
	*drive = (struct drive){
		.file = name,
		.interface = IF_UNSAID,
		.format = FORMAT_UNSAID,
		.unit = UNIT_ANY,
		.index = UNIT_ANY,
	};
	failed = keyval_parse(&keyval, list, drive, &parser->options->strings, parser->error);
	if (failed)
		return failed;
	if (!drive->file)
		return keyval_fail(parser->error, "-drive: '%s' names no file; add file=FILE",
				   list);
	if (!strncmp(drive->file, FILE_PROTOCOL, strlen(FILE_PROTOCOL)))
		drive->file += strlen(FILE_PROTOCOL);
	failed = take_unit(parser, drive);
	if (failed)
		return failed;
	parser->drive_count++;
	warn_drive(parser, drive);
	drive->readonly |= drive->media == MEDIA_CDROM;
	return 0;
}

int apply_drive(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	return add_drive(parser, NULL, value);
}

/* Parses -cdrom. The whole value is the file's name, commas included. */
int apply_cdrom(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	return add_drive(parser, value, "index=2,format=raw,media=cdrom");
}

/* Parses -hda to -hdd. */
int apply_disk(struct parser *parser, const struct option *option, const char *value)
{
	char list[] = "index=0";

	list[sizeof(list) - 2] = (char)('0' + option->name[2] - 'a');
	return add_drive(parser, value, list);
}

int apply_pflash(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	return add_drive(parser, value, "if=pflash");
}

/* Parses -blockdev. Nodes are opened in the order of the command line, so a node can refer to
 * earlier ones. */
int apply_blockdev(struct parser *parser, const struct option *option, const char *value)
{
	struct board_config *board = &parser->options->board;
	struct board_error *error = parser->error;
	char why[sizeof(error->text)];

	(void)option;
	if (board->disk_count == BOARD_DISKS_MAX)
		return keyval_fail(error, "-blockdev: more than %d disks", BOARD_DISKS_MAX);
	if (!blockdev_parse(value, &board->disks[board->disk_count], &parser->options->strings,
			    error)) {
		board->disk_count++;
		return 0;
	}
	snprintf(why, sizeof(why), "%s", error->text);
	return keyval_fail(error, "-blockdev: %.400s", why);
}

static bool drive_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static struct drive *find_drive(struct parser *parser, const char *name)
{
	for (unsigned i = 0; i < parser->drive_count; i++)
		if (drive_same(parser->drives[i].id, name) ||
		    drive_same(parser->drives[i].node, name))
			return &parser->drives[i];
	return NULL;
}

static bool is_node(const struct board_config *board, const char *name)
{
	for (unsigned n = 0; n < board->disk_count; n++)
		if (drive_same(board->disks[n].node, name))
			return true;
	return false;
}

static struct board_disk disk_of(const struct parser *parser, const struct drive *drive)
{
	return (struct board_disk){
		.id = drive->id,
		.node = drive->node,
		.file = drive->file,
		.format = drive->format == FORMAT_UNSAID ? BOARD_FORMAT_UNSAID :
							   BOARD_FORMAT_RAW + drive->format,
		.readonly = drive->readonly,
		.zeroes = (enum disk_zeroes)drive->zeroes,
		.snapshot = drive->snapshot || parser->options->snapshot,
		.keeps_discarded = drive->discard >= DISCARD_IGNORE,
	};
}

/* Adds a drive to the board's disks. One that no device uses is kept for a device that is added
 * later. */
static int finish_drive(struct parser *parser, const struct drive *drive)
{
	struct board_config *board = &parser->options->board;

	if (board->disk_count == BOARD_DISKS_MAX)
		return keyval_fail(parser->error, "-drive: more than %d disks", BOARD_DISKS_MAX);
	board->disks[board->disk_count++] = disk_of(parser, drive);
	return 0;
}

/* Marks a drive that a -device or -machine pflashN= names, so that this replaces the disk that the
 * drive itself adds without if=. */
static void note_named(struct parser *parser, const char *id)
{
	struct drive *drive = id ? find_drive(parser, id) : NULL;

	if (drive)
		drive->named = true;
}

static void note_all_named(struct parser *parser)
{
	for (unsigned i = 0; i < parser->device_count; i++) {
		const struct device_line *line = &parser->devices[i];
		const struct virtio_blk_properties *disk = line->properties;

		if (device_key(line->type, DEVICE_NAMES_DRIVE))
			note_named(parser, disk->drive);
	}
	for (unsigned n = 0; n < ARRAY_SIZE(parser->flash_nodes); n++)
		note_named(parser, parser->flash_nodes[n]);
}

/* Adds the disks of drives, which follow the devices of -device, as in QEMU, wherever they are on
 * the command line. */
static int add_disks(struct parser *parser)
{
	int failed = 0;

	note_all_named(parser);
	for (unsigned i = 0; !failed && i < parser->drive_count; i++) {
		const struct drive *drive = &parser->drives[i];

		if (drive->interface == IF_VIRTIO ||
		    (drive->interface == IF_UNSAID && !drive->named))
			failed = add_disk(parser, drive->id);
	}
	return failed;
}

int finish_disk(struct parser *parser, const struct device_line *line, const struct key *key)
{
	struct virtio_blk_properties *disk = line->properties;
	struct drive *drive;

	(void)key;
	drive = find_drive(parser, disk->drive);
	if (!drive && !is_node(&parser->options->board, disk->drive))
		return keyval_fail(parser->error,
				   "-device: drive=%s: no -drive has this id, and "
				   "no -blockdev this node-name",
				   disk->drive);
	if (!drive)
		return 0;
	if (drive->used)
		return keyval_fail(parser->error,
				   "-device: drive=%s: this drive is in use "
				   "already; give it if=none",
				   disk->drive);
	drive->used = true;
	if (!disk->serial)
		disk->serial = drive->serial;
	if (disk->on_read == BLOCK_ERROR_AUTO)
		disk->on_read = drive->rerror;
	if (disk->on_write == BLOCK_ERROR_AUTO)
		disk->on_write = drive->werror;
	return 0;
}

static int add_flash(struct parser *parser, u64 unit, const struct board_disk *disk)
{
	struct board_config *board = &parser->options->board;

	if (unit >= ARRAY_SIZE(board->pflash))
		return keyval_fail(parser->error, "-drive: if=pflash has units 0 and 1 only");
	if (board->pflash[unit].file)
		return keyval_fail(parser->error,
				   "-drive: if=pflash unit %u is given twice: "
				   "'%s' and '%s'",
				   (unsigned)unit, board->pflash[unit].file, disk->file);
	if (disk->format == BOARD_FORMAT_QCOW2)
		return keyval_fail(parser->error,
				   "%s: flash is a raw file; `qemu-img convert -O raw` makes one "
				   "of a qcow2 image",
				   disk->file);
	board->pflash[unit] = *disk;
	return 0;
}

static int finish_flash(struct parser *parser, const struct drive *drive)
{
	const struct board_disk disk = disk_of(parser, drive);

	return add_flash(parser, drive->unit, &disk);
}

static struct board_disk *find_disk(struct board_config *board, const char *name)
{
	for (unsigned n = 0; n < board->disk_count; n++)
		if (drive_same(board->disks[n].node, name) || drive_same(board->disks[n].id, name))
			return &board->disks[n];
	return NULL;
}

static void remove_disk(struct board_config *board, struct board_disk *disk)
{
	size_t behind = (size_t)(&board->disks[board->disk_count] - (disk + 1));

	memmove(disk, disk + 1, behind * sizeof(*disk));
	board->disk_count--;
}

/* Handles -machine pflashN=NAME: the file of a node or drive becomes a flash bank, and is removed
 * from the disks. */
static int finish_flash_node(struct parser *parser, unsigned unit)
{
	struct board_config *board = &parser->options->board;
	const char *name = parser->flash_nodes[unit];
	struct board_disk *disk = find_disk(board, name);
	struct board_disk flash = { 0 };

	for (unsigned n = 0; disk && n <= board->disk_count; n++) {
		struct board_disk node = *disk;

		if (flash.format == BOARD_FORMAT_QCOW2)
			node.format = BOARD_FORMAT_QCOW2;
		node.readonly |= flash.readonly;
		flash = node;
		remove_disk(board, disk);
		if (flash.file)
			return add_flash(parser, unit, &flash);
		disk = find_disk(board, node.below);
	}
	return keyval_fail(parser->error,
			   "-machine: pflash%u=%s: no -blockdev has this node-name, "
			   "and no -drive if=none this id",
			   unit, name);
}

int finish_drives(struct parser *parser)
{
	int failed = add_disks(parser);

	for (unsigned i = 0; !failed && i < parser->drive_count; i++)
		if (parser->drives[i].interface == IF_PFLASH)
			failed = finish_flash(parser, &parser->drives[i]);
	for (unsigned i = 0; !failed && i < parser->drive_count; i++)
		for (unsigned j = 0; parser->drives[i].id && j < i; j++)
			if (find_drive(parser, parser->drives[i].id) == &parser->drives[j])
				return keyval_fail(parser->error, "-drive: id=%s is given twice",
						   parser->drives[i].id);
	for (unsigned i = 0; !failed && i < parser->drive_count; i++)
		if (parser->drives[i].interface != IF_PFLASH)
			failed = finish_drive(parser, &parser->drives[i]);
	for (unsigned n = 0; !failed && n < ARRAY_SIZE(parser->flash_nodes); n++)
		if (parser->flash_nodes[n])
			failed = finish_flash_node(parser, n);
	return failed;
}
