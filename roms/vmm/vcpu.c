/* SPDX-License-Identifier: MIT */
/*
 * KVM's side of the monitor: the ioctls that make a machine, and its processor's registers, of
 * which KVM names each by a number (Linux, Documentation/virt/kvm/api.rst, KVM_GET_ONE_REG).
 */
#include <nolibc.h>

#include <linux/kvm.h>

#include "roms/vmm/vcpu.h"

#define REG(type, index) (KVM_REG_RISCV | KVM_REG_SIZE_U64 | (type) | (index))
#define CONFIG(name) REG(KVM_REG_RISCV_CONFIG, KVM_REG_RISCV_CONFIG_REG(name))
#define CORE(name) REG(KVM_REG_RISCV_CORE, KVM_REG_RISCV_CORE_REG(name))
#define TIMER(name) REG(KVM_REG_RISCV_TIMER, KVM_REG_RISCV_TIMER_REG(name))
#define ISA(id) REG(KVM_REG_RISCV_ISA_EXT | KVM_REG_RISCV_ISA_SINGLE, id)
#define SBI(id) REG(KVM_REG_RISCV_SBI_EXT | KVM_REG_RISCV_SBI_SINGLE, id)

/* The extensions of more than one letter that a Linux guest has a use for, in the ISA's order. */
static const struct {
	u32 id;
	const char *name;
} extensions[] = {
	{KVM_RISCV_ISA_EXT_ZICBOM, "zicbom"},
	{KVM_RISCV_ISA_EXT_ZICBOZ, "zicboz"},
	{KVM_RISCV_ISA_EXT_ZICNTR, "zicntr"},
	{KVM_RISCV_ISA_EXT_ZICOND, "zicond"},
	{KVM_RISCV_ISA_EXT_ZICSR, "zicsr"},
	{KVM_RISCV_ISA_EXT_ZIFENCEI, "zifencei"},
	{KVM_RISCV_ISA_EXT_ZIHINTPAUSE, "zihintpause"},
	{KVM_RISCV_ISA_EXT_ZIHPM, "zihpm"},
	{KVM_RISCV_ISA_EXT_ZACAS, "zacas"},
	{KVM_RISCV_ISA_EXT_ZAWRS, "zawrs"},
	{KVM_RISCV_ISA_EXT_ZFA, "zfa"},
	{KVM_RISCV_ISA_EXT_ZFH, "zfh"},
	{KVM_RISCV_ISA_EXT_ZBA, "zba"},
	{KVM_RISCV_ISA_EXT_ZBB, "zbb"},
	{KVM_RISCV_ISA_EXT_ZBC, "zbc"},
	{KVM_RISCV_ISA_EXT_ZBS, "zbs"},
	{KVM_RISCV_ISA_EXT_SSTC, "sstc"},
	{KVM_RISCV_ISA_EXT_SVINVAL, "svinval"},
	{KVM_RISCV_ISA_EXT_SVNAPOT, "svnapot"},
	{KVM_RISCV_ISA_EXT_SVPBMT, "svpbmt"},
};

/* By the MODE field of satp. */
static const char *const mmus[] = { [8] = "riscv,sv39", [9] = "riscv,sv48", [10] = "riscv,sv57" };

/* Returns the result of an ioctl without a buffer, which must not fail. */
static int control(int fd, unsigned long request, void *argument, const char *what)
{
	int result = ioctl(fd, request, argument);

	if (result < 0)
		die(what, errno);
	return result;
}

static void set(const struct vcpu *vcpu, u64 id, u64 value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (u64)&value };

	control(vcpu->fd, KVM_SET_ONE_REG, &reg, "KVM_SET_ONE_REG");
}

/* 0 for a register that this KVM does not know. */
static u64 get(const struct vcpu *vcpu, u64 id)
{
	u64 value = 0;
	struct kvm_one_reg reg = { .id = id, .addr = (u64)&value };

	return ioctl(vcpu->fd, KVM_GET_ONE_REG, &reg) < 0 ? 0 : value;
}

void vcpu_make(struct vcpu *vcpu)
{
	int kvm = open("/dev/kvm", O_RDWR);
	int size;

	if (kvm < 0)
		die("/dev/kvm, which needs the H extension", errno);
	vcpu->vm = control(kvm, KVM_CREATE_VM, NULL, "KVM_CREATE_VM");
	vcpu->fd = control(vcpu->vm, KVM_CREATE_VCPU, NULL, "KVM_CREATE_VCPU");
	size = control(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL, "KVM_GET_VCPU_MMAP_SIZE");
	vcpu->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		die("mmap of the vCPU", errno);
	close(kvm);
}

void vcpu_map(const struct vcpu *vcpu, u64 base, u64 size, void *host)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = base,
		.memory_size = size,
		.userspace_addr = (u64)host,
	};

	control(vcpu->vm, KVM_SET_USER_MEMORY_REGION, &region, "KVM_SET_USER_MEMORY_REGION");
}

static void describe_isa(const struct vcpu *vcpu, char *isa)
{
	static const char letters[] = "imafdcv";
	u64 base = get(vcpu, CONFIG(isa));

	strcpy(isa, "rv64");
	for (const char *letter = letters; *letter; letter++)
		if (base >> (*letter - 'a') & 1)
			strncat(isa, letter, 1);
	for (size_t i = 0; i < ARRAY_SIZE(extensions); i++) {
		if (!get(vcpu, ISA(extensions[i].id)))
			continue;
		strlcat(isa, "_", ISA_MAX);
		strlcat(isa, extensions[i].name, ISA_MAX);
	}
}

void vcpu_describe(const struct vcpu *vcpu, struct vcpu_traits *traits)
{
	u64 mode = get(vcpu, CONFIG(satp_mode));

	*traits = (struct vcpu_traits){
		.mmu = mode < ARRAY_SIZE(mmus) ? mmus[mode] : NULL,
		.timebase = get(vcpu, TIMER(frequency)),
		.cbom_block = get(vcpu, CONFIG(zicbom_block_size)),
		.cboz_block = get(vcpu, CONFIG(zicboz_block_size)),
	};
	describe_isa(vcpu, traits->isa);
}

void vcpu_aim(const struct vcpu *vcpu, u64 entry, u64 tree)
{
	set(vcpu, SBI(KVM_RISCV_SBI_EXT_DBCN), 1); /* off unless a monitor says that it answers */
	set(vcpu, CORE(regs.pc), entry);
	set(vcpu, CORE(regs.a0), 0);
	set(vcpu, CORE(regs.a1), tree);
}
