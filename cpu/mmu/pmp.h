/* SPDX-License-Identifier: MIT */
/*
 * Physical memory protection (privileged manual, "Physical Memory Protection"): 16 regions with a
 * granularity of 4 bytes. `cfg` and `addr` are the registers; `start` and `last` are derived from
 * them.
 */
#ifndef CPU_MMU_PMP_H
#define CPU_MMU_PMP_H

#include "cpu/hart/pmp_state.h"

/* Derives the ranges again; must be called after cfg or addr changed. */
void pmp_update(struct pmp *pmp);

/*
 * These access the CSRs, with their WARL rules and locks. pmpcfg has eight bytes, for the regions
 * from `first` on.
 */
void pmp_write_cfg(struct pmp *pmp, unsigned first, u64 value);
u64 pmp_read_cfg(const struct pmp *pmp, unsigned first);
void pmp_write_addr(struct pmp *pmp, unsigned region, u64 value);

/* Returns whether any entry is locked, active or not. */
bool pmp_any_locked(const struct pmp *pmp);

/*
 * Returns the rights, of PMP_R, PMP_W and PMP_X, that this privilege has to every byte of [addr,
 * addr + len). An access that matches a region only in part has none.
 */
unsigned pmp_allows(const struct pmp *pmp, u64 addr, u64 len, u8 priv);

/* Returns, for explanations, the same rights and the region that they come from. */
struct pmp_match {
	unsigned rights;
	int region; /* -1: none matches */
	bool in_part; /* the region matches only a part of the access */
};
struct pmp_match pmp_match(const struct pmp *pmp, u64 addr, u64 len, u8 priv);

/*
 * Consecutive addresses, from base to last, to which the same rule applies, or none. No region
 * matches a part of an access to them.
 */
struct pmp_window {
	u64 base, last;
	u8 machine, other; /* the rights of M-mode; those of S-mode and U-mode */
};

/* Finds the window that contains the address. */
void pmp_around(const struct pmp *pmp, u64 addr, struct pmp_window *window);

#endif
