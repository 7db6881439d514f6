/* SPDX-License-Identifier: MIT */
/*
 * Counts what programs with guests did, by an observer of the interpreter, so that a test of them
 * can say what it has tested, and fails when it no longer tests what it claims.
 */
#ifndef TESTS_CPU_TIERS_TIER_COVER_H
#define TESTS_CPU_TIERS_TIER_COVER_H

#include "cpu/debug/observe.h"
#include "cpu/hart/harts.h"

enum { COVER_M, COVER_HS, COVER_U, COVER_VS, COVER_VU, COVER_MODES };
enum { COVER_CAUSES = 24, COVER_INTERRUPTS = 64 };
/* The pagings are bare, Sv39, Sv48, Sv57, in vsatp or with x4 in hgatp. */
enum { COVER_PAGINGS = 4 };

struct cover {
	u64 retired[COVER_MODES];
	u64 ops[OP_COUNT]; /* executions that did not trap */
	/* These are counted by the mode that takes them. */
	u64 exceptions[COVER_MODES][COVER_CAUSES];
	u64 interrupts[COVER_MODES][COVER_INTERRUPTS];
	u64 csrs[4096]; /* accesses that did not trap */
	/* Retired with V=1, by what vsatp and hgatp translate; and HLV, HLVX, HSV. */
	u64 fetches[COVER_PAGINGS][COVER_PAGINGS], data[COVER_PAGINGS][COVER_PAGINGS];
	u64 guest_data[COVER_PAGINGS][COVER_PAGINGS];
	/*
	 * Guest-page faults of the walk itself, which read or wrote an entry; transformed
	 * instructions.
	 */
	u64 implicit_read, implicit_write, transformed;
	u64 seen[HARTS_MAX]; /* traps of the hart that are counted */
};

/* Count what is watched from now on; cover must outlive it. Each hart must be announced. */
void cover_attach(struct cover *cover, struct watch *watch);
void cover_begin(struct cover *cover, const struct hart *hart);
void cover_reset(struct cover *cover);

/* Prints what is less than it must be; returns false if anything is. */
bool cover_complete(const struct cover *cover);

/* Prints one line about what was done. */
void cover_print(const struct cover *cover);

#endif
