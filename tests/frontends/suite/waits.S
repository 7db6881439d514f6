/* SPDX-License-Identifier: MIT */
/* Waits with no interrupt enabled. */
#include "begin.inc"
test_2:
	csrw	mie, zero
sleep:
	wfi
	j	sleep
