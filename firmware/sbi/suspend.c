/* SPDX-License-Identifier: MIT */
/*
 * The SUSP extension: the last running hart sleeps until an interrupt that S-mode enabled arrives,
 * and resumes at the address that the caller named. Memory, counters and FWFT's settings keep their
 * values.
 */
#include "firmware/sbi/hsm.h"
#include "firmware/hart.h"

#define SUSPEND_TO_RAM 0

static struct sbi_ret system_suspend(const u64 *arg)
{
	if ((u32)arg[0] != SUSPEND_TO_RAM)
		return sbi_result(SBI_ERR_INVALID_PARAM);
	if (!hsm_start_address(arg[1]))
		return sbi_result(SBI_ERR_INVALID_ADDRESS);
	for (u64 id = 0; id < MAX_HARTS; id++) {
		struct hart *hart = hart_find(id);

		if (hart && hart != self && atomic_load(&hart->state) != HSM_STOPPED)
			return sbi_result(SBI_ERR_DENIED);
	}
	hsm_suspend_here(arg[1], arg[2]);
}

static const struct sbi_function functions[] = { { system_suspend } };

const struct sbi_extension sbi_susp = { 0x53555350, functions, ARRAY_SIZE(functions) };
