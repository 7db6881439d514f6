/* SPDX-License-Identifier: MIT */
/* A fully associative TLB with tree pseudo-LRU. See plru_tlb.h. */
#include "cpu/timing/units/plru_tlb.h"

#include <string.h>

#define PTE_PPN_SHIFT 10
#define PTE_PPN_BITS 44

static u64 page_size(const struct plru_tlb_entry *entry)
{
	return PAGE_SIZE << 9 * entry->level;
}

bool plru_tlb_covers(const struct plru_tlb_entry *entry, u64 va)
{
	return entry->valid && align_down(va, page_size(entry)) == entry->va;
}

const struct plru_tlb_entry *plru_tlb_find(const struct plru_tlb *tlb, u64 va, u16 asid)
{
	for (unsigned n = 0; n < tlb->entries; n++) {
		const struct plru_tlb_entry *entry = &tlb->entry[n];

		if (plru_tlb_covers(entry, va) && (entry->global || entry->asid == asid))
			return entry;
	}
	return NULL;
}

void plru_tlb_find_anew(struct plru_tlb *tlb, u64 va, u16 asid, struct plru_tlb_found *found)
{
	const struct plru_tlb_entry *entry = plru_tlb_find(tlb, va, asid);

	*found = (struct plru_tlb_found){
		.page = va & PAGE_MASK, .changes = tlb->changes, .entry = entry, .asid = asid,
	};
	if (entry)
		found->pa = plru_tlb_translate(entry, va & PAGE_MASK);
}

void plru_tlb_copy(struct plru_tlb *to, const struct plru_tlb *from)
{
	to->entries = from->entries;
	memcpy(to->tree, from->tree, from->entries);
	memcpy(to->entry, from->entry, from->entries * sizeof(from->entry[0]));
	plru_tlb_changed(to);
}

/*
 * From the root to the leaf of an entry, each node is set to 1 if its upper half was used less
 * recently.
 */
void plru_tlb_turn(struct plru_tlb *tlb, const struct plru_tlb_entry *entry)
{
	unsigned index = (unsigned)(entry - tlb->entry), node = 0;

	tlb->latest = entry;
	for (unsigned half = tlb->entries / 2; half > 0; half /= 2) {
		bool upper = index & half;

		tlb->tree[node] = !upper;
		node = 2 * node + 1 + upper;
	}
}

bool plru_tlb_match(struct plru_tlb *tlb, u64 va, bool used)
{
	bool found = false;

	for (unsigned n = 0; n < tlb->entries; n++) {
		if (!plru_tlb_covers(&tlb->entry[n], va))
			continue;
		found = true;
		if (used)
			plru_tlb_touch(tlb, &tlb->entry[n]);
	}
	return found;
}

void plru_tlb_fill(struct plru_tlb *tlb, const struct plru_tlb_entry *entry)
{
	unsigned index = 0, node = 0;

	for (unsigned half = tlb->entries / 2; half > 0; half /= 2) {
		bool upper = tlb->tree[node];

		index += upper ? half : 0;
		node = 2 * node + 1 + upper;
	}
	tlb->entry[index] = *entry;
	tlb->entry[index].va = align_down(entry->va, page_size(entry));
	tlb->entry[index].valid = true;
	tlb->changes++;
}

u64 plru_tlb_translate(const struct plru_tlb_entry *entry, u64 va)
{
	u64 frame = bits(entry->leaf, PTE_PPN_SHIFT, PTE_PPN_BITS) << PAGE_SHIFT;

	return align_down(frame, page_size(entry)) | (va & (page_size(entry) - 1));
}
