/* SPDX-License-Identifier: MIT */
/* sifive_test: 0x3333 with a code above it is a failure. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	li	t0, TEST_BASE
	li	t1, 7 << 16 | TEST_FAIL
	sw	t1, 0(t0)
1:	j	1b
