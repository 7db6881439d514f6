/* SPDX-License-Identifier: MIT */
/* Traps to where nothing is, so that the handler traps for ever. */
#include "begin.inc"
test_2:
	csrw	mtvec, 8
	unimp
