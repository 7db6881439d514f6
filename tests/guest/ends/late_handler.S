/* SPDX-License-Identifier: MIT */
/*
 * The first hart only traps, at its handler's own first instruction, until another hart writes the
 * handler. Without another hart it is dead.
 */
#include "csr.h"
#include "devices/memmap.h"

#define WAIT 1000000 /* rounds: more than it takes to find a hart dead */

	.section .text.start, "ax"
	.globl _start
_start:
	la	t0, handler
	csrr	t1, mhartid
	bnez	t1, 2f
	csrw	mtvec, t0
	j	handler

2:	li	t1, WAIT
3:	addi	t1, t1, -1
	bnez	t1, 3b
	lw	t1, pass
	sw	t1, 0(t0)
4:	wfi
	j	4b

	.balign	4
handler:
	.word	0
	li	t0, TEST_BASE
	li	t1, TEST_PASS
	sw	t1, 0(t0)
5:	j	5b
pass:	.word	0x00000013 /* nop */
