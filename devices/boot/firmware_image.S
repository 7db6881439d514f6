/* SPDX-License-Identifier: MIT */
/* Includes the firmware, the file BAYA_FIRMWARE of the build. */
/*
 * The compiler's header marks this object for CET; the linker drops the mark from the program when
 * an object lacks it.
 */
#include <cet.h>
	.section .rodata
	.balign 16
	.globl firmware_image
firmware_image:
	.incbin BAYA_FIRMWARE
	.globl firmware_image_end
firmware_image_end:
	.section .note.GNU-stack, "", @progbits
