/* SPDX-License-Identifier: MIT */
/* Resets the machine for ever, by sifive_test. */
#include "begin.inc"
test_2:
	li	t0, 0x100000
	li	t1, 0x7777
	sw	t1, 0(t0)
	j	test_2
