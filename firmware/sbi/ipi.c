/* SPDX-License-Identifier: MIT */
/* The IPI extension and M-mode's software interrupt. */
#include "firmware/sbi/ipi.h"
#include "firmware/csr.h"
#include "firmware/hart.h"
#include "firmware/sbi/pmu.h"
#include "firmware/sbi/rfence.h"

#define MSIP(id) (CLINT_BASE + 4 * (id))

void ipi_knock(u64 id)
{
	mmio_write32(MSIP(id), 1);
}

bool ipi_hart_wired(u64 id)
{
	ipi_knock(id);
	return mmio_read32(MSIP(id)) & 1;
}

/* msip is cleared first: a hart that sets it after that causes another interrupt. */
void ipi_receive(void)
{
	mmio_write32(MSIP(self->id), 0);
	rfence_receive();
	if (atomic_take(&self->ipi_pending)) {
		csr_set(mip, 1UL << IRQ_SSI);
		pmu_count(PMU_FW_IPI_RECEIVED);
	}
}

struct sbi_ret ipi_send_call(const u64 *arg)
{
	u64 list;

	if (!hart_list(arg[0], arg[1], &list))
		return sbi_result(SBI_ERR_INVALID_PARAM);
	FOR_EACH_HART (id, list) {
		atomic_or(&hart_areas[id].hart.ipi_pending, 1);
		ipi_knock(id);
		pmu_count(PMU_FW_IPI_SENT);
	}
	return sbi_result(SBI_SUCCESS);
}

/* Clears the interrupt for the legacy call. Returns 1 if it was pending, else 0. */
struct sbi_ret ipi_clear_call(const u64 *arg)
{
	bool pending = csr_read(mip) >> IRQ_SSI & 1;

	(void)arg;
	csr_clear(mip, 1UL << IRQ_SSI);
	return sbi_result(pending);
}

static const struct sbi_function functions[] = { { ipi_send_call } };

const struct sbi_extension sbi_ipi = { 0x735049, functions, ARRAY_SIZE(functions) };
