/* SPDX-License-Identifier: MIT */
/*
 * Makes a random state of a hart: any mode, translation, protection, and registers that suit them.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_random.h"

#include "cpu/counters/pmu.h"
#include "cpu/csr/csr.h"
#include "cpu/mmu/regime.h"

#include <string.h>

static bool first_stage(const struct hart *hart, bool virt)
{
	return field_get(hart->s[virt ? BANK_VS : BANK_HS].atp, SATP_MODE);
}

bool fetch_translates(const struct hart *hart)
{
	return hart->priv != PRIV_M && first_stage(hart, hart->virt);
}

bool data_translates(const struct hart *hart)
{
	bool mprv = hart->priv == PRIV_M && (hart->mstatus & MSTATUS_MPRV) &&
		    field_get(hart->mstatus, MSTATUS_MPP) != PRIV_M;

	return (hart->priv != PRIV_M || mprv) &&
	       first_stage(hart, mprv ? hart->mstatus & MSTATUS_MPV : hart->virt);
}

bool guest_translates(const struct hart *hart)
{
	return first_stage(hart, true);
}

static u64 random_bits(u64 *seed, u64 mask, unsigned percent)
{
	u64 value = 0;

	for (u64 left = mask; left; left &= left - 1)
		if (chance(seed, percent))
			value |= left & -left;
	return value;
}

static u64 random_satp(u64 *seed)
{
	static const u8 mode[] = { [TABLE_57] = SATP_SV57, [TABLE_48] = SATP_SV48,
				   [TABLE_39] = SATP_SV39 };
	u64 table = below(seed, 3), asid = below(seed, 4);

	if (chance(seed, 25))
		return 0;
	if (chance(seed, 50))
		table = TABLE_39;
	if (chance(seed, 2)) /* no memory there */
		return (u64)SATP_SV39 << 60 | HOLE_BASE >> PAGE_SHIFT;
	return (u64)mode[table] << 60 | asid << 44 | TABLE_AT(table) >> PAGE_SHIFT;
}

static u64 random_hgatp(u64 *seed)
{
	static const u64 tables[] = { TABLE_G_57, TABLE_G_48, TABLE_G_39, TABLE_G_39 };
	static const u8 modes[] = { SATP_SV57, SATP_SV48, SATP_SV39, SATP_SV39 };
	u64 choice = below(seed, ARRAY_SIZE(modes)), vmid = below(seed, 4);

	if (chance(seed, 25))
		return 0;
	return (u64)modes[choice] << 60 | vmid << 44 | TABLE_AT(tables[choice]) >> PAGE_SHIFT;
}

static void random_pmp(struct pmp *pmp, u64 *seed)
{
	pmp->addr[15] = PMP_ADDR_MASK;
	pmp->cfg[15] = PMP_NAPOT << 3 | PMP_R | PMP_W | PMP_X;
	if (chance(seed, 85))
		return;
	for (unsigned n = 0; n < 4; n++) {
		u64 addr = PAGE_AT(PAGE_CODE + below(seed, PAGE_DATA + DATA_PAGES)) >> 2;
		u8 rights = (u8)below(seed, 8), mode = (u8)below(seed, 4);

		addr += chance(seed, 50) ? below(seed, 1024) : 0;
		if (chance(seed, 50))
			addr |= BIT(below(seed, 14)) - 1;
		if ((rights & (PMP_R | PMP_W)) == PMP_W)
			rights |= PMP_R;
		pmp->addr[n] = addr;
		pmp->cfg[n] = (u8)(rights | mode << 3 | (chance(seed, 20) ? PMP_L : 0));
	}
}

/*
 * Makes the state of the vector unit: it is mostly on, with a vtype that is mostly legal and has
 * groups of one register, so that random register numbers are legal.
 */
