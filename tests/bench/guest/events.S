/* SPDX-License-Identifier: MIT */
/*
 * One event of an operating system, COUNT times, for the cost of one in host instructions
 * (../events). EVENT is a macro below. It runs in the mode MODE: S, or U, which has translation, or
 * VS or VU with a second stage. The handler of a trap is a write of sepc and SRET.
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
	.macro write_satp
	xor s5, s5, s6
	csrw satp, s5
	.endm
	.macro call
	ecall
	.endm
	.macro miss
	xor s1, s1, s2
	ld t0, 0(s1)
	.endm
	.macro walk
	xor s3, s3, s4
	ld t0, 0(s3)
	.endm
	.macro fault
	ld t0, 0(t4)
	.endm

	.equ U, 0
	.equ S, 1
	.equ VU, 4
	.equ VS, 5

	.globl _start
_start:
	csrr t0, mhartid
	bnez t0, halt
	li t0, -1
	csrw pmpaddr0, t0
	li t0, 31
	csrw pmpcfg0, t0
	li t0, 0xf0b5ff /* medeleg: all that S-mode can have, but its own calls */
	csrw medeleg, t0
	la t0, trap
	csrw stvec, t0
	li t0, 0x1800 /* mstatus.MPP */
	csrc mstatus, t0
	li t0, (MODE & 1) << 11
	csrs mstatus, t0
	la t1, run
	li t4, 0 /* where nothing is mapped */
	.if MODE == U
	la t0, user_tables
	srli t0, t0, 12
	li t2, 8 << 60 /* Sv39 */
	or t0, t0, t2
	csrw satp, t0
	sfence.vma
	li t0, 0x40000000 /* the user's view of the same gigabyte */
	add t1, t1, t0
	.endif
	.if MODE & 4
	li t0, 1 << 39 /* mstatus.MPV */
	csrs mstatus, t0
	la t0, guest_tables
	srli t0, t0, 12
	li t2, 8 << 60 /* Sv39x4 */
	or t0, t0, t2
	csrw hgatp, t0
	.insn 4, 0x62000073 /* hfence.gvma */
	li t4, 0x40000000
	.if MODE == VU
	li t0, 1 << 8 /* calls of VU-mode go to VS-mode */
	csrw hedeleg, t0
	la t0, trap
	csrw vstvec, t0
	.endif
	.endif
	csrw mepc, t1
	la t0, run
	sub t1, t1, t0
	la t0, behind
	add t1, t1, t0
	csrr t2, mstatus
	li t3, 0x40000 /* SUM */
	li s0, COUNT
	/* Two pages of one entry of the TLB; a page at two addresses of one in its second level. */
	li s1, 0xc1000000
	li s2, 0x400000
	mv s3, s1
	li s4, 0x1c0000000
	/* Two address spaces. */
	la s5, user_tables
	srli s5, s5, 12
	li t0, 8 << 60 /* Sv39 */
	or s5, s5, t0
	li s6, 1 << 44 | 1 /* another ASID, the tables behind */
	mret
	.balign 64
run:
	EVENT
behind:
	addi s0, s0, -1
	bnez s0, run
	li t0, 0x5555
	li t1, 0x100000
	.if MODE == U
	li t1, 0x40100000
	.endif
	.if MODE == S
	csrw satp, zero
	.endif
	sw t0, 0(t1)
halt:
	wfi
	j halt

	.balign 64
trap:
	csrw sepc, t1
	sret

	/* Gigabytes 2, the kernel's, and 3 and 4, the user's, are the one at 2; 1 is devices. */
	.balign 8192
user_tables:
	.rept 2
	.dword 0
	.dword 0x000000d7
	.dword 0x200000cf
	.dword 0x200000df
	.dword 0x200000df
	.fill 507, 8, 0
	.endr

	.balign 16384
guest_tables:
	.dword 0x000000d7
	.dword 0
	.dword 0x200000df
	.fill 2045, 8, 0
