/* SPDX-License-Identifier: MIT */
/* The TIME extension. */
#include "firmware/sbi/timer.h"
#include "firmware/csr.h"
#include "firmware/hart.h"
#include "firmware/sbi/pmu.h"

#define MTIMECMP(id) (CLINT_BASE + 0x4000 + 8 * (id))

u64 timer_now(void)
{
	return mmio_read64(MTIME);
}

static void timer_set(u64 when)
{
	if (self->features.sstc) {
		csr_write(CSR_STIMECMP, when);
		return;
	}
	mmio_write64(MTIMECMP(self->id), when);
	csr_clear(mip, 1UL << IRQ_STI);
	csr_set(mie, 1UL << IRQ_MTI);
}

/* Resets the CLINT's comparator even with Sstc, because nothing else clears its interrupt. */
void timer_reset(void)
{
	mmio_write64(MTIMECMP(self->id), -1UL);
	csr_clear(mie, 1UL << IRQ_MTI);
	if (self->features.sstc)
		csr_write(CSR_STIMECMP, -1UL);
	else
		csr_clear(mip, 1UL << IRQ_STI);
}

/* MTIP stays set until the next call, so it is disabled in mie until then. */
void timer_expire(void)
{
	csr_clear(mie, 1UL << IRQ_MTI);
	csr_set(mip, 1UL << IRQ_STI);
}

struct sbi_ret timer_call(const u64 *arg)
{
	timer_set(arg[0]);
	pmu_count(PMU_FW_SET_TIMER);
	return sbi_result(SBI_SUCCESS);
}

static const struct sbi_function functions[] = { { timer_call } };

const struct sbi_extension sbi_time = { 0x54494d45, functions, ARRAY_SIZE(functions) };
