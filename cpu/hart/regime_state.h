/* SPDX-License-Identifier: MIT */
/*
 * A regime: everything that decides how an address is translated. Only mmu/regime.c derives it,
 * from CSRs.
 */
#ifndef CPU_HART_REGIME_STATE_H
#define CPU_HART_REGIME_STATE_H

#include "bus/base.h"

/* One stage of translation (privileged manual, "Virtual Address Translation Process"). */
struct stage {
	u64 root; /* physical address of the root page table */
	u8 levels; /* 0: bare; 3, 4, 5: Sv39, Sv48, Sv57 */
	u8 widen; /* extra index bits of the root level: 2 for the x4 modes */
	bool user; /* every access is one of U-mode (the G stage) */
	bool adue; /* hardware sets A and D */
	bool pbmt; /* the PBMT field is legal */
	bool shadow; /* W without R and X marks a shadow stack page (Zicfiss) */
	u8 pad[2];
};

struct regime {
	struct stage s1, s2; /* VS or S stage; G stage */
	u8 priv; /* effective privilege */
	bool virt;
	bool sum, mxr;
	bool vs_mxr; /* MXR of the VS stage alone */
	u8 pad;
	u16 asid, vmid;
	u8 pmlen; /* pointer masking: upper bits of an address that are ignored */
	bool pm_physical; /* those bits read as zero, not as copies of the bit below */
	u8 pad2[4];
};

/* For each kind of access, the grants (mmu/grant.h) of which it needs one. */
struct grant_needs {
	u16 read, write, execute;
};

#endif
