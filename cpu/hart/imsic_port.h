/* SPDX-License-Identifier: MIT */
/*
 * How a hart's CSRs reach its external interrupt controller: the registers of an IMSIC's interrupt
 * files, and the priority of what an APLIC or IMSIC signals. The board fills it in; a hart with a
 * PLIC has no more than priorities. File 0 is M's, 1 is S's, 1 + n that of guest n.
 */
#ifndef CPU_HART_IMSIC_PORT_H
#define CPU_HART_IMSIC_PORT_H

#include "bus/base.h"

struct imsic_port {
	void *ctx;
	unsigned guests; /* guest interrupt files: GEILEN */
	unsigned priority_bits; /* IPRIOLEN, at most 8; 0: priorities are fixed */
	/* Registers by their *iselect numbers, 0x70 to 0xff; false: none there. NULL: no IMSIC. */
	bool (*read)(void *ctx, unsigned file, u16 select, u64 *value);
	bool (*write)(void *ctx, unsigned file, u16 select, u64 value);
	/* A write to a *topei CSR: what topei gave is no longer pending. */
	void (*claim)(void *ctx, unsigned file);
	/*
	 * *topei, or topi of the APLIC (files 0 and 1 only): identity in bits 26:16, priority in
	 * 10:0, 0 when nothing is there. NULL: the controller tells no priorities.
	 */
	u32 (*topei)(void *ctx, unsigned file);
};

#endif
