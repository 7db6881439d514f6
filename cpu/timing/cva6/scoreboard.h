/* SPDX-License-Identifier: MIT */
/*
 * CVA6's scoreboard (scoreboard.sv, raw_checker.sv): the instructions between issue and commit, in
 * order, and the registers that they will write. Units identify an instruction by the number of its
 * entry, its slot.
 */
#ifndef CPU_TIMING_CVA6_SCOREBOARD_H
#define CPU_TIMING_CVA6_SCOREBOARD_H

#include "cpu/timing/cva6/decode.h"
#include "cpu/timing/cva6/params.h"
#include "cpu/timing/pmp_csr.h"
#include "cpu/timing/record.h"

#define UNITS "cpu/timing/cva6/state/scoreboard.def"
#include "cpu/timing/fields/structs.inc"

#define CVA6_EARLY_UNKNOWN INT16_MIN

/* Results in this cycle: a bit for each slot. */
struct cva6_writeback {
	u32 done; /* the result is there, and forwarded */
	u32 exception; /* those that have an exception */
};

/* Returns the slot of an age, which is at most the number of slots: no division is needed. */
static inline unsigned cva6_slot(const struct cva6_scoreboard *sb, const struct cva6_params *params,
				 unsigned age)
{
	unsigned slot = sb->oldest + age, entries = (unsigned)params->issue_entries;

	return slot < entries ? slot : slot - entries;
}

#define CVA6_SATP 0x180 /* the CSR */

/*
 * Returns whether the model needs the contents of a CSR: it determines where pages are, or whether
 * code may be executed.
 */
static inline bool cva6_csr_matters(u32 csr)
{
	return csr == CVA6_SATP || pmp_csr_is_one(csr);
}

static inline bool cva6_writes_what_matters(const struct cva6_entry *entry)
{
	return entry->uop.op == CVA6_CSR_ACCESS && cva6_csr_matters(entry->uop.csr) &&
	       entry->uop.writes_csr && !(entry->flags & TIMING_TRAP);
}

/*
 * Returns the age of the youngest of the `count` oldest entries that writes the register, or -1 if
 * none does.
 */
int cva6_writer_of(const struct cva6_scoreboard *sb, const struct cva6_params *params,
		   unsigned count, u8 reg);

/* Returns whether this instruction can have its operands in this cycle. */
bool cva6_operands_ready(const struct cva6_scoreboard *sb, const struct cva6_params *params,
			 const struct cva6_uop *uop, const struct cva6_writeback *writeback);

/* Writes the units' results, which are valid from the next cycle on. */
void cva6_scoreboard_write(struct cva6_scoreboard *sb, const struct cva6_params *params,
			   const struct cva6_writeback *writeback);

void cva6_scoreboard_retire(struct cva6_scoreboard *sb, const struct cva6_params *params,
			    unsigned count);

/* Returns the slot of a new entry, which the caller fills in. */
unsigned cva6_scoreboard_add(struct cva6_scoreboard *sb, const struct cva6_params *params);

static inline void cva6_scoreboard_flush(struct cva6_scoreboard *sb)
{
	sb->oldest = sb->count = 0;
}

#endif
