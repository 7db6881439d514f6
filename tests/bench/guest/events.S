/* SPDX-License-Identifier: MIT */
/*
 * Events of operating systems, for the cost of one in host instructions (../events). EVENTS is
 * `measure EVENT, MODE` for each of them: a loop of COUNT events, run twice, as what is measured is
 * the second time, when all is warm. An event is a macro below. It runs in the mode MODE: S, or U,
 * which has translation, or VS or VU with a second stage. The handler of a trap is a write of sepc
 * and SRET. A loop ends by a software interrupt for M-mode, whose writes of msip tell ../events
 * where it begins and ends.
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
	.macro toggle_fs
	csrc sstatus, a2
	csrs sstatus, a2
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
	/* No event, but a loop in that of events. */
	.macro rounds
	mv a2, s1
	addi a3, s1, 24
6:	ld t0, 0(a2)
	addi a2, a2, 8
	add t5, t5, t0
	bne a2, a3, 6b
	.endm
	.macro two_pages
	j 5f
	.balign 4096
	.space 4094
5:	xori t0, t0, 1
	.endm

	.equ U, 0
	.equ S, 1
	.equ VU, 4
	.equ VS, 5
	.equ MSIP, 0x2000000

	/* s9 is where the mode sees msip, and t1 where a handler of the event goes on. */
	.macro measure event, mode
	li s10, \mode
	la s8, 1f
	la t1, 2f
	la a1, 3f
	la s11, 4f
	j enter
	.balign 64
1:	\event
2:	addi s0, s0, -1
	bnez s0, 1b
	.if \mode == S
	csrw satp, zero
	.endif
	li t0, 1
	sw t0, 0(s9)
	j .
	/* The handler is the event's own: native code is of one mode. */
	.balign 64
3:	csrw sepc, t1
	sret
4:
	.endm

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
	la t0, interrupt
	csrw mtvec, t0
	csrwi mie, 8 /* MSIE */
	csrr s7, mstatus
	EVENTS
	li t0, 0x5555
	li t1, 0x100000
	sw t0, 0(t1)
halt:
	wfi
	j halt

/* Enters the mode s10 at s8, in a hart that knows nothing of the event before. */
enter:
	csrw stvec, a1
	csrw vstvec, a1
	csrw satp, zero
	csrw hgatp, zero
	csrw hedeleg, zero
	csrw sie, zero
	sfence.vma
	.insn 4, 0x62000073 /* hfence.gvma */
	li t2, 0x1800 /* mstatus.MPP */
	not t2, t2
	and t2, s7, t2
	andi t0, s10, 1
	slli t0, t0, 11
	or t2, t2, t0
	li t4, 0 /* where nothing is mapped */
	li s9, MSIP
	li t5, S
	beq s10, t5, 2f
	li t5, U
	bne s10, t5, 1f
	la t0, user_tables
	srli t0, t0, 12
	li t5, 8 << 60 /* Sv39 */
	or t0, t0, t5
	csrw satp, t0
	li t0, 0x40000000 /* the user's view of the same gigabytes */
	add s8, s8, t0
	add t1, t1, t0
	add s9, s9, t0
	j 2f
1:	li t0, 1 << 39 /* mstatus.MPV */
	or t2, t2, t0
	la t0, guest_tables
	srli t0, t0, 12
	li t5, 8 << 60 /* Sv39x4 */
	or t0, t0, t5
	csrw hgatp, t0
	li t4, 0x40000000
	li t5, VU
	bne s10, t5, 2f
	li t0, 1 << 8 /* calls of VU-mode go to VS-mode */
	csrw hedeleg, t0
2:	csrw mstatus, t2
	li t3, 0x40000 /* SUM */
	li a2, 0x6000 /* FS */
	/* Two pages of one entry of the TLB; a page at two addresses of one in its second level. */
	li s1, 0xc8000000
	li s2, 0x8000000
	mv s3, s1
	li s4, 0x1c0000000
	/* Two address spaces. */
	la s5, user_tables
	srli s5, s5, 12
	li t0, 8 << 60 /* Sv39 */
	or s5, s5, t0
	li s6, 1 << 44 | 1 /* another ASID, the tables behind */
	li a0, 1 /* so often is the loop run again */
	j again

/* A loop ends. The mode's registers are as they were, but for t0. */
	.balign 64
interrupt:
	bnez a0, 1f
	jr s11
1:	addi a0, a0, -1
again:
	li s0, COUNT
	csrw mepc, s8
	li t0, MSIP
	sw zero, 0(t0)
	mret

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
