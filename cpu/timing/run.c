/* SPDX-License-Identifier: MIT */
/* Records from runs of blocks. See run.h. */
#include "cpu/timing/run.h"

void timing_run_record(const struct timing_run *run, unsigned n, const u64 **operand,
		       struct timing_record *record)
{
	const struct timing_insn *insn = &run->code->insn[n];
	const u64 *words = *operand;
	bool last = n + 1u == run->count;

	*record = (struct timing_record){
		.pc = run->pc + 2u * insn[0].at,
		.next = last ? run->next : run->pc + 2u * insn[1].at,
		.raw = insn->raw,
		.op = insn->op,
		.flags = insn->flags,
		.size = insn->size,
		.after = run->after,
	};
	*operand += insn->words;
	if (insn->flags) {
		record->va = words[0];
		record->pa = words[1];
		record->flags |= run->access;
	} else if (insn->words) {
		record->a = words[0];
		record->b = words[1];
		record->c = insn->words > 2 ? words[2] : 0;
	}
	if (last && timing_run_taken(run))
		record->flags |= TIMING_TAKEN;
}
