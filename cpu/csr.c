/* SPDX-License-Identifier: MIT */
/*
 * CSR access: who may (check), and what each register that is more than a field does. Rows
 * are in csr.def. A write that changes translation re-derives the regimes at once; after any that
 * can change what runs next, stop sends the hart to its run loop, which looks at interrupts.
 */
#include "cpu/csr.h"

#include "bus/platform.h"
#include "bus/timebase.h"
#include "cpu/hart.h"

#include <stdio.h>
#include <string.h>

#define S_INTERRUPTS (BIT(IRQ_SSI) | BIT(IRQ_STI) | BIT(IRQ_SEI))
#define M_INTERRUPTS (BIT(IRQ_MSI) | BIT(IRQ_MTI) | BIT(IRQ_MEI))
/* All exceptions but ECALL from M-mode, which S-mode can never get. */
#define MEDELEG_MASK 0xb3ffull
#define CAUSE_MASK (CAUSE_INTERRUPT | 63)
#define SSTATUS_WRITABLE                                                                           \
	(MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_FS | MSTATUS_SUM | MSTATUS_MXR)
#define MSTATUS_WRITABLE                                                                           \
	(SSTATUS_WRITABLE | MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP | MSTATUS_MPRV |              \
	 MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR)
/* XLEN is 64 in every mode: UXL and SXL are fixed at 2. */
#define XLEN_64 2ull

enum csr_gate { GATE_NONE, GATE_FP, GATE_COUNTER, GATE_STCE, GATE_TVM };

struct csr {
	u16 first, last;
	u8 ext, gate;
	u8 size; /* of the member of struct hart, when there is one */
	u16 offset;
	u64 mask; /* bits that a write changes, when there is no write function */
	const char *name;
	u64 (*read)(struct hart *hart, u16 number); /* NULL: the member as it is */
	void (*write)(struct hart *hart, u16 number, u64 value);
};

u64 csr_mstatus(const struct hart *hart)
{
	u64 value = hart->mstatus;

	if (hart->fp_dirty)
		value |= MSTATUS_FS;
	if (field_get(value, MSTATUS_FS) == FS_DIRTY)
		value |= MSTATUS_SD;
	if (isa_has(hart->isa, EXT_s))
		value |= XLEN_64 << 32 | XLEN_64 << 34;
	return value;
}

/* What a regime or the code key is made of, besides the privilege. */
#define MSTATUS_REGIME (MSTATUS_MPRV | MSTATUS_MPP | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_FS)

static void store_mstatus(struct hart *hart, u64 value)
{
	hart->mstatus = value & MSTATUS_WRITABLE;
	hart->fp_dirty = false;
}

void csr_set_mstatus(struct hart *hart, u64 value)
{
	store_mstatus(hart, value);
	hart_regime_changed(hart);
}

static u64 read_zero(struct hart *hart, u16 number)
{
	(void)hart;
	(void)number;
	return 0;
}

static void write_nothing(struct hart *hart, u16 number, u64 value)
{
	(void)hart;
	(void)number;
	(void)value;
}

/* Floating point: any write makes the state dirty. */

static void write_fflags(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	hart->fflags = value & 31;
	hart->fp_dirty = true;
}

static void write_frm(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	hart->frm = value & 7;
	hart->fp_dirty = true;
}

static u64 read_fcsr(struct hart *hart, u16 number)
{
	(void)number;
	return (u64)hart->frm << 5 | hart->fflags;
}

static void write_fcsr(struct hart *hart, u16 number, u64 value)
{
	write_fflags(hart, number, value);
	write_frm(hart, number, value >> 5);
}

/* Counters: what ran, plus what software wrote; they stand still while inhibited. */

static u64 read_mcycle(struct hart *hart, u16 number)
{
	(void)number;
	return hart->mcountinhibit & COUNTEREN_CY ? hart->mcycle_stopped :
						    hart_cycles(hart) + hart->mcycle_delta;
}

static u64 read_minstret(struct hart *hart, u16 number)
{
	(void)number;
	return hart->mcountinhibit & COUNTEREN_IR ? hart->minstret_stopped :
						    hart_retired(hart) + hart->minstret_delta;
}

/*
 * The writing instruction is not counted in what it writes (Zicsr, "CSR access ordering"): one
 * more has been begun when the next instruction reads the counter.
 */
static void set_minstret(struct hart *hart, u64 value)
{
	hart->minstret_stopped = value;
	hart->minstret_delta = value - hart_retired(hart) - 1;
}

static void write_mcycle(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	hart->mcycle_stopped = value;
	hart->mcycle_delta = value - hart_cycles(hart) - 1;
}

static void write_minstret(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	set_minstret(hart, value);
}

/* A counter that stops or starts keeps its value; one that runs on counts this instruction. */
static void write_mcountinhibit(struct hart *hart, u16 number, u64 value)
{
	u64 cycle = read_mcycle(hart, number), instret = read_minstret(hart, number);
	u32 old = hart->mcountinhibit;

	hart->mcountinhibit = value & (COUNTEREN_CY | COUNTEREN_IR);
	if ((old ^ hart->mcountinhibit) & COUNTEREN_CY)
		write_mcycle(hart, number, cycle);
	if ((old ^ hart->mcountinhibit) & COUNTEREN_IR)
		set_minstret(hart, instret);
}

static u64 read_time(struct hart *hart, u16 number)
{
	(void)number;
	return timebase_read(hart->timebase);
}

/* Status and interrupts. */

/* By a CSR instruction: the privilege stays, and often only the interrupt enable changes. */
static void set_status(struct hart *hart, u64 value)
{
	u64 old = csr_mstatus(hart);

	store_mstatus(hart, value);
	if ((old ^ value) & MSTATUS_REGIME)
		hart_regime_changed(hart);
}

static u64 read_mstatus(struct hart *hart, u16 number)
{
	(void)number;
	return csr_mstatus(hart);
}

static void write_mstatus(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	/* MPP is WARL: 2 is no mode, the old one stays. */
	if (field_get(value, MSTATUS_MPP) == 2)
		value = field_set(value, MSTATUS_MPP, field_get(hart->mstatus, MSTATUS_MPP));
	set_status(hart, value);
}

static u64 read_sstatus(struct hart *hart, u16 number)
{
	(void)number;
	return csr_mstatus(hart) & (SSTATUS_WRITABLE | MSTATUS_UXL | MSTATUS_SD);
}

static void write_sstatus(struct hart *hart, u16 number, u64 value)
{
	u64 mstatus = csr_mstatus(hart);

	(void)number;
	set_status(hart, (mstatus & ~SSTATUS_WRITABLE) | (value & SSTATUS_WRITABLE));
}

static u64 read_misa(struct hart *hart, u16 number)
{
	u64 value = 2ull << 62;

	(void)number;
	for (unsigned ext = 0; ext < EXT_COUNT; ext++)
		if (isa_has(hart->isa, ext) && !isa_ext_name(ext)[1])
			value |= BIT(isa_ext_name(ext)[0] - 'a');
	return value | (isa_has(hart->isa, EXT_s) ? BIT('s' - 'a') | BIT('u' - 'a') : 0);
}

/* Modes 2 and 3 are reserved: such a write is ignored. */
static void set_tvec(u64 *tvec, u64 value)
{
	if (!(value & 2))
		*tvec = value;
}

static void write_mtvec(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	set_tvec(&hart->mtvec, value);
}

static void write_stvec(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	set_tvec(&hart->s[BANK_HS].tvec, value);
}

static u64 read_mip(struct hart *hart, u16 number)
{
	(void)number;
	return hart_mip(hart);
}

/* MSIP, MTIP and MEIP belong to the pins; STIP to stimecmp once that is on. */
static void write_mip(struct hart *hart, u16 number, u64 value)
{
	u64 mask = S_INTERRUPTS;

	(void)number;
	if (hart->menvcfg & MENVCFG_STCE)
		mask &= ~BIT(IRQ_STI);
	hart->mip = (hart->mip & ~mask) | (value & mask);
}

static u64 read_sie(struct hart *hart, u16 number)
{
	(void)number;
	return hart->mie & hart->mideleg;
}

static void write_sie(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	hart->mie = (hart->mie & ~hart->mideleg) | (value & hart->mideleg);
}

static u64 read_sip(struct hart *hart, u16 number)
{
	(void)number;
	return hart_mip(hart) & hart->mideleg;
}

static void write_sip(struct hart *hart, u16 number, u64 value)
{
	u64 mask = hart->mideleg & BIT(IRQ_SSI);

	(void)number;
	hart->mip = (hart->mip & ~mask) | (value & mask);
}

/* Environment, timers, translation, protection. */

#define ENVCFG_COMMON (MENVCFG_FIOM | MENVCFG_CBIE | MENVCFG_CBCFE | MENVCFG_CBZE)

/* CBIE is WARL: 2 is reserved, the old value stays. */
static u64 legal_envcfg(u64 old, u64 value, u64 mask)
{
	if (field_get(value, MENVCFG_CBIE) == 2)
		value = field_set(value, MENVCFG_CBIE, field_get(old, MENVCFG_CBIE));
	return value & mask;
}

static u64 menvcfg_mask(const struct hart *hart)
{
	u64 mask = ENVCFG_COMMON;

	mask |= isa_has(hart->isa, EXT_svadu) ? MENVCFG_ADUE : 0;
	mask |= isa_has(hart->isa, EXT_svpbmt) ? MENVCFG_PBMTE : 0;
	mask |= isa_has(hart->isa, EXT_sstc) ? MENVCFG_STCE : 0;
	return mask;
}

static void write_menvcfg(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	hart->menvcfg = legal_envcfg(hart->menvcfg, value, menvcfg_mask(hart));
	hart_regime_changed(hart);
	hart_stimecmp_update(hart);
}

static void write_senvcfg(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	hart->senvcfg = legal_envcfg(hart->senvcfg, value, ENVCFG_COMMON);
}

static void write_stimecmp(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	hart->s[BANK_HS].timecmp = value;
	hart_stimecmp_update(hart);
}

static void write_satp(struct hart *hart, u16 number, u64 value)
{
	u8 levels;

	(void)number;
	/* A mode the hart does not have: the whole write has no effect. */
	if (!regime_satp_mode(field_get(value, SATP_MODE), &levels))
		return;
	hart->s[BANK_HS].atp = value;
	hart_regime_changed(hart);
}

static u64 read_pmpcfg(struct hart *hart, u16 number)
{
	return pmp_read_cfg(&hart->pmp, (number & 2) * 4);
}

/* Firmware writes what is there already, and all entries that are off: no view need go then. */
static void write_pmpcfg(struct hart *hart, u16 number, u64 value)
{
	u64 old = read_pmpcfg(hart, number);

	pmp_write_cfg(&hart->pmp, (number & 2) * 4, value);
	if (read_pmpcfg(hart, number) != old)
		hart_pmp_changed(hart);
}

static u64 read_pmpaddr(struct hart *hart, u16 number)
{
	return hart->pmp.addr[number & 15];
}

static void write_pmpaddr(struct hart *hart, u16 number, u64 value)
{
	u64 old = read_pmpaddr(hart, number);

	pmp_write_addr(&hart->pmp, number & 15, value);
	if (read_pmpaddr(hart, number) != old)
		hart_pmp_changed(hart);
}

/* The table. */

