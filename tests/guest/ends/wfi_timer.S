/* SPDX-License-Identifier: MIT */
/* WFI with a timer far away is not dead: an hour of virtual time passes, then it ends well. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	li	t0, CLINT_BASE + 0xbff8
	ld	t1, 0(t0)
	li	t2, 3600 * TIMEBASE_HZ
	add	t1, t1, t2
	li	t0, CLINT_BASE + 0x4000
	sd	t1, 0(t0)
	li	t0, 1 << MTI
	csrw	mie, t0
	wfi
	csrr	t0, mip
	andi	t0, t0, 1 << MTI
	beqz	t0, .
	li	t0, TEST_BASE
	li	t1, TEST_PASS
	sw	t1, 0(t0)
1:	j	1b