static void random_vector(struct hart *hart, u64 own_seed)
{
	u64 *seed = &own_seed;
	struct vector_state *vector = &hart->vector;
	u64 vtype = chance(seed, 75) ? below(seed, 4) << 3 : random_u64(seed) & 0xff;

	/* Element groups of eight elements have 32 bits per element, in two registers. */
	if (chance(seed, 15))
		vtype = 2 << 3 | 1;
	hart->mstatus =
		field_set(hart->mstatus, MSTATUS_VS, chance(seed, 92) ? below(seed, 3) + 1 : 0);
	vector->vtype = chance(seed, 95) ? vtype_legal(hart->isa, vtype) : VTYPE_VILL;
	vector->vl = vector->vtype & VTYPE_VILL ? 0 :
		     chance(seed, 60)           ? vector_vlmax(vector) :
						  below(seed, vector_vlmax(vector) + 1);
	/* This vl is a whole number of element groups. */
	if (chance(seed, 50))
		vector->vl &= ~7ull;
	vector->vstart = chance(seed, 95) ? 0 : below(seed, 8 * vector->vlenb);
	vector->vxrm = (u8)below(seed, 4);
	vector->vxsat = (u8)below(seed, 2);
	vector->key = hart_vector_key(vector->vtype);
	for (size_t n = 0; n < VECTOR_REGISTERS * vector->vlenb; n += sizeof(u64)) {
		u64 word = random_value(seed);

		memcpy(vector->v + n, &word, sizeof(word));
	}
}

static void random_status(struct hart *hart, u64 *seed)
{
	static const u8 modes[] = { PRIV_M, PRIV_M, PRIV_S, PRIV_U, PRIV_S };
	u64 status = random_bits(
		seed, MSTATUS_SUM | MSTATUS_MXR | MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_MPIE, 50);

	hart->priv = modes[below(seed, ARRAY_SIZE(modes))];
	status |= random_bits(seed, MSTATUS_SIE | MSTATUS_MIE, 30);
	status |= random_bits(seed, MSTATUS_MPRV | MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR, 12);
	status = field_set(status, MSTATUS_MPP, modes[below(seed, ARRAY_SIZE(modes))]);
	status = field_set(status, MSTATUS_FS, chance(seed, 88) ? below(seed, 3) + 1 : FS_OFF);
	hart->mstatus = status;
	status = chance(seed, 80) ? MNSTATUS_NMIE : 0;
	hart->mnstatus = field_set(status, MNSTATUS_MNPP, modes[below(seed, ARRAY_SIZE(modes))]);
	hart->fp_dirty = (hart->mstatus & MSTATUS_FS) && chance(seed, 50);
	hart->frm = (u8)(chance(seed, 85) ? below(seed, 5) : below(seed, 8));
	hart->fflags = (u8)(chance(seed, 50) ? below(seed, 32) : below(seed, 2));
	random_vector(hart, random_u64(seed));
}

static u64 random_envcfg(u64 *seed)
{
	static const u64 cbie[] = { 0, 1, 3, 3 };

	u64 value = random_bits(seed, MENVCFG_CBCFE | MENVCFG_CBZE, 75);

	value |= random_bits(seed, MENVCFG_FIOM, 50);
	return value | cbie[below(seed, 4)] << 4;
}

static void random_traps(struct hart *hart, u64 *seed)
{
	struct sbank *s = &hart->s[BANK_HS];
	u64 vectored = chance(seed, 15);

	hart->medeleg = random_u64(seed) & 0xf0b7ff;
	hart->mideleg = random_u64(seed) & 0x2222;
	if (chance(seed, 15)) {
		hart->mie = random_u64(seed) & 0x2aaa;
		hart->mip = random_u64(seed) & 0x2222;
	}
	hart->mtvec = PAGE_AT(PAGE_HANDLER_M) | vectored;
	s->tvec = chance(seed, 95) ? PAGE_AT(PAGE_HANDLER_S) : random_address(seed, true) & ~3ull;
	s->tvec |= vectored;
	hart->mnepc = PAGE_AT(PAGE_CODE) + below(seed, PAGE_SIZE) * 2;
	hart->mepc = PAGE_AT(PAGE_CODE) + below(seed, PAGE_SIZE) * 2;
	s->epc = chance(seed, 90) ? PAGE_AT(PAGE_CODE) + below(seed, PAGE_SIZE) * 2 :
				    random_address(seed, true) & ~1ull;
	hart->mscratch = random_value(seed);
	s->scratch = random_value(seed);
	hart->mcause = random_u64(seed) & (CAUSE_INTERRUPT | 63);
	s->cause = random_u64(seed) & (CAUSE_INTERRUPT | 63);
	hart->mtval = random_value(seed);
	s->tval = random_value(seed);
}

