/* SPDX-License-Identifier: MIT */
/*
 * A reset keeps RAM, with code in it that has run often, and only what was loaded is as at first:
 * the bytes of the image, and the zeros behind them. QEMU 7.2 agrees.
 */
#include "devices/memmap.h"

#define KEPT (DRAM_BASE + 0x800000)
#define LI_A0 0x00000513 /* li a0, 0 */
#define RET 0x00008067
#define OFTEN 2000 /* native code is run by then */

	.section .text.start, "ax"
	.globl _start
_start:
	li	s0, KEPT
	la	s1, loaded
	la	s2, cleared
	lw	s3, 0(s0)
	li	s4, LI_A0 | 1 << 20
	beq	s3, s4, again
	bnez	s3, fail
	sw	s4, 0(s0)
	li	t0, RET
	sw	t0, 4(s0)
	call	check
	sw	zero, 0(s1)
	sw	s4, 0(s2)
	li	t1, TEST_RESET
	j	end

again:
	call	check
	lw	t0, 0(s1)
	li	t1, 0x1234567
	bne	t0, t1, fail
	lw	t0, 0(s2)
	bnez	t0, fail
	/* Code that was kept is still code: a store to it is seen. */
	li	s4, LI_A0 | 2 << 20
	sw	s4, 0(s0)
	call	check
	li	t1, TEST_PASS
	j	end

/* The code at KEPT returns the number that is in s4. */
check:
	mv	s5, ra
	li	s6, OFTEN
	srli	s7, s4, 20
	fence.i
1:	li	a0, 0
	jalr	s0
	bne	a0, s7, fail
	addi	s6, s6, -1
	bnez	s6, 1b
	jr	s5

fail:	li	t1, 1 << 16 | TEST_FAIL
end:	li	t0, TEST_BASE
	sw	t1, 0(t0)
1:	j	1b

	.data
loaded:	.word	0x1234567
	.bss
cleared: .word	0
