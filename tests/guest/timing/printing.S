/* SPDX-License-Identifier: MIT */
/*
 * Computes for a while and writes a byte to the UART, many times. Nothing in it asks for the time
 * but the UART, so most slices of a lockstep run (--compare) end without the time having been read.
 */
#include "devices/memmap.h"

#define BYTES 200
#define LOOPS 1000

	.section .text.start, "ax"
	.globl _start
_start:
	li	a0, UART_BASE
	li	a1, 'a'
	li	a2, BYTES
1:	li	a3, LOOPS
2:	addi	t0, t0, 1
	addi	t1, t1, 1
	addi	t2, t2, 1
	addi	t3, t3, 1
	addi	a3, a3, -1
	bnez	a3, 2b
	sb	a1, 0(a0)
	addi	a2, a2, -1
	bnez	a2, 1b
	li	t0, TEST_BASE
	li	t1, TEST_PASS
	sw	t1, 0(t0)
3:	j	3b
