/* SPDX-License-Identifier: MIT */
/* Decides which triggers fire, and when (see trigger.h). */
#include "cpu/debug/triggers/trigger.h"

#include "cpu/hart/event.h"
#include "cpu/hart/hart.h"
#include "cpu/isa/csr_bits.h"
#include "cpu/mmu/mem.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/tlb.h"

/* The enabling bits of the modes in tdata1; 0 if the type has no such bit. */
struct layout {
	u64 m, s, u, vs, vu;
	u64 hit;
};

static const struct layout layouts[16] = {
	[TRIGGER_MCONTROL] = { BIT(6), BIT(4), BIT(3), 0, 0, MCONTROL_HIT },
	[TRIGGER_ICOUNT] = { BIT(9), BIT(7), BIT(6), BIT(26), BIT(25), ICOUNT_HIT },
	[TRIGGER_ITRIGGER] = { BIT(9), BIT(7), BIT(6), BIT(12), BIT(11), XTRIGGER_HIT },
	[TRIGGER_ETRIGGER] = { BIT(9), BIT(7), BIT(6), BIT(12), BIT(11), XTRIGGER_HIT },
	[TRIGGER_MCONTROL6] = { BIT(6), BIT(4), BIT(3), BIT(24), BIT(23), MCONTROL6_HIT0 },
};

static unsigned type_of(u64 control)
{
	return (unsigned)field_get(control, TDATA1_TYPE);
}

static const struct layout *layout_of(u64 control)
{
	return &layouts[type_of(control)];
}

u64 trigger_mode_bits(const struct hart *hart, u64 control)
{
	const struct layout *layout = layout_of(control);
	u64 mask = layout->m;

	if (isa_has(hart->isa, EXT_s))
		mask |= layout->s;
	if (isa_has(hart->isa, EXT_u))
		mask |= layout->u;
	if (isa_has(hart->isa, EXT_h))
		mask |= layout->vs | layout->vu;
	return mask;
}

bool trigger_is_memory(u64 control)
{
	return type_of(control) == TRIGGER_MCONTROL || type_of(control) == TRIGGER_MCONTROL6;
}

unsigned trigger_size(u64 control)
{
	enum { NO = TRIGGER_NO_SIZE };
	static const u8 old[16] = { 0, 1, 2, 4, NO, 8, NO, NO, NO, 16, NO, NO, NO, NO, NO, NO };
	static const u8 sizes[8] = { 0, 1, 2, 4, NO, 8, 16, NO };

	if (type_of(control) == TRIGGER_MCONTROL6)
		return sizes[field_get(control, MCONTROL6_SIZE)];
	return old[field_get(control, MCONTROL_SIZEHI) << 2 | field_get(control, MCONTROL_SIZELO)];
}

/* Returns whether the supervisor's context or ASID is the one that tdata3 selects. */
static bool is_space(const struct hart *hart, u64 extra)
{
	u64 value = field_get(extra, TEXTRA_SVALUE), ignored = 0;
	u64 atp = hart->s[hart->virt ? BANK_VS : BANK_HS].atp;

	switch (field_get(extra, TEXTRA_SSELECT)) {
	case SSELECT_SCONTEXT:
		for (unsigned n = 0; n < 4; n++)
			if (field_get(extra, TEXTRA_SBYTEMASK) >> n & 1)
				ignored |= 0xffull << 8 * n;
		return !((hart->triggers.scontext ^ value) & ~ignored);
	case SSELECT_ASID:
		return field_get(atp, SATP_ASID) == (u16)value;
	default:
		return true;
	}
}

/*
 * Returns whether the machine's or hypervisor's context, or the VMID, is the one that tdata3
 * selects.
 */
static bool is_guest(const struct hart *hart, u64 extra)
{
	u64 select = field_get(extra, TEXTRA_MHSELECT), value = field_get(extra, TEXTRA_MHVALUE);
	u64 wide = value << 1 | select >> 2;

	switch (select & 3) {
	case MHSELECT_MCONTEXT_WIDE:
		return hart->triggers.mcontext == wide;
	case MHSELECT_VMID:
		return field_get(hart->hgatp, HGATP_VMID) == (wide & VMID_MAX);
	default:
		return !select || (hart->triggers.mcontext & 0x1fff) == value;
	}
}

/* Returns whether the trigger is enabled in the hart's mode and for the context that runs there. */
static bool is_on(const struct hart *hart, unsigned n)
{
	u64 control = hart->triggers.control[n], extra = hart->triggers.extra[n];
	const struct layout *layout = layout_of(control);

	if (extra && !(is_space(hart, extra) && is_guest(hart, extra)))
		return false;

	if (hart->priv == PRIV_M)
		return control & layout->m;
	if (hart->priv == PRIV_S)
		return control & (hart->virt ? layout->vs : layout->s);
	return control & (hart->virt ? layout->vu : layout->u);
}

/*
 * Returns whether triggers can match in the hart's mode at all. A trigger could fire in the handler
 * of the breakpoint exceptions that it raises. Of the specification's two solutions ("Native
 * Triggers") this is the second: in M-mode no trigger matches while tcontrol.mte is clear, and a
 * trap into M-mode clears it. It goes further than the specification in that medeleg[3] can be set,
 * as in QEMU. S-mode and VS-mode, to which breakpoints may then be delegated, are not protected:
 * the first solution would disable triggers there while SIE is 0, and thereby in all code of a
 * kernel that runs with interrupts disabled.
 */
static bool is_open(const struct hart *hart)
{
	return hart->priv != PRIV_M || (hart->triggers.tcontrol & TCONTROL_MTE);
}

/* Returns whether a breakpoint exception in the hart's mode is taken in that same mode. */
static bool takes_its_own(const struct hart *hart)
{
	bool to_s = hart->medeleg >> CAUSE_BREAKPOINT & 1;
	bool to_vs = to_s && (hart->hedeleg >> CAUSE_BREAKPOINT & 1);

	if (hart->priv == PRIV_U)
		return false;
	return hart->priv == PRIV_M || (hart->virt ? to_vs : to_s);
}

static bool is_icount(const struct hart *hart, unsigned n)
{
	return type_of(hart->triggers.control[n]) == TRIGGER_ICOUNT;
}

bool trigger_watches(const struct hart *hart)
{
	const u64 *control = hart->triggers.control;
	bool watches = hart->triggers.fired;

	if (!is_open(hart))
		return watches;
	for (unsigned n = 0; n < TRIGGERS; n++)
		if (is_on(hart, n))
			watches = watches || trigger_is_memory(control[n]) || is_icount(hart, n);
	return watches;
}

/* Raises the exception; a tval of 0 means that there is no address. */
static bool trigger_breakpoint(struct hart *hart, u64 tval, bool gva)
{
	hart_trap(hart, CAUSE_BREAKPOINT, tval, REASON_trigger);
	hart->trap.gva = gva;
	return false;
}

static void trigger_hit(struct hart *hart, unsigned n)
{
	u64 *control = &hart->triggers.control[n];

	*control |= layout_of(*control)->hit;
}

/* This is what one instruction does to memory at one place, as triggers see it. */
struct touched {
	u64 kinds; /* some of MCONTROL_EXECUTE, MCONTROL_LOAD, MCONTROL_STORE */
	u64 va; /* the lowest address that is compared */
	unsigned count; /* how many addresses from va on are compared */
	unsigned size; /* compared with the size field; 0: not known, or not a size it can name */
	bool block; /* a cache block, which mcontrol never matches */
	u64 tval;
	bool gva;
};

static bool trigger_compare(u64 match, u64 address, u64 data)
{
	u32 mask = (u32)(data >> 32);

	switch (match) {
	case MATCH_EQUAL:
		return address == data;
	case MATCH_NAPOT:
		return !((address ^ data) & ~(data ^ (data + 1)));
	case MATCH_GE:
		return address >= data;
	case MATCH_LT:
		return address < data;
	case MATCH_MASK_LOW:
		return ((u32)address & mask) == (u32)data;
	default:
		return ((u32)(address >> 32) & mask) == (u32)data;
	}
}

