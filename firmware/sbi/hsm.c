/* SPDX-License-Identifier: MIT */
/*
 * The HSM extension. A hart changes its own state, except from STOPPED to START_PENDING: the caller
 * of sbi_hart_start does that by compare and exchange, and owns start_addr and start_arg until it
 * sets start_ready.
 */
#include "firmware/sbi/hsm.h"
#include "firmware/csr.h"
#include "firmware/hart.h"
#include "firmware/pmp.h"
#include "firmware/sbi/ipi.h"
#include "firmware/sbi/pmu.h"
#include "firmware/sbi/sse.h"
#include "firmware/trap.h"

/* Bit 31 of suspend_type: registers are lost. All other bits are of reserved or platform types. */
#define SUSPEND_NON_RETENTIVE 0x80000000u

void hsm_start_here(u64 addr, u64 arg, u64 mode)
{
	hart_setup();
	atomic_store(&self->state, HSM_STARTED);
	hart_enter(addr, arg, mode);
}

void hsm_stop_here(void)
{
	csr_write(mie, 1UL << IRQ_MSI);
	atomic_store(&self->state, HSM_STOPPED);
	for (;;) {
		trap_serve_interrupts();
		if (atomic_load(&self->start_ready))
			break;
		__asm__ volatile("wfi");
	}
	self->start_ready = 0;
	hsm_start_here(self->start_addr, self->start_arg, MODE_S);
}

bool hsm_start_address(u64 addr)
{
	return pmp_caller_memory(addr, 4) && addr % 2 == 0;
}

static struct sbi_ret hart_start(const u64 *arg)
{
	struct hart *hart = hart_find(arg[0]);

	if (!hart)
		return sbi_result(SBI_ERR_INVALID_PARAM);
	if (!hsm_start_address(arg[1]))
		return sbi_result(SBI_ERR_INVALID_ADDRESS);
	if (!atomic_change(&hart->state, HSM_STOPPED, HSM_START_PENDING))
		return sbi_result(SBI_ERR_ALREADY_AVAILABLE);
	hart->start_addr = arg[1];
	hart->start_arg = arg[2];
	atomic_store(&hart->start_ready, 1);
	ipi_knock(hart->id);
	return sbi_result(SBI_SUCCESS);
}

static struct sbi_ret hart_stop(const u64 *arg)
{
	(void)arg;
	sse_leave();
	hsm_stop_here();
}

static struct sbi_ret hart_status(const u64 *arg)
{
	struct hart *hart = hart_find(arg[0]);

	if (!hart)
		return sbi_result(SBI_ERR_INVALID_PARAM);
	return sbi_value(atomic_load(&hart->state));
}

/*
 * Sleeps until S-mode has something to serve: an interrupt that it enabled in sie (whatever
 * sstatus.SIE says), or an IPI or an event in any case. Requests of other harts to M-mode are
 * served meanwhile.
 */
static void sleep(void)
{
	u64 delegated = csr_read(mideleg);

	atomic_store(&self->state, HSM_SUSPENDED);
	for (;;) {
		trap_serve_interrupts();
		if (csr_read(mip) & ((csr_read(mie) & delegated) | 1UL << IRQ_SSI) || sse_waits())
			break;
		__asm__ volatile("wfi");
	}
	atomic_store(&self->state, HSM_STARTED);
}

/*
 * Suspends the hart, and then enters S-mode. If an event is pending, the hart's msip is set, so
 * that the event is delivered at S-mode's first instruction.
 */
void hsm_suspend_here(u64 addr, u64 arg)
{
	sleep();
	if (sse_waits())
		ipi_knock(self->id);
	pmu_restore_snapshot();
	hart_enter(addr, arg, MODE_S);
}

static struct sbi_ret hart_suspend(const u64 *arg)
{
	u32 type = arg[0];

	if (type & ~SUSPEND_NON_RETENTIVE)
		return sbi_result(SBI_ERR_INVALID_PARAM);
	if (type == 0) {
		sleep();
		return sbi_result(SBI_SUCCESS);
	}
	if (!hsm_start_address(arg[1]))
		return sbi_result(SBI_ERR_INVALID_ADDRESS);
	hsm_suspend_here(arg[1], arg[2]);
}

static const struct sbi_function functions[] = {
	{ hart_start }, { hart_stop }, { hart_status }, { hart_suspend },
};

const struct sbi_extension sbi_hsm = { 0x48534d, functions, ARRAY_SIZE(functions) };
