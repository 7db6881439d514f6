/* SPDX-License-Identifier: MIT */
/*
 * A handler that returns from no trap but enables interrupts for a moment each time: the timer's
 * comes after more traps than a hart that only traps may take.
 */
#include "csr.h"
#include "devices/memmap.h"

#define TICKS 308400 /* ticks of 100 instructions each, of which a round has three */

	.section .text.start, "ax"
	.globl _start
_start:
	la	t0, vectors + 1
	csrw	mtvec, t0
	li	t0, CLINT_BASE + 0xbff8
	li	t1, CLINT_BASE + 0x4000
	ld	t2, 0(t0)
	li	t3, TICKS
	add	t2, t2, t3
	sd	t2, 0(t1)
	li	t0, 1 << MTI
	csrw	mie, t0

	.balign 64
vectors:
	csrsi	mstatus, MSTATUS_MIE
	csrci	mstatus, MSTATUS_MIE
	ecall
	.org	vectors + 4 * MTI
	li	t0, TEST_BASE
	li	t1, TEST_PASS
	sw	t1, 0(t0)
1:	j	1b