#define CSR_FIELD(num, name, ext, gate, member, mask)                                              \
	{ num, num, EXT_##ext, GATE_##gate, sizeof(((struct hart *)0)->member),                    \
	  offsetof(struct hart, member), mask, #name, NULL, NULL },
#define CSR_WARL(num, name, ext, gate, member, write)                                              \
	{ num, num, EXT_##ext, GATE_##gate, sizeof(((struct hart *)0)->member),                    \
	  offsetof(struct hart, member), 0, #name, NULL, write_##write },
#define CSR_CODE(first, last, name, ext, gate, read, write)                                        \
	{ first, last, EXT_##ext, GATE_##gate, 0, 0, 0, #name, read_##read, write_##write },

static const struct csr csrs[] = {
#include "cpu/csr.def"
};

#undef CSR_FIELD
#undef CSR_WARL
#undef CSR_CODE

/* The same rows as numbers, to find a register's row by its number. */
#define CSR_FIELD(num, name, ...) ROW_##name,
#define CSR_WARL(num, name, ...) ROW_##name,
#define CSR_CODE(first, last, name, ...) ROW_##name,
enum {
	ROW_missing = -1,
#include "cpu/csr.def"
};
#undef CSR_FIELD
#undef CSR_WARL
#undef CSR_CODE

/* Row of each number, plus one; 0 where there is no register. */
#define CSR_FIELD(num, name, ...) [num] = ROW_##name + 1,
#define CSR_WARL(num, name, ...) [num] = ROW_##name + 1,
#define CSR_CODE(first, last, name, ...) [first ... last] = ROW_##name + 1,
static const u8 row_of[4096] = {
#include "cpu/csr.def"
};

static const struct csr *find(const struct hart *hart, u16 number)
{
	unsigned row = row_of[number];

	return row && isa_has(hart->isa, csrs[row - 1].ext) ? &csrs[row - 1] : NULL;
}

static u64 read(struct hart *hart, const struct csr *csr, u16 number)
{
	u64 value = 0;

	if (csr->read)
		return csr->read(hart, number);
	memcpy(&value, (const u8 *)hart + csr->offset, csr->size);
	return value;
}

static void write(struct hart *hart, const struct csr *csr, u16 number, u64 value)
{
	if (csr->write) {
		csr->write(hart, number, value);
		return;
	}
	value = (read(hart, csr, number) & ~csr->mask) | (value & csr->mask);
	memcpy((u8 *)hart + csr->offset, &value, csr->size);
}

/* The counter-enable bit of a user counter must be set for each mode above. */
static bool counter_enabled(const struct hart *hart, u16 number)
{
	u32 bit = 1u << (number & 31);

	return (hart->priv == PRIV_M || (hart->mcounteren & bit)) &&
	       (hart->priv != PRIV_U || !isa_has(hart->isa, EXT_s) || (hart->scounteren & bit));
}

static bool stimecmp_enabled(const struct hart *hart)
{
	return hart->priv == PRIV_M ||
	       ((hart->mcounteren & COUNTEREN_TM) && (hart->menvcfg & MENVCFG_STCE));
}

/* Why this access is refused; REASON_none when it is not. */
static enum trap_reason check(const struct hart *hart, const struct csr *csr, u16 number,
			      bool writes)
{
	if (!csr)
		return REASON_csr_missing;
	if (hart->priv < bits(number, 8, 2))
		return REASON_csr_privilege;
	if (writes && bits(number, 10, 2) == 3)
		return REASON_csr_readonly;
	switch (csr->gate) {
	case GATE_FP:
		return hart->code_key & CODE_KEY_FP ? REASON_none : REASON_csr_fp_off;
	case GATE_COUNTER:
		return counter_enabled(hart, number) ? REASON_none : REASON_csr_counteren;
	case GATE_STCE:
		return stimecmp_enabled(hart) ? REASON_none : REASON_csr_stce;
	case GATE_TVM:
		return hart->priv == PRIV_S && (hart->mstatus & MSTATUS_TVM) ? REASON_csr_tvm :
									       REASON_none;
	default:
		return REASON_none;
	}
}

/*
 * What a set or clear starts from: not the SEIP that rd gets, which is also the pin's, but the
 * one that software wrote (privileged manual, "mip and mie").
 */
static u64 modified(struct hart *hart, const struct csr_access *access, u64 old)
{
	if (access->number == CSR_MIP)
		old = (old & ~BIT(IRQ_SEI)) | (hart->mip & BIT(IRQ_SEI));
	switch (access->how) {
	case CSR_SET:
		return old | access->operand;
	case CSR_CLEAR:
		return old & ~access->operand;
	default:
		return access->operand;
	}
}

/*
 * xscratch, xepc, xcause and xtval, and the floating-point state: nothing looks at them before an
 * instruction that asks for them, or a trap or return.
 */
static bool is_passive(u16 number)
{
	return (number & 0xfc) == 0x40 || number <= CSR_FCSR;
}

bool csr_access(struct hart *hart, const struct csr_access *access, u64 *old)
{
	const struct csr *csr = find(hart, access->number);
	enum trap_reason reason = check(hart, csr, access->number, access->writes);

	if (reason)
		return hart_illegal(hart, access->raw, reason);
	*old = access->reads ? read(hart, csr, access->number) : 0;
	if (access->writes) {
		write(hart, csr, access->number, modified(hart, access, *old));
		hart->stop = hart->stop || !is_passive(access->number);
	}
	return true;
}

void csr_legalise(struct hart *hart)
{
	for (unsigned n = 0; n < ARRAY_SIZE(csrs); n++) {
		u8 *at = (u8 *)hart + csrs[n].offset;
		u64 value = 0;

		if (!csrs[n].mask)
			continue;
		memcpy(&value, at, csrs[n].size);
		value &= csrs[n].mask;
		memcpy(at, &value, csrs[n].size);
	}
	hart->mstatus &= MSTATUS_WRITABLE;
	hart->mip &= S_INTERRUPTS;
	hart->lines &= M_INTERRUPTS | BIT(IRQ_SEI) | BIT(IRQ_STI);
	hart->fflags &= 31;
	hart->menvcfg = legal_envcfg(0, hart->menvcfg, menvcfg_mask(hart));
	hart->senvcfg = legal_envcfg(0, hart->senvcfg, ENVCFG_COMMON);
}

bool csr_peek(struct hart *hart, u16 number, u64 *value)
{
	const struct csr *csr = find(hart, number);

	if (csr)
		*value = read(hart, csr, number);
	return csr;
}

/* Registers of one row are numbered by their distance from the 16 numbers the row starts in. */
bool csr_name(u16 number, char *name, size_t size)
{
	const struct csr *csr = row_of[number] ? &csrs[row_of[number] - 1] : NULL;

	if (!csr)
		return false;
	if (csr->first == csr->last)
		snprintf(name, size, "%s", csr->name);
	else
		snprintf(name, size, "%s%u", csr->name, number - (csr->first & ~15u));
	return true;
}
