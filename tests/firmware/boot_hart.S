/* SPDX-License-Identifier: MIT */
/*
 * The boot stages before and after the firmware. The first one, which all harts execute in M-mode,
 * names the boot hart in fw_dynamic_info. The one after the firmware, in S-mode, ends the machine.
 * BOOT_HART is the id of the boot hart, and FIRMWARE the file of the firmware.
 */
	.section .firmware, "ax"
	.incbin FIRMWARE

	.section .stage, "ax"
	.globl	_start
_start:
	csrr	a0, mhartid
	la	a2, info
	li	t0, 0x80000000
	jr	t0

	.balign	8
info:	.dword	0x4942534f, 2, next, 1, 0, BOOT_HART

next:	li	a7, 0x53525354		/* SRST: shutdown, no reason */
	li	a6, 0
	li	a0, 0
	li	a1, 0
	ecall
1:	j	1b
