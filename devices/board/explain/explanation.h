/* SPDX-License-Identifier: MIT */
/*
 * The parts of an explanation, for the files of board/explain, and no others: explain.c begins it,
 * trap.c explains traps, walk.c memory accesses, interrupt.c interrupts, device.c devices, and
 * doing.c what a hart does that does not wait.
 */
#ifndef DEVICES_BOARD_EXPLAIN_EXPLANATION_H
#define DEVICES_BOARD_EXPLAIN_EXPLANATION_H

#include "cpu/hart/interrupt.h"
#include "cpu/mmu/walk.h"
#include "devices/board/explain/explain.h"
#include "devices/board/machine.h"

#include <stdio.h>

/* The hart that is explained, and the output. */
struct explain {
	struct board *board;
	struct hart *hart;
	FILE *out;
};

/* Prints an address in a mode with its symbol: "0x80000010 <loop+0x4>". */
void explain_place(const struct explain *explain, u64 addr, u8 priv, bool virt);

/*
 * Prints an address with its symbol and the instruction there, ": addi a0,a0,1", if code can be
 * read there in that mode. *raw becomes the instruction, or 0.
 */
void explain_code(const struct explain *explain, u64 pc, const struct regime *regime, u32 *raw);

/*
 * Explains an access: prints each page-table entry of both stages with the rule that it violates,
 * then PMP, then the target. Returns whether the access succeeds.
 */
struct explained_access {
	u64 addr;
	u8 priv;
	bool virt;
	bool guest_physical; /* the address is; the VS-stage does not translate it */
	unsigned size; /* bytes that PMP checks */
	struct access access;
};
bool explain_access(const struct explain *explain, const struct explained_access *access);

/* Explains a recorded trap: its cause, which mode took it, and why. */
void explain_trap(const struct explain *explain, const struct trap_record *record);

/*
 * Returns the name of the trap vector register by which a trap was taken, if it was 0, as it is
 * before software writes it; otherwise NULL.
 */
const char *explain_unset(const struct trap *trap);

/*
 * Prints ra, which shows the caller, and, of a hart that is not dead, what the instruction `raw` at
 * its pc is about to access.
 */
void explain_doing(const struct explain *explain, u32 raw);

/*
 * Prints what the CSRs of each mode still show of the last trap into it, for a hart that records no
 * traps.
 */
void explain_csrs(const struct explain *explain);

/* Prints the delegation by which an interrupt reaches a level, at which it has this number. */
void explain_path(const struct explain *explain, enum interrupt_level level, unsigned number);

/*
 * Prints each interrupt that is on its way from a device's line to the hart but does not get
 * through, and why.
 */
void explain_interrupts(const struct explain *explain);

/* Prints each device that waits for a reset, and why. */
void explain_devices(const struct board *board, FILE *out);

#endif
