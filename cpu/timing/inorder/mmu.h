/* SPDX-License-Identifier: MIT */
/*
 * Translation for fetch and data: two small TLBs, perhaps a larger one after them, and page walks
 * that read the page tables as they are now, entry by entry, through the data cache. With two
 * stages, a walk of the second stage translates the address of each entry of the first stage, and
 * that of the page.
 */
#ifndef CPU_TIMING_INORDER_MMU_H
#define CPU_TIMING_INORDER_MMU_H

#include "cpu/timing/inorder/params.h"
#include "cpu/timing/inorder/tlb.h"
#include "cpu/timing/model.h"

struct inorder_data;

#define UNITS "cpu/timing/inorder/state/mmu.def"
#include "cpu/timing/fields/structs.inc"

/* Must be called after a change of anything on which fetches depend. */
void inorder_mmu_fetch_changed(struct inorder_mmu *mmu);

int inorder_mmu_init(struct inorder_mmu *mmu, const struct inorder_params *params);
void inorder_mmu_free(struct inorder_mmu *mmu);
void inorder_mmu_reset(struct inorder_mmu *mmu);

/* Invalidates entries, as SFENCE.VMA does. */
void inorder_mmu_forget(struct inorder_mmu *mmu, const struct inorder_forget *what);

/* Notes the write of a CSR, if translation depends on it. A guest writes its vsatp as satp. */
#define INORDER_CSR_SATP 0x180
#define INORDER_CSR_VSATP 0x280
#define INORDER_CSR_HGATP 0x680
void inorder_mmu_write_csr(struct inorder_mmu *mmu, u16 csr, u64 value);

/*
 * Translates a fetch by the page that was used last, which has no effect. Returns false if that is
 * another page.
 */
bool inorder_mmu_peek_fetch(const struct inorder_mmu *mmu, u64 va, u64 *pa);

/* Returns whether fetches are translated. */
bool inorder_mmu_translates_fetch(const struct inorder_mmu *mmu);

/*
 * Translates a fetch from va in `*cycle`: sets *pa to its physical address, and *cycle to the one
 * in which it continues. Without `walks`, nothing happens if no TLB has the page. Returns false if
 * there is no such page, or it is not known.
 */
bool inorder_mmu_fetch(struct inorder_mmu *mmu, u64 va, bool walks, u64 *cycle, u64 *pa);

/*
 * Translates an access to va in `cycle`, of a guest or not. Returns the cycle in which it
 * continues.
 */
struct inorder_reach {
	u64 va;
	bool store, guest;
};
u64 inorder_mmu_data(struct inorder_mmu *mmu, const struct inorder_reach *reach, u64 cycle);

/* Returns the number that TLBs use for an ASID of the current guest. */
u64 inorder_mmu_guest_space(const struct inorder_mmu *mmu, u64 asid);

#endif
