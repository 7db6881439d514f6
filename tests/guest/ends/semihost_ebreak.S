/* SPDX-License-Identifier: MIT */
/* An EBREAK without the marks around it is a breakpoint, not a call: cause 3. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	.option	norvc
	la	t0, 1f
	csrw	mtvec, t0
	li	a0, 0x18
	slli	zero, zero, 0x1f
	ebreak
	nop
	j	.
	.balign	4
1:	csrr	t0, mcause
	addi	t0, t0, -BREAKPOINT
	bnez	t0, .
	li	t0, TEST_BASE
	li	t1, TEST_PASS
	sw	t1, 0(t0)
	j	.
