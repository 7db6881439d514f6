/* SPDX-License-Identifier: MIT */
/*
 * Calls of functions of one and two vectors, as the vector calling convention has it: arguments in
 * v8 and on, the result in v8, groups of LMUL registers. They keep v1 to v7 and v24 to v31.
 * void call(function, const void *first, const void *second, void *result, long count), vtype in
 * the name; `count` is what vsetvli takes at most.
 */
	.macro	call name, width, lmul, second
	.globl	\name
\name:
	addi	sp, sp, -64
	sd	ra, 0(sp)
	sd	s0, 8(sp)
	sd	s1, 16(sp)
	sd	s2, 24(sp)
	sd	s3, 32(sp)
	sd	s4, 40(sp)
	mv	s0, a0
	mv	s1, a1
	mv	s2, a2
	mv	s3, a3
	mv	s4, a4
1:	vsetvli	t0, s4, e\width, \lmul, ta, ma
	vle\width\().v	v8, (s1)
	vle\width\().v	\second, (s2)
	jalr	s0
	vsetvli	t0, s4, e\width, \lmul, ta, ma
	vse\width\().v	v8, (s3)
	sub	s4, s4, t0
	li	t1, \width / 8
	mul	t0, t0, t1
	add	s1, s1, t0
	add	s2, s2, t0
	add	s3, s3, t0
	bnez	s4, 1b
	ld	ra, 0(sp)
	ld	s0, 8(sp)
	ld	s1, 16(sp)
	ld	s2, 24(sp)
	ld	s3, 32(sp)
	ld	s4, 40(sp)
	addi	sp, sp, 64
	ret
	.endm

	call	call_f_m1, 32, m1, v9
	call	call_d_m1, 64, m1, v9
	call	call_f_m2, 32, m2, v10
	call	call_d_m2, 64, m2, v10

	.section .note.GNU-stack, "", @progbits
