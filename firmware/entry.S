/* SPDX-License-Identifier: MIT */
/*
 * The entry point of all harts at once, in M-mode: a0 hart id, a1 device tree, a2 fw_dynamic_info.
 * Picks the boot hart, gives each hart a stack, and enters C (main.c). After that, the way into
 * M-mode by a trap, and back. In C code tp holds this hart's struct; mscratch holds it while S or U
 * run, and 0 while the firmware runs.
 */
#include "devices/memmap.h"
#include "firmware/csr.h"
#include "firmware/layout.h"

	.section .text.start, "ax"
	.globl	_start
_start:
	csrw	mie, zero
	csrw	mscratch, zero
	la	t0, park
	csrw	mtvec, t0
	csrr	a0, mhartid
	li	t0, MAX_HARTS
	bgeu	a0, t0, park

	/*
	 * The previous stage may name the boot hart (fw_dynamic_info version 2). Without such a
	 * struct at a2, or when the hart it names does not exist, the first hart that arrives
	 * boots.
	 */
	la	t0, lottery
	csrw	mtvec, t0
	ld	t1, 0(a2)
	li	t2, INFO_MAGIC
	bne	t1, t2, lottery
	ld	t1, INFO_VERSION(a2)
	li	t2, 2
	bltu	t1, t2, lottery
	ld	t1, INFO_BOOT_HART(a2)
	li	t2, MAX_HARTS
	bgeu	t1, t2, lottery
	beq	t1, a0, lottery
	/*
	 * The other harts wait a second for the named one; after that they assume that it does not
	 * exist.
	 */
	la	t0, memory_ready
	li	t1, MTIME
	ld	t2, 0(t1)
	li	t3, TIMEBASE_HZ
	add	t2, t2, t3
1:	.4byte	0x0100000f		/* PAUSE */
	ld	t3, 0(t0)
	bnez	t3, warm
	ld	t3, 0(t1)
	bltu	t3, t2, 1b
	.balign	4
lottery:
	la	t0, tickets
	li	t1, 1
	amoadd.d t1, t1, (t0)
	beqz	t1, boot

warm:	la	t0, park
	csrw	mtvec, t0
	la	t0, memory_ready
1:	.4byte	0x0100000f		/* PAUSE */
	ld	t1, 0(t0)
	beqz	t1, 1b
	fence	r, rw
	la	t2, main_warm
	j	enter

boot:	la	t0, park
	csrw	mtvec, t0
	la	t0, bss_start
	la	t1, bss_end
1:	sd	zero, 0(t0)
	addi	t0, t0, 8
	bltu	t0, t1, 1b
	fence	rw, w
	la	t0, memory_ready
	li	t1, 1
	sd	t1, 0(t0)
	la	t2, main_boot

enter:	la	tp, hart_areas
	li	t0, HART_AREA_SIZE
	mul	t1, t0, a0
	add	tp, tp, t1
	add	sp, tp, t0
	mv	t0, tp
1:	sd	zero, 0(t0)
	addi	t0, t0, 8
	bltu	t0, sp, 1b
	/* With Smdbltrp a trap is an error while MDT is set, and each trap sets it. */
	li	t3, MSTATUS_MDT
	csrc	mstatus, t3
	/* With Smrnmi no interrupt is taken until NMIE is set; without it there is no such CSR. */
	la	t0, 1f
	csrw	mtvec, t0
	csrsi	CSR_MNSTATUS, MNSTATUS_NMIE
	.balign	4
1:	csrc	mstatus, t3
	la	t0, trap_entry
	csrw	mtvec, t0
	jr	t2

/* This hart cannot continue, and there is no console yet on which it could report that. */
	.balign	4
park:	wfi
	j	park

	.balign	4
trap_entry:
	csrrw	tp, mscratch, tp
	beqz	tp, 1f
	sd	x1, 1*8(tp)
	sd	x2, 2*8(tp)
	sd	x3, 3*8(tp)
	.irp	n, 5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sd	x\n, \n*8(tp)
	.endr
	csrrw	t0, mscratch, zero
	csrr	t1, mepc
	csrr	t2, mstatus
	sd	t0, 4*8(tp)
	sd	t1, FRAME_MEPC(tp)
	sd	t2, FRAME_MSTATUS(tp)
	/* All registers are saved: accesses to probe a CSR may trap from here on (Smdbltrp). */
	li	t0, MSTATUS_MDT
	csrc	mstatus, t0
	li	t0, HART_AREA_SIZE
	add	sp, tp, t0
	mv	a0, tp
	call	trap_handle

/* Returns to the mode and address that this hart's frame describes; also enters the next stage. */
	.globl	trap_return
trap_return:
	ld	t1, FRAME_MEPC(tp)
	ld	t2, FRAME_MSTATUS(tp)
	csrw	mepc, t1
	csrw	mstatus, t2
	csrw	mscratch, tp
	ld	x1, 1*8(tp)
	ld	x2, 2*8(tp)
	ld	x3, 3*8(tp)
	.irp	n, 5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ld	x\n, \n*8(tp)
	.endr
	ld	tp, 4*8(tp)
	mret

/* A trap of the firmware itself: a bug. mscratch held 0; give tp back and report the trap. */
1:	csrrw	tp, mscratch, tp
	tail	trap_panic

	.data
	.balign	8
tickets:
	.dword	0
memory_ready:
	.dword	0
