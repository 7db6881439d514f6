/* SPDX-License-Identifier: MIT */
/*
 * Lists the members that a block node of QEMU's -blockdev can have, one row each: their possible
 * values, and which of them Baya implements. QEMU's members that only affect speed are accepted;
 * others are refused.
 */
#include "frontends/block/blockdev.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "devices/board/board.h"

enum driver { RAW, QCOW2, FILE_DRIVER, HOST_DEVICE, DRIVERS };

#define ROOT_DRIVERS "raw|qcow2|file|host_device"
#define FORMATS (BIT(RAW) | BIT(QCOW2))
#define FILES (BIT(FILE_DRIVER) | BIT(HOST_DEVICE))
#define ANY (FORMATS | FILES)

/* The values given for one node: the root, or the file beneath it. */
struct node {
	const char *driver, *name, *filename, *file, *zeroes;
	bool readonly, readonly_if_must;
	bool discards; /* discarded sectors are freed */
};

enum kind { TEXT, SWITCH, NUMBER, REFERENCE, OBJECT };

struct member {
	const char *name;
	enum kind kind;
	unsigned drivers; /* bits of enum driver: the drivers that have this member */
	int offset; /* of the field in struct node, or IGNORED */
	const char *words; /* the words that QEMU accepts; NULL: any text */
	const char *only; /* the words that Baya accepts; NULL: all of them */
};

#define IGNORED (-1)
#define ZEROES_WORDS "off|on|unmap" /* in the order of enum disk_zeroes */
#define FIELD(field) offsetof(struct node, field)

static const struct member members[] = {
	{ "driver", TEXT, ANY, FIELD(driver), NULL, NULL },
	{ "node-name", TEXT, ANY, FIELD(name), NULL, NULL },
	{ "read-only", SWITCH, ANY, FIELD(readonly), NULL, NULL },
	{ "auto-read-only", SWITCH, ANY, FIELD(readonly_if_must), NULL, NULL },
	{ "discard", TEXT, ANY, IGNORED, "ignore|unmap", NULL },
	{ "detect-zeroes", TEXT, ANY, FIELD(zeroes), ZEROES_WORDS, NULL },
	{ "force-share", SWITCH, ANY, IGNORED, NULL, "off" },
	{ "cache.direct", SWITCH, ANY, IGNORED, NULL, NULL },
	{ "cache.no-flush", SWITCH, ANY, IGNORED, NULL, NULL },
	{ "cache", OBJECT, ANY, IGNORED, NULL, NULL },
	{ "file", REFERENCE, FORMATS, FIELD(file), NULL, NULL },
	{ "filename", TEXT, FILES, FIELD(filename), NULL, NULL },
	{ "aio", TEXT, FILES, IGNORED, "threads|native|io_uring", NULL },
	{ "aio-max-batch", NUMBER, FILES, IGNORED, NULL, NULL },
	{ "drop-cache", SWITCH, FILES, IGNORED, NULL, NULL },
	{ "locking", TEXT, FILES, IGNORED, "auto|on|off", "auto|on" },
	{ "lazy-refcounts", SWITCH, BIT(QCOW2), IGNORED, NULL, NULL },
	{ "cache-size", NUMBER, BIT(QCOW2), IGNORED, NULL, NULL },
	{ "l2-cache-size", NUMBER, BIT(QCOW2), IGNORED, NULL, NULL },
	{ "l2-cache-entry-size", NUMBER, BIT(QCOW2), IGNORED, NULL, NULL },
	{ "refcount-cache-size", NUMBER, BIT(QCOW2), IGNORED, NULL, NULL },
	{ "cache-clean-interval", NUMBER, BIT(QCOW2), IGNORED, NULL, NULL },
	{ "overlap-check", TEXT, BIT(QCOW2), IGNORED, "none|constant|cached|all", NULL },
};

/* QEMU has these members and Baya does not. Ignoring them would be wrong, so they are refused. */
static const struct {
	const char *name;
	unsigned drivers;
} missing[] = {
	{ "offset", BIT(RAW) }, { "size", BIT(RAW) }, { "pr-manager", FILES },
	{ "x-check-cache-dropped", FILES }, { "backing", BIT(QCOW2) }, { "encrypt", BIT(QCOW2) },
	{ "data-file", BIT(QCOW2) }, { "pass-discard-request", BIT(QCOW2) },
	{ "pass-discard-snapshot", BIT(QCOW2) }, { "pass-discard-other", BIT(QCOW2) },
};

bool blockdev_add(struct blockdev *blockdev, const char *key, enum blockdev_type type,
		  const char *text)
{
	if (blockdev->count == BLOCKDEV_VALUES_MAX)
		return false;
	blockdev->values[blockdev->count++] = (struct blockdev_value){ key, type, text, false };
	return true;
}

