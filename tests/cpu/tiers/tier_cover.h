/* SPDX-License-Identifier: MIT */
/*
 * Counts, by an observer of the interpreter, what programs with guests have done, so that their
 * test can report what it has tested, and fails if it does not test that any more.
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
	/* Counted for the mode that takes the trap. */
	u64 exceptions[COVER_MODES][COVER_CAUSES];
	u64 interrupts[COVER_MODES][COVER_INTERRUPTS];
	u64 csrs[4096]; /* accesses that did not trap */
	/*
	 * Instructions retired with V=1, by the paging of vsatp and hgatp; their data accesses; and
	 * HLV, HLVX, HSV.
	 */
	u64 fetches[COVER_PAGINGS][COVER_PAGINGS], data[COVER_PAGINGS][COVER_PAGINGS];
	u64 guest_data[COVER_PAGINGS][COVER_PAGINGS];
	/*
	 * Guest-page faults of implicit accesses to page tables, which read or wrote an entry; and
	 * guest-page faults with a transformed instruction in xtinst.
	 */
	u64 implicit_read, implicit_write, transformed;
	u64 seen[HARTS_MAX]; /* how many traps of each hart have been counted */
};

/*
 * cover_attach lets the observer count into *cover, which must outlive `watch`. cover_begin must be
 * called for each hart before it runs. cover_reset clears the counts.
 */
void cover_attach(struct cover *cover, struct watch *watch);
void cover_begin(struct cover *cover, const struct hart *hart);
void cover_reset(struct cover *cover);

/* Prints the counts that are lower than required. Returns whether there are none. */
bool cover_complete(const struct cover *cover);

/* Prints a summary of the counts. */
void cover_print(const struct cover *cover);

#endif
