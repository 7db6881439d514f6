/* SPDX-License-Identifier: MIT */
/*
 * A hart's interface to its external interrupt controller: the registers of an IMSIC's interrupt
 * files, and the priority of what an APLIC or IMSIC signals. The board fills it in; a hart with a
 * PLIC has only priorities. File 0 is M's, 1 is S's, 1 + n is that of guest n.
 */
#ifndef CPU_HART_IMSIC_PORT_H
#define CPU_HART_IMSIC_PORT_H

#include "bus/base.h"

struct imsic_port {
	void *ctx;
	unsigned guests; /* guest interrupt files: GEILEN */
	unsigned priority_bits; /* IPRIOLEN, at most 8; 0: priorities are fixed */
	/*
	 * These access registers by their *iselect numbers, 0x70 to 0xff; false: none there. NULL:
	 * no IMSIC.
	 */
	bool (*read)(void *ctx, unsigned file, u16 select, u64 *value);
	bool (*write)(void *ctx, unsigned file, u16 select, u64 value);
	/* A *topei CSR was written: the interrupt that topei reports is no longer pending. */
	void (*claim)(void *ctx, unsigned file);
	/*
	 * Returns *topei, or topi of the APLIC (files 0 and 1 only): identity in bits 26:16,
	 * priority in 10:0, 0 when nothing is there. NULL: the controller reports no priorities.
	 */
	u32 (*topei)(void *ctx, unsigned file);
};

#endif
