/* SPDX-License-Identifier: MIT */
/*
 * Entry into S-mode, the trap vectors of S and M, and the way back to U. While a program runs,
 * sscratch holds its frame; in the kernel it is zero.
 */
	.set FRAME_SEPC, 32 * 8
	.set FRAME_SSTATUS, 33 * 8
	.set FRAME_CAUSE, 34 * 8
	.set FRAME_TVAL, 35 * 8

/* Registers from the frame at a0, to the frame at tp. */
	.macro load numbers:vararg
	.irp n, \numbers
	ld x\n, \n * 8(a0)
	.endr
	.endm
	.macro save numbers:vararg
	.irp n, \numbers
	sd x\n, \n * 8(tp)
	.endr
	.endm

	.bss
	.balign 16
	.space 8192
kernel_stack:
	.space 8 /* sp of kernel_run */
kernel_sp = kernel_stack
	.balign 16
	.space 4096
m_stack:
	.text

	.globl kernel_enter
kernel_enter:
	csrw satp, a0
	sfence.vma
	li t0, 0xb1ff /* medeleg: all that S-mode can have, but its own calls */
	csrw medeleg, t0
	la t0, m_trap
	csrw mtvec, t0
	la t0, m_stack
	csrw mscratch, t0
	la t0, s_trap
	csrw stvec, t0
	csrw sscratch, zero
	li t0, -1
	csrw mcounteren, t0
	li t0, 0x1800 /* mstatus.MPP := S */
	csrc mstatus, t0
	li t0, 0x0800
	csrs mstatus, t0
	la t0, 1f
	csrw mepc, t0
	mret
1:	la sp, kernel_stack
	call kernel_main
	tail bench_end

	.globl kernel_run
kernel_run:
	addi sp, sp, -112
	sd ra, 0(sp)
	sd s0, 8(sp)
	sd s1, 16(sp)
	sd s2, 24(sp)
	sd s3, 32(sp)
	sd s4, 40(sp)
	sd s5, 48(sp)
	sd s6, 56(sp)
	sd s7, 64(sp)
	sd s8, 72(sp)
	sd s9, 80(sp)
	sd s10, 88(sp)
	sd s11, 96(sp)
	la t0, kernel_sp
	sd sp, 0(t0)

/* a0: frame of the program to go on with. */
resume:
	csrw sscratch, a0
	ld t0, FRAME_SEPC(a0)
	ld t1, FRAME_SSTATUS(a0)
	csrw sepc, t0
	csrw sstatus, t1
	load 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17
	load 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld a0, 10 * 8(a0)
	sret

	.globl kernel_leave
kernel_leave:
	csrw sscratch, zero
	la t0, kernel_sp
	ld sp, 0(t0)
	ld ra, 0(sp)
	ld s0, 8(sp)
	ld s1, 16(sp)
	ld s2, 24(sp)
	ld s3, 32(sp)
	ld s4, 40(sp)
	ld s5, 48(sp)
	ld s6, 56(sp)
	ld s7, 64(sp)
	ld s8, 72(sp)
	ld s9, 80(sp)
	ld s10, 88(sp)
	ld s11, 96(sp)
	addi sp, sp, 112
	ret

	.balign 4
s_trap:
	csrrw tp, sscratch, tp
	beqz tp, trap_in_kernel
	save 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
	save 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	csrrw t0, sscratch, zero
	sd t0, 4 * 8(tp)
	csrr t0, sepc
	csrr t1, sstatus
	csrr t2, scause
	csrr t3, stval
	sd t0, FRAME_SEPC(tp)
	sd t1, FRAME_SSTATUS(tp)
	sd t2, FRAME_CAUSE(tp)
	sd t3, FRAME_TVAL(tp)
	la t0, kernel_sp
	ld sp, 0(t0)
	mv a0, tp
	call kernel_trap
	j resume

trap_in_kernel:
	csrr a0, scause
	csrr a1, sepc
	csrr a2, stval
	tail bench_unexpected

/* A call of the kernel to machine mode: adds a1 to a0, after saving what a C handler may change. */
	.balign 4
m_trap:
	csrrw sp, mscratch, sp
	addi sp, sp, -144
	sd ra, 0(sp)
	sd t0, 8(sp)
	sd t1, 16(sp)
	sd t2, 24(sp)
	sd t3, 32(sp)
	sd t4, 40(sp)
	sd t5, 48(sp)
	sd t6, 56(sp)
	sd a1, 64(sp)
	sd a2, 72(sp)
	sd a3, 80(sp)
	sd a4, 88(sp)
	sd a5, 96(sp)
	sd a6, 104(sp)
	sd a7, 112(sp)
	csrr t0, mcause
	li t1, 9 /* environment call from S-mode */
	bne t0, t1, trap_in_machine
	csrr t0, mepc
	addi t0, t0, 4
	csrw mepc, t0
	add a0, a0, a1
	ld ra, 0(sp)
	ld t0, 8(sp)
	ld t1, 16(sp)
	ld t2, 24(sp)
	ld t3, 32(sp)
	ld t4, 40(sp)
	ld t5, 48(sp)
	ld t6, 56(sp)
	ld a1, 64(sp)
	ld a2, 72(sp)
	ld a3, 80(sp)
	ld a4, 88(sp)
	ld a5, 96(sp)
	ld a6, 104(sp)
	ld a7, 112(sp)
	addi sp, sp, 144
	csrrw sp, mscratch, sp
	mret

trap_in_machine:
	csrr a0, mcause
	csrr a1, mepc
	csrr a2, mtval
	tail bench_unexpected
