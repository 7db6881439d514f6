/* SPDX-License-Identifier: MIT */
/*
 * Two harts add to a counter, COUNT times each: to the same one, or, built with STRIDE 64, each to
 * one in a line of its own. With LRSC they do it by LR and SC; with FAILED each first does a
 * compare-exchange that fails, and leaves a reservation of a line of its own behind. The machine
 * ends when both are done.
 */
#include "csr.h"
#include "devices/memmap.h"

#define COUNT 20000

	.section .text.start, "ax"
	.globl _start
_start:
	csrr	t0, mhartid
	li	t1, STRIDE
	mul	t1, t0, t1
	la	a0, counters
	add	a0, a0, t1
	la	a1, done
	la	a4, compared
	slli	t1, t0, 6
	add	a4, a4, t1
	li	a2, COUNT
	li	a3, 1
1:
#ifdef LRSC
	lr.d	t2, (a0)
	add	t2, t2, a3
	sc.d	t3, t2, (a0)
	bnez	t3, 1b
#else
#ifdef FAILED
	lr.d	t2, (a4)
	bne	t2, a3, 5f
	sc.d	t3, zero, (a4)
5:
#endif
	amoadd.d t2, a3, (a0)
	add	t2, t2, a3
#endif
	addi	a2, a2, -1
	bnez	a2, 1b
	amoadd.d zero, a3, (a1)
	bnez	t0, park
	li	t4, 2
2:	ld	t5, 0(a1)
	bne	t5, t4, 2b
	la	a0, counters
	ld	t0, 0(a0)
	ld	t1, STRIDE(a0)
	li	t2, COUNT * 2
	li	t3, STRIDE
	beqz	t3, 3f
	add	t0, t0, t1
3:	li	t4, TEST_BASE
	li	t5, TEST_PASS
	beq	t0, t2, 4f
	li	t5, 1 << 16 | TEST_FAIL
4:	sw	t5, 0(t4)
park:	wfi
	j	park

	.data
	.balign	64
counters: .zero	128
compared: .zero	128
done:	.dword	0
