/* SPDX-License-Identifier: MIT */
/* Writes what could disturb a terminal or a parser, and fails by the sifive_test device. */
	.globl	_start
_start:
	la	a0, text
	li	a1, 0x10000000
next:
	lbu	a2, (a0)
	beqz	a2, over
	sb	a2, (a1)
	addi	a0, a0, 1
	j	next
over:
	li	a1, 0x100000
	li	a2, 5 << 16 | 0x3333
	sw	a2, (a1)
	j	over
text:
	.ascii	"first\n  \033[31m <&>\" ]]> # \\ \001\200\302\205 \303\274"
	.asciz	"\r\n  ...\nlast"
