/* SPDX-License-Identifier: MIT */
/* The watching tier, and what an instruction touches according to its row (see observe.h). */
#include "cpu/debug/observe.h"

#include "cpu/debug/debug.h"
#include "cpu/debug/triggers/trigger.h"
#include "cpu/engine/cfi.h"
#include "cpu/engine/interp.h"
#include "cpu/engine/zcmp.h"
#include "cpu/isa/csr_bits.h"
#include "cpu/mmu/mem.h"

void watch_add(struct watch *watch, const struct observer *observer)
{
	assert(watch->count < OBSERVERS_MAX);
	watch->observers[watch->count++] = *observer;
}

void watch_remove(struct watch *watch,
		  void (*before)(void *ctx, struct hart *hart, const struct event *event))
{
	unsigned kept = 0;

	for (unsigned n = 0; n < watch->count; n++)
		if (watch->observers[n].before != before)
			watch->observers[kept++] = watch->observers[n];
	watch->count = kept;
}

static const struct watch *watch_of(const struct hart *hart)
{
	static const struct watch nobody;

	return hart->watch ? hart->watch : &nobody;
}

static void observe_interrupt(struct hart *hart)
{
	const struct watch *watch = watch_of(hart);

	for (unsigned n = 0; n < watch->count; n++)
		if (watch->observers[n].interrupt)
			watch->observers[n].interrupt(watch->observers[n].ctx, hart);
}

static void tell_fetch(struct hart *hart, const struct event *event)
{
	const struct watch *watch = watch_of(hart);

	for (unsigned n = 0; n < watch->count; n++)
		if (watch->observers[n].fetch)
			watch->observers[n].fetch(watch->observers[n].ctx, hart, event);
}

static void tell_before(struct hart *hart, const struct event *event)
{
	const struct watch *watch = watch_of(hart);

	for (unsigned n = 0; n < watch->count; n++)
		if (watch->observers[n].before)
			watch->observers[n].before(watch->observers[n].ctx, hart, event);
}

static void tell_after(struct hart *hart, const struct event *event)
{
	const struct watch *watch = watch_of(hart);

	for (unsigned n = 0; n < watch->count; n++)
		if (watch->observers[n].after)
			watch->observers[n].after(watch->observers[n].ctx, hart, event);
}

static const struct hart_hooks watch_hooks = {
	.interrupt = observe_interrupt,
};

void watch_attach(struct watch *watch, struct hart *hart)
{
	hart->watch = watch;
	hart_hooks_add(hart, &watch_hooks);
}

/* Returns the 32 bits that the row describes: a compressed instruction is expanded. */
static u32 full_bits(const struct isa *isa, u32 raw)
{
	return insn_length(raw) == 2 ? rvc_expand(isa, (u16)raw) : raw;
}

enum touch observe_touch(const struct insn *insn)
{
	const struct opinfo *info = &isa_ops[insn->op];
	u8 memory = isa_format(insn->op)->memory;

	/*
	 * The class of load-reserved is that of atomics, and the class of two of Zcmp's pops is
	 * that of jumps, but all of them only load.
	 */
	if (memory == MEMORY_RESERVE || (memory == MEMORY_LIST && info->class != CLASS_STORE))
		return TOUCH_LOAD;
	switch (info->class) {
	case CLASS_LOAD:
	case CLASS_FLOAD:
		return TOUCH_LOAD;
	case CLASS_STORE:
	case CLASS_FSTORE:
		return TOUCH_STORE;
	case CLASS_AMO:
		return insn->op == OP_sc_w || insn->op == OP_sc_d ? TOUCH_STORE : TOUCH_ATOMIC;
	default:
		return TOUCH_NONE;
	}
}

unsigned observe_width(const struct isa *isa, const struct insn *insn)
{
	return format_bytes(isa_ops[insn->op].format, full_bits(isa, insn->raw));
}

static u64 observe_stored(const struct hart *hart, const struct insn *insn)
{
	switch (isa_format(insn->op)->rs2.kind) {
	case OPERAND_X:
		return hart->x[insn->rs2];
	case OPERAND_F:
		return hart->f[insn->rs2];
	default: /* cbo.zero stores zeros; users of the event find a list's registers themselves */
		return 0;
	}
}

bool observe_moves_ssp(const struct insn *insn)
{
	return isa_format(insn->op)->memory == MEMORY_SHADOW;
}

