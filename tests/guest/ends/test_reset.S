/* SPDX-License-Identifier: MIT */
/*
 * sifive_test: 0x7777 resets the machine; harts and devices are as at first. The second start
 * recognises itself by a word that the first one has programmed into flash, which keeps it.
 */
#include "csr.h"
#include "devices/memmap.h"

#define MAGIC 0x1234567
/* CFI commands for both of the bank's 16-bit chips. */
#define ERASE 0x00200020
#define CONFIRM 0x00d000d0
#define PROGRAM 0x00400040
#define READ_ARRAY 0x00ff00ff

	.section .text.start, "ax"
	.globl _start
_start:
	csrr	s0, mhartid
	bnez	s0, sleep
	li	s1, FLASH_BASE
	li	s2, MAGIC
	lw	s3, 0(s1)
	beq	s3, s2, again
	li	t0, ERASE
	sw	t0, 0(s1)
	li	t0, CONFIRM
	sw	t0, 0(s1)
	li	t0, PROGRAM
	sw	t0, 0(s1)
	sw	s2, 0(s1)
	li	t0, READ_ARRAY
	sw	t0, 0(s1)
	/* All devices are changed here. */
	li	t0, CLINT_BASE
	li	t1, 1
	sw	t1, 0(t0)
	li	t0, PLIC_BASE
	sw	t1, 4(t0)
	csrw	pmpaddr0, t1
	csrwi	pmpcfg0, PMP_R | PMP_W | PMP_X
	csrwi	mie, 1 << MSI
	csrwi	menvcfg, ENVCFG_FIOM
	csrwi	medeleg, 1 << ILLEGAL
	li	t0, 8 << SATP_MODE_SHIFT
	csrw	satp, t0
	li	t0, TEST_BASE
	li	t1, TEST_RESET
	sw	t1, 0(t0)
1:	j	1b

again:
	csrr	t0, mie
	/* mtimecmp is 0, so MTIP alone is pending. */
	csrr	t1, mip
	xori	t1, t1, 1 << MTI
	or	t0, t0, t1
	csrr	t1, pmpcfg0
	or	t0, t0, t1
	csrr	t1, satp
	or	t0, t0, t1
	csrr	t1, medeleg
	or	t0, t0, t1
	csrr	t1, menvcfg
	or	t0, t0, t1
	li	t2, PLIC_BASE
	lw	t1, 4(t2)
	or	t0, t0, t1
	li	t1, TEST_PASS
	beqz	t0, 2f
	li	t1, 1 << 16 | TEST_FAIL
2:	li	t0, TEST_BASE
	sw	t1, 0(t0)
sleep:	wfi
	j	sleep
