/* SPDX-License-Identifier: MIT */
/* C906's stack of return addresses (aq_ifu_ras.v): a ring with two tops. See ifu.h. */
#include "cpu/timing/c906/ifu.h"

static u8 pushed(u8 top)
{
	return (u8)((top + C906_RAS_DEPTH - 1) % C906_RAS_DEPTH);
}

static u8 popped(u8 top)
{
	return (u8)((top + 1) % C906_RAS_DEPTH);
}

/*
 * Counted from the pc of the word: of a 32-bit call that spans two words that is the second one,
 * unless the call is a direct jump.
 */
static u64 return_address(const struct c906_scan *scan)
{
	return scan->current + (scan->call[0] && scan->inst[0].halves == 2 ? 4 : 2);
}

static u8 resolve_top(u8 top, const struct c906_resolved *resolved)
{
	if (resolved->flush)
		return top;
	if (resolved->call)
		return pushed(top);
	return resolved->ret ? popped(top) : top;
}

void c906_ras_step(struct c906_ras *ras, const struct c906_ifu_cycle *cycle)
{
	const struct c906_resolved *resolved = &cycle->resolved;
	const struct c906_scan *scan = &cycle->scan;
	bool call = (scan->call[0] || scan->call[1]) && !scan->full;
	bool ret = cycle->ret && !scan->full, predicts = ret && !ras->waits;
	bool repair = resolved->flush || resolved->mispredict ||
		      (resolved->jump && !resolved->call);
	u8 resolved_top = resolve_top(ras->resolved_top, resolved);

	if (predicts)
		ras->predicted = cycle->ras_pc;
	if (call)
		ras->address[pushed(ras->top)] = return_address(scan);
	if (repair)
		ras->top = ras->resolved_top;
	else if (call)
		ras->top = pushed(ras->top);
	else if (predicts)
		ras->top = popped(ras->top);
	ras->resolved_top = resolved_top;
	if (resolved->redirect || resolved->restart || resolved->flush)
		ras->waits = false;
	else
		ras->waits = ras->waits ? !resolved->ret : ret;
}
