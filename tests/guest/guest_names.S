/* SPDX-License-Identifier: MIT */
/*
 * A hypervisor in HS-mode whose guest runs for ever at the hypervisor's own addresses, in another
 * page of memory: test_names.py reads who is named where. Each turn the guest calls a function and
 * the hypervisor, which works a while. The guest's page is that of the symbols guest_loop and
 * guest_call, or a copy at GUEST_PAGE, where memory has no symbols.
 */
#ifndef GUEST_PAGE
#define GUEST_PAGE guest_loop
#endif
#define MSTATUS_MPP_S (1 << 11)
#define SSTATUS_SPP (1 << 8)
#define HSTATUS 0x600
#define HSTATUS_SPV (1 << 7)
#define HGATP 0x680
#define ECALL_FROM_VS (1 << 10)
#define HGATP_SV39X4 (8 << 60)
#define PTE_TABLE 0x01
#define PTE_LEAF 0xdf /* V, R, W, X, U, A, D */
#define GUEST_VA 0x80000000 /* that of _start */

	.section .text.start, "ax"
	.globl _start
_start:
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, 0x1f
	csrw	pmpcfg0, t0
	li	t0, ECALL_FROM_VS
	csrw	medeleg, t0
	li	t0, MSTATUS_MPP_S
	csrs	mstatus, t0
	la	t0, host
	csrw	mepc, t0
	mret

	.type host, @function
host:
	la	t0, handler
	csrw	stvec, t0
	/* GUEST_VA is in the third entry of the root and in the first of the tables below it. */
	la	t0, root
	la	t1, middle
	srli	t2, t1, 2
	ori	t2, t2, PTE_TABLE
	sd	t2, 16(t0)
	la	t0, last
	srli	t2, t0, 2
	ori	t2, t2, PTE_TABLE
	sd	t2, 0(t1)
	la	t1, GUEST_PAGE
	srli	t2, t1, 2
	ori	t2, t2, PTE_LEAF
	sd	t2, 0(t0)
	la	t0, guest_loop
	la	t3, unused
1:	ld	t2, 0(t0)
	sd	t2, 0(t1)
	addi	t0, t0, 8
	addi	t1, t1, 8
	bltu	t0, t3, 1b
	fence.i
	la	t0, root
	srli	t0, t0, 12
	li	t1, HGATP_SV39X4
	or	t0, t0, t1
	csrw	HGATP, t0
	li	t0, HSTATUS_SPV
	csrs	HSTATUS, t0
	li	t0, SSTATUS_SPP
	csrs	sstatus, t0
	li	t0, GUEST_VA
	csrw	sepc, t0
	sret
	.size host, . - host

	.balign 4
	.type handler, @function
handler:
	csrr	t0, sepc
	addi	t0, t0, 4
	csrw	sepc, t0
	li	t1, 4
1:	addi	t1, t1, -1
	bnez	t1, 1b
	sret
	.size handler, . - handler

	.balign 4096
	.type guest_loop, @function
guest_loop:
	addi	a0, a0, 1
	jal	guest_call
	ecall
	j	guest_loop
	.size guest_loop, . - guest_loop

	.type guest_call, @function
guest_call:
	addi	a1, a1, 1
	ret
	.size guest_call, . - guest_call

	/* The hypervisor's addresses are this in the guest, where they are never run. */
	.type unused, @function
unused:
	.zero	1024
	.size unused, . - unused

	.bss
	.balign 16384
root:
	.zero	16384
middle:
	.zero	4096
last:
	.zero	4096
