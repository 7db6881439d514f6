/* SPDX-License-Identifier: MIT */
/* Dead: each hart waits for a software interrupt that no hart is left to send. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	csrwi	mie, 1 << MSI
1:	wfi
	j	1b
