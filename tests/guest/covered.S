/* SPDX-License-Identifier: MIT */
/*
 * Code that runs at several addresses, for test_coverage.py: most of S-mode's runs at MAIN, but a
 * function first at OTHER, and after that, in M-mode, at its physical address, and copied to HIGH.
 */
#define MSTATUS_MPP_S (1 << 11)
#define SATP_SV39 (8 << 60)
#define PTE_LEAF 0xcf /* V, R, W, X, A, D */
#define PHYSICAL 0x80000000 /* that of _start */
#define OTHER 0x40000000
#define MAIN 0xc0000000
#define HIGH 0x140000800 /* physical */
#define TURNS 1000

	.option norvc
	.section .text.start, "ax"
	.globl _start
_start:
	la	t0, root
	li	t1, (PHYSICAL >> 2) | PTE_LEAF
	sd	t1, (OTHER >> 30) * 8(t0)
	sd	t1, (MAIN >> 30) * 8(t0)
	srli	t0, t0, 12
	li	t1, SATP_SV39
	or	t0, t0, t1
	csrw	satp, t0
	sfence.vma
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, 0x1f
	csrw	pmpcfg0, t0
	li	t0, MSTATUS_MPP_S
	csrs	mstatus, t0
	la	t0, handler
	csrw	mtvec, t0
	li	t0, MAIN - PHYSICAL
	la	t1, mapped
	add	t0, t0, t1
	csrw	mepc, t0
	mret

mapped:
	.rept	8
	j	. + 4
	.endr
	la	t0, function
	li	t1, MAIN - OTHER
	sub	t0, t0, t1
	li	a0, TURNS
	jalr	t0
	ecall

	.balign 4
handler:
	li	a0, TURNS
	jal	function
	la	t0, function
	li	t1, HIGH
	ld	t2, 0(t0)
	sd	t2, 0(t1)
	ld	t2, 8(t0)
	sd	t2, 8(t1)
	fence.i
	li	a0, TURNS
	jalr	t1
	j	.

	/* It is two basic blocks. */
	.org 0x800
function:
	addi	a0, a0, -1
	bnez	a0, function
	ret
	nop

	.bss
	.balign 4096
root:
	.zero	4096
