/* SPDX-License-Identifier: MIT */
/*
 * Reading the device tree as far as the firmware needs it, and adding nodes and properties to it.
 */
#ifndef FIRMWARE_DEVICETREE_H
#define FIRMWARE_DEVICETREE_H

#include "firmware/base.h"

/*
 * Returns whether the blob at `fdt` has `word` (lower case) as an extension name: whole, between
 * bytes that are no letters or digits, as in riscv,isa and riscv,isa-extensions. False without a
 * blob.
 */
bool devicetree_lists(u64 fdt, const char *word);

/* Returns the first cell of the first property of that name in any node; 0 when there is none. */
u32 devicetree_cell(u64 fdt, const char *name);

/* Returns the highest end of the memory of /memory nodes; 0 when there is none. */
u64 devicetree_memory_end(u64 fdt);

/*
 * Adds the firmware's memory to /reserved-memory, unless it is there or the blob is damaged. The
 * blob grows in place by less than DEVICETREE_GROWTH bytes; as for OpenSBI, that room must be free
 * behind it.
 */
#define DEVICETREE_GROWTH 512
void devicetree_reserve(u64 fdt);

/*
 * Adds status = "disabled" to the first node with that unit address; conditions as for the above.
 */
void devicetree_disable(u64 fdt, u64 unit);

#endif
