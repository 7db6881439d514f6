/* SPDX-License-Identifier: MIT */
/* Which physical memory S- and U-mode may use: PMP for them, the same rule for SBI calls. */
#ifndef FIRMWARE_PMP_H
#define FIRMWARE_PMP_H

#include "firmware/base.h"

/* Everything but the firmware's memory, CLINT and M's interrupt files is open to S- and U-mode. */
void pmp_setup(void);

/* Where DRAM ends, once before a caller asks: PCIe's window behind it answers, too. 0: unknown. */
void pmp_set_memory_end(u64 end);

/*
 * True when a caller may name [addr, addr + size) to the firmware: memory, not devices, not the
 * firmware's own, and it answers at both ends. Holes inside still fault, so access stays guarded.
 */
bool pmp_caller_memory(u64 addr, u64 size);

/* The same for RAM, which a caller shares to be written: its address low and high, and a size. */
bool pmp_caller_ram(u64 low, u64 high, u64 size);

#endif
