/* SPDX-License-Identifier: MIT */
/* Lists of registers, as instructions of Zcmp name them (unprivileged manual, "Zcmp"). */
#ifndef CPU_ISA_ZCMP_REGISTER_H
#define CPU_ISA_ZCMP_REGISTER_H

/* Register n of the list, from 0: ra, s0 to s11. They are in this order in memory, upwards. */
static inline unsigned zcmp_register(unsigned n)
{
	if (n == 0)
		return 1;
	/* s0, s1 are x8, x9; s2 to s11 are x18 to x27. */
	return n <= 2 ? 7 + n : 15 + n;
}

#endif
