/* SPDX-License-Identifier: MIT */
/*
 * CVA6's memory management (cva6_mmu.sv): a TLB for fetches and one for data, and the walker that
 * both share (cva6_ptw.sv), which reads its entries through the data cache. Without a second-level
 * TLB a miss takes a cycle to get to the walker (cva6_shared_tlb.sv with UseSharedTlb 0).
 */
#ifndef CPU_TIMING_CVA6_MMU_H
#define CPU_TIMING_CVA6_MMU_H

#include "cpu/timing/cva6/params.h"
#include "cpu/timing/model.h"
#include "cpu/timing/units/plru_tlb.h"

enum cva6_walker_state {
	CVA6_WALKER_IDLE, CVA6_WALKER_WAIT_GRANT, CVA6_WALKER_PTE_LOOKUP, CVA6_WALKER_WAIT_RVALID,
	CVA6_WALKER_PROPAGATE_ERROR, CVA6_WALKER_LATENCY,
};

#define CVA6_ROOT_MAX 4 /* level of the root table: of Sv57 */

enum cva6_entry_says {
	CVA6_ENTRY_RESERVED = 1 << 8, /* bits above the PPN are set (no Svpbmt or Svnapot) */
	CVA6_ENTRY_ALIGNED = 1 << 9, /* its PPN is aligned like that of a leaf of its level */
};

/* Flags of a lookup. */
enum cva6_lookup_flags {
	CVA6_LOOKUP_USED = 1 << 0, /* the entry that it finds counts as used */
	CVA6_LOOKUP_BARE = 1 << 1, /* the address is not translated */
};

/* The latest recorded lookup, which need not be repeated until the TLB changes. */
struct cva6_found {
	bool valid;
	u8 how; /* enum cva6_lookup_flags */
	u64 va, found;
};

#define UNITS "cpu/timing/cva6/state/mmu.def"
#include "cpu/timing/fields/structs.inc"

/* The signals of a cycle. */
struct cva6_mmu_cycle {
	/* In */
	struct cva6_tlbs *tlbs;
	struct actions *actions; /* not NULL while lookups are recorded */
	const struct cva6_context *context;
	bool fetch_request, data_request, data_store;
	/* an access has the address data_va, whether it requests translation or not */
	bool data_looks_up;
	bool data_fails; /* the access is known to trap on its page */
	bool data_unknown; /* its physical address is known only from the TLB */
	bool flush;
	u64 fetch_va, data_va;
	/* Out: before the walker's step */
	bool fetch_valid, fetch_fault; /* it is translated, or known to fault */
	u64 fetch_pa;
	bool data_hit, data_walk_failed;
	u64 data_pa; /* if data_hit */
	bool walker_request;
	/* In: the data cache's responses to the walker */
	bool granted, answered;
	/* Within */
	bool itlb_hit, dtlb_hit, fetch_user;
};

void cva6_tlbs_reset(struct cva6_tlbs *tlbs, const struct cva6_params *params);

/* Look up the addresses and fill in the outputs; then end the cycle. */
void cva6_mmu_lookup(const struct cva6_mmu *mmu, struct cva6_mmu_cycle *cycle);
void cva6_mmu_step(struct cva6_mmu *mmu, const struct timing_host *host,
		   const struct cva6_mmu_cycle *cycle);

/*
 * cva6_walk_root returns the address of the root table's entry for va; cva6_walk_read reads the
 * entry at walker->pointer into the walker.
 */
u64 cva6_walk_root(u64 satp, u64 va);
void cva6_walk_read(struct cva6_walker *walker, const struct timing_host *host);

/* Fills the leaf into a TLB, with the ASID in satp. (A write of satp ends a walk.) */
void cva6_tlb_fill(struct plru_tlb *tlb, const struct cva6_walker *walker, u64 satp);

/*
 * Performs SFENCE.VMA. If va or asid is 0, it applies to all, even when 0 is the value of a
 * register.
 */
void cva6_tlbs_fence(struct cva6_tlbs *tlbs, u64 va, u64 asid);

/* Sets the number of levels of the page tables in satp. */
static inline void cva6_context_root(struct cva6_context *context, u8 levels)
{
	context->levels = levels;
	context->tables |= levels != 0;
}

bool cva6_fetch_translated(const struct cva6_context *context);

/* Returns whether data accesses are translated, according to the registers now. */
bool cva6_data_translated(const struct cva6_context *context);

#endif