static void random_counters(struct hart *hart, u64 *seed)
{
	hart->steps = below(seed, 1u << 20);
	hart->unretired = below(seed, hart->steps + 1);
	hart->idle = below(seed, 1u << 20);
	hart->mcounteren = chance(seed, 50) ? UINT32_MAX : (u32)random_u64(seed);
	hart->scounteren = chance(seed, 50) ? UINT32_MAX : (u32)random_u64(seed);
	hart->pmu.inhibit = chance(seed, 70) ? 0 : (u32)random_u64(seed);
	for (unsigned n = 0; n < PMU_COUNTERS; n++) {
		u64 event = pmu_selector((enum pmu_event)below(seed, PMU_EVENTS));

		/* The counter is near overflow once what the hart has run is added. */
		hart->pmu.count[n] = chance(seed, 50) ? random_value(seed) :
							-hart_steps(hart) - below(seed, 1u << 10);
		hart->pmu.event[n] = chance(seed, 30) ? random_u64(seed) << 58 | event : 0;
	}
}

/* Makes the guest, whether or not the hart is in it. */
static void random_guest(struct hart *hart, u64 *seed)
{
	struct sbank *s = &hart->s[BANK_VS];

	hart->virt = hart->priv != PRIV_M && chance(seed, 40);
	hart->hgatp = random_hgatp(seed);
	s->atp = random_satp(seed);
	s->status = random_bits(seed, MSTATUS_SUM | MSTATUS_MXR | MSTATUS_SPP | MSTATUS_SPIE, 50);
	s->status |= random_bits(seed, MSTATUS_SIE, 30);
	if (chance(seed, 88))
		s->status = field_set(s->status, MSTATUS_FS, below(seed, 3) + 1);
	if (chance(seed, 92))
		s->status = field_set(s->status, MSTATUS_VS, below(seed, 3) + 1);
	s->tvec = chance(seed, 95) ? PAGE_AT(PAGE_HANDLER_S) : random_address(seed, true) & ~3ull;
	s->epc = chance(seed, 90) ? PAGE_AT(PAGE_CODE) + below(seed, PAGE_SIZE) * 2 :
				    random_address(seed, true) & ~1ull;
	s->scratch = random_value(seed);
	s->cause = random_u64(seed) & (CAUSE_INTERRUPT | 63);
	s->tval = random_value(seed);
	s->timecmp = chance(seed, 50) ? UINT64_MAX : random_value(seed);
	if (chance(seed, 50))
		hart->mstatus |= MSTATUS_MPV;
	hart->hstatus = random_bits(seed, HSTATUS_SPV | HSTATUS_SPVP | HSTATUS_HU, 50);
	hart->hstatus |= random_bits(seed, HSTATUS_VTVM | HSTATUS_VTW | HSTATUS_VTSR, 12);
	hart->hedeleg = random_u64(seed) & 0xb1ff;
	hart->hideleg = random_u64(seed) & 0x2444;
	hart->hvip = chance(seed, 15) ? random_u64(seed) & 0x444 : 0;
	hart->hcounteren = chance(seed, 50) ? UINT32_MAX : (u32)random_u64(seed);
	hart->henvcfg = random_envcfg(seed) |
			random_bits(seed,
				    hart->menvcfg & (MENVCFG_ADUE | MENVCFG_PBMTE | MENVCFG_STCE |
						     MENVCFG_SSE),
				    50);
	hart->htimedelta = chance(seed, 50) ? 0 : random_value(seed);
	hart->htval = random_value(seed);
	hart->htinst = random_value(seed);
}

