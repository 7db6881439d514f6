/* SPDX-License-Identifier: MIT */
/* Keeps the stacks of calls, and the tree that they make; see calls.h. */
#include "cpu/timing/profile/calls.h"

#include "cpu/isa/isa.h"

#include <stdlib.h>
#include <string.h>

#define CSR_SATP 0x180
#define CSR_VSATP 0x280

void calls_clear(struct calls *calls)
{
	calls->count = 0;
	calls->unplaced = 0;
	memset(calls->found, 0, sizeof(calls->found));
	memset(calls->space, 0, sizeof(calls->space));
	calls->stack = NULL;
	calls->mode = (enum timing_mode)0;
	call_sp_clear(&calls->sp);
	call_stacks_clear(&calls->stacks);
	for (u8 mode = 0; mode < TIMING_MODES; mode++)
		calls->nodes[calls->count++] = (struct call_node){ .parent = mode, .mode = mode };
}

void calls_begin(struct calls *calls)
{
	calls->sp.value = CALLS_NO_SP;
}

struct calls *calls_create(const struct place_names *names, const struct isa *isa)
{
	struct calls *calls = calloc(1, sizeof(*calls));

	if (!calls)
		return NULL;
	calls->names = *names;
	call_insns_init(&calls->insns, isa);
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
 * nodes, the parent itself is returned, and the call counted as unplaced.
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
	if (calls->count == CALLS_MAX) {
		calls->unplaced++;
		return parent;
	}
	calls->nodes[calls->count] = (struct call_node){
		.parent = parent, .depth = (u16)(calls->nodes[parent].depth + 1),
		.mode = calls->nodes[parent].mode, .begin = begin,
	};
	calls->found[at % CALLS_ROOM] = ++calls->count;
	return calls->count - 1;
}

/* Returns the address space of a mode, as far as it tells the mode's threads apart. */
static u64 space_of(const struct calls *calls, enum timing_mode mode)
{
	if (mode != TIMING_U && mode != TIMING_VU)
		return 0;
	return calls->space[mode == TIMING_VU];
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

/* Puts the function that this record called on top of the stack. */
static void calls_push(struct calls *calls, const struct timing_record *record, u64 back, u64 sp)
{
	struct call_stack *stack = calls->stack;
	const struct place_names *names = &calls->names;
	struct call_node *node;
	u32 root = calls->mode;

	call_stacks_push(&calls->stacks, stack, back, sp == CALLS_OTHER_SP ? CALLS_NO_SP : sp);
	calls_enter(calls, stack, root, record->next);
	node = &calls->nodes[stack->frames[stack->depth - 1].node];
	if (!node->calls++)
		node->site = names->place(names->ctx, calls->mode, record->pc);
}

static void change_space(struct calls *calls, const struct timing_record *record,
			 enum timing_mode mode)
{
	u64 csr = bits(record->raw, 20, 12);
	bool virtual = mode == TIMING_VS;

	if (isa_ops[record->op].class != CLASS_CSR)
		return;
	if (csr == CSR_SATP || csr == CSR_VSATP)
		calls->space[virtual || csr == CSR_VSATP] = record->a;
}

/* Handles a trap: it enters another mode, where it begins a stack; within a mode it is a call. */
static void calls_trap(struct calls *calls, const struct timing_record *record)
{
	enum timing_mode after = timing_mode_of(record->after);
	struct call_stack *stack = calls->stack;

	if (timing_has_sp(record))
		calls->sp.value = record->c;
	if (after == calls->mode) {
		calls_push(calls, record, record->pc, calls->sp.value);
		stack->frames[stack->depth - 1].traps = true;
		return;
	}
	call_stacks_leave(&calls->stacks, stack, calls->sp.value);
	calls->mode = after;
	calls->stack = call_stacks_new(&calls->stacks, after, space_of(calls, after));
}

/* Handles a return from a trap; the calls of the mode that it leaves are over. */
static void calls_leave(struct calls *calls, const struct timing_record *record)
{
	const struct call_return to = { .pc = record->next, .sp = record->c, .traps = true };
	enum timing_mode after = timing_mode_of(record->after);

	if (after == calls->mode) {
		calls->stack = call_stacks_return(&calls->stacks, calls->stack, &to);
		return;
	}
	call_stacks_end(&calls->stacks, calls->stack);
	calls->mode = after;
	calls->stack = call_stacks_resume(&calls->stacks, after, space_of(calls, after), record->c);
}

/* Follows an instruction that did not trap. */
static void calls_follow_insn(struct calls *calls, const struct timing_record *record)
{
	const struct call_insn *insn = call_insns_find(&calls->insns, record->raw);
	struct call_return to = { .pc = record->next, .sp = CALLS_NO_SP };

	if (!insn->flags)
		return;
	call_sp_follow(&calls->sp, record, insn, calls->mode, space_of(calls, calls->mode));
	if (insn->flags & CALL_ALTERNATE)
		to.may_jump = true;
	else
		to.sp = calls->sp.value;
	if (insn->flags & CALL_RETURNS)
		calls->stack = call_stacks_return(&calls->stacks, calls->stack, &to);
	if (insn->flags & CALL_CALLS)
		calls_push(calls, record, record->pc + insn_length(record->raw), to.sp);
	if (insn->flags & CALL_RETURNS_FROM_TRAP)
		calls_leave(calls, record);
}

u32 calls_follow(struct calls *calls, const struct timing_record *record, enum timing_mode mode)
{
	const struct call_frame *top;
	u32 node;

	if (!calls->stack || mode != calls->mode)
		calls->stack = call_stacks_new(&calls->stacks, mode, space_of(calls, mode));
	calls->mode = mode;
	top = calls->stack->depth ? &calls->stack->frames[calls->stack->depth - 1] : NULL;
	if (!top || record->pc - top->begin >= top->end - top->begin)
		calls_enter(calls, calls->stack, mode, record->pc);
	node = calls->stack->frames[calls->stack->depth - 1].node;
	if (record->flags & TIMING_TRAP) {
		calls_trap(calls, record);
	} else {
		change_space(calls, record, mode);
		calls_follow_insn(calls, record);
	}
	return node;
}
