/* SPDX-License-Identifier: MIT */
/* See board/inspect/space.h. */
#include "devices/board/inspect/space.h"

#include "cpu/mmu/peek.h"
#include "cpu/mmu/regime.h"
#include "devices/board/machine.h"

static struct hart *hart_of_vmid(struct board *board, u16 vmid)
{
	for (unsigned n = 0; n < board->harts.count; n++) {
		struct hart *hart = board->harts.hart[n];

		if (regime_levels(hart->hgatp) && field_get(hart->hgatp, HGATP_VMID) == vmid)
			return hart;
	}
	return NULL;
}

struct hart *board_space_regime(struct board *board, const struct board_memory *at, bool fetch,
				struct regime *regime)
{
	struct hart *hart = at->space.kind == SPACE_VMID ? hart_of_vmid(board, at->space.vmid) :
							   board->harts.hart[at->hart];

	if (!hart)
		return NULL;
	switch (at->space.kind) {
	case SPACE_CURRENT:
		*regime = fetch ? *hart->fetch_regime : *hart->data_regime;
		break;
	case SPACE_PHYSICAL:
		regime_of(hart, PRIV_M, false, regime);
		break;
	case SPACE_HS:
		regime_of(hart, PRIV_S, false, regime);
		break;
	default:
		regime_of(hart, PRIV_S, true, regime);
		break;
	}
	return hart;
}

bool board_peek(struct board *board, const struct board_memory *at, void *data)
{
	struct regime regime;
	struct hart *hart = board_space_regime(board, at, false, &regime);

	if (at->space.kind == SPACE_PHYSICAL)
		return bus_dma_read(&board->platform.bus, at->addr, data, at->size);
	return hart && hart_peek_as(hart, &regime, at->addr, data, at->size);
}
