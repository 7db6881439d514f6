/* SPDX-License-Identifier: MIT */
/* CVA6's scoreboard. See scoreboard.h. */
#include "cpu/timing/cva6/scoreboard.h"

int cva6_writer_of(const struct cva6_scoreboard *sb, const struct cva6_params *params,
		   unsigned count, u8 reg)
{
	int age = reg ? (int)count - 1 : -1;

	while (age >= 0 && sb->entry[cva6_slot(sb, params, (unsigned)age)].uop.rd != reg)
		age--;
	return age;
}

/*
 * Returns whether the register can be read in this cycle, which depends on the youngest entry that
 * writes it. The value that a CSR instruction reads is never forwarded as an integer, except to
 * SFENCE.VMA (issue_read_operands.sv).
 */
static bool register_ready(const struct cva6_scoreboard *sb, const struct cva6_params *params,
			   const struct cva6_uop *uop, u8 reg,
			   const struct cva6_writeback *writeback)
{
	int age = cva6_writer_of(sb, params, sb->count, reg);
	u32 arrived = writeback->done & ~writeback->exception;
	const struct cva6_entry *entry;
	unsigned slot;

	if (age < 0)
		return true;
	slot = cva6_slot(sb, params, (unsigned)age);
	entry = &sb->entry[slot];
	if (entry->uop.unit == CVA6_CSR && uop->op != CVA6_SFENCE_VMA)
		return false;
	return entry->valid || arrived >> slot & 1;
}

bool cva6_operands_ready(const struct cva6_scoreboard *sb, const struct cva6_params *params,
			 const struct cva6_uop *uop, const struct cva6_writeback *writeback)
{
	return register_ready(sb, params, uop, uop->rs1, writeback) &&
	       register_ready(sb, params, uop, uop->rs2, writeback) &&
	       register_ready(sb, params, uop, uop->rs3, writeback);
}

void cva6_scoreboard_write(struct cva6_scoreboard *sb, const struct cva6_params *params,
			   const struct cva6_writeback *writeback)
{
	if (!(writeback->done | writeback->exception))
		return;
	for (unsigned age = 0; age < sb->count; age++) {
		unsigned slot = cva6_slot(sb, params, age);

		if (writeback->done >> slot & 1)
			sb->entry[slot].valid = true;
		if (writeback->exception >> slot & 1)
			sb->entry[slot].exception = true;
	}
}

void cva6_scoreboard_retire(struct cva6_scoreboard *sb, const struct cva6_params *params,
			    unsigned count)
{
	assert(count <= sb->count);
	sb->oldest = (u8)cva6_slot(sb, params, count);
	sb->count -= (u8)count;
}

unsigned cva6_scoreboard_add(struct cva6_scoreboard *sb, const struct cva6_params *params)
{
	assert(sb->count < params->issue_entries);
	return cva6_slot(sb, params, sb->count++);
}
