/* SPDX-License-Identifier: MIT */
/*
 * The registers that are accessed through *iselect and *ireg (Smcsrind, Sscsrind): the priorities
 * of major interrupts and the IMSIC's interrupt files (AIA manual, "Control and Status Registers
 * (CSRs) Added to Harts"), and the counters that M-mode delegates (Smcdeleg, Ssccfg). To add
 * registers, add a row to windows[].
 */
#include "cpu/csr/csr_impl.h"

/* The level to which the registers belong: the privilege in the CSR's number. */
enum level { LEVEL_S = 1, LEVEL_VS = 2, LEVEL_M = 3 };

struct indirect {
	enum level level;
	u16 select;
	unsigned alias; /* 1: *ireg; 2 to 6: *ireg2 to *ireg6 */
};

/*
 * A range of values of *iselect. The gate decides on accesses by M-mode and S-mode, and on those by
 * VS-mode to the registers of its own level.
 */
struct window {
	u16 first, last;
	struct csr_refusal (*gate)(const struct hart *hart, struct indirect at);
	u64 (*read)(struct hart *hart, struct indirect at);
	void (*write)(struct hart *hart, struct indirect at, u64 value);
};

static struct indirect target_of(const struct hart *hart, u16 number)
{
	const u64 selects[] = {
		[LEVEL_S] = hart->aia.siselect,
		[LEVEL_VS] = hart->aia.vsiselect,
		[LEVEL_M] = hart->aia.miselect,
	};
	struct indirect at = { .level = (enum level)bits(number, 8, 2) };

	if (hart->virt && at.level == LEVEL_S)
		at.level = LEVEL_VS;
	at.select = (u16)selects[at.level];
	at.alias = number & 15;
	at.alias -= at.alias > 4; /* number 4 is RV32's *iph */
	return at;
}

/*
 * Returns whether there is a register: with XLEN 64 only even values of *iselect have one, and only
 * through *ireg.
 */
static bool indirect_exists(struct indirect at)
{
	return at.alias == 1 && !(at.select & 1);
}

/* From here on: priorities of major interrupts. The hypervisor emulates those of a guest. */

#define IPRIO_FIRST 0x30

static bool has_aia(const struct hart *hart, enum level level)
{
	return isa_has(hart->isa, level == LEVEL_M ? EXT_smaia : EXT_ssaia);
}

static struct csr_refusal iprio_gate(const struct hart *hart, struct indirect at)
{
	struct csr_refusal refusal = csr_illegal(REASON_none);

	if (!has_aia(hart, at.level))
		return csr_illegal(REASON_csr_indirect);
	if (at.level == LEVEL_VS)
		return csr_virtual(hart, REASON_csr_indirect);
	if (at.level == LEVEL_S)
		refusal = csr_stateen(hart, STATEEN_AIA);
	return refusal.reason || indirect_exists(at) ? refusal : csr_illegal(REASON_csr_indirect);
}

/*
 * Returns the bits of an iprio word that exist for these interrupts. The word has a byte for each
 * of 8 interrupts, of which IPRIOLEN bits exist.
 */
static u64 iprio_bytes(const struct hart *hart, u64 interrupts, u16 word)
{
	u64 byte = BIT(hart->imsic.priority_bits) - 1, mask = 0;

	for (unsigned n = 0; n < 8; n++)
		if (interrupts >> (word * 8 + n) & 1)
			mask |= byte << 8 * n;
	return mask;
}

/* Returns the interrupts that can be enabled at the level, except its own external one. */
static u64 iprio_interrupts(const struct hart *hart, u8 priv, u64 mideleg, u64 mvien)
{
	u64 enables = legal_mie(hart, 0, 0, UINT64_MAX);

	if (priv == PRIV_M)
		return enables & ~(HS_INTERRUPTS | BIT(IRQ_MEI));
	return ((mideleg & enables) | mvien | (enables & HS_INTERRUPTS)) & ~BIT(IRQ_SEI);
}

