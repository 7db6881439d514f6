/* SPDX-License-Identifier: MIT */
/* An illegal instruction where none is expected. */
#include "begin.inc"
test_2:
	li	gp, 2
	unimp
	j	pass
