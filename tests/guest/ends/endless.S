/* SPDX-License-Identifier: MIT */
/* This never ends by itself. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
1:	addi	t0, t0, 1
	j	1b
