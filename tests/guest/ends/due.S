/* SPDX-License-Identifier: MIT */
/*
 * A timer's interrupt is taken when it is due, whatever the hart does until then and however fast
 * it did what came before: divisions from reset on, then additions followed by divisions, or by
 * loads that miss. It may come up to LATE ticks of mtime later: where instructions that are under
 * way end first, a division or two, and where the path from there to mtime takes one.
 */
#include "csr.h"
#include "devices/memmap.h"

#define TICKS 200 /* ticks of mtime, until the interrupt is due */
#define COUNT_FIRST 100
#define COUNT_LAST 30000
#define STRIDE 4160 /* another page, another line */

	.section .text.start, "ax"
	.globl _start
_start:
	la	t0, handler
	csrw	mtvec, t0
	li	s0, CLINT_BASE + 0xbff8
	li	s1, CLINT_BASE + 0x4000
	li	a0, 0x80 /* MTIE */
	csrw	mie, a0
	li	s3, 0
	la	s4, divisions
	j	begin
next:
	beqz	s3, 1f
	li	t0, 3
	mul	s3, s3, t0
	li	t0, COUNT_LAST
	ble	s3, t0, begin
	la	t0, misses
	beq	s4, t0, pass
	mv	s4, t0
1:	li	s3, COUNT_FIRST
begin:
	li	t3, 0x80400000
	li	t4, STRIDE
	li	t5, -1
	li	t6, 1
	mv	t2, s3
	ld	s2, 0(s0)
	addi	s2, s2, TICKS
	sd	s2, 0(s1)
	csrsi	mstatus, 8
	beqz	t2, 2f
1:	addi	t2, t2, -1
	bnez	t2, 1b
2:	jr	s4

	.balign 64
divisions:
	divu	t0, t5, t6
	divu	t0, t5, t6
	divu	t0, t5, t6
	j	divisions
misses:
	ld	t0, 0(t3)
	add	t3, t3, t4
	j	misses

	.balign 64
handler:
	ld	t0, 0(s0)
	sub	t0, t0, s2
	li	t1, -1
	sd	t1, 0(s1)
	li	t1, LATE
	bgtu	t0, t1, fail
	la	t0, next
	csrw	mepc, t0
	li	t0, MSTATUS_MPP
	csrs	mstatus, t0
	csrci	mstatus, 8
	li	t0, 0x80 /* MPIE */
	csrc	mstatus, t0
	mret
fail:
	li	t1, 0x13333
	j	1f
pass:
	li	t1, 0x5555
1:	li	t0, TEST_BASE
	sw	t1, 0(t0)
2:	j	2b
