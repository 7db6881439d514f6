/* SPDX-License-Identifier: MIT */
/*
 * The device tree's bytes. Everything in it is big-endian and in words of four bytes: tokens,
 * lengths, offsets; names and values are padded to them.
 */
#include <nolibc.h>

#include "roms/vmm/tree.h"

enum token { BEGIN_NODE = 1, END_NODE = 2, PROP = 3, END = 9 };

/* The header's words, in order. */
enum header {
	MAGIC,
	TOTAL_SIZE,
	STRUCT_OFFSET,
	STRINGS_OFFSET,
	RESERVED_OFFSET,
	VERSION,
	COMPATIBLE_VERSION,
	BOOT_HART,
	STRINGS_SIZE,
	STRUCT_SIZE,
	HEADER_WORDS,
};

#define HEADER_SIZE (HEADER_WORDS * 4)
#define RESERVED_SIZE 16 /* one empty entry ends the list */
#define STRUCT_START (HEADER_SIZE + RESERVED_SIZE)

static void append(struct tree *tree, const void *data, u32 size)
{
	u32 padded = (size + 3) & ~3u;

	if (padded > tree->room - tree->used)
		die("the device tree is too large", 0);
	memcpy(tree->blob + tree->used, data, size);
	memset(tree->blob + tree->used + size, 0, padded - size);
	tree->used += padded;
}

static void append_word(struct tree *tree, u32 word)
{
	u32 big = __builtin_bswap32(word);

	append(tree, &big, sizeof(big));
}

/* The offset of a name among the strings, where each is once. */
static u32 intern(struct tree *tree, const char *name)
{
	u32 size = strlen(name) + 1;
	u32 offset;

	for (offset = 0; offset < tree->strings_used; offset += strlen(tree->strings + offset) + 1)
		if (!strcmp(tree->strings + offset, name))
			return offset;
	if (size > TREE_STRINGS_MAX - tree->strings_used)
		die("the device tree has too many names", 0);
	memcpy(tree->strings + offset, name, size);
	tree->strings_used += size;
	return offset;
}

static void property(struct tree *tree, const char *name, const void *data, u32 size)
{
	append_word(tree, PROP);
	append_word(tree, size);
	append_word(tree, intern(tree, name));
	append(tree, data, size);
}

void tree_start(struct tree *tree, void *blob, u32 room)
{
	*tree = (struct tree){ .blob = blob, .room = room, .used = STRUCT_START };
	memset(blob, 0, STRUCT_START);
}

static void set_header(struct tree *tree, enum header word, u32 value)
{
	((u32 *)tree->blob)[word] = __builtin_bswap32(value);
}

void tree_finish(struct tree *tree)
{
	u32 strings;

	append_word(tree, END);
	strings = tree->used;
	append(tree, tree->strings, tree->strings_used);
	set_header(tree, MAGIC, 0xd00dfeed);
	set_header(tree, TOTAL_SIZE, tree->used);
	set_header(tree, STRUCT_OFFSET, STRUCT_START);
	set_header(tree, STRINGS_OFFSET, strings);
	set_header(tree, RESERVED_OFFSET, HEADER_SIZE);
	set_header(tree, VERSION, 17);
	set_header(tree, COMPATIBLE_VERSION, 16);
	set_header(tree, STRINGS_SIZE, tree->strings_used);
	set_header(tree, STRUCT_SIZE, strings - STRUCT_START);
}

void tree_begin(struct tree *tree, const char *name)
{
	append_word(tree, BEGIN_NODE);
	append(tree, name, strlen(name) + 1);
}

void tree_end(struct tree *tree)
{
	append_word(tree, END_NODE);
}

void tree_flag(struct tree *tree, const char *name)
{
	property(tree, name, "", 0);
}

void tree_string(struct tree *tree, const char *name, const char *value)
{
	property(tree, name, value, strlen(value) + 1);
}

void tree_u32(struct tree *tree, const char *name, u32 value)
{
	u32 big = __builtin_bswap32(value);

	property(tree, name, &big, sizeof(big));
}

void tree_u64(struct tree *tree, const char *name, u64 value)
{
	u64 big = __builtin_bswap64(value);

	property(tree, name, &big, sizeof(big));
}

void tree_range(struct tree *tree, const char *name, u64 base, u64 size)
{
	u64 big[2] = { __builtin_bswap64(base), __builtin_bswap64(size) };

	property(tree, name, big, sizeof(big));
}
