/* SPDX-License-Identifier: MIT */
/*
 * Accesses that may trap and the call that survives it (see guarded.h). While such an access runs,
 * mtvec points back into guarded_call, so probing a CSR needs no decoder and no second handler.
 */
#include "firmware/csr.h"

	.option	norvc		/* all instructions have 4 bytes: targets of mtvec are aligned */
	.text
	.balign	8

/*
 * struct guarded guarded_call2(u64 (*function)(u64, u64), u64 arg0, u64 arg1); guarded_call has one
 * argument.
 */
	.globl guarded_call, guarded_call2
guarded_call:
guarded_call2:
	addi	sp, sp, -32
	sd	ra, 0(sp)
	sd	s0, 8(sp)
	sd	s1, 16(sp)
	csrr	s1, mstatus
	la	t0, 1f
	csrrw	s0, mtvec, t0
	mv	t0, a0
	mv	a0, a1
	mv	a1, a2
	jalr	t0
	li	a1, 1
	j	2f
1:	csrr	a0, mcause
	li	a1, 0
2:	csrw	mtvec, s0
	csrw	mstatus, s1
	ld	ra, 0(sp)
	ld	s0, 8(sp)
	ld	s1, 16(sp)
	addi	sp, sp, 32
	ret

	.macro	optional_csr name, number
	.globl	csr_read_\name, csr_write_\name
csr_read_\name:
	csrr	a0, \number
	ret
csr_write_\name:
	csrw	\number, a0
	ret
	.endm

	optional_csr	fcsr, 0x003
	optional_csr	mcountinhibit, 0x320
	optional_csr	menvcfg, 0x30a
	optional_csr	mseccfg, 0x747
	optional_csr	mstateen0, 0x30c
	optional_csr	mstateen1, 0x30d
	optional_csr	mstateen2, 0x30e
	optional_csr	mstateen3, 0x30f
	optional_csr	pmpaddr0, 0x3b0
	optional_csr	pmpaddr1, 0x3b1
	optional_csr	pmpaddr2, 0x3b2
	optional_csr	pmpaddr3, 0x3b3
	optional_csr	pmpaddr4, 0x3b4
	optional_csr	pmpcfg0, 0x3a0
	optional_csr	scountovf, 0xda0
	optional_csr	stimecmp, 0x14d
	optional_csr	tselect, 0x7a0
	optional_csr	tdata1, 0x7a1
	optional_csr	tdata2, 0x7a2
	optional_csr	tdata3, 0x7a3
	optional_csr	tinfo, 0x7a4

/* Two instructions, 8 bytes, per element: no instruction takes a CSR number from a register. */
	.macro	csr_table name, op:vararg
	.globl	\name
\name:
	.set	index, 0
	.rept	32
	\op
	ret
	.set	index, index + 1
	.endr
	.endm

	csr_table csr_read_counter, csrr a0, 0xb00 + index
	csr_table csr_write_counter, csrw 0xb00 + index, a0
	csr_table csr_read_event, csrr a0, 0x320 + index
	csr_table csr_write_event, csrw 0x320 + index, a0

	.globl guarded_load_byte, guarded_load, guarded_store, guarded_store_word
	.globl guarded_load_as_caller
guarded_load_byte:
	lbu	a0, 0(a0)
	ret
guarded_load:
	ld	a0, 0(a0)
	ret
guarded_store:
	sd	a1, 0(a0)
	ret
guarded_store_word:
	sw	a1, 0(a0)
	ret
/* QEMU 7.2 keeps M-mode's cached translation of the address when MPRV changes: hence the fence. */
guarded_load_as_caller:
	li	t0, MSTATUS_MPRV
	csrs	mstatus, t0
	sfence.vma a0
	ld	a0, 0(a0)
	csrc	mstatus, t0
	ret

/* Memory of a caller that runs now. guarded_call restores mstatus, so these functions need not. */
	.globl guarded_load_byte_as_caller, guarded_store_byte_as_caller
	.globl guarded_fetch_half_as_caller
guarded_load_byte_as_caller:
	li	t0, MSTATUS_MPRV
	csrs	mstatus, t0
	lbu	a0, 0(a0)
	ret
guarded_store_byte_as_caller:
	li	t0, MSTATUS_MPRV
	csrs	mstatus, t0
	sb	a1, 0(a0)
	ret
guarded_fetch_half_as_caller:
	li	t0, MSTATUS_MPRV | MSTATUS_MXR
	csrs	mstatus, t0
	lhu	a0, 0(a0)
	ret
