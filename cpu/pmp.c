/* SPDX-License-Identifier: MIT */
/*
 * PMP ranges and matching. The lowest-numbered region that matches any byte of an access decides;
 * it must match all of them (privileged manual, "Priority and Matching Logic").
 */
#include "cpu/pmp.h"

#include "cpu/trap.h"

static unsigned mode_of(const struct pmp *pmp, unsigned n)
{
	return (unsigned)field_get(pmp->cfg[n], PMP_A);
}

static void derive(struct pmp *pmp, unsigned n)
{
	u64 addr = pmp->addr[n], below = n ? pmp->addr[n - 1] : 0;
	u64 ones;

	pmp->start[n] = 1;
	pmp->last[n] = 0;
	switch (mode_of(pmp, n)) {
	case PMP_TOR:
		if (below >= addr)
			return;
		pmp->start[n] = below << 2;
		pmp->last[n] = (addr << 2) - 1;
		break;
	case PMP_NA4:
		pmp->start[n] = addr << 2;
		pmp->last[n] = (addr << 2) + 3;
		break;
	case PMP_NAPOT:
		/* The trailing ones of addr, and one bit more, are not compared. */
		ones = addr ^ (addr + 1);
		pmp->start[n] = (addr & ~ones) << 2;
		pmp->last[n] = ((addr | ones) << 2) + 3;
		break;
	default:
		return;
	}
	pmp->active |= 1u << n;
}

void pmp_update(struct pmp *pmp)
{
	pmp->active = 0;
	for (unsigned n = 0; n < PMP_REGIONS; n++)
		derive(pmp, n);
}

static bool locked(const struct pmp *pmp, unsigned n)
{
	return pmp->cfg[n] & PMP_L;
}

void pmp_write_cfg(struct pmp *pmp, unsigned first, u64 value)
{
	for (unsigned n = first; n < first + 8; n++, value >>= 8) {
		u8 cfg = value & (PMP_R | PMP_W | PMP_X | PMP_A | PMP_L);

		if (locked(pmp, n))
			continue;
		/* R=0 W=1 is reserved: the write leaves the old R, W and X. */
		if ((cfg & (PMP_R | PMP_W)) == PMP_W)
			cfg = (u8)((cfg & ~7) | (pmp->cfg[n] & 7));
		pmp->cfg[n] = cfg;
	}
	pmp_update(pmp);
}

u64 pmp_read_cfg(const struct pmp *pmp, unsigned first)
{
	u64 value = 0;

	for (unsigned n = 0; n < 8; n++)
		value |= (u64)pmp->cfg[first + n] << (8 * n);
	return value;
}

void pmp_write_addr(struct pmp *pmp, unsigned region, u64 value)
{
	bool next_is_locked_tor = region + 1 < PMP_REGIONS && locked(pmp, region + 1) &&
				  mode_of(pmp, region + 1) == PMP_TOR;

	if (locked(pmp, region) || next_is_locked_tor)
		return;
	pmp->addr[region] = value & PMP_ADDR_MASK;
	pmp_update(pmp);
}

unsigned pmp_allows(const struct pmp *pmp, u64 addr, u64 len, u8 priv)
{
	u64 end = addr + len - 1;

	for (u32 left = pmp->active; left; left &= left - 1) {
		unsigned n = (unsigned)__builtin_ctz(left);

		if (end < pmp->start[n] || addr > pmp->last[n])
			continue;
		if (addr < pmp->start[n] || end > pmp->last[n])
			return 0;
		if (priv == PRIV_M && !locked(pmp, n))
			return PMP_R | PMP_W | PMP_X;
		return pmp->cfg[n] & (PMP_R | PMP_W | PMP_X);
	}
	return priv == PRIV_M ? PMP_R | PMP_W | PMP_X : 0;
}

bool pmp_uniform(const struct pmp *pmp, u64 page)
{
	u64 end = page + PAGE_SIZE - 1;

	for (u32 left = pmp->active; left; left &= left - 1) {
		unsigned n = (unsigned)__builtin_ctz(left);

		if (end < pmp->start[n] || page > pmp->last[n])
			continue;
		return page >= pmp->start[n] && end <= pmp->last[n];
	}
	return true;
}