static struct blockdev_value *blockdev_find(struct blockdev *blockdev, const char *prefix,
					    const char *name)
{
	size_t size = strlen(prefix);

	for (unsigned n = 0; n < blockdev->count; n++) {
		struct blockdev_value *value = &blockdev->values[n];

		if (!strncmp(value->key, prefix, size) && !strcmp(value->key + size, name))
			return value;
	}
	return NULL;
}

static bool has_prefix(const struct blockdev *blockdev, const char *prefix)
{
	for (unsigned n = 0; n < blockdev->count; n++)
		if (!strncmp(blockdev->values[n].key, prefix, strlen(prefix)))
			return true;
	return false;
}

/* Returns whether the value has the type that it should have. */
static bool has_type(const struct blockdev_value *value, enum kind kind)
{
	static const enum blockdev_type types[] = {
		[TEXT] = BLOCKDEV_STRING, [SWITCH] = BLOCKDEV_BOOLEAN, [NUMBER] = BLOCKDEV_INTEGER,
		[REFERENCE] = BLOCKDEV_STRING, [OBJECT] = BLOCKDEV_EMPTY,
	};

	return value->type == types[kind] || (value->type == BLOCKDEV_WRITTEN && kind != OBJECT);
}

static int check_value(const struct member *member, const struct blockdev_value *value,
		       struct board_error *error)
{
	static const char *const names[] = { "string", "boolean", "integer", "BlockdevRef",
					     "object" };
	u64 number;

	if (!has_type(value, member->kind))
		return keyval_fail(error, "Invalid parameter type for '%.200s', expected: %s",
				   value->key, names[member->kind]);
	if (member->kind == SWITCH && keyval_word("on|off|true|false", value->text) < 0)
		return keyval_fail(error, "Parameter '%.200s' expects 'on' or 'off'", value->key);
	if (member->kind == NUMBER && !keyval_size(value->text, 1, &number))
		return keyval_fail(error, "Parameter '%.200s' expects integer", value->key);
	if (member->words && keyval_word(member->words, value->text) < 0)
		return keyval_fail(error, "Parameter '%.100s' does not accept value '%.200s'",
				   value->key, value->text);
	return 0;
}

/* Returns whether a switch is on: "on" and "true" mean the same. */
static bool blockdev_is_on(const char *text)
{
	return !strcmp(text, "on") || !strcmp(text, "true");
}

static int take_member(const struct member *member, struct blockdev_value *value, struct node *node,
		       struct board_error *error)
{
	const char *text = value->text;
	int failed = check_value(member, value, error);

	if (failed)
		return failed;
	value->seen = true;
	if (member->kind == SWITCH)
		text = blockdev_is_on(text) ? "on" : "off";
	if (member->only && keyval_word(member->only, text) < 0)
		return keyval_fail(error,
				   "Parameter '%.100s' is not supported as '%.200s'; accepted: %s",
				   value->key, text, member->only);
	if (member->offset != IGNORED && member->kind == SWITCH)
		*(bool *)((char *)node + member->offset) = blockdev_is_on(text);
	else if (member->offset != IGNORED)
		*(const char **)((char *)node + member->offset) = text;
	if (!strcmp(member->name, "discard"))
		node->discards = !strcmp(text, "unmap");
	return 0;
}

static int refuse_missing(struct blockdev *blockdev, const char *prefix, unsigned driver,
			  struct board_error *error)
{
	for (unsigned n = 0; n < ARRAY_SIZE(missing); n++) {
		char inner[64];

		snprintf(inner, sizeof(inner), "%s%s.", prefix, missing[n].name);
		if ((missing[n].drivers & BIT(driver)) &&
		    (blockdev_find(blockdev, prefix, missing[n].name) ||
		     has_prefix(blockdev, inner)))
			return keyval_fail(error, "Parameter '%s%s' is not supported by Baya",
					   prefix, missing[n].name);
	}
	return 0;
}

/* Reads the node whose keys begin with `prefix`; its driver must be one of `allowed`. */
static int take_node(struct blockdev *blockdev, const char *prefix, unsigned allowed,
		     struct node *node, struct board_error *error)
{
	struct blockdev_value *value = blockdev_find(blockdev, prefix, "driver");
	int driver, failed = 0;

