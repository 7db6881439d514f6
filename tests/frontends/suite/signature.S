/* SPDX-License-Identifier: MIT */
/* Leaves 20 bytes of signature, of which it writes four. */
#include "begin.inc"
test_2:
	la	t0, begin_signature
	li	t1, 0x89abcdef
	sw	t1, 4(t0)
	j	pass

	.data
	.balign	16
	.globl	begin_signature, end_signature
begin_signature:
	.word	0x01234567, 0, 0xffffffff, 1
	.byte	0xa, 0xb, 0xc, 0xd
end_signature:
