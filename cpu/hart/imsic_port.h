/* SPDX-License-Identifier: MIT */
/*
 * A hart's interface to its external interrupt controller: the registers of an IMSIC's interrupt
 * files, and the priorities of the interrupts that an APLIC or IMSIC signals. The board fills it
 * in. A hart with a PLIC uses only the priorities. File 0 is that of M-mode, 1 that of S-mode, and
 * 1 + n that of guest n.
 */
#ifndef CPU_HART_IMSIC_PORT_H
#define CPU_HART_IMSIC_PORT_H

#include "bus/base.h"

struct imsic_port {
	void *ctx;
	unsigned guests; /* guest interrupt files: GEILEN */
	unsigned priority_bits; /* IPRIOLEN, at most 8; 0: priorities are fixed */
	/*
	 * These access registers by their *iselect numbers, 0x70 to 0xff, and return false if there
	 * is no such register. NULL: no IMSIC.
	 */
	bool (*read)(void *ctx, unsigned file, u16 select, u64 *value);
	bool (*write)(void *ctx, unsigned file, u16 select, u64 value);
	/*
	 * Called when a *topei CSR was written: the interrupt that topei reports is no longer
	 * pending.
	 */
	void (*claim)(void *ctx, unsigned file);
	/*
	 * Returns *topei, or topi of the APLIC (files 0 and 1 only): identity in bits 26:16,
	 * priority in 10:0, 0 without an interrupt. NULL: the controller has no priorities.
	 */
	u32 (*topei)(void *ctx, unsigned file);
};

#endif
