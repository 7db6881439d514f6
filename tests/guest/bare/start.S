/* SPDX-License-Identifier: MIT */
/* The code from reset to S-mode on each hart, and the path of an interrupt into C and back. */
	.section .text.start, "ax"
	.globl _start
_start:
#ifndef OPEN
	/* One region that lets S-mode at all memory. */
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, 0x1f
	csrw	pmpcfg0, t0
#endif
	li	t0, 0xffff
	csrw	medeleg, t0
	csrw	mideleg, t0
	csrr	a0, mhartid
	la	sp, stacks
	addi	t0, a0, 1
	slli	t0, t0, 12
	add	sp, sp, t0
	la	t0, enter
	csrw	stvec, t0
	la	t0, main
	csrw	mepc, t0
	li	t0, 3 << 11 /* mstatus.MPP */
	csrc	mstatus, t0
	li	t0, 1 << 11 /* S-mode */
	csrs	mstatus, t0
	mret

#define SAVED(access)						\
	access ra, 0(sp); access t0, 8(sp); access t1, 16(sp);	\
	access t2, 24(sp); access t3, 32(sp); access t4, 40(sp);	\
	access t5, 48(sp); access t6, 56(sp); access a0, 64(sp);	\
	access a1, 72(sp); access a2, 80(sp); access a3, 88(sp);	\
	access a4, 96(sp); access a5, 104(sp); access a6, 112(sp);	\
	access a7, 120(sp);

	.text
	.balign 4
enter:
	addi	sp, sp, -128
	SAVED(sd)
	csrr	a0, scause
	csrr	a1, sepc
	call	trap
	SAVED(ld)
	addi	sp, sp, 128
	sret

	.bss
	.balign 4096
stacks:
	.skip	4096 * 8
