/* SPDX-License-Identifier: MIT */
/*
 * Derives regimes (hart/regime_state.h) from CSRs; nothing else does. Equal regimes share a TLB
 * view.
 */
#ifndef CPU_MMU_REGIME_H
#define CPU_MMU_REGIME_H

#include "cpu/hart/regime_state.h"

struct hart;

/*
 * Returns the address that a load or store uses after pointer masking (the ignore transformation).
 */
static inline u64 regime_address(const struct regime *regime, u64 address)
{
	unsigned pmlen = regime->pmlen;

	if (likely(!pmlen))
		return address;
	address <<= pmlen;
	return regime->pm_physical ? address >> pmlen : (u64)((s64)address >> pmlen);
}

/* Sets the regimes that translate fetches, and loads and stores (MPRV), now. */
void regime_now(const struct hart *hart, struct regime *fetch, struct regime *data);

/* Set the regime of HLV and HSV, and that of HLVX, which pointer masking does not affect. */
void regime_guest(const struct hart *hart, struct regime *regime);
void regime_guest_code(const struct hart *hart, struct regime *regime);

/* Sets the regime of any mode, without pointer masking. */
void regime_of(const struct hart *hart, u8 priv, bool virt, struct regime *regime);

/* Returns whether harts have this value of satp.MODE, and sets *levels (0 for Bare). */
bool regime_satp_mode(u64 mode, u8 *levels);

/* Returns the levels of the page tables for a value of satp, vsatp or hgatp; 0 for Bare. */
unsigned regime_levels(u64 atp);

#define SATP_MODE (15ull << 60)
#define SATP_ASID (0xffffull << 44)
#define SATP_PPN (BIT(44) - 1)
#define HGATP_VMID (0x3fffull << 44)
#define VMID_MAX 0x3fff
enum { SATP_BARE = 0, SATP_SV39 = 8, SATP_SV48 = 9, SATP_SV57 = 10 };

#endif
