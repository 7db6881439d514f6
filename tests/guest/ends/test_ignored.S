/* SPDX-License-Identifier: MIT */
/* sifive_test: other values do nothing; the run goes on to its pass. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	li	t0, TEST_BASE
	li	t1, 0x1234
	sw	t1, 0(t0)
	lw	t2, 0(t0)
	li	t1, TEST_PASS
	sw	t1, 0(t0)
1:	j	1b
