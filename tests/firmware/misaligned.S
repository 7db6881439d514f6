/* SPDX-License-Identifier: MIT */
/*
 * Code of test_misaligned.c. First comes a page that can be executed at any address and in any mode
 * except M. It has a load or store for each entry of misaligned_forms, at the address in a1. A
 * store's value is passed in a2, and a loaded value is returned in a0; the code ends with ebreak.
 * Then come functions for S-mode that load or store every register in turn.
 */
	.option	arch, +d

#define STORE	1	/* as in test_misaligned.c */
#define STACK	2
#define FLOAT	4
#define SIGNED	8

	.macro	form name, size, flags, insn:vararg
	.section .rodata.forms, "a"
	.dword	1f, 2f, \size, \flags, 3f
	.section .rodata.names, "a"
3:	.asciz	"\name"
	.section .text.forms, "ax"
	.balign	4
1:
	.if	((\flags) & FLOAT) && ((\flags) & STORE)
	fmv.d.x	fa0, a2
	.endif
	.if	(\flags) & STACK
	mv	a3, sp
	mv	sp, a1
	.endif
2:	\insn
	.if	(\flags) & STACK
	mv	sp, a3
	.endif
	.if	((\flags) & FLOAT) && !((\flags) & STORE)
	fmv.x.d	a0, fa0
	.endif
	ebreak
	.endm

	.section .rodata.forms, "a"
	.balign	8
	.globl	misaligned_forms, misaligned_forms_end
misaligned_forms:
	.section .text.forms, "ax"
	.balign	4096
	.globl	misaligned_code
misaligned_code:

	.option	push
	.option	norvc
	form	lh,	2, SIGNED, lh a0, 0(a1)
	form	lhu,	2, 0, lhu a0, 0(a1)
	form	lw,	4, SIGNED, lw a0, 0(a1)
	form	lwu,	4, 0, lwu a0, 0(a1)
	form	ld,	8, 0, ld a0, 0(a1)
	form	sh,	2, STORE, sh a2, 0(a1)
	form	sw,	4, STORE, sw a2, 0(a1)
	form	sd,	8, STORE, sd a2, 0(a1)
	form	flh,	2, FLOAT, .4byte 0x00059507
	form	flw,	4, FLOAT, flw fa0, 0(a1)
	form	fld,	8, FLOAT, fld fa0, 0(a1)
	form	fsh,	2, FLOAT | STORE, .4byte 0x00a59027
	form	fsw,	4, FLOAT | STORE, fsw fa0, 0(a1)
	form	fsd,	8, FLOAT | STORE, fsd fa0, 0(a1)
	.option	pop
	form	c.lw,	4, SIGNED, c.lw a0, 0(a1)
	form	c.ld,	8, 0, c.ld a0, 0(a1)
	form	c.fld,	8, FLOAT, c.fld fa0, 0(a1)
	form	c.sw,	4, STORE, c.sw a2, 0(a1)
	form	c.sd,	8, STORE, c.sd a2, 0(a1)
	form	c.fsd,	8, FLOAT | STORE, c.fsd fa0, 0(a1)
	form	c.lhu,	2, 0, .2byte 0x8588
	form	c.lh,	2, SIGNED, .2byte 0x85c8
	form	c.sh,	2, STORE, .2byte 0x8d90
	form	c.lwsp,	4, SIGNED | STACK, c.lwsp a0, 0(sp)
	form	c.ldsp,	8, STACK, c.ldsp a0, 0(sp)
	form	c.fldsp, 8, FLOAT | STACK, c.fldsp fa0, 0(sp)
	form	c.swsp,	4, STORE | STACK, c.swsp a2, 0(sp)
	form	c.sdsp,	8, STORE | STACK, c.sdsp a2, 0(sp)
	form	c.fsdsp, 8, FLOAT | STORE | STACK, c.fsdsp fa0, 0(sp)

	.section .rodata.forms, "a"
misaligned_forms_end:

/* Atomic instructions, of which no part may be done separately. */
	.section .text.forms, "ax"
	.option	push
	.option	norvc
	.globl	misaligned_lr, misaligned_sc, misaligned_amo
	.balign	4
misaligned_lr:
	lr.d	a0, (a1)
	ebreak
misaligned_sc:
	sc.d	a0, a2, (a1)
	ebreak
misaligned_amo:
	amoadd.d a0, a2, (a1)
	ebreak
	.option	pop
	.balign	4096

/*
 * void misaligned_load_all(addr, u64 *integer, u64 *floats): loads each register in turn from addr,
 * and stores its value at its index in the arrays. No load traps to S-mode, so all registers can be
 * used.
 */
	.text
	.macro	each_float op:vararg
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	\op	\n
	.endr
	.irp	n, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	\op	\n
	.endr
	.endm

	.macro	float_loaded n
	fld	f\n, 0(t6)
	fsd	f\n, \n*8(t5)
	.endm

	.macro	float_stored n
	li	t1, \n
	fmv.d.x	f\n, t1
	fsd	f\n, \n*16(t0)
	.endm

	.macro	integer_stored n
	li	x\n, \n
	sd	x\n, \n*16(t6)
	.endm

	.macro	save_all
	addi	sp, sp, -256
	.irp	n, 1,3,4,8,9,18,19,20,21,22,23,24,25,26,27
	sd	x\n, \n*8(sp)
	.endr
	csrw	sscratch, sp
	.endm

	.macro	restore_all
	csrr	sp, sscratch
	.irp	n, 1,3,4,8,9,18,19,20,21,22,23,24,25,26,27
	ld	x\n, \n*8(sp)
	.endr
	addi	sp, sp, 256
	ret
	.endm

	.globl	misaligned_load_all
misaligned_load_all:
	save_all
	mv	t5, a2
	mv	t6, a0
	.irp	n, 1,2,3,4,5,6,7,8,9,10,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29
	ld	x\n, 0(t6)
	sd	x\n, \n*8(a1)
	.endr
	each_float float_loaded
	mv	t0, a1
	.irp	n, 11,30,31
	mv	a0, t6
	ld	x\n, 0(a0)
	sd	x\n, \n*8(t0)
	mv	t6, a0
	.endr
	ld	x0, 0(t6)
	sd	x0, 0(t0)
	restore_all

/*
 * void misaligned_store_all(addr): stores each register, which contains its number, at addr + 16 *
 * number.
 */
	.globl	misaligned_store_all
misaligned_store_all:
	save_all
	mv	t6, a0
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	integer_stored \n
	.endr
	.irp	n, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	integer_stored \n
	.endr
	mv	t0, t6
	li	t6, 31
	sd	t6, 31*16(t0)
	addi	t0, t0, 1024
	each_float float_stored
	restore_all
