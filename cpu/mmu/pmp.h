/* SPDX-License-Identifier: MIT */
/*
 * Physical memory protection (privileged manual, "Physical Memory Protection"): 16 regions with
 * a granularity of 4 bytes. cfg and addr are the registers; the ranges are derived from them.
 */
#ifndef CPU_MMU_PMP_H
#define CPU_MMU_PMP_H

#include "cpu/hart/pmp_state.h"

/* Derives the ranges again after cfg or addr changed. */
void pmp_update(struct pmp *pmp);

/*
 * These perform CSR writes, with their WARL rules and locks; of pmpcfg, eight bytes from region
 * `first` on.
 */
void pmp_write_cfg(struct pmp *pmp, unsigned first, u64 value);
u64 pmp_read_cfg(const struct pmp *pmp, unsigned first);
void pmp_write_addr(struct pmp *pmp, unsigned region, u64 value);

/* Returns whether any entry is locked, active or not. */
bool pmp_any_locked(const struct pmp *pmp);

/*
 * Returns which of PMP_R, PMP_W, PMP_X every byte of [addr, addr + len) has at this privilege. An
 * access that matches a region only in part has none.
 */
unsigned pmp_allows(const struct pmp *pmp, u64 addr, u64 len, u8 priv);

/* For explanations, pmp_match returns the same rights and the region that they come from. */
struct pmp_match {
	unsigned rights;
	int region; /* -1: none matches */
	bool in_part; /* it matches only a part of the access */
};
struct pmp_match pmp_match(const struct pmp *pmp, u64 addr, u64 len, u8 priv);

/*
 * Addresses in a row, from base to last, that the same rule concerns, or none. No access to a part
 * of them is split.
 */
struct pmp_window {
	u64 base, last;
	u8 machine, other; /* the rights of M-mode, and of S-mode and U-mode */
};

/* Finds the window in which the address is. */
void pmp_around(const struct pmp *pmp, u64 addr, struct pmp_window *window);

#endif
