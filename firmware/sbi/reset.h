/* SPDX-License-Identifier: MIT */
/* Shutdown and reboot of the machine (SRST extension). */
#ifndef FIRMWARE_SBI_RESET_H
#define FIRMWARE_SBI_RESET_H

#include "devices/memmap.h"
#include "firmware/sbi/sbi.h"

/* Words written to the sifive_test device: end with success, end with exit code 1, reset. */
#define RESET_SHUTDOWN TEST_PASS
#define RESET_FAILURE (TEST_FAIL | 1 << 16)
#define RESET_REBOOT TEST_RESET

/* Ends or resets the machine by writing one of these words. */
void __attribute__((noreturn)) reset_machine(u32 command);

/* The legacy shutdown call. */
struct sbi_ret reset_shutdown_call(const u64 *arg);

#endif
