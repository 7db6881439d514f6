/* SPDX-License-Identifier: MIT */
/*
 * Not dead: hart 0 traps for ever with all interrupts off, as there is no instruction where mtvec
 * points, until hart 1 writes one there, two milliseconds later.
 */
#include "csr.h"
#include "devices/memmap.h"

	.equ	MTIME, CLINT_BASE + 0xbff8
	.equ	TICKS, 20000	/* 2 ms */
	.equ	JUMP, 0x0040006f	/* j .+4 */

	.section .text.start, "ax"
	.globl _start
_start:
	csrr	t0, mhartid
	la	s0, vector
	bnez	t0, mender
	csrw	mie, zero
	csrw	mtvec, s0
	ecall

mender:
	li	t1, MTIME
	ld	t0, 0(t1)
	li	t2, TICKS
	add	t0, t0, t2
1:	ld	t2, 0(t1)
	bltu	t2, t0, 1b
	li	t1, JUMP
	sw	t1, 0(s0)
2:	wfi
	j	2b

	.balign	4
vector:	.word	0
	/* JUMP leads here. */
	fence.i
	li	t0, TEST_BASE
	li	t1, TEST_PASS
	sw	t1, 0(t0)
1:	j	1b
