/* SPDX-License-Identifier: MIT */
/* Reads a node in JSON: a member of an inner object gets the key "outer.inner". */
#include "frontends/block/blockdev.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "frontends/host/keyval_json.h"

#define DEPTH_MAX 4

struct walk {
	struct blockdev *blockdev;
	struct strings *strings;
	struct board_error *error;
	char key[256]; /* key of the object that is being read, with a dot at the end */
};

static int blockdev_json_put(struct walk *walk, const json_t *value)
{
	enum blockdev_type type = BLOCKDEV_OTHER;
	const char *text = "";
	char number[32];

	if (json_is_string(value)) {
		type = BLOCKDEV_STRING;
		text = json_string_value(value);
	} else if (json_is_boolean(value)) {
		type = BLOCKDEV_BOOLEAN;
		text = json_is_true(value) ? "true" : "false";
	} else if (json_is_integer(value)) {
		type = BLOCKDEV_INTEGER;
		snprintf(number, sizeof(number), "%lld", json_integer_value(value));
		text = number;
	} else if (json_is_object(value)) {
		type = BLOCKDEV_EMPTY;
	}
	text = strings_add(walk->strings, text, strlen(text));
	if (blockdev_add(walk->blockdev, strings_add(walk->strings, walk->key, strlen(walk->key)),
			 type, text))
		return 0;
	return keyval_fail(walk->error, "it has more than %d parameters", BLOCKDEV_VALUES_MAX);
}

static int walk_object(struct walk *walk, const json_t *object, unsigned depth)
{
	size_t size = strlen(walk->key);
	const char *name;
	json_t *value;
	bool inner;
	int failed = 0;

	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		if (size + strlen(name) + 2 > sizeof(walk->key) || depth == DEPTH_MAX)
			return keyval_fail(walk->error, "Parameter '%.100s%.100s' is unexpected",
					   walk->key, name);
		inner = json_is_object(value) && json_object_size(value);
		snprintf(walk->key + size, sizeof(walk->key) - size, "%s%s", name,
			 inner ? "." : "");
		if (inner) {
			failed = walk_object(walk, value, depth + 1);
		} else {
			failed = blockdev_json_put(walk, value);
		}
		walk->key[size] = 0;
		if (failed)
			return failed;
	}
	return 0;
}

int blockdev_object(const void *object, struct blockdev *blockdev, struct strings *strings,
		    struct board_error *error)
{
	struct walk walk = { .blockdev = blockdev, .strings = strings, .error = error };

	return walk_object(&walk, object, 0);
}

int blockdev_json(const char *text, struct blockdev *blockdev, struct strings *strings,
		  struct board_error *error)
{
	json_t *object = keyval_json_load(NULL, text, error);
	int failed;

	if (!object)
		return -EINVAL;
	failed = blockdev_object(object, blockdev, strings, error);
	json_decref(object);
	return failed;
}
