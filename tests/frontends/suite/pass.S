/* SPDX-License-Identifier: MIT */
/* All cases hold. */
#include "begin.inc"
test_2:
	li	gp, 2
	li	a0, 5
	li	a3, 5
	bne	a0, a3, fail
	j	pass
