/* SPDX-License-Identifier: MIT */
/* Finding the stack of calls that goes on; see call_stacks.h. */
#include "cpu/timing/profile/call_stacks.h"

#include <string.h>

/*
 * The most frames of a chain that a search examines. In a guest that does not try to make the
 * profile slow, few frames have the same stack pointer in the same space.
 */
#define TRIED_MAX 256

void call_stacks_clear(struct call_stacks *stacks)
{
	memset(stacks, 0, sizeof(*stacks));
	for (unsigned n = 0; n < CALLS_STACKS; n++)
		stacks->stacks[n].frames = stacks->frames[n];
}

/* Returns the chain of frames of a stack's mode and space that have these values. */
static u16 *chain_of(struct call_stacks *stacks, const struct call_stack *stack, u64 back, u64 sp)
{
	u64 hash = sp == CALLS_NO_SP ? ~back : sp;

	hash = (hash + stack->mode) * 0x9e3779b97f4a7c15;
	hash = (hash ^ hash >> 32 ^ stack->space) * 0x9e3779b97f4a7c15;
	return &stacks->chains[(hash >> 32) % CALLS_CHAINS];
}

static struct call_frame *frame_at(struct call_stacks *stacks, unsigned number)
{
	return &stacks->frames[(number - 1) / CALLS_DEPTH_MAX][(number - 1) % CALLS_DEPTH_MAX];
}

static void enchain(struct call_stacks *stacks, const struct call_stack *stack,
		    struct call_frame *frame)
{
	u16 number = (u16)(frame - stacks->frames[0] + 1);
	u16 *first = chain_of(stacks, stack, frame->back, frame->sp);

	if (*first)
		frame_at(stacks, *first)->previous = number;
	frame->next = *first;
	frame->previous = 0;
	*first = number;
}

static void unchain(struct call_stacks *stacks, const struct call_stack *stack,
		    struct call_frame *frame)
{
	u16 *before = frame->previous ? &frame_at(stacks, frame->previous)->next :
					chain_of(stacks, stack, frame->back, frame->sp);

	*before = frame->next;
	if (frame->next)
		frame_at(stacks, frame->next)->previous = frame->previous;
}

/*
 * Removes calls from the top of a stack. Its first frame is not in a chain, as no return leads from
 * there.
 */
static void cut(struct call_stacks *stacks, struct call_stack *stack, unsigned depth)
{
	while (stack->depth > depth)
		if (--stack->depth)
			unchain(stacks, stack, &stack->frames[stack->depth]);
}

/* Forgets the older half of the callers; they are still in the tree. */
static void halve(struct call_stacks *stacks, struct call_stack *stack)
{
	const unsigned half = CALLS_DEPTH_MAX / 2;

	cut(stacks, stack, 0);
	memmove(stack->frames, stack->frames + half, half * sizeof(*stack->frames));
	for (stack->depth = 1; stack->depth < half; stack->depth++)
		enchain(stacks, stack, &stack->frames[stack->depth]);
}

void call_stacks_push(struct call_stacks *stacks, struct call_stack *stack, u64 back, u64 sp)
{
	struct call_frame *frame;

	if (stack->depth == CALLS_DEPTH_MAX)
		halve(stacks, stack);
	frame = &stack->frames[stack->depth];
	*frame = (struct call_frame){ .back = back, .sp = sp };
	if (stack->depth++)
		enchain(stacks, stack, frame);
}

void call_stacks_end(struct call_stacks *stacks, struct call_stack *stack)
{
	cut(stacks, stack, 0);
	stack->used = 0;
}

static struct call_stack *use(struct call_stacks *stacks, struct call_stack *stack)
{
	stack->used = ++stacks->clock;
	stack->sp = CALLS_NO_SP;
	return stack;
}

struct call_stack *call_stacks_new(struct call_stacks *stacks, enum timing_mode mode, u64 space)
{
	struct call_stack *oldest = stacks->stacks;

	for (unsigned n = 1; n < CALLS_STACKS && oldest->used; n++)
		if (stacks->stacks[n].used < oldest->used)
			oldest = &stacks->stacks[n];
	cut(stacks, oldest, 0);
	oldest->mode = (u8)mode;
	oldest->space = space;
	return use(stacks, oldest);
}

