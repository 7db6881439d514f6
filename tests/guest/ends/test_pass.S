/* SPDX-License-Identifier: MIT */
/* sifive_test: 0x5555 ends well. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	li	t0, TEST_BASE
	li	t1, TEST_PASS
	sw	t1, 0(t0)
1:	j	1b
