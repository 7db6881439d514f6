/* SPDX-License-Identifier: MIT */
/*
 * The registers of triggers (debug specification, "Trigger Module Registers") and what they may
 * hold. Every trigger can have each of the implemented types. A write of anything that is not
 * implemented disables the trigger, except that an unknown match or size becomes 0.
 */
#include "cpu/csr/csr_impl.h"

#define DISABLED ((u64)TRIGGER_DISABLED << 60)

/* The value of tinfo: version 1.0 of the specification, and a bit for each type. */
#define TINFO                                                                                      \
	(1u << 24 | 1u << TRIGGER_MCONTROL | 1u << TRIGGER_ICOUNT | 1u << TRIGGER_ITRIGGER |       \
	 1u << TRIGGER_ETRIGGER | 1u << TRIGGER_MCONTROL6 | 1u << TRIGGER_DISABLED)

/* The fields of each type, except those that enable a trigger in the modes. */
static const struct {
	u64 fields;
	u64 action; /* must be 0: a breakpoint exception */
} rules[16] = {
	[TRIGGER_MCONTROL] = { MCONTROL_LOAD | MCONTROL_STORE | MCONTROL_EXECUTE | MCONTROL_MATCH |
			       MCONTROL_CHAIN | MCONTROL_SIZELO | MCONTROL_SIZEHI | MCONTROL_HIT,
			       MCONTROL_ACTION },
	[TRIGGER_ICOUNT] = { ICOUNT_PENDING | ICOUNT_COUNT | ICOUNT_HIT, XTRIGGER_ACTION },
	[TRIGGER_ITRIGGER] = { XTRIGGER_HIT, XTRIGGER_ACTION },
	[TRIGGER_ETRIGGER] = { XTRIGGER_HIT, XTRIGGER_ACTION },
	[TRIGGER_MCONTROL6] = { MCONTROL_LOAD | MCONTROL_STORE | MCONTROL_EXECUTE |
				MCONTROL_MATCH | MCONTROL_CHAIN | MCONTROL6_SIZE | MCONTROL6_HIT0,
				MCONTROL_ACTION },
};

static bool is_napot(u64 control)
{
	return trigger_is_memory(control) &&
	       (field_get(control, MCONTROL_MATCH) & ~MATCH_NOT) == MATCH_NAPOT;
}

/*
 * Returns whether tdata2 is a valid NAPOT range, which is at most half of all addresses (maskmax6
 * is 63).
 */
static bool is_range(u64 data)
{
	return (data | BIT(63)) != UINT64_MAX;
}

/*
 * Returns what tdata1 of a memory trigger holds after a write. The older type, mcontrol, has no
 * NAPOT ranges: its maskmax is 0.
 */
static u64 legal_memory(unsigned n, u64 value)
{
	u64 match = field_get(value, MCONTROL_MATCH) & ~MATCH_NOT;
	bool old = field_get(value, TDATA1_TYPE) == TRIGGER_MCONTROL;
	bool reserved = field_get(value, MCONTROL_MATCH) == (MATCH_GE | MATCH_NOT) ||
			field_get(value, MCONTROL_MATCH) == (MATCH_LT | MATCH_NOT);

	if (match > MATCH_MASK_HIGH || reserved || (old && match == MATCH_NAPOT))
		value &= ~MCONTROL_MATCH;
	if (trigger_size(value) == TRIGGER_NO_SIZE)
		value &= old ? ~(MCONTROL_SIZELO | MCONTROL_SIZEHI) : ~MCONTROL6_SIZE;
	/* The last trigger has no next one to which it could be chained. */
	return n == TRIGGERS - 1 ? value & ~MCONTROL_CHAIN : value;
}

