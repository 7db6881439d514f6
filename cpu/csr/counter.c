/* SPDX-License-Identifier: MIT */
/*
 * The counters as registers, and the supervisor timer: numbers, views and rights. counters/pmu.c
 * counts.
 */
#include "cpu/csr/csr_impl.h"

#include "bus/timebase.h"

/* mcycle, minstret and mhpmcounters have the numbers of their bits in mcounteren. */
u64 read_counter(struct hart *hart, u16 number)
{
	return pmu_read(hart, number & 31);
}

void write_counter(struct hart *hart, u16 number, u64 value)
{
	pmu_write(hart, number & 31, value);
}

/*
 * mhpmevents have the numbers of their counters; mcyclecfg and minstretcfg are numbered from 1 on.
 */
static unsigned counter_of_event(u16 number)
{
	unsigned low = number & 31;

	return low < PMU_FIRST ? (low - 1) * PMU_INSTRET : low;
}

u64 read_counter_event(struct hart *hart, u16 number)
{
	return hart->pmu.event[counter_of_event(number)];
}

void write_counter_event(struct hart *hart, u16 number, u64 value)
{
	pmu_write_event(hart, counter_of_event(number), value);
}

u64 read_mcountinhibit(struct hart *hart, u16 number)
{
	(void)number;
	return hart->pmu.inhibit;
}

void write_mcountinhibit(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	pmu_write_inhibit(hart, value);
}

/* A mode sees the bits of the counters that it may read. */
u64 read_scountovf(struct hart *hart, u16 number)
{
	u32 visible = hart->priv == PRIV_M ? UINT32_MAX : hart->mcounteren;

	(void)number;
	return pmu_overflowed(hart) & visible & (hart->virt ? hart->hcounteren : UINT32_MAX);
}

/* Only the bits of delegated counters are visible; the others are read-only zero. */
u64 read_scountinhibit(struct hart *hart, u16 number)
{
	(void)number;
	return hart->pmu.inhibit & hart->mcounteren;
}

void write_scountinhibit(struct hart *hart, u16 number, u64 value)
{
	u32 kept = hart->pmu.inhibit & ~hart->mcounteren;

	(void)number;
	pmu_write_inhibit(hart, kept | (value & hart->mcounteren));
}

struct csr_refusal gate_scountinhibit(const struct hart *hart, struct csr_request request)
{
	(void)request;
	if (!(hart->menvcfg & MENVCFG_CDE))
		return csr_denied_by(csr_illegal(REASON_csr_cde),
				     denied_by_clear(CSR_MENVCFG, MENVCFG_CDE));
	return csr_virtual(hart, hart->virt ? REASON_csr_privilege : REASON_none);
}

/* If counters are delegated, the hypervisor emulates scountovf for a guest. */
struct csr_refusal gate_scountovf(const struct hart *hart, struct csr_request request)
{
	bool emulated = hart->virt && (hart->menvcfg & MENVCFG_CDE);

	(void)request;
	return csr_denied_by(csr_virtual(hart, emulated ? REASON_csr_privilege : REASON_none),
			     denied_by_set(CSR_MENVCFG, MENVCFG_CDE));
}

u64 read_time(struct hart *hart, u16 number)
{
	(void)number;
	return timebase_read(hart->timebase) + (hart->virt ? hart->htimedelta : 0);
}

static const struct ext_bits counteren_bits[] = {
	{ EXT_zicntr, COUNTEREN_CY | COUNTEREN_TM | COUNTEREN_IR },
	{ EXT_sstc, COUNTEREN_TM },
	{ EXT_zihpm, COUNTEREN_HPM },
};

u64 legal_counteren(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	(void)old;
	return value & EXT_MASK(hart, counteren_bits);
}

/* A user counter is accessible if its bit is set in the counteren register of each higher mode. */
struct csr_refusal gate_counter(const struct hart *hart, struct csr_request request)
{
	u32 bit = 1u << (request.number & 31);
	bool user = hart->priv == PRIV_U && isa_has(hart->isa, EXT_s);

	if (hart->priv != PRIV_M && !(hart->mcounteren & bit))
		return csr_denied_by(csr_illegal(REASON_csr_counteren),
				     denied_by_clear(CSR_MCOUNTEREN, bit));
	if (hart->virt && !(hart->hcounteren & bit))
		return csr_denied_by(csr_virtual(hart, REASON_csr_counteren),
				     denied_by_clear(CSR_HCOUNTEREN, bit));
	if (user && !(hart->scounteren & bit))
		return csr_denied_by(csr_virtual(hart, REASON_csr_counteren),
				     denied_by_clear(CSR_SCOUNTEREN, bit));
	return csr_illegal(REASON_none);
}

void effect_timer(struct hart *hart)
{
	hart_timers_update(hart);
}

/*
 * Returns the refusal by which M-mode keeps the timers of S-mode and of guests to itself. In the
 * ratified text of Sstc, menvcfg.STCE hides vstimecmp, too, and so it is in QEMU and Spike. The
 * privileged manual lost these words when that text was moved into it ("menvcfg").
 */
static struct csr_refusal timer_of_m(const struct hart *hart)
{
	bool counted = hart->mcounteren & COUNTEREN_TM;

	if (hart->priv == PRIV_M || (counted && (hart->menvcfg & MENVCFG_STCE)))
		return csr_illegal(REASON_none);
	return csr_denied_by(csr_illegal(REASON_csr_stce),
			     counted ? denied_by_clear(CSR_MENVCFG, MENVCFG_STCE) :
				       denied_by_clear(CSR_MCOUNTEREN, COUNTEREN_TM));
}

/* stimecmp means vstimecmp if V=1. */
struct csr_refusal gate_timer(const struct hart *hart, struct csr_request request)
{
	bool to_guest = (hart->hcounteren & COUNTEREN_TM) && (hart->henvcfg & MENVCFG_STCE);
	struct csr_refusal refusal = timer_of_m(hart);

	if (refusal.reason)
		return refusal;
	if (hart->virt && !to_guest)
		return csr_denied_by(csr_virtual(hart, REASON_csr_stce),
				     hart->hcounteren & COUNTEREN_TM ?
					     denied_by_clear(CSR_HENVCFG, MENVCFG_STCE) :
					     denied_by_clear(CSR_HCOUNTEREN, COUNTEREN_TM));
	/*
	 * A write could clear a pending interrupt of the guest while hvictl controls the guest's
	 * interrupts.
	 */
	return request.writes ? gate_vti(hart, request) : csr_illegal(REASON_none);
}

struct csr_refusal gate_vtimer(const struct hart *hart, struct csr_request request)
{
	(void)request;
	return timer_of_m(hart);
}
