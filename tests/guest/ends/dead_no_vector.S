/* SPDX-License-Identifier: MIT */
/* Dead: mtvec is 0, where nothing is; the first trap never ends. */
#include "csr.h"
#include "devices/memmap.h"

	.section .text.start, "ax"
	.globl _start
_start:
	csrw	mtvec, zero
	ecall
1:	j	1b
