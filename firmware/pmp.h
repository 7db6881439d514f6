/* SPDX-License-Identifier: MIT */
/*
 * Physical memory that S- and U-mode may use: PMP enforces it, and SBI calls apply the same rule.
 */
#ifndef FIRMWARE_PMP_H
#define FIRMWARE_PMP_H

#include "firmware/base.h"

/* Everything but the firmware's memory, CLINT and M's interrupt files is open to S- and U-mode. */
void pmp_setup(void);

/*
 * Sets the end of DRAM; 0: unknown. Call it before any SBI call is checked: the PCIe window behind
 * DRAM answers loads, too.
 */
void pmp_set_memory_end(u64 end);

/*
 * Returns whether a caller may name [addr, addr + size) to the firmware: memory, not devices, not
 * the firmware's own, and it answers at both ends. Holes inside still fault, so access stays
 * guarded.
 */
bool pmp_caller_memory(u64 addr, u64 size);

/*
 * Returns whether a caller may share [low, low + size) as RAM that the firmware writes; `high` is
 * the upper half of the address.
 */
bool pmp_caller_ram(u64 low, u64 high, u64 size);

#endif
