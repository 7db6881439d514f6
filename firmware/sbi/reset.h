/* SPDX-License-Identifier: MIT */
/* The end of the machine, or its new beginning (SRST extension). */
#ifndef FIRMWARE_SBI_RESET_H
#define FIRMWARE_SBI_RESET_H

#include "devices/memmap.h"
#include "firmware/sbi/sbi.h"

/* What the sifive_test device is told: end well, end with exit code 1, begin again. */
#define RESET_SHUTDOWN TEST_PASS
#define RESET_FAILURE (TEST_FAIL | 1 << 16)
#define RESET_REBOOT TEST_RESET

void __attribute__((noreturn)) reset_machine(u32 command);

/* Legacy shutdown. */
struct sbi_ret reset_shutdown_call(const u64 *arg);

#endif
