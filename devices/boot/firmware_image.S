/* SPDX-License-Identifier: MIT */
/* Includes the firmware from roms/; the assembler's include path has the source tree's top. */
/*
 * The compiler's header marks this object for CET; the linker drops the mark from the program when
 * an object lacks it.
 */
#include <cet.h>
	.section .rodata
	.balign 16
	.globl firmware_image
firmware_image:
	.incbin "roms/firmware.bin"
	.globl firmware_image_end
firmware_image_end:
	.section .note.GNU-stack, "", @progbits
