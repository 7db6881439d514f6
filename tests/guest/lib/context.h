/* SPDX-License-Identifier: MIT */
/* The layout of struct context, in doublewords, which start.S and guest.c share. */
#ifndef GUEST_CONTEXT_H
#define GUEST_CONTEXT_H

#define STACK_SIZE 8192
#define HARTS_MAX 64

#define CONTEXT_A0 0
#define CONTEXT_A1 1
#define CONTEXT_A2 2
#define CONTEXT_A3 3
#define CONTEXT_A4 4
#define CONTEXT_A6 6
#define CONTEXT_A7 7
#define CONTEXT_CAUSE 8
#define CONTEXT_TVAL 9
#define CONTEXT_EPC 10
#define CONTEXT_STATUS 11
#define CONTEXT_WORDS 32

/* The registers that a function call preserves. */
#define CONTEXT_KEPT \
	KEEP(ra, 12) KEEP(sp, 13) KEEP(gp, 14) KEEP(tp, 15) KEEP(s0, 16) KEEP(s1, 17) \
	KEEP(s2, 18) KEEP(s3, 19) KEEP(s4, 20) KEEP(s5, 21) KEEP(s6, 22) KEEP(s7, 23) \
	KEEP(s8, 24) KEEP(s9, 25) KEEP(s10, 26) KEEP(s11, 27)

#endif
