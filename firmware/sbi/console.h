/* SPDX-License-Identifier: MIT */
/*
 * The UART, which is the console of the firmware and of S-mode (DBCN extension and legacy console).
 */
#ifndef FIRMWARE_SBI_CONSOLE_H
#define FIRMWARE_SBI_CONSOLE_H

#include "firmware/sbi/sbi.h"

void console_init(void);

/*
 * Print messages of the firmware itself: before S-mode runs, or before the machine ends. They take
 * no lock.
 */
void console_print(const char *text);
void console_print_number(u64 number, u64 radix); /* radix is 10, or 16 with the prefix 0x */

/*
 * The legacy calls: put writes the byte in a0, and waits for room if necessary; get returns a byte
 * that was received, or -1.
 */
struct sbi_ret console_put_call(const u64 *arg);
struct sbi_ret console_get_call(const u64 *arg);

#endif
