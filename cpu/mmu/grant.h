/* SPDX-License-Identifier: MIT */
/*
 * The rights that a translation grants, as bits that do not depend on the mode: one for each kind
 * of access of the supervisor, and the same again for user mode. They fit into the offset bits of
 * an address. `&` combines the rights of two stages and of PMP. The regime determines a set of bits
 * of which an access needs one.
 */
#ifndef CPU_MMU_GRANT_H
#define CPU_MMU_GRANT_H

#include "cpu/hart/pmp_state.h"
#include "cpu/hart/regime_state.h"
#include "cpu/hart/exception.h"
#include "cpu/mmu/pte.h"

enum {
	GRANT_READ = 1 << 0,
	GRANT_READ_VS_MXR = 1 << 1, /* a read while only the MXR of the VS stage is set */
	GRANT_READ_MXR = 1 << 2, /* a read while MXR applies to both stages */
	GRANT_READS = GRANT_READ | GRANT_READ_VS_MXR | GRANT_READ_MXR,
	GRANT_WRITE = 1 << 3, /* D is set, too */
	GRANT_EXECUTE = 1 << 4,
	GRANT_USER = 5, /* shift of these bits for user mode */
};
#define GRANT_EACH(bits) ((u64)(bits) * (1 + (1 << GRANT_USER)))
#define GRANT_ALL GRANT_EACH(GRANT_READS | GRANT_WRITE | GRANT_EXECUTE)

/* Returns the rights that a valid leaf with A set grants. Shadow stack pages may be read. */
static inline u64 grant_pte(const struct stage *stage, u64 pte)
{
	u64 bits = pte & PTE_R ? GRANT_READS : 0;

	if (pte & PTE_X)
		bits |= GRANT_EXECUTE | GRANT_READ_MXR | (stage->user ? 0 : GRANT_READ_VS_MXR);
	if ((pte & (PTE_R | PTE_W | PTE_D)) == (PTE_R | PTE_W | PTE_D))
		bits |= GRANT_WRITE;
	if ((pte & (PTE_R | PTE_W | PTE_X)) == PTE_W)
		bits = GRANT_READS;
	if (stage->user)
		return pte & PTE_U ? GRANT_EACH(bits) : 0;
	return pte & PTE_U ? bits << GRANT_USER : bits;
}

static inline u64 grant_pmp(unsigned rights)
{
	return GRANT_EACH((rights & PMP_R ? GRANT_READS : 0) | (rights & PMP_W ? GRANT_WRITE : 0) |
			  (rights & PMP_X ? GRANT_EXECUTE : 0));
}

static inline struct grant_needs grant_needs(const struct regime *regime)
{
	unsigned read = regime->mxr    ? GRANT_READ_MXR :
			regime->vs_mxr ? GRANT_READ_VS_MXR :
					 GRANT_READ;
	unsigned shift = regime->priv == PRIV_U ? GRANT_USER : 0;
	/* SUM lets the supervisor load from and store to pages of users, never execute them. */
	unsigned both = regime->sum && regime->priv != PRIV_U ? 1 + (1 << GRANT_USER) : 1;

	return (struct grant_needs){ (u16)((read << shift) * both),
				     (u16)((GRANT_WRITE << shift) * both),
				     (u16)(GRANT_EXECUTE << shift) };
}

#endif
