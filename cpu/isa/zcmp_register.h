/* SPDX-License-Identifier: MIT */
/* The register lists of Zcmp's instructions (unprivileged manual, "Zcmp"). */
#ifndef CPU_ISA_ZCMP_REGISTER_H
#define CPU_ISA_ZCMP_REGISTER_H

/*
 * Returns register n of the list, counted from 0: ra, s0 to s11. Memory has them in this order,
 * upwards.
 */
static inline unsigned zcmp_register(unsigned n)
{
	if (n == 0)
		return 1;
	/* s0, s1 are x8, x9; s2 to s11 are x18 to x27. */
	return n <= 2 ? 7 + n : 15 + n;
}

#endif
