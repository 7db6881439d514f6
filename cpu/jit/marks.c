/* SPDX-License-Identifier: MIT */
/*
 * Finds which block's native code is at a place, for samples of where harts are. A signal handler
 * asks, and sees a code only when it is complete: the signal comes to the thread that writes them.
 */
#include "cpu/jit/impl.h"

/* Returns whether the address is in code of a block, which it finds. */
static bool find_code(const struct jit *jit, u64 at, const struct jit_code **code)
{
	u64 offset = at - (u64)(uintptr_t)jit->arena.run, half = jit_arena_half(&jit->arena);
	u64 end = offset < half ? jit->arena.used : half + jit->arena.far_used;
	u32 low = 1, high = jit->code_count;

	if (high == low || offset >= end || offset < jit->codes[low].code)
		return false;
	while (high - low > 1) {
		u32 middle = low + (high - low) / 2;

		if ((offset < half ? jit->codes[middle].code : jit->codes[middle].far) <= offset)
			low = middle;
		else
			high = middle;
	}
	*code = &jit->codes[low];
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
	const struct jit_code *made = NULL;
	bool found = find_code(jit, (u64)(uintptr_t)code, &made);

	/* These stubs have the way back to the block on the stack, or one below. */
	for (unsigned n = 0; !found && n < 2 && is_called(jit, code); n++)
		found = find_code(jit, stack[n], &made);
	if (found)
		*pc = hart->native.page + made->offset;
	return found;
}