/*
 * Return bits of a level's iprio register for the 8 interrupts from word * 8 on: those that
 * software can access now, and those that are kept because the interrupts may be delegated again.
 */
static u64 iprio_mask(const struct hart *hart, u8 priv, u16 word)
{
	u64 now = iprio_interrupts(hart, priv, hart->mideleg, hart->aia.mvien);

	return iprio_bytes(hart, now, word);
}

u64 csr_iprio_kept(const struct hart *hart, u8 priv, u16 word)
{
	u64 mideleg = legal_mideleg(hart, 0, 0, UINT64_MAX);
	u64 mvien = legal_mvien(hart, 0, 0, UINT64_MAX);

	return iprio_bytes(hart, iprio_interrupts(hart, priv, mideleg, mvien), word);
}

static u64 *iprio_word(struct hart *hart, struct indirect at, u64 *mask)
{
	u16 word = (at.select - IPRIO_FIRST) / 2;

	*mask = iprio_mask(hart, at.level == LEVEL_M ? PRIV_M : PRIV_S, word);
	return at.level == LEVEL_M ? &hart->aia.miprio[word] : &hart->aia.siprio[word];
}

static u64 iprio_read(struct hart *hart, struct indirect at)
{
	u64 mask, *word = iprio_word(hart, at, &mask);

	return *word & mask;
}

static void iprio_write(struct hart *hart, struct indirect at, u64 value)
{
	u64 mask, *word = iprio_word(hart, at, &mask);

	set_bits(word, mask, value);
}

/* From here on: counters. sireg holds the value, sireg2 the event and the modes. */

#define COUNTER_FIRST 0x40

/*
 * Returns whether there is such a register of a counter (the table "Indirect HPM State Mappings").
 */
static bool counter_exists(const struct hart *hart, struct indirect at)
{
	unsigned counter = at.select - COUNTER_FIRST;

	if (at.alias > 2 || counter == 1)
		return false;
	if (counter >= PMU_FIRST)
		return isa_has(hart->isa, EXT_zihpm);
	return isa_has(hart->isa, at.alias == 1 ? EXT_zicntr : EXT_smcntrpmf);
}

static struct csr_refusal counter_gate(const struct hart *hart, struct indirect at)
{
	const struct csr_refusal no_cde = csr_denied_by(csr_illegal(REASON_csr_cde),
							denied_by_clear(CSR_MENVCFG, MENVCFG_CDE));
	bool delegates = hart->menvcfg & MENVCFG_CDE;
	u64 bit = BIT(at.select - COUNTER_FIRST);

	if (at.level == LEVEL_VS)
		return delegates ? csr_virtual(hart, REASON_csr_indirect) : no_cde;
	if (at.level == LEVEL_M || (delegates && !counter_exists(hart, at)))
		return csr_illegal(REASON_csr_indirect);
	if (!delegates)
		return no_cde;
	if (!(hart->mcounteren & bit))
		return csr_denied_by(csr_illegal(REASON_csr_cde),
				     denied_by_clear(CSR_MCOUNTEREN, bit));
	return csr_illegal(REASON_none);
}

/* S-mode can neither see nor change whether M-mode is counted. */
static u64 counter_read(struct hart *hart, struct indirect at)
{
	unsigned counter = at.select - COUNTER_FIRST;

	return at.alias == 1 ? pmu_read(hart, counter) : hart->pmu.event[counter] & ~MHPMEVENT_MINH;
}

static void counter_write(struct hart *hart, struct indirect at, u64 value)
{
	unsigned counter = at.select - COUNTER_FIRST;
	u64 kept = hart->pmu.event[counter] & MHPMEVENT_MINH;

	if (at.alias == 1) {
		pmu_write(hart, counter, value);
		return;
	}
	pmu_write_event(hart, counter, (value & ~MHPMEVENT_MINH) | kept);
}

/* From here on: interrupt files. */

static struct csr_refusal imsic_gate(const struct hart *hart, struct indirect at)
{
	struct csr_refusal refusal = csr_illegal(REASON_none);

