/* SPDX-License-Identifier: MIT */
/* See board/inspect/space.h. */
#include "devices/board/inspect/space.h"

#include "cpu/debug/debug.h"
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

bool board_has_vmid(struct board *board, u16 vmid)
{
	return hart_of_vmid(board, vmid);
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
	case SPACE_GPA:
		regime_of(hart, PRIV_S, true, regime);
		regime->s1 = (struct stage){ 0 };
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

/*
 * A symbol that is linked for another address than that where its code was loaded, as a kernel's
 * is, names virtual addresses; any other symbol names physical addresses. The physical memory where
 * such a kernel was loaded is not named by the kernel's symbols when it is mapped elsewhere,
 * because the kernel frees some of it, and programs then use it.
 */
u64 board_code_addr_named(struct board *board, const struct board_code_addr *code)
{
	enum symbols_place place = symbols_place(&board->symbols, code->addr);
	struct regime regime;
	u64 pa = code->addr;

	regime_of(code->hart, code->priv, code->virt, &regime);
	if ((!regime.s1.levels && !regime.s2.levels) || place == SYMBOLS_LINKED)
		return code->addr;
	if (debug_translate(code->hart, &regime, code->addr, &pa) ? pa == code->addr : !code->virt)
		return code->addr;
	if (pa != code->addr && symbols_place(&board->symbols, pa) == SYMBOLS_HOME)
		return pa;
	return place == SYMBOLS_NOWHERE ? code->addr : code->addr | BOARD_NAMELESS;
}

void board_code_addr_symbol(struct board *board, const struct board_code_addr *code, char *text,
			    size_t size)
{
	u64 named = board_code_addr_named(board, code);

	if (size)
		text[0] = 0;
	if (!(named & BOARD_NAMELESS))
		symbols_name_code(&board->symbols, named, text, size);
}

struct board_code_addr_name board_code_addr_name(struct board *board,
						 const struct board_code_addr *code)
{
	struct board_code_addr_name name = { "" };
	u64 named = board_code_addr_named(board, code);
	char symbol[128];

	if (!(named & BOARD_NAMELESS) &&
	    symbols_name(&board->symbols, named, symbol, sizeof(symbol)))
		snprintf(name.text, sizeof(name.text), " <%s>", symbol);
	return name;
}
