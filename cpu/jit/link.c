/* SPDX-License-Identifier: MIT */
/*
 * Direct jumps between blocks of a page. Each code has a list of the exits that lead to it, so that
 * they can be cut when it is dropped.
 */
#include "cpu/jit/link.h"

#include "cpu/jit/x86.h"

void jit_link(struct jit *jit, u32 from, const struct block *to)
{
	struct jit_exit *exit = &jit->exits[from];
	const struct block *block = jit->codes[exit->from].block;

	if (!block || block->key != to->key || (block->pa & PAGE_MASK) + exit->offset != to->pa ||
	    exit->to)
		return;
	x86_land(exit->place, to->direct);
	exit->to = to->code;
	exit->same_target = jit->codes[to->code].linked;
	jit->codes[to->code].linked = from;
}

/* The exit leads to its own code again. */
static void cut(struct jit_exit *exit)
{
	x86_land(exit->place, exit->own);
	exit->to = 0;
}

static void cut_to(struct jit *jit, struct jit_code *code)
{
	u32 next;

	for (u32 n = code->linked; n; n = next) {
		next = jit->exits[n].same_target;
		cut(&jit->exits[n]);
	}
	code->linked = 0;
}

static void cut_from(struct jit *jit, u32 n)
{
	struct jit_exit *exit = &jit->exits[n];
	u32 *at = &jit->codes[exit->to].linked;

	if (!exit->to)
		return;
	while (*at != n)
		at = &jit->exits[*at].same_target;
	*at = exit->same_target;
	cut(exit);
}

void jit_unlink(struct jit *jit, u32 n)
{
	struct jit_code *code = &jit->codes[n];

	cut_to(jit, code);
	for (u32 exit = 0; exit < code->exit_count; exit++)
		cut_from(jit, code->exits + exit);
	code->block = NULL;
}