static bool matches_place(u64 control, u64 data, const struct touched *touched)
{
	u64 match = field_get(control, MCONTROL_MATCH);
	unsigned size = trigger_size(control);
	bool found = false;

	if (!(control & touched->kinds) || (size && size != touched->size) ||
	    (touched->block && type_of(control) == TRIGGER_MCONTROL))
		return false;
	for (unsigned n = 0; n < touched->count; n++)
		found = found || trigger_compare(match & ~MATCH_NOT, touched->va + n, data);
	return found != !!(match & MATCH_NOT);
}

/* Returns the last of `count` places that the trigger matches, or NULL. */
static const struct touched *trigger_matches(const struct hart *hart, unsigned n,
					     const struct touched *touched, unsigned count)
{
	const struct triggers *triggers = &hart->triggers;

	if (!trigger_is_memory(triggers->control[n]) || !is_on(hart, n))
		return NULL;
	while (count-- > 0)
		if (matches_place(triggers->control[n], triggers->data[n], &touched[count]))
			return &touched[count];
	return NULL;
}

/*
 * Returns false, with the trap filled in, when a trigger or a chain of them fires on what is known
 * of an instruction so far. Earlier calls have fired those that need less to be known.
 */
static bool trigger_pass(struct hart *hart, const struct touched *touched, unsigned count)
{
	bool linked = true, passed = true;

	for (unsigned n = 0; n < TRIGGERS; n++) {
		u64 control = hart->triggers.control[n];
		const struct touched *at = trigger_matches(hart, n, touched, count);

		if (trigger_is_memory(control) && (control & MCONTROL_CHAIN)) {
			linked = linked && at;
			continue;
		}
		if (linked && at) {
			trigger_hit(hart, n);
			if (passed)
				trigger_breakpoint(hart, at->tval, at->gva);
			passed = false;
		}
		linked = true;
	}
	return passed;
}

/*
 * Fires triggers that matched a trap and icount triggers that reached 0. These have priority over
 * the triggers on an instruction. Returns false if one fires.
 */
static bool pass_pending(struct hart *hart)
{
	bool fires = hart->triggers.fired;

	hart->triggers.fired = false;
	for (unsigned n = 0; n < TRIGGERS; n++) {
		u64 *control = &hart->triggers.control[n];

		if (!is_icount(hart, n) || !is_on(hart, n) || !(*control & ICOUNT_PENDING) ||
		    !is_open(hart))
			continue;
		*control &= ~ICOUNT_PENDING;
		trigger_hit(hart, n);
		fires = true;
	}
	return !fires || trigger_breakpoint(hart, 0, false);
}

/* Returns the icount triggers that count now, a bit each. */
static u8 trigger_counting(const struct hart *hart)
{
	u8 mask = 0;

	for (unsigned n = 0; n < TRIGGERS && is_open(hart); n++)
		if (is_icount(hart, n) && is_on(hart, n))
			mask |= 1u << n;
	return mask;
}

static void count_down(struct hart *hart, u8 mask)
{
	for (unsigned n = 0; n < TRIGGERS; n++) {
		u64 *control = &hart->triggers.control[n];
		u64 count = field_get(*control, ICOUNT_COUNT);

		if (!(mask >> n & 1) || !count)
			continue;
		*control = field_set(*control, ICOUNT_COUNT, count - 1);
		if (count == 1)
			*control |= ICOUNT_PENDING;
	}
}

static struct touched trigger_executed(const struct hart *hart, u64 pc, unsigned length)
{
	return (struct touched){ .kinds = MCONTROL_EXECUTE, .va = pc, .count = 1, .size = length,
				 .tval = pc, .gva = hart->virt };
}

bool trigger_fetch(struct hart *hart)
{
	const struct touched fetch = trigger_executed(hart, hart->pc, 0);

	hart->triggers.counting = 0;
	if (!pass_pending(hart) || (is_open(hart) && !trigger_pass(hart, &fetch, 1)))
		return false;
	hart->triggers.counting = trigger_counting(hart);
	return true;
}

bool trigger_fetched(struct hart *hart, u32 raw)
{
	const struct touched fetched = trigger_executed(hart, hart->pc, insn_length(raw));

	return !is_open(hart) || trigger_pass(hart, &fetched, 1);
}

