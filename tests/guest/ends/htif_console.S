/* SPDX-License-Identifier: MIT */
/* HTIF: a character for device 1 clears tohost and is not answered in fromhost; then exit 0. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	la	s0, tohost
	la	s1, fromhost
	li	t1, 1 << 56 | 1 << 48 | 'x'
	sd	t1, 0(s0)
1:	ld	t2, 0(s0)
	bnez	t2, 1b
	ld	t3, 0(s1)
	li	t4, 3 << 1 | 1
	bnez	t3, 2f
	li	t4, 1
2:	sd	t4, 0(s0)
3:	j	3b

#include "htif.inc"
