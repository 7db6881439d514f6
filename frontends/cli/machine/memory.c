/* SPDX-License-Identifier: MIT */
/* See cli/machine/memory.h. Names and meaning are QEMU's. */
#include "frontends/cli/machine/memory.h"

#include <errno.h>
#include <string.h>

#include "frontends/cli/table.h"

struct memory_list {
	struct memory_backend memory;
	unsigned ignored_word;
	u64 ignored_number;
	bool ignored;
};

#define AT(member) offsetof(struct memory_list, member)

/* The keys whose values are stored in members named `ignored...` describe how the host manages the
 * memory; they are accepted and have no effect. */
#define COMMON_KEYS                                                                                \
	{ .name = "id", .kind = KEY_TEXT, .offset = AT(memory.id), .accepted = "ID" },             \
	{ .name = "size", .kind = KEY_SIZE, .offset = AT(memory.size), .accepted = "SIZE",         \
	  .min = BOARD_RAM_MIN, .max = BOARD_RAM_MAX },                                            \
	{ .name = "share", .kind = KEY_SWITCH, .offset = AT(memory.backing.share),                 \
	  .accepted = "on|off" },                                                                  \
	{ .name = "prealloc", .kind = KEY_SWITCH, .offset = AT(memory.backing.prealloc),           \
	  .accepted = "on|off" },                                                                  \
	{ .name = "prealloc-threads", .kind = KEY_NUMBER, .offset = AT(ignored_number),            \
	  .accepted = "N", .min = 1, .max = 4096 },                                                \
	{ .name = "merge", .kind = KEY_SWITCH, .offset = AT(ignored), .accepted = "on|off" },      \
	{ .name = "dump", .kind = KEY_SWITCH, .offset = AT(ignored), .accepted = "on|off" },       \
	{ .name = "reserve", .kind = KEY_SWITCH, .offset = AT(ignored), .accepted = "on|off" },    \
	{ .name = "policy", .kind = KEY_WORD, .offset = AT(ignored_word), .accepted = "default" }

static const struct key ram_keys[] = { COMMON_KEYS };

static const struct key file_keys[] = {
	COMMON_KEYS,
	{ .name = "mem-path", .kind = KEY_TEXT, .offset = AT(memory.backing.file),
	  .accepted = "PATH" },
	{ .name = "align", .kind = KEY_SIZE, .offset = AT(ignored_number), .accepted = "SIZE" },
	{ .name = "discard-data", .kind = KEY_WORD, .offset = AT(ignored_word), .accepted = "off" },
	{ .name = "pmem", .kind = KEY_WORD, .offset = AT(ignored_word), .accepted = "off" },
	{ .name = "readonly", .kind = KEY_WORD, .offset = AT(ignored_word), .accepted = "off" },
};

static const struct key memfd_keys[] = {
	COMMON_KEYS,
	{ .name = "seal", .kind = KEY_SWITCH, .offset = AT(ignored), .accepted = "on|off" },
	{ .name = "hugetlb", .kind = KEY_WORD, .offset = AT(ignored_word), .accepted = "off" },
};

int check_memory(struct parser *parser, const char *option, u64 size)
{
	if (size & ~PAGE_MASK)
		return keyval_fail(parser->error, "%s: %llu bytes are no multiple of %u", option,
				   size, (unsigned)PAGE_SIZE);
	return 0;
}

static int apply_memory(struct parser *parser, const struct keyval *keyval, const char *list)
{
	struct memory_list memory = { 0 };
	int failed = keyval_parse(keyval, list, &memory, &parser->options->strings, parser->error);

	if (failed)
		return failed;
	if (parser->memories.count == MEMORY_BACKENDS_MAX)
		return keyval_fail(parser->error, "%s: more than %d", keyval->option,
				   MEMORY_BACKENDS_MAX);
	if (!memory.memory.id || !memory.memory.size)
		return keyval_fail(parser->error, "%s: needs id=ID and size=SIZE", keyval->option);
	if (keyval->keys == file_keys && !memory.memory.backing.file)
		return keyval_fail(parser->error, "%s: needs mem-path=PATH", keyval->option);
	memory.memory.backing.in_process = keyval->keys == ram_keys && !memory.memory.backing.share;
	if (check_memory(parser, keyval->option, memory.memory.size))
		return -EINVAL;
	for (unsigned n = 0; n < parser->memories.count; n++)
		if (!strcmp(parser->memories.list[n].id, memory.memory.id))
			return keyval_fail(parser->error, "%s: id=%s is given twice",
					   keyval->option, memory.memory.id);
	parser->memories.list[parser->memories.count++] = memory.memory;
	return 0;
}

int apply_memory_ram(struct parser *parser, const char *list)
{
	static const struct keyval keyval = { "-object memory-backend-ram", ram_keys,
					      ARRAY_SIZE(ram_keys), NULL };

	return apply_memory(parser, &keyval, list);
}

int apply_memory_file(struct parser *parser, const char *list)
{
	static const struct keyval keyval = { "-object memory-backend-file", file_keys,
					      ARRAY_SIZE(file_keys), NULL };

	return apply_memory(parser, &keyval, list);
}

int apply_memory_memfd(struct parser *parser, const char *list)
{
	static const struct keyval keyval = { "-object memory-backend-memfd", memfd_keys,
					      ARRAY_SIZE(memfd_keys), NULL };

	return apply_memory(parser, &keyval, list);
}

int find_memory(struct parser *parser, const char *what, const char *id,
		struct memory_backend *found)
{
	for (unsigned n = 0; n < parser->memories.count; n++)
		if (!strcmp(parser->memories.list[n].id, id)) {
			*found = parser->memories.list[n];
			return 0;
		}
	return keyval_fail(parser->error,
			   "%s=%s: no -object memory-backend-ram, -file or -memfd has "
			   "this id",
			   what, id);
}

int set_memory(struct parser *parser, const char *what, const struct memory_backend *memory)
{
	struct board_config *board = &parser->options->board;

	if (parser->ram_given && board->ram_size != memory->size)
		return keyval_fail(parser->error,
				   "%s has %llu bytes, and -m says %llu; leave -m "
				   "out, or give it the same",
				   what, memory->size, board->ram_size);
	if (memory->size > BOARD_RAM_MAX)
		return keyval_fail(parser->error, "%s has %llu bytes; accepted: up to %llu", what,
				   memory->size, BOARD_RAM_MAX);
	if (memory->backing.file && memory->backing.share && board_copies(board))
		return keyval_fail(parser->error,
				   "%s: a second machine cannot have the memory "
				   "in a shared file; give memory-backend-file share=off",
				   board->compare ? "--compare" : "--restore");
	parser->ram_given = true;
	board->ram_size = memory->size;
	board->ram = memory->backing;
	return 0;
}

int finish_memory(struct parser *parser)
{
	const char *id = parser->memories.id;
	struct memory_backend memory;
	char what[200];

	if (!id) {
		parser->options->board.ram.in_process = true;
		return 0;
	}
	if (find_memory(parser, MEMORY_BACKEND, id, &memory))
		return -EINVAL;
	snprintf(what, sizeof(what), MEMORY_BACKEND "=%s", id);
	return set_memory(parser, what, &memory);
}
