/* SPDX-License-Identifier: MIT */
/*
 * What makes a node of QEMU's block layer: of -blockdev as a list with dots or as JSON, of QMP's
 * blockdev-add as JSON. Whichever it is, it is a list of values here, and what is wrong with one
 * is said in QEMU's words.
 */
#ifndef FRONTENDS_BLOCK_BLOCKDEV_H
#define FRONTENDS_BLOCK_BLOCKDEV_H

#include "frontends/host/keyval.h"

struct board_disk;

enum blockdev_type {
	BLOCKDEV_WRITTEN, /* in a list: of whatever type it should be */
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
	const char *text; /* true and false of a boolean */
	bool seen;
};

struct blockdev {
	struct blockdev_value values[BLOCKDEV_VALUES_MAX];
	unsigned count;
};

/* One more value; what it holds is borrowed. False: there are too many. */
bool blockdev_add(struct blockdev *blockdev, const char *key, enum blockdev_type type,
		  const char *text);

/* All values to an image, which borrows their strings. 0, or -EINVAL with *error. */
int blockdev_disk(struct blockdev *blockdev, struct board_disk *disk, struct board_error *error);

/* A text that is a list, or JSON; likewise, and strings keeps what was read. */
int blockdev_parse(const char *text, struct board_disk *disk, struct strings *strings,
		   struct board_error *error);

/* blockdev_json.c. A text, or an object (json_t) of jansson's. */
int blockdev_json(const char *text, struct blockdev *blockdev, struct strings *strings,
		  struct board_error *error);
int blockdev_object(const void *object, struct blockdev *blockdev, struct strings *strings,
		    struct board_error *error);

#endif
