/* SPDX-License-Identifier: MIT */
/*
 * Ends with a pass if hardware sets A and D from reset on: S-mode stores to a page whose entries
 * have neither, and both are set; reports failure at a page fault.
 */
#include "csr.h"
#include "devices/memmap.h"

/* V, R, W, X of a gigapage at DRAM_BASE; the entry of S-mode's own code has A and D. */
#define ENTRY_BARE (DRAM_BASE / 4 | 0x0f)
#define ENTRY_A_D 0xc0

	.section .text.start, "ax"
	.globl _start
_start:
	la	t0, failed
	csrw	mtvec, t0
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, PMP_NAPOT | PMP_R | PMP_W | PMP_X
	csrw	pmpcfg0, t0
	la	s0, root
	li	t0, ENTRY_BARE | ENTRY_A_D
	sd	t0, (DRAM_BASE >> 30) * 8(s0)
	li	t0, ENTRY_BARE
	sd	t0, 0(s0)
	srli	t0, s0, 12
	li	t1, 8 << SATP_MODE_SHIFT
	or	t0, t0, t1
	csrw	satp, t0
	sfence.vma
	li	t0, MSTATUS_MPP
	csrc	mstatus, t0
	li	t0, MSTATUS_MPP_S
	csrs	mstatus, t0
	la	t0, 1f
	csrw	mepc, t0
	mret
1:	la	t0, cell
	li	t1, DRAM_BASE
	sub	t0, t0, t1
	sd	t1, 0(t0)
	ld	t0, 0(s0)
	li	t1, ENTRY_BARE | ENTRY_A_D
	bne	t0, t1, 2f
	ecall
2:	unimp

	.balign	4
failed:
	li	t1, 1 << 16 | TEST_FAIL
	csrr	t0, mcause
	addi	t0, t0, -ECALL_S
	bnez	t0, 3f
	li	t1, TEST_PASS
3:	li	t0, TEST_BASE
	sw	t1, 0(t0)
4:	j	4b

	.bss
	.balign	4096
root:	.skip	4096
cell:	.skip	8
