/* SPDX-License-Identifier: MIT */
/* The third case does not hold; `fail` destroys what it compared. */
#include "begin.inc"
test_2:
	li	gp, 2
	li	a0, 1
	beqz	a0, fail
test_3:
	li	gp, 3
	li	a0, 0x15
	li	a3, 0x17
	bne	a0, a3, fail
	j	pass
