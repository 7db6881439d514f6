/* SPDX-License-Identifier: MIT */
/* Links between decoded blocks. */
#include "cpu/engine/block.h"

static void cut_to(struct block *block)
{
	struct block_link *link, *next;

	for (link = block->links; link; link = next) {
		next = link->same_target;
		link->to = NULL;
	}
	block->links = NULL;
}

static void cut(struct block_link *link)
{
	struct block_link **at;

	if (!link->to)
		return;
	for (at = &link->to->links; *at != link;)
		at = &(*at)->same_target;
	*at = link->same_target;
	link->to = NULL;
}

void block_cut_links(struct block *block)
{
	const struct insn *insn = block->insn;

	cut_to(block);
	for (unsigned n = 0; n < block->count; n++, insn = block_next(insn))
		if (block_has_link((enum insn_class)isa_ops[insn->op].class))
			cut(block_link(insn));
	cut(block_link(insn));
}
