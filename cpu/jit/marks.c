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

/* No block's code is shorter: its entry takes more. */
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
		.code = (u32)(gen->begin - jit->arena.write),
		.far = (u32)(gen->far_begin - jit->arena.write),
		.offset = (u16)gen_offset(gen, 0),
	};
	jit->mark_count++;
}

/* Returns whether the address is in code of a block, and finds the block's mark. */
static bool find_mark(const struct jit *jit, u64 code, const struct jit_mark **mark)
{
	u64 offset = code - (u64)(uintptr_t)jit->arena.run, half = jit_arena_half(&jit->arena);
	u64 end = offset < half ? jit->arena.used : half + jit->arena.far_used;
	u32 low = 0, high = jit->mark_count;

	if (!high || offset >= end || offset < jit->marks[0].code)
		return false;
	while (high - low > 1) {
		u32 middle = low + (high - low) / 2;

		if ((offset < half ? jit->marks[middle].code : jit->marks[middle].far) <= offset)
			low = middle;
		else
			high = middle;
	}
	*mark = &jit->marks[low];
	return true;
}

/* Returns whether the address is in a stub that blocks call, and do not jump to. */
static bool is_called(const struct jit *jit, const void *code)
{
	const struct jit_stubs *stubs = &jit->stubs;
	u64 offset = (u64)(uintptr_t)code - (u64)(uintptr_t)jit->arena.run;

	return (offset >= (u64)(stubs->load_fp - jit->arena.write) &&
		offset < (u64)(stubs->link - jit->arena.write)) ||
	       (offset >= (u64)(stubs->ecall - jit->arena.write) && offset < jit->stubs_end);
}

bool jit_pc(const struct jit *jit, const struct hart *hart, const void *code, const u64 *stack,
	    u64 *pc)
{
	const struct jit_mark *mark = NULL;
	bool found = find_mark(jit, (u64)(uintptr_t)code, &mark);

	/* These stubs have the way back to the block on the stack, or one below. */
	for (unsigned n = 0; !found && n < 2 && is_called(jit, code); n++)
		found = find_mark(jit, stack[n], &mark);
	if (found)
		*pc = hart->native.page + mark->offset;
	return found;
}
