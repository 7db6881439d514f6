/* SPDX-License-Identifier: MIT */
/*
 * Dead: the handler does a little before it traps itself, for ever. With several harts that do so
 * none keeps another alive.
 */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	la	t0, 1f
	csrw	mtvec, t0
	.balign	4
1:	nop
	.word	0