	if (!value)
		return keyval_fail(error, "Parameter '%sdriver' is missing", prefix);
	failed = check_value(&members[0], value, error);
	if (failed)
		return failed;
	driver = keyval_word(ROOT_DRIVERS, value->text);
	if (driver < 0 || !(allowed & BIT(driver)))
		return keyval_fail(error, "Parameter '%sdriver' does not accept value '%.200s'",
				   prefix, value->text);
	for (unsigned n = 0; !failed && n < ARRAY_SIZE(members); n++) {
		value = blockdev_find(blockdev, prefix, members[n].name);
		if (value && (members[n].drivers & BIT(driver)))
			failed = take_member(&members[n], value, node, error);
	}
	return failed ? failed : refuse_missing(blockdev, prefix, (unsigned)driver, error);
}

static int refuse_others(const struct blockdev *blockdev, struct board_error *error)
{
	for (unsigned n = 0; n < blockdev->count; n++)
		if (!blockdev->values[n].seen)
			return keyval_fail(error, "Parameter '%.200s' is unexpected",
					   blockdev->values[n].key);
	return 0;
}

static int take_file(struct blockdev *blockdev, const struct node *root, struct node *file,
		     struct board_error *error)
{
	int failed = 0;

	if (!root->file && !has_prefix(blockdev, "file."))
		return keyval_fail(error, "Parameter 'file' is missing");
	if (root->file)
		return 0;
	*file = (struct node){ .readonly = root->readonly, .discards = true };
	failed = take_node(blockdev, "file.", FILES, file, error);
	if (!failed && !file->filename)
		return keyval_fail(error, "Parameter 'file.filename' is missing");
	return failed;
}

static bool blockdev_is(const struct node *node, const char *driver)
{
	return node->driver && !strcmp(node->driver, driver);
}

static enum disk_zeroes zeroes_of(const struct node *node)
{
	return node->zeroes ? (enum disk_zeroes)keyval_word(ZEROES_WORDS, node->zeroes) :
			      DISK_ZEROES_OFF;
}

int blockdev_disk(struct blockdev *blockdev, struct board_disk *disk, struct board_error *error)
{
	struct node root = { 0 }, file = { .discards = true };
	bool alone;
	int failed = take_node(blockdev, "", ANY, &root, error);

	alone = blockdev_is(&root, "file") || blockdev_is(&root, "host_device");
	if (!failed && !alone)
		failed = take_file(blockdev, &root, &file, error);
	if (!failed)
		failed = refuse_others(blockdev, error);
	if (failed)
		return failed;
	if (alone && !root.filename)
		return keyval_fail(error, "Parameter 'filename' is missing");
	if (!root.name)
		return keyval_fail(error, "'node-name' must be specified for the root node");
	if (file.readonly && !root.readonly)
		return keyval_fail(error, "Block node is read-only");
	if (zeroes_of(&root) == DISK_ZEROES_UNMAP && !root.discards)
		return keyval_fail(error, "setting detect-zeroes to unmap is not allowed without "
					  "setting discard operation to unmap");
	*disk = (struct board_disk){
		.node = root.name,
		.file = alone ? root.filename : file.filename,
		.below = root.file ? root.file : file.name,
		.format = alone ? BOARD_FORMAT_FILE :
			  blockdev_is(&root, "qcow2") ? BOARD_FORMAT_QCOW2 : BOARD_FORMAT_RAW,
		.block_device = blockdev_is(&root, "host_device") || blockdev_is(&file, "host_device"),
		.readonly = root.readonly,
		.readonly_if_must = alone && root.readonly_if_must,
		.zeroes = zeroes_of(alone || zeroes_of(&root) ? &root : &file),
		.keeps_discarded = !root.discards || !file.discards,
	};
	return 0;
}

/* Reads a list "a.b=c,...", in which `,,` stands for a comma within a value. */
static int take_list(const char *text, struct blockdev *blockdev, struct strings *strings,
		     struct board_error *error)
{
	while (text) {
		char *item = (char *)(uintptr_t)keyval_first(strings, &text);
		char *equals = strchr(item, '=');

		if (!equals)
			return keyval_fail(error, "Expected '=' after parameter '%.200s'", item);
		*equals = 0;
		if (blockdev_find(blockdev, "", item))
			return keyval_fail(error, "'%.200s' is given twice", item);
		if (!blockdev_add(blockdev, item, BLOCKDEV_WRITTEN, equals + 1))
			return keyval_fail(error, "it has more than %d parameters",
					   BLOCKDEV_VALUES_MAX);
	}
	return 0;
}

int blockdev_parse(const char *text, struct board_disk *disk, struct strings *strings,
		   struct board_error *error)
{
	struct blockdev blockdev = { 0 };
	int failed = *text == '{' ? blockdev_json(text, &blockdev, strings, error) :
				    take_list(text, &blockdev, strings, error);

	return failed ? failed : blockdev_disk(&blockdev, disk, error);
}
