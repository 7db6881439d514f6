/* SPDX-License-Identifier: MIT */
/*
 * Landing pads and shadow stacks (see cfi.h; unprivileged and privileged manual, "Control-flow
 * Integrity").
 */
#include "cpu/engine/cfi.h"

#include "cpu/csr/csr.h"
#include "cpu/hart/hart.h"
#include "cpu/mmu/mem.h"

/* The values of xtval for software-check exceptions. */
enum { CHECK_LANDING_PAD = 2, CHECK_SHADOW_STACK = 3 };

/* LPAD is AUIPC to x0; its label is the immediate. */
#define LPAD_MASK 0xfff
#define LPAD_MATCH 0x017
#define LABEL 0xfffff000u

void cfi_expect(struct hart *hart, unsigned rs1)
{
	if (!cfi_needs_pad(rs1))
		return;
	hart->elp = true;
	hart->stop = true;
}

bool cfi_land(struct hart *hart, u32 raw)
{
	u32 label = raw & LABEL;

	if ((raw & LPAD_MASK) != LPAD_MATCH || (hart->pc & 3) ||
	    (label && label != (u32)(hart->x[7] & LABEL)))
		return hart_trap(hart, CAUSE_SOFTWARE_CHECK, CHECK_LANDING_PAD, REASON_landing_pad);
	hart->elp = false;
	return true;
}

bool cfi_land_here(struct hart *hart)
{
	u32 raw;

	return mem_fetch(hart, hart->pc, &raw) && cfi_land(hart, raw);
}

bool cfi_push(struct hart *hart, u64 value)
{
	u8 *place;

	if (!hart->sse)
		return true;
	place = mem_shadow(hart, hart->ssp - 8, 8, true);
	if (!place)
		return false;
	memcpy(place, &value, 8);
	hart->ssp -= 8;
	return true;
}

bool cfi_pop_check(struct hart *hart, u64 value)
{
	const u8 *place;

	if (!hart->sse)
		return true;
	place = mem_shadow(hart, hart->ssp, 8, false);
	if (!place)
		return false;
	if (memcmp(place, &value, 8) != 0)
		return hart_trap(hart, CAUSE_SOFTWARE_CHECK, CHECK_SHADOW_STACK,
				 REASON_shadow_stack);
	hart->ssp += 8;
	return true;
}

bool cfi_check_swap(struct hart *hart, u32 raw)
{
	const struct csr_access access = {
		.number = CSR_SSP, .how = CSR_SET, .reads = true, .raw = raw,
	};
	u64 ssp;

	return csr_access(hart, &access, &ssp);
}

bool cfi_swap(struct hart *hart, u64 va, unsigned size, u64 *value)
{
	u64 new = *value;
	u8 *place;

	if (va & (size - 1))
		return hart_trap(hart, CAUSE_STORE_MISALIGNED, va, REASON_misaligned);
	place = mem_shadow(hart, va, size, true);
	if (!place)
		return false;
	*value = 0;
	memcpy(value, place, size);
	memcpy(place, &new, size);
	return true;
}
