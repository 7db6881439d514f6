/* SPDX-License-Identifier: MIT */
/*
 * Hart 1 runs a loop of one instruction until hart 0 writes a return over it, 24 times. It executes
 * a FENCE.I before it enters the loop, and none before it finds the return there: what a pipeline
 * or an instruction cache still has is then another instruction than the program executes.
 */
#include "devices/memmap.h"

	.equ	ROUNDS, 24
	.equ	LOOP, 0x0000006f	/* j . */
	.equ	RETURN, 0x00008067	/* ret */
	.equ	WAIT, 700

	.section .text.start, "ax"
	.globl _start
_start:
	csrr	t0, mhartid
	la	s0, code
	la	s1, round
	la	s2, returned
	bnez	t0, second

	li	s3, ROUNDS
	li	s4, LOOP
	li	s5, RETURN
1:	sw	s4, 0(s0)
	fence	w, w
	sw	s3, 0(s1)
	li	t0, WAIT
2:	addi	t0, t0, -1
	bnez	t0, 2b
	sw	s5, 0(s0)
	fence	w, w
3:	lw	t0, 0(s2)
	bne	t0, s3, 3b
	addi	s3, s3, -1
	bnez	s3, 1b
	li	t0, TEST_BASE
	li	t1, TEST_PASS
	sw	t1, 0(t0)
4:	j	4b

second:
	li	s3, ROUNDS
1:	lw	t0, 0(s1)
	bne	t0, s3, 1b
	fence.i
	jalr	s0
	fence	w, w
	sw	s3, 0(s2)
	addi	s3, s3, -1
	bnez	s3, 1b
2:	wfi
	j	2b

	.data
	.balign	4096
code:	.word	0
	.balign	64
round:	.word	0
	.balign	64
returned:
	.word	0