	if (!has_aia(hart, at.level))
		return csr_illegal(REASON_csr_indirect);
	if (!hart->imsic.read)
		return csr_virtual(hart, REASON_csr_imsic);
	if (at.level == LEVEL_S || hart->virt)
		refusal = csr_imsic_hidden(hart);
	else if (at.level == LEVEL_VS)
		refusal = csr_stateen(hart, STATEEN_IMSIC);
	if (refusal.reason)
		return refusal;
	if (at.level == LEVEL_VS && !interrupt_guest_file(hart))
		return csr_virtual(hart, REASON_csr_imsic);
	/* The reserved registers before the arrays read as zero, with odd numbers too. */
	if (at.alias == 1 && (at.select < 0x80 || indirect_exists(at)))
		return refusal;
	return csr_virtual(hart, REASON_csr_indirect);
}

static u64 imsic_read(struct hart *hart, struct indirect at)
{
	unsigned file;
	u64 value = 0;

	if (csr_imsic_file(hart, (u16)(at.level << 8), &file))
		hart->imsic.read(hart->imsic.ctx, file, at.select, &value);
	return value;
}

static void imsic_write(struct hart *hart, struct indirect at, u64 value)
{
	unsigned file;

	if (csr_imsic_file(hart, (u16)(at.level << 8), &file))
		hart->imsic.write(hart->imsic.ctx, file, at.select, value);
}

static const struct window windows[] = {
	{ IPRIO_FIRST, 0x3f, iprio_gate, iprio_read, iprio_write },
	{ COUNTER_FIRST, 0x5f, counter_gate, counter_read, counter_write },
	{ 0x70, 0xff, imsic_gate, imsic_read, imsic_write },
};

static const struct window *window_of(struct indirect at)
{
	for (unsigned n = 0; n < ARRAY_SIZE(windows); n++)
		if (at.select >= windows[n].first && at.select <= windows[n].last)
			return &windows[n];
	return NULL;
}

/* From here on: the CSRs. */

struct csr_refusal gate_iselect(const struct hart *hart, struct csr_request request)
{
	bool machine = bits(request.number, 8, 2) == LEVEL_M;

	return machine ? csr_illegal(REASON_none) : csr_stateen(hart, STATEEN_CSRIND);
}

/*
 * Checks the privilege here, because the exceptions do not follow the usual rule for guests: vsireg
 * is never accessible to a guest, nor sireg to its user mode, whatever is selected (AIA manual,
 * "Hypervisor and VS CSRs").
 */
struct csr_refusal gate_ireg(const struct hart *hart, struct csr_request request)
{
	struct csr_refusal refusal = gate_iselect(hart, request);
	struct indirect at = target_of(hart, request.number);
	const struct window *window = window_of(at);
	u64 needed = bits(request.number, 8, 2);

	if (refusal.reason)
		return refusal;
	if (hart->virt && needed != LEVEL_M && (needed == LEVEL_VS || hart->priv == PRIV_U))
		return csr_virtual(hart, REASON_csr_privilege);
	if ((needed == LEVEL_M && hart->priv != PRIV_M) || hart->priv == PRIV_U)
		return csr_illegal(REASON_csr_privilege);
	return window ? window->gate(hart, at) : csr_illegal(REASON_csr_indirect);
}

u64 read_ireg(struct hart *hart, u16 number)
{
	struct indirect at = target_of(hart, number);
	const struct window *window = window_of(at);

	return window ? window->read(hart, at) : 0;
}

void write_ireg(struct hart *hart, u16 number, u64 value)
{
	struct indirect at = target_of(hart, number);
	const struct window *window = window_of(at);

	if (window)
		window->write(hart, at, value);
}

/*
 * *iselect is WARL with 12 bits: they hold all values that extensions define, but none for custom
 * use.
 */
u64 legal_iselect(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)hart;
	(void)number;
	(void)old;
	return value & 0xfff;
}
