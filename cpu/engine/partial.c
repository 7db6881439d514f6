/* SPDX-License-Identifier: MIT */
/* Executes the decoded instructions of a block one by one (see partial.h). */
#include "cpu/engine/partial.h"

#include "cpu/engine/block_cache.h"
#include "cpu/engine/interp.h"

/* A write to the code sets hart->stop, so what was decoded stays right while this goes on. */
enum hart_exit block_run_part(struct hart *hart, const struct block *block)
{
	bool one = hart->hooks.look || hart->hooks.slice;
	const struct insn *insn = block->insn;
	u64 next;

	do {
		next = hart->pc + insn_length(insn->raw);
		if (interp_execute(hart, insn) == EXIT_TRAP)
			return EXIT_TRAP;
		insn += 1 + block_has_link(isa_ops[insn->op].class);
	} while (hart->steps < hart->limit && !hart->stop && hart->pc == next && !one);
	return EXIT_NEXT;
}
