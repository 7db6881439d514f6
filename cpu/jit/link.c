/* SPDX-License-Identifier: MIT */
/*
 * Direct jumps between blocks of a page. Each code has a list of the exits that lead to it, so that
 * they can be cut when it is dropped.
 */
#include "cpu/jit/link.h"

#include "cpu/jit/x86.h"

/*
 * Returns whether an exit of one block may lead directly to the other. A block that depends on
 * vectors or on the FP unit compares these parts of its key itself, but no block compares the bits
 * that say what it does for a timing model, nor where it is mapped.
 */
static bool fits(const struct block *from, const struct block *to)
{
	return !((from->key ^ to->key) & BLOCK_KEY_TIMED) && from->mapped == to->mapped;
}

void jit_link(struct jit *jit, u32 from, const struct block *to)
{
	struct jit_exit *exit = &jit->exits[from];
	const struct block *block = jit->codes[exit->from].block;

	if (!block || !fits(block, to) || (block->pa & PAGE_MASK) + exit->offset != to->pa ||
	    exit->to)
		return;
	x86_patch(exit->place, to->direct);
	exit->to = to->code;
	exit->before = 0;
	exit->same_target = jit->codes[to->code].linked;
	jit->exits[exit->same_target].before = from;
	jit->codes[to->code].linked = from;
}

/* Makes the exit lead to its own code again. */
static void cut(struct jit_exit *exit)
{
	x86_patch(exit->place, exit->own);
	exit->to = 0;
}

/* Cuts all exits that lead to the code. Returns how many there were. */
static u64 cut_to(struct jit *jit, struct jit_code *code)
{
	u64 visited = 0;
	u32 next;

	for (u32 n = code->linked; n; n = next, visited++) {
		next = jit->exits[n].same_target;
		cut(&jit->exits[n]);
	}
	code->linked = 0;
	return visited;
}

static void cut_from(struct jit *jit, u32 n)
{
	struct jit_exit *exit = &jit->exits[n];

	if (!exit->to)
		return;
	if (exit->before)
		jit->exits[exit->before].same_target = exit->same_target;
	else
		jit->codes[exit->to].linked = exit->same_target;
	jit->exits[exit->same_target].before = exit->before;
	cut(exit);
}

/*
 * Turns the code's entry into a jump out of native code, because tables of jumps may still lead
 * there. The code may be running, so only the five bytes of that jump are written. Its opcode is
 * copied from the start of the arena, which has a jump to the same place.
 */
static void close_entry(const struct jit *jit, const struct jit_code *code)
{
	u8 *entry = jit->arena.write + code->code;

	*entry = *jit->arena.write;
	x86_patch(entry + 1, jit->stubs.leave_pc);
}

u64 jit_unlink(struct jit *jit, u32 n)
{
	struct jit_code *code = &jit->codes[n];
	u64 visited = code->exit_count + cut_to(jit, code);

	for (u32 exit = 0; exit < code->exit_count; exit++)
		cut_from(jit, code->exits + exit);
	close_entry(jit, code);
	code->block = NULL;
	return visited;
}
