/* SPDX-License-Identifier: MIT */
/*
 * PMP ranges and matching. The lowest-numbered region that matches any byte of an access decides;
 * it must match all of them (privileged manual, "Priority and Matching Logic").
 */
#include "cpu/mmu/pmp.h"

#include "cpu/hart/exception.h"

static unsigned pmp_mode_of(const struct pmp *pmp, unsigned n)
{
	return (unsigned)field_get(pmp->cfg[n], PMP_A);
}

static void pmp_derive(struct pmp *pmp, unsigned n)
{
	u64 addr = pmp->addr[n], below = n ? pmp->addr[n - 1] : 0;
	u64 ones;

	pmp->start[n] = 1;
	pmp->last[n] = 0;
	switch (pmp_mode_of(pmp, n)) {
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
		/* The trailing ones of addr, and the zero above them, are not compared. */
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
		pmp_derive(pmp, n);
}

/* Returns whether the entry may not be written. */
static bool pmp_locked(const struct pmp *pmp, unsigned n)
{
	return (pmp->cfg[n] & PMP_L) && !(pmp->rules & PMP_RLB);
}

bool pmp_any_locked(const struct pmp *pmp)
{
	u8 all = 0;

	for (unsigned n = 0; n < PMP_REGIONS; n++)
		all |= pmp->cfg[n];
	return all & PMP_L;
}

enum { R = PMP_R, W = PMP_W, X = PMP_X };

/*
 * The rights that a rule gives while mseccfg.MML is set, indexed by the rule's bits L, R, W and X:
 * first those of M-mode, then those of S-mode and U-mode.
 */
static const u8 mml_rights[16][2] = {
	{ 0, 0 }, { 0, X }, { R | W, R }, { R | W, R | W },
	{ 0, R }, { 0, R | X }, { 0, R | W }, { 0, R | W | X },
	{ 0, 0 }, { X, 0 }, { X, X }, { R | X, X },
	{ R, 0 }, { R | X, 0 }, { R | W, 0 }, { R, R },
};

static const u8 *mml_rule(u8 cfg)
{
	return mml_rights[(cfg & PMP_L ? 8 : 0) | (cfg & PMP_R ? 4 : 0) | (cfg & PMP_W ? 2 : 0) |
			  (cfg & PMP_X ? 1 : 0)];
}

/*
 * Returns whether a rule may be added. While MML is set, one that lets M-mode execute may not,
 * unless RLB is set: the code that M-mode runs is fixed at boot.
 */
static bool may_add(const struct pmp *pmp, u8 cfg)
{
	return !(pmp->rules & PMP_MML) || (pmp->rules & PMP_RLB) || !(mml_rule(cfg)[0] & PMP_X);
}

void pmp_write_cfg(struct pmp *pmp, unsigned first, u64 value)
{
	for (unsigned n = first; n < first + 8; n++, value >>= 8) {
		u8 cfg = value & (PMP_R | PMP_W | PMP_X | PMP_A | PMP_L);

		if (pmp_locked(pmp, n) || !may_add(pmp, cfg))
			continue;
		/* Without MML, R=0 W=1 is reserved: the write then does not change R, W and X. */
		if ((cfg & (PMP_R | PMP_W)) == PMP_W && !(pmp->rules & PMP_MML))
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
	bool next_is_locked_tor = region + 1 < PMP_REGIONS && pmp_locked(pmp, region + 1) &&
				  pmp_mode_of(pmp, region + 1) == PMP_TOR;

	if (pmp_locked(pmp, region) || next_is_locked_tor)
		return;
	pmp->addr[region] = value & PMP_ADDR_MASK;
	pmp_update(pmp);
}

/* Returns the rights that the matching region gives. */
static unsigned pmp_matched(const struct pmp *pmp, u8 cfg, u8 priv)
{
	if (pmp->rules & PMP_MML)
		return mml_rule(cfg)[priv != PRIV_M];
	if (priv == PRIV_M && !(cfg & PMP_L))
		return PMP_R | PMP_W | PMP_X;
	return cfg & (PMP_R | PMP_W | PMP_X);
}

/* Returns the rights that hold if no region matches. */
static unsigned pmp_unmatched(const struct pmp *pmp, u8 priv)
{
	if (pmp->rules & PMP_ABSENT)
		return PMP_R | PMP_W | PMP_X;
	if (priv != PRIV_M || (pmp->rules & PMP_MMWP))
		return 0;
	return pmp->rules & PMP_MML ? PMP_R | PMP_W : PMP_R | PMP_W | PMP_X;
}

static ALWAYS_INLINE struct pmp_match find_match(const struct pmp *pmp, u64 addr, u64 len, u8 priv)
{
	u64 end = addr + len - 1;

	for (u32 left = pmp->active; left; left &= left - 1) {
		unsigned n = (unsigned)__builtin_ctz(left);

		if (end < pmp->start[n] || addr > pmp->last[n])
			continue;
		if (addr < pmp->start[n] || end > pmp->last[n])
			return (struct pmp_match){ 0, (int)n, true };
		return (struct pmp_match){ pmp_matched(pmp, pmp->cfg[n], priv), (int)n, false };
	}
	return (struct pmp_match){ pmp_unmatched(pmp, priv), -1, false };
}

struct pmp_match pmp_match(const struct pmp *pmp, u64 addr, u64 len, u8 priv)
{
	return find_match(pmp, addr, len, priv);
}

unsigned pmp_allows(const struct pmp *pmp, u64 addr, u64 len, u8 priv)
{
	return find_match(pmp, addr, len, priv).rights;
}

void pmp_around(const struct pmp *pmp, u64 addr, struct pmp_window *window)
{
	u64 base = 0, last = UINT64_MAX;

	for (u32 left = pmp->active; left; left &= left - 1) {
		unsigned n = (unsigned)__builtin_ctz(left);

		if (pmp->start[n] > addr) {
			last = MIN(last, pmp->start[n] - 1);
		} else if (pmp->last[n] < addr) {
			base = MAX(base, pmp->last[n] + 1);
		} else {
			base = MAX(base, pmp->start[n]);
			last = MIN(last, pmp->last[n]);
			break;
		}
	}
	*window = (struct pmp_window){ base, last, (u8)pmp_allows(pmp, addr, 1, PRIV_M),
				       (u8)pmp_allows(pmp, addr, 1, PRIV_S) };
}