/* Fills in a push to or a pop from a shadow stack; returns false if the instruction is neither. */
static bool find_shadow(const struct hart *hart, struct event *event)
{
	bool push = isa_format(event->insn.op)->rs2.kind != OPERAND_NONE;

	if (!observe_moves_ssp(&event->insn))
		return false;
	if (!hart->sse)
		return true;
	event->touch = push ? TOUCH_STORE : TOUCH_LOAD;
	event->size = observe_width(hart->isa, &event->insn);
	event->va = push ? hart->ssp - event->size : hart->ssp;
	event->store = hart->x[event->insn.rs2];
	return true;
}

void observe_operand(const struct hart *hart, struct event *event)
{
	const struct insn *insn = &event->insn;
	u8 memory = isa_format(insn->op)->memory;

	if (find_shadow(hart, event))
		return;
	event->touch = observe_touch(insn);
	if (event->touch == TOUCH_NONE)
		return;
	/* In formats without an offset the immediate is 0. */
	event->va = hart->x[insn->rs1] + (u64)(s64)insn->imm;
	event->size = observe_width(hart->isa, insn);
	event->guest = memory == MEMORY_GUEST;
	event->store = observe_stored(hart, insn);
	if (memory == MEMORY_BLOCK)
		event->va = align_down(event->va, CBO_BLOCK);
	if (memory == MEMORY_LIST) {
		event->va = zcmp_lowest(hart, insn);
		event->size *= insn->rs2;
	}
}

/*
 * Fetches the instruction, unless a trigger fires before it, and checks that it is a landing pad,
 * if one is expected. The order is that of the exceptions' priorities (privileged manual,
 * "Synchronous exception priority in decreasing priority order").
 */
static bool observe_fetch(struct hart *hart, struct event *event)
{
	bool armed = hart->triggers.armed;

	if (armed && !trigger_fetch(hart))
		return false;
	tell_fetch(hart, event);
	return mem_fetch(hart, hart->pc, &event->raw) &&
	       !(armed && !trigger_fetched(hart, event->raw)) &&
	       (likely(!hart->elp) || cfi_land(hart, event->raw));
}

/*
 * Returns false, with the trap filled in, if the mode may not execute the instruction: an exception
 * that does not depend on the address has priority over a trigger on the access.
 */
static bool observe_permitted(struct hart *hart, const struct insn *insn)
{
	if (insn->op == OP_ssamoswap_w || insn->op == OP_ssamoswap_d)
		return cfi_check_swap(hart, insn->raw);
	switch (isa_format(insn->op)->memory) {
	case MEMORY_GUEST:
		return trap_check_hlv(hart, insn->raw);
	case MEMORY_BLOCK:
		return trap_check_cbo(hart, insn->raw,
				      insn->op == OP_cbo_zero  ? MENVCFG_CBZE :
				      insn->op == OP_cbo_inval ? MENVCFG_CBIE :
								 MENVCFG_CBCFE);
	default:
		return true;
	}
}

static enum hart_exit observe_execute(struct hart *hart, struct event *event)
{
	interp_decode(hart, event->raw, &event->insn);
	event->raw = event->insn.raw;
	observe_operand(hart, event);
	tell_before(hart, event);
	if (unlikely(hart->hooks.entered))
		hart->hooks.entered(hart, insn_length(event->raw),
				    class_ends_basic_block(isa_ops[event->insn.op].class));
	if (!hart->triggers.armed)
		return interp_execute(hart, &event->insn);
	if (!observe_permitted(hart, &event->insn) || !trigger_execute(hart, event) ||
	    interp_execute(hart, &event->insn) == EXIT_TRAP)
		return EXIT_TRAP;
	trigger_retired(hart);
	return EXIT_NEXT;
}

enum hart_exit observe_step(struct hart *hart)
{
	struct event event = { .pc = hart->pc, .priv = hart->priv, .virt = hart->virt };
	enum hart_exit left = EXIT_TRAP;

	event.fetched = observe_fetch(hart, &event);
	if (event.fetched)
		left = observe_execute(hart, &event);
	event.trapped = left == EXIT_TRAP;
	tell_after(hart, &event);
	return left;
}

enum hart_exit observe_run(struct hart *hart)
{
	while (hart->steps < hart->limit && !hart->stop)
		if (observe_step(hart) == EXIT_TRAP)
			return EXIT_TRAP;
	return EXIT_NEXT;
}

/* Returns the tier that checks triggers if one may fire. A debugger's tier checks them itself. */
static hart_tier tier_of_triggers(const struct hart *hart, hart_tier tier)
{
	return tier != debug_run && trigger_watches(hart) ? observe_run : tier;
}

const struct hart_hooks trigger_hooks = { .tier = tier_of_triggers };
