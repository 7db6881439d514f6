/* SPDX-License-Identifier: MIT */
/* Executes cache-block operations, some in a row and many times over, and ends the machine. */
#include "csr.h"
#include "devices/memmap.h"

#define ROUNDS 300

	.macro	runs how, count
	li	t0, ROUNDS
1:	.rept	\count
	\how	(t3)
	.endr
	addi	t0, t0, -1
	bnez	t0, 1b
	.endm

	.section .text.start, "ax"
	.globl _start
_start:
	li	t3, 0x80400000
	sd	t3, 0(t3)
	.irp	how, cbo.inval, cbo.clean, cbo.flush, cbo.zero
	.irp	count, 1, 2, 3, 4, 7
	runs	\how, \count
	.endr
	.endr
	li	t1, 0x5555
	li	t0, TEST_BASE
	sw	t1, 0(t0)
2:	j	2b
