/* SPDX-License-Identifier: MIT */
/* What the board_explain*.c files share. Nobody else includes this. */
#ifndef DEVICES_BOARD_EXPLAIN_PARTS_H
#define DEVICES_BOARD_EXPLAIN_PARTS_H

#include "cpu/hart/interrupt.h"
#include "cpu/mmu/walk.h"
#include "devices/board/explain/explain.h"
#include "devices/board/parts.h"

#include <stdio.h>

typedef unsigned long long ull;

/* Whom it is about, and where it goes. */
struct explain {
	struct board *board;
	struct hart *hart;
	FILE *out;
};

/* "0x80000010 <loop+0x4>" */
void explain_place(const struct explain *explain, u64 addr);

/* The same and ": addi a0,a0,1", where instructions of the mode can be read; *raw is 0 if not. */
void explain_code(const struct explain *explain, u64 pc, const struct regime *regime, u32 *raw);

/*
 * Each entry of both stages with the rule that it fails, then PMP, then what is there. True when
 * the access goes well.
 */
struct explained_access {
	u64 addr;
	u8 priv;
	bool virt;
	unsigned size; /* bytes that matter to PMP */
	struct access access;
};
bool explain_access(const struct explain *explain, const struct explained_access *access);

void explain_trap(const struct explain *explain, const struct trap_record *record);

/* What the latest traps into each mode left in its CSRs, for a hart that remembers no trap. */
void explain_csrs(const struct explain *explain);

/* By which delegation an interrupt comes to a level, which knows it by this number. */
void explain_path(const struct explain *explain, enum interrupt_level level, unsigned number);

/* From the devices' lines to what the hart takes: each interrupt that stands somewhere, and why. */
void explain_interrupts(const struct explain *explain);

#endif
