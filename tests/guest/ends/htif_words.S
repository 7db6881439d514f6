/* SPDX-License-Identifier: MIT */
/* HTIF: tohost written as two words, the upper one first, as RV32 code does. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	la	t0, tohost
	sw	zero, 4(t0)
	li	t1, 1
	sw	t1, 0(t0)
1:	j	1b

#include "htif.inc"
