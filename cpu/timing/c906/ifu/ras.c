/* SPDX-License-Identifier: MIT */
/*
 * C906's return address stack (aq_ifu_ras.v): a ring with two tops, one as predicted and one as
 * executed. See ifu.h.
 */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/ifu/ifu.h"

static u8 c906_ras_pushed(u8 top)
{
	return (u8)((top + C906_RAS_DEPTH - 1) % C906_RAS_DEPTH);
}

static u8 c906_ras_popped(u8 top)
{
	return (u8)((top + 1) % C906_RAS_DEPTH);
}

/*
 * Returns the return address of a call. It is counted from the pc of the word: for a 32-bit call
 * that spans two words that is the second one, unless the call is a direct jump.
 */
static u64 return_address(const struct c906_scan *scan)
{
	return scan->current + (scan->call[0] && scan->inst[0].halves == 2 ? 4 : 2);
}

void c906_ras_change(struct c906_ras *ras, u64 address, u64 events)
{
	u8 resolved_top = ras->resolved_top;

	if (events & C906_RAS_CALL)
		ras->address[c906_ras_pushed(ras->top)] = address;
	if (events & C906_RAS_REPAIR)
		ras->top = ras->resolved_top;
	else if (events & C906_RAS_CALL)
		ras->top = c906_ras_pushed(ras->top);
	else if (events & C906_RAS_RETURN)
		ras->top = c906_ras_popped(ras->top);
	if (events & C906_RAS_RESOLVED_CALL)
		ras->resolved_top = c906_ras_pushed(resolved_top);
	else if (events & C906_RAS_RESOLVED_RETURN)
		ras->resolved_top = c906_ras_popped(resolved_top);
}

/*
 * Returns the events of executed instructions. One that executes while the front end is flushed
 * does not count.
 */
static u64 resolved_events(const struct c906_resolved *resolved)
{
	bool repair = resolved->flush || resolved->mispredict ||
		      (resolved->jump && !resolved->call);
	u64 events = repair ? C906_RAS_REPAIR : 0;

	if (!resolved->flush && resolved->call)
		events |= C906_RAS_RESOLVED_CALL;
	else if (!resolved->flush && resolved->ret)
		events |= C906_RAS_RESOLVED_RETURN;
	return events;
}

void c906_ras_step(struct c906_return *returns, const struct c906_env *env,
		   const struct c906_ifu_cycle *cycle)
{
	const struct c906_resolved *resolved = &cycle->resolved;
	const struct c906_scan *scan = &cycle->scan;
	bool call = (scan->call[0] || scan->call[1]) && !scan->full;
	bool ret = cycle->ret && !scan->full, predicts = ret && !returns->waits;
	u64 events = resolved_events(resolved) | (call ? C906_RAS_CALL : 0) |
		     (predicts ? C906_RAS_RETURN : 0);

	if (predicts)
		returns->predicted = cycle->ras_pc;
	if (events)
		c906_action_ras_change(env, call ? return_address(scan) : 0, events);
	if (resolved->redirect || resolved->restart || resolved->flush)
		returns->waits = false;
	else
		returns->waits = returns->waits ? !resolved->ret : ret;
}
