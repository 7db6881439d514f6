/* SPDX-License-Identifier: MIT */
/*
 * Explains what a hart does that does not wait, for example in a loop: by its caller, which also
 * shows who called where a dead hart is, and by the address that it accesses.
 */
#include "devices/board/explain/explanation.h"

#include "cpu/debug/observe.h"
#include "cpu/engine/interp.h"
#include "cpu/mmu/peek.h"

/* Prints the address that this instruction accesses, and the value that is there now. */
static void print_access_now(const struct explain *e, u32 raw)
{
	struct hart *hart = e->hart;
	struct event event = { .pc = hart->pc, .raw = raw };
	u64 value = 0;

	if (!raw)
		return;
	interp_decode(hart, raw, &event.insn);
	observe_operand(hart, &event);
	if (event.touch == TOUCH_NONE || event.guest || event.size > sizeof(value))
		return;
	fprintf(e->out, "  it accesses ");
	explain_place(e, event.va, hart->data_regime->priv, hart->data_regime->virt);
	if (hart_peek(hart, event.va, &value, event.size))
		fprintf(e->out, ", where 0x%llx is now", value);
	fputc('\n', e->out);
}

void explain_doing(const struct explain *e, u32 raw)
{
	fprintf(e->out, "  ra is ");
	explain_place(e, e->hart->x[1], e->hart->priv, e->hart->virt);
	fputc('\n', e->out);
	if (!e->hart->dead)
		print_access_now(e, raw);
}
