/* SPDX-License-Identifier: MIT */
/* Parses -object: backends that only exist to be named, and those that other files of this folder
 * parse. */
#include "frontends/cli/machine/objects.h"

#include "frontends/cli/machine/net.h"
#include "frontends/cli/table.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct key object_keys[] = {
	{ .name = "id", .kind = KEY_TEXT, .offset = offsetof(struct object, id), .accepted = "ID" },
	{ .name = "filename", .kind = KEY_TEXT, .offset = offsetof(struct object, filename),
	  .accepted = "FILE" },
};

/* The host's kernel mixes what these have, so its generator stands for all of them. */
#define ENTROPY_FILES "/dev/urandom|/dev/random|/dev/hwrng"

/* Checks the file of rng-random. It may be any character device that QEMU could read; but the bytes
 * of a regular file would be missed by whoever chose them. */
static int check_source(struct parser *parser, const char *name)
{
	struct stat found;

	if (keyval_word(ENTROPY_FILES, name) >= 0)
		return 0;
	if (stat(name, &found) || access(name, R_OK))
		return keyval_fail(parser->error, "-object: filename: '%s' cannot be read: %s",
				   name, strerror(errno));
	if (!S_ISCHR(found.st_mode))
		return keyval_fail(parser->error,
				   "-object: filename: '%s' is not a character device; for the "
				   "same bytes in each run give --clock=virtual and --seed",
				   name);
	options_warn(parser,
		     "-object: filename=%s has no effect: random bytes come from the host's "
		     "kernel, or with --clock=virtual from --seed",
		     name);
	return 0;
}

/* Adds a source of entropy. The guest's entropy always comes from the host; the object only exists
 * to be named. */
static int apply_entropy(struct parser *parser, const char *list)
{
	const struct keyval keyval = { "-object", object_keys, ARRAY_SIZE(object_keys), NULL };
	struct object *object = &parser->objects[parser->object_count];
	int failed;

	if (parser->object_count == BACKENDS_MAX)
		return keyval_fail(parser->error, "-object: more than %d objects", BACKENDS_MAX);
	failed = keyval_parse(&keyval, list, object, &parser->options->strings, parser->error);
	if (failed)
		return failed;
	if (!object->id)
		return keyval_fail(parser->error, "-object: '%s' needs id=ID", list);
	failed = object->filename ? check_source(parser, object->filename) : 0;
	if (!failed)
		parser->object_count++;
	return failed;
}

struct iothread_list {
	const char *id;
	u64 ignored;
};

static const struct key iothread_keys[] = {
	{ .name = "id", .kind = KEY_TEXT, .offset = offsetof(struct iothread_list, id),
	  .accepted = "ID" },
	{ .name = "poll-max-ns", .kind = KEY_NUMBER,
	  .offset = offsetof(struct iothread_list, ignored), .accepted = "N" },
	{ .name = "poll-grow", .kind = KEY_NUMBER,
	  .offset = offsetof(struct iothread_list, ignored), .accepted = "N" },
	{ .name = "poll-shrink", .kind = KEY_NUMBER,
	  .offset = offsetof(struct iothread_list, ignored), .accepted = "N" },
	{ .name = "aio-max-batch", .kind = KEY_NUMBER,
	  .offset = offsetof(struct iothread_list, ignored), .accepted = "N" },
	{ .name = "thread-pool-min", .kind = KEY_NUMBER,
	  .offset = offsetof(struct iothread_list, ignored), .accepted = "N" },
	{ .name = "thread-pool-max", .kind = KEY_NUMBER,
	  .offset = offsetof(struct iothread_list, ignored), .accepted = "N" },
};

/* Adds an iothread. A disk always completes a request while the guest submits it; the object only
 * exists to be named. */
static int apply_iothread(struct parser *parser, const char *list)
{
	const struct keyval keyval = { "-object iothread", iothread_keys,
				       ARRAY_SIZE(iothread_keys), NULL };
	struct iothread_list thread = { 0 };
	int failed = keyval_parse(&keyval, list, &thread, &parser->options->strings, parser->error);

	if (failed)
		return failed;
	if (parser->object_count == BACKENDS_MAX)
		return keyval_fail(parser->error, "-object: more than %d objects", BACKENDS_MAX);
	if (!thread.id)
		return keyval_fail(parser->error, "-object iothread: needs id=ID");
	parser->objects[parser->object_count++] = (struct object){ thread.id, NULL, true };
	return 0;
}

static const struct key filter_replay_keys[] = {
	{ .name = "id", .kind = KEY_TEXT, .offset = 0, .accepted = "ID" },
	{ .name = "netdev", .kind = KEY_TEXT, .offset = sizeof(char *), .accepted = "ID" },
};

/* Accepts a filter-replay, which has no effect: rr= records the frames of all networks. */
static int apply_filter_replay(struct parser *parser, const char *list)
{
	const struct keyval keyval = { "-object filter-replay", filter_replay_keys,
				       ARRAY_SIZE(filter_replay_keys), NULL };
	const char *values[ARRAY_SIZE(filter_replay_keys)] = { NULL };

	return keyval_parse(&keyval, list, values, &parser->options->strings, parser->error);
}

bool object_is_there(const struct parser *parser, const char *id, bool thread)
{
	for (unsigned i = 0; i < parser->object_count; i++)
		if (!strcmp(parser->objects[i].id, id) && parser->objects[i].is_thread == thread)
			return true;
	return false;
}

int apply_object(struct parser *parser, const struct option *option, const char *value)
{
	static const struct key type_key = {
		.name = "qom-type", .kind = KEY_WORD, .accepted = OBJECT_TYPES,
	};
	static const struct keyval keyval = { "-object", &type_key, 1, "qom-type" };
	/* These parse the rest of the list, in the order of OBJECT_TYPES. */
	static int (*const types[])(struct parser *parser, const char *list) = {
		apply_entropy, apply_entropy, apply_dump, apply_secret, apply_iothread,
		apply_memory_ram, apply_memory_file, apply_memory_memfd, apply_filter_replay,
	};
	const char *rest = value, *first = keyval_first(&parser->options->strings, &rest);
	unsigned type;
	int failed = keyval_parse(&keyval, first, &type, &parser->options->strings, parser->error);

	(void)option;
	if (!failed && !rest)
		failed = keyval_fail(parser->error, "-object: '%s' needs id=ID", value);
	return failed ? failed : types[type](parser, rest);
}
