/* SPDX-License-Identifier: MIT */
/*
 * Tests the state at reset (privileged manual, "Reset"), misa and the identity registers.
 */
#include "guest.h"
#include "reset.h"

#define MISA_LETTER(letter) BIT((letter) - 'a')

void main(void)
{
	const u64 *at = reset_values;
	u64 letters = MISA_LETTER('i') | MISA_LETTER('m') | MISA_LETTER('a') | MISA_LETTER('f') |
		      MISA_LETTER('d') | MISA_LETTER('c') | MISA_LETTER('s') | MISA_LETTER('u');

	report_equal(at[RESET_a0], 0, "a0 is the hart id");
	report_equal(*(const u32 *)at[RESET_a1], 0xedfe0dd0, "a1 points at a device tree");
	report_equal(at[RESET_mstatus] & (MSTATUS_MIE | MSTATUS_MPRV), 0,
		     "mstatus.MIE and MPRV are 0");
	report_equal(at[RESET_mstatus] >> 32 & 15, 10, "mstatus.UXL and SXL say 64");
	report_equal(at[RESET_mcause], 0, "mcause is 0");
	report_equal(at[RESET_satp], 0, "satp is Bare");
	report_equal(at[RESET_pmpcfg0], 0, "PMP entries 0 to 7 are off and unlocked");
	report_equal(at[RESET_pmpcfg2], 0, "PMP entries 8 to 15 are off and unlocked");
	report_equal(at[RESET_mie], 0, "no interrupt is enabled");
	/* With H, the VS interrupts are always delegated. */
	report_equal(at[RESET_medeleg] | (at[RESET_mideleg] & ~0x1444ul), 0,
		     "nothing is delegated");
	report_equal(at[RESET_menvcfg], 0, "menvcfg enables nothing");
	report_equal(at[RESET_misa] >> 62, 2, "misa.MXL says 64");
	report_equal(at[RESET_misa] & letters, letters, "misa has I, M, A, F, D, C, S and U");
	csr_write(misa, 0);
	report_equal(csr_read(misa), at[RESET_misa], "misa ignores writes");
	report_equal(csr_read(mhartid), 0, "mhartid of the first hart is 0");
	report_equal(csr_read(mstatus) & BIT(36), 0, "memory is little-endian in S-mode");
	csr_set(mstatus, BIT(36) | BIT(37) | BIT(6));
	report_equal(csr_read(mstatus) & (BIT(36) | BIT(37) | BIT(6)), 0,
		     "big-endian modes cannot be chosen");
	/* mvendorid, marchid, mimpid and mconfigptr must exist; 0 means that they have no
	 * information. */
	csr_read(mvendorid);
	csr_read(marchid);
	csr_read(mimpid);
	report_equal(csr_read(0xf15), 0, "mconfigptr is there and 0");
}
