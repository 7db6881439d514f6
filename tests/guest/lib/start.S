/* SPDX-License-Identifier: MIT */
/*
 * The code from reset to main(), the entry of a probe and the two trap handlers that end it. A hart
 * that runs a probe has its struct context in mscratch; otherwise mscratch is zero and a trap is a
 * failure of the test.
 */
#include "context.h"
#include "csr.h"
#include "devices/memmap.h"
#include "reset.h"

	.section .text.start, "ax"
	.globl _start
_start:
	csrr	t0, mhartid
	bnez	t0, common
	la	t1, reset_values
	sd	a0, 8 * RESET_a0(t1)
	sd	a1, 8 * RESET_a1(t1)
#define RESET(name)					\
	csrr	t2, name;				\
	sd	t2, 8 * RESET_##name(t1);
RESET_CSRS
#undef RESET
common:
	csrr	t0, mhartid
	la	sp, stacks
	addi	t1, t0, 1
	li	t2, STACK_SIZE
	mul	t1, t1, t2
	add	sp, sp, t1
	la	t1, m_trap
	csrw	mtvec, t1
	la	t1, s_trap
	csrw	stvec, t1
	csrw	mscratch, zero
	/* S and U may access all memory, at the lowest priority. */
	li	t1, -1
	csrw	pmpaddr15, t1
	li	t1, 0x1f << 56
	csrw	pmpcfg2, t1
	/* There is no timer at first: reset leaves mtimecmp undefined, and it is 0 here. */
	li	t1, CLINT_BASE + 0x4000
	sh3add	t1, t0, t1
	li	t2, -1
	sd	t2, 0(t1)
	la	t1, harts_here
	li	t2, 1
	amoadd.d zero, t2, (t1)
	mv	a0, t0
	bnez	t0, 1f
	call	main
	call	end
1:	call	secondary
2:	wfi
	j	2b

	.text
/* void context_enter(struct context *c, u64 pc, u64 a0, u64 a1, u64 sp, u64 ra) */
	.globl context_enter
context_enter:
#define KEEP(reg, n) sd	reg, 8 * n(a0);
CONTEXT_KEPT
#undef KEEP
	csrw	mscratch, a0
	csrw	mepc, a1
	mv	sp, a4
	mv	ra, a5
	mv	a0, a2
	mv	a1, a3
	li	a7, 0
	mret

	.balign 4
	.globl m_trap
m_trap:
	csrrw	t6, mscratch, t6
	beqz	t6, unexpected
	sd	a0, 8 * CONTEXT_A0(t6)
	sd	a1, 8 * CONTEXT_A1(t6)
	sd	a2, 8 * CONTEXT_A2(t6)
	sd	a3, 8 * CONTEXT_A3(t6)
	sd	a4, 8 * CONTEXT_A4(t6)
	sd	a6, 8 * CONTEXT_A6(t6)
	sd	a7, 8 * CONTEXT_A7(t6)
	csrr	a0, mcause
	sd	a0, 8 * CONTEXT_CAUSE(t6)
	csrr	a0, mtval
	sd	a0, 8 * CONTEXT_TVAL(t6)
	csrr	a0, mepc
	sd	a0, 8 * CONTEXT_EPC(t6)
	csrr	a0, mstatus
	sd	a0, 8 * CONTEXT_STATUS(t6)
	li	a0, MSTATUS_MPRV
	csrc	mstatus, a0
	csrw	mscratch, zero
	mv	a0, t6
#define KEEP(reg, n) ld	reg, 8 * n(a0);
CONTEXT_KEPT
#undef KEEP
	ret

unexpected:
	csrr	a0, mcause
	csrr	a1, mtval
	csrr	a2, mepc
	la	sp, panic_stack + STACK_SIZE
	j	panic

/* Traps of S-mode are reported to M-mode. */
	.balign 4
	.globl s_trap
s_trap:
	mv	a6, a7
	csrr	a1, scause
	csrr	a2, stval
	csrr	a3, sepc
	csrr	a4, sstatus
	li	a7, PROBE_S_TRAP
	ecall

/* Probes return here. */
	.balign 4
	.globl probe_return
probe_return:
	li	a7, PROBE_DONE
	ecall

	.bss
	.balign 16
	.globl probe_stacks
stacks:
	.skip	STACK_SIZE * HARTS_MAX
probe_stacks:
	.skip	STACK_SIZE * HARTS_MAX
panic_stack:
	.skip	STACK_SIZE
	.data
	.balign	8
	.globl	reset_values
reset_values:
	.skip	8 * RESET_COUNT
	.globl	harts_here
harts_here:
	.dword	0
