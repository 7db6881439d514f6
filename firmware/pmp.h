/* SPDX-License-Identifier: MIT */
/*
 * Decides which physical memory S- and U-mode may use. PMP enforces this for their own accesses,
 * and SBI calls check their arguments by it.
 */
#ifndef FIRMWARE_PMP_H
#define FIRMWARE_PMP_H

#include "firmware/base.h"

/*
 * Opens everything to S- and U-mode but the firmware's memory, the CLINT, and M-mode's APLIC domain
 * and IMSIC interrupt files. Does nothing on a hart without PMP.
 */
void pmp_setup(void);

/*
 * Sets the end of DRAM; 0: unknown. Must be called before any SBI call is checked. A trial load
 * cannot replace it, because loads from the PCIe window after DRAM succeed, too.
 */
void pmp_set_memory_end(u64 end);

/*
 * Returns whether the caller of an SBI call may pass [addr, addr + size) to the firmware: it must
 * be memory, neither devices nor the firmware's own, and loads from both of its ends must not
 * fault. Since there may be holes between them, accesses still must be guarded (guarded.h).
 */
bool pmp_caller_memory(u64 addr, u64 size);

/*
 * Returns whether the caller of an SBI call may share [low, low + size) as RAM that the firmware
 * writes; `high` is the upper half of the address, which must be 0.
 */
bool pmp_caller_ram(u64 low, u64 high, u64 size);

#endif
