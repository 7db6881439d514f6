/* SPDX-License-Identifier: MIT */
/* See qcow2_json.h. The name is part of the image, which is not trusted. */
#include "devices/block/qcow2_json.h"

#include "bus/base.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

/* The members of a name in JSON; NULL if they are absent. */
struct members {
	const char *driver, *file_driver, *filename;
};

/*
 * Reads the members of an object. Returns false if one is unknown, is not a string, or occurs
 * twice.
 */
static bool take(const json_t *object, const char *before, struct members *members)
{
	const struct {
		const char *name;
		const char **text;
	} known[] = {
		{ "driver", &members->driver },
		{ "file.driver", &members->file_driver },
		{ "file.filename", &members->filename },
	};
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		const size_t size = strlen(before);
		unsigned n = 0;

		if (!*before && !strcmp(name, "file") && json_is_object(value)) {
			if (!take(value, "file.", members))
				return false;
			continue;
		}
		while (n < ARRAY_SIZE(known) &&
		       (strncmp(known[n].name, before, size) || strcmp(known[n].name + size, name)))
			n++;
		if (n == ARRAY_SIZE(known) || !json_is_string(value) || *known[n].text)
			return false;
		*known[n].text = json_string_value(value);
	}
	return true;
}

static bool is_one_of(const char *text, const char *one, const char *other)
{
	return !text || !strcmp(text, one) || !strcmp(text, other);
}

int qcow2_json_path(const char *name, char **path)
{
	struct members members = { 0 };
	json_t *object = json_loads(name + strlen("json:"), JSON_REJECT_DUPLICATES, NULL);
	int error = -EINVAL;

	if (json_is_object(object) && take(object, "", &members) && members.filename &&
	    is_one_of(members.driver, "raw", "qcow2") &&
	    is_one_of(members.file_driver, "file", "file")) {
		*path = strdup(members.filename);
		error = *path ? 0 : -ENOMEM;
	}
	json_decref(object);
	return error;
}
