/* SPDX-License-Identifier: MIT */
/*
 * This does what due.S does, while the hart executes one fence after another that empties caches or
 * TLBs. A timer's interrupt comes behind the fence that is under way, so the cycles of a fence, and
 * a tick of mtime, are measured first. From CMakeLists.txt are ROUNDS, how often each kind of fence
 * is tried, and TICKS, ticks of mtime until the interrupt is due, which grow in each round.
 */
#include "csr.h"
#include "devices/memmap.h"

#define STRIDE 131 /* ticks */
#define LATE 200 /* cycles for misses, and for the path to mtime */
#define MEASURED 64 /* fences, by eight */

	.section .text.start, "ax"
	.globl _start
_start:
	la	t0, handler
	csrw	mtvec, t0
	li	s0, CLINT_BASE + 0xbff8
	li	s1, CLINT_BASE + 0x4000
	li	a0, 0x80 /* MTIE */
	csrw	mie, a0
	la	s4, loops
	li	s3, 0

/* A loop of fences: in the first round so many of them to measure, then without an end. */
next:
	ld	s6, 0(s4)
	beqz	s6, pass
	bnez	s3, due
	li	s5, MEASURED / 8
	ld	a2, 0(s0)
	csrr	a3, mcycle
	jr	s6
measured:
	ld	t0, 0(s0)
	csrr	t1, mcycle
	sub	a2, t0, a2
	sub	a3, t1, a3
due:	ld	s2, 0(s0)
	li	t0, TICKS
	add	s2, s2, t0
	add	s2, s2, s3
	sd	s2, 0(s1)
	li	s5, -1
	csrsi	mstatus, 8
	jr	s6

	.macro	fences how:vararg
	.pushsection .rodata
	.dword	1f
	.popsection
	.balign 64
1:	.rept	8
	\how
	.endr
	addi	s5, s5, -1
	bnez	s5, 1b
	j	measured
	.endm

	.pushsection .rodata
	.balign 8
loops:	.popsection
	fences	fence.i
	fences	sfence.vma
	fences	sfence.vma x0, a0
	fences	sfence.vma a0, x0
	fences	sfence.vma a0, a0
	.pushsection .rodata
	.dword	0
	.popsection

	.balign 64
handler:
	ld	t0, 0(s0)
	sub	t0, t0, s2
	li	t1, -1
	sd	t1, 0(s1)
	/*
	 * The limit is in cycles, of which there were a3 in a2 ticks of mtime: two fences are 2 /
	 * MEASURED.
	 */
	mul	t0, t0, a3
	divu	t0, t0, a2
	srli	t1, a3, 6
	addi	t1, t1, LATE
	bgtu	t0, t1, fail
	li	t0, MSTATUS_MPP
	csrs	mstatus, t0
	li	t0, 0x80 /* MPIE */
	csrc	mstatus, t0
	la	t0, next
	csrw	mepc, t0
	addi	s3, s3, STRIDE
	li	t0, ROUNDS * STRIDE
	blt	s3, t0, 1f
	li	s3, 0
	addi	s4, s4, 8
1:	mret
fail:
	li	t1, 0x13333
	j	1f
pass:
	li	t1, 0x5555
1:	li	t0, TEST_BASE
	sw	t1, 0(t0)
2:	j	2b
