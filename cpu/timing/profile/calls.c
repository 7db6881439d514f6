/* SPDX-License-Identifier: MIT */
/* Follows calls and returns; see calls.h. */
#include "cpu/timing/profile/calls.h"

#include "cpu/isa/isa.h"

#include <stdlib.h>
#include <string.h>

#define CSR_SATP 0x180
#define CSR_VSATP 0x280

/* The effects of an instruction on the stack. */
enum { CALLS = 1, RETURNS = 2, RETURNS_FROM_TRAP = 4 };

void calls_clear(struct calls *calls)
{
	const struct place_names names = calls->names;

	memset(calls, 0, sizeof(*calls));
	calls->names = names;
	for (u8 mode = 0; mode < TIMING_MODES; mode++)
		calls->nodes[calls->count++] = (struct call_node){ .parent = mode, .mode = mode };
}

struct calls *calls_create(const struct place_names *names)
{
	struct calls *calls = calloc(1, sizeof(*calls));

	if (!calls)
		return NULL;
	calls->names = *names;
	calls_clear(calls);
	return calls;
}

void calls_free(struct calls *calls)
{
	free(calls);
}

/*
 * Returns the node of the function at `begin` called by `parent`, and makes it if there is none. If
 * the parent is as deep as nodes may be, the function becomes its sibling. If there are too many
 * nodes, the parent itself is returned.
 */
static u32 child_of(struct calls *calls, u32 parent, u64 begin)
{
	size_t at;
	u32 node;

	if (calls->nodes[parent].depth == CALLS_DEPTH_MAX)
		parent = calls->nodes[parent].parent;
	at = ((begin >> 1) + parent * 0x9e3779b9ull) * 0x9e3779b97f4a7c15ull >> 40;
	for (;; at++) {
		node = calls->found[at % CALLS_ROOM];
		if (!node)
			break;
		if (calls->nodes[node - 1].parent == parent &&
		    calls->nodes[node - 1].begin == begin)
			return node - 1;
	}
	if (calls->count == CALLS_MAX)
		return parent;
	calls->nodes[calls->count] = (struct call_node){
		.parent = parent, .depth = (u16)(calls->nodes[parent].depth + 1),
		.mode = calls->nodes[parent].mode, .begin = begin,
	};
	calls->found[at % CALLS_ROOM] = ++calls->count;
	return calls->count - 1;
}

/*
 * Returns the stack of an address space. If it is new, it replaces the stack that was used longest
 * ago.
 */
static struct call_stack *stack_of_space(struct calls *calls, struct call_stack *stacks, u64 space)
{
	struct call_stack *oldest = stacks;

	for (unsigned n = 0; n < CALLS_SPACES; n++) {
		if (stacks[n].used && stacks[n].space == space) {
			oldest = &stacks[n];
			break;
		}
		if (stacks[n].used < oldest->used)
			oldest = &stacks[n];
	}
	if (!oldest->used || oldest->space != space)
		oldest->depth = 0;
	oldest->space = space;
	oldest->used = ++calls->clock;
	return oldest;
}

static struct call_stack *stack_of(struct calls *calls, enum timing_mode mode)
{
	switch (mode) {
	case TIMING_U:
		return stack_of_space(calls, &calls->stacks[3], calls->space[0]);
	case TIMING_VU:
		return stack_of_space(calls, &calls->stacks[3 + CALLS_SPACES], calls->space[1]);
	case TIMING_VS:
		return &calls->stacks[2];
	default:
		return &calls->stacks[mode == TIMING_S];
	}
}

static u32 under(const struct call_stack *stack, u32 root)
{
	return stack->depth > 1 ? stack->frames[stack->depth - 2].node : root;
}

/*
 * Makes the function at pc the top of the stack, in place of the one that was there: it was jumped
 * to, or begins there. If symbols name code by its physical address, only the page of pc is known
 * to be mapped to the range of the function.
 */
static void calls_enter(struct calls *calls, struct call_stack *stack, u32 root, u64 pc)
{
	const struct place_names *names = &calls->names;
	u64 place = names->place(names->ctx, (enum timing_mode)root, pc), begin, end;
	struct call_frame *top;

	if (!stack->depth)
		stack->frames[stack->depth++] = (struct call_frame){ 0 };
	top = &stack->frames[stack->depth - 1];
	names->around(names->ctx, place, &begin, &end);
	top->begin = begin + (pc - place);
	top->end = end + (pc - place);
	if (place != pc) {
		top->begin = MAX(top->begin, pc & PAGE_MASK);
		top->end = MIN(top->end, (pc & PAGE_MASK) + PAGE_SIZE);
	}
	top->node = child_of(calls, under(stack, root), begin);
}

