/* SPDX-License-Identifier: MIT */
/*
 * Finds the guest's pc for a host address in native code, for a profile by samples. It is called
 * from a signal handler, which sees only complete codes: the signal is delivered to the thread that
 * writes them.
 */
#include "cpu/jit/chunks.h"

/* Returns the offset within a half at which the code's part begins. */
static u64 start_of(const struct jit *jit, u32 code, bool cold)
{
	return cold ? jit->codes[code].cold - jit_arena_half(&jit->arena) : jit->codes[code].code;
}

/* Finds the code of a block that contains the address. Returns whether there is one. */
static bool find_code(const struct jit *jit, u64 at, const struct jit_code **code)
{
	u64 offset = at - (u64)(uintptr_t)jit->arena.run, half = jit_arena_half(&jit->arena);
	bool cold = offset >= half;
	u32 low, high;

	if (offset >= jit->arena.size)
		return false;
	jit_chunk_codes(jit, (unsigned)(offset % half / jit_chunk_size(jit)), &low, &high);
	if (high == low)
		return false;
	offset -= cold ? half : 0;
	while (high - low > 1) {
		u32 middle = low + (high - low) / 2;

		if (start_of(jit, middle, cold) <= offset)
			low = middle;
		else
			high = middle;
	}
	*code = &jit->codes[low];
	return offset - start_of(jit, low, cold) < (cold ? (*code)->cold_size : (*code)->size);
}

/* Returns whether the address is in a stub that blocks call rather than jump to. */
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

	/*
	 * The return address to the block is on top of the stack of these stubs, or one below it.
	 */
	for (unsigned n = 0; !found && n < 2 && is_called(jit, code); n++)
		found = find_code(jit, stack[n], &made);
	if (found)
		*pc = hart->native.page + made->offset;
	return found;
}
