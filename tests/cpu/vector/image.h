/* SPDX-License-Identifier: MIT */
/*
 * The state that a vector instruction reads and writes, as plain bytes: a hart's registers and a
 * window of memory, before or after the instruction. Baya, the reference and QEMU
 * (qemu/qemu_guest.c, which is compiled for RISC-V) each execute the instruction on such an image.
 */
#ifndef TESTS_CPU_VECTOR_IMAGE_H
#define TESTS_CPU_VECTOR_IMAGE_H

#include "bus/base.h"

/* The only memory that U-mode can access: accesses before and after it fault. */
#define IMAGE_WINDOW 0x80800000ull
#define IMAGE_BYTES 8192

/* The longest registers, in bytes. */
#define IMAGE_VLENB 128

/*
 * An instruction may use x0 and these x registers. The others are reserved for the code that runs
 * it.
 */
#define IMAGE_X_FIRST 5
#define IMAGE_X_LAST 31

/* The most instructions that QEMU executes from an image. */
#define IMAGE_INSNS 2048

/* IMAGE_STUCK: it did not end in IMAGE_SECONDS, which is only possible in QEMU. */
enum image_trap { IMAGE_DONE, IMAGE_ILLEGAL, IMAGE_FAULT, IMAGE_STUCK };
#define IMAGE_SECONDS 20

struct vector_image {
	u32 raw; /* the instruction */
	u32 trap; /* after the instruction: enum image_trap */
	u64 vl, vtype, vstart, vcsr, fcsr;
	u64 x[32], f[32];
	u8 v[32 * IMAGE_VLENB]; /* the registers, one after the other, of VLEN bits each */
	u8 memory[IMAGE_BYTES];
};

#endif
