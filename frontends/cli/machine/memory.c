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

/* These say how the host manages the memory: they mean nothing here and are accepted. */
#define COMMON_KEYS                                                                                \
	{ "id", KEY_TEXT, AT(memory.id), "ID", 0, 0 },                                             \
	{ "size", KEY_SIZE, AT(memory.size), "SIZE", BOARD_RAM_MIN, BOARD_RAM_MAX },               \
	{ "share", KEY_SWITCH, AT(memory.backing.share), "on|off", 0, 0 },                         \
	{ "prealloc", KEY_SWITCH, AT(memory.backing.prealloc), "on|off", 0, 0 },                   \
	{ "prealloc-threads", KEY_NUMBER, AT(ignored_number), "N", 1, 4096 },                      \
	{ "merge", KEY_SWITCH, AT(ignored), "on|off", 0, 0 },                                      \
	{ "dump", KEY_SWITCH, AT(ignored), "on|off", 0, 0 },                                       \
	{ "reserve", KEY_SWITCH, AT(ignored), "on|off", 0, 0 },                                    \
	{ "policy", KEY_WORD, AT(ignored_word), "default", 0, 0 }

static const struct key ram_keys[] = { COMMON_KEYS };

static const struct key file_keys[] = {
	COMMON_KEYS,
	{ "mem-path", KEY_TEXT, AT(memory.backing.file), "PATH", 0, 0 },
	{ "align", KEY_SIZE, AT(ignored_number), "SIZE", 0, 0 },
	{ "discard-data", KEY_WORD, AT(ignored_word), "off", 0, 0 },
	{ "pmem", KEY_WORD, AT(ignored_word), "off", 0, 0 },
	{ "readonly", KEY_WORD, AT(ignored_word), "off", 0, 0 },
};

static const struct key memfd_keys[] = {
	COMMON_KEYS,
	{ "seal", KEY_SWITCH, AT(ignored), "on|off", 0, 0 },
	{ "hugetlb", KEY_WORD, AT(ignored_word), "off", 0, 0 },
};

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
	if (memory.memory.size & ~PAGE_MASK)
		return keyval_fail(parser->error, "%s: size=%llu is no multiple of %u",
				   keyval->option, memory.memory.size, (unsigned)PAGE_SIZE);
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

struct numa_list {
	const char *memory;
	struct key_texts harts;
	unsigned type;
	u64 node;
};

static const struct key numa_keys[] = {
	{ "type", KEY_WORD, offsetof(struct numa_list, type), "node", 0, 0 },
	{ "nodeid", KEY_NUMBER, offsetof(struct numa_list, node), "N", 0, 127 },
	{ "memdev", KEY_TEXT, offsetof(struct numa_list, memory), "ID", 0, 0 },
	{ "cpus", KEY_TEXTS, offsetof(struct numa_list, harts), "N-N", 0, 0 },
};

/* A single node has all harts and all memory, so the only choice is which backend that is. */
int apply_numa(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-numa", numa_keys, ARRAY_SIZE(numa_keys), "type" };
	struct numa_list list = { 0 };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	if (!failed && (parser->memories.numa || list.node))
		failed = keyval_fail(parser->error, "-numa: memory is one node, 0; give one -numa "
						    "node,memdev=ID, or none");
	parser->memories.numa = true;
	return failed || !list.memory ? failed : name_memory(parser, "-numa: memdev", list.memory);
}

int name_memory(struct parser *parser, const char *what, const char *id)
{
	if (parser->memories.id && strcmp(parser->memories.option, what))
		return keyval_fail(parser->error,
				   "-numa: memdev= and -machine memory-backend= both "
				   "say what the memory is; leave one out");
	parser->memories.option = what;
	parser->memories.id = id;
	return 0;
}

static int use_memory(struct parser *parser, const struct memory_backend *memory)
{
	struct board_config *board = &parser->options->board;

	if (parser->ram_given && board->ram_size != memory->size)
		return keyval_fail(parser->error,
				   "%s=%s has %llu bytes, and -m says %llu; leave -m "
				   "out, or give it the same",
				   parser->memories.option, memory->id, memory->size,
				   board->ram_size);
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

	if (!id)
		return 0;
	for (unsigned n = 0; n < parser->memories.count; n++)
		if (!strcmp(parser->memories.list[n].id, id))
			return use_memory(parser, &parser->memories.list[n]);
	return keyval_fail(parser->error,
			   "%s=%s: no -object memory-backend-ram, -file or -memfd has this id",
			   parser->memories.option, id);
}
