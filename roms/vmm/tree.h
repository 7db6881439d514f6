/* SPDX-License-Identifier: MIT */
/*
 * Writes a flattened device tree, version 17 (Devicetree Specification 0.4, chapter 5), from front
 * to back: the caller begins a node, adds its properties, begins and ends its children, and ends
 * it. A tree that does not fit ends the monitor.
 */
#ifndef ROMS_VMM_TREE_H
#define ROMS_VMM_TREE_H

#include "roms/vmm/base.h"

#define TREE_STRINGS_MAX 1024

struct tree {
	u8 *blob;
	u32 room;
	u32 used;
	char strings[TREE_STRINGS_MAX]; /* the properties' names, appended by tree_finish */
	u32 strings_used;
};

/* Starts a tree in `room` bytes at `blob`, which is aligned to 8 bytes and outlives the tree. */
void tree_start(struct tree *tree, void *blob, u32 room);
void tree_finish(struct tree *tree);

void tree_begin(struct tree *tree, const char *name);
void tree_end(struct tree *tree);

void tree_flag(struct tree *tree, const char *name);
void tree_string(struct tree *tree, const char *name, const char *value);
void tree_u32(struct tree *tree, const char *name, u32 value);
void tree_u64(struct tree *tree, const char *name, u64 value);
/* Adds a property such as `reg`, with two cells each for base and size. */
void tree_range(struct tree *tree, const char *name, u64 base, u64 size);

#endif
