/* SPDX-License-Identifier: MIT */
/*
 * A virtual machine with one hart, by /dev/kvm: makes it, sets where the hart starts, and describes
 * the hart in the words of a device tree. It does not run the machine, and handles no exit.
 */
#ifndef ROMS_VMM_VCPU_H
#define ROMS_VMM_VCPU_H

#include "roms/vmm/base.h"

struct kvm_run;

struct vcpu {
	int vm;
	int fd;
	struct kvm_run *run; /* shared with the kernel: why KVM_RUN returned, and the answer */
};

#define ISA_MAX 512

struct vcpu_traits {
	char isa[ISA_MAX]; /* as riscv,isa */
	const char *mmu; /* as mmu-type; NULL when the guest has no paging */
	u64 timebase; /* Hz */
	u64 cbom_block; /* bytes; 0 when it has no Zicbom */
	u64 cboz_block; /* bytes; 0 when it has no Zicboz */
};

/*
 * Make the machine and its hart. This and the functions below end the monitor if the kernel
 * refuses.
 */
void vcpu_make(struct vcpu *vcpu);
/* Makes `size` bytes at `host` the guest's RAM from address `base` on. */
void vcpu_map(const struct vcpu *vcpu, u64 base, u64 size, void *host);
void vcpu_describe(const struct vcpu *vcpu, struct vcpu_traits *traits);
/* Sets the pc at which hart 0 begins, and its a1 to the address of the device tree. */
void vcpu_aim(const struct vcpu *vcpu, u64 entry, u64 tree);

#endif
