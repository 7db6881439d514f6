/* SPDX-License-Identifier: MIT */
/*
 * Remembers which native code is of which block, for samples of where harts are. Blocks are
 * translated one behind the other, so that marks are sorted. A signal handler reads them, and sees
 * a mark only when it is complete: the signal comes to the thread that writes them.
 */
#include "cpu/jit/gen.h"
#include "cpu/jit/listing.h"

#include <errno.h>
#include <stdlib.h>

/* No block's code is shorter: it takes more to make a block's address and to take its count. */
#define CODE_LEAST 32

static size_t marks_room(const struct jit *jit)
{
	return jit->arena.size / CODE_LEAST;
}

int jit_remember(struct jit *jit)
{
	/* The pages that are never written take no memory. */
	if (!jit->marks)
		jit->marks = calloc(marks_room(jit), sizeof(*jit->marks));
	return jit->marks ? 0 : -ENOMEM;
}

void jit_mark_block(const struct gen *gen)
{
	struct jit *jit = gen->jit;

	if (!jit->marks || jit->mark_count == marks_room(jit))
		return;
	jit->marks[jit->mark_count] = (struct jit_mark){
		.code = (u32)(gen->call - jit->arena.write), .offset = (u16)gen_offset(gen, 0),
	};
	jit->mark_count++;
}

/* Returns whether the address is in code of a block, and finds the block's mark. */
static bool find_mark(const struct jit *jit, u64 code, const struct jit_mark **mark)
{
	u64 offset = code - (u64)(uintptr_t)jit->arena.run;
	u32 low = 0, high = jit->mark_count;

	if (!high || offset >= jit->arena.used || offset < jit->marks[0].code)
		return false;
	while (high - low > 1) {
		u32 middle = low + (high - low) / 2;

		if (jit->marks[middle].code <= offset)
			low = middle;
		else
			high = middle;
	}
	*mark = &jit->marks[low];
	return true;
}

bool jit_pc(const struct jit *jit, const struct hart *hart, const void *code, const u64 *stack,
	    u64 *pc)
{
	const u8 *first = jit_arena_run(&jit->arena, jit->stubs.call), *at = code;
	const u8 *end = jit_arena_run(&jit->arena, jit->stubs.link);
	const struct jit_mark *mark = NULL;
	bool found = find_mark(jit, (u64)(uintptr_t)code, &mark);

	/* The stubs that blocks call have the way back to the block on the stack, or one below. */
	for (unsigned n = 0; !found && n < 2 && at >= first && at < end; n++)
		found = find_mark(jit, stack[n], &mark);
	if (found)
		*pc = hart->native.page + mark->offset;
	return found;
}
