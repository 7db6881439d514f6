/* SPDX-License-Identifier: MIT */
/*
 * Translation for fetch and data: two small TLBs, perhaps one behind them, and walks that read the
 * page tables as they are now, entry by entry, through the data cache: of two stages, each entry of
 * the first, and the page in the end, by a walk of the second.
 */
#ifndef CPU_TIMING_INORDER_MMU_H
#define CPU_TIMING_INORDER_MMU_H

#include "cpu/timing/inorder/lookaside.h"
#include "cpu/timing/inorder/params.h"
#include "cpu/timing/model.h"

struct inorder_data;

struct inorder_mmu {
	const struct inorder_params *params;
	struct timing_tally *tally; /* what it counts in */
	struct inorder_data *data; /* whose cache the walks read */
	const struct timing_host *host;
	struct inorder_lookaside itlb, dtlb, stlb;
	u64 satp, vsatp, hgatp;
	u8 after; /* enum timing_after: what the next instruction runs in */
	/*
	 * Stands for what a fetch finds: what is translated and how, which page was used last,
	 * lines of the instruction cache, code. When it is the same again, so is each fetch that
	 * found its word without an effect.
	 */
	u64 fetch_version;
	u64 fetch_changes; /* in all that, but for pages, that were found in the TLB or came in */
};

/* Something of that is another one. */
void inorder_mmu_fetch_changed(struct inorder_mmu *mmu);

int inorder_mmu_init(struct inorder_mmu *mmu, const struct inorder_params *params);
void inorder_mmu_free(struct inorder_mmu *mmu);
void inorder_mmu_reset(struct inorder_mmu *mmu);

/* Entries are forgotten, as SFENCE.VMA does. */
void inorder_mmu_forget(struct inorder_mmu *mmu, const struct inorder_forget *what);

/* What translates from now on, where this CSR does; in a guest its own is called satp. */
#define INORDER_CSR_SATP 0x180
#define INORDER_CSR_VSATP 0x280
#define INORDER_CSR_HGATP 0x680
void inorder_mmu_take_tables(struct inorder_mmu *mmu, u16 csr, u64 value);

/* Of a fetch that is translated, where that has no effect: from the page that was used last. */
bool inorder_mmu_peek_fetch(const struct inorder_mmu *mmu, u64 va, u64 *pa);

/* Are fetches translated? */
bool inorder_mmu_translates_fetch(const struct inorder_mmu *mmu);

/*
 * A fetch from va in `*cycle`: its physical address, and the cycle in which it goes on. `walks`:
 * or else nothing happens where no TLB knows it. False: there is none, or it is not known.
 */
bool inorder_mmu_fetch(struct inorder_mmu *mmu, u64 va, bool walks, u64 *cycle, u64 *pa);

/*
 * A translated access to va in `cycle`, by an instruction that accesses as a guest or not: the
 * cycle in which it goes on.
 */
struct inorder_reach {
	u64 va;
	bool store, guest;
};
u64 inorder_mmu_data(struct inorder_mmu *mmu, const struct inorder_reach *reach, u64 cycle);

/* The space that TLBs have for an ASID of the guest that is on now. */
u64 inorder_mmu_guest_space(const struct inorder_mmu *mmu, u64 asid);

#endif