static void trigger_effective(const struct hart *hart, const struct event *event,
			      struct touched *touched)
{
	struct regime regime = hart->data->regime;

	if (event->guest && (event->insn.op == OP_hlvx_hu || event->insn.op == OP_hlvx_wu))
		regime_guest_code(hart, &regime);
	else if (event->guest)
		regime_guest(hart, &regime);
	touched->va = touched->tval = regime_address(&regime, touched->va);
	touched->gva = regime.virt;
}

/* All cache-block operations are stores to the whole block. */
static bool pass_block(struct hart *hart, const struct event *event, struct touched *touched)
{
	touched[1] = (struct touched){
		.kinds = MCONTROL_STORE, .va = hart->x[event->insn.rs1], .count = CBO_BLOCK,
		.block = true,
	};
	trigger_effective(hart, event, &touched[1]);
	touched[1].va = align_down(touched[1].va, CBO_BLOCK);
	return trigger_pass(hart, touched, 2);
}

static bool pass_access(struct hart *hart, const struct event *event, struct touched *touched)
{
	static const u64 kinds[] = {
		[TOUCH_LOAD] = MCONTROL_LOAD,
		[TOUCH_STORE] = MCONTROL_STORE,
		[TOUCH_ATOMIC] = MCONTROL_LOAD | MCONTROL_STORE,
	};
	/*
	 * Zcmp's pushes and pops access each register of their list, at the highest address first.
	 */
	bool list = isa_format(event->insn.op)->memory == MEMORY_LIST;
	unsigned size = list ? format_bytes(FORMAT_LIST, event->raw) : event->size;

	for (unsigned end = event->size; end > 0; end -= size) {
		touched[1] = (struct touched){
			.kinds = kinds[event->touch], .va = event->va + end - size,
			.count = size, .size = size,
		};
		trigger_effective(hart, event, &touched[1]);
		if (!trigger_pass(hart, touched, 2))
			return false;
	}
	return true;
}

bool trigger_execute(struct hart *hart, const struct event *event)
{
	struct touched touched[2] = { trigger_executed(hart, event->pc, insn_length(event->raw)) };

	if (!is_open(hart))
		return true;
	if (isa_format(event->insn.op)->memory == MEMORY_BLOCK)
		return pass_block(hart, event, touched);
	return event->touch == TOUCH_NONE || pass_access(hart, event, touched);
}

bool trigger_element(struct hart *hart, u64 kind, u64 va, unsigned size)
{
	const struct regime *regime = &hart->data->regime;
	struct touched touched[2] = {
		trigger_executed(hart, hart->pc, sizeof(u32)),
		{ .kinds = kind, .va = regime_address(regime, va), .count = size, .size = size,
		  .gva = regime->virt },
	};

	touched[1].tval = touched[1].va;
	return !is_open(hart) || trigger_pass(hart, touched, 2);
}

void trigger_retired(struct hart *hart)
{
	count_down(hart, hart->triggers.counting);
}

unsigned trigger_trap(struct hart *hart)
{
	u64 cause = hart->trap.cause;
	unsigned type = cause & CAUSE_INTERRUPT ? TRIGGER_ITRIGGER : TRIGGER_ETRIGGER;
	unsigned matched = 0;

	count_down(hart, trigger_counting(hart));
	for (unsigned n = 0; n < TRIGGERS; n++)
		if (type_of(hart->triggers.control[n]) == type && is_on(hart, n) &&
		    (hart->triggers.data[n] >> (cause & 63) & 1))
			matched |= 1u << n;
	return matched;
}

/*
 * Notes the triggers that fire before the handler's first instruction. If the handler's mode also
 * takes breakpoints, that breakpoint would overwrite the CSRs of the trap, so it is not raised, as
 * in both of the specification's solutions.
 */
void trigger_entered(struct hart *hart, unsigned matched)
{
	if (!matched || takes_its_own(hart))
		return;
	for (unsigned n = 0; n < TRIGGERS; n++)
		if (matched >> n & 1)
			trigger_hit(hart, n);
	hart->triggers.fired = true;
}
