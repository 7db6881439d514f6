/* SPDX-License-Identifier: MIT */
/*
 * C906's memory management (aq_mmu_top.v): a micro-TLB for fetches and one for data, which machine
 * mode uses, too, for attributes; the joint TLB; and the walker, which reads page tables through
 * the LSU. Entries are read from the host's memory as they are.
 */
#ifndef CPU_TIMING_C906_MMU_MMU_H
#define CPU_TIMING_C906_MMU_MMU_H

#include "cpu/timing/c906/params.h"

/* An address is translated in one of these modes. Pages of one mode are not used in another. */
enum c906_mode { C906_MACHINE, C906_BARE, C906_TRANSLATED };

enum c906_utlb_state { C906_UTLB_IDLE, C906_UTLB_WAIT_GRANT, C906_UTLB_WAIT_REFILL };

enum c906_walk_state {
	C906_WALK_IDLE, C906_WALK_4K, C906_WALK_2M, C906_WALK_1G, C906_WALK_MACHINE,
	C906_WALK_PMP, C906_WALK_DATA, C906_WALK_CHECK, C906_WALK_VALID, C906_WALK_FAULT,
};

#define C906_ROOT_MAX 4 /* level of the root table: of Sv57 */

#define UNITS "cpu/timing/c906/state/mmu.def"
#include "cpu/timing/fields/structs.inc"

/* The fields of a number that describes an entry to the walker. */
#define C906_WALK_LEVEL 7
#define C906_WALK_REACH_SHIFT 3
enum c906_pte { C906_PTE_FAULT, C906_PTE_TABLE, C906_PTE_LEAF };

/*
 * Begin a walk, and return the address of the first entry; then read an entry, and find that of the
 * next; then end it.
 */
u64 c906_walk_begin(const struct c906_env *env, u64 va, unsigned level);
enum c906_pte c906_walk_entry(const struct c906_env *env, u64 *pointer, unsigned how);
void c906_walk_end(const struct c906_env *env, unsigned level);

/* Resets the memory management to machine mode; the micro-TLBs are emptied. */
void c906_mmu_reset(struct c906_mmu *mmu, struct c906_env *env);
/* Sets the context that is in force. */
void c906_mmu_use(struct c906_mmu *mmu, struct c906_env *env, const struct c906_context *context);

static inline bool c906_mmu_reads(const struct c906_mmu *mmu)
{
	return mmu->walker.state == C906_WALK_DATA;
}

/* Pages whose entries have U, and pages without: a mode reaches a set of these. */
#define C906_USERS BIT(0)
#define C906_SUPERVISORS BIT(1)
/* SUM holds for fetches as well (aq_mmu_utlb.v, utlb_page_fault). */
unsigned c906_fetch_reach(const struct c906_context *context);

enum c906_mode c906_fetch_mode(const struct c906_mmu *mmu, const struct c906_env *env);
enum c906_mode c906_data_mode(const struct c906_mmu *mmu, const struct c906_env *env);

/* Returns the page of this level, if the joint TLB holds it, else NULL. */
const struct c906_page *c906_jtlb_find(const struct c906_env *env, u64 va, unsigned level);

/* Requests a page that a micro-TLB lacks, if the micro-TLB has no other request. */
void c906_mmu_miss(struct c906_mmu *mmu, const struct c906_env *env, u64 va, bool fetch);

/* Clears the micro-TLBs, after satp was written. */
void c906_mmu_clear_utlbs(const struct c906_env *env);

/*
 * These perform SFENCE.VMA. From the next cycle on and until mmu->held, the micro-TLBs are cleared,
 * or a page of them, and nothing is refilled. The joint TLB then invalidates either the entries of
 * an address, and returns how many; or all, or those of an ASID that is not 0, and returns whether
 * the entry examined last is among them.
 */
void c906_mmu_hold(struct c906_mmu *mmu, const struct c906_env *env, bool page, u64 va);
unsigned c906_mmu_fence_address(const struct c906_env *env, u64 va);
bool c906_mmu_fence(const struct c906_env *env, u64 asid);

/* Ends a cycle. */
void c906_mmu_step(struct c906_mmu *mmu, const struct c906_env *env);

#endif
