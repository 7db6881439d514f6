/* SPDX-License-Identifier: MIT */
/* Links between decoded blocks. */
#include "cpu/engine/block.h"

static u64 cut_to(struct block *block)
{
	struct block_link *link, *next;
	u64 visited = 0;

	for (link = block->links; link; link = next, visited++) {
		next = link->same_target;
		link->to = NULL;
	}
	block->links = NULL;
	return visited;
}

static bool is_in(struct block_span span, const struct block_link *link)
{
	return (const u8 *)link >= span.begin && (const u8 *)link < span.end;
}

/*
 * Cuts the link, and all links within the span that lead to the same block. Returns how many links
 * were visited.
 */
static u64 cut(const struct block_link *link, struct block_span dropped)
{
	struct block_link **at;
	u64 visited = 0;

	if (!link->to)
		return 0;
	for (at = &link->to->links; *at; visited++) {
		struct block_link *other = *at;

		if (is_in(dropped, other)) {
			*at = other->same_target;
			other->to = NULL;
		} else {
			at = &other->same_target;
		}
	}
	return visited;
}

u64 block_cut_links(struct block *block, struct block_span dropped)
{
	const struct insn *insn = block->insn;
	u64 visited = cut_to(block);

	for (unsigned n = 0; n < block->count; n++, insn = block_next(insn))
		if (block_has_link((enum insn_class)isa_ops[insn->op].class))
			visited += cut(block_link(insn), dropped);
	return visited + cut(block_link(insn), dropped);
}
