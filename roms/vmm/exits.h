/* SPDX-License-Identifier: MIT */
/*
 * Runs the guest: handles the exits that KVM leaves to the monitor, which are those of the console
 * (SBI's debug console extension), of the test device, and of the machine's end.
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

/* Runs the guest until it ends, and returns its exit status. Its console is stdin and stdout. */
int guest_run(const struct guest *guest);

#endif
