/* SPDX-License-Identifier: MIT */
/*
 * Loads, stores, atomics and fetches of a hart at virtual addresses. The inline part is one tag
 * compare; mem.c does everything else (misalignment, page crossing, misses, devices, pages with
 * code). False means that hart->trap is filled in. A slow access may have set hart->stop.
 */
#ifndef CPU_MMU_MEM_H
#define CPU_MMU_MEM_H

#include "bus/base.h"
#include "cpu/hart/hart.h"
#include "cpu/mmu/tlb.h"

#include <string.h>

bool mem_load_slow(struct hart *hart, u64 va, unsigned size, u64 *value);
bool mem_store_slow(struct hart *hart, u64 va, unsigned size, u64 value);

/*
 * If the page of an access that missed is remembered, these enter it into the view and return the
 * addend of va, which gives the host's address. mem_refill_load is for a load whose page the second
 * level lacks, but whose page table is remembered; the one for stores requires that further stores
 * to the page need not be seen. Otherwise they return 0 without any visible effect, and the access
 * is left to mem_load_slow or mem_store_slow. They change no vector register, because native code
 * has f registers there.
 */
u64 mem_refill_load(struct hart *hart, u64 va);
u64 mem_refill_store(struct hart *hart, u64 va);

/*
 * Make a span of the view, which has some `left`, the page of va, if the view or the second level
 * has it for such an access, and those that follow it and lie so in the host's memory: `many`, or
 * few at first and more when the span goes on where it ended. Of pages to be written it takes only
 * those that are marked as dirty. They change no vector register, either.
 */
void mem_span_load(struct hart *hart, u64 va, struct tlb_span *span, bool many);
void mem_span_store(struct hart *hart, u64 va, struct tlb_span *span, bool many);

/*
 * Checks a load or store of 1, 2, 4 or 8 bytes as the access itself would be checked, and traps in
 * the same way, but does not access anything. An access that passes can still fail if a device
 * refuses it, and after a store to the page tables.
 */
bool mem_allows(struct hart *hart, u64 va, unsigned size, bool store);

/*
 * Returns a host pointer for an atomic of 1 to 16 bytes; NULL with the trap filled in. With Zama16b
 * it need not be aligned.
 */
void *mem_atomic_slow(struct hart *hart, u64 va, unsigned size);

/*
 * HLV, HLVX and HSV access memory as the guest, at the privilege in hstatus.SPVP; HLVX needs the
 * right to execute.
 */
bool mem_guest_load(struct hart *hart, u64 va, unsigned size, u64 *value);
bool mem_guest_load_code(struct hart *hart, u64 va, unsigned size, u64 *value);
bool mem_guest_store(struct hart *hart, u64 va, unsigned size, u64 value);

/*
 * Returns a host pointer to a naturally aligned element of a shadow stack; NULL with the trap
 * filled in, which is always that of a store.
 */
u8 *mem_shadow(struct hart *hart, u64 va, unsigned size, bool writes);

/* LR loads and reserves. SC sets *failed to 0 if it stored, else to 1. */
bool mem_load_reserved(struct hart *hart, u64 va, unsigned size, u64 *value);
bool mem_store_conditional(struct hart *hart, u64 va, unsigned size, u64 value, u64 *failed);

/*
 * cbo.zero, and the permission check of the cbo.* that manage a coherent cache, which move nothing.
 */
bool mem_cbo_zero(struct hart *hart, u64 va);
bool mem_cbo_manage(struct hart *hart, u64 va);

/* Fetches the instruction at pc, of which 16 or 32 bits are valid. */
bool mem_fetch(struct hart *hart, u64 pc, u32 *raw);

/* Fetches eight aligned bytes as instructions are fetched: an entry of Zcmt's table. */
bool mem_fetch_entry(struct hart *hart, u64 va, u64 *value);

/*
 * Returns the host address of the code at pc, to decode a block from: valid up to the end of the
 * page. NULL with *trapped clear if the page must be fetched from one instruction at a time (PMP
 * splits it); NULL with *trapped set if the fetch faults.
 */
const u8 *mem_code(struct hart *hart, u64 pc, bool *trapped);

/*
 * Returns whether a misaligned load or store within a page may take the fast path, in which the
 * page of the last byte, (va + size - 1) & PAGE_MASK, is compared with the entry of the first.
 * Otherwise mem_load_slow() and mem_store_slow() must see it, because it traps. Atomics never may
 * (Zama16b looks at 16 bytes). What a timing model must note of an access is a matter of the tier
 * that makes it.
 */
static inline bool mem_misaligned_hits(const struct hart *hart)
{
	return isa_has(hart->isa, EXT_misaligned);
}

/*
 * In this form misaligned accesses always take the slow path, which looks up the same entry again.
 * That saves one operation for aligned ones, which are nearly all.
 */
static ALWAYS_INLINE bool mem_hit(u64 tag, u64 va, unsigned size)
{
	return likely(tag == (va & (PAGE_MASK | (size - 1))));
}

/* This is for the fast path only: the caller has checked mem_hit. */
static ALWAYS_INLINE void *mem_host(const struct tlb_view *view, u64 va)
{
	return (void *)(uintptr_t)(va + view->addend[tlb_index(va)]);
}

/* size is a constant 1, 2, 4 or 8; the value is zero-extended. */
static ALWAYS_INLINE bool mem_load(struct hart *hart, u64 va, unsigned size, u64 *value)
{
	const struct tlb_view *view = hart->data;

	if (!mem_hit(view->read[tlb_index(va)], va, size))
		return mem_load_slow(hart, va, size, value);
	*value = 0;
	memcpy(value, mem_host(view, va), size);
	return true;
}

static ALWAYS_INLINE bool mem_store(struct hart *hart, u64 va, unsigned size, u64 value)
{
	const struct tlb_view *view = hart->data;

	if (!mem_hit(view->write[tlb_index(va)], va, size))
		return mem_store_slow(hart, va, size, value);
	memcpy(mem_host(view, va), &value, size);
	return true;
}

static ALWAYS_INLINE void *mem_atomic(struct hart *hart, u64 va, unsigned size)
{
	const struct tlb_view *view = hart->data;

	if (!mem_hit(view->write[tlb_index(va)], va, size))
		return mem_atomic_slow(hart, va, size);
	return mem_host(view, va);
}

#endif
