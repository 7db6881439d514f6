/* SPDX-License-Identifier: MIT */
/*
 * The state that a vector instruction reads and writes, as plain bytes: a hart's registers and a
 * window of memory, before or behind the instruction. Baya, the reference and QEMU
 * (qemu/qemu_guest.c, which is compiled for RISC-V) all turn one of these into another.
 */
#ifndef TESTS_CPU_VECTOR_IMAGE_H
#define TESTS_CPU_VECTOR_IMAGE_H

#include "bus/base.h"

/* The one memory that can be accessed in U-mode; before and behind it every access faults. */
#define IMAGE_WINDOW 0x80800000ull
#define IMAGE_BYTES 8192

/* The longest registers, in bytes. */
#define IMAGE_VLENB 128

/* An instruction may name x0 and these x registers: the others are for what runs it. */
#define IMAGE_X_FIRST 5
#define IMAGE_X_LAST 31

/* The most instructions that QEMU executes from an image. */
#define IMAGE_INSNS 2048

/* IMAGE_STUCK: it did not come to its end in IMAGE_SECONDS, which only QEMU's may do. */
enum image_trap { IMAGE_DONE, IMAGE_ILLEGAL, IMAGE_FAULT, IMAGE_STUCK };
#define IMAGE_SECONDS 20

struct vector_image {
	u32 raw; /* the instruction */
	u32 trap; /* behind it: enum image_trap */
	u64 vl, vtype, vstart, vcsr, fcsr;
	u64 x[32], f[32];
	u8 v[32 * IMAGE_VLENB]; /* the registers behind each other, VLEN bits each */
	u8 memory[IMAGE_BYTES];
};

#endif
