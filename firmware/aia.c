/* SPDX-License-Identifier: MIT */
/*
 * The APLIC's root domain (Advanced Interrupt Architecture, "Advanced Platform-Level Interrupt
 * Controller"): S-mode gets every source. The M files of IMSICs stay unused: harts interrupt each
 * other through the CLINT, which the machine has in any case.
 */
#include "firmware/aia.h"
#include "devices/memmap.h"
#include "firmware/devicetree.h"

#define DOMAINCFG 0x0000
#define DOMAINCFG_FIXED 0x80 /* bits 31:24; a PLIC reads 0 there */
#define DOMAINCFG_DM (1U << 2)
#define SOURCECFG(n) (4 * (n))
#define SOURCECFG_D (1U << 10)
#define MMSIADDRCFG 0x1bc0
#define MMSIADDRCFGH 0x1bc4
#define SMSIADDRCFG 0x1bc8
#define SMSIADDRCFGH 0x1bcc
#define LHXS_SHIFT 20
#define LHXW_SHIFT 12

#define PAGE_SHIFT 12
#define HART_INDEX_BITS 6

_Static_assert(MAX_HARTS == 1 << HART_INDEX_BITS, "LHXW");

static struct {
	bool aplic, imsics;
} aia;

static void aia_put(u64 offset, u64 value)
{
	mmio_write32(APLIC_M_BASE + offset, value);
}

/* M's region has one page per hart; S's has one for each hart and one for each of its guests. */
static void setup_addresses(u64 guest_bits)
{
	u32 width = HART_INDEX_BITS << LHXW_SHIFT;

	aia_put(MMSIADDRCFG, IMSIC_M_BASE >> PAGE_SHIFT);
	aia_put(SMSIADDRCFG, IMSIC_S_BASE >> PAGE_SHIFT);
	/* By the manual M's LHXW applies to both registers; QEMU reads S's from this one. */
	aia_put(SMSIADDRCFGH, guest_bits << LHXS_SHIFT | width);
	aia_put(MMSIADDRCFGH, width);
}

void aia_setup(u64 fdt)
{
	u32 config = mmio_read32(APLIC_M_BASE + DOMAINCFG);

	if (config >> 24 != DOMAINCFG_FIXED)
		return;
	aia.aplic = true;
	aia.imsics = config & DOMAINCFG_DM;
	aia_put(DOMAINCFG, 0);
	for (u64 source = 1; source <= IRQ_SOURCES; source++)
		aia_put(SOURCECFG(source), SOURCECFG_D);
	devicetree_disable(fdt, APLIC_M_BASE);
	if (aia.imsics) {
		setup_addresses(devicetree_cell(fdt, "riscv,guest-index-bits"));
		devicetree_disable(fdt, IMSIC_M_BASE);
	}
}

bool aia_has_aplic(void)
{
	return aia.aplic;
}

bool aia_has_imsics(void)
{
	return aia.imsics;
}
