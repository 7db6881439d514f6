/* SPDX-License-Identifier: MIT */
/* Fails with the host's time, so that no two runs are alike under the host's clock. */
	.globl	_start, tohost
_start:
	li	a1, 0x101000
	lwu	a2, (a1)
	slli	a2, a2, 1
	ori	a2, a2, 1
	la	a0, tohost
	sd	a2, (a0)
1:	j	1b

	.data
	.balign	8
tohost:	.dword	0
