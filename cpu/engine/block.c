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

/* Cuts the links of the block's instructions from `insn` on. Returns how many were visited. */
static u64 cut_from(const struct block *block, const struct insn *insn, struct block_span dropped)
{
	u64 visited = 0;

	for (; insn->index < block->count; insn = block_next(insn))
		if (block_has_link((enum insn_class)isa_ops[insn->op].class))
			visited += cut(block_link(insn), dropped);
	return visited + cut(block_link(insn), dropped);
}

u64 block_cut_links(struct block *block, struct block_span dropped)
{
	u64 visited = cut_to(block);

	return visited + cut_from(block, block->insn, dropped);
}

void block_end_after(struct block *block, const struct insn *branch)
{
	struct insn *end = (struct insn *)(uintptr_t)block_next(branch);

	cut_from(block, end, (struct block_span){ (const u8 *)end, block_span(block).end });
	block->count = end->index;
	block->bytes = end->at * 2;
	*end = (struct insn){ .op = OP_end_next, .at = end->at, .index = end->index };
	*block_link(end) = (struct block_link){ NULL, NULL };
}
