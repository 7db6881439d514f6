/* SPDX-License-Identifier: MIT */
/* Hart 0 is in a trap loop, the others run for ever. */
#include "begin.inc"
test_2:
	csrr	t0, mhartid
	csrw	mtvec, 8
1:	bnez	t0, 1b
	unimp
