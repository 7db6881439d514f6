/* SPDX-License-Identifier: MIT */
/*
 * The translations that a hart may use until they are fenced, for the detector of missing fences
 * (debug/stale_tlb.h). Each stage has its own, as the manual lets hardware cache them, so a fence
 * of the wrong stage removes nothing. Superpages are remembered as a whole. Nothing else uses this,
 * and a hart without the detector has none.
 */
#ifndef CPU_MMU_UNFENCED_H
#define CPU_MMU_UNFENCED_H

#include "cpu/hart/regime_state.h"

struct unfenced;
struct walk_step;

/*
 * The limits of a hart's memory of translations. When one is reached, it forgets everything and
 * begins again.
 */
#define UNFENCED_PAGES (1u << 19)
#define UNFENCED_SPACES 4096

/* An address space of one stage. */
struct unfenced_space {
	struct stage stage;
	u64 below; /* for a guest's first stage, the root of its G stage; else 0 */
	u16 asid, vmid; /* the ASID is the first stage's */
	bool virt, second; /* the stage is a guest's; it is the G stage */
	u8 pad[2];
};

/* One translation. */
struct unfenced_page {
	u64 at, to; /* an address of the stage, and the one that it translates to */
	u64 grants; /* the rights that the leaf grants to all modes (grant.h) */
};

struct unfenced *unfenced_create(void); /* NULL when out of memory */
void unfenced_free(struct unfenced *unfenced);

void unfenced_forget_all(struct unfenced *unfenced);

/*
 * Finds the translation of page->at and fills in the other fields; returns false if there is none.
 */
bool unfenced_find(struct unfenced *unfenced, const struct unfenced_space *space,
		   struct unfenced_page *page);

/*
 * Remembers the translation that the last step of a walk for step->addr gave, in place of older
 * ones. If the host has no memory, it does nothing.
 */
void unfenced_enter(struct unfenced *unfenced, const struct unfenced_space *space,
		    const struct walk_step *step);

/* The scope of a fence: unfenced_fence forgets the translations in it. */
struct unfenced_fence {
	bool virt, second; /* it fences guests; the G stage */
	/* These fields limit it; if they are clear, it fences everything. */
	bool has_at, has_asid, has_vmid;
	bool invalidates; /* it is SINVAL.VMA or similar, which two other fences order */
	u64 at;
	u16 asid, vmid;
};
void unfenced_fence(struct unfenced *unfenced, const struct unfenced_fence *fence);

/*
 * Executes SFENCE.W.INVAL: the next SINVAL.VMA can remove the translations remembered before this.
 */
void unfenced_order_stores(struct unfenced *unfenced);

/* Executes SFENCE.INVAL.IR: removes the translations that SINVAL.VMA was to remove. */
void unfenced_order_reads(struct unfenced *unfenced);

#endif
