/* SPDX-License-Identifier: MIT */
/*
 * The translations that a hart may remember until they are fenced, for the detector of missing
 * fences (debug/strict.h): each stage's own, as the manual lets hardware cache them, so that a
 * fence of the wrong stage ends nothing. Superpages are remembered as a whole. Nothing else uses
 * it, and a hart that is not watched has none.
 */
#ifndef CPU_MMU_UNFENCED_H
#define CPU_MMU_UNFENCED_H

#include "cpu/hart/regime_state.h"

struct unfenced;
struct walk_step;

/* The most that a hart remembers. When there is no room for another one, it begins anew. */
#define UNFENCED_PAGES (1u << 19)
#define UNFENCED_SPACES 4096

/* An address space of one stage. */
struct unfenced_space {
	struct stage stage;
	u64 below; /* the root of the guest's G stage, below its first stage; else 0 */
	u16 asid, vmid; /* the ASID is the first stage's */
	bool virt, second; /* it is a guest's, the G stage's */
	u8 pad[2];
};

/* One translation. */
struct unfenced_page {
	u64 at, to; /* an address of the stage, and what it is below */
	u64 grants; /* what the leaf grants to all modes (grant.h) */
};

struct unfenced *unfenced_create(void); /* NULL when out of memory */
void unfenced_free(struct unfenced *unfenced);

void unfenced_forget_all(struct unfenced *unfenced);

/* Finds the translation of page->at and fills in the rest; returns false if there is none. */
bool unfenced_find(struct unfenced *unfenced, const struct unfenced_space *space,
		   struct unfenced_page *page);

/*
 * Remembers the translation that a walk for step->addr ended with, in place of those that were.
 * When the host has no memory, it does not.
 */
void unfenced_enter(struct unfenced *unfenced, const struct unfenced_space *space,
		    const struct walk_step *step);

/* The scope of a fence: what it orders is forgotten. */
struct unfenced_fence {
	bool virt, second; /* of guests; of the G stage */
	bool has_at, has_asid, has_vmid; /* if clear: all of them */
	bool invalidates; /* it is SINVAL.VMA or its like, which two other fences order */
	u64 at;
	u16 asid, vmid;
};
void unfenced_fence(struct unfenced *unfenced, const struct unfenced_fence *fence);

/* SFENCE.W.INVAL: what was remembered before it is what the next SINVAL.VMA can end. */
void unfenced_order_stores(struct unfenced *unfenced);

/* SFENCE.INVAL.IR: what SINVAL.VMA is to end has ended. */
void unfenced_order_reads(struct unfenced *unfenced);

#endif
