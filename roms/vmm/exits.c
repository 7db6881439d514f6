/* SPDX-License-Identifier: MIT */
/*
 * One handler for each exit of KVM_RUN. The guest's values are checked as a stranger's: an address
 * outside its RAM is an SBI error, an access to no device ends the monitor.
 */
#include <nolibc.h>

#include <linux/kvm.h>

#include "roms/vmm/exits.h"
#include "roms/vmm/vcpu.h"

/* SBI specification 2.0, chapters 3 and 12. */
#define SBI_DBCN 0x4442434e
enum { DBCN_WRITE, DBCN_READ, DBCN_WRITE_BYTE };
enum { SBI_SUCCESS = 0, SBI_FAILED = -1, SBI_NOT_SUPPORTED = -2, SBI_INVALID_PARAM = -3 };

/* The virt machine's way for a guest to end with a status: a 32-bit store to its test device. */
#define TEST_ADDRESS 0x100000
enum { TEST_FAIL = 0x3333, TEST_PASS = 0x5555, TEST_RESET = 0x7777 };

/* The value that a handler returns to go on; anything else is the exit status. */
#define RUNNING (-1)

/* A monitor without a second life: who asks for a reset has not ended well. */
#define STATUS_RESET 125

static void answer(struct kvm_run *run, long error, u64 value)
{
	run->riscv_sbi.ret[0] = error;
	run->riscv_sbi.ret[1] = value;
}

/* Takes what is there, and does not wait for more. */
static ssize_t read_console(void *buffer, u64 size)
{
	struct pollfd input = { .fd = 0, .events = POLLIN };

	return poll(&input, 1, 0) > 0 ? read(0, buffer, size) : 0;
}

static void answer_console(const struct guest *guest, struct kvm_run *run)
{
	u64 size = run->riscv_sbi.args[0];
	u64 offset = run->riscv_sbi.args[1] - guest->ram_base;
	u8 byte = run->riscv_sbi.args[0];
	ssize_t done;

	if (run->riscv_sbi.function_id == DBCN_WRITE_BYTE) {
		done = write(1, &byte, 1);
		answer(run, done < 0 ? SBI_FAILED : SBI_SUCCESS, 0);
		return;
	}
	if (offset > guest->ram_size || size > guest->ram_size - offset) {
		answer(run, SBI_INVALID_PARAM, 0);
		return;
	}
	if (run->riscv_sbi.function_id == DBCN_WRITE)
		done = write(1, guest->ram + offset, size);
	else
		done = read_console(guest->ram + offset, size);
	answer(run, done < 0 ? SBI_FAILED : SBI_SUCCESS, done < 0 ? 0 : done);
}

static int handle_sbi(const struct guest *guest, struct kvm_run *run)
{
	if (run->riscv_sbi.extension_id == SBI_DBCN)
		answer_console(guest, run);
	else
		answer(run, SBI_NOT_SUPPORTED, 0);
	return RUNNING;
}

static int handle_mmio(const struct guest *guest, struct kvm_run *run)
{
	u32 word = 0;

	(void)guest;
	memcpy(&word, run->mmio.data, sizeof(word));
	if (run->mmio.phys_addr != TEST_ADDRESS || !run->mmio.is_write || run->mmio.len != 4) {
		fprintf(stderr, "vmm: the guest accesses no device at 0x%lx\n",
			(unsigned long)run->mmio.phys_addr);
		return STATUS_RESET;
	}
	switch (word & 0xffff) {
	case TEST_PASS:
		return 0;
	case TEST_FAIL:
		return word >> 16 & 0xff;
	case TEST_RESET:
		return STATUS_RESET;
	default:
		return RUNNING;
	}
}

static int handle_system(const struct guest *guest, struct kvm_run *run)
{
	bool shutdown = run->system_event.type == KVM_SYSTEM_EVENT_SHUTDOWN;

	(void)guest;
	if (!shutdown)
		fprintf(stderr, "vmm: the guest asks for a reset\n");
	return shutdown ? 0 : STATUS_RESET;
}

static const struct {
	u32 reason;
	int (*handle)(const struct guest *guest, struct kvm_run *run);
} handlers[] = {
	{KVM_EXIT_RISCV_SBI, handle_sbi},
	{KVM_EXIT_MMIO, handle_mmio},
	{KVM_EXIT_SYSTEM_EVENT, handle_system},
};

static int handle(const struct guest *guest, struct kvm_run *run)
{
	for (size_t i = 0; i < ARRAY_SIZE(handlers); i++)
		if (handlers[i].reason == run->exit_reason)
			return handlers[i].handle(guest, run);
	die("KVM_RUN ends with a reason that was not expected", 0);
}

int guest_run(const struct guest *guest)
{
	int status = RUNNING;

	while (status == RUNNING) {
		if (ioctl(guest->vcpu->fd, KVM_RUN, NULL) == 0)
			status = handle(guest, guest->vcpu->run);
		else if (errno != EINTR)
			die("KVM_RUN", errno);
	}
	return status;
}
