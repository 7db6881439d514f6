/* SPDX-License-Identifier: MIT */
/*
 * The start of each hart after entry.S: the boot hart prepares the machine, prints a greeting and
 * enters the next stage; the others wait until S-mode starts them.
 */
#include "devices/memmap.h"
#include "firmware/aia.h"
#include "firmware/csr.h"
#include "firmware/devicetree.h"
#include "firmware/guarded.h"
#include "firmware/hart.h"
#include "firmware/layout.h"
#include "firmware/pmp.h"
#include "firmware/sbi/console.h"
#include "firmware/sbi/hsm.h"
#include "firmware/sbi/ipi.h"
#include "firmware/sbi/timer.h"
#include "firmware/version.h"

void main_boot(u64 id, u64 fdt, u64 info) __attribute__((noreturn));
void main_warm(u64 id) __attribute__((noreturn));

/* How long the boot hart waits until the other harts that have an msip enter the firmware. */
#define ARRIVAL_TICKS (TIMEBASE_HZ / 10)

/*
 * The next stage, as OpenSBI's fw_dynamic_info from the previous stage describes it. Without that
 * struct, or with address 0 in it, the next stage is an S-mode program at KERNEL_BASE. entry.S
 * picks the boot hart.
 */
struct next_stage {
	u64 addr, mode;
	u64 boot_hart; /* the hart that must boot; MAX_HARTS or more: any */
};

static struct next_stage next_stage(u64 info)
{
	struct next_stage next = { KERNEL_BASE, MODE_S, MAX_HARTS };
	struct guarded word = guarded_call(guarded_load, info);

	if (!word.ok || word.value != INFO_MAGIC)
		return next;
	word = guarded_call(guarded_load, info + INFO_NEXT_ADDR);
	if (word.ok && word.value)
		next.addr = word.value;
	if (guarded_call(guarded_load, info + INFO_NEXT_MODE).value == MODE_M)
		next.mode = MODE_M;
	if (guarded_call(guarded_load, info + INFO_VERSION).value >= 2)
		next.boot_hart = guarded_call(guarded_load, info + INFO_BOOT_HART).value;
	return next;
}

/*
 * Waits until all harts have entered the firmware, or ARRIVAL_TICKS have passed. The number of
 * harts is not taken from the device tree: the CLINT has an msip for each, and each hart announces
 * itself.
 */
static void await_harts(void)
{
	u64 wired = 0, start = timer_now();

	for (u64 id = 0; id < MAX_HARTS; id++)
		wired |= (u64)ipi_hart_wired(id) << id;
	while ((wired & ~hart_present()) && timer_now() - start < ARRIVAL_TICKS)
		pause();
}

static u64 count_bits(u64 bits)
{
	u64 count = 0;

	for (; bits; bits &= bits - 1)
		count++;
	return count;
}

static void print_isa(void)
{
	static const char order[] = "IMAFDQCBVH"; /* Unprivileged manual, "Subset Naming" */
	char name[] = "x";
	u64 misa = csr_read(misa);

	console_print("rv64");
	for (u64 i = 0; order[i]; i++) {
		name[0] = order[i] - 'A' + 'a';
		if (misa & MISA_BIT(order[i]))
			console_print(name);
	}
}

static void print_absent(u64 boot_hart)
{
	console_print("Baya SBI firmware: the stage before has named hart ");
	console_print_number(boot_hart, 10);
	console_print(" to boot, which has not come; hart ");
	console_print_number(self->id, 10);
	console_print(" boots\n");
}

static void print_banner(const struct next_stage *next)
{
	u64 harts = count_bits(hart_present());

	console_print("Baya SBI firmware " VERSION_TEXT ": ");
	console_print_number(harts, 10);
	console_print(harts == 1 ? " hart, " : " harts, ");
	print_isa();
	console_print(self->features.sstc ? ", stimecmp" : ", mtimecmp");
	console_print("; hart ");
	console_print_number(self->id, 10);
	console_print(" enters ");
	console_print_number(next->addr, 16);
	console_print(next->mode == MODE_M ? " in M-mode\n" : " in S-mode\n");
}

void main_boot(u64 id, u64 fdt, u64 info)
{
	struct next_stage next = next_stage(info);

	hart_init(id);
	console_init();
	hart_read_devicetree(fdt);
	aia_setup(fdt);
	pmp_set_memory_end(devicetree_memory_end(fdt));
	devicetree_reserve(fdt);
	await_harts();
	if (next.boot_hart < MAX_HARTS && next.boot_hart != id)
		print_absent(next.boot_hart);
	print_banner(&next);
	hsm_start_here(next.addr, fdt, next.mode);
}

void main_warm(u64 id)
{
	hart_init(id);
	hsm_stop_here();
}
