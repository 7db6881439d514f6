/* SPDX-License-Identifier: MIT */
/* Dead: WFI with nothing enabled, on all harts. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	csrw	mie, zero
1:	wfi
	j	1b
