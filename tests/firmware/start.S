/* SPDX-License-Identifier: MIT */
/*
 * The assembly of the S-mode test guest: entry of the first hart and of others, the trap vector,
 * ECALL, and a check of registers that is not possible in C. tp contains the hart id.
 */
#include "devices/memmap.h"

#define FRAME_SIZE 256

	.section .text.start, "ax"
	.globl	_start
_start:
	la	t0, bss_start
	la	t1, bss_end
1:	sd	zero, 0(t0)
	addi	t0, t0, 8
	bltu	t0, t1, 1b
	mv	tp, a0
	call	stack
	call	main
	j	.

	.globl	start_secondary
start_secondary:
	mv	tp, a0
	csrr	a2, satp
	csrr	a3, sstatus
	call	stack
	call	secondary
	j	.

/* Sets sp and the trap vector for the hart in tp. Does not change a0 to a7. */
stack:	la	sp, stacks
	addi	t1, tp, 1
	slli	t1, t1, 12
	add	sp, sp, t1
	la	t0, trap_vector
	csrw	stvec, t0
	ret

	.text
	.globl	sbi_ecall
sbi_ecall:
	ecall
	ret

	.balign	4
trap_vector:
	addi	sp, sp, -FRAME_SIZE
	.irp	n, 1,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sd	x\n, \n*8(sp)
	.endr
	mv	a0, sp
	call	trap
	.irp	n, 1,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ld	x\n, \n*8(sp)
	.endr
	addi	sp, sp, FRAME_SIZE
	sret

/*
 * Enters the mode in sstatus.SPP (and hstatus.SPV), with mode_args in a1 and a2. It returns by a
 * trap, which `trap` catches.
 */
	.globl	enter_mode
enter_mode:
	csrw	sepc, a0
	la	t0, trap_saved_ra
	sd	ra, 0(t0)
	la	t0, mode_args
	ld	a1, 0(t0)
	ld	a2, 8(t0)
	sret
	.globl	left_mode
left_mode:
	la	t0, trap_saved_ra
	ld	ra, 0(t0)
	ret

/*
 * s64 suspend_system(opaque): suspends to RAM. Returns 1 if execution continued at resume_addr,
 * with the values of a0, a1, satp and sstatus there in `resumed`; else the call's error.
 */
	.globl	suspend_system
suspend_system:
	la	t0, suspended
	sd	ra, 0(t0)
	.irp	n, 2,4,8,9,18,19,20,21,22,23,24,25,26,27
	sd	x\n, \n*8(t0)
	.endr
	mv	a2, a0
	li	a0, 0
	la	a1, 1f
	li	a6, 0
	li	a7, 0x53555350
	ecall
	ret
1:	la	t0, resumed
	sd	a0, 0(t0)
	sd	a1, 8(t0)
	csrr	a0, satp
	csrr	a1, sstatus
	sd	a0, 16(t0)
	sd	a1, 24(t0)
	la	t0, trap_vector
	csrw	stvec, t0
	la	t0, suspended
	ld	ra, 0(t0)
	.irp	n, 2,4,8,9,18,19,20,21,22,23,24,25,26,27
	ld	x\n, \n*8(t0)
	.endr
	li	a0, 1
	ret

/*
 * The entry of an SSE event. a6 is the hart; a7 points to a `struct handler` of test_sse.c, with
 * the end of a stack, the code to call, and room for a6. All registers are restored; the firmware
 * restores a6 and a7.
 */
	.globl	sse_entry
sse_entry:
	sd	a6, 16(a7)
	ld	a6, 0(a7)
	addi	a6, a6, -FRAME_SIZE
	.irp	n, 1,2,3,5,6,7,8,9,10,11,12,13,14,15,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sd	x\n, \n*8(a6)
	.endr
	mv	sp, a6
	mv	a0, a7
	ld	t0, 8(a7)
	jalr	t0
	mv	a6, sp
	.irp	n, 1,2,3,5,6,7,8,9,10,11,12,13,14,15,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ld	x\n, \n*8(a6)
	.endr
	li	a6, 6
	li	a7, 0x535345
	ecall
	j	.

/*
 * u64 preserved_registers(function, extension): returns a bit for each register that the ECALL
 * changed.
 */
	.globl	preserved_registers
preserved_registers:
	addi	sp, sp, -FRAME_SIZE
	.irp	n, 1,3,4,8,9,18,19,20,21,22,23,24,25,26,27
	sd	x\n, \n*8(sp)
	.endr
	mv	a6, a0
	mv	a7, a1
	sd	a6, 16*8(sp)
	sd	a7, 17*8(sp)
	.irp	n, 1,3,4,5,6,7,8,9,12,13,14,15,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	li	x\n, 0x5a5a5a5a00 + \n
	.endr
	ecall
	li	a0, 0
	.irp	n, 1,3,4,5,6,7,8,9,12,13,14,15,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	li	a1, 0x5a5a5a5a00 + \n
	beq	x\n, a1, 1f
	li	a1, 1 << \n
	or	a0, a0, a1
1:
	.endr
	ld	a1, 16*8(sp)
	beq	a6, a1, 1f
	li	a1, 1 << 16
	or	a0, a0, a1
1:	ld	a1, 17*8(sp)
	beq	a7, a1, 1f
	li	a1, 1 << 17
	or	a0, a0, a1
1:
	.irp	n, 1,3,4,8,9,18,19,20,21,22,23,24,25,26,27
	ld	x\n, \n*8(sp)
	.endr
	addi	sp, sp, FRAME_SIZE
	ret

	.bss
	.balign	16
	.globl	stacks
stacks:
	.zero	4096 * MAX_HARTS
trap_saved_ra:
	.zero	8
suspended:
	.zero	FRAME_SIZE
	.globl	resumed
resumed:
	.zero	32
	.globl	mode_args
mode_args:
	.zero	16
