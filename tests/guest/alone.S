/* SPDX-License-Identifier: MIT */
/*
 * LR/SC pairs on one hart, while the others wait: every SC succeeds, over many slices, with traps
 * and timer interrupts in between, none of which touches the word.
 */
#include "csr.h"
#include "devices/memmap.h"

#define PAIRS 600000
#define TICKS 100

	.section .text.start, "ax"
	.globl _start
_start:
	csrr	t0, mhartid
	bnez	t0, wait
	la	t0, tick
	csrw	mtvec, t0
	li	s1, CLINT_BASE + 0x4000
	li	s2, CLINT_BASE + 0xbff8
	sd	zero, 0(s1)
	li	t0, 1 << MTI
	csrw	mie, t0
	csrsi	mstatus, MSTATUS_MIE
	la	a0, word
	li	s0, PAIRS
1:	lr.d	t0, (a0)
	addi	t0, t0, 1
	sc.d	t1, t0, (a0)
	add	s3, s3, t1
	addi	s0, s0, -1
	bnez	s0, 1b
	ld	t0, 0(a0)
	li	t1, PAIRS
	sub	t0, t0, t1
	or	t0, t0, s3
	li	t1, TEST_PASS
	beqz	t0, 2f
	li	t1, 1 << 16 | TEST_FAIL
2:	li	t0, TEST_BASE
	sw	t1, 0(t0)
wait:	wfi
	j	wait

	.balign	4
tick:	ld	t6, 0(s2)
	addi	t6, t6, TICKS
	sd	t6, 0(s1)
	mret

	.bss
	.balign	8
word:	.skip	8
