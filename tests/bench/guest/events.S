/* SPDX-License-Identifier: MIT */
/*
 * One event of an operating system, COUNT times, for the cost of one in host instructions
 * (../events). EVENT is a macro below. It runs in S-mode, or with USER defined in U-mode, whose
 * calls the handler answers at once; a7 other than 0 ends the machine.
 */
	.macro nothing
	.endm
	.macro read_sscratch
	csrr t0, sscratch
	.endm
	.macro read_sepc
	csrr t0, sepc
	.endm
	.macro read_scause
	csrr t0, scause
	.endm
	.macro read_sstatus
	csrr t0, sstatus
	.endm
	.macro read_satp
	csrr t0, satp
	.endm
	.macro swap_sscratch
	csrrw t0, sscratch, t0
	.endm
	.macro write_sepc
	csrw sepc, t1
	.endm
	.macro write_sstatus
	csrw sstatus, t2
	.endm
	.macro toggle_sie
	csrci sstatus, 2
	csrsi sstatus, 2
	.endm
	.macro toggle_sum
	csrs sstatus, t3
	csrc sstatus, t3
	.endm
	.macro write_sie
	csrw sie, zero
	.endm
	.macro call
	ecall
	.endm

	.globl _start
_start:
	csrr t0, mhartid
	bnez t0, halt
	li t0, -1
	csrw pmpaddr0, t0
	li t0, 31
	csrw pmpcfg0, t0
	li t0, 0xb1ff /* medeleg: all that S-mode can have, but its own calls */
	csrw medeleg, t0
	la t0, trap
	csrw stvec, t0
	li t0, 0x1800 /* mstatus.MPP */
	csrc mstatus, t0
	.ifndef USER
	li t0, 0x0800
	csrs mstatus, t0
	.endif
	la t1, run
	csrw mepc, t1
	csrr t2, mstatus
	li t3, 0x40000 /* SUM */
	li s0, COUNT
	mret
	.balign 64
run:
	EVENT
	addi s0, s0, -1
	bnez s0, run
	.ifdef USER
	li a7, 1
	ecall
	.endif
end:
	li t0, 0x5555
	li t1, 0x100000
	sw t0, 0(t1)
halt:
	wfi
	j halt

	.balign 64
trap:
	csrr t0, sepc
	addi t0, t0, 4
	csrw sepc, t0
	bnez a7, end
	sret
