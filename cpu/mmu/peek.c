/* SPDX-License-Identifier: MIT */
/* Reads memory for debuggers and observers (see peek.h). */
#include "cpu/mmu/peek.h"

#include "bus/platform.h"
#include "cpu/hart/hart.h"
#include "cpu/mmu/mem.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/walk.h"

bool hart_peek_place(struct hart *hart, const struct regime *regime, u64 va, u64 *pa)
{
	const struct access access = { .type = ACCESS_LOAD, .peek = true };
	struct trap saved = hart->trap;
	struct xlat xlat = { 0 };
	bool good = walk(hart, regime, regime_address(regime, va), access, &xlat);

	hart->trap = saved;
	*pa = xlat.pa;
	return good;
}

bool hart_peek_as(struct hart *hart, const struct regime *regime, u64 va, void *data, size_t size)
{
	u8 *out = data;
	bool good = true;

	while (size && good) {
		size_t part = MIN(size, (size_t)(PAGE_SIZE - (va & ~PAGE_MASK)));
		u64 pa;

		good = hart_peek_place(hart, regime, va, &pa) &&
		       bus_dma_read(&hart->platform->bus, pa, out, part);
		va += part;
		out += part;
		size -= part;
	}
	return good;
}

bool hart_peek(struct hart *hart, u64 va, void *data, size_t size)
{
	return hart_peek_as(hart, hart->data_regime, va, data, size);
}

bool hart_peek_code(struct hart *hart, u64 va, void *data, size_t size)
{
	return hart_peek_as(hart, hart->fetch_regime, va, data, size);
}

static bool fetches_part(struct hart *hart, u64 va, struct trap *trap)
{
	struct trap saved = hart->trap;
	struct walk_trace trace;
	bool good = mem_hit(hart->fetch->execute[tlb_index(va)], va, 2) ||
		    walk_traced(hart, hart->fetch_regime, va,
				(struct access){ .type = ACCESS_FETCH }, &trace);

	*trap = hart->trap;
	hart->trap = saved;
	return good;
}

bool hart_peek_fetch(struct hart *hart, u64 va, struct trap *trap)
{
	u16 low;

	if (!fetches_part(hart, va, trap))
		return false;
	return (va + 2) & ~PAGE_MASK || !hart_peek_code(hart, va, &low, sizeof(low)) ||
	       insn_length(low) == 2 || fetches_part(hart, va + 2, trap);
}
