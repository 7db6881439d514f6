/* SPDX-License-Identifier: MIT */
/* Dead: the trap handler's own first instruction traps. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	la	t0, 1f
	csrw	mtvec, t0
	.half	0
	.balign	4
1:	.word	0
