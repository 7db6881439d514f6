/* SPDX-License-Identifier: MIT */
/*
 * Reads the device tree as far as the firmware needs it, and adds nodes and properties to it. `fdt`
 * is the address of the blob, which may be damaged, or missing: then nothing is found or added.
 */
#ifndef FIRMWARE_DEVICETREE_H
#define FIRMWARE_DEVICETREE_H

#include "firmware/base.h"

/*
 * Returns whether the blob has `word` (lower case) as the name of an extension: as a whole word
 * between bytes that are no letters or digits, as in riscv,isa and riscv,isa-extensions.
 */
bool devicetree_lists(u64 fdt, const char *word);

/* Returns the first cell of the first property of that name in any node, or 0 if there is none. */
u32 devicetree_cell(u64 fdt, const char *name);

/* Returns the highest end of the memory in /memory nodes, or 0 if there is none. */
u64 devicetree_memory_end(u64 fdt);

/*
 * Adds the firmware's memory to /reserved-memory, unless it is there or the blob is damaged. The
 * blob grows in place by less than DEVICETREE_GROWTH bytes, which, as for OpenSBI, must be free
 * after it.
 */
#define DEVICETREE_GROWTH 512
void devicetree_reserve(u64 fdt);

/*
 * Adds status = "disabled" to the first node with that unit address. Needs the same space, and does
 * nothing without such a node or if the blob is damaged.
 */
void devicetree_disable(u64 fdt, u64 unit);

#endif
