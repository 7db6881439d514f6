/* SPDX-License-Identifier: MIT */
/*
 * Loads, stores, atomics and fetches of a hart at virtual addresses. The inline part compares one
 * tag; mem.c does everything else (misaligned accesses, accesses in two pages, misses, devices,
 * pages with code). The functions return false with hart->trap filled in. A slow access may have
 * set hart->stop.
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
 * For native code, after a miss: if the page is remembered, they enter it into the view and return
 * the addend of va. mem_refill_load is for a load whose page the second level lacks, but whose page
 * table is remembered. mem_refill_store succeeds only if later stores to the page need not be
 * detected. Otherwise they return 0 without any visible effect, and the caller uses mem_load_slow
 * or mem_store_slow. They change no vector register of the host, because native code has f
 * registers there.
 */
u64 mem_refill_load(struct hart *hart, u64 va);
u64 mem_refill_store(struct hart *hart, u64 va);

/*
 * Make a span of the view whose `left` is not used up: the page of va, if the view or the second
 * level has it for such an access, and the next pages that follow it in the host's memory, too.
 * `many`: as many as there are; else few at first, and more when a span continues where it ended.
 * Pages to be written must already be dirty. They change no vector register of the host.
 */
void mem_span_load(struct hart *hart, u64 va, struct tlb_span *span, bool many);
void mem_span_store(struct hart *hart, u64 va, struct tlb_span *span, bool many);

/*
 * Checks a load or store of 1, 2, 4 or 8 bytes as the access itself would, with the same traps, but
 * accesses nothing. An access that passes can still fail if a device refuses it, or after a store
 * to the page tables.
 */
bool mem_allows(struct hart *hart, u64 va, unsigned size, bool store);

/*
 * Returns the host's pointer for an atomic of 1 to 16 bytes; NULL with the trap filled in. With
 * Zama16b it need not be aligned.
 */
void *mem_atomic_slow(struct hart *hart, u64 va, unsigned size);

/*
 * Execute HLV, HLVX and HSV, which access memory as the guest, with the privilege in hstatus.SPVP.
 * HLVX needs the right to execute.
 */
bool mem_guest_load(struct hart *hart, u64 va, unsigned size, u64 *value);
bool mem_guest_load_code(struct hart *hart, u64 va, unsigned size, u64 *value);
bool mem_guest_store(struct hart *hart, u64 va, unsigned size, u64 value);

/*
 * Returns the host's pointer to a naturally aligned element of a shadow stack; NULL with the trap
 * filled in, which is that of a store in each case.
 */
u8 *mem_shadow(struct hart *hart, u64 va, unsigned size, bool writes);

/* LR loads and reserves. SC sets *failed to 0 if it stored, else to 1. */
bool mem_load_reserved(struct hart *hart, u64 va, unsigned size, u64 *value);
bool mem_store_conditional(struct hart *hart, u64 va, unsigned size, u64 value, u64 *failed);

/*
 * Execute cbo.zero, and the permission check of the cbo.* that manage caches. Caches are coherent,
 * so the latter move no data.
 */
bool mem_cbo_zero(struct hart *hart, u64 va);
bool mem_cbo_manage(struct hart *hart, u64 va);

/* Fetches the instruction at pc, of which 16 or 32 bits are valid. */
bool mem_fetch(struct hart *hart, u64 pc, u32 *raw);

/* Fetches eight aligned bytes as instructions: an entry of Zcmt's table. */
bool mem_fetch_entry(struct hart *hart, u64 va, u64 *value);

/*
 * Returns the host's address of the code at pc, from which a block can be decoded up to the end of
 * the page. NULL with *trapped set: the fetch faults. NULL with *trapped clear: instructions of the
 * page must be fetched one at a time, because PMP splits it.
 */
const u8 *mem_code(struct hart *hart, u64 pc, bool *trapped);

/*
 * Returns whether a misaligned load or store within a page may take the fast path, which compares
 * the page of the last byte, (va + size - 1) & PAGE_MASK, with the entry of the first byte. If not,
 * mem_load_slow() and mem_store_slow() must handle the access, because it traps. Atomics never may:
 * Zama16b has a rule for 16 bytes. The tier decides what a timing model must note.
 */
static inline bool mem_misaligned_hits(const struct hart *hart)
{
	return isa_has(hart->isa, EXT_misaligned);
}

/*
 * Returns whether an aligned access hits. Misaligned ones never do, and take the slow path, which
 * looks up the same entry again. That saves an operation for aligned accesses, which are nearly
 * all.
 */
static ALWAYS_INLINE bool mem_hit(u64 tag, u64 va, unsigned size)
{
	return likely(tag == (va & (PAGE_MASK | (size - 1))));
}

/* Returns the host's address, after mem_hit. */
static ALWAYS_INLINE void *mem_host(const struct tlb_view *view, u64 va)
{
	return (void *)(uintptr_t)(va + view->addend[tlb_index(va)]);
}

/* `size` is a constant, 1, 2, 4 or 8 bytes. Loads zero-extend the value. */
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
