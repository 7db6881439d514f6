/* SPDX-License-Identifier: MIT */
/*
 * A handler that returns from no trap but enables interrupts for a moment each time: the timer's
 * comes after more traps than a hart that only traps may take.
 */
#include "csr.h"
#include "devices/memmap.h"

#define TICKS 900000 /* ticks of 100 instructions each, of which a round has seven */

	.section .text.start, "ax"
	.globl _start
_start:
	la	t0, handler
	csrw	mtvec, t0
	li	t0, CLINT_BASE + 0xbff8
	li	t1, CLINT_BASE + 0x4000
	ld	t2, 0(t0)
	li	t3, TICKS
	add	t2, t2, t3
	sd	t2, 0(t1)
	li	t0, 0x80 /* MTIE */
	csrw	mie, t0
again:
	ecall

	.balign 4
handler:
	csrr	t0, mcause
	bltz	t0, pass
	csrsi	mstatus, 8
	nop
	csrci	mstatus, 8
	j	again
pass:
	li	t0, TEST_BASE
	li	t1, TEST_PASS
	sw	t1, 0(t0)
1:	j	1b
