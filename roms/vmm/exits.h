/* SPDX-License-Identifier: MIT */
/*
 * Runs the guest: answers what KVM hands to the monitor, which is the console (SBI's debug console
 * extension), the test device and the end.
 */
#ifndef ROMS_VMM_EXITS_H
#define ROMS_VMM_EXITS_H

#include "roms/vmm/base.h"

struct vcpu;

struct guest {
	const struct vcpu *vcpu;
	u8 *ram;
	u64 ram_base;
	u64 ram_size;
};

/* Until the guest ends; returns its exit status. Console input is stdin, output is stdout. */
int guest_run(const struct guest *guest);

#endif
