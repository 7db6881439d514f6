/* SPDX-License-Identifier: MIT */
/*
 * Counters: what the hart has run, plus what software wrote; they stand still while inhibited.
 */
#include "cpu/csr_impl.h"

#include "bus/timebase.h"

u64 read_mcycle(struct hart *hart, u16 number)
{
	(void)number;
	return hart->mcountinhibit & COUNTEREN_CY ? hart->mcycle_stopped :
						    hart_cycles(hart) + hart->mcycle_delta;
}

u64 read_minstret(struct hart *hart, u16 number)
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

void write_mcycle(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	hart->mcycle_stopped = value;
	hart->mcycle_delta = value - hart_cycles(hart) - 1;
}

void write_minstret(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	set_minstret(hart, value);
}

u64 read_mcountinhibit(struct hart *hart, u16 number)
{
	(void)number;
	return hart->mcountinhibit;
}

/* A counter that stops or starts keeps its value; one that runs on counts this instruction. */
void write_mcountinhibit(struct hart *hart, u16 number, u64 value)
{
	u64 cycle = read_mcycle(hart, number), instret = read_minstret(hart, number);
	u32 old = hart->mcountinhibit;

	hart->mcountinhibit = value & (COUNTEREN_CY | COUNTEREN_IR);
	if ((old ^ hart->mcountinhibit) & COUNTEREN_CY)
		write_mcycle(hart, number, cycle);
	if ((old ^ hart->mcountinhibit) & COUNTEREN_IR)
		set_minstret(hart, instret);
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

/* The counter-enable bit of a user counter must be set for each mode above. */
struct csr_refusal gate_counter(const struct hart *hart, struct csr_request request)
{
	u32 bit = 1u << (request.number & 31);
	bool user = hart->priv == PRIV_U && isa_has(hart->isa, EXT_s);

	if (hart->priv != PRIV_M && !(hart->mcounteren & bit))
		return csr_illegal(REASON_csr_counteren);
	if ((hart->virt && !(hart->hcounteren & bit)) || (user && !(hart->scounteren & bit)))
		return csr_virtual(hart, REASON_csr_counteren);
	return csr_illegal(REASON_none);
}

void effect_timer(struct hart *hart)
{
	hart_timers_update(hart);
}

/* stimecmp, and with V=1 what it stands for, vstimecmp. */
struct csr_refusal gate_timer(const struct hart *hart, struct csr_request request)
{
	bool granted = (hart->mcounteren & COUNTEREN_TM) && (hart->menvcfg & MENVCFG_STCE);
	bool to_guest = (hart->hcounteren & COUNTEREN_TM) && (hart->henvcfg & MENVCFG_STCE);

	(void)request;
	if (hart->priv != PRIV_M && !granted)
		return csr_illegal(REASON_csr_stce);
	return csr_virtual(hart, hart->virt && !to_guest ? REASON_csr_stce : REASON_none);
}

/* vstimecmp by its own number: STCE says nothing about it. */
struct csr_refusal gate_vtimer(const struct hart *hart, struct csr_request request)
{
	bool granted = hart->priv == PRIV_M || (hart->mcounteren & COUNTEREN_TM);

	(void)request;
	return csr_illegal(granted ? REASON_none : REASON_csr_counteren);
}