/* Nearly always makes the code pages executable in the mode that runs in them. */
static void open_code(struct machines *machines, u64 *seed)
{
	const struct hart *hart = machines->m[0].harts.hart[0];

	for (unsigned n = PAGE_CODE; n < PAGE_CODE + CODE_PAGES; n++) {
		bool user = (hart->priv == PRIV_U) != chance(seed, 3);
		u64 pte = PAGE_AT(n) >> 2 | (user ? 0x1f : 0x0f);

		pte |= random_bits(seed, 0xc0, 97);
		machines_poke(machines, TABLE_AT(TABLE_LAST) + n * 8, &pte, 8);
	}
}

static u64 random_pc(const struct hart *hart, u64 *seed)
{
	static const u64 supervisor[] = { RAM_BASE, RAM_BASE, ALIAS_SUPERVISOR, ALIAS_GIGA,
					  ALIAS_HIGH };
	static const u64 user[] = { RAM_BASE, RAM_BASE, ALIAS_USER, ALIAS_HIGH };
	u64 base = RAM_BASE;

	if (fetch_translates(hart))
		base = hart->priv == PRIV_U ? user[below(seed, ARRAY_SIZE(user))] :
					      supervisor[below(seed, ARRAY_SIZE(supervisor))];
	base += (PAGE_CODE + below(seed, CODE_PAGES - 2)) * PAGE_SIZE;
	return base + below(seed, PAGE_SIZE / 2) * 2;
}

void random_hart(struct machines *machines, u64 *seed)
{
	struct hart *hart = machines->m[0].harts.hart[0];
	struct sbank *s = &hart->s[BANK_HS];

	random_status(hart, seed);
	random_pmp(&hart->pmp, seed);
	s->atp = random_satp(seed);
	hart->menvcfg = random_envcfg(seed);
	hart->menvcfg |=
		random_bits(seed, MENVCFG_ADUE | MENVCFG_PBMTE | MENVCFG_STCE | MENVCFG_SSE, 50);
	hart->senvcfg = random_envcfg(seed) | (hart->menvcfg & MENVCFG_SSE);
	random_guest(hart, seed);
	hart->ssp = random_address(seed, data_translates(hart)) & ~7ull;
	random_traps(hart, seed);
	random_counters(hart, seed);
	machines->m[0].timebase.delta = chance(seed, 50) ? 0 : random_value(seed);
	hart->mstateen[0] = hart->hstateen[0] = chance(seed, 80) ? UINT64_MAX : random_u64(seed);
	hart->sstateen0 = chance(seed, 80) ? UINT64_MAX : 0;
	hart->jvt = chance(seed, 80) ? PAGE_AT(PAGE_CODE) + below(seed, CODE_PAGES * 64 - 32) * 64 :
				       random_address(seed, fetch_translates(hart)) & ~63ull;
	s->timecmp = chance(seed, 50) ? UINT64_MAX : random_value(seed);
	hart->pc = random_pc(hart, seed);
	for (unsigned n = 1; n < 32; n++)
		hart->x[n] = chance(seed, 40) ? random_address(seed, data_translates(hart)) :
						random_value(seed);
	for (unsigned n = 0; n < 32; n++)
		hart->f[n] = random_float(seed);
	if (chance(seed, 30)) {
		hart->reservation = PAGE_AT(PAGE_DATA) + below(seed, DATA_PAGES * 512) * 8;
		hart->reservation_size = chance(seed, 50) ? 8 : 4;
	}
	open_code(machines, seed);
	hart_timers_update(hart);
}