static u64 legal_control(const struct hart *hart, unsigned n, u64 value)
{
	u64 type = field_get(value, TDATA1_TYPE);

	if (!rules[type].action || (value & rules[type].action))
		return DISABLED;
	value &= TDATA1_TYPE | rules[type].fields | trigger_mode_bits(hart, value);
	if (trigger_is_memory(value))
		value = legal_memory(n, value);
	return is_napot(value) && !is_range(hart->triggers.data[n]) ? DISABLED : value;
}

static void update_armed(struct hart *hart)
{
	hart->triggers.armed = false;
	for (unsigned n = 0; n < TRIGGERS; n++)
		if (rules[field_get(hart->triggers.control[n], TDATA1_TYPE)].action)
			hart->triggers.armed = true;
}

u64 legal_tselect(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)hart;
	(void)number;
	return value < TRIGGERS ? value : old;
}

u64 read_tdata1(struct hart *hart, u16 number)
{
	(void)number;
	return hart->triggers.control[hart->triggers.tselect];
}

/* An icount trigger does not count the instruction that writes it. */
void write_tdata1(struct hart *hart, u16 number, u64 value)
{
	unsigned n = (unsigned)hart->triggers.tselect;

	(void)number;
	hart->triggers.control[n] = legal_control(hart, n, value);
	hart->triggers.counting &= (u8) ~(1u << n);
	update_armed(hart);
}

u64 read_tdata2(struct hart *hart, u16 number)
{
	(void)number;
	return hart->triggers.data[hart->triggers.tselect];
}

void write_tdata2(struct hart *hart, u16 number, u64 value)
{
	unsigned n = (unsigned)hart->triggers.tselect;

	(void)number;
	if (is_napot(hart->triggers.control[n]) && !is_range(value))
		value &= ~BIT(62);
	hart->triggers.data[n] = value;
}

static const struct ext_bits extra_bits[] = {
	{ EXT_sdtrig, TEXTRA_MHVALUE | TEXTRA_MHSELECT },
	{ EXT_s, TEXTRA_SBYTEMASK | TEXTRA_SVALUE | TEXTRA_SSELECT },
};

/*
 * Returns what tdata3 holds after a write. Selectors that are reserved, or need an extension that
 * the hart does not have, become 0: they are ignored when the trigger is matched.
 */
static u64 legal_extra(const struct hart *hart, u64 value)
{
	u64 wide = field_get(value, TEXTRA_MHSELECT) & 3;

	value &= EXT_MASK(hart, extra_bits);
	if (field_get(value, TEXTRA_SSELECT) > SSELECT_ASID)
		value &= ~TEXTRA_SSELECT;
	if (wide == MHSELECT_RESERVED || (wide && !isa_has(hart->isa, EXT_h)))
		value &= ~TEXTRA_MHSELECT;
	return value;
}

u64 read_tdata3(struct hart *hart, u16 number)
{
	(void)number;
	return hart->triggers.extra[hart->triggers.tselect];
}

void write_tdata3(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	hart->triggers.extra[hart->triggers.tselect] = legal_extra(hart, value);
}

/* Without S-mode there is neither scontext nor hcontext. */
struct csr_refusal gate_context(const struct hart *hart, struct csr_request request)
{
	(void)request;
	return isa_has(hart->isa, EXT_s) ? csr_stateen(hart, STATEEN_CONTEXT) :
					   csr_illegal(REASON_csr_missing);
}

u64 read_tinfo(struct hart *hart, u16 number)
{
	(void)hart;
	(void)number;
	return TINFO;
}

void csr_legalise_triggers(struct hart *hart)
{
	bool there = isa_has(hart->isa, EXT_sdtrig);
	struct triggers *triggers = &hart->triggers;

	for (unsigned n = 0; n < TRIGGERS; n++)
		triggers->extra[n] = there ? legal_extra(hart, triggers->extra[n]) : 0;
	for (unsigned n = 0; n < TRIGGERS; n++)
		triggers->control[n] = there ? legal_control(hart, n, triggers->control[n]) : 0;
	update_armed(hart);
	triggers->fired = triggers->fired && triggers->armed;
	triggers->counting = 0;
}
