/* SPDX-License-Identifier: MIT */
/*
 * Physical memory protection. The first entries close the regions that belong to M-mode, as far as
 * the machine has them; the last opens the rest. No entry is locked, so none restricts M-mode.
 */
#include "firmware/pmp.h"
#include "devices/memmap.h"
#include "firmware/aia.h"
#include "firmware/csr.h"
#include "firmware/guarded.h"

_Static_assert((FIRMWARE_SIZE & (FIRMWARE_SIZE - 1)) == 0, "NAPOT");
_Static_assert((FIRMWARE_BASE & (FIRMWARE_SIZE - 1)) == 0, "NAPOT");

static u64 napot(u64 base, u64 size)
{
	return base >> 2 | ((size >> 3) - 1);
}

void pmp_setup(void)
{
	u64 config = PMP_NAPOT | PMP_NAPOT << 8 | (u64)(PMP_NAPOT | PMP_RWX) << 32;

	if (aia_has_aplic())
		config |= PMP_NAPOT << 16;
	if (aia_has_imsics())
		config |= PMP_NAPOT << 24;

	if (!guarded_call(csr_write_pmpaddr0, napot(FIRMWARE_BASE, FIRMWARE_SIZE)).ok)
		return;
	guarded_call(csr_write_pmpaddr1, napot(CLINT_BASE, CLINT_SIZE));
	guarded_call(csr_write_pmpaddr2, napot(APLIC_M_BASE, APLIC_SIZE));
	guarded_call(csr_write_pmpaddr3, napot(IMSIC_M_BASE, IMSIC_M_SIZE));
	guarded_call(csr_write_pmpaddr4, -1UL);
	guarded_call(csr_write_pmpcfg0, config);
	__asm__ volatile("sfence.vma" : : : "memory");
}

/*
 * Memory that S-mode may name in calls. While the end of DRAM is unknown, an address is DRAM when
 * it can be loaded from.
 */
static struct {
	u64 first, last;
} memory[] = {
	{ FLASH_BASE, FLASH_BASE + FLASH_BANKS * FLASH_BANK_SIZE - 1 },
	{ FIRMWARE_BASE + FIRMWARE_SIZE, -1UL },
};

_Static_assert(FIRMWARE_BASE == DRAM_BASE, "memory[] has no part below the firmware");

void pmp_set_memory_end(u64 end)
{
	memory[1].last = end - 1;
}

bool pmp_caller_memory(u64 addr, u64 size)
{
	u64 last = addr + size - 1;

	if (size == 0)
		return true;
	if (last < addr)
		return false;
	for (u64 i = 0; i < ARRAY_SIZE(memory); i++)
		if (addr >= memory[i].first && last <= memory[i].last)
			return guarded_call(guarded_load_byte, addr).ok &&
			       guarded_call(guarded_load_byte, last).ok;
	return false;
}

bool pmp_caller_ram(u64 low, u64 high, u64 size)
{
	return high == 0 && low >= DRAM_BASE && pmp_caller_memory(low, size);
}