void call_stacks_leave(struct call_stacks *stacks, struct call_stack *stack, u64 sp)
{
	use(stacks, stack);
	stack->sp = sp;
}

static bool is_of(const struct call_stack *stack, enum timing_mode mode, u64 space)
{
	return stack->used && stack->mode == mode && stack->space == space;
}

struct call_stack *call_stacks_resume(struct call_stacks *stacks, enum timing_mode mode, u64 space,
				      u64 sp)
{
	struct call_stack *found = NULL;

	for (unsigned n = 0; n < CALLS_STACKS; n++) {
		struct call_stack *stack = &stacks->stacks[n];

		if (is_of(stack, mode, space) && stack->sp == sp &&
		    (!found || stack->used > found->used))
			found = stack;
	}
	return found ? use(stacks, found) : call_stacks_new(stacks, mode, space);
}

/*
 * Returns whether this is the call that returns. What is not known of a stack pointer may do,
 * except for another thread's stack.
 */
static bool is_exact(const struct call_frame *frame, const struct call_return *to, bool other)
{
	bool unknown = frame->sp == CALLS_NO_SP || to->sp == CALLS_NO_SP;

	if (frame->traps != to->traps || (frame->sp != to->sp && (other || !unknown)))
		return false;
	return to->traps || frame->back == to->pc;
}

/*
 * Returns whether a call is left for another place in its caller: longjmp returns to where setjmp
 * was called.
 */
static bool is_left(const struct call_frame *frame, const struct call_frame *caller,
		    const struct call_return *to)
{
	return !to->traps && frame->sp == to->sp && to->sp != CALLS_NO_SP &&
	       to->pc - caller->begin < caller->end - caller->begin;
}

/* Returns the depth of the stack after the return, or 0 if it does not lead there. */
static unsigned depth_after(const struct call_stack *stack, const struct call_return *to,
			    bool other)
{
	const struct call_frame *frames = stack->frames;

	for (unsigned depth = stack->depth; depth > 1; depth--)
		if (is_exact(&frames[depth - 1], to, other))
			return depth - 1;
	for (unsigned depth = stack->depth; depth > 1; depth--)
		if (is_left(&frames[depth - 1], &frames[depth - 2], to))
			return depth - 1;
	return 0;
}

/*
 * Returns the stack, except this one, that was used last of those that the return leads to. Only
 * frames of the same stack pointer can be exact or left in another stack.
 */
static struct call_stack *find_other(struct call_stacks *stacks, const struct call_stack *stack,
				     const struct call_return *to)
{
	struct call_stack *found = NULL;
	unsigned number = *chain_of(stacks, stack, to->pc, to->sp);

	for (unsigned tried = 0; number && tried < TRIED_MAX; tried++) {
		const struct call_frame *frame = frame_at(stacks, number);
		struct call_stack *other = &stacks->stacks[(number - 1) / CALLS_DEPTH_MAX];

		if (other != stack && is_of(other, (enum timing_mode)stack->mode, stack->space) &&
		    (!found || other->used > found->used) &&
		    (is_exact(frame, to, true) || is_left(frame, frame - 1, to)))
			found = other;
		number = frame->next;
	}
	return found;
}

struct call_stack *call_stacks_return(struct call_stacks *stacks, struct call_stack *stack,
				      const struct call_return *to)
{
	unsigned depth = depth_after(stack, to, false);
	struct call_stack *other = depth ? NULL : find_other(stacks, stack, to);

	if (!depth && !other && to->may_jump)
		return stack;
	/* A stack without calls is nowhere to return to, and need not be kept. */
	if (other || (!depth && stack->depth > 1))
		use(stacks, stack);
	if (other) {
		stack = use(stacks, other);
		depth = depth_after(stack, to, true);
	} else if (!depth && stack->depth > 1) {
		stack = call_stacks_new(stacks, (enum timing_mode)stack->mode, stack->space);
	}
	cut(stacks, stack, depth);
	return stack;
}
