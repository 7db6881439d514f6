/* SPDX-License-Identifier: MIT */
/* Resets the machine for ever: instructions are counted across resets, so a limit ends it. */
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	li	t0, TEST_BASE
	li	t1, TEST_RESET
	sw	t1, 0(t0)
1:	j	1b
