/* SPDX-License-Identifier: MIT */
/*
 * Writes a flattened device tree, version 17 (Devicetree Specification 0.4, chapter 5), from front
 * to back: begin a node, give it properties, begin and end its children, end it. Knows nothing of
 * what the tree describes. A tree that does not fit ends the monitor.
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

/* Starts a tree in `room` bytes at `blob`, which is 8-byte aligned and outlives it. */
void tree_start(struct tree *tree, void *blob, u32 room);
void tree_finish(struct tree *tree);

void tree_begin(struct tree *tree, const char *name);
void tree_end(struct tree *tree);

void tree_flag(struct tree *tree, const char *name);
void tree_string(struct tree *tree, const char *name, const char *value);
void tree_u32(struct tree *tree, const char *name, u32 value);
void tree_u64(struct tree *tree, const char *name, u64 value);
/* A `reg` of two cells each. */
void tree_range(struct tree *tree, const char *name, u64 base, u64 size);

#endif
