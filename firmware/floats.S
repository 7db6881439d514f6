/* SPDX-License-Identifier: MIT */
/*
 * See floats.h. A hart may lack D, or F altogether, so each access uses the width that the trapped
 * code used. No instruction takes a register's number from a register, hence tables.
 */
	.option	norvc		/* each element is two instructions of 4 bytes */
	.text

	.macro	float_table name, op:vararg
\name:
	.set	index, 0
	.rept	32
	\op
	ret
	.set	index, index + 1
	.endr
	.endm

/*
 * The instructions are given by their encodings: the assembler takes no expression for a register.
 */
	float_table get_word,	.4byte 0xe0000553 | index << 15	/* fmv.x.w a0, f[index] */
	float_table get_double,	.4byte 0xe2000553 | index << 15	/* fmv.x.d a0, f[index] */
	float_table set_word,	.4byte 0xf0058053 | index << 7	/* fmv.w.x f[index], a1 */
	float_table set_double,	.4byte 0xf2058053 | index << 7	/* fmv.d.x f[index], a1 */

/* A half-precision value has its 16 bits at the low end of the word. */
	.globl	float_get
float_get:
	slli	t1, a0, 3
	la	t0, get_word
	li	t2, 8
	bltu	a1, t2, 1f
	la	t0, get_double
1:	add	t0, t0, t1
	jr	t0

/* A half is boxed in a word here, and FMV.W.X boxes the word in the width of the register. */
	.globl	float_set
float_set:
	slli	t1, a0, 3
	la	t0, set_double
	li	t2, 4
	bltu	t2, a2, 2f
	la	t0, set_word
	beq	a2, t2, 2f
	lui	t2, 0xffff0
	or	a1, a1, t2
2:	add	t0, t0, t1
	jr	t0
