/* SPDX-License-Identifier: MIT */
/*
 * A node of QEMU's block layer, given by -blockdev as a list with dots or as JSON, or by QMP's
 * blockdev-add as JSON. Each form becomes a list of values here, and errors have QEMU's wording.
 */
#ifndef FRONTENDS_BLOCK_BLOCKDEV_H
#define FRONTENDS_BLOCK_BLOCKDEV_H

#include "frontends/host/keyval.h"

struct board_disk;

enum blockdev_type {
	BLOCKDEV_WRITTEN, /* written in a list: it has whatever type is needed */
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
	const char *text; /* a boolean's is true or false */
	bool seen;
};

struct blockdev {
	struct blockdev_value values[BLOCKDEV_VALUES_MAX];
	unsigned count;
};

/* Adds a value and borrows its strings. False: there are too many. */
bool blockdev_add(struct blockdev *blockdev, const char *key, enum blockdev_type type,
		  const char *text);

/* Turns all values into an image, which borrows their strings. Returns 0, or -EINVAL with
 * *error. */
int blockdev_disk(struct blockdev *blockdev, struct board_disk *disk, struct board_error *error);

/* Does the same for a text, which is a list or JSON; `strings` keeps what was parsed. */
int blockdev_parse(const char *text, struct board_disk *disk, struct strings *strings,
		   struct board_error *error);

/* blockdev_json.c: read a JSON text, or an object (json_t) of jansson's. */
int blockdev_json(const char *text, struct blockdev *blockdev, struct strings *strings,
		  struct board_error *error);
int blockdev_object(const void *object, struct blockdev *blockdev, struct strings *strings,
		    struct board_error *error);

#endif
