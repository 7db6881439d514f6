/* SPDX-License-Identifier: MIT */
/*
 * A loop over vectors for a debugger (test_gdb.py of tests/system), and for `baya test`: it doubles
 * words, and what it stores is its signature.
 */
#include "csr.h"
#include "devices/memmap.h"

#define COUNT 10

	.option	arch, +v
	.section .text.start, "ax"
	.globl	_start, loaded, stored
_start:
	li	t0, MSTATUS_VS
	csrs	mstatus, t0
	la	a1, numbers
	la	a2, begin_signature
	li	a0, COUNT
next:	vsetvli	a3, a0, e32, m1, ta, ma
	vle32.v	v8, (a1)
loaded:	vadd.vv	v9, v8, v8
	vse32.v	v9, (a2)
stored:	sub	a0, a0, a3
	slli	a3, a3, 2
	add	a1, a1, a3
	add	a2, a2, a3
	bnez	a0, next
	la	t0, tohost
	li	t1, 1
	sd	t1, 0(t0)
1:	j	1b

	.data
	.balign	64
	.globl	begin_signature, end_signature
numbers:
	.word	1, 2, 3, 4, 5, 6, 7, 8, 9, 10
begin_signature:
	.zero	4 * COUNT
end_signature:

#include "htif.inc"
