/* SPDX-License-Identifier: MIT */
/*
 * Parses the description of a node of QEMU's block layer: that of -blockdev, which is a
 * comma-separated list with dots in its keys, or JSON; or that of QMP's blockdev-add, which is
 * JSON. Each form is first turned into a struct blockdev, a list of keys and values. Errors have
 * QEMU's wording.
 */
#ifndef FRONTENDS_BLOCK_BLOCKDEV_H
#define FRONTENDS_BLOCK_BLOCKDEV_H

#include "frontends/host/keyval.h"

struct board_disk;

enum blockdev_type {
	BLOCKDEV_WRITTEN, /* a value of a comma-separated list, which has no type: it fits any */
	BLOCKDEV_STRING,
	BLOCKDEV_BOOLEAN,
	BLOCKDEV_INTEGER,
	BLOCKDEV_EMPTY, /* an object without members */
	BLOCKDEV_OTHER,
};

#define BLOCKDEV_VALUES_MAX 64

struct blockdev_value {
	const char *key; /* "file.filename" */
	enum blockdev_type type;
	const char *text; /* the text of a boolean: "true" or "false" */
	bool seen;
};

struct blockdev {
	struct blockdev_value values[BLOCKDEV_VALUES_MAX];
	unsigned count;
};

/* Adds a value and borrows its strings. Returns false if there are too many values. */
bool blockdev_add(struct blockdev *blockdev, const char *key, enum blockdev_type type,
		  const char *text);

/*
 * Turns all values into a disk image's description, which borrows their strings. Returns 0, or
 * -EINVAL with *error.
 */
int blockdev_disk(struct blockdev *blockdev, struct board_disk *disk, struct board_error *error);

/* Does the same for a text, which is a list or JSON. `strings` owns what is allocated for it. */
int blockdev_parse(const char *text, struct board_disk *disk, struct strings *strings,
		   struct board_error *error);

/*
 * Read the values from a JSON text, or from an object of jansson's (json_t); see blockdev_json.c.
 * Return 0, or -EINVAL with *error.
 */
int blockdev_json(const char *text, struct blockdev *blockdev, struct strings *strings,
		  struct board_error *error);
int blockdev_object(const void *object, struct blockdev *blockdev, struct strings *strings,
		    struct board_error *error);

#endif
