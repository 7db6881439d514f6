/* SPDX-License-Identifier: MIT */
/*
 * One virtual machine with one processor, by /dev/kvm: makes them, sets where the processor starts,
 * and tells what KVM gave it, as the device tree words it. Runs nothing and handles no exit.
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

/* All of them end the monitor when the kernel refuses. */
void vcpu_make(struct vcpu *vcpu);
/* `size` bytes at `host` are the guest's RAM from `base`. */
void vcpu_map(const struct vcpu *vcpu, u64 base, u64 size, void *host);
void vcpu_describe(const struct vcpu *vcpu, struct vcpu_traits *traits);
/* Where hart 0 begins, and the address of the device tree in its a1. */
void vcpu_aim(const struct vcpu *vcpu, u64 entry, u64 tree);

#endif
