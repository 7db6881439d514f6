/* SPDX-License-Identifier: MIT */
/*
 * Loops over vectors for timing models: whole groups and what is left of them, masks, reductions,
 * strides, indices and segments, in several widths, often enough for native code. The cycles that
 * they take are in the exit code's sum, so that a tier that differs in one of them ends otherwise.
 */
#include "csr.h"
#include "devices/memmap.h"

#define COUNT 1000
#define ROUNDS 200

	.option	arch, +v
	.section .text.start, "ax"
	.globl	_start
_start:
	li	t0, MSTATUS_VS | MSTATUS_FS
	csrs	mstatus, t0
	li	s0, ROUNDS
	csrr	s1, mcycle
round:	la	a1, numbers
	la	a2, results
	li	a0, COUNT
	sub	a0, a0, s0
whole:	vsetvli	a3, a0, e32, m2, ta, ma
	vle32.v	v8, (a1)
	vadd.vv	v10, v8, v8
	vmul.vv	v12, v10, v8
	vse32.v	v12, (a2)
	sub	a0, a0, a3
	sh2add	a1, a3, a1
	sh2add	a2, a3, a2
	bnez	a0, whole
	la	a1, numbers
	la	a2, results
	andi	a0, s0, 31
	addi	a0, a0, 1
	li	t1, 8
odd:	vsetvli	a3, a0, e16, m1, ta, mu
	vle16ff.v v8, (a1)
	vmsgtu.vi v0, v8, 3
	vadd.vi	v8, v8, 1, v0.t
	vid.v	v9
	vsll.vi	v9, v9, 1
	vluxei16.v v10, (a1), v9
	vlse16.v v11, (a1), t1
	vsseg2e16.v v10, (a2)
	vredsum.vs v12, v10, v11
	vrgather.vv v13, v10, v9
	vmv.x.s	t2, v12
	sub	a0, a0, a3
	bnez	a0, odd
	vsetvli	a3, zero, e64, m4, ta, ma
	vfadd.vv v16, v8, v8
	vfmacc.vv v20, v16, v16
	vfdiv.vv v20, v20, v16
	vmv4r.v	v24, v20
	addi	s0, s0, -1
	bnez	s0, round
	csrr	a0, mcycle
	sub	a0, a0, s1
	la	t0, tohost
	slli	a0, a0, 1
	ori	a0, a0, 1
	sd	a0, 0(t0)
1:	j	1b

	.data
	.balign	64
numbers:
	.zero	4 * COUNT + 64
results:
	.zero	4 * COUNT + 64

#include "htif.inc"
