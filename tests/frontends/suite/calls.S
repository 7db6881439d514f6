/* SPDX-License-Identifier: MIT */
/* Calls a null pointer, without a trap handler. */
#include "begin.inc"
test_2:
	csrw	mtvec, zero
	jalr	zero
after:
	j	after
