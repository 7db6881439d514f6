/* SPDX-License-Identifier: MIT */
/*
 * run_image of qemu_guest.c: a0 is the image, a1 the code. s2 and s3 keep them, since the
 * instruction names x5 to x15 alone. vstart is set last and read first, as every vector instruction
 * clears it. The handler of signals comes to run_resume, too.
 */
	.option arch, +v
	.macro all_registers how
	addi t0, s2, 560
	csrr t1, vlenb
	slli t1, t1, 3
	.irp n, 0, 8, 16, 24
	\how v\n, (t0)
	add t0, t0, t1
	.endr
	.endm
	.macro operands how
	.irp n, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	\how x\n, 48+8*\n(s2)
	.endr
	.endm
	.macro floats how
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	\how f\n, 304+8*\n(s2)
	.endr
	.irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\how f\n, 304+8*\n(s2)
	.endr
	.endm

	.text
	.globl run_image, run_resume
run_image:
	addi sp, sp, -48
	sd ra, 32(sp)
	sd s0, 24(sp)
	sd s1, 16(sp)
	sd s2, 8(sp)
	sd s3, 0(sp)
	mv s2, a0
	mv s3, a1
	fence.i
	all_registers vl8re8.v
	floats fld
	ld t0, 40(s2)
	csrw fcsr, t0
	ld t0, 8(s2)
	ld t1, 16(s2)
	vsetvl t2, t0, t1
	ld t0, 32(s2)
	csrw vcsr, t0
	ld t0, 24(s2)
	csrw vstart, t0
	operands ld
	jalr s3
run_resume:
	operands sd
	csrr t0, vstart
	sd t0, 24(s2)
	csrr t0, vl
	sd t0, 8(s2)
	csrr t0, vtype
	sd t0, 16(s2)
	csrr t0, vcsr
	sd t0, 32(s2)
	csrr t0, fcsr
	sd t0, 40(s2)
	floats fsd
	csrw vstart, x0
	all_registers vs8r.v
	ld ra, 32(sp)
	ld s0, 24(sp)
	ld s1, 16(sp)
	ld s2, 8(sp)
	ld s3, 0(sp)
	addi sp, sp, 48
	ret
