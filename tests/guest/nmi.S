/* SPDX-License-Identifier: MIT */
/*
 * A guest of non-maskable interrupts (Smrnmi) that come from outside: test_nmi.c starts it, sends
 * them, and knows what each must find. Hart 0 is interrupted with NMIE clear, in M-mode, in U-mode,
 * in VS-mode and in WFI, in this order; then the machine ends with a pass. Other harts sleep. The
 * handler writes mncause, mnepc, mnstatus and mcause of an exception in it to a table, whose
 * address test_nmi.c knows.
 */
#include "csr.h"
#include "devices/memmap.h"

#define MNSCRATCH 0x740
#define MNEPC 0x741
#define MNCAUSE 0x742
#define MNSTATUS 0x744
#define MNSTATUS_NMIE (1 << 3)
#define MNSTATUS_MNPV (1 << 7)
#define MNSTATUS_MNPP (3 << 11)
#define MNSTATUS_MNPP_S (1 << 11)
#define HART_SHIFT 10

	.section .text.start, "ax"
	.globl _start
_start:
	csrr	t0, mhartid
	slli	t1, t0, HART_SHIFT
	la	s1, table
	add	s1, s1, t1
	li	t1, -1
	csrw	pmpaddr0, t1
	li	t1, PMP_NAPOT | PMP_R | PMP_W | PMP_X
	csrw	pmpcfg0, t1
	bnez	t0, sleep
	li	t1, 200
1:	addi	t1, t1, -1
	bnez	t1, 1b
	csrsi	MNSTATUS, MNSTATUS_NMIE
	/* An interrupt that came before is taken here. */
spin:	j	spin

sleep:	csrsi	MNSTATUS, MNSTATUS_NMIE
1:	wfi
	j	1b

	/* The rnmi-interrupt-vector. */
	.org 0x100
	csrw	MNSCRATCH, t0
	csrr	t0, MNCAUSE
	sd	t0, 0(s1)
	csrr	t0, MNEPC
	sd	t0, 8(s1)
	csrr	t0, MNSTATUS
	sd	t0, 16(s1)
	unimp
	sd	a0, 24(s1)
	addi	s1, s1, 32
	csrr	t0, mhartid
	bnez	t0, back
	/* The place to go on after the n-th. */
	addi	s0, s0, 1
	li	t0, 2
	beq	s0, t0, to_user
	li	t0, 3
	beq	s0, t0, to_guest
	li	t0, 4
	beq	s0, t0, to_wfi
back:	csrr	t0, MNSCRATCH
	.word	0x70200073 /* mnret */

to_user:
	li	t0, MNSTATUS_MNPP
	csrc	MNSTATUS, t0
	la	t0, user
	j	to
to_guest:
	li	t0, MNSTATUS_MNPP_S | MNSTATUS_MNPV
	csrs	MNSTATUS, t0
	la	t0, guest
	j	to
to_wfi:
	li	t0, MNSTATUS_MNPV
	csrc	MNSTATUS, t0
	li	t0, MNSTATUS_MNPP
	csrs	MNSTATUS, t0
	la	t0, wait
to:	csrw	MNEPC, t0
	j	back

	/* The rnmi-exception-vector, for the unimp above; a0 is what it was. */
	.org 0x200
	csrr	a0, mepc
	addi	a0, a0, 2
	csrw	mepc, a0
	csrr	a0, mcause
	mret

user:	j	user
guest:	j	guest
	/* Nothing else may wake it; the pin of external interrupts could. */
wait:	li	t0, 1 << MEI
	csrw	mie, t0
	wfi
	li	t0, TEST_BASE
	li	t1, TEST_PASS
	sw	t1, 0(t0)
1:	j	1b

	.org 0x1000
table:	.zero	8 << HART_SHIFT
