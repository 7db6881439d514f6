/* SPDX-License-Identifier: MIT */
/* HTIF: tohost written as two words, the lower one first; nothing behind them counts. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	la	t0, tohost
	li	t1, 1
	sw	t1, 0(t0)
	sw	zero, 4(t0)
1:	j	1b

	.section .htif, "aw"
	.balign 64
	.globl tohost, fromhost
tohost:	.dword 0
	.balign 64
fromhost: .dword 0