/* Puts the function that this record called on top of the stack; `back` is its return address. */
static void calls_push(struct calls *calls, struct call_stack *stack,
		       const struct timing_record *record, u64 back)
{
	const struct place_names *names = &calls->names;
	struct call_node *node;
	u32 root = calls->mode;

	if (stack->depth == CALLS_DEPTH_MAX) {
		/* Forget the older half of the callers; they are still in the tree. */
		stack->depth = CALLS_DEPTH_MAX / 2;
		memmove(stack->frames, &stack->frames[CALLS_DEPTH_MAX / 2],
			stack->depth * sizeof(stack->frames[0]));
	}
	stack->frames[stack->depth++] = (struct call_frame){ .back = back };
	calls_enter(calls, stack, root, record->next);
	node = &calls->nodes[stack->frames[stack->depth - 1].node];
	if (!node->calls++)
		node->site = names->place(names->ctx, calls->mode, record->pc);
}

/*
 * Returns to the caller that continues at pc. If there is none, the callers of the code at pc are
 * not known, and the stack is emptied.
 */
static void pop_to(struct call_stack *stack, u64 pc)
{
	for (unsigned depth = stack->depth; depth > 1; depth--)
		if (stack->frames[depth - 1].back == pc) {
			stack->depth = depth - 1;
			return;
		}
	stack->depth = 0;
}

static void pop_trap(struct call_stack *stack)
{
	while (stack->depth && !stack->frames[stack->depth - 1].traps)
		stack->depth--;
	stack->depth -= stack->depth > 0;
}

static bool is_link(unsigned reg)
{
	return reg == 1 || reg == 5;
}

/*
 * Returns what a jump does, according to the return-address stack hints in the RISC-V manual's
 * table for JALR.
 */
static unsigned by_registers(unsigned rd, unsigned rs1)
{
	if (!is_link(rd))
		return is_link(rs1) ? RETURNS : 0;
	return is_link(rs1) && rd != rs1 ? RETURNS | CALLS : CALLS;
}

static unsigned calls_kind_of(const struct timing_record *record)
{
	u32 raw = record->raw;
	bool is_short = (raw & 3) != 3;

	switch (record->op) {
	case OP_jal:
		return !is_short && is_link(bits(raw, 7, 5)) ? CALLS : 0;
	case OP_jalr:
		/* c.jalr writes the return address to x1; c.jr writes none. */
		return is_short ?
			       by_registers(bits(raw, 12, 1), (unsigned)bits(raw, 7, 5)) :
			       by_registers((unsigned)bits(raw, 7, 5), (unsigned)bits(raw, 15, 5));
	case OP_cm_jalt:
		return CALLS;
	case OP_cm_popret:
	case OP_cm_popretz:
		return RETURNS;
	case OP_sret:
	case OP_mret:
	case OP_mnret:
		return RETURNS_FROM_TRAP;
	default:
		return 0;
	}
}

static void take_space(struct calls *calls, const struct timing_record *record,
		       enum timing_mode mode)
{
	u64 csr = bits(record->raw, 20, 12);
	bool virtual = mode == TIMING_VS;

	if (isa_ops[record->op].class != CLASS_CSR)
		return;
	if (csr != CSR_SATP && csr != CSR_VSATP)
		return;
	calls->space[virtual || csr == CSR_VSATP] = record->a;
	calls->stack = NULL;
}

/* Handles a trap: it enters another mode, whose stack is emptied, or, within a mode, is a call. */
static void calls_trap(struct calls *calls, struct call_stack *stack,
		       const struct timing_record *record, enum timing_mode mode)
{
	enum timing_mode after = timing_mode_of(record->after);

	if (after != mode) {
		stack_of(calls, after)->depth = 0;
		return;
	}
	calls_push(calls, stack, record, 0);
	stack->frames[stack->depth - 1].traps = true;
}

static void calls_leave(struct calls *calls, struct call_stack *stack,
			const struct timing_record *record, enum timing_mode mode)
{
	unsigned kind = calls_kind_of(record);

	if (kind & RETURNS)
		pop_to(stack, record->next);
	if (kind & CALLS)
		calls_push(calls, stack, record, record->pc + insn_length(record->raw));
	if (!(kind & RETURNS_FROM_TRAP))
		return;
	if (timing_mode_of(record->after) == mode)
		pop_trap(stack);
	else
		stack->depth = 0;
}

u32 calls_follow(struct calls *calls, const struct timing_record *record, enum timing_mode mode)
{
	struct call_stack *stack = calls->stack;
	const struct call_frame *top;
	u32 node;

	if (!stack || mode != calls->mode)
		stack = calls->stack = stack_of(calls, mode);
	calls->mode = mode;
	top = stack->depth ? &stack->frames[stack->depth - 1] : NULL;
	if (!top || record->pc - top->begin >= top->end - top->begin)
		calls_enter(calls, stack, mode, record->pc);
	node = stack->frames[stack->depth - 1].node;
	if (record->flags & TIMING_TRAP) {
		calls_trap(calls, stack, record, mode);
	} else {
		take_space(calls, record, mode);
		calls_leave(calls, stack, record, mode);
	}
	return node;
}
