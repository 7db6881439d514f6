/* SPDX-License-Identifier: MIT */
/*
 * Executes code on an image: run_image of qemu_guest.c, with the image in a0 and the code in a1.
 * The stack keeps both, since the code may use all x registers except x1 to x4. ra is free before
 * the code runs, and again after it. vstart is written last and read first, because every vector
 * instruction clears it. The signal handler returns to run_resume, too.
 */
	.option arch, +v
	.macro all_registers how
	addi t0, ra, 560
	csrr t1, vlenb
	slli t1, t1, 3
	.irp n, 0, 8, 16, 24
	\how v\n, (t0)
	add t0, t0, t1
	.endr
	.endm
	.macro operands how
	.irp n, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26
	\how x\n, 48+8*\n(ra)
	.endr
	.irp n, 27, 28, 29, 30, 31
	\how x\n, 48+8*\n(ra)
	.endr
	.endm
	.macro floats how
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	\how f\n, 304+8*\n(ra)
	.endr
	.irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\how f\n, 304+8*\n(ra)
	.endr
	.endm
	.macro saved how
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	\how s\n, 8*\n(sp)
	.endr
	.endm

	.text
	.globl run_image, run_resume
run_image:
	addi sp, sp, -128
	saved sd
	sd ra, 96(sp)
	sd a0, 104(sp)
	sd a1, 112(sp)
	mv ra, a0
	fence.i
	all_registers vl8re8.v
	floats fld
	ld t0, 40(ra)
	csrw fcsr, t0
	ld t0, 8(ra)
	ld t1, 16(ra)
	vsetvl t2, t0, t1
	ld t0, 32(ra)
	csrw vcsr, t0
	ld t0, 24(ra)
	csrw vstart, t0
	operands ld
	ld ra, 112(sp)
	jalr ra
run_resume:
	ld ra, 104(sp)
	operands sd
	csrr t0, vstart
	sd t0, 24(ra)
	csrr t0, vl
	sd t0, 8(ra)
	csrr t0, vtype
	sd t0, 16(ra)
	csrr t0, vcsr
	sd t0, 32(ra)
	csrr t0, fcsr
	sd t0, 40(ra)
	floats fsd
	csrw vstart, x0
	all_registers vs8r.v
	saved ld
	ld ra, 96(sp)
	addi sp, sp, 128
	ret
