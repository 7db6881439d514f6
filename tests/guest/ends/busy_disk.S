/* SPDX-License-Identifier: MIT */
/*
 * This never ends by itself, and keeps the disk in the last slot busy: each notification, five
 * instructions after the last, is for 32 MiB, which a device moves in one turn.
 */
#include "csr.h"
#include "devices/memmap.h"

#define DISK (VIRTIO_BASE + (VIRTIO_SLOTS - 1) * VIRTIO_STRIDE)
#define QUEUE_SIZE 256
#define READS 16 /* by each notification */
/* Offsets from DESC, where RAM is zero, so that all entries of the available ring are chain 0. */
#define DESC (DRAM_BASE + 0x100000)
#define AVAIL 0x2000
#define USED 0x3000
#define HEADER 0x4000
#define STATUS 0x5000
#define DATA 0x100000
#define DATA_SIZE 0x200000

	.macro	set reg, value
	li	t0, \value
	sw	t0, \reg(s0)
	.endm

	/* Puts a descriptor: flag 1: there is a next one; flag 2: the device writes. */
	.macro	put n, offset, size, flags, next
	li	t0, DESC + \offset
	sd	t0, 16 * \n(s1)
	li	t0, \size
	sw	t0, 16 * \n + 8(s1)
	li	t0, (\flags) | \next << 16
	sw	t0, 16 * \n + 12(s1)
	.endm

	.section .text.start, "ax"
	.globl _start
_start:
	li	s0, DISK
	li	s1, DESC
	put	0, HEADER, 16, 1, 1
	put	1, DATA, DATA_SIZE, 3, 2
	put	2, STATUS, 1, 2, 0
	set	0x70, 3		/* Status: ACKNOWLEDGE, DRIVER */
	set	0x24, 1		/* DriverFeaturesSel */
	set	0x20, 1		/* DriverFeatures: VERSION_1 */
	set	0x70, 11	/* Status: FEATURES_OK */
	set	0x38, QUEUE_SIZE
	set	0x80, DESC
	set	0x90, DESC + AVAIL
	set	0xa0, DESC + USED
	set	0x44, 1		/* QueueReady */
	set	0x70, 15	/* Status: DRIVER_OK */
	li	t0, DESC + AVAIL
	li	t1, 0
1:	addi	t1, t1, READS
	sh	t1, 2(t0)
	fence
	sw	zero, 0x50(s0)	/* QueueNotify */
	j	1b
