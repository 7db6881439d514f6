/* SPDX-License-Identifier: MIT */
/*
 * Reset of a benchmark in M-mode, on hart 0: stack, floating point and vectors on, all memory
 * allowed to the lower modes, .bss zeroed, then main. Any trap that a benchmark did not ask for
 * fails the run.
 */
	.section .text.start, "ax"
	.globl _start
_start:
	csrr t0, mhartid
1:	beqz t0, 2f
	wfi
	j 1b
2:	la sp, _stack
	la t0, unexpected_entry
	csrw mtvec, t0
	li t0, 0x2200 /* mstatus.FS, and VS if there is one: Initial */
	csrs mstatus, t0
	li t0, -1
	csrw pmpaddr0, t0
	li t0, 0x1f /* NAPOT, R, W, X */
	csrw pmpcfg0, t0
	la t0, _bss
	la t1, _bss_end
3:	bgeu t0, t1, 4f
	sd zero, 0(t0)
	addi t0, t0, 8
	j 3b
4:	call main
	tail bench_end

	.align 2
unexpected_entry:
	la sp, _stack
	csrr a0, mcause
	csrr a1, mepc
	csrr a2, mtval
	tail bench_unexpected
