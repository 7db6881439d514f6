/* SPDX-License-Identifier: MIT */
/* Expands runs of blocks into records. See run.h. */
#include "cpu/timing/run.h"

static ALWAYS_INLINE void set_operands(struct timing_record *record, const struct timing_insn *insn,
				       const u64 *words, u16 access)
{
	if (insn->flags) {
		record->va = words[0];
		record->pa = words[1];
		record->flags |= access;
	} else if (insn->words) {
		record->a = words[0];
		record->b = words[1];
		record->c = insn->words > 2 ? words[2] : 0;
	}
}

void timing_run_records(const struct timing_run *run, unsigned first, unsigned end,
			const u64 **operand, struct timing_record *records)
{
	const struct timing_insn *insn = &run->block->insn[first];
	const u64 pc = run->pc, *words = *operand;

	for (unsigned n = first; n < end; n++, insn++, records++) {
		*records = (struct timing_record){
			.pc = pc + 2u * insn[0].at, .next = pc + 2u * insn[1].at,
			.raw = insn->raw, .op = insn->op, .flags = insn->flags,
			.size = insn->size, .after = run->after,
		};
		if (insn->words)
			set_operands(records, insn, words, run->access);
		words += insn->words;
	}
	*operand = words;
	if (end != run->count)
		return;
	records[-1].next = run->next;
	if (timing_run_taken(run))
		records[-1].flags |= TIMING_TAKEN;
}
