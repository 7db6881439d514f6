/* SPDX-License-Identifier: MIT */
/* The UART as the firmware's console and S-mode's (DBCN extension and legacy console). */
#ifndef FIRMWARE_SBI_CONSOLE_H
#define FIRMWARE_SBI_CONSOLE_H

#include "firmware/sbi/sbi.h"

void console_init(void);

/* The firmware's own messages: before S-mode runs, or before the machine ends. No lock is taken. */
void console_print(const char *text);
void console_print_number(u64 number, u64 radix); /* 10 or 16, the latter with 0x */

/* Legacy calls: put writes the byte in a0, waiting for room; get reads a byte or returns -1. */
struct sbi_ret console_put_call(const u64 *arg);
struct sbi_ret console_get_call(const u64 *arg);

#endif
