/* SPDX-License-Identifier: MIT */
/* Its signature is five words that a vector store writes. */
#include "begin.inc"
	.option	arch, +v
test_2:
	li	t0, 3 << 9 /* mstatus.VS */
	csrs	mstatus, t0
	la	t0, begin_signature
	vsetivli t1, 5, e32, m2, ta, ma
	vid.v	v2
	vadd.vi	v2, v2, -2
	vse32.v	v2, (t0)
	j	pass

	.data
	.balign	16
	.globl	begin_signature, end_signature
begin_signature:
	.zero	20
end_signature:
