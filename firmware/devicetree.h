/* SPDX-License-Identifier: MIT */
/* What the firmware reads in the device tree, and what it adds there. */
#ifndef FIRMWARE_DEVICETREE_H
#define FIRMWARE_DEVICETREE_H

#include "firmware/base.h"

/*
 * True when the blob at `fdt` has `word` (lower case) as an extension name: whole, between bytes
 * that are no letters or digits, as in riscv,isa and riscv,isa-extensions. False without a blob.
 */
bool devicetree_lists(u64 fdt, const char *word);

/* The first cell of the first property of that name, wherever it is; 0 when there is none. */
u32 devicetree_cell(u64 fdt, const char *name);

/* Where the memory of the /memory nodes ends, the highest of them; 0 when there is none. */
u64 devicetree_memory_end(u64 fdt);

/*
 * Adds the firmware's memory to /reserved-memory, unless it is there or the blob is damaged. The
 * blob grows by less than DEVICETREE_GROWTH bytes, in place: as for OpenSBI, room is needed there.
 */
#define DEVICETREE_GROWTH 512
void devicetree_reserve(u64 fdt);

/* Adds status = "disabled" to the first node with that unit address; conditions as above. */
void devicetree_disable(u64 fdt, u64 unit);

#endif
