/* SPDX-License-Identifier: MIT */
/* The SRST extension. */
#include "firmware/sbi/reset.h"

void reset_machine(u32 command)
{
	mmio_write32(TEST_BASE, command);
	for (;;)
		__asm__ volatile("wfi");
}

struct sbi_ret reset_shutdown_call(const u64 *arg)
{
	(void)arg;
	reset_machine(RESET_SHUTDOWN);
}

/*
 * Indexed by reset_type (shutdown, cold reboot, warm reboot) and reset_reason (none, system
 * failure).
 */
static const u32 commands[][2] = {
	{ RESET_SHUTDOWN, RESET_FAILURE },
	{ RESET_REBOOT, RESET_REBOOT },
	{ RESET_REBOOT, RESET_REBOOT },
};

static struct sbi_ret system_reset(const u64 *arg)
{
	u32 type = arg[0], reason = arg[1];

	if (type >= ARRAY_SIZE(commands) || reason >= ARRAY_SIZE(commands[0]))
		return sbi_result(SBI_ERR_INVALID_PARAM);
	reset_machine(commands[type][reason]);
}

static const struct sbi_function functions[] = { { system_reset } };

const struct sbi_extension sbi_srst = { 0x53525354, functions, ARRAY_SIZE(functions) };
